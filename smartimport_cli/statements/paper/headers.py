"""Where the lines are that name the columns of a table."""

import re
from collections.abc import Iterator

from smartimport_cli.core.documents import Word
from smartimport_cli.statements.delimited import words as vocabulary_of_columns
from smartimport_cli.statements.paper import vocabulary
from smartimport_cli.statements.paper.lines import Line, cells_of
from smartimport_cli.statements.paper.table import MONEY_ROLES, OTHER_MONEY, Table

_LONGEST_HEADER = 24  # words
_RATE = re.compile(r"kurs|taux|cambio|koers|kurz|rate")


def headers_in(lines: list[Line]) -> dict[int, list[Word]]:
    """The lines that name columns, by index: their words, with those of lines that belong to them."""
    found: dict[int, list[Word]] = {}
    skip = -1
    for at, line in enumerate(lines):
        if at <= skip or not _names_columns(line):
            continue
        words = list(line.words)
        if at and at - 1 not in found and _belongs(lines[at - 1], line):
            words = [*lines[at - 1].words, *words]
        if at + 1 < len(lines) and _belongs(lines[at + 1], line):
            words = [*words, *lines[at + 1].words]
            skip = at + 1
        found[at] = words
    return found


def _names_columns(line: Line) -> bool:
    if len(line.words) > _LONGEST_HEADER or any(p.kind in ("money", "day") for p in line.pieces):
        return False
    cells = [" ".join(w.text for w in cell) for cell in cells_of(line.words)]
    if len(cells) < 2 or max(len(cell) for cell in cells) > 60:
        return False
    kinds = {vocabulary.balance_kind(cell) for cell in cells}
    if {"opening", "closing"} <= kinds or any(map(vocabulary.is_due, cells)) or any(map(vocabulary.is_rate, cells)):
        return False  # what follows sums the statement up, or says what interest there is
    roles = [vocabulary_of_columns.role_of(cell) for cell in cells]
    for cell, role in list(zip(cells, roles, strict=True)):  # several columns that stand close together
        if role in MONEY_ROLES | {"date", "direction"} and len(cell.split()) > 1:
            roles.extend(vocabulary_of_columns.role_of(word) for word in cell.split())
    named = {role for role in roles if role}
    return bool(named & MONEY_ROLES) and len(named) >= 2 and bool(
        named & {"date", "description", "payee", "kind", "reference", "balance"}
    )  # fmt: skip


def _belongs(other: Line, header: Line) -> bool:
    """Whether a line above or below holds more words of the columns' names."""
    if other.page != header.page or any(p.kind not in ("text", "mark") for p in other.pieces):
        return False
    gap = max(other.top - header.bottom, header.top - other.bottom)
    if gap > 0.7 * header.height or len(other.words) > 10:
        return False
    cells = cells_of(header.words)
    spans = [(cell[0].left, cell[-1].right) for cell in cells]
    if vocabulary.is_heading(other.text) and not _over_amounts(other, cells):
        return False
    over = [
        any(word[0].left < right and left < word[-1].right for left, right in spans)
        for word in cells_of(other.words)
    ]
    several = len(over) >= 2 or bool(
        other.pieces and vocabulary_of_columns.role_of(other.text) in MONEY_ROLES
    )
    return several and all(over) and len(other.text) < 80 and all(len(w.text) < 20 for w in other.words)


def _over_amounts(other: Line, cells: list[list[Word]]) -> bool:
    """Whether a line's words stand over names of columns of amounts alone: `Deposit` over `Amount`."""
    over = [c for c in cells if c[0].left < other.right and other.left < c[-1].right]
    return bool(over) and all(money_role(" ".join(w.text for w in c)) in MONEY_ROLES for c in over)


def header_cells(header: list[Word]) -> Iterator[list[Word]]:
    """Cells of each of the header's lines."""
    rows: dict[int, list[Word]] = {}
    middles: list[float] = []
    for word in sorted(header, key=lambda w: w.top + w.bottom):
        middle = (word.top + word.bottom) / 2
        if not middles or middle - middles[-1] > 0.5 * (word.bottom - word.top):
            middles.append(middle)
        rows.setdefault(len(middles), []).append(word)
    for row in rows.values():
        yield from cells_of(sorted(row, key=lambda w: w.left))


def money_role(name: str) -> str | None:
    """What the amounts below a name are; None where it names no amounts."""
    role = vocabulary_of_columns.role_of(name)
    first, _, rest = name.partition(" ")
    if role == "other" and rest and _RATE.fullmatch(vocabulary_of_columns.normal(first)):
        return money_role(rest)  # two columns that stand close together
    if role in MONEY_ROLES | OTHER_MONEY:
        return role
    if role == "direction":  # `Debit/Credit`, with amounts below
        return "amount"
    found = [r for w in name.split() if (r := vocabulary_of_columns.role_of(w)) in MONEY_ROLES]
    return found[-1] if found else None


def same_header(a: Table, b: Table) -> bool:
    """Whether two headers have the same words in the same places."""
    if a is b:
        return True
    if not a.header or len(a.header) != len(b.header):
        return False
    return all(
        v.text == w.text and abs(v.left - w.left) < 0.5 * (v.bottom - v.top)
        for v, w in zip(a.header, b.header, strict=True)
    )


def repeats(header: list[Word]) -> list[float]:
    """Where the names of the columns begin again, in a table that stands in columns side by side."""
    cells = cells_of(header)
    texts = [" ".join(w.text for w in cell).casefold() for cell in cells]
    for times in (2, 3, 4):
        size, rest = divmod(len(texts), times)
        if not rest and size > 1 and texts == texts[:size] * times:
            return [cells[i][0].left - 2 for i in range(size, len(cells), size)]
    return []
