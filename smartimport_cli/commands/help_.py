"""smartimport help: a command's help, the table of exit codes, or that of thresholds."""

from typing import TYPE_CHECKING, Annotated

import typer

from smartimport_cli.context import Answer
from smartimport_cli.core.errors import EXIT_MEANINGS, UsageError
from smartimport_cli.core.text import clean

if TYPE_CHECKING:
    from smartimport_cli.terminal import Terminal


def help_(
    ctx: typer.Context,
    topic: Annotated[
        str, typer.Argument(metavar="TOPIC", help="exit-codes or thresholds.")
    ] = "exit-codes",
) -> Answer:
    """What the exit codes mean (`smartimport help exit-codes`), or what findings depend on (`thresholds`)."""
    if topic == "thresholds":
        return _thresholds()
    if topic != "exit-codes":
        raise UsageError(
            "unknown-topic", f"There is no help on '{clean(topic)}'.",
            hint=f"smartimport {clean(topic)} --help, or smartimport help exit-codes",
        )  # fmt: skip

    def write(terminal: "Terminal") -> None:
        for code, meaning in EXIT_MEANINGS.items():
            terminal.out(f"{int(code):>4}  {meaning}")

    codes = {str(int(code)): meaning for code, meaning in EXIT_MEANINGS.items()}
    return Answer({"schema": "smartimport.exit-codes/1", "codes": codes}, write)


def _thresholds() -> Answer:
    from smartimport_cli.crystal.thresholds import meanings

    def write(terminal: "Terminal") -> None:
        terminal.out("Every one can be set in categories.toml (see smartimport config), under [thresholds].")
        for name, value, meaning in meanings():
            terminal.out(f"{name} = {value:g}\n    {meaning}")

    table = {name: {"value": value, "meaning": meaning} for name, value, meaning in meanings()}
    return Answer({"schema": "smartimport.thresholds/1", "thresholds": table}, write)
