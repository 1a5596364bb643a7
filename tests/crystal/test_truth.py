"""The planted facts of generated households are found, and little else; forecasts hold what then came."""

from datetime import date

import pytest

from smartimport_cli.crystal.findings import Background, find
from tests.crystal import truth
from tests.crystal.households import IMPORT, KINDS
from tests.crystal.lives import lives

SEEDS = range(40, 42)  # not those that the detectors were written with
OTHER_SEEDS = range(200, 208)  # nor those that they were corrected with (0 to 7); four tell every life in every language


@pytest.fixture(scope="module")
def scores() -> dict[str, truth.Score]:
    return truth.total(SEEDS)[0]


@pytest.mark.parametrize(
    "kind",
    [
        "recurring payments", "price changes", "missed payments", "stopped payments", "trials", "salaries",
        "transfers", "refunds", "double charges", "unusual amounts", "fees", "interest",
    ],
)  # fmt: skip
def test_goals_of_precision_and_recall(scores: dict[str, truth.Score], kind: str) -> None:
    goal = truth.GOALS.get(kind, truth.OTHER_GOAL)
    assert scores[kind]["right"] >= 4, "too little planted to say anything"
    assert truth.precision(scores[kind]) >= goal
    assert truth.recall(scores[kind]) >= goal


@pytest.fixture(scope="module")
def other_scores() -> dict[str, truth.Score]:
    return truth.total(OTHER_SEEDS, lives)[0]


@pytest.mark.parametrize(
    "kind",
    [
        "recurring payments", "price changes", "missed payments", "stopped payments", "trials", "salaries",
        "transfers", "refunds", "double charges", "unusual amounts", "fees", "interest", "first-time merchants",
        "gaps of statements", "overlaps of statements",
    ],
)  # fmt: skip
def test_the_same_goals_where_another_told_the_ledgers(other_scores: dict[str, truth.Score], kind: str) -> None:
    goal = truth.GOALS.get(kind, truth.OTHER_GOAL)
    assert other_scores[kind]["right"] >= 10, "too little planted to say anything"
    assert truth.precision(other_scores[kind]) >= goal
    assert truth.recall(other_scores[kind]) >= goal


def test_a_history_of_four_months_is_enough_for_most_series() -> None:
    counts = truth.short_history(SEEDS, 4)
    assert counts["right"] > 80
    assert truth.precision(counts) >= 0.9
    assert truth.recall(counts) >= 0.9


def test_a_forecast_holds_what_then_came_four_times_of_five() -> None:
    held = made = 0
    for kind in KINDS:
        rows = kind(50).transactions
        for month in range(1, 13):
            today = date(2025, month, 12)
            (found,) = find([r for r in rows if r.posted_date <= today], IMPORT, Background()).currencies
            assert found.forecast is not None
            until = date.fromordinal(found.forecast.until)
            then = find([r for r in rows if r.posted_date <= until], IMPORT, Background()).currencies[0]
            own = {row.line for pair in then.transfers for row in (pair.out, pair.into)}
            net = sum(r.amount for r in rows if today < r.posted_date <= until and r.line not in own)
            made += 1
            held += found.forecast.low <= net <= found.forecast.high
    assert made == 12 * len(KINDS)
    assert 0.7 <= held / made <= 0.97
