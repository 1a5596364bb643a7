"""Payments that come again and again: their rhythm, their amount, the next date, and what changed."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

from smartimport_cli.crystal.history import Payment, Payments

# Name, shortest and longest interval in days, usual length.
_RHYTHMS = (
    ("weekly", 6, 8, 7),
    ("every two weeks", 13, 17, 14),
    ("monthly", 27, 34, 30),
    ("quarterly", 86, 97, 91),
    ("yearly", 355, 376, 365),
)
_SHARE = 0.8  # of the intervals must fit
_SPREAD = 0.35  # amounts may differ from their median by so much
_TWICE_ONLY = {"monthly", "yearly"}  # two payments of one amount are enough to say 'probably'


@dataclass(frozen=True, slots=True)
class Recurring:
    """One series of payments."""

    merchant: str
    category: str
    rhythm: str
    amount: int  # the latest
    usual: int  # the median
    payments: tuple[Payment, ...]  # oldest first
    next_date: date | None  # None where it has stopped
    probable: bool  # seen twice only
    new: bool  # began within the last two turns, while the store goes back further
    previous_amount: int | None  # where the latest payment changed a steady price


def find(payments: Payments, first: int, last: int) -> Recurring | None:
    """The series in one merchant's payments, if they are one. `first` and `last` are the ordinals that the
    store's rows lie between."""
    if len(payments) < 2 or len(payments) > (max(payments.days) - min(payments.days)) / _RHYTHMS[0][1] + 2:
        return None  # more often than the quickest rhythm
    rows = sorted(payments)
    gaps = [after.day - before.day for before, after in pairwise(rows)]
    rhythm = _rhythm(gaps)
    if rhythm is None:
        return None
    name, _, longest, length = rhythm
    usual = int(median(row.amount for row in rows))
    if usual == 0 or any(abs(row.amount - usual) > abs(usual) * _SPREAD for row in rows):
        return None
    probable = len(rows) == 2
    if probable and (name not in _TWICE_ONLY or rows[0].amount != rows[1].amount):
        return None
    due = _next(name, rows[-1].date, length)
    stopped = last > due.toordinal() + (longest - length) + 3
    new = rows[0].day - first > longest and last - rows[0].day <= 2 * longest
    before = {row.amount for row in rows[:-1]}
    changed = len(before) == 1 and rows[-1].amount not in before and len(rows) > 2
    return Recurring(
        payments.merchant, payments.category, name, rows[-1].amount, usual, tuple(rows),
        None if stopped else due, probable, new, before.pop() if changed else None,
    )  # fmt: skip


def _rhythm(gaps: list[int]) -> tuple[str, int, int, int] | None:
    for rhythm in _RHYTHMS:
        _, shortest, longest, _ = rhythm
        fitting = sum(shortest <= gap <= longest for gap in gaps)
        if fitting >= len(gaps) * _SHARE:
            return rhythm
    return None


def _next(name: str, last: date, length: int) -> date:
    months = {"monthly": 1, "quarterly": 3, "yearly": 12}.get(name)
    if months is None:
        return last + timedelta(days=length)
    index = last.year * 12 + last.month - 1 + months
    year, month = divmod(index, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(last.day, monthrange(year, month + 1)[1]))
