"""Edits of a preview as a CSV file: written as a template, changed in a spreadsheet or by a script, read again.

One line a row, named by `row` (its number in the preview) or `line` (its place in the statement). A cell that is
empty or still says what the preview says changes nothing; `-` takes an earlier edit of it back.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from smartimport_cli.core.edits import FIELDS, Change, Value, parse_value, split_text
from smartimport_cli.core.errors import UsageError
from smartimport_cli.core.money import plain
from smartimport_cli.core.protocols import PreviewRow
from smartimport_cli.core.text import clean, defused, shorten

COLUMNS = ("row", "line", "account", "description", "currency", *FIELDS)
_SHOWN = ("account", "description", "currency")  # to find one's way; what stands there must be the row's
_AS_READ = "-"


def write(rows: Iterable[PreviewRow]) -> Iterator[str]:
    """The template: the rows that a commit would take and those that are left out, as they stand now."""
    yield _line(COLUMNS)
    for shown in rows:
        if shown.duplicate_of is None and not shown.row.pending:
            cells = _cells(shown)
            yield _line([defused(cells[name]) if name in _TEXT else cells[name] for name in COLUMNS])


_TEXT = ("account", "description", "merchant", "category")


def _cells(shown: PreviewRow) -> dict[str, str]:
    """What the preview says of a row, in the words of the file."""
    row = shown.row
    return {
        "row": str(shown.number),
        "line": str(row.line),
        "account": shown.account,
        "description": row.description,
        "currency": row.currency or "",
        "date": row.posted_date.isoformat(),
        "amount": plain(row.amount, row.currency),
        "merchant": row.merchant,
        "category": row.category or "",
        "exclude": "yes" if shown.excluded else "no",
        "split": split_text(shown.parts, row.currency),
    }


def _line(cells: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()


def read(text: str, rows: Iterable[PreviewRow]) -> list[Change]:
    """What the file `text` changes in the preview whose rows are `rows` (in order). Raises UsageError
    `bad-edits-file`, which names the line of the file, or `bad-edit`."""
    wanted = _Wanted(text)
    changes: list[Change] = []
    for shown in rows:
        for number, cells in wanted.of(shown):
            try:
                changes += _changes(cells, shown)
            except UsageError as error:
                raise _bad(number, error.message, error.hint) from None
    wanted.check_all_found()
    return changes


class _Wanted:
    """The lines of the file, by the row that they are about."""

    def __init__(self, text: str) -> None:
        text = text.removeprefix("\ufeff")
        head = text.partition("\n")[0]
        delimiter = max(",;\t", key=head.count)
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        try:
            names = [name.strip().casefold() for name in next(lines, [])]
            self._key = self._check(names)
            self._lines: dict[int, list[tuple[int, dict[str, str]]]] = {}
            self._found: dict[int, int] = {}  # lines of the statement -> rows there
            for cells in lines:
                if any(cell.strip() for cell in cells):
                    self._add(lines.line_num, dict(zip(names, cells, strict=False)), len(cells) > len(names))
        except csv.Error as error:
            raise _bad(lines.line_num, f"it is no CSV ({error})") from None

    @staticmethod
    def _check(names: list[str]) -> str:
        unknown = [name for name in names if name not in COLUMNS]
        if unknown or len(set(names)) < len(names) or not {"row", "line"} & set(names):
            what = f"there is no column '{clean(unknown[0])}'" if unknown else "it needs a column row or line"
            if not unknown and len(set(names)) < len(names):
                what = "a column stands there twice"
            raise _bad(1, what, f"Its first line names the columns, of {', '.join(COLUMNS)}.")
        return "row" if "row" in names else "line"

    def _add(self, number: int, cells: dict[str, str], too_long: bool) -> None:
        place = cells.get(self._key, "").strip()
        if too_long or not (place.isascii() and place.isdecimal() and int(place)):
            what = "it has more cells than the first line" if too_long else f"it has no {self._key} number"
            raise _bad(number, what)
        self._lines.setdefault(int(place), []).append((number, cells))

    def of(self, shown: PreviewRow) -> list[tuple[int, dict[str, str]]]:
        place = shown.number if self._key == "row" else shown.row.line
        found = self._lines.get(place, [])
        if found:
            self._found[place] = self._found.get(place, 0) + 1
            if self._found[place] > 1:
                raise _bad(
                    found[0][0], f"several rows of the statement stand in line {place}",
                    "Name them by a column row.",
                )  # fmt: skip
        return found

    def check_all_found(self) -> None:
        for place, lines in self._lines.items():
            if place not in self._found:
                raise _bad(
                    lines[0][0], f"the import has no {self._key} {place}",
                    "smartimport preview ID --all numbers its rows.",
                )  # fmt: skip


def _changes(cells: dict[str, str], shown: PreviewRow) -> list[Change]:
    now = _cells(shown)
    for name in (*_SHOWN, "line"):
        cell = _undefused(cells.get(name, "")).strip()
        if cell and cell != now[name]:
            raise UsageError(
                "bad-edit",
                f"Row {shown.number} has the {name} '{shorten(clean(now[name]), 40)}', not '{shorten(clean(cell), 40)}'.",
                hint="Is the file of another import? That column shows which row it is and cannot be changed.",
            )
    changes = []
    amount = shown.row.amount
    for what in FIELDS:
        cell = _undefused(cells.get(what, "")).strip()
        if not cell or cell == now[what]:
            continue
        value: Value = None
        if cell != _AS_READ:
            value = parse_value(what, cell, amount=amount, currency=shown.row.currency)
        if what == "amount":
            read = shown.read or shown.row
            amount = value if isinstance(value, int) else read.amount
        changes.append(Change(shown.number, what, value))
    return changes


def _undefused(cell: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from taking it for a formula."""
    return cell[1:] if cell[:1] == "'" and defused(cell[1:]) == cell else cell


def _bad(number: int, what: str, hint: str = "") -> UsageError:
    what = what.rstrip(".")
    return UsageError(
        "bad-edits-file", f"Line {number} of the edits: {what}. Nothing was changed.", hint=hint
    )
