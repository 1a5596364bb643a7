"""The tables of a document: lines that name columns, and the rows, balances and totals below them.

Columns of amounts are found by where amounts stand, and named by the words above them; a description may go on
over several lines, a day may be printed once for several rows, a table over several pages.
"""

import re
from itertools import pairwise
from statistics import median

from smartimport_cli.statements.delimited import words as vocabulary_of_columns
from smartimport_cli.statements.paper import vocabulary
from smartimport_cli.statements.paper.columns import columns_of
from smartimport_cli.statements.paper.day_cells import (
    any_booked,
    day_names,
    day_of_booking,
    days_of,
    leading_days,
    with_days_below_names,
    with_slash,
    with_whole_days,
)
from smartimport_cli.statements.paper.headers import headers_in, repeats, same_header
from smartimport_cli.statements.paper.lines import Line, Piece
from smartimport_cli.statements.paper.marks import marks_of, with_mark, with_mark_beside
from smartimport_cli.statements.paper.stated import stated_in
from smartimport_cli.statements.paper.table import MONEY_ROLES, Row, Stated, Table

_MOST_WRAPPED = 14  # lines that a description may go on over
_DAY_NUMBER = re.compile(r"\d{1,2}(?:st|nd|rd|th)?")


def tables_in(lines: list[Line], *, whole: bool, named: bool = False) -> list[Table]:
    """The tables of the document in order. `whole`: amounts have no decimals; `named`: a header that names columns
    of amounts names all of them."""
    kinds = ("money", "whole") if whole else ("money",)
    headers = headers_in(lines)
    starts = sorted(headers)
    tables: list[Table] = []
    bounds = [*starts, len(lines)]
    lead = lines[: bounds[0]] if starts else []
    if not starts:
        bounds, headers = [-1, len(lines)], {-1: []}
    bodies: list[list[Line]] = []
    for start, end in pairwise(bounds):
        table = Table(headers[start], [], named=lines[start] if start >= 0 else None)
        absorbed = {id(w) for w in table.header}
        body = [line for line in lines[start + 1 : end] if id(line.words[0]) not in absorbed]
        edges = repeats(table.header)
        body = [part for line in body for part in _side_by_side(line, edges)]
        bodies.append(with_days_below_names(body, day_names(table.header)))
        tables.append(table)
    tables[0].before = lead
    for table in tables:
        if not table.columns:  # a table that goes on under the same header has the same columns
            same = [i for i, other in enumerate(tables) if same_header(table, other)]
            columns = columns_of(table.header, [line for i in same for line in bodies[i]], kinds)
            if named and any(column.role in MONEY_ROLES - {"balance"} for column in columns):
                columns = [column for column in columns if column.role is not None]
            for i in same:
                tables[i].columns = columns
    for number, body in enumerate(bodies):
        _fill(tables[number], body, kinds, tables[: number + 1])
    if starts and not any(table.rows for table in tables):
        table = Table([], columns_of([], lines, kinds))  # the names were not those of columns
        _fill(table, lines, kinds, [table])
        return [table]
    return tables


def _side_by_side(line: Line, bounds: list[float]) -> list[Line]:
    """A line cut where its table begins again; text that runs over such a place is left whole."""
    if not bounds or any(p.left < bound < p.right for bound in bounds for p in line.pieces):
        return [line]
    parts = []
    for left, right in zip([float("-inf"), *bounds], [*bounds, float("inf")], strict=True):
        words = [w for w in line.words if left <= w.left < right]
        if words:
            parts.append(
                line._replace(words=words, pieces=[p for p in line.pieces if left <= p.left < right])
            )
    return parts


def _fill(table: Table, body: list[Line], kinds: tuple[str, ...], tables: list[Table]) -> None:
    table.day_names = day_names(table.header)
    _Assembly(table, with_whole_days(body, table.day_names), kinds, tables).run()


class _Assembly:
    """Goes through the lines of one table and puts its rows together."""

    def __init__(self, table: Table, body: list[Line], kinds: tuple[str, ...], tables: list[Table]) -> None:
        before = tables[:-1]
        self.table = table
        self.body = body
        self.kinds = kinds
        self.open: Row | None = None  # the row that text may still belong to
        self.reading = False  # whether a line without a day may be a row
        self.section: bool | None = None
        self.heading = body[0].place if body else 0
        self.booked = not before or not same_header(table, before[-1]) or before[-1].booked
        if before and same_header(table, before[-1]) and before[-1].days_apart:
            table.days_apart = before[-1].days_apart
        elif table.header and not table.day_names:
            table.days_apart = self._days_apart()
        self.had_days = False
        self.bottom: tuple[int, float] = (0, 0.0)
        self.below: list[tuple[Row, Row]] = []  # a row, and a day right below it that may be that of its value
        self.grouped = False  # whether days have sums in and out, and below each the rows without a day
        lead = table.before
        if not lead and before:
            # What stands between the rows of the table before and this header speaks of this one.
            lead = _tail(before[-1])
            table.before = lead
        for line in lead:
            self._heads(line)
            sign = _heading_sign(line)
            if sign is not None and not _amounts(line, ("money",)):
                self.section = sign
        if self.section is None and before and before[-1].rows:
            self.section = before[-1].rows[-1].section
            if same_header(table, before[-1]):
                self.heading = before[-1].rows[-1].heading
        self.had_days = any(t.rows for t in before)
        table.day = before[-1].day if before else None
        gaps = [b.top - a.bottom for a, b in pairwise(body) if a.page == b.page]
        self.gap = median(gaps) if gaps else 0.0  # between a line and the next

    def run(self) -> None:
        for at, line in enumerate(self.body):
            days = days_of(line, self.table.day_names)
            money = self._money(line)
            label = _label(line)
            kind = vocabulary.balance_kind(label) if _amounts(line, self.kinds) or money else None
            if money and kind and _states_several(line):
                self._total(line)
            elif money and self._is_balance(kind, money, days, label):
                self._balance(line, kind or "here", money)
            elif not money and (day := day_of_booking(line)) is not None:
                self._day_of_rows(line, day)
            elif (days or self.grouped) and money and (sign := _group_sign(label)) is not None:
                self._group(line, days, sign)
            elif days and money and not self._is_sum(money, label):
                self._row(line, days, money)
            elif days and not money and self._dates_row_above(line, days):
                continue
            elif days and (self._in_day_column(line, days) or self._heads_day(line)):
                self._begin(line, days)
            elif money and (
                vocabulary.is_total(label) or (kind and not self._moves(money)) or self._is_sum(money, label)
            ):
                self._total(line)
            elif money and self.open is not None and not self.open.money:
                self._complete(line, money)
            elif money and label and self._may_go_on(line) and not self._only_balance(money):
                self._row(line, [], money)
            else:
                self._text(at, line)
        for row, second in self.below:
            if not second.money:
                row.texts.extend(second.texts)
        self.table.booked = self.booked

    def _heads(self, line: Line) -> None:
        """What a line says of the rows below it: whether they are booked."""
        if not _amounts(line, ("money",)):
            booked = vocabulary.booked(line.text)
            self.booked = self.booked if booked is None else booked

    def _days_apart(self) -> str | None:
        """Where the days are in a table that has no column for them."""
        order = ""
        for line in self.body:
            days, money = leading_days(line), self._money(line)
            if days and not money and days[0] is line.pieces[0]:
                order += "d"
            elif money and not days and vocabulary.balance_kind(_label(line)) is None:
                order += "m"
        if order[:1] == "d":
            return "above"
        return "below" if order.count("md") > 1 and 2 * order.count("md") > order.count("m") else None

    def _heads_day(self, line: Line) -> bool:
        """Whether a line is a day that all rows below it are of."""
        return self.table.days_apart == "above" and len(line.pieces) == 1

    def _dates_row_above(self, line: Line, days: list[Piece]) -> bool:
        """Gives the row above its day, which stands at the begin of the line below where no column has days."""
        row = self.open
        if self.table.days_apart != "below" or row is None or row.days or not row.money:
            return False
        if days[0] is not line.pieces[0] or not self._goes_on(line, row):
            return False
        row.days, row.dated, row.bottom = days, True, line.bottom
        row.texts.append(_texts(line, {}, days)[0])
        row.wrapped += 1
        self.bottom = (line.page, line.bottom)
        return True

    def _money(self, line: Line) -> dict[int, Piece]:
        found: dict[int, Piece] = {}
        for piece in line.pieces:
            if piece.kind not in self.kinds:
                continue
            for i, column in enumerate(self.table.columns):
                slack = 0.35 * line.height
                if piece.left < column.right and column.left < piece.right and abs(
                    piece.right - column.right
                ) <= max(column.right - column.left, 3 * slack):  # fmt: skip
                    found[i] = with_mark_beside(line, piece)
                    break
        return found

    def _is_balance(self, kind: str | None, money: dict[int, Piece], days: list[Piece], label: str) -> bool:
        if kind is None or (days and vocabulary.moves_money(label)):
            return False
        columns = self.table.columns
        if len(money) > 1:  # with nothing in the other columns, or with their sums
            others = [p for i, p in money.items() if columns[i].role != "balance"]
            return len(others) + 1 == len(money) and (all(map(_is_nothing, others)) or self._both_ways(money))
        (column,) = money
        if columns[column].role == "balance" or not days:
            return True
        if any(c.role == "balance" for c in columns):
            return vocabulary.bare_balance(label)
        return len(label.split()) <= 6

    def _both_ways(self, money: dict[int, Piece]) -> bool:
        """Whether there is an amount in and one out, which no transaction has."""
        filled = {self.table.columns[i].role for i, piece in money.items() if not _is_nothing(piece)}
        return {"debit", "credit"} <= filled

    def _moves(self, money: dict[int, Piece]) -> bool:
        """Whether there is an amount, and the balance that it leads to."""
        filled = [self.table.columns[i].role for i, piece in money.items() if not _is_nothing(piece)]
        return len(filled) == 2 and "balance" in filled

    def _only_balance(self, money: dict[int, Piece]) -> bool:
        """Whether a line has no amount beside what stands where balances do, as notes below a table have."""
        roles = {column.role for column in self.table.columns}
        return bool(roles & {"amount", "debit", "credit"}) and all(
            self.table.columns[i].role == "balance" for i in money
        )

    def _is_sum(self, money: dict[int, Piece], label: str) -> bool:
        words = vocabulary_of_columns.normal(label).split()
        return self._both_ways(money) and not {"total", "totals"}.isdisjoint(words)

    def _balance(self, line: Line, kind: str, money: dict[int, Piece]) -> None:
        roles = {i: self.table.columns[i].role for i in money}
        column = next((i for i, role in roles.items() if role == "balance"), next(iter(money)))
        piece = money[column]
        debit = self.table.columns[column].role == "debit"
        self.table.stated.append(
            Stated(len(self.table.rows), line.place, _label(line), kind, with_mark(line, piece), True, debit)
        )
        self.open = None
        forward = re.search(
            r"carried|a reporter|suma y sigue|riportare|c f", vocabulary_of_columns.normal(_label(line))
        )
        self.reading = kind != "closing" and not forward
        self.bottom = (line.page, line.bottom)

    def _total(self, line: Line) -> None:
        self.table.outside.append(line)
        self.open, self.reading = None, False

    def _day_of_rows(self, line: Line, day: Piece) -> None:
        """A line names the day of the rows below it."""
        self.table.day = day
        self.open = None
        self.reading = self.had_days = True
        self.bottom = (line.page, line.bottom)

    def _group(self, line: Line, days: list[Piece], sign: bool) -> None:
        """A day's sum of money in or out: its rows stand below, without a day or a sign."""
        if days:
            self.table.day = days[0]
        self.section = sign
        self.grouped = True
        self._day_of_rows(line, self.table.day or days[0])

    def _row(self, line: Line, days: list[Piece], money: dict[int, Piece]) -> None:
        unread = ""
        if not days and line.scanned and (unread := self._unread_day(line)):
            line, days = with_slash(line)
        texts, left = _texts(line, money, days)
        dated = bool(days) or self.grouped or self._numbered(line) or self.table.days_apart == "below"
        if self.table.day is not None and not any_booked(days, self.table.day_names):
            days = [self.table.day]
        self.open = Row(
            line.place, line.page, days, money, [texts], marks_of(line), self.section, self.heading,
            dated, line.scanned, line.text, line.bottom, 0, left, self.booked, "" if days else unread,
        )  # fmt: skip
        self.table.rows.append(self.open)
        self.reading = self.had_days = True
        self.bottom = (line.page, line.bottom)

    def _begin(self, line: Line, days: list[Piece]) -> None:
        """A day without an amount: the amount may follow on the next lines."""
        above = self.open
        self._give_up()
        texts, left = _texts(line, {}, days)
        self.open = Row(
            line.place, line.page, days, {}, [texts], marks_of(line), self.section, self.heading, True, line.scanned, line.text,
            line.bottom, 0, left, self.booked,
        )  # fmt: skip
        self.table.left_over.append(self.open)
        if above is not None and above.money and line.page == above.page and line.top - above.bottom < line.height:
            self.below.append((above, self.open))
        self.bottom = (line.page, line.bottom)

    def _complete(self, line: Line, money: dict[int, Piece]) -> None:
        row = self.open
        assert row is not None
        row.money = money
        row.texts.append(_texts(line, money, [])[0])
        row.marks.extend(marks_of(line))
        row.bottom = line.bottom
        self.table.left_over.remove(row)
        self.table.rows.append(row)
        self.reading = self.had_days = True
        self.bottom = (line.page, line.bottom)

    def _give_up(self) -> None:
        self.open = None

    def _unread_day(self, line: Line) -> str:
        """What is not text only, and stands where the rows above have their days."""
        first = line.words[0]
        rows = [row for row in self.table.rows[-5:] if row.days]
        at = any(abs(row.days[0].left - first.left) <= line.height for row in rows)
        return first.text if at and any(map(str.isdigit, first.text)) else ""

    def _numbered(self, line: Line) -> bool:
        """Whether a line has a number where rows have their day: a day of its own, but of which month?"""
        first = line.pieces[0]
        return bool(_DAY_NUMBER.fullmatch(first.text)) and self._in_day_column(line, [first])

    def _in_day_column(self, line: Line, days: list[Piece]) -> bool:
        """Whether the line's day stands where those of rows do."""
        own = days[0].left
        slack = 1.5 * line.height
        rows = self.table.rows
        if rows:
            return any(row.days and abs(row.days[0].left - own) <= slack for row in rows[-5:])
        return any(left - slack <= own <= right + slack for left, right, _ in self.table.day_names)

    def _may_go_on(self, line: Line) -> bool:
        """Whether a line without a day can be a row: close below another, first on a continued page, or in a
        table that has no column of days."""
        if self.table.header and not self.table.day_names and len(self._money(line)) > 1:
            return True
        if not self.had_days:
            return False
        if not self.table.rows and not self.reading:
            return bool(self.table.header) and bool(self.body) and line is self.body[0]
        if not self.reading:
            return False
        page, bottom = self.bottom
        return page != line.page or line.top - bottom < 2.5 * line.height

    def _text(self, at: int, line: Line) -> None:
        sign = vocabulary.heading_sign(line.text) if not any(p.kind == "money" for p in line.pieces) else None
        row = self.open
        if row is not None and row.money and self._goes_on(line, row) and self._marks_row(line, row):
            return
        beside = row is not None and self._goes_on(line, row)
        of_row = beside and row is not None and row.text_left and line.left > row.text_left - 2
        if not of_row:
            self._heads(line)
            if vocabulary.booked(line.text) is False and not any(p.kind == "money" for p in line.pieces):
                self.open = None
                self.table.outside.append(line)
                return
        if sign is not None and not of_row:
            self.section = sign
            self.heading = line.place
            self.open = None
            self.table.outside.append(line)
            return
        if beside and row is not None:
            row.texts.append(line.text)
            row.wrapped += 1
            row.bottom = line.bottom
            self.bottom = (line.page, line.bottom)
            return
        self.table.outside.append(line)
        self.open = None

    def _marks_row(self, line: Line, row: Row) -> bool:
        """Gives the row its mark that stands below the amount, with nothing else on the line."""
        if len(line.pieces) != 1 or line.pieces[0].kind != "mark":
            return False
        mark = line.pieces[0]
        for i, piece in row.money.items():
            if piece.token is None or piece.token.debit is not None or abs(piece.right - mark.right) > line.height:
                continue
            row.money[i] = piece._replace(token=piece.token._replace(debit=not mark.sign))
            row.bottom = line.bottom
            self.bottom = (line.page, line.bottom)
            return True
        return False

    def _goes_on(self, line: Line, row: Row) -> bool:
        """Whether a line of text belongs to the description of the row above it."""
        if line.page != row.page or row.wrapped >= _MOST_WRAPPED or line.bottom <= row.bottom:
            return False
        below = row.text_left is not None and abs(line.left - row.text_left) <= 0.3 * line.height
        reach = max(0.9 * line.height, 1.1 * self.gap if below else 0.0)  # where all lines are far apart
        if line.top - row.bottom > reach:
            return False
        if row.text_left is None:
            return True
        # It begins below the description, not at the page's margin, where notes do.
        if (
            row.days
            and row.days[0].left < row.text_left
            and line.left <= row.days[0].left + 0.5 * line.height
        ):
            return False
        return line.left >= row.text_left - 1.2 * line.height


def _group_sign(label: str) -> bool | None:
    """Whether a day's line is the sum of its money in (True) or out (False)."""
    return vocabulary.total_kind(label) if vocabulary.is_total(label) else None


def _heading_sign(line: Line) -> bool | None:
    """Whether rows below a line of their section are money in; words of explanation can stand beside its name."""
    sign = vocabulary.heading_sign(line.text)
    first = line.pieces[0]
    if sign is None and first.kind == "text" and len(first.text.split()) > 1:
        sign = vocabulary.heading_sign(first.text)
    return sign


def _tail(table: Table) -> list[Line]:
    """The lines behind the last row of a table."""
    last = max((row.place for row in table.rows), default=0)
    return [line for line in table.outside if line.place > last]


def _label(line: Line) -> str:
    text = " ".join(p.text for p in line.pieces if p.kind == "text").strip(" :.")
    return text if any(map(str.isalpha, text)) else ""


def _amounts(line: Line, kinds: tuple[str, ...]) -> list[Piece]:
    return [p for p in line.pieces if p.kind in kinds]


def _is_nothing(piece: Piece) -> bool:
    return piece.token is not None and not piece.token.number.strip("0.,")


def _states_several(line: Line) -> bool:
    """Whether a line says more than one balance, each behind its label."""
    return len([stated for stated in stated_in([line]) if stated.kind]) > 1


def _texts(line: Line, money: dict[int, Piece], days: list[Piece]) -> tuple[str, float | None]:
    """The description of a row's line, and where it begins."""
    left_out = {(p.left, p.right) for p in (*money.values(), *days)}
    kept = [p for p in line.pieces if (p.left, p.right) not in left_out and p.kind != "mark"]
    while kept and kept[0].kind == "text" and not any(map(str.isalnum, kept[0].text)):
        kept.pop(0)
    return " ".join(p.text for p in kept), kept[0].left if kept else None
