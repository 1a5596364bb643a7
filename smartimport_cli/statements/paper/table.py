"""A table of transactions on paper: its columns, its rows, and the balances that stand beside them."""

from dataclasses import dataclass, field
from typing import NamedTuple

from smartimport_cli.core.documents import Word
from smartimport_cli.statements.paper.lines import Line, Piece

MONEY_ROLES = frozenset({"amount", "debit", "credit", "balance"})
OTHER_MONEY = frozenset({"other_money", "fee", "other"})


class Column(NamedTuple):
    """A column of amounts: where it stands, the words above it, and the role that they name."""

    left: float
    right: float
    name: str = ""
    role: str | None = None


@dataclass(slots=True, eq=False)
class Row:
    """A line that may be a transaction. `money` is by the number of its column."""

    place: int
    page: int
    days: list[Piece]
    money: dict[int, Piece]
    texts: list[str]
    marks: list[Piece]
    section: bool | None
    heading: int  # the place of the heading or table that gives the section
    dated: bool  # False: the day is that of a row above
    scanned: bool
    raw: str
    bottom: float = 0.0
    wrapped: int = 0
    text_left: float | None = None
    booked: bool = True
    unread_day: str = ""  # what stands where the row's day should, and is none

    @property
    def description(self) -> str:
        return " ".join(text for text in self.texts if text)


class Stated(NamedTuple):
    """An amount with a label: a balance or a sum. `rows` counts the rows before it."""

    rows: int
    place: int
    label: str
    kind: str | None  # opening, closing, here; None for sums and others
    piece: Piece
    in_table: bool
    debit: bool = False  # it stands in the column of money out


@dataclass(slots=True, eq=False)
class Table:
    """What lies below one header (or in a document without one)."""

    header: list[Word]
    columns: list[Column]
    rows: list[Row] = field(default_factory=list)
    stated: list[Stated] = field(default_factory=list)
    outside: list[Line] = field(
        default_factory=list
    )  # lines above the header or between rows that are no rows
    left_over: list[Row] = field(default_factory=list)  # a day without an amount
    before: list[Line] = field(default_factory=list)  # lines between the table before and this header
    day_names: list[tuple[float, float, str]] = field(default_factory=list)
    named: Line | None = None  # the line that names the columns
    day: Piece | None = None  # of the booking, where a line above the rows names it (at the end of the table)
    booked: bool = True  # the rows at its end
    days_apart: str | None = None  # days have lines of their own: "above" their rows, or "below" each row
