"""How a file is read, decided once."""

import datetime
from dataclasses import dataclass, field

from smartimport_cli.core.model import Account, Evidence, Issue, Layout
from smartimport_cli.statements.delimited import dates
from smartimport_cli.statements.delimited.amounts import Money
from smartimport_cli.statements.delimited.dialect import Dialect
from smartimport_cli.statements.delimited.yearless import Yearless


@dataclass(slots=True)
class Plan:
    """How the file is read, decided once; the rows are read by it."""

    encoding: str
    dialect: Dialect
    header: list[str] | None
    first_line: int  # rows begin here
    width: int
    date: int
    spare_date: int | None  # where the booking's date is empty, the row is pending
    order: str
    money: Money
    decimal: str
    texts: list[int]
    fallback: list[int]
    payee: int | None
    reference: int | None
    category: int | None
    currency_column: int | None
    currency: str | None
    status: int | None
    account_column: int | None
    account: Account
    descending: bool
    debit_as_is: bool
    unsigned: bool  # of a marked amount: no sign in the cells
    fee_counts: bool
    years: Yearless | None = None  # what gives dates without a year theirs
    opening: int | None = None
    closing: int | None = None
    carries_date: bool = False
    evidence: list[Evidence] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    accounts: list[str] = field(default_factory=list)  # where the file has several, their cells
    unordered: bool = False
    waiting: bool = False  # a title above the rows says that they are not booked yet
    without_balance: frozenset[int] = frozenset()  # lines of the newest rows, which alone have no balance yet
    layout: Layout | None = None

    def day(self, cell: str) -> datetime.date | None:
        """The date that a cell holds, or None."""
        found = dates.read(cell, self.order)
        return self.years.day(cell) if found is None and self.years else found
