"""What a language model may be told of insights, and whether what it wrote says no number of its own.

Sums go out, never rows: no merchant, no account, no date of a payment, no file.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

_FLOW = ("in", "out", "net", "earned", "spent")
_NUMBER = re.compile(r"\d(?:[\d.,' \u00a0\u202f]*\d)?")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_TASK = (
    "You write a short, friendly summary of one person's finances from the JSON that follows: three to six plain "
    "sentences, no headings. Use only numbers that stand in the JSON, written exactly as there (thousands commas "
    "are allowed), in digits. Do not calculate, round or estimate anything."
)


def aggregates(insights: Mapping[str, Any]) -> dict[str, Any]:
    """The sums of insights, for each currency."""
    return {"currencies": [_of_currency(found) for found in insights.get("currencies", [])]}


def request(model: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """The body for an OpenAI-compatible `chat/completions`: all that is sent."""
    import json

    return {
        "model": model,
        "temperature": 0,
        "messages": [
            {"role": "system", "content": _TASK},
            {"role": "user", "content": json.dumps(told, ensure_ascii=False)},
        ],
    }


def foreign_numbers(text: str, told: Mapping[str, Any]) -> list[str]:
    """The numbers in `text` that are not in `told`, as they were written. A number counts as the same where its
    value is: 1,234.50 and 1234.5. A sign is not compared: 'less by 5.00' says it in words."""
    known = {_value(number) for number in _numbers(told)}
    return [number for number in _NUMBER.findall(text) if _value(number) not in known]


def _of_currency(found: Mapping[str, Any]) -> dict[str, Any]:
    recurring = [item for item in found.get("recurring", []) if item.get("status") != "stopped"]
    forecast = found.get("forecast")
    change = found.get("change")
    return {
        "currency": found.get("currency"),
        "period": found.get("period"),
        **{name: found.get(name) for name in _FLOW},
        "months": [
            {name: month.get(name) for name in ("month", "complete", "earned", "spent")}
            for month in found.get("months", [])[-6:]
        ],
        "change": change and {
            name: change.get(name)
            for name in ("month", "complete", "before", "out", "out_before", "out_difference", "categories")
        },
        "categories": [
            {name: item.get(name) for name in ("category", "out", "share_percent")}
            for item in found.get("categories", [])
        ],
        "regular_payments": len([item for item in recurring if str(item.get("amount", ""))[:1] == "-"]),
        "fees": found.get("fees", {}).get("out"),
        "interest": {name: found.get("interest", {}).get(name) for name in ("in", "out")},
        "forecast": forecast and {
            name: forecast.get(name)
            for name in ("until", "scheduled_in", "scheduled_out", "everyday_out", "net", "low", "high")
        },
        "budgets": found.get("budgets", []),
    }  # fmt: skip


def _numbers(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [number for item in value.values() for number in _numbers(item)]
    if isinstance(value, list):
        return [number for item in value for number in _numbers(item)]
    if value is None or isinstance(value, bool):
        return []
    return re.findall(r"\d+(?:\.\d+)?", str(value))


def _value(number: str) -> Decimal | str:
    """What a number is; its spelling where that is not clear (1.234,50)."""
    plain = number.replace(",", "") if _GROUPED.fullmatch(number) else number
    return Decimal(plain) if re.fullmatch(r"\d+(?:\.\d+)?", plain) else number
