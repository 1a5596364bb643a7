"""Amounts out of the ordinary for a merchant or a category, and charges that look like the same one twice."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, log
from statistics import median
from typing import NamedTuple

from smartimport_cli.crystal.categories import (
    CASH,
    FEES,
    INCOME,
    INTEREST,
    TRANSFERS,
    UNCATEGORISED,
)
from smartimport_cli.crystal.history import Payment, Payments
from smartimport_cli.crystal.thresholds import Thresholds

_PRICE = 3  # an amount that a merchant took so often is one of its prices
_NOT_SHOPPING = {TRANSFERS, INCOME, INTEREST, FEES}
_NOT_COMPARED = _NOT_SHOPPING | {UNCATEGORISED, CASH, "Housing", "Taxes", "Travel"}


@dataclass(frozen=True, slots=True)
class Unusual:
    """A payment far above the usual of its merchant, or of its category."""

    merchant: str
    category: str
    row: Payment
    usual: int
    compared_with: str


class Usual(NamedTuple):
    """What is usual of some payments: the median in units (negative), and the amount that is unusual."""

    amount: int
    limit: float


def usual(amounts: Sequence[int], deviations: float, times: float) -> Usual:
    """Median and limit by the median absolute deviation of the logarithms: prices differ by factors, not by
    sums, and few rows say little of how much they differ."""
    logs = array("d", (log(-amount) for amount in amounts))  # there may be a million
    middle = median(logs)
    spread = 1.4826 * median(abs(value - middle) for value in logs)
    allowed = deviations * max(spread, 0.02) * (1 + 4 / len(logs))
    return Usual(int(median(amounts)), -exp(middle + max(allowed, log(times))))


def unusual(
    payments: Sequence[Payments], category: "Usual | None", limits: Thresholds, regular: Collection[Payment]
) -> list[Unusual]:
    """Payments of the analysed import that are unusual for one merchant (all its accounts); where there is too
    little history, for its category. `regular` are rows of a series, whose price is told elsewhere."""
    if not any(0 in part.imports for part in payments) or payments[0].category in _NOT_SHOPPING:
        return []
    amounts = array("q", (amount for part in payments for amount in part.amounts if amount < 0))
    if len(amounts) > limits.unusual_history:
        lowest = min(amounts)
        if lowest > limits.unusual_times * median(amounts):
            return []
        limit, compared = usual(amounts, limits.unusual_deviations, limits.unusual_times), "merchant"
        # Few amounts that differ much hide one that is beyond all others.
        second = sorted(amounts)[1]
        beyond = min(second * limits.unusual_beyond, limit.amount * 2 * limits.unusual_times)
        if lowest <= beyond:
            limit = limit._replace(limit=max(limit.limit, beyond + 1))
        prices = {amount for amount, times in Counter(amounts).items() if times >= _PRICE}
    elif category is not None and payments[0].category not in _NOT_COMPARED and len(amounts) <= 3:
        limit, compared = category, "category"
        prices = set()
    else:
        return []
    return [
        Unusual(part.merchant, part.category, row, limit.amount, compared)
        for part in payments
        for row in part.mine
        if row.amount < limit.limit and row.amount not in prices and row not in regular
    ]


def usual_of_categories(payments: Iterable[Payments], limits: Thresholds) -> dict[str, Usual]:
    """What is usual in each category that has enough rows."""
    amounts: dict[str, array[int]] = defaultdict(lambda: array("q"))
    for part in payments:
        if not part.money_in and part.category not in _NOT_COMPARED:
            amounts[part.category].extend(amount for amount in part.amounts if amount < 0)
    return {
        category: usual(values, limits.unusual_category_deviations, limits.unusual_category_times)
        for category, values in amounts.items()
        if len(values) >= limits.unusual_category_history
    }


def repeated(
    payments: Payments, regular: Collection[Payment], resolved: Collection[Payment], limits: Thresholds
) -> list[tuple[Payment, Payment]]:
    """Two equal charges within days, one of them in the analysed import. Habits (equal amounts come near each
    other by chance) are left out, and what was paid back (`resolved`)."""
    if payments.category in _NOT_SHOPPING or payments.category == CASH:
        return []
    often = Counter(payments.amounts)
    doubtful = {amount for amount, count in often.items() if amount < 0 and count > 1}
    if not doubtful:
        return []
    span = max(max(payments.days) - min(payments.days), 30)
    near = 2 * limits.repeated_days + 1
    pairs = []
    days, amounts, lines = payments.days, payments.amounts, payments.lines
    last: dict[int, int] = {}  # places, not rows: a merchant can have a million
    places: Sequence[int] = array("q", (place for place, amount in enumerate(amounts) if amount in doubtful))
    if any((days[a], lines[a]) > (days[b], lines[b]) for a, b in pairwise(places)):
        places = sorted(sorted(places, key=lines.__getitem__), key=days.__getitem__)
    for place in places:
        before = last.get(amounts[place])
        last[amounts[place]] = place
        if before is not None and days[place] - days[before] <= limits.repeated_days:
            pairs.append((payments.row(before), payments.row(place)))
    if not pairs:
        return []
    again = Counter(row.amount for _, row in pairs)
    chance = sum(
        (count - again[amount]) * (count - again[amount] - 1) / 2 * near / span
        for amount, count in often.items()
        if amount in doubtful and not any(row.amount == amount and row in regular for pair in pairs for row in pair)
    )
    least = limits.repeated_share * median(payments.amounts)
    habits = {amount for amount, times in again.items() if times > 1 and times > 0.15 * often[amount]}
    return [
        pair
        for pair in pairs
        if pair[0].amount not in habits
        and pair[0].amount <= least
        and 0 in (pair[0].import_no, pair[1].import_no)
        and not any(row in resolved for row in pair)
        and not (pair[0] in regular and pair[1] in regular and pair[1].day - pair[0].day > 2)  # two turns, one late
        and (pair[0] in regular or pair[1] in regular or chance <= limits.repeated_chance)
    ]
