"""Decides how a file is read: a sample of its rows, every possible reading of it, and what proves one of them.

The balances decide where they can; else evidence; what stays undecided is asked (FileRefused `ambiguous`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO

from smartimport_cli.core.errors import FileRefused
from smartimport_cli.core.identity import account_from_label, account_from_number
from smartimport_cli.core.model import Account, Choices, Column, Layout, Tried, where
from smartimport_cli.core.text import clean, mask_account, shorten
from smartimport_cli.statements.delimited import dates, dialect, layout, settled, words, yearless
from smartimport_cli.statements.delimited.account import (
    account_column,
    account_in,
    account_of,
    account_without_name,
)
from smartimport_cli.statements.delimited.amounts import Money, money_layouts, other_layouts
from smartimport_cli.statements.delimited.currency import (
    currency_column,
    currency_of_rows,
    foreign_money,
    home_currency,
    known_currency,
    named_in,
)
from smartimport_cli.statements.delimited.date_order import DateOrder, in_words
from smartimport_cli.statements.delimited.decimals import DecimalMark
from smartimport_cli.statements.delimited.dialect import Dialect, Row
from smartimport_cli.statements.delimited.inquiry import Inquiry
from smartimport_cli.statements.delimited.plan import Plan
from smartimport_cli.statements.delimited.serials import with_dates
from smartimport_cli.statements.delimited.sign import Sign
from smartimport_cli.statements.delimited.stated import stated_balances
from smartimport_cli.statements.delimited.table import Table, table_of
from smartimport_cli.statements.delimited.trials import (
    Trial,
    attempt,
    balance_decimal,
    debit_as_is,
    tokens_of,
)
from smartimport_cli.statements.delimited.yearless import Dated, Yearless

if TYPE_CHECKING:
    from smartimport_cli.statements.descriptions import Description

_TRIED = 600  # rows on which readings are compared
_SOME = 60  # rows on which readings against the names are compared
_SHOWN = 12  # readings that are told of


class NothingInIt(FileRefused):
    """Column names, and not one line behind them: a statement of a period in which nothing happened."""


class Surveyor(Inquiry):
    """One survey, from the first lines of a file to the plan by which all of it is read."""

    def __init__(
        self,
        source: BinaryIO,
        name: str,
        size: int,
        choices: Choices,
        described: "Sequence[Description]" = (),
        cut: Dialect | None = None,
    ) -> None:
        super().__init__(source, name, size, choices, cut)
        self.described = described
        self.trials: list[Trial] = []

    def plan(self) -> Plan:
        """Raises FileRefused `unsupported-format`, `no-transactions`, `ambiguous`, `no-such-column` ..."""
        if self.cut is None:
            lines, whole, cut = self._sniffed()
        else:
            lines, whole = dialect.sample_of(self.source, self.encoding)
            self._describe(lines)
            cut = self.cut
        choices = self.choices
        rows, serials = with_dates(dialect.rows_of(lines, cut))
        if not whole and len(rows) > 1:
            rows.pop()
        if not rows:
            raise FileRefused(
                "empty-file", f"{self.name} has no text in it.", hint="Download it again from the bank."
            )
        undated = yearless.look(rows, choices.date_order)
        years = self._years(undated) if undated else None
        rows = undated.rows if undated else rows
        table = table_of(rows, choices.header, self.name)
        told, told_texts = layout.forced(table, choices.columns, self.name)
        if table.header:
            self.say("header", where(table.header.line), ", ".join(n for n in table.names if n)[:200])
        else:
            self.say("header", "none", "no line names columns")
        self._refuse_without_rows(table)
        dates_at = layout.date_columns(table)
        if "date" in told:
            dates_at = [told[role] for role in ("date", "value-date") if role in told]
        if not dates_at:
            raise self._unsupported("no column holds dates")
        used = set(dates_at) | set(told.values()) | set(told_texts)
        layouts = money_layouts(
            table, used - {told[r] for r in told.keys() & {"amount", "debit", "credit", "balance", "mark"}}, told
        )
        if not layouts:
            raise self._unsupported("no column holds amounts")
        data = table.data[:_TRIED]
        table.runs = layout.runs(table, dates_at[0])
        currency_at = told.get("currency")
        if currency_at is None:
            currency_at = currency_column(
                table, used, layouts[0].amount or layouts[0].debit or layouts[0].credit
            )
        likely = layouts[0].amount
        if "currency" not in told and likely is not None and named_in(table.names[likely]):
            currency_at = None  # the amount's own name has its currency; the column is that of the original amount
        home = None
        if "currency" not in told and currency_at is not None and likely is not None:
            original = foreign_money(table, currency_at, likely)
            if original is not None:
                home = home_currency(table, currency_at, likely, original.index)
                currency_at = None
        mark = DecimalMark(self, table)
        decimal_open = mark.possible(layouts)
        tried = self._best(table, data, layouts, decimal_open, used)
        money, decimal = tried.money, tried.decimal
        used |= {i for i in (money.amount, money.debit, money.credit, money.mark, money.balance, money.before, money.fee)
                 if i is not None}  # fmt: skip
        currency = currency_of_rows(self, table, money, currency_at)
        if currency is None and home:
            currency = known_currency(self, home, table, "amounts that are the same as their original ones are in it")
        if len(decimal_open) > 1 and (not tried.proved or mark.proved_with_both(data, tried)):
            decimal = mark.by_evidence(money, currency, decimal_open, tried.proved)
        elif tried.proved and len(decimal_open) > 1:
            self.say("decimal mark", decimal, "the balances prove it")
        else:
            self.say(
                "decimal mark",
                decimal,
                self.chosen("decimal") or "all amounts can be read with it",
            )
        if self.description and tried.checks and not tried.proved:
            self.doubt(
                "description-contradicted",
                f"The balances do not agree with the description {self.description.name}; leave it out or correct "
                f"{self.description.origin}.",
            )
        as_is = debit_as_is(table, money)
        unsigned = not any(t.negative for t in tokens_of(table, money.amount))
        money = Sign(self, table, data, decimal).decide(money, tried, unsigned)
        order = years.order if years else self._date_order(table, dates_at, tried, currency)
        if dates_at[0] in serials:
            order = dates.SERIAL
            self.say("dates", "day numbers", "a spreadsheet counts days so")
        self._money_evidence(table, money, tried)
        if currency_at is not None:
            used.add(currency_at)
        account_at = told.get("account")
        if account_at is None:
            account_at = account_column(table, used)
        if account_at is not None:
            used.add(account_at)
        reference = told.get("reference", layout.reference_column(table, used))
        category = told.get("category", layout.named_column(table, "category", used))
        status = told.get("status", layout.status_column(table, used))
        used |= {i for i in (reference, status) if i is not None}
        texts, payee, fallback = layout.text_columns(table, used)
        if told_texts:
            texts, payee = told_texts, told.get("payee")
            if payee is not None and payee not in texts:
                texts = [payee, *texts]
        if payee is not None and (payee not in texts or len(texts) < 2):
            payee = None
        first = table.header.line + 1 if table.header else (table.body[0].line if table.body else cut.first)
        spare = dates_at[1] if len(dates_at) > 1 else None
        plan = Plan(
            encoding=self.encoding, dialect=cut, header=[c.strip() for c in table.header.cells] if table.header else None,
            first_line=first, width=table.width, date=dates_at[0], spare_date=spare, order=order, money=money,
            decimal=decimal, texts=texts, fallback=fallback, payee=payee, reference=reference, category=category,
            currency_column=currency_at, currency=currency, status=status, account_column=None,
            account=self._account(table, account_at, currency), descending=tried.descending, debit_as_is=as_is,
            unsigned=unsigned, fee_counts=tried.fee, evidence=self.evidence, issues=self.issues,
            unordered=tried.unordered, years=years,
        )  # fmt: skip
        plan.carries_date = table.carries_date
        if account_at is not None and not choices.account:
            plan.accounts = list(dict.fromkeys(table.columns[account_at].cells))
            plan.account_column = account_at if len(plan.accounts) > 1 or not whole else None
        roles = settled.roles(plan, spare, account_at)
        plan.layout = Layout(
            columns=[Column(c.index + 1, c.name, roles.get(c.index, "")) for c in table.columns],
            choices=settled.choices(plan, roles, table, choices),
            sample=lines[table.data[0].line - 1] if table.data[0].line <= len(lines) else "",
            tried=self._tried(table, {tried.in_words(table.names), replace(tried, money=money).in_words(table.names)}),
        )
        above = [cell for row in table.preamble[-1:] for cell in row.cells if cell.strip()]
        plan.waiting = len(above) == 1 and words.title_of_waiting(above[0]) is True
        if tried.proved and whole:
            plan.without_balance = layout.newest_without(table, money.balance, tried.descending)
        if plan.without_balance:
            self.doubt(
                "pending-likely",
                f"{len(plan.without_balance)} of the newest rows alone have no balance; they are taken as pending.",
            )
        at = () if table.header else (money.balance, money.amount)
        for kind, units in stated_balances(table.preamble, decimal, at):
            if kind == "opening":
                plan.opening = units
            else:
                plan.closing = units
        return plan

    def _sniffed(self) -> tuple[list[str], bool, Dialect]:
        """The sample's lines, whether they are the whole file, and how they are cut."""
        found = dialect.encoding(self.source, self.name, self.choices.encoding)
        lines, whole = dialect.sample_of(self.source, found.name)
        if self._describe(lines) and self.choices.encoding not in (None, found.name):
            found = dialect.encoding(self.source, self.name, self.choices.encoding)
            lines, whole = dialect.sample_of(self.source, found.name)
        self.encoding = found.name
        self.say("encoding", found.name, self.chosen("encoding") or found.why)
        if found.damaged or any("\ufffd" in line for line in lines):
            self.doubt("damaged-text", f"Some bytes are no text in {found.name}; they are shown as \ufffd.")
        self.cut = cut = dialect.sniff(lines, self.choices.delimiter)
        self.say("delimiter", {"\t": "tab"}.get(cut.delimiter, cut.delimiter), self.chosen("delimiter") or cut.why)
        return lines, whole, cut

    # Refusals

    def _unsupported(self, why: str) -> FileRefused:
        what = "delimited text" if any(e.what == "delimiter" for e in self.evidence) else "a table"
        return FileRefused(
            "unsupported-format",
            f"{self.name} is read as {what}, but {why}.",
            hint="Check that it is a bank statement; say what the columns are with --column date=1 --column amount=3.",
        )

    def _refuse_without_rows(self, table: Table) -> None:
        if table.data:
            return
        if table.header is not None or (self.choices.header is None and _is_header_only(table)):
            headed = table.header is not None or len(table.body) == 1
            raise (NothingInIt if headed and not table.body[table.header is None :] else FileRefused)(
                "no-transactions",
                f"{self.name} names its columns, but has no row with a date and an amount.",
                hint="Download it again for a period with transactions.",
            )
        raise self._unsupported("no line holds a date and an amount")

    def _describe(self, lines: list[str]) -> bool:
        """Whether a description fits; then it is applied as if it had been given."""
        for description in self.described:
            line = description.finds(lines)
            if line is None:
                continue
            self.description = description
            self.choices = description.applied(self.given, line)
            how = "its column names are those of the file" if line else "its expression fits the first lines"
            self.say("description", description.name, f"{how} ({description.origin})")
            return True
        return False

    def _best(
        self, table: Table, data: list[Row], layouts: list[Money], decimals: list[str], used: set[int]
    ) -> Trial:
        """The reading that the balances prove; else the likeliest."""
        best, first = self._compared(table, data, layouts, decimals)
        assert first is not None
        if best is not None and (best.proved or best.rate >= 0.5):
            return best
        if table.header and not self.choices.columns:
            others = other_layouts(table, used, first.money)
            other, _ = self._compared(table, data[:_SOME], others, decimals)
            if other is not None and other.proved and other.agreed >= 3 and not other.unordered:
                # The balances know better than the names.
                return attempt(table, data, other.money, other.decimal, other.fee)
        # A column that no reading makes a balance, and that nothing calls so, is none.
        if first.money.balance is not None and table.columns[first.money.balance].role != "balance":
            constant = table.columns[first.money.balance].distinct == 1
            if constant or best is None or best.rate == 0:
                self.doubt(
                    "balance-doubtful", "A column looks like a balance, but the rows do not add up to it."
                )
        return first

    def _compared(
        self, table: Table, data: list[Row], layouts: list[Money], decimals: list[str]
    ) -> tuple[Trial | None, Trial | None]:
        """The reading with which the balances agree most, and the first that reads nearly all rows."""
        best: Trial | None = None
        first: Trial | None = None
        for money in layouts[:60]:
            for decimal in decimals:
                own = balance_decimal(table, money, decimal)
                for reading in self._readings(table, replace(money, balance_decimal=own)):
                    for fee in (False, True) if money.fee is not None else (False,):
                        trial = attempt(table, data, reading, decimal, fee)
                        self.trials.append(trial)
                        if first is None or trial.coverage > first.coverage + 0.05:
                            first = trial
                        if best is None or trial.weight > best.weight:
                            best = trial
                        if trial.certain:
                            return trial, first
        return best if best is not None and best.agreed else None, first

    def _readings(self, table: Table, money: Money) -> Iterator[Money]:
        """As it is; with the other sign, unless names or marks give the sign; with the balance before each row."""
        if self.choices.sign:
            inverted = self.choices.sign == "inverted"
            yield replace(money, invert=inverted)
            if inverted and money.balance is not None:
                yield replace(money, invert=True, owed=True)
            return
        yield money
        if money.before is not None or money.leading:
            return
        if money.kind == "signed" or not table.header:
            yield replace(money, invert=True)
        if money.balance is not None:
            yield replace(money, leading=True)


    def _money_evidence(self, table: Table, money: Money, tried: Trial) -> None:
        def called(index: int | None) -> str:
            if index is None:
                return ""
            return table.names[index] or f"column {index + 1}"

        said = called(money.amount)
        if money.kind == "pair":
            said = f"out {called(money.debit)}, in {called(money.credit)}"
        self.say(
            "amount",
            said,
            "the balances prove it" if tried.proved else ("by name" if table.header else "by content"),
        )
        for column in table.columns:
            if column.role == "balance" and column.constant and money.balance is None:
                self.doubt("balance-constant", f"{called(column.index)} is the same in all rows; it proves none.")
        used = [i for i in (money.amount, money.debit, money.credit) if i is not None]
        if any(words.in_cents(table.names[i]) and all(t.number.isdigit() for t in tokens_of(table, i)) for i in used):
            self.doubt("minor-units", f"{said} may be in hundredths (cents); its amounts are taken as they stand.")
        if not any(token.number.strip("0.,") for i in used for token in tokens_of(table, i)):
            self.doubt("all-zero", f"All amounts in {said} are zero.")
        if money.balance is not None:
            runs = "newest first" if tried.descending else "oldest first"
            before = "before each row, " if money.leading else ""
            self.say("balance", called(money.balance), before + runs)
        if money.fee is not None:
            if tried.fee:
                self.say("fee", called(money.fee), "the balances show that it is taken off the amount")
            elif not tried.proved:
                self.doubt(
                    "fee-not-counted",
                    f"The column {called(money.fee)} has fees; they are not part of the amounts.",
                )

    def _tried(self, table: Table, taken: set[str]) -> list[Tried]:
        """The readings of amounts and balances that were compared with the one that was `taken`, the nearest first."""
        found: dict[str, str] = {}
        for trial in sorted(self.trials, key=lambda trial: trial.weight, reverse=True):
            text, outcome = trial.in_words(table.names), trial.outcome()
            if text not in taken and outcome:
                found.setdefault(text, outcome)
        return [Tried(text, outcome) for text, outcome in found.items()][:_SHOWN]

    # Account

    def _account(self, table: Table, column: int | None, currency: str | None) -> Account:
        if self.choices.account:
            return account_from_label(self.choices.account, currency=currency)
        if column is not None:
            cells = list(dict.fromkeys(table.columns[column].cells))
            if len(cells) == 1:
                self.say(
                    "account",
                    account_of(cells[0], currency).label,
                    f"column {table.names[column] or column + 1}",
                )
            return account_of(cells[0], currency)
        number = account_in(table.preamble)
        if number:
            self.say("account", mask_account(number), "a line before the rows")
            return account_from_number(number, currency=currency)
        return account_without_name(table.names, table.width, currency)

    # Dates

    def _years(self, found: Dated) -> Yearless:
        """What gives dates without a year theirs. Raises FileRefused `unsupported-format`, `ambiguous`."""
        example = shorten(clean(found.example), 30)
        if not found.possible:
            raise self._unsupported(f"its dates have no year ({example}), and nothing beside the rows states one")
        years, *others = found.possible
        if others:
            raise self.ask(
                "date-order",
                f"the date {example} can be read in {len(found.possible)} ways, and nothing in the file decides.",
                [{"value": way.order, "reads": in_words(way.day(found.example))} for way in found.possible],
            )
        self.say("date order", years.order, self.chosen("date_order") or f"dates are written as {example}")
        self.say("years", f"{years.period.last:%Y}", f"dates have none; {years.period.why}")
        cells = (row.cells[i] for row in found.rows for i in found.columns if i < len(row.cells))
        days = [day for cell in cells if (day := dates.read(cell, "ymd"))]
        if years.likely or not all(map(years.holds, days)):
            self.doubt(
                "year-likely",
                f"Dates have no year; they are taken as those up to {years.period.last}, because {years.period.why}.",
            )
        return years

    def _date_order(self, table: Table, columns: list[int], tried: Trial, currency: str | None) -> str:
        cells = [cell for i in columns for cell in table.columns[i].cells]
        if self.choices.date_order:
            order = self.choices.date_order
            if not any(dates.read(cell, order) for cell in table.columns[columns[0]].cells):
                raise FileRefused(
                    "wrong-choice", f"{self.name}: no date can be read in the order {order}.",
                    hint=f"Its first date is {shorten(clean(cells[0]), 30)}.",
                )  # fmt: skip
            self.say("date order", order, self.chosen("date_order"))
            return order
        shapes = {dates.shape(cell) for cell in table.columns[columns[0]].cells} - {None}
        if shapes <= {"fixed"}:
            self.say("date order", "ymd", "the dates can be read in one way only")
            return "ymd"
        main = [cell for cell in table.columns[columns[0]].cells if dates.shape(cell)]
        self._doubt_swapped(main)
        return DateOrder(self, table, main, cells, tried, currency, columns).decide()

    def _doubt_swapped(self, cells: list[str]) -> None:
        """A spreadsheet of another country makes dates of 03/02 with day and month swapped, and leaves 13/02."""
        made = [day for cell in cells if dates.shape(cell) == "fixed" and (day := dates.read(cell, "ymd"))]
        left = [cell for cell in cells if dates.shape(cell) in ("parts", "short")]
        if made and left and all(day.day <= 12 for day in made) and all(len(dates.readings(c)) == 1 for c in left):
            self.doubt(
                "dates-mixed",
                f"Some dates are text ({clean(left[0])[:30]}), others are not ({made[0]}): a spreadsheet may have "
                "swapped day and month in these.",
            )


def _is_header_only(table: Table) -> bool:
    rows = table.preamble + table.body
    return any(sum(words.role_of(cell) is not None for cell in row.cells) >= 3 for row in rows[:5])


