"""What the store holds, gathered in one pass: sums by month, and the payments of each merchant in compact rows."""

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from smartimport_cli.core.model import Transaction
from smartimport_cli.core.text import shorten
from smartimport_cli.crystal.categories import Rules

_NAME = 80  # characters of a merchant that findings carry

Month = tuple[int, int]  # year, month


class Payment(NamedTuple):
    """One row of a merchant."""

    day: int  # ordinal
    amount: int
    line: int
    import_no: int  # index into Gathered.imports

    @property
    def date(self) -> date:
        return date.fromordinal(self.day)


@dataclass(slots=True)
class Payments:
    """The rows of one merchant in one account and currency. Arrays: a million rows take 28 MB."""

    merchant: str
    category: str
    days: "array[int]" = field(default_factory=lambda: array("l"))
    amounts: "array[int]" = field(default_factory=lambda: array("q"))
    lines: "array[int]" = field(default_factory=lambda: array("l"))
    imports: "array[int]" = field(default_factory=lambda: array("l"))

    def __iter__(self) -> Iterator[Payment]:
        return map(Payment._make, zip(self.days, self.amounts, self.lines, self.imports, strict=True))

    def __len__(self) -> int:
        return len(self.days)


@dataclass(slots=True)
class Flow:
    """Money in and out (units; out is negative) and how many rows."""

    money_in: int = 0
    money_out: int = 0
    rows: int = 0

    def add(self, amount: int) -> None:
        if amount < 0:
            self.money_out += amount
        else:
            self.money_in += amount
        self.rows += 1


@dataclass(slots=True)
class Gathered:
    """Everything of one currency."""

    currency: str | None
    new: Flow = field(default_factory=Flow)  # of the import that is analysed
    months: dict[Month, Flow] = field(default_factory=dict)
    categories: dict[str, Flow] = field(default_factory=dict)  # of the import
    category_months: dict[tuple[Month, str], int] = field(default_factory=dict)  # money out
    merchants: dict[tuple[str, str], Payments] = field(default_factory=dict)
    first: int = 0  # ordinals over all rows
    last: int = 0
    new_first: int = 0
    new_last: int = 0


@dataclass(slots=True)
class Store:
    """All currencies, and the imports that rows came with; the analysed one has number 0."""

    imports: list[str]
    currencies: dict[str | None, Gathered] = field(default_factory=dict)


def gather(transactions: Iterable[Transaction], import_id: str, rules: Rules) -> Store:
    """One pass over the rows; the order does not matter."""
    store = Store([import_id])
    numbers = {import_id: 0}
    months: dict[int, Month] = {}
    for row in transactions:
        found = store.currencies.get(row.currency)
        if found is None:
            found = store.currencies[row.currency] = Gathered(row.currency)
        number = numbers.get(row.import_id)
        if number is None:
            number = numbers[row.import_id] = len(store.imports)
            store.imports.append(row.import_id)
        day, amount = row.posted_date.toordinal(), row.amount
        month = months.get(day)
        if month is None:
            month = months[day] = (row.posted_date.year, row.posted_date.month)
        name = row.merchant or row.description
        key = (row.account_id, f"{name}\0{row.category or ''}\0{amount >= 0}")
        payments = found.merchants.get(key)
        if payments is None:
            text = f"{name} {row.description}"
            category = rules.category(text, given=row.category, money_in=amount >= 0)
            payments = found.merchants[key] = Payments(shorten(name, _NAME), category)
        payments.days.append(day)
        payments.amounts.append(amount)
        payments.lines.append(row.line)
        payments.imports.append(number)
        flow = found.months.get(month)
        if flow is None:
            flow = found.months[month] = Flow()
        flow.add(amount)
        if amount < 0:
            spent = (month, payments.category)
            found.category_months[spent] = found.category_months.get(spent, 0) + amount
        if not found.first or day < found.first:
            found.first = day
        if day > found.last:
            found.last = day
        if number == 0:
            found.new.add(amount)
            found.categories.setdefault(payments.category, Flow()).add(amount)
            if not found.new_first or day < found.new_first:
                found.new_first = day
            if day > found.new_last:
                found.new_last = day
    return store
