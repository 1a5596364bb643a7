"""Which rows are money in: as written, by marks, by the headings of sections, by columns, by the balances.

Each way is a `Mode`; which of them a statement follows its balances decide, else the evidence.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from smartimport_cli.statements.delimited import numbers, words
from smartimport_cli.statements.paper.lines import Piece
from smartimport_cli.statements.paper.table import Row

Roles = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Mode:
    """A way to read signs. `flip` turns those that are written; `owed` says that balances are what is owed."""

    name: str
    flip: bool = False
    owed: bool = False


_WHY = {
    "columns": "money in and out have columns of their own",
    "marks": "marks beside the amounts say in or out",
    "sections": "the headings above the rows say in or out",
    "written": "minus is money out, as written",
    "plus": "a plus marks money in",
    "balances": "the balances show which rows are in and out",
    "words": "the descriptions say in or out",
}


def why(mode: Mode) -> str:
    """The reason in words."""
    if mode.flip:
        return "plus is money spent, as on cards"
    return _WHY[mode.name]


def magnitude(piece: Piece, decimal: str) -> int | None:
    """Units of an amount without its sign."""
    return numbers.magnitude(piece.token.number, decimal) if piece.token else None


def written(piece: Piece, decimal: str) -> int | None:
    """Units of an amount with the sign that stands at it, where minus and DR are out."""
    units = magnitude(piece, decimal)
    if units is None or piece.token is None:
        return None
    return -units if piece.token.negative != bool(piece.token.debit) else units


def balance(piece: Piece, decimal: str, *, owed: bool, debit: bool = False) -> int | None:
    """Units of a balance, where minus is overdrawn. `owed`: what has no mark is owed, as on cards; `debit`: it
    stands in the column of money out."""
    units = magnitude(piece, decimal)
    if units is None or piece.token is None:
        return None
    if piece.token.debit is not None:
        return -units if piece.token.debit else units
    if debit and not piece.token.signed:
        return -units
    return -units if piece.token.negative != owed else units


def mark_of(row: Row, piece: Piece) -> bool | None:
    """What a mark at the amount or in a column of its own says: True is money in."""
    if piece.token is not None and piece.token.debit is not None:
        return not piece.token.debit
    behind = [m for m in row.marks if m.left >= piece.right - 1]
    before = [m for m in row.marks if m.right <= piece.left + 1]
    if behind:
        return behind[0].sign
    return before[-1].sign if before else None


def amounts(rows: Sequence[Row], roles: Sequence[Roles], mode: Mode, decimal: str) -> list[int | None] | None:
    """The signed amounts of rows (roles are those of each row's columns); None in place of what cannot be
    read, and None for all where the mode does not apply."""
    if mode.name == "columns":
        if not any("debit" in r or "credit" in r for r in roles):
            return None
        return [_of_columns(row, r, decimal) for row, r in zip(rows, roles, strict=True)]
    pieces = [_amount_piece(row, r) for row, r in zip(rows, roles, strict=True)]
    if not any(pieces):
        return None
    found = _by_mode(rows, pieces, mode.name, decimal)
    if found is None:
        return None
    return [None if units is None else -units for units in found] if mode.flip else found


def _amount_piece(row: Row, roles: Roles) -> Piece | None:
    for role in ("amount", "debit", "credit"):
        for i, piece in row.money.items():
            if i < len(roles) and roles[i] == role:
                return piece
    return None


def _of_columns(row: Row, roles: Roles, decimal: str) -> int | None:
    total, seen = 0, False
    for i, piece in row.money.items():
        role = roles[i] if i < len(roles) else None
        if role not in ("debit", "credit", "amount"):
            continue
        units = written(piece, decimal)
        if units is None:
            return None
        if role == "debit":
            units = -abs(units)
        seen = True
        total += units
    return total if seen else None


def _by_mode(
    rows: Sequence[Row], pieces: Sequence[Piece | None], name: str, decimal: str
) -> list[int | None] | None:
    pairs = list(zip(rows, pieces, strict=True))
    if name == "written":
        return [written(piece, decimal) if piece else None for piece in pieces]
    plain = [magnitude(piece, decimal) if piece else None for piece in pieces]
    signs: list[bool | None]
    if name == "marks":
        signs = [mark_of(row, piece) if piece else None for row, piece in pairs]
        seen = set(signs) - {None}
        if not seen:
            return None
        if len(seen) == 1:  # only one side is marked
            (marked,) = seen
            signs = [sign if sign is not None else not marked for sign in signs]
    elif name == "sections":
        signs = [row.section for row in rows]
        if None in signs:
            return None
        return _in_sections(rows, pieces, decimal)
    elif name == "plus":
        signs = [bool(p and p.token and p.token.signed and not p.token.negative) for p in pieces]
        if not any(signs) or all(signs) or any(p and p.token and p.token.negative for p in pieces):
            return None
    elif name == "words":
        signs = [words.sign_of_words(row.description) is True for row in rows]
    else:
        return None
    return [
        None if units is None or sign is None else units if sign else -units
        for units, sign in zip(plain, signs, strict=True)
    ]


def _in_sections(rows: Sequence[Row], pieces: Sequence[Piece | None], decimal: str) -> list[int | None]:
    """A heading gives the sign; within its rows, one that is written against the others goes the other way."""
    counts: dict[tuple[bool | None, int], int] = {}
    values = [written(piece, decimal) if piece else None for piece in pieces]
    for row, units in zip(rows, values, strict=True):
        if units:
            under = (row.section, row.heading)
            counts[under] = counts.get(under, 0) + (1 if units > 0 else -1)
    return [
        None
        if units is None
        else (units if counts.get((row.section, row.heading), 0) >= 0 else -units) * (1 if row.section else -1)
        for row, units in zip(rows, values, strict=True)
    ]


def by_balances(
    plain: Sequence[int | None], balances: Sequence[int | None], opening: int | None
) -> list[int | None] | None:
    """Signs that the change of the running balance gives, oldest first; None where it is not one of each row."""
    found: list[int | None] = []
    before = opening
    for units, balance in zip(plain, balances, strict=True):
        if balance is None or units is None:
            return None
        if before is None:
            found.append(units)  # nothing tells; the words may
        elif balance - before == units:
            found.append(units)
        else:
            found.append(-units)
        before = balance
    return found


def votes(rows: Sequence[Row], found: Sequence[int | None]) -> tuple[int, int]:
    """How many descriptions agree with the signs, and how many speak against them."""
    agree = against = 0
    for row, units in zip(rows, found, strict=True):
        said = words.sign_of_words(row.description)
        if said is None or not units:
            continue
        if said == (units > 0):
            agree += 1
        else:
            against += 1
    return agree, against
