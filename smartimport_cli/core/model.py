"""What is in a statement and what becomes of it: account, rows, proof, staged and committed transactions.

Amounts are integer units (see `money`), minus is always money out. Strings are clean (`text.clean`) and
account numbers masked by the time one of these is built.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Verdict(StrEnum):
    """What the balances say of a reading."""

    PROVED = "proved"  # balances stand in the file and every checked row agrees
    CONSISTENT = "consistent"  # nothing to check against, and no contradiction
    CONTRADICTED = "contradicted"  # a balance disagrees; `breaks_at` says where first
    UNPROVED = "unproved"  # a balance is there, but does not cover this reading


class Proof(NamedTuple):
    """A verdict with its grounds: the method (`running balance`, `opening and closing`, `total`, `none`),
    a sentence for a person, how many rows were checked, and the source of the first row that breaks."""

    verdict: Verdict
    method: str = "none"
    explanation: str = ""
    checked: int = 0
    breaks_at: str | None = None


class Issue(NamedTuple):
    """A doubt about a row or a statement: stable kebab-case `code`, sentence, and where (`line 5`)."""

    code: str
    message: str
    source: str | None = None


PAGE = 1 << 32  # a row of a paged document has the place `page * PAGE + line on the page`
SHEET = 1 << 48  # a row of a workbook's second or later sheet has the place `sheet * SHEET + row`

MEMBER = 1 << 56  # a row of the nth file in an archive has the place `n * MEMBER + place in the file`


def where(line: int) -> str:
    """A row's place as people read it: `line 5`, `page 2, line 14`, `sheet 3, line 7`, `file 2, line 5`."""
    if line >= MEMBER:
        return f"file {line // MEMBER}, {where(line % MEMBER)}"
    if line < PAGE:
        return f"line {line}"
    if line < SHEET:
        return f"page {line // PAGE}, line {line % PAGE}"
    return f"sheet {line // SHEET}, line {line % SHEET}"


class StagedTransaction(NamedTuple):
    """One row as read, not approved. `line` is its 1-based place in the source, see `where`."""

    line: int
    posted_date: date
    amount: int
    currency: str | None
    description: str
    merchant: str
    reference: str | None = None  # the bank's own id of the transaction
    balance: int | None = None  # of the account after this row
    category: str | None = None  # the bank's own, where the file has one
    pending: bool = False
    issues: tuple[Issue, ...] = ()

    @property
    def source(self) -> str:
        return where(self.line)


class Transaction(NamedTuple):
    """One committed row, as analysis and export see it."""

    id: str
    import_id: str
    account_id: str
    posted_date: date
    amount: int
    currency: str | None
    description: str
    merchant: str
    category: str | None
    reference: str | None
    balance: int | None
    line: int


@dataclass(frozen=True, slots=True)
class Account:
    """Where the money sits. `key` is a stable digest of what identifies it (never shown; see
    `identity.account_key`); `label` is what people see, masked: `••1234`, or the label the user gave."""

    key: str
    label: str
    kind: str | None = None  # checking, savings, card, ...
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row that could not be read: its place (see `where`), why, and its text (clean, masked, shortened)."""

    line: int
    reason: str
    text: str = ""

    @property
    def source(self) -> str:
        return where(self.line)


@dataclass(frozen=True, slots=True)
class Statement:
    """All that is known of one statement once its rows have been read (the rows themselves stream)."""

    account: Account
    currency: str | None
    first_date: date | None
    last_date: date | None
    opening_balance: int | None
    closing_balance: int | None
    rows: int
    money_in: dict[str | None, int]  # per currency, sum of positive amounts
    money_out: dict[str | None, int]  # per currency, sum of negative amounts (negative)
    proof: Proof
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class StatementStart:
    """The account whose rows follow in the stream of parts."""

    account: Account


@dataclass(frozen=True, slots=True)
class Rows:
    """A batch of rows of the statement that was started last, in file order (a few thousand at the most)."""

    rows: list[StagedTransaction]
    position: int = 0  # bytes of the source consumed so far, for progress


Part = StatementStart | Rows | Unreadable | Statement
"""A reading is a stream of parts: for each statement StatementStart, (Rows | Unreadable)*, Statement."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that was decided while reading, and why: ('date order', 'day first', '15/04 is no month')."""

    what: str
    decision: str
    why: str


ROLES = (
    "date", "value-date", "amount", "debit", "credit", "mark", "balance", "before", "fee", "description", "payee",
    "reference", "category", "currency", "account", "status",
)  # fmt: skip
"""What a column of delimited text can be: `mark` says in or out of an unsigned amount, `before` is the balance
before the row, `value-date` stands in where a pending row has no date."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the user forces about a reading; None leaves it to the evidence."""

    format: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    header: int | None = None  # 1-based line of the header, 0 for none
    date_order: str | None = None  # dmy, mdy, ymd
    decimal: str | None = None  # '.' or ','
    sign: str | None = None  # normal, inverted
    currency: str | None = None
    account: str | None = None  # a label of the user's; replaces the statement's own account
    columns: tuple[tuple[str, str], ...] = ()  # (role, column name or 1-based number)


class Column(NamedTuple):
    """A column of the file: its 1-based number, its name where it has one, and its role (see `ROLES`), where
    it is used."""

    number: int
    name: str
    role: str


class Tried(NamedTuple):
    """A reading that was possible, and what became of it: ('amount Betrag, decimal .', '3 of 20 balances agree')."""

    reading: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Layout:
    """How delimited text is laid out. `choices` are those that would give the same reading if they were given;
    `sample` is the first line of a row."""

    columns: list[Column]
    choices: Choices
    sample: str
    tried: list[Tried]


@dataclass(slots=True)
class Reading:
    """How a file is understood. `parts` is lazy and can be read once; issues of the file as a whole are
    complete only after that."""

    format: str
    evidence: list[Evidence]
    parts: Iterator[Part]
    issues: list[Issue] = field(default_factory=list)
    expected_rows: int | None = None  # an estimate, for progress
    layout: Layout | None = None  # of delimited text
