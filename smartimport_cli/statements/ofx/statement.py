"""What is known of the statement whose rows are being read: account, currency, period, balance."""

from datetime import timedelta
from operator import itemgetter

from smartimport_cli.core.identity import account_from_layout, account_from_number
from smartimport_cli.core.model import Account, Issue, Proof, StagedTransaction, Statement, Verdict
from smartimport_cli.statements.ofx.values import (
    currency_code,
    is_no_date,
    parse_amount,
    parse_date,
    text_of,
)
from smartimport_cli.statements.proof import opening_and_closing
from smartimport_cli.statements.tally import Tally

_REMEMBERED = 20_000  # references that are compared with each other; more would cost memory
_NEAR = timedelta(days=7)  # banks are not strict about the ends of a period
_LONGEST = 256  # characters of a value that matter here
_KINDS = {"CHECKING": "checking", "SAVINGS": "savings", "MONEYMRKT": "savings", "CREDITLINE": "credit line",
          "CD": "deposit"}  # fmt: skip


class OpenStatement:
    """What is known of the statement whose rows are being read."""

    __slots__ = (
        "_currency_forced", "_issues", "_kind", "_references", "_repeated", "_values", "account", "currency", "started",
        "tally",
    )  # fmt: skip

    def __init__(self, kind: str | None, currency: str | None) -> None:
        self.started = False
        self.account: Account | None = None
        self.currency = currency
        self.tally = Tally()
        self._currency_forced = currency is not None
        self._kind = kind
        self._values: dict[tuple[str, str], str] = {}
        self._references: set[str] = set()
        self._repeated = 0
        self._issues: list[Issue] = []

    def take(self, holder: str, name: str, value: str) -> None:
        """A tag of the statement; `holder` is the aggregate around it."""
        if name == "CURDEF":
            if not self._currency_forced and not self.tally.rows:
                self.currency = currency_code(value)
                if self.currency is None and value.strip() and not self._issues:
                    self._issues.append(
                        Issue("no-currency", f"'{text_of(value)[:12]}' is no currency; none is taken.")
                    )
        elif holder.endswith("ACCTFROM") or holder == "LEDGERBAL":
            key = ("ACCT" if holder.endswith("FROM") else holder, name)
            if len(self._values) < 64:
                self._values.setdefault(key, value[:_LONGEST])
            if holder == "CCACCTFROM":
                self._kind = "card"
        elif name == "ACCTID":
            self._values.setdefault(("ACCT", name), value[:_LONGEST])
        elif name in ("DTSTART", "DTEND"):
            self._values.setdefault(("PERIOD", name), value[:_LONGEST])

    def own_account(self) -> Account:
        number = text_of(self._values.get(("ACCT", "ACCTID"), ""))
        bank = text_of(self._values.get(("ACCT", "BANKID"), self._values.get(("ACCT", "BROKERID"), "")))
        kind = self._kind or _KINDS.get(self._values.get(("ACCT", "ACCTTYPE"), "").strip().upper())
        if not any(map(str.isalnum, number.upper().replace("X", ""))):  # none, or all of it masked
            signature = f"ofx:{bank}:{number}:{kind}:{self.currency}"
            return account_from_layout(signature, kind or "account", currency=self.currency)
        return account_from_number(number, bank=bank, kind=kind, currency=self.currency)

    def add(self, batch: list[StagedTransaction]) -> None:
        self.tally.add(batch)
        if len(self._references) < _REMEMBERED:
            references = [reference for reference in map(itemgetter(6), batch) if reference is not None]
            known = len(self._references)
            self._references.update(references)
            self._repeated += known + len(references) - len(self._references)

    def end(self, decimal: str | None) -> Statement:
        closing, proof = self._proof(decimal)
        if self._outside():
            why = f"the rows are of {self.tally.first} to {self.tally.last}, the file says it is of another period"
            self._issues.append(Issue("other-period", f"Dates may be misread or wrong: {why}."))
        if self._repeated:
            why = f"{self._repeated} rows have the bank's id of an earlier row"
            self._issues.append(Issue("repeated-references", f"{why}; all are kept as they stand."))
        account = self.account or self.own_account()
        return self.tally.statement(account, self.currency, proof, closing=closing, issues=tuple(self._issues))

    def _outside(self) -> bool:
        """Whether no row is anywhere near the period that the file states."""
        if self.tally.first is None or self.tally.last is None:
            return False
        try:
            start, end = (parse_date(self._values.get(("PERIOD", tag), "")) for tag in ("DTSTART", "DTEND"))
        except ValueError:
            return False
        # One day only is the moment of the download, at some banks.
        return start < end and (self.tally.first > end + _NEAR or self.tally.last < start - _NEAR)

    def _proof(self, decimal: str | None) -> tuple[int | None, Proof]:
        """The closing balance, where it is one of these rows, and what it says of them."""
        total = self.tally.total
        amount = self._values.get(("LEDGERBAL", "BALAMT"))
        as_of = self._values.get(("LEDGERBAL", "DTASOF"))
        if amount is None or not amount.strip() or (as_of is not None and is_no_date(as_of)):
            return None, opening_and_closing(None, None, total, self.tally.rows)
        try:
            closing = parse_amount(amount, decimal)
            day = None if as_of is None else parse_date(as_of)
        except ValueError as error:
            self._issues.append(Issue("unreadable-balance", f"The closing balance cannot be read: {error}."))
            return None, opening_and_closing(None, None, total, self.tally.rows)
        if day is not None and self.tally.last is not None and day < self.tally.last:
            why = f"The stated balance is of {day}, but the rows go on to {self.tally.last}; it proves no row."
            return None, Proof(Verdict.UNPROVED, "opening and closing", why)
        return closing, opening_and_closing(None, closing, total, self.tally.rows)
