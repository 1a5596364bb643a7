"""Money as exact integers: one *unit* is a ten-thousandth of the currency's main unit (4.50 is 45000).

One scale for every currency: ISO 4217 has none with more than four decimals, a statement without a stated
currency needs no guess, and a sum of rows is an integer sum. Printing restores the currency's own decimals.
"""

from decimal import Decimal

DECIMALS = 4
UNITS = 10**DECIMALS

# ISO 4217 exponents that are not 2 (list one, as of 2024).
_EXPONENTS = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}


def exponent(currency: str | None) -> int:
    """Decimals that `currency` (ISO 4217 code) is written with; 2 where it is unknown."""
    return _EXPONENTS.get(currency or "", 2)


def to_units(amount: Decimal) -> int:
    """Exact units of `amount`. Raises ValueError where it has more than four decimals or is no number."""
    if not amount.is_finite():
        raise ValueError(f"{amount} is not an amount")
    scaled = amount.scaleb(DECIMALS)
    units = int(scaled)
    if units != scaled:
        raise ValueError(f"{amount} has more than {DECIMALS} decimals")
    return units


def to_decimal(units: int, currency: str | None = None) -> Decimal:
    """The amount in main units, with the currency's decimals (more only where the value needs them)."""
    places = exponent(currency)
    while places < DECIMALS and units % 10 ** (DECIMALS - places):
        places += 1
    return Decimal(units // 10 ** (DECIMALS - places)).scaleb(-places)


def plain(units: int, currency: str | None = None) -> str:
    """For files and JSON: '-1234.50'."""
    return f"{to_decimal(units, currency):f}"


def grouped(units: int, currency: str | None = None, *, sign: bool = False) -> str:
    """For people: '-1,234.50'; with `sign`, a plus too."""
    return f"{to_decimal(units, currency):{'+' if sign else ''},f}"
