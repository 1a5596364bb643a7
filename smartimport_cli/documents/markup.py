"""Tables in markup that banks serve under a workbook's name: HTML, and Excel's XML of 2003 (SpreadsheetML).

Read as tags come; nothing is looked up, no entity but HTML's own is known.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from smartimport_cli.core.errors import FileRefused
from smartimport_cli.core.text import clean, shorten
from smartimport_cli.documents import cells

_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?([\w-]{2,20})""", re.I)
_TAG = re.compile(r"""<(/?)(?:\w{1,20}:)?(\w{1,20})((?:[^<>"']|"[^"<]*"|'[^'<]*')*+)>""")
_ATTRIBUTE = re.compile(r"""([\w-]{1,20})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_SPAN = 64  # cells that one cell may stand for, across and down
_EMPTY = 1024  # rows that one index may skip
_WIDEST = 1 << 14  # cells of a row
_BLOCKS = frozenset("p div h1 h2 h3 h4 li body html head title".split())


def sheets(content: bytes, name: str) -> Iterator[Any]:
    """As `workbook.sheets`. All tables of a web page are one sheet, with the text around them."""
    tables = _Tables(name)
    tables.feed(_decoded(content))
    for number, (title, rows) in enumerate(tables.sheets, 1):
        yield {"sheet": number, "name": shorten(clean(title), 60), "hidden": False}
        yield from map(str.encode, cells.lines(rows))


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


class _Tables:
    """Collects the rows of all tables; `sheets` has one entry, or one a Worksheet."""

    def __init__(self, name: str) -> None:
        self.sheets: list[tuple[str, list[list[Any]]]] = [("", [])]
        self._name = name
        self._row: list[Any] = []
        self._spans: dict[int, int] = {}  # column -> rows that a cell above still covers
        self._outer: list[tuple[list[Any], list[str] | None, dict[int, int]]] = []  # of the tables around
        self._text: list[str] | None = None  # of the cell that is open
        self._loose: list[str] = []  # text outside of cells
        self._type = ""
        self._cover = 0

    @property
    def _rows(self) -> list[list[Any]]:
        return self.sheets[-1][1]

    def feed(self, text: str) -> None:
        """Read the whole of it, tag by tag; every step goes forward, whatever is missing."""
        at = 0
        while (mark := text.find("<", at)) >= 0:
            self._say(unescape(text[at:mark]))
            if text.startswith(("<!--", "<![CDATA["), mark):
                cdata = text[mark + 2] == "["
                end = text.find("]]>" if cdata else "-->", mark)
                if cdata:
                    self._say(text[mark + 9 : end if end >= 0 else None])
                at = end + 3 if end >= 0 else len(text)
            elif tag := _TAG.match(text, mark):
                at = tag.end()
                about = {m[1].lower(): unescape(m[2] or m[3] or m[4] or "") for m in _ATTRIBUTE.finditer(tag[3])}
                self._tag(tag[2].lower(), about, closing=bool(tag[1]), empty=tag[3].endswith("/"))
                if not tag[1] and tag[2].lower() in ("script", "style"):
                    at = end if (end := text.find("</", at)) >= 0 else len(text)
            else:
                at = mark + 1
        self._say(unescape(text[at:]))
        self._end_row()

    def _tag(self, tag: str, about: dict[str, str], *, closing: bool, empty: bool) -> None:
        if not closing:
            self._open(tag, about)
        if closing or empty:
            self._close(tag)

    def _open(self, tag: str, about: dict[str, str]) -> None:
        if tag == "worksheet":
            if self._rows:
                self.sheets.append(("", []))
            self.sheets[-1] = (about.get("name", ""), self._rows)
        elif tag == "table":
            self._end_loose()
            self._outer.append((self._row, self._text, self._spans))
            self._row, self._text, self._spans = [], None, {}
        elif tag in ("tr", "row"):
            self._end_row()
            skipped = _count(about, "index") - 1 - len(self._rows)
            self._rows.extend([] for _ in range(min(skipped, _EMPTY)))
        elif tag in ("td", "th", "cell"):
            self._end_loose()
            self._end_cell()
            self._open_cell(about)
        elif tag == "data":
            self._type = about.get("type", "")
        elif tag == "br":
            self._say(" ")
        elif tag in _BLOCKS:
            self._end_loose()

    def _open_cell(self, about: dict[str, str]) -> None:
        if len(self._row) > _WIDEST:
            raise FileRefused("too-complex", f"{self._name} is refused: a row has more than {_WIDEST:,} cells.")
        self._row.extend([""] * min(_count(about, "index") - 1 - len(self._row), _WIDEST))
        while self._spans.get(len(self._row), 0) > 0:
            self._spans[len(self._row)] -= 1
            self._row.append("")
        self._text, self._type = [], ""
        self._cover = min(max(_count(about, "colspan") - 1, _count(about, "mergeacross"), 0), _SPAN)
        down = min(_count(about, "rowspan") - 1, _SPAN)
        if down > 0:
            self._spans.update(dict.fromkeys(range(len(self._row), len(self._row) + self._cover + 1), down))

    def _close(self, tag: str) -> None:
        if tag in ("td", "th", "cell"):
            self._end_cell()
        elif tag in ("tr", "row"):
            self._end_row(empty=tag == "row")
        elif tag == "table":
            self._end_row()
            if self._outer:
                self._row, self._text, self._spans = self._outer.pop()
        elif tag in _BLOCKS:
            self._end_loose()

    def _say(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)
        elif text.strip():
            self._loose.append(text)

    def _end_cell(self) -> None:
        if self._text is None:
            return
        self._row.append(_typed(" ".join("".join(self._text).split()), self._type))
        self._row.extend([""] * self._cover)
        self._text, self._cover = None, 0

    def _end_row(self, *, empty: bool = False) -> None:
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


def _count(about: dict[str, str], name: str) -> int:
    text = about.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0
