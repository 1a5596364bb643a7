"""Insights are exact, honest about their rows, bounded, and the same for any order; advice says nothing else."""

import json
import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartimport_cli.core.errors import UsageError
from smartimport_cli.core.model import Transaction
from smartimport_cli.core.money import plain
from smartimport_cli.crystal import Rules, analyse

NEW, OLD = "11111111-new", "22222222-old"


def row(
    day: date | str, amount: str, merchant: str, *, line: int = 0, import_id: str = NEW, currency: str = "USD",
    category: str | None = None,
) -> Transaction:  # fmt: skip
    when = date.fromisoformat(day) if isinstance(day, str) else day
    units = int(Decimal(amount) * 10_000)
    return Transaction(
        f"{line:032x}",
        import_id,
        "acc",
        when,
        units,
        currency,
        merchant,
        merchant,
        category,
        None,
        None,
        line,
    )


rows = st.lists(
    st.builds(
        lambda day, *rest: (date(2026, 1, 1) + timedelta(days=day), *rest),
        st.integers(0, 120), st.integers(-100_000, 100_000),
        st.sampled_from(["Rent", "Streamco", "Grocery", "Payroll", "Überweisung", "Monthly fee", "x"]),
        st.sampled_from([NEW, OLD]), st.sampled_from(["USD", "EUR", "JPY"]),
    ),
    max_size=60,
)  # fmt: skip


def built(drawn: list[tuple[date, int, str, str, str]]) -> list[Transaction]:
    return [
        row(day, str(Decimal(cents) / 100), name, line=n, import_id=import_id, currency=currency)
        for n, (day, cents, name, import_id, currency) in enumerate(drawn, 2)
    ]


def references(value: object) -> list[dict[str, object]]:
    found = []
    if isinstance(value, dict):
        if {"import", "line"} <= value.keys():
            found.append(value)
        for item in value.values():
            found += references(item)
    elif isinstance(value, list):
        for item in value:
            found += references(item)
    return found


@given(rows)
@settings(max_examples=150, deadline=None)
def test_totals_are_the_exact_sums(drawn: list[tuple[date, int, str, str, str]]) -> None:
    transactions = built(drawn)
    found = {c["currency"]: c for c in analyse(transactions, import_id=NEW).insights["currencies"]}
    for currency in {t.currency for t in transactions if t.import_id == NEW}:
        mine = [t.amount for t in transactions if t.import_id == NEW and t.currency == currency]
        assert found[currency]["in"] == plain(sum(a for a in mine if a > 0), currency)
        assert found[currency]["out"] == plain(-sum(a for a in mine if a < 0), currency)
        assert found[currency]["rows"] == len(mine)
        months = found[currency]["months"]
        everything = sum(t.amount for t in transactions if t.currency == currency)
        assert sum(Decimal(m["net"]) for m in months) == Decimal(plain(everything, currency))


@given(rows, st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_the_order_does_not_matter(drawn: list[tuple[date, int, str, str, str]], random: object) -> None:
    transactions = built(drawn)
    shuffled = list(transactions)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert analyse(transactions, import_id=NEW) == analyse(shuffled, import_id=NEW)


@given(rows)
@settings(max_examples=150, deadline=None)
def test_every_row_that_is_named_exists(drawn: list[tuple[date, int, str, str, str]]) -> None:
    transactions = built(drawn)
    there = {
        (t.import_id[:8], t.line, t.posted_date.isoformat(), plain(t.amount, t.currency))
        for t in transactions
    }
    for reference in references(analyse(transactions, import_id=NEW).insights):
        assert (reference["import"], reference["line"], reference["date"], reference["amount"]) in there


@given(rows)
@settings(max_examples=150, deadline=None)
def test_every_number_of_the_advice_is_in_the_insights(drawn: list[tuple[date, int, str, str, str]]) -> None:
    analysis = analyse(built(drawn), import_id=NEW)
    known = set(re.findall(r"\d+(?:\.\d+)?", json.dumps(analysis.insights)))
    for number in re.findall(r"\d+(?:[.,]\d+)*", analysis.advice):
        assert number.replace(",", "").rstrip(".") in known, (number, analysis.advice)


def test_insights_stay_small() -> None:
    transactions = [
        row(date(2020, 1, 1) + timedelta(days=n % 2000), f"-{n % 977}.{n % 100:02d}", f"Merchant {n % 3000} " + "x" * 60,
            line=n, currency=["USD", "EUR", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF"][n % 10])
        for n in range(30_000)
    ]  # fmt: skip
    insights = analyse(transactions, import_id=NEW).insights
    assert len(json.dumps(insights)) <= 64 * 1024


def test_rent_comes_monthly_and_the_next_date_is_named() -> None:
    rent = [row(f"2026-0{m}-01", "-1180.00", "Maple Apartments", line=m) for m in (1, 2, 3)]
    (found,) = analyse(rent, import_id=NEW).insights["currencies"]
    (series,) = found["recurring"]
    assert (series["rhythm"], series["next"], series["status"]) == ("monthly", "2026-04-01", "running")


def test_the_31st_becomes_the_last_day_of_a_short_month() -> None:
    pay = [row(day, "2000.00", "Payroll") for day in ("2025-11-30", "2025-12-31", "2026-01-31")]
    (found,) = analyse(pay, import_id=NEW).insights["currencies"]
    assert found["recurring"][0]["next"] == "2026-02-28"


def test_a_new_subscription_and_a_new_price() -> None:
    rows = [row(f"2026-0{m}-10", "-28.00" if m < 4 else "-31.00", "Mobile", line=m) for m in (1, 2, 3, 4)]
    rows += [row(f"2026-0{m}-14", "-15.99", "Streamco", line=10 + m) for m in (3, 4)]
    (found,) = analyse(rows, import_id=NEW).insights["currencies"]
    by_name = {series["merchant"]: series for series in found["recurring"]}
    assert by_name["Mobile"]["previous_amount"] == "-28.00"
    assert (by_name["Streamco"]["status"], by_name["Streamco"]["probable"]) == ("new", True)


def test_a_series_that_did_not_come_has_stopped() -> None:
    rows = [row(f"2026-0{m}-05", "-9.99", "Gone") for m in (1, 2, 3)] + [row("2026-05-20", "-1.00", "Other")]
    (found,) = analyse(rows, import_id=NEW).insights["currencies"]
    assert [(s["merchant"], s["status"], s["next"]) for s in found["recurring"]] == [
        ("Gone", "stopped", None)
    ]


def test_shopping_without_a_rhythm_is_none() -> None:
    days = [1, 4, 5, 11, 19, 23, 24, 38, 41]
    rows = [row(date(2026, 1, 1) + timedelta(days=d), f"-{20 + d}.10", "Grocery") for d in days]
    (found,) = analyse(rows, import_id=NEW).insights["currencies"]
    assert found["recurring"] == []


def test_unusual_needs_a_history() -> None:
    usual = [row(f"2026-01-{n:02d}", f"-{40 + n}.00", "Grocery", line=n, import_id=OLD) for n in range(1, 9)]
    high = row("2026-02-02", "-312.75", "Grocery", line=90)
    (found,) = analyse([*usual, high], import_id=NEW).insights["currencies"]
    assert [(u["merchant"], u["amount"]) for u in found["unusual"]] == [("Grocery", "-312.75")]
    (found,) = analyse([usual[0], high], import_id=NEW).insights["currencies"]
    assert found["unusual"] == []


def test_a_repeated_charge_is_named_with_both_rows() -> None:
    rows = [row("2026-03-16", "-64.90", "Depot", line=7), row("2026-03-17", "-64.90", "Depot", line=9)]
    (found,) = analyse(rows, import_id=NEW).insights["currencies"]
    assert [[r["line"] for r in item["rows"]] for item in found["repeated"]] == [[7, 9]]


def test_a_habit_is_no_repeated_charge() -> None:
    rows = [row(f"2026-03-{n:02d}", "-2.50", "Metro") for n in range(1, 20, 2)]
    (found,) = analyse(rows, import_id=NEW).insights["currencies"]
    assert found["repeated"] == []


def test_transfers_are_no_spending_and_fees_are_named() -> None:
    rows = [
        row("2026-03-01", "-250.00", "Transfer to savings"),
        row("2026-03-02", "-12.00", "Monthly overdraft fee", line=4),
        row("2026-03-03", "0.41", "Interest paid"),
    ]
    (found,) = analyse(rows, import_id=NEW).insights["currencies"]
    assert [c["category"] for c in found["categories"]] == ["Fees"]
    assert (found["fees"]["out"], found["interest"]["in"]) == ("12.00", "0.41")
    assert found["transfers"]["out"] == "250.00"


def test_the_month_before_must_be_whole_to_be_compared() -> None:
    march = [row("2026-03-01", "-10.00", "a"), row("2026-03-31", "-20.00", "b")]
    late_february = [row("2026-02-20", "-5.00", "a", import_id=OLD)]
    (found,) = analyse([*march, *late_february], import_id=NEW).insights["currencies"]
    assert found["change"] is None
    february = [row("2026-02-01", "-5.00", "a", import_id=OLD), *late_february]
    (found,) = analyse([*march, *february], import_id=NEW).insights["currencies"]
    assert (found["change"]["out_difference"], found["change"]["complete"]) == ("20.00", True)


def test_currencies_are_never_added_up() -> None:
    found = analyse(
        [row("2026-03-01", "-1", "a"), row("2026-03-01", "-2", "a", currency="EUR")], import_id=NEW
    )
    assert sorted((c["currency"], c["out"]) for c in found.insights["currencies"]) == [
        ("EUR", "2.00"),
        ("USD", "1.00"),
    ]


def test_nothing_new_says_so() -> None:
    assert (
        analyse([row("2026-03-01", "-1", "a", import_id=OLD)], import_id=NEW).advice
        == "Nothing new in this import."
    )


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("WHOLE FOODS MKT #123", "Groceries"), ("REWE SAGT DANKE", "Groceries"), ("CAFÉ CENTRAL", "Dining"),
        ("Gehalt März", "Income"), ("LOYER AVRIL", "Housing"), ("NETFLIX.COM", "Subscriptions"),
        ("MONTHLY SERVICE FEE", "Fees"), ("INTEREST PAID", "Interest"), ("DECAFEINATED", "Uncategorised"),
        ("BARCLAYS", "Uncategorised"), ("DIAMOND TOOLS", "Uncategorised"),

        ("COTISATION MENSUELLE COMPTE", "Fees"), ("Transfer to savings", "Transfers"),
    ],
)  # fmt: skip
def test_standard_categories(text: str, category: str) -> None:
    assert Rules.standard().category(text, money_in=category == "Income") == category


def test_the_banks_category_wins_and_a_user_may_add() -> None:
    rules = Rules.from_toml('[categories]\nPets = ["petco", "vet"]\nDining = ["rewe"]')
    assert rules.category("PETCO 123") == "Pets"
    assert rules.category("REWE SAGT DANKE") == "Dining"
    assert rules.category("Pizza Bella") == "Dining"
    assert rules.category("PETCO 123", given="Hobby") == "Hobby"
    with pytest.raises(UsageError):
        Rules.from_toml("[categories]\nPets = 3")
