"""Amounts out of the ordinary for a merchant, and charges that look like the same one twice."""

from collections import Counter
from statistics import median

from smartimport_cli.crystal.history import Payment, Payments

_HISTORY = 5  # other payments before an amount can be called unusual
_MADS = 6.0  # median absolute deviations; about four standard deviations of a normal distribution
_FACTOR = 1.5  # and at least so many times the usual
_DAYS = 3  # a charge that comes again within so many days
_ROUTINE = 4  # an amount that is paid so often is a habit, not a mistake


def unusual(payments: Payments) -> list[tuple[Payment, int]]:
    """Payments of the analysed import far above the merchant's usual amount, with that usual amount."""
    out = [row for row in payments if row.amount < 0]
    if len(out) <= _HISTORY:
        return []
    amounts = [row.amount for row in out]
    usual = int(median(amounts))
    spread = median(abs(amount - usual) for amount in amounts) or abs(usual) * 0.05
    return [
        (row, usual)
        for row in out
        if row.import_no == 0 and usual - row.amount > _MADS * spread and row.amount < usual * _FACTOR
    ]


def repeated(payments: Payments) -> list[tuple[Payment, Payment]]:
    """Two equal charges within days, the later one in the analysed import; habits are left out."""
    out = sorted(row for row in payments if row.amount < 0)
    often = Counter(row.amount for row in out)
    by_amount: dict[int, Payment] = {}
    pairs = []
    for row in out:
        before = by_amount.get(row.amount)
        by_amount[row.amount] = row
        if (
            before is not None
            and row.day - before.day <= _DAYS
            and often[row.amount] < _ROUTINE
            and 0 in (row.import_no, before.import_no)
        ):
            pairs.append((before, row))
    return pairs
