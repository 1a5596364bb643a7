"""Which column is what: by the words of the header where there is one, by the content of the cells else."""

import re
from collections.abc import Sequence
from itertools import pairwise

from smartimport_cli.core.errors import FileRefused
from smartimport_cli.core.text import clean
from smartimport_cli.statements.delimited import dates, words
from smartimport_cli.statements.delimited.account import is_iban
from smartimport_cli.statements.delimited.cells import cell_at
from smartimport_cli.statements.delimited.table import Column, Table
from smartimport_cli.statements.delimited.trials import NOTHING

_TIME = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")


def forced(
    table: Table, choices: Sequence[tuple[str, str]], name: str
) -> tuple[dict[str, int], list[int]]:
    """The columns that the user names, by role, and those of the description, of which there can be several.

    Raises FileRefused `no-such-column`.
    """
    found: dict[str, int] = {}
    texts: list[int] = []
    wanted = {words.normal(column.name): column.index for column in reversed(table.columns) if column.name}
    for role, column in choices:
        index = wanted.get(words.normal(column))
        if index is None and column.isdecimal() and 1 <= int(column) <= table.width:
            index = int(column) - 1
        if index is None:
            known = ", ".join(filter(None, table.names)) or f"1 to {table.width}"
            raise FileRefused(
                "no-such-column", f"{name} has no column {clean(column)[:60]}.", hint=f"It has: {known}."
            )
        if role == "description":
            texts.append(index)
        else:
            found[role] = index
    return found, texts


def date_columns(table: Table) -> list[int]:
    """Columns of dates, the booking's first."""
    found = []
    for column in table.columns:
        if column.dated < 0.8 or not column.cells:
            continue
        if column.money == 1 and column.role in (
            "amount",
            "debit",
            "credit",
            "balance",
            "account",
            "reference",
        ):
            continue
        compact = all(dates.shape(cell) == "compact" for cell in column.cells[:50])
        if compact and column.role not in ("date", None):
            continue
        full = len(column.cells) >= len(table.data) * 0.9
        named = words.booked(column.name) if column.role == "date" else 1
        rank = (
            column.role == "date",
            full or words.booked(column.name) == 2,
            named,
            words.normal(column.name) in ("date", "datum", "dato", "data", "fecha"),
            not compact,
            -column.index,
        )
        found.append((rank, column.index))
    return [index for _, index in sorted(found, reverse=True)]


def runs(table: Table, column: int) -> int:
    """1 where the dates of a column go from old to new, -1 from new to old, 0 where that is not known: they do
    neither, are all one day, or go another way in another order of day and month."""
    found = set()
    for order in dates.ORDERS:
        days = [dates.read(cell, order) for cell in table.columns[column].cells]
        steps = [a < b for a, b in pairwise(day for day in days if day) if a != b]
        if None not in days:
            found.add(1 if steps and all(steps) else -1 if steps and not any(steps) else 0)
    return found.pop() if len(found) == 1 else 0


def newest_without(table: Table, balance: int | None, descending: bool) -> frozenset[int]:
    """The lines of the newest rows where these alone have no balance: none of several others is without."""
    if balance is None:
        return frozenset()
    rows = table.data if descending else table.data[::-1]
    known = [bool(cell_at(row.cells, balance).strip(NOTHING)) for row in rows]
    first = known.index(True) if True in known else len(known)
    return frozenset(row.line for row in rows[:first]) if first and all(known[first:]) and first * 4 < len(rows) else frozenset()


def text_columns(table: Table, used: set[int]) -> tuple[list[int], int | None, list[int]]:
    """Columns that make the description, the one that names the other side, and those to fall back on."""
    free = [c for c in table.columns if c.index not in used]
    named = [c for c in free if c.role in ("description", "payee") and c.cells and c.dated < 0.9]
    named = [c for c in named if any(any(map(str.isalpha, cell)) for cell in c.cells)] or named
    kinds = [c.index for c in free if c.role in ("kind", "category") and c.cells]
    payee = next((c.index for c in named if c.role == "payee"), None)
    if any(c.role == "description" for c in named) or named:
        if not any(len(c.cells) * 2 >= len(table.data) for c in named) and kinds:
            return [c.index for c in named], payee, kinds
        return [c.index for c in named], payee, kinds
    texts = [c for c in free if c.cells and _texty(c)]
    if not texts:
        texts = [
            c for c in free if c.role in ("kind", "category", "reference", None) and c.cells and c.dated < 0.5
        ][:1]
    best = [c for c in texts if c.role is None] or texts
    return [c.index for c in best], None, kinds


def _texty(column: Column) -> bool:
    letters = sum(any(ch.isalpha() for ch in cell) for cell in column.cells)
    if letters * 2 < len(column.cells) or column.dated > 0.5 or column.money > 0.5:
        return False
    if column.role in ("account", "currency", "status", "other"):
        return False
    length = sum(map(len, column.cells)) / len(column.cells)
    spaced = any(" " in cell for cell in column.cells)
    return (
        length >= 3
        and (spaced or column.distinct > 1 or len(column.cells) == 1)
        and not all(is_iban(cell) or _TIME.fullmatch(cell) for cell in column.cells)
    )


def reference_column(table: Table, used: set[int]) -> int | None:
    """The bank's own id of a transaction: named so, and no value twice."""
    for column in table.columns:
        if column.index in used or column.role != "reference" or not column.cells:
            continue
        if column.distinct >= len(column.cells) * 0.95 and len(column.cells) * 2 >= len(table.data):
            longest = max(map(len, column.cells))
            if longest >= 4 and column.dated < 0.5:
                return column.index
    return None


def status_column(table: Table, used: set[int]) -> int | None:
    """The column of states: named so, or with nothing in it but words of being booked or pending, of both kinds."""
    named = named_column(table, "status", used)
    if named is not None:
        return named
    for column in table.columns:
        kinds = set(column.cells)
        if column.index not in used and 2 <= len(kinds) <= 4 and all(map(words.tells_state, kinds)):
            return column.index
    return None


def named_column(table: Table, role: str, used: set[int]) -> int | None:
    return next((c.index for c in table.columns if c.role == role and c.index not in used and c.cells), None)
