"""smartimport summary: the Crystal summary again."""

from typing import TYPE_CHECKING, Annotated

import typer

from smartimport_cli.commands import options as o
from smartimport_cli.context import Answer, Context
from smartimport_cli.core.errors import SmartImportError, UsageError

if TYPE_CHECKING:
    from smartimport_cli.terminal import Terminal


def summary(
    ctx: typer.Context,
    id: o.OptionalIdArgument = "@latest",
    markdown: Annotated[bool, typer.Option("--markdown", help="As Markdown.")] = False,
) -> Answer:
    """What the money says, from committed rows."""
    from smartimport_cli import flow
    from smartimport_cli.attend import detaching, open_run, write_summary

    context: Context = ctx.obj
    import_id = context.backend.resolve(id)
    record = context.backend.get(import_id)
    short = flow.short(import_id)
    if record.status != "committed":
        raise UsageError(
            "not-committed",
            f"Import {short} is {record.status}; a summary needs committed transactions.",
            hint=f"Look at it: smartimport show {short}",
        )
    found = context.backend.advice(import_id)
    if found is None:  # the analysis had failed, or was killed
        context.backend.analyse(import_id)
        run = open_run(context, import_id, record.file_name)
        with detaching(run):
            run.until(lambda state: flow.ended(state) and context.backend.advice(import_id) is not None)
        found = context.backend.advice(import_id)
    if found is None:
        raise SmartImportError("no-summary", f"Import {short} has no summary.")
    advice, insights = found
    document = {
        "schema": "smartimport.summary/1", "import_id": import_id, "file": record.file_name,
        "committed": record.committed_count, "advice": advice, "insights": insights,
    }  # fmt: skip

    def write(terminal: "Terminal") -> None:
        if markdown:
            from smartimport_cli.views.summary import render_markdown

            terminal.out(render_markdown(insights) or advice)
        else:
            write_summary(terminal, insights, advice)

    return Answer(document, write)
