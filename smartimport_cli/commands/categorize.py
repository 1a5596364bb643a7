"""smartimport categorize: say what a committed row was for; rows like it follow."""

from typing import TYPE_CHECKING, Annotated

import typer

from smartimport_cli.commands import options as o
from smartimport_cli.context import Answer, Context
from smartimport_cli.core.errors import UsageError
from smartimport_cli.core.text import clean

if TYPE_CHECKING:
    from smartimport_cli.terminal import Terminal

_LONGEST = 60


def categorize(
    ctx: typer.Context,
    id: o.IdArgument,
    line: Annotated[int, typer.Argument(metavar="LINE", min=1, help="The row's line, as the summary names it.")],
    category: Annotated[str, typer.Argument(metavar="CATEGORY", help="Groceries, Dining, or a name of your own.")],
) -> Answer:
    """Say what a committed row was for. The same merchant follows, and what is learned from its words."""
    from smartimport_cli import flow
    from smartimport_cli.core.model import where
    from smartimport_cli.core.money import grouped, plain

    context: Context = ctx.obj
    said = clean(category)
    if not said or len(said) > _LONGEST:
        raise UsageError("bad-category", f"A category is a name of 1 to {_LONGEST} characters.")
    import_id = context.backend.resolve(id)
    short = flow.short(import_id)
    row = context.backend.categorize(import_id, line, said)
    name = row.merchant or row.description

    def write(terminal: "Terminal") -> None:
        amount = f"{grouped(row.amount, row.currency)} {row.currency or ''}".strip()
        terminal.out(f"{name}, {amount} on {row.posted_date} ({where(line)}) is {said} now.")
        terminal.err(f"Rows of {name} follow: smartimport summary {short}")

    return Answer(
        {
            "schema": "smartimport.categorize/1", "import_id": import_id, "line": line, "category": said,
            "merchant": name, "date": row.posted_date.isoformat(), "amount": plain(row.amount, row.currency),
        },
        write,
    )  # fmt: skip
