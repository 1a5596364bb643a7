"""Amounts as banks write them, as integer units. The decimal mark is decided for a whole file."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from smartimport_cli.core.money import DECIMALS

CODES = frozenset(
    re.findall(
        r"\w+",
        """
        AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD
        CAD CDF CHF CLP CNH CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP
        GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD
        KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO
        NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS
        SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF
        XCD XOF XPF YER ZAR ZMW ZWL
        BYR CYP EEK GHC LTL LVL MRO MTL SIT SKK VEF ZMK
        """,
    )
)
SYMBOLS = {
    "€": "EUR", "£": "GBP", "$": "$", "US$": "USD", "U$S": "USD", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD",
    "NZ$": "NZD", "HK$": "HKD", "S$": "SGD", "NT$": "TWD", "R$": "BRL", "MX$": "MXN", "¥": "¥", "￥": "¥",
    "円": "JPY", "元": "CNY", "₹": "INR", "Rs": "INR", "Rs.": "INR", "zł": "PLN", "Kč": "CZK", "₽": "RUB",
    "₩": "KRW", "₺": "TRY", "TL": "TRY", "₪": "ILS", "₫": "VND", "฿": "THB", "₱": "PHP", "₦": "NGN",
    "₴": "UAH", "Ft": "HUF", "lei": "RON", "Fr.": "CHF", "SFr.": "CHF", "kr": "kr", "kr.": "kr", "RM": "MYR",
    "Rp": "IDR", "R": "ZAR", "人民币": "CNY", "人民币元": "CNY", "RMB": "CNY", "人民幣": "CNY", "日元": "JPY",
    "美元": "USD", "港币": "HKD", "欧元": "EUR", "lv": "BGN", "лв": "BGN", "RUR": "RUB", "Euro": "EUR", "EURO": "EUR",
    "S/": "PEN", "S/.": "PEN", "u$s": "USD", "RD$": "DOP", "COP$": "COP", "Bs": "BOB", "Bs.": "BOB",
    "₡": "CRC", "₲": "PYG", "Gs.": "PYG", "₸": "KZT", "₾": "GEL", "₼": "AZN", "֏": "AMD", "৳": "BDT", "KSh": "KES", "GH₵": "GHS",
    "грн": "UAH", "грн.": "UAH", "руб": "RUB", "руб.": "RUB", "р.": "RUB", "лв.": "BGN", "din": "RSD",
    "ден": "MKD", "ден.": "MKD",
}  # fmt: skip
_UNIT = "|".join(sorted(map(re.escape, SYMBOLS), key=len, reverse=True)) + "|[A-Z]{3}"
_BLANK = "\u0020\u00a0\u202f\u2009\u2007"
_SIGN = "[-+−–‐]"
_MONEY = re.compile(
    rf"(?P<cur0>{_UNIT})?\s*(?P<open>\(|\[)?\s*(?P<a>{_SIGN})?\s*(?P<cur>{_UNIT})?\s*(?P<b>{_SIGN})?\s*(?P<cur2>{_UNIT})?\s*"
    rf"(?P<num>\d(?:[\d.,'’`{_BLANK}]*\d)?[.,]?-?-?|[.,]\d+)\s*"
    rf"(?P<cur3>{_UNIT})?\s*(?P<c>{_SIGN})?\s*(?P<close>\)|\])?\s*(?P<cur4>{_UNIT})?\s*"
    rf"(?P<mark>CR|DR|DB|Cr|Dr|cr|dr|C|D|S|H|CRED|DEB|Cr\.|Dr\.|OD|O/D)?\.?\s*(?P<close2>\)|\])?"
)
_IN_PARENTHESES = re.compile(r"\s?\(([CcDd][Rr])\.?\)$")  # 1,200.00(Dr)
_MARKS = {
    "cr": False,
    "dr": True,
    "db": True,
    "c": False,
    "d": True,
    "s": True,
    "h": False,
    "cred": False,
    "deb": True,
    "od": True,  # overdrawn
    "o/d": True,
}


_NAMES = 7  # digits without any mark between them that are no amount where a letter stands beside them
# Digits as East Asian keyboards, and as Arabic and Persian write them; marks of the direction of writing are no part of them.
_WIDE = str.maketrans(
    "０１２３４５６７８９．，－＋（）٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫٬",
    "0123456789.,-+()01234567890123456789.,",
    "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u2066\u2069",
)


class Token(NamedTuple):
    """A cell that is an amount: its sign as written, whether one was written, the bare number, the currency,
    and whether a letter (CR, DR, S, H) says debit."""

    negative: bool
    signed: bool
    number: str
    currency: str | None
    debit: bool | None


@lru_cache(maxsize=16384)
def token(cell: str) -> Token | None:
    """The parts of an amount cell, or None where it is none."""
    text = cell.strip().strip("'\"|") if cell[:1] != "=" else cell[1:].strip().strip("'\"")
    text = text.strip() if text.isascii() else text.translate(_WIDE).strip()
    if not text or len(text) > 40 or not any(c.isdigit() for c in text):
        return None
    match = _MONEY.fullmatch(_IN_PARENTHESES.sub(r"\1", text) if text[-1] == ")" else text)
    if not match:
        return None
    units = [match[group] for group in ("cur0", "cur", "cur2", "cur3", "cur4") if match[group]]
    if len(units) > 1 and len(set(units)) > 1:
        units = [unit for unit in units if unit in CODES] or units[:1]
    if any(unit not in SYMBOLS and unit not in CODES for unit in units):
        return None
    if _names(units, match["num"], match["mark"]):
        return None
    paren, closing = bool(match["open"]), bool(match["close"] or match["close2"])
    if paren != closing:
        return None
    signs = [match[group] for group in "abc" if match[group]]
    number = match["num"]
    if number.endswith(("--", ",-", ".-")):  # Swiss and Nordic: 100.-- is a whole amount
        number = number.rstrip("-").rstrip(".,")
    elif number.endswith("-"):
        number = number[:-1]
        signs.append("-")
    if len(signs) > 1:
        return None
    negative = paren or (bool(signs) and signs[0] != "+")
    debit = _MARKS[match["mark"].lower().rstrip(".")] if match["mark"] else None
    return Token(negative, paren or bool(signs), number, _code(units[0]) if units else None, debit)


def _names(units: list[str], number: str, mark: str | None) -> bool:
    """Whether a letter beside many digits makes them a reference (R386000024, 12345678C), not rands or a credit."""
    letter = "R" in units or (mark is not None and len(mark) == 1)
    return letter and number.isdigit() and len(number) >= _NAMES


def _code(unit: str) -> str:
    return SYMBOLS.get(unit, unit)


@lru_cache(maxsize=32768)
def magnitude(number: str, decimal: str) -> int | None:
    """Units of a bare number with this decimal mark; None where it cannot be one (wrong groups, two marks)."""
    whole, mark, fraction = number.rpartition(decimal)
    if not mark:
        whole, fraction = number, ""
    if decimal in whole or not (fraction.isdigit() or not fraction):
        return None
    if not whole.isdigit() and whole:
        mark = whole[-4:-3]
        groups = whole.split(mark) if mark and not mark.isdecimal() else []
        if not groups or not all(map(str.isdecimal, groups)) or len(groups[0]) > 3 or groups[0][0] == "0":
            return None
        sizes = {len(group) for group in groups[1:-1]}  # the last has three, behind its mark
        if not sizes <= {3} and not sizes <= {2}:  # lakh and crore: 12,34,567
            return None
        whole = "".join(groups)
    if not whole.isascii() or not fraction.isascii():
        return None
    if len(fraction) > DECIMALS:
        if fraction[DECIMALS:].strip("0"):
            return None
        fraction = fraction[:DECIMALS]
    units = int((whole or "0") + fraction.ljust(DECIMALS, "0"))
    return units if units < 1 << 62 else None


def value(cell: str, decimal: str) -> int | None:
    """Signed units of an amount cell, or None. A letter for debit makes it money out."""
    found = token(cell)
    if found is None:
        return None
    units = magnitude(found.number, decimal)
    if units is None:
        return None
    return -units if found.negative != bool(found.debit) else units


def marks_of(number: str) -> set[str]:
    """The decimal marks that this number can have."""
    return {mark for mark in ".," if magnitude(number, mark) is not None}


def doubtful(number: str) -> bool:
    """Whether the number means different amounts with one mark and with the other (1,234)."""
    return len(marks_of(number)) == 2 and magnitude(number, ".") != magnitude(number, ",")


def padded(doubtful: Sequence[str]) -> bool:
    """Whether these numbers, each of three digits behind its only mark, are of two decimals and a zero (12.900,
    58.450): as thousands all of them would be tens, and not for being round, as some are no hundreds."""
    distinct = {*doubtful}
    tens = sum(number.endswith("0") for number in distinct)
    hundreds = sum(number.endswith("00") for number in distinct)
    return len(distinct) >= 4 and tens == len(distinct) and tens - hundreds >= 2


class Column:
    """Amounts of a column at a time. The usual form goes through one regular expression and one `int` a
    cell; whatever is unusual is read cell by cell."""

    def __init__(self, decimal: str) -> None:
        self.decimal = decimal
        self._group = "," if decimal == "." else "."
        d, g = re.escape(decimal), re.escape(self._group)
        number = rf"-?(?:[0-9]+|[0-9]{{1,3}}(?:{g}[0-9]{{3}})+){d}[0-9][0-9]\n"
        self._full = re.compile(rf"(?:{number})*+")
        self._gaps = re.compile(rf"(?:{number}|\n)*+")

    def read(self, cells: Sequence[str]) -> list[int] | None:
        """All cells as units, or None where one is not of the usual form."""
        text = "\n".join(cells) + "\n"
        if self._full.fullmatch(text):
            text = text.replace(self._group, "").replace(self.decimal, "")
            return list(map(int, text.replace("\n", "00\n").split()))
        return None

    def read_gaps(self, cells: Sequence[str]) -> list[int | None] | None:
        """The same for a column with empty cells (None)."""
        text = "\n".join(cells) + "\n"
        if self._gaps.fullmatch(text):
            text = text.replace(self._group, "").replace(self.decimal, "")
            return [int(cell) * 100 if cell else None for cell in text[:-1].split("\n")]
        return None


def currency_of(cell: str) -> str | None:
    """The ISO code that a currency cell means; `$`, `kr` and `¥` as they are."""
    text = cell.strip().strip("'\"")
    if text.upper() in CODES and len(text) == 3:
        return text.upper()
    return SYMBOLS.get(text) or SYMBOLS.get(text.upper())
