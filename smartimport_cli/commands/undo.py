"""smartimport undo: take a committed import back."""

from typing import TYPE_CHECKING

import typer

from smartimport_cli.commands import options as o
from smartimport_cli.context import Answer, Context
from smartimport_cli.core.errors import ExitCode, SmartImportError, UsageError

if TYPE_CHECKING:
    from smartimport_cli.terminal import Terminal


def undo(ctx: typer.Context, id: o.IdArgument, yes: o.YesOption = False) -> Answer:
    """Take a committed import back. Rows that other imports hold too stay."""
    from smartimport_cli import flow

    context: Context = ctx.obj
    import_id = context.backend.resolve(id)
    record = context.backend.get(import_id)
    short = flow.short(import_id)
    if not yes and record.status == "committed":
        if not context.may_ask:
            raise UsageError(
                "needs-yes",
                f"Taking import {short} back needs a yes.",
                hint=f"smartimport undo {short} --yes",
            )
        from smartimport_cli.views.approve import confirm

        rows = record.committed_count
        if not confirm(context.terminal, f"Take back {rows} transactions of {record.file_name} ({short})?"):
            raise SmartImportError(
                "kept", f"Import {short} stays as it is; nothing was taken back.", exit_code=ExitCode.REJECTED
            )
    removed = context.backend.undo(import_id)

    def write(terminal: "Terminal") -> None:
        terminal.out(f"Took import {short} back: {removed} transactions removed.")

    return Answer({"schema": "smartimport.undo/1", "import_id": import_id, "removed": removed}, write)
