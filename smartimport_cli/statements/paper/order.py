"""Day first or month first, for all days of one document."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from smartimport_cli.core.errors import FileRefused
from smartimport_cli.core.model import Choices, Evidence, Issue
from smartimport_cli.core.text import clean
from smartimport_cli.statements import days
from smartimport_cli.statements.days import Day
from smartimport_cli.statements.delimited import words
from smartimport_cli.statements.delimited.dates import ORDERS


def decide(
    found: Sequence[Day],
    around: Sequence[str],
    *,
    decimal: str,
    currency: str | None,
    choices: Choices,
    name: str,
) -> tuple[str, Evidence, Issue | None]:
    """The order of day and month in `found`, the days of the rows in file order; `around` are lines outside.

    Raises FileRefused `ambiguous` with the question that --date-order answers.
    """
    if choices.date_order:
        return choices.date_order, Evidence("date order", choices.date_order, "you said so"), None
    counts = {order: sum(order in day.orders() for day in found) for order in ORDERS}
    most = max(counts.values())
    orders = [order for order in ORDERS if counts[order] == most]
    if len(orders) == 1:
        return orders[0], Evidence("date order", orders[0], "the dates can be read in this order only"), None
    if len({tuple(day.parts(order) for day in found) for order in orders}) == 1:
        # Months with names: the order of the dates around the rows is what gives these their year.
        order, why = _by_other_dates(orders, found, around, decimal) or (
            "mdy" if currency == "USD" and "mdy" in orders else orders[0],
            "the dates can be read in this order only",
        )
        return order, Evidence("date order", order, why), None
    for reason in (_by_other_dates, _by_span, _by_marks, _by_sequence, _by_language):
        if (decided := reason(orders, found, around, decimal)) is not None:
            return decided[0], Evidence("date order", *decided), None
    if currency:
        order = "mdy" if currency == "USD" and "mdy" in orders else "dmy"
        why = f"where {currency} is paid, dates are written so"
        issue = Issue("date-order-likely", f"Dates are taken as {order}: {why}.")
        return order, Evidence("date order", order, why), issue
    options = [{"value": order, "reads": _spoken(found[0], order)} for order in orders]
    said = " or ".join(f"--date-order {option['value']} ({option['reads']})" for option in options)
    raise FileRefused(
        "ambiguous",
        f"{name}: the date {clean(found[0].text)} can be read in {len(orders)} ways, and nothing decides.",
        hint=f"Say which: {said}.",
        details={"question": {"choice": "date-order", "options": options}},
    )


_LONG = timedelta(days=400)
_Decided = tuple[str, str] | None


def _by_other_dates(orders: list[str], found: Sequence[Day], around: Sequence[str], decimal: str) -> _Decided:
    """Dates outside the table that can be read in one order, or a period in which all rows must lie."""
    printed = [day for line in around for day in days.printed_in(line)]
    numeric = [
        day for day in printed if len({day.parts(order) for order in orders}) > 1 or len(day.readings) == 1
    ]
    fitting = [order for order in orders if numeric and all(order in day.orders() for day in numeric)]
    if len(fitting) == 1:
        return fitting[0], "another date in the document can be read in this order only"
    inside = []
    for order in orders:
        period = days.period_of(around, order, ())
        if period is None or period.first is None:
            continue
        dated = [period.dated(day.parts(order)) for day in {*found}]
        if all(d is not None and period.first <= d <= period.last for d in dated):
            inside.append(order)
    if len(inside) == 1:
        return inside[0], "only so all rows lie in the period that the statement names"
    return None


def _by_span(orders: list[str], found: Sequence[Day], around: Sequence[str], decimal: str) -> _Decided:
    """Only one order keeps the rows within a year: 01/05/24 to 31/05/24 are no 30 years of May."""
    near = []
    for order in orders:
        dated = [date(*whole) for day in found if (whole := _whole(day, order))]
        if len(dated) == len(found) and max(dated) - min(dated) <= _LONG:
            near.append(order)
    return (near[0], "only so the rows are of one year") if len(near) == 1 else None


def _whole(day: Day, order: str) -> tuple[int, int, int] | None:
    parts = day.parts(order)
    return (parts[0], parts[1], parts[2]) if parts and parts[0] else None


def _by_marks(orders: list[str], found: Sequence[Day], around: Sequence[str], decimal: str) -> _Decided:
    if "dmy" in orders and all("." in day.text for day in found):
        return "dmy", "there are points between day and month"
    if "dmy" in orders and decimal == ",":
        return "dmy", "who writes a decimal comma writes the day first"
    return None


def _by_sequence(orders: list[str], found: Sequence[Day], around: Sequence[str], decimal: str) -> _Decided:
    """Only one order makes the rows run one way without jumps."""
    if len({day.text for day in found}) < 4:
        return None
    running = []
    for order in orders:
        parts = [(p[0] or 0, p[1], p[2]) for day in found if (p := day.parts(order))]
        steps = [b >= a for a, b in pairwise(parts)]
        if all(steps) or all(b <= a for a, b in pairwise(parts)):
            running.append(order)
    return (running[0], "only so the rows run from one end to the other") if len(running) == 1 else None


def _by_language(orders: list[str], found: Sequence[Day], around: Sequence[str], decimal: str) -> _Decided:
    order = words.date_order_of_language([line for line in around if len(line) < 80])
    return (order, "the language of the document writes it so") if order in orders else None


def _spoken(day: Day, order: str) -> str:
    parts = day.parts(order)
    return f"{parts[2]} {date(2000, parts[1], 1):%B}" if parts else ""
