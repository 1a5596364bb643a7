"""Findings in few words, as text, Markdown and pages show them.

Insights may come from another backend, and may not be ours: what is not there is left out.
"""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from smartimport_cli.core.model import where
from smartimport_cli.core.text import clean

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_ROWS = 3


def look_at(found: dict[str, Any]) -> list[str]:
    """What a person should look at in one currency, the most useful first, with the lines behind it."""
    looks = []
    for item in dicts(found.get("repeated")):
        looks.append(f"{who(item)} {unsigned(item.get('amount'))} twice: {rows(item)}")
    for item in dicts(found.get("budgets")):
        if str(item.get("left", ""))[:1] == "-":
            looks.append(
                f"{clean(str(item.get('category')))} {unsigned(item.get('left'))} over its budget of {money(item.get('limit'))}"
            )
    begin = str((found.get("period") or {}).get("first", "")) if isinstance(found.get("period"), dict) else ""
    for item in dicts(found.get("recurring")):
        if look := _recurring(item, begin):
            looks.append(look)
    for item in dicts(found.get("unusual")):
        usually = (
            "usually"
            if item.get("compared_with") != "category"
            else f"usual for {clean(str(item.get('category')))}"
        )
        looks.append(
            f"{who(item)} {unsigned(item.get('amount'))}, {usually} {unsigned(item.get('usual'))}: "
            f"{rows({'rows': [item.get('row')]})}"
        )
    fees = found.get("fees")
    if isinstance(fees, dict) and fees.get("count"):
        looks.append(f"fees {unsigned(fees.get('out'))}: {rows(fees)}")
    missing = found.get("months_missing")
    if isinstance(missing, list) and missing:
        named = ", ".join(month(text, year=True) for text in missing)
        if len(missing) > _ROWS:
            named = f"{len(missing)} months, the last of them {month(missing[-1], year=True)}"
        looks.append(f"no row of {named}")
    return looks


def _recurring(item: dict[str, Any], begin: str) -> str:
    if str(item.get("amount", ""))[:1] != "-":
        if item.get("status") == "late" and item.get("category") == "Income":
            return f"{who(item)} {unsigned(item.get('usual'))} was due on {day(item.get('next'))} and is not there"
        return ""
    price, trial = item.get("price"), item.get("trial")
    if isinstance(trial, dict) and item.get("count") in (2, 3):
        return f"{who(item)} was a trial at {unsigned(trial.get('amount'))}, now {_turn(item)}"
    if item.get("status") == "new":
        kind = "probably a new one" if item.get("probable") else "a new one"
        return f"{kind}: {who(item)} {_turn(item)}, next on {day(item.get('next'))}"
    if item.get("previous_amount"):
        return f"{who(item)} was {unsigned(item.get('previous_amount'))}, now {unsigned(item.get('amount'))}"
    if isinstance(price, dict) and str(price.get("since", "")) >= begin:
        return f"{who(item)} was {unsigned(price.get('from'))}, now {unsigned(price.get('to'))} since {day(price.get('since'))}"
    if item.get("status") == "stopped":
        return f"{who(item)} {unsigned(item.get('amount'))} seems to have stopped"
    if item.get("status") == "late":
        return f"{who(item)} {_turn(item)} was due on {day(item.get('next'))} and is not there"
    return ""


def _turn(item: dict[str, Any]) -> str:
    return f"{unsigned(item.get('amount'))} {clean(str(item.get('rhythm')))}"


def coverage_looks(insights: dict[str, Any]) -> list[str]:
    """What is missing of the accounts, or does not fit together."""
    looks = []
    for account in dicts(insights.get("accounts")):
        label = clean(str(account.get("account")))
        for gap in dicts(account.get("gaps"))[-2:]:
            looks.append(f"{label}: no statement covers {gap.get('first')} to {gap.get('last')}")
        for broken in dicts(account.get("breaks"))[-2:]:
            looks.append(
                f"{label}: {clean(str(broken.get('first_statement')))} ends with {money(broken.get('closing'))}, "
                f"{clean(str(broken.get('next_statement')))} begins with {money(broken.get('opening'))}"
            )
    return looks


def changes(found: dict[str, Any]) -> list[str]:
    """The last month beside the one before, and beside the same one a year ago."""
    said = []
    for key in ("change", "year_change"):
        change = found.get(key)
        if not isinstance(change, dict) or not (difference := decimal(change.get("out_difference"))):
            continue
        if difference < 0 and not change.get("complete"):
            continue  # a month that is not over is always less
        so_far = "" if change.get("complete") else " so far"
        before = month(change.get("before"), year=key == "year_change")
        moves = [
            f"{clean(str(move.get('category')))} {money(move.get('out_difference'), sign=True)}"
            for move in dicts(change.get("categories"))[:2]
        ]
        because = f" ({', '.join(moves)})" if moves and key == "change" else ""
        said.append(
            f"{month(change.get('month'))}{so_far}: spent {money(change.get('out'))}, {money(str(abs(difference)))} "
            f"{'less' if difference < 0 else 'more'} than {before}{because}"
        )
    return said


def forecast(found: dict[str, Any]) -> list[str]:
    """What the rest of the month may bring."""
    item = found.get("forecast")
    if not isinstance(item, dict):
        return []
    said = [
        (
            f"By {day(item.get('until'))} about {money(item.get('net'), sign=True)}, between "
            f"{money(item.get('low'), sign=True)} and {money(item.get('high'), sign=True)}"
        ),
        (
            f"due {money(item.get('scheduled_out'))}, to come {money(item.get('scheduled_in'))}, "
            f"everyday about {money(item.get('everyday_out'))}"
        ),
    ]
    if item.get("balance") is not None:
        said.append(
            f"balance {money(item.get('balance'))} becomes about {money(item.get('balance_at_end'))} "
            f"({money(item.get('balance_low'))} to {money(item.get('balance_high'))})"
        )
    return said


def period(found: dict[str, Any]) -> str:
    """`January to March 2026`; 'summary' where that is not known."""
    days = found.get("period")
    try:
        first = date.fromisoformat(str(days["first"]))  # type: ignore[index]
        last = date.fromisoformat(str(days["last"]))  # type: ignore[index]
    except (KeyError, TypeError, ValueError):
        return "summary"
    if (first.year, first.month) == (last.year, last.month):
        return f"{_MONTHS[first.month - 1]} {first.year}"
    if first.year == last.year:
        return f"{_MONTHS[first.month - 1]} to {_MONTHS[last.month - 1]} {last.year}"
    return f"{_MONTHS[first.month - 1]} {first.year} to {_MONTHS[last.month - 1]} {last.year}"


def month(text: Any, *, year: bool = False) -> str:
    """`March` of `2026-03`."""
    number = str(text).partition("-")[2]
    if not (number.isdecimal() and 1 <= int(number) <= 12):
        return clean(str(text))
    return _MONTHS[int(number) - 1] + (f" {clean(str(text)[:4])}" if year else "")


def who(item: dict[str, Any]) -> str:
    return clean(str(item.get("merchant")))


def rows(item: dict[str, Any]) -> str:
    """`line 94 on 16 March, line 97 on 17 March`, a few."""
    named = dicts(item.get("rows"))
    said = [f"{_place(row.get('line'))} on {day(row.get('date'))}" for row in named[-_ROWS:]]
    return ", ".join(said)


def _place(line: Any) -> str:
    return where(line) if isinstance(line, int) else f"line {clean(str(line))}"


def day(text: Any) -> str:
    """`14 April` of an ISO date."""
    try:
        when = date.fromisoformat(str(text))
    except ValueError:
        return clean(str(text))
    return f"{when.day} {_MONTHS[when.month - 1]}"


def unsigned(amount: Any) -> str:
    return money(str(amount).lstrip("-"))


def money(amount: Any, *, sign: bool = False) -> str:
    """Grouped; what is no amount as it is, clean."""
    value = decimal(amount)
    return clean(str(amount)) if value is None else f"{value:{'+' if sign else ''},f}"


def decimal(amount: Any) -> Decimal | None:
    try:
        value = Decimal(str(amount))
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def dicts(items: Any) -> list[dict[str, Any]]:
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
