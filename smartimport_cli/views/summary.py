"""The Crystal summary: for people as text with small pictures, with its grounds, and as Markdown."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from smartimport_cli.core.text import clean
from smartimport_cli.views.findings import (
    changes,
    coverage_looks,
    day,
    decimal,
    dicts,
    forecast,
    look_at,
    money,
    period,
    rows,
    who,
)
from smartimport_cli.views.style import Style, cell_width

_LOOKS, _RUNNING, _SHOWN_MONTHS, _TREND = 8, 10, 6, 12
_BAR = 20
_SPARKS = "▁▂▃▄▅▆▇█"
_PLAIN_SPARKS = "_.-~=+*#"


def render_text(insights: dict[str, Any], *, width: int, unicode: bool, color: bool) -> str:
    """Lines of at most `width` columns; empty where there is nothing that we know how to show."""
    style = Style(color=color, unicode=unicode)
    lines: list[str] = []
    for found in dicts(insights.get("currencies")):
        if lines:
            lines.append("")
        lines += _currency(found, style, width)
    lines += _accounts(insights, style, width)
    return "\n".join(style.cut(line, width) for line in lines)


def _currency(found: dict[str, Any], style: Style, width: int) -> list[str]:
    unit = clean(str(found.get("currency") or ""))
    lines = [style.bold(f"Crystal {style.dot} {period(found)}") + (f" {style.dot} {unit}" if unit else "")]
    lines.append(
        f"  Out {money(found.get('out'))} {style.dot} In {money(found.get('in'))} {style.dot} "
        f"Net {money(found.get('net'), sign=True)}"
    )
    spent, out = decimal(found.get("spent")), decimal(found.get("out"))
    if spent is not None and spent != out:
        lines.append(style.dim(f"  Without own transfers and refunds {money(found.get('spent'))} was spent"))
    for change in changes(found):
        lines += _wrapped("  ", change, width)
    months = dicts(found.get("months"))
    if len(months) > 1:
        lines += ["", *_months(months, style)]
    if categories := dicts(found.get("categories")):
        lines += ["", *_bars("For what", categories, "category", style, width)]
    if merchants := dicts(found.get("merchants")):
        lines += ["", *_bars("To whom", merchants[:5], "merchant", style, width)]
    running = [item for item in dicts(found.get("recurring")) if item.get("status") not in ("stopped", None)]
    if running:
        lines += ["", *_running(running, style, width)]
    if budgets := dicts(found.get("budgets")):
        lines += ["", *_budgets(budgets, style, width)]
    if ahead := forecast(found):
        lines += ["", "  Ahead", *(line for said in ahead for line in _wrapped("  ", said, width))]
    if looks := look_at(found):
        mark = style.yellow("!")
        lines += ["", "  Look at"]
        for look in looks[:_LOOKS]:
            first, *more = _wrapped("    ", look, width)
            lines += [f"  {mark} {first[4:]}", *more]
        if len(looks) > _LOOKS:
            lines.append(style.dim(f"    and {len(looks) - _LOOKS} more: smartimport summary --json"))
    return lines


def _months(months: Sequence[dict[str, Any]], style: Style) -> list[str]:
    shown = months[-_SHOWN_MONTHS:]
    lines = [style.dim(f"  {'':9} {'In':>12} {'Out':>12} {'Net':>12}")]
    for month in shown:
        partial = "" if month.get("complete", True) else "  (not whole)"
        net = f"{money(month.get('net'), sign=True):>12}"
        tinted = style.red(net) if net.strip().startswith("-") else style.green(net)
        lines.append(
            f"  {clean(str(month.get('month'))):9} {money(month.get('in')):>12} {money(month.get('out')):>12} "
            f"{tinted}{style.dim(partial)}"
        )
    trend = [decimal(month.get("spent")) for month in months[-_TREND:]]
    if len(trend) > 3 and all(value is not None for value in trend):
        first, last = (clean(str(months[at].get("month"))) for at in (-len(trend), -1))
        lines.append(f"  {'Spent':9} {style.cyan(_spark(trend, style))} {style.dim(f'{first} to {last}')}")
    return lines


def _bars(title: str, items: Sequence[dict[str, Any]], name: str, style: Style, width: int) -> list[str]:
    amounts = [abs(decimal(item.get("out")) or Decimal(0)) for item in items]
    most = max(amounts) or Decimal(1)
    names = [clean(str(item.get(name))) for item in items]
    wide = max(8, min(max(map(cell_width, names)), 24, width // 3))
    sums = [money(str(amount)) for amount in amounts]
    right = max(map(len, sums))
    trends = [_trend(item, style) for item in items]
    room = max(0, min(_BAR, width - wide - right - 6 - max((len(trend) + 1 for trend in trends), default=0)))
    mark = "▇" if style.unicode else "#"
    lines = [f"  {title}"]
    for label, text, amount, trend in zip(names, sums, amounts, trends, strict=True):
        bar = mark * max(1, round(amount / most * room)) if room else ""
        pad = " " * (room - len(bar) + 1) if trend else ""
        line = f"  {style.fit(label, wide)} {text:>{right}} {style.cyan(bar)}{pad}{style.dim(trend)}"
        lines.append(line.rstrip())
    return lines


def _trend(item: dict[str, Any], style: Style) -> str:
    values = item.get("months")
    if not isinstance(values, list) or len(values) < 4:
        return ""
    numbers = [decimal(value) for value in values[-_TREND:]]
    return _spark(numbers, style) if all(number is not None for number in numbers) else ""


def _spark(values: Iterable[Decimal | None], style: Style) -> str:
    """A bar of one character a value; without Unicode signs of growing weight."""
    numbers = [max(value or Decimal(0), Decimal(0)) for value in values]
    most = max(numbers) or Decimal(1)
    signs = _SPARKS if style.unicode else _PLAIN_SPARKS
    return "".join(signs[min(len(signs) - 1, int(number / most * len(signs)))] for number in numbers)


def _running(items: Sequence[dict[str, Any]], style: Style, width: int) -> list[str]:
    """Who, how much, how often, when next, in columns."""
    items = sorted(items, key=lambda item: (str(item.get("next")), who(item)))
    shown = items[:_RUNNING]
    wide = max(8, min(max(cell_width(who(item)) for item in shown), width - 46, 32))
    sums = [money(item.get("amount"), sign=True) for item in shown]
    right = max(map(len, sums))
    lines = ["  Comes again"]
    for item, amount in zip(shown, sums, strict=True):
        rhythm = clean(str(item.get("rhythm"))) + ("?" if item.get("probable") else "")
        due = f"next {day(item.get('next'))}" if item.get("next") else ""
        status = str(item.get("status"))
        mark = style.yellow(f" {status}") if status in ("new", "late") else ""
        about = "~" if item.get("variable") else " "
        lines.append(
            f"  {style.fit(who(item), wide)} {about}{amount:>{right}}  {style.fit(rhythm, 16)} {due}{mark}".rstrip()
        )
    if len(items) > len(shown):
        lines.append(style.dim(f"    and {len(items) - len(shown)} more"))
    return lines


def _budgets(items: Sequence[dict[str, Any]], style: Style, width: int) -> list[str]:
    wide = max(8, min(max(cell_width(clean(str(item.get("category")))) for item in items), 20))
    cells = 10 if width >= 70 else 0
    lines = [f"  Budgets of {clean(str(items[0].get('month')))}"]
    for item in items:
        left = decimal(item.get("left")) or Decimal(0)
        share = (decimal(item.get("percent")) or Decimal(0)) / 100
        bar = f" {style.bar(float(min(share, Decimal(1))), cells)}" if cells else ""
        says = style.red(f"{money(str(-left))} over") if left < 0 else f"{money(str(left))} left"
        lines.append(
            f"  {style.fit(clean(str(item.get('category'))), wide)} {money(item.get('spent')):>10} of "
            f"{money(item.get('limit')):>10}{bar} {says}"
        )
    return lines


def _accounts(insights: dict[str, Any], style: Style, width: int) -> list[str]:
    """What is there of the accounts, where more than one statement is, or something is missing."""
    accounts = dicts(insights.get("accounts"))
    looks = coverage_looks(insights)
    if not looks and sum(int(decimal(a.get("statements")) or 0) for a in accounts) < 2:
        return []
    lines = ["", "  Accounts"]
    for account in accounts:
        months = account.get("months")
        whole = f", {len(months)} whole months" if isinstance(months, list) and len(months) > 1 else ""
        lines.append(
            f"  {clean(str(account.get('account')))} {clean(str(account.get('currency') or ''))} "
            f"{account.get('first')} to {account.get('last')}{whole}"
        )
    for look in looks[:_LOOKS]:
        first, *more = _wrapped("    ", look, width)
        lines += [f"  {style.yellow('!')} {first[4:]}", *more]
    return lines


def _wrapped(indent: str, text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` columns, later ones two further in; a single long word stays long."""
    lines, line = [], indent
    for word in text.split(" "):
        if line.strip() and cell_width(line) + 1 + cell_width(word) > width:
            lines.append(line)
            line = indent + "  "
        line += word if not line.strip() else f" {word}"
    return [*lines, line]


def render_explained(insights: dict[str, Any], *, width: int, unicode: bool, color: bool) -> str:
    """Every sentence of the advice with the insight that its numbers come from, and the rows behind that."""
    style = Style(color=color, unicode=unicode)
    lines: list[str] = []
    for sentence in dicts(insights.get("sentences")):
        lines += _wrapped("", clean(str(sentence.get("text"))), width)
        lines.append(style.dim(f"    from {clean(str(sentence.get('insight')))}"))
        for row in dicts(sentence.get("rows")):
            place = rows({"rows": [row]})
            lines.append(
                style.dim(f"    {clean(str(row.get('import')))} {place}: {money(row.get('amount'))}")
            )
    for found in dicts(insights.get("currencies")):
        lines += _decided(found, style, width)
    return "\n".join(style.cut(line, width) for line in lines)


def _decided(found: dict[str, Any], style: Style, width: int) -> list[str]:
    """How the categories are known."""
    names = {
        "you": "you said so", "bank": "your bank's category", "code": "merchant code", "rule": "words in the text",
        "learned": "learned from you", "pair": "own transfer", "none": "not known",
    }  # fmt: skip
    lines = []
    for item in dicts(found.get("categories")):
        by = item.get("decided")
        if isinstance(by, dict):
            said = ", ".join(f"{names.get(str(key), clean(str(key)))} {count}" for key, count in by.items())
            lines.append(f"  {style.fit(clean(str(item.get('category'))), 18)} {said}")
        for ground in dicts(item.get("grounds")):
            if why := _why(ground):
                lines += [style.dim(line) for line in _wrapped("    ", f"{who(ground)}: {why}", width)]
        if left_out := item.get("grounds_left_out"):
            lines.append(style.dim(f"    and {clean(str(left_out))} more of {clean(str(item.get('category')))}"))
    unknown = found.get("uncategorised")
    merchants = dicts(unknown.get("merchants")) if isinstance(unknown, dict) else []
    if merchants:
        text = f"Not known: {', '.join(who(item) for item in merchants)}. Say it: smartimport categorize ID LINE CATEGORY"
        lines += _wrapped("  ", text, width)
    return ["", "How the categories are known (rows)", *lines] if lines else []


def _why(ground: dict[str, Any]) -> str:
    """What decided a merchant's category, in words; nothing where nothing did."""
    words = [(clean(str(word.get("word"))), word.get("weight")) for word in dicts(ground.get("words"))]
    first = words[0][0] if words else ""
    match ground.get("by"):
        case "you":
            return "you said so"
        case "bank":
            return f"bank says '{first}'"
        case "code":
            return f"MCC {first}"
        case "rule":
            return f"rule '{first}'"
        case "learned" if words and all(weight is None for _, weight in words):
            return f"learned: you said so of '{first}'"
        case "learned":
            weighed = ", ".join(f"{word} {decimal(weight) or 0:+f}" for word, weight in words)
            sure = decimal(ground.get("confidence"))
            return f"learned: {weighed}" + ("" if sure is None else f" (sure to {sure:.0%})")
        case "pair":
            return "the other side is in another account of yours"
    return ""


def render_markdown(insights: dict[str, Any]) -> str:
    """The same for a page; data is escaped for Markdown and HTML."""
    parts: list[str] = []
    for found in dicts(insights.get("currencies")):
        unit = _escaped(str(found.get("currency") or ""))
        parts.append(f"## Crystal: {_escaped(period(found))} {unit}".rstrip())
        parts.append(
            f"Out {money(found.get('out'))}, in {money(found.get('in'))}, net {money(found.get('net'), sign=True)}."
        )
        parts += [_escaped(change) for change in changes(found)]
        parts += _tables(found)
        if ahead := forecast(found):
            parts.append("\n".join(f"- {_escaped(said)}" for said in ahead))
        if looks := look_at(found):
            parts.append("\n".join(["Look at:", "", *(f"- {_escaped(look)}" for look in looks)]))
    parts.append(_table(("Account", "From", "To", "Statements", "Whole months"), [
        (str(a.get("account")), str(a.get("first")), str(a.get("last")), str(a.get("statements")),
         str(len(a.get("months") or [])))
        for a in dicts(insights.get("accounts"))
    ]))  # fmt: skip
    parts += [f"- {_escaped(look)}" for look in coverage_looks(insights)]
    return "\n\n".join(part for part in parts if part)


def _tables(found: dict[str, Any]) -> list[str]:
    return [
        _table(("Month", "In", "Out", "Net", "Spent"), [
            (str(m.get("month")), money(m.get("in")), money(m.get("out")), money(m.get("net"), sign=True),
             money(m.get("spent", "")))
            for m in dicts(found.get("months"))
        ]),
        *(
            _table((title, "Out"), [
                (str(i.get(name)), money(i.get("out"))) for i in dicts(found.get(key))
            ])
            for title, name, key in (("Category", "category", "categories"), ("Merchant", "merchant", "merchants"))
        ),
        _table(("Comes again", "Amount", "Rhythm", "Next", "Status", "A year"), [
            (str(i.get("merchant")), money(i.get("amount")), str(i.get("rhythm")), str(i.get("next") or "stopped"),
             str(i.get("status")), money(i.get("per_year", "")))
            for i in dicts(found.get("recurring"))
        ]),
        _table(("Budget", "Spent", "Of", "Left"), [
            (str(i.get("category")), money(i.get("spent")), money(i.get("limit")), money(i.get("left")))
            for i in dicts(found.get("budgets"))
        ]),
        _table(("Refund", "Amount", "Kind", "Row"), [
            (str(i.get("merchant")), money(i.get("amount")), str(i.get("kind")), rows({"rows": [i.get("row")]}))
            for i in dicts(found.get("refunds"))
        ]),
        _table(("Own transfer", "From", "To", "Rows"), [
            (money(i.get("amount")), str(i.get("from")), str(i.get("to")), rows(i))
            for i in dicts(found.get("own_transfers"))
        ]),
        _table(("First time", "Amount", "Row"), [
            (str(i.get("merchant")), money(i.get("amount")), rows({"rows": [i.get("row")]}))
            for i in dicts(found.get("first_time"))
        ]),
    ]  # fmt: skip


def _table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    if not lines:
        return ""
    table = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    table += [f"| {' | '.join(_escaped(cell) for cell in line)} |" for line in lines]
    return "\n".join(table)


def _escaped(text: str) -> str:
    text = clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join(f"\\{c}" if c in "\\`*_{}[]()#!|~" else c for c in text)
