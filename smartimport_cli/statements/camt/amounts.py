"""Amounts as CAMT files write them."""

import re

from smartimport_cli.core.money import DECIMALS, UNITS
from smartimport_cli.core.text import clean

_AMOUNT = re.compile(r"\+?([0-9]{0,15})(?:\.([0-9]*))?")
_COMMA = re.compile(r"\+?([0-9]{1,15}),([0-9]{1,2})")


def parse_amount(text: str) -> int:
    """Units of an amount without a sign (xs:decimal, or a comma before one or two decimals).

    Raises ValueError with the reason.
    """
    text = text.strip()
    if text[-3:-2] == "." and len(text) < 16 and text.isascii() and (digits := text[:-3] + text[-2:]).isdecimal():
        return int(digits) * 100  # units in a cent
    match = _AMOUNT.fullmatch(text) or _COMMA.fullmatch(text)
    if match is None or not any(match.groups("")):
        raise ValueError(f"'{clean(text)[:24]}' is no amount" if text else "no amount")
    whole, fraction = match[1], (match[2] or "").rstrip("0")
    if len(fraction) > DECIMALS:
        raise ValueError(f"'{clean(text)[:24]}' has more than {DECIMALS} decimals")
    units: int = int(whole or "0") * UNITS + int(fraction.ljust(DECIMALS, "0"))
    return units
