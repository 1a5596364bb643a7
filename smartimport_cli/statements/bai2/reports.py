"""Text in, parts of a reading out: details become rows; balances and totals their proof; the sums and counts of
trailers are held against what was read."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import repeat
from operator import itemgetter

from smartimport_cli.core.identity import account_from_layout, account_from_number
from smartimport_cli.core.model import (
    Choices,
    Evidence,
    Issue,
    Part,
    Rows,
    StagedTransaction,
    StatementStart,
    Unreadable,
    where,
)
from smartimport_cli.core.privacy import mask_numbers
from smartimport_cli.core.text import clean, shorten
from smartimport_cli.statements.accounts import Accounts
from smartimport_cli.statements.bai2 import values
from smartimport_cli.statements.bai2.account import Report
from smartimport_cli.statements.bai2.records import Found, Piece, Record, Records, parse_fields, parse_record
from smartimport_cli.statements.bai2.rows import NON_MONETARY, RowReader, parse_detail
from smartimport_cli.statements.proof import BalanceChain

_AMOUNT, _MORE = itemgetter(2), itemgetter(7)  # of what is found
_ISSUES = 1000  # that are told of the file as a whole
_BATCH = 4096  # rows in one part at the most
_DEFAULT_CURRENCY = "USD"  # specification, 02 record
_STATUS = {
    "2": "takes back what was reported for these accounts and day",
    "3": "replaces what was reported for these accounts and day",
    "4": "is a test, not a report",
}
_AS_OF = {
    "1": "interim report of an earlier day", "2": "final report of an earlier day",
    "3": "interim report of the same day", "4": "final report of the same day",
}  # fmt: skip


class Reports:
    """Feed it text; it yields parts. `issues` are complete after the end, `evidence` after the first row."""

    def __init__(self, choices: Choices) -> None:
        self.issues: list[Issue] = []
        self.evidence: list[Evidence] = []
        self._untold = 0
        self._assumed = False  # the currency of an account
        self._currency = choices.currency
        self._accounts = Accounts(choices, self.issues)
        self._chain = BalanceChain()
        self._days: dict[str, date | None] = {}  # as-of date of each account's last report
        self._records = Records()
        self._reader = RowReader()
        self._batch: list[StagedTransaction] = []
        self._position = 0
        self._file: _Level | None = None
        self._group = _Group(0)
        self._report: Report | None = None
        self._outside: list[int] = []  # lines before any account that are no records: the first, how many

    def feed(self, text: str, position: int, *, final: bool = False) -> Iterator[Part]:
        """The next text of the file, which has been read up to byte `position`."""
        self._position = position
        found, lines = self._records.feed(text, final=final)
        types = [record[1] for record in found]
        types.append("")
        at = 0
        while at < len(found):
            if types[at]:
                end = types.index("", at)
                yield from self._details(found[at:end], lines[at:end])
                at = end
            else:
                yield from self._record(found[at][0], lines[at])
                at += 1
        if final:
            yield from self._finish()
        elif self._batch:
            yield self._flush()

    # Transactions

    def _details(self, found: list[Found], lines: list[int]) -> Iterator[Part]:
        """Transactions that look plain."""
        report, day = self._report, self._group.day
        if report is None or report.closed or day is None or not self._reader.are_plain(found):
            for record, line in zip(found, lines, strict=True):
                yield from self._record(record[0], line)
            return
        for at in range(0, len(found), _BATCH):
            some = found[at : at + _BATCH]
            rows = list(self._reader.many(some, lines[at : at + _BATCH], day, report.currency))
            self._batch += rows
            report.control += sum(map(int, map(_AMOUNT, some)))
            self._count(len(some) + sum(map(str.count, map(_MORE, some), repeat("\n"))))
            if len(self._batch) >= _BATCH:
                yield self._flush()

    def _detail(self, record: Record) -> Iterator[Part]:
        """One transaction of any layout."""
        report = self._report
        if report is None or report.closed:
            report = yield from self._begin(record.pieces[0].line, "", "")
            report.doubt("no-account", "The transactions are in no account: a 03 record is missing.")
        first = record.pieces[0]
        if first.text.startswith(NON_MONETARY + ","):
            message = parse_detail(record.pieces, None).text
            report.message(first.line, shorten(mask_numbers(clean(message[:400])), 120))
            return
        try:
            row, detail = self._reader.one(record.pieces, first.line, self._group.day, report.currency)
        except ValueError as error:
            report.control += _amount_of(first.text)
            yield from self._flushed()
            yield _unreadable(record.pieces, str(error), "16,")
            return
        report.control += values.parse_amount(detail.amount)
        self._batch.append(row)
        if len(self._batch) >= _BATCH:
            yield self._flush()

    def _flush(self) -> Rows:
        batch, self._batch = self._batch, []
        if self._report is not None:
            self._report.add(batch)
        return Rows(batch, self._position)

    def _flushed(self) -> Iterator[Part]:
        if self._batch:
            yield self._flush()

    # Records

    def _record(self, whole: str, line: int) -> Iterator[Part]:
        record = parse_record(whole, line)
        self._count(record.lines)
        match record.code:
            case "01":
                self._begin_file(record)
            case "02":
                yield from self._end_report()
                self._begin_group(record)
            case "03":
                yield from self._identify(record)
            case "16":
                yield from self._detail(record)
            case "49":
                self._end_account(record)
            case "98":
                self._end_group(record)
            case "99":
                self._end_file(record)
        for stray in record.strays:
            if self._report is None:
                self._outside = self._outside or [stray.line, 0]
                self._outside[1] += 1
                continue
            yield from self._flushed()
            yield _unreadable([stray], "the line is no record of a BAI2 file")

    def _count(self, records: int) -> None:
        if self._report is not None and not self._report.closed:
            self._report.records += records
        self._group.records += records
        if self._file is not None:
            self._file.records += records

    # Headers and trailers

    def _begin_file(self, record: Record) -> None:
        fields = [field for field, _ in parse_fields(record)] + [""] * 8
        line = record.pieces[0].line
        if fields[5].isdecimal() and int(fields[5][:4]):
            self._reader.expect(int(fields[5][:4]))
        if fields[7] not in ("", "2"):
            said = f"The file says that it is of version {clean(fields[7])[:24]}; it is read as version 2."
            self._tell(Issue("version", said, where(line)))
        self._file = _Level(line, record.lines)

    def _begin_group(self, record: Record) -> None:
        fields = [field for field, _ in parse_fields(record)] + [""] * 7
        _, bank, status, day, _, currency, modifier = fields[:7]
        line = record.pieces[0].line
        if self._group.line and not self._group.closed:
            self._no_trailer("group", self._group.line, "98")
        self._group = group = _Group(line, record.lines)
        group.bank = bank
        if self._file is not None:
            self._file.parts += 1
        try:
            group.day = values.parse_day(day)
        except ValueError as error:
            self._tell(Issue("no-as-of-date", f"The group's as-of date: {error}.", where(line)))
        group.currency = self._currency_of(currency, "", line)
        if status in _STATUS:
            said = f"By its status {status} the group {_STATUS[status]}."
            self._tell(Issue("group-status", said, where(line)))
        if modifier in _AS_OF and not self.evidence:
            self.evidence.append(Evidence("report", _AS_OF[modifier], f"the first group says {modifier}"))

    def _identify(self, record: Record) -> Iterator[Part]:
        (number, line), *fields = parse_fields(record)
        currency = fields[0][0] if fields else ""
        report = yield from self._begin(line, number, currency)
        report.records = record.lines
        self._group.parts += 1
        if not any(map(str.isalnum, number)):
            report.doubt("no-account", "The 03 record names no account.")
        try:
            for summary in values.parse_summaries(fields[1:]):
                report.take(summary)
        except ValueError as error:
            report.doubt("unreadable-balance", f"The balances cannot be read: {error}.")

    def _begin(self, line: int, number: str, currency: str) -> Generator[Part, None, Report]:
        yield from self._end_report()
        group = self._group
        code = self._currency or self._currency_of(currency, group.currency or _DEFAULT_CURRENCY, line)
        if not (currency or group.currency or self._currency) and not self._assumed:
            self._assumed = True
            self.evidence.append(Evidence("currency", code, "none is stated, and that means US dollars"))
        if any(map(str.isalnum, number)):
            own = account_from_number(number, bank=group.bank, currency=code)
        else:
            own = account_from_layout(f"bai2:{group.bank}:{code}", "account", currency=code)
        self._report = report = Report(line, own, self._accounts.of(own), code)
        yield StatementStart(report.owner)
        return report

    def _currency_of(self, text: str, default: str, line: int) -> str:
        if not text:
            return default
        if len(text) == 3 and text.isascii() and text.isalpha():
            return text.upper()
        said = f"'{clean(text)[:24]}' is no currency; {default or _DEFAULT_CURRENCY} is taken."
        self._tell(Issue("unknown-currency", said, where(line)))
        return default

    def _end_account(self, record: Record) -> None:
        report = self._report
        if report is None or report.closed:
            self._misplaced(record, "an account")
            return
        report.closed = True
        stated, doubts = _trailer(record, "account", report.control, None, report.records)
        report.issues += doubts
        self._group.total += report.control if stated is None else stated

    def _end_group(self, record: Record) -> None:
        group = self._group
        if not group.line or group.closed:
            self._misplaced(record, "a group")
            return
        group.closed = True
        stated, doubts = _trailer(record, "group", group.total, ("accounts", group.parts), group.records)
        self._tell(*doubts)
        if self._file is not None:
            self._file.total += group.total if stated is None else stated

    def _end_file(self, record: Record) -> None:
        file = self._file
        if file is None or file.closed:
            self._misplaced(record, "a file")
            return
        file.closed = True
        _, doubts = _trailer(record, "file", file.total, ("groups", file.parts), file.records)
        self._tell(*doubts)

    def _tell(self, *issues: Issue) -> None:
        """Of the file as a whole; of a file that is wrong everywhere, the first ones."""
        room = max(_ISSUES - len(self.issues), 0)
        self.issues.extend(issues[:room])
        self._untold += len(issues[room:])

    def _misplaced(self, record: Record, what: str) -> None:
        said = f"A {record.code} record ends {what} that has not begun: records may be missing."
        self._tell(Issue("record-order", said, where(record.pieces[0].line)))

    def _no_trailer(self, what: str, line: int, code: str) -> None:
        said = f"The {what} that begins at {where(line)} does not end with a {code} record: rows may be missing."
        self._tell(Issue("truncated", said, where(line)))

    def _end_report(self) -> Iterator[Part]:
        yield from self._flushed()
        report, self._report = self._report, None
        if report is None:
            return
        if not report.closed:
            self._no_trailer("account", report.line, "49")
        statement = report.statement()
        gap = self._chain.follow(
            report.own.key, report.currency, statement.opening_balance, statement.closing_balance, where(report.line),
        )  # fmt: skip
        before = self._days.get(report.own.key)
        self._days[report.own.key] = self._group.day
        if gap is not None and before != self._group.day:  # reports of one day begin with the same balance
            statement = replace(statement, issues=(*statement.issues, gap))
        yield statement

    def _finish(self) -> Iterator[Part]:
        yield from self._end_report()
        if self._group.line and not self._group.closed:
            self._no_trailer("group", self._group.line, "98")
        if self._file is None:
            self._tell(
                Issue("truncated", "The file has no 01 record at its beginning: rows may be missing.")
            )
        elif not self._file.closed:
            self._no_trailer("file", self._file.line, "99")
        if self._outside:
            first, count = self._outside
            said = f"{count} lines before the first account are no records of a BAI2 file."
            self._tell(Issue("unreadable-record", said, where(first)))
        if self._untold:
            self.issues.append(Issue("more-issues", f"There are {self._untold} more issues of this kind."))


@dataclass(slots=True)
class _Level:
    """A file or a group while it is read: what its trailer is held against."""

    line: int
    records: int = 0
    total: int = 0  # of the trailers in it, as they say
    parts: int = 0  # groups of a file, accounts of a group
    closed: bool = False


@dataclass(slots=True)
class _Group(_Level):
    day: date | None = None  # as-of date
    currency: str = ""
    bank: str = ""


def _trailer(
    record: Record, what: str, total: int, parts: tuple[str, int] | None, records: int
) -> tuple[int | None, list[Issue]]:
    """The control total that a 49, 98 or 99 record states, and where the record does not agree with what was read."""
    fields = parse_fields(record)
    expected: list[tuple[str, str, int]] = [
        ("control-total", "control total", total),
        *([("part-count", f"number of {parts[0]}", parts[1])] if parts else []),
        ("record-count", "number of records", records),
    ]
    stated: int | None = None
    issues: list[Issue] = []
    for (text, line), (code, name, found) in zip(fields, expected, strict=False):
        if not text:
            continue
        try:
            said = values.parse_amount(text)
        except ValueError as error:
            issues.append(Issue(code, f"The {what}'s {name}: {error}.", where(line)))
            continue
        if code == "control-total":
            stated = said
        if said != found:
            message = f"The {what}'s {name} is {said} by its {record.code} record, {found} as read."
            issues.append(Issue(code, message, where(line)))
    return stated, issues


def _unreadable(pieces: list[Piece], reason: str, code: str = "") -> Unreadable:
    text = code + " ".join([piece.text for piece in pieces])[:400]
    return Unreadable(pieces[0].line, reason, shorten(mask_numbers(clean(text)), 120))


def _amount_of(text: str) -> int:
    """The amount of a 16 record that cannot be read otherwise: control totals count it."""
    try:
        return values.parse_amount(text.split(",", 2)[1].strip())
    except (IndexError, ValueError):
        return 0
