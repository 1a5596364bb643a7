"""smartimport completions: the script that a shell loads to complete commands, options, ids and formats."""

from importlib.resources import files
from typing import TYPE_CHECKING, Annotated

import typer

from smartimport_cli.context import Answer
from smartimport_cli.core.errors import UsageError
from smartimport_cli.core.text import clean

if TYPE_CHECKING:
    from smartimport_cli.terminal import Terminal

SHELLS = {
    "bash": "smartimport.bash",
    "zsh": "_smartimport",
    "fish": "smartimport.fish",
    "powershell": "smartimport.ps1",
}


def completions(
    ctx: typer.Context,
    shell: Annotated[str, typer.Argument(metavar="SHELL", help="bash, zsh, fish or powershell.")],
) -> Answer:
    """The completion script for a shell, on standard output."""
    if shell not in SHELLS:
        raise UsageError(
            "bad-option", f"There is no completion script for '{clean(shell)}'.",
            hint=f"There is one for {', '.join(SHELLS)}.",
        )  # fmt: skip
    script = script_of(shell)

    def write(terminal: "Terminal") -> None:
        terminal.raw_out(script)

    return Answer({"schema": "smartimport.completions/1", "shell": shell, "script": script}, write)


def script_of(shell: str) -> str:
    """The script for one of SHELLS."""
    return (files("smartimport_cli.completion_scripts") / SHELLS[shell]).read_text("utf-8")
