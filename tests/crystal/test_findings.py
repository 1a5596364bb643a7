"""Money between accounts, money back, budgets, rates, coverage: what is said of them, and what is not."""

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartimport_cli.core.model import Transaction
from smartimport_cli.crystal import Background, BudgetLimit, Rules, StatementPeriod, analyse
from smartimport_cli.crystal.coverage import Coverage, cover
from tests.crystal.households import KINDS
from tests.crystal.test_analysis import NEW, OLD, row


def in_account(account: str, *values: Any, **named: Any) -> Transaction:
    return row(*values, **named)._replace(account_id=account)


def only(rows: list[Transaction], background: Background | None = None) -> dict[str, Any]:
    (found,) = analyse(rows, import_id=NEW, background=background).insights["currencies"]
    return found


def test_a_transfer_between_own_accounts_is_neither_earned_nor_spent() -> None:
    found = only(
        [
            in_account("a", "2026-03-02", "-500.00", "M Brandt", line=2),
            in_account("b", "2026-03-03", "500.00", "M Brandt", line=3),
            in_account("a", "2026-03-04", "-20.00", "Rewe", line=4),
        ],
        Background(labels={"a": "Giro", "b": "Sparen"}),
    )
    (pair,) = found["own_transfers"]
    assert (pair["amount"], pair["from"], pair["to"], [r["line"] for r in pair["rows"]]) == (
        "500.00",
        "Giro",
        "Sparen",
        [2, 3],
    )
    assert (found["spent"], found["earned"], found["out"], found["in"]) == (
        "20.00",
        "0.00",
        "520.00",
        "500.00",
    )


@pytest.mark.parametrize(
    "into",
    [
        in_account("a", "2026-03-03", "500.00", "Somebody", line=3),  # the same account
        in_account("b", "2026-03-20", "500.00", "Somebody", line=3),  # weeks later
        in_account("b", "2026-03-03", "500.00", "Acme Payroll", line=3),  # known to be wages
        in_account("b", "2026-03-03", "500.00", "Somebody", line=3, currency="EUR"),
    ],
)
def test_equal_amounts_alone_make_no_transfer(into: Transaction) -> None:
    insights = analyse(
        [in_account("a", "2026-03-02", "-500.00", "M Brandt", line=2), into], import_id=NEW
    ).insights
    assert [pair for found in insights["currencies"] for pair in found["own_transfers"]] == []


def test_a_refund_makes_less_spent_and_names_its_charge() -> None:
    found = only(
        [
            row("2026-03-02", "-80.00", "Zalando", line=2), row("2026-03-09", "30.00", "Zalando", line=3),
            row("2026-03-12", "-12.00", "Zalando", line=4), row("2026-03-15", "12.00", "Zalando", line=5),
        ]
    )  # fmt: skip
    assert [(r["kind"], r["amount"], r["of"]["line"]) for r in found["refunds"]] == [
        ("reversal", "12.00", 4),
        ("partial", "30.00", 2),
    ]
    assert (found["spent"], found["earned"]) == ("50.00", "0.00")


def test_wages_from_a_shop_where_one_buys_are_earned() -> None:
    found = only(
        [row("2026-03-02", "-80.00", "Kroger", line=2), row("2026-03-09", "900.00", "Kroger", line=3)]
    )
    assert (found["refunds"], found["earned"]) == ([], "900.00")


def test_a_double_charge_that_was_given_back_is_no_question() -> None:
    rows = [row("2026-03-16", "-64.90", "Depot", line=7), row("2026-03-17", "-64.90", "Depot", line=9)]
    assert len(only(rows)["repeated"]) == 1
    assert only([*rows, row("2026-03-20", "64.90", "Depot", line=11)])["repeated"] == []


def test_a_budget_says_what_is_left_of_the_last_month() -> None:
    rows = [
        row("2026-02-10", "-90.00", "Rewe"),
        row("2026-03-02", "-250.00", "Rewe"),
        row("2026-03-09", "-25.50", "Aldi"),
    ]
    limits = [
        BudgetLimit("groceries", None, 2_500_000),
        BudgetLimit("Dining", "USD", 1_000_000),
        BudgetLimit("Travel", "EUR", 1),
    ]
    budgets = only(rows, Background(budgets=limits))["budgets"]
    assert [(b["category"], b["spent"], b["left"], b["percent"]) for b in budgets] == [
        ("Groceries", "275.50", "-25.50", 110), ("Dining", "0.00", "100.00", 0),
    ]  # fmt: skip
    assert budgets[0]["month"] == "2026-03"


def test_currencies_are_added_up_only_at_rates_of_the_user() -> None:
    rows = [
        row("2026-03-01", "-10", "a"),
        row("2026-03-01", "-2", "b", currency="EUR"),
        row("2026-03-02", "-7", "c", currency="CHF"),
    ]
    assert analyse(rows, import_id=NEW).insights["converted"] is None
    rules = Rules.from_toml('[rates]\ninto = "EUR"\nUSD = "0.915"')
    converted = analyse(rows, import_id=NEW, rules=rules).insights["converted"]
    assert (converted["currency"], converted["out"], converted["net"], converted["without"]) == (
        "EUR",
        "11.15",
        "-11.15",
        ["CHF"],
    )


def test_a_threshold_of_the_user_holds() -> None:
    rows = [row("2026-03-16", "-64.90", "Depot", line=7), row("2026-03-17", "-64.90", "Depot", line=9)]
    rules = Rules.from_toml("[thresholds]\nrepeated_days = 0")
    assert only(rows, Background(rules))["repeated"] == []


def test_months_without_rows_are_named_and_not_compared() -> None:
    rows = [
        row("2026-01-01", "-1", "a"),
        row("2026-01-31", "-1", "a"),
        row("2026-03-01", "-5", "a"),
        row("2026-03-31", "-5", "a"),
    ]
    found = only(rows)
    assert (found["months_missing"], found["change"]) == (["2026-02"], None)


def test_what_is_new_is_said_only_with_a_history() -> None:
    new = row("2026-03-20", "-33.00", "Never Seen", line=9)
    assert only([new])["first_time"] == []
    old = [
        row(date(2026, 1, 1) + timedelta(days=n * 5), "-10.00", "Rewe", line=n, import_id=OLD)
        for n in range(14)
    ]
    assert [(item["merchant"], item["row"]["line"]) for item in only([*old, new])["first_time"]] == [
        ("Never Seen", 9)
    ]


def period(first: str, last: str, opening: int | None = None, closing: int | None = None) -> StatementPeriod:
    days = [date.fromisoformat(text).toordinal() for text in (first, last)]
    return StatementPeriod("key", "••1", "EUR", f"{first}.csv", *days, opening, closing, "proved")


def covered(*periods: StatementPeriod) -> Coverage:
    (found,) = cover(periods, 4)
    return found


def spans(found: list[tuple[int, int]]) -> list[tuple[str, str]]:
    return [(date.fromordinal(a).isoformat(), date.fromordinal(b).isoformat()) for a, b in found]


def test_statements_that_follow_each_other_leave_no_gap() -> None:
    found = covered(period("2026-01-02", "2026-01-29", 100, 80), period("2026-02-14", "2026-02-27", 80, 70))
    assert (found.gaps, found.breaks, found.overlaps) == (
        [],
        [],
        [],
    )  # two weeks without rows, as the balance proves
    assert found.months == [(2026, 1), (2026, 2)]


def test_a_statement_that_is_missing_is_a_gap() -> None:
    found = covered(period("2026-01-01", "2026-01-31", 100, 80), period("2026-03-01", "2026-03-31", 55, 70))
    assert spans(found.gaps) == [("2026-02-01", "2026-02-28")]
    assert found.months == [(2026, 1), (2026, 3)]


def test_a_balance_that_does_not_go_on_is_a_break() -> None:
    found = covered(period("2026-01-01", "2026-01-31", 100, 80), period("2026-02-01", "2026-02-28", 81, 70))
    assert [(b.before.closing, b.after.opening) for b in found.breaks] == [(80, 81)]


def test_statements_of_the_same_days_overlap_and_prove_nothing_wrong() -> None:
    found = covered(period("2026-01-01", "2026-01-31", 100, 80), period("2026-01-15", "2026-02-28", 91, 70))
    assert (spans(found.overlaps), found.gaps, found.breaks) == ([("2026-01-15", "2026-01-31")], [], [])


NUMBERS = re.compile(r"\d+(?:[.,]\d+)*")


def at(insights: dict[str, Any], path: str) -> Any:
    for key in path.split("."):
        insights = insights[int(key)] if key.isdigit() else insights[key]
    return insights


def assert_traceable(insights: dict[str, Any]) -> None:
    """Each number of each sentence is one of the very insight that the sentence names."""
    for sentence in insights["sentences"]:
        known = {Decimal(n) for n in re.findall(r"\d+(?:\.\d+)?", str(at(insights, sentence["insight"])))}
        names = " ".join(
            re.findall(r"'(?:merchant|category)': '([^']*)'", str(at(insights, sentence["insight"])))
        )
        for number in NUMBERS.findall(sentence["text"]):
            assert Decimal(number.replace(",", "").rstrip(".")) in known or number in names, sentence


@given(st.integers(0, 10_000), st.sampled_from(KINDS), st.integers(40, 1_000), st.integers(0, 800))
@settings(max_examples=25, deadline=None)
def test_no_sentence_holds_a_number_that_its_insight_lacks(
    seed: int, kind: Any, length: int, skip: int
) -> None:
    rows = kind(seed).transactions
    begin = min(skip, len(rows) - 50)
    part = [
        transaction._replace(import_id=NEW if n % 3 or n > length // 2 else OLD)
        for n, transaction in enumerate(rows[begin : begin + length])
    ]
    days = [transaction.posted_date.toordinal() for transaction in part]
    accounts = sorted({transaction.account_id for transaction in part})
    background = Background(
        budgets=[BudgetLimit("Groceries", None, 1_000_000)],
        statements=[
            StatementPeriod(accounts[0], "••1", part[0].currency, "a.csv", days[0], days[0] + 5, 0, 10_000, "proved"),
            StatementPeriod(accounts[0], "••1", part[0].currency, "b.csv", days[0] + 6, days[-1], 20_000, 1_000, "proved"),
        ],
        labels={account: account for account in accounts},
    )  # fmt: skip
    insights = analyse(part, import_id=NEW, background=background).insights
    assert len(insights["sentences"]) > 1
    assert_traceable(insights)


def monthly(amounts: list[str | None], name: str = "Fitness First") -> list[Transaction]:
    """One a month from January 2024 on; None: none came."""
    return [
        row(f"{2024 + n // 12}-{n % 12 + 1:02d}-03", amount, name, line=n + 2)
        for n, amount in enumerate(amounts)
        if amount
    ]


def test_a_long_pause_ends_one_series_and_begins_another() -> None:
    paused = monthly([*["-20.00"] * 8, *[None] * 6, *["-24.00"] * 10])
    found = sorted(only(paused)["recurring"], key=lambda item: str(item["status"]))
    assert [(item["status"], item["count"], item["missed"]) for item in found] == [
        ("running", 10, []), ("stopped", 8, []),
    ]  # fmt: skip
    short = monthly([*["-20.00"] * 8, *[None] * 2, *["-20.00"] * 10])
    (one,) = only(short)["recurring"]
    assert (one["count"], one["missed"]) == (18, ["2024-09-03", "2024-10-03"])


@pytest.mark.parametrize(
    ("amounts", "price"),
    [
        (["2000.00"] * 10 + ["3100.00"] + ["2000.00"] * 5, None),
        (["2000.00"] * 10 + ["3100.00"] + ["2080.00"] * 5, "2080.00"),
        (["2000.00"] * 10 + ["2080.00"] * 6, "2080.00"),
    ],
)
def test_wages_with_a_bonus_are_no_other_price(amounts: list[str | None], price: str | None) -> None:
    (series,) = only(monthly(amounts, "ACME Payroll"))["recurring"]
    assert (series["price"] and series["price"]["to"]) == price
    assert series["variable"] is False


@pytest.mark.parametrize(
    "text",
    ["ZALANDO SE RETOURE", "RUECKLASTSCHRIFT ZALANDO SE", "ZALANDO SE GUTSCHRIFT", "REJET PRLV SEPA ZALANDO SE"],
)
def test_money_back_is_found_where_its_name_says_so(text: str) -> None:
    bought = row("2026-03-03", "-60.00", "Zalando SE", line=2)
    back = row("2026-03-14", "60.00", text, line=3)
    (refund,) = only([bought, back])["refunds"]
    assert (refund["kind"], refund["of"]["line"]) == ("reversal", 2)
