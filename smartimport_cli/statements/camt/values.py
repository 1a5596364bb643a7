"""What an entry says, as written: from its elements, or by one expression where it is written like most.

Both ways give the same values. The expression follows the order of the schema and takes only what is plain; all
else is left to the elements, which cost several times as much.
"""

import re
from typing import NamedTuple
from xml.etree import ElementTree  # only text that `document.check` has let through

Element = ElementTree.Element
_NAMED = 3  # payments of a batch that are named
_LONGEST = 1 << 12  # characters of a text that are kept
NO_TEXT = frozenset(["NOTPROVIDED", "NONREF", "NOREF", "NONE", "N/A", ""])
_PLAIN = re.compile(
    r"""<Ntry>\s*+(?:<NtryRef>[^<]*+</NtryRef>\s*+)?+<Amt\ Ccy="([A-Z]{3})">([^<]*+)</Amt>\s*+
    <CdtDbtInd>([^<]*+)</CdtDbtInd>\s*+(?:<RvslInd>([^<]*+)</RvslInd>\s*+)?+
    <Sts>(?:([^<]*+)|\s*+<Cd>([^<]*+)</Cd>\s*+)</Sts>\s*+
    <BookgDt>\s*+<Dt(?:Tm)?>([^<]*+)</Dt(?:Tm)?>\s*+</BookgDt>\s*+
    (?:<ValDt>\s*+<Dt(?:Tm)?>[^<]*+</Dt(?:Tm)?>\s*+</ValDt>\s*+)?+(?:<AcctSvcrRef>([^<]*+)</AcctSvcrRef>\s*+)?+""",
    re.VERBOSE,
)
_PARTY = {
    role: re.compile(rf"<{role}>\s*+(?:<Pty>\s*+)?+<Nm>([^<]*+)</Nm>") for role in ("Cdtr", "Dbtr")
}
_ABOUT = re.compile(r"<AddtlNtryInf>([^<]*+)</AddtlNtryInf>\s*+</Ntry>")
_LINES = re.compile(r"<Ustrd>([^<]*+)</Ustrd>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))
_NOT_PLAIN = ("&#", "xmlns", "<Strd", "<AddtlTxInf", "<Btch", "<Ustrd/")


class Values(NamedTuple):
    """`name` is of who the money went to or came from, `text` what for; dates may have a time behind them."""

    amount: str
    currency: str | None
    way: str  # CRDT, DBIT
    reversal: bool
    status: str
    booked: str
    valued: str
    reference: str
    name: str
    text: str


def plain_values(entry: str) -> Values | None:
    """The values of an entry written in the usual way; None where it is not."""
    match = _PLAIN.match(entry)
    if match is None or entry.count("<TxDtls") > 1:
        return None
    for mark in _NOT_PLAIN:
        if mark in entry:
            return None
    currency, amount, way, reversed_, status, code, booked, reference = match.groups("")
    reversal = is_true(reversed_)
    role = "Cdtr" if (way.strip() == "DBIT") != reversal else "Dbtr"
    party = _PARTY[role].search(entry, match.end())
    name = party[1].strip() if party is not None else ""
    if not booked.strip() or (name.upper() in NO_TEXT and (f"<{role}>" in entry or f"<Ultmt{role}>" in entry)):
        return None
    text = " ".join(map(str.strip, _LINES.findall(entry, match.end()))).strip()
    if text.upper() in NO_TEXT:
        about = _ABOUT.search(entry, match.end())
        if about is None:
            return None
        text = about[1].strip()
    if not text or not (name or "<RltdPties>" not in entry):
        return None
    if "&" in entry:
        name, text, reference = map(_unescaped, (name, text, reference))
    return Values(
        amount, currency, way.strip(), reversal, (status or code).strip().upper(), booked.strip(), "",
        reference.strip(), name, text,
    )  # fmt: skip


def values_of(entry: Element) -> Values:
    """The values of any entry."""
    parts = {child.tag: child for child in entry}
    amount = parts.get("Amt")
    status = parts.get("Sts")
    way = _text(parts.get("CdtDbtInd"))
    reversal = is_true(_text(parts.get("RvslInd")))
    name, text = _named(entry, parts, (way == "DBIT") != reversal)
    return Values(
        _text(amount),
        amount.get("Ccy") if amount is not None else None,
        way,
        reversal,
        _text(status[0] if status is not None and len(status) else status).upper(),
        _day(parts.get("BookgDt")),
        _day(parts.get("ValDt")),
        _text(parts.get("AcctSvcrRef")),
        name,
        text,
    )


def _unescaped(text: str) -> str:
    for entity, char in _ENTITIES:
        text = text.replace(entity, char)
    return text


def is_true(text: str) -> bool:
    """Whether an xs:boolean is true."""
    return text.strip().lower() in ("true", "1")


def _day(element: Element | None) -> str:
    """The date of `BookgDt` and the like: `Dt` or `DtTm`."""
    return _text(element[0] if element is not None and len(element) else element)


def _named(entry: Element, parts: dict[str, Element], paid: bool) -> tuple[str, str]:
    """Who the money went to (`paid`) or came from, and what for."""
    about = _text(parts.get("AddtlNtryInf"))
    holder = parts.get("NtryDtls")
    if holder is None:
        return "", about or _code(parts.get("BkTxCd"))
    payments = entry.findall("NtryDtls/TxDtls")
    count = max(len(payments), _count(holder.find("Btch/NbOfTxs")))
    if count > 1:
        names = dict.fromkeys(filter(None, (_party(payment, paid) for payment in payments)))
        some = ", ".join(list(names)[:_NAMED]) + (", ..." if len(names) > _NAMED else "")
        if not some and payments:
            some = _purpose(payments[0])
        return "", ": ".join(filter(None, [about, f"{count} payments", some]))
    if not payments:
        return "", about or _code(parts.get("BkTxCd"))
    return _party(payments[0], paid), _purpose(payments[0]) or about or _code(parts.get("BkTxCd"))


def _party(payment: Element, paid: bool) -> str:
    parties = payment.find("RltdPties")
    if parties is None:
        return ""
    for role in ("Cdtr", "UltmtCdtr") if paid else ("Dbtr", "UltmtDbtr"):
        party = parties.find(role)
        if party is not None:
            name = party.findtext("Nm") or party.findtext("Pty/Nm")
            if name and name.strip().upper() not in NO_TEXT:
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
    return text if text.upper() not in NO_TEXT else (payment.findtext("AddtlTxInf") or "").strip()


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
