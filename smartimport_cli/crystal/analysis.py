"""Insights of an import: what came in and went out, for what, what comes again, what to look at.

'Today' is the last posted date. Currencies are never added up, but at rates that the user gave. The result is
JSON values in the shape of `insights`, bounded whatever the size of the store; each finding names the rows
behind it by import and line.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import zip_longest
from typing import Any

from smartimport_cli.core.model import Transaction
from smartimport_cli.core.money import plain, to_decimal
from smartimport_cli.core.text import shorten
from smartimport_cli.crystal.categories import (
    FEES,
    INCOME,
    INTEREST,
    TRANSFERS,
    UNCATEGORISED,
    Decided,
    Rates,
    Rules,
)
from smartimport_cli.crystal.coverage import Coverage, day
from smartimport_cli.crystal.findings import Background, BudgetLimit, Findings, Found, find
from smartimport_cli.crystal.history import Payment, Payments
from smartimport_cli.crystal.insights import SCHEMA
from smartimport_cli.crystal.months import Comparison, Flow, month_of, name, shifted
from smartimport_cli.crystal.recurring import Series

__all__ = ["SCHEMA", "Analysis", "analyse"]

_MONTHS, _TREND, _TOP, _FINDINGS, _ROWS, _CURRENCIES, _ACCOUNTS = 24, 12, 10, 12, 4, 4, 8
_GROUNDS = 6  # merchants of a category whose deciding words are told
_WORD = 80  # characters of a deciding word
_NOT_SPENT = {TRANSFERS, INCOME}


@dataclass(frozen=True, slots=True)
class Analysis:
    """What Crystal answers: sentences, and the findings that every number in them comes from."""

    advice: str
    insights: dict[str, Any]


def analyse(
    transactions: Iterable[Transaction],
    *,
    import_id: str,
    rules: Rules | None = None,
    background: Background | None = None,
) -> Analysis:
    """Look at the import's rows among all committed rows, in any order."""
    from smartimport_cli.crystal.advice import sentences

    known = background or Background(rules or Rules.standard())
    findings = find(transactions, import_id, known)
    found = sorted(findings.currencies, key=lambda f: (-f.new.rows, f.currency or ""))
    insights: dict[str, Any] = {
        "schema": SCHEMA,
        "import_id": import_id,
        "currencies": [
            _Currency(findings, one, known).insights() for one in found[:_CURRENCIES] if one.new.rows
        ],
        "currencies_left_out": max(0, len(found) - _CURRENCIES),
        "accounts": [_coverage(covered) for covered in findings.coverage[:_ACCOUNTS]],
        "converted": _converted(found, known.rules.rates),
    }
    insights["sentences"] = sentences(insights)
    said = [sentence["text"] for sentence in insights["sentences"]]
    return Analysis("\n".join(said) or "Nothing new in this import.", insights)


class _Currency:
    """The findings in one currency as JSON values."""

    def __init__(self, findings: Findings, found: Found, known: Background) -> None:
        self._imports = findings.history.imports
        self._found = found
        self._known = known

    def insights(self) -> dict[str, Any]:
        found, money = self._found, self._money
        months = sorted(found.months.flows)
        last = month_of(found.new_last)
        return {
            "currency": found.currency,
            "period": {"first": day(found.new_first), "last": day(found.new_last)},
            **self._flow(found.new),
            "transfers": self._transfers(),
            "months": [
                {
                    "month": name(month),
                    "complete": found.months.complete(month),
                    **self._flow(found.months.flows[month]),
                }
                for month in months[-_MONTHS:]
            ],
            "months_left_out": max(0, len(months) - _MONTHS),
            "months_missing": [name(month) for month in found.months.missing()[-_MONTHS:]],
            "change": self._change(found.months.compare(last, shifted(last, -1))),
            "year_change": self._year_change(),
            **self._categories(),
            **self._merchants(),
            **self._cut("first_time", [
                {
                    "merchant": payments.merchant, "amount": money(amount), "category": payments.category,
                    "row": self._row(row),
                }
                for payments, row, amount in found.first_time
            ]),
            **self._cut("recurring", [self._series(*item) for item in self._recurring()]),
            "salary": [
                {
                    "merchant": payments.merchant, "rhythm": series.rhythm, "usual": money(series.usual),
                    "amount": money(series.amount), "last": series.payments[-1].date.isoformat(),
                    "next": series.next_date.isoformat() if series.next_date else None,
                    "rows": self._rows(series.payments), "count": len(series.payments),
                }
                for payments, series in found.salaries[:_ROWS]
            ],
            **self._cut("unusual", [
                {
                    "merchant": item.merchant, "amount": money(item.row.amount), "usual": money(item.usual),
                    "compared_with": item.compared_with, "category": item.category, "row": self._row(item.row),
                }
                for item in found.unusual
            ]),
            **self._cut("repeated", [
                {"merchant": payments.merchant, "amount": money(pair[0].amount), "rows": self._rows(pair)}
                for payments, pair in found.repeated
            ]),
            **self._cut("refunds", [
                {
                    "merchant": refund.merchant, "amount": money(refund.row.amount), "kind": refund.kind,
                    "of": self._row(refund.of) if refund.of else None, "row": self._row(refund.row),
                }
                for refund in found.refunds
                if refund.row.import_no == 0
            ]),
            **self._cut("own_transfers", [
                {
                    "amount": money(pair.into.amount), "from": self._label(pair.source),
                    "to": self._label(pair.target), "rows": self._rows((pair.out, pair.into)),
                }
                for pair in found.transfers
                if 0 in (pair.out.import_no, pair.into.import_no)
            ]),
            "fees": self._bank(FEES),
            "interest": self._bank(INTEREST),
            "forecast": self._forecast(),
            "budgets": self._budgets(),
        }  # fmt: skip

    def _money(self, units: int) -> str:
        return plain(units, self._found.currency)

    def _label(self, account: str) -> str:
        return self._known.labels.get(account, "")

    def _row(self, row: Payment) -> dict[str, Any]:
        return {
            "import": self._imports[row.import_no][:8],
            "line": row.line,
            "date": row.date.isoformat(),
            "amount": self._money(row.amount),
        }

    def _rows(self, rows: Sequence[Payment]) -> list[dict[str, Any]]:
        return [self._row(row) for row in rows[-_ROWS:]]

    def _cut(self, key: str, items: list[dict[str, Any]]) -> dict[str, Any]:
        return {key: items[:_FINDINGS], f"{key}_left_out": max(0, len(items) - _FINDINGS)}

    def _flow(self, flow: Flow) -> dict[str, Any]:
        return {
            "in": self._money(flow.money_in),
            "out": self._money(-flow.money_out),
            "net": self._money(flow.money_in + flow.money_out),
            "rows": flow.rows,
            "earned": self._money(flow.earned),
            "spent": self._money(flow.spent),
        }

    def _transfers(self) -> dict[str, Any]:
        flow = Flow()
        for payments in self._found.payments:
            if payments.category == TRANSFERS:
                flow.add(payments, payments.new_units, payments.new_rows)
        return {"in": self._money(flow.money_in), "out": self._money(-flow.money_out), "rows": flow.rows}

    def _change(self, found: Comparison | None) -> dict[str, Any] | None:
        if found is None:
            return None
        money = self._money
        return {
            "month": name(found.month),
            "complete": found.complete,
            "before": name(found.before),
            "out": money(found.now.spent),
            "out_before": money(found.then.spent),
            "out_difference": money(found.now.spent - found.then.spent),
            "in": money(found.now.earned),
            "in_before": money(found.then.earned),
            "in_difference": money(found.now.earned - found.then.earned),
            "categories": [
                {"category": category, "out_difference": money(move)} for category, move in found.categories[:5]
            ],
            "accounts_left_out": found.accounts_left_out,
        }

    def _year_change(self) -> dict[str, Any] | None:
        """The last whole month beside the one a year before."""
        months = self._found.months
        last = month_of(self._found.new_last)
        month = last if months.complete(last) else shifted(last, -1)
        if month not in months.flows or not months.complete(month):
            return None
        return self._change(months.compare(month, shifted(month, -12)))

    def _categories(self) -> dict[str, Any]:
        found, money = self._found, self._money
        sums: dict[str, int] = defaultdict(int)
        counts: Counter[str] = Counter()
        by: dict[str, Counter[str]] = defaultdict(Counter)
        mine: dict[str, list[Payments]] = defaultdict(list)
        for payments in found.payments:
            if payments.money_in or not payments.new_rows or payments.category in _NOT_SPENT:
                continue
            sums[payments.category] += payments.new_units
            counts[payments.category] += payments.new_rows
            by[payments.category][payments.decided.by] += payments.new_rows
            mine[payments.category].append(payments)
        total = sum(sums.values())
        ranked = sorted((out, category) for category, out in sums.items() if out)
        trend = sorted(found.months.flows)[-_TREND:]
        return {
            "categories": [
                {
                    "category": category,
                    "out": money(-out),
                    "share_percent": round(100 * out / total),
                    "rows": counts[category],
                    "months": [money(found.months.category(category, month)) for month in trend],
                    "decided": dict(sorted(by[category].items())),
                    **_grounds(mine[category]),
                }
                for out, category in ranked[:_TOP]
            ],
            "categories_left_out": max(0, len(ranked) - _TOP),
            "uncategorised": {
                "rows": counts[UNCATEGORISED],
                "out": money(-sums[UNCATEGORISED]),
                "merchants": self._spent_at(lambda p: p.category == UNCATEGORISED)[:5],
            },
        }

    def _merchants(self) -> dict[str, Any]:
        ranked = self._spent_at(lambda p: p.category not in _NOT_SPENT)
        return {"merchants": ranked[:_TOP], "merchants_left_out": max(0, len(ranked) - _TOP)}

    def _spent_at(self, wanted: Any) -> list[dict[str, Any]]:
        """Money out by merchant over the import's rows, most first."""
        sums: dict[str, list[Any]] = {}
        for payments in self._found.payments:
            if payments.money_in or not payments.new_rows or not wanted(payments):
                continue
            entry = sums.setdefault(payments.merchant, [0, 0, payments.category])
            entry[0] += payments.new_units
            entry[1] += payments.new_rows
        ranked = sorted((out, merchant, rows, category) for merchant, (out, rows, category) in sums.items() if out)
        return [
            {"merchant": merchant, "out": self._money(-out), "rows": rows, "category": category}
            for out, merchant, rows, category in ranked
        ]

    def _recurring(self) -> list[tuple[Payments, Series]]:
        """Those that are of use now: running ones, and those that changed in the import's days."""
        found = self._found
        return [
            (payments, series)
            for payments, series in found.series
            if series.status != "stopped"
            or any(row.import_no == 0 for row in series.payments)
            or series.payments[-1].day >= found.new_first - 100
        ]

    def _series(self, payments: Payments, series: Series) -> dict[str, Any]:
        money = self._money
        price = None
        if series.changes and not series.variable:
            before, row = series.changes[-1]
            price = {
                "from": money(before), "to": money(row.amount), "since": row.date.isoformat(),
                "percent": round(100 * (row.amount - before) / before) if before else 0,
            }  # fmt: skip
        return {
            "merchant": payments.merchant,
            "category": payments.category,
            "rhythm": series.rhythm,
            "amount": money(series.amount),
            "usual": money(series.usual),
            "variable": series.variable,
            "per_year": money(series.per_year),
            "next": series.next_date.isoformat() if series.next_date else None,
            "status": series.status,
            "probable": series.probable,
            "previous_amount": None if series.previous_amount is None else money(series.previous_amount),
            "price": price,
            "missed": [when.isoformat() for when in series.missed[-_ROWS:]],
            "trial": self._row(series.trial) if series.trial else None,
            "account": self._label(payments.account),
            "rows": self._rows(series.payments),
            "count": len(series.payments),
        }

    def _bank(self, category: str) -> dict[str, Any]:
        """What the bank took or gave in this import."""
        rows = sorted(row for p in self._found.payments if p.category == category for row in p.mine)
        return {
            "out": self._money(-sum(row.amount for row in rows if row.amount < 0)),
            "in": self._money(sum(row.amount for row in rows if row.amount > 0)),
            "count": len(rows),
            "rows": self._rows(rows),
        }

    def _forecast(self) -> dict[str, Any] | None:
        found, money = self._found.forecast, self._money
        if found is None:
            return None
        answer = {
            "after": day(found.after),
            "until": day(found.until),
            "scheduled_in": money(sum(amount for _, _, amount in found.scheduled if amount > 0)),
            "scheduled_out": money(-sum(amount for _, _, amount in found.scheduled if amount < 0)),
            "scheduled": [
                {"merchant": merchant, "date": when.isoformat(), "amount": money(amount)}
                for merchant, when, amount in found.scheduled[:_FINDINGS]
            ],
            "scheduled_left_out": max(0, len(found.scheduled) - _FINDINGS),
            "everyday_out": money(found.everyday_out),
            "net": money(found.net),
            "low": money(found.low),
            "high": money(found.high),
            "months_used": found.months_used,
        }
        balance = self._balance()
        if balance is not None:
            answer |= {
                "balance": money(balance),
                "balance_at_end": money(balance + found.net),
                "balance_low": money(balance + found.low),
                "balance_high": money(balance + found.high),
            }
        return answer

    def _balance(self) -> int | None:
        """What all accounts of the currency hold on the last day, where statements say it."""
        total = 0
        for account in self._found.spans:
            ends = [
                statement
                for statement in self._known.statements
                if statement.account == account and statement.currency in (self._found.currency, None)
            ]
            if not ends:
                return None
            latest = max(ends, key=lambda statement: (statement.last, statement.first))
            if latest.closing is None or self._found.last - latest.last > 3:
                return None
            total += latest.closing
        return total

    def _budgets(self) -> list[dict[str, Any]]:
        found = self._found
        month = month_of(found.last)
        names = {category.casefold(): category for _, category, _ in found.months.spent}
        answer = []
        for limit in self._mine(self._known.budgets):
            category = names.get(limit.category.casefold(), limit.category)
            spent = found.months.category(category, month)
            answer.append({
                "category": category,
                "month": name(month),
                "limit": self._money(limit.amount),
                "spent": self._money(spent),
                "left": self._money(limit.amount - spent),
                "percent": round(100 * spent / limit.amount),
            })  # fmt: skip
        return answer[:24]

    def _mine(self, budgets: Iterable[BudgetLimit]) -> list[BudgetLimit]:
        return [limit for limit in budgets if limit.currency in (self._found.currency, None)]


def _grounds(of_category: Iterable[Payments]) -> dict[str, Any]:
    """Why the rows of the import are in their category, by merchant, most money first."""
    sums: dict[tuple[str, Decided], list[int]] = defaultdict(lambda: [0, 0])
    for payments in of_category:
        entry = sums[payments.merchant, payments.decided]
        entry[0] += payments.new_units
        entry[1] += payments.new_rows
    ranked = sorted(sums.items(), key=lambda item: (item[1][0], item[0][0], item[0][1].by, item[0][1].words))
    return {
        "grounds": [
            {
                "merchant": merchant, "rows": rows, "by": decided.by, "confidence": decided.confidence,
                "words": [
                    {"word": shorten(word, _WORD), "weight": weight}
                    for word, weight in zip_longest(decided.words, decided.weights)
                ],
            }
            for (merchant, decided), (_, rows) in ranked[:_GROUNDS]
        ],
        "grounds_left_out": max(0, len(ranked) - _GROUNDS),
    }  # fmt: skip


def _coverage(covered: Coverage) -> dict[str, Any]:
    def money(units: int | None) -> str:
        return plain(units or 0, covered.currency)

    def days(spans: Sequence[tuple[int, int]]) -> list[dict[str, Any]]:
        return [
            {"first": day(first), "last": day(last), "days": last - first + 1} for first, last in spans[-_FINDINGS:]
        ]

    return {
        "account": covered.label,
        "currency": covered.currency,
        "first": day(covered.first),
        "last": day(covered.last),
        "statements": len(covered.statements),
        "months": [name(month) for month in covered.months[-_MONTHS:]],
        "gaps": days(covered.gaps),
        "overlaps": days(covered.overlaps),
        "breaks": [
            {
                "first_statement": broken.before.file, "closed": day(broken.before.last),
                "closing": money(broken.before.closing), "next_statement": broken.after.file,
                "opened": day(broken.after.first), "opening": money(broken.after.opening),
                "difference": money((broken.after.opening or 0) - (broken.before.closing or 0)),
            }
            for broken in covered.breaks[-_ROWS:]
        ],
        "balances": [
            {"date": day(s.last), "balance": money(s.closing), "verdict": s.verdict}
            for s in covered.statements[-_MONTHS:]
            if s.closing is not None
        ],
    }  # fmt: skip


def _converted(found: Sequence[Found], rates: Rates | None) -> dict[str, Any] | None:
    """One sum of several currencies, at the user's own rates only."""
    mine = [one for one in found if one.new.rows]
    if rates is None or len(mine) < 2:
        return None
    known = {rates.into: Decimal(1), **rates.rates}
    money_in = money_out = Decimal(0)
    for one in mine:
        if one.currency in known:
            money_in += to_decimal(one.new.money_in, one.currency) * known[one.currency]
            money_out += to_decimal(-one.new.money_out, one.currency) * known[one.currency]
    cent = to_decimal(0, rates.into)
    total_in, total_out = (money.quantize(cent, ROUND_HALF_EVEN) for money in (money_in, money_out))
    return {
        "currency": rates.into,
        "in": f"{total_in:f}",
        "out": f"{total_out:f}",
        "net": f"{total_in - total_out:f}",
        "rates": {currency: f"{rate:f}" for currency, rate in sorted(rates.rates.items())},
        "without": sorted(one.currency or "" for one in mine if one.currency not in known),
    }
