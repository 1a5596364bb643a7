"""A plain line for each change of phase, and one at least every ten seconds while waiting."""

from datetime import datetime

from smartimport_cli.core.events import EventRecord
from smartimport_cli.core.state import ImportState, Status
from smartimport_cli.terminal import Terminal
from smartimport_cli.views.words import turn

WAIT_SECONDS = 10.0


class LinesView:
    """For pipes, logs, screen readers and simple terminals."""

    def __init__(
        self, terminal: Terminal, import_id: str, title: str, *, earlier_until: datetime | None = None
    ) -> None:
        self._terminal = terminal
        self._short = import_id[:8]
        self._title = title
        self._earlier_until = earlier_until
        self._earlier = earlier_until is not None
        self._last = terminal.clock()
        self._disturbed = False  # the connection, as it was told last

    def show(self, state: ImportState, record: EventRecord) -> None:
        """Say it, if it is a change of phase; otherwise only when nothing was said for long."""
        text = turn(state, record)
        earlier = self._earlier_until is not None and record.created_at < self._earlier_until
        if not text:
            if not earlier:
                self.tick(state)
            return
        if self._earlier and not earlier:
            self._live(state)
        if record.event_type == "import:upload:start":
            text = f"{self._title}: {text}"
        self._say(self._terminal.local(record.created_at), text + ("   (earlier)" if earlier else ""))

    def tick(self, state: ImportState) -> None:
        """Nothing new; say so now and then."""
        if self._earlier:
            self._live(state)
        if self._terminal.clock() - self._last < WAIT_SECONDS:
            return
        doing = "still awaiting approval" if state.awaiting_approval else f"still {state.status}"
        if state.status is Status.PARSING and state.rows_parsed:
            doing += f", {state.rows_parsed:,} rows so far"
        self._say(self._terminal.local(self._terminal.now()), doing)

    def connection(self, how: str) -> None:
        """Say when events stop coming at once, and when they do again."""
        if how == "connecting" or (how == "live" and not self._disturbed):
            return
        self._disturbed = how != "live"
        self._say(self._terminal.local(self._terminal.now()), f"connection: {how}")

    def _live(self, state: ImportState) -> None:
        self._earlier = False
        self._terminal.err("-- live --")
        if state.awaiting_approval:
            self._terminal.err(f"Awaiting approval. Here: smartimport approve {self._short}")

    def _say(self, moment: datetime, text: str) -> None:
        self._last = self._terminal.clock()
        self._terminal.err(f"{moment:%H:%M:%S} import {self._short}: {text}")

    def pause(self, state: ImportState) -> None: ...

    def close(self) -> None: ...
