"""Cards of the accounts: what their balances prove, how they moved, which days their statements cover."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from smartimport_cli.core.text import clean
from smartimport_cli.views.findings import coverage_looks
from smartimport_cli.views.html import charts
from smartimport_cli.views.html.about import About, Balances
from smartimport_cli.views.html.parts import TOP, card, escaped, table_of
from smartimport_cli.views.html.values import (
    MONTHS,
    date_of,
    day_of,
    decimal_of,
    dicts,
    money,
    name_of,
    text_of,
)

_PROOFS = {
    "proved": ("✓", "Proved"), "contradicted": ("✗", "Contradicted"), "unproved": ("?", "Not proved"),
    "consistent": ("–", "Nothing to check against"),
}  # fmt: skip


def balances_of(insights: dict[str, Any], about: About) -> list[str]:
    """The balance over time: over all statements of an account where those are known, else over this one's days;
    with what it proves, and which days the statements cover."""
    cards = [_proof_card(about.proof)] if about.proof else []
    known = []
    for account in dicts(insights.get("accounts")):
        days = [
            (day, value)
            for item in dicts(account.get("balances"))
            if (day := date_of(item.get("date"))) and (value := decimal_of(item.get("balance"))) is not None
        ]
        if len(days) > 2:
            known.append(Balances(text_of(account, "account"), text_of(account, "currency"), days))
    shown = [*about.balances, *known] if about.balances else known
    for number, balances in enumerate(shown[:TOP]):
        if len(balances.days) > 1:
            cards.append(_balance_card(balances, f"b{number}"))
    if coverage := _coverage_card(insights):
        cards.append(coverage)
    if not cards:
        return []
    return [f'<section><h2>Balance</h2><div class="pair">{"".join(cards)}</div></section>']


def _coverage_card(insights: dict[str, Any]) -> str:
    """Which days of each account the statements cover, and which are missing or there twice."""
    accounts = [
        (account, first, last)
        for account in dicts(insights.get("accounts"))
        if (first := date_of(account.get("first"))) and (last := date_of(account.get("last"))) and first <= last
    ]
    if not accounts:
        return ""
    begin, end = min(first for _, first, _ in accounts), max(last for _, _, last in accounts)
    days = (end - begin).days + 1

    def spans(account: dict[str, Any], key: str, word: str) -> list[tuple[float, float, str]]:
        return [
            ((first - begin).days / days, ((last - begin).days + 1) / days, f"{word} {first} to {last}")
            for item in dicts(account.get(key))
            if (first := date_of(item.get("first"))) and (last := date_of(item.get("last"))) and begin <= first <= last <= end
        ]

    items, rows, said = [], [], []
    for account, first, last in accounts:
        gaps = spans(account, "gaps", "no statement covers")
        overlaps = spans(account, "overlaps", "two statements cover")
        name, count = name_of(account, "account"), text_of(account, "statements")
        note = f"{count} statement{'' if count == '1' else 's'}"
        span = (first - begin).days / days, ((last - begin).days + 1) / days
        items.append(charts.Covered(name, note, span, gaps, overlaps))
        named = [text for *_, text in (*gaps, *overlaps)]
        rows.append((name, first.isoformat(), last.isoformat(), count, "; ".join(named) or "whole"))
        said.append(f"{name}: {first} to {last}, {'; '.join(named) or 'no day is missing'}.")
    ends = tuple(f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}" for day in (begin, end))
    chart = charts.coverage(items, (ends[0], ends[1]), key="coverage", title="Days that statements cover", about=" ".join(said))
    legend = '<p class="legend"><span class="there">covered</span>'
    legend += '<span class="gap">no statement</span>' if any(item.gaps for item in items) else ""
    legend += '<span class="twice">two statements</span>' if any(item.overlaps for item in items) else ""
    missing = "".join(f"<li>{escaped(look)}</li>" for look in coverage_looks(insights)[:TOP])
    looks = f'<ul class="looks">{missing}</ul>' if missing else ""
    table = table_of(("Account", "From", "To", "Statements", "Missing or twice"), rows, "Days that statements cover")
    return card("What the statements cover", f"{chart}{legend}</p>{looks}{table}")


def _proof_card(proof: dict[str, Any]) -> str:
    verdict = str(proof.get("verdict"))
    mark, word = _PROOFS.get(verdict, ("–", verdict))
    kind = verdict if verdict in _PROOFS else "consistent"
    explanation = clean(str(proof.get("explanation") or ""))
    return card(
        "What the balances prove",
        f'<p class="proof {kind}"><span aria-hidden="true">{mark}</span> {escaped(word)}</p><p>{escaped(explanation)}</p>',
    )


def _balance_card(balances: Balances, key: str) -> str:
    days = sorted(balances.days, key=lambda item: item[0])
    (first, _), (last, closing) = days[0], days[-1]
    span = max((last - first).days, 1)
    points = [
        charts.Point((day - first).days / span, value, f"{day_of(day.isoformat())} {day.year}: {money(value)}")
        for day, value in days
    ]
    lowest = min(days, key=lambda item: item[1])
    about = (
        f"From {money(days[0][1])} to {money(closing)}; the lowest is {money(lowest[1])} on "
        f"{day_of(lowest[0].isoformat())} {lowest[0].year}."
    )
    ends = tuple(f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}" for day in (first, last))
    chart = charts.line(points, (ends[0], ends[1]), key=key, title="Balance over time", about=about, steps=True)
    unit = f" {escaped(balances.currency)}" if balances.currency else ""
    rows = [(day.isoformat(), money(value)) for day, value in _thinned(days)]
    return card(
        balances.account or "Balance",
        f'<p class="figure">{money(closing)}{unit} <small>on {escaped(day_of(last.isoformat()))}</small></p>{chart}'
        f'<p class="note">{escaped(about)}</p>{table_of(("Day", "Balance"), rows, "Balance by day")}',
    )


def _thinned(days: Sequence[tuple[date, Decimal]]) -> list[tuple[date, Decimal]]:
    """The last of each month where there are many."""
    if len(days) <= 62:
        return list(days)
    return list({(day.year, day.month): (day, value) for day, value in days}.values())
