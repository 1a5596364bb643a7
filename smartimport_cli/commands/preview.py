"""smartimport preview: the staged rows with their proof and duplicates."""

from typing import TYPE_CHECKING, Annotated

import typer

from smartimport_cli.commands import options as o
from smartimport_cli.context import Answer, Context
from smartimport_cli.core.money import plain

if TYPE_CHECKING:
    from smartimport_cli.core.protocols import Preview, PreviewRow
    from smartimport_cli.terminal import Terminal


def preview(
    ctx: typer.Context,
    id: o.OptionalIdArgument = "@latest",
    rows: Annotated[int, typer.Option("--rows", min=0, help="How many rows to show.")] = 10,
    all: Annotated[bool, typer.Option("--all", help="Show all rows.")] = False,
) -> Answer:
    """The staged rows of an import: what is new, what is there already, and what the balances prove."""
    context: Context = ctx.obj
    import_id = context.backend.resolve(id)
    shown = context.backend.preview(import_id, limit=None if all else rows)

    def write(terminal: "Terminal") -> None:
        from smartimport_cli.views.preview import render_preview

        terminal.out(
            render_preview(shown, width=terminal.width, unicode=terminal.unicode, color=terminal.color_out)
        )

    return Answer(document(shown), write)


def document(shown: "Preview") -> dict[str, object]:
    """The preview as JSON values; `digest` is what an approval of it is bound to."""
    proof = shown.proof
    return {
        "schema": "smartimport.preview/1",
        "import_id": shown.import_id,
        "digest": shown.digest,
        "accounts": list(shown.accounts),
        "period": [shown.first_date, shown.last_date] if shown.first_date else None,
        "rows_total": shown.rows_total,
        "new": shown.new,
        "duplicates": shown.duplicates,
        "pending": shown.pending,
        "unreadable_count": shown.unreadable_count,
        "totals": [
            {
                "currency": total.currency,
                "money_in": plain(total.money_in, total.currency),
                "money_out": plain(total.money_out, total.currency),
            }
            for total in shown.totals
        ],
        "proof": {**proof._asdict(), "verdict": proof.verdict.value},
        "issues": list(shown.issues),
        "rows": [_row(row) for row in shown.rows],
        "unreadable": [
            {"source": row.source, "reason": row.reason, "text": row.text} for row in shown.unreadable
        ],
    }


def _row(shown: "PreviewRow") -> dict[str, object]:
    row = shown.row
    return {
        "posted_date": row.posted_date.isoformat(),
        "amount": plain(row.amount, row.currency),
        "currency": row.currency,
        "description": row.description,
        "merchant": row.merchant,
        "reference": row.reference,
        "pending": row.pending,
        "account": shown.account,
        "source": row.source,
        "duplicate_of": shown.duplicate_of,
        "issues": [issue._asdict() for issue in row.issues],
    }
