"""The balances of a statement as a chain: each stated balance follows from the one before and the rows between."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from smartimport_cli.core.model import Proof, Verdict, where
from smartimport_cli.core.money import plain
from smartimport_cli.statements.proof import NOTHING


class Anchor(NamedTuple):
    """A balance that is stated: after how many rows (oldest first), how much, and where it stands."""

    rows: int
    units: int
    place: int | None = None
    row: int | None = None  # whose balance column it is from, None: of a line of its own


class Break(NamedTuple):
    """Two neighbouring balances that the rows between do not connect: `missing` is what would."""

    first: Anchor
    second: Anchor
    missing: int


@dataclass(slots=True)
class Checked:
    """A verdict, and where the chain breaks."""

    proof: Proof
    breaks: list[Break] = field(default_factory=list)
    opening: int | None = None
    closing: int | None = None

    @property
    def proved(self) -> bool:
        return self.proof.verdict is Verdict.PROVED


def check(
    amounts: Sequence[int], anchors: Sequence[Anchor], places: Sequence[int], *, strict: bool
) -> Checked:
    """What the anchors say of these amounts (oldest first). `strict` wants a balance before the first row too:
    otherwise the first may be the balance after it, as in every running balance."""
    if not anchors:
        return Checked(NOTHING)
    ordered = sorted(anchors, key=lambda a: a.rows)
    sums = [0]
    for amount in amounts:
        sums.append(sums[-1] + amount)
    breaks, covered = [], 0
    for first, second in pairwise(ordered):
        missing = second.units - first.units - (sums[second.rows] - sums[first.rows])
        covered += second.rows > first.rows
        if missing:
            breaks.append(Break(first, second, missing))
    begin, end = ordered[0], ordered[-1]
    opening = begin.units - sums[begin.rows]
    closing = end.units + sums[-1] - sums[end.rows]
    method = "running balance" if len({a.rows for a in ordered}) > 2 else "opening and closing"
    total = len(amounts)
    if breaks:
        broken = breaks[0]
        place = places[min(broken.second.rows, total) - 1] if broken.second.rows else places[0]
        expected = broken.second.units - broken.missing
        why = f"the rows give {plain(expected)}, the document says {plain(broken.second.units)}"
        if method == "running balance":
            why = f"The balance breaks {len(breaks)} of {covered} times, first at {where(place)}: {why}."
        else:
            why = f"Opening {plain(begin.units)} and closing do not agree: {why}."
        proof = Proof(Verdict.CONTRADICTED, method, why, covered, where(place))
    elif not covered:
        proof = Proof(Verdict.UNPROVED, method, "One balance alone proves nothing about the rows.")
    elif end.rows < total:
        missed = total - end.rows
        proof = Proof(Verdict.UNPROVED, method, f"No balance stands behind the last {missed} rows.", covered)
    elif begin.rows > (0 if strict else 1):
        proof = Proof(
            Verdict.UNPROVED, method, f"No balance stands before the first {begin.rows} rows.", covered
        )
    elif method == "running balance":
        proof = Proof(Verdict.PROVED, method, f"All {covered} balances follow from the rows.", covered)
    else:
        why = f"Opening {plain(begin.units)} and {total} rows give the closing balance {plain(end.units)}."
        proof = Proof(Verdict.PROVED, method, why, total)
    return Checked(proof, breaks, opening, closing)


def totals(amounts: Sequence[int], money_in: set[int], money_out: set[int]) -> Proof | None:
    """Whether the sums that a document states are those of the rows; None where they are not."""
    came, went = sum(a for a in amounts if a > 0), -sum(a for a in amounts if a < 0)
    if (came and came not in money_in) or (went and went not in money_out):
        return None
    why = f"The rows add up to the stated sums: {plain(came)} in, {plain(went)} out."
    return Proof(Verdict.PROVED, "total", why, len(amounts))
