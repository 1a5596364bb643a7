"""Columns in which a spreadsheet left the day numbers of its dates (45444 for 1 June 2024)."""

from collections.abc import Sequence
from datetime import date

from smartimport_cli.statements.delimited import dates, words
from smartimport_cli.statements.delimited.dialect import Row

_HEADERS = 250  # lines among which the names of columns are
_MOST = 0.8  # of a column's cells
_LONGEST = 1100  # days that a statement spans, where no name says that a column holds dates


def with_dates(rows: list[Row]) -> tuple[list[Row], set[int]]:
    """The rows with dates in place of day numbers, and the columns where these stood."""
    columns = _named(rows)
    if not columns and not any(dates.shape(cell) for row in rows for cell in row.cells):
        columns = _like_dates(rows)
    if not columns:
        return rows, columns
    return [Row(row.line, [_date(cell) if i in columns else cell for i, cell in enumerate(row.cells)]) for row in rows], columns


def _date(cell: str) -> str:
    day = dates.serial(cell)
    return day.isoformat() if day else cell


def _named(rows: Sequence[Row]) -> set[int]:
    """Columns under a name for dates, with day numbers below it."""
    numbered = {i for row in rows for i, cell in enumerate(row.cells) if dates.serial(cell) is not None}
    found: set[int] = set()
    for position, row in enumerate(rows[:_HEADERS]):
        for column, cell in enumerate(row.cells):
            if column in numbered - found and cell.strip() and words.role_of(cell) == "date":
                below = _cells(rows[position + 1 :], column)
                days = sum(dates.serial(other) is not None for other in below)
                if days and days >= len(below) * _MOST:
                    found.add(column)
    return found


def _like_dates(rows: Sequence[Row]) -> set[int]:
    """The first column whose numbers run like the days of a statement."""
    for column in range(max((len(row.cells) for row in rows), default=0)):
        cells = _cells(rows, column)
        days = [day for cell in cells if (day := dates.serial(cell))]
        if len(days) >= max(2, len(cells) * _MOST) and _is_period(days):
            return {column}
    return set()


def _is_period(days: list[date]) -> bool:
    return days in (sorted(days), sorted(days, reverse=True)) and (max(days) - min(days)).days <= _LONGEST


def _cells(rows: Sequence[Row], column: int) -> list[str]:
    """The filled cells of a column in rows that hold more than it."""
    return [
        row.cells[column] for row in rows
        if column < len(row.cells) and row.cells[column].strip() and sum(bool(c.strip()) for c in row.cells) > 1
    ]  # fmt: skip
