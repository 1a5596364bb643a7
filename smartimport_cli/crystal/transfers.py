"""Money between own accounts, and money back: neither earned nor spent."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from smartimport_cli.core.merchant import merchant
from smartimport_cli.crystal.categories import INCOME, INTEREST, TRANSFERS, UNCATEGORISED, Decided, folded
from smartimport_cli.crystal.history import History, Payment, Payments
from smartimport_cli.crystal.thresholds import Thresholds

_MAY_BE_OWN = (TRANSFERS, UNCATEGORISED)
_KNOWN = 0.7  # confidence of a category from which on it is no transfer
_MOSTLY = 0.8  # of a merchant's rows that are transfers: all are
_LOOKED_AT = 100  # charges before a refund
_BACK = re.compile(
    r"\b(?:refund|reversal|reversed|chargeback|returned?|unpaid|cashback|rueckerstattung|ruckerstattung|erstattung"
    r"|storno\w*|retoure|rue?cklastschrift\w*|gutschrift retoure|remboursement|rembours|avoir|annulation|rejete?"
    r"|impayee?|reembolso|devolucion|devoluç?ao|rimborso"
    r"|storno|terugbetaling|retour|zwrot|aterbetalning|tilbakebetaling|refusion|estorno)\b"
)
_BACK_OR_CREDIT = re.compile(rf"{_BACK.pattern}|\b(?:gutschrift|credit)\b")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rows that are one movement between own accounts."""

    currency: str | None
    source: str  # accounts
    target: str
    out: Payment
    into: Payment


@dataclass(frozen=True, slots=True)
class Refund:
    """Money back; `of` is the charge, where it is here."""

    currency: str | None
    merchant: str
    row: Payment
    of: Payment | None
    kind: str  # reversal, partial, other


class _Place(NamedTuple):
    day: int
    payments: int  # index
    row: int  # index


def match_transfers(history: History, limits: Thresholds) -> list[Pair]:
    """Opposite amounts within days in two accounts of one currency, where neither side is known to be
    something else. The rows become Transfers."""
    if len({payments.account for payments in history.payments}) < 2:
        return []
    everyone = history.payments
    coming: dict[tuple[str | None, int], list[_Place]] = defaultdict(list)
    going: dict[tuple[str | None, int], list[_Place]] = defaultdict(list)
    candidates = [(n, p) for n, p in enumerate(everyone) if _may_be_own(p)]
    for number, payments in candidates:
        if payments.money_in:
            for index, (day, amount) in enumerate(zip(payments.days, payments.amounts, strict=True)):
                coming[payments.currency, amount].append(_Place(day, number, index))
    for number, payments in candidates:
        if not payments.money_in:
            for index, (day, amount) in enumerate(zip(payments.days, payments.amounts, strict=True)):
                if (payments.currency, -amount) in coming:
                    going[payments.currency, -amount].append(_Place(day, number, index))
    matched: list[tuple[_Place, _Place]] = []
    for key in going:
        matched += _nearest(sorted(going[key]), sorted(coming[key]), everyone, limits.transfer_days)
    pairs = []
    taken: dict[int, set[int]] = defaultdict(set)
    for out, into in matched:
        source, target = everyone[out.payments], everyone[into.payments]
        pairs.append(
            Pair(source.currency, source.account, target.account, _row(source, out.row), _row(target, into.row))
        )
        taken[out.payments].add(out.row)
        taken[into.payments].add(into.row)
    for number, rows in taken.items():
        whole = everyone[number]
        # Where most have their other side, the others lost it with a statement that is not here.
        part = whole if len(rows) >= _MOSTLY * len(whole) else whole.take(rows)
        part.decided = Decided(TRANSFERS, "pair")
        if part is not whole:
            everyone.append(part)
    pairs.sort(key=lambda pair: (-pair.out.day, pair.out.amount, pair.out.line))
    return pairs


def _may_be_own(payments: Payments) -> bool:
    """Whether what is known of these payments leaves it open; a vague word ('mobile') does."""
    decided = payments.decided
    return decided.category in _MAY_BE_OWN or (decided.by == "rule" and decided.confidence < _KNOWN)


def _nearest(
    going: list[_Place], coming: list[_Place], everyone: list[Payments], most: int
) -> Iterable[tuple[_Place, _Place]]:
    """Each row once, the earliest fitting one first. Days of booking may make the money arrive a day before
    it leaves."""
    first = 0
    used: set[int] = set()
    for out in going:
        while first < len(coming) and coming[first].day < out.day - 1:
            first += 1
        for index in range(first, len(coming)):
            into = coming[index]
            if into.day > out.day + most:
                break
            if index not in used and everyone[into.payments].account != everyone[out.payments].account:
                used.add(index)
                yield out, into
                break


def match_refunds(history: History, limits: Thresholds) -> list[Refund]:
    """Money from a merchant that it had been paid before, or that says that it is money back."""
    everyone = history.payments
    charges: dict[tuple[str | None, str], list[Payments]] = defaultdict(list)
    for payments in everyone:
        if not payments.money_in and payments.category != TRANSFERS:
            charges[payments.currency, folded(payments.house)].append(payments)
    of_merchant: dict[tuple[str | None, str], _Charges] = {}
    found: list[Refund] = []
    for payments in list(everyone):
        if not payments.money_in or payments.category in (TRANSFERS, INTEREST, INCOME):
            continue
        paid = _paid_to(charges, payments)
        worded = _BACK.search(folded(payments.description)) is not None
        # Wages are more than anything that was ever bought where one works.
        if not worded and (not paid or -min(min(part.amounts) for part in paid) < min(payments.amounts)):
            continue
        charged = of_merchant.get((payments.currency, payments.house))
        if charged is None:
            charged = _Charges(paid, limits.refund_days)
            of_merchant[payments.currency, payments.house] = charged
        back: dict[int, Refund] = {}
        for index, row in enumerate(payments):
            charge, kind = charged.of(row)
            if charge is not None or worded:
                back[index] = Refund(payments.currency, payments.merchant, row, charge, kind)
        if not back:
            continue
        part = payments if len(back) == len(payments) else payments.take(set(back))
        part.refund = True
        if part is not payments:
            everyone.append(part)
        if part.category == UNCATEGORISED and paid:
            part.decided = paid[0].decided
        found += back.values()
    found.sort(key=lambda refund: (-refund.row.day, -refund.row.amount, refund.row.line))
    return found


def _paid_to(charges: dict[tuple[str | None, str], list[Payments]], back: Payments) -> list[Payments]:
    """What was paid to the merchant that money came back from; banks name a town where they did not before, or
    write into the name that it comes back."""
    plain = merchant(_BACK_OR_CREDIT.sub(" ", folded(back.house)))
    for name in (back.house, back.house.rpartition(" ")[0], plain):
        if found := charges.get((back.currency, folded(name))):
            return found
    return []


class _Charges:
    """What a merchant was paid, to find the charge that money back is of."""

    def __init__(self, paid: Iterable[Payments], days: int) -> None:
        self._days = days
        self._rows = sorted(row for part in paid for row in part)
        self._all = [row.day for row in self._rows]
        self._equal: dict[int, list[Payment]] = defaultdict(list)
        for row in self._rows:
            self._equal[row.amount].append(row)

    def of(self, back: Payment) -> tuple[Payment | None, str]:
        """The latest equal charge before it, else the latest larger one."""
        equal = self._equal.get(-back.amount, [])
        at = bisect_right(equal, back.day, key=lambda row: row.day)
        if at and back.day - equal[at - 1].day <= self._days:
            return equal[at - 1], "reversal"
        at = bisect_right(self._all, back.day)
        for charge in reversed(self._rows[max(0, at - _LOOKED_AT) : at]):
            if back.day - charge.day > self._days:
                break
            if -charge.amount > back.amount:
                return charge, "partial"
        return None, "other"


def _row(payments: Payments, index: int) -> Payment:
    return Payment(payments.days[index], payments.amounts[index], payments.lines[index], payments.imports[index])
