"""Foreign text made harmless: control, escape and bidirectional characters become visible marks."""

import re
import unicodedata

_BLANKS = re.compile(r"\s+")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LETTERS_AND_DIGITS = re.compile(r"[^0-9A-Za-z]")


def clean(text: str) -> str:
    """One line of harmless text: blanks collapsed, C0, C1, ESC, bidi and other format controls shown as marks.

    `str.isprintable` is false for exactly the characters that could act on a terminal (Unicode categories
    Other and Separator, but for the space), so ordinary text costs one scan.
    """
    if not text.isprintable():
        text = "".join(c if c.isprintable() else _mark(c) for c in _BLANKS.sub(" ", text))
    if "  " in text or text[:1] == " " or text[-1:] == " ":
        text = _BLANKS.sub(" ", text).strip()
    return text


def _mark(char: str) -> str:
    if char.isspace():
        return " "
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)  # the Unicode control pictures: ESC is ␛
    if code == 0x7F:
        return "␡"
    if unicodedata.category(char) == "Cf" and code in (0xAD, 0xFEFF, 0x200B, 0x2060):
        return ""  # soft hyphen, byte order mark, zero-width: nothing to see, nothing to do
    return f"<U+{code:04X}>"


def defused(text: str | None) -> str:
    """A cell that no spreadsheet takes for a formula (CWE-1236)."""
    if not text:
        return ""
    return f"'{text}" if text.startswith(_FORMULA) else text


def mask_account(number: str) -> str:
    """`••1234`: at most the last four letters or digits of an account number."""
    tail = _LETTERS_AND_DIGITS.sub("", number)[-4:]
    return f"••{tail}" if tail else "••"


def shorten(text: str, width: int) -> str:
    """`text` cut to `width` characters, with an ellipsis where something is missing."""
    return text if len(text) <= width else text[: max(width - 1, 0)] + "…"


def safe_name(path: str) -> str:
    """The own name of the file at `path`, harmless: no folder, no control characters, at most 255 characters."""
    name = clean(path.replace("\\", "/").rsplit("/", 1)[-1])
    return shorten(name.replace("..", "."), 255) or "statement"
