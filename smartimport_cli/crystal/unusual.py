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
    amounts = [amount for amount in payments.amounts if amount < 0]
    if len(amounts) <= _HISTORY:
        return []
    usual = int(median(amounts))
    if min(amounts) >= usual * _FACTOR:
        return []
    spread = median(abs(amount - usual) for amount in amounts) or abs(usual) * 0.05
    limit = min(usual - _MADS * spread, usual * _FACTOR)
    return [(row, usual) for row in payments if row.import_no == 0 and row.amount < limit]


def repeated(payments: Payments) -> list[tuple[Payment, Payment]]:
    """Two equal charges within days, one of them in the analysed import; habits are left out."""
    often = Counter(payments.amounts)
    doubtful = {amount for amount, count in often.items() if amount < 0 and 1 < count < _ROUTINE}
    if not doubtful:
        return []
    last: dict[int, Payment] = {}
    pairs = []
    for row in sorted(row for row in payments if row.amount in doubtful):
        before = last.get(row.amount)
        last[row.amount] = row
        if before is not None and row.day - before.day <= _DAYS and 0 in (row.import_no, before.import_no):
            pairs.append((before, row))
    return pairs
