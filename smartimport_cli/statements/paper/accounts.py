"""Which account the rows of a table are of, and in which currency."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from smartimport_cli.statements.delimited import dates, numbers
from smartimport_cli.statements.delimited.account import account_in
from smartimport_cli.statements.delimited.dialect import Row as Cells
from smartimport_cli.statements.paper.lines import Line

# Codes that stand in running text and are no English word.
_CODES = frozenset(
    "EUR GBP USD CHF SEK NOK DKK PLN CZK HUF RON BGN INR BRL AUD NZD CAD SGD HKD ZAR JPY CNY AED SAR MXN ARS COP CLP"
    " ILS TRY THB IDR MYR PHP NGN KES EGP UAH RUB ISK KRW VND TWD PKR LKR BDT KWD BHD OMR JOD TND LYD IQD".split()
)
_OF_COUNTRY = {
    **dict.fromkeys("AT BE CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK".split(), "EUR"),
    "CH": "CHF", "CZ": "CZK", "DK": "DKK", "GB": "GBP", "HU": "HUF", "NO": "NOK", "PL": "PLN", "RO": "RON", "SE": "SEK",
    "TR": "TRY",
}  # fmt: skip
_NUMBER = re.compile(r"(?<![\w.,/])\d[\d -]{2,24}\d(?![\w.,/])")
_IBAN_LIKE = re.compile(r"\b([A-Z]{2})([0-9O]{2}(?: ?[0-9O]{4}){2,7})")  # recognised with letters for digits
_SIGNS = ("$", "€", "£", "zł", "Kč", "₹", "₺", "円", "Rs", "Fr.", "uro", "URO", "TL")  # each symbol below has one of them
_SPANISH = re.compile(r"\b(?:fecha|saldo|cuenta|tarjeta|abonos?|cargos?|dep[oó]sitos|importe|pesos)\b")
_NAMED = (  # currencies without a code
    (re.compile(r"(?i)\bmoneda nacional\b|\bpesos mexicanos\b|\bCLABE\b"), "MXN"),
    (re.compile(r"(?i)\bpesos? colombianos?\b"), "COP"),
    (re.compile(r"(?i)\bpesos? chilenos?\b"), "CLP"),
    (re.compile(r"(?i)\bpesos? argentinos?\b"), "ARS"),
)
_BEHIND = re.compile(r"\b(?:BIC|SWIFT)\b")
_CODE = re.compile(r"\b[A-Z]{3}\b")
_SYMBOL = re.compile(
    r"US\$|U\$S|A\$|C\$|NZ\$|HK\$|S\$|R\$|MX\$|€|£|zł|Kč|₹|₺|円|\$|\bRs\.?(?=\W|\d)|\bFr\.|\b[Ee]uros?\b|\bEUROS?\b|\bTL\b"
)

_DOLLARS = (
    ("AUD", re.compile(r"\b(?:BSB|ABN|AFSL|Pty|AUS)\b|\$A\b")),
    ("CAD", re.compile(r"\b(?:CDIC|[Cc]hequing|Interac|GST/HST)\b")),
    ("NZD", re.compile(r"\bNew Zealand\b|\bIRD\b")),
)


def number_in(lines: Sequence[Line]) -> str | None:
    """The account number in these lines: an IBAN before others, what stands nearest to the table last."""
    found = []
    for line in lines:
        if any(piece.kind == "money" for piece in line.pieces) and len(line.words) > 12:
            continue
        text = (
            _IBAN_LIKE.sub(lambda m: m[1] + m[2].replace("O", "0"), line.text) if line.scanned else line.text
        )
        text = _BEHIND.split(text)[0]
        number = account_in([Cells(line.place, [text])])
        if number and sum(map(str.isdigit, number)) >= 4:
            number = _longest(text, number)
            found.append((re.match(r"[A-Z]{2}\d\d", number) is not None, number))
    ibans = [number for iban, number in found if iban]
    return ibans[-1] if ibans else found[-1][1] if found else None


def _longest(text: str, number: str) -> str:
    """A line can hold a sort code or branch too: the account's number is the longest."""
    if number[:2].isalpha():
        return number
    others = [n for n in _NUMBER.findall(text) if dates.shape(n) is None]
    longest: str = max([number, *others], key=lambda n: sum(map(str.isdigit, n)))
    return longest


def currency_in(names: Sequence[str], units: Iterable[str | None], lines: Sequence[str]) -> str | None:
    """The currency that most columns name, that stands beside amounts, or that the text speaks of, in this order.
    A dollar sign alone is taken for the US dollar's, where no line speaks of another country with dollars, but not
    between Spanish words: there it is of some peso."""
    text = "\n".join(lines)
    folded = text.casefold()
    beside = Counter(unit for unit in units if unit)
    dollar: str | None = "USD"
    if "$" in text or "$" in beside or any("$" in name for name in names):
        dollar = None if _SPANISH.search(folded) else _dollar(text)
    named_most = Counter(code for name in names if (code := _said(name, dollar)))  # a sign may be misrecognised
    if named_most:
        return named_most.most_common(1)[0][0]
    if any(said in folded for said in ("peso", "moneda nacional", "clabe")):
        for line in lines:
            for said, named in _NAMED:
                if said.search(line):
                    return named
    if beside:
        return _iso(beside.most_common(1)[0][0], dollar)
    if _CODES.isdisjoint(_CODE.findall(text)) and not any(sign in text for sign in _SIGNS):
        return None
    spoken = Counter(code for line in lines if (code := _said(line, dollar)))
    return spoken.most_common(1)[0][0] if spoken else None


def _dollar(text: str) -> str:
    return next((code for code, words in _DOLLARS if words.search(text)), "USD")


def currency_of_iban(number: str) -> str | None:
    """The currency of the country that an IBAN names, where it has one that all of its accounts are likely in."""
    return _OF_COUNTRY.get(number[:2]) if re.match(r"[A-Z]{2}\d\d", number) else None


def _said(text: str, dollar: str | None) -> str | None:
    for match in _CODE.finditer(text):
        if match[0] in _CODES:
            return match[0]
    if any(sign in text for sign in _SIGNS) and (symbol := _SYMBOL.search(text)):
        sign = "EUR" if "uro" in symbol[0].casefold() else symbol[0]
        return _iso(numbers.SYMBOLS.get(sign, sign), dollar)
    return None


def _iso(unit: str, dollar: str | None) -> str | None:
    if unit == "$":
        return dollar
    return unit if unit in numbers.CODES else None
