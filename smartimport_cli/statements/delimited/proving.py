"""The proof of one statement: by the balances after its rows, by the balances and totals that the file states."""

from array import array
from collections.abc import Sequence
from datetime import date

from smartimport_cli.core.model import Account, Issue, Proof, Statement, Verdict, where
from smartimport_cli.core.money import plain
from smartimport_cli.statements.delimited.plan import Plan
from smartimport_cli.statements.proof import RunningBalance, in_some_order, opening_and_closing
from smartimport_cli.statements.tally import Tally

_UNORDERED = 250_000  # rows whose balances are kept where they follow no order


class Proving:
    """Fed with the rows as they are read, in the file's order. `whole`: the rows are all of the file, so that its
    totals are theirs."""

    def __init__(self, plan: Plan, *, whole: bool) -> None:
        self.plan = plan
        self.whole = whole
        self.tally = Tally()
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
        """The next rows. `currencies` is None where the file has one, `balances` where it has none."""
        self.tally.count(days, amounts, (self.plan.currency,) if currencies is None else currencies)
        if balances is None:
            return
        if currencies is None or len({*currencies}) == 1:
            self._run(self.plan.currency if currencies is None else currencies[0], lines, amounts, balances)
            return
        for currency in dict.fromkeys(currencies):
            rows = [i for i, other in enumerate(currencies) if other == currency]
            self._run(currency, *([column[i] for i in rows] for column in (lines, amounts, balances)))  # type: ignore[arg-type]

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
        currencies = {*self.tally.money_in}
        currency = currencies.pop() if len(currencies) == 1 else None if currencies else self.plan.currency
        return self.tally.statement(
            account, currency, proof, opening=opening, closing=closing, issues=tuple(self.issues)
        )

    def _run(
        self, currency: str | None, lines: Sequence[int], amounts: Sequence[int], balances: Sequence[int | None]
    ) -> None:
        running = self.running.setdefault(currency, RunningBalance(descending=self.plan.descending))
        running.feed(lines, amounts, balances)
        if self.plan.unordered and len(self.afters) < _UNORDERED:
            for amount, balance in zip(amounts, balances, strict=True):
                if balance is not None:
                    self.befores.append(balance - amount)
                    self.afters.append(balance)

    def _proof(self) -> tuple[Proof, int | None, int | None]:
        """The verdict, the opening and the closing balance."""
        total = self.tally.total
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
        proof = opening_and_closing(self.opening, self.closing, total, self.tally.rows)
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
        into, out = sum(self.tally.money_in.values()), sum(self.tally.money_out.values())
        wanted = {abs(total), into, -out}
        if not any(values for _, values in self.totals) or not self.whole:
            return None
        for line, values in self.totals:
            if any(abs(value) in wanted for value in values):
                return Proof(
                    Verdict.PROVED, "total", f"The total in {where(line)} is that of the rows.", self.tally.rows
                )
        line = self.totals[-1][0]
        self.issues.append(
            Issue("total-differs", f"The total in {where(line)} is not that of the rows.", where(line))
        )
        return None
