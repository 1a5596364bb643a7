"""What makes two things the same: accounts by their numbers, transactions by what they are."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from smartimport_cli.core.identity import (
    Fingerprints,
    _Seen,
    account_from_label,
    account_from_layout,
    account_from_number,
)

Rows = list[tuple[date, int, str | None, str, str | None]]

DAYS = st.integers(0, 5).map(lambda n: date(2026, 3, 1) + timedelta(days=n))
ROWS = st.lists(
    st.tuples(DAYS, st.sampled_from([-450, -350, 100]), st.sampled_from(["USD", None]),
              st.sampled_from(["Coffee", "COFFEE", "Tea"]), st.sampled_from([None, None, "r1", "r2"])),
    max_size=30,
)  # fmt: skip


def prints(rows: Rows, *, key: str = "acc", batch: int = 1000) -> list[bytes]:
    made = Fingerprints(key)
    found: list[bytes] = []
    for start in range(0, len(rows), batch):
        columns = list(zip(*rows[start : start + batch], strict=True))
        found += made.of(*columns)
    return found


def identity(row: tuple[date, int, str | None, str, str | None]) -> tuple[object, ...]:
    """What the scheme says makes two rows one."""
    day, amount, currency, words, reference = row
    return (day, amount, "#", reference) if reference else (day, amount, currency, words.casefold())


@given(ROWS, st.integers(1, 7))
@settings(max_examples=200)
def test_no_two_rows_of_a_statement_share_a_print(rows: Rows, batch: int) -> None:
    found = prints(rows, batch=batch)
    assert len(set(found)) == len(rows)
    assert prints(rows) == found  # however the rows come


@given(ROWS)
@settings(max_examples=200)
def test_equal_rows_are_told_apart_by_their_number_only(rows: Rows) -> None:
    """The n-th of equal rows has the same print in every statement, whatever stands around it."""
    by_identity: dict[tuple[object, ...], list[bytes]] = {}
    for row, print_ in zip(rows, prints(rows), strict=True):
        by_identity.setdefault(identity(row), []).append(print_)
    for row in rows:
        alone = prints([row] * len(by_identity[identity(row)]))
        assert alone == by_identity[identity(row)]


def test_a_print_begins_with_its_day_and_holds_its_account() -> None:
    row = (date(2026, 3, 2), -450, "USD", "Coffee", None)
    (print_,) = prints([row])
    assert len(print_) == 16
    assert int.from_bytes(print_[:3], "big") == date(2026, 3, 2).toordinal()
    assert prints([row], key="other") != [print_]


@given(st.lists(st.lists(st.tuples(DAYS, st.integers(0, 40)), min_size=1, max_size=8), max_size=12))
@settings(max_examples=200)
def test_what_was_seen_is_a_set_whatever_is_frozen(batches: list[list[tuple[date, int]]]) -> None:
    seen, truth = _Seen(), set()
    seen._RECENT = 5  # type: ignore[misc]
    for batch in batches:
        # A number belongs to one day: the day is part of what is hashed.
        numbered = [(day, number * 10 + day.day) for day, number in batch]
        numbers = [number for _, number in numbered]
        days = [day for day, _ in numbered]
        new = len(set(numbers)) == len(numbers) and truth.isdisjoint(numbers)
        assert seen.add_all(numbers, min(days), max(days)) is new
        if new:
            truth.update(numbers)
        else:
            for day, number in numbered:
                assert seen.add(number, day) is (number not in truth)
                truth.add(number)


def test_accounts() -> None:
    spaced, plain = (
        account_from_number("DE89 3704 0044 0532 0130 00"),
        account_from_number("de89370400440532013000"),
    )
    assert spaced.key == plain.key
    assert spaced.label == "••3000"
    assert "3704" not in spaced.key + spaced.label
    assert account_from_number("1", bank="a").key != account_from_number("1", bank="b").key
    assert account_from_label(" Checking ").key == account_from_label("checking").key
    for number in ("DE89 3704 0044 0532 0130 00", "1234-5678"):
        assert account_from_label(number) == account_from_number(number)
        assert account_from_label(number).label == f"••{number.replace(' ', '')[-4:]}"
    assert account_from_label("Savings 2024").label == "Savings 2024"
    assert account_from_layout("a", "x").key != account_from_layout("b", "x").key
