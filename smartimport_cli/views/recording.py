"""A view beside another: saves what passes as a recording that `replay` reads, with nothing personal in it."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from smartimport_cli.core.errors import UsageError
from smartimport_cli.core.redact import Redactor
from smartimport_cli.core.text import clean

if TYPE_CHECKING:
    from smartimport_cli.core.events import EventRecord
    from smartimport_cli.core.state import ImportState
    from smartimport_cli.flow import View


class RecordingView:
    """Shows what `view` shows, and appends each record to `file` (readable by its owner only).

    Raises UsageError `bad-recording` where the file cannot be written.
    """

    def __init__(self, view: "View", file: Path) -> None:
        self._view = view
        self._redacted = Redactor()
        try:
            handle = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        except OSError as error:
            raise UsageError(
                "bad-recording", f"The recording {clean(str(file))} cannot be written: {error.strerror}."
            ) from None
        self._file = open(handle, "w", encoding="utf-8")  # noqa: SIM115 - closed with the view

    def show(self, state: "ImportState", record: "EventRecord") -> None:
        """Save it as it passes, so that a recording of what was killed is whole up to there."""
        self._file.write(json.dumps(self._redacted(record.to_wire()), ensure_ascii=False) + "\n")
        self._file.flush()
        self._view.show(state, record)

    def tick(self, state: "ImportState") -> None:
        self._view.tick(state)

    def connection(self, how: str) -> None:
        self._view.connection(how)

    def pause(self, state: "ImportState") -> None:
        self._view.pause(state)

    def close(self) -> None:
        self._view.close()
        self._file.close()
