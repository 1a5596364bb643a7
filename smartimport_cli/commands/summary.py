"""smartimport summary: the Crystal summary again."""

from typing import TYPE_CHECKING, Annotated, Any

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
    html: Annotated[
        str | None,
        typer.Option("--html", metavar="FILE", help="As one page with pictures, into FILE; - is standard output."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="With --html: over a file that is no earlier page, too.")
    ] = False,
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
    document: dict[str, Any] = {
        "schema": "smartimport.summary/1", "import_id": import_id, "file": record.file_name,
        "committed": record.committed_count, "advice": advice, "insights": insights,
    }  # fmt: skip

    if html is not None:
        return _page(context, document, html, force=force)

    def write(terminal: "Terminal") -> None:
        if markdown:
            from smartimport_cli.views.summary import render_markdown

            terminal.out(render_markdown(insights) or advice)
        else:
            write_summary(terminal, insights, advice)

    return Answer(document, write)


def _page(context: Context, document: dict[str, Any], target: str, *, force: bool) -> Answer:
    from smartimport_cli.core.money import to_decimal
    from smartimport_cli.core.reducer import fold
    from smartimport_cli.crystal.balance import day_ends
    from smartimport_cli.output_file import write_file
    from smartimport_cli.views.html import About, Balances, is_ours, render_html

    import_id = document["import_id"]
    labels = {key: account.label for key, account in context.backend.accounts().items()}
    balances = [
        Balances(
            labels.get(account, ""), currency or "", [(day, to_decimal(units, currency)) for day, units in days]
        )
        for (account, currency), days in day_ends(context.backend.transactions(import_id)).items()
    ]
    proof = fold(context.backend.events(import_id)).proof
    insights = document["insights"] if isinstance(document["insights"], dict) else {}
    page = render_html(insights, About(document["file"], import_id, document["advice"], proof, balances))
    if target == "-":
        return Answer(None, lambda terminal: terminal.raw_out(page))
    write_file(target, [page], replaces=lambda head: force or is_ours(head))

    def say(terminal: "Terminal") -> None:
        terminal.out(f"Wrote {target}.")

    return Answer({**document, "html": target}, say)
