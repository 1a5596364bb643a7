"""Workbooks: each sheet is a table like a delimited file, read by the same rules.

Opening (and what is heavy or risky about it) is `core.documents.Documents`' part; here is which sheets hold
transactions, and whose they are.
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
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
    Statement,
    StatementStart,
)
from smartimport_cli.statements import delimited
from smartimport_cli.statements.delimited.dialect import Dialect
from smartimport_cli.statements.delimited.words import MONTHS, normal
from smartimport_cli.statements.detect import unsupported
from smartimport_cli.statements.formats import Resources

_TABS = Dialect("\t", None, "", blanks=False)
_SHOWN = 8  # sheets that are named


class _Table(NamedTuple):
    """A sheet that holds transactions."""

    sheet: Sheet
    reading: Reading


def read(source: BinaryIO, *, name: str, size: int, choices: Choices, resources: Resources) -> Reading:
    """How the workbook in `source` is understood: a statement for each sheet (or account) with transactions.

    Raises FileRefused as `delimited.read` does where no sheet can be read, and what `Documents` raises.
    """
    if resources.documents is None:
        raise unsupported(name, "a workbook")
    kind = _kind(source)
    tables: list[_Table] = []
    others: list[tuple[Sheet, FileRefused | None]] = []
    with ExitStack() as opened:
        for sheet in resources.documents.sheets(source, name=name):
            opened.enter_context(sheet.text)
            try:
                if sheet.hidden:
                    others.append((sheet, None))
                else:
                    tables.append(_Table(sheet, _read(sheet, name, choices)))
                    continue
            except FileRefused as refused:
                if refused.code == "ambiguous":
                    raise
                others.append((sheet, refused))
            sheet.text.close()
        if not tables:
            raise _nothing(name, [refused for _, refused in others if refused])
        evidence = _evidence(kind, tables, others)
        issues: list[Issue] = []
        expected = sum(table.reading.expected_rows or 0 for table in tables)
        return Reading(kind, evidence, _parts(tables, evidence, issues, opened.pop_all()), issues, expected)


def _kind(source: BinaryIO) -> str:
    source.seek(0)
    head = source.read(256)
    if head.startswith(b"PK"):
        return "ods" if b"opendocument" in head else "xlsx"
    return "xls" if head.startswith(b"\xd0\xcf\x11\xe0") else "html"


def _read(sheet: Sheet, name: str, choices: Choices) -> Reading:
    first = 1 if sheet.number == 1 else sheet.number * SHEET + 1
    called = f"{name}, sheet {sheet.name}" if sheet.name else name
    return delimited.read(
        sheet.text, name=called, size=sheet.size, choices=choices, cut=_TABS._replace(first=first)
    )


def _nothing(name: str, refused: list[FileRefused]) -> FileRefused:
    """The refusal that says the most: that of a sheet which has a table, where there is one."""
    for code in ("no-such-column", "no-such-line", "wrong-choice", "no-transactions", "unsupported-format"):
        if found := [refusal for refusal in refused if refusal.code == code]:
            return found[0]
    return FileRefused("no-transactions", f"{name} has no sheet with anything in it.")


def _evidence(
    kind: str, tables: list[_Table], others: list[tuple[Sheet, FileRefused | None]]
) -> list[Evidence]:
    found = [Evidence("format", kind, "its content says so")]
    if others:
        shown = ", ".join(_called(sheet) for sheet, _ in others[:_SHOWN])
        reasons = {"hidden" if refused is None else "no table of transactions in it" for _, refused in others}
        found.append(Evidence("other sheets", shown + (" ..." if len(others) > _SHOWN else ""), ", ".join(sorted(reasons))))
    return found


def _called(sheet: Sheet) -> str:
    return sheet.name or f"sheet {sheet.number}"


def _parts(
    tables: list[_Table], evidence: list[Evidence], issues: list[Issue], opened: ExitStack
) -> Iterator[Part]:
    """The parts of all sheets, one after the other; their texts are closed at the end."""
    with opened:
        for sheet, reading in tables:
            own = _account_of_sheet(sheet) if len(tables) > 1 else None
            for part in reading.parts:
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
