"""What stands between two tags: text, dates, amounts, as OFX and those who do not keep to it write them."""

import re
from collections.abc import Iterable
from datetime import date

from smartimport_cli.core.money import DECIMALS, UNITS
from smartimport_cli.core.text import clean

_CDATA = re.compile(r"<!\[CDATA\[(.*?)(?:\]\]>|\Z)", re.DOTALL)
_ENTITY = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9A-Fa-f]{1,6})|([A-Za-z][0-9A-Za-z]{1,30}));")
_FIVE = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "nbsp": " "}

_DATE = re.compile(r"(\d{4})([-/.]?)(\d\d)\2(\d\d)(?![-/.\d]\d?$)")
_YEARS = range(1950, 2100)
_NO_DATE = re.compile(r"[0\s.:-]*(?:\[.*)?$")

_PLAIN = re.compile(r"\d+(?:\.\d+)?|\.\d+")
_GROUPED = re.compile(r"\d{1,3}(?:([., '’\u00a0\u202f])\d{3})(?:\1\d{3})*")
# The decimal mark, where it cannot be one of groups: not three digits behind it, or none to group before it.
_TELLING = re.compile(r"([.,])(?:\d{1,2}|\d{4,})[\s+-]*$|(?:^|[+-])\s*(?:0?|\d{4,})(?=([.,]))\2\d{3}[\s+-]*$")
_LARGEST = 10**15  # units; far beyond any account, far below what 64 bits hold, even as a sum of many


def text_of(raw: str) -> str:
    """Clean text of what stands behind a tag: CDATA opened, entities replaced once."""
    if "&" in raw or "<![CDATA[" in raw:
        pieces = _CDATA.split(raw)
        # Odd pieces are CDATA, where an ampersand is just that.
        pieces[::2] = [_ENTITY.sub(_character, piece) for piece in pieces[::2]]
        raw = "".join(pieces)
    return clean(raw.strip())


def _character(match: re.Match[str]) -> str:
    decimal, hexadecimal, name = match.groups()
    if name:
        if known := _FIVE.get(name):
            return known
        from html.entities import name2codepoint  # the 252 of HTML 4: &eacute; and the like

        code = name2codepoint.get(name)
        return match[0] if code is None else chr(code)
    code = int(decimal) if decimal else int(hexadecimal, 16)
    if 0x80 <= code < 0xA0:  # HTML: numbers from the Windows code page
        return bytes([code]).decode("cp1252", "replace")
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else match[0]


def parse_date(raw: str) -> date:
    """The day as the bank writes it, whatever time and zone follow. Raises ValueError with the reason."""
    raw = raw.strip()
    match = _DATE.match(raw)
    if match is None:
        raise ValueError(f"{_quoted(raw)} is no date" if raw else "no date")
    year, month, day = int(match[1]), int(match[3]), int(match[4])
    if year not in _YEARS:
        raise ValueError(f"{_quoted(raw)} is no date")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"{_quoted(raw)} is no date") from None


def is_no_date(raw: str) -> bool:
    """Zeros only, or nothing: what some banks write for 'unknown'."""
    return _NO_DATE.match(raw.strip()) is not None


def parse_amount(raw: str, decimal: str | None = None) -> int:
    """Units of an amount; `decimal` is the file's mark, for where one separator alone does not tell.

    Raises ValueError with the reason for anything but digits with a sign, groups of three and one decimal
    mark: a currency sign may hide that the amount is in another one.
    """
    text = raw.strip().replace("\u2212", "-")
    if not text:
        raise ValueError("no amount")
    if text[-1] in "+-" and text[0] not in "+-":
        text = text[-1] + text[:-1].rstrip()
    sign = text[0] if text[0] in "+-" else ""
    number = _with_point(text[len(sign) :].lstrip(), decimal)
    if number is None:
        raise ValueError(f"{_quoted(raw)} is no amount")
    whole, _, fraction = number.partition(".")
    fraction = fraction.rstrip("0")
    if len(fraction) > DECIMALS:
        raise ValueError(f"{_quoted(raw)} has more than {DECIMALS} decimals")
    units: int = int(whole[:20] or "0") * UNITS + int(fraction.ljust(DECIMALS, "0"))
    if units > _LARGEST:
        raise ValueError(f"{_quoted(raw)} is too large an amount")
    return -units if sign == "-" else units


def _with_point(number: str, decimal: str | None) -> str | None:
    """`number` without group marks and with a decimal point; None where it is not written like a number."""
    last = max(number.rfind("."), number.rfind(","))
    whole, fraction = number, ""
    if last >= 0 and number.count(number[last]) == 1:
        whole, fraction = number[:last], number[last + 1 :]
        if _GROUPED.fullmatch(number) and whole[0] != "0":  # 1,234: one mark, three digits behind it
            if decimal is None:
                raise ValueError(f"{_quoted(number)} may be thousands or decimals")
            if decimal != number[last]:
                whole, fraction = number, ""
    if not whole.isdecimal() and whole:
        match = _GROUPED.fullmatch(whole)
        if match is None or (fraction and number[last] == match[1]):
            return None
        whole = whole.replace(match[1], "")
    point = f"{whole}.{fraction}" if fraction else whole
    return point if point.isascii() and _PLAIN.fullmatch(point) else None


def decimal_mark(amounts: Iterable[str]) -> str | None:
    """The mark that all telling amounts of a file agree on; None where none tells, or they differ."""
    marks = {match[1] or match[2] for amount in amounts if (match := _TELLING.search(amount))}
    return marks.pop() if len(marks) == 1 else None


def currency_code(raw: str) -> str | None:
    """An ISO 4217 code by its looks; None for anything else."""
    code = raw.strip().upper()
    return code if len(code) == 3 and code.isascii() and code.isalpha() else None


def _quoted(raw: str) -> str:
    text = clean(raw[:60])
    return f"'{text[:24]}'"
