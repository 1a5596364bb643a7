"""Days as people print them, often without a year, which a period that is stated around them gives."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from smartimport_cli.statements.delimited import dates
from smartimport_cli.statements.delimited.words import MONTHS, normal

_NUMBERS = re.compile(r"(\d{1,2})([./-])(\d{1,2})\.?")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|\.|º)?[-/. ]*(?:de )?([^\W\d_]{3,12})\.?")
_MONTH_DAY = re.compile(r"([^\W\d_]{3,12})\.?[-/. ]*(\d{1,2})(?:st|nd|rd|th)?,?")
_MONTH_DAY_YEAR = re.compile(r"([^\W\d_]{3,12})\.? (\d{1,2})/(\d\d)")  # AUG 30/24
_MONTH_YEAR = re.compile(
    r"(?:([^\W\d_]{3,12})\.?,?(?:[ -]+| ?/ ?)((?:19|20)\d\d)|\b(0?[1-9]|1[0-2])[/.]((?:19|20)\d\d))\b"
)
_FULL = re.compile(
    r"(?<![\w.,/])(?:\d{1,2}[-/. ]\d{1,2}[-/. ]\d{4}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2}|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}"
    r"|\d{1,2}(?:st|nd|rd|th|er|\.)?[- ](?:de )?[^\W\d_]{3,12}\.?,?[- ](?:de )?\d{2,4}"
    r"|[^\W\d_]{3,12}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}|[^\W\d_]{3,12}\.? \d{1,2}/\d\d)(?![\w/])"
)
_WITHIN = re.compile(  # February 1-29, 2024; 1 - 29 Feb 2024
    r"\b(?:([^\W\d_]{3,12})\.? (\d{1,2}) ?(?:-|–|to|through|thru) ?(\d{1,2}),?"
    r"|(\d{1,2}) ?(?:-|–|to) ?(\d{1,2}) ([^\W\d_]{3,12})\.?,?) ((?:19|20)\d\d)\b"
)
_SHORT_YEAR = re.compile(r"\b([^\W\d_]{3,9})\.? ?(\d{1,2})/(\d\d)\b(?!/)")  # NOV 30/23
_CUT_YEAR = re.compile(r"(?<=[^\W\d_])\.? ?['’](\d\d)\b")  # 30 Nov'23
_NEAR = timedelta(days=10)
_YEAR = timedelta(days=366)
_NEXT = timedelta(days=62)


class Day(NamedTuple):
    """A day as printed: what it means in each order of its numbers; the year is None where none is printed."""

    text: str
    readings: tuple[tuple[str, int | None, int, int], ...]  # order, year, month, day

    def orders(self) -> set[str]:
        return {reading[0] for reading in self.readings}

    def parts(self, order: str) -> tuple[int | None, int, int] | None:
        """Year, month and day where the numbers come in `order`."""
        for found, year, month, day in self.readings:
            if found == order:
                return year, month, day
        return None


@lru_cache(maxsize=16384)
def read(text: str) -> Day | None:
    """The day that these words (one to four of them) name, or None."""
    text = text.strip(",;:|*")
    if len(text) < 3 or not any(map(str.isdigit, text)):
        return None
    if (match := _NUMBERS.fullmatch(text)) is not None:
        a, b = int(match[1]), int(match[3])
        pairs = [("dmy", None, b, a), ("mdy", None, a, b)]
        return _day(text, [r for r in pairs if _valid(r[2], r[3])])
    if len(text) >= 6 and not text.isdigit():
        found = dates.readings(text)
        if found:
            return Day(text, tuple((order, day.year, day.month, day.day) for order, day in found.items()))
    if match := _MONTH_DAY_YEAR.fullmatch(text):
        month, number = MONTHS.get(normal(match[1])), int(match[2])
        if month and _valid(month, number):
            return Day(text, tuple((order, 2000 + int(match[3]), month, number) for order in dates.ORDERS))
    for pattern, month_at, day_at in ((_DAY_MONTH, 2, 1), (_MONTH_DAY, 1, 2)):
        if match := pattern.fullmatch(text):
            month = MONTHS.get(normal(match[month_at]))
            if month and _valid(month, int(match[day_at])):
                number = int(match[day_at])
                return Day(text, tuple((order, None, month, number) for order in dates.ORDERS))
    return None


def _day(text: str, readings: list[tuple[str, int | None, int, int]]) -> Day | None:
    return Day(text, tuple(readings)) if readings else None


def of_digits(text: str, orders: Iterable[str] = dates.ORDERS) -> Day | None:
    """The day that four digits (day and month) or six (with a year of two digits) name in these orders."""
    if not text.isascii() or len(text) not in (4, 6) or not text.isdigit():
        return None
    a, b, c = int(text[:2]), int(text[2:4]), text[4:]
    found: list[tuple[str, int | None, int, int]] = [
        ("dmy", 2000 + int(c) if c else None, b, a),
        ("mdy", 2000 + int(c) if c else None, a, b),
    ]
    if c:
        found.append(("ymd", 2000 + a, b, int(c)))
    return _day(text, [r for r in found if r[0] in orders and _valid(r[2], r[3])])


def orders_of_digits(texts: Sequence[str]) -> frozenset[str]:
    """The orders in which all these digits are days of one year or two that follow on each other; none where some
    are no days, or where years could stand first and last."""
    found = set()
    read_all = [of_digits(text) for text in texts if text.isdigit()]
    for order in dates.ORDERS:
        parts = [day.parts(order) if day else None for day in read_all]
        years = {p[0] or 0 for p in parts if p}
        if parts and None not in parts and max(years) - min(years) <= 1:
            found.add(order)
    return frozenset() if "ymd" in found and len(found) > 1 else frozenset(found)


def _valid(month: int, day: int) -> bool:
    try:
        date(2000, month, day)
    except ValueError:
        return False
    return True


def printed_in(text: str) -> list[Day]:
    """The full dates that stand in a line of text."""
    text = _CUT_YEAR.sub(r" 20\1", _SHORT_YEAR.sub(r"\1 \2, 20\3", text))
    found = (read(match[0]) for match in _FULL.finditer(text))
    return [day for day in found if day and day.readings[0][1] is not None]


def without_dates(text: str) -> str:
    """A line of text without the full dates in it."""
    return _FULL.sub(" ", text)


def month_in(text: str) -> tuple[date, date] | None:
    """First and last day of a month that a line names: `March 2024`, `3/2024`."""
    for match in _MONTH_YEAR.finditer(text):
        month = MONTHS.get(normal(match[1])) if match[1] else int(match[3])
        year = int(match[2] or match[4])
        if month and 1950 <= year <= 2100:
            return month_of(year, month)
    return None


def month_of(year: int, month: int) -> tuple[date, date]:
    """First and last day of a month."""
    first = date(year, month, 1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


class Period(NamedTuple):
    """When a statement's rows are: what gives a day its year."""

    first: date | None
    last: date
    why: str

    def dated(self, parts: tuple[int | None, int, int] | None) -> date | None:
        """The date of a day; without a printed year, the one that lies in the period or nearest before its end."""
        if parts is None:
            return None
        year, month, day = parts
        if year is not None:
            return _date(year, month, day)
        found = [d for y in range(self.last.year - 1, self.last.year + 2) if (d := _date(y, month, day))]
        if self.first is not None:
            inside = [d for d in found if self.first - _NEAR <= d <= self.last + _NEAR]
            if inside:
                return min(inside, key=lambda d: self._outside(d))
        before = [d for d in found if self.last + _NEAR - _YEAR < d <= self.last + _NEAR]
        return before[-1] if before else None

    def _outside(self, day: date) -> timedelta:
        assert self.first is not None
        return max(self.first - day, day - self.last, timedelta())


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def period_of(
    lines: Sequence[str], order: str, rows: Iterable[date], everywhere: Sequence[str] = ()
) -> Period | None:
    """The period that lines outside the table state; else that of dates elsewhere in the document, of a month
    that is named, or of the rows' own years."""
    if period := _stated_span(lines, order):
        return period
    for texts in (lines, everywhere):
        singles = _printed(texts, order)
        if singles:
            year, _ = Counter(day.year for day in singles).most_common(1)[0]
            last = max(d for d in singles if d.year == year)
            last = max(d for d in singles if d - last <= _NEXT)  # a statement may end in the year behind
            return Period(None, last, f"it is dated {last}")
    for line in lines:
        if month := month_in(line):
            return Period(*month, f"it is of {month[0]:%B %Y}")
    own = sorted(rows)
    return Period(own[0], own[-1], "other rows have a year") if own else None


def _stated_span(lines: Sequence[str], order: str) -> Period | None:
    for first, last in spans_in(lines, order):
        return Period(first, last, f"the statement is of {first} to {last}")
    return None


def spans_in(lines: Sequence[str], order: str) -> Iterator[tuple[date, date]]:
    """Two dates on one line, the second behind the first by no more than a year."""
    for line in lines:
        for match in _WITHIN.finditer(line):
            month, year = MONTHS.get(normal(match[1] or match[6])), int(match[7])
            begin, end = int(match[2] or match[4]), int(match[3] or match[5])
            if month and begin < end and _valid(month, begin) and (last := _date(year, month, end)):
                yield last.replace(day=begin), last
        for first, last in pairwise(_printed([line], order)):
            if timedelta(0) < last - first <= _YEAR:
                yield first, last


def _printed(lines: Sequence[str], order: str) -> list[date]:
    """The full dates in these lines, in their order."""
    parts = (day.parts(order) for line in lines for day in printed_in(line))
    return [day for p in parts if p and p[0] and (day := _date(p[0], p[1], p[2]))]
