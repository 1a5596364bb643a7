"""The stream of parts that a text becomes, and its beginning, to know that there is a row in it before anything is
handed on."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from smartimport_cli.core.model import Part, Rows, Unreadable

_EMPTY = 10_000  # statements without a row that are looked through for one


class Feeder(Protocol):
    """A reader that takes a file's text piece by piece."""

    def feed(self, text: str, position: int, *, final: bool = False) -> Iterator[Part]: ...


def parts_of(text: Iterable[tuple[str, int]], reader: Feeder) -> Iterator[Part]:
    """The parts that `reader` makes of a whole text; each piece comes with the byte that the file is read up to."""
    position = 0
    for block, position in text:
        yield from reader.feed(block, position)
    yield from reader.feed("", position, final=True)


def until_rows(parts: Iterator[Part]) -> tuple[list[Part], bool]:
    """The parts up to the first row, read or not, and whether there is one."""
    begun: list[Part] = []
    for part in parts:
        begun.append(part)
        if isinstance(part, Unreadable) or (isinstance(part, Rows) and part.rows):
            return begun, True
        if len(begun) >= _EMPTY:
            break
    return begun, False
