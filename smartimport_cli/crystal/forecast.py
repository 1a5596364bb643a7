"""What the rest of the month may bring: payments that are due, and the everyday as it was before."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt
from statistics import median

from smartimport_cli.core.money import UNITS
from smartimport_cli.crystal.categories import TRANSFERS
from smartimport_cli.crystal.history import Payment, Payments
from smartimport_cli.crystal.months import days_of, month_of, shifted
from smartimport_cli.crystal.recurring import Series, due_dates
from smartimport_cli.crystal.thresholds import Thresholds

_NEARLY_OVER = 4  # with so few days left the next month is looked at too


@dataclass(frozen=True, slots=True)
class Forecast:
    """Units from the day after `after` to `until` (ordinals). `low` to `high` hold the net four times of five."""

    after: int
    until: int
    scheduled: list[tuple[str, date, int]]  # merchant, day, amount
    everyday_out: int
    net: int
    low: int
    high: int
    months_used: int


def forecast(
    payments: Sequence[Payments], series: Iterable[tuple[Payments, Series]], first: int, last: int,
    limits: Thresholds,
) -> Forecast | None:  # fmt: skip
    """None where fewer than `forecast_least` earlier months show how such days go."""
    month = month_of(last)
    until = days_of(month)[1]
    if until - last < _NEARLY_OVER:
        until = days_of(shifted(month, 1))[1]
    running = [(part, found) for part, found in series if part.category != TRANSFERS and found.next_date]
    scheduled = sorted(
        (
            (part.merchant, day, found.usual)
            for part, found in running
            if not found.probable
            for day in due_dates(found, date.fromordinal(until))
            if day.toordinal() > last
        ),
        key=lambda item: (item[1], item[2], item[0]),
    )
    told = {row for _, found in running if not found.probable for row in found.payments}
    merchants = {part.merchant for part, _ in running}
    nets, outs = _earlier(payments, merchants, told, first, last, until, limits.forecast_months)
    if len(nets) < limits.forecast_least:
        return None
    due = sum(amount for _, _, amount in scheduled)
    low, high = _four_of_five(nets, _doubt(running, until, last))
    usual, out = int(median(nets)), int(median(outs))
    return Forecast(
        last,
        until,
        scheduled,
        _whole(out),
        _whole(due + usual),
        _whole(due + low),
        _whole(due + high),
        len(nets),
    )


def _whole(units: int) -> int:
    """In whole main units: a forecast is not exact to the cent."""
    return int((units + UNITS // 2) // UNITS * UNITS)


def _earlier(
    payments: Sequence[Payments],
    merchants: Collection[str],
    told: Collection[Payment],
    first: int,
    last: int,
    until: int,
    most: int,
) -> tuple[list[int], list[int]]:
    """Net and spending (units, not negative), without what is told already, in the same days of each of the
    earlier months."""
    windows = []
    for back in range(1, most + 1):
        start, end = _back(last, back), _back(until, back)
        if start < first or end > last:
            if start < first:
                break
            continue
        windows.append((start, end))
    if not windows:
        return [], []
    begin = windows[-1][0]
    by_day: dict[int, list[int]] = {}
    for part in payments:
        if part.category == TRANSFERS or max(part.days) <= begin:
            continue
        spent = part.refund or not part.money_in
        rows: Iterable[tuple[int, int]] = zip(part.days, part.amounts, strict=True)
        if part.merchant in merchants:
            rows = ((row.day, row.amount) for row in part if row not in told)
        for day, amount in rows:
            if day > begin:
                sums = by_day.setdefault(day, [0, 0])
                sums[0] += amount
                if spent:
                    sums[1] -= amount
    nets, outs = [], []
    for start, end in windows:
        days = [by_day[day] for day in range(start + 1, end + 1) if day in by_day]
        nets.append(sum(net for net, _ in days))
        outs.append(sum(out for _, out in days))
    return nets, outs


def _back(day: int, months: int) -> int:
    """The same day so many months before (the last one of a shorter month; a last day stays one)."""
    when = date.fromordinal(day)
    first, last = days_of(shifted((when.year, when.month), -months))
    if day == days_of((when.year, when.month))[1]:
        return last
    return min(first + when.day - 1, last)


def _doubt(running: Iterable[tuple[Payments, Series]], until: int, last: int) -> float:
    """What the amounts of variable payments that are due may differ by, four times of five."""
    squares = 0.0
    for _, series in running:
        if series.variable and not series.probable:
            amounts = [row.amount for row in series.payments]
            spread = 1.4826 * median(abs(amount - series.usual) for amount in amounts)
            turns = sum(day.toordinal() > last for day in due_dates(series, date.fromordinal(until)))
            squares += turns * (1.28 * spread) ** 2
    return sqrt(squares)


def _four_of_five(values: Sequence[int], doubt: float) -> tuple[int, int]:
    """A range that the next value lies in four times of five: the tenths at both ends, wider for few values and
    by what else is in doubt (of its own, so the squares add up)."""
    ordered = sorted(values)
    middle = median(ordered)
    wider = 1 + 3.5 / len(ordered)

    def at(share: float) -> float:
        place = share * (len(ordered) - 1)
        low = int(place)
        high = min(low + 1, len(ordered) - 1)
        return ordered[low] + (ordered[high] - ordered[low]) * (place - low)

    below, above = (middle - at(0.1)) * wider, (at(0.9) - middle) * wider
    return int(middle - sqrt(below**2 + doubt**2)), int(middle + sqrt(above**2 + doubt**2))
