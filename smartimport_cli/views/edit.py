"""Editing a preview in a full-screen view. Each change is kept at once, as an edit of its own, and the proof is
asked again; leaving the view loses nothing and decides nothing.

Imported only when a person opens it. Cells are rich Text, never markup.
"""

from collections.abc import Callable
from typing import ClassVar

from rich.text import Text
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import DataTable, Footer, Input, Label, Static

from smartimport_cli.core.edits import Change, parse_value, split_text
from smartimport_cli.core.errors import ExitCode, SmartImportError
from smartimport_cli.core.model import Verdict
from smartimport_cli.core.money import grouped, plain
from smartimport_cli.core.protocols import Backend, Preview, PreviewRow
from smartimport_cli.core.text import clean
from smartimport_cli.views.preview import changes

_PAGE = 500  # rows asked for at once
_NEAR = 50  # rows from the end at which the next page comes
_PROOF_STYLE = {Verdict.PROVED: "green", Verdict.CONTRADICTED: "bold red", Verdict.UNPROVED: "yellow"}
_COLUMNS = ("Row", "Date", "Amount", "Merchant", "Category", "Notes")
_HINTS = {
    "date": "2026-03-31",
    "amount": "-12.50: a point, and a minus for money out",
    "merchant": "who was paid",
    "category": "what it was for",
    "split": "-60.00 Groceries; rest Household",
}


def edit_on_screen(backend: Backend, import_id: str) -> None:
    """Let a person edit until they leave. Raises SmartImportError where the import is no longer to be edited."""
    app = EditApp(backend, import_id)
    app.run()
    if app.closed_by is not None:
        raise app.closed_by


class EditApp(App[None]):
    """The rows in a table, what a commit would bring above it; one key for each thing that can be changed."""

    ENABLE_COMMAND_PALETTE = False
    CSS = """
    #head { height: auto; padding: 0 1; }
    #said { height: auto; padding: 0 1; color: $warning; }
    DataTable { height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "change('category')", "Category"),
        Binding("m", "change('merchant')", "Merchant"),
        Binding("d", "change('date')", "Date"),
        Binding("a", "change('amount')", "Amount"),
        Binding("s", "change('split')", "Split"),
        Binding("x", "exclude", "Leave out"),
        Binding("u", "as_read", "As read"),
        Binding("q,escape", "quit", "Done"),
    ]

    def __init__(self, backend: Backend, import_id: str) -> None:
        super().__init__()
        self._backend = backend
        self._import_id = import_id
        self._rows: dict[int, PreviewRow] = {}
        self._preview: Preview | None = None
        self.closed_by: SmartImportError | None = None

    def compose(self) -> ComposeResult:
        yield Static(id="head")
        yield DataTable(cursor_type="row", zebra_stripes=True)
        yield Static(id="said")
        yield Footer()

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        for name in _COLUMNS:
            table.add_column(name, key=name)
        self._load()
        table.focus()

    # -- showing

    def _load(self) -> None:
        """The next page of rows."""
        page = self._ask(lambda: self._backend.preview(self._import_id, offset=len(self._rows), limit=_PAGE))
        if page is None:
            return
        table = self.query_one(DataTable)
        for row in page.rows:
            self._rows[row.number] = row
            table.add_row(*_cells(row), key=str(row.number))
        self._show(page)

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        if (
            self._preview
            and len(self._rows) - _NEAR < event.cursor_row
            and len(self._rows) < self._preview.rows_total
        ):
            self._load()

    def _show(self, preview: Preview) -> None:
        self._preview = preview
        self.query_one("#head", Static).update(_head(preview))

    def say(self, text: str) -> None:
        self.query_one("#said", Static).update(Text(clean(text)))

    # -- changing

    @property
    def _row(self) -> PreviewRow | None:
        return self._rows.get(self.query_one(DataTable).cursor_row + 1)

    def action_change(self, what: str) -> None:
        row = self._row
        if row is None:
            return
        now = {
            "date": row.row.posted_date.isoformat(),
            "amount": plain(row.row.amount, row.row.currency),
            "merchant": row.row.merchant,
            "category": row.row.category or "",
            "split": split_text(row.parts, row.row.currency),
        }[what]

        def take(text: str | None) -> None:
            if text is not None and text.strip() != now:
                self._apply(row, what, text)

        self.push_screen(_Ask(what, row, now), take)

    def _apply(self, row: PreviewRow, what: str, text: str) -> None:
        def change() -> Preview:
            value = None
            if text.strip():
                value = parse_value(what, text, amount=row.row.amount, currency=row.row.currency)
            return self._edit(Change(row.number, what, value))

        self._changed(row, self._ask(change))

    def action_exclude(self) -> None:
        row = self._row
        if row is not None:
            self._changed(row, self._ask(lambda: self._edit(Change(row.number, "exclude", not row.excluded))))

    def action_as_read(self) -> None:
        row = self._row
        if row is not None:
            back = [Change(row.number, what, None) for what in (*_HINTS, "exclude")]
            self._changed(row, self._ask(lambda: self._edit(*back)))

    def _edit(self, *changes: Change) -> Preview:
        digest = self._preview.digest if self._preview else None
        return self._backend.edit(self._import_id, changes, digest=digest)

    def _changed(self, row: PreviewRow, preview: Preview | None) -> None:
        if preview is None:
            return
        (fresh,) = self._backend.preview(self._import_id, offset=row.number - 1, limit=1).rows
        self._rows[row.number] = fresh
        table = self.query_one(DataTable)
        for name, cell in zip(_COLUMNS, _cells(fresh), strict=True):
            table.update_cell(str(row.number), name, cell, update_width=True)
        self._show(preview)
        self.say(f"Row {row.number} is saved as shown." if fresh != row else "Nothing has changed.")

    def _ask(self, act: Callable[[], Preview]) -> Preview | None:
        """What the backend answers; None where it refuses, which is said. Where the import was decided
        elsewhere there is nothing left to edit."""
        try:
            return act()
        except SmartImportError as error:
            if error.code == "stale-edit":
                self._reload()
                self.say("The preview has changed in another terminal. This is how it is now; nothing was edited.")
            elif error.exit_code is ExitCode.USAGE and error.code != "already-approved":
                self.say(f"{error.message} {error.hint}")
            else:
                self.closed_by = error
                self.exit()
            return None

    def _reload(self) -> None:
        table = self.query_one(DataTable)
        place = table.cursor_row
        table.clear()
        self._rows.clear()
        self._load()
        table.move_cursor(row=place)


class _Ask(ModalScreen[str | None]):
    """One value of one row. Empty is as it was read; Escape leaves it."""

    CSS = """
    _Ask { align: center middle; }
    #box { width: 70; max-width: 95%; height: auto; border: round $accent; padding: 1 2; background: $surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", "Leave it")]

    def __init__(self, what: str, row: PreviewRow, now: str) -> None:
        super().__init__()
        self._what, self._row, self._now = what, row, now

    def compose(self) -> ComposeResult:
        row = self._row.row
        with Vertical(id="box"):
            yield Label(Text(f"{self._what.capitalize()} of row {self._row.number}", style="bold"))
            yield Label(
                Text(f"{row.posted_date}  {grouped(row.amount, row.currency)}  {clean(row.description)}")
            )
            yield Input(self._now, placeholder=_HINTS[self._what], select_on_focus=True)
            yield Label(Text("Enter keeps it, empty is as it was read, Escape leaves it.", style="dim"))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.dismiss(event.value)


def _cells(shown: PreviewRow) -> list[Text]:
    row = shown.row
    notes = [clean(note) for note in (shown.excluded, *changes(shown)) if note]
    style = ""
    if shown.duplicate_of:
        notes.insert(0, f"already there: {clean(shown.duplicate_of)}")
        style = "dim"
    if row.pending:
        notes.append("pending")
    if shown.excluded:
        style = "dim strike"
    notes += [clean(issue.message) for issue in row.issues]
    if shown.parts:
        notes.append(split_text(shown.parts, row.currency))
    return [
        Text(str(shown.number), style=style),
        Text(str(row.posted_date), style=style),
        Text(grouped(row.amount, row.currency), style=style, justify="right"),
        Text(clean(row.merchant or row.description), style=style),
        Text(clean(row.category or ""), style=style),
        Text("; ".join(notes), style="yellow" if not style else "dim"),
    ]


def _head(preview: Preview) -> Text:
    counts = f"{preview.new:,} to commit · {preview.excluded:,} left out · {preview.edited:,} edited"
    if preview.duplicates:
        counts += f" · {preview.duplicates:,} already there"
    text = Text(f"{', '.join(map(clean, preview.accounts))}   {counts}\n")
    for total in preview.totals:
        net = grouped(total.money_in + total.money_out, total.currency, sign=True)
        text.append(
            f"In {grouped(total.money_in, total.currency)} · Out {grouped(-total.money_out, total.currency)}"
            f" · Net {net} {total.currency or ''}\n"
        )
    proof = preview.proof
    text.append(f"{proof.verdict.capitalize()}. ", style=_PROOF_STYLE.get(proof.verdict, ""))
    text.append(clean(proof.explanation))
    return text
