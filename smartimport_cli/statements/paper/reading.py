"""All of a document as a reading: accounts, their rows with dates and descriptions, proofs, doubts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from smartimport_cli.core.documents import Page
from smartimport_cli.core.errors import FileRefused
from smartimport_cli.core.identity import account_from_label, account_from_layout, account_from_number
from smartimport_cli.core.merchant import merchant
from smartimport_cli.core.model import (
    Account,
    Choices,
    Evidence,
    Issue,
    Part,
    Proof,
    Reading,
    Rows,
    StagedTransaction,
    Statement,
    StatementStart,
    Unreadable,
    Verdict,
    where,
)
from smartimport_cli.core.money import exponent
from smartimport_cli.core.text import clean, mask_account, shorten
from smartimport_cli.statements import days
from smartimport_cli.statements.days import Day, Period
from smartimport_cli.statements.delimited import words
from smartimport_cli.statements.paper import accounts, misread, numbered, order, signs, unread, vocabulary
from smartimport_cli.statements.paper.assembly import tables_in
from smartimport_cli.statements.paper.lines import Line, Piece, lines_of
from smartimport_cli.statements.paper.repair import Repair, repaired
from smartimport_cli.statements.paper.stated import stated_in
from smartimport_cli.statements.paper.statement import Account as Found
from smartimport_cli.statements.paper.statement import Outcome, decimal_of, in_thousandths
from smartimport_cli.statements.paper.statement import Statement as Trial
from smartimport_cli.statements.paper.table import MONEY_ROLES, OTHER_MONEY, Row, Table
from smartimport_cli.statements.question import ambiguous

_SURE = 0.75  # confidence below which a recognised row is doubtful unless the balances prove it
_SURE_DAY = 0.6  # the same for its day, which no balance proves
_FAR = timedelta(days=45)
_LONG = timedelta(days=300)  # that rows without a year are seldom apart


@dataclass(slots=True)
class _Read:
    """One account with the reading that was taken."""

    found: Found
    outcome: Outcome
    repairs: dict[int, Repair]
    card: bool
    unread: Line | None = None  # what stands behind the last balance and may be a row


class Interpretation:
    """The document's lines, understood. Raises FileRefused `no-transactions`, `no-month`, `no-year`, `ambiguous`."""

    def __init__(self, pages: Sequence[Page], *, name: str, choices: Choices) -> None:
        self.name = name
        self.choices = choices
        self.lines = lines_of(map(misread.mended, pages))
        self.scanned = any(page.scanned for page in pages)
        self.evidence: list[Evidence] = []
        self.issues: list[Issue] = []
        self.refusal: FileRefused | None = None
        self.read: list[_Read] = []
        self.tables: list[Table] = []
        self.card = False
        try:
            try:
                self._understand()
            except FileRefused as refused:
                if refused.code != "no-transactions" or not self._days_found():
                    raise
                self._understand()
        except FileRefused as refused:
            if not self.scanned:
                raise
            self.refusal = refused

    @property
    def doubtful(self) -> bool:
        """Whether a second look at recognised pages is worth its time: nothing proves the rows, or they are mended."""
        if self.refusal is not None:
            return True
        return any(read.repairs or not read.outcome.proved for read in self.read) and not all(
            map(_sure, self.read)
        )

    def worth(self) -> tuple[float, ...]:
        """Of two readings of one scan the better: proved, without repairs, with fewer breaks and more rows."""
        if self.refusal is not None:
            return (-1, 0, 0, 0)
        proofs = [read.outcome.proved for read in self.read]
        repairs = sum(len(read.repairs) for read in self.read)
        breaks = sum(len(read.outcome.checked.breaks) for read in self.read)
        return (
            sum(proofs) / max(len(proofs), 1),
            -repairs,
            -breaks,
            sum(len(r.outcome.rows) for r in self.read),
        )

    def _understand(self) -> None:
        texts = [line.text for line in self.lines]
        pieces = [piece for line in self.lines for piece in line.pieces if piece.kind == "money"]
        whole = len(pieces) < 2
        if whole:
            pieces = [
                piece for line in self.lines for piece in line.pieces if piece.kind in ("money", "whole")
            ]
        units = [piece.token.currency for piece in pieces if piece.token]
        spoken = self.choices.currency or accounts.currency_in((), units, texts)
        places = 3 if exponent(spoken) == 3 else 2
        if places == 3 and not whole:
            thousandths = [piece for line in self.lines for piece in line.pieces if piece.kind == "whole"]
            if whole := len(thousandths) > len(pieces):
                pieces += thousandths
        if whole and spoken is None and "$" not in units and not self.choices.decimal:
            places = self._places()
        self.decimal = self.choices.decimal or decimal_of(pieces, texts, places)
        why = "you said so" if self.choices.decimal else "it fits the most amounts"
        self.evidence.append(Evidence("decimal mark", self.decimal, why))
        if self.scanned and not whole and places == 2:
            self.lines = misread.with_decimal_mark(self.lines, self.decimal)
        self._read_tables(tables_in(self.lines, whole=whole), texts)
        if not all(read.outcome.proved for read in self.read):
            # Amounts within descriptions can make columns of their own; those that are named may prove more.
            taken = self.tables, self.card, self.read
            self._read_tables(tables_in(self.lines, whole=whole, named=True), texts)
            if not self.read or not all(read.outcome.proved for read in self.read):
                self.tables, self.card, self.read = taken
        if not self.read:
            raise self._nothing(texts)
        self.day_names = {row: table.day_names for table in self.tables for row in table.rows}
        self.columns_of = {row: tuple(table.columns) for table in self.tables for row in table.rows}
        self.currency = self.choices.currency or self._currency()
        self._date()

    def _read_tables(self, tables: list[Table], texts: Sequence[str]) -> None:
        """The accounts of these tables, each with its best reading."""
        self.tables = tables
        lead = [line.text for line in tables[0].before]
        self.card = vocabulary.speaks_of_cards(
            " | ".join(text for text in texts if len(text) < 120)
        ) or vocabulary.of_a_card(lead)
        accounts_found = _by_account(tables)
        self.read = [read for found in accounts_found if (read := self._tried(found)) is not None]
        if len(self.read) > 1 and not all(read.outcome.proved for read in self.read):
            # The numbers above the tables may be those of cards of one account: its balances say so.
            number = next((found.number for found in accounts_found if found.number), None)
            one = self._tried(Found(number, tables=tables))
            if one is not None and one.outcome.proved and not one.repairs:
                self.read = [one]

    def _currency(self) -> str | None:
        """What the columns, the amounts of the rows and the lines above them name; else that of the IBAN's country;
        else what is spoken of behind the rows and, last, in their descriptions, which tell of other currencies too."""
        first = min(row.place for read in self.read for row in read.outcome.rows)
        rows = {row.place for table in self.tables for row in table.rows}
        lead = [line.text for line in self.lines if line.place < first]
        around = [line.text for line in self.lines if line.place not in rows]
        if (found := self._currency_of(self.read, lead)) is not None:
            return found
        numbers = [read.found.number for read in self.read if read.found.number]
        if numbers and (found := accounts.currency_of_iban(numbers[0])) is not None:
            self.evidence.append(Evidence("currency", found, "the country of the account's IBAN"))
            return found
        return accounts.currency_in((), (), around) or accounts.currency_in(
            (), (), [line.text for line in self.lines]
        )

    def _currency_of(self, reads: Sequence[_Read], lead: Sequence[str]) -> str | None:
        """What the columns and amounts of these accounts name, or the lines above them."""
        units: list[str | None] = []
        names = []
        for read in reads:
            for row in read.outcome.rows:
                roles = read.outcome.roles[self.columns_of[row]]
                units += [p.token.currency for at, p in row.money.items() if p.token and roles[at] in MONEY_ROLES]
            columns = [column for table in read.found.tables for column in table.columns]
            names += [column.name for column in columns if column.role not in OTHER_MONEY]
        return accounts.currency_in(names, units, lead)

    def _own_currency(self, read: _Read) -> str | None:
        """The currency of one of several accounts: its own where something at it names one, else the document's."""
        if self.choices.currency or len(self.read) == 1:
            return self.currency
        own = {}
        for one in self.read:
            lead = [line.text for line in one.found.tables[0].before]
            own[id(one)] = self._currency_of([one], lead)
        others = {code for which, code in own.items() if which != id(read)}
        return own[id(read)] or (self.currency if self.currency not in others else None)

    def _days_found(self) -> bool:
        """Whether rows have days that are a number alone, which now are read."""
        try:
            found = numbered.dated(self.lines, self.choices.date_order)
        except numbered.Undated as undated:
            raise FileRefused(
                "no-month",
                f"{self.name}: its days have no month ({clean(shorten(undated.line.text, 60))}), and nothing decides "
                "which month each is of.",
                hint="Export the statement as CSV or OFX, where dates are whole.",
            ) from None
        if found is None:
            return False
        self.lines, evidence = found
        self.evidence, self.issues = [evidence], []
        return True

    def _tried(self, found: Found) -> _Read | None:
        """The best reading of an account; None where it has no rows."""
        trial = Trial(found, self.decimal, card=self.card, scanned=self.scanned, choices=self.choices)
        outcome = trial.best()
        if outcome is None:
            return None
        repairs: dict[int, Repair] = {}
        if self.scanned and not outcome.proved:
            outcome, repairs = repaired(outcome, trial, self.decimal)
        lost: Line | None = None
        if self.scanned and outcome.proved and not outcome.descending:
            odd = {row.place for table in found.tables for row in (*table.left_over, *outcome.skipped)}
            lost = unread.behind(self.lines, outcome.rows, outcome.anchors, odd)
        if lost is not None:
            why = f"What stands behind the last balance cannot be read: {where(lost.place)}."
            proof = outcome.checked.proof._replace(verdict=Verdict.UNPROVED, explanation=why)
            outcome = replace(outcome, checked=replace(outcome.checked, proof=proof))
        return _Read(found, outcome, repairs, self.card, lost)

    def _places(self) -> int:
        """Decimals of amounts in a currency that is not named: three where only that explains them.

        Raises FileRefused `ambiguous` where 1.250 may be one and a quarter, or a thousand and more.
        """
        found = in_thousandths(self.lines)
        if found is None:
            raise ambiguous(
                self.name,
                "decimal",
                "all amounts have a mark and three digits behind it, which may be decimals or thousands.",
                [
                    {"value": ".", "reads": "1.250 is one and a quarter, 1,250 is more than a thousand"},
                    {"value": ",", "reads": "1,250 is one and a quarter, 1.250 is more than a thousand"},
                ],
            )
        return 3 if found else 2

    def _nothing(self, texts: Sequence[str]) -> FileRefused:
        if any(vocabulary.says_empty(text) for text in texts):
            return FileRefused(
                "no-transactions",
                f"{self.name} says that it has no transactions.",
                hint="Download it for a period with transactions.",
            )
        why = (
            "has no text that can be read"
            if not any(texts)
            else "has no table of transactions that can be read"
        )
        return FileRefused(
            "no-transactions",
            f"{self.name} {why}.",
            hint="Check that it is a bank statement; export the same statement as CSV or OFX where you can.",
        )

    # Dates

    def _date(self) -> None:
        rows = [row for read in self.read for row in read.outcome.rows]
        own = {line for table in self.tables for line in (row.place for row in table.rows)}
        around = [line.text for line in self.lines if line.place not in own]
        first_days = [day for row in rows for day in [self._own_day(row)] if day]
        if not first_days:
            raise self._nothing([line.text for line in self.lines])
        self.order, evidence, issue = order.decide(
            first_days,
            around,
            decimal=self.decimal,
            currency=self.currency,
            choices=self.choices,
            name=self.name,
        )
        self.evidence.append(evidence)
        if issue:
            self.issues.append(issue)
        texts = {line.place: line.text for line in self.lines}
        outside = [
            texts[place]
            for table in self.tables
            for place in (
                *(line.place for line in table.before),
                *(stated.place for stated in table.stated),
                *(line.place for line in table.outside),
                *(row.place for row in table.left_over),
            )
        ]
        with_year = [
            date(p[0], p[1], p[2]) for day in first_days if (p := day.parts(self.order)) and p[0] is not None
        ]
        self.period: Period | None = days.period_of(outside, self.order, with_year, around)
        needs_year = any((p := day.parts(self.order)) and p[0] is None for day in first_days)
        if needs_year and self.period is None:
            raise FileRefused(
                "no-year",
                f"{self.name}: its dates have no year, and no line says which year it is of.",
                hint="Export the statement as CSV or OFX, where dates have a year.",
            )
        if needs_year and self.period is not None:
            self.evidence.append(Evidence("year", str(self.period.last.year), self.period.why))
        self.yearless = needs_year

    def _own_day(self, row: Row) -> Day | None:
        """The day of the booking among those that a row begins with."""
        if not row.days:
            return None
        if len(row.days) < 2:
            return row.days[0].day
        names_of_days = self.day_names.get(row, [])
        ranked = []
        for at, piece in enumerate(row.days):
            names = [name for left, right, name in names_of_days if left < piece.right and piece.left < right]
            ranked.append((words.booked(names[0]) if names else 1, -at, piece))
        return max(ranked, key=lambda r: r[:2])[2].day

    def _dated(self, row: Row, last: date | None) -> date | None:
        day = self._own_day(row)
        if day is None:
            return last if not row.dated else None
        parts = day.parts(self.order)
        if self.period is None:
            return date(parts[0], parts[1], parts[2]) if parts and parts[0] else None
        return self.period.dated(parts)

    # Parts

    def reading(self, kind: str, size: int) -> Reading:
        """The reading with its parts. Raises FileRefused where nothing was understood."""
        if self.refusal is not None:
            raise self.refusal
        for read in self.read:
            self._say(read)
        total = sum(len(read.outcome.rows) for read in self.read)
        return Reading(kind, self.evidence, self._parts(size), self.issues, total)

    def _say(self, read: _Read) -> None:
        outcome = read.outcome
        waiting = sum(not row.booked for table in read.found.tables for row in table.rows)
        if waiting:
            self.evidence.append(Evidence("rows left out", str(waiting), "their heading says they are not booked"))
        for columns, roles in outcome.roles.items():
            said = ", ".join(
                f"{column.name or f'column {i}'}: {role}"
                for i, (column, role) in enumerate(zip(columns, roles, strict=True), 1)
            )
            why = "the words above them say so" if outcome.as_named else "where their amounts stand"
            if not outcome.as_named and outcome.proved:
                why = "only so the balances follow from the rows"
            self.evidence.append(Evidence("amount columns", clean(shorten(said, 120)), why))
        self.evidence.append(
            Evidence("sign", "inverted" if outcome.mode.flip else outcome.mode.name, signs.why(outcome.mode))
        )
        if outcome.descending:
            self.evidence.append(Evidence("order of rows", "newest first", "the balances run that way"))

    def _parts(self, size: int) -> Iterator[Part]:
        for read in self.read:
            yield from self._statement(read, size)

    def _statement(self, read: _Read, size: int) -> Iterator[Part]:
        currency = self._own_currency(read)
        account = self._account(read, currency)
        yield StatementStart(account)
        outcome, proved = read.outcome, read.outcome.proved
        staged: list[StagedTransaction] = []
        unreadable: list[Unreadable] = []
        last: date | None = None
        for i, (row, amount) in enumerate(zip(outcome.rows, outcome.amounts, strict=True)):
            day = self._dated(row, last)
            if amount is None or day is None:
                reason = "its amount cannot be read" if amount is None else "its date cannot be read"
                unreadable.append(_unreadable(row, reason))
                continue
            last = day
            text = clean(row.description)
            staged.append(
                StagedTransaction(
                    row.place, day, amount, currency, text, merchant(text), balance=outcome.balances[i],
                    issues=tuple(self._row_issues(row, read.repairs.get(i), proved, day)),
                )
            )  # fmt: skip
        if not proved:
            lost = [row for table in read.found.tables for row in table.left_over]
            unreadable.extend(_unreadable(row, "a day without an amount that can be read") for row in lost)
            for row in outcome.skipped:
                reason = "a balance without an amount" if row.dated else "an amount without a day"
                unreadable.append(_unreadable(row, reason))
        if staged:
            yield Rows(staged, size)
        yield from sorted(unreadable, key=lambda u: u.line)
        yield self._end(read, account, staged, unreadable)

    def _row_issues(self, row: Row, repair: Repair | None, proved: bool, day: date) -> Iterator[Issue]:
        if repair is not None:
            yield Issue("repaired", f"Recognised as {clean(repair.read)}; the balances prove {repair.meant}.")
        confidence = min((p.confidence for p in row.money.values()), default=1.0)
        if not proved and confidence < _SURE:
            yield Issue("low-confidence", f"The amount was recognised with {confidence:.0%} confidence only.")
        of_day = min((p.confidence for p in row.days), default=1.0)
        if of_day < _SURE_DAY:
            yield Issue("low-confidence-date", f"The date was recognised with {of_day:.0%} confidence only.")
        if row.unread_day:
            said = f"Where its day stands, {clean(row.unread_day)} was recognised; it has that of the row above."
            yield Issue("low-confidence-date", said)
        if (
            self.period
            and self.period.first
            and not (self.period.first - _FAR <= day <= self.period.last + _FAR)
        ):
            yield Issue("outside-period", f"{day} is far from the period that the statement names.")

    def _end(
        self, read: _Read, account: Account, staged: list[StagedTransaction], unreadable: list[Unreadable]
    ) -> Statement:
        dates = [row.posted_date for row in staged]
        proof: Proof = read.outcome.checked.proof
        if unreadable and proof.verdict is Verdict.PROVED:
            proof = proof._replace(
                verdict=Verdict.UNPROVED, explanation="Rows that cannot be read are missing."
            )
        issues = []
        if proof.verdict is not Verdict.PROVED:
            issues.append(
                Issue(
                    "not-proved", "The document's own balances do not prove these rows; compare them with it."
                )
            )
        if read.outcome.mode.name == "words":
            issues.append(
                Issue("sign-doubtful", "Money in and out are told apart by the descriptions alone.")
            )
        if self.yearless and dates and max(dates) - min(dates) > _LONG:
            issues.append(
                Issue("year-doubtful", f"The rows have no year, and would be of {min(dates)} to {max(dates)}.")
            )
        if read.outcome.against_names or (read.outcome.owed_unsaid and read.outcome.mode.name == "columns"):
            issues.append(
                Issue("columns-doubtful", "The balances go the other way than the columns of money in and out.")
            )
        if read.outcome.begins_unsigned:
            issues.append(
                Issue("sign-doubtful", "No balance before the oldest row says whether it is money in or out.")
            )
        if self.scanned:
            issues.extend(_out_of_order(staged))
        ends = read.outcome.checked
        return Statement(
            account,
            account.currency,
            min(dates, default=None),
            max(dates, default=None),
            ends.opening,
            ends.closing,
            len(staged),
            {account.currency: sum(row.amount for row in staged if row.amount > 0)},
            {account.currency: sum(row.amount for row in staged if row.amount < 0)},
            proof,
            tuple(issues),
        )

    def _account(self, read: _Read, currency: str | None) -> Account:
        kind = "card" if read.card else None
        if self.choices.account:
            return account_from_label(self.choices.account, kind=kind, currency=currency)
        part = f" ({read.found.part})" if read.found.part > 1 else ""
        if read.found.number:
            self.evidence.append(Evidence("account", "from the document", "its number stands above the rows"))
            account = account_from_number(read.found.number + part, kind=kind, currency=currency)
            return replace(account, label=mask_account(read.found.number) + part)
        signature = "|".join(words.normal(c.name) for t in read.found.tables for c in t.columns)
        return account_from_layout(
            f"paper|{signature}|{currency or ''}{part}", f"unnamed account{part}", currency=currency
        )


def _sure(read: _Read) -> bool:
    """Whether no balance speaks against the rows, and all of them were recognised with confidence."""
    outcome = read.outcome
    if read.repairs or read.unread or outcome.checked.breaks or outcome.skipped or None in outcome.amounts:
        return False
    if any(table.left_over for table in read.found.tables) or not outcome.checked.proof.checked:
        return False
    return all(piece.confidence >= _SURE for row in outcome.rows for piece in row.money.values())


def _out_of_order(staged: Sequence[StagedTransaction]) -> Iterator[Issue]:
    """Recognised dates that jump out of the order that the others keep: no balance proves a date."""
    for before, row, after in zip(staged, staged[1:], staged[2:], strict=False):
        a, b, c = before.posted_date, row.posted_date, after.posted_date
        if a <= c and not a <= b <= c and abs((b - a).days) > 3:
            yield Issue(
                "date-out-of-order", f"{b} stands between {a} and {c}; it may be misread.", row.source
            )


def _unreadable(row: Row, reason: str) -> Unreadable:
    return Unreadable(row.place, reason, shorten(clean(row.raw), 80))


def _currency_of(table: Table) -> str | None:
    """The currency that names of columns say, or that stands beside the amounts of rows."""
    own = [
        piece.token.currency
        for row in table.rows
        for at, piece in row.money.items()
        if piece.token and table.columns[at].role in MONEY_ROLES
    ]
    return accounts.currency_in([column.name for column in table.columns], own, ())


def _begins_anew(account: Found, table: Table, currency: str | None) -> bool:
    """Whether a table is of another account than those before it: in another currency, or with an opening balance
    that is not where the last of them ended."""
    if account.currency and currency not in (None, account.currency):
        return True
    before = account.tables[-1]
    first = [s for s in (*stated_in(table.before), *table.stated) if s.rows == 0 and s.kind in ("opening", "here")]
    opening = [s for s in first if s.kind == "opening"] or first
    ended = [s.piece for s in (*stated_in(before.before), *before.stated) if s.kind == "closing"]
    if not ended and before.rows:
        ended = [p for at, p in before.rows[-1].money.items() if before.columns[at].role == "balance"]
    return bool(ended and opening) and _digits(ended[-1]) != _digits(opening[0].piece)


def _digits(piece: Piece) -> str:
    return "".join(filter(str.isdigit, piece.text))


def _by_account(tables: Sequence[Table]) -> list[Found]:
    """The tables by the account that stands above them; a table without a number goes on the one before."""
    found: dict[tuple[str | None, int], Found] = {}
    current: Found | None = None
    for table in tables:
        first = min((row.place for row in table.rows), default=None)
        lead: list[Line] = list(table.before)
        if first is not None:
            lead.extend(line for line in table.outside if line.place < first)
        number, part, currency = accounts.number_in(lead), 1, _currency_of(table)
        if number is None and current is not None:
            number, part = current.number, current.part
            if _begins_anew(current, table, currency):
                part = max(of for named, of in found if named == number) + 1
        begun = found.get((None, 1))
        if number is not None and begun is not None and not any(t.rows for t in begun.tables):
            begun.number = number  # what stands before the first number
            found[number, 1] = found.pop((None, 1))
        current = found.setdefault((number, part), Found(number, part))
        current.tables.append(table)
        current.currency = currency or current.currency
    return list(found.values())
