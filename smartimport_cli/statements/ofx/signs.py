"""Which way the money goes, where a bank writes amounts without a sign or the wrong way round.

The standard says that an amount has its own sign. Some banks leave it to the type: a DEBIT is money out,
whatever stands before the number. Only the rows of the file can tell, and what they tell is reported.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from smartimport_cli.core.model import Choices, Evidence, Issue

_OUT = frozenset(
    ["DEBIT", "CHECK", "FEE", "SRVCHG", "ATM", "POS", "PAYMENT", "CASH", "DIRECTDEBIT", "REPEATPMT"]
)
_ENOUGH = 3  # debits without a sign that make a habit, where no credit stands beside them


@dataclass(frozen=True, slots=True)
class Signs:
    """`how`: `stated` (as written), `inverted`, or `by type`."""

    how: str
    evidence: Evidence | None = None
    issue: Issue | None = None

    @property
    def turns(self) -> bool:
        return self.how != "stated"

    def apply(self, kind: str, units: int) -> int:
        """The signed amount of a row of type `kind`."""
        if self.how == "inverted":
            return -units
        if self.how == "by type" and kind.strip().upper() in _OUT:
            return -abs(units)
        return units


def decide(rows: Iterable[tuple[str, str]], choices: Choices) -> Signs:
    """How the file with these rows (type, amount as written) has its signs."""
    if choices.sign is not None:
        how = "inverted" if choices.sign == "inverted" else "stated"
        return Signs(how, Evidence("sign", how, "as you asked"))
    out_plus = out_minus = in_plus = in_minus = other_minus = 0
    for kind, amount in rows:
        minus = "-" in amount or "\u2212" in amount
        if not any(char in "123456789" for char in amount):
            continue
        if kind == "DEBIT":
            out_minus += minus
            out_plus += not minus
        elif kind == "CREDIT":
            in_minus += minus
            in_plus += not minus
        else:
            other_minus += minus
    if not out_plus or out_minus:
        return Signs("stated")
    if in_minus and not in_plus:
        why = "all debits are positive and all credits negative"
        return Signs(
            "inverted",
            Evidence("sign", "inverted", why),
            Issue("inverted-signs", f"Amounts are turned round: {why}. --sign normal takes them as written."),
        )
    if not in_minus and not other_minus and (in_plus or out_plus >= _ENOUGH):
        why = "no amount has a minus, debits neither"
        return Signs(
            "by type",
            Evidence("sign", "by type", why),
            Issue(
                "unsigned-amounts",
                f"Debits are taken as money out: {why}. --sign normal takes them as written.",
            ),
        )
    return Signs(
        "stated",
        Evidence("sign", "as written", "some debits are positive, but not all rows agree on a reason"),
        Issue("positive-debits", f"{out_plus} debits have positive amounts; as written, this is money in."),
    )
