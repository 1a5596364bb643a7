"""The Crystal summary as one page: no script, nothing from elsewhere, for screens light and dark, and for paper.

Insights may come from another backend, and may not be ours: what is not there, or is no figure, is left out.
Every text is escaped where it is put in. Each chart has its figures in a table.
"""

import base64
import hashlib
from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from html import escape
from importlib.resources import files
from typing import Any

from smartimport_cli.core.text import clean, shorten
from smartimport_cli.views import charts
from smartimport_cli.views.findings import coverage_looks, look_at

GENERATOR = '<meta name="generator" content="smartimport summary">'
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MADE = "Made by smartimport from committed transactions; nothing on this page came from elsewhere."
_NAME = 34  # characters of a name beside a figure
_TOP = 8
_FEW_MONTHS = 8
_CALENDAR_MONTHS = 3
_MOST_TURNS = 400  # of one payment, wherever a calendar begins
_TURNS = {  # months and days from one payment to the next; where it is both, now the one and now the other
    "weekly": (0, 7), "every two weeks": (0, 14), "every four weeks": (0, 28), "twice a month": (1, 15),
    "monthly": (1, 0), "every two months": (2, 0), "quarterly": (3, 0), "every six months": (6, 0), "yearly": (12, 0),
}  # fmt: skip
_PROOFS = {
    "proved": ("✓", "Proved"), "contradicted": ("✗", "Contradicted"), "unproved": ("?", "Not proved"),
    "consistent": ("–", "Nothing to check against"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Balances:
    """The balance of one account over time: days (oldest first) with decimal values."""

    account: str
    currency: str
    days: Sequence[tuple[date, Decimal]]


@dataclass(frozen=True, slots=True)
class About:
    """What a page is about, beside its insights: the statement, and what the balances say of it."""

    file_name: str
    import_id: str
    advice: str = ""
    proof: dict[str, Any] | None = None  # as the state of an import has it
    balances: Sequence[Balances] = field(default_factory=tuple)


def is_ours(head: str) -> bool:
    """Whether a file that begins so is an earlier page of ours."""
    return GENERATOR in head


def render_html(insights: dict[str, Any], about: About) -> str:
    """The whole page."""
    css = (files("smartimport_cli.views") / "summary.css").read_text("utf-8")
    # The hash lets this one style in, and nothing else from anywhere.
    style = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'"
    currencies = _dicts(insights.get("currencies"))
    period = _period(currencies[0]) if currencies else "Summary"
    body = [_header(about, period)]
    body += [_currency(found, number, about, len(currencies) > 1) for number, found in enumerate(currencies)]
    body += _balances(insights, about)
    return "\n".join([
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        GENERATOR,
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="referrer" content="no-referrer">',
        '<meta name="robots" content="noindex">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>Crystal · {_e(period)}</title>",
        f"<style>{css}</style>",
        "</head>",
        "<body>",
        "<main>",
        *body,
        "</main>",
        f"<footer><p>From {_e(about.file_name)}, import {_e(about.import_id[:8])}. {_MADE}</p></footer>",
        "</body>",
        "</html>",
        "",
    ])  # fmt: skip


def _header(about: About, period: str) -> str:
    first, *more = [f"<li>{_e(line)}</li>" for line in about.advice.splitlines() if line.strip()] or [""]
    lead = f'<ul class="lead">{first}{more[0] if more else ""}</ul>' if first else ""
    if len(more) > 1:
        rest = f'<ul class="lead">{"".join(more[1:])}</ul>'
        lead += f"<details><summary>{len(more) - 1} more sentences</summary>{rest}</details>"
    return (
        f'<header><p class="brand">Crystal</p><h1>{_e(period)}</h1>'
        f'<p class="source">{_e(about.file_name)}</p>{lead}</header>'
    )


def _currency(found: dict[str, Any], number: int, about: About, named: bool) -> str:
    unit = clean(str(found.get("currency") or ""))
    key = f"c{number}"
    cards = [
        _flow_card(found, key), _trend_card(found, key), _change_card(found, key), _year_card(found, key), _looks_card(found),
        _categories_card(found, key), _merchants_card(found, key), _budgets_card(found), _forecast_card(found),
        _recurring_card(found),
    ]  # fmt: skip
    title = f"<h2>{_e(unit or 'No currency')}</h2>" if named else '<h2 class="unseen">At a glance</h2>'
    columns = f'<div class="columns">{"".join(cards)}</div>'
    return f"<section>{title}{_tiles(found, unit)}{columns}{_calendar_card(found)}</section>"


def _tiles(found: dict[str, Any], unit: str) -> str:
    tiles = []
    for name, key, kind in (("Money in", "in", "in"), ("Money out", "out", "out"), ("What is left", "net", "")):
        value = _decimal(found.get(key))
        if value is not None:
            tiles.append(
                f'<div class="tile {kind}"><dt>{name}</dt>'
                f"<dd>{_money(value, sign=key == 'net')} <small>{_e(unit)}</small></dd></div>"
            )
    return f'<dl class="tiles">{"".join(tiles)}</dl>' if tiles else ""


def _flow_card(found: dict[str, Any], key: str) -> str:
    items = _dicts(found.get("months"))
    months = [
        charts.MonthBars(
            _short_month(m, few=len(items) <= _FEW_MONTHS), _long_month(m), _begins_quarter(m), into, out,
            m.get("complete", True) is not False,
        )
        for m in items
        if (into := _decimal(m.get("in"))) is not None and (out := _decimal(m.get("out"))) is not None
    ]
    if not months:
        return ""
    partial = any(not month.whole for month in months)
    about = (
        f"Money in and out for each of {len(months)} months, and what is left of it. "
        f"Latest: {months[-1].name}, in {_money(months[-1].money_in)}, out {_money(months[-1].money_out)}."
    )
    chart = charts.cash_flow(months, key=f"{key}-flow", title="Cash flow by month", about=about)
    legend = '<p class="legend"><span class="in">in</span><span class="out">out</span><span class="net">left</span>'
    legend += '<span class="part">month not whole</span></p>' if partial else "</p>"
    rows = [
        (month.name + ("" if month.whole else " (not whole)"), _money(month.money_in), _money(month.money_out),
         _money(month.money_in - month.money_out, sign=True))
        for month in months
    ]  # fmt: skip
    table = _table(("Month", "In", "Out", "Left"), rows, "Cash flow by month")
    return _card("Cash flow", f"{chart}{legend}{table}")


def _categories_card(found: dict[str, Any], key: str) -> str:
    items = [
        (_name(item, "category"), out, item)
        for item in _dicts(found.get("categories"))
        if (out := _decimal(item.get("out"))) is not None and out > 0
    ]
    if not items:
        return ""
    marks = [
        charts.Bar(name, out, _money(out), f"{share}%" if (share := _text(item, "share_percent")) else "")
        for name, out, item in items[:_TOP]
    ]
    about = f"{len(items)} categories; the largest is {items[0][0]} with {_money(items[0][1])}."
    chart = charts.bars(marks, key=f"{key}-categories", title="Money out by category", about=about)
    rows = [(name, _money(out), _text(item, "rows")) for name, out, item in items]
    return _card("For what", chart + _table(("Category", "Out", "Rows"), rows, "Money out by category"))


def _merchants_card(found: dict[str, Any], key: str) -> str:
    items = [
        charts.Bar(_name(item, "merchant"), out, _money(out))
        for item in _dicts(found.get("merchants"))
        if (out := _decimal(item.get("out"))) is not None and out > 0
    ]
    if not items:
        return ""
    about = f"{len(items)} names; most went to {items[0].label}, {items[0].text}."
    chart = charts.bars(items[:_TOP], key=f"{key}-merchants", title="Money out by whom it went to", about=about)
    rows = [(item.label, item.text) for item in items]
    return _card("To whom", chart + _table(("Who", "Out"), rows, "Money out by whom it went to"))


def _trend_card(found: dict[str, Any], key: str) -> str:
    """Each large category month by month, where that is known; else all of the money out."""
    months = [_long_month(m) for m in _dicts(found.get("months"))]
    rows, table = [], []
    for item in _dicts(found.get("categories"))[:6]:
        spent = [_decimal(value) for value in item.get("months") or []] if isinstance(item.get("months"), list) else []
        values = [value for value in spent if value is not None]
        if len(values) < 2 or len(values) != len(spent) or not any(values):
            continue
        name = _name(item, "category")
        mean = sum(values, Decimal(0)) / len(values)
        first, last = _month_at(months, -len(values)), _month_at(months, -1)
        title = f"{name}: {_money(values[0])} in {first} to {_money(values[-1])} in {last}"
        rows.append(
            f"<tr><th scope=\"row\">{_e(name)}</th><td>{charts.spark(values, title=title)}</td>"
            f'<td class="number">{_money(values[-1])}<small>mean {_money(_cents(mean))}</small></td></tr>'
        )
        table.append((name, *(_money(value) for value in values)))
    if rows:
        head = ("Category", *months[-max(len(cells) - 1 for cells in table) :])
        note = f"Month by month to {_month_at(months, -1)}, with that month's figure and the mean."
        return _card(
            "Trend",
            f'<p class="note">{_e(note)}</p><table class="sparks"><caption class="unseen">Categories month by month'
            f"</caption>{''.join(rows)}</table>{_table(head, table, 'Money out by category and month')}",
        )
    outs = [
        (m, out) for m in _dicts(found.get("months")) if (out := _decimal(m.get("out"))) is not None
    ]
    if len(outs) < 2:
        return ""
    points = [
        charts.Point(place / (len(outs) - 1), out, f"{_long_month(m)}: {_money(out)}")
        for place, (m, out) in enumerate(outs)
    ]
    mean = _cents(sum((out for _, out in outs), Decimal(0)) / len(outs))
    about = f"From {_money(outs[0][1])} in {_long_month(outs[0][0])} to {_money(outs[-1][1])} in {_long_month(outs[-1][0])}."
    chart = charts.line(
        points, (_long_month(outs[0][0]), _long_month(outs[-1][0])), key=f"{key}-trend", title="Money out by month",
        about=about,
    )  # fmt: skip
    return _card("Trend", f'{chart}<p class="note">Money out by month; {_money(mean)} is the mean of {len(outs)}.</p>')


def _change_card(found: dict[str, Any], key: str) -> str:
    """The last month beside the one before, and prices that are others now."""
    change = _change(found.get("change"), f"{key}-change", "Largest changes by category")
    prices = [price for item in _dicts(found.get("recurring")) if (price := _price(item))]
    listed = f"<h4>Prices that changed</h4><ul class=\"plain\">{''.join(prices[:_TOP])}</ul>" if prices else ""
    return _card("Largest changes", change + listed) if change or listed else ""


def _year_card(found: dict[str, Any], key: str) -> str:
    """The last whole month beside the same one a year before."""
    change = found.get("year_change")
    if not isinstance(change, dict):
        return ""
    rows = [
        (name, _money(then), _money(now), _money(now - then, sign=True))
        for name, of in (("Spent", "out"), ("Earned", "in"))
        if (then := _decimal(change.get(f"{of}_before"))) is not None and (now := _decimal(change.get(of))) is not None
    ]
    if not rows:
        return ""
    head = ("", _month_name(change.get("before")), _month_name(change.get("month")), "Difference")
    table = _table(head, rows, "The last whole month beside the same one a year ago", opened=True)
    return _card("A year ago", table + _change(change, f"{key}-year", "Changes by category within a year"))


def _change(change: Any, key: str, title: str) -> str:
    """One month beside another: what makes the difference."""
    if not isinstance(change, dict):
        return ""
    items = [
        charts.Bar(_name(item, "category"), move, _money(move, sign=True))
        for item in _dicts(change.get("categories"))
        if (move := _decimal(item.get("out_difference")))
    ]
    if not items:
        return ""
    so_far = "" if change.get("complete") else " so far"
    note = f"{_month_name(change.get('month'))}{so_far} against {_month_name(change.get('before'))}"
    if difference := _decimal(change.get("out_difference")):
        note += f": {_money(abs(difference))} {'more' if difference > 0 else 'less'} went out"
    if isinstance(left_out := change.get("accounts_left_out"), int) and left_out > 0:
        note += f" (without {left_out} account{'' if left_out == 1 else 's'} not whole in both)"
    chart = charts.changes(
        items[:_TOP], key=key, title=title,
        about=f"Money out, {note}. The largest change is {items[0].label}, {items[0].text}.",
    )  # fmt: skip
    return f'<p class="note">{_e(note)}.</p>{chart}'


def _price(item: dict[str, Any]) -> str:
    """A payment that comes again at another price than before."""
    price = item.get("price")
    if not isinstance(price, dict):
        price = {"from": item.get("previous_amount"), "to": item.get("amount")}
    was, now = _decimal(price.get("from")), _decimal(price.get("to"))
    if was is None or now is None:
        return ""
    since = f", since {_day(price['since'])}" if price.get("since") else ""
    return f"<li>{_e(_name(item, 'merchant'))}: {_money(abs(was))} to {_money(abs(now))}{_e(since)}</li>"


def _looks_card(found: dict[str, Any]) -> str:
    looks = look_at(found)
    if not looks:
        return ""
    items = "".join(f"<li>{_e(look)}</li>" for look in looks[:_TOP])
    more = f'<p class="note">and {len(looks) - _TOP} more</p>' if len(looks) > _TOP else ""
    return _card("Look at", f'<ul class="looks">{items}</ul>{more}')


def _budgets_card(found: dict[str, Any]) -> str:
    rows = []
    for item in _dicts(found.get("budgets")):
        limit, spent = _decimal(item.get("limit")), _decimal(item.get("spent"))
        if limit and spent is not None:
            left = limit - spent
            rows.append((
                _name(item, "category"), _money(spent), _money(limit),
                f"{_money(left)} left" if left >= 0 else f"{_money(-left)} over",
            ))  # fmt: skip
    if not rows:
        return ""
    return _card("Budgets", _table(("Budget", "Spent", "Of", ""), rows, "Budgets of this month", opened=True))


def _forecast_card(found: dict[str, Any]) -> str:
    forecast = found.get("forecast")
    if not isinstance(forecast, dict):
        return ""
    rows = [
        (label, _money(value, sign=key in ("net", "low", "high")))
        for label, key in (
            ("Still to come in", "scheduled_in"), ("Still to go out, known", "scheduled_out"),
            ("Everyday spending, likely", "everyday_out"), ("Net until then", "net"),
            ("at the least", "low"), ("at the most", "high"), ("Balance then", "balance_at_end"),
        )
        if (value := _decimal(forecast.get(key))) is not None
    ]  # fmt: skip
    if not rows:
        return ""
    note = f"To {_day(forecast.get('until'))}, from what was usual. An estimate."
    table = _table(("", "Amount"), rows, "Forecast to the end of the month", opened=True)
    return _card("What is to come", f'<p class="note">{_e(note)}</p>{table}')


def _recurring_card(found: dict[str, Any]) -> str:
    rows = []
    for item in sorted(_dicts(found.get("recurring")), key=lambda item: item.get("status") == "stopped"):
        amount = _decimal(item.get("amount"))
        if amount is None:
            continue
        status = clean(str(item.get("status") or ""))
        new = " new" if status == "new" else ""
        tag = f' <span class="tag{new}">{_e(status)}</span>' if status not in ("", "running") else ""
        perhaps = "probably " if item.get("probable") is True else ""
        due = _day(item.get("next")) if item.get("next") else "–"
        rows.append(
            f"<tr><th scope=\"row\">{_e(_name(item, 'merchant'))}{tag}<small>{_e(perhaps + _text(item, 'rhythm'))}</small></th>"
            f'<td class="number">{_money(amount)}</td><td class="number">{_e(due)}</td></tr>'
        )
    if not rows:
        return ""
    left = found.get("recurring_left_out")
    more = f'<p class="note">and {left} more</p>' if isinstance(left, int) and left > 0 else ""
    return _card(
        "Comes again",
        '<table class="list"><caption class="unseen">Payments that come again</caption><thead><tr>'
        '<th scope="col">Who</th><th scope="col" class="number">Amount</th><th scope="col" class="number">Next</th>'
        f"</tr></thead><tbody>{''.join(rows)}</tbody></table>{more}",
    )


def _calendar_card(found: dict[str, Any]) -> str:
    """What comes again, on its days in the next three months, from the first in which anything is due."""
    running = _dicts(found.get("recurring"))
    named = {(_name(item, "merchant"), _text(item, "next")) for item in running}
    # The list of what comes again may be cut before it comes to a salary.
    running += [
        item
        for item in _dicts(found.get("salary"))
        if (_name(item, "merchant"), _text(item, "next")) not in named
    ]
    expected = [
        (day, step, _name(item, "merchant"), amount)
        for item in running
        if (day := _date(item.get("next"))) and (amount := _decimal(item.get("amount"))) is not None
        if (step := _TURNS.get(_text(item, "rhythm")))
    ]
    if not expected:
        return ""
    period = found.get("period")
    today = _date(period.get("last")) if isinstance(period, dict) else None
    start = min(day for day, *_ in expected)
    start = max(start, today + timedelta(days=1)) if today else start
    months = [_shifted(start.replace(day=1), turn) for turn in range(_CALENDAR_MONTHS)]
    end = _shifted(months[-1], 1)
    due = sorted(
        (day, name, amount)
        for first, step, name, amount in expected
        for day in _turns(first, step, end)
        if day >= start
    )
    if not due:
        return ""
    out = sum((amount for _, _, amount in due if amount < 0), Decimal(0))
    title = f"{_MONTHS[months[0].month - 1]} to {_MONTHS[months[-1].month - 1]} {months[-1].year}"
    note = f"{len(due)} are due from {title}, {_money(-out)} out, if all goes on as it is."
    drawn = "".join(_calendar(month, [item for item in due if item[0].replace(day=1) == month]) for month in months)
    return _card("Due next", f'<p class="note">{_e(note)}</p><div class="calendars">{drawn}</div>')


def _turns(first: date, step: tuple[int, int], end: date) -> Iterable[date]:
    """The days from `first` on, every so many months or days, before `end`."""
    months, days = step
    for turn in range(_MOST_TURNS):
        whole, half = divmod(turn, 2) if months and days else (turn, turn)
        day = _shifted(first, months * whole) + timedelta(days=days * half)
        if day >= end:
            return
        yield day


def _shifted(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _calendar(month: date, due: Sequence[tuple[date, str, Decimal]]) -> str:
    """One month: a dot on each day that something is due, and below what it is."""
    title = f"{_MONTHS[month.month - 1]} {month.year}"
    of_day: dict[int, list[Decimal]] = {}
    for day, _, amount in due:
        of_day.setdefault(day.day, []).append(amount)
    length = monthrange(month.year, month.month)[1]
    cells = ["<td></td>"] * month.weekday()
    for number in range(1, length + 1):
        amounts = of_day.get(number, [])
        dots = "".join(f'<b class="due {"in" if amount > 0 else "out"}"></b>' for amount in amounts[:3])
        said = f'<span class="unseen">, {len(amounts)} due</span>' if amounts else ""
        cells.append(f"<td{' class=marked' if amounts else ''}><i>{number}</i>{said}{dots}</td>")
    cells += ["<td></td>"] * (-len(cells) % 7)
    weeks = "".join(f"<tr>{''.join(cells[at : at + 7])}</tr>" for at in range(0, len(cells), 7))
    heads = "".join(f'<th scope="col"><abbr title="{name}">{name[:2]}</abbr></th>' for name in _WEEKDAYS)
    lines = "".join(
        f'<li class="{"in" if amount > 0 else "out"}"><span>{_e(_day(day.isoformat()))}</span> '
        f"<span>{_e(shorten(name, 24))}</span> <b>{_money(amount, sign=amount > 0)}</b></li>"
        for day, name, amount in due
    )
    return (
        f'<div><h4>{_e(title)}</h4><table class="calendar"><caption class="unseen">Days of {_e(title)} on which '
        f"something is due</caption><thead><tr>{heads}</tr></thead><tbody>{weeks}</tbody></table>"
        f'<ul class="plain agenda">{lines or "<li>Nothing is due.</li>"}</ul></div>'
    )


def _coverage_card(insights: dict[str, Any]) -> str:
    """Which days of each account the statements cover, and which are missing or there twice."""
    accounts = [
        (account, first, last)
        for account in _dicts(insights.get("accounts"))
        if (first := _date(account.get("first"))) and (last := _date(account.get("last"))) and first <= last
    ]
    if not accounts:
        return ""
    begin, end = min(first for _, first, _ in accounts), max(last for _, _, last in accounts)
    days = (end - begin).days + 1

    def spans(account: dict[str, Any], key: str, word: str) -> list[tuple[float, float, str]]:
        return [
            ((first - begin).days / days, ((last - begin).days + 1) / days, f"{word} {first} to {last}")
            for item in _dicts(account.get(key))
            if (first := _date(item.get("first"))) and (last := _date(item.get("last"))) and begin <= first <= last <= end
        ]

    items, rows, said = [], [], []
    for account, first, last in accounts:
        gaps = spans(account, "gaps", "no statement covers")
        overlaps = spans(account, "overlaps", "two statements cover")
        name, count = _name(account, "account"), _text(account, "statements")
        note = f"{count} statement{'' if count == '1' else 's'}"
        span = (first - begin).days / days, ((last - begin).days + 1) / days
        items.append(charts.Covered(name, note, span, gaps, overlaps))
        named = [text for *_, text in (*gaps, *overlaps)]
        rows.append((name, first.isoformat(), last.isoformat(), count, "; ".join(named) or "whole"))
        said.append(f"{name}: {first} to {last}, {'; '.join(named) or 'no day is missing'}.")
    ends = tuple(f"{day.day} {_MONTHS[day.month - 1][:3]} {day.year}" for day in (begin, end))
    chart = charts.coverage(items, (ends[0], ends[1]), key="coverage", title="Days that statements cover", about=" ".join(said))
    legend = '<p class="legend"><span class="there">covered</span>'
    legend += '<span class="gap">no statement</span>' if any(item.gaps for item in items) else ""
    legend += '<span class="twice">two statements</span>' if any(item.overlaps for item in items) else ""
    missing = "".join(f"<li>{_e(look)}</li>" for look in coverage_looks(insights)[:_TOP])
    looks = f'<ul class="looks">{missing}</ul>' if missing else ""
    table = _table(("Account", "From", "To", "Statements", "Missing or twice"), rows, "Days that statements cover")
    return _card("What the statements cover", f"{chart}{legend}</p>{looks}{table}")


def _balances(insights: dict[str, Any], about: About) -> list[str]:
    """The balance over time: over all statements of an account where those are known, else over this one's days;
    with what it proves, and which days the statements cover."""
    cards = [_proof_card(about.proof)] if about.proof else []
    known = []
    for account in _dicts(insights.get("accounts")):
        days = [
            (day, value)
            for item in _dicts(account.get("balances"))
            if (day := _date(item.get("date"))) and (value := _decimal(item.get("balance"))) is not None
        ]
        if len(days) > 2:
            known.append(Balances(_text(account, "account"), _text(account, "currency"), days))
    shown = [*about.balances, *known] if about.balances else known
    for number, balances in enumerate(shown[:_TOP]):
        if len(balances.days) > 1:
            cards.append(_balance_card(balances, f"b{number}"))
    if coverage := _coverage_card(insights):
        cards.append(coverage)
    if not cards:
        return []
    return [f'<section><h2>Balance</h2><div class="pair">{"".join(cards)}</div></section>']


def _proof_card(proof: dict[str, Any]) -> str:
    verdict = str(proof.get("verdict"))
    mark, word = _PROOFS.get(verdict, ("–", verdict))
    kind = verdict if verdict in _PROOFS else "consistent"
    explanation = clean(str(proof.get("explanation") or ""))
    return _card(
        "What the balances prove",
        f'<p class="proof {kind}"><span aria-hidden="true">{mark}</span> {_e(word)}</p><p>{_e(explanation)}</p>',
    )


def _balance_card(balances: Balances, key: str) -> str:
    days = sorted(balances.days, key=lambda item: item[0])
    (first, _), (last, closing) = days[0], days[-1]
    span = max((last - first).days, 1)
    points = [
        charts.Point((day - first).days / span, value, f"{_day(day.isoformat())} {day.year}: {_money(value)}")
        for day, value in days
    ]
    lowest = min(days, key=lambda item: item[1])
    about = (
        f"From {_money(days[0][1])} to {_money(closing)}; the lowest is {_money(lowest[1])} on "
        f"{_day(lowest[0].isoformat())} {lowest[0].year}."
    )
    ends = tuple(f"{day.day} {_MONTHS[day.month - 1][:3]} {day.year}" for day in (first, last))
    chart = charts.line(points, (ends[0], ends[1]), key=key, title="Balance over time", about=about, steps=True)
    unit = f" {_e(balances.currency)}" if balances.currency else ""
    rows = [(day.isoformat(), _money(value)) for day, value in _thinned(days)]
    return _card(
        balances.account or "Balance",
        f'<p class="figure">{_money(closing)}{unit} <small>on {_e(_day(last.isoformat()))}</small></p>{chart}'
        f'<p class="note">{_e(about)}</p>{_table(("Day", "Balance"), rows, "Balance by day")}',
    )


def _thinned(days: Sequence[tuple[date, Decimal]]) -> list[tuple[date, Decimal]]:
    """The last of each month where there are many."""
    if len(days) <= 62:
        return list(days)
    return list({(day.year, day.month): (day, value) for day, value in days}.values())


# -- parts of a page


def _card(title: str, body: str) -> str:
    return f'<article class="card"><h3>{_e(title)}</h3>{body}</article>'


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], caption: str, *, opened: bool = False) -> str:
    """Exact figures; folded away under a chart, which says them already."""
    heads = "".join(
        f'<th scope="col"{" class=number" if place else ""}>{_e(name)}</th>' for place, name in enumerate(head)
    )
    lines = "".join(
        f'<tr><th scope="row">{_e(first)}</th>{"".join(f"<td class=number>{_e(cell)}</td>" for cell in cells)}</tr>'
        for first, *cells in rows
    )
    table = (
        f'<div class="scroll"><table><caption class="unseen">{_e(caption)}</caption><thead><tr>{heads}</tr></thead>'
        f"<tbody>{lines}</tbody></table></div>"
    )
    return table if opened else f"<details><summary>The figures</summary>{table}</details>"


def _e(text: str) -> str:
    return escape(clean(text))


# -- values that may be of any kind


def _dicts(items: Any) -> list[dict[str, Any]]:
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _text(item: dict[str, Any], key: str) -> str:
    value = item.get(key)
    return clean(str(value)) if isinstance(value, str | int) else ""


def _name(item: dict[str, Any], key: str) -> str:
    return shorten(_text(item, key) or "?", _NAME)


def _decimal(value: Any) -> Decimal | None:
    if not isinstance(value, str | int):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < 10**15 else None


def _money(value: Decimal, *, sign: bool = False) -> str:
    return charts.amount(value, sign=sign).replace("-", "\N{MINUS SIGN}")


def _cents(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"))


def _date(value: Any) -> date | None:
    try:
        day = date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
    return day if 1900 <= day.year <= 2999 else None


def _day(value: Any) -> str:
    day = _date(value)
    return f"{day.day} {_MONTHS[day.month - 1][:3]}" if day else clean(str(value))


def _month_of(value: Any) -> tuple[int, int] | None:
    day = _date(f"{str(value)[:7]}-01")
    return (day.year, day.month) if day else None


def _month_name(value: Any) -> str:
    found = _month_of(value)
    return f"{_MONTHS[found[1] - 1]} {found[0]}" if found else clean(str(value))


def _long_month(item: dict[str, Any]) -> str:
    return _month_name(item.get("month"))


def _short_month(item: dict[str, Any], *, few: bool) -> str:
    """`Mar`; where a year begins that, after the month's name where there is room for both."""
    found = _month_of(item.get("month"))
    if not found:
        return ""
    year, month = found
    name = _MONTHS[month - 1][:3]
    return name if month > 1 else f"{name} {year}" if few else str(year)


def _begins_quarter(item: dict[str, Any]) -> bool:
    found = _month_of(item.get("month"))
    return found is not None and found[1] % 3 == 1


def _month_at(months: Sequence[str], place: int) -> str:
    return months[place] if -len(months) <= place < len(months) else ""


def _period(found: dict[str, Any]) -> str:
    period = found.get("period")
    period = period if isinstance(period, dict) else {}
    first, last = _date(period.get("first")), _date(period.get("last"))
    if not first or not last:
        return "Summary"
    end = f"{_MONTHS[last.month - 1]} {last.year}"
    if (first.year, first.month) == (last.year, last.month):
        return end
    start = _MONTHS[first.month - 1]
    return f"{start} to {end}" if first.year == last.year else f"{start} {first.year} to {end}"
