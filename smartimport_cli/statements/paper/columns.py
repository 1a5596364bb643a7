"""Where the amounts of a table stand, and which names stand over them."""

from smartimport_cli.core.documents import Word
from smartimport_cli.statements.delimited import words as vocabulary_of_columns
from smartimport_cli.statements.paper.day_cells import day_names, days_of
from smartimport_cli.statements.paper.headers import header_cells, money_role
from smartimport_cli.statements.paper.lines import Line, Piece
from smartimport_cli.statements.paper.table import MONEY_ROLES, Column


def columns_of(header: list[Word], body: list[Line], kinds: tuple[str, ...]) -> list[Column]:
    """Where amounts stand: behind a day and a text, or below a name, as spans that do not overlap."""
    spans = _spans(header, body, kinds)
    if not spans:
        return []
    columns = [Column(left, right) for left, right in spans]
    return _named(columns, header)


def _spans(header: list[Word], body: list[Line], kinds: tuple[str, ...]) -> list[tuple[float, float]]:
    found = []
    names = day_names(header)
    for line in body:
        trailing = _trailing(line.pieces, kinds)
        dated = bool(days_of(line, names))
        for piece in line.pieces:
            if piece.kind not in kinds:
                continue
            under = _role_over(header, piece) in MONEY_ROLES | {"direction"}
            if (dated and id(piece) in trailing) or (under and (dated or id(piece) in trailing)):
                found.append((piece.left, piece.right))
    spans: list[list[float]] = []
    for left, right in sorted(found):
        if spans and left < spans[-1][1] - 1:
            spans[-1][1] = max(spans[-1][1], right)
        else:
            spans.append([left, right])
    return [(left, right) for left, right in spans]


def _trailing(pieces: list[Piece], kinds: tuple[str, ...]) -> set[int]:
    """The amounts behind all text of the line."""
    found = set()
    for piece in reversed(pieces):
        if piece.kind in kinds:
            found.add(id(piece))
        elif piece.kind not in ("mark", "day", "money", "whole") and not (
            len(piece.text) <= 3 or not any(map(str.isalnum, piece.text))
        ):
            break
    return found


def _role_over(header: list[Word], piece: Piece) -> str | None:
    over = [w.text for w in header if w.left < piece.right and piece.left < w.right]
    return vocabulary_of_columns.role_of(" ".join(over)) if over else None


def _named(columns: list[Column], header: list[Word]) -> list[Column]:
    """Each word of the header goes to the column that it stands over, or whose right edge it shares."""
    names: dict[int, list[Word]] = {}
    beside: list[list[Word]] = []
    for cell in header_cells(header):
        left, right = cell[0].left, cell[-1].right
        over = [i for i, c in enumerate(columns) if left < c.right + 2 and c.left - 2 < right]
        if len(over) == 1:
            names.setdefault(over[0], []).extend(cell)
        elif over:
            for word in cell:
                mine = [i for i in over if word.right <= columns[i].right + 0.8 * (word.bottom - word.top)]
                names.setdefault(mine[0] if mine else over[-1], []).append(word)
        elif money_role(" ".join(w.text for w in cell)):
            beside.append(cell)
    own = {i for i, words in names.items() if money_role(" ".join(w.text for w in words))}
    for cell in beside:
        left, right = cell[0].left, cell[-1].right
        near = min(range(len(columns)), key=lambda i: _distance(columns[i], left, right))
        # A column that has its name is not that of an empty column beside it.
        if near not in own and _distance(columns[near], left, right) < 4 * (cell[0].bottom - cell[0].top):
            names.setdefault(near, []).extend(cell)
    named = []
    for i, column in enumerate(columns):
        words = sorted(names.get(i, []), key=lambda w: (round(w.top), w.left))
        name = " ".join(w.text for w in words)
        named.append(column._replace(name=name, role=money_role(name)))
    return named


def _distance(column: Column, left: float, right: float) -> float:
    return min(
        abs(column.right - right), abs(column.left - left), abs(column.left + column.right - left - right) / 2
    )
