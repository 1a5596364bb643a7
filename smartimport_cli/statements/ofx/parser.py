"""Text of an OFX file in, parts of a reading out. Tags are read as they come; no tree is built.

Closing tags are optional, as in SGML: a value ends where the next tag begins, a row where something begins
that is never inside one. Two lanes: rows written alike go through one expression (`fast`), all else through
`_token`, one tag after the other.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, repeat
from operator import itemgetter

from smartimport_cli.core.model import (
    Choices,
    Issue,
    Part,
    Rows,
    StagedTransaction,
    StatementStart,
    Unreadable,
)
from smartimport_cli.core.privacy import mask_numbers
from smartimport_cli.core.text import shorten
from smartimport_cli.statements.accounts import Accounts
from smartimport_cli.statements.ofx.fast import RowPattern, Values
from smartimport_cli.statements.ofx.rows import Row, RowReader
from smartimport_cli.statements.ofx.signs import Signs
from smartimport_cli.statements.ofx.statement import OpenStatement
from smartimport_cli.statements.ofx.values import text_of

_BATCH = 4096  # rows in one part at the most
_LONGEST = 1 << 16  # characters of a value or a row that are kept together

_ERRORS = 20  # of the bank's server that are kept

_ROW = "<STMTTRN>"
_TAG = re.compile(r"<(/?)(?:\w{1,32}:)?([A-Za-z][\w.-]{0,63})(?:\s[^<>]*+)?(/?)>")
_TAG_START = re.compile(r"</?[A-Za-z]|</?$")
# What is never inside a row, so ends one that is still open.
_AFTER_ROW = frozenset(
    ["STMTTRN", "STMTTRNP", "BANKTRANLIST", "BANKTRANLISTP", "LEDGERBAL", "AVAILBAL", "STMTRS", "CCSTMTRS",
     "INVSTMTRS", "STMTTRNRS", "CCSTMTTRNRS", "INVSTMTTRNRS", "INVBANKTRAN", "SUBACCTFUND", "INVTRANLIST",
     "BALLIST", "OFX", "BANKMSGSRSV1", "CREDITCARDMSGSRSV1", "INVSTMTMSGSRSV1"]
)  # fmt: skip
_STATEMENTS = {"STMTRS": None, "CCSTMTRS": "card", "INVSTMTRS": "investment"}
_RESPONSES = frozenset(["SONRS", "STMTTRNRS", "CCSTMTTRNRS", "INVSTMTTRNRS"])
_HOLDERS = frozenset(
    ["BANKACCTFROM", "CCACCTFROM", "INVACCTFROM", "LEDGERBAL", "AVAILBAL", "BAL", "BALLIST", "INVBAL",
     "INVPOSLIST", "SECLIST", "CLOSING"]
)  # fmt: skip


class Parser:
    """Feed it text; it yields parts. `issues` and `statuses` are complete after `finish`."""

    def __init__(
        self, choices: Choices, *, newline: str | None, decimal: str | None, signs: Signs, skip: int = 0
    ) -> None:
        self.issues: list[Issue] = []
        self.errors: list[str] = []  # what the bank's server answered instead of a statement
        self.opened = self.ended = False
        self.rows = 0  # read or not
        self.commented = 0  # rows inside comments
        self._choices = choices
        self._newline = newline  # None: rows are counted instead of lines
        self._decimal = choices.decimal or decimal
        self._pattern = RowPattern()
        self._skip = skip  # characters before the document: header, declarations
        self._line = 0 if newline is None else 1
        self._position = 0
        self._carry = ""
        self._reader = RowReader(signs, self._decimal)
        self._accounts = Accounts(choices, self.issues)
        self.investments = 0
        self._response = ""
        self._code = self._severity = ""
        self._row: Row | None = None
        self._batch: list[StagedTransaction] = []
        self._statement: OpenStatement | None = None
        self._stated = False  # it has an aggregate of its own around it
        self._holder = ""
        self._pending = False
        self._kind: str | None = None

    def feed(self, text: str, position: int, *, final: bool = False) -> Iterator[Part]:
        """The next text of the file, which has been read up to byte `position`."""
        self._position = position
        if self._skip:
            self._count(text[: self._skip])
            text, self._skip = text[self._skip :], max(self._skip - len(text), 0)
        text = self._carry + text
        cut = len(text) if final else _cut(text)
        text, self._carry = text[:cut], text[cut:]
        if "<!--" in text:
            rows = text.count(_ROW)
            text, rest = _without_comments(text)
            self.commented += rows - text.count(_ROW) - rest.count(_ROW)
            if rest and not final and len(rest) < 16 * _LONGEST:
                self._carry = rest + self._carry
            else:
                text += rest
        start = text.find(_ROW)
        if start < 0:
            start = len(text)
        yield from self._tokens(text[:start])
        if start < len(text):
            yield from self._rows(text[start:])
        if final:
            yield from self._finish()
        elif self._batch:
            yield self._flush()

    def _rows(self, text: str) -> Iterator[Part]:
        """`text` begins with a row."""
        segments = text.split(_ROW)[1:]
        if self._plain() and self._row is None:
            found = self._pattern.pattern.findall(text)
            if len(found) == len(segments) and self._dated(found):
                yield from self._take(found, self._lines(segments))
                return
        # Not all alike: runs of those that are, between those that are not.
        run: list[Values] = []
        lines: list[int] = []
        at = 0
        for segment in segments:
            if self._row is not None:
                yield from self._end_row(whole=True)
            row = self._pattern.pattern.match(text, at) if self._plain() else None
            values = row.groups("") if row is not None else ()
            if values and self._dated([values]):
                run.append(values)
                lines += self._lines([segment])
            else:
                if run:
                    yield from self._take(run, lines)
                    run, lines = [], []
                yield from self._open_row(pending=False)
                yield from self._tokens(segment)
            at += len(_ROW) + len(segment)
        if run:
            yield from self._take(run, lines)

    def _plain(self) -> bool:
        """Whether what follows may be rows without anything special about them."""
        statement = self._statement
        return statement is not None and statement.started and not self._pending and not self._holder

    def _lines(self, segments: list[str]) -> list[int]:
        """Where each row begins; moves on behind the last."""
        if self._newline is None:
            lines = list(range(self._line + 1, self._line + len(segments) + 1))
            self._line += len(segments)
            return lines
        lines = list(accumulate(map(str.count, segments, repeat(self._newline)), initial=self._line))
        self._line = lines.pop()
        return lines

    def _dated(self, found: Sequence[Values]) -> bool:
        """Whether all dates of these rows are in the calendar."""
        return self._reader.are_dates(set(map(itemgetter(self._pattern.day), found)))

    def _take(self, found: Sequence[Values], lines: Sequence[int]) -> Iterable[Part]:
        """Rows of plain values with dates in the calendar."""
        columns = self._pattern.columns(found)
        self.rows += len(found)
        self._batch.extend(self._reader.many(columns, lines, self._open_statement().currency))
        return (self._flush(),) if len(self._batch) >= _BATCH else ()

    def _count(self, text: str) -> None:
        if self._newline is not None:
            self._line += text.count(self._newline)

    # Tokens

    def _tokens(self, text: str) -> Iterator[Part]:
        """One tag after the other; the value of each is what stands before the next."""
        found = list(_TAG.finditer(text))
        counted = 0
        for i, tag in enumerate(found):
            closing, name, empty = tag.groups()
            if self._newline is not None and not closing and name.upper().startswith(("STMTTRN", "TRNAMT")):
                self._line += text.count(self._newline, counted, tag.start())
                counted = tag.start()
            end = found[i + 1].start() if i + 1 < len(found) else len(text)
            value = "" if closing or empty else text[tag.end() : end]
            yield from self._token(bool(closing), name.upper(), value)
        self._count(text[counted:])

    def _token(self, closing: bool, name: str, value: str) -> Iterable[Part]:
        if self._row is not None:
            if closing and name == self._row.tag:
                return self._end_row(whole=True, learn=True)
            if name not in _AFTER_ROW:
                self._row.take(closing, name, value)
                return ()
            return (*self._end_row(whole=True), *self._token(closing, name, value))
        if closing:
            return self._close(name)
        return self._open(name, value)

    def _open(self, name: str, value: str) -> Iterable[Part]:
        if name in ("STMTTRN", "STMTTRNP"):
            return self._open_row(pending=name == "STMTTRNP")
        if name in _STATEMENTS:
            parts = tuple(self._end_statement())
            self._statement = OpenStatement(_STATEMENTS[name], self._choices.currency)
            self._holder, self._stated = "", True
            return parts
        if name in _RESPONSES:
            parts = tuple(self._end_statement())
            self._response, self._code, self._severity = name, "", ""
            return parts
        if name in _HOLDERS:
            self._holder = name
        elif name in ("PENDINGLIST", "BANKTRANLISTP"):
            self._pending = True
        elif name == "BANKTRANLIST":
            self._holder = ""
        elif name == "TRNAMT" and self._stated:  # elsewhere it is that of an order to pay
            return self._stray(value)
        elif name == "OFX":
            self.opened, self.ended = True, False
        elif name == "INVTRAN":
            self.investments += 1
        elif name == "CODE":
            self._code = value.strip()
        elif name == "SEVERITY":
            self._severity = value.strip().upper()
            failed = self._severity == "ERROR" or (self._severity == "" and self._code not in ("", "0"))
            if failed and len(self.errors) < _ERRORS:
                self.errors.append(f"error {text_of(self._code)[:12]}")
        elif name == "MESSAGE" and self._severity == "ERROR" and self.errors:
            self.errors[-1] += f": {shorten(mask_numbers(text_of(value)), 200)}"
            self._severity = ""
        elif self._statement is not None or name in ("CURDEF", "ACCTID"):
            self._open_statement().take(self._holder, name, value)
        return ()

    def _close(self, name: str) -> Iterable[Part]:
        if name == "OFX":
            self.ended = True
            return self._end_statement()
        if name in _STATEMENTS:
            return self._end_statement()
        if name == self._holder:
            self._holder = ""
        elif name in ("PENDINGLIST", "BANKTRANLISTP"):
            self._pending = False
        return ()

    # Rows

    def _open_row(self, *, pending: bool) -> Iterable[Part]:
        if self._newline is None:
            self._line += 1
        self._row = Row("STMTTRNP" if pending else "STMTTRN", self._line, pending or self._pending)
        self._holder = ""
        return self._start()

    def _end_row(self, *, whole: bool, learn: bool = False) -> Iterable[Part]:
        row, self._row = self._row, None
        self.rows += 1
        statement = self._statement
        if row is None or statement is None:
            return ()
        try:
            if not whole:
                raise ValueError("the file ends inside this row")
            self._batch.append(self._reader.one(row, statement.currency))
        except ValueError as error:
            unreadable = Unreadable(row.line, str(error), row.text())
            return (self._flush(), unreadable) if self._batch else (unreadable,)
        if learn and row.tag == "STMTTRN":
            self._pattern.learn(row.tags)
        return (self._flush(),) if len(self._batch) >= _BATCH else ()

    def _stray(self, amount: str) -> Iterable[Part]:
        """An amount that no row is begun for: the tag before it was lost."""
        why = "an amount outside of a transaction: <STMTTRN> is missing before it"
        unreadable = Unreadable(self._line, why, shorten(mask_numbers(text_of(amount)), 120))
        return (self._flush(), unreadable) if self._batch else (*self._start(), unreadable)

    def _flush(self) -> Rows:
        batch, self._batch = self._batch, []
        if self._statement is not None:
            self._statement.add(batch)
        return Rows(batch, self._position)

    # Statements

    def _open_statement(self) -> OpenStatement:
        if self._statement is None:  # rows without a statement around them
            self._statement = OpenStatement(None, self._choices.currency)
        return self._statement

    def _start(self) -> Iterable[Part]:
        """Say whose rows follow, once it is known."""
        statement = self._open_statement()
        if statement.started:
            return ()
        statement.started = True
        statement.account = self._accounts.of(statement.own_account())
        return (StatementStart(statement.account),)

    def _end_statement(self) -> Iterable[Part]:
        statement = self._statement
        if statement is None:
            return ()
        parts: list[Part] = [*self._start()]
        if self._batch:
            parts.append(self._flush())
        parts.append(statement.end(self._decimal))
        self._statement = None
        self._holder, self._pending, self._stated = "", False, False
        return parts

    def _finish(self) -> Iterator[Part]:
        if self._row is not None:
            yield from self._end_row(whole=False)
        yield from self._end_statement()
        if self.opened and not self.ended:
            self.issues.append(
                Issue("truncated", "The file ends before its closing tag: the download may be cut off.")
            )
        if self.investments:
            self.issues.append(
                Issue("investments", f"{self.investments} trades of securities are not read, only cash.")
            )
        for error in self.errors:
            self.issues.append(Issue("bank-error", f"The bank answered with {error}."))


def _cut(text: str) -> int:
    """Where to part text so that what is before is whole: at the last row, or the last tag."""
    at = text.rfind(_ROW, max(0, len(text) - _LONGEST))
    if at >= 0:
        return at
    at = len(text)
    while (at := text.rfind("<", max(0, len(text) - _LONGEST), at)) >= 0:
        if _TAG_START.match(text, at):
            return at
    return len(text) if len(text) > _LONGEST else 0


def _without_comments(text: str) -> tuple[str, str]:
    """`text` without its comments (line breaks stay), and the rest from one that does not end."""
    pieces: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0:
        end = text.find("-->", start + 4)
        if end < 0:
            return "".join([*pieces, text[at:start]]), text[start:]
        pieces += [text[at:start], "\n" * text.count("\n", start, end)]
        at = end + 3
    return "".join([*pieces, text[at:]]), ""
