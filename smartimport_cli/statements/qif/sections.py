"""Text in, parts of a reading out: sections are accounts or lists, their records rows or nothing of ours."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, repeat

from smartimport_cli.core.identity import account_from_layout, account_from_number
from smartimport_cli.core.model import (
    Account,
    Choices,
    Issue,
    Part,
    Rows,
    StagedTransaction,
    StatementStart,
    Unreadable,
)
from smartimport_cli.core.privacy import mask_numbers
from smartimport_cli.core.text import clean, mask_account, shorten
from smartimport_cli.statements.accounts import Accounts
from smartimport_cli.statements.proof import NOTHING
from smartimport_cli.statements.qif.dialect import Dialect
from smartimport_cli.statements.qif.records import Plain, Record, RecordPattern, RecordReader
from smartimport_cli.statements.tally import Tally

_END = "\n^"
_ENDS = re.compile(r"\n\^\^+(?=\n|\Z)")  # the end mark of some old programs
_HEADING = re.compile(r"\n[ \t]*!([^\n]*)")
_MONEY = {
    "bank": "checking", "cash": "cash", "ccard": "card", "oth a": None, "oth l": None, "banque": "checking",
    "banco": "checking", "caja": "cash", "carte": "card",
}  # fmt: skip
_TRADES = frozenset(["invst", "port", "401(k)/403(b)"])
_LISTS = frozenset(
    ["cat", "class", "memorized", "security", "prices", "budget", "tax", "bill", "invoice", "tag", "template", "invitem"]
)
_BATCH = 4096  # rows in one part at the most
_LONGEST = 1 << 20  # characters of one record
_DIGITS = 5  # a name with more holds the account's number
_NUMBER = re.compile(r"(?:[A-Z]{2})?[\d .-]*\d{4,}[\d .-]*[A-Z]?", re.IGNORECASE)


class Sections:
    """Feed it text; it yields parts. `issues` are complete after the end."""

    def __init__(self, choices: Choices, dialect: Dialect) -> None:
        self.issues = list(dialect.issues)
        self.trades = 0
        self._choices = choices
        self._accounts = Accounts(choices, self.issues)
        self._reader = RecordReader(dialect, choices)
        self._pattern = RecordPattern()
        self._section = "bank"  # what a file without a heading is taken to be
        self._headed = False
        self._name: str | None = None  # of the account whose section follows
        self._kind: str | None = None  # of the section that it has had
        self._listed = 0  # records of the account block
        self._owner: Account | None = None
        self._tally = Tally()
        self._batch: list[StagedTransaction] = []
        self._carry = "\n"  # the first line begins behind a line break, too
        self._line = 0  # line breaks before the carry
        self._position = 0

    def feed(self, text: str, position: int, *, final: bool = False) -> Iterator[Part]:
        """The next text of the file, which has been read up to byte `position`."""
        self._position = position
        text = self._carry + text
        cut = len(text)
        if not final:
            cut = text.find("\n", text.rfind(_END, 0, text.rfind("\n")) + 1) if _END in text[:-1] else 0
            if not cut and len(text) > _LONGEST:
                cut = max(text.rfind("\n"), 1)
        text, self._carry = text[:cut], text[cut:]
        if "^^" in text:
            text = _ENDS.sub(_END, text)
        records, *more = _HEADING.split(text)
        if not more or _END in records or self._headed:
            yield from self._part(records)
        else:  # remarks before the first heading
            self._line += records.count("\n")
        self._headed = self._headed or bool(more)
        for heading, records in zip(more[::2], more[1::2], strict=True):
            self._line += 1
            yield from self._heading(clean(heading).casefold())
            yield from self._part(records)
        if final:
            yield from self._end()
        elif self._batch:
            yield self._flush()

    def _heading(self, heading: str) -> Iterable[Part]:
        """A line that begins with an exclamation mark (given without it)."""
        what, _, kind = heading.partition(":")
        what, kind = what.strip(), kind.strip()
        if what == "account":
            self._section, self._listed, self._name, self._kind = "account", 0, None, None
        elif what == "type":
            yield from self._end()
            if kind in _MONEY and self._kind not in (None, kind):
                self._name = None  # the account named last was one of another kind
            if kind in _MONEY:
                self._kind = kind
            self._section = kind
            if kind not in _MONEY and kind not in _TRADES and kind not in _LISTS:
                self.issues.append(
                    Issue("unknown-section", f"A section is called {shorten(kind, 40)}; it is read like a bank account.")
                )

    def _part(self, text: str) -> Iterator[Part]:
        """Records of one section, the last of which may have no end."""
        line = self._line
        self._line += text.count("\n")
        if not text or text.isspace():
            return
        if self._section == "account":
            self._accounts_listed(text)
        elif self._section in _TRADES:
            self.trades += sum(1 for piece in text.split(_END) if piece.strip("^ \t\n"))
        elif self._section not in _LISTS:
            yield from self._rows(text, line)

    def _accounts_listed(self, text: str) -> None:
        """The account whose section follows; a block of several is the list of all."""
        for piece in text.split(_END):
            record = Record(piece, 0)
            if record.values:
                self._listed += 1
                self._name = record.values.get("N", "") if self._listed == 1 else None

    # Rows

    def _rows(self, text: str, line: int) -> Iterator[Part]:
        pieces = text.split(_END)
        tail = pieces.pop()
        lines = list(accumulate(map(str.count, pieces, repeat("\n")), _next, initial=line + 1))
        found = self._pattern.pattern.findall(f"{_END}{text}") if self._owner is not None else []
        if pieces and len(found) == len(pieces):
            yield from self._take(found, lines[:-1])
        else:
            yield from self._mixed(pieces, lines)
        if tail.strip():
            self.issues.append(
                Issue("truncated", f"The row before line {self._line + 1} has no end mark: the file may be cut off.")
            )
            yield from self._record(tail, lines[-1])

    def _mixed(self, pieces: Sequence[str], lines: Sequence[int]) -> Iterator[Part]:
        """Runs of records that are alike, between those that are not."""
        run: list[Plain] = []
        run_lines: list[int] = []
        for piece, line in zip(pieces, lines, strict=False):
            match = self._pattern.pattern.match(f"{_END}{piece}{_END}", 2) if self._owner is not None else None
            if match is not None:
                run.append(match.groups(""))
                run_lines.append(line)
                continue
            if run:
                yield from self._take(run, run_lines)
                run, run_lines = [], []
            yield from self._record(piece, line)
        if run:
            yield from self._take(run, run_lines)

    def _take(self, found: Sequence[Plain], lines: Sequence[int]) -> Iterator[Part]:
        """Plain records; where one of them cannot be read like that, each by itself."""
        rows = self._reader.many(self._pattern.columns(found), lines)
        if rows is not None:
            self._batch.extend(rows)
            if len(self._batch) >= _BATCH:
                yield self._flush()
            return
        for values, line in zip(found, lines, strict=True):
            yield from self._record(self._pattern.text(values), line, learn=False)

    def _record(self, piece: str, line: int, *, learn: bool = True) -> Iterator[Part]:
        if not piece.strip():
            return
        for record in Record.split(piece, line):
            if self._owner is None:
                self._owner = self._accounts.of(self._own_account())
                yield StatementStart(self._owner)
            try:
                self._batch.append(self._reader.one(record))
            except ValueError as error:
                if self._batch:
                    yield self._flush()
                yield Unreadable(record.line, str(error), shorten(mask_numbers(clean(record.text)), 120))
                continue
            if learn:
                self._pattern.learn(record.letters)
            if len(self._batch) >= _BATCH:
                yield self._flush()

    def _flush(self) -> Rows:
        batch, self._batch = self._batch, []
        self._tally.add(batch)
        return Rows(batch, self._position)

    # Statements

    def _own_account(self) -> Account:
        name = clean(self._name or "")
        kind = _MONEY.get(self._section)
        currency = self._choices.currency
        if name and _NUMBER.fullmatch(name):
            return account_from_number(name, kind=kind, currency=currency)
        signature = f"qif:{name.casefold()}:{self._section}"
        label = mask_account(name) if sum(map(str.isdecimal, name)) > _DIGITS else name
        return replace(account_from_layout(signature, label or kind or "account", currency=currency), kind=kind)

    def _end(self) -> Iterator[Part]:
        if self._batch:
            yield self._flush()
        if self._owner is not None:
            yield self._tally.statement(self._owner, self._reader.currency, NOTHING)
        self._owner, self._tally = None, Tally()


def _next(line: int, breaks: int) -> int:
    return line + breaks + 1
