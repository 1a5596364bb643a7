"""Dates as banks write them. A cell has a shape; the order of day and month is decided for a whole file."""

# ruff: noqa: E501 - expressions

import re
from datetime import date, timedelta
from functools import lru_cache

from smartimport_cli.statements.delimited.words import MONTHS, normal

# What may follow a date: a time of day, a zone, OFX's [0:GMT].
_TIME = r"(?:[T .,;-]*\s*(?:at |um |kl\.? ?)?\d{1,2}[:.h]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?\s*(?:[AaPp]\.?[Mm]\.?)?\s*(?:Z|[+-]\d\d:?\d\d|[A-Z]{2,4})?)?"
# What may stand between date and time: year, in Russian and Bulgarian; the day that a broker counts from.
_OF_YEAR = r"(?: ?[гр]\.?)?(?: as of \d{1,2}/\d{1,2}/\d{4})?"
_WEEKDAY = r"(?:[^\W\d_]{2,12}\.?,? )?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})\s?[-/.年]\s?(\d{{1,2}})\s?[-/.月]\s?(\d{{1,2}})[日.]?{_TIME}")
_YEAR_LAST = re.compile(
    rf"{_WEEKDAY}(\d{{1,2}})\s?[-/. ]\s?(\d{{1,2}})\s?[-/. ]\s?(\d{{4}}|\d{{2}})\.?{_OF_YEAR}{_TIME}"
)
_ERA = re.compile(rf"(R|H|令和|平成|昭和)\s?(\d{{1,2}}|元)\s?[-/.年]\s?(\d{{1,2}})\s?[-/.月]\s?(\d{{1,2}})日?{_TIME}")
_ROC = re.compile(r"(1\d\d)[/.](\d\d)[/.](\d\d)")
_COMPACT = re.compile(r"(\d{8})(?:[T ]?\d{4}(?:\d{2})?(?:\.\d+)?)?(?:\[[^\]]*\])?Z?")
_DAY_NAMED = re.compile(
    rf"{_WEEKDAY}(\d{{1,2}})(?:st|nd|rd|th|er|\.|º)?[-/. ]*(?:de |d')?([^\W\d_]{{3,14}})\.?[-/., ']*(?:de |del )?(\d{{4}}|\d{{2}}){_OF_YEAR}{_TIME}"
)
_NAMED_DAY = re.compile(
    rf"{_WEEKDAY}([^\W\d_]{{3,14}})\.?[-/. ]*(\d{{1,2}})(?:st|nd|rd|th)?,?[-/. ]+(\d{{4}}){_TIME}"
)
_YEAR_NAMED = re.compile(rf"(\d{{4}})[-/. ]+([^\W\d_]{{3,14}})\.?[-/. ]+(\d{{1,2}})\.?{_TIME}")
ORDERS = ("dmy", "mdy", "ymd")
SERIAL = "serial"  # the order of a file with day numbers; other cells are read as ymd
_SERIAL = re.compile(r"(\d{5})(?:[.,]\d+)?")
_ERAS = {"R": 2018, "H": 1988, "令": 2018, "平": 1988, "昭": 1925}  # the year before the first, in Japan
_THIS_CENTURY = 70  # two-digit years below belong to 20xx


@lru_cache(maxsize=65536)
def shape(cell: str) -> str | None:
    """`fixed` (one reading only), `parts` (12/03/2026), `short` (12/03/26), `compact` (20260312), or None."""
    text = unwrapped(cell)
    if not 6 <= len(text) <= 50 or not any(map(str.isdigit, text)):
        return None
    if _YEAR_FIRST.fullmatch(text) or _ROC.fullmatch(text):
        return "fixed" if _read(text, "ymd") else None
    if match := _YEAR_LAST.fullmatch(text):
        kind = "parts" if len(match[3]) == 4 else "short"
        return kind if any(_read(text, order) for order in ORDERS) else None
    if match := _COMPACT.fullmatch(text):
        return "compact" if any(_read(text, order) for order in ORDERS) else None
    return "fixed" if _read(text, "dmy") else None


@lru_cache(maxsize=65536)
def read(cell: str, order: str) -> date | None:
    """The date in `cell` where its numbers come in `order` (dmy, mdy, ymd, or SERIAL); None where there is none."""
    if order == SERIAL:
        return serial(cell) or _read(unwrapped(cell), "ymd")
    return _read(unwrapped(cell), order)


def readings(cell: str) -> dict[str, date]:
    """All that the cell could mean, by order."""
    found = {order: read(cell, order) for order in ORDERS}
    return {order: day for order, day in found.items() if day}


def unwrapped(cell: str) -> str:
    """The cell without blanks, quotes, and a spreadsheet's `="..."`."""
    text = cell.strip(" \t\u00a0'\"\ufeff\u200e\u200f\u202a\u202b\u202c")
    return text[1:].strip("'\" ") if text[:1] == "=" else text


def serial(cell: str) -> date | None:
    """The date of a spreadsheet's day number (45444 is 1 June 2024, a fraction is the time of day), of years
    that statements have; None where it is none."""
    match = _SERIAL.fullmatch(cell.strip())
    return date(1899, 12, 30) + timedelta(int(match[1])) if match and 29000 <= int(match[1]) <= 65000 else None


def _read(text: str, order: str) -> date | None:
    if match := _YEAR_FIRST.fullmatch(text):
        return _date(int(match[1]), int(match[2]), int(match[3]))
    if match := _YEAR_LAST.fullmatch(text):
        a, b, c = int(match[1]), int(match[2]), int(match[3])
        if len(match[3]) == 2:
            if order == "ymd":
                return _date(_century(a), b, c)
            c = _century(c)
        elif order == "ymd":
            return None
        return _date(c, b, a) if order == "dmy" else _date(c, a, b)
    if match := _COMPACT.fullmatch(text):
        d = match[1]
        if order == "ymd":
            return _date(int(d[:4]), int(d[4:6]), int(d[6:]))
        year, a, b = int(d[4:]), int(d[:2]), int(d[2:4])
        return _date(year, b, a) if order == "dmy" else _date(year, a, b)
    if match := _ROC.fullmatch(text):
        return _date(int(match[1]) + 1911, int(match[2]), int(match[3]))
    if match := _ERA.fullmatch(text):
        year = 1 if match[2] == "元" else int(match[2])
        return _date(_ERAS[match[1][0]] + year, int(match[3]), int(match[4]))
    if match := _DAY_NAMED.fullmatch(text):
        return _named(match[3], match[2], match[1])
    if match := _NAMED_DAY.fullmatch(text):
        return _named(match[3], match[1], match[2])
    if match := _YEAR_NAMED.fullmatch(text):
        return _named(match[1], match[2], match[3])
    return None


def _named(year: str, month: str, day: str) -> date | None:
    number = MONTHS.get(normal(month))
    if number is None:
        return None
    return _date(int(year) if len(year) == 4 else _century(int(year)), number, int(day))


def _century(year: int) -> int:
    return year + (2000 if year < _THIS_CENTURY else 1900)


def _date(year: int, month: int, day: int) -> date | None:
    if 2443 <= year <= 2643:  # Buddhist era
        year -= 543
    if not 1950 <= year <= 2100:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
