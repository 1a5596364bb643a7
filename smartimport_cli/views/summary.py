"""The Crystal summary: for people as text with small bars, and as Markdown.

Insights may come from another backend, and may not be ours: what is not there is left out.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from smartimport_cli.core.text import clean
from smartimport_cli.views.style import Style, cell_width

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_LOOKS = 8
_BAR = 20


def render_text(insights: dict[str, Any], *, width: int, unicode: bool, color: bool) -> str:
    """Lines of at most `width` columns; empty where there is nothing that we know how to show."""
    style = Style(color=color, unicode=unicode)
    lines: list[str] = []
    for found in _dicts(insights.get("currencies")):
        if lines:
            lines.append("")
        lines += _currency(found, style, width)
    return "\n".join(style.cut(line, width) for line in lines)


def _currency(found: dict[str, Any], style: Style, width: int) -> list[str]:
    unit = clean(str(found.get("currency") or ""))
    lines = [style.bold(f"Crystal {style.dot} {_period(found)}") + (f" {style.dot} {unit}" if unit else "")]
    lines.append(
        f"  Out {_money(found.get('out'))} {style.dot} In {_money(found.get('in'))} {style.dot} "
        f"Net {_money(found.get('net'), sign=True)}"
    )
    if change := _change(found.get("change")):
        lines.append(f"  {change}")
    months = _dicts(found.get("months"))
    if len(months) > 1:
        lines += ["", *_months(months[-6:], style)]
    if categories := _dicts(found.get("categories")):
        lines += ["", *_bars("For what", categories, "category", style, width)]
    if merchants := _dicts(found.get("merchants")):
        lines += ["", *_bars("To whom", merchants[:5], "merchant", style, width)]
    if running := [item for item in _dicts(found.get("recurring")) if item.get("status") != "stopped"]:
        lines += ["", "  Comes again", *(_recurring(item, style) for item in running[:_LOOKS])]
    if looks := look_at(found):
        lines += ["", "  Look at", *(f"  {style.yellow('!')} {look}" for look in looks[:_LOOKS])]
    return lines


def _months(months: Sequence[dict[str, Any]], style: Style) -> list[str]:
    lines = [f"  {'':9} {'In':>12} {'Out':>12} {'Net':>12}"]
    for month in months:
        partial = "" if month.get("complete", True) else "  (not whole)"
        lines.append(
            f"  {clean(str(month.get('month'))):9} {_money(month.get('in')):>12} {_money(month.get('out')):>12} "
            f"{_money(month.get('net'), sign=True):>12}{style.dim(partial)}"
        )
    return lines


def _bars(title: str, items: Sequence[dict[str, Any]], name: str, style: Style, width: int) -> list[str]:
    amounts = [abs(_decimal(item.get("out")) or Decimal(0)) for item in items]
    most = max(amounts) or Decimal(1)
    names = [clean(str(item.get(name))) for item in items]
    wide = max(8, min(max(map(cell_width, names)), 24, width // 3))
    money = [_money(str(amount)) for amount in amounts]
    right = max(map(len, money))
    room = max(0, min(_BAR, width - wide - right - 6))
    mark = "▇" if style.unicode else "#"
    return [f"  {title}"] + [
        f"  {style.fit(label, wide)} {text:>{right}} {style.cyan(mark * max(1, round(amount / most * room)) if room else '')}"
        for label, text, amount in zip(names, money, amounts, strict=True)
    ]


def _recurring(item: dict[str, Any], style: Style) -> str:
    amount = _money(item.get("amount"), sign=True)
    due = f", next on {_day(item.get('next'))}" if item.get("next") else ""
    perhaps = "probably " if item.get("probable") else ""
    new = f" {style.yellow('new')}" if item.get("status") == "new" else ""
    return (
        f"  {clean(str(item.get('merchant')))} {amount} {perhaps}{clean(str(item.get('rhythm')))}{due}{new}"
    )


def look_at(found: dict[str, Any]) -> list[str]:
    """What a person should look at, with the lines behind it."""
    looks = []
    for item in _dicts(found.get("repeated")):
        looks.append(f"{_who(item)} {_plain(item.get('amount'))} twice: {_rows(item)}")
    for item in _dicts(found.get("unusual")):
        looks.append(
            f"{_who(item)} {_plain(item.get('amount'))}, usually {_plain(item.get('usual'))}: "
            f"{_rows({'rows': [item.get('row')]})}"
        )
    for item in _dicts(found.get("recurring")):
        if str(item.get("amount", ""))[:1] != "-":
            continue
        if item.get("status") == "new":
            kind = "probably a new one" if item.get("probable") else "a new one"
            looks.append(
                f"{kind}: {_who(item)} {_plain(item.get('amount'))} {clean(str(item.get('rhythm')))}, "
                f"next on {_day(item.get('next'))}"
            )
        elif item.get("previous_amount"):
            looks.append(
                f"{_who(item)} was {_plain(item.get('previous_amount'))}, now {_plain(item.get('amount'))}"
            )
        elif item.get("status") == "stopped":
            looks.append(f"{_who(item)} {_plain(item.get('amount'))} seems to have stopped")
    fees = found.get("fees")
    if isinstance(fees, dict) and fees.get("count"):
        looks.append(f"fees {_plain(fees.get('out'))}: {_rows(fees)}")
    return looks


def render_markdown(insights: dict[str, Any]) -> str:
    """The same for a page; data is escaped for Markdown and HTML."""
    parts: list[str] = []
    for found in _dicts(insights.get("currencies")):
        unit = _escaped(str(found.get("currency") or ""))
        parts.append(f"## Crystal: {_escaped(_period(found))} {unit}".rstrip())
        parts.append(
            f"Out {_money(found.get('out'))}, in {_money(found.get('in'))}, net {_money(found.get('net'), sign=True)}."
        )
        if change := _change(found.get("change")):
            parts.append(_escaped(change))
        months = _dicts(found.get("months"))
        parts.append(_table(("Month", "In", "Out", "Net"), [
            (str(m.get("month")), _money(m.get("in")), _money(m.get("out")), _money(m.get("net"), sign=True))
            for m in months
        ]))  # fmt: skip
        for title, name in (("Category", "category"), ("Merchant", "merchant")):
            items = _dicts(found.get("categories" if name == "category" else "merchants"))
            parts.append(_table((title, "Out"), [(str(i.get(name)), _money(i.get("out"))) for i in items]))
        parts.append(_table(("Comes again", "Amount", "Rhythm", "Next"), [
            (str(i.get("merchant")), _money(i.get("amount")), str(i.get("rhythm")), str(i.get("next") or "stopped"))
            for i in _dicts(found.get("recurring"))
        ]))  # fmt: skip
        if looks := look_at(found):
            parts.append("\n".join(["Look at:", "", *(f"- {_escaped(look)}" for look in looks)]))
    return "\n\n".join(part for part in parts if part)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return ""
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(_escaped(cell) for cell in row)} |" for row in rows]
    return "\n".join(lines)


def _escaped(text: str) -> str:
    text = clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join(f"\\{c}" if c in "\\`*_{}[]()#!|~" else c for c in text)


def _period(found: dict[str, Any]) -> str:
    period = found.get("period")
    try:
        first = date.fromisoformat(str(period["first"]))  # type: ignore[index]
        last = date.fromisoformat(str(period["last"]))  # type: ignore[index]
    except (KeyError, TypeError, ValueError):
        return "summary"
    if (first.year, first.month) == (last.year, last.month):
        return f"{_MONTHS[first.month - 1]} {first.year}"
    if first.year == last.year:
        return f"{_MONTHS[first.month - 1]} to {_MONTHS[last.month - 1]} {last.year}"
    return f"{_MONTHS[first.month - 1]} {first.year} to {_MONTHS[last.month - 1]} {last.year}"


def _change(change: Any) -> str:
    if not isinstance(change, dict) or not (difference := _decimal(change.get("out_difference"))):
        return ""
    so_far = "" if change.get("complete") else " so far"
    return (
        f"{_month(change.get('month'))}{so_far}: out {_money(change.get('out'))}, {_money(str(abs(difference)))} "
        f"{'less' if difference < 0 else 'more'} than {_month(change.get('before'))}"
    )


def _month(text: Any) -> str:
    month = str(text).partition("-")[2]
    return _MONTHS[int(month) - 1] if month.isdecimal() and 1 <= int(month) <= 12 else clean(str(text))


def _who(item: dict[str, Any]) -> str:
    return clean(str(item.get("merchant")))


def _rows(item: dict[str, Any]) -> str:
    return ", ".join(f"line {row.get('line')} on {_day(row.get('date'))}" for row in _dicts(item.get("rows")))


def _day(text: Any) -> str:
    try:
        day = date.fromisoformat(str(text))
    except ValueError:
        return clean(str(text))
    return f"{day.day} {_MONTHS[day.month - 1]}"


def _plain(amount: Any) -> str:
    return _money(str(amount).lstrip("-"))


def _money(amount: Any, *, sign: bool = False) -> str:
    value = _decimal(amount)
    return clean(str(amount)) if value is None else f"{value:{'+' if sign else ''},f}"


def _decimal(amount: Any) -> Decimal | None:
    try:
        value = Decimal(str(amount))
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _dicts(items: Any) -> list[dict[str, Any]]:
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
