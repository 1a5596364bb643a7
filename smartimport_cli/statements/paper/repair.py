"""Misrecognised amounts mended, only where the balances prove what was meant."""

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from smartimport_cli.core.money import plain
from smartimport_cli.statements.paper import chain
from smartimport_cli.statements.paper.chain import Anchor, Break

if TYPE_CHECKING:
    from smartimport_cli.statements.paper.statement import Outcome, Statement

_ALIKE = {frozenset(pair) for pair in ("08", "06", "0O", "17", "14", "56", "58", "68", "38", "35", "39", "89", "27", "49", "69",
                                       "12", "09", "47", "23", "36")}  # fmt: skip
_UNSURE = 0.9  # confidence above which a cell is mended only at the very row where the chain breaks
_MOST = 6  # repairs in one statement


class Repair(NamedTuple):
    """What was recognised, and what the balances prove to have been printed."""

    read: str
    meant: str


def repaired(outcome: "Outcome", trial: "Statement", decimal: str) -> "tuple[Outcome, dict[int, Repair]]":
    """The reading with its misrecognised cells mended, and which rows that were; the reading as it is where
    the balances would not prove all of it afterwards."""
    breaks = outcome.checked.breaks
    if not breaks or len(breaks) > 2 * _MOST or None in outcome.amounts:
        return outcome, {}
    count = len(outcome.rows)
    amounts = [units or 0 for units in outcome.amounts]
    anchors = list(outcome.anchors)
    repairs: dict[int, Repair] = {}
    for _ in range(_MOST):
        checked = _check(outcome, trial, amounts, anchors)
        if not checked.breaks:
            break
        mended = _balance(outcome, anchors, checked.breaks, repairs) or _amount(
            outcome, amounts, checked.breaks[0], repairs, count
        )
        if not mended:
            return outcome, {}
    checked = _check(outcome, trial, amounts, anchors)
    if not checked.proved:
        return outcome, {}
    balances = list(outcome.balances)
    for anchor in anchors:
        if anchor.row is not None:
            balances[anchor.row] = anchor.units
    return replace(
        outcome, amounts=list(amounts), balances=balances, anchors=anchors, checked=checked
    ), repairs


def _check(
    outcome: "Outcome", trial: "Statement", amounts: list[int], anchors: list[Anchor]
) -> chain.Checked:
    step = -1 if outcome.descending else 1
    places = [row.place for row in outcome.rows]
    return chain.check(amounts[::step], anchors, places[::step], strict=trial.scanned)


def _amount(
    outcome: "Outcome", amounts: list[int], broken: Break, repairs: dict[int, Repair], count: int
) -> bool:
    """Mend the one amount between two balances that explains why they do not agree."""
    found = []
    span = range(broken.first.rows, broken.second.rows)
    for position in span:
        i = count - 1 - position if outcome.descending else position
        piece = next(iter(outcome.rows[i].money.values()), None)
        pieces = [p for p in outcome.rows[i].money.values() if p.token is not None]
        wanted = amounts[i] + broken.missing
        if piece is None or i in repairs or (len(span) > 1 and all(p.confidence > _UNSURE for p in pieces)):
            continue
        if _could_be(amounts[i], wanted):
            found.append((i, wanted))
    if len(found) != 1:
        return False
    i, wanted = found[0]
    repairs[i] = Repair(plain(amounts[i]), plain(wanted))
    amounts[i] = wanted
    return True


def _balance(
    outcome: "Outcome", anchors: list[Anchor], breaks: list[Break], repairs: dict[int, Repair]
) -> bool:
    """Mend a balance between two stretches that break by the same sum in opposite ways."""
    for first, second in pairwise(breaks):
        if first.second != second.first or first.missing != -second.missing:
            continue
        wrong = first.second
        wanted = wrong.units - first.missing
        if wrong.row is None or wrong.row in repairs or not _could_be(wrong.units, wanted):
            continue
        anchors[anchors.index(wrong)] = wrong._replace(units=wanted)
        repairs[wrong.row] = Repair(f"balance {plain(wrong.units)}", f"balance {plain(wanted)}")
        return True
    return False


def _could_be(read: int, meant: int) -> bool:
    """Whether the print of `meant` can be recognised as `read`: a lost or invented sign, a lost decimal mark,
    at most two digits that look alike, or one thin digit more or less."""
    if read == meant or meant == 0:
        return False
    if read == -meant:
        return True
    a, b = _digits(read), _digits(meant)
    if (read < 0) != (meant < 0) and a != b:
        return False
    if len(a) == len(b):
        different = [frozenset(pair) for pair in zip(a, b, strict=True) if pair[0] != pair[1]]
        return len(different) <= 2 and all(pair in _ALIKE for pair in different)
    if a == b + "00" or b == a + "00":  # the decimal mark was lost, or taken for one
        return True
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    if len(longer) - len(shorter) != 1:
        return False
    return any(longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer)))


def _digits(units: int) -> str:
    return str(abs(units) // 100)
