"""Day first, month first or year first: decided by what the dates allow, the balances, the order of the rows, the
language, the period; asked where nothing decides."""

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from smartimport_cli.core.text import clean
from smartimport_cli.statements.delimited import dates, dialect, numbers, words
from smartimport_cli.statements.delimited.cells import cell_at
from smartimport_cli.statements.delimited.inquiry import Inquiry
from smartimport_cli.statements.delimited.table import Table
from smartimport_cli.statements.delimited.trials import Trial, tokens_of


class DateOrder:
    """Which of dmy, mdy and ymd the dates of one file are in."""

    def __init__(
        self, inquiry: Inquiry, table: Table, main: list[str], cells: list[str], tried: "Trial",
        currency: str | None, columns: list[int],
    ) -> None:  # fmt: skip
        self.inquiry = inquiry
        self.table = table
        self.main = main
        self.cells = cells
        self.tried = tried
        self.currency = currency
        self.columns = columns

    def decide(self) -> str:
        found = self._possible(self.cells)
        say = self.inquiry.say
        if len(found) == 1:
            say("date order", found[0], f"{self._witness(found[0])} can be read in this order only")
            return found[0]
        same = {tuple(dates.read(cell, order) for cell in self.main) for order in found}
        if len(same) == 1 and not self._more(found):
            say("date order", found[0], "every order gives the same dates")
            return found[0]
        if {dates.shape(cell) for cell in self.main} == {"compact"} and "ymd" in found:
            say("date order", "ymd", "eight digits that begin with a year")
            return "ymd"
        for reason in (self._further, self._by_points, self._by_proof, self._by_sequence, self._by_language, self._by_period,
                       self._by_neighbours, self._by_currency, self._by_script, self._by_place, self._by_span):  # fmt: skip
            decided = reason(found)
            if decided:
                say("date order", decided[0], decided[1])
                spoken = self._by_language(found)
                against = self._by_proof(found) or self._by_sequence(found)
                if decided[2] and (spoken is None or spoken[0] != decided[0]):
                    self.inquiry.doubt(
                        "date-order-likely", f"Dates are taken as {decided[0]}: {decided[1]}."
                    )
                elif against and against[0] != decided[0] and not against[2]:
                    self.inquiry.doubt(
                        "date-order-likely",
                        f"Dates are taken as {decided[0]}: {decided[1]}; but as {against[0]} they would run one way.",
                    )
                return decided[0]
        example = next((c for c in self.main if len({dates.read(c, o) for o in found}) > 1), self.main[0])
        raise self.inquiry.ask(
            "date-order",
            f"the date {clean(example)[:30]} can be read in {len(found)} ways, and nothing in the file decides.",
            [{"value": order, "reads": in_words(dates.read(example, order))} for order in found],
        )

    def _possible(self, cells: Sequence[str]) -> list[str]:
        """Orders in which the most cells are dates."""
        shaped = [cell for cell in dict.fromkeys(cells) if dates.shape(cell) not in (None, "fixed")]
        orders = self._of_short_years([cell for cell in shaped if dates.shape(cell) == "short"])
        counts = {order: sum(dates.read(cell, order) is not None for cell in shaped) for order in orders}
        best = max(counts.values())
        return [order for order in orders if counts[order] == best]

    def _of_short_years(self, short: list[str]) -> tuple[str, ...]:
        """Where a year has two digits: a part that changes more than the other is no year, unless the language
        writes the year last."""
        if not short:
            return dates.ORDERS
        parts = [re.findall(r"\d+", cell)[:3] for cell in short]
        first, last = len({part[0] for part in parts}), len({part[2] for part in parts})
        language = words.date_order_of_language(self.table.names)
        if first < last and language in ("dmy", "mdy"):
            return dates.ORDERS
        if first < last or (first == last and language == "ymd"):
            return ("ymd",) if any(dates.read(cell, "ymd") for cell in short) else dates.ORDERS
        return ("dmy", "mdy")

    def _witness(self, order: str) -> str:
        for cell in self.cells:
            if dates.shape(cell) not in (None, "fixed") and list(dates.readings(cell)) == [order]:
                return clean(cell)[:30]
        return clean(self.main[0])[:30]

    def _more(self, found: list[str]) -> bool:
        return self.inquiry.size > dialect.SAMPLE

    def _further(self, found: list[str]) -> tuple[str, str, bool] | None:
        """A date past the sample that is one in a single order."""
        for cells in self.inquiry.beyond():
            for index in self.columns:
                if index < len(cells) and dates.shape(cells[index]) in ("parts", "short", "compact"):
                    orders = [order for order in found if dates.read(cells[index], order)]
                    if len(orders) == 1:
                        return (
                            orders[0],
                            f"{clean(cells[index])[:30]} further down can be read in this order only",
                            False,
                        )
        return None

    def _days(self, order: str) -> list[date]:
        return [day for cell in self.main if (day := dates.read(cell, order))]

    def _by_proof(self, found: list[str]) -> tuple[str, str, bool] | None:
        """The balances prove in which direction the rows run; only one order runs that way."""
        if not self.tried.proved or self.tried.unordered or self.tried.checks < 2:
            return None
        fitting = []
        for order in found:
            days = self._days(order)
            if days == sorted(days, reverse=self.tried.descending):
                fitting.append(order)
        distinct = len(set(self.main))
        if len(fitting) == 1 and distinct > 1:
            return (
                fitting[0],
                "the balances prove the order of the rows, and only so the dates follow it",
                distinct < 4,
            )
        return None

    def _by_sequence(self, found: list[str]) -> tuple[str, str, bool] | None:
        """Only one order makes the rows run from old to new, or from new to old."""
        distinct = len(set(self.main))
        if distinct < 3:
            return None
        sorted_in = [
            order
            for order in found
            if (days := self._days(order)) in (sorted(days), sorted(days, reverse=True))
        ]
        if len(sorted_in) == 1:
            return sorted_in[0], "only so the rows run from one end of the period to the other", distinct < 5
        return None

    def _by_language(self, found: list[str]) -> tuple[str, str, bool] | None:
        order = words.date_order_of_language(self.table.names)
        if order is None:
            heads = [cell for row in self.table.preamble for cell in row.cells if len(cell) < 60]
            order = words.date_order_of_language(heads)
        if order in found:
            return order, "the language of the column names writes it so", False
        return None

    def _by_points(self, found: list[str]) -> tuple[str, str, bool] | None:
        """Nobody who writes the month first writes points between, or a decimal comma."""
        if "dmy" not in found or "ymd" in found:
            return None
        if all(re.match(r"\D*\d{1,2}\s?\.", cell) for cell in self.main):
            return "dmy", "there are points between day, month, and year", False
        money = self.tried.money
        amounts = [
            t.number for i in (money.amount, money.debit, money.credit) for t in tokens_of(self.table, i)
        ]
        if any(numbers.marks_of(number) == {","} for number in amounts):
            return "dmy", "amounts have a decimal comma, and who writes so writes the day first", False
        return None

    def _by_period(self, found: list[str]) -> tuple[str, str, bool] | None:
        """Dates before the rows: they show the order by themselves, or all rows must lie between them."""
        cells = [
            text for row in self.table.preamble for cell in row.cells
            for text in re.findall(r"\d{1,4}[-/. ]\d{1,2}[-/. ]\d{2,4}|\d{1,2}\.? [^\W\d]{3,10}\.? \d{4}", cell)
        ]  # fmt: skip
        shaped = [cell for cell in cells if dates.shape(cell) in ("parts", "short")]
        orders = [o for o in found if all(dates.read(cell, o) for cell in shaped)] if shaped else []
        if len(orders) == 1:
            return orders[0], f"{shaped[0]} stands before the rows", False
        fixed = [day for cell in cells if dates.shape(cell) == "fixed" and (day := dates.read(cell, "ymd"))]
        if len(fixed) >= 2:
            inside = [o for o in found if all(min(fixed) <= day <= max(fixed) for day in self._days(o))]
            if len(inside) == 1:
                return inside[0], "only so all rows lie within the period that the file states", False
        return None

    def _by_neighbours(self, found: list[str]) -> tuple[str, str, bool] | None:
        """Another column of dates that can be read in one way only, a few days off."""
        for index in self.columns:
            pairs = []
            for row in self.table.data:
                main, other = (cell_at(row.cells, i) for i in (self.columns[0], index))
                if dates.shape(other) == "fixed" and dates.shape(main) not in (None, "fixed"):
                    pairs.append((main, dates.read(other, "ymd")))
            if not pairs:
                continue
            near = [
                order for order in found
                if all(day and (own := dates.read(cell, order)) and abs((own - day).days) <= 10 for cell, day in pairs)
            ]  # fmt: skip
            if len(near) == 1:
                return near[0], "only so the dates lie near those of another column", False
        return None

    def _by_currency(self, found: list[str]) -> tuple[str, str, bool] | None:
        if self.currency in _DAY_FIRST_MONEY and "dmy" in found and "ymd" not in found:
            return "dmy", f"where {self.currency} is paid, the day is written first", True
        return None

    def _by_script(self, found: list[str]) -> tuple[str, str, bool] | None:
        order = words.date_order_of_script(
            cell for column in self.table.columns if column.money < 0.5 for cell in column.cells
        )
        return (order, "who reads the letters of the rows writes it so", True) if order in found else None

    def _by_place(self, found: list[str]) -> tuple[str, str, bool] | None:
        """Half of the rows name a place in the United States."""
        for column in self.table.columns:
            if len(column.cells) > 1 and sum(map(words.ends_with_state, column.cells)) * 2 >= len(column.cells):
                return ("mdy", "the places in the rows are in the United States", True) if "mdy" in found else None
        return None

    def _by_span(self, found: list[str]) -> tuple[str, str, bool] | None:
        """Many dates within few weeks in one order, and spread over a year in all others."""
        days = {order: sorted(set(self._days(order))) for order in found}
        spans = {order: (d[-1] - d[0]).days for order, d in days.items() if d}
        if len(set(self.main)) < 6 or not spans:
            return None
        best = min(spans, key=lambda order: spans[order])
        steps = {(b - a).days for a, b in pairwise(days[best])}
        if spans[best] <= 31 and len(steps) > 1 and all(span > 120 for o, span in spans.items() if o != best):
            return best, "only so the rows lie within one month", True
        return None


_DAY_FIRST_MONEY = {
    "EUR", "GBP", "AUD", "NZD", "INR", "ZAR", "SGD", "MYR", "HKD", "BRL", "CHF", "DKK", "NOK", "PLN", "CZK",
    "RON", "TRY", "ILS", "IDR", "THB", "VND",
}  # fmt: skip


def in_words(day: date | None) -> str:
    """The day as a person says it, which leaves no doubt about its month."""
    return f"{day.day} {day:%B %Y}" if day else ""
