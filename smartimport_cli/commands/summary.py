"""smartimport summary: the Crystal summary again."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from smartimport_cli.commands import options as o
from smartimport_cli.context import Answer, Context
from smartimport_cli.core.errors import ExitCode, SmartImportError, UsageError

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
    explain: Annotated[
        bool, typer.Option("--explain", help="For every sentence the insight and the rows behind it.")
    ] = False,
    prose: Annotated[
        bool, typer.Option("--prose", help="Let the language model that you named write it; sends sums only.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Send for --prose without asking.")] = False,
) -> Answer:
    """What the money says, from committed rows."""
    from smartimport_cli import flow
    from smartimport_cli.attend import detaching, write_summary
    from smartimport_cli.core.events import AnalyzeComplete, AnalyzeError
    from smartimport_cli.views.silent import SilentView

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
    if found is None:  # the analysis had failed, or what it knew has changed since
        run = flow.Run(
            context.backend, import_id, SilentView(), clock=context.terminal.clock, timeout=context.settings.timeout
        )
        with detaching(run):
            run.catch_up()
            context.backend.analyse(import_id)
            while (done := run.step()) is None or done.event_type not in (AnalyzeComplete.type, AnalyzeError.type):
                pass
        if done.event_type == AnalyzeError.type:
            raise flow.failure(run.state, import_id)
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
    if prose:
        document["prose"] = _prose(context, insights, yes=yes)

    def write(terminal: "Terminal") -> None:
        if prose:
            terminal.out(document["prose"]["text"])
        elif explain:
            from smartimport_cli.views.summary import render_explained

            terminal.out(render_explained(insights, width=terminal.width, unicode=terminal.unicode,
                                          color=terminal.color_out) or advice)
        elif markdown:
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


def _prose(context: Context, insights: Any, *, yes: bool) -> dict[str, Any]:
    """A language model's words for the sums; refused where it says a number that is not in them."""
    import json
    import os

    from smartimport_cli.backends.prose import Endpoint
    from smartimport_cli.backends.prose import write as ask
    from smartimport_cli.crystal.prose import aggregates, foreign_numbers, request

    endpoint = Endpoint.of(context.settings.prose, os.environ)
    told = aggregates(insights)
    body = request(endpoint.model, told)
    if not yes:
        context.say(f"This is all that would be sent to {endpoint.host}:\n{json.dumps(body, ensure_ascii=False, indent=2)}")
        if not context.may_ask:
            raise UsageError(
                "needs-yes", f"Sending sums to {endpoint.host} needs a yes.", hint="smartimport summary --prose --yes"
            )
        from smartimport_cli.views.approve import confirm

        if not confirm(context.terminal, f"Send it to {endpoint.host}?"):
            raise SmartImportError("not-sent", "Nothing was sent.", exit_code=ExitCode.REJECTED)
    text = ask(endpoint, body)
    if foreign := foreign_numbers(text, told):
        raise SmartImportError(
            "prose-refused",
            f"What {endpoint.host} wrote is not shown: {', '.join(foreign[:5])} is not in the insights.",
            hint="The summary itself: smartimport summary",
        )
    return {"text": text, "model": endpoint.model, "sent": body}
