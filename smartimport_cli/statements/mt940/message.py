"""Fields in, parts of a reading out: entries become rows, balances and totals their proof."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from smartimport_cli.core.identity import account_from_layout, account_from_number
from smartimport_cli.core.model import (
    Account,
    Choices,
    Issue,
    Part,
    Proof,
    Rows,
    StagedTransaction,
    StatementStart,
    Unreadable,
    Verdict,
    where,
)
from smartimport_cli.core.privacy import mask_numbers
from smartimport_cli.core.text import clean, shorten
from smartimport_cli.statements.accounts import Accounts
from smartimport_cli.statements.mt940 import values
from smartimport_cli.statements.mt940.details import parse_details
from smartimport_cli.statements.mt940.fields import Field
from smartimport_cli.statements.proof import BalanceChain, opening_and_closing, totals
from smartimport_cli.statements.tally import Tally
from smartimport_cli.statements.wording import described, doubts

_BATCH = 4096  # rows in one part at the most
_CACHE = 8192  # texts remembered
_NO_REFERENCE = ("NONREF", "NOREF", "NONE")
# What a row is called that has no text of its own, by the last three letters of its type.
_KINDS = {
    "TRF": "Transfer", "CHK": "Check", "CHG": "Charges", "INT": "Interest", "DIV": "Dividend", "STO": "Standing order",
    "DDT": "Direct debit", "COL": "Collection", "LDP": "Loan", "FEX": "Foreign exchange", "SEC": "Securities",
    "BOE": "Bill of exchange", "RTI": "Returned item", "CLR": "Cash letter", "TCK": "Travellers checks",
}  # fmt: skip


class Messages:
    """Feed it fields; it yields parts. `issues` are complete after `finish`."""

    def __init__(self, choices: Choices) -> None:
        self.issues: list[Issue] = []
        self.interim = False  # MT942
        self._currency = choices.currency
        self._accounts = Accounts(choices, self.issues)
        self._chain = BalanceChain()
        self._message: _Message | None = None
        self._entry: tuple[str, int] | None = None  # field 61 that may have its 86 to come
        self._details: list[str] = []
        self._batch: list[StagedTransaction] = []
        self._days: dict[str, date] = {}
        self._texts: dict[tuple[str, str], tuple[str, str]] = {}
        self._position = 0

    def feed(self, fields: Sequence[Field], position: int) -> Iterator[Part]:
        """The next fields of the file, which has been read up to byte `position`."""
        self._position = position
        for tag, value, line in fields:
            if tag == "61":
                if self._entry is not None:
                    yield from self._row()
                self._entry = value, line
            elif tag == "86":
                if self._entry is not None:
                    self._details.append(value)
            else:
                if self._entry is not None:
                    yield from self._row()
                yield from self._field(tag, value, line)
        if self._batch:
            yield self._flush()

    def finish(self) -> Iterator[Part]:
        """The end of the file."""
        if self._entry is not None:
            yield from self._row()
        if self._message is not None and self._message.cut:
            self.issues.append(
                Issue("truncated", "The file ends before its closing balance: the download may be cut off.")
            )
        yield from self._end()

    def _field(self, tag: str, value: str, line: int) -> Iterable[Part]:
        message = self._message
        if tag == "20" or message is None or (tag[:2] == "25" and message.account is not None):
            parts = tuple(self._end())
            self._message = message = _Message(line, self._currency)
        else:
            parts = ()
        try:
            message.take(tag, value, line)
        except ValueError as error:
            message.issues.append(
                Issue("unreadable-balance", f"Field {tag} at {where(line)}: {error}.", where(line))
            )
        self.interim = self.interim or message.interim
        return parts

    # Rows

    def _row(self) -> Iterable[Part]:
        assert self._entry is not None
        (value, line), self._entry = self._entry, None
        details, self._details = self._details, []
        if self._message is None:
            self._message = _Message(line, self._currency)
        start = self._start(self._message)
        try:
            self._batch.append(self._transaction(value, details, line, self._message.currency))
        except ValueError as error:
            text = shorten(mask_numbers(clean(" ".join([value, *details])[:400])), 120)
            return (*start, *self._flushed(), Unreadable(line, str(error), text))
        if len(self._batch) >= _BATCH:
            return (*start, self._flush())
        return start

    def _transaction(
        self, value: str, details: list[str], line: int, currency: str | None
    ) -> StagedTransaction:
        entry = values.parse_entry(value)
        issues: tuple[Issue, ...] = ()
        day = self._days.get(entry.value_date)
        if day is None:
            try:
                day = self._days[entry.value_date] = values.parse_day(entry.value_date)
            except ValueError:
                day, issues = _impossible(entry, line)
        described_as = self._text("\n".join(details), entry.text)
        description, who = described_as if described_as[0] else _nameless(entry)
        return StagedTransaction(
            line, day, entry.units, currency, description, who, _reference(entry.references), None, None,
            entry.mark[0] == "E", issues + doubts(description),
        )  # fmt: skip

    def _text(self, details: str, more: str) -> tuple[str, str]:
        """Description and merchant; the lines behind field 61 stand in where there is no field 86."""
        known = self._texts.get((details, more))
        if known is None:
            if len(self._texts) >= _CACHE:
                self._texts.clear()
            name, text = parse_details(_without_end(details))
            if not name and not text:
                text = clean(_without_end(more))
            known = self._texts[details, more] = described(name, text)
        return known

    def _flush(self) -> Rows:
        batch, self._batch = self._batch, []
        if self._message is not None:
            self._message.add(batch)
        return Rows(batch, self._position)

    def _flushed(self) -> tuple[Rows, ...]:
        return (self._flush(),) if self._batch else ()

    # Statements

    def _start(self, message: "_Message") -> Iterable[Part]:
        if message.owner is not None:
            return ()
        message.owner = self._accounts.of(message.own_account())
        return (StatementStart(message.owner),)

    def _end(self) -> Iterator[Part]:
        message = self._message
        if message is None or message.empty:
            return
        yield from self._start(message)
        yield from self._flushed()
        assert message.owner is not None
        gap = self._chain.follow(
            message.own_account().key, message.currency, message.opening, message.closing, where(message.line)
        )
        yield message.tally.statement(
            message.owner, message.currency, message.proof(), opening=message.opening, closing=message.closing,
            issues=(*message.issues, *((gap,) if gap else ())),
        )  # fmt: skip


class _Message:
    """What is known of the message whose fields are being read."""

    def __init__(self, line: int, currency: str | None) -> None:
        self.line = line
        self.currency = currency
        self.account: str | None = None  # field 25 as written
        self.owner: Account | None = None  # once its rows have begun
        self.opening: int | None = None
        self.closing: int | None = None
        self.interim = False
        self.issues: list[Issue] = []
        self.tally = Tally()
        self._stated: dict[str, tuple[int | None, int]] = {}
        self._closing_currency: str | None = None
        self._closes_at: str | None = None
        self._credits = self._debits = 0

    @property
    def empty(self) -> bool:
        """Nothing but a reference: the header of something else."""
        return self.account is None and self.owner is None and self.opening is None and self.closing is None

    @property
    def cut(self) -> bool:
        return self.opening is not None and self.closing is None

    def take(self, tag: str, value: str, line: int) -> None:
        """A field that is no entry, at `line`. Raises ValueError where a balance or total cannot be read."""
        if tag in ("25", "25P"):
            self.account = value
        elif tag[:2] == "60":
            balance = values.parse_balance(value)
            if self.opening is None:
                self.opening = balance.units
                self.currency = self.currency or balance.currency
        elif tag[:2] == "62":
            balance = values.parse_balance(value)
            self.closing = balance.units
            self._closes_at = where(line)
            self._closing_currency = balance.currency
            self.currency = self.currency or balance.currency
        elif tag == "34F":
            self.interim = True
            self.currency = self.currency or values.parse_floor(value)
        elif tag[:2] == "13":
            self.interim = True
        elif tag[:2] == "90":
            self.interim = True
            count, currency, total = values.parse_total(value)
            self._stated[tag[2]] = count, total
            self.currency = self.currency or currency

    def add(self, batch: list[StagedTransaction]) -> None:
        self.tally.add(batch)
        credits = sum(row.amount > 0 for row in batch)
        self._credits += credits
        self._debits += sum(row.amount < 0 for row in batch)

    def own_account(self) -> Account:
        bank, number = values.parse_account(self.account or "")
        if not any(map(str.isalnum, number)):
            return account_from_layout(f"mt940:{bank}:{self.currency}", "account", currency=self.currency)
        return account_from_number(number, bank=bank, currency=self.currency)

    def proof(self) -> Proof:
        rows = self.tally.rows
        if self.opening is None and self.closing is None and self._stated:
            count_in, sum_in = self._stated.get("C", (None, None))
            count_out, sum_out = self._stated.get("D", (None, None))
            return totals(
                [
                    ("sum of credits", sum_in, sum(self.tally.money_in.values())),
                    ("sum of debits", sum_out, -sum(self.tally.money_out.values())),
                    ("number of credits", count_in, self._credits),
                    ("number of debits", count_out, self._debits),
                ],
                rows,
            )
        if self._closing_currency not in (None, self.currency) and self.opening is not None:
            return Proof(
                Verdict.UNPROVED, "opening and closing", "The balances are in different currencies."
            )
        booked = self.tally.booked.get(self.currency, 0)
        return opening_and_closing(self.opening, self.closing, booked, rows, self._closes_at)


def _impossible(entry: values.Entry, line: int) -> tuple[date, tuple[Issue, ...]]:
    """The day to take for a value date that no calendar has: 30 February of a bank that counts 30 days a month.

    Raises ValueError where the entry does not tell.
    """
    day = values.day_near(entry.value_date, entry.entered)
    if day is None:
        raise ValueError(f"the value date {entry.value_date} is no day in the calendar")
    message = f"The value date {entry.value_date} is no day in the calendar; the entry date is taken."
    return day, (Issue("impossible-date", message, where(line)),)


def _reference(references: str) -> str | None:
    """The bank's own reference, behind the slashes."""
    reference = clean(references.partition("//")[2])
    if not any(map(str.isdecimal, reference)) or reference.upper() in _NO_REFERENCE:
        return None
    return reference if reference.strip("0") else None


def _nameless(entry: values.Entry) -> tuple[str, str]:
    """Description and merchant of an entry without any text."""
    word = _KINDS.get(entry.kind[1:], "")
    reference = clean(entry.references.partition("//")[0])
    if reference.upper() in _NO_REFERENCE:
        reference = ""
    text = f"{word} {reference}".strip() or "Transaction"
    return text, word or text


def _without_end(text: str) -> str:
    """`text` without the line that ends a message, and what follows it."""
    if "\n-" not in text:
        return text
    lines = text.split("\n")
    for i, line in enumerate(lines):
        if i and line[:1] == "-" and line[1:].strip(" \x01\x03")[:1] in ("", "}"):
            return "\n".join(lines[:i])
    return text
