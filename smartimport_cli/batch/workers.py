"""The processes that read statements: as many as the machine has cores, each with a backend of its own.

A worker gets one job at a time through a pipe and ends when the pipe does, so that none outlives a batch that was
killed. What it was at stays where it is in the backend and goes on with the next run.
"""

import hashlib
import multiprocessing
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from smartimport_cli import flow
from smartimport_cli.batch.files import Item
from smartimport_cli.core.batch import FileResult, Outcome, outcome_of
from smartimport_cli.core.errors import ExitCode, SmartImportError
from smartimport_cli.core.events import EventRecord
from smartimport_cli.core.policy import Policy
from smartimport_cli.core.state import ImportState
from smartimport_cli.settings import Settings

if TYPE_CHECKING:
    from smartimport_cli.core.protocols import Backend

_TOLD_SECONDS = 0.2  # how often a worker says how far it is


@dataclass(frozen=True, slots=True)
class Task:
    """What is the same for every file of a batch."""

    settings: Settings
    max_size: int
    yes: bool = False
    policy: Policy | None = None
    records: bool = False  # send the event records too


class Stage(NamedTuple):
    """Bring a file in, up to the preview."""

    number: int
    item: Item


class Commit(NamedTuple):
    """Decide what was staged, and follow it to its end."""

    number: int
    result: FileResult


class Prove(NamedTuple):
    """Read a file and store nothing."""

    number: int
    item: Item


Job = Stage | Commit | Prove


class Working(NamedTuple):
    """How far a job is, in words."""

    number: int
    words: str


class Recorded(NamedTuple):
    """Events of an import, as they go over the wire."""

    number: int
    rows: list[dict[str, Any]]


class Decided(NamedTuple):
    """The rows are committed: the next file may be decided. The job goes on."""

    number: int
    result: FileResult


class Ended(NamedTuple):
    """The job is done."""

    number: int
    result: FileResult


Message = Working | Recorded | Decided | Ended


class Worker:
    """One process, seen from the batch."""

    def __init__(self, task: Task) -> None:
        context = multiprocessing.get_context("spawn")  # threads and SQLite do not survive a fork
        self.connection, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs, task), daemon=True)
        with _ctrl_c_held():
            self._process.start()
        theirs.close()
        self.job: Job | None = None
        self.since = 0.0

    def give(self, job: Job, now: float) -> None:
        """Start a job; the worker must have none."""
        self.job, self.since = job, now
        self.connection.send(job)

    def stop(self) -> None:
        """End the process, whatever it is at: nothing in it can be left half done."""
        self.connection.close()
        self._process.terminate()
        self._process.join()


@contextmanager
def _ctrl_c_held() -> Iterator[None]:
    """Keep Ctrl-C off a process that is being started: it gets the signal too, before it can say that it ignores it.
    Here it comes a moment later."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(connection: "Connection[Message, Job]", task: Task) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the batch, which then ends its workers
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
    import gc

    gc.set_threshold(100_000, 20, 20)  # as the main process has it
    desk = _Desk(connection, task)
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            desk.do(connection.recv())


class _Desk:
    """A worker's own view: its backend, and the pipe to report on."""

    def __init__(self, connection: "Connection[Message, Job]", task: Task) -> None:
        self._connection = connection
        self._task = task
        self._backend: Backend | None = None

    def do(self, job: Job) -> None:
        result = job.result if isinstance(job, Commit) else FileResult(job.item.name)
        try:
            match job:
                case Stage():
                    self._stage(job, result)
                case Commit():
                    self._commit(job, result)
                case Prove():
                    self._prove(job, result)
        except SmartImportError as error:
            result.fail(outcome_of(error), error)
        except (EOFError, BrokenPipeError, ConnectionResetError):
            raise
        except Exception as error:  # a mistake of ours with one file must not end the others
            result.fail(Outcome.FAILED, _bug(error))
        self._connection.send(Ended(job.number, result))

    @property
    def backend(self) -> "Backend":
        if self._backend is None:
            from smartimport_cli.backends import open_backend

            self._backend = open_backend(self._task.settings)
        return self._backend

    def _stage(self, job: Stage, result: FileResult) -> None:
        with job.item.opened(self._task.max_size) as upload:
            result.sha256 = _sha256(upload.file)
            uploaded = self.backend.upload(upload)
            result.import_id = uploaded.import_id
            run = self._run(job.number, uploaded.import_id)
            state = run.until(flow.read)
        self._note(result, state)
        if uploaded.existing and state.committed is not None:
            run.until(flow.ended)  # a killed run may have left the analysis
            result.outcome, result.committed = Outcome.NOTHING_NEW, 0
        elif flow.ended(state):
            raise flow.failure(state, uploaded.import_id)
        elif state.awaiting_approval:
            result.outcome = Outcome.STAGED

    def _commit(self, job: Commit, result: FileResult) -> None:
        assert result.import_id is not None
        run = self._run(job.number, result.import_id)
        state = run.until(flow.read)
        if state.awaiting_approval:
            why = flow.decide_unattended(run, yes=self._task.yes, policy=self._task.policy)
            if why is not None:
                raise flow.staged(run.preview(), why)
        state = run.until(lambda state: state.committed is not None or flow.ended(state))
        self._note(result, state)
        if state.row_count is not None:  # as it was decided: earlier files of the batch are committed by now
            result.new, result.duplicates = state.row_count, state.skipped
        if state.committed is not None:
            result.committed = state.committed
            result.outcome = Outcome.COMMITTED if state.committed else Outcome.NOTHING_NEW
            self._connection.send(Decided(job.number, result))
        state = run.until(flow.ended)
        if flow.exit_code(state) is not ExitCode.DONE:
            raise flow.failure(state, result.import_id)

    def _prove(self, job: Prove, result: FileResult) -> None:
        from smartimport_cli.batch.dry_run import preview_of
        from smartimport_cli.resources import load_resources

        with job.item.opened(self._task.max_size) as upload:
            resources = load_resources(self._task.settings.config_file.parent)
            preview = preview_of(upload, resources)
        result.rows, result.unreadable = preview.rows_total, preview.unreadable_count
        result.proof, result.account = preview.proof.verdict.value, ", ".join(preview.accounts)
        result.issues, result.outcome = preview.issues, Outcome.READABLE
        if self._task.policy is not None and (reasons := self._task.policy.refusals(preview)):
            result.fail(
                Outcome.STAGED,
                SmartImportError(
                    "policy", f"The policy would not approve it: {'; '.join(reasons)}.",
                    exit_code=ExitCode.STAGED,
                ),
            )  # fmt: skip

    def _run(self, number: int, import_id: str) -> flow.Run:
        view = _Telling(self._connection, number, records=self._task.records)
        return flow.Run(self.backend, import_id, view, clock=time.monotonic)

    def _note(self, result: FileResult, state: ImportState) -> None:
        result.account = ", ".join(state.accounts) or None
        result.rows, result.new, result.duplicates = state.rows_total, state.new, state.duplicates
        result.unreadable = state.unreadable
        result.proof, result.issues = (state.proof or {}).get("verdict"), state.issues


class _Telling:
    """A view that tells the batch."""

    def __init__(self, connection: "Connection[Message, Job]", number: int, *, records: bool) -> None:
        self._connection = connection
        self._number = number
        self._records: list[dict[str, Any]] | None = [] if records else None
        self._due = 0.0

    def show(self, state: ImportState, record: EventRecord) -> None:
        if self._records is not None:
            self._records.append(record.to_wire())
        now = time.monotonic()
        if now >= self._due:
            self._due = now + _TOLD_SECONDS
            self._connection.send(Working(self._number, _words(state)))
        if self._records and (len(self._records) >= 100 or flow.read(state)):
            self._connection.send(Recorded(self._number, self._records))
            self._records = []

    def tick(self, state: ImportState) -> None:
        now = time.monotonic()
        if now >= self._due:
            self._due = now + _TOLD_SECONDS
            self._connection.send(Working(self._number, _words(state)))

    def connection(self, how: str) -> None:
        self._connection.send(Working(self._number, how))

    def pause(self, state: ImportState) -> None: ...

    def close(self) -> None: ...


def _words(state: ImportState) -> str:
    rows = state.rows_parsed or 0
    return f"{flow.standing(state)}{f', {rows:,} rows' if rows and state.rows_total is None else ''}"


def _sha256(file: BinaryIO) -> str:
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    file.seek(0)
    return digest


def _bug(error: Exception) -> SmartImportError:
    return SmartImportError(
        "bug",
        f"A mistake in smartimport stopped this file ({type(error).__name__}).",
        hint="Import it alone with --debug and report what it says.",
        exit_code=ExitCode.BUG,
    )
