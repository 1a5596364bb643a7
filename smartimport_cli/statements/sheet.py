"""Workbooks: each sheet is a table like a delimited file, read by the same rules.

Opening (and what is heavy or risky about it) is `core.documents.Documents`' part; here is which sheets hold
transactions, and whose they are.
"""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import chain
from typing import BinaryIO, NamedTuple

from smartimport_cli.core.documents import Sheet
from smartimport_cli.core.errors import FileRefused
from smartimport_cli.core.identity import account_from_label
from smartimport_cli.core.model import (
    SHEET,
    Account,
    Choices,
    Evidence,
    Issue,
    Part,
    Reading,
    Rows,
    StagedTransaction,
    Statement,
    StatementStart,
    Unreadable,
)
from smartimport_cli.statements import delimited
from smartimport_cli.statements.delimited.dialect import Dialect
from smartimport_cli.statements.delimited.words import MONTHS, normal
from smartimport_cli.statements.detect import unsupported
from smartimport_cli.statements.formats import Resources

_TABS = Dialect("\t", None, "", blanks=False)
_SHOWN = 8  # sheets that are named
_ONE_BATCH = 1 << 15  # bytes of text whose rows surely come at once


class _Table(NamedTuple):
    """A sheet that reads as transactions: its first rows, and all its parts."""

    sheet: Sheet
    reading: Reading
    account: str  # its key
    first: list[StagedTransaction]
    parts: Iterator[Part]


def read(source: BinaryIO, *, name: str, size: int, choices: Choices, resources: Resources) -> Reading:
    """How the workbook in `source` is understood: a statement for each sheet (or account) with transactions.

    Raises FileRefused as `delimited.read` does where no sheet can be read, and what `Documents` raises.
    """
    if resources.documents is None:
        raise unsupported(name, "a workbook")
    kind = _kind(source)
    tables: list[_Table] = []
    others: dict[str, str] = {}
    refusals: list[FileRefused] = []
    with ExitStack() as opened:
        for sheet in resources.documents.sheets(source, name=name):
            opened.enter_context(sheet.text)
            try:
                if not sheet.hidden:
                    tables.append(_read(sheet, name, choices))
                    continue
                others[_called(sheet)] = "hidden"
            except FileRefused as refused:
                if refused.code == "ambiguous":
                    raise
                refusals.append(refused)
                others[_called(sheet)] = "no transactions in it"
            sheet.text.close()
        if not tables:
            raise _nothing(name, refusals)
        issues: list[Issue] = []
        tables = _without_summaries(tables, others)
        tables = _without_repetitions(tables, others, issues)
        evidence = _evidence(kind, others)
        expected = sum(table.reading.expected_rows or 0 for table in tables)
        parts = _parts(tables, evidence, issues, opened.pop_all())
        begun = [next(parts)]  # what has begun closes its texts, even where nobody reads on
        return Reading(kind, evidence, chain(begun, parts), issues, expected)


def _kind(source: BinaryIO) -> str:
    source.seek(0)
    head = source.read(512)
    if head.startswith(b"PK"):
        return "ods" if head[30:].startswith(b"mimetype") else "xlsx"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "xls"
    return "xml" if b"<?mso-application" in head or b"urn:schemas-microsoft" in head else "html"


def _read(sheet: Sheet, name: str, choices: Choices) -> _Table:
    first = 1 if sheet.number == 1 else sheet.number * SHEET + 1
    called = f"{name}, sheet {sheet.name}" if sheet.name else name
    reading = delimited.read(
        sheet.text, name=called, size=sheet.size, choices=choices, cut=_TABS._replace(first=first)
    )
    begun: list[Part] = []
    account = ""
    for part in reading.parts:
        begun.append(part)
        if isinstance(part, StatementStart):
            account = part.account.key
        if isinstance(part, Rows):
            return _Table(sheet, reading, account, part.rows, chain(begun, reading.parts))
    if any(isinstance(part, Unreadable) for part in begun):
        return _Table(sheet, reading, account, [], iter(begun))
    raise FileRefused(
        "no-transactions", f"{called} has no transactions in it.", hint="Download it for a period with transactions."
    )


def _without_summaries(tables: list[_Table], others: dict[str, str]) -> list[_Table]:
    """Where some sheets describe their rows, those that do not are sums by day, month or category."""
    described = [
        table for table in tables if any(row.description for row in table.first) and not _by_category(table)
    ]
    for table in tables if described else []:
        if table not in described:
            others[_called(table.sheet)] = "its rows have no description: a summary"
    return described or tables


def _by_category(table: _Table) -> bool:
    """Whether categories are all that a sheet says of its rows."""
    layout = table.reading.layout
    roles = {column.role for column in layout.columns} if layout else set()
    return "category" in roles and not roles & {"description", "payee"}


def _without_repetitions(tables: list[_Table], others: dict[str, str], issues: list[Issue]) -> list[_Table]:
    """A short sheet all of whose rows stand in another one of the same account is a selection from that."""
    rows = {table.sheet.number: _rows_of(table) for table in tables}
    kept: list[_Table] = []
    for table in sorted(tables, key=lambda table: -len(table.first)):
        mine = rows[table.sheet.number]
        same = next((other for other in kept if mine <= rows[other.sheet.number]), None)
        if same is None or table.sheet.size > _ONE_BATCH:
            kept.append(table)
            continue
        own, whole = _called(table.sheet), _called(same.sheet)
        others[own] = f"its rows stand in {whole} too"
        issues.append(Issue("sheet-repeats", f"The rows of {own} stand in {whole} too; they are taken once."))
    return sorted(kept, key=lambda table: table.sheet.number)


def _rows_of(table: _Table) -> Counter[tuple[str, StagedTransaction]]:
    """The first rows with their account, wherever they stand."""
    return Counter((table.account, row._replace(line=0, issues=())) for row in table.first)


def _nothing(name: str, refused: list[FileRefused]) -> FileRefused:
    """The refusal that says the most: that of a sheet which has a table, where there is one."""
    for code in ("no-such-column", "no-such-line", "wrong-choice", "no-transactions", "unsupported-format"):
        if found := [refusal for refusal in refused if refusal.code == code]:
            return found[0]
    return FileRefused("no-transactions", f"{name} has no sheet with anything in it.")


def _evidence(kind: str, others: dict[str, str]) -> list[Evidence]:
    found = [Evidence("format", kind, "its content says so")]
    found += [Evidence("other sheet", name, why) for name, why in [*others.items()][:_SHOWN]]
    if len(others) > _SHOWN:
        found.append(Evidence("other sheets", f"{len(others) - _SHOWN} more", "no transactions in them"))
    return found


def _called(sheet: Sheet) -> str:
    return sheet.name or f"sheet {sheet.number}"


def _parts(
    tables: list[_Table], evidence: list[Evidence], issues: list[Issue], opened: ExitStack
) -> Iterator[Part]:
    """The parts of all sheets, one after the other; their texts are closed at the end."""
    with opened:
        for sheet, reading, _, _, parts in tables:
            own = _account_of_sheet(sheet) if len(tables) > 1 else None
            for part in parts:
                if own and isinstance(part, StatementStart | Statement) and part.account.label == _UNNAMED:
                    part = replace(part, account=replace(own, currency=part.account.currency))
                yield part
            if len(tables) > 1:
                evidence.append(Evidence("sheet", _called(sheet), "it holds transactions"))
            evidence.extend(reading.evidence)
            issues.extend(reading.issues)


_UNNAMED = "unnamed account"
_GENERIC = re.compile(r"(sheet|tabelle|feuil|feuille|hoja|foglio|planilha|blad|arkusz|list|munka|ark|taul|лист|工作表)\w*")


def _account_of_sheet(sheet: Sheet) -> Account | None:
    """Several sheets of one workbook are several accounts, unless they are called after months or numbers."""
    words = [word for word in normal(sheet.name).split() if not word.isdecimal()]
    if all(word in MONTHS or _GENERIC.fullmatch(word) for word in words):
        return None
    return account_from_label(sheet.name, currency=None)
