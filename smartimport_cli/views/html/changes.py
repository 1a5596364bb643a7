"""Cards of what is another now than a month or a year before."""

from typing import Any

from smartimport_cli.views.html import charts
from smartimport_cli.views.html.parts import TOP, card, escaped, table_of
from smartimport_cli.views.html.values import day_of, decimal_of, dicts, money, month_name, name_of


def change_card(found: dict[str, Any], key: str) -> str:
    """The last month beside the one before, and prices that are others now."""
    change = _change(found.get("change"), f"{key}-change", "Largest changes by category")
    prices = [price for item in dicts(found.get("recurring")) if (price := _price(item))]
    listed = f"<h4>Prices that changed</h4><ul class=\"plain\">{''.join(prices[:TOP])}</ul>" if prices else ""
    return card("Largest changes", change + listed) if change or listed else ""


def year_card(found: dict[str, Any], key: str) -> str:
    """The last whole month beside the same one a year before."""
    change = found.get("year_change")
    if not isinstance(change, dict):
        return ""
    rows = [
        (name, money(then), money(now), money(now - then, sign=True))
        for name, of in (("Spent", "out"), ("Earned", "in"))
        if (then := decimal_of(change.get(f"{of}_before"))) is not None and (now := decimal_of(change.get(of))) is not None
    ]
    if not rows:
        return ""
    head = ("", month_name(change.get("before")), month_name(change.get("month")), "Difference")
    table = table_of(head, rows, "The last whole month beside the same one a year ago", opened=True)
    return card("A year ago", table + _change(change, f"{key}-year", "Changes by category within a year"))


def _change(change: Any, key: str, title: str) -> str:
    """One month beside another: what makes the difference."""
    if not isinstance(change, dict):
        return ""
    items = [
        charts.Bar(name_of(item, "category"), move, money(move, sign=True))
        for item in dicts(change.get("categories"))
        if (move := decimal_of(item.get("out_difference")))
    ]
    if not items:
        return ""
    so_far = "" if change.get("complete") else " so far"
    note = f"{month_name(change.get('month'))}{so_far} against {month_name(change.get('before'))}"
    if difference := decimal_of(change.get("out_difference")):
        note += f": {money(abs(difference))} {'more' if difference > 0 else 'less'} went out"
    if isinstance(left_out := change.get("accounts_left_out"), int) and left_out > 0:
        note += f" (without {left_out} account{'' if left_out == 1 else 's'} not whole in both)"
    chart = charts.changes(
        items[:TOP], key=key, title=title,
        about=f"Money out, {note}. The largest change is {items[0].label}, {items[0].text}.",
    )  # fmt: skip
    return f'<p class="note">{escaped(note)}.</p>{chart}'


def _price(item: dict[str, Any]) -> str:
    """A payment that comes again at another price than before."""
    price = item.get("price")
    if not isinstance(price, dict):
        price = {"from": item.get("previous_amount"), "to": item.get("amount")}
    was, now = decimal_of(price.get("from")), decimal_of(price.get("to"))
    if was is None or now is None:
        return ""
    since = f", since {day_of(price['since'])}" if price.get("since") else ""
    return f"<li>{escaped(name_of(item, 'merchant'))}: {money(abs(was))} to {money(abs(now))}{escaped(since)}</li>"
