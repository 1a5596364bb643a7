"""What a command gets: the terminal, the settings, the backend that they name; and what it gives back."""

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from smartimport_cli.core.errors import ExitCode, SmartImportError

if TYPE_CHECKING:
    from smartimport_cli.core.protocols import Backend
    from smartimport_cli.settings import Settings
    from smartimport_cli.statements.formats import Resources
    from smartimport_cli.terminal import Terminal


class Answer(NamedTuple):
    """What a command says in the end; `cli` prints it in the form that was asked for.

    `document` is the JSON form and carries its `schema`; None where `text` writes what was asked for in every
    form. `text` writes the form for people to standard output. `error` goes with it where the command did not
    end well: its exit code is the command's.
    """

    document: dict[str, Any] | None
    text: "Callable[[Terminal], None] | None" = None
    exit_code: ExitCode = ExitCode.DONE
    error: SmartImportError | None = None


class Context:
    """One invocation. The backend opens when it is first asked for."""

    def __init__(self, terminal: "Terminal", settings: "Settings") -> None:
        self.terminal = terminal
        self.settings = settings
        self.program = "smartimport"  # how a person names it to get the same data
        self._backend: Backend | None = None

    @property
    def backend(self) -> "Backend":
        if self._backend is None:
            from smartimport_cli.backends import open_backend

            self._backend = open_backend(self.settings)
        return self._backend

    @property
    def resources(self) -> "Resources":
        """What reading a statement in this process may use."""
        from smartimport_cli.resources import load_resources

        return load_resources(self.settings.config_file.parent)

    def use_folder(self, data_dir: Path) -> None:
        """Work in another data folder, on the embedded backend; commands that are named to people say so."""
        from dataclasses import replace

        self.settings = replace(self.settings, data_dir=data_dir, backend="local")
        self.program = f"smartimport --data-dir {shlex.quote(str(data_dir))}"

    @property
    def may_ask(self) -> bool:
        """Whether there is a person to answer: never where the answer is for a program."""
        return self.settings.output == "text" and self.terminal.can_prompt()

    def say(self, text: str) -> None:
        """A word on the way, to people (standard error)."""
        if self.settings.output == "text" and not self.settings.quiet:
            self.terminal.err(text)

    def close(self) -> None:
        """Close what was opened, however the command ended."""
        if self._backend is not None:
            self._backend.close()
            self._backend = None
