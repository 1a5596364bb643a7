"""What the rows of one statement come to: how many, of which days, money in and out per currency."""

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
        days = list(map(_DAY, batch))
        first, last = min(days), max(days)
        self.first = first if self.first is None else min(self.first, first)
        self.last = last if self.last is None else max(self.last, last)
        self.rows += len(batch)
        amounts: dict[str | None, list[int]] = {}
        currencies = list(map(_CURRENCY, batch))
        if currencies.count(currencies[0]) == len(batch):
            amounts[currencies[0]] = list(map(_AMOUNT, batch))
        else:
            for row in batch:
                amounts.setdefault(row.currency, []).append(row.amount)
        for currency, units in amounts.items():
            total = sum(units)
            money_in = sum([amount for amount in units if amount > 0])
            self.money_in[currency] = self.money_in.get(currency, 0) + money_in
            self.money_out[currency] = self.money_out.get(currency, 0) + total - money_in
            self.booked[currency] = self.booked.get(currency, 0) + total
        if any(map(_PENDING, batch)):
            for row in batch:
                if row.pending:
                    self.booked[row.currency] -= row.amount

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
