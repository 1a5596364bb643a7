"""How each file of a batch went, how far the whole is, and what it answers."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from smartimport_cli.core.errors import ExitCode, SmartImportError

SCHEMA = "smartimport.batch/1"


class Outcome(StrEnum):
    """What became of a file."""

    COMMITTED = "committed"
    NOTHING_NEW = "nothing-new"  # read and compared; all of it was there
    READABLE = "readable"  # --dry-run: it would be staged
    STAGED = "staged"  # awaits a person: no yes, or the policy does not approve it
    REJECTED = "rejected"
    UNDONE = "undone"  # was taken back by a person; a batch does not bring it in again
    REFUSED = "refused"  # the file cannot be taken as it is
    FAILED = "failed"
    TIMED_OUT = "timed-out"
    NOT_TRIED = "not-tried"  # the batch stopped before


FINE = frozenset([Outcome.COMMITTED, Outcome.NOTHING_NEW, Outcome.READABLE, Outcome.UNDONE])
FINAL = frozenset([Outcome.COMMITTED, Outcome.NOTHING_NEW, Outcome.REJECTED, Outcome.UNDONE, Outcome.REFUSED])
"""Outcomes that a later run of the same batch need not try again."""


@dataclass(slots=True)
class FileResult:
    """One file of the batch. Counts are rows; `seconds` is wall time from its start to its end."""

    path: str
    outcome: Outcome = Outcome.NOT_TRIED
    exit_code: int = 0
    import_id: str | None = None
    account: str | None = None
    rows: int | None = None
    new: int | None = None
    duplicates: int | None = None
    unreadable: int | None = None
    committed: int | None = None
    proof: str | None = None
    issues: Sequence[str] = ()  # doubts about the reading
    error: dict[str, Any] | None = None
    seconds: float = 0.0
    known: bool = False  # told by the checkpoint, not looked at again
    sha256: str | None = None

    def fail(self, outcome: Outcome, error: SmartImportError) -> None:
        """It ended with this error."""
        self.outcome, self.exit_code, self.error = outcome, int(error.exit_code), error.to_json()

    def to_json(self) -> dict[str, Any]:
        """As a report has it."""
        return {**asdict(self), "outcome": self.outcome.value, "seconds": round(self.seconds, 3)}


@dataclass(slots=True)
class Board:
    """How far a batch is, for those who show it."""

    total: int
    results: list[FileResult]  # of the files that are done, in the order in which they were
    active: dict[int, tuple[str, str]] = field(default_factory=dict)  # number -> path, words
    waiting: int = 0  # staged, and awaiting their turn to be decided


class BatchView(Protocol):
    """What shows a batch. It is told of each file that is done, and asked about ten times a second to redraw."""

    def done(self, board: Board, result: FileResult) -> None: ...
    def tick(self, board: Board) -> None: ...
    def records(self, rows: Sequence[dict[str, Any]]) -> None:
        """Event records of the imports, as they go over the wire."""
        ...

    def close(self) -> None: ...


def outcome_of(error: SmartImportError) -> Outcome:
    """What an error makes of its file."""
    return {
        ExitCode.FILE_REFUSED: Outcome.REFUSED,
        ExitCode.STAGED: Outcome.STAGED,
        ExitCode.REJECTED: Outcome.REJECTED,
        ExitCode.STALE: Outcome.STAGED,
        ExitCode.TIMEOUT: Outcome.TIMED_OUT,
        ExitCode.ANALYSIS_FAILED: Outcome.COMMITTED,
    }.get(error.exit_code, Outcome.FAILED)


def totals(results: Iterable[FileResult]) -> dict[str, int]:
    """How many files had each outcome (those that occur), and the rows in all."""
    counts = Counter(result.outcome.value for result in results)
    rows = sum(result.rows or 0 for result in results)
    committed = sum(result.committed or 0 for result in results if not result.known)
    return {"files": sum(counts.values()), **counts, "rows": rows, "transactions_committed": committed}


def exit_code(results: Sequence[FileResult], *, stopped: bool = False) -> ExitCode:
    """How the batch ends: 0 where all is done; 6 where a backend could not be reached and 4 where it wants a
    sign-in (nothing about the files); 8 where the only thing left is an approval; else 10. One file: its own."""
    bad = [result for result in results if result.exit_code]
    if len(results) == 1 and bad:
        return ExitCode(bad[0].exit_code)
    codes = {result.exit_code for result in bad}
    for down in (ExitCode.UNREACHABLE, ExitCode.SIGN_IN):
        if down in codes:
            return down
    if codes - {ExitCode.STAGED} or stopped:
        return ExitCode.BATCH_SOME_FAILED
    return ExitCode.STAGED if codes else ExitCode.DONE
