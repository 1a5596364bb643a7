"""Nothing on the way; the answer alone."""

from smartimport_cli.core.events import EventRecord
from smartimport_cli.core.state import ImportState


class SilentView:
    """For --quiet and --progress none."""

    def show(self, state: ImportState, record: EventRecord) -> None: ...

    def tick(self, state: ImportState) -> None: ...

    def connection(self, how: str) -> None: ...

    def pause(self, state: ImportState) -> None: ...

    def close(self) -> None: ...
