"""The run of a batch: files are read by the workers as they come, and decided one after the other in the order of
the list, so that what overlaps is committed in the same order however the reading went."""

import multiprocessing.connection
import os
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress

from smartimport_cli.batch.checkpoint import Checkpoint
from smartimport_cli.batch.files import Item
from smartimport_cli.batch.workers import (
    Commit,
    Decided,
    Ended,
    Job,
    Message,
    Prove,
    Recorded,
    Stage,
    Task,
    Worker,
    Working,
)
from smartimport_cli.core.batch import FINAL, FINE, BatchView, Board, FileResult, Outcome
from smartimport_cli.core.errors import ExitCode, SmartImportError

_TICK_SECONDS = 0.1
_GRACE_SECONDS = 2.0  # how long an interrupted batch waits for the commit that is under way
_TRIES = 2  # how often a file is given to a worker that dies of it


def workers_for(count: int) -> int:
    """How many processes suit this machine and so many files."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(cores, count))


class Batch:
    """One run over a list of files. `results` has an entry for each, in their order, at any time."""

    def __init__(
        self,
        items: Sequence[Item],
        task: Task,
        view: BatchView,
        *,
        checkpoint: Checkpoint | None,
        jobs: int,
        dry_run: bool = False,
        stop_after: int | None = None,
        file_timeout: float | None = None,
        timeout: float | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.results = [FileResult(item.name) for item in items]
        self.stopped: str | None = None  # why it ended before its end
        self._items = items
        self._task = task
        self._view = view
        self._checkpoint = checkpoint
        self._jobs = jobs
        self._dry_run = dry_run
        self._stop_after = stop_after
        self._file_timeout = file_timeout
        self._clock = clock
        self._deadline = None if timeout is None else clock() + timeout
        self._started: dict[int, float] = {}
        self._tries: dict[int, int] = {}
        self._failures = 0
        self._todo: deque[int] = deque()
        self._staged: dict[int, FileResult] = {}  # read, awaiting their turn
        self._undecided = deque(range(len(items)))  # the next to be decided first
        self._deciding: int | None = None
        self._workers: list[Worker] = []
        self._board = Board(len(items), [])

    def run(self) -> list[FileResult]:
        """Work through the list. However it ends (an exception of Ctrl-C among them), no worker stays behind and
        `results` says what became of each file."""
        try:
            for number, item in enumerate(self._items):
                known = self._checkpoint.find(item) if self._checkpoint and not self._dry_run else None
                if known is not None:
                    self._end(number, known)
                else:
                    self._todo.append(number)
            while self._open():
                self._assign()
                self._listen()
                self._expire()
                self._view.tick(self._board)
        except KeyboardInterrupt:
            self._let_the_commit_end()
            raise
        finally:
            for worker in self._workers:
                worker.stop()
            self._view.close()
        return self.results

    def _open(self) -> bool:
        """Whether there is anything to wait for, or to start."""
        if any(worker.job for worker in self._workers):
            return True
        return self.stopped is None and bool(self._todo or self._staged)

    def _assign(self) -> None:
        idle = [worker for worker in self._workers if worker.job is None]
        while (job := self._next()) is not None:
            if idle:
                worker = idle.pop()
            elif len(self._workers) < self._jobs:
                worker = Worker(self._task)
                self._workers.append(worker)
            else:
                self._put_back(job)
                return
            self._started.setdefault(job.number, self._clock())
            worker.give(job, self._clock())
            self._board.active[job.number] = (self._items[job.number].name, "")
        self._board.waiting = len(self._staged)

    def _next(self) -> Job | None:
        """What to do first: the decision that others wait for, then the next file."""
        if self.stopped is not None:
            return None
        while self._undecided and self.results[self._undecided[0]].outcome is not Outcome.NOT_TRIED:
            self._undecided.popleft()
        if self._deciding is None and self._undecided and self._undecided[0] in self._staged:
            number = self._deciding = self._undecided.popleft()
            return Commit(number, self._staged.pop(number))
        if self._todo:
            number = self._todo.popleft()
            return (Prove if self._dry_run else Stage)(number, self._items[number])
        return None

    def _put_back(self, job: Job) -> None:
        if isinstance(job, Commit):
            self._staged[job.number] = job.result
            self._undecided.appendleft(job.number)
            self._deciding = None
        else:
            self._todo.appendleft(job.number)

    def _listen(self) -> None:
        busy = {worker.connection: worker for worker in self._workers if worker.job is not None}
        for connection in multiprocessing.connection.wait(list(busy), _TICK_SECONDS) if busy else ():
            worker = busy[connection]  # type: ignore[index]
            try:
                self._take(worker, worker.connection.recv())
            except (EOFError, ConnectionResetError):
                self._died(worker)

    def _take(self, worker: Worker, message: Message) -> None:
        match message:
            case Working(number, words):
                self._board.active[number] = (self._items[number].name, words)
            case Recorded(_, rows):
                self._view.records(rows)
            case Decided(number, result):
                self.results[number] = result
                self._decided(number)
            case Ended(number, result):
                job, worker.job = worker.job, None
                self._board.active.pop(number, None)
                if isinstance(job, Stage) and result.outcome is Outcome.STAGED and not result.error:
                    self._staged[number] = result
                else:
                    self._end(number, result)

    def _decided(self, number: int) -> None:
        if self._deciding == number:
            self._deciding = None

    def _end(self, number: int, result: FileResult) -> None:
        if number in self._started:
            result.seconds = self._clock() - self._started[number]
        self.results[number] = result
        self._decided(number)
        if self._checkpoint is not None and not self._dry_run and result.outcome in FINAL:
            self._checkpoint.add(self._items[number], result)
        self._board.results.append(result)
        self._view.done(self._board, result)
        if result.outcome not in FINE and result.outcome is not Outcome.STAGED:
            self._failures += 1
            if self._stop_after is not None and self._failures >= self._stop_after and self.stopped is None:
                self.stopped = f"it stopped after {self._failures} failures"
        if result.exit_code == ExitCode.UNREACHABLE and self.stopped is None:
            self.stopped = "the backend cannot be reached"

    def _let_the_commit_end(self) -> None:
        """Whoever interrupts a batch is told of the file that was being committed just then."""
        until = self._clock() + _GRACE_SECONDS
        with suppress(Exception):  # of a message that the interruption cut in two
            while self._deciding is not None and self._clock() < until:
                self._listen()

    def _expire(self) -> None:
        now = self._clock()
        if self._deadline is not None and now > self._deadline and self.stopped is None:
            self.stopped = "its --timeout passed"
            for worker in [w for w in self._workers if w.job is not None]:
                self._drop(worker, self._timed_out(worker, "the batch's --timeout"))
        if self._file_timeout is not None:
            for worker in [w for w in self._workers if w.job is not None]:
                if now - worker.since > self._file_timeout:
                    self._drop(worker, self._timed_out(worker, f"{self._file_timeout:g} s for one file"))

    def _timed_out(self, worker: Worker, what: str) -> SmartImportError:
        assert worker.job is not None
        path = self._items[worker.job.number].name
        return SmartImportError(
            "timeout", f"{path} took longer than {what}. The import is not harmed.",
            hint="Run the batch again; it goes on from there.", exit_code=ExitCode.TIMEOUT, retryable=True,
        )  # fmt: skip

    def _died(self, worker: Worker) -> None:
        """A process that a file has killed; the file gets one more try."""
        job = worker.job
        assert job is not None
        self._tries[job.number] = self._tries.get(job.number, 1) + 1
        if self._tries[job.number] <= _TRIES:
            self._workers.remove(worker)
            worker.stop()
            self._put_back(job)
            return
        path = self._items[job.number].name
        self._drop(
            worker,
            SmartImportError("worker-died", f"{path}: the process that read it died, twice.", exit_code=ExitCode.BUG),
        )

    def _drop(self, worker: Worker, error: SmartImportError) -> None:
        """End a worker and give up what it was at."""
        job = worker.job
        assert job is not None
        self._workers.remove(worker)
        with suppress(OSError):
            worker.stop()
        result = job.result if isinstance(job, Commit) else FileResult(job.item.name)
        result.fail(Outcome.TIMED_OUT if error.code == "timeout" else Outcome.FAILED, error)
        self._board.active.pop(job.number, None)
        self._end(job.number, result)
