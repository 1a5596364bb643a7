"""Balances that lines before or behind the rows state."""

from collections.abc import Iterator, Sequence

from smartimport_cli.statements.delimited import dates, numbers, words
from smartimport_cli.statements.delimited.cells import cell_at
from smartimport_cli.statements.delimited.dialect import Row


def stated_balances(
    rows: Sequence[Row], decimal: str, money: Sequence[int | None] = ()
) -> Iterator[tuple[str, int]]:
    """Opening and closing balances in lines before or behind the rows: ('closing', units). They stand in a column of
    `money`, or else behind their name."""
    for row in rows:
        cells = [cell.strip() for cell in row.cells if cell.strip()]
        kinds = [kind for cell in cells if numbers.token(cell) is None and (kind := words.balance_words(cell))]
        own = [units for i in money if (units := numbers.value(cell_at(row.cells, i), decimal)) is not None]
        if len({*kinds}) == 1 and own:
            yield kinds[0], own[0]
            continue
        for i, cell in enumerate(cells):
            label, _, tail = cell.partition(":")
            kind = words.balance_words(label) if numbers.token(cell) is None else None
            if kind is None:
                continue
            for value in (tail, *cells[i + 1 : i + 4]):
                if dates.shape(value) is None and (units := numbers.value(value, decimal)) is not None:
                    yield kind, units
                    break
