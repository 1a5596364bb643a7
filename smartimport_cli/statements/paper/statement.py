"""One account's statement on paper: of all the ways to read its columns and signs, the one that its balances
prove; else the one that the evidence speaks for, with the doubt said."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise, product
from typing import NamedTuple

from smartimport_cli.core.model import Choices, Evidence, Verdict
from smartimport_cli.statements.delimited import numbers, words
from smartimport_cli.statements.paper import accounts, chain, signs, vocabulary
from smartimport_cli.statements.paper.chain import Anchor, Checked
from smartimport_cli.statements.paper.lines import Line, Piece
from smartimport_cli.statements.paper.signs import Mode, Roles
from smartimport_cli.statements.paper.stated import stated_in
from smartimport_cli.statements.paper.table import Column, Row, Stated, Table

_MOST_TRIED = 400
_CLEARLY = 3  # times as many descriptions, and so many, where no word in the document is one of cards
_THREE = re.compile(r"[.,]\d{3}$")
_MODES = ("columns", "marks", "sections", "written", "plus", "balances", "words")


@dataclass(slots=True)
class Account:
    """The tables of one account, in the order of the document. `part` counts the accounts below one number, and
    `currency` is the last that its tables name."""

    number: str | None
    part: int = 1
    currency: str | None = None
    tables: list[Table] = field(default_factory=list)

    def lines(self) -> list[Line]:
        """All that stands around the rows."""
        return [line for table in self.tables for line in (*table.before, *table.outside)]


class Given(NamedTuple):
    """A row with the columns it stands in."""

    row: Row
    columns: tuple[Column, ...]
    table: int


@dataclass(slots=True)
class Outcome:
    """A reading of an account's rows."""

    rows: list[Row]
    amounts: list[int | None]
    balances: list[int | None]
    mode: Mode
    roles: dict[tuple[Column, ...], Roles]
    descending: bool
    checked: Checked
    anchors: list[Anchor]  # oldest first
    as_named: bool  # the roles are those of the column names
    undated: bool
    skipped: list[Row] = field(default_factory=list)
    owed_unsaid: bool = False  # balances are what is owed, though nothing speaks of a card or a loan

    @property
    def proved(self) -> bool:
        return self.checked.proved

    @property
    def against_names(self) -> bool:
        """Whether a column that is named money in was taken for money out, or the other way round."""
        return any(
            {column.role, role} == {"debit", "credit"}
            for columns, roles in self.roles.items()
            for column, role in zip(columns, roles, strict=True)
        )

    @property
    def begins_unsigned(self) -> bool:
        """Whether no balance before the oldest row tells its sign, while balances alone tell those of the others."""
        return self.mode.name == "balances" and all(anchor.rows for anchor in self.anchors)


class Statement:
    """Tries the readings of one account."""

    def __init__(
        self, account: Account, decimal: str, *, card: bool, scanned: bool, choices: Choices
    ) -> None:
        self.account = account
        self.decimal = decimal
        self.card = card
        self.loan = any(
            vocabulary.speaks_of_a_loan(text)
            for text in (
                *(line.text for line in account.lines() if len(line.text) < 120),
                *(column.name for table in account.tables for column in table.columns),
            )
        )
        self.scanned = scanned
        self.choices = choices
        self.given = [
            Given(row, tuple(table.columns), number)
            for number, table in enumerate(account.tables)
            if not _of_balances(table)
            for row in table.rows
            if row.booked
        ]
        self.stated = list(self._stated())
        self.evidence: list[Evidence] = []

    def _stated(self) -> Iterator[Stated]:
        before = 0
        for table in self.account.tables:
            yield from stated_in(table.before, before)
            for stated in table.stated:
                yield stated._replace(rows=stated.rows + before)
            labels = [table.named] if table.named and not table.rows else []  # a box: names above amounts
            yield from stated_in([*labels, *table.outside], before + len(table.rows))
            if not _of_balances(table):
                before += len(table.rows)

    def best(self) -> Outcome | None:
        """The reading that is proved, the likeliest of them; else the likeliest of all. None without rows."""
        found = self._likeliest(self.given)
        if found is None or found.proved:
            return found
        # What stands in a table behind its closing balance, as fees and rates do, can look like rows.
        ends = {
            number: stated.place
            for number, table in enumerate(self.account.tables)
            for stated in table.stated
            if stated.kind == "closing"
        }
        before = [g for g in self.given if g.row.place < ends.get(g.table, g.row.place + 1)]
        if len(before) < len(self.given) and (without := self._likeliest(before)) and without.proved:
            return without
        return found

    def _likeliest(self, given_rows: list[Given]) -> Outcome | None:
        tried: list[Outcome] = []
        for undated in self._undated():
            given = [g for g in given_rows if g.row.dated or undated]
            skipped = [g.row for g in given_rows if not g.row.dated and not undated]
            if not given:
                continue
            for roles in islice(self._layouts(given), _MOST_TRIED):
                tried.extend(self._readings(given, roles, undated, skipped))
                if any(outcome.proved and outcome.as_named for outcome in tried):
                    break  # the columns are what their names say
            proved = [outcome for outcome in tried if outcome.proved]
            if proved:
                return max(proved, key=self._likely)
        return max(tried, key=self._likely) if tried else None

    def _undated(self) -> tuple[bool, ...]:
        """Whether amounts without a day of their own are rows: likely where no day is printed twice."""
        rows = [g.row for g in self.given]
        if all(row.dated for row in rows):
            return (True,)
        texts = [row.days[0].text for row in rows if row.days]
        twice = any(a == b for a, b in pairwise(texts))
        return (False, True) if twice else (True, False)

    def _layouts(self, given: list[Given]) -> Iterator[dict[tuple[Column, ...], Roles]]:
        """Roles of the columns of each table: as named first, then as they could be."""
        kinds = list(dict.fromkeys(g.columns for g in given))
        possible = [_roles_of(columns, [g.row for g in given if g.columns == columns]) for columns in kinds]
        for chosen in product(*possible):
            yield dict(zip(kinds, chosen, strict=True))

    def _readings(
        self, given: list[Given], roles: dict[tuple[Column, ...], Roles], undated: bool, skipped: list[Row]
    ) -> Iterator[Outcome]:
        bare = [g.row for g in given if _states_balance(g.row, g.columns)]
        if len(bare) == len(given):
            bare = []
        given = [g for g in given if g.row not in bare]
        skipped = [*skipped, *bare]
        rows = [g.row for g in given]
        of_rows = [roles[g.columns] for g in given]
        named = all(tuple(c.role for c in columns) == chosen for columns, chosen in roles.items())
        both = {
            owed: [_balance(row, r, self.decimal, owed) for row, r in zip(rows, of_rows, strict=True)]
            for owed in (False, True)
        }
        for mode in self._modes(rows, of_rows):
            balances = both[mode.owed]
            for descending in self._directions(rows):
                amounts = self._amounts(rows, of_rows, mode, balances, descending)
                if amounts is None or all(units is None for units in amounts):
                    continue
                checked, anchors = self._checked(rows, amounts, balances, mode, descending, bare)
                yield Outcome(
                    rows,
                    amounts,
                    balances,
                    mode,
                    roles,
                    descending,
                    checked,
                    anchors,
                    named,
                    undated,
                    skipped,
                    mode.owed and not (self.card or self.loan),
                )

    def _modes(self, rows: Sequence[Row], roles: Sequence[Roles]) -> Iterator[Mode]:
        columns = any("debit" in r or "credit" in r for r in roles) and not any("amount" in r for r in roles)
        for name in _MODES:
            if (name == "columns") != columns:
                continue
            for owed in (False, True):
                for flip in (False, True) if name in ("written", "plus", "marks", "balances") else (False,):
                    if self.choices.sign and flip != (self.choices.sign == "inverted"):
                        continue
                    yield Mode(name, flip, owed)

    def _directions(self, rows: Sequence[Row]) -> tuple[bool, ...]:
        return (False, True) if len(rows) > 1 else (False,)

    def _amounts(
        self,
        rows: Sequence[Row],
        roles: Sequence[Roles],
        mode: Mode,
        balances: Sequence[int | None],
        descending: bool,
    ) -> list[int | None] | None:
        if mode.name != "balances":
            return signs.amounts(rows, roles, mode, self.decimal)
        plain = signs.amounts(rows, roles, Mode("written"), self.decimal)
        if (
            plain is None
            or not any(b is not None for b in balances)
            or any(units and units < 0 for units in plain)
        ):
            return None
        openings = [
            u
            for s in self.stated
            if s.kind == "opening"
            and (u := signs.balance(s.piece, self.decimal, owed=mode.owed)) is not None
        ]
        step = -1 if descending else 1
        found = signs.by_balances(plain[::step], balances[::step], openings[0] if openings else None)
        if found is None:
            return None
        oldest = rows[::step][0]
        if not openings and found[0] and words.sign_of_words(oldest.description) is False:
            found[0] = -found[0]
        found = found[::step]
        return [None if units is None else -units for units in found] if mode.flip else found

    # Balances

    def _checked(
        self, rows: Sequence[Row], amounts: Sequence[int | None], balances: Sequence[int | None], mode: Mode,
        descending: bool, bare: Sequence[Row],
    ) -> tuple[Checked, list[Anchor]]:  # fmt: skip
        """What the balances say, with the best of the openings and closings that are stated."""
        count = len(rows)
        known = [units or 0 for units in amounts]
        places = [row.place for row in rows]
        if descending:
            known, places = known[::-1], places[::-1]
        own = [
            Anchor(count - i if descending else i + 1, balance, rows[i].place, i)
            for i, balance in enumerate(balances)
            if balance is not None
        ]
        for row in bare:  # no less than the balances of rows: a row whose amount is not seen breaks the chain
            units = signs.balance(next(iter(row.money.values())), self.decimal, owed=mode.owed)
            at = bisect_left([r.place for r in rows], row.place)
            if units is not None:
                own.append(Anchor(count - at if descending else at, units, row.place))
        carried, openings, closings = self._anchors(rows, mode, descending)
        complete = all(units is not None for units in amounts)
        best: tuple[Checked, list[Anchor]] | None = None
        rank = (-1, 0, 0)
        for opening, closing in product([*openings[:4], None], [*closings[:4], None]):
            ends = [a for a in (opening, closing) if a is not None]
            for middle in ([*own, *carried], own) if carried else (own,):
                anchors = [*middle, *ends]
                checked = chain.check(known, anchors, places, strict=self.scanned)
                if checked.proved and not complete:
                    checked = Checked(
                        checked.proof._replace(verdict=Verdict.UNPROVED, explanation="A row cannot be read.")
                    )
                if _rank(checked, len(ends)) > rank:
                    best, rank = (checked, anchors), _rank(checked, len(ends))
                if checked.proved and (len(ends) == 2 or own):
                    return checked, anchors
        assert best is not None
        if not best[0].proved and best[0].proof.verdict is not Verdict.CONTRADICTED and complete:
            proof = chain.totals(known, *self._sums())
            if proof is not None:
                return replace(best[0], proof=proof), best[1]
        return best

    def _anchors(
        self, rows: Sequence[Row], mode: Mode, descending: bool
    ) -> tuple[list[Anchor], list[Anchor], list[Anchor]]:
        """Balances carried between rows, those before the first, and those behind the last (oldest first)."""
        count = len(rows)
        places = [row.place for row in rows]  # in the order of the document, so they rise
        carried, openings, closings = [], [], []
        loose: list[Anchor] = []
        for stated in self.stated:
            if stated.kind is None:
                continue
            debit = stated.debit or vocabulary.overdrawn(stated.label)
            units = signs.balance(stated.piece, self.decimal, owed=mode.owed, debit=debit)
            if units is None:
                continue
            at = bisect_left(places, stated.place)
            at = count - at if descending else at
            here = Anchor(at, units, stated.place)
            opening, closing = Anchor(0, units, stated.place), Anchor(count, units, stated.place)
            if stated.in_table and (stated.kind == "here" or 0 < at < count):
                if at == 0:
                    openings.append(opening)
                elif at == count:
                    closings.append(closing)
                else:
                    carried.append(here)
            elif stated.kind == "opening":
                openings.append(opening)
            elif stated.kind == "closing":
                closings.append(closing)
            else:
                loose.append(here)
        for anchor in loose:
            openings.append(anchor._replace(rows=0))
            closings.append(anchor._replace(rows=count))
        return carried, _distinct(openings), _distinct(closings)

    def _sums(self) -> tuple[set[int], set[int]]:
        """The sums of money in and out that the document states."""
        money_in: set[int] = set()
        money_out: set[int] = set()
        for stated in self.stated:
            kind = vocabulary.total_kind(stated.label) if stated.kind is None else None
            units = signs.magnitude(stated.piece, self.decimal)
            if kind is not None and units:
                (money_in if kind else money_out).add(units)
        return money_in, money_out

    # What speaks for a reading

    def _likely(self, outcome: Outcome) -> tuple[float, ...]:
        clear = 0
        if self.card or outcome.mode.flip:
            agree, against = signs.votes(outcome.rows, outcome.amounts)
            if max(agree, against) >= 2:
                clear = (agree > against) - (agree < against)
            if not self.card and agree < max(_CLEARLY, _CLEARLY * against):
                clear = min(clear, 0)  # signs are turned round by many words, not by a refund among purchases
        written_minus = any(units is not None and units < 0 for units in outcome.amounts) and any(
            units is not None and units > 0 for units in outcome.amounts
        )
        unread = sum(units is None for units in outcome.amounts)
        mode = outcome.mode
        order = {name: -i for i, name in enumerate(_MODES)}[mode.name]
        usual = not mode.flip if mode.name == "marks" else mode.flip == self._spends_positive(outcome)
        return (
            outcome.proved,
            -unread,
            outcome.as_named,
            mode.name != "words",
            outcome.undated == self._undated()[0],
            clear,
            usual,
            len(outcome.checked.breaks) * -1.0 / max(len(outcome.anchors), 1),
            mode.owed == (self.loan or (self.card and (mode.flip or mode.name != "written"))),
            written_minus,
            order,
            not outcome.descending,
        )

    def _spends_positive(self, outcome: Outcome) -> bool:
        """Whether this is a card on which what was spent has no minus."""
        if not self.card:
            return False
        found = [units for units in outcome.amounts if units]
        plus = sum((units > 0) != outcome.mode.flip for units in found)
        return plus * 2 >= len(found)


def _states_balance(row: Row, columns: tuple[Column, ...]) -> bool:
    """Whether a row has nothing but a balance, in a column that is named so, where others name amounts."""
    names = {column.role for column in columns}
    return bool(names & {"amount", "debit", "credit"}) and all(columns[at].role == "balance" for at in row.money)


def _rank(checked: Checked, ends: int) -> tuple[int, int, int]:
    order = {Verdict.PROVED: 3, Verdict.CONTRADICTED: 2, Verdict.UNPROVED: 1, Verdict.CONSISTENT: 0}
    return order[checked.proof.verdict], -len(checked.breaks), ends


def _distinct(anchors: list[Anchor]) -> list[Anchor]:
    return list({(a.rows, a.units): a for a in reversed(anchors)}.values())[::-1]


def _of_balances(table: Table) -> bool:
    """A table of daily balances, not of transactions."""
    roles = [column.role for column in table.columns]
    if table.header and roles and all(role == "balance" for role in roles):
        return True
    return any(
        "balance" in (text := words.normal(line.text)) and ("daily" in text or "ending balance" in text)
        for line in table.before[-2:]
        if not any(p.kind == "money" for p in line.pieces)
    )


def _balance(row: Row, roles: Roles, decimal: str, owed: bool) -> int | None:
    for i, piece in row.money.items():
        if i < len(roles) and roles[i] == "balance":
            return signs.balance(piece, decimal, owed=owed)
    return None


def _roles_of(columns: tuple[Column, ...], rows: Sequence[Row]) -> list[Roles]:
    """What the columns could be: as named, then by what stands in them."""
    named = tuple(column.role for column in columns)
    found: list[Roles] = []
    if "fee" in named and {"debit", "balance"} <= set(named):  # it can be taken besides the amount
        found.append(tuple("debit" if role == "fee" else role for role in named))
    count = len(columns)
    filled = [sum(i in row.money for row in rows) for i in range(count)]
    if "amount" in named or "debit" in named or "credit" in named:
        found.extend(_with_one_amount(columns, rows, filled) or [named])
    free = [i for i in range(count) if named[i] not in ("other_money", "fee", "other") and filled[i]]
    guesses: list[dict[int, str]] = []
    if len(free) == 1:
        guesses = [{free[0]: "amount"}]
    for a, b in _pairs(free):
        together = sum(a in row.money and b in row.money for row in rows)
        if together:
            guesses += [{a: "amount", b: "balance"}, {b: "amount", a: "balance"}]
        else:
            guesses += [{a: "debit", b: "credit"}, {a: "credit", b: "debit"}]
    for a, b in _pairs(free):
        for c in free:
            if c not in (a, b) and not any(a in row.money and b in row.money for row in rows):
                guesses += [{a: "debit", b: "credit", c: "balance"}, {a: "credit", b: "debit", c: "balance"}]
    if len(free) > 1:
        most = max(free, key=lambda i: filled[i])
        if all(3 * filled[i] < filled[most] for i in free if i != most):
            guesses.append({most: "amount"})  # the others hold what a few rows tell besides
    for guess in sorted(guesses, key=lambda g: -len(g)):
        roles = tuple(guess.get(i) for i in range(count))
        if roles not in found and _agrees(roles, named):
            found.append(roles)
    for guess in guesses:
        roles = tuple(guess.get(i) for i in range(count))
        if roles not in found:
            found.append(roles)
    return found[:16]


def _with_one_amount(columns: tuple[Column, ...], rows: Sequence[Row], filled: list[int]) -> list[Roles]:
    """Where two columns are named amounts of the same rows, one is of another currency, or of a purchase whose
    instalment the other is: the likeliest first, that with the most amounts, that which names a currency, the last."""
    both = [i for i, column in enumerate(columns) if column.role == "amount"]
    if len(both) < 2 or not any(sum(i in row.money for i in both) > 1 for row in rows):
        return []
    both.sort(key=lambda i: (-filled[i], accounts.currency_in([columns[i].name], (), ()) is None, -i))
    return [
        tuple("other_money" if i in both and i != one else column.role for i, column in enumerate(columns))
        for one in both
    ]


def _agrees(roles: Roles, named: Roles) -> bool:
    return all(n is None or r is None or n == r for r, n in zip(roles, named, strict=True))


def _pairs(items: list[int]) -> Iterator[tuple[int, int]]:
    for i, a in enumerate(items):
        for b in items[i + 1 :]:
            yield a, b


def decimal_of(pieces: Sequence[Piece], texts: Sequence[str], places: int) -> str:
    """The decimal mark that fits the most amounts, which have `places` decimals; where both do, that of the
    document's language."""
    bare = [piece.token.number for piece in pieces if piece.token]
    fits = {mark: sum(_fits(number, mark, places) for number in bare) for mark in ".,"}
    if fits["."] != fits[","]:
        return max(fits, key=lambda mark: fits[mark])
    return words.decimal_of_language([text for text in texts if len(text) < 80]) or "."


def _fits(number: str, mark: str, places: int) -> bool:
    _, found, fraction = number.rpartition(mark)
    if (len(fraction) if found else 2) != places:
        return False
    return numbers.magnitude(number, mark) is not None


def in_thousandths(lines: Sequence[Line]) -> bool | None:
    """Whether amounts that all end in a mark and three digits have three decimals, as some dinars do (True), or
    groups of thousands; None where nothing tells, and False where they do not all end so.

    What ends the rows is looked at: an amount or a balance, not a number in a description.
    """
    dated = [line for line in lines if any(piece.kind == "day" for piece in line.pieces)]
    ends = [line.pieces[-1] for line in dated if line.pieces[-1].kind == "whole"]
    if len(ends) < 2 or not all(piece.token and _THREE.search(piece.token.number) for piece in ends):
        return False
    found = [
        piece.token.number
        for line in dated
        for piece in line.pieces
        if piece.kind == "whole" and piece.token and _THREE.search(piece.token.number)
    ]
    marks = {mark for mark in ".," if all(numbers.magnitude(number, mark) is not None for number in found)}
    if len(marks) != 1:
        return None
    return all(number[-4] in marks for number in found)
