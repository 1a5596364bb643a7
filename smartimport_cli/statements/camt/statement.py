"""What is known of the report whose entries are being read: account, currency, balances, totals."""

from datetime import date
from typing import NamedTuple

from smartimport_cli.core.identity import account_from_layout, account_from_number
from smartimport_cli.core.model import Account, Issue, Proof, Statement, Verdict
from smartimport_cli.core.money import plain
from smartimport_cli.core.text import clean
from smartimport_cli.statements.camt.amounts import parse_amount
from smartimport_cli.statements.proof import NOTHING, opening_and_closing, totals
from smartimport_cli.statements.tally import Tally

_MOST = 1024  # balances of one report; some banks state two for each day


class _Balance(NamedTuple):
    code: str
    units: int
    currency: str | None
    day: date
    source: str


class OpenStatement:
    """Feed it the values around entries (`take`), tell it of the entries, and end it."""

    def __init__(self, kind: str, currency: str | None, source: str) -> None:
        self.owner: Account | None = None  # once its rows have begun
        self.tally = Tally()
        self._kind = kind
        self._source = source
        self._forced = currency
        self._values: dict[str, str] = {}
        self._balance: dict[str, str] = {}
        self._balances: list[_Balance] = []
        self._issues: list[Issue] = []
        self._reversals = self._reversed = 0

    def take(self, path: str, text: str, currency: str | None, source: str) -> None:
        """The element at `path` (`Acct/Id/IBAN`), which ends at about `source`."""
        if path.startswith("Bal"):
            if path == "Bal":
                self._end_balance(source)
            elif text and len(self._balance) < 32:
                self._balance.setdefault(path, text)
                if path == "Bal/Amt":
                    self._balance["currency"] = currency or ""
        elif text and path.startswith(("Acct/", "TxsSummry/")) and len(self._values) < 256:
            self._values.setdefault(path, text)

    def _end_balance(self, source: str) -> None:
        values, self._balance = self._balance, {}
        code = next(
            (values[f"Bal/Tp/{path}"] for path in ("CdOrPrtry/Cd", "Cd", "CdOrPrtry/Prtry") if f"Bal/Tp/{path}" in values),
            "",
        ).upper()
        try:
            units = parse_amount(values.get("Bal/Amt", ""))
            direction = values.get("Bal/CdtDbtInd", "")
            if direction not in ("CRDT", "DBIT"):
                raise ValueError("no sign")
            stated = values.get("Bal/Dt/Dt") or values.get("Bal/Dt/DtTm") or "1950-01-01"
            day = date.fromisoformat(stated[:10])
        except ValueError as error:
            self._issues.append(
                Issue("unreadable-balance", f"The balance {clean(code)[:8]} cannot be read: {clean(str(error))}.", source)
            )
            return
        if len(self._balances) < _MOST:
            units = -units if direction == "DBIT" else units
            self._balances.append(_Balance(code, units, values.get("currency") or None, day, source))

    def reversed(self, units: int) -> None:
        """A booked entry of so much is a reversal."""
        self._reversals += 1
        self._reversed += units

    def row_currency(self, stated: str | None) -> str | None:
        """The currency of an entry that states `stated`."""
        if stated is not None and len(stated) == 3 and stated.isascii() and stated.isalpha():
            return stated.upper()
        return self.currency

    @property
    def currency(self) -> str | None:
        stated = [balance.currency for balance in self._balances if balance.currency]
        currency = self._forced or self._values.get("Acct/Ccy") or (stated[0] if stated else None)
        if currency is None and len(self.tally.booked) == 1:
            (currency,) = self.tally.booked
        return currency if currency is None or (len(currency) == 3 and currency.isalpha()) else None

    def own_account(self) -> Account:
        """The account by its IBAN, or by the bank's own number."""
        paths = ("IBAN", "Othr/Id", "BBAN", "PrtryAcct/Id", "UPIC")
        number = next((self._values[f"Acct/Id/{path}"] for path in paths if f"Acct/Id/{path}" in self._values), "")
        if not any(map(str.isalnum, number)):
            return account_from_layout(f"camt:{self.currency}", "account", currency=self.currency)
        institution = "Acct/Svcr/FinInstnId/"
        bank = ""
        if "Acct/Id/IBAN" not in self._values:
            bank = self._values.get(f"{institution}BICFI") or self._values.get(f"{institution}BIC") or ""
        return account_from_number(clean(number), bank=clean(bank), currency=self.currency)

    def _ends(self) -> tuple[_Balance | None, _Balance | None]:
        """The balance before the first entry and the one after the last."""
        currency = self.currency
        mine = [b for b in self._balances if b.currency in (currency, None) or currency is None]
        by_day = sorted(mine, key=lambda balance: balance.day)  # stable: in file order within a day

        def first(*codes: str) -> _Balance | None:
            return next((b for code in codes for b in by_day if b.code == code), None)

        interim = [balance for balance in by_day if balance.code == "ITBD"]
        opening = first("OPBD", "PRCD")
        closing = next((b for b in reversed(by_day) if b.code == "CLBD"), None)
        if opening is None and (len(interim) > 1 or (interim and closing is not None)):
            opening = interim.pop(0)
        return opening, closing or (interim[-1] if interim else None)

    def ends(self) -> tuple[str, str | None, int | None, int | None, str]:
        """What the chain of balances wants to know."""
        opening, closing = self._ends()
        return (
            self.own_account().key,
            self.currency,
            opening.units if opening else None,
            closing.units if closing else None,
            self._source,
        )

    def end(self, gap: Issue | None) -> Statement:
        assert self.owner is not None
        opening, closing = self._ends()
        return self.tally.statement(
            self.owner,
            self.currency,
            self._proof(opening, closing),
            opening=opening.units if opening else None,
            closing=closing.units if closing else None,
            issues=(*self._issues, *((gap,) if gap else ())),
        )

    def _proof(self, opening: _Balance | None, closing: _Balance | None) -> Proof:
        booked = self.tally.booked.get(self.currency, 0)
        proof = opening_and_closing(
            opening.units if opening else None, closing.units if closing else None, booked, self.tally.rows,
            closing.source if closing else None,
        )  # fmt: skip
        if opening is None or closing is None:
            by_totals = self._totals()
            return by_totals if by_totals is not NOTHING else proof
        turned = opening.units + booked - 2 * self._reversed
        if proof.verdict is Verdict.CONTRADICTED and self._reversals and turned == closing.units:
            how = f"They would agree if the {self._reversals} reversals ({plain(self._reversed)}) had the other sign."
            proof = proof._replace(explanation=f"{proof.explanation} {how}")
        return proof

    def _totals(self) -> Proof:
        """The sums that the report states of its entries, where it does."""
        sums: dict[str, int | None] = {}
        for way in ("Cdt", "Dbt"):
            try:
                sums[way] = parse_amount(self._values[f"TxsSummry/Ttl{way}Ntries/Sum"])
            except (KeyError, ValueError):
                sums[way] = None
        if len(self.tally.booked) > 1:
            return NOTHING
        return totals(
            [
                ("sum of credits", sums["Cdt"], sum(self.tally.money_in.values())),
                ("sum of debits", sums["Dbt"], -sum(self.tally.money_out.values())),
            ],
            self.tally.rows,
        )
