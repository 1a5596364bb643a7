"""Whether an XML file may be read at all: well-formed from end to end, without a document type declaration."""

import re
from dataclasses import dataclass
from typing import BinaryIO
from xml.parsers import expat

from smartimport_cli.core.errors import FileRefused
from smartimport_cli.core.text import clean
from smartimport_cli.statements.text_file import is_utf16

_CHUNK = 1 << 18
_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z][\w.-]{0,39})[\"']")


@dataclass(frozen=True, slots=True)
class Checked:
    """`encoding` is a name Python knows; `lined`: entries do not all stand on one line."""

    encoding: str
    declared: bool
    lined: bool


def check(source: BinaryIO, name: str) -> Checked:
    """Look at the whole document once. Raises FileRefused `damaged-xml` or `unsafe-xml`."""
    source.seek(0)
    head = source.read(1024)
    source.seek(0)
    start = len(head) - len(head.lstrip())
    declared = _DECLARED.search(head.removeprefix(b"\xef\xbb\xbf"))
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise FileRefused(
            "unsafe-xml",
            f"{name} declares a document type, which no bank statement needs; it is not read.",
            hint="Download the statement again from the bank's site.",
        )

    parser.StartDoctypeDeclHandler = refuse
    breaks = size = 0
    try:
        source.seek(start)  # blanks before the declaration, as some banks send them
        while chunk := source.read(_CHUNK):
            parser.Parse(chunk, False)
            breaks += chunk.count(b"\n") or chunk.count(b"\r")
            size += len(chunk)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        line = getattr(error, "lineno", 0)
        cut = getattr(error, "code", 0) in (3, 5, 6) or not size  # no element, unclosed token, partial character
        what = "ends too early: the download is cut off" if cut else f"is damaged at line {line}"
        raise FileRefused(
            "damaged-xml",
            f"{name} {what} ({clean(str(error))[:80]}).",
            hint="Download the statement again from the bank's site.",
        ) from None
    encoding = is_utf16(head) or (declared[1].decode() if declared else "utf-8")
    if head.startswith(b"\xef\xbb\xbf"):
        encoding = "utf-8-sig"
    return Checked(encoding, declared is not None, breaks > size // 4096)
