"""Insights have the shape that is written down: every key, no other, every type."""

import json
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints, is_typeddict

import pytest

from smartimport_cli.crystal import Background, BudgetLimit, Rules, StatementPeriod, analyse
from smartimport_cli.crystal.insights import Insights
from tests.crystal.households import IMPORT, KINDS


def problems(value: Any, shape: Any, path: str = "insights") -> list[str]:
    """What differs from the shape."""
    if is_typeddict(shape):
        if not isinstance(value, dict):
            return [f"{path}: {value!r} is no object"]
        hints = get_type_hints(shape)
        found = [f"{path}: {key} is missing" for key in shape.__required_keys__ - value.keys()]
        found += [f"{path}: {key} is not written down" for key in value.keys() - hints.keys()]
        return found + [
            p
            for key in value.keys() & hints.keys()
            for p in problems(value[key], hints[key], f"{path}.{key}")
        ]
    origin, arguments = get_origin(shape), get_args(shape)
    if origin in (Union, UnionType):
        tried = [problems(value, one, path) for one in arguments if one is not NoneType or value is None]
        return min(tried, key=len, default=[f"{path}: {value!r}"])
    if origin is list:
        if not isinstance(value, list):
            return [f"{path}: {value!r} is no list"]
        return [p for n, item in enumerate(value) for p in problems(item, arguments[0], f"{path}.{n}")]
    if origin is dict:
        return [p for key, item in value.items() for p in problems(item, arguments[1], f"{path}.{key}")]
    if shape is Any or (shape is NoneType and value is None):
        return []
    return [] if type(value) is shape else [f"{path}: {value!r} is no {shape}"]


@pytest.mark.parametrize("kind", KINDS)
def test_insights_have_the_shape_that_is_written_down(kind: Any) -> None:
    ledger = kind(7)
    accounts = sorted({row.account for row in ledger.rows})
    day = ledger.rows[0].day.toordinal()
    insights = analyse(
        ledger.transactions,
        import_id=IMPORT,
        background=Background(
            Rules.from_toml('[rates]\ninto = "USD"\nEUR = "1.1"'),
            budgets=[BudgetLimit("groceries", None, 1)],
            statements=[
                StatementPeriod(
                    account, account, ledger.currency, "a.csv", day + first, day + last, 0, 5, "proved"
                )
                for account in accounts
                for first, last in ((0, 30), (31, 60), (50, 90), (300, 1094))
            ],
            labels={account: account for account in accounts},
        ),
    ).insights
    assert problems(insights, Insights) == []
    assert json.loads(json.dumps(insights)) == insights
    found = insights["currencies"][0]
    for key in (
        "recurring",
        "own_transfers",
        "refunds",
        "unusual",
        "repeated",
        "budgets",
        "months",
    ):
        assert found[key], f"nothing of {key} was looked at"
    assert found["salary"] or ledger.kind == "freelancer in Lyon"
    assert insights["accounts"][0]["gaps"]
    assert insights["accounts"][0]["breaks"]
    assert found["forecast"]


def test_the_shape_notices_what_differs() -> None:
    insights = analyse(KINDS[0](7).transactions, import_id=IMPORT).insights
    del insights["currencies"][0]["months"][0]["spent"]
    insights["currencies"][0]["rows"] = "many"
    insights["more"] = 1
    assert len(problems(insights, Insights)) == 3
