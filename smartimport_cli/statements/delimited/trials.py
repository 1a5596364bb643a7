"""One possible reading of the sample: the amounts it gives, and how far the balances agree with it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from smartimport_cli.statements.delimited import numbers, words
from smartimport_cli.statements.delimited.amounts import Money
from smartimport_cli.statements.delimited.cells import cell_at
from smartimport_cli.statements.delimited.dialect import Row
from smartimport_cli.statements.delimited.table import Table
from smartimport_cli.statements.proof import in_some_order

SURE = 0.9  # of the balances must agree with a reading to prove it


@dataclass(frozen=True, slots=True)
class Trial:
    """How far the balances agree with one reading of the sample."""

    money: Money
    decimal: str
    fee: bool
    checks: int = 0
    agreed: int = 0
    descending: bool = False
    unordered: bool = False
    coverage: float = 0.0  # part of the rows that have an amount
    against: bool = False  # the dates run the other way

    @property
    def weight(self) -> tuple[float, bool, int]:
        return round(self.rate * self.coverage, 3), not self.against, self.agreed

    def in_words(self, names: Sequence[str]) -> str:
        """The reading as a person would say it; columns by name, else by number."""

        def called(index: int | None) -> str:
            return "nothing" if index is None else names[index] or f"column {index + 1}"

        money = self.money
        said = f"amount {called(money.amount)}"
        if money.kind == "pair":
            said = f"out {called(money.debit)}, in {called(money.credit)}"
        elif money.kind == "marked":
            said += f" by the marks in {called(money.mark)}"
        if money.invert:
            said += ", plus is money out"
        if self.fee:
            said += f", less {called(money.fee)}"
        if money.balance is not None:
            said += f", balance {called(money.balance)}{' before the row' if money.leading else ''}"
        return f"{said}, decimal {self.decimal}"

    def outcome(self) -> str:
        """How far the balances agree with it, and how much of the file it reads; empty where nothing tells."""
        parts = []
        if self.checks:
            parts.append(f"{self.agreed} of {self.checks} balances agree")
        elif self.money.balance is not None:
            parts.append("no balance can be checked")
        if self.coverage < 1:
            parts.append(f"reads {self.coverage:.0%} of the rows")
        if self.against:
            parts.append("the dates run the other way")
        return ", ".join(parts)

    @property
    def certain(self) -> bool:
        """Whether no other reading can do better: every row is read, and every balance agrees, of several."""
        return self.agreed >= 3 and self.agreed == self.checks and self.coverage == 1 and not self.against

    @property
    def rate(self) -> float:
        return self.agreed / self.checks if self.checks else 0.0

    @property
    def proved(self) -> bool:
        return self.checks >= 1 and self.rate >= SURE


def attempt(table: Table, data: list[Row], money: Money, decimal: str, fee: bool) -> Trial:
    as_is = debit_as_is(table, money)
    if money.kind == "marked":
        read = sum(
            amount_of(row.cells, replace(money, kind="signed"), decimal, as_is, False) is not None
            for row in data
        )
    else:
        read = sum(amount_of(row.cells, money, decimal, as_is, False) is not None for row in data)
    trial = Trial(money, decimal, fee, coverage=read / max(len(data), 1))
    if money.balance is None:
        return trial
    chain: list[tuple[int, int | None]] = []
    for row in data:
        amount = amount_of(row.cells, money, decimal, as_is, fee)
        if amount is None:
            continue
        if money.before is not None:
            start = balance_of(row.cells, money.before, money, decimal)
            end = balance_of(row.cells, money.balance, money, decimal)
            if start is not None and end is not None and amount:
                trial = replace(trial, checks=trial.checks + 1, agreed=trial.agreed + (start + amount == end))
            continue
        balance = balance_of(row.cells, money.balance, money, decimal)
        chain.append((amount, balance + amount if money.leading and balance is not None else balance))
    if money.before is not None:
        up, down = follow_on(data, money, decimal)
        links = max(len(data) - 1, 0)
        return replace(
            trial, checks=trial.checks + links, agreed=trial.agreed + max(up, down), descending=down > up
        )
    best = trial
    for descending in (False, True):
        checks = agreed = 0
        expected: int | None = None
        before: int | None = None
        for amount, balance in reversed(chain) if descending else chain:
            if expected is not None:
                expected += amount
            if balance is not None:
                if expected is not None and (amount or balance != before):
                    checks += 1
                    agreed += expected == balance
                expected = before = balance
        if checks and (not best.checks or agreed > best.agreed):
            best = replace(trial, checks=checks, agreed=agreed, descending=descending)
    moved = sum(amount != 0 for amount, _ in chain)  # a row of nothing follows from every balance
    if best.rate < SURE and moved >= 4 and all(balance is not None for _, balance in chain):
        befores = [balance - amount for amount, balance in chain if balance is not None]
        afters = [balance for _, balance in chain if balance is not None]
        if len({*befores}) > 2 and in_some_order(befores, afters):
            best = replace(trial, checks=len(chain) - 1, agreed=len(chain) - 1, unordered=True)
    against = table.runs == (1 if best.descending else -1) and not best.unordered
    if (against or best.agreed == 1) and (money.invert or (money.leading and not table.named("before"))):
        # The same balances follow with the other sign, or before the rows, in the order that the dates have;
        # and one balance alone can follow by chance in one of so many ways.
        return replace(best, agreed=0, against=against)
    return replace(best, against=against)


def balance_decimal(table: Table, money: Money, decimal: str) -> str | None:
    """The other decimal mark, where only that one fits all balances."""
    bare = [token.number for token in tokens_of(table, money.balance)]
    other = "," if decimal == "." else "."
    if all(decimal in numbers.marks_of(number) for number in bare):
        return None
    return other if all(other in numbers.marks_of(number) for number in bare) else None


def follow_on(data: list[Row], money: Money, decimal: str) -> tuple[int, int]:
    """Rows whose balance before is the balance after of the row above, and of the row below."""
    pairs = [
        (
            balance_of(row.cells, money.before, money, decimal),
            balance_of(row.cells, money.balance, money, decimal),
        )
        for row in data
    ]
    up = sum(a[1] == b[0] for a, b in pairwise(pairs))
    down = sum(a[0] == b[1] for a, b in pairwise(pairs))
    return up, down


def amount_of(cells: Sequence[str], money: Money, decimal: str, debit_as_is: bool, fee: bool) -> int | None:
    """The signed amount of a row, or None where it has none (or cannot be read)."""
    units: int | None
    if money.kind == "pair":
        out, into = cell_at(cells, money.debit), cell_at(cells, money.credit)
        debit, credit = numbers.value(out, decimal), numbers.value(into, decimal)
        if (out.strip(NOTHING) and debit is None) or (into.strip(NOTHING) and credit is None):
            return None
        if debit is None and credit is None:
            return None
        if debit is not None and not debit_as_is:
            debit = -abs(debit) if numbers_debit(out) else -debit
        if credit is not None and money.credit_negative:
            credit = -credit
        units = (debit or 0) + (credit or 0)
    else:
        units = numbers.value(cell_at(cells, money.amount), decimal)
        if units is None:
            return None
        if money.kind == "marked":
            said = cell_at(cells, money.mark)
            into_ = words.mark(said, money.directions) if said.strip() else money.blank
            if into_ is None:
                return None
            units = abs(units) if into_ else -abs(units)
    if money.invert:
        units = -units
    if fee:
        units -= abs(numbers.value(cell_at(cells, money.fee), decimal) or 0)
    return units


NOTHING = " \t\u00a0-–—\"'*"


def balance_of(cells: Sequence[str], column: int | None, money: Money, decimal: str) -> int | None:
    """The balance in that column of a row, or None where there is none."""
    units = numbers.value(cell_at(cells, column), money.balance_decimal or decimal)
    return -units if units is not None and money.owed else units


def numbers_debit(cell: str) -> bool:
    """Whether a letter in the cell says debit itself (12.00 DR)."""
    found = numbers.token(cell)
    return found is not None and found.debit is not None



def tokens_of(table: Table, index: int | None) -> list[numbers.Token]:
    return table.columns[index].tokens if index is not None else []


def debit_as_is(table: Table, money: Money) -> bool:
    """Whether the debit column has its minus signs already."""
    found = [t for t in tokens_of(table, money.debit) if t.debit is None and t.number.strip("0.,")]
    return sum(t.negative for t in found) * 2 > len(found)


def sign_votes(table: Table, data: list[Row], money: Money, decimal: str) -> tuple[int, int]:
    """Rows whose words say what their sign says, and rows where they say the other."""
    normal = inverted = 0
    texts = [c.index for c in table.columns if c.cells and c.money < 0.5 and c.dated < 0.5]
    as_is = debit_as_is(table, money)
    card = table.of_credit_card
    for row in data:
        amount = amount_of(row.cells, money, decimal, as_is, False)
        into = words.sign_of_words(" ".join(cell_at(row.cells, i) for i in texts), card)
        if amount and into is not None:
            normal += (amount > 0) == into
            inverted += (amount > 0) != into
    return normal, inverted
