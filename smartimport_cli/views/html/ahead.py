"""Cards of what wants a look, and of what is to come."""

from typing import Any

from smartimport_cli.core.text import clean
from smartimport_cli.views.findings import look_at
from smartimport_cli.views.html.parts import TOP, card, escaped, table_of
from smartimport_cli.views.html.values import day_of, decimal_of, dicts, money, name_of, text_of


def looks_card(found: dict[str, Any]) -> str:
    """What a person should look at."""
    looks = look_at(found)
    if not looks:
        return ""
    items = "".join(f"<li>{escaped(look)}</li>" for look in looks[:TOP])
    more = f'<p class="note">and {len(looks) - TOP} more</p>' if len(looks) > TOP else ""
    return card("Look at", f'<ul class="looks">{items}</ul>{more}')


def budgets_card(found: dict[str, Any]) -> str:
    """What is left of each budget of this month."""
    rows = []
    for item in dicts(found.get("budgets")):
        limit, spent = decimal_of(item.get("limit")), decimal_of(item.get("spent"))
        if limit and spent is not None:
            left = limit - spent
            rows.append((
                name_of(item, "category"), money(spent), money(limit),
                f"{money(left)} left" if left >= 0 else f"{money(-left)} over",
            ))  # fmt: skip
    if not rows:
        return ""
    return card("Budgets", table_of(("Budget", "Spent", "Of", ""), rows, "Budgets of this month", opened=True))


def forecast_card(found: dict[str, Any]) -> str:
    """What is likely to come in and go out until the end of the month."""
    forecast = found.get("forecast")
    if not isinstance(forecast, dict):
        return ""
    rows = [
        (label, money(value, sign=key in ("net", "low", "high")))
        for label, key in (
            ("Still to come in", "scheduled_in"), ("Still to go out, known", "scheduled_out"),
            ("Everyday spending, likely", "everyday_out"), ("Net until then", "net"),
            ("at the least", "low"), ("at the most", "high"), ("Balance then", "balance_at_end"),
        )
        if (value := decimal_of(forecast.get(key))) is not None
    ]  # fmt: skip
    if not rows:
        return ""
    note = f"To {day_of(forecast.get('until'))}, from what was usual. An estimate."
    table = table_of(("", "Amount"), rows, "Forecast to the end of the month", opened=True)
    return card("What is to come", f'<p class="note">{escaped(note)}</p>{table}')


def recurring_card(found: dict[str, Any]) -> str:
    """Payments that come again, with the next day of each."""
    rows = []
    for item in sorted(dicts(found.get("recurring")), key=lambda item: item.get("status") == "stopped"):
        amount = decimal_of(item.get("amount"))
        if amount is None:
            continue
        status = clean(str(item.get("status") or ""))
        new = " new" if status == "new" else ""
        tag = f' <span class="tag{new}">{escaped(status)}</span>' if status not in ("", "running") else ""
        perhaps = "probably " if item.get("probable") is True else ""
        due = day_of(item.get("next")) if item.get("next") else "–"
        rows.append(
            f"<tr><th scope=\"row\">{escaped(name_of(item, 'merchant'))}{tag}"
            f"<small>{escaped(perhaps + text_of(item, 'rhythm'))}</small></th>"
            f'<td class="number">{money(amount)}</td><td class="number">{escaped(due)}</td></tr>'
        )
    if not rows:
        return ""
    left = found.get("recurring_left_out")
    more = f'<p class="note">and {left} more</p>' if isinstance(left, int) and left > 0 else ""
    return card(
        "Comes again",
        '<table class="list"><caption class="unseen">Payments that come again</caption><thead><tr>'
        '<th scope="col">Who</th><th scope="col" class="number">Amount</th><th scope="col" class="number">Next</th>'
        f"</tr></thead><tbody>{''.join(rows)}</tbody></table>{more}",
    )
