"""The guard: what it masks, what it refuses, what it leaves alone."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartimport_cli.core.privacy import MAX_PAYLOAD_CHARS, PrivacyError, guard, iban, luhn, mask_numbers


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("card 4111111111111111", "4111111111111111"), ("4111 1111 1111 1111", "4111 1111"),
        ("4111-1111-1111-1111", "4111-1111"), ("DE89370400440532013000", "370400440532"),
        ("DE89 3704 0044 0532 0130 00", "3704 0044"), ("GB29NWBK60161331926819", "NWBK6016133192"),
        ("account 000123456789", "000123456789"), ("x378282246310005y", "378282246310005"),
    ],
)  # fmt: skip
def test_numbers_are_masked_to_their_last_four(text: str, hidden: str) -> None:
    masked = mask_numbers(text)
    assert hidden not in masked
    assert "••" in masked
    digits = "".join(c for c in text if c.isalnum())
    assert digits.rstrip("y")[-4:] in masked


@pytest.mark.parametrize(
    "text",
    [
        "0a90fc04-722e-4c97-80b7-9fb6eb5e82c3",
        "6f1c" * 16, "2026-03-02", "2026-03-02T12:00:00.123456+00:00", "-2,318.44", "1234567.89",
        "12:00:01", "rows 1 to 12345678", "march 2026.csv", "1.234.567,89", "line 42", "a3f" * 20,
    ],
)  # fmt: skip
def test_what_is_no_account_number_stays(text: str) -> None:
    assert mask_numbers(text) == text


def test_keys_and_depths_are_looked_at() -> None:
    guarded = guard({"a": [{"4111111111111111": "4111111111111111"}], "n": 4111111111111111})
    assert "4111111111111111" not in json.dumps(guarded)


@pytest.mark.parametrize(
    "key",
    [
        "password",
        "apiKey",
        "API_KEY",
        "authorization",
        "fileContent",
        "file_content",
        "rawFile",
        "accessToken",
    ],
)
def test_keys_that_announce_secrets_or_content_are_refused(key: str) -> None:
    with pytest.raises(PrivacyError) as refused:
        guard({"a": {key: "hunter2"}})
    assert "hunter2" not in str(refused.value)


def test_what_is_no_json_or_too_large_is_refused() -> None:
    deep: dict[str, object] = {}
    for _ in range(50):
        deep = {"a": deep}
    for payload in (
        {"a": b"x"},
        {"a": "x" * (MAX_PAYLOAD_CHARS + 1)},
        {"a": ["x"] * MAX_PAYLOAD_CHARS},
        deep,
        {1: 2},
        {"a": {1, 2}},
    ):
        with pytest.raises(PrivacyError):
            guard(payload)  # type: ignore[arg-type]


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=8), values, max_size=4))
def test_guarding_twice_changes_nothing_more(payload: dict[str, object]) -> None:
    try:
        once = guard(payload)
    except PrivacyError:
        return
    assert guard(once) == once


@given(st.integers(10**12, 10**19 - 1))
def test_no_card_number_gets_through(number: int) -> None:
    text = str(number)
    if luhn(text):
        assert text not in json.dumps(guard({"a": f"x {text} y", "b": number}))


def test_checks() -> None:
    assert luhn("4111111111111111")
    assert not luhn("4111111111111112")
    assert iban("DE89 3704 0044 0532 0130 00")
    assert not iban("DE89 3704 0044 0532 0130 01")
