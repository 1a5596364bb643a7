"""Sums by month, which months are whole, and one month beside another."""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from smartimport_cli.crystal.categories import TRANSFERS
from smartimport_cli.crystal.history import Month, Payments

Span = tuple[int, int]  # ordinals, both included


@dataclass(slots=True)
class Flow:
    """Units in and out (out is negative), rows; earned and spent (not negative) without own transfers, refunds
    taken off what was spent."""

    money_in: int = 0
    money_out: int = 0
    rows: int = 0
    earned: int = 0
    spent: int = 0

    def add(self, payments: Payments, units: int, rows: int) -> None:
        """Count `rows` of these payments that come to `units`."""
        self.rows += rows
        if payments.money_in:
            self.money_in += units
        else:
            self.money_out += units
        if payments.category == TRANSFERS:
            return
        if payments.refund or not payments.money_in:
            self.spent -= units
        else:
            self.earned += units


@dataclass(slots=True)
class Months:
    """All months of one currency."""

    spans: Mapping[str, Span]  # of the accounts
    edge: int  # days that may be missing at both ends of a whole month
    flows: dict[Month, Flow] = field(default_factory=dict)
    of_accounts: dict[tuple[str, Month], Flow] = field(default_factory=dict)
    spent: dict[tuple[str, str, Month], int] = field(default_factory=dict)  # account, category, month

    @classmethod
    def of(cls, payments: Iterable[Payments], spans: Mapping[str, Span], edge: int) -> "Months":
        months = cls(spans, edge)
        of_day: dict[int, Month] = {}
        for part in payments:
            sums: dict[Month, list[int]] = {}
            for day, amount in zip(part.days, part.amounts, strict=True):
                month = of_day.get(day)
                if month is None:
                    month = of_day[day] = month_of(day)
                entry = sums.get(month)
                if entry is None:
                    sums[month] = [amount, 1]
                else:
                    entry[0] += amount
                    entry[1] += 1
            is_spent = part.category != TRANSFERS and (part.refund or not part.money_in)
            for month, (units, rows) in sums.items():
                months._flow(month).add(part, units, rows)
                months._of_account(part.account, month).add(part, units, rows)
                if is_spent:
                    spent = part.account, part.category, month
                    months.spent[spent] = months.spent.get(spent, 0) - units
        return months

    def _flow(self, month: Month) -> Flow:
        flow = self.flows.get(month)
        if flow is None:
            flow = self.flows[month] = Flow()
        return flow

    def _of_account(self, account: str, month: Month) -> Flow:
        flow = self.of_accounts.get((account, month))
        if flow is None:
            flow = self.of_accounts[account, month] = Flow()
        return flow

    def complete(self, month: Month) -> bool:
        """Whether the rows of every account that was in use reach over the whole month."""
        first, last = days_of(month)
        used = [span for span in self.spans.values() if span[0] <= last and span[1] >= first]
        return bool(used) and all(self._whole(span, month) for span in used)

    def missing(self) -> list[Month]:
        """Months between the first and the last without any row."""
        if not self.flows:
            return []
        months, month = [], min(self.flows)
        while month < max(self.flows):
            if month not in self.flows:
                months.append(month)
            month = shifted(month, 1)
        return months

    def category(self, name: str, month: Month, accounts: Iterable[str] | None = None) -> int:
        """What was spent on a category."""
        return sum(self.spent.get((account, name, month), 0) for account in accounts or self.spans)

    def _whole(self, span: Span, month: Month) -> bool:
        first, last = days_of(month)
        return span[0] <= first + self.edge and span[1] >= last - self.edge

    def compare(self, month: Month, before: Month) -> "Comparison | None":
        """The two months over the accounts that are whole in both; the later one may not be over yet."""
        end = max((span[1] for span in self.spans.values()), default=0)
        whole = [
            account
            for account, span in self.spans.items()
            if self._whole(span, before)
            and (self._whole(span, month) or (span[1] >= end - self.edge and end <= days_of(month)[1]))
        ]
        used = [a for a in self.spans if (a, month) in self.of_accounts or (a, before) in self.of_accounts]
        now, then = self._sum(whole, month), self._sum(whole, before)
        if not whole or not then.rows:
            return None
        names = {name for (account, name, when) in self.spent if when in (month, before) and account in whole}
        moves = [
            (name, self.category(name, month, whole) - self.category(name, before, whole)) for name in names
        ]
        return Comparison(
            month, before, now, then, self.complete(month),
            sorted((move for move in moves if move[1]), key=lambda move: (-abs(move[1]), move[0])),
            len(set(used) - set(whole)),
        )  # fmt: skip

    def _sum(self, accounts: Iterable[str], month: Month) -> Flow:
        total = Flow()
        for account in accounts:
            flow = self.of_accounts.get((account, month))
            if flow is not None:
                total.rows += flow.rows
                total.earned += flow.earned
                total.spent += flow.spent
        return total


@dataclass(frozen=True, slots=True)
class Comparison:
    """One month beside another. `categories`: what more was spent (minus: less), the largest move first."""

    month: Month
    before: Month
    now: Flow
    then: Flow
    complete: bool
    categories: list[tuple[str, int]]
    accounts_left_out: int


def month_of(day: int) -> Month:
    """The month of an ordinal."""
    when = date.fromordinal(day)
    return when.year, when.month


def days_of(month: Month) -> Span:
    """First and last day of a month."""
    return date(*month, 1).toordinal(), date(*month, monthrange(*month)[1]).toordinal()


def shifted(month: Month, months: int) -> Month:
    """The month so many later."""
    year, number = divmod(month[0] * 12 + month[1] - 1 + months, 12)
    return year, number + 1


def name(month: Month) -> str:
    """`2026-03`."""
    return f"{month[0]:04d}-{month[1]:02d}"
