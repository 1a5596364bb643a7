"""Field 86 in its dialects: who the money went to or came from, and what for.

Three forms are told apart by how the field begins: subfields behind a mark and two digits (`166?00...?20...?32`;
Germany, Austria, Poland ...), words between slashes (`/NAME/.../REMI/...`; the Netherlands, Belgium ...), and
free text.
"""

import re

from smartimport_cli.core.text import clean

# A code stands before the first mark; some banks give it in a field 86 of its own first.
_SUBFIELDS = re.compile(r"\s*(?:[0-9]{3}\s+)?[A-Z0-9]{0,4}\s*([?<>~^|`@#$%&*+!;])(?=\d\d)")
# The usual order of subfields, which one expression reads: posting text, purpose, bank and account, name.
_BEFORE = r"[A-Z0-9]{0,4}\?00([^?]*+)(?:\?10[^?]*+)?+"
_BEHIND = r"(?:\?3[01][^?]*+)*+((?:\?3[23][^?]*+)*+)(?:\?34[^?]*+)?+\Z"
_USUAL = re.compile(rf"{_BEFORE}((?:\?2[0-9][^?]*+)*+){_BEHIND}")
# The same of a SEPA payment: references, each from the beginning of a subfield, then nothing but the text.
_REFERENCE = r"(?:EREF|KREF|MREF|CRED|DEBT)\+"
_PAYMENT = re.compile(
    rf"{_BEFORE}(?:\?2[0-9]{_REFERENCE}[^?+:]*+(?:\?2[0-9](?!SVWZ\+|{_REFERENCE})[^?+:]*+)*+)*+"
    rf"(\?2[0-9]SVWZ\+[^?+:]*+(?:\?2[0-9][^?+:]*+)*+){_BEHIND}"
)
_WIDE = 27  # characters of a purpose line; what is that long goes on in the next without a blank
_LINE = 65  # the same for lines of the field
# Marks of SEPA payments inside a purpose, and those that hold the text itself.
_SEPA = re.compile(r"\b(EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|PREF|IBAN|BIC|SQTP|PURP)[+:]\s*")
_TEXT = {"SVWZ"}
_SLASHED = re.compile(
    r"/(TRCD|TRTP|EREF|KREF|IREF|PREF|RREF|MARF|CSID|MREF|ORDP|BENM|NAME|ID|ADDR|IBAN|BIC|REMI|CDTRREFTP|CDTRREF"
    r"|ISDT|PURP|RTRN|RTRC|CNTP|ULTC|ULTD|ULTB|OCMT|CHGS|EXCH|ACCW|BUSP|CREF|SVCL|PT|PY|BA|BN|TXT|INFO|DACT|DCID)/"
)
# Before free text: the other account, or code and batch number as German banks once wrote them.
_BEFORE_TEXT = re.compile(r"^(?:[A-Z]{2}\d\d[A-Z0-9]{10,30} +(?=\w)|\d{3}PN\d{4}(?=\w))")
_BEGINS_SLASHED = re.compile(r"\s*(?:[A-Z0-9]{1,4}\s*)?/[A-Z]{2,9}/")


def parse_details(raw: str) -> tuple[str, str]:
    """Name and text of a field 86 as written; either may be empty. Both are clean."""
    joined = raw.replace("\n", "")
    if payment := _PAYMENT.match(joined):
        kind, purposes, names = payment.groups()
        return clean(_glued(names)), clean(_glued(purposes).removeprefix("SVWZ+")) or clean(kind)
    if usual := _USUAL.match(joined):
        kind, purposes, names = usual.groups()
        return clean(_glued(names)), clean(_without_marks(_glued(purposes)) or kind)
    if match := _SUBFIELDS.match(raw):
        return _subfields(joined, match[1])
    if _BEGINS_SLASHED.match(raw):
        name, text = _slashed(joined)
        if name or text:
            return name, text
    return "", _BEFORE_TEXT.sub("", clean(_joined(raw)))


def _subfields(raw: str, mark: str) -> tuple[str, str]:
    kind = ""
    lines: dict[str, list[str]] = {"name": [], "purpose": []}
    target: list[str] | None = None
    for piece in raw.split(mark)[1:]:
        code, text = piece[:2], piece[2:]
        if not code.isdecimal() or "39" < code < "60":
            if target:  # the mark is part of the text
                target[-1] += mark + piece
            continue
        target = None
        if code == "00":
            kind = text
        elif "20" <= code <= "29" or "60" <= code <= "63":
            target = lines["purpose"]
        elif code in ("32", "33"):
            target = lines["name"]
        if target is not None:
            target.append(text)
    return clean(_together(lines["name"])), clean(_without_marks(_together(lines["purpose"])) or kind)


def _glued(subfields: str) -> str:
    """The text of `?20...?21...`."""
    if subfields.count("?") < 2:
        return subfields[3:]
    return _together([piece[2:] for piece in subfields.split("?")[1:]])


def _together(lines: list[str]) -> str:
    """Lines that were cut after so many characters put together again; a blank where one was not full."""
    return "".join([line if len(line) >= _WIDE else f"{line} " for line in lines])


def _without_marks(purpose: str) -> str:
    """The text of a purpose without references and identifiers."""
    pieces = _SEPA.split(purpose)
    if len(pieces) == 1:
        return purpose
    found = [text for mark, text in zip(pieces[1::2], pieces[2::2], strict=True) if mark in _TEXT]
    return " ".join([pieces[0].strip(), *found]).strip()


def _slashed(text: str) -> tuple[str, str]:
    pieces = _SLASHED.split(text)
    values: dict[str, str] = {}
    for key, value in zip(pieces[1::2], pieces[2::2], strict=True):
        if value.strip("/ "):
            values.setdefault(key, value)
    name = values.get("NAME", "")
    if not name and (party := values.get("CNTP")):  # account/bank/name/place
        name = [*party.split("/"), "", "", ""][2]
    purpose = next((values[key] for key in ("REMI", "TXT", "PY", "INFO", "CDTRREF", "TRTP") if key in values), "")
    for lead in ("USTD//", "STRD/CUR/", "STRD//"):
        purpose = purpose.removeprefix(lead)
    return clean(name.strip("/ ")), clean(purpose.strip("/ "))


def _joined(raw: str) -> str:
    """Lines of free text as one: what is as long as a line can be goes on without a blank."""
    if "\n" not in raw:
        return raw
    text = ""
    for line in raw.split("\n"):
        text += line if len(line) >= _LINE else f"{line} "
    return text
