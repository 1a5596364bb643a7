"""Balances that lines around a table state."""

from collections.abc import Iterator

from smartimport_cli.statements.paper import vocabulary
from smartimport_cli.statements.paper.lines import Line, Piece, cells_of
from smartimport_cli.statements.paper.marks import with_mark
from smartimport_cli.statements.paper.table import Stated


def stated_in(lines: list[Line], rows: int = 0) -> Iterator[Stated]:
    """The labelled amounts of lines outside tables: `Opening balance 1,204.17  Total paid in 300.00`, or the
    labels on one line and their amounts below."""
    above: Line | None = None
    for line in lines:
        amounts = [p for p in line.pieces if p.kind in ("money", "whole")]
        label: list[str] = []
        bare = amounts and not any(p.kind == "text" and any(map(str.isalpha, p.text)) for p in line.pieces)
        if (
            bare
            and above is not None
            and above.page == line.page
            and line.top - above.bottom < 2 * line.height
        ):
            yield from _below(above, line, amounts, rows)
        elif amounts:
            for piece in line.pieces:
                if piece.kind in ("money", "whole"):
                    text = " ".join(label).strip(" :.")
                    if text and (piece.kind == "money" or vocabulary.balance_kind(text)):
                        yield Stated(
                            rows, line.place, text, vocabulary.balance_kind(text), with_mark(line, piece), False
                        )
                    if piece.kind == "money":
                        label = []
                elif piece.kind == "text":
                    label.append(piece.text)
        if not amounts:
            above = line


def _below(above: Line, line: Line, amounts: list[Piece], rows: int) -> Iterator[Stated]:
    cells = cells_of(above.words)
    for piece in amounts:
        best = min(
            cells,
            key=lambda c: min(abs(c[-1].right - piece.right), abs(c[0].left - piece.left),
                              abs((c[0].left + c[-1].right) - (piece.left + piece.right)) / 2),
        )  # fmt: skip
        label = " ".join(w.text for w in best)
        yield Stated(rows, line.place, label, vocabulary.balance_kind(label), with_mark(line, piece), False)
