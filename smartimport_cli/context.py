"""What a command gets: the terminal, the settings, the backend that they name; and what it gives back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from smartimport_cli.core.errors import ExitCode, SmartImportError

if TYPE_CHECKING:
    from smartimport_cli.core.protocols import Backend
    from smartimport_cli.settings import Settings
    from smartimport_cli.terminal import Terminal


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command says in the end; `cli` prints it in the form that was asked for.

    `document` is the JSON form and carries its `schema`. `text` writes the form for people to the terminal's
    standard output. `error` goes with it where the command did not end well: its exit code is the command's.
    """

    document: dict[str, Any]
    text: "Callable[[Terminal], None] | None" = None
    exit_code: ExitCode = ExitCode.DONE
    error: SmartImportError | None = None


@dataclass(slots=True)
class Context:
    """One invocation. The backend opens when it is first asked for."""

    terminal: "Terminal"
    settings: "Settings"
    _backend: "Backend | None" = field(default=None, init=False)

    @property
    def backend(self) -> "Backend":
        if self._backend is None:
            from smartimport_cli.backends import open_backend

            self._backend = open_backend(self.settings)
        return self._backend

    @contextmanager
    def closing(self) -> Iterator["Context"]:
        """Close what was opened, however the command ends."""
        try:
            yield self
        finally:
            if self._backend is not None:
                self._backend.close()
