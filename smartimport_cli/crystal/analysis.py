"""Insights of an import: what came in and went out, for what, what comes again, what to look at.

Everything is of the import's own rows, seen beside all earlier rows of its accounts. 'Today' is the last
posted date. Currencies are never added up. The result is JSON values, bounded whatever the size of the store;
amounts are decimal strings, and each finding names the rows behind it by import and line.
"""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from smartimport_cli.core.model import Transaction
from smartimport_cli.core.money import plain
from smartimport_cli.crystal import recurring, unusual
from smartimport_cli.crystal.categories import FEES, INCOME, INTEREST, TRANSFERS, Rules
from smartimport_cli.crystal.history import Flow, Gathered, Month, Payment, Payments, Store, gather

SCHEMA = "smartimport.insights/1"
_MONTHS, _TOP, _FINDINGS, _ROWS, _CURRENCIES = 24, 10, 12, 4, 4
_EDGE_DAYS = 4  # rows this near to both ends make a month a whole one
_NOT_SPENT = {TRANSFERS, INCOME}


@dataclass(frozen=True, slots=True)
class Analysis:
    """What Crystal answers: sentences, and the findings that every number in them comes from."""

    advice: str
    insights: dict[str, Any]


def analyse(transactions: Iterable[Transaction], *, import_id: str, rules: Rules | None = None) -> Analysis:
    """Look at the import's rows among all committed rows of its accounts, in any order."""
    from smartimport_cli.crystal.advice import sentences

    store = gather(transactions, import_id, rules or Rules.standard())
    found = sorted(store.currencies.values(), key=lambda g: (-g.new.rows, g.currency or ""))
    insights = {
        "schema": SCHEMA,
        "import_id": import_id,
        "currencies": [_currency(store, gathered) for gathered in found[:_CURRENCIES] if gathered.new.rows],
        "currencies_left_out": max(0, len(found) - _CURRENCIES),
    }
    return Analysis(sentences(insights), insights)


def _currency(store: Store, g: Gathered) -> dict[str, Any]:
    def money(units: int) -> str:
        return plain(units, g.currency)

    def reference(row: Payment) -> dict[str, Any]:
        return {
            "import": store.imports[row.import_no][:8],
            "line": row.line,
            "date": row.date.isoformat(),
            "amount": money(row.amount),
        }

    def references(rows: Sequence[Payment]) -> list[dict[str, Any]]:
        return [reference(row) for row in rows[-_ROWS:]]

    everyone = sorted(g.merchants.values(), key=lambda p: (p.merchant, p.category, p.amounts[0] < 0))
    findings = _findings(g, everyone)
    merchants = _merchants(everyone)
    spent = {name: flow for name, flow in g.categories.items() if flow.money_out and name not in _NOT_SPENT}
    total = sum(flow.money_out for flow in spent.values())
    ranked = sorted(spent.items(), key=lambda item: (item[1].money_out, item[0]))
    transfers = g.categories.get(TRANSFERS, Flow())
    return {
        "currency": g.currency,
        "period": {
            "first": date.fromordinal(g.new_first).isoformat(),
            "last": date.fromordinal(g.new_last).isoformat(),
        },
        **_flow(g.new, g.currency),
        "transfers": {
            "in": money(transfers.money_in),
            "out": money(-transfers.money_out),
            "rows": transfers.rows,
        },
        "months": [
            {"month": _name(month), "complete": _complete(g, month), **_flow(g.months[month], g.currency)}
            for month in sorted(g.months)[-_MONTHS:]
        ],
        "months_left_out": max(0, len(g.months) - _MONTHS),
        "change": _change(g),
        "categories": [
            {
                "category": name,
                "out": money(-flow.money_out),
                "share_percent": round(100 * flow.money_out / total),
                "rows": flow.rows,
            }
            for name, flow in ranked[:_TOP]
        ],
        "categories_left_out": max(0, len(ranked) - _TOP),
        "merchants": [
            {"merchant": name, "out": money(-out), "rows": rows} for name, out, rows in merchants[:_TOP]
        ],
        "merchants_left_out": max(0, len(merchants) - _TOP),
        "recurring": [
            {
                "merchant": series.merchant,
                "category": series.category,
                "rhythm": series.rhythm,
                "amount": money(series.amount),
                "usual": money(series.usual),
                "next": series.next_date.isoformat() if series.next_date else None,
                "status": "stopped" if series.next_date is None else "new" if series.new else "running",
                "probable": series.probable,
                "previous_amount": None if series.previous_amount is None else money(series.previous_amount),
                "rows": references(series.payments),
                "count": len(series.payments),
            }
            for series in findings.recurring[:_FINDINGS]
        ],
        "recurring_left_out": max(0, len(findings.recurring) - _FINDINGS),
        "unusual": [
            {"merchant": name, "amount": money(row.amount), "usual": money(usual), "row": reference(row)}
            for name, row, usual in findings.unusual[:_FINDINGS]
        ],
        "unusual_left_out": max(0, len(findings.unusual) - _FINDINGS),
        "repeated": [
            {"merchant": name, "amount": money(pair[0].amount), "rows": references(pair)}
            for name, pair in findings.repeated[:_FINDINGS]
        ],
        "repeated_left_out": max(0, len(findings.repeated) - _FINDINGS),
        "fees": _bank(everyone, FEES, money, references),
        "interest": _bank(everyone, INTEREST, money, references),
    }


@dataclass(slots=True)
class _Findings:
    recurring: list[recurring.Recurring]
    unusual: list[tuple[str, Payment, int]]
    repeated: list[tuple[str, tuple[Payment, Payment]]]


def _findings(g: Gathered, everyone: list[Payments]) -> _Findings:
    series, strange, twice = [], [], []
    for payments in everyone:
        if 0 not in payments.imports:
            continue
        found = recurring.find(payments, g.first, g.last)
        if found is not None:
            series.append(found)
        strange += [(payments.merchant, row, usual) for row, usual in unusual.unusual(payments)]
        if found is None and payments.category not in _NOT_SPENT:
            twice += [(payments.merchant, pair) for pair in unusual.repeated(payments)]
    series.sort(key=lambda s: (s.amount, s.merchant))
    strange.sort(key=lambda item: (item[1].amount, item[0]))
    twice.sort(key=lambda item: (item[1][0].amount, item[0]))
    return _Findings(series, strange, twice)


def _merchants(everyone: list[Payments]) -> list[tuple[str, int, int]]:
    """Money out by merchant over the import's rows, most first."""
    sums: dict[str, list[int]] = {}
    for payments in everyone:
        if payments.category in _NOT_SPENT or 0 not in payments.imports:
            continue
        mine = [
            amount
            for amount, number in zip(payments.amounts, payments.imports, strict=True)
            if number == 0 and amount < 0
        ]
        if mine:
            entry = sums.setdefault(payments.merchant, [0, 0])
            entry[0] += sum(mine)
            entry[1] += len(mine)
    ranked = sorted(sums.items(), key=lambda item: (item[1][0], item[0]))
    return [(name, out, rows) for name, (out, rows) in ranked]


def _bank(everyone: list[Payments], category: str, money: Any, references: Any) -> dict[str, Any]:
    """What the bank took or gave in this import."""
    rows = sorted(
        row
        for payments in everyone
        if payments.category == category
        for row in payments
        if row.import_no == 0
    )
    return {
        "out": money(-sum(row.amount for row in rows if row.amount < 0)),
        "in": money(sum(row.amount for row in rows if row.amount > 0)),
        "count": len(rows),
        "rows": references(rows),
    }


def _change(g: Gathered) -> dict[str, Any] | None:
    """The last month of the import beside the month before it, where the store has that whole."""
    last = date.fromordinal(g.new_last)
    month = (last.year, last.month)
    before = (last.year, last.month - 1) if last.month > 1 else (last.year - 1, 12)
    if before not in g.months or not _complete(g, before):
        return None
    now, then = g.months[month], g.months[before]
    names = {name for (when, name) in g.category_months if when in (month, before)} - _NOT_SPENT
    moves = [
        (g.category_months.get((month, name), 0) - g.category_months.get((before, name), 0), name)
        for name in names
    ]
    moves.sort(key=lambda move: (-abs(move[0]), move[1]))
    return {
        "month": _name(month),
        "complete": _complete(g, month),
        "before": _name(before),
        "out": plain(-now.money_out, g.currency),
        "out_before": plain(-then.money_out, g.currency),
        "out_difference": plain(then.money_out - now.money_out, g.currency),
        "in": plain(now.money_in, g.currency),
        "in_before": plain(then.money_in, g.currency),
        "in_difference": plain(now.money_in - then.money_in, g.currency),
        "categories": [
            {"category": name, "out_difference": plain(-move, g.currency)} for move, name in moves[:5] if move
        ],
    }


def _complete(g: Gathered, month: Month) -> bool:
    """Whether the store's rows reach over the whole month."""
    start = date(*month, 1).toordinal()
    end = date(*month, monthrange(*month)[1]).toordinal()
    return g.first <= start + _EDGE_DAYS and g.last >= end - _EDGE_DAYS


def _flow(flow: Flow, currency: str | None) -> dict[str, Any]:
    return {
        "in": plain(flow.money_in, currency),
        "out": plain(-flow.money_out, currency),
        "net": plain(flow.money_in + flow.money_out, currency),
        "rows": flow.rows,
    }


def _name(month: Month) -> str:
    return f"{month[0]:04d}-{month[1]:02d}"
