"""Tables in markup that banks serve under a workbook's name: HTML, and Excel's XML of 2003 (SpreadsheetML).

Read as tags come; nothing is looked up, no entity but HTML's own is known.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from smartimport_cli.core.text import clean, shorten
from smartimport_cli.documents import cells

_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?([\w-]{2,20})""", re.I)
_WIDEST = 1024  # cells that a span may stand for
_IGNORED = ("script", "style")
_BLOCKS = ("p", "div", "h1", "h2", "h3", "h4", "li", "body", "html", "head", "title", "table")


def sheets(content: bytes) -> Iterator[Any]:
    """As `workbook.sheets`. All tables of a web page are one sheet, with the text around them."""
    parser = _Tables()
    parser.feed(_decoded(content))
    parser.close()
    parser.end_row()
    for number, (name, rows) in enumerate(parser.sheets, 1):
        width = max(map(len, rows), default=0)
        yield {"sheet": number, "name": shorten(clean(name), 60), "hidden": False}
        yield from cells.lines([*row, *[""] * (width - len(row))] for row in rows)


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    declared = _CHARSET.search(content[:4096])
    for encoding in (declared[1].decode() if declared else "utf-8", "utf-8", "cp1252"):
        try:
            return content.decode(encoding).removeprefix("\ufeff")
        except (LookupError, UnicodeError):
            continue
    return content.decode("cp1252", "replace")


class _Tables(HTMLParser):
    """Collects the rows of all tables; `sheets` has one entry, or one a Worksheet."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[tuple[str, list[list[Any]]]] = [("", [])]
        self._row: list[Any] = []
        self._spans: dict[int, int] = {}  # column -> rows that a cell above still covers
        self._outer: list[tuple[list[Any], list[str] | None, dict[int, int]]] = []  # of the tables around
        self._text: list[str] | None = None  # of the cell that is open
        self._loose: list[str] = []  # text outside of cells
        self._type = ""
        self._cover = 0
        self._ignoring = ""

    @property
    def _rows(self) -> list[list[Any]]:
        return self.sheets[-1][1]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = {key.rpartition(":")[2]: value or "" for key, value in attrs}
        tag = tag.rpartition(":")[2]
        if tag in _IGNORED:
            self._ignoring = tag
        elif tag == "worksheet":
            if self._rows:
                self.sheets.append(("", []))
            self.sheets[-1] = (about.get("name", ""), self._rows)
        elif tag == "table":
            self._end_loose()
            self._outer.append((self._row, self._text, self._spans))
            self._row, self._text, self._spans = [], None, {}
        elif tag in ("tr", "row"):
            self._end_loose()
            self.end_row()
            if (index := _count(about.get("index"))) and index - 1 - len(self._rows) <= _WIDEST:
                self._rows.extend([] for _ in range(index - 1 - len(self._rows)))
        elif tag in ("td", "th", "cell"):
            self._end_loose()
            self._end_cell()
            self._open_cell(about)
        elif tag == "data":
            self._type = about.get("type", "")
        elif tag == "br":
            self.handle_data(" ")
        elif tag in _BLOCKS:
            self._end_loose()

    def _open_cell(self, about: dict[str, str]) -> None:
        if (index := _count(about.get("index"))) and index > len(self._row):
            self._row.extend([""] * (index - 1 - len(self._row)))
        while self._spans.get(len(self._row), 0) > 0:
            self._spans[len(self._row)] -= 1
            self._row.append("")
        self._text, self._type = [], ""
        self._cover = max(_count(about.get("colspan")) - 1, _count(about.get("mergeacross")), 0)
        down = _count(about.get("rowspan")) - 1
        if down > 0:
            self._spans.update(dict.fromkeys(range(len(self._row), len(self._row) + self._cover + 1), down))

    def handle_endtag(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        if tag == self._ignoring:
            self._ignoring = ""
        elif tag in ("td", "th", "cell"):
            self._end_cell()
        elif tag in ("tr", "row"):
            self.end_row(empty=tag == "row")
        elif tag == "table":
            self.end_row()
            if self._outer:
                self._row, self._text, self._spans = self._outer.pop()
        elif tag in _BLOCKS:
            self._end_loose()

    def handle_data(self, data: str) -> None:
        if self._ignoring:
            return
        if self._text is not None:
            self._text.append(data)
        elif data.strip():
            self._loose.append(data)

    def unknown_decl(self, data: str) -> None:
        if data.startswith("CDATA["):
            self.handle_data(data[6:])

    def _end_cell(self) -> None:
        if self._text is None:
            return
        self._row.append(_typed(" ".join("".join(self._text).split()), self._type))
        self._row.extend([""] * self._cover)
        self._text, self._cover = None, 0

    def end_row(self, *, empty: bool = False) -> None:
        """Whatever is open is a row."""
        self._end_cell()
        if self._row or empty:
            self._rows.append(self._row)
            self._row = []
        self._end_loose()

    def _end_loose(self) -> None:
        text = " ".join("".join(self._loose).split())
        self._loose = []
        if text and not self._row:
            self._rows.append([text])


def _typed(text: str, kind: str) -> Any:
    """The cell of SpreadsheetML by its declared type."""
    if kind == "Number":
        try:
            return float(text)
        except ValueError:
            return text
    return text[:10] if kind == "DateTime" and text[10:11] == "T" else text


def _count(text: str | None) -> int:
    return min(int(text), _WIDEST) if text and text.isdecimal() and len(text) < 10 else 0
