"""What the balances say once a person has corrected amounts and left rows out."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from smartimport_cli.core.model import Proof, Verdict, where
from smartimport_cli.core.money import plain
from smartimport_cli.statements.proof import RunningBalance, opening_and_closing


class Decided(NamedTuple):
    """A row of a statement as it was read, and as it was decided: `amount` None where it is left out."""

    line: int
    read: int
    amount: int | None
    balance: int | None
    currency: str | None


def decided(
    read: Proof, opening: int | None, closing: int | None, batches: Iterable[Sequence[Decided]]
) -> Proof:
    """What the balances say once amounts are corrected and rows left out; `read` is what they said of the
    reading, `batches` have all its rows in file order.

    A proof is about the reading. So where the balances agree only if what is left out is counted too, that is
    proof enough, and the explanation says so.
    """
    as_read, without, counted = _Sums(), _Sums(), _Sums()
    for batch in batches:
        as_read.feed(batch, [row.read for row in batch])
        without.feed(batch, [row.amount for row in batch])
        counted.feed(batch, [row.read if row.amount is None else row.amount for row in batch])
    left_out = as_read.rows - without.rows
    if read.method == "running balance" and (moved := _opening_moved(read, as_read, counted)):
        return moved
    proof = _again(read, opening, closing, as_read, without)
    if not left_out or proof.verdict is Verdict.PROVED:
        return proof
    with_them = _again(read, opening, closing, as_read, counted)
    if with_them.verdict is not Verdict.PROVED:
        return proof
    rows_are = "row that is" if left_out == 1 else "rows that are"
    return with_them._replace(
        explanation=f"{with_them.explanation} That is with the {left_out} {rows_are} left out."
    )


class _Sums:
    """The amounts of a statement, in one version of them, beside its balances."""

    def __init__(self) -> None:
        self.rows = self.total = 0
        self.first_change: int | None = None  # line of the first amount that is not as read
        # By currency, in both orders of a file: which one this file is in shows from the amounts as read.
        self._running: dict[str | None, tuple[RunningBalance, RunningBalance]] = {}

    def feed(self, batch: Sequence[Decided], amounts: Sequence[int | None]) -> None:
        lines, read, _, balances, currencies = zip(*batch, strict=True)
        if self.first_change is None and amounts != list(read):
            changed = zip(lines, read, amounts, strict=True)
            self.first_change = next(line for line, was, now in changed if was != now)
        for currency in dict.fromkeys(currencies):
            if None not in amounts and currencies.count(currency) == len(batch):  # most often
                self._feed(currency, lines, amounts, balances)  # type: ignore[arg-type]
                continue
            own = [
                (line, amount, balance)
                for line, amount, balance, of in zip(lines, amounts, balances, currencies, strict=True)
                if of == currency and amount is not None
            ]
            if own:
                self._feed(currency, *zip(*own, strict=True))

    def _feed(
        self, currency: str | None, lines: Sequence[int], amounts: Sequence[int], balances: Sequence[int | None]
    ) -> None:
        self.rows += len(amounts)
        self.total += sum(amounts)
        if currency not in self._running:
            self._running[currency] = RunningBalance(), RunningBalance(descending=True)
        for running in self._running[currency]:
            running.feed(lines, amounts, balances)

    @property
    def descending(self) -> bool:
        """Whether the balances go with the rows better from the last to the first."""
        return self.worst(descending=True).breaks < self.worst(descending=False).breaks

    def worst(self, *, descending: bool) -> RunningBalance:
        """The balances of the currency that breaks most, else of the one that has most."""
        running = [pair[descending] for pair in self._running.values()]
        return max(running, key=lambda r: (r.breaks, r.checked, r.seen), default=RunningBalance())


def _opening_moved(read: Proof, as_read: _Sums, counted: _Sums) -> Proof | None:
    """No balance stands before the first row, so none breaks where its amount is corrected: but then the account
    would have begun with another balance than the reading, all of whose rows agreed, has it."""
    if read.verdict is not Verdict.PROVED or counted.first_change is None:
        return None
    descending = as_read.descending
    before, now = (sums.worst(descending=descending) for sums in (as_read, counted))
    if before.breaks or now.breaks or before.opening == now.opening:
        return None
    why = (
        f"Corrected, the rows begin with the balance {plain(now.opening or 0)}; "
        f"as they were read it is {plain(before.opening or 0)}."
    )
    return Proof(Verdict.CONTRADICTED, read.method, why, now.checked, where(counted.first_change))


def _again(read: Proof, opening: int | None, closing: int | None, as_read: _Sums, now: _Sums) -> Proof:
    if now.first_change is None:
        return read
    if read.method == "running balance":
        descending = as_read.descending
        if as_read.worst(descending=descending).proof().verdict is read.verdict:
            return now.worst(descending=descending).proof()
    elif opening is not None and closing is not None:
        return opening_and_closing(opening, closing, now.total, now.rows)
    # The rows and balances alone do not tell how the reading was checked: say what is sure.
    difference = now.total - as_read.total
    if read.verdict is Verdict.PROVED and (difference or read.method == "running balance"):
        why = f"The rows agreed as they were read; with the changes their sum is another by {plain(difference)}."
        return Proof(
            Verdict.CONTRADICTED, read.method, why, read.checked, where(now.first_change)
        )
    if read.verdict is Verdict.CONTRADICTED:
        why = "The reading was contradicted; whether the changes put it right cannot be checked."
        return Proof(Verdict.UNPROVED, read.method, why)
    return read
