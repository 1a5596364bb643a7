"""In which encoding an OFX file really is: its bytes decide, its header only between what they leave open."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from smartimport_cli.core.model import Evidence, Issue
from smartimport_cli.statements.text_file import is_utf16

CHUNK = 1 << 18  # bytes read at a time: a few thousand rows

_DECLARED = re.compile(rb"(?:^|[\s<?])(encoding|charset)\s*[:=]\s*[\"']?([0-9A-Za-z][\w.-]*)", re.IGNORECASE)
_CODEPAGES = {
    "1250": "cp1250", "1251": "cp1251", "1252": "cp1252", "1253": "cp1253", "1254": "cp1254",
    "1255": "cp1255", "1256": "cp1256", "1257": "cp1257", "1258": "cp1258", "874": "cp874",
    "437": "cp437", "850": "cp850", "852": "cp852", "855": "cp855", "858": "cp858", "860": "cp860",
    "863": "cp863", "865": "cp865", "866": "cp866",
    "932": "cp932", "936": "gb18030", "949": "cp949", "950": "cp950", "54936": "gb18030",
    "28591": "cp1252", "88591": "cp1252", "latin1": "cp1252", "iso88591": "cp1252", "885915": "iso8859-15",
    "28592": "iso8859-2", "latin2": "iso8859-2", "ansi": "cp1252", "macintosh": "mac-roman",
    "shiftjis": "cp932", "sjis": "cp932", "xsjis": "cp932", "gb2312": "gb18030", "gbk": "gb18030",
    "gb18030": "gb18030", "big5": "cp950", "euckr": "cp949", "ksc56011987": "cp949", "eucjp": "euc-jp",
    "koi8r": "koi8-r",
}  # fmt: skip
_NAMES_UTF8 = {"utf8", "unicode", "65001"}
_SAYS_NOTHING = {"none", "usascii", "ascii"}


@dataclass(frozen=True, slots=True)
class Encoding:
    name: str
    evidence: Evidence
    damaged: int = 0  # characters that cannot be read in it


@dataclass(slots=True)
class Survey:
    """What one quick look at all bytes tells."""

    rows: int = 0
    has_high: bool = False
    utf8_good: int = 0
    utf8_bad: int = 0


def survey(source: BinaryIO) -> Survey:
    """Look at all bytes once (about a thirtieth of the cost of reading them)."""
    seen = Survey()
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    tail = b""
    source.seek(0)
    while chunk := source.read(CHUNK):
        if not chunk.isascii() or decoder.getstate()[0]:
            seen.has_high = True
            text = decoder.decode(chunk)
            bad = text.count("\ufffd")
            seen.utf8_bad += bad
            seen.utf8_good += len(text) - len(text.encode("ascii", "ignore")) - bad
        window = tail + chunk
        seen.rows += window.count(b"<STMTTRN>")
        tail = window[-8:]
    seen.utf8_bad += decoder.decode(b"", final=True).count("\ufffd")
    source.seek(0)
    return seen


def decide(head: bytes, seen: Survey, forced: str | None) -> Encoding:
    """The encoding of the file that begins with `head`."""
    if forced:
        return Encoding(forced, Evidence("encoding", forced, "as you asked"))
    if head.startswith(codecs.BOM_UTF8):
        return Encoding("utf-8-sig", Evidence("encoding", "UTF-8", "byte order mark"), seen.utf8_bad)
    if wide := is_utf16(head):
        return Encoding(wide, Evidence("encoding", wide.upper(), "a zero byte beside every letter"))
    declared = _declared(head)
    if not seen.has_high:
        return Encoding("utf-8", Evidence("encoding", "ASCII", "no other bytes in the file"))
    if seen.utf8_bad * 8 <= seen.utf8_good:
        why = "all bytes are valid UTF-8" if not seen.utf8_bad else "nearly all bytes are valid UTF-8"
        if declared:
            why += f", although the header says {declared}"
        return Encoding("utf-8", Evidence("encoding", "UTF-8", why), seen.utf8_bad)
    if declared and declared != "cp1252":
        return Encoding(declared, Evidence("encoding", declared, "the header says so, and it is no UTF-8"))
    if guessed := _guess(head):
        return Encoding(guessed, Evidence("encoding", guessed, "the letters fit, and it is no UTF-8"))
    why = "the header says so" if declared else "no UTF-8, and the usual one where nothing is said"
    return Encoding("cp1252", Evidence("encoding", "cp1252", why))


def damage(decided: Encoding) -> Issue:
    """The issue of a file with characters that cannot be read."""
    what = f"{decided.damaged} characters are no valid {decided.evidence.decision}"
    return Issue("damaged-text", f"{what}; they show as \ufffd.")


def _declared(head: bytes) -> str | None:
    """The encoding that the header names, where Python knows it; None for none and for UTF-8."""
    named = {key.lower(): value.decode().lower() for key, value in _DECLARED.findall(head[:2048])}
    for key in (b"charset", b"encoding"):
        name = re.sub(r"^(?:cp|windows|win|iso)?[-_]?(?=\d{3})|[^0-9a-z]", "", named.get(key, ""))
        if name in _NAMES_UTF8 or name in _SAYS_NOTHING:
            continue
        if name in _CODEPAGES:
            return _CODEPAGES[name]
        if match := re.fullmatch(r"8859(\d\d?)", name):
            try:
                return codecs.lookup(f"iso8859-{match[1]}").name
            except LookupError:
                continue
    return None


def _guess(head: bytes) -> str | None:
    """Where the bytes read like noise in cp1252: what chardet says of the lines with them."""
    lines = [line for line in re.split(rb"[\r\n<]", head) if not line.isascii()]
    sample = b"\n".join(lines)[:20_000]
    if not sample:
        return None
    high = [char for char in sample.decode("cp1252", "replace") if ord(char) > 0x7F]
    odd = sum(not char.isalpha() for char in high)
    in_row = sum(map(len, re.findall(rb"[\x80-\xff]{4,}", sample)))
    if odd * 3 <= len(high) and in_row * 2 <= len(high):  # in the West, accents stand alone
        return None
    import chardet

    found = chardet.detect(sample)
    name, confidence = found.get("encoding"), found.get("confidence") or 0
    if not name or confidence < 0.3 or name.lower() in ("ascii", "utf-8", "windows-1252", "cp1252"):
        return None
    try:
        sample.decode(name)
    except (LookupError, UnicodeDecodeError):
        return None
    return name.lower()


def decoded(source: BinaryIO, encoding: str) -> Iterator[tuple[str, int]]:
    """The text in chunks, each with the bytes read so far. Bytes that fit nothing become U+FFFD."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    # Decoding ASCII is a copy, decoding a code page is a look-up per letter.
    shortcut = encoding not in ("utf-16-le", "utf-16-be", "utf-8-sig") and not encoding.startswith("utf-")
    source.seek(0)
    read = 0
    while chunk := source.read(CHUNK):
        read += len(chunk)
        if shortcut and chunk.isascii() and not decoder.getstate()[0]:
            yield chunk.decode("ascii"), read
        else:
            yield decoder.decode(chunk), read
    yield decoder.decode(b"", final=True), read
