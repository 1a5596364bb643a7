"""Typed cells of a sheet as tab-separated text; see `core.documents.Sheet` for how each type is written.

Whole columns of a batch at a time: most have one type, and a workbook's worth is in its number of rows.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice, zip_longest
from math import isfinite
from typing import Any

_BATCH = 2048  # rows
_CELLS = 1 << 18  # cells of a batch
_FIRST = 128  # rows that are written cell by cell
_LONGEST = 1 << 15  # characters of a cell; Excel itself takes 32,767
_LARGEST = 1 << 43  # with two decimals a float holds it exactly, with room to spare
_BREAKS = dict.fromkeys(map(ord, "\t\n\r\x0b\x0c\x85\u2028\u2029"), " ")


def lines(rows: Iterable[Sequence[Any]], *, before: int = 0) -> Iterator[str]:
    """The rows as text, some lines at a time, each with `before` empty cells in front. Shorter rows are padded.

    The first rows are written one cell at a time: an account number that stands above a column of amounts
    must not get its two decimals.
    """
    lead = "\t" * before
    rows = iter(rows)
    begun = [*islice(rows, _FIRST)]
    first = ["\t".join(_cells(row)).rstrip("\t") for row in begun]
    yield "".join([f"{lead}{line}\n" for line in first])
    width = _usual([line.count("\t") + 1 for line in first if line])
    size = min(_BATCH, _CELLS // max([1, *map(len, begun)]))
    while batch := [*islice(rows, size)]:
        columns = [*zip_longest(*batch, fillvalue="")] or [("",) * len(batch)]
        while len(columns) > width and columns[-1].count("") == len(batch):
            columns.pop()
        written = map("\t".join, zip(*map(_column, columns), strict=True))
        yield lead + f"\n{lead}".join(written) + "\n"


def _usual(widths: list[int]) -> int:
    """How wide the rows are, but for a cell or two that stand far out."""
    middle = sorted(widths)[len(widths) // 2] if widths else 1
    return max((width for width in widths if width <= 4 * middle), default=1)


def _cells(cells: Sequence[Any]) -> list[str]:
    return [cell(value) for value in cells]


def cell(value: Any) -> str:
    """One cell as text."""
    match value:
        case str():
            return value[:_LONGEST].translate(_BREAKS)
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else _number(value)
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case None:
            return ""
    return str(value)


def _column(cells: Sequence[Any]) -> list[str]:
    """A column of a batch as text."""
    kinds = {*map(type, cells)}
    if kinds == {str}:
        return _texts(cells)
    if kinds == {float}:
        return _numbers(cells)
    if kinds == {date}:
        days = {day: day.isoformat() for day in {*cells}}
        return [*map(days.__getitem__, cells)]
    if kinds == {str, float}:
        numbers = iter(_numbers([value for value in cells if type(value) is float]))
        texts = iter(_texts([value for value in cells if type(value) is str]))
        return [next(numbers if type(value) is float else texts) for value in cells]
    return _cells(cells)


def _texts(cells: Sequence[str]) -> list[str]:
    text = "".join(cells)
    if text.isprintable() and len(text) <= _LONGEST * 8:
        return [*cells]
    return _cells(cells)


def _numbers(values: Sequence[float]) -> list[str]:
    """Numbers of one column: with two decimals where they have fractions at all and no more than these."""
    try:
        exact = [round(value * 100) / 100 for value in values] == [*values]
    except (ValueError, OverflowError):  # no number, or infinite
        return _cells(values)
    if not exact or max(map(abs, values)) > _LARGEST or all(map(float.is_integer, values)):
        return _cells(values)
    return ("%.2f\n" * len(values) % (*values,)).split()


def _number(value: float) -> str:
    """A fraction as people mean it: without what binary arithmetic left behind (0.1 + 0.2), and in decimals
    that no reader can take for groups of thousands."""
    if not isfinite(value):
        return str(value)
    cents = f"{value:.2f}"
    if abs(float(cents) - value) <= max(1e-9, abs(value) * 1e-14):
        return cents.removeprefix("-") if cents == "-0.00" else cents
    text = f"{Decimal(f'{value:.15g}'):f}"
    whole, point, decimals = text.partition(".")
    return f"{whole}.{decimals:0<4}" if point else whole
