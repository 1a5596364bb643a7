"""The decimal mark: what all amounts allow, what the rows past the sample say, the currency, the language; asked where
nothing decides."""

import re
from dataclasses import replace

from smartimport_cli.core.money import exponent, plain
from smartimport_cli.statements.delimited import numbers, words
from smartimport_cli.statements.delimited.amounts import Money
from smartimport_cli.statements.delimited.dialect import Row
from smartimport_cli.statements.delimited.inquiry import Inquiry
from smartimport_cli.statements.delimited.table import Table
from smartimport_cli.statements.delimited.trials import Trial, attempt, balance_decimal


class DecimalMark:
    """Which of point and comma the amounts of one file have before their decimals."""

    def __init__(self, inquiry: Inquiry, table: Table) -> None:
        self.inquiry = inquiry
        self.table = table

    def possible(self, layouts: list[Money]) -> list[str]:
        """The decimal marks that are possible for all amounts of the sample, the likelier first."""
        if self.inquiry.choices.decimal:
            return [self.inquiry.choices.decimal]
        columns = {
            i for m in layouts for i in (m.amount, m.debit, m.credit, m.balance, m.before) if i is not None
        }
        bare = [t.number for i in sorted(columns) for t in self.table.columns[i].tokens]
        possible = {
            mark: sum(numbers.magnitude(number, mark) is not None for number in bare) for mark in ".,"
        }
        if max(possible.values()) < len(bare):  # amounts and balances of one file can be written differently
            first = {i for i in (layouts[0].amount, layouts[0].debit, layouts[0].credit) if i is not None}
            bare = [t.number for i in sorted(first) for t in self.table.columns[i].tokens] or bare
            possible = {
                mark: sum(numbers.magnitude(number, mark) is not None for number in bare) for mark in ".,"
            }
        best = max(possible.values())
        marks = [mark for mark in ".," if possible[mark] == best]
        if len(marks) == 2 and not any(numbers.doubtful(number) for number in bare):
            further = self._further(columns)
            return [further] if further else [words.decimal_of_language(self.table.names) or "."]
        if len(marks) == 2:
            further = self._further(columns)
            if further:
                return [further]
        return marks

    def _further(self, columns: set[int]) -> str | None:
        """Past the sample: the first amount that can be read with one mark only."""
        for cells in self.inquiry.beyond():
            for index in columns:
                if index < len(cells) and (found := numbers.token(cells[index])):
                    marks = numbers.marks_of(found.number)
                    if len(marks) == 1:
                        return marks.pop()
        return None

    def proved_with_both(self, data: list[Row], tried: Trial) -> bool:
        """Where all amounts have three digits behind their mark, balances follow from the rows with either."""
        other = "," if tried.decimal == "." else "."
        own = balance_decimal(self.table, tried.money, other)
        return attempt(self.table, data, replace(tried.money, balance_decimal=own), other, tried.fee).proved

    def by_evidence(self, money: Money, currency: str | None, marks: list[str], proved: bool) -> str:
        """One of the `marks`, where several are possible. Raises FileRefused `ambiguous`."""
        table = self.table
        columns = [i for i in (money.amount, money.debit, money.credit, money.balance) if i is not None]
        bare = [t.number for i in columns for t in table.columns[i].tokens]
        doubtful = [number for number in bare if numbers.doubtful(number)]
        if not doubtful:
            mark = words.decimal_of_language(table.names) or "."
            self.inquiry.say("decimal mark", mark, "every reading gives the same amounts")
            return mark
        used = next(c for c in doubtful[0] if not c.isdigit())
        other = "," if used == "." else "."
        if currency and exponent(currency) == 3:
            self.inquiry.say("decimal mark", used, f"{currency} has three decimals")
            return used
        if not proved and len(doubtful) == len(bare):
            if rate := _rate_of_exchange(table, used):
                self.inquiry.say("decimal mark", used, f"{rate} in another column has no other")
                return used
            two = currency is None or exponent(currency) == 2
            if two and words.decimal_of_language(table.names) != other and numbers.padded(bare):
                self.inquiry.say("decimal mark", used, "all amounts end in one zero more than they need")
                reads = plain(numbers.magnitude(bare[0], used) or 0)
                self.inquiry.doubt("decimal-mark-likely", f"{bare[0]} is taken as {reads}.")
                return used
        if currency:
            digits = "no" if exponent(currency) == 0 else "two"
            self.inquiry.say("decimal mark", other, f"{currency} has {digits} decimals, so {doubtful[0]} is a whole amount")
            return other
        language = words.decimal_of_language(table.names)
        if language == other:
            self.inquiry.say("decimal mark", other, "the language of the column names writes it so")
            return other
        if (len(doubtful) < len(bare) or proved) and language is None and used == ",":
            # Whole amounts beside groups of thousands: 500 and 1,200; and nobody whose language is not known
            # to write a decimal comma has three digits behind it.
            self.inquiry.say(
                "decimal mark", other, f"amounts have no decimals, {doubtful[0]} is grouped by thousands"
            )
            self.inquiry.doubt(
                "decimal-mark-likely",
                f"{doubtful[0]} is taken as {plain(numbers.magnitude(doubtful[0], other) or 0)}.",
            )
            return other
        raise self.inquiry.ask(
            "decimal",
            f"the amount {doubtful[0]} can be read in two ways, and nothing in the file decides.",
            [{"value": m, "reads": plain(numbers.magnitude(doubtful[0], m) or 0)} for m in marks],
        )


def _rate_of_exchange(table: Table, decimal: str) -> str | None:
    """A number with this decimal mark and more digits behind it than a group has: a rate of exchange (0.848252)."""
    long = re.compile(rf"-?\d{{1,4}}{re.escape(decimal)}\d{{4,}}")
    return next((cell for column in table.columns for cell in column.cells if long.fullmatch(cell.strip())), None)
