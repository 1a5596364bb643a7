"""What stands in the fields: type codes, amounts, funds types, days. Amounts here are as written, in the minor
unit of the currency, without a decimal point."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from smartimport_cli.core.text import clean
from smartimport_cli.statements.mt940.values import parse_day as day_of_digits

FUNDS = frozenset(["", "Z", "0", "1", "2", "S", "V", "D"])
LOANS = range(700, 800)
_TYPE = re.compile(r"[0-9]{3}")
_AMOUNT = re.compile(r"[+-]?[0-9]{1,18}")
_COUNT = re.compile(r"[0-9]{1,9}")
_DAY = re.compile(r"[0-9]{6}(?:[0-9]{2})?")
_TOTALS = (100, 400)
# What a transaction is called that has no text of its own (appendix A).
KINDS = {
    "108": "Credit", "115": "Lockbox deposit", "142": "ACH credit", "165": "Preauthorized ACH credit",
    "169": "Miscellaneous ACH credit", "174": "Other deposit", "175": "Check deposit", "191": "Internal transfer credit",
    "195": "Incoming money transfer", "206": "Book transfer credit", "208": "International transfer credit",
    "218": "Foreign letter of credit", "275": "ZBA credit", "301": "Commercial deposit", "354": "Interest credit",
    "395": "Check reversal", "399": "Miscellaneous credit", "409": "Debit", "451": "ACH debit",
    "455": "Preauthorized ACH debit", "469": "Miscellaneous ACH debit", "475": "Check paid",
    "495": "Outgoing money transfer", "506": "Book transfer debit", "508": "International transfer debit",
    "555": "Deposited item returned", "557": "ACH return item", "575": "ZBA debit", "654": "Interest debit",
    "661": "Account analysis fee", "698": "Miscellaneous fees", "699": "Miscellaneous debit",
}  # fmt: skip


class Summary(NamedTuple):
    """A balance or total of an account; amount or number of items is None where it is not stated."""

    code: str
    amount: int | None
    items: int | None
    line: int


def direction(code: str) -> int:
    """1 for a type of transaction that brings money in, -1 for one that takes it out.

    Raises ValueError with the reason where it is none (specification, appendix A).
    """
    if not _TYPE.fullmatch(code):
        raise ValueError(f"'{clean(code)[:24]}' is no type code")
    number = int(code)
    if number in _TOTALS:
        raise ValueError(f"type {code} is a total, not a transaction")
    if 100 <= number < 400 or 720 <= number < 760 or 920 <= number < 960:
        return 1
    if 400 <= number < 700 or 760 <= number < 800 or number >= 960:
        return -1
    raise ValueError(f"type {code} is not one of a transaction")


def parse_amount(text: str) -> int:
    """Raises ValueError with the reason."""
    if not _AMOUNT.fullmatch(text):
        raise ValueError(f"'{clean(text)[:24]}' is no amount" if text else "the amount is missing")
    return int(text)


def parse_count(text: str) -> int | None:
    """A number of items or records; None where there is none. Raises ValueError with the reason."""
    if not text:
        return None
    if not _COUNT.fullmatch(text):
        raise ValueError(f"'{clean(text)[:24]}' is no number of items")
    return int(text)


def parse_day(text: str) -> date:
    """YYMMDD, or YYYYMMDD as some write. Raises ValueError with the reason."""
    if not _DAY.fullmatch(text):
        raise ValueError(f"'{clean(text)[:24]}' is no date" if text else "the date is missing")
    try:
        return day_of_digits(text)
    except ValueError:
        raise ValueError(f"{text} is no day in the calendar") from None


def parse_summaries(fields: Sequence[tuple[str, int]]) -> Iterator[Summary]:
    """Balances and totals of a 03 record, `fields` being what follows the currency, each with its line.

    Raises ValueError with the reason and the line where they cannot be told apart any more.
    """
    at = 0
    padded = [*fields, *[("", 0)] * 4]
    while at < len(fields):
        (code, line), (amount, ends), (count, goes_on), (funds, _) = padded[at : at + 4]
        at += 1
        if not code:
            continue
        if not _TYPE.fullmatch(code):
            raise ValueError(f"line {line}: '{clean(code)[:24]}' is no type code")
        at += 3
        if funds == "V":
            at += 2
        elif funds == "S":
            at += 3
        elif funds == "D":
            at += 1 + 2 * (parse_count(padded[at][0] if at < len(padded) else "") or 0)
        elif funds not in FUNDS:  # what is not stated was left out at the end of a line
            at -= 1
            if _TYPE.fullmatch(count) and (goes_on != ends or not _TYPE.fullmatch(funds)):
                count = ""
                at -= 1
        try:
            yield Summary(code, parse_amount(amount) if amount else None, parse_count(count), line)
        except ValueError as error:
            raise ValueError(f"line {line}: {error}") from None
