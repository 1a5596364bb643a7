"""What readers get to see of documents that only heavy libraries can open: words on pages, rows of sheets."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Literal, NamedTuple, Protocol


class Word(NamedTuple):
    """A word on a page. Coordinates in points (1/72 inch) from the page's top left corner, y downwards."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    confidence: float = 1.0  # 0 to 1; below 1 only where it was recognised from a picture


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a document, its words in no particular order. `scanned`: recognised from a picture; `layered`: by
    another program, which laid them unseen on the picture."""

    number: int  # from 1
    width: float
    height: float
    words: list[Word]
    scanned: bool = False
    layered: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook as tab-separated UTF-8 text: a line for each of its rows from the first, cells from
    column A, empty ones at the end of a row left out or not.

    How a cell is written tells its type: dates are ISO (a time of day is cut off), numbers have a decimal point
    and never exactly three decimals, text is as it was, its tabs and line breaks blanks. Who gets a sheet closes
    its `text`.
    """

    number: int  # from 1
    name: str
    text: BinaryIO  # seekable
    size: int  # bytes of `text`
    hidden: bool = False


class Documents(Protocol):
    """Opens what needs heavy or risky libraries, apart from this process and within limits.

    Raises FileRefused: `missing-extra` (names what to install), `locked` (a password is needed or wrong),
    `damaged`, `too-complex` (a limit of memory, time, pages or output was hit), `unsupported-format`.
    """

    def pages(
        self,
        source: BinaryIO,
        *,
        kind: Literal["pdf", "image"],
        name: str,
        anew: bool = False,
        thorough: bool = False,
    ) -> Iterator[Page]:
        """The words of a document, page by page; recognised from the picture where a page has no text, and with
        `anew` where it has what another program recognised. `thorough` takes the engine that recognises better and
        slower."""
        ...

    def sheets(self, source: BinaryIO, *, name: str) -> Iterator[Sheet]:
        """The sheets of a workbook: xlsx, xls, ods, and what is served under these names as HTML or XML."""
        ...
