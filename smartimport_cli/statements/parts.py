"""The beginning of a stream of parts, to know that there is a row in it before anything is handed on."""

from collections.abc import Iterator

from smartimport_cli.core.model import Part, Rows, Unreadable

_EMPTY = 10_000  # statements without a row that are looked through for one


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
