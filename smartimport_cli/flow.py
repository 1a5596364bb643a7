"""The run of an import: follow its events, decide, commit, and say how it ended. Knows protocols only."""

from collections.abc import Callable, Iterator
from typing import Protocol

from smartimport_cli.core.errors import ExitCode, SmartImportError
from smartimport_cli.core.events import EventRecord
from smartimport_cli.core.money import grouped
from smartimport_cli.core.policy import Policy
from smartimport_cli.core.protocols import Backend, Preview
from smartimport_cli.core.reducer import reduce
from smartimport_cli.core.state import ImportState, Status


class View(Protocol):
    """What shows a run. It is told of each record and asked about ten times a second to redraw."""

    def show(self, state: ImportState, record: EventRecord) -> None: ...
    def tick(self, state: ImportState) -> None: ...
    def connection(self, how: str) -> None:
        """How the events come has changed: 'live', 'polling', 'lost (why), trying again' ..."""
        ...

    def pause(self, state: ImportState) -> None:
        """Leave the screen to a prompt; the next show takes it back."""
        ...

    def close(self) -> None:
        """Give the screen back, whole. May be called again."""
        ...


class TimedOut(SmartImportError):
    """`--timeout` passed on this command's own clock; the import is not harmed."""

    def __init__(self, import_id: str, seconds: float, state: ImportState) -> None:
        super().__init__(
            "timeout",
            f"The --timeout of {seconds:g} s passed in this command while import {short(import_id)} was "
            f"{standing(state)}. {safety(state)}",
            hint=f"It goes on: smartimport watch {short(import_id)}",
            exit_code=ExitCode.TIMEOUT,
            retryable=True,
        )


class Run:
    """One import being followed: the records so far, folded into `state`."""

    def __init__(
        self,
        backend: Backend,
        import_id: str,
        view: View,
        *,
        clock: Callable[[], float],
        timeout: float | None = None,
    ) -> None:
        self.backend = backend
        self.import_id = import_id
        self.view = view
        self.state = ImportState()
        self._clock = clock
        self._timeout = timeout
        self._deadline = None if timeout is None else clock() + timeout
        self._records: Iterator[EventRecord | None] | None = None
        self._caught_up = False
        self._connection: str | None = None  # as the view knows it

    def allow(self, seconds: float) -> None:
        """Let what follows take so many seconds, whatever has passed."""
        self._timeout, self._deadline = seconds, self._clock() + seconds

    def catch_up(self) -> ImportState:
        """Show what has happened so far. Only then is it known where the import stands: an error in its past
        may have been followed by a new attempt."""
        for record in self.backend.events(self.import_id):
            self._take(record)
        self._caught_up = True
        return self.state

    def until(self, done: Callable[[ImportState], bool]) -> ImportState:
        """Follow until `done(state)`. Raises TimedOut."""
        if not self._caught_up:
            self.catch_up()
        while not done(self.state):
            self.step()
        return self.state

    def raise_cause(self) -> None:
        """Let a backend that runs in this process raise what it stopped at, for a traceback."""
        for _ in range(10):
            self.step()

    def step(self) -> EventRecord | None:
        """Wait for the next record, a tenth of a second at the most, and show it. Raises TimedOut."""
        if self._records is None:
            self._records = self.backend.follow(self.import_id, after=self.state.ledger.settled)
        record = next(self._records)
        if record is None:
            how = self.backend.connection
            if how is not None and how != self._connection:
                self._connection = how
                self.view.connection(how)
            self.view.tick(self.state)
            if self._deadline is not None and self._clock() > self._deadline and self._timeout is not None:
                raise TimedOut(self.import_id, self._timeout, self.state)
        else:
            self._take(record)
        return record

    def _take(self, record: EventRecord) -> None:
        self.state = reduce(self.state, record)
        self.view.show(self.state, record)

    def decided_elsewhere(self, shown: str) -> str | None:
        """Whether somebody else has decided this import meanwhile: `approved` or `rejected`; or `edited` it, so
        that the preview with the digest `shown` is no longer what a yes would mean."""
        self.step()
        if self.state.awaiting_approval:
            return None if self.state.digest in (None, shown) else "edited"
        return "rejected" if self.state.status is Status.ERROR else "approved"

    def preview(self, *, limit: int | None = 10) -> Preview:
        return self.backend.preview(self.import_id, limit=limit)


def decide_unattended(run: Run, *, yes: bool, policy: Policy | None, digest: str | None = None) -> str | None:
    """Commit what is staged, where there is nothing to ask: it holds nothing new, or `yes` or the policy
    approves it. Else why it stays staged. `digest` is that of the preview that the yes is about; left out: the
    present one."""
    preview = run.preview()
    if preview.new == 0 and not preview.edited:
        run.backend.commit(run.import_id, preview.digest)
        return None
    if policy is not None and (reasons := policy.refusals(preview)):
        return "the policy does not approve it: " + "; ".join(reasons)
    if not yes and policy is None:
        return "awaiting approval"
    run.backend.commit(run.import_id, digest or preview.digest)
    return None


def staged(preview: Preview, why: str) -> SmartImportError:
    """What a command ends with that leaves an import staged (exit 8)."""
    name = short(preview.import_id)
    net = ", ".join(
        f"{grouped(total.money_in + total.money_out, total.currency, sign=True)} {total.currency or ''}".strip()
        for total in preview.totals
    )
    doubts = "".join(f"Doubt: {issue.rstrip('.')}. " for issue in preview.issues)
    return SmartImportError(
        "awaiting-approval",
        f"Import {name} is staged, {why}. {preview.new} new ({net}), {preview.duplicates} already there. "
        f"{doubts}Nothing is committed.",
        hint=f"smartimport approve {name}   (or run again with --yes)",
        exit_code=ExitCode.STAGED,
    )


def read(state: ImportState) -> bool:
    """The statement has been read: it waits for approval, or is past that, or has failed."""
    return state.awaiting_approval or ended(state) or state.status in (Status.HANDOFF, Status.ANALYZING)


def ended(state: ImportState) -> bool:
    """Nothing more will come."""
    return state.status in (Status.COMPLETE, Status.ERROR)


def exit_code(state: ImportState) -> ExitCode:
    """How a command that followed the import to `state` ends."""
    if state.status is Status.COMPLETE:
        return ExitCode.DONE
    if state.status is not Status.ERROR:
        return ExitCode.STAGED
    if state.error_code == "rejected":
        return ExitCode.REJECTED
    if state.failed_stage in ("analyze", "handoff"):
        return ExitCode.ANALYSIS_FAILED
    if state.error_exit is not None:
        return ExitCode(state.error_exit)
    return ExitCode.IMPORT_FAILED


def failure(state: ImportState, import_id: str) -> SmartImportError:
    """The error that a failed import ends its command with."""
    name = (
        f"{state.file_name} (import {short(import_id)})" if state.file_name else f"Import {short(import_id)}"
    )
    code = exit_code(state)
    error = state.error or ""
    if state.file_name and error.startswith(state.file_name):  # readers name the file too
        error = error.removeprefix(state.file_name).lstrip(": ")
        told = f"{name} {error}"
    else:
        told = f"{name}: {error[:1].upper()}{error[1:]}"
    if code is ExitCode.REJECTED:
        message = f"{name} was rejected. Nothing was committed."
    elif code is ExitCode.ANALYSIS_FAILED:
        message = (
            f"{name} is committed ({state.committed} transactions), but the analysis failed: {error}"
        )
    else:
        message = f"{told} Nothing was committed."
    return SmartImportError(
        state.error_code or "import-failed",
        message,
        hint=state.error_hint or _next_step(code, import_id),
        exit_code=code,
        retryable=code not in (ExitCode.REJECTED, ExitCode.FILE_REFUSED),
    )


def _next_step(code: ExitCode, import_id: str) -> str:
    if code is ExitCode.ANALYSIS_FAILED:
        return f"Try it again: smartimport summary {short(import_id)}"
    return f"Look at it: smartimport show {short(import_id)}"


def detached(state: ImportState, import_id: str) -> SmartImportError:
    """What Ctrl-C says: where the import stands, what is safe, and which command goes on."""
    then = "approve" if state.awaiting_approval else "watch"
    return SmartImportError(
        "detached",
        f"Detached. Import {short(import_id)} is {standing(state)}. {safety(state)}",
        hint=f"Go on: smartimport {then} {short(import_id)}",
        exit_code=ExitCode.INTERRUPTED,
        retryable=True,
    )


def standing(state: ImportState) -> str:
    """Where the import is, in words: 'awaiting approval', 'parsing'."""
    return "awaiting approval" if state.awaiting_approval else str(state.status)


def safety(state: ImportState) -> str:
    """What of the money has been touched so far."""
    if state.committed is not None:
        return f"{state.committed} transactions are committed."
    if state.status is Status.COMMITTING and not state.awaiting_approval:
        return "It was approved; the commit happens whole or not at all."
    return "Nothing is committed without a yes."


def short(import_id: str) -> str:
    """An import id as people see and type it: its first eight characters."""
    return import_id[:8]
