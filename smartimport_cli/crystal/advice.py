"""Insights in sentences: few, the most important first. Every number comes from the insights."""

from decimal import Decimal
from typing import Any

from smartimport_cli.core.text import shorten

_MOST = 8
_NAME = 40


def sentences(insights: dict[str, Any]) -> str:
    """One sentence a line."""
    lines: list[str] = []
    for found in insights["currencies"]:
        lines += _of_currency(found)
    return "\n".join(lines) or "Nothing new in this import."


def _of_currency(found: dict[str, Any]) -> list[str]:
    unit = f" {found['currency']}" if found["currency"] else ""
    period = found["period"]
    sums = (
        f"In {_money(found['in'])}, out {_money(found['out'])}, net {_money(found['net'], sign=True)}{unit}"
    )
    lines = [f"{sums} from {period['first']} to {period['last']} ({found['rows']} rows)."]
    change = found["change"]
    if change and Decimal(change["out_difference"]):
        less = Decimal(change["out_difference"]) < 0
        so_far = "" if change["complete"] else " so far"
        lines.append(
            f"In {change['month']}{so_far} {_money(change['out'])}{unit} went out, "
            f"{_money(change['out_difference'].lstrip('-'))} {'less' if less else 'more'} than in {change['before']}."
        )
    looks = [
        *(_repeated(item, unit) for item in found["repeated"]),
        *(_unusual(item, unit) for item in found["unusual"]),
        *(_recurring(item, unit) for item in found["recurring"]),
    ]
    lines += [look for look in looks if look][: _MOST - 3]
    if found["fees"]["count"]:
        lines.append(f"Fees: {_money(found['fees']['out'])}{unit} ({_rows(found['fees']['rows'])}).")
    if found["categories"]:
        top = found["categories"][0]
        lines.append(f"Most went to {top['category']}: {_money(top['out'])}{unit}, {top['share_percent']} %.")
    return lines


def _repeated(item: dict[str, Any], unit: str) -> str:
    return f"{_name(item)} charged {_out(item['amount'])}{unit} twice ({_rows(item['rows'])}): is that right?"


def _unusual(item: dict[str, Any], unit: str) -> str:
    return (
        f"{_out(item['amount'])}{unit} at {_name(item)} is unusual, "
        f"{_out(item['usual'])} is the usual amount ({_rows([item['row']])})."
    )


def _recurring(item: dict[str, Any], unit: str) -> str:
    if item["amount"][0] != "-":
        return ""
    if item["status"] == "new":
        sure = "A new payment" if not item["probable"] else "Probably a new payment"
        return (
            f"{sure}, {item['rhythm']}: {_name(item)} {_out(item['amount'])}{unit}, next on {item['next']} "
            f"({_rows(item['rows'])})."
        )
    if item["previous_amount"]:
        return (
            f"{_name(item)} changed from {_out(item['previous_amount'])} to {_out(item['amount'])}{unit} "
            f"({_rows(item['rows'][-1:])})."
        )
    if item["status"] == "stopped":
        return (
            f"{_name(item)}, {item['rhythm']} {_out(item['amount'])}{unit}, seems to have stopped "
            f"({_rows(item['rows'][-1:])})."
        )
    return ""


def _rows(rows: list[dict[str, Any]]) -> str:
    """`line 98 of 7f3a1c22, 2026-03-16`: where the rows are."""
    return ", ".join(f"line {row['line']} of {row['import']}, {row['date']}" for row in rows)


def _name(item: dict[str, Any]) -> str:
    return shorten(item["merchant"], _NAME)


def _out(amount: str) -> str:
    return _money(amount.lstrip("-"))


def _money(amount: str, *, sign: bool = False) -> str:
    return f"{Decimal(amount):{'+' if sign else ''},}"
