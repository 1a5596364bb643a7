"""Events for scripts that want no command line: see the README."""

from collections.abc import Iterator
from os import PathLike
from pathlib import Path

from smartimport_cli.backends.local import LocalBackend
from smartimport_cli.core.events import EventRecord
from smartimport_cli.core.reducer import reduce
from smartimport_cli.core.state import ImportState
from smartimport_cli.flow import ended
from smartimport_cli.resources import load_resources
from smartimport_cli.settings import default_data_dir


def follow(import_id: str = "@latest", *, data_dir: str | PathLike[str] | None = None) -> Iterator[EventRecord]:
    """An import's events from its first, then live, until it has ended; `import_id` may be a prefix.

    It drives the import on where no other process does. Raises SmartImportError (`unknown-import` ...).
    """
    backend = LocalBackend(
        Path(data_dir) if data_dir is not None else default_data_dir(), resources=load_resources()
    )
    try:
        whole = backend.resolve(import_id)
        state = ImportState()
        for record in backend.events(whole):
            state = reduce(state, record)
            yield record
        if ended(state):
            return
        for followed in backend.follow(whole, after=state.ledger.settled):
            if followed is not None:
                state = reduce(state, followed)
                yield followed
                if ended(state):
                    return
    finally:
        backend.close()
