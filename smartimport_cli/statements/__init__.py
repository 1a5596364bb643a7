"""Bytes of a bank's file in, a stream of statements out. The format is told by the content, never by the name."""

from dataclasses import dataclass
from importlib import import_module
from typing import BinaryIO

from smartimport_cli.core.errors import FileRefused
from smartimport_cli.core.model import (
    Choices,
    Reading,
    Rows,
    StagedTransaction,
    Statement,
    StatementStart,
    Unreadable,
)
from smartimport_cli.statements.detect import HEAD, detect, unsupported
from smartimport_cli.statements.formats import Reader, Resources, by_name

_UNKNOWN = ("unsupported-format", "no-transactions")  # what is refused so may be another reader's


@dataclass(frozen=True, slots=True)
class Collected:
    """One statement with all its rows, for callers that know it to be small."""

    statement: Statement
    rows: list[StagedTransaction]
    unreadable: list[Unreadable]


def read(
    source: BinaryIO,
    *,
    name: str,
    size: int,
    choices: Choices = Choices(),  # noqa: B008 - immutable
    resources: Resources = Resources(),  # noqa: B008 - immutable
) -> Reading:
    """How the statement in `source` (seekable, `size` bytes, shown as `name`) is understood; rows come lazily.

    Readers of other packages are asked where none that is built in knows the file, or where `choices` name one.
    Raises FileRefused `empty-file`, `unsupported-format`, `no-transactions`, `ambiguous` (its details hold
    the question that a choice would answer), or what `Documents` raises.
    """
    source.seek(0)
    head = source.read(HEAD)
    source.seek(0)

    def by(reader: Reader) -> Reading:
        return reader.read(source, name=name, size=size, choices=choices, resources=resources)

    try:
        wanted = choices.format or detect(head, name)
        if (format_ := by_name(wanted)) is not None:
            return by(import_module(f"{__name__}.{format_.module}"))
        raise unsupported(name, f"a {wanted} file")
    except FileRefused as refusal:
        if refusal.code not in _UNKNOWN or by_name(choices.format or "") is not None:
            raise
        from smartimport_cli.statements.plugins import read_with

        source.seek(0)
        reading = read_with(resources.plugins(), head, choices.format, refusal, by)
        if reading is None:
            raise
        return reading


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
