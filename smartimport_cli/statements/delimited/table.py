"""The sample as a table: where its header is, where its rows begin, what the cells of each column look like."""

from collections import Counter
from dataclasses import dataclass, field

from smartimport_cli.core.errors import FileRefused
from smartimport_cli.core.model import SHEET
from smartimport_cli.core.text import clean
from smartimport_cli.statements.delimited import dates, numbers, words
from smartimport_cli.statements.delimited.dialect import Row, looks_like_data
from smartimport_cli.statements.delimited.numbers import currency_of


@dataclass(slots=True)
class Table:
    """The sample as a table: names of columns (empty where there is no header), what stands before the rows,
    and the sample's rows that hold a date and an amount."""

    names: list[str]
    header: Row | None
    preamble: list[Row]
    body: list[Row]
    data: list[Row]
    width: int
    columns: list["Column"] = field(default_factory=list)
    carries_date: bool = False  # the date stands on the first row of a day only
    runs: int = 0  # how dates go down the file: 1 from old to new, -1 from new to old, 0 neither or not known

    @property
    def of_credit_card(self) -> bool:
        """Whether what stands before the rows, or names their columns, speaks of a credit card."""
        return words.credit_card([cell for row in self.preamble for cell in row.cells] + self.names)

    def named(self, role: str) -> bool:
        """Whether a column is named for this role."""
        return any(column.role == role for column in self.columns)


@dataclass(slots=True)
class Column:
    """One column of the sample: its cells that are not empty, and how many of them read as what."""

    index: int
    name: str
    role: str | None
    cells: list[str]
    dated: float = 0.0
    money: float = 0.0
    marked: float = 0.0
    directions: words.Directions | None = None  # where its marks mean so in this column only
    tokens: list[numbers.Token] = field(default_factory=list)

    @property
    def distinct(self) -> int:
        return len(set(self.cells))

    @property
    def constant(self) -> bool:
        """Whether it says the same in each of several rows: a balance of today, not one after each row."""
        return len(self.cells) > 2 and self.distinct == 1


def table_of(rows: list[Row], header: int | None, name: str) -> Table:
    """Where the header is and where the rows begin. `header` is the user's: its line, 0 for none."""
    filled = [row for row in rows if any(cell.strip() for cell in row.cells)]
    head = _header(filled, header)
    if header and head is None:
        raise FileRefused(
            "no-such-line", f"{name} has no column names in line {header}.", hint="Count lines from 1."
        )
    if head is not None and header is None:
        head = _with_second_line(head, filled)
    if head is not None:
        body = [row for row in filled if row.line > head.line]
        preamble = [row for row in filled if row.line < head.line]
    else:
        start = next((i for i, row in enumerate(filled) if looks_like_data(row.cells)), len(filled))
        if _of_the_account(filled[start:]):
            start += 1
        body, preamble = filled[start:], filled[:start]
    data = [row for row in body if looks_like_data(row.cells) and not _sums_up(row)]
    dated = _with_carried_dates(body, data)
    carries, data = dated is not None, dated or data
    widths = Counter(len(row.cells) for row in data or body)
    width = max(widths) if widths else 0
    if head is not None:
        width = max(width, len(head.cells))
    names = [clean(cell) for cell in head.cells] if head else []
    names += [""] * (width - len(names))
    table = Table(names, head, preamble, body, data, width, carries_date=carries)
    table.columns = [_column(table, i) for i in range(width)]
    return table


def _of_the_account(rows: list[Row]) -> bool:
    """Whether the first of rows without names tells of the account: its dates are of another form than those of all
    others, and it names a currency in a cell where no other has one."""
    data = [row.cells for row in rows if looks_like_data(row.cells)]
    if len(data) < 2:
        return False
    first, others = data[0], data[1:]
    forms = {tuple(sorted({dates.shape(cell) or "" for cell in cells} - {""})) for cells in others}
    own = tuple(sorted({dates.shape(cell) or "" for cell in first} - {""}))
    return own not in forms and any(
        currency_of(cell) and not any(currency_of(cells[i]) for cells in others if i < len(cells))
        for i, cell in enumerate(first)
    )


def _sums_up(row: Row) -> bool:
    """Whether a line that begins with the name of a balance or a total says so of the rows."""
    first = next(cell for cell in row.cells if cell.strip())
    return words.balance_words(first) is not None or words.total_row(first)


def _header(rows: list[Row], choice: int | None) -> Row | None:
    if choice is not None:
        return next((row for row in rows if row.line % SHEET == choice), None)
    found: list[tuple[Row, int]] = []  # what names columns, and how many roles
    behind: list[int] = []  # rows of data behind each
    for row in rows[:250]:
        if found and looks_like_data(row.cells):
            behind[-1] += 1
            if behind[-1] > 20:
                break
        filled = [cell for cell in row.cells if cell.strip()]
        if len(filled) < 2 or any(dates.shape(cell) for cell in filled) or any(len(c) > 80 for c in filled):
            continue
        if sum(numbers.token(cell) is not None for cell in filled) > len(filled) // 3:
            continue
        roles = {words.role_of(cell) for cell in filled} - {None, "other"}
        enough = (
            "date" in roles
            and len(roles) >= 2
            and roles & {"amount", "debit", "credit", "balance", "other_money"}
        )
        if (enough or len(roles) >= 4) and not (found and row.cells == found[-1][0].cells):
            found.append((row, len(roles)))
            behind.append(0)
    if found:
        # A line of its own with the account's balance has names too, and one row.
        best = max(range(len(found)), key=lambda i: (min(behind[i], 2), found[i][1], -i))
        return found[best][0]
    first = next((i for i, row in enumerate(rows) if looks_like_data(row.cells)), 0)
    if first:
        row = rows[first - 1]
        filled = [cell for cell in row.cells if cell.strip()]
        plain = not any(dates.shape(cell) or numbers.token(cell) for cell in filled)
        if plain and len(filled) >= 3 and len(filled) * 2 > len(rows[first].cells):
            return row
    return None


def _with_second_line(head: Row, rows: list[Row]) -> Row:
    """The header together with the line below it, where that splits a name (Amount) into debit and credit."""
    below = next((row for row in rows if row.line > head.line), None)
    if below is None or any(dates.shape(cell) or numbers.token(cell) for cell in below.cells):
        return head
    if not {"debit", "credit"} <= {words.role_of(cell) for cell in below.cells if len(cell) < 40}:
        return head
    names: list[str] = []
    above = ""
    for i in range(max(len(head.cells), len(below.cells))):
        own, second = (row.cells[i].strip() if i < len(row.cells) else "" for row in (head, below))
        above = own or above
        names.append(f"{above} {second}" if second else own)
    return Row(below.line, names)


def _with_carried_dates(body: list[Row], data: list[Row]) -> list[Row] | None:
    """The rows of a file that gives the date once a day, each with its date; None where it does not."""
    dated = {row.line for row in data}
    if not data or sum(row.line not in dated for row in body) < 2:
        return None
    at = Counter(i for row in data for i, cell in enumerate(row.cells) if dates.shape(cell)).most_common(1)[
        0
    ][0]
    money = {i for row in data for i, cell in enumerate(row.cells) if i != at and numbers.token(cell)}
    rows: list[Row] = []
    found = 0
    for row in body:
        if row.line in dated:
            rows.append(row)
        elif rows and min(len(row.cells), len(rows[-1].cells)) > at and not row.cells[at].strip():
            texts = [cell for cell in row.cells if any(map(str.isalpha, cell)) and not numbers.token(cell)]
            amounts = any(i < len(row.cells) and numbers.token(row.cells[i]) for i in money)
            named = any(words.total_row(t) or words.balance_words(t) for t in texts)
            if amounts and texts and not named and not _adds_up(row, data, money):
                found += 1
                rows.append(Row(row.line, [*row.cells[:at], rows[-1].cells[at], *row.cells[at + 1 :]]))
    return rows if found >= 2 else None


def _adds_up(row: Row, data: list[Row], money: set[int]) -> bool:
    """Whether a row behind all others has nothing but their sums, or the last balance again."""
    if row.line < data[-1].line:
        return False
    filled = [i for i in money if i < len(row.cells) and numbers.token(row.cells[i])]
    for decimal in ".,":
        own = [numbers.value(row.cells[i], decimal) for i in filled]
        cells = [[other.cells[i] if i < len(other.cells) else "" for other in data] for i in filled]
        columns = [[numbers.value(cell, decimal) or 0 for cell in column] for column in cells]
        if all(
            units is not None and units in (sum(column), column[-1])
            for units, column in zip(own, columns, strict=True)
        ):
            return True
    return False


def _column(table: Table, index: int) -> Column:
    name = table.names[index]
    role = words.role_of(name)
    blank = "" if role == "direction" else "-–—"  # a minus is a direction, but no amount
    cells = [
        cell for row in table.data if index < len(row.cells) and (cell := row.cells[index].strip()).strip(blank)
    ]
    column = Column(index, name, role, cells)
    if cells:
        column.dated = sum(dates.shape(cell) is not None for cell in cells) / len(cells)
        if 0 < column.dated < 1:  # `pending` in the place of a date
            column.dated += sum(words.state_of(cell) == "pending" for cell in cells) / len(cells)
        column.tokens = [found for cell in cells if (found := numbers.token(cell))]
        column.money = len(column.tokens) / len(cells)
        if column.role == "currency" and column.money > 0.9:
            column.role = "amount"  # `Currency/Amount`: CNY 12.30
        kinds = Counter(cells)
        column.directions = words.pair_of_marks(name, kinds)
        lone = "K" in kinds and "D" not in kinds
        if len(kinds) <= 16 and not lone and any(words.mark(cell, column.directions) is not None for cell in kinds):
            marked = sum(
                n
                for cell, n in kinds.items()
                if words.mark(cell, column.directions) is not None or words.neutral(cell)
            )
            column.marked = marked / len(cells)
    return column
