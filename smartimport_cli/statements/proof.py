"""What the balances say of a reading; shared by all formats.

`RunningBalance` follows a balance column row by row; `opening_and_closing` checks two stated balances;
`decided` asks again after a person has corrected amounts.
"""

from collections.abc import Iterable, Sequence
from operator import sub
from typing import NamedTuple

from smartimport_cli.core.model import Proof, Verdict, where
from smartimport_cli.core.money import plain

NOTHING = Proof(Verdict.CONSISTENT, "none", "The file states no balance to check against.")


class RunningBalance:
    """Checks the balance column of one account as its rows stream by, in either order of the file.

    Ascending (oldest first) means balance = balance before + amount; descending reads the same upwards. Rows
    without a balance are carried over to the next one that has it.
    """

    def __init__(self, *, descending: bool = False) -> None:
        self.descending = descending
        self.checked = 0
        self.breaks = 0
        self.seen = 0
        self.first_break: tuple[int, str] | None = None  # line, explanation
        self._expected: int | None = None  # balance before the next row (ascending) or after it (descending)
        self._lead = 0  # ascending: sum of rows before the first balance
        self._leading = 0  # descending: sum of rows before the first balance in the file
        self.first: int | None = None
        self.last: int | None = None

    def feed(self, lines: Sequence[int], amounts: Sequence[int], balances: Sequence[int | None]) -> None:
        """The next rows in file order."""
        if not lines:
            return
        if self._expected is not None and None not in balances and self._feed_full(amounts, balances):
            self.checked += len(lines)
            self.seen += len(lines)
            return
        (self._descend if self.descending else self._ascend)(lines, amounts, balances)

    def _feed_full(self, amounts: Sequence[int], balances: Sequence[int | None]) -> bool:
        """Column at a time: true where every row agrees (then the state has moved on), else nothing changed."""
        before: list[int] = list(map(sub, balances, amounts))
        if self.descending:
            if balances[0] != self._expected or before[:-1] != list(balances[1:]):
                return False
            self._expected = self.last = before[-1]
        else:
            if before[0] != self._expected or before[1:] != list(balances[:-1]):
                return False
            self._expected = self.last = balances[-1]
        return True

    def _ascend(self, lines: Sequence[int], amounts: Sequence[int], balances: Sequence[int | None]) -> None:
        for line, amount, balance in zip(lines, amounts, balances, strict=True):
            if self._expected is None:
                self._lead += amount
                if balance is not None:
                    self.seen += 1
                    self.first = balance - self._lead
                    self._expected = self.last = balance
                continue
            self._expected += amount
            if balance is not None:
                self._judge(line, self._expected, balance)
                self._expected = self.last = balance

    def _descend(self, lines: Sequence[int], amounts: Sequence[int], balances: Sequence[int | None]) -> None:
        for line, amount, balance in zip(lines, amounts, balances, strict=True):
            if balance is not None:
                if self._expected is None:
                    self.seen += 1
                    self.first = balance + self._leading
                else:
                    self._judge(line, self._expected, balance)
                self._expected = balance
            if self._expected is None:
                self._leading += amount
            else:
                self._expected -= amount
                self.last = self._expected

    def _judge(self, line: int, expected: int, stated: int) -> None:
        self.seen += 1
        self.checked += 1
        if expected != stated:
            self.breaks += 1
            if self.first_break is None:
                self.first_break = (line, f"the rows give {plain(expected)}, the file says {plain(stated)}")

    @property
    def opening(self) -> int | None:
        return self.last if self.descending else self.first

    @property
    def closing(self) -> int | None:
        return self.first if self.descending else self._expected

    def proof(self) -> Proof:
        """The verdict over all rows fed."""
        if not self.seen:
            return NOTHING
        if self.first_break is not None:
            line, why = self.first_break
            return Proof(
                Verdict.CONTRADICTED,
                "running balance",
                f"The balance breaks {self.breaks} of {self.checked} times, first at {where(line)}: {why}.",
                self.checked,
                where(line),
            )
        if not self.checked:
            return Proof(
                Verdict.UNPROVED, "running balance", "One balance alone proves nothing about the rows.", 0
            )
        order = "newest first" if self.descending else "oldest first"
        return Proof(
            Verdict.PROVED, "running balance", f"All {self.checked} balances follow from the rows ({order}).",
            self.checked,
        )  # fmt: skip


def opening_and_closing(opening: int | None, closing: int | None, total: int, rows: int) -> Proof:
    """Do the stated balances and the sum of the rows agree? Amounts in units."""
    if opening is None and closing is None:
        return NOTHING
    if opening is None or closing is None:
        which = "closing" if opening is None else "opening"
        return Proof(
            Verdict.UNPROVED, "opening and closing", f"Only a {which} balance is stated; it proves no row."
        )
    if opening + total == closing:
        return Proof(
            Verdict.PROVED,
            "opening and closing",
            f"Opening {plain(opening)} and {rows} rows give the closing balance {plain(closing)}.",
            rows,
        )
    return Proof(
        Verdict.CONTRADICTED,
        "opening and closing",
        f"Opening {plain(opening)} and the rows give {plain(opening + total)}, "
        f"the file says {plain(closing)}.",
        rows,
    )


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
