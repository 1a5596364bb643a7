"""Bytes of a bank's file in, a stream of statements out. The format is told by the content, never by the name."""

from dataclasses import dataclass
from typing import BinaryIO

from smartimport_cli.core.model import (
    Choices,
    Reading,
    Rows,
    StagedTransaction,
    Statement,
    StatementStart,
    Unreadable,
)
from smartimport_cli.statements.detect import HEAD, detect


@dataclass(frozen=True, slots=True)
class Collected:
    """One statement with all its rows, for callers that know it to be small."""

    statement: Statement
    rows: list[StagedTransaction]
    unreadable: list[Unreadable]


def read(source: BinaryIO, *, name: str, size: int, choices: Choices = Choices()) -> Reading:  # noqa: B008
    """How the statement in `source` (seekable, `size` bytes, shown as `name`) is understood; rows come lazily.

    Raises FileRefused `empty-file`, `unsupported-format`, `no-transactions` or `ambiguous` (its details hold
    the question that a choice would answer).
    """
    source.seek(0)
    head = source.read(HEAD)
    source.seek(0)
    if choices.format:
        format_ = {"qfx": "ofx", "csv": "delimited", "tsv": "delimited"}.get(choices.format, choices.format)
    else:
        format_ = detect(head, name)
    if format_ == "ofx":
        from smartimport_cli.statements import ofx

        return ofx.read(source, name=name, size=size, choices=choices)
    from smartimport_cli.statements import delimited

    return delimited.read(source, name=name, size=size, choices=choices)


def collect(reading: Reading) -> list[Collected]:
    """All parts of a reading in memory, one entry a statement."""
    statements: list[Collected] = []
    rows: list[StagedTransaction] = []
    unreadable: list[Unreadable] = []
    for part in reading.parts:
        match part:
            case StatementStart():
                rows, unreadable = [], []
            case Rows():
                rows.extend(part.rows)
            case Unreadable():
                unreadable.append(part)
            case Statement():
                statements.append(Collected(part, rows, unreadable))
    return statements
