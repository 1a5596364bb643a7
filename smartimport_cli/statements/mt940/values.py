"""What stands in fields 25, 60, 61, 62 and 90: accounts, balances, entries, totals. Amounts are in units."""

import re
from datetime import date
from typing import NamedTuple

from smartimport_cli.core.text import clean
from smartimport_cli.statements.delimited import numbers

_AMOUNT = r"(\d[\d.,']*|,\d+)"
_BALANCE = re.compile(rf"\s*(R?[CD])?\s*(?:(?:\d{{8}}|\d{{6}})?\s*([A-Z]{{3}})|\d{{6}})\s*(-?)\s*{_AMOUNT}")
_TOTAL = re.compile(rf"\s*(\d*)\s*([A-Z]{{3}})\s*{_AMOUNT}")
_FLOOR = re.compile(r"\s*([A-Z]{3})")
# Value date, entry date, mark, the third letter of the currency, amount, type and references. Dates have six
# digits and four, or eight; who has no entry date may leave its place blank.
_ENTRY = re.compile(
    r"\s*(\d{12}|\d{10}|\d{8}|\d{6})\s*(R[CD]|E[CD]|[CDcd])([A-Z])?\s*(\d[\d.,]*|,\d+)\s*"
    r"([NFS][A-Z0-9]{3})?([^\n]*)(?:\n(.*))?",
    re.DOTALL,
)
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{10,30}")
_THIS_CENTURY = 80  # two-digit years below belong to 20xx


class Balance(NamedTuple):
    units: int
    currency: str | None


class Entry(NamedTuple):
    """Field 61. `entered` is the entry date as written (MMDD), `text` the lines behind the first."""

    value_date: str  # YYMMDD or YYYYMMDD
    entered: str
    mark: str  # C, D, RC, RD (reversals), EC, ED (expected)
    units: int  # without a sign
    kind: str  # NTRF, NCHK ...
    references: str
    text: str


def parse_entry(value: str) -> Entry:
    """Raises ValueError with the reason."""
    match = _ENTRY.match(value)
    if match is None:
        raise ValueError("field 61 is not written as an entry")
    days, mark, _, amount, kind, references, text = match.groups()
    length = 8 if len(days) in (8, 12) else 6
    return Entry(days[:length], days[length:], mark.upper(), parse_amount(amount), kind or "", references, text or "")


def parse_amount(text: str) -> int:
    """Units of an amount: a comma before the decimals, as the standard has it, or what else banks write.

    Raises ValueError with the reason.
    """
    if text[-3:-2] == "," and text[:-3].isdecimal() and text[-2:].isdecimal() and len(text) < 18:
        return int(text[:-3] + text[-2:]) * 100
    mark = "," if "," in text else "."
    if mark == "," and "." in text and text.rindex(".") > text.rindex(","):
        mark = "."
    number = text.rstrip(mark) if text.count(mark) == 1 else text
    if mark == "." and numbers.doubtful(number):
        raise ValueError(f"'{clean(text)[:24]}' may be thousands or decimals")
    units = numbers.magnitude(number, mark)
    if units is None:
        raise ValueError(f"'{clean(text)[:24]}' is no amount")
    return units


def parse_balance(value: str) -> Balance:
    """Field 60 or 62. Raises ValueError with the reason."""
    match = _BALANCE.match(value)
    if match is None:
        raise ValueError(f"'{clean(value.strip())[:24]}' is no balance")
    units = parse_amount(match[4])
    return Balance(-units if (match[1] or "C") in ("D", "RC") or match[3] else units, match[2])


def parse_total(value: str) -> tuple[int | None, str, int]:
    """Field 90: how many entries, the currency, the sum. Raises ValueError with the reason."""
    match = _TOTAL.match(value)
    if match is None:
        raise ValueError(f"'{clean(value.strip())[:24]}' is no total")
    return int(match[1][:9]) if match[1] else None, match[2], parse_amount(match[3])


def parse_floor(value: str) -> str | None:
    """The currency of field 34F."""
    match = _FLOOR.match(value)
    return match[1] if match else None


def parse_account(value: str) -> tuple[str, str]:
    """Field 25: bank and number, or an empty bank and an IBAN; a currency behind the number is none of it."""
    text = re.sub(r"/[A-Z]{3}$", "", value.strip().partition("\n")[0].strip().upper())
    bank, slash, number = text.rpartition("/")
    if not slash:
        bank, number = "", text
    compact = number.replace(" ", "")
    if re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]+?(?:[A-Z]{3})?", compact):
        stem = compact[:-3] if compact[-3:].isalpha() and _IBAN.fullmatch(compact[:-3]) else compact
        if _IBAN.fullmatch(stem):
            return "", stem
    return bank, re.sub(r"(?<=\d)\s*[A-Z]{3}$", "", number)


def parse_day(digits: str) -> date:
    """YYMMDD or YYYYMMDD. Raises ValueError where this is no day in the calendar."""
    if len(digits) == 8:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    year = int(digits[:2])
    return date(year + (2000 if year < _THIS_CENTURY else 1900), int(digits[2:4]), int(digits[4:]))


def day_near(near: str, entered: str) -> date | None:
    """The day that an entry date (MMDD) means for a value date that is none, such as 30 February."""
    if len(entered) != 4:
        return None
    try:
        first = parse_day(near[:-4] + "0101")
        days = [
            date(year, int(entered[:2]), int(entered[2:]))
            for year in (first.year - 1, first.year, first.year + 1)
        ]
        month = int(near[-4:-2])
        return min(days, key=lambda day: abs((day.year - first.year) * 12 + day.month - month))
    except ValueError:
        return None
