"""Dates without a year (15/01, Jan 15, 1月15日): the period that the file states around its rows gives it."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from smartimport_cli.statements.delimited import dates, words
from smartimport_cli.statements.delimited.dialect import Row, looks_like_data

if TYPE_CHECKING:
    from smartimport_cli.statements.days import Day, Period

_MOST = 0.8  # of a column's cells
_HEADERS = 250  # lines among which the names of columns are
_LEAST = 3  # filled cells of a row
_EAST = re.compile(r"(\d{1,2})月(\d{1,2})[日号號]?")
_EAST_MONTH = re.compile(
    r"(?<!\d)((?:19|20)\d\d)\s?年\s?(\d{1,2})\s?月(?!\s?\d)"
    r"|(?<![\d/.-])((?:19|20)\d\d)[-/.](\d{1,2})(?![\d/.-])"
)
_CLOCK = re.compile(r"[ T]+\d{1,2}:\d{2}(:\d{2})?$")
_BEFORE = timedelta(days=62)  # a card's rows can be older than the period that its statement is named for
_AFTER = timedelta(days=10)


class Yearless(NamedTuple):
    """How the dates of a file get their year: the order of their numbers, and the period."""

    order: str
    period: "Period"

    def day(self, cell: str) -> date | None:
        """The date of a cell without a year, or None."""
        read = _read(cell)
        return self.period.dated(read.parts(self.order)) if read else None

    @property
    def likely(self) -> bool:
        """Whether one date is all that is known of the period."""
        return self.period.first is None

    def holds(self, day: date) -> bool:
        """Whether a statement of this period can have a row of that day."""
        first, last = self.period.first or self.period.last, self.period.last
        return first - _BEFORE <= day <= last + _AFTER


class Dated(NamedTuple):
    """Rows whose dates have no year, and the first cell of such a date. `possible` is how they can get one: settled
    where it is one way."""

    columns: frozenset[int]
    example: str
    possible: list[Yearless]
    rows: list[Row]  # with their years, where these are settled


def look(rows: list[Row], order: str | None) -> Dated | None:
    """Dates without a year and what gives them one; None where there are none, or rows have full dates. `order` is
    the user's."""
    full = sum(looks_like_data(row.cells) for row in rows)
    if full * 2 >= len(rows):  # of most files; they pay for no more
        return None
    columns = _columns(rows)
    own = [row for row in rows if any(i < len(row.cells) and _read(row.cells[i]) for i in columns)]
    if not own or full >= len(own) or any(looks_like_data(row.cells) for row in own):
        return None
    cells = [row.cells[i] for row in own for i in sorted(columns) if i < len(row.cells) and _read(row.cells[i])]
    lines = {row.line for row in own}
    around = [" ".join(c.strip("'\" ") for c in row.cells if c.strip()) for row in rows if row.line not in lines]
    names = [cell for row in rows if row.line not in lines for cell in row.cells if len(cell) < 60]
    found = [Yearless(each, period) for each in _orders(cells, order, names, around) if (period := _period(around, each))]
    inside = [years for years in found if all((day := years.day(cell)) and years.holds(day) for cell in cells)]
    found = inside or found
    if len({tuple(map(years.day, cells)) for years in found}) == 1:
        found = found[:1]
    if len(found) == 1:
        rows = [_dated(row, columns, found[0]) for row in rows]
    return Dated(columns, cells[0], found, rows)


@lru_cache(maxsize=16384)
def _read(cell: str) -> "Day | None":
    from smartimport_cli.statements import days

    text = _CLOCK.sub("", dates.unwrapped(cell))
    if match := _EAST.fullmatch(text):
        text = f"{match[1]}/{match[2]}"
        found = days.read(text)
        return found and found._replace(readings=tuple(("ymd", *r[1:]) for r in found.readings if r[0] == "mdy"))
    found = days.read(text)
    return found if found and found.readings[0][1] is None else None


def _columns(rows: Sequence[Row]) -> frozenset[int]:
    """Columns of days: named for dates, or with cells that can be nothing else (12.10 can be an amount)."""
    named = {
        i for row in rows[:_HEADERS] for i, cell in enumerate(row.cells) if len(cell) < 40 and words.role_of(cell) == "date"
    }
    found = set()
    for column in range(max((len(row.cells) for row in rows), default=0)):
        cells = [
            row.cells[column] for row in rows
            if column < len(row.cells) and row.cells[column].strip() and sum(map(bool, map(str.strip, row.cells))) >= _LEAST
        ]  # fmt: skip
        days = [cell for cell in cells if _read(cell)]
        if days and (column in named or not any("." in cell for cell in days)):
            below = len(cells) - next(i for i, cell in enumerate(cells) if _read(cell))
            if len(days) >= below * _MOST:
                found.add(column)
    return frozenset(found)


def _orders(cells: Sequence[str], order: str | None, names: list[str], around: Sequence[str]) -> list[str]:
    """The orders of day and month that all cells allow; of several, the one that dates around them or the language
    show."""
    from smartimport_cli.statements import days

    read = [day for cell in cells if (day := _read(cell))]
    possible = [each for each in dates.ORDERS if all(each in day.orders() for day in read)]
    if order:
        return [order] if order in possible else []
    if len(possible) < 2 or all(len({r[1:] for r in day.readings}) == 1 for day in read):
        return possible[:1]
    printed = [day.orders() for line in around for day in days.printed_in(line) if len(day.orders()) == 1]
    shown = Counter(next(iter(own)) for own in printed if own <= {"dmy", "mdy"})
    if len(shown) == 1:
        return [each for each in possible if each in shown]
    spoken = words.date_order_of_language(names)
    spoken = "mdy" if spoken == "ymd" else spoken  # who writes the year first, writes the month before the day
    return [spoken] if spoken in possible else possible


def _period(around: Sequence[str], order: str) -> "Period | None":
    from smartimport_cli.statements.days import Period, month_of, period_of

    stated = period_of(around, order, ())
    if stated is not None and stated.first is not None:
        return stated
    for line in around:
        if (match := _EAST_MONTH.search(line)) and 1 <= (month := int(match[2] or match[4])) <= 12:
            first, last = month_of(int(match[1] or match[3]), month)
            return Period(first, last, f"it is of {first:%B %Y}")
    return stated


def _dated(row: Row, columns: frozenset[int], years: Yearless) -> Row:
    cells = list(row.cells)
    for i in columns:
        if i < len(cells) and (day := years.day(cells[i])):
            cells[i] = day.isoformat()
    return Row(row.line, cells)
