"""Every event record on standard output as it comes, one JSON object a line."""

import json

from smartimport_cli.core.events import EventRecord
from smartimport_cli.core.state import ImportState
from smartimport_cli.terminal import Terminal


class JsonlView:
    """For -o jsonl."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal

    def show(self, state: ImportState, record: EventRecord) -> None:
        self._terminal.raw_out(json.dumps(record.to_wire(), ensure_ascii=False) + "\n")

    def tick(self, state: ImportState) -> None: ...

    def connection(self, how: str) -> None: ...

    def pause(self, state: ImportState) -> None: ...

    def close(self) -> None: ...
