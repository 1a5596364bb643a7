"""Delimited text of any bank, without configuration.

`dialect` cuts bytes into cells (`records` text that has no delimiters, `sections` a file of several tables), `table`
finds header and rows; `layout`, `amounts`, `currency` and `account` find what the columns are. `survey` decides between
possible readings, balances first (`trials`), then evidence (`decimals`, `sign`, `date_order`), and makes a `plan`;
`rows` reads all rows by it, and `proving` proves them. `words`, `dates` and `numbers` know how banks write.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import BinaryIO

from smartimport_cli.core.errors import FileRefused
from smartimport_cli.core.identity import account_from_layout
from smartimport_cli.core.model import (
    Choices,
    Evidence,
    Issue,
    Part,
    Reading,
    Rows,
    Statement,
    StatementStart,
    Unreadable,
)
from smartimport_cli.statements.delimited import records, rows, sections
from smartimport_cli.statements.delimited.dialect import Dialect
from smartimport_cli.statements.delimited.plan import Plan
from smartimport_cli.statements.delimited.survey import NothingInIt, Surveyor
from smartimport_cli.statements.formats import Resources
from smartimport_cli.statements.proof import NOTHING

__all__ = ["read"]


def read(
    source: BinaryIO,
    *,
    name: str,
    size: int,
    choices: Choices,
    resources: Resources = Resources(),  # noqa: B008 - immutable
    cut: Dialect | None = None,
) -> Reading:
    """How the delimited text in `source` is understood. `cut` says how UTF-8 text is cut into cells, where that
    is known; else it is found out, and text without delimiters is made a table (`records`). A file that only names
    its columns is read as a statement without rows, and doubted.

    Raises FileRefused `no-transactions`, `unsupported-format`, or `ambiguous`, whose details hold the question
    that a choice would answer.
    """
    if cut is None and (rows_alone := records.unwrapped(source, name, size, choices.encoding)):
        source, size = rows_alone, len(rows_alone.getbuffer())
        choices = replace(choices, encoding=None)
    surveyor = Surveyor(source, name, size, choices, resources.descriptions(), cut)
    try:
        plan = surveyor.plan()
    except NothingInIt as nothing:
        return _empty(surveyor, nothing)
    except FileRefused as refused:
        if refused.code != "unsupported-format" or cut or choices.delimiter:
            raise
        table = records.tabulated(source, name, size, choices.encoding)
        if table is None:
            raise
        return read(table, name=name, size=len(table.getbuffer()), choices=choices, resources=resources, cut=records.TABS)
    if not choices.columns and choices.header is None:
        several = _of_sections(source, plan, name=name, size=size, choices=choices, resources=resources)
        if several is not None:
            return several
    parts = rows.parts(source, plan, size)
    begun = _until_rows(parts)
    if not any(isinstance(part, Rows) for part in begun):
        unread = [part for part in begun if isinstance(part, Unreadable)]
        why = f" ({unread[0].source}: {unread[0].reason})" if unread else ""
        raise FileRefused(
            "no-transactions",
            f"{name} has no row that can be read as a transaction{why}.",
            hint="Look at it with smartimport inspect, or say what its columns are with --column.",
        )
    return Reading(
        "csv",
        plan.evidence,
        chain(begun, parts),
        plan.issues,
        _estimate(source, size, plan.first_line - plan.dialect.first + 1),
        plan.layout,
    )


def _of_sections(
    source: BinaryIO, plan: Plan, *, name: str, size: int, choices: Choices, resources: Resources
) -> Reading | None:
    """The reading of a file that has several tables one below the other, each a statement; None where it has one,
    or one of them cannot be read alone."""
    found = sections.sections(source, size, plan.encoding, plan.dialect)
    readings: list[Reading] = []
    for section in found:
        text = section.text.encode()
        whole = plan.dialect
        own = whole._replace(first=whole.first + section.first - 1, skip=0 if section.first > 1 else whole.skip)
        try:
            readings.append(
                read(io.BytesIO(text), name=name, size=len(text), choices=choices, resources=resources, cut=own)
            )
        except FileRefused:
            return None
    if not readings:
        return None
    evidence = [said for said in plan.evidence if said.what in ("encoding", "delimiter")]
    issues: list[Issue] = []
    expected = sum(reading.expected_rows or 0 for reading in readings)
    return Reading("csv", evidence, _in_turn(readings, evidence, issues), issues, expected, readings[0].layout)


def _in_turn(readings: Sequence[Reading], evidence: list[Evidence], issues: list[Issue]) -> Iterator[Part]:
    """The parts of one table after the other, and what is found out about each."""
    for reading in readings:
        yield from reading.parts
        evidence.extend(reading.evidence)
        issues.extend(reading.issues)


def _empty(surveyor: Surveyor, nothing: NothingInIt) -> Reading:
    """The reading of a statement without rows, which says so."""
    account = account_from_layout("empty", "unnamed account", currency=surveyor.choices.currency)
    statement = Statement(account, surveyor.choices.currency, None, None, None, None, 0, {}, {}, NOTHING)
    issue = Issue(nothing.code, nothing.message)
    return Reading("csv", surveyor.evidence, iter([StatementStart(account), statement]), [issue])


def _until_rows(parts: Iterator[Part]) -> list[Part]:
    """The parts up to the first rows, to know that there are some."""
    begun = []
    for part in parts:
        begun.append(part)
        if isinstance(part, Rows):
            break
    return begun


def _estimate(source: BinaryIO, size: int, first_line: int) -> int | None:
    """How many rows there are, by the length of the first lines."""
    position = source.tell()
    source.seek(0)
    head = source.read(1 << 16)
    source.seek(position)
    lines = max(head.count(b"\n"), head.count(b"\r"), 1)
    return max(round(size / max(len(head), 1) * lines) - first_line + 1, 1)
