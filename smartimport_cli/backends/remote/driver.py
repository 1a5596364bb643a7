"""The later steps of an import, where the profile says that the client calls for them: handoff and analysis."""

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from smartimport_cli.backends.remote.caller import Caller
from smartimport_cli.backends.remote.http import Unanswered
from smartimport_cli.core.errors import ExitCode, SmartImportError
from smartimport_cli.core.state import ImportState, Status
from smartimport_cli.wire import paths


class Driver:
    """Calls for handoff and analysis of one import, in a thread of its own, once each.

    Of several followers on this machine one drives: the others find its lock held. What has been done is read
    from the events before each call, so a call whose answer was lost is not made twice blindly.
    """

    def __init__(
        self, caller: Caller, import_id: str, folder: Path, stored: Callable[[], ImportState]
    ) -> None:
        self._caller = caller
        self._import_id = import_id
        self._lock = FileLock(folder / f"drive-{import_id}.lock", thread_local=False)
        self._folder = folder
        self._stored = stored
        self._thread: threading.Thread | None = None
        self.error: SmartImportError | None = None

    def look(self, state: ImportState) -> None:
        """Begin, if this is where the import stands."""
        waits = state.status is Status.HANDOFF or (
            state.status is Status.ANALYZING and "analyze" not in state.stage_started_at
        )
        if waits and self._thread is None:
            self._thread = threading.Thread(target=self._run, name="drive", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Wait a little for what is under way."""
        if self._thread is not None:
            self._thread.join(timeout=5.0)

    def _run(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            with self._lock.acquire(timeout=0):
                self.drive()
        except Timeout:
            pass  # another follower does
        except SmartImportError as error:
            self.error = SmartImportError(
                error.code,
                f"Import {self._import_id[:8]} is committed, but its analysis was not done: {error.message}",
                hint=f"Try it again: smartimport summary {self._import_id[:8]}",
                exit_code=ExitCode.SIGN_IN
                if error.exit_code is ExitCode.SIGN_IN
                else ExitCode.ANALYSIS_FAILED,
                retryable=True,
            )

    def drive(self, *, again: bool = False) -> None:
        """Hand the import over and have it analysed, as far as that has not been done (`again`: whether or not
        an analysis is there). Raises every refusal."""
        state = self._stored()
        handoff_id = state.handoff_id or self._handoff()
        if again or "analyze" not in state.stage_started_at:
            self._call(paths.ANALYZE, {"handoffId": handoff_id}, "analyse the import", done=self._analysed)

    def _handoff(self) -> str:
        answer = self._call(
            paths.HANDOFF, {"importId": self._import_id}, "hand the import over",
            done=lambda: {"handoffId": h} if (h := self._stored().handoff_id) else None,
        )  # fmt: skip
        handoff_id = answer.get("handoffId")
        if not isinstance(handoff_id, str):
            raise SmartImportError("odd-answer", "The backend handed the import over without saying to whom.")
        return handoff_id

    def _analysed(self) -> Mapping[str, Any] | None:
        return {} if self._stored().status is Status.COMPLETE else None

    def _call(
        self, name: str, body: Mapping[str, Any], doing: str, *, done: Callable[[], Mapping[str, Any] | None]
    ) -> Mapping[str, Any]:
        """The function's answer. Where it was lost, what is stored says whether the call was carried out."""
        body = {"userId": self._caller.session.user_id, **body}
        try:
            return self._caller.function(name, body, doing, repeat=False, read_timeout=120.0)
        except Unanswered as lost:
            if not lost.sent:
                raise
            found = done()
            if found is not None:
                return found
            return self._caller.function(name, body, doing, repeat=False, read_timeout=120.0)
