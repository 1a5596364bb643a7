"""Entries and the payments in them: one row an entry, which is what the balance counts."""

import re
from collections.abc import Sequence
from datetime import date
from xml.etree import ElementTree

from smartimport_cli.core.model import Issue, StagedTransaction, Unreadable
from smartimport_cli.core.money import DECIMALS, UNITS
from smartimport_cli.core.privacy import mask_numbers
from smartimport_cli.core.text import clean, shorten
from smartimport_cli.statements.camt.statement import OpenStatement
from smartimport_cli.statements.wording import described, doubts

Element = ElementTree.Element
_CACHE = 8192  # texts remembered
_LONGEST = 1 << 12  # characters of a text that are kept
_NAMED = 3  # payments of a batch that are named
_AMOUNT = re.compile(r"\+?([0-9]{0,15})(?:\.([0-9]*))?")
_COMMA = re.compile(r"\+?([0-9]{1,15}),([0-9]{1,2})")
_PENDING = frozenset(["PDNG", "INFO", "FUTR"])
_NO_TEXT = frozenset(["NOTPROVIDED", "NONREF", "NOREF", "NONE", "N/A", ""])
_XMLNS = re.compile(r"""\sxmlns=(?:"[^"]*"|'[^']*')""")
_YEARS = range(1950, 2101)


class EntryReader:
    """Makes rows of the entries of one file; remembers dates and texts that come again."""

    def __init__(self) -> None:
        self._days: dict[str, date] = {}
        self._texts: dict[tuple[str, str], tuple[str, str]] = {}

    def build(self, text: str, namespaces: dict[str, str]) -> Element | None:
        """Entries without a prefix as elements; None where they are no XML by themselves."""
        if " xmlns=" in text:
            text = _XMLNS.sub("", text)
        declared = " ".join(f'{key}="{clean(value)}"' for key, value in namespaces.items() if '"' not in value)
        declared = declared.replace("&", "&amp;").replace("<", "&lt;")
        try:
            return ElementTree.fromstring(f"<e {declared}>{text}</e>")  # noqa: S314 - see above
        except ElementTree.ParseError:
            return None

    def read(
        self, entries: Element, lines: Sequence[int], statement: OpenStatement
    ) -> tuple[list[StagedTransaction], list[Unreadable]]:
        """The rows of these entries, and those that are none."""
        rows: list[StagedTransaction] = []
        unreadable: list[Unreadable] = []
        for entry, line in zip(entries, lines, strict=True):
            try:
                rows.append(self._row(entry, line, statement))
            except ValueError as error:
                text = " ".join(filter(None, map(str.strip, entry.itertext())))
                unreadable.append(
                    Unreadable(line, str(error), shorten(mask_numbers(clean(text[:400])), 120))
                )
        return rows, unreadable

    def _row(self, entry: Element, line: int, statement: OpenStatement) -> StagedTransaction:
        parts = {child.tag: child for child in entry}
        amount = parts.get("Amt")
        if amount is None:
            raise ValueError("no amount")
        units = parse_amount(amount.text or "")
        direction = _text(parts.get("CdtDbtInd"))
        if direction not in ("CRDT", "DBIT"):
            raise ValueError(f"'{clean(direction)[:12]}' is neither debit nor credit" if direction else "no sign")
        out = direction == "DBIT"
        # The sign is that of the entry itself: a reversed debit is a credit.
        reversal = _text(parts.get("RvslInd")).lower() in ("true", "1")
        pending = self._status(parts.get("Sts")) in _PENDING
        if reversal and not pending:
            statement.reversed(-units if out else units)
        issues: tuple[Issue, ...] = ()
        day = self._day(parts.get("BookgDt")) or self._day(parts.get("ValDt"))
        if day is None:
            raise ValueError("no date")
        name, text = self._named(entry, parts, out != reversal)
        known = self._texts.get((name, text))
        if known is None:
            if len(self._texts) >= _CACHE:
                self._texts.clear()
            known = self._texts[name, text] = described(clean(name[:_LONGEST]), clean(text[:_LONGEST]))
        description, who = known
        if not description:
            description = who = "Reversal" if reversal else "Payment" if out else "Receipt"
        reference = _text(parts.get("AcctSvcrRef"))
        return StagedTransaction(
            line,
            day,
            -units if out else units,
            statement.row_currency(amount.get("Ccy")),
            description,
            who,
            None if reference.upper() in _NO_TEXT else clean(reference),
            None,
            None,
            pending,
            issues + doubts(description),
        )

    def _status(self, status: Element | None) -> str:
        """BOOK, PDNG, INFO: text in older versions, a code inside in newer ones."""
        if status is None:
            return ""
        return _text(status[0] if len(status) else status).upper()

    def _day(self, element: Element | None) -> date | None:
        """The date of `BookgDt` and the like: `Dt` or `DtTm`. Raises ValueError where it cannot be read."""
        if element is None:
            return None
        text = _text(element[0] if len(element) else element)
        if not text:
            return None
        day = self._days.get(text[:10])
        if day is None:
            try:
                day = date.fromisoformat(text[:10])
                if day.year not in _YEARS:
                    raise ValueError
            except ValueError:
                raise ValueError(f"'{clean(text)[:24]}' is no date") from None
            if len(self._days) >= _CACHE:
                self._days.clear()
            self._days[text[:10]] = day
        return day

    def _named(self, entry: Element, parts: dict[str, Element], paid: bool) -> tuple[str, str]:
        """Who the money went to (`paid`) or came from, and what for."""
        about = _text(parts.get("AddtlNtryInf"))
        holder = parts.get("NtryDtls")
        if holder is None:
            return "", about or _code(parts.get("BkTxCd"))
        first = holder.find("TxDtls")
        if first is None or len(holder) > 1:
            payments = entry.findall("NtryDtls/TxDtls")
            count = max(len(payments), _count(holder.find("Btch/NbOfTxs")))
            if count > 1:
                names = dict.fromkeys(filter(None, (_party(payment, paid) for payment in payments)))
                some = ", ".join(list(names)[:_NAMED]) + (", ..." if len(names) > _NAMED else "")
                if not some and payments:
                    some = _purpose(payments[0])
                return "", ": ".join(filter(None, [about, f"{count} payments", some]))
            first = payments[0] if payments else None
            if first is None:
                return "", about or _code(parts.get("BkTxCd"))
        text = _purpose(first) or about or _code(parts.get("BkTxCd"))
        return _party(first, paid), text


def parse_amount(text: str) -> int:
    """Units of an amount without a sign (xs:decimal, or a comma before one or two decimals).

    Raises ValueError with the reason.
    """
    text = text.strip()
    match = _AMOUNT.fullmatch(text) or _COMMA.fullmatch(text)
    if match is None or not any(match.groups("")):
        raise ValueError(f"'{clean(text)[:24]}' is no amount" if text else "no amount")
    whole, fraction = match[1], (match[2] or "").rstrip("0")
    if len(fraction) > DECIMALS:
        raise ValueError(f"'{clean(text)[:24]}' has more than {DECIMALS} decimals")
    units: int = int(whole or "0") * UNITS + int(fraction.ljust(DECIMALS, "0"))
    return units


def _party(payment: Element, paid: bool) -> str:
    parties = payment.find("RltdPties")
    if parties is None:
        return ""
    for role in ("Cdtr", "UltmtCdtr") if paid else ("Dbtr", "UltmtDbtr"):
        party = parties.find(role)
        if party is not None:
            name = party.findtext("Nm") or party.findtext("Pty/Nm")
            if name and name.strip().upper() not in _NO_TEXT:
                return name.strip()
    return ""


def _purpose(payment: Element) -> str:
    """The text that goes with a payment: free, structured, or the bank's own."""
    info = payment.find("RmtInf")
    lines: list[str] = []
    if info is not None:
        for child in info:
            if child.tag == "Ustrd":
                lines.append(child.text or "")
            elif child.tag == "Strd" and len(lines) < _LONGEST:
                lines += [more.text or "" for more in child.iterfind("AddtlRmtInf")]
                if not any(lines):
                    lines.append(child.findtext("CdtrRefInf/Ref") or child.findtext("RfrdDocInf/Nb") or "")
    text = " ".join(line.strip() for line in lines).strip()
    return text if text.upper() not in _NO_TEXT else (payment.findtext("AddtlTxInf") or "").strip()


def _code(element: Element | None) -> str:
    """What a bank that says nothing else calls the transaction."""
    if element is None:
        return ""
    return (element.findtext("Prtry/Cd") or "").strip()


def _count(element: Element | None) -> int:
    text = _text(element)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _text(element: Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""
