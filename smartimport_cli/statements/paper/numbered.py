"""Days that are a number alone: the name of their month stands above them, or the statement's period has one such day.

Only where each of them can be dated in one way; else the lines stay as they are, and nothing of them is read.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from smartimport_cli.core.documents import Word
from smartimport_cli.core.model import Evidence
from smartimport_cli.statements import days
from smartimport_cli.statements.days import Day
from smartimport_cli.statements.delimited import words as names
from smartimport_cli.statements.delimited.dates import ORDERS
from smartimport_cli.statements.paper import vocabulary
from smartimport_cli.statements.paper.headers import header_cells, headers_in
from smartimport_cli.statements.paper.lines import Line, Piece, pieces_of

_NUMBER = re.compile(r"(0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th|er|\.|º)?")
_YEAR = r"(?:19|20)\d\d"
_HEADING = re.compile(
    rf"(?P<name>[^\W\d_]{{3,12}})\.?,?(?: del?)?(?:[ -]+(?P<year>{_YEAR}))?:?"
    rf"|(?P<number>0?[1-9]|1[0-2])[/.-](?P<year_of_number>{_YEAR})"
)
_CONTINUED = re.compile(r"\s*\([^\d()]{1,24}\)$")
_DAYS = frozenset(
    "jour jours dia giorno den dan nap gun zi ziua pvm dagen".split()
)  # beside what names dates
_BESIDE = 1.2  # of a line's height: how far apart the words of one column may begin

_Span = tuple[date, date]
_Month = tuple[int | None, int]
_Dated = tuple[int | None, int, int]  # year, month, day


class _Row(NamedTuple):
    """A line that begins with a number in the column of days."""

    at: int
    number: int
    word: Word
    taken: int  # words before its text


class Undated(Exception):
    """Days that could be of more than one month, or of none. `line` has the first of them."""

    def __init__(self, line: Line) -> None:
        super().__init__(line.text)
        self.line = line


def dated(lines: Sequence[Line], order: str | None) -> tuple[list[Line], Evidence] | None:
    """The lines with their numbers read as days, and why; None where there are none. `order` is that of the numbers
    in the dates around them, where somebody said it.

    Raises Undated where a header names them days, and one could be of more than one month.
    """
    headers = headers_in(list(lines))
    rows = _rows(lines, {at: _columns(header) for at, header in headers.items()})
    if not rows:
        return None
    months = _months(lines, rows)
    lead = [line.text for line in lines[: rows[0].at]]
    spans = {span for o in ((order,) if order else ORDERS) for span in days.spans_in(lead, o)}
    found: list[_Dated] | None = None
    if months:
        why = "the name of its month stands above each day"
        found = _below(lines, rows, months)
        if found and spans:  # more than one where the order of their numbers is not known
            ways = [way for span in spans if (way := _inside(found, *span)) is not None]
            found = ways[0] if ways and ways.count(ways[0]) == len(ways) else None
    elif headers:
        why = "the statement's period has one such day for each number"
        spans = spans or set(_named_in(lead))
        if len(spans) == 1:
            found = _within(rows, *spans.pop())
    if found is None:
        if headers:
            raise Undated(lines[rows[0].at])
        return None
    said = ", ".join(dict.fromkeys(f"{year or ''}-{month:02}".lstrip("-") for year, month, _ in found))
    return list(_replaced(lines, rows, set(months), found)), Evidence("months of the days", said, why)


def _columns(header: list[Word]) -> list[tuple[float, float]]:
    """Where the header names days; of several such columns (booked, value) that of the booking first."""
    found = []
    for cell in header_cells(header):
        name = " ".join(word.text for word in cell)
        if names.role_of(name) == "date" or names.normal(name) in _DAYS:
            found.append((-names.booked(name), cell[0].left, cell[-1].right))
    return [(left, right) for _, left, right in sorted(found)]


def _rows(lines: Sequence[Line], headers: dict[int, list[tuple[float, float]]]) -> list[_Row]:
    """The rows from the first header to the last amount, by the columns of days that each header names; where there
    is no header, lines of a number, a text and an amount. None of them where one has no day of booking."""
    money = {at for at, line in enumerate(lines) if any(piece.kind == "money" for piece in line.pieces)}
    found: list[_Row] = []
    if not headers:
        for at in sorted(money):
            word = lines[at].words[0]
            if lines[at].pieces[0].kind == "whole" and len(lines[at].words) > 2 and _number(word):
                found.append(_Row(at, _number(word), word, 1))
        apart = [abs(row.word.right - found[0].word.right) for row in found]
        return found if all(d <= _BESIDE * lines[found[0].at].height for d in apart) else []
    columns: list[tuple[float, float]] = []
    for at in range(min(headers), max(money, default=-1) + 1):
        columns = headers.get(at, columns)
        line = lines[at]
        days_of = {}
        for word in line.words[: len(columns)]:
            column = _under(word, columns, line.height)
            if not _number(word) or column is None or column in days_of:
                break
            days_of[column] = word
        if not days_of:
            continue
        more = line.words[len(days_of)] if len(days_of) < len(line.words) else None
        if 0 not in days_of or (more and _number(more) and _under(more, columns, 0) is not None):
            return []  # no day of booking; or a day and a month, each a number
        found.append(_Row(at, _number(days_of[0]), days_of[0], len(days_of)))
    return found


def _number(word: Word) -> int:
    """The day that a word could be; 0 for others."""
    match = _NUMBER.fullmatch(word.text)
    return int(match[1]) if match else 0


def _under(word: Word, columns: list[tuple[float, float]], slack: float) -> int | None:
    over = [
        (abs(left + right - word.left - word.right), number)
        for number, (left, right) in enumerate(columns)
        if word.left < right + slack and left - slack < word.right
    ]
    return min(over)[1] if over else None


def _months(lines: Sequence[Line], rows: list[_Row]) -> dict[int, _Month]:
    """The lines that are the name of a month, with its year where it is said. What begins where the descriptions of
    rows do belongs to them."""
    texts = [lines[row.at].words[row.taken].left for row in rows if row.taken < len(lines[row.at].words)]
    found = {}
    for at, line in enumerate(lines[: rows[-1].at]):
        match = _HEADING.fullmatch(_CONTINUED.sub("", line.text))
        if match is None or any(abs(line.left - left) <= _BESIDE * line.height for left in texts):
            continue
        month = int(match["number"]) if match["number"] else names.MONTHS.get(names.normal(match["name"]))
        year = match["year"] or match["year_of_number"]
        if month:
            found[at] = (int(year) if year else None, month)
    return found


def _below(lines: Sequence[Line], rows: list[_Row], months: dict[int, _Month]) -> list[_Dated] | None:
    """Each number as a day of the month above it; None where one has none above, where no such day is, where some
    months have a year and others none, or where the days of a month do not run one way."""
    if min(months) > rows[0].at or len({year is None for year, _ in months.values()}) > 1:
        return None
    found: list[_Dated] = []
    month: _Month = (None, 0)
    runs: list[list[int]] = []
    numbers = {row.at: row.number for row in rows}
    for at in range(min(months), rows[-1].at + 1):
        if at in months:
            if months[at] != month:
                runs.append([])
            month = months[at]
        elif at in numbers:
            runs[-1].append(numbers[at])
            found.append((*month, numbers[at]))
        elif vocabulary.is_heading(lines[at].text):
            runs.append([])
    if not all(run == sorted(run) or run == sorted(run, reverse=True) for run in runs):
        return None
    return found if all(_day(*parts) for parts in found) else None


def _day(year: int | None, month: int, day: int) -> date | None:
    try:
        return date(year or 2000, month, day)
    except ValueError:
        return None


def _inside(found: list[_Dated], first: date, last: date) -> list[_Dated] | None:
    """The days with the year that they have in the period; None where one is not once in it."""
    years = range(first.year, last.year + 1)
    inside: list[_Dated] = []
    for year, month, day in found:
        possible = [
            y for y in ((year,) if year else years) if (d := _day(y, month, day)) and first <= d <= last
        ]
        if len(possible) != 1:
            return None
        inside.append((possible[0], month, day))
    return inside


def _named_in(texts: Sequence[str]) -> Iterator[_Span]:
    """The months that lines name, but not as part of a date."""
    for text in texts:
        if (month := days.month_in(days.without_dates(text))) is not None:
            yield month


def _within(rows: list[_Row], first: date, last: date) -> list[_Dated] | None:
    """Each number as the one day of the period that it can be, or that it can be where the rows run from one end of
    it to the other; None where there is none or more than one."""
    every = [first + timedelta(i) for i in range((last - first).days + 1)]
    possible = [[day for day in every if day.day == row.number] for row in rows]
    if not all(possible):
        return None
    if all(len(found) == 1 for found in possible):
        ways = [[found[0] for found in possible]]
    else:
        ways = []
        for downwards in (False, True):
            ordered = possible[::-1] if downwards else possible
            early, late = _running(ordered, first), _running_back(ordered, last)
            if early is None or late is None:
                continue
            if early != late:
                return None
            ways.append(early[::-1] if downwards else early)
    if not ways or any(way != ways[0] for way in ways):
        return None
    return [(day.year, day.month, day.day) for day in ways[0]]


def _running(possible: list[list[date]], begin: date) -> list[date] | None:
    """The earliest days that run forward; None where none do."""
    found = []
    for candidates in possible:
        begin = next((day for day in candidates if day >= begin), date.max)
        if begin == date.max:
            return None
        found.append(begin)
    return found


def _running_back(possible: list[list[date]], end: date) -> list[date] | None:
    """The latest days that run forward; None where none do."""
    found = []
    for candidates in reversed(possible):
        end = next((day for day in reversed(candidates) if day <= end), date.min)
        if end == date.min:
            return None
        found.append(end)
    return found[::-1]


def _replaced(
    lines: Sequence[Line], rows: list[_Row], headings: set[int], found: list[_Dated]
) -> Iterator[Line]:
    """The lines with days in place of the numbers, and without the names of months."""
    dates = {row.at: (row, day) for row, day in zip(rows, found, strict=True)}
    for at, line in enumerate(lines):
        if at in headings:
            continue
        if at not in dates:
            yield line
            continue
        row, (year, month, day) = dates[at]
        read = Day(
            f"{day} {date(2000, month, 1):%B}" + (f" {year}" if year else ""),
            tuple((order, year, month, day) for order in ORDERS),
        )
        piece = Piece("day", read.text, row.word.left, row.word.right, row.word.confidence, day=read)
        yield line._replace(pieces=[piece, *pieces_of(line.words[row.taken :])])
