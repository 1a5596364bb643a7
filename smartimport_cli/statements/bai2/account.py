"""One account in one group: its balances and totals as stated, its rows as they come, and what both prove."""

from operator import itemgetter

from smartimport_cli.core.model import (
    Account,
    Issue,
    Proof,
    StagedTransaction,
    Statement,
    Verdict,
    where,
)
from smartimport_cli.core.money import DECIMALS, exponent
from smartimport_cli.statements.bai2.values import Summary
from smartimport_cli.statements.proof import NOTHING, opening_and_closing, totals
from smartimport_cli.statements.tally import Tally

_OPENING, _CLOSING = "010", "015"  # ledger
_OPENING_AVAILABLE, _CLOSING_AVAILABLE = "040", "045"
_CREDITS, _DEBITS = "100", "400"
_AMOUNT = itemgetter(2)  # of a row
_KEPT = (_OPENING, _CLOSING, _OPENING_AVAILABLE, _CLOSING_AVAILABLE, _CREDITS, _DEBITS)


class Report:
    """What is known of the account whose records are being read. `control` is the sum that its 49 record must
    state: all amounts as written, balances, totals and transactions."""

    def __init__(self, line: int, own: Account, owner: Account, currency: str) -> None:
        self.line = line
        self.own = own
        self.owner = owner
        self.currency = currency
        self.control = 0
        self.records = 0
        self.closed = False
        self.issues: list[Issue] = []
        self._tally = Tally()
        self._credits = self._debits = 0
        self._stated: dict[str, Summary] = {}
        self._messages = 0
        self._message: tuple[int, str] | None = None  # the first

    def doubt(self, code: str, message: str) -> None:
        self.issues.append(Issue(code, message, where(self.line)))

    def message(self, line: int, text: str) -> None:
        """A record of type 890, which holds text and no money."""
        self._messages += 1
        self._message = self._message or (line, text)

    def take(self, summary: Summary) -> None:
        """A balance or total."""
        self.control += summary.amount or 0
        if summary.code in _KEPT:
            self._stated[summary.code] = summary

    def add(self, batch: list[StagedTransaction]) -> None:
        """The next rows."""
        self._tally.add(batch)
        amounts = list(map(_AMOUNT, batch))
        self._credits += sum([amount > 0 for amount in amounts])
        self._debits += sum([amount < 0 for amount in amounts])

    def statement(self) -> Statement:
        """All of it, at its end."""
        proof = self._proof()
        issues = self.issues + self._doubts(proof)
        return self._tally.statement(
            self.owner, self.currency, proof, opening=self._units(_OPENING), closing=self._units(_CLOSING),
            issues=tuple(issues),
        )  # fmt: skip

    def _units(self, code: str) -> int | None:
        summary = self._stated.get(code)
        if summary is None or summary.amount is None:
            return None
        return summary.amount * int(10 ** (DECIMALS - exponent(self.currency)))

    def _sums(self) -> list[tuple[str, str, int]]:
        return [
            (_CREDITS, "sum of credits", self._tally.money_in.get(self.currency, 0)),
            (_DEBITS, "sum of debits", -self._tally.money_out.get(self.currency, 0)),
        ]

    def _proof(self) -> Proof:
        """By the ledger balances; where one is missing, by the totals; else by the available balances, which
        can only prove where no money is held back."""
        rows, booked = self._tally.rows, self._tally.booked.get(self.currency, 0)
        opening, closing = self._units(_OPENING), self._units(_CLOSING)
        if opening is not None and closing is not None:
            source = where(self._stated[_CLOSING].line)
            return opening_and_closing(opening, closing, booked, rows, source)
        for code, what, found in self._sums():
            said = self._units(code)
            if said not in (None, found):
                return totals([(what, said, found)], rows)._replace(breaks_at=where(self._stated[code].line))
        if all(self._units(code) is not None or not found for code, _, found in self._sums()):
            proof = totals([(what, self._units(code), found) for code, what, found in self._sums()], rows)
            if proof is not NOTHING:
                return proof
        available = self._units(_OPENING_AVAILABLE), self._units(_CLOSING_AVAILABLE)
        if rows and None not in available:
            proof = opening_and_closing(*available, booked, rows)
            if proof.verdict is Verdict.PROVED:
                return proof._replace(explanation=f"Available balances: {proof.explanation}")
        if opening is None and closing is None and self._stated:
            return Proof(Verdict.UNPROVED, "none", "No opening and closing ledger balance is stated.")
        return opening_and_closing(opening, closing, booked, rows)

    def _doubts(self, proof: Proof) -> list[Issue]:
        """What is stated and does not agree, beside the proof."""
        found: list[Issue] = []
        if proof.method != "total":
            for code, what, units in self._sums():
                stated = self._units(code)
                if stated not in (None, units):
                    check = totals([(what, stated, units)], self._tally.rows)
                    found.append(Issue("total", check.explanation, where(self._stated[code].line)))
        counts = (_CREDITS, "number of credits", self._credits), (_DEBITS, "number of debits", self._debits)
        for code, what, number in counts:
            summary = self._stated.get(code)
            if summary is not None and summary.items not in (None, number):
                check = totals([(what, summary.items, number)], self._tally.rows)
                found.append(Issue("item-count", check.explanation, where(summary.line)))
        if self._message is not None:
            line, text = self._message
            said = f"Records of type 890 hold a message and no money: {self._messages}, the first: {text}"
            found.append(Issue("message", said, where(line)))
        return found
