"""Figures, names and days of insights that may be of any kind: what is none is left out."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from smartimport_cli.core.text import clean, shorten
from smartimport_cli.views.html import charts

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_NAME = 34  # characters of a name beside a figure


def dicts(items: Any) -> list[dict[str, Any]]:
    """The dictionaries in a list; none where it is no list."""
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def text_of(item: dict[str, Any], key: str) -> str:
    """A text or a whole number as text; empty for anything else."""
    value = item.get(key)
    return clean(str(value)) if isinstance(value, str | int) else ""


def name_of(item: dict[str, Any], key: str) -> str:
    """A name, cut to what stands beside a figure."""
    return shorten(text_of(item, key) or "?", _NAME)


def decimal_of(value: Any) -> Decimal | None:
    """A figure; None where it is none, or too large for a page."""
    if not isinstance(value, str | int):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < 10**15 else None


def money(value: Decimal, *, sign: bool = False) -> str:
    """An amount for people, with a minus of typographers."""
    return charts.amount(value, sign=sign).replace("-", "\N{MINUS SIGN}")


def cents(value: Decimal) -> Decimal:
    """Rounded to two decimals."""
    return value.quantize(Decimal("0.01"))


def date_of(value: Any) -> date | None:
    """A day; None where it is none."""
    try:
        day = date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
    return day if 1900 <= day.year <= 2999 else None


def day_of(value: Any) -> str:
    """`3 Mar`; what is no day as it is."""
    day = date_of(value)
    return f"{day.day} {MONTHS[day.month - 1][:3]}" if day else clean(str(value))


def _month_of(value: Any) -> tuple[int, int] | None:
    day = date_of(f"{str(value)[:7]}-01")
    return (day.year, day.month) if day else None


def month_name(value: Any) -> str:
    """`March 2024`; what is no month as it is."""
    found = _month_of(value)
    return f"{MONTHS[found[1] - 1]} {found[0]}" if found else clean(str(value))


def long_month(item: dict[str, Any]) -> str:
    """The month of an item: `March 2024`."""
    return month_name(item.get("month"))


def short_month(item: dict[str, Any], *, few: bool) -> str:
    """`Mar`; where a year begins that, after the month's name where there is room for both."""
    found = _month_of(item.get("month"))
    if not found:
        return ""
    year, month = found
    name = MONTHS[month - 1][:3]
    return name if month > 1 else f"{name} {year}" if few else str(year)


def begins_quarter(item: dict[str, Any]) -> bool:
    """Whether the month of an item begins a quarter."""
    found = _month_of(item.get("month"))
    return found is not None and found[1] % 3 == 1


def month_at(months: Sequence[str], place: int) -> str:
    """A month by its place; empty where there is none."""
    return months[place] if -len(months) <= place < len(months) else ""


def period_of(found: dict[str, Any]) -> str:
    """The months that the insights are about: `January to March 2024`."""
    period = found.get("period")
    period = period if isinstance(period, dict) else {}
    first, last = date_of(period.get("first")), date_of(period.get("last"))
    if not first or not last:
        return "Summary"
    end = f"{MONTHS[last.month - 1]} {last.year}"
    if (first.year, first.month) == (last.year, last.month):
        return end
    start = MONTHS[first.month - 1]
    return f"{start} to {end}" if first.year == last.year else f"{start} {first.year} to {end}"
