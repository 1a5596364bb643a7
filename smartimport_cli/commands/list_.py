"""smartimport list: imports and their states."""

from typing import TYPE_CHECKING, Annotated

import typer

from smartimport_cli.context import Answer, Context

if TYPE_CHECKING:
    from smartimport_cli.terminal import Terminal


def list_(
    ctx: typer.Context,
    status: Annotated[
        str | None, typer.Option("--status", help="Only these: pending, parsed, committed, failed ...")
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", "-n", min=1, help="At most so many.")] = None,
) -> Answer:
    """Imports and their states, newest first."""
    context: Context = ctx.obj
    records = [record for record in context.backend.imports() if status in (None, record.status)][:limit]

    def write(terminal: "Terminal") -> None:
        from smartimport_cli.views.lists import imports_table

        if not records:
            terminal.err("No imports yet. Bring one in: smartimport import FILE")
            return
        terminal.out(
            imports_table(records, now=terminal.now(), width=terminal.width, unicode=terminal.unicode)
        )

    return Answer(
        {"schema": "smartimport.list/1", "imports": [record.to_json() for record in records]}, write
    )
