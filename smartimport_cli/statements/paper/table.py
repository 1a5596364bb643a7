"""The tables of a document: lines that name columns, and the rows, balances and totals below them.

Columns of amounts are found by where amounts stand, and named by the words above them; a description may go on
over several lines, a day may be printed once for several rows, a table over several pages.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from smartimport_cli.core.documents import Word
from smartimport_cli.statements import days as days_of_paper
from smartimport_cli.statements.days import of_digits, orders_of_digits, read
from smartimport_cli.statements.delimited import words as vocabulary_of_columns
from smartimport_cli.statements.paper import vocabulary
from smartimport_cli.statements.paper.lines import Line, Piece, cells_of

MONEY_ROLES = frozenset({"amount", "debit", "credit", "balance"})
OTHER_MONEY = frozenset({"other_money", "fee", "other"})
_LONGEST_HEADER = 24  # words
_MOST_WRAPPED = 14  # lines that a description may go on over
_CLOSE = 0.6  # of a line's height: between an amount and its mark
_GUESSED = 0.5  # confidence of what was not recognised as it is read
_DAY_NUMBER = re.compile(r"\d{1,2}(?:st|nd|rd|th)?")
_DAY_BEGUN = re.compile(r"\d{1,2}(?:st|nd|rd|th|\.)?|\d{1,2}[-/. ](?:\d{1,2}|[^\W\d_]{3,12})[-/.]")
_DAY_ENDED = re.compile(r"(?:[^\W\d_]{3,12}\.?,?)?[- ]?(?:(?:19|20)\d\d)?")
_WEEKDAY = re.compile(r"(?:mon|tues|wednes|thurs|fri|satur|sun)day,?$", re.IGNORECASE)
_NUMBERED = re.compile(r"\W*\d{1,8}\W*")
_RATE = re.compile(r"kurs|taux|cambio|koers|kurz|rate")
_TIME = re.compile(r"\b(?:time|zeit|uhrzeit|hora|heure|ora|tid|tijd|czas|cas)\b")  # a day can stand with its time


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


def headers_in(lines: list[Line]) -> dict[int, list[Word]]:
    """The lines that name columns, by index: their words, with those of lines that belong to them."""
    found: dict[int, list[Word]] = {}
    skip = -1
    for at, line in enumerate(lines):
        if at <= skip or not _names_columns(line):
            continue
        words = list(line.words)
        if at and at - 1 not in found and _belongs(lines[at - 1], line):
            words = [*lines[at - 1].words, *words]
        if at + 1 < len(lines) and _belongs(lines[at + 1], line):
            words = [*words, *lines[at + 1].words]
            skip = at + 1
        found[at] = words
    return found


def _names_columns(line: Line) -> bool:
    if len(line.words) > _LONGEST_HEADER or any(p.kind in ("money", "day") for p in line.pieces):
        return False
    cells = [" ".join(w.text for w in cell) for cell in cells_of(line.words)]
    if len(cells) < 2 or max(len(cell) for cell in cells) > 60:
        return False
    kinds = {vocabulary.balance_kind(cell) for cell in cells}
    if {"opening", "closing"} <= kinds or any(map(vocabulary.is_due, cells)) or any(map(vocabulary.is_rate, cells)):
        return False  # what follows sums the statement up, or says what interest there is
    roles = [vocabulary_of_columns.role_of(cell) for cell in cells]
    for cell, role in list(zip(cells, roles, strict=True)):  # several columns that stand close together
        if role in MONEY_ROLES | {"date", "direction"} and len(cell.split()) > 1:
            roles.extend(vocabulary_of_columns.role_of(word) for word in cell.split())
    named = {role for role in roles if role}
    return bool(named & MONEY_ROLES) and len(named) >= 2 and bool(
        named & {"date", "description", "payee", "kind", "reference", "balance"}
    )  # fmt: skip


def _belongs(other: Line, header: Line) -> bool:
    """Whether a line above or below holds more words of the columns' names."""
    if other.page != header.page or any(p.kind not in ("text", "mark") for p in other.pieces):
        return False
    gap = max(other.top - header.bottom, header.top - other.bottom)
    if gap > 0.7 * header.height or len(other.words) > 10:
        return False
    cells = cells_of(header.words)
    spans = [(cell[0].left, cell[-1].right) for cell in cells]
    if vocabulary.is_heading(other.text) and not _over_amounts(other, cells):
        return False
    over = [
        any(word[0].left < right and left < word[-1].right for left, right in spans)
        for word in cells_of(other.words)
    ]
    several = len(over) >= 2 or bool(
        other.pieces and vocabulary_of_columns.role_of(other.text) in MONEY_ROLES
    )
    return several and all(over) and len(other.text) < 80 and all(len(w.text) < 20 for w in other.words)


def _over_amounts(other: Line, cells: list[list[Word]]) -> bool:
    """Whether a line's words stand over names of columns of amounts alone: `Deposit` over `Amount`."""
    over = [c for c in cells if c[0].left < other.right and other.left < c[-1].right]
    return bool(over) and all(_money_role(" ".join(w.text for w in c)) in MONEY_ROLES for c in over)


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
        repeats = _repeats(table.header)
        body = [part for line in body for part in _side_by_side(line, repeats)]
        bodies.append(_with_days(body, _day_names(table.header)))
        tables.append(table)
    tables[0].before = lead
    for table in tables:
        if not table.columns:  # a table that goes on under the same header has the same columns
            same = [i for i, other in enumerate(tables) if _same_header(table, other)]
            columns = _columns(table.header, [line for i in same for line in bodies[i]], kinds)
            if named and any(column.role in MONEY_ROLES - {"balance"} for column in columns):
                columns = [column for column in columns if column.role is not None]
            for i in same:
                tables[i].columns = columns
    for number, body in enumerate(bodies):
        _fill(tables[number], body, kinds, tables[: number + 1])
    if starts and not any(table.rows for table in tables):
        table = Table([], _columns([], lines, kinds))  # the names were not those of columns
        _fill(table, lines, kinds, [table])
        return [table]
    return tables


def _fill(table: Table, body: list[Line], kinds: tuple[str, ...], tables: list[Table]) -> None:
    table.day_names = _day_names(table.header)
    _Assembly(table, _with_whole_days(body, table.day_names), kinds, tables).run()


def _with_whole_days(body: list[Line], names: list[tuple[float, float, str]]) -> list[Line]:
    """The lines with days that a narrow column breaks (`12 Apr` over `2024`) put together again, where it breaks most:
    a year on a line of its own can also be that of the rows below."""
    found: list[Line] = []
    begun = broken = 0
    for line in body if names else ():
        if len(found) > 1 and (day := _around(found[-2], found[-1], line, names)):
            # The amounts stand in the middle of a day that takes two lines.
            broken += 1
            found[-2:] = [found[-1]._replace(pieces=[day, *found[-1].pieces])]
            continue
        pieces: list[tuple[Piece, Piece, Piece]] = []
        if found and line.page == found[-1].page and line.top - found[-1].bottom < line.height:
            pieces = [
                (a, b, day) for b in line.pieces for a in found[-1].pieces if (day := _joined(a, b, names))
            ]
        if pieces:
            broken += 1
            whole = {id(a): day for a, _, day in pieces}
            rest = [p for p in line.pieces if all(p is not b for _, b, _ in pieces)]
            words = [w for w in line.words if any(p.left <= w.left < p.right for p in rest)]
            found[-1] = found[-1]._replace(pieces=[whole.get(id(p), p) for p in found[-1].pieces])
            if not rest:
                continue
            line = line._replace(pieces=rest, words=words)
        begun += any(_begins_day(piece, names) for piece in line.pieces)
        found.append(line)
    return found if broken > 1 and 2 * broken >= begun else body


def _around(above: Line, line: Line, below: Line, names: list[tuple[float, float, str]]) -> Piece | None:
    """The day that two lines with nothing else give the line between them."""
    if len(above.pieces) != 1 or len(below.pieces) != 1 or line.pieces[0].left <= above.right:
        return None
    if above.page != below.page or below.top - above.bottom > line.height:
        return None
    return _joined(above.pieces[0], below.pieces[0], names)


def _begins_day(piece: Piece, names: list[tuple[float, float, str]]) -> bool:
    """Whether a piece in a column of days can be the begin of one: a number, or a day without its year."""
    if not any(piece.left < right + 4 and left - 4 < piece.right for left, right, _ in names):
        return False
    if piece.day is not None:
        return piece.day.readings[0][1] is None
    return bool(_DAY_BEGUN.fullmatch(piece.text))


def _joined(above: Piece, below: Piece, names: list[tuple[float, float, str]]) -> Piece | None:
    """The day that begins with one piece and ends with one below it: a month, a year, or both."""
    if abs(above.left - below.left) > 2 or not _begins_day(above, names) or not _DAY_ENDED.fullmatch(below.text):
        return None
    for text in (f"{above.text} {below.text}", above.text + below.text):
        day = read(text)
        if day is not None and (above.day is None or day.readings[0][1] is not None):
            return above._replace(kind="day", text=day.text, day=day, token=None)
    return None


def _same_header(a: Table, b: Table) -> bool:
    """Whether two headers have the same words in the same places."""
    if a is b:
        return True
    if not a.header or len(a.header) != len(b.header):
        return False
    return all(
        v.text == w.text and abs(v.left - w.left) < 0.5 * (v.bottom - v.top)
        for v, w in zip(a.header, b.header, strict=True)
    )


# Columns


def _repeats(header: list[Word]) -> list[float]:
    """Where the names of the columns begin again, in a table that stands in columns side by side."""
    cells = cells_of(header)
    texts = [" ".join(w.text for w in cell).casefold() for cell in cells]
    for times in (2, 3, 4):
        size, rest = divmod(len(texts), times)
        if not rest and size > 1 and texts == texts[:size] * times:
            return [cells[i][0].left - 2 for i in range(size, len(cells), size)]
    return []


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


def _columns(header: list[Word], body: list[Line], kinds: tuple[str, ...]) -> list[Column]:
    """Where amounts stand: behind a day and a text, or below a name, as spans that do not overlap."""
    spans = _spans(header, body, kinds)
    if not spans:
        return []
    columns = [Column(left, right) for left, right in spans]
    return _named(columns, header)


def _spans(header: list[Word], body: list[Line], kinds: tuple[str, ...]) -> list[tuple[float, float]]:
    found = []
    names = _day_names(header)
    for line in body:
        trailing = _trailing(line.pieces, kinds)
        dated = bool(_days(line, names))
        for piece in line.pieces:
            if piece.kind not in kinds:
                continue
            under = _role_over(header, piece) in MONEY_ROLES | {"direction"}
            if (dated and id(piece) in trailing) or (under and (dated or id(piece) in trailing)):
                found.append((piece.left, piece.right))
    spans: list[list[float]] = []
    for left, right in sorted(found):
        if spans and left < spans[-1][1] - 1:
            spans[-1][1] = max(spans[-1][1], right)
        else:
            spans.append([left, right])
    return [(left, right) for left, right in spans]


def _trailing(pieces: list[Piece], kinds: tuple[str, ...]) -> set[int]:
    """The amounts behind all text of the line."""
    found = set()
    for piece in reversed(pieces):
        if piece.kind in kinds:
            found.add(id(piece))
        elif piece.kind not in ("mark", "day", "money", "whole") and not (
            len(piece.text) <= 3 or not any(map(str.isalnum, piece.text))
        ):
            break
    return found


def _role_over(header: list[Word], piece: Piece) -> str | None:
    over = [w.text for w in header if w.left < piece.right and piece.left < w.right]
    return vocabulary_of_columns.role_of(" ".join(over)) if over else None


def _named(columns: list[Column], header: list[Word]) -> list[Column]:
    """Each word of the header goes to the column that it stands over, or whose right edge it shares."""
    names: dict[int, list[Word]] = {}
    beside: list[list[Word]] = []
    for cell in header_cells(header):
        left, right = cell[0].left, cell[-1].right
        over = [i for i, c in enumerate(columns) if left < c.right + 2 and c.left - 2 < right]
        if len(over) == 1:
            names.setdefault(over[0], []).extend(cell)
        elif over:
            for word in cell:
                mine = [i for i in over if word.right <= columns[i].right + 0.8 * (word.bottom - word.top)]
                names.setdefault(mine[0] if mine else over[-1], []).append(word)
        elif _money_role(" ".join(w.text for w in cell)):
            beside.append(cell)
    own = {i for i, words in names.items() if _money_role(" ".join(w.text for w in words))}
    for cell in beside:
        left, right = cell[0].left, cell[-1].right
        near = min(range(len(columns)), key=lambda i: _distance(columns[i], left, right))
        # A column that has its name is not that of an empty column beside it.
        if near not in own and _distance(columns[near], left, right) < 4 * (cell[0].bottom - cell[0].top):
            names.setdefault(near, []).extend(cell)
    named = []
    for i, column in enumerate(columns):
        words = sorted(names.get(i, []), key=lambda w: (round(w.top), w.left))
        name = " ".join(w.text for w in words)
        named.append(column._replace(name=name, role=_money_role(name)))
    return named


def header_cells(header: list[Word]) -> Iterator[list[Word]]:
    """Cells of each of the header's lines."""
    rows: dict[int, list[Word]] = {}
    middles: list[float] = []
    for word in sorted(header, key=lambda w: w.top + w.bottom):
        middle = (word.top + word.bottom) / 2
        if not middles or middle - middles[-1] > 0.5 * (word.bottom - word.top):
            middles.append(middle)
        rows.setdefault(len(middles), []).append(word)
    for row in rows.values():
        yield from cells_of(sorted(row, key=lambda w: w.left))


def _money_role(name: str) -> str | None:
    role = vocabulary_of_columns.role_of(name)
    first, _, rest = name.partition(" ")
    if role == "other" and rest and _RATE.fullmatch(vocabulary_of_columns.normal(first)):
        return _money_role(rest)  # two columns that stand close together
    if role in MONEY_ROLES | OTHER_MONEY:
        return role
    if role == "direction":  # `Debit/Credit`, with amounts below
        return "amount"
    found = [r for w in name.split() if (r := vocabulary_of_columns.role_of(w)) in MONEY_ROLES]
    return found[-1] if found else None


def _distance(column: Column, left: float, right: float) -> float:
    return min(
        abs(column.right - right), abs(column.left - left), abs(column.left + column.right - left - right) / 2
    )


# Rows


def _day_names(header: list[Word]) -> list[tuple[float, float, str]]:
    """The cells of a header that name columns of days: left, right, name (with the words of its other lines)."""
    cells = list(header_cells(header))
    found = []
    for cell in cells:
        left, right = cell[0].left, cell[-1].right
        name = " ".join(w.text for w in cell)
        if vocabulary_of_columns.role_of(name) == "date" or _TIME.search(vocabulary_of_columns.normal(name)):
            over = [c for c in cells if c[0].left < right and left < c[-1].right]
            found.append((left, right, " ".join(w.text for c in over for w in c)))
    return found


def _days(line: Line, names: list[tuple[float, float, str]]) -> list[Piece]:
    """The days of a row's line: those it begins with, and those below the names of such columns."""
    found = _leading_days(line)
    if not names or (found and len(names) < 2):
        return found
    slack = line.height
    for piece in line.pieces:
        if piece.kind == "day" and piece not in found and any(
            piece.left < right + slack and left - slack < piece.right for left, right, _ in names
        ):  # fmt: skip
            found.append(piece)
    return found


def _with_days(body: list[Line], names: list[tuple[float, float, str]]) -> list[Line]:
    """The lines with days for what stands below the names of such columns: `02.12`, which could be an amount, and
    days without any mark (0212, 251202) where all of the column are."""
    digits = [[word.text for line in body for word in line.words if _is_under(word, name)] for name in names]
    bare = [{len(text) for text in texts if text.isdigit()} for texts in digits]
    orders = [orders_of_digits(texts) if sizes in ({4}, {6}) else frozenset()
              for texts, sizes in zip(digits, bare, strict=True)]  # fmt: skip
    return [_line_with_days(line, names, orders) for line in body]


def _is_under(part: Word | Piece, name: tuple[float, float, str]) -> bool:
    return part.left < name[1] and name[0] < part.right


def _line_with_days(
    line: Line, names: list[tuple[float, float, str]], orders: list[frozenset[str]]
) -> Line:
    pieces = list(line.pieces)
    for i, piece in enumerate(pieces):
        for name, possible in zip(names, orders, strict=True):
            if piece.kind == "day" or not _is_under(piece, name):
                continue
            day = None
            if piece.text.isdigit():
                day = of_digits(piece.text, possible) if possible else None
            elif piece.kind == "money":
                day = read(piece.text)
            if day is not None:
                pieces[i] = piece._replace(kind="day", day=day, token=None)
                break
    return line._replace(pieces=pieces) if pieces != line.pieces else line


def _leading_days(line: Line) -> list[Piece]:
    """The days that a line begins with; a number, a weekday or a mark may stand before."""
    found: list[Piece] = []
    skipped = 0
    for piece in line.pieces:
        if piece.kind == "day":
            found.append(piece)
        elif not any(map(str.isalnum, piece.text)):
            continue
        elif not found and piece.kind in ("text", "whole", "mark") and skipped < 1 and len(piece.text) <= 12 and (
            _NUMBERED.fullmatch(piece.text) or len(piece.text) <= 4 or _WEEKDAY.match(piece.text)
        ):  # fmt: skip
            skipped += 1
        else:
            break
    return found[:3]


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
        self.booked = not before or not _same_header(table, before[-1]) or before[-1].booked
        if before and _same_header(table, before[-1]) and before[-1].days_apart:
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
            if _same_header(table, before[-1]):
                self.heading = before[-1].rows[-1].heading
        self.had_days = any(t.rows for t in before)
        table.day = before[-1].day if before else None
        gaps = [b.top - a.bottom for a, b in pairwise(body) if a.page == b.page]
        self.gap = median(gaps) if gaps else 0.0  # between a line and the next

    def run(self) -> None:
        for at, line in enumerate(self.body):
            days = _days(line, self.table.day_names)
            money = self._money(line)
            label = _label(line)
            kind = vocabulary.balance_kind(label) if _amounts(line, self.kinds) or money else None
            if money and kind and _states_several(line):
                self._total(line)
            elif money and self._is_balance(kind, money, days, label):
                self._balance(line, kind or "here", money)
            elif not money and (day := _booking_day(line)) is not None:
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
            days, money = _leading_days(line), self._money(line)
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
                    found[i] = _beside(line, piece)
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
            Stated(len(self.table.rows), line.place, _label(line), kind, _marked(line, piece), True, debit)
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
            line, days = _with_slash(line)
        texts, left = _texts(line, money, days)
        dated = bool(days) or self.grouped or self._numbered(line) or self.table.days_apart == "below"
        if self.table.day is not None and not _booked(days, self.table.day_names):
            days = [self.table.day]
        self.open = Row(
            line.place, line.page, days, money, [texts], _marks(line), self.section, self.heading,
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
            line.place, line.page, days, {}, [texts], _marks(line), self.section, self.heading, True, line.scanned, line.text,
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
        row.marks.extend(_marks(line))
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


def _booking_day(line: Line) -> Piece | None:
    """The day of a line that says no more than that it is that of the booking: `Buchungsdatum: 03.03.2025`."""
    found = [piece for piece in line.pieces if piece.kind == "day"]
    name = " ".join(piece.text for piece in line.pieces if piece.kind != "day")
    if len(found) != 1 or line.pieces[-1] is not found[0] or not name or len(line.pieces) != 2:
        return None
    role = vocabulary_of_columns.role_of(name)
    return found[0] if role == "date" and vocabulary_of_columns.booked(name) == 2 else None


def _booked(days: list[Piece], names: list[tuple[float, float, str]]) -> bool:
    """Whether one of a row's own days stands below the name of the day of booking."""
    return any(
        _is_under(piece, name) and vocabulary_of_columns.booked(name[2]) == 2
        for piece in days
        for name in names
    )


def _group_sign(label: str) -> bool | None:
    """Whether a day's line is the sum of its money in (True) or out (False)."""
    return vocabulary.total_kind(label) if vocabulary.is_total(label) else None


def _with_slash(line: Line) -> tuple[Line, list[Piece]]:
    """A recognised line whose first word is a day with a slash that was taken for a 1: `317` is 3/7. Without a day
    where none or several are possible."""
    first = line.pieces[0]
    readings = [
        f"{first.text[:at]}/{first.text[at + 1 :]}" for at, letter in enumerate(first.text) if letter in "1lI|"
    ]
    found = [(text, day) for text in readings if (day := days_of_paper.read(text)) is not None]
    if len(found) != 1:
        return line, []
    text, day = found[0]
    piece = first._replace(kind="day", text=text, confidence=min(first.confidence, _GUESSED), day=day, token=None)
    return line._replace(pieces=[piece, *line.pieces[1:]]), [piece]
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


def _marks(line: Line) -> list[Piece]:
    return [p for p in line.pieces if p.kind == "mark"]


def _beside(line: Line, piece: Piece) -> Piece:
    """The amount with the sign of a mark that stands close behind it, not in a column of its own."""
    marked = _marked(line, piece)
    if marked is piece:
        return piece
    mark = line.pieces[line.pieces.index(piece) + 1]
    return marked if mark.left - piece.right <= _CLOSE * line.height else piece


def _marked(line: Line, piece: Piece) -> Piece:
    """The amount with the sign of a mark that stands behind it, apart."""
    if piece.token is None or piece.token.debit is not None:
        return piece
    at = line.pieces.index(piece)
    if at + 1 < len(line.pieces):
        mark = line.pieces[at + 1]
        if mark.kind == "mark" and mark.sign is not None:
            return piece._replace(token=piece.token._replace(debit=not mark.sign))
    return piece


def _texts(line: Line, money: dict[int, Piece], days: list[Piece]) -> tuple[str, float | None]:
    """The description of a row's line, and where it begins."""
    left_out = {(p.left, p.right) for p in (*money.values(), *days)}
    kept = [p for p in line.pieces if (p.left, p.right) not in left_out and p.kind != "mark"]
    while kept and kept[0].kind == "text" and not any(map(str.isalnum, kept[0].text)):
        kept.pop(0)
    return " ".join(p.text for p in kept), kept[0].left if kept else None


def stated_in(lines: list[Line], rows: int = 0) -> Iterator[Stated]:
    """The labelled amounts of lines outside tables: `Opening balance 1,204.17  Total paid in 300.00`, or the
    labels on one line and their amounts below."""
    above: Line | None = None
    for line in lines:
        amounts = [p for p in line.pieces if p.kind in ("money", "whole")]
        label: list[str] = []
        bare = amounts and not any(p.kind == "text" and any(map(str.isalpha, p.text)) for p in line.pieces)
        if (
            bare
            and above is not None
            and above.page == line.page
            and line.top - above.bottom < 2 * line.height
        ):
            yield from _below(above, line, amounts, rows)
        elif amounts:
            for piece in line.pieces:
                if piece.kind in ("money", "whole"):
                    text = " ".join(label).strip(" :.")
                    if text and (piece.kind == "money" or vocabulary.balance_kind(text)):
                        yield Stated(
                            rows, line.place, text, vocabulary.balance_kind(text), _marked(line, piece), False
                        )
                    if piece.kind == "money":
                        label = []
                elif piece.kind == "text":
                    label.append(piece.text)
        if not amounts:
            above = line


def _below(above: Line, line: Line, amounts: list[Piece], rows: int) -> Iterator[Stated]:
    cells = cells_of(above.words)
    for piece in amounts:
        best = min(
            cells,
            key=lambda c: min(abs(c[-1].right - piece.right), abs(c[0].left - piece.left),
                              abs((c[0].left + c[-1].right) - (piece.left + piece.right)) / 2),
        )  # fmt: skip
        label = " ".join(w.text for w in best)
        yield Stated(rows, line.place, label, vocabulary.balance_kind(label), _marked(line, piece), False)
