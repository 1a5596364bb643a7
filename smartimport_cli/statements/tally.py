"""What the rows of one statement come to: how many, of which days, money in and out per currency."""

from collections.abc import Sequence
from datetime import date
from operator import itemgetter

from smartimport_cli.core.model import Account, Issue, Proof, StagedTransaction, Statement

_DAY, _AMOUNT, _CURRENCY, _PENDING = itemgetter(1), itemgetter(2), itemgetter(3), itemgetter(9)


class Tally:
    """Sums over the rows of a statement as they stream by. `booked` leaves out what is pending: stated balances
    do not count it either."""

    __slots__ = ("booked", "first", "last", "money_in", "money_out", "rows")

    def __init__(self) -> None:
        self.rows = 0
        self.first: date | None = None
        self.last: date | None = None
        self.money_in: dict[str | None, int] = {}
        self.money_out: dict[str | None, int] = {}
        self.booked: dict[str | None, int] = {}

    def add(self, batch: list[StagedTransaction]) -> None:
        """The next rows."""
        if not batch:
            return
        self.count(list(map(_DAY, batch)), list(map(_AMOUNT, batch)), list(map(_CURRENCY, batch)))
        if any(map(_PENDING, batch)):
            for row in batch:
                if row.pending:
                    self.booked[row.currency] -= row.amount

    def count(self, days: Sequence[date], amounts: Sequence[int], currencies: Sequence[str | None]) -> None:
        """The next rows, one or more, none of them pending, by their columns. `currencies` is as long as these, or
        one currency for all of them."""
        first, last = min(days), max(days)
        self.first = first if self.first is None else min(self.first, first)
        self.last = last if self.last is None else max(self.last, last)
        self.rows += len(amounts)
        if currencies.count(currencies[0]) == len(currencies):
            self._sum(currencies[0], amounts)
            return
        units: dict[str | None, list[int]] = {}
        for currency, amount in zip(currencies, amounts, strict=True):
            units.setdefault(currency, []).append(amount)
        for currency, own in units.items():
            self._sum(currency, own)

    def _sum(self, currency: str | None, amounts: Sequence[int]) -> None:
        total = sum(amounts)
        money_in = (sum(map(abs, amounts)) + total) // 2
        self.money_in[currency] = self.money_in.get(currency, 0) + money_in
        self.money_out[currency] = self.money_out.get(currency, 0) + total - money_in
        self.booked[currency] = self.booked.get(currency, 0) + total

    @property
    def total(self) -> int:
        """Money in and out of all rows together, pending ones included."""
        return sum(self.money_in.values()) + sum(self.money_out.values())

    def statement(
        self,
        account: Account,
        currency: str | None,
        proof: Proof,
        *,
        opening: int | None = None,
        closing: int | None = None,
        issues: tuple[Issue, ...] = (),
    ) -> Statement:
        """The statement whose rows these were."""
        return Statement(
            account=account,
            currency=currency,
            first_date=self.first,
            last_date=self.last,
            opening_balance=opening,
            closing_balance=closing,
            rows=self.rows,
            money_in=self.money_in,
            money_out=self.money_out,
            proof=proof,
            issues=issues,
        )
