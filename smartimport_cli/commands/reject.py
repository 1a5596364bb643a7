"""smartimport reject: say no to what is staged."""

from typing import TYPE_CHECKING, Annotated

import typer

from smartimport_cli.commands import options as o
from smartimport_cli.context import Answer, Context

if TYPE_CHECKING:
    from smartimport_cli.terminal import Terminal


def reject(
    ctx: typer.Context,
    id: o.IdArgument,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, for the record.")] = "",
) -> Answer:
    """Say no to a staged import; nothing of it is committed."""
    from smartimport_cli import flow
    from smartimport_cli.core.reducer import fold

    context: Context = ctx.obj
    import_id = context.backend.resolve(id)
    context.backend.reject(import_id, reason)
    state = fold(context.backend.events(import_id))

    def write(terminal: "Terminal") -> None:
        terminal.out(f"Rejected import {flow.short(import_id)}. Nothing was committed.")

    return Answer({"schema": "smartimport.reject/1", "import_id": import_id, "state": state.to_json()}, write)
