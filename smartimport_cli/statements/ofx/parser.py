"""Text of an OFX file in, parts of a reading out. Tags are read as they come; no tree is built.

Closing tags are optional, as in SGML: a value ends where the next tag begins, a row where something begins
that is never inside one. Two lanes: rows written alike go through one expression (`fast`), all else through
`_token`, one tag after the other.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from itertools import accumulate, repeat
from operator import add, itemgetter

from smartimport_cli.core.identity import account_from_label, account_from_layout, account_from_number
from smartimport_cli.core.merchant import merchant, says_only_how
from smartimport_cli.core.model import (
    Account,
    Choices,
    Issue,
    Part,
    Proof,
    Rows,
    StagedTransaction,
    Statement,
    StatementStart,
    Unreadable,
    Verdict,
)
from smartimport_cli.core.money import DECIMALS
from smartimport_cli.core.privacy import mask_numbers
from smartimport_cli.core.text import shorten
from smartimport_cli.statements.ofx.fast import RowPattern, Values
from smartimport_cli.statements.ofx.signs import Signs
from smartimport_cli.statements.ofx.values import is_no_date, parse_amount, parse_date, text_of
from smartimport_cli.statements.proof import opening_and_closing

_BATCH = 4096  # rows in one part at the most
_LONGEST = 1 << 16  # characters of a value or a row that are kept together
_CACHE = 8192  # texts remembered

_ROW = "<STMTTRN>"
_TAG = re.compile(r"<(/?)([A-Za-z][\w.-]{0,63})(?:\s[^<>]*+)?(/?)>")
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
_KINDS = {"CHECKING": "checking", "SAVINGS": "savings", "MONEYMRKT": "savings", "CREDITLINE": "credit line",
          "CD": "deposit"}  # fmt: skip
_NO_REFERENCE = frozenset(["", "NONE", "N/A", "NA", "NULL", "UNKNOWN", *("0" * n for n in range(1, 33))])
_NO_TEXT = ("", "")
# What a row is called that has no text of its own.
_TYPES = {
    "INT": "Interest", "DIV": "Dividend", "FEE": "Fee", "SRVCHG": "Service charge", "DEP": "Deposit",
    "ATM": "ATM", "POS": "Point of sale", "XFER": "Transfer", "CHECK": "Check", "PAYMENT": "Payment",
    "CASH": "Cash", "DIRECTDEP": "Direct deposit", "DIRECTDEBIT": "Direct debit", "REPEATPMT": "Standing order",
    "CREDIT": "Credit", "DEBIT": "Debit",
}  # fmt: skip


class Parser:
    """Feed it text; it yields parts. `issues` and `statuses` are complete after `finish`."""

    def __init__(self, choices: Choices, *, newline: str | None, decimal: str | None, signs: Signs) -> None:
        self.issues: list[Issue] = []
        self.errors: list[str] = []  # what the bank's server answered instead of a statement
        self.opened = self.ended = False
        self._choices = choices
        self._newline = newline  # None: rows are counted instead of lines
        self._decimal = choices.decimal or decimal
        self._signs = signs
        self._pattern = RowPattern()
        self._line = 1
        self._position = 0
        self._carry = ""
        self._dates = _Dates()
        self._texts = _Texts()
        self._first_account: str | None = None
        self._investments = 0
        self._response = ""
        self._code = self._severity = ""
        self._row: _Row | None = None
        self._batch: list[StagedTransaction] = []
        self._statement: _Statement | None = None
        self._holder = ""
        self._pending = False
        self._kind: str | None = None

    def skip(self, text: str) -> None:
        """What stands before the document: header, declarations."""
        self._count(text)

    def feed(self, text: str, position: int, *, final: bool = False) -> Iterator[Part]:
        """The next text of the file, which has been read up to byte `position`."""
        self._position = position
        text = self._carry + text
        cut = len(text) if final else _cut(text)
        text, self._carry = text[:cut], text[cut:]
        if "<!--" in text:
            text, rest = _without_comments(text)
            if rest and not final and len(rest) < 16 * _LONGEST:
                self._carry = rest + self._carry
            else:
                text += rest
        start = text.find(_ROW)
        if start < 0:
            start = len(text)
        yield from self._tokens(text[:start])
        self._count(text[:start])
        if start < len(text):
            yield from self._rows(text[start:])
        if final:
            yield from self._finish()
        elif self._batch:
            yield self._flush()

    def _rows(self, text: str) -> Iterator[Part]:
        """`text` begins with a row."""
        if self._row is not None:
            yield from self._end_row(whole=True)
        segments = text.split(_ROW)[1:]
        if self._plain():
            found = self._pattern.pattern.findall(text)
            if len(found) == len(segments) and self._dated(found):
                yield from self._take(found, self._lines(segments))
                return
        # Not all alike: runs of those that are, between those that are not.
        run: list[Values] = []
        lines: list[int] = []
        at = 0
        for segment in segments:
            row = self._pattern.pattern.match(text, at) if self._plain() and self._row is None else None
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
                self._count(segment)
            at += len(_ROW) + len(segment)
        if run:
            yield from self._take(run, lines)

    def _plain(self) -> bool:
        """Whether what follows may be rows without anything special about them."""
        return self._statement is not None and self._statement.started and not self._pending and not self._holder

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
        try:
            for digits in set(map(itemgetter(self._pattern.day), found)):
                self._dates[digits]
        except ValueError:
            return False
        return True

    def _take(self, found: Sequence[Values], lines: Sequence[int]) -> Iterable[Part]:
        """Rows of plain values with dates in the calendar, a column at a time."""
        columns = self._pattern.columns(found)
        kinds = columns.kinds
        if set(map(len, columns.fractions)) == {2}:
            units = [int(number) * 100 for number in map(add, columns.wholes, columns.fractions)]
        else:
            units = [
                int(whole + fraction.ljust(DECIMALS, "0"))
                for whole, fraction in zip(columns.wholes, columns.fractions, strict=True)
            ]
        if self._signs.turns:
            units = list(map(self._signs.apply, kinds, units))
        if len(self._texts) > _CACHE:
            self._texts.clear()
        texts = list(map(self._texts.__getitem__, zip(columns.names, columns.memos, strict=True)))
        if _NO_TEXT in texts:
            texts = [
                text if text[0] else _nameless(kind, number)
                for text, kind, number in zip(texts, kinds, columns.numbers, strict=True)
            ]
        references = [
            reference if reference.isalnum() and reference not in _NO_REFERENCE else _reference(reference)
            for reference in map(str.strip, columns.references)
        ]
        held = {kind for kind in set(kinds) if kind.strip().upper() == "HOLD"}
        statement = self._open_statement()
        rows = map(
            partial(tuple.__new__, StagedTransaction),
            zip(
                lines,
                map(self._dates.__getitem__, columns.days),
                units,
                repeat(statement.currency),
                map(itemgetter(0), texts),
                map(itemgetter(1), texts),
                references,
                repeat(None),
                repeat(None),
                map(held.__contains__, kinds) if held else repeat(False),
                repeat(()),
            ),
        )
        self._batch.extend(rows)
        return (self._flush(),) if len(self._batch) >= _BATCH else ()

    def _count(self, text: str) -> None:
        if self._newline is not None:
            self._line += text.count(self._newline)

    # Tokens

    def _tokens(self, text: str) -> Iterator[Part]:
        """One tag after the other; the value of each is what stands before the next."""
        found = list(_TAG.finditer(text))
        for i, tag in enumerate(found):
            closing, name, empty = tag.groups()
            end = found[i + 1].start() if i + 1 < len(found) else len(text)
            value = "" if closing or empty else text[tag.end() : end]
            yield from self._token(bool(closing), name.upper(), value)

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
            self._statement = _Statement(_STATEMENTS[name], self._choices.currency)
            self._holder = ""
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
        elif name == "OFX":
            self.opened, self.ended = True, False
        elif name == "INVTRAN":
            self._investments += 1
        elif name == "CODE":
            self._code = value.strip()
        elif name == "SEVERITY":
            self._severity = value.strip().upper()
            if self._severity == "ERROR" or (self._severity == "" and self._code not in ("", "0")):
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
        self._row = _Row("STMTTRNP" if pending else "STMTTRN", self._line, pending or self._pending)
        self._holder = ""
        return self._start()

    def _end_row(self, *, whole: bool, learn: bool = False) -> Iterable[Part]:
        row, self._row = self._row, None
        statement = self._statement
        if row is None or statement is None:
            return ()
        try:
            if not whole:
                raise ValueError("the file ends inside this row")
            self._batch.append(self._read(row, statement))
        except ValueError as error:
            unreadable = Unreadable(row.line, str(error), row.text())
            return (self._flush(), unreadable) if self._batch else (unreadable,)
        if learn and row.tag == "STMTTRN":
            self._pattern.learn(row.tags)
        return (self._flush(),) if len(self._batch) >= _BATCH else ()

    def _read(self, row: "_Row", statement: "_Statement") -> StagedTransaction:
        """Raises ValueError with the reason where the row cannot be read."""
        values = row.values
        issues: tuple[Issue, ...] = ()
        posted = values.get("DTPOSTED", "")
        if not posted.strip():
            other = next((tag for tag in ("DTTRAN", "DTUSER", "DTAVAIL") if values.get(tag, "").strip()), None)
            if other is None:
                raise ValueError("no date")
            posted = values[other]
            if other != "DTTRAN":
                issues = (Issue("no-posted-date", f"The row has no posted date; {other} is taken."),)
        day = parse_date(posted)
        kind = values.get("TRNTYPE", "").strip().upper()
        units = self._signs.apply(kind, parse_amount(values.get("TRNAMT", ""), self._decimal))
        name = values.get("EXTDNAME") or values.get("NAME", "")
        description, who = _described(name, values.get("MEMO", ""))
        if not description:
            description, who = _nameless(kind, values.get("CHECKNUM"))
        return StagedTransaction(
            row.line,
            day,
            units,
            _currency(values.get("CURSYM", "")) or statement.currency,
            description,
            who,
            _reference(values.get("FITID")),
            None,
            text_of(values.get("CATEGORY", "")) or None,
            row.pending or kind == "HOLD",
            issues,
        )

    def _flush(self) -> Rows:
        batch, self._batch = self._batch, []
        if self._statement is not None:
            self._statement.add(batch)
        return Rows(batch, self._position)

    # Statements

    def _open_statement(self) -> "_Statement":
        if self._statement is None:  # rows without a statement around them
            self._statement = _Statement(None, self._choices.currency)
        return self._statement

    def _start(self) -> Iterable[Part]:
        """Say whose rows follow, once it is known."""
        statement = self._open_statement()
        if statement.started:
            return ()
        statement.started = True
        statement.account = self._account(statement)
        return (StatementStart(statement.account),)

    def _account(self, statement: "_Statement") -> Account:
        own = statement.own_account()
        label = self._choices.account
        if label is None:
            return own
        if self._first_account is None:
            self._first_account = own.key
        if own.key == self._first_account:
            return account_from_label(label, kind=own.kind, currency=own.currency)
        self.issues.append(
            Issue("several-accounts", f"The file has several accounts; only the first is taken for {label}.")
        )
        return own

    def _end_statement(self) -> Iterable[Part]:
        statement = self._statement
        if statement is None:
            return ()
        parts: list[Part] = [*self._start()]
        if self._batch:
            parts.append(self._flush())
        parts.append(statement.end(self._decimal))
        self._statement = None
        self._holder, self._pending = "", False
        return parts

    def _finish(self) -> Iterator[Part]:
        if self._row is not None:
            yield from self._end_row(whole=False)
        yield from self._end_statement()
        if self.opened and not self.ended:
            self.issues.append(
                Issue("truncated", "The file ends before its closing tag: the download may be cut off.")
            )
        if self._investments:
            self.issues.append(
                Issue("investments", f"{self._investments} trades of securities are not read, only cash.")
            )
        for error in self.errors:
            self.issues.append(Issue("bank-error", f"The bank answered with {error}."))


class _Dates(dict[str, date]):
    """Days by their eight digits. Raises ValueError where they are not in the calendar."""

    def __missing__(self, digits: str) -> date:
        day = self[digits] = parse_date(digits)
        return day


class _Texts(dict[tuple[str, str], tuple[str, str]]):
    """Description and merchant by name and memo as written."""

    def __missing__(self, raw: tuple[str, str]) -> tuple[str, str]:
        text = self[raw] = _described(*raw)
        return text


class _Row:
    """The values of a row whose tags are being read."""

    __slots__ = ("_inside", "line", "pending", "tag", "tags", "values")

    def __init__(self, tag: str, line: int, pending: bool) -> None:
        self.tag = tag
        self.line = line
        self.pending = pending
        self.values: dict[str, str] = {}
        self.tags: list[str] = []
        self._inside = ""

    def take(self, closing: bool, name: str, value: str) -> None:
        if closing:
            if name == self._inside:
                self._inside = ""
            return
        if len(self.tags) < 256:
            self.tags.append(name)
        if name in ("CURRENCY", "ORIGCURRENCY", "BANKACCTTO", "CCACCTTO", "IMAGEDATA"):
            self._inside = name
        elif self._inside and name not in ("CURSYM", "CURRATE") and self._inside.endswith("CURRENCY"):
            self._inside = ""
        if name == "CURSYM" and self._inside != "CURRENCY":
            return  # the amount is in the account's currency; this is what it was before
        if name == "MEMO" and value.strip() and self.values.get("MEMO", "").strip():
            self.values["MEMO"] = f"{self.values['MEMO']} {value}"[:_LONGEST]
        elif not self.values.get(name, "").strip():
            self.values[name] = value[:_LONGEST]

    def text(self) -> str:
        """For a person who looks for the row."""
        wanted = ("DTPOSTED", "TRNAMT", "NAME", "MEMO")
        return shorten(
            mask_numbers(text_of(" ".join(self.values[tag][:200] for tag in wanted if tag in self.values))), 120
        )


class _Statement:
    """What is known of the statement whose rows are being read."""

    __slots__ = (
        "_currency_forced", "_first", "_issues", "_kind", "_last", "_rows", "_values", "account", "currency",
        "money_in", "money_out", "started",
    )  # fmt: skip

    def __init__(self, kind: str | None, currency: str | None) -> None:
        self.started = False
        self.account: Account | None = None
        self.currency = currency
        self.money_in: dict[str | None, int] = {}
        self.money_out: dict[str | None, int] = {}
        self._currency_forced = currency is not None
        self._kind = kind
        self._values: dict[tuple[str, str], str] = {}
        self._rows = 0
        self._first: date | None = None
        self._last: date | None = None
        self._issues: list[Issue] = []

    def take(self, holder: str, name: str, value: str) -> None:
        """A tag of the statement; `holder` is the aggregate around it."""
        if name == "CURDEF":
            if not self._currency_forced and not self._rows:
                self.currency = _currency(value)
                if self.currency is None and value.strip():
                    self._issues.append(
                        Issue("no-currency", f"'{text_of(value)[:12]}' is no currency; none is taken.")
                    )
        elif holder.endswith("ACCTFROM") or holder == "LEDGERBAL":
            key = ("ACCT" if holder.endswith("FROM") else holder, name)
            if len(self._values) < 64:
                self._values.setdefault(key, value[:_LONGEST])
            if holder == "CCACCTFROM":
                self._kind = "card"
        elif name == "ACCTID":
            self._values.setdefault(("ACCT", name), value[:_LONGEST])

    def own_account(self) -> Account:
        number = text_of(self._values.get(("ACCT", "ACCTID"), ""))
        bank = text_of(self._values.get(("ACCT", "BANKID"), self._values.get(("ACCT", "BROKERID"), "")))
        kind = self._kind or _KINDS.get(self._values.get(("ACCT", "ACCTTYPE"), "").strip().upper())
        if not any(map(str.isalnum, number.upper().replace("X", ""))):  # none, or all of it masked
            signature = f"ofx:{bank}:{number}:{kind}:{self.currency}"
            return account_from_layout(signature, kind or "account", currency=self.currency)
        return account_from_number(number, bank=bank, kind=kind, currency=self.currency)

    def add(self, batch: list[StagedTransaction]) -> None:
        days = list(map(itemgetter(1), batch))
        first, last = min(days), max(days)
        self._first = first if self._first is None else min(self._first, first)
        self._last = last if self._last is None else max(self._last, last)
        self._rows += len(batch)
        amounts: dict[str | None, list[int]] = {}
        currencies = list(map(itemgetter(3), batch))
        if currencies.count(self.currency) == len(batch):
            amounts[self.currency] = list(map(itemgetter(2), batch))
        else:
            for row in batch:
                amounts.setdefault(row.currency, []).append(row.amount)
        for currency, units in amounts.items():
            total = sum(units)
            money_in = sum([amount for amount in units if amount > 0])
            self.money_in[currency] = self.money_in.get(currency, 0) + money_in
            self.money_out[currency] = self.money_out.get(currency, 0) + total - money_in

    def end(self, decimal: str | None) -> Statement:
        closing, proof = self._proof(decimal)
        return Statement(
            account=self.account or self.own_account(),
            currency=self.currency,
            first_date=self._first,
            last_date=self._last,
            opening_balance=None,
            closing_balance=closing,
            rows=self._rows,
            money_in=self.money_in,
            money_out=self.money_out,
            proof=proof,
            issues=tuple(self._issues),
        )

    def _proof(self, decimal: str | None) -> tuple[int | None, Proof]:
        """The closing balance, where it is one of these rows, and what it says of them."""
        total = sum(self.money_in.values()) + sum(self.money_out.values())
        amount = self._values.get(("LEDGERBAL", "BALAMT"))
        as_of = self._values.get(("LEDGERBAL", "DTASOF"))
        if amount is None or (as_of is not None and is_no_date(as_of)):
            return None, opening_and_closing(None, None, total, self._rows)
        try:
            closing = parse_amount(amount, decimal)
            day = None if as_of is None else parse_date(as_of)
        except ValueError as error:
            self._issues.append(Issue("unreadable-balance", f"The closing balance cannot be read: {error}."))
            return None, opening_and_closing(None, None, total, self._rows)
        if day is not None and self._last is not None and day < self._last:
            why = f"The stated balance is of {day}, but the rows go on to {self._last}; it proves no row."
            return None, Proof(Verdict.UNPROVED, "opening and closing", why)
        return closing, opening_and_closing(None, closing, total, self._rows)


def _described(name: str, memo: str) -> tuple[str, str]:
    """Description and merchant of a row with these texts (raw, as in the file)."""
    short, long = text_of(name), text_of(memo)
    if not long or long in short:
        return short, merchant(short)
    if not short or short in long:  # names are cut at 32 characters, the memo has all of it
        return long, merchant(long)
    return f"{short} - {long}", merchant(long if says_only_how(short) else short)


def _nameless(kind: str | None, number: str | None) -> tuple[str, str]:
    """Description and merchant of a row that has neither name nor memo."""
    kind = (kind or "").strip().upper()
    word = _TYPES.get(kind, "")
    number = text_of(number or "")
    if number.strip("0") and (kind == "CHECK" or not word):
        return f"{word or 'Check'} {number}", word or "Check"
    return word, word


def _reference(raw: str | None) -> str | None:
    reference = text_of(raw) if raw else ""
    return None if reference.upper().lstrip("0") in _NO_REFERENCE else reference


def _currency(raw: str) -> str | None:
    code = raw.strip().upper()
    return code if len(code) == 3 and code.isascii() and code.isalpha() else None


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
    pieces = []
    at = 0
    while (start := text.find("<!--", at)) >= 0:
        end = text.find("-->", start + 4)
        if end < 0:
            return "".join([*pieces, text[at:start]]), text[start:]
        pieces += [text[at:start], "\n" * text.count("\n", start, end)]
        at = end + 3
    return "".join([*pieces, text[at:]]), ""
