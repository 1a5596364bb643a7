"""Exact money, harmless text."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartimport_cli.core.money import grouped, plain, to_decimal, to_units
from smartimport_cli.core.text import clean, mask_account, shorten

UNITS = st.integers(-(10**15), 10**15)


@given(UNITS, st.sampled_from([None, "USD", "JPY", "KWD", "CLF"]))
def test_units_and_decimals_are_the_same_amount(units: int, currency: str | None) -> None:
    assert to_units(to_decimal(units, currency)) == units
    assert to_units(Decimal(plain(units, currency))) == units
    assert Decimal(grouped(units, currency).replace(",", "")) == Decimal(plain(units, currency))


@pytest.mark.parametrize(
    ("units", "currency", "text"),
    [
        (-23_184_400, "USD", "-2318.44"), (45_000, None, "4.50"), (41_200_000, "JPY", "4120"), (12_345, "USD", "1.2345"),
        (1_234_500, "KWD", "123.450"), (0, "EUR", "0.00"), (5_000, "JPY", "0.5"),
    ],
)  # fmt: skip
def test_written_with_the_currencys_decimals(units: int, currency: str | None, text: str) -> None:
    assert plain(units, currency) == text


@pytest.mark.parametrize("amount", ["1.23456", "NaN", "Infinity"])
def test_what_is_no_amount(amount: str) -> None:
    with pytest.raises(ValueError, match=r"decimals|amount"):
        to_units(Decimal(amount))


def test_grouped_with_a_sign() -> None:
    assert grouped(15_371_600, "USD", sign=True) == "+1,537.16"


@given(st.text())
def test_clean_text_is_one_printable_line(text: str) -> None:
    cleaned = clean(text)
    assert cleaned.isprintable()
    assert clean(cleaned) == cleaned
    assert "  " not in cleaned


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mb", "a␛[31mb"),
        ("a\u202eb", "a<U+202E>b"),
        ("a\u200bb", "ab"),
        ("  a \n\t b ", "a b"),
        ("a\x7f", "a␡"),
        ("a\x9b", "a<U+009B>"),
    ],
)
def test_what_acts_becomes_a_mark(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_masks_and_cuts() -> None:
    assert mask_account("DE89 3704 0044 0532 0130 00") == "••3000"
    assert mask_account("--") == "••"
    assert shorten("abcdef", 4) == "abc…"
    assert shorten("abc", 4) == "abc"
