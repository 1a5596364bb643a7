"""The rows of a delimited file, read by a plan: in batches of whole columns where every row is of the usual
form, and row by row where one is not (totals, notes, second lines, cells that cannot be read)."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import accumulate, chain, repeat
from typing import BinaryIO

from smartimport_cli.core.merchant import merchant
from smartimport_cli.core.model import (
    SHEET,
    Account,
    Evidence,
    Issue,
    Part,
    Rows,
    StagedTransaction,
    Statement,
    StatementStart,
    Unreadable,
    where,
)
from smartimport_cli.core.text import clean, shorten
from smartimport_cli.statements.delimited import dialect, numbers, words
from smartimport_cli.statements.delimited.account import account_of, account_without_name
from smartimport_cli.statements.delimited.cells import cell_at, clean_all, first_text, joined, plain, shown
from smartimport_cli.statements.delimited.dialect import Row
from smartimport_cli.statements.delimited.numbers import currency_of
from smartimport_cli.statements.delimited.plan import Plan
from smartimport_cli.statements.delimited.proving import Proving
from smartimport_cli.statements.delimited.stated import stated_balances
from smartimport_cli.statements.delimited.trials import NOTHING, amount_of, balance_of

_BATCH = 2048
_KNOWN = 1 << 16  # cells and names remembered
_ZEROS = str.maketrans("123456789", "000000000")
_MOST_UNREADABLE = 10_000  # rows that are reported one by one


def parts(source: BinaryIO, plan: Plan, size: int) -> Iterator[Part]:
    """The stream of parts: one statement for each account of the file, and one for the rows that name none."""
    named = _accounts(source, plan) if plan.account_column is not None else {}
    if len(named) < 2:
        yield from _Statement(source, plan, size).parts()
        return
    for cell in named:
        yield from _Statement(source, plan, size, only=cell).parts()
    yield from _without_account(_Statement(source, plan, size, apart_from=frozenset(named)), plan)


def _without_account(statement: "_Statement", plan: Plan) -> Iterator[Part]:
    """The parts of a statement that is none where it has no rows, read or not."""
    parts = statement.parts()
    start, first = next(parts), next(parts)
    if isinstance(first, Statement):
        return
    why = "Some rows name no account, where the others do; they stand apart."
    plan.issues.append(Issue("rows-without-account", why))
    yield from chain((start, first), parts)


def _accounts(source: BinaryIO, plan: Plan) -> dict[str, None]:
    """The account cells of the whole file in order; none where there are too many to be this customer's."""
    found: dict[str, None] = {}
    column = plan.account_column
    assert column is not None
    text = dialect.text_of(source, plan.encoding)
    try:
        for rows, line, _ in dialect.batches(text, plan.dialect, _BATCH):
            skip = max(plan.first_line - line, 0)
            for cells in rows[skip:]:
                cell = cell_at(cells, column).strip()
                if cell and cell not in found and plan.day(cell_at(cells, plan.date)):
                    found[cell] = None
                    if len(found) > 64:
                        return {}
    finally:
        text.detach()
    return found


class _Statement:
    """Reads the rows of one account (`only`, a cell of the account column), of none (`apart_from` those named
    in that column), or all."""

    def __init__(
        self, source: BinaryIO, plan: Plan, size: int, *,
        only: str | None = None, apart_from: frozenset[str] | None = None,
    ) -> None:  # fmt: skip
        self.source = source
        self.plan = plan
        self.size = size
        self.only = only
        self.apart_from = apart_from
        self.one_of_several = only is not None or apart_from is not None
        self.proving = Proving(plan, whole=not self.one_of_several)
        self.account: Account = plan.account
        if only is not None:
            self.account = account_of(only, plan.currency)
        elif apart_from is not None:
            self.account = account_without_name(plan.header, plan.width, plan.currency)
        self.column = numbers.Column(plan.decimal)
        self.balance_decimal = plan.money.balance_decimal or plan.decimal
        self.balances = numbers.Column(self.balance_decimal)
        money = plan.money
        self.widest = max(
            i
            for i in (
                plan.date, money.amount, money.debit, money.credit, money.mark, money.balance, money.fee, plan.reference,
                plan.category, plan.currency_column, plan.status, *plan.texts,
            )
            if i is not None
        )  # fmt: skip
        self.simple = money.before is None and not plan.fee_counts and not self.one_of_several
        self.days: dict[str, date | None] = {}
        self.currencies: dict[str, str | None] = {}
        self.merchants: dict[str, str] = {}
        self.numbered = False  # some merchants have digits in their names
        self.held: Rows | None = None
        self.last_line = 0
        self.last_date: date | None = None
        self.notes: list[int] = []
        self.unreadable = 0
        self.waiting = plan.waiting  # the rows here stand under a title that says so
        self.title = ""  # the last line of one cell

    def parts(self) -> Iterator[Part]:
        yield StatementStart(self.account)
        text = dialect.text_of(self.source, self.plan.encoding)
        try:
            for block in dialect.blocks(text, self.plan.dialect, self.plan.width):
                position = min(self.source.tell(), self.size)
                line, rows, columns = block.line, block.rows, block.columns
                lines: Sequence[int] = range(line, line + block.height)
                if not block.even:
                    lines = list(accumulate(map(dialect.height, rows[:-1]), initial=line))
                if line < self.plan.first_line:
                    skip = sum(number < self.plan.first_line for number in lines)
                    lines, rows = lines[skip:], rows[skip:]
                    columns = [column[skip:] for column in columns] if columns else None
                if not lines:
                    continue
                staged = self._columns(columns, lines) if columns and self.simple else None
                unreadable: list[Unreadable] = []
                if staged is None:
                    if columns:
                        rows = [*map(list, zip(*columns, strict=True))]
                    staged = self._one_by_one(rows, lines, unreadable)
                if staged:
                    if self.held is not None:
                        yield self.held
                    self.held = Rows(staged, position)
                yield from unreadable
        finally:
            text.detach()
        if self.held is not None:
            yield self.held
        yield self._finish()

    # Whole columns

    def _columns(self, columns: list[list[str]], lines: Sequence[int]) -> list[StagedTransaction] | None:
        """The block as transactions, or None where a row is not of the usual form; then nothing has changed."""
        plan = self.plan
        if len(columns) <= self.widest or self.waiting or (plan.without_balance and not plan.without_balance.isdisjoint(lines)):
            return None
        days = self._days(columns[plan.date])
        if days is None:
            return None
        if plan.status is not None and {words.state_of(cell) for cell in {*columns[plan.status]}} != {"done"}:
            return None
        amounts = self._amounts(columns)
        if amounts is None:
            return None
        balances: list[int | None] | None = None
        if plan.money.balance is not None:
            cells = columns[plan.money.balance]
            balances = self.balances.read(cells) or self.balances.read_gaps(cells)  # type: ignore[assignment]
            if balances is None:
                balances = [numbers.value(cell, self.balance_decimal) for cell in cells]
                if any(b is None and cell.strip(NOTHING) for b, cell in zip(balances, cells, strict=True)):
                    return None
            if plan.money.owed:
                balances = [None if units is None else -units for units in balances]
            if plan.money.leading:
                balances = [b if b is None else b + a for a, b in zip(amounts, balances, strict=True)]
        if len(plan.texts) == 1:
            descriptions = clean_all(columns[plan.texts[0]])
        elif plan.texts:
            texts = [clean_all(columns[i]) for i in plan.texts]
            descriptions = [joined(cells) for cells in zip(*texts, strict=True)]
        else:
            descriptions = [""] * len(lines)
        if "" in descriptions:
            descriptions = [
                text or self._fall_back(cells)
                for text, cells in zip(descriptions, zip(*columns, strict=True), strict=True)
            ]
        # A row that speaks of a balance may be none of the rows: looked at one by one. So is one that says nothing.
        ends = (*descriptions[:3], *descriptions[-3:])
        if any(map(_speaks_of_all, ends)) or ("" in ends and any(ends)):
            return None
        names = descriptions
        if plan.payee is not None:
            payees = clean_all(columns[plan.payee])
            names = [payee or words_ for payee, words_ in zip(payees, descriptions, strict=True)]
        currencies: list[str | None] | None = None
        if plan.currency_column is not None and not (
            plan.currency and len({*columns[plan.currency_column]}) == 1
        ):
            currencies = [self._currency(cell) for cell in columns[plan.currency_column]]
        references = (
            repeat(None)
            if plan.reference is None
            else [c or None for c in clean_all(columns[plan.reference])]
        )
        categories = (
            repeat(None) if plan.category is None else [c or None for c in clean_all(columns[plan.category])]
        )
        staged: list[StagedTransaction] = list(
            map(
                tuple.__new__,
                repeat(StagedTransaction),
                zip(
                    lines, days, amounts, currencies or repeat(plan.currency), descriptions, self._merchants(names),
                    references, balances or repeat(None), categories, repeat(False), repeat(()),
                    strict=False,
                ),
            )
        )  # fmt: skip
        self.proving.count(lines, days, amounts, currencies, balances)
        self.last_line, self.last_date = lines[-1], days[-1]
        return staged

    def _days(self, cells: Sequence[str]) -> list[date] | None:
        known = self.days
        new = {*cells} - known.keys()
        if new:
            if len(known) > _KNOWN:
                known.clear()
                new = {*cells}
            for cell in new:
                known[cell] = self.plan.day(cell)
        days = list(map(known.__getitem__, cells))
        return None if None in days else days  # type: ignore[return-value]

    def _amounts(self, columns: list[list[str]]) -> list[int] | None:
        money = self.plan.money
        if money.kind == "pair":
            out, into = money.debit, money.credit
            n = len(columns[0])
            debits = self._gaps(columns[out]) if out is not None else [None] * n
            credits = self._gaps(columns[into]) if into is not None else [None] * n
            if debits is None or credits is None:
                return None
            amounts: list[int] = []
            for debit, credit in zip(debits, credits, strict=True):
                if debit is None and credit is None:
                    return None
                credit = -(credit or 0) if money.credit_negative else credit or 0
                amounts.append(credit + (debit or 0) if self.plan.debit_as_is else credit - (debit or 0))
        else:
            assert money.amount is not None
            read = self.column.read(columns[money.amount])
            if read is None:
                values = [numbers.value(cell, self.plan.decimal) for cell in columns[money.amount]]
                if None in values:
                    return None
                read = values  # type: ignore[assignment]
            assert read is not None
            amounts = read
            if money.kind == "marked":
                assert money.mark is not None
                marks = [
                    words.mark(cell, money.directions) if cell.strip() else money.blank for cell in columns[money.mark]
                ]
                if None in marks:
                    return None
                amounts = [abs(a) if into else -abs(a) for a, into in zip(amounts, marks, strict=True)]
        return [-a for a in amounts] if money.invert else amounts

    def _gaps(self, cells: Sequence[str]) -> list[int | None] | None:
        found = self.column.read_gaps(cells)
        if found is not None:
            return found
        values: list[int | None] = []
        for cell in cells:
            token = numbers.token(cell)
            if token is None:
                if cell.strip(NOTHING):
                    return None
                values.append(None)
                continue
            units = numbers.magnitude(token.number, self.plan.decimal)
            if units is None or token.debit is not None:
                return None
            values.append(-units if token.negative else units)
        return values

    def _merchants(self, names: list[str]) -> list[str]:
        """The merchant in each name. Names that differ in digits only have the same one, unless digits are in it."""
        known = self.merchants
        shapes = "\x1f".join(names).translate(_ZEROS).split("\x1f")
        if len(shapes) != len(names):
            return list(map(merchant, names))
        new = {*shapes} - known.keys()
        if new:
            if len(known) > _KNOWN:
                known.clear()
                new = {*shapes}
            for shape in new:
                known[shape] = merchant(shape)
                self.numbered = self.numbered or "0" in known[shape]
        found = list(map(known.__getitem__, shapes))
        if self.numbered:
            found = [
                merchant(name) if "0" in short else short for name, short in zip(names, found, strict=True)
            ]
        return found

    def _currency(self, cell: str) -> str | None:
        """The currency of a row: its cell, where that names one."""
        if self.plan.currency_column is None:
            return self.plan.currency
        if cell not in self.currencies:
            code = currency_of(cell)
            self.currencies[cell] = code if code in numbers.CODES else self.plan.currency
        return self.currencies[cell]


    # Row by row

    def _one_by_one(
        self, rows: list[list[str]], lines: Sequence[int], unreadable: list[Unreadable]
    ) -> list[StagedTransaction]:
        staged: list[StagedTransaction] = []
        for line, cells in zip(lines, rows, strict=True):
            if not any(map(str.strip, cells)):
                continue
            if self._repeats_header(cells):
                self.waiting, self.title = bool(words.title_of_waiting(self.title)), ""
                continue
            if self.one_of_several and self._other_account(cells):
                continue
            found = self._row(line, cells, staged)
            if isinstance(found, StagedTransaction):
                staged.append(found)
                self.last_line, self.last_date = line + dialect.height(cells) - 1, found.posted_date
            elif isinstance(found, str):
                self.unreadable += 1
                if self.unreadable <= _MOST_UNREADABLE:
                    unreadable.append(Unreadable(line, found, shown(cells)))
        sure = [row for row in staged if not row.pending]
        if sure:
            multiple = self.plan.currency_column is not None
            self.proving.count(
                [row.line for row in sure], [row.posted_date for row in sure], [row.amount for row in sure],
                [row.currency for row in sure] if multiple else None,
                [row.balance for row in sure] if self.plan.money.balance is not None else None,
            )  # fmt: skip
        return staged

    def _repeats_header(self, cells: list[str]) -> bool:
        header = self.plan.header
        return header is not None and [c.strip() for c in cells if c.strip()] == [c for c in header if c]

    def _other_account(self, cells: list[str]) -> bool:
        column = self.plan.account_column
        assert column is not None
        cell = cell_at(cells, column).strip()
        return cell != self.only if self.apart_from is None else cell in self.apart_from

    def _row(
        self, line: int, cells: list[str], staged: list[StagedTransaction]
    ) -> StagedTransaction | str | None:
        """A transaction, the reason why the row cannot be read, or None where it is none of the rows."""
        plan, money = self.plan, self.plan.money
        date_cell = cell_at(cells, plan.date).strip(NOTHING)
        day = plan.day(date_cell) if date_cell else None
        has_amount = any(cell_at(cells, i).strip(NOTHING) for i in (money.amount, money.debit, money.credit))
        pending = self.waiting or line in plan.without_balance
        issues: list[Issue] = []
        filled = [cell.strip() for cell in cells if cell.strip()]
        if len(filled) == 1 and day is None:
            self._titled(filled[0], any(cell_at(cells, i).strip() for i in plan.texts))
        waits = not date_cell or words.state_of(date_cell) == "pending"
        if day is None and waits and has_amount and plan.spare_date is not None:
            day = plan.day(cell_at(cells, plan.spare_date))
            pending = pending or day is not None
        if day is None:
            if self._is_side_note(line, cells, filled):
                return None
            if not date_cell and has_amount:
                if not plan.carries_date or self.last_date is None:
                    return "it has an amount, but no date"
                day = self._previous_date(staged)
            elif not date_cell:
                self._continue(line, cells, filled, staged)
                return None
            elif (
                has_amount
                and numbers.value(cell_at(cells, money.amount), plan.decimal) is None
                and len(filled) <= 2
            ):
                self.notes.append(line)
                return None
            elif all(numbers.token(cell) is None for cell in filled) or all(map(numbers.token, filled)):
                self.notes.append(line)  # names of sums, or the sums
                return None
            elif has_amount and sum(words.role_of(cell) is not None for cell in filled) < len(filled):
                return f"{shorten(clean(date_cell), 30)} is no date in the order {plan.order}"
            elif len(filled) <= 2 or not has_amount:
                self.notes.append(line)
                return None
            else:
                self.notes.append(line)  # another header
                return None
        description = self._description(cells)
        if words.turnover(description) or (money.balance is None and words.balance_of_a_day(first_text(cells, plan.texts))):
            self.notes.append(line)
            return None
        amount = amount_of(cells, money, plan.decimal, plan.debit_as_is, plan.fee_counts)
        balance = balance_of(cells, money.balance, money, plan.decimal) if money.balance is not None else None
        said = (description,) if description else filled
        kind = next((kind for text in said if (kind := words.balance_words(text))), None)
        if (
            kind
            and (not amount or (balance is None and not pending) or balance == amount)
            and (not has_amount or money.balance is None or balance == amount or not amount)
        ):
            units = balance if balance is not None else amount
            if units is not None:
                self.proving.state(kind, units)
            if units is not None or not has_amount:
                self.notes.append(line)
                return None
        if amount is None and not has_amount and balance is not None and words.speaks_of_balance(description):
            # The balance at the end of a day, on a line of its own: it is that of the row above.
            if staged and staged[-1].balance is None and not plan.descending:
                staged[-1] = staged[-1]._replace(balance=balance)
            self.notes.append(line)
            return None
        if amount is None:
            return self._no_amount(cells, has_amount)
        if money.leading and balance is not None:
            balance += amount
        if (
            money.balance is not None
            and balance is None
            and (text := cell_at(cells, money.balance).strip(NOTHING))
        ):
            issues.append(
                Issue(
                    "balance-unreadable",
                    f"The balance {shorten(clean(text), 30)} cannot be read.",
                    where(line),
                )
            )
        if plan.status is not None and (status := cell_at(cells, plan.status).strip()):
            state = words.state_of(status)
            if state == "not-done":
                return f"it was not carried out: {shorten(clean(status), 40)}"
            pending = pending or state == "pending"
            if state == "closed":
                issues.append(Issue("closed", f"Its state is {shorten(clean(status), 40)}.", where(line)))
        if money.before is not None and not pending:
            start = balance_of(cells, money.before, money, plan.decimal)
            if start is not None and balance is not None:
                self.proving.pair(line, start, amount, balance)
        assert day is not None
        payee = clean(cell_at(cells, plan.payee)) if plan.payee is not None else ""
        return StagedTransaction(
            line, day, amount,
            self._currency(cell_at(cells, plan.currency_column)),
            description, self._merchants([payee or description])[0],
            clean(cell_at(cells, plan.reference)) or None if plan.reference is not None else None,
            balance,
            clean(cell_at(cells, plan.category)) or None if plan.category is not None else None,
            pending, tuple(issues),
        )  # fmt: skip

    def _no_amount(self, cells: list[str], has_amount: bool) -> str:
        money = self.plan.money
        if money.kind == "marked":
            said = cell_at(cells, money.mark).strip()
            if words.mark(said, money.directions) is None:
                return (
                    f"it is neither money in nor money out: {shorten(clean(said), 30)}"
                    if said
                    else "nothing says in or out"
                )
        if not has_amount:
            return "it has no amount"
        texts = [cell_at(cells, i).strip(NOTHING) for i in (money.amount, money.debit, money.credit)]
        wrong = next(
            (text for text in texts if text and numbers.value(text, self.plan.decimal) is None),
            "".join(texts),
        )
        return f"{shorten(clean(wrong), 30)} is no amount"

    def _titled(self, text: str, described: bool) -> None:
        """A line of one cell may be a title: that of the names below it, or else of the rows, unless it stands where
        descriptions do (`described`), whose second line it can be."""
        self.title = text
        told = None if described else words.title_of_waiting(text)
        self.waiting = self.waiting if told is None else told

    def _previous_date(self, staged: list[StagedTransaction]) -> date | None:
        return staged[-1].posted_date if staged else self.last_date

    def _is_side_note(self, line: int, cells: list[str], filled: list[str]) -> bool:
        """Totals and balances that stand between or behind the rows: kept for the proof."""
        if any(words.total_row(cell) for cell in filled[:2]):
            money = self.plan.money
            at = (money.amount, money.debit, money.credit, money.balance)
            values = [v for i in at if (v := numbers.value(cell_at(cells, i), self.plan.decimal)) is not None]
            if not values:
                values = [v for cell in filled if (v := numbers.value(cell, self.plan.decimal)) is not None]
            self.proving.total(line, values)
            self.notes.append(line)
            return True
        money = self.plan.money
        for kind, units in stated_balances([Row(line, cells)], self.plan.decimal, (money.balance, money.amount)):
            self.proving.state(kind, units)
            self.notes.append(line)
            return True
        if any(map(words.balance_of_a_day, filled[:3])):
            self.notes.append(line)
            return True
        return False


    def _continue(
        self, line: int, cells: list[str], filled: list[str], staged: list[StagedTransaction]
    ) -> None:
        """A second line of the row above: the rest of its description. Anything else is a note."""
        rows = staged or (self.held.rows if self.held is not None else [])
        text = clean(" ".join(c for i in self.plan.texts if (c := plain(cell_at(cells, i)).strip())))
        follows = self.last_line and line == self.last_line + 1
        if rows and text and follows and len(filled) <= max(2, len(self.plan.texts)):
            row = rows[-1]
            description = f"{row.description} {text}".strip()
            rows[-1] = row._replace(description=description, merchant=self._merchants([description])[0])
            self.last_line = line + dialect.height(cells) - 1
        else:
            self.notes.append(line)

    def _description(self, cells: list[str]) -> str:
        return joined([clean(plain(cell_at(cells, i))) for i in self.plan.texts]) or self._fall_back(cells)

    def _fall_back(self, cells: Sequence[str]) -> str:
        return next((text for i in self.plan.fallback if (text := clean(cell_at(cells, i)))), "")

    # The end

    def _finish(self) -> Statement:
        plan = self.plan
        if plan.carries_date:
            plan.issues.append(
                Issue("dates-carried", "The file gives a date once a day; rows without take the one above.")
            )
        if self.unreadable > _MOST_UNREADABLE:
            plan.issues.append(
                Issue(
                    "many-unreadable",
                    f"{self.unreadable} rows cannot be read; {_MOST_UNREADABLE} are listed.",
                )
            )
        if self.notes:
            lines = ", ".join(str(line % SHEET) for line in self.notes[:5]) + (" ..." if len(self.notes) > 5 else "")
            plan.evidence.append(
                Evidence("other lines", f"{len(self.notes)} are no transactions", f"lines {lines}")
            )
        return self.proving.statement(self.account)


def _speaks_of_all(description: str) -> bool:
    """Whether a row may be none: a balance, or the sum of others."""
    return bool(words.balance_words(description)) or words.turnover(description) or words.balance_of_a_day(description)
