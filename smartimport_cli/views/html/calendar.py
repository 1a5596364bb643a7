"""The card of what is due in the next months, day by day."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from smartimport_cli.core.text import shorten
from smartimport_cli.views.html.parts import card, escaped
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

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_CALENDAR_MONTHS = 3
_MOST_TURNS = 400  # of one payment, wherever a calendar begins
_TURNS = {  # months and days from one payment to the next; where it is both, now the one and now the other
    "weekly": (0, 7), "every two weeks": (0, 14), "every four weeks": (0, 28), "twice a month": (1, 15),
    "monthly": (1, 0), "every two months": (2, 0), "quarterly": (3, 0), "every six months": (6, 0), "yearly": (12, 0),
}  # fmt: skip


def calendar_card(found: dict[str, Any]) -> str:
    """What comes again, on its days in the next three months, from the first in which anything is due."""
    running = dicts(found.get("recurring"))
    named = {(name_of(item, "merchant"), text_of(item, "next")) for item in running}
    # The list of what comes again may be cut before it comes to a salary.
    running += [
        item
        for item in dicts(found.get("salary"))
        if (name_of(item, "merchant"), text_of(item, "next")) not in named
    ]
    expected = [
        (day, step, name_of(item, "merchant"), amount)
        for item in running
        if (day := date_of(item.get("next"))) and (amount := decimal_of(item.get("amount"))) is not None
        if (step := _TURNS.get(text_of(item, "rhythm")))
    ]
    if not expected:
        return ""
    period = found.get("period")
    today = date_of(period.get("last")) if isinstance(period, dict) else None
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
    title = f"{MONTHS[months[0].month - 1]} to {MONTHS[months[-1].month - 1]} {months[-1].year}"
    note = f"{len(due)} are due from {title}, {money(-out)} out, if all goes on as it is."
    drawn = "".join(_calendar(month, [item for item in due if item[0].replace(day=1) == month]) for month in months)
    return card("Due next", f'<p class="note">{escaped(note)}</p><div class="calendars">{drawn}</div>')


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
    title = f"{MONTHS[month.month - 1]} {month.year}"
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
        f'<li class="{"in" if amount > 0 else "out"}"><span>{escaped(day_of(day.isoformat()))}</span> '
        f"<span>{escaped(shorten(name, 24))}</span> <b>{money(amount, sign=amount > 0)}</b></li>"
        for day, name, amount in due
    )
    return (
        f'<div><h4>{escaped(title)}</h4><table class="calendar"><caption class="unseen">Days of {escaped(title)} on which '
        f"something is due</caption><thead><tr>{heads}</tr></thead><tbody>{weeks}</tbody></table>"
        f'<ul class="plain agenda">{lines or "<li>Nothing is due.</li>"}</ul></div>'
    )
