"""Committed transactions in, insights and advice out."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from smartimport_cli.core.model import Transaction
from smartimport_cli.core.money import plain


@dataclass(frozen=True, slots=True)
class Analysis:
    advice: str
    insights: dict[str, Any]


def analyse(transactions: Iterable[Transaction], *, import_id: str, rules: Any = None) -> Analysis:
    totals: dict[str | None, list[int]] = {}
    for row in transactions:
        if row.import_id == import_id:
            total = totals.setdefault(row.currency, [0, 0])
            total[row.amount < 0] += row.amount
    found = [
        {"currency": c, "in": plain(i, c), "out": plain(-o, c), "net": plain(i + o, c)} for c, (i, o) in totals.items()
    ]
    advice = "\n".join(f"In {t['in']}, out {t['out']}, net {t['net']} {t['currency'] or ''}." for t in found)
    return Analysis(advice or "Nothing new.", {"schema": "smartimport.insights/1", "totals": found})
