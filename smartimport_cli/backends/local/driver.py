"""Who drives an import on: a thread of whichever process follows it, one at a time across processes."""

import threading
from pathlib import Path

from filelock import FileLock, Timeout

from smartimport_cli.backends.local.bell import ring
from smartimport_cli.backends.local.originals import Originals
from smartimport_cli.backends.local.pipeline import Pipeline
from smartimport_cli.backends.local.recent import write_recent
from smartimport_cli.backends.local.store import Clock, Store
from smartimport_cli.statements.formats import Resources


class Driver:
    """Runs the pipeline of one import in the background, where nobody else does."""

    def __init__(
        self,
        data_dir: Path,
        originals: Originals,
        import_no: int,
        *,
        clock: Clock,
        rules_file: Path | None = None,
        resources: Resources = Resources(),  # noqa: B008 - immutable
    ) -> None:
        self._data_dir = data_dir
        self._originals = originals
        self._import_no = import_no
        self._clock = clock
        self._rules_file = rules_file
        self._resources = resources
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.error: BaseException | None = None

    @property
    def running(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Drive on, unless this or another process does. The lock only spares work: a step that two did at
        once would still be written once (see Pipeline)."""
        if self.running or self.error is not None:
            return
        folder = self._data_dir / "locks"
        folder.mkdir(mode=0o700, exist_ok=True)
        lock = FileLock(folder / str(self._import_no), thread_local=False, mode=0o600)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            return
        self._thread = threading.Thread(
            target=self._run, args=(lock,), name="smartimport-driver", daemon=True
        )
        self._thread.start()

    def _run(self, lock: FileLock) -> None:
        try:
            store = Store(self._data_dir, clock=self._clock, on_commit=lambda: ring(self._data_dir))
            try:
                pipeline = Pipeline(
                    store,
                    self._originals,
                    self._import_no,
                    stopping=self._stop.is_set,
                    rules_file=self._rules_file,
                    resources=self._resources,
                )
                pipeline.drive()
                write_recent(self._data_dir, store.db)
            finally:
                store.close()
        except BaseException as error:  # told to the one who follows, in the main thread
            self.error = error
        finally:
            lock.release()
            ring(self._data_dir)

    def stop(self, seconds: float = 2.0) -> None:
        """Let the write under way finish, no more. What is left goes on with the next command."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(seconds)
