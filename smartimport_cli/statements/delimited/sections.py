"""Several tables one below the other in one file (an account, and a card's purchases), each with names of its own."""

import re
from collections.abc import Sequence
from typing import BinaryIO, NamedTuple

from smartimport_cli.statements.delimited import dialect, words
from smartimport_cli.statements.delimited.dialect import Dialect, Row, looks_like_data

_MOST = 1 << 20  # bytes of a file that is looked through
_LEAST = 2  # rows of a table
_NAMES = re.compile(r"(?m)^(?=(?:[^,;\t|\n]*[,;\t|]){2})[^\d\n]{12,}$")  # a line of cells without a digit


class Section(NamedTuple):
    """The lines of one table with what belongs to it above and below, from `first` on."""

    first: int
    text: str


def sections(source: BinaryIO, size: int, encoding: str, cut: Dialect) -> list[Section]:
    """The tables of the file, where there are several; none where there is one."""
    if size > _MOST:
        return []
    stream = dialect.text_of(source, encoding)
    try:
        text = stream.read()
    finally:
        stream.detach()
    if len({line.strip() for line in _NAMES.findall(text)}) < 2:
        return []
    lines = text.splitlines(keepends=True)
    rows = [row for row in dialect.rows_of(lines, cut._replace(first=1)) if any(map(str.strip, row.cells))]
    heads = _heads(rows)
    if len(heads) < 2:
        return []
    begins = [1, *(_begin(rows, heads[i - 1], heads[i]) for i in range(1, len(heads)))]
    return [
        Section(first, "".join(lines[first - 1 : end - 1]))
        for first, end in zip(begins, [*begins[1:], len(lines) + 1], strict=True)
    ]


def _heads(rows: Sequence[Row]) -> list[Row]:
    """The rows that name columns, each of other names than the one before and with rows of its own."""
    found: list[tuple[Row, int]] = []
    for row in rows:
        if looks_like_data(row.cells):
            if found:
                found[-1] = found[-1][0], found[-1][1] + 1
            continue
        roles = {words.role_of(cell) for cell in row.cells if cell.strip()}
        heads = "date" in roles and roles & {"amount", "debit", "credit"} and roles & {"description", "payee"}
        if heads and (not found or _names(row) != _names(found[-1][0])):
            found.append((row, 0))
    return [row for row, _ in found] if all(behind >= _LEAST for _, behind in found) else []


def _names(row: Row) -> list[str]:
    return [cell.strip() for cell in row.cells if cell.strip()]


def _begin(rows: Sequence[Row], above: Row, head: Row) -> int:
    """The line where a table begins: that of its title, behind the rows of the table above and their balances."""
    between = [row for row in rows if above.line < row.line <= head.line]
    last = max(i for i, row in enumerate(between) if looks_like_data(row.cells))
    notes = between[last + 1 :]
    for i, row in enumerate(notes):
        if not any(words.balance_words(cell) or words.total_row(cell) for cell in _names(row)[:2]):
            return notes[i].line
    return head.line
