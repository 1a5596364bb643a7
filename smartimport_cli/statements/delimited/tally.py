"""What the rows of one statement come to: sums, period, and the proof by the balances and totals that the file states."""

from array import array
from collections.abc import Sequence
from datetime import date

from smartimport_cli.core.model import Account, Issue, Proof, Statement, Verdict, where
from smartimport_cli.core.money import plain
from smartimport_cli.statements.delimited.plan import Plan
from smartimport_cli.statements.proof import RunningBalance, in_some_order, opening_and_closing

_UNORDERED = 250_000  # rows whose balances are kept where they follow no order


class Tally:
    """Fed with the rows as they are read, in the file's order. `whole`: the rows are all of the file, so that its
    totals are theirs."""

    def __init__(self, plan: Plan, *, whole: bool) -> None:
        self.plan = plan
        self.whole = whole
        self.rows = 0
        self.first: date | None = None
        self.last: date | None = None
        self.money_in: dict[str | None, int] = {}
        self.money_out: dict[str | None, int] = {}
        self.running: dict[str | None, RunningBalance] = {}
        self.befores, self.afters = array("q"), array("q")
        self.opening, self.closing = plan.opening, plan.closing
        self.pairs_checked = 0
        self.pair_breaks: list[int] = []
        self.totals: list[tuple[int, list[int]]] = []
        self.issues: list[Issue] = []

    def count(
        self, lines: Sequence[int], days: Sequence[date], amounts: Sequence[int],
        currencies: Sequence[str | None] | None, balances: Sequence[int | None] | None,
    ) -> None:  # fmt: skip
        """Totals, period, and proof of the next rows."""
        self.rows += len(amounts)
        low, high = min(days), max(days)
        self.first = low if self.first is None else min(self.first, low)
        self.last = high if self.last is None else max(self.last, high)
        if currencies is None or len({*currencies}) == 1:
            self._sum(self.plan.currency if currencies is None else currencies[0], lines, amounts, balances)
            return
        for currency in dict.fromkeys(currencies):
            rows = [i for i, other in enumerate(currencies) if other == currency]
            own = [balances[i] for i in rows] if balances is not None else None
            self._sum(currency, [lines[i] for i in rows], [amounts[i] for i in rows], own)

    def state(self, kind: str, units: int) -> None:
        """A balance that the file states: the first opening one counts, and the last closing one."""
        if kind == "opening":
            self.opening = units if self.opening is None else self.opening
        else:
            self.closing = units

    def total(self, line: int, values: list[int]) -> None:
        """The sums that a line states."""
        self.totals.append((line, values))

    def pair(self, line: int, before: int, amount: int, after: int) -> None:
        """The balances before and after one row."""
        self.pairs_checked += 1
        if before + amount != after:
            self.pair_breaks.append(line)

    def statement(self, account: Account) -> Statement:
        """The statement that the rows make, proved as far as the file allows."""
        proof, opening, closing = self._proof()
        currencies = {*self.money_in, *self.money_out}
        currency = currencies.pop() if len(currencies) == 1 else None if currencies else self.plan.currency
        return Statement(
            account=account, currency=currency, first_date=self.first, last_date=self.last,
            opening_balance=opening, closing_balance=closing, rows=self.rows, money_in=self.money_in,
            money_out=self.money_out, proof=proof, issues=tuple(self.issues),
        )  # fmt: skip

    def _sum(
        self,
        currency: str | None,
        lines: Sequence[int],
        amounts: Sequence[int],
        balances: Sequence[int | None] | None,
    ) -> None:
        total = sum(amounts)
        into = (sum(map(abs, amounts)) + total) // 2
        self.money_in[currency] = self.money_in.get(currency, 0) + into
        self.money_out[currency] = self.money_out.get(currency, 0) + total - into
        if balances is None:
            return
        running = self.running.setdefault(currency, RunningBalance(descending=self.plan.descending))
        running.feed(lines, amounts, balances)
        if self.plan.unordered and len(self.afters) < _UNORDERED:
            for amount, balance in zip(amounts, balances, strict=True):
                if balance is not None:
                    self.befores.append(balance - amount)
                    self.afters.append(balance)

    def _proof(self) -> tuple[Proof, int | None, int | None]:
        """The verdict, the opening and the closing balance."""
        total = sum(self.money_in.values()) + sum(self.money_out.values())
        totals = self._check_totals(total)
        seen = [running for running in self.running.values() if running.seen]
        if seen:
            proof, opening, closing = self._running(seen)
            if len(seen) > 1:
                return proof, None, None
            if proof.verdict is Verdict.PROVED:
                if self.opening is not None and opening != self.opening:
                    self._differs("opening", self.opening, opening)
                if self.closing is not None and closing != self.closing:
                    self._differs("closing", self.closing, closing)
                return proof, opening, closing
            if proof.verdict is Verdict.UNPROVED and self.opening is None and self.closing is None:
                return totals or proof, None, seen[0].closing
            if proof.verdict is Verdict.CONTRADICTED:
                return proof, self.opening, self.closing
        proof = opening_and_closing(self.opening, self.closing, total, self.rows)
        if totals and proof.verdict in (Verdict.CONSISTENT, Verdict.UNPROVED):
            proof = totals
        return proof, self.opening, self.closing

    def _running(self, seen: list[RunningBalance]) -> tuple[Proof, int | None, int | None]:
        proofs = [running.proof() for running in seen]
        proof = next((p for p in proofs if p.verdict is Verdict.CONTRADICTED), proofs[0])
        opening, closing = seen[0].opening, seen[0].closing
        if (
            proof.verdict is Verdict.CONTRADICTED
            and len(seen) == 1
            and len(self.afters) == seen[0].seen
            and (ends := in_some_order(self.befores, self.afters))
        ):
            n = len(self.afters)
            proof = Proof(
                Verdict.PROVED,
                "running balance",
                f"All {n} balances follow from the rows (in another order than the file's).",
                n,
            )
            return proof, *ends
        if self.pairs_checked and proof.verdict is not Verdict.CONTRADICTED:
            if self.pair_breaks:
                line = self.pair_breaks[0]
                proof = Proof(
                    Verdict.CONTRADICTED, "running balance",
                    f"The balances before and after a row differ by another amount {len(self.pair_breaks)} times, "
                    f"first at {where(line)}.", self.pairs_checked, where(line),
                )  # fmt: skip
            elif proof.verdict is Verdict.UNPROVED:
                proof = Proof(
                    Verdict.PROVED, "running balance", f"The balances before and after agree in {self.pairs_checked} rows.",
                    self.pairs_checked,
                )  # fmt: skip
        return proof, opening, closing

    def _differs(self, which: str, stated: int, found: int | None) -> None:
        rows = plain(found) if found is not None else "none"
        self.issues.append(
            Issue(
                f"{which}-balance-differs",
                f"The file states the {which} balance {plain(stated)}, its rows have {rows}.",
            )
        )

    def _check_totals(self, total: int) -> Proof | None:
        """Compare the totals that the file states with ours; None where it states none or they differ."""
        into, out = sum(self.money_in.values()), sum(self.money_out.values())
        wanted = {abs(total), into, -out}
        if not any(values for _, values in self.totals) or not self.whole:
            return None
        for line, values in self.totals:
            if any(abs(value) in wanted for value in values):
                return Proof(
                    Verdict.PROVED, "total", f"The total in {where(line)} is that of the rows.", self.rows
                )
        line = self.totals[-1][0]
        self.issues.append(
            Issue("total-differs", f"The total in {where(line)} is not that of the rows.", where(line))
        )
        return None
