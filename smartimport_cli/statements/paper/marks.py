"""Marks beside amounts (CR, S, -), which say which way the money went."""

from smartimport_cli.statements.paper.lines import Line, Piece

_CLOSE = 0.6  # of a line's height: between an amount and its mark


def marks_of(line: Line) -> list[Piece]:
    """The marks of a line."""
    return [p for p in line.pieces if p.kind == "mark"]


def with_mark_beside(line: Line, piece: Piece) -> Piece:
    """The amount with the sign of a mark that stands close behind it, not in a column of its own."""
    marked = with_mark(line, piece)
    if marked is piece:
        return piece
    mark = line.pieces[line.pieces.index(piece) + 1]
    return marked if mark.left - piece.right <= _CLOSE * line.height else piece


def with_mark(line: Line, piece: Piece) -> Piece:
    """The amount with the sign of a mark that stands behind it, apart."""
    if piece.token is None or piece.token.debit is not None:
        return piece
    at = line.pieces.index(piece)
    if at + 1 < len(line.pieces):
        mark = line.pieces[at + 1]
        if mark.kind == "mark" and mark.sign is not None:
            return piece._replace(token=piece.token._replace(debit=not mark.sign))
    return piece
