"""What the balances say of a reading; shared by all formats.

`RunningBalance` follows a balance column row by row; `opening_and_closing` checks two stated balances,
`totals` stated sums; `BalanceChain` follows one account from statement to statement.
"""

from collections import Counter
from collections.abc import Sequence
from operator import sub

from smartimport_cli.core.model import Issue, Proof, Verdict, where
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


def in_some_order(befores: Sequence[int], afters: Sequence[int]) -> tuple[int | None, int | None] | None:
    """The balances that rows begin and end with if each can follow on another in some order, each None where
    they lead back to where they began; None alone where they do not follow.

    Each row leads from the balance before it to the one after it (units, at the same place in both). They follow
    on each other where one walk takes every row once (Euler): each balance is reached as often as it is left, but
    for the first and the last, and no rows are apart from the others.
    """
    surplus = Counter(befores)
    surplus.subtract(afters)
    starts = [balance for balance, times in surplus.items() for _ in range(times)]
    ends = [balance for balance, times in surplus.items() for _ in range(-times)]
    if not befores or len(starts) > 1:
        return None
    leads: dict[int, set[int]] = {}
    for before, after in zip(befores, afters, strict=True):
        leads.setdefault(before, set()).add(after)
    first = starts[0] if starts else befores[0]
    reached, ahead = {first}, [first]
    while ahead:
        new = leads.get(ahead.pop(), set()) - reached
        reached |= new
        ahead += new
    if not reached.issuperset(befores):
        return None
    return (starts[0], ends[0]) if starts else (None, None)


def opening_and_closing(
    opening: int | None, closing: int | None, total: int, rows: int, source: str | None = None
) -> Proof:
    """Do the stated balances and the sum of the rows agree? Amounts in units; `source` is where the closing
    balance stands, which is where they part."""
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
        source,
    )


def together(proofs: Sequence[Proof]) -> Proof:
    """Of several statements: as good as the worst of them."""
    for verdict in (Verdict.CONTRADICTED, Verdict.UNPROVED, Verdict.CONSISTENT):
        for proof in proofs:
            if proof.verdict is verdict:
                return proof
    if not proofs:
        return Proof(Verdict.CONSISTENT)
    if len(proofs) == 1:
        return proofs[0]
    checked = sum(proof.checked for proof in proofs)
    return Proof(Verdict.PROVED, proofs[0].method, f"All {len(proofs)} statements are proved.", checked)


def totals(stated: Sequence[tuple[str, int | None, int]], rows: int) -> Proof:
    """Do the sums and counts that the file states agree with the rows? Each is what it is called (`sum of
    credits`, `number of credits`), as stated (None: not), and as the rows give it."""
    known = [(what, said, found) for what, said, found in stated if said is not None]
    if not known:
        return NOTHING
    for what, said, found in known:
        if said != found:
            show = str if what.startswith("number") else plain
            return Proof(
                Verdict.CONTRADICTED,
                "total",
                f"By the rows the {what} is {show(found)}, the file says {show(said)}.",
                rows,
            )
    return Proof(
        Verdict.PROVED, "total", f"The {' and the '.join(what for what, _, _ in known)} agree.", rows
    )


class BalanceChain:
    """Each statement of an account opens with the balance that the one before closed with, whether the file
    has them oldest or newest first."""

    def __init__(self) -> None:
        self._ends: dict[tuple[str, str | None], tuple[int | None, int | None]] = {}

    def follow(
        self, account: str, currency: str | None, opening: int | None, closing: int | None, source: str
    ) -> Issue | None:
        """The next statement of `account` in the file, which begins at `source`; what is wrong where it does
        not go on from the one before."""
        before_opening, before_closing = self._ends.get((account, currency), (None, None))
        self._ends[account, currency] = (opening, closing)
        if opening is None or before_closing is None or opening == before_closing:
            return None
        if closing is not None and closing == before_opening:
            return None
        return Issue(
            "balance-gap",
            f"The statement at {source} opens with {plain(opening)}, the one before it closed with "
            f"{plain(before_closing)}: one between them may be missing.",
            source,
        )
