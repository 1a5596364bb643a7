"""smartimport watch: what happened so far, then live; ends as the import ends."""

import typer

from smartimport_cli.commands import options as o
from smartimport_cli.context import Answer, Context
from smartimport_cli.core.errors import SmartImportError


def watch(ctx: typer.Context, id: o.OptionalIdArgument = "@latest") -> Answer:
    """Attach to an import: its whole past, then live. A second terminal sees the same as the first."""
    from smartimport_cli import flow
    from smartimport_cli.attend import detaching, open_run, state_answer

    context: Context = ctx.obj
    import_id = context.backend.resolve(id)
    record = context.backend.get(import_id)
    run = open_run(context, import_id, record.file_name)
    schema = "smartimport.watch/1"
    try:
        with detaching(run):
            run.until(flow.ended)
    except SmartImportError as error:
        return state_answer(context, run, schema, error=error)
    return state_answer(context, run, schema)
