"""The rows of a delimited file, read by a plan: in batches of whole columns where every row is of the usual
form, and row by row where one is not (totals, notes, second lines, cells that cannot be read)."""

import re
from array import array
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
    Proof,
    Rows,
    StagedTransaction,
    Statement,
    StatementStart,
    Unreadable,
    Verdict,
    where,
)
from smartimport_cli.core.text import clean, mask_account, shorten
from smartimport_cli.statements.delimited import dialect, numbers, words
from smartimport_cli.statements.delimited.dialect import Row
from smartimport_cli.statements.delimited.layout import currency_of
from smartimport_cli.statements.delimited.survey import (
    Plan,
    account_of,
    account_without_name,
    stated_balances,
)
from smartimport_cli.statements.delimited.trials import NOTHING, amount_of, balance_of
from smartimport_cli.statements.proof import RunningBalance, in_some_order, opening_and_closing

_BATCH = 2048
_KNOWN = 1 << 16  # cells and names remembered
_UNORDERED = 250_000  # rows whose balances are kept where they follow no order
_ZEROS = str.maketrans("123456789", "000000000")
_LONG_NUMBER = re.compile(r"\b[A-Z]{0,2}\d[\dA-Z]{7,}\b")
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
                cell = _cell(cells, column).strip()
                if cell and cell not in found and plan.day(_cell(cells, plan.date)):
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
        self.rows = 0
        self.first: date | None = None
        self.last: date | None = None
        self.money_in: dict[str | None, int] = {}
        self.money_out: dict[str | None, int] = {}
        self.running: dict[str | None, RunningBalance] = {}
        self.befores, self.afters = array("q"), array("q")
        self.opening, self.closing = plan.opening, plan.closing
        self.pairs_checked = 0
        self.pair_breaks: list[int] = []
        self.totals: list[tuple[int, list[int]]] = []
        self.notes: list[int] = []
        self.unreadable = 0
        self.issues: list[Issue] = []
        self.trailing: list[Row] = []

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
        if len(columns) <= self.widest:
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
            descriptions = _clean_all(columns[plan.texts[0]])
        elif plan.texts:
            texts = [_clean_all(columns[i]) for i in plan.texts]
            descriptions = [_joined(cells) for cells in zip(*texts, strict=True)]
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
            payees = _clean_all(columns[plan.payee])
            names = [payee or words_ for payee, words_ in zip(payees, descriptions, strict=True)]
        currencies: list[str | None] | None = None
        if plan.currency_column is not None and not (
            plan.currency and len({*columns[plan.currency_column]}) == 1
        ):
            currencies = [self._currency(cell) for cell in columns[plan.currency_column]]
        references = (
            repeat(None)
            if plan.reference is None
            else [c or None for c in _clean_all(columns[plan.reference])]
        )
        categories = (
            repeat(None) if plan.category is None else [c or None for c in _clean_all(columns[plan.category])]
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
        self._count(lines, days, amounts, currencies, balances)
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
                marks = [words.mark(cell) if cell.strip() else money.blank for cell in columns[money.mark]]
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

    def _count(
        self, lines: Sequence[int], days: Sequence[date], amounts: Sequence[int],
        currencies: Sequence[str | None] | None, balances: Sequence[int | None] | None,
    ) -> None:  # fmt: skip
        """Totals, period, and proof of the next rows."""
        self.rows += len(amounts)
        self.last_line = lines[-1]
        self.last_date = days[-1]
        low, high = min(days), max(days)
        self.first = low if self.first is None else min(self.first, low)
        self.last = high if self.last is None else max(self.last, high)
        if currencies is None or len({*currencies}) == 1:
            self._sum(self.plan.currency if currencies is None else currencies[0], lines, amounts, balances)
            return
        for currency in dict.fromkeys(currencies):
            rows = [i for i, other in enumerate(currencies) if other == currency]
            own = [balances[i] for i in rows] if balances is not None else None
            self._sum(currency, [lines[i] for i in rows], [amounts[i] for i in rows], own)

    def _sum(
        self,
        currency: str | None,
        lines: Sequence[int],
        amounts: Sequence[int],
        balances: Sequence[int | None] | None,
    ) -> None:
        total = sum(amounts)
        into = (sum(map(abs, amounts)) + total) // 2
        self.money_in[currency] = self.money_in.get(currency, 0) + into
        self.money_out[currency] = self.money_out.get(currency, 0) + total - into
        if balances is None:
            return
        running = self.running.setdefault(currency, RunningBalance(descending=self.plan.descending))
        running.feed(lines, amounts, balances)
        if self.plan.unordered and len(self.afters) < _UNORDERED:
            for amount, balance in zip(amounts, balances, strict=True):
                if balance is not None:
                    self.befores.append(balance - amount)
                    self.afters.append(balance)

    # Row by row

    def _one_by_one(
        self, rows: list[list[str]], lines: Sequence[int], unreadable: list[Unreadable]
    ) -> list[StagedTransaction]:
        staged: list[StagedTransaction] = []
        for line, cells in zip(lines, rows, strict=True):
            if not any(map(str.strip, cells)) or self._repeats_header(cells):
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
                    unreadable.append(Unreadable(line, found, _shown(cells)))
        sure = [row for row in staged if not row.pending]
        if sure:
            multiple = self.plan.currency_column is not None
            self._count(
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
        cell = _cell(cells, column).strip()
        return cell != self.only if self.apart_from is None else cell in self.apart_from

    def _row(
        self, line: int, cells: list[str], staged: list[StagedTransaction]
    ) -> StagedTransaction | str | None:
        """A transaction, the reason why the row cannot be read, or None where it is none of the rows."""
        plan, money = self.plan, self.plan.money
        date_cell = _cell(cells, plan.date).strip(NOTHING)
        day = plan.day(date_cell) if date_cell else None
        has_amount = any(_cell(cells, i).strip(NOTHING) for i in (money.amount, money.debit, money.credit))
        pending = False
        issues: list[Issue] = []
        filled = [cell.strip() for cell in cells if cell.strip()]
        waits = not date_cell or words.state_of(date_cell) == "pending"
        if day is None and waits and has_amount and plan.spare_date is not None:
            day = plan.day(_cell(cells, plan.spare_date))
            pending = day is not None
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
                and numbers.value(_cell(cells, money.amount), plan.decimal) is None
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
        if words.turnover(description) or (money.balance is None and words.balance_of_a_day(_first_text(cells, plan.texts))):
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
                self._state(kind, units)
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
            and (text := _cell(cells, money.balance).strip(NOTHING))
        ):
            issues.append(
                Issue(
                    "balance-unreadable",
                    f"The balance {shorten(clean(text), 30)} cannot be read.",
                    where(line),
                )
            )
        if plan.status is not None and (status := _cell(cells, plan.status).strip()):
            state = words.state_of(status)
            if state == "not-done":
                return f"it was not carried out: {shorten(clean(status), 40)}"
            pending = pending or state == "pending"
            if state == "closed":
                issues.append(Issue("closed", f"Its state is {shorten(clean(status), 40)}.", where(line)))
        if money.before is not None and not pending:
            start = balance_of(cells, money.before, money, plan.decimal)
            if start is not None and balance is not None:
                self.pairs_checked += 1
                if start + amount != balance:
                    self.pair_breaks.append(line)
        assert day is not None
        payee = clean(_cell(cells, plan.payee)) if plan.payee is not None else ""
        return StagedTransaction(
            line, day, amount,
            self._currency(_cell(cells, plan.currency_column)),
            description, self._merchants([payee or description])[0],
            clean(_cell(cells, plan.reference)) or None if plan.reference is not None else None,
            balance,
            clean(_cell(cells, plan.category)) or None if plan.category is not None else None,
            pending, tuple(issues),
        )  # fmt: skip

    def _no_amount(self, cells: list[str], has_amount: bool) -> str:
        money = self.plan.money
        if money.kind == "marked":
            said = _cell(cells, money.mark).strip()
            if words.mark(said) is None:
                return (
                    f"it is neither money in nor money out: {shorten(clean(said), 30)}"
                    if said
                    else "nothing says in or out"
                )
        if not has_amount:
            return "it has no amount"
        texts = [_cell(cells, i).strip(NOTHING) for i in (money.amount, money.debit, money.credit)]
        wrong = next(
            (text for text in texts if text and numbers.value(text, self.plan.decimal) is None),
            "".join(texts),
        )
        return f"{shorten(clean(wrong), 30)} is no amount"

    def _previous_date(self, staged: list[StagedTransaction]) -> date | None:
        return staged[-1].posted_date if staged else self.last_date

    def _is_side_note(self, line: int, cells: list[str], filled: list[str]) -> bool:
        """Totals and balances that stand between or behind the rows: kept for the proof."""
        if any(words.total_row(cell) for cell in filled[:2]):
            money = self.plan.money
            at = (money.amount, money.debit, money.credit, money.balance)
            values = [v for i in at if (v := numbers.value(_cell(cells, i), self.plan.decimal)) is not None]
            if not values:
                values = [v for cell in filled if (v := numbers.value(cell, self.plan.decimal)) is not None]
            self.totals.append((line, values))
            self.notes.append(line)
            return True
        for kind, units in stated_balances([Row(line, cells)], self.plan.decimal):
            self._state(kind, units)
            self.notes.append(line)
            return True
        if any(map(words.balance_of_a_day, filled[:3])):
            self.notes.append(line)
            return True
        return False

    def _state(self, kind: str, units: int) -> None:
        if kind == "opening":
            self.opening = units if self.opening is None else self.opening
        else:
            self.closing = units

    def _continue(
        self, line: int, cells: list[str], filled: list[str], staged: list[StagedTransaction]
    ) -> None:
        """A second line of the row above: the rest of its description. Anything else is a note."""
        rows = staged or (self.held.rows if self.held is not None else [])
        text = clean(" ".join(c for i in self.plan.texts if (c := _cell(cells, i).strip())))
        follows = self.last_line and line == self.last_line + 1
        if rows and text and follows and len(filled) <= max(2, len(self.plan.texts)):
            row = rows[-1]
            description = f"{row.description} {text}".strip()
            rows[-1] = row._replace(description=description, merchant=self._merchants([description])[0])
            self.last_line = line + dialect.height(cells) - 1
        else:
            self.notes.append(line)

    def _description(self, cells: list[str]) -> str:
        return _joined([clean(_cell(cells, i)) for i in self.plan.texts]) or self._fall_back(cells)

    def _fall_back(self, cells: Sequence[str]) -> str:
        return next((text for i in self.plan.fallback if (text := clean(_cell(cells, i)))), "")

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
            shown = ", ".join(str(line % SHEET) for line in self.notes[:5]) + (" ..." if len(self.notes) > 5 else "")
            plan.evidence.append(
                Evidence("other lines", f"{len(self.notes)} are no transactions", f"lines {shown}")
            )
        proof, opening, closing = self._proof()
        currencies = {*self.money_in, *self.money_out}
        currency = currencies.pop() if len(currencies) == 1 else None if currencies else plan.currency
        return Statement(
            account=self.account, currency=currency, first_date=self.first, last_date=self.last,
            opening_balance=opening, closing_balance=closing, rows=self.rows, money_in=self.money_in,
            money_out=self.money_out, proof=proof, issues=tuple(self.issues),
        )  # fmt: skip

    def _proof(self) -> tuple[Proof, int | None, int | None]:
        """The verdict, the opening and the closing balance."""
        total = sum(self.money_in.values()) + sum(self.money_out.values())
        totals = self._check_totals(total)
        seen = [running for running in self.running.values() if running.seen]
        if seen:
            proof, opening, closing = self._running(seen)
            if len(seen) > 1:
                return proof, None, None
            if proof.verdict is Verdict.PROVED:
                if self.opening is not None and opening != self.opening:
                    self._differs("opening", self.opening, opening)
                if self.closing is not None and closing != self.closing:
                    self._differs("closing", self.closing, closing)
                return proof, opening, closing
            if proof.verdict is Verdict.UNPROVED and self.opening is None and self.closing is None:
                return totals or proof, None, seen[0].closing
            if proof.verdict is Verdict.CONTRADICTED:
                return proof, self.opening, self.closing
        proof = opening_and_closing(self.opening, self.closing, total, self.rows)
        if totals and proof.verdict in (Verdict.CONSISTENT, Verdict.UNPROVED):
            proof = totals
        return proof, self.opening, self.closing

    def _running(self, seen: list[RunningBalance]) -> tuple[Proof, int | None, int | None]:
        proofs = [running.proof() for running in seen]
        proof = next((p for p in proofs if p.verdict is Verdict.CONTRADICTED), proofs[0])
        opening, closing = seen[0].opening, seen[0].closing
        if (
            proof.verdict is Verdict.CONTRADICTED
            and len(seen) == 1
            and len(self.afters) == seen[0].seen
            and (ends := in_some_order(self.befores, self.afters))
        ):
            n = len(self.afters)
            proof = Proof(
                Verdict.PROVED,
                "running balance",
                f"All {n} balances follow from the rows (in another order than the file's).",
                n,
            )
            return proof, *ends
        if self.pairs_checked and proof.verdict is not Verdict.CONTRADICTED:
            if self.pair_breaks:
                line = self.pair_breaks[0]
                proof = Proof(
                    Verdict.CONTRADICTED, "running balance",
                    f"The balances before and after a row differ by another amount {len(self.pair_breaks)} times, "
                    f"first at {where(line)}.", self.pairs_checked, where(line),
                )  # fmt: skip
            elif proof.verdict is Verdict.UNPROVED:
                proof = Proof(
                    Verdict.PROVED, "running balance", f"The balances before and after agree in {self.pairs_checked} rows.",
                    self.pairs_checked,
                )  # fmt: skip
        return proof, opening, closing

    def _differs(self, which: str, stated: int, found: int | None) -> None:
        from smartimport_cli.core.money import plain

        rows = plain(found) if found is not None else "none"
        self.issues.append(
            Issue(
                f"{which}-balance-differs",
                f"The file states the {which} balance {plain(stated)}, its rows have {rows}.",
            )
        )

    def _check_totals(self, total: int) -> Proof | None:
        """Compare the totals that the file states with ours; None where it states none or they differ."""
        into, out = sum(self.money_in.values()), sum(self.money_out.values())
        wanted = {abs(total), into, -out}
        if not any(values for _, values in self.totals) or self.one_of_several:
            return None
        for line, values in self.totals:
            if any(abs(value) in wanted for value in values):
                return Proof(
                    Verdict.PROVED, "total", f"The total in {where(line)} is that of the rows.", self.rows
                )
        line = self.totals[-1][0]
        self.issues.append(
            Issue("total-differs", f"The total in {where(line)} is not that of the rows.", where(line))
        )
        return None


def _speaks_of_all(description: str) -> bool:
    """Whether a row may be none: a balance, or the sum of others."""
    return bool(words.balance_words(description)) or words.turnover(description) or words.balance_of_a_day(description)


def _first_text(cells: Sequence[str], texts: Sequence[int]) -> str:
    return next((text for i in texts if (text := clean(_cell(cells, i)))), "")


def _clean_all(cells: Sequence[str]) -> list[str]:
    """`clean` of every cell; where nothing needs it, at the price of one scan of them all."""
    text = "\x1f".join(cells)
    if text.count("\x1f") >= len(cells):
        return list(map(clean, cells))  # a cell has the separator in it
    # The separators count as blanks at the edges, so look for blanks beside them.
    body = text.replace("\x1f", "|")
    inside = "  " not in text and "\x1f " not in text and " \x1f" not in text
    if inside and body.isprintable() and text[:1] != " " and text[-1:] != " ":
        return list(cells)
    return list(map(clean, cells))


def _joined(cells: Sequence[str]) -> str:
    """The parts of a description, each once."""
    text = ""
    for cell in cells:
        if cell and cell not in text:
            text = f"{text} {cell}" if text else cell
    return text


def _cell(cells: Sequence[str], index: int | None) -> str:
    return cells[index] if index is not None and index < len(cells) else ""


def _shown(cells: Sequence[str]) -> str:
    """A row for people: clean, its long numbers masked, short."""
    text = clean(" | ".join(cell.strip() for cell in cells if cell.strip()))
    return shorten(_LONG_NUMBER.sub(lambda match: mask_account(match[0]), text), 160)
