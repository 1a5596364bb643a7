"""What every reader promises of any bytes: a statement or a clear refusal, in bounded time and memory.

One target serves all formats: it goes through `statements.read` as every command does.
"""

import io

from smartimport_cli.core.errors import SmartImportError
from smartimport_cli.core.model import Choices, Rows, Statement, StatementStart, Unreadable
from smartimport_cli.statements import read
from smartimport_cli.statements.formats import Resources


def check(data: bytes, format_: str | None, resources: Resources = Resources()) -> int:  # noqa: B008 - immutable
    """Read `data` as `format_` (None: as detected); how many rows came out, -1 where it was refused.

    Raises AssertionError where the parts contradict what readers promise of them; whatever else a reader
    raises but a refusal comes through, and is a crash.
    """
    try:
        return _rows_of(data, format_, resources)
    except SmartImportError as error:
        refusal = error
    assert refusal.code and refusal.message.isprintable(), "a refusal that can act on a terminal"
    return -1


def _rows_of(data: bytes, format_: str | None, resources: Resources) -> int:
    reading = read(
        io.BytesIO(data), name="fuzz", size=len(data), choices=Choices(format=format_), resources=resources
    )
    rows = own = 0
    started = counted = False
    for part in reading.parts:
        match part:
            case StatementStart():
                started, own, counted = True, 0, False
            case Rows():
                assert started and part.rows, "rows before their statement, or none in a batch"
                own += len(part.rows)
                for row in part.rows:
                    assert type(row.amount) is int, "an amount is no whole number of units"
                    assert row.description.isprintable(), "a description can act on a terminal"
                    assert row.line > 0, "a row has no place in the source"
            case Unreadable():
                assert part.reason and (part.reason + part.text).isprintable()
            case Statement():
                assert started and part.rows <= own, "a statement counts rows that it did not give"
                rows, started, counted = rows + own, False, True
    assert counted, "a reading without a statement"
    return rows
