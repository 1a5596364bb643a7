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


@dataclass(slots=True)
class Gathered:
    """Everything of one currency."""

    currency: str | None
    new: Flow = field(default_factory=Flow)  # of the import that is analysed
    months: dict[Month, Flow] = field(default_factory=dict)
    categories: dict[str, Flow] = field(default_factory=dict)  # of the import
    category_months: dict[tuple[Month, str], int] = field(default_factory=dict)  # money out
    merchants: dict[tuple[str, str, str | None, bool], Payments] = field(default_factory=dict)
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
    days: dict[date, tuple[int, Month]] = {}
    for (
        _,
        of_import,
        account,
        when,
        amount,
        currency,
        description,
        merchant,
        category,
        _,
        _,
        line,
    ) in transactions:
        found = store.currencies.get(currency)
        if found is None:
            found = store.currencies[currency] = Gathered(currency)
        number = numbers.get(of_import)
        if number is None:
            number = numbers[of_import] = len(store.imports)
            store.imports.append(of_import)
        if when not in days:
            days[when] = when.toordinal(), (when.year, when.month)
        day, month = days[when]
        key = account, merchant or description, category, amount < 0
        payments = found.merchants.get(key)
        if payments is None:
            payments = found.merchants[key] = Payments(
                shorten(merchant or description, _NAME),
                rules.category(f"{merchant} {description}", given=category, money_in=amount >= 0),
            )
        payments.days.append(day)
        payments.amounts.append(amount)
        payments.lines.append(line)
        payments.imports.append(number)
        flow = found.months.get(month)
        if flow is None:
            flow = found.months[month] = Flow()
        flow.rows += 1
        if amount < 0:
            flow.money_out += amount
            spent = month, payments.category
            found.category_months[spent] = found.category_months.get(spent, 0) + amount
        else:
            flow.money_in += amount
    for found in store.currencies.values():
        for payments in found.merchants.values():
            _of_import(found, payments)
    return store


def _of_import(found: Gathered, payments: Payments) -> None:
    """What one merchant's rows add to the sums and the period of the analysed import."""
    found.first = min(found.first or payments.days[0], min(payments.days))
    found.last = max(found.last, max(payments.days))
    if 0 not in payments.imports:
        return
    mine = [
        (day, amount)
        for day, amount, number in zip(payments.days, payments.amounts, payments.imports, strict=True)
        if number == 0
    ]
    category = found.categories.setdefault(payments.category, Flow())
    for flow in (found.new, category):
        flow.rows += len(mine)
        flow.money_in += sum(amount for _, amount in mine if amount >= 0)
        flow.money_out += sum(amount for _, amount in mine if amount < 0)
    found.new_first = min(found.new_first or mine[0][0], min(mine)[0])
    found.new_last = max(found.new_last, max(mine)[0])
