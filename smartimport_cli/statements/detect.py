"""Which family a file belongs to, by its first bytes; what we do not read is refused by its own name."""

import re

from smartimport_cli.core.errors import FileRefused
from smartimport_cli.statements.formats import by_name
from smartimport_cli.statements.text_file import is_utf16

HEAD = 1 << 16  # bytes that detection looks at

# What a file begins with, the format that this may be, and what to call it where nobody reads it.
_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF-", "pdf", "a PDF document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "sheet", "an old Excel or Word document"),
    (b"PK\x05\x06", "", "an empty ZIP archive"),
    (b"\x89PNG\r\n\x1a\n", "image", "a PNG picture"),
    (b"\xff\xd8\xff", "image", "a JPEG picture"),
    (b"GIF8", "", "a GIF picture"),
    (b"II*\x00", "image", "a TIFF picture"),
    (b"MM\x00*", "image", "a TIFF picture"),
    (b"\x1f\x8b", "", "gzip compressed data"),
    (b"BZh", "", "bzip2 compressed data"),
    (b"\xfd7zXZ\x00", "", "xz compressed data"),
    (b"7z\xbc\xaf\x27\x1c", "", "a 7-Zip archive"),
    (b"Rar!", "", "a RAR archive"),
    (b"SQLite format 3\x00", "", "an SQLite database"),
    (b"\x7fELF", "", "a program"),
    (b"MZ\x90", "", "a program"),
    (b"{\\rtf", "", "an RTF document"),
)  # fmt: skip
# The first file of an archive that is a workbook (or another Office document, which its reader refuses by name).
_WORKBOOK = re.compile(
    rb"PK\x03\x04.{26}(\[Content_Types\]\.xml|(_rels|xl|docProps|customXml|word|ppt)/|mimetype(.{0,40})application/vnd\.oasis)",
    re.S,
)
# What banks serve under a workbook's name: web pages, and Excel's XML of 2003.
_MARKUP = re.compile(
    rb"[\s\xef\xbb\xbf\xff\xfe]*(<!--.*?-->\s*)*"
    rb"(<\?xml[^>]*>\s*(<\?mso-application[^>]*>\s*)?<(ss:)?Workbook\b|(<\?xml[^>]*>\s*)?"
    rb"<(!DOCTYPE\s+html|html|head|meta|style|body|table|div|center|font)\b)",
    re.I | re.S,
)
_TABLES = re.compile(rb"<(table|tr)\b|urn:schemas-microsoft-com:office:spreadsheet", re.I)
_TEXT_FORMATS: tuple[tuple[re.Pattern[bytes], str, str], ...] = (
    (re.compile(rb"^[\s\xef\xbb\xbf]*!\s*(Type|Account|Option|Clear)\b", re.I | re.M), "qif", "a QIF file"),
    (
        re.compile(
            rb"(?:\A|[\r\n]|\{4:)[ \t\x01-\x03\xef\xbb\xbf]*:2[05]:[^\r\n]*(?:\r\n?|\n)"
            rb"(?:[^\r\n]*(?:\r\n?|\n)){0,8}?[ \t]*:(?:25P?|28C?|60[FM]|34F|61):",
        ),
        "mt940",
        "an MT940 statement",
    ),
    (re.compile(rb"\{1:F01[A-Z0-9]{12}"), "mt940", "a SWIFT message (MT940)"),
    (re.compile(rb"camt\.05[234]\.\d{3}|<(?:[\w.-]+:)?BkToCstmr(?:Stmt|AcctRpt|DbtCdtNtfctn)"),
     "camt", "a CAMT (ISO 20022) statement"),
    (
        re.compile(
            rb"\A[\s\x00\xef\xbb\xbf]*01,[^,\r\n]*,(?:[^,\r\n]*,[0-9]{6}(?:[0-9]{2})?\b|[^\r\n]*\r?\n[ \t]*88,)"
            rb"[^\r\n]*(?:\r?\n[ \t]*88,[^\r\n]*)*(?:\s*\n\s*|(?<=/)[ \t]+)02,[^,\r\n]*,[^,\r\n]*,[1-4]?,[0-9]{6}"
        ),
        "bai2",
        "a BAI2 cash management file",
    ),
    (re.compile(rb"^\s*<\?xml\b", re.I), "", "an XML document that is no OFX"),
    (re.compile(rb'^\s*(\{\s*["}]|\[\s*[\{\]])'), "", "a JSON document"),
)  # fmt: skip
_CONTROL = bytes(set(range(32)) - {9, 10, 12, 13, 26, 27} | {127})


def detect(head: bytes, name: str) -> str:
    """The format's name (see `formats`). Raises FileRefused `empty-file`, or `unsupported-format` naming what it
    looks like."""
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise FileRefused(
            "empty-file", f"{name} is empty.", hint="Download it again from the bank."
        )
    for magic, format_, what in _MAGIC:
        if head.startswith(magic):
            return _known(format_, name, what)
    if head.startswith(b"PK\x03\x04"):
        if is_workbook(head):
            return _known("sheet", name, "a spreadsheet (xlsx, ods)")
        return _known("zip", name, "a ZIP archive")
    if b"<" in head:
        from smartimport_cli.statements import ofx

        if ofx.sniff(head):
            return "ofx"
        flat = head.translate(None, b"\x00")
        if _MARKUP.match(flat):
            if _TABLES.search(flat):
                return _known("sheet", name, "a web page")
            raise unsupported(name, "a web page")
    wide = is_utf16(head)
    text = head[:8192] if wide is None else head[:16384].decode(wide, "ignore").encode("utf-8", "replace")
    for pattern, format_, what in _TEXT_FORMATS:
        if pattern.search(text):
            return _known(format_, name, what)
    if wide is None and len(head.translate(None, _CONTROL)) < len(head) * 0.98:
        raise unsupported(name, "binary data, not text")
    return "delimited"


def _known(format_: str, name: str, what: str) -> str:
    if by_name(format_) is None:
        raise unsupported(name, what)
    return format_


def is_workbook(head: bytes) -> bool:
    """Whether an archive that begins with `head` is an Office document."""
    return _WORKBOOK.match(head) is not None



def unsupported(name: str, what: str) -> FileRefused:
    """The refusal of a file that looks like `what`."""
    return FileRefused(
        "unsupported-format",
        f"{name} looks like {what}; this is not read yet.",
        hint="Export the statement as CSV or OFX (also called QFX, Quicken or Money) from the bank's site.",
    )
