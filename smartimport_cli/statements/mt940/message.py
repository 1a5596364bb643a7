"""Text in, parts of a reading out: entries become rows, balances and totals their proof."""

from collections.abc import Iterable, Iterator
from itertools import accumulate, repeat
from operator import add, itemgetter

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
from smartimport_cli.statements.mt940.fields import fields
from smartimport_cli.statements.mt940.rows import PLAIN, Plain, RowReader
from smartimport_cli.statements.proof import BalanceChain, opening_and_closing, totals
from smartimport_cli.statements.tally import Tally

_BATCH = 4096  # rows in one part at the most
_LONGEST = 1 << 20  # characters of one entry and what follows it that are looked at together
_ENTRY = "\n:61:"


class Messages:
    """Feed it text; it yields parts. `issues` are complete after the end."""

    def __init__(self, choices: Choices) -> None:
        self.issues: list[Issue] = []
        self.interim = False  # MT942
        self._currency = choices.currency
        self._accounts = Accounts(choices, self.issues)
        self._chain = BalanceChain()
        self._reader = RowReader()
        self._message: _Message | None = None
        self._entry: tuple[str, int] | None = None  # field 61 that may have its 86 to come
        self._details: list[str] = []
        self._batch: list[StagedTransaction] = []
        self._position = 0
        self._carry = "\n"  # the first field begins behind a line break, too
        self._line = 0  # line breaks before the carry

    def feed(self, text: str, position: int, *, final: bool = False) -> Iterator[Part]:
        """The next text of the file, which has been read up to byte `position`."""
        self._position = position
        text = self._carry + text
        cut = len(text)
        if not final:
            # What is before is whole: from the last entry on, the end of its 86 may be missing.
            cut = max(text.rfind(_ENTRY, len(text) - _LONGEST if len(text) > _LONGEST else 0), 0)
            if not cut and len(text) > _LONGEST:
                cut = max(text.rfind("\n:"), text.rfind("\n", 0, -1), 0) or len(text)
        text, self._carry = text[:cut], text[cut:]
        segments = text.split(_ENTRY)
        yield from self._fields(segments[0])
        if len(segments) > 1:
            yield from self._entries(text[len(segments[0]) :], segments[1:])
        if final:
            yield from self._finish()
        elif self._batch:
            yield self._flush()

    def _entries(self, text: str, segments: list[str]) -> Iterator[Part]:
        """`text` begins with an entry; each of `segments` is one and what follows it."""
        found = PLAIN.findall(text + _ENTRY) if self._started() else []
        if len(found) == len(segments) and self._dated(found):
            yield from self._take(found, self._lines(segments))
            return
        run: list[Plain] = []
        lines: list[int] = []
        for segment in segments:
            match = PLAIN.match(f"{_ENTRY}{segment}{_ENTRY}") if self._started() else None
            values_ = match.groups("") if match is not None else ()
            if values_ and self._dated([values_]):
                run.append(values_)
                lines += self._lines([segment])
                continue
            if run:
                yield from self._take(run, lines)
                run, lines = [], []
            yield from self._fields(_ENTRY + segment)
        if run:
            yield from self._take(run, lines)

    def _started(self) -> bool:
        """Whether an entry may come that has nothing special about it."""
        return self._message is not None and self._message.owner is not None and self._entry is None

    def _dated(self, found: list[Plain]) -> bool:
        return self._reader.are_dates(set(map(itemgetter(0), found)))

    def _lines(self, segments: list[str]) -> list[int]:
        """The line of each entry; moves on behind the last."""
        lengths = map(add, map(str.count, segments, repeat("\n")), repeat(1))
        lines = list(accumulate(lengths, initial=self._line + 1))
        self._line = lines.pop() - 1
        return lines

    def _take(self, found: list[Plain], lines: list[int]) -> Iterable[Part]:
        assert self._message is not None
        self._batch.extend(self._reader.many(found, lines, self._message.currency))
        return (self._flush(),) if len(self._batch) >= _BATCH else ()

    # Fields

    def _fields(self, text: str) -> Iterator[Part]:
        """One field after the other."""
        found, self._line = fields(text, self._line)
        for tag, value, line in found:
            if tag == "61":
                yield from self._end_entry()
                self._entry = value, line
            elif tag == "86":
                if self._entry is not None:
                    self._details.append(value)
            else:
                yield from self._end_entry()
                yield from self._field(tag, value, line)
        if found and not text.startswith(_ENTRY):
            return
        yield from self._end_entry()

    def _field(self, tag: str, value: str, line: int) -> Iterable[Part]:
        message = self._message
        parts: tuple[Part, ...] = ()
        if tag == "20" or message is None or (tag[:2] == "25" and message.account is not None):
            parts = tuple(self._end_message())
            self._message = message = _Message(line, self._currency)
        try:
            message.take(tag, value, line)
        except ValueError as error:
            message.issues.append(
                Issue("unreadable-balance", f"Field {tag} at {where(line)}: {error}.", where(line))
            )
        self.interim = self.interim or message.interim
        return parts

    def _end_entry(self) -> Iterable[Part]:
        if self._entry is None:
            return ()
        (value, line), self._entry = self._entry, None
        details, self._details = "\n".join(self._details), []
        if self._message is None:
            self._message = _Message(line, self._currency)
        start = self._start(self._message)
        try:
            self._batch.append(self._reader.one(value, details, line, self._message.currency))
        except ValueError as error:
            text = shorten(mask_numbers(clean(f"{value} {details}"[:400])), 120)
            return (*start, *self._flushed(), Unreadable(line, str(error), text))
        if len(self._batch) >= _BATCH:
            return (*start, self._flush())
        return start

    def _flush(self) -> Rows:
        batch, self._batch = self._batch, []
        if self._message is not None:
            self._message.add(batch)
        return Rows(batch, self._position)

    def _flushed(self) -> tuple[Rows, ...]:
        return (self._flush(),) if self._batch else ()

    # Messages

    def _start(self, message: "_Message") -> tuple[StatementStart, ...]:
        if message.owner is not None:
            return ()
        message.owner = self._accounts.of(message.own_account())
        return (StatementStart(message.owner),)

    def _end_message(self) -> Iterator[Part]:
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

    def _finish(self) -> Iterator[Part]:
        yield from self._end_entry()
        if self._message is not None and self._message.cut:
            self.issues.append(
                Issue("truncated", "The file ends before its closing balance: the download may be cut off.")
            )
        yield from self._end_message()


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
        if self.interim:
            self._credits += sum([row.amount > 0 for row in batch])
            self._debits += sum([row.amount < 0 for row in batch])

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
