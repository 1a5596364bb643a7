"""smartimport preview: the staged rows with their proof and duplicates; and their edit before the commit."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from smartimport_cli.commands import options as o
from smartimport_cli.context import Answer, Context
from smartimport_cli.core.errors import UsageError
from smartimport_cli.core.money import plain

if TYPE_CHECKING:
    from smartimport_cli.core.protocols import Backend, Preview, PreviewRow
    from smartimport_cli.terminal import Terminal

_PAGE = 1000  # rows asked for at once
_LARGEST = 1 << 26  # bytes of a file of edits
_EDITING = "Editing before the commit"


def preview(
    ctx: typer.Context,
    id: o.OptionalIdArgument = "@latest",
    rows: Annotated[int, typer.Option("--rows", min=0, help="How many rows to show.")] = 10,
    changes: Annotated[
        str | None, typer.Argument(metavar="[CHANGES]", help="With --edit: a CSV file of edits; - is standard input.")
    ] = None,
    all: Annotated[bool, typer.Option("--all", help="Show all rows.")] = False,
    edit: Annotated[
        bool,
        typer.Option(
            "--edit",
            help="Change rows before they are committed: in a full-screen view, or as the file CHANGES says. Its "
            "first line names columns: row (or line), and any of date, amount, merchant, category, exclude (yes, "
            "no), split (-60.00 Groceries; rest Household). An empty cell changes nothing, - takes an edit back.",
            rich_help_panel=_EDITING,
        ),
    ] = False,
    export_edits: Annotated[
        str | None,
        typer.Option(
            "--export-edits",
            metavar="FILE",
            help="Write the rows as a file to change and give to --edit; - is standard output.",
            rich_help_panel=_EDITING,
        ),
    ] = None,
    digest: o.DigestOption = None,
) -> Answer:
    """The staged rows of an import: what is new, what is there already, and what the balances prove."""
    context: Context = ctx.obj
    if edit and changes is None and id.lower().endswith((".csv", ".tsv", ".txt")):
        id, changes = "@latest", id
    if changes is not None and not edit:
        raise UsageError("wrong-use", "A file of changes needs --edit.", hint=f"smartimport preview {id} --edit FILE")
    import_id = context.backend.resolve(id)
    if export_edits is not None:
        return _export(context, import_id, export_edits)
    if changes is not None:
        _edit_by_file(context.backend, import_id, changes, digest)
    elif edit:
        _edit_on_screen(context, import_id)
    shown = context.backend.preview(import_id, limit=None if all else rows)

    def write(terminal: "Terminal") -> None:
        from smartimport_cli.views.preview import render_preview

        terminal.out(
            render_preview(shown, width=terminal.width, unicode=terminal.unicode, color=terminal.color_out)
        )

    return Answer(document(shown), write)


def _edit_by_file(backend: "Backend", import_id: str, file: str, digest: str | None) -> None:
    """All that the file says, or nothing. It is compared with one preview, and holds for no other."""
    from smartimport_cli import edits_file
    from smartimport_cli.core.model import Choices
    from smartimport_cli.statement_file import open_statement

    with open_statement(file, Choices(), max_size=_LARGEST) as opened:
        content = opened.file.read()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError("bad-edits-file", "The edits are not in UTF-8. Nothing was changed.") from None
    before = digest or backend.preview(import_id, limit=0).digest
    backend.edit(import_id, edits_file.read(text, _rows(backend, import_id)), digest=before)


def _edit_on_screen(context: Context, import_id: str) -> None:
    if not context.may_ask or context.terminal.dumb or context.terminal.accessible:
        raise UsageError(
            "no-screen",
            "The full-screen view needs a terminal.",
            hint="Give the edits as a file: smartimport preview ID --edit changes.csv "
            "(--export-edits FILE writes one to begin with).",
        )
    from smartimport_cli.views.edit import edit_on_screen

    edit_on_screen(context.backend, import_id)


def _export(context: Context, import_id: str, target: str) -> Answer:
    from smartimport_cli import edits_file
    from smartimport_cli.output_file import write_file

    pieces = edits_file.write(_rows(context.backend, import_id))
    if target == "-":

        def write(terminal: "Terminal") -> None:
            for piece in pieces:
                terminal.raw_out(piece)

        return Answer(None, write)
    write_file(target, pieces)

    def say(terminal: "Terminal") -> None:
        terminal.out(f"Wrote {target}. Change it, then: smartimport preview {import_id[:8]} --edit {target}")

    return Answer({"schema": "smartimport.edits/1", "import_id": import_id, "file": target}, say)


def _rows(backend: "Backend", import_id: str) -> Iterator["PreviewRow"]:
    """All rows, a page at a time."""
    offset = 0
    while page := backend.preview(import_id, offset=offset, limit=_PAGE).rows:
        yield from page
        offset += len(page)


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
        "excluded": shown.excluded,
        "edited": shown.edited,
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
    row, read = shown.row, shown.read
    return {
        "row": shown.number,
        "posted_date": row.posted_date.isoformat(),
        "amount": plain(row.amount, row.currency),
        "currency": row.currency,
        "description": row.description,
        "merchant": row.merchant,
        "category": row.category,
        "reference": row.reference,
        "pending": row.pending,
        "account": shown.account,
        "source": row.source,
        "duplicate_of": shown.duplicate_of,
        "excluded": shown.excluded,
        "edited": [name for name in _EDITABLE if read and getattr(read, name) != getattr(row, name)],
        "as_read": {
            "posted_date": read.posted_date.isoformat(),
            "amount": plain(read.amount, read.currency),
            "merchant": read.merchant,
            "category": read.category,
        }
        if read
        else None,
        "parts": [
            {"amount": plain(part.amount, row.currency), "category": part.category} for part in shown.parts
        ],
        "issues": [issue._asdict() for issue in row.issues],
    }


_EDITABLE = ("posted_date", "amount", "merchant", "category")
