"""smartimport show: one import, whole."""

from typing import TYPE_CHECKING

import typer

from smartimport_cli.commands import options as o
from smartimport_cli.context import Answer, Context

if TYPE_CHECKING:
    from smartimport_cli.terminal import Terminal


def show(ctx: typer.Context, id: o.OptionalIdArgument = "@latest") -> Answer:
    """One import, whole: what it is, where it stands, what came of it."""
    from smartimport_cli.core.reducer import fold

    context: Context = ctx.obj
    import_id = context.backend.resolve(id)
    record = context.backend.get(import_id)
    state = fold(context.backend.events(import_id))

    def write(terminal: "Terminal") -> None:
        from smartimport_cli.views.lists import import_details

        terminal.out(
            import_details(
                record, state, now=terminal.now(), width=terminal.width, unicode=terminal.unicode,
            )
        )  # fmt: skip

    return Answer(
        {
            "schema": "smartimport.show/1", "import_id": import_id, "import": record.to_json(),
            "state": state.to_json(),
        },
        write,
    )  # fmt: skip
