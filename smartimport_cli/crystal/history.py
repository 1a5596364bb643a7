"""What the store holds, gathered in one pass: the payments of each merchant in compact rows."""

from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from smartimport_cli.core.model import Transaction
from smartimport_cli.core.text import shorten
from smartimport_cli.crystal.branches import houses
from smartimport_cli.crystal.categories import Decided

NAME = 80  # characters of a merchant that findings carry

Month = tuple[int, int]  # year, month


class Payment(NamedTuple):
    """One row of a merchant."""

    day: int  # ordinal
    amount: int
    line: int
    import_no: int  # index into History.imports; 0 is the one that is analysed

    @property
    def date(self) -> date:
        return date.fromordinal(self.day)


@dataclass(slots=True, eq=False)
class Payments:
    """Rows of one merchant, in one account, currency and direction. Arrays: a million rows take 28 MB."""

    account: str
    currency: str | None
    merchant: str
    house: str  # the merchant without the town of a branch: what is one series, one habit
    description: str  # the first in the alphabet: the same for any order of the rows
    given: str | None  # the category that the bank's file or a person's edit carries
    money_in: bool
    corrected: bool = False  # `given` is a correction of this user's
    decided: Decided = field(default_factory=Decided)
    refund: bool = False  # money back: less spent, not more earned
    new_rows: int = 0  # of the analysed import
    new_units: int = 0
    days: "array[int]" = field(default_factory=lambda: array("l"))
    amounts: "array[int]" = field(default_factory=lambda: array("q"))
    lines: "array[int]" = field(default_factory=lambda: array("q"))
    imports: "array[int]" = field(default_factory=lambda: array("l"))

    @property
    def category(self) -> str:
        return self.decided.category

    def __iter__(self) -> Iterator[Payment]:
        return map(Payment._make, zip(self.days, self.amounts, self.lines, self.imports, strict=True))

    def row(self, index: int) -> Payment:
        """One of the rows."""
        return Payment(self.days[index], self.amounts[index], self.lines[index], self.imports[index])

    def __len__(self) -> int:
        return len(self.days)

    @property
    def mine(self) -> list[Payment]:
        """The rows of the analysed import."""
        return [row for row in self if row.import_no == 0] if 0 in self.imports else []

    def sum_mine(self) -> None:
        """Count the rows of the analysed import, once they are all there."""
        self.new_rows = self.imports.count(0)
        self.new_units = (
            sum(self.amounts)
            if self.new_rows == len(self)
            else sum(units for units, number in zip(self.amounts, self.imports, strict=True) if number == 0)
        )

    def take(self, indexes: set[int]) -> "Payments":
        """Some of the rows, as payments of their own; what is left stays."""
        taken = Payments(
            self.account, self.currency, self.merchant, self.house, self.description, self.given, self.money_in,
            self.corrected, self.decided, self.refund,
        )  # fmt: skip
        for name in ("days", "amounts", "lines", "imports"):
            column = getattr(self, name)
            setattr(taken, name, array(column.typecode, (column[i] for i in sorted(indexes))))
            kept = (value for i, value in enumerate(column) if i not in indexes)
            setattr(self, name, array(column.typecode, kept))
        return taken


@dataclass(slots=True)
class History:
    """All rows by merchant, and the imports they came with; the analysed one has number 0."""

    imports: list[str]
    payments: list[Payments] = field(default_factory=list)

    def currencies(self) -> dict[str | None, list[Payments]]:
        """The payments of each currency."""
        found: dict[str | None, list[Payments]] = {}
        for payments in self.payments:
            found.setdefault(payments.currency, []).append(payments)
        return found


def gather(
    transactions: Iterable[Transaction], import_id: str, corrections: Mapping[str, str] | None = None
) -> History:
    """One pass over the rows; their order does not matter. `corrections`: category by transaction id."""
    history = History([import_id])
    numbers = {import_id: 0}
    days: dict[date, int] = {}
    found: dict[tuple[str, str | None, str, str | None, bool, bool], Payments] = {}
    for (
        id_, of_import, account, when, amount, currency, description, merchant, category, _, _, line,
    ) in transactions:  # fmt: skip
        number = numbers.get(of_import)
        if number is None:
            number = numbers[of_import] = len(history.imports)
            history.imports.append(of_import)
        day = days.get(when)
        if day is None:
            day = days[when] = when.toordinal()
        corrected = False
        if corrections and id_ in corrections:
            category, corrected = corrections[id_], True
        key = account, currency, merchant or description, category, amount >= 0, corrected
        payments = found.get(key)
        if payments is None:
            payments = found[key] = Payments(
                account, currency, name := shorten(merchant or description, NAME), name, description, category,
                amount >= 0, corrected,
            )  # fmt: skip
        elif description < payments.description:
            payments.description = description
        payments.days.append(day)
        payments.amounts.append(amount)
        payments.lines.append(line)
        payments.imports.append(number)
    of_branch = houses(payments.merchant for payments in found.values())
    for payments in found.values():
        payments.house = of_branch.get(payments.merchant, payments.merchant)
    history.payments = sorted(
        found.values(),
        key=lambda p: (p.merchant, p.account, p.currency or "", p.given or "", p.money_in, p.corrected),
    )
    return history
