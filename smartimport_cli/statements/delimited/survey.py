"""Decides how a file is read: a sample of its rows, every possible reading of it, and what proves one of them.

The balances decide where they can; else evidence; what stays undecided is asked (FileRefused `ambiguous`).
"""

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, BinaryIO

from smartimport_cli.core.errors import FileRefused
from smartimport_cli.core.identity import account_from_label, account_from_layout, account_from_number
from smartimport_cli.core.model import Account, Choices, Column, Evidence, Issue, Layout, Tried, where
from smartimport_cli.core.money import exponent, plain
from smartimport_cli.core.text import clean, mask_account, shorten
from smartimport_cli.statements.delimited import dates, dialect, layout, numbers, settled, words, yearless
from smartimport_cli.statements.delimited.date_order import DateOrder, in_words
from smartimport_cli.statements.delimited.dialect import Dialect, Row
from smartimport_cli.statements.delimited.layout import Money, Table
from smartimport_cli.statements.delimited.serials import with_dates
from smartimport_cli.statements.delimited.trials import (
    Trial,
    attempt,
    balance_decimal,
    cell_at,
    debit_as_is,
    sign_votes,
    tokens_of,
)
from smartimport_cli.statements.delimited.yearless import Dated, Yearless
from smartimport_cli.statements.question import ambiguous

if TYPE_CHECKING:
    from smartimport_cli.statements.descriptions import Description

_TRIED = 600  # rows on which readings are compared
_SOME = 60  # rows on which readings against the names are compared
_SHOWN = 12  # readings that are told of


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
    layout: Layout | None = None

    def day(self, cell: str) -> datetime.date | None:
        """The date that a cell holds, or None."""
        found = dates.read(cell, self.order)
        return self.years.day(cell) if found is None and self.years else found


class NothingInIt(FileRefused):
    """Column names, and not one line behind them: a statement of a period in which nothing happened."""


class Surveyor:
    """One survey: what it finds out is in `evidence` and `issues`, in the order it was decided."""

    def __init__(
        self,
        source: BinaryIO,
        name: str,
        size: int,
        choices: Choices,
        described: "Sequence[Description]" = (),
        cut: Dialect | None = None,
    ) -> None:
        self.source = source
        self.name = name
        self.size = size
        self.given = choices
        self.choices = choices
        self.cut = cut  # how UTF-8 text is cut, where that is known
        self.encoding = "utf-8"
        self.described = described
        self.description: Description | None = None
        self.trials: list[Trial] = []
        self.evidence: list[Evidence] = []
        self.issues: list[Issue] = []

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
        table = layout.table_of(rows, choices.header, self.name)
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
        layouts = layout.money_layouts(
            table, used - {told[r] for r in told.keys() & {"amount", "debit", "credit", "balance", "mark"}}, told
        )
        if not layouts:
            raise self._unsupported("no column holds amounts")
        data = table.data[:_TRIED]
        table.runs = layout.runs(table, dates_at[0])
        currency_at = told.get("currency")
        if currency_at is None:
            currency_at = layout.currency_column(
                table, used, layouts[0].amount or layouts[0].debit or layouts[0].credit
            )
        likely = layouts[0].amount
        if "currency" not in told and likely is not None and _currency_in(table.names[likely]):
            currency_at = None  # the amount's own name has its currency; the column is that of the original amount
        home = None
        if "currency" not in told and currency_at is not None and likely is not None:
            original = layout.foreign_money(table, currency_at, likely)
            if original is not None:
                home = layout.home_currency(table, currency_at, likely, original.index)
                currency_at = None
        decimal_open = self._decimals(table, layouts)
        tried = self._best(table, data, layouts, decimal_open, used)
        money, decimal = tried.money, tried.decimal
        used |= {i for i in (money.amount, money.debit, money.credit, money.mark, money.balance, money.before, money.fee)
                 if i is not None}  # fmt: skip
        currency = self._currency(table, money, currency_at)
        if currency is None and home:
            currency = self._known(home, table, "amounts that are the same as their original ones are in it")
        if len(decimal_open) > 1 and (not tried.proved or self._proved_with_both(table, data, tried)):
            decimal = self._decimal_by_evidence(table, money, currency, decimal_open, tried.proved)
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
        money = self._sign(table, data, money, decimal, tried, unsigned)
        order = years.order if years else self._date_order(table, dates_at, tried, currency)
        if dates_at[0] in serials:
            order = dates.SERIAL
            self.say("dates", "day numbers", "a spreadsheet counts days so")
        self._money_evidence(table, money, tried)
        if currency_at is not None:
            used.add(currency_at)
        account_at = told.get("account")
        if account_at is None:
            account_at = layout.account_column(table, used)
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
        for kind, units in stated_balances(table.preamble, decimal):
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

    def ask(self, choice: str, message: str, options: list[dict[str, str]]) -> FileRefused:
        return ambiguous(self.name, choice, message, options)

    def chosen(self, field: str) -> str:
        """Who chose this, where it was chosen: the reason that goes with it."""
        if getattr(self.choices, field) is None:
            return ""
        said = getattr(self.given, field) is not None or self.description is None
        return "you said so" if said else f"the description {self.description and self.description.name} says so"

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

    def say(self, what: str, decision: str, why: str) -> None:
        self.evidence.append(Evidence(what, clean(decision), clean(why)))

    def doubt(self, code: str, message: str) -> None:
        self.issues.append(Issue(code, clean(message)))

    # Amounts

    def _decimals(self, table: Table, layouts: list[Money]) -> list[str]:
        """The decimal marks that are possible for all amounts of the sample, the likelier first."""
        if self.choices.decimal:
            return [self.choices.decimal]
        columns = {
            i for m in layouts for i in (m.amount, m.debit, m.credit, m.balance, m.before) if i is not None
        }
        bare = [t.number for i in sorted(columns) for t in table.columns[i].tokens]
        possible = {
            mark: sum(numbers.magnitude(number, mark) is not None for number in bare) for mark in ".,"
        }
        if max(possible.values()) < len(bare):  # amounts and balances of one file can be written differently
            first = {i for i in (layouts[0].amount, layouts[0].debit, layouts[0].credit) if i is not None}
            bare = [t.number for i in sorted(first) for t in table.columns[i].tokens] or bare
            possible = {
                mark: sum(numbers.magnitude(number, mark) is not None for number in bare) for mark in ".,"
            }
        best = max(possible.values())
        marks = [mark for mark in ".," if possible[mark] == best]
        if len(marks) == 2 and not any(numbers.doubtful(number) for number in bare):
            further = self._decimal_further(columns)
            return [further] if further else [words.decimal_of_language(table.names) or "."]
        if len(marks) == 2:
            further = self._decimal_further(columns)
            if further:
                return [further]
        return marks

    def _decimal_further(self, columns: set[int]) -> str | None:
        """Past the sample: the first amount that can be read with one mark only."""
        for cells in self.beyond():
            for index in columns:
                if index < len(cells) and (found := numbers.token(cells[index])):
                    marks = numbers.marks_of(found.number)
                    if len(marks) == 1:
                        return marks.pop()
        return None

    def beyond(self) -> Iterator[list[str]]:
        """The cells of all rows past the sample."""
        if self.size <= dialect._SAMPLE:
            return
        assert self.cut is not None
        text = dialect.text_of(self.source, self.encoding)
        try:
            for rows, _, _ in dialect.batches(text, self.cut, 4096):
                yield from rows
        finally:
            text.detach()

    def _best(
        self, table: Table, data: list[Row], layouts: list[Money], decimals: list[str], used: set[int]
    ) -> Trial:
        """The reading that the balances prove; else the likeliest."""
        best, first = self._compared(table, data, layouts, decimals)
        assert first is not None
        if best is not None and (best.proved or best.rate >= 0.5):
            return best
        if table.header and not self.choices.columns:
            others = layout.other_layouts(table, used, first.money)
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

    def _proved_with_both(self, table: Table, data: list[Row], tried: Trial) -> bool:
        """Where all amounts have three digits behind their mark, balances follow from the rows with either."""
        other = "," if tried.decimal == "." else "."
        own = balance_decimal(table, tried.money, other)
        return attempt(table, data, replace(tried.money, balance_decimal=own), other, tried.fee).proved

    def _decimal_by_evidence(
        self, table: Table, money: Money, currency: str | None, marks: list[str], proved: bool
    ) -> str:
        columns = [i for i in (money.amount, money.debit, money.credit, money.balance) if i is not None]
        bare = [t.number for i in columns for t in table.columns[i].tokens]
        doubtful = [number for number in bare if numbers.doubtful(number)]
        if not doubtful:
            mark = words.decimal_of_language(table.names) or "."
            self.say("decimal mark", mark, "every reading gives the same amounts")
            return mark
        used = next(c for c in doubtful[0] if not c.isdigit())
        other = "," if used == "." else "."
        if currency and exponent(currency) == 3:
            self.say("decimal mark", used, f"{currency} has three decimals")
            return used
        if not proved and len(doubtful) == len(bare):
            if rate := layout.rate(table, used):
                self.say("decimal mark", used, f"{rate} in another column has no other")
                return used
            two = currency is None or exponent(currency) == 2
            if two and words.decimal_of_language(table.names) != other and numbers.padded(bare):
                self.say("decimal mark", used, "all amounts end in one zero more than they need")
                reads = plain(numbers.magnitude(bare[0], used) or 0)
                self.doubt("decimal-mark-likely", f"{bare[0]} is taken as {reads}.")
                return used
        if currency:
            digits = "no" if exponent(currency) == 0 else "two"
            self.say("decimal mark", other, f"{currency} has {digits} decimals, so {doubtful[0]} is a whole amount")
            return other
        language = words.decimal_of_language(table.names)
        if language == other:
            self.say("decimal mark", other, "the language of the column names writes it so")
            return other
        if (len(doubtful) < len(bare) or proved) and language is None and used == ",":
            # Whole amounts beside groups of thousands: 500 and 1,200; and nobody whose language is not known
            # to write a decimal comma has three digits behind it.
            self.say(
                "decimal mark", other, f"amounts have no decimals, {doubtful[0]} is grouped by thousands"
            )
            self.doubt(
                "decimal-mark-likely",
                f"{doubtful[0]} is taken as {plain(numbers.magnitude(doubtful[0], other) or 0)}.",
            )
            return other
        raise self.ask(
            "decimal",
            f"the amount {doubtful[0]} can be read in two ways, and nothing in the file decides.",
            [{"value": m, "reads": plain(numbers.magnitude(doubtful[0], m) or 0)} for m in marks],
        )

    def _sign(
        self, table: Table, data: list[Row], money: Money, decimal: str, tried: Trial, unsigned: bool
    ) -> Money:
        if self.choices.sign:
            self.say("sign", self.choices.sign, self.chosen("sign"))
            return replace(money, invert=self.choices.sign == "inverted")
        if money.kind == "pair":
            if money.assumed and not tried.proved:
                normal, inverted = sign_votes(table, data, money, decimal)
                if inverted > normal:
                    money = replace(money, debit=money.credit, credit=money.debit, assumed="its words say so")
                self.doubt("sign-likely", f"Nothing names the two columns of amounts: {money.assumed}.")
            self.say(
                "sign",
                "debit and credit columns",
                "the balances prove it" if tried.proved else "their names or order",
            )
            return money
        if money.kind == "marked":
            if unsigned:
                unmarked = "" if money.blank is None else f"; rows without one are money {'in' if money.blank else 'out'}"
                self.say("sign", "by the marks of direction", f"the amounts have no sign{unmarked}")
                return money
            agree = differ = against = 0
            for row in data:
                cell = cell_at(row.cells, money.amount)
                amount = numbers.value(cell, decimal)
                into = words.mark(cell_at(row.cells, money.mark))
                if amount and into is not None:
                    agree += (amount > 0) == into
                    differ += (amount > 0) != into
                    token = numbers.token(cell)
                    against += (amount > 0) != into and token is not None and token.signed
            signed = replace(money, kind="signed", mark=None)
            if tried.proved and tried.money.kind == "marked" and money.invert is False and differ > agree:
                return money
            direction = money.mark is not None and table.columns[money.mark].role == "direction"
            if direction and differ and not against and agree:
                self.say("sign", "by the marks of direction", f"{differ} amounts have no sign beside others that have")
                self.doubt("marks-differ", f"{differ} rows have no sign, and are marked as money out; the mark is taken.")
                return money
            if differ > agree * 3 and differ >= 1:
                self.say("sign", "inverted", f"{differ} rows marked as debit or credit have the other sign")
                if len({words.mark(cell) for cell in table.columns[money.mark or 0].cells}) < 2:
                    self.doubt("marks-differ", "All rows have a sign against their mark; the mark is taken.")
                return replace(signed, invert=True)
            if differ:
                self.doubt(
                    "marks-differ",
                    f"{differ} rows have a sign against their mark of direction; the sign is taken.",
                )
            self.say("sign", "as written", f"{agree} rows agree with their marks of direction")
            return signed
        if tried.proved and money.balance is not None:
            if (money.invert or money.leading) and not table.runs and not tried.unordered:
                self.doubt(
                    "sign-likely",
                    "The balances agree with two signs, and no dates say in which order the rows are.",
                )
            if not money.invert and self._owed(table, data, money, decimal):
                self.say("sign", "inverted", "the balance is what is owed: payments lower it")
                self.doubt(
                    "sign-likely", "Payments lower the balance, so amounts are taken as charges of a card."
                )
                return replace(money, invert=True, owed=True)
            self.say("sign", "inverted" if money.invert else "as written", "the balances prove it")
            return money
        return self._sign_by_words(table, data, replace(money, invert=False), decimal)

    def _owed(self, table: Table, data: list[Row], money: Money, decimal: str) -> bool:
        normal, inverted = sign_votes(table, data, money, decimal)
        return inverted >= 3 and normal == 0

    def _sign_by_words(self, table: Table, data: list[Row], money: Money, decimal: str) -> Money:
        positive = negative = 0
        for row in data:
            amount = numbers.value(cell_at(row.cells, money.amount), decimal)
            positive += bool(amount and amount > 0)
            negative += bool(amount and amount < 0)
        normal, inverted = sign_votes(table, data, money, decimal)
        if positive <= negative:
            # A card's statement can hold more repayments and refunds than purchases; it takes several words to say so,
            # and no plus that is written.
            plus = any(t.signed and not t.negative for t in tokens_of(table, money.amount))
            least = 1 if table.of_credit_card else 3
            if inverted >= least and inverted > 3 * normal and not plus:
                self.say("sign", "inverted", f"{inverted} rows have another sign than their words")
                self.doubt("sign-likely", "Amounts are taken as charges of a card: plus is money out.")
                return replace(money, invert=True)
            self.say("sign", "as written", "minus is money out in most rows")
            if inverted > normal:
                self.doubt("sign-likely", "Some rows have another sign than their words suggest.")
            return money
        if inverted > 3 * normal:
            self.say(
                "sign",
                "inverted",
                f"{inverted} rows are payments or purchases by their words, with the other sign",
            )
            if inverted < 3:
                self.doubt("sign-likely", "Amounts are taken as charges of a card: plus is money out.")
            return replace(money, invert=True)
        if normal > inverted:
            self.say("sign", "as written", f"{normal} rows are what their words say")
            if inverted:
                self.doubt("sign-likely", "Some rows have another sign than their words suggest.")
            return money
        if table.of_credit_card:
            self.say("sign", "inverted", "the file is that of a credit card, and most amounts are positive")
            self.doubt("sign-likely", "Amounts are taken as charges of a card: plus is money out.")
            return replace(money, invert=True)
        # Plus and minus side by side in an account's own column need no doubt; only pluses do.
        self.say("sign", "as written", "nothing says otherwise")
        if not negative or positive > 2 * negative or inverted > normal:
            self.doubt(
                "sign-likely", "Nearly all amounts are positive, and nothing says which way the money went."
            )
        return money

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

    # Currency and account

    def _currency(self, table: Table, money: Money, column: int | None) -> str | None:
        if self.choices.currency:
            self.say("currency", self.choices.currency, self.chosen("currency"))
            return self.choices.currency
        if column is not None:
            found = {layout.currency_of(cell) for cell in table.columns[column].cells}
            if len(found) == 1:
                return self._known(found.pop(), table, f"column {table.names[column] or column + 1}")
            self.say("currency", ", ".join(sorted(filter(None, found)))[:80], "a column of its own")
            return None
        used = [i for i in (money.amount, money.debit, money.credit, money.balance) if i is not None]
        for index in used:
            named = _currency_in(table.names[index])
            if named:
                return self._known(named, table, f"the name of the column {table.names[index]}")
        cells = {t.currency for i in used for t in table.columns[i].tokens if t.currency}
        if len(cells) == 1:
            return self._known(cells.pop(), table, "the amounts carry it")
        for row in table.preamble:
            texts = [cell.strip() for cell in row.cells if cell.strip()]
            for cell in texts:
                named = layout.currency_of(cell) if len(cell) == 3 else None
                if named is None and (amount := numbers.token(cell)):
                    named = amount.currency
                if named is None and words.role_of(texts[0]) in ("currency", "balance"):
                    named = _currency_in(cell)
                if named:
                    return self._known(named, table, where(row.line))
        return None

    def _known(self, code: str | None, table: Table, why: str) -> str | None:
        if code == "$":
            self.say("currency", "USD", f"{why}: the dollar sign alone")
            self.doubt("currency-likely", "The file says $ only; it is taken as US dollars.")
            return "USD"
        if code == "¥":
            text = "".join(table.names)
            code = (
                "JPY"
                if re.search(r"[\u3040-\u30ff]|残高|取引|円", text)
                else "CNY"
                if text and not text.isascii()
                else None
            )
        if code == "kr":
            code = _crowns(" ".join(map(words.normal, table.names)))
        if code:
            self.say("currency", code, why)
        return code

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
        number = layout.account_in(table.preamble)
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


def _crowns(names: str) -> str | None:
    """Whose crowns `kr` are, by the language of the column names."""
    found = re.search(r"\b(belopp|bokfor\w*|insatt\w*|uttag)|\b(belob\w*|bogfor\w*)|\b(belop\b|inn\b|ut\b)", names)
    return ("SEK", "DKK", "NOK")[(found.lastindex or 1) - 1] if found else None


# Currencies as English names of columns spell them: Amount (Yen), Amount in Rs.
_SPELLED = {
    code: re.compile(rf"(?<!\w)({words_})(?!\w)", re.IGNORECASE)
    for code, words_ in {
        "JPY": "yen", "INR": r"rs\.?|rupees?", "EUR": "euros?", "THB": "baht", "IDR": "rupiah", "MYR": "ringgit", "HUF": "forint",
        "PLN": "zloty",
    }.items()
}  # fmt: skip


def _currency_in(text: str) -> str | None:
    word: str
    for word in re.findall(r"\b[A-Z]{3}\b", text):
        if word in numbers.CODES:
            return word
    for symbol in ("US$", "A$", "C$", "CA$", "NZ$", "HK$", "S$", "R$"):
        if re.search(rf"(?<!\w){re.escape(symbol)}", text):
            return numbers.SYMBOLS[symbol]
    for code, spelled in _SPELLED.items():
        if spelled.search(text):
            return code
    for symbol in ("€", "£", "zł", "Kč", "₹", "₺", "円", "元", "人民币", "$", "¥"):
        if symbol in text:
            return numbers.SYMBOLS[symbol]
    return None


def _is_header_only(table: Table) -> bool:
    rows = table.preamble + table.body
    return any(sum(words.role_of(cell) is not None for cell in row.cells) >= 3 for row in rows[:5])


def account_of(cell: str, currency: str | None) -> Account:
    """The account that a cell of the account column names: by its number, or by the bank's name for it."""
    text = cell.strip("'\"= ")
    if sum(c.isdigit() for c in text) >= 3:
        return account_from_number(text, currency=currency)
    return account_from_label(clean(text), currency=currency)


def account_without_name(names: Sequence[str] | None, width: int, currency: str | None) -> Account:
    """The account of rows that nothing names: known again by the columns of the file it comes in."""
    signature = "|".join(words.normal(name) for name in names or () if name) or f"{width} columns"
    return account_from_layout(f"{signature}|{currency or ''}", "unnamed account", currency=currency)


def stated_balances(rows: Sequence[Row], decimal: str) -> Iterator[tuple[str, int]]:
    """Opening and closing balances in lines before or behind the rows: ('closing', units)."""
    for row in rows:
        cells = [cell.strip() for cell in row.cells if cell.strip()]
        for i, cell in enumerate(cells):
            label, _, tail = cell.partition(":")
            kind = words.balance_words(label) if numbers.token(cell) is None else None
            if kind is None:
                continue
            for value in (tail, *cells[i + 1 : i + 4]):
                if dates.shape(value) is None and (units := numbers.value(value, decimal)) is not None:
                    yield kind, units
                    break
