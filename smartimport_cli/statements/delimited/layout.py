"""Which column is what: by the words of the header where there is one, by the content of the cells else."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from smartimport_cli.core.errors import FileRefused
from smartimport_cli.core.model import SHEET
from smartimport_cli.core.text import clean
from smartimport_cli.statements.delimited import dates, numbers, words
from smartimport_cli.statements.delimited.dialect import Row, looks_like_data

_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{8,30}")
_ACCOUNT_NUMBER = re.compile(r"(?=(?:.*\d){4})[0-9A-Z*xX•_ ./-]{4,34}")
_TIME = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")
_MANY = 64  # accounts in one file; a column with more belongs to the other sides


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
    tokens: list[numbers.Token] = field(default_factory=list)

    @property
    def distinct(self) -> int:
        return len(set(self.cells))

    @property
    def constant(self) -> bool:
        """Whether it says the same in each of several rows: a balance of today, not one after each row."""
        return len(self.cells) > 2 and self.distinct == 1


@dataclass(frozen=True, slots=True)
class Money:
    """Where the amounts stand. `kind`: signed (one column), pair (debit and credit), marked (an unsigned amount
    and a column that says in or out)."""

    kind: str
    amount: int | None = None
    debit: int | None = None
    credit: int | None = None
    mark: int | None = None
    balance: int | None = None
    before: int | None = None
    fee: int | None = None
    invert: bool = False
    balance_decimal: str | None = None  # where the balance is written with another decimal mark
    owed: bool = False  # the balance is a debt: it rises with money out
    leading: bool = False  # the balance is that before the row
    credit_negative: bool = False  # a card's side of it: what lowers the debt has a minus
    blank: bool | None = None  # of a marked amount: what no mark means, where only one direction is marked
    assumed: str = ""  # why this is not sure, where it is not


def rate(table: Table, decimal: str) -> str | None:
    """A number with this decimal mark and more digits behind it than a group has: a rate of exchange (0.848252)."""
    long = re.compile(rf"-?\d{{1,4}}{re.escape(decimal)}\d{{4,}}")
    return next((cell for column in table.columns for cell in column.cells if long.fullmatch(cell.strip())), None)


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
            if amounts and texts and not any(words.total_row(t) or words.balance_words(t) for t in texts):
                found += 1
                rows.append(Row(row.line, [*row.cells[:at], rows[-1].cells[at], *row.cells[at + 1 :]]))
    return rows if found >= 2 else None


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
        if len(kinds) <= 16 and not ("K" in kinds and "D" not in kinds) and any(words.mark(cell) is not None for cell in kinds):
            marked = sum(
                n for cell, n in kinds.items() if words.mark(cell) is not None or words.neutral(cell)
            )
            column.marked = marked / len(cells)
    return column


def forced(
    table: Table, choices: Sequence[tuple[str, str]], name: str
) -> tuple[dict[str, int], list[int]]:
    """The columns that the user names, by role, and those of the description, of which there can be several.

    Raises FileRefused `no-such-column`.
    """
    found: dict[str, int] = {}
    texts: list[int] = []
    wanted = {words.normal(column.name): column.index for column in reversed(table.columns) if column.name}
    for role, column in choices:
        index = wanted.get(words.normal(column))
        if index is None and column.isdecimal() and 1 <= int(column) <= table.width:
            index = int(column) - 1
        if index is None:
            known = ", ".join(filter(None, table.names)) or f"1 to {table.width}"
            raise FileRefused(
                "no-such-column", f"{name} has no column {clean(column)[:60]}.", hint=f"It has: {known}."
            )
        if role == "description":
            texts.append(index)
        else:
            found[role] = index
    return found, texts


def date_columns(table: Table) -> list[int]:
    """Columns of dates, the booking's first."""
    found = []
    for column in table.columns:
        if column.dated < 0.8 or not column.cells:
            continue
        if column.money == 1 and column.role in (
            "amount",
            "debit",
            "credit",
            "balance",
            "account",
            "reference",
        ):
            continue
        compact = all(dates.shape(cell) == "compact" for cell in column.cells[:50])
        if compact and column.role not in ("date", None):
            continue
        full = len(column.cells) >= len(table.data) * 0.9
        named = words.booked(column.name) if column.role == "date" else 1
        rank = (
            column.role == "date",
            full or words.booked(column.name) == 2,
            named,
            words.normal(column.name) in ("date", "datum", "dato", "data", "fecha"),
            not compact,
            -column.index,
        )
        found.append((rank, column.index))
    return [index for _, index in sorted(found, reverse=True)]


def runs(table: Table, column: int) -> int:
    """1 where the dates of a column go from old to new, -1 from new to old, 0 where that is not known: they do
    neither, are all one day, or go another way in another order of day and month."""
    found = set()
    for order in dates.ORDERS:
        days = [dates.read(cell, order) for cell in table.columns[column].cells]
        steps = [a < b for a, b in pairwise(day for day in days if day) if a != b]
        if None not in days:
            found.add(1 if steps and all(steps) else -1 if steps and not any(steps) else 0)
    return found.pop() if len(found) == 1 else 0


def money_layouts(table: Table, used: set[int], told: dict[str, int]) -> list[Money]:
    """All ways to read amounts and balance out of the columns, the likeliest first."""
    columns = [column for column in table.columns if column.index not in used]
    marks = _mark_column(table, columns)
    if told.keys() & {"amount", "debit", "credit"}:
        layouts = [_told(table, told, columns)]
        marks = told.get("mark")
    else:
        layouts = _by_name(table, columns, marks, told) or _by_content(table, columns, marks, told)
    blank = _unmarked(table, marks)
    return [replace(m, blank=blank, credit_negative=_negative_credit(table, m)) for m in layouts]


def other_layouts(table: Table, used: set[int], named: Money) -> list[Money]:
    """Other ways to read the amounts or the balance of a reading by names that no balance proves, by content."""
    columns = [column for column in table.columns if column.index not in used]
    amounts = {named.amount, named.debit, named.credit} - {None}
    return [
        money
        for money in _by_content(table, columns, _mark_column(table, columns), {})
        if money.balance is not None
        and table.columns[money.balance].role in (None, "balance")
        and (money.balance == named.balance or amounts & {money.amount, money.debit, money.credit})
    ]


def _negative_credit(table: Table, money: Money) -> bool:
    """Whether the credits have a minus, and the debits have none."""
    if money.debit is None or money.credit is None:
        return False
    debits, credits = table.columns[money.debit].tokens, table.columns[money.credit].tokens
    real = [t for t in credits if t.number.strip("0.,")]
    return bool(real) and all(t.negative for t in real) and not any(t.negative for t in debits)


def _unmarked(table: Table, mark: int | None) -> bool | None:
    """What a row without a mark is, where most rows have none and all marks say the same (a card's CR)."""
    if mark is None or len(table.columns[mark].cells) * 2 > len(table.data):
        return None
    if any(len(cell) < 2 for cell in table.columns[mark].cells):
        return None  # a lone C can be a cheque, or cleared
    said = {words.mark(cell) for cell in table.columns[mark].cells}
    return not said.pop() if len(said) == 1 and None not in said else None


def _told(table: Table, told: dict[str, int], columns: list[Column]) -> Money:
    balance, before = told.get("balance"), told.get("before")
    if balance is None and before is None:
        balance = next((c.index for c in columns if c.role == "balance" and c.money > 0.8), None)
    leading = balance is None and before is not None
    if leading:
        balance, before = before, None
    if "amount" in told:
        mark = told.get("mark")
        kind = "signed" if mark is None else "marked"
        return Money(
            kind, told["amount"], mark=mark, balance=balance, before=before, fee=told.get("fee"), leading=leading
        )
    return Money(
        "pair", debit=told.get("debit"), credit=told.get("credit"), balance=balance, fee=told.get("fee"), leading=leading
    )


def _mark_column(table: Table, columns: list[Column]) -> int | None:
    found = [
        (column.role == "direction", column.role in ("kind", "debit", "credit"), -column.index, column.index)
        for column in columns
        if column.marked > 0.95
        and column.money < 0.5
        and column.role not in ("payee", "status", "currency")
        and (column.role != "description" or column.distinct <= 3)
        and (column.role in (None, "direction") or len(column.cells) * 2 > len(table.data))
    ]
    return max(found)[-1] if found else None


def _by_name(table: Table, columns: list[Column], mark: int | None, told: dict[str, int]) -> list[Money]:
    def having(role: str, empty: bool = False) -> list[Column]:
        return [c for c in columns if c.role == role and (c.money > 0.8 or (empty and not c.cells))]

    running = [c for c in having("balance") if not c.constant]
    balances: list[int | None] = [c.index for c in sorted(running, key=lambda c: -len(c.cells))]
    if "balance" in told:
        balances = [told["balance"]]
    balances = balances or [None]
    before = having("before")
    leading = balances == [None] and bool(before)
    if leading:
        balances = [before[0].index]
    fees = having("fee")
    fee = (
        fees[0].index if fees and any(numbers.magnitude(t.number, ".") != 0 for t in fees[0].tokens) else None
    )
    # A column named for both, or for the direction, that holds amounts is an amount column.
    amounts = having("amount") + having("direction")
    amounts.sort(
        key=lambda c: (-(len(c.cells) > 0), -words.booked(c.name), -words.main_amount(c.name), c.index)
    )
    debits, credits = having("debit", True), having("credit", True)
    layouts: list[Money] = []
    pairs = []
    for position, debit in enumerate(debits):
        if len(debits) == len(credits):
            pairs.append((debit, credits[position]))
        elif credits:
            pairs.append((debit, min(credits, key=lambda c: abs(c.index - debit.index))))
    if (
        not debits or not credits
    ):  # one of the two has another name: where it has an amount, the other has none
        for amount in amounts:
            pairs += [(debit, amount) for debit in debits if _exclusive(table, debit.index, amount.index)]
            pairs += [(amount, credit) for credit in credits if _exclusive(table, amount.index, credit.index)]
    if not pairs and len(debits) + len(credits) == 1:
        # The name of the other is in no list: wherever one has an amount, the other has none.
        (known,) = debits or credits
        for other in (c for c in columns if c.role is None and c.money > 0.8):
            if _exclusive(table, known.index, other.index):
                pairs.append((known, other) if debits else (other, known))
    pairs = [pair for pair in pairs if pair[0].cells or pair[1].cells]
    pairs.sort(key=lambda pair: (-words.booked(pair[0].name), pair[0].index))
    for balance in balances:
        for debit, credit in pairs:
            layouts.append(Money("pair", debit=debit.index, credit=credit.index, balance=balance, fee=fee))
        first = before[0].index if before else None
        for amount in amounts:
            signed = Money("signed", amount.index, balance=balance, before=first, fee=fee)
            if mark is not None:
                layouts.append(
                    Money("marked", amount.index, mark=mark, balance=balance, before=first, fee=fee)
                )
            layouts.append(signed)
        if not amounts and not pairs:
            for column in debits:
                if column.cells:
                    layouts.append(Money("pair", debit=column.index, balance=balance))
            for column in credits:
                if column.cells:
                    layouts.append(Money("pair", credit=column.index, balance=balance))
        if not layouts:
            for column in having("other_money"):
                layouts.append(
                    Money(
                        "marked" if mark is not None else "signed", column.index, mark=mark, balance=balance
                    )
                )
    if pairs and amounts and any(t.negative for c in amounts for t in c.tokens):
        layouts.sort(key=lambda layout: layout.kind == "pair")
    return [replace(m, before=None, leading=True) for m in layouts] if leading else layouts


def _by_content(table: Table, columns: list[Column], mark: int | None, told: dict[str, int]) -> list[Money]:
    money = [
        c
        for c in columns
        if c.money > 0.9 and c.role in (None, "amount", "balance", "debit", "credit") and not _number_only(c)
    ]
    if any(c.role in ("amount", "debit", "credit") and not c.cells for c in columns):
        money = [c for c in money if c.role != "balance"]  # the amounts have their column, and it is empty
    if not money:
        money = [c for c in columns if c.money > 0.9 and c.role is None and max(map(len, c.cells)) < 8]
    if not money:
        return []
    # Columns without decimals are amounts only where nothing better is there; a balance they can be.
    fine = [c for c in money if any(_looks_like_money(t) for t in c.tokens)]
    whole = [c for c in money if c not in fine][:3] if fine else []
    money = (fine or money)[:6]
    layouts: list[Money] = []
    n = len(table.data)
    for i, a in enumerate(money):
        for b in money[i + 1 :]:
            if _exclusive(table, a.index, b.index):
                if any(t.negative for t in a.tokens) or any(t.negative for t in b.tokens):
                    sure = (
                        ""
                        if not any(t.negative for t in b.tokens) or not any(t.negative for t in a.tokens)
                        else "both signs"
                    )
                    out, into = (a, b) if any(t.negative for t in a.tokens) else (b, a)
                    order, assumed = (out, into), sure
                else:
                    order, assumed = (a, b), "debit is taken to stand before credit"
                others = [c.index for c in money if c not in (a, b) and len(c.cells) * 2 >= n]
                for balance in [*others, None]:
                    layouts.append(
                        Money(
                            "pair",
                            debit=order[0].index,
                            credit=order[1].index,
                            balance=balance,
                            assumed=assumed,
                        )
                    )
                    layouts.append(
                        Money(
                            "pair",
                            debit=order[1].index,
                            credit=order[0].index,
                            balance=balance,
                            assumed=assumed,
                        )
                    )
    for a in money:
        # Amounts without a sign, and an empty column beside: debits without a credit.
        behind = next((c.index for c in columns if c.index == a.index + 1 and not c.cells), None)
        if behind is not None and not any(t.signed for t in a.tokens):
            for balance in [*(c.index for c in money if c is not a), None]:
                layouts.append(Money("pair", debit=a.index, credit=behind, balance=balance,
                                     assumed="debit is taken to stand before credit"))  # fmt: skip
    pairs = bool(layouts)
    signed = sorted(
        [c for c in money if c.role != "balance"],
        key=lambda c: (-(len(c.cells) * 2 >= n), -any(t.negative for t in c.tokens), c.index)
    )
    singles: list[Money] = []
    kind = "marked" if mark is not None else "signed"
    for a in signed:
        others = [c.index for c in money if c is not a]
        for balance in others:
            singles.append(Money(kind, a.index, mark=mark, balance=balance))
            singles.extend(
                Money(kind, a.index, mark=mark, balance=balance, before=first)
                for first in others
                if first != balance
            )
        singles.append(Money(kind, a.index, mark=mark, balance=told.get("balance")))
    if mark is not None:
        singles += [Money("signed", m.amount, balance=m.balance, before=m.before) for m in singles]
    # Without a proof, the last column of several stands for the balance.
    if len(money) > 1 and not pairs:
        last = money[-1].index
        singles.sort(
            key=lambda m: (m.balance != last, _apart(m), m.amount == last, m.before is not None)
        )
    plain = [Money(kind, a.index, mark=mark, balance=c.index) for a in signed for c in whole]
    return layouts + singles + plain


def _apart(money: Money) -> bool:
    """Whether the balances before and after a row stand apart. In one row alone the balance before and the amount
    could be each other."""
    return money.before is not None and money.balance is not None and abs(money.before - money.balance) > 1


def _number_only(column: Column) -> bool:
    """Digits that name something: too long for an amount, or a constant with leading zeros."""
    plain = [cell for cell in column.cells if cell.strip("'\"").isdigit()]
    if len(plain) < len(column.cells):
        return False
    return any(len(cell) >= 8 or (cell[0] == "0" and len(cell) > 1) for cell in plain)


def _looks_like_money(found: numbers.Token) -> bool:
    return found.signed or found.currency is not None or not found.number.isdigit()


def _exclusive(table: Table, a: int, b: int) -> bool:
    """Whether each row has an amount in exactly one of the two columns (the other empty or zero)."""
    seen_a = seen_b = 0
    signed = any(token.signed for i in (a, b) for token in table.columns[i].tokens)
    for row in table.data:
        left, right = (_nonzero(row.cells[i]) if i < len(row.cells) else False for i in (a, b))
        if left == right:
            return False
        seen_a += left
        seen_b += right
    empty = any(
        not (row.cells[i].strip() if i < len(row.cells) else "") for row in table.data for i in (a, b)
    )
    # Where one side is nothing but zeros, signs would tell that it is no side at all.
    return bool(seen_a and seen_b) or ((empty or not signed) and bool(seen_a or seen_b))


def _nonzero(cell: str) -> bool:
    return any(c in "123456789" for c in cell)


def currency_column(table: Table, used: set[int], amount: int | None) -> int | None:
    """The column with the currency of the amounts."""
    found = []
    for column in table.columns:
        if column.index in used or not column.cells or column.role in ("description", "payee", "account"):
            continue
        codes = sum(currency_of(cell) is not None for cell in column.cells) / len(column.cells)
        if codes > 0.95 and (column.role == "currency" or codes == 1):
            full = (len(column.cells) >= len(table.data) * 0.9) + (len(column.cells) * 2 >= len(table.data))
            near = -abs(column.index - amount) if amount is not None else 0
            behind = amount is not None and column.index == amount + 1
            found.append(
                (
                    full,
                    words.role_of(column.name) == "currency",
                    behind,
                    words.booked(column.name),
                    near,
                    column.index,
                )
            )
    return max(found)[-1] if found else None


def foreign_money(table: Table, currency: int, amount: int) -> Column | None:
    """The column of original amounts that a currency column stands beside, where the account's amounts are elsewhere."""
    if abs(currency - amount) <= 1:
        return None
    beside = (c for c in table.columns if c.role == "other_money" and c.tokens and abs(c.index - currency) == 1)
    return next(beside, None)


def home_currency(table: Table, currency: int, amount: int, original: int) -> str | None:
    """The currency of all rows whose amount and original amount are the same."""
    found = set()
    for row in table.data:
        if max(currency, amount, original) < len(row.cells):
            own, foreign = (numbers.token(row.cells[i]) for i in (amount, original))
            if own and foreign and own.number == foreign.number:
                found.add(currency_of(row.cells[currency]))
    return found.pop() if len(found) == 1 else None


def currency_of(cell: str) -> str | None:
    """The ISO code that a currency cell means; `$`, `kr` and `¥` as they are."""
    text = cell.strip().strip("'\"")
    if text.upper() in numbers.CODES and len(text) == 3:
        return text.upper()
    return numbers.SYMBOLS.get(text) or numbers.SYMBOLS.get(text.upper())


def account_column(table: Table, used: set[int]) -> int | None:
    """The column that names this account (not the other side's): one value, or a few."""
    found = []
    for column in table.columns:
        if column.index in used or not column.cells:
            continue
        distinct = column.distinct
        if column.role == "account":
            many = distinct > 1 and (distinct > _MANY or distinct * 3 > len(column.cells))
            filled = len(column.cells) >= len(table.data) * 0.9
            if not many and filled and any(_looks_like_account(cell) for cell in column.cells[:5]):
                number = bool(_ACCOUNT_NUMBER.fullmatch(column.cells[0].strip("'\" ")))
                iban = bool(_IBAN.fullmatch(column.cells[0].replace(" ", "")))
                found.append((distinct == 1, iban, number, -column.index))
        elif (
            not column.name
            and distinct == 1
            and len(column.cells) == len(table.data)
            and column.money
            and not column.dated
        ):
            cell = column.cells[0].strip("'\" ")
            if cell.isdigit() and len(cell) >= 7 and (len(table.data) > 1 or column.index == 0):
                found.append((False, False, True, -column.index))
        elif not column.name and distinct == 1 and _is_iban(column.cells[0]):
            found.append((False, True, True, -column.index))
    return -max(found)[-1] if found else None


def _looks_like_account(cell: str) -> bool:
    text = cell.strip("'\" ")
    return len(text) >= 3 and not text.startswith(("/", "http"))


def _is_iban(text: str) -> bool:
    """Whether the check digits of an IBAN are right."""
    text = text.replace(" ", "").upper()
    if not _IBAN.fullmatch(text):
        return False
    return int("".join(str(int(c, 36)) for c in text[4:] + text[:4])) % 97 == 1


_PREAMBLE_NUMBER = re.compile(
    r"(?<![\w.,])(?:[A-Z]{2}\d{2}(?: ?[A-Z0-9]{2,4}){3,8}|[0-9xX*•][0-9xX*• /_-]{2,32}[0-9])(?![\w.,]?\d)"
)
_YEAR = re.compile(r"(19|20)\d\d")
_OWN_ACCOUNT = re.compile(rf"{words.normal('account')}|konto|kto|iban|compte|cuenta|conto|rekening|卡号|账号|账户|口座|card|"
                          r"karte|uctu|ucet|rachun|hesap|tili|szamla|conta|acct")  # fmt: skip


def account_in(preamble: list[Row]) -> str | None:
    """The account number that stands before the rows."""
    for row in preamble:
        text = " ".join(cell.strip() for cell in row.cells if cell.strip())
        for found in re.finditer(r"[A-Z]{2}\d{2}[A-Z0-9 ]{8,34}", text):
            for end in range(len(found[0]), 12, -1):
                if _is_iban(found[0][:end]):
                    return found[0][:end].replace(" ", "")
    named = False  # the row above is nothing but the name of an account
    for row in preamble:
        cells = [cell.strip() for cell in row.cells if cell.strip()]
        text = " ".join(cells)
        above, named = named, bool(_OWN_ACCOUNT.search(words.normal(text)))
        if not (named or above) or words.balance_words(cells[0]) or len(text) > 200:
            continue
        for found in _PREAMBLE_NUMBER.finditer(text):
            number = found[0].strip()
            digits = sum(c.isdigit() for c in number)
            if digits >= 4 and not dates.shape(number) and "," not in number and not _YEAR.fullmatch(number):
                return number
        named = named and len(cells) == 1
    return None


def text_columns(table: Table, used: set[int]) -> tuple[list[int], int | None, list[int]]:
    """Columns that make the description, the one that names the other side, and those to fall back on."""
    free = [c for c in table.columns if c.index not in used]
    named = [c for c in free if c.role in ("description", "payee") and c.cells and c.dated < 0.9]
    named = [c for c in named if any(any(map(str.isalpha, cell)) for cell in c.cells)] or named
    kinds = [c.index for c in free if c.role in ("kind", "category") and c.cells]
    payee = next((c.index for c in named if c.role == "payee"), None)
    if any(c.role == "description" for c in named) or named:
        if not any(len(c.cells) * 2 >= len(table.data) for c in named) and kinds:
            return [c.index for c in named], payee, kinds
        return [c.index for c in named], payee, kinds
    texts = [c for c in free if c.cells and _texty(c)]
    if not texts:
        texts = [
            c for c in free if c.role in ("kind", "category", "reference", None) and c.cells and c.dated < 0.5
        ][:1]
    best = [c for c in texts if c.role is None] or texts
    return [c.index for c in best], None, kinds


def _texty(column: Column) -> bool:
    letters = sum(any(ch.isalpha() for ch in cell) for cell in column.cells)
    if letters * 2 < len(column.cells) or column.dated > 0.5 or column.money > 0.5:
        return False
    if column.role in ("account", "currency", "status", "other"):
        return False
    length = sum(map(len, column.cells)) / len(column.cells)
    spaced = any(" " in cell for cell in column.cells)
    return (
        length >= 3
        and (spaced or column.distinct > 1 or len(column.cells) == 1)
        and not all(_is_iban(cell) or _TIME.fullmatch(cell) for cell in column.cells)
    )


def reference_column(table: Table, used: set[int]) -> int | None:
    """The bank's own id of a transaction: named so, and no value twice."""
    for column in table.columns:
        if column.index in used or column.role != "reference" or not column.cells:
            continue
        if column.distinct >= len(column.cells) * 0.95 and len(column.cells) * 2 >= len(table.data):
            longest = max(map(len, column.cells))
            if longest >= 4 and column.dated < 0.5:
                return column.index
    return None


def status_column(table: Table, used: set[int]) -> int | None:
    """The column of states: named so, or with nothing in it but words of being booked or pending, of both kinds."""
    named = named_column(table, "status", used)
    if named is not None:
        return named
    for column in table.columns:
        kinds = set(column.cells)
        if column.index not in used and 2 <= len(kinds) <= 4 and all(map(words.tells_state, kinds)):
            return column.index
    return None


def named_column(table: Table, role: str, used: set[int]) -> int | None:
    return next((c.index for c in table.columns if c.role == role and c.index not in used and c.cells), None)
