"""smartimport export: committed transactions in a format that other tools read."""

from typing import TYPE_CHECKING, Annotated

import typer

from smartimport_cli.commands import options as o
from smartimport_cli.context import Answer, Context
from smartimport_cli.core.errors import UsageError

if TYPE_CHECKING:
    from smartimport_cli.terminal import Terminal


def export(
    ctx: typer.Context,
    id: o.OptionalIdArgument = "@latest",
    all: Annotated[bool, typer.Option("--all", help="Of all imports.")] = False,
    format: Annotated[
        str | None, typer.Option("--format", "-f", help="csv, json, ofx, beancount or ledger.")
    ] = None,
) -> Answer:
    """Committed transactions on standard output, oldest first."""
    from smartimport_cli.export import FORMATS, render

    context: Context = ctx.obj
    chosen = format or ("csv" if context.settings.output == "text" else "json")
    if chosen not in FORMATS:
        raise UsageError(
            "bad-option", f"--format does not take '{chosen}'.", hint=f"It is one of {', '.join(FORMATS)}."
        )
    import_id = None if all else context.backend.resolve(id)
    transactions = context.backend.categorised(import_id)
    # Written as it is read, whatever the number of rows.
    pieces = render(chosen, transactions, accounts=context.backend.accounts())

    def write(terminal: "Terminal") -> None:
        for piece in pieces:
            terminal.raw_out(piece)

    return Answer(None, write)
