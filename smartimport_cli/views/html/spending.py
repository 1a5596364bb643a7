"""Cards of where the money came from and went: the sums, by month, by category, by name."""

from decimal import Decimal
from typing import Any

from smartimport_cli.views.html import charts
from smartimport_cli.views.html.parts import TOP, card, escaped, table_of
from smartimport_cli.views.html.values import (
    begins_quarter,
    cents,
    decimal_of,
    dicts,
    long_month,
    money,
    month_at,
    name_of,
    short_month,
    text_of,
)

_FEW_MONTHS = 8


def tiles(found: dict[str, Any], unit: str) -> str:
    """Money in, out, and what is left."""
    tiles = []
    for name, key, kind in (("Money in", "in", "in"), ("Money out", "out", "out"), ("What is left", "net", "")):
        value = decimal_of(found.get(key))
        if value is not None:
            tiles.append(
                f'<div class="tile {kind}"><dt>{name}</dt>'
                f"<dd>{money(value, sign=key == 'net')} <small>{escaped(unit)}</small></dd></div>"
            )
    return f'<dl class="tiles">{"".join(tiles)}</dl>' if tiles else ""


def flow_card(found: dict[str, Any], key: str) -> str:
    """Money in and out by month, and what is left of it."""
    items = dicts(found.get("months"))
    months = [
        charts.MonthBars(
            short_month(m, few=len(items) <= _FEW_MONTHS), long_month(m), begins_quarter(m), into, out,
            m.get("complete", True) is not False,
        )
        for m in items
        if (into := decimal_of(m.get("in"))) is not None and (out := decimal_of(m.get("out"))) is not None
    ]
    if not months:
        return ""
    partial = any(not month.whole for month in months)
    about = (
        f"Money in and out for each of {len(months)} months, and what is left of it. "
        f"Latest: {months[-1].name}, in {money(months[-1].money_in)}, out {money(months[-1].money_out)}."
    )
    chart = charts.cash_flow(months, key=f"{key}-flow", title="Cash flow by month", about=about)
    legend = '<p class="legend"><span class="in">in</span><span class="out">out</span><span class="net">left</span>'
    legend += '<span class="part">month not whole</span></p>' if partial else "</p>"
    rows = [
        (month.name + ("" if month.whole else " (not whole)"), money(month.money_in), money(month.money_out),
         money(month.money_in - month.money_out, sign=True))
        for month in months
    ]  # fmt: skip
    table = table_of(("Month", "In", "Out", "Left"), rows, "Cash flow by month")
    return card("Cash flow", f"{chart}{legend}{table}")


def categories_card(found: dict[str, Any], key: str) -> str:
    """Money out by category, the largest first."""
    items = [
        (name_of(item, "category"), out, item)
        for item in dicts(found.get("categories"))
        if (out := decimal_of(item.get("out"))) is not None and out > 0
    ]
    if not items:
        return ""
    marks = [
        charts.Bar(name, out, money(out), f"{share}%" if (share := text_of(item, "share_percent")) else "")
        for name, out, item in items[:TOP]
    ]
    about = f"{len(items)} categories; the largest is {items[0][0]} with {money(items[0][1])}."
    chart = charts.bars(marks, key=f"{key}-categories", title="Money out by category", about=about)
    rows = [(name, money(out), text_of(item, "rows")) for name, out, item in items]
    return card("For what", chart + table_of(("Category", "Out", "Rows"), rows, "Money out by category"))


def merchants_card(found: dict[str, Any], key: str) -> str:
    """Money out by whom it went to, the largest first."""
    items = [
        charts.Bar(name_of(item, "merchant"), out, money(out))
        for item in dicts(found.get("merchants"))
        if (out := decimal_of(item.get("out"))) is not None and out > 0
    ]
    if not items:
        return ""
    about = f"{len(items)} names; most went to {items[0].label}, {items[0].text}."
    chart = charts.bars(items[:TOP], key=f"{key}-merchants", title="Money out by whom it went to", about=about)
    rows = [(item.label, item.text) for item in items]
    return card("To whom", chart + table_of(("Who", "Out"), rows, "Money out by whom it went to"))


def trend_card(found: dict[str, Any], key: str) -> str:
    """Each large category month by month, where that is known; else all of the money out."""
    months = [long_month(m) for m in dicts(found.get("months"))]
    rows, table = [], []
    for item in dicts(found.get("categories"))[:6]:
        spent = [decimal_of(value) for value in item.get("months") or []] if isinstance(item.get("months"), list) else []
        values = [value for value in spent if value is not None]
        if len(values) < 2 or len(values) != len(spent) or not any(values):
            continue
        name = name_of(item, "category")
        mean = sum(values, Decimal(0)) / len(values)
        first, last = month_at(months, -len(values)), month_at(months, -1)
        title = f"{name}: {money(values[0])} in {first} to {money(values[-1])} in {last}"
        rows.append(
            f"<tr><th scope=\"row\">{escaped(name)}</th><td>{charts.spark(values, title=title)}</td>"
            f'<td class="number">{money(values[-1])}<small>mean {money(cents(mean))}</small></td></tr>'
        )
        table.append((name, *(money(value) for value in values)))
    if rows:
        head = ("Category", *months[-max(len(cells) - 1 for cells in table) :])
        note = f"Month by month to {month_at(months, -1)}, with that month's figure and the mean."
        return card(
            "Trend",
            f'<p class="note">{escaped(note)}</p><table class="sparks"><caption class="unseen">Categories month by month'
            f"</caption>{''.join(rows)}</table>{table_of(head, table, 'Money out by category and month')}",
        )
    outs = [
        (m, out) for m in dicts(found.get("months")) if (out := decimal_of(m.get("out"))) is not None
    ]
    if len(outs) < 2:
        return ""
    points = [
        charts.Point(place / (len(outs) - 1), out, f"{long_month(m)}: {money(out)}")
        for place, (m, out) in enumerate(outs)
    ]
    mean = cents(sum((out for _, out in outs), Decimal(0)) / len(outs))
    about = f"From {money(outs[0][1])} in {long_month(outs[0][0])} to {money(outs[-1][1])} in {long_month(outs[-1][0])}."
    chart = charts.line(
        points, (long_month(outs[0][0]), long_month(outs[-1][0])), key=f"{key}-trend", title="Money out by month",
        about=about,
    )  # fmt: skip
    return card("Trend", f'{chart}<p class="note">Money out by month; {money(mean)} is the mean of {len(outs)}.</p>')
