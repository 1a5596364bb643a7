"""Insights in sentences: few, and those of most use to the reader first. Every number comes from the insight
that the sentence names."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from smartimport_cli.core.model import where
from smartimport_cli.core.text import shorten

_MOST = 8  # findings that are told of a currency, beside its sums
_NAME = 40
_OF_KIND = 3  # of one kind


class _Said(NamedTuple):
    """A sentence with its use: the urgency of its kind, then the money that it is about."""

    urgency: int
    money: Decimal
    text: str
    path: str
    rows: list[dict[str, Any]]


def sentences(insights: dict[str, Any]) -> list[dict[str, Any]]:
    """What to read, in order: text, the path of its insight, and the rows behind it."""
    lines: list[dict[str, Any]] = []
    for number, found in enumerate(insights["currencies"]):
        about = f"currencies.{number}"
        unit = f" {found['currency']}" if found["currency"] else ""
        lines.append(_sentence(_sums(found, unit), about))
        if change := _change(found["change"], unit):
            lines.append(_sentence(change, f"{about}.change"))
        lines += _looks(found, unit, about)
        if found["categories"]:
            top = found["categories"][0]
            text = f"Most went to {top['category']}: {_money(top['out'])}{unit}, {top['share_percent']} %."
            lines.append(_sentence(text, f"{about}.categories.0"))
    lines += [_sentence(*item) for item in _accounts(insights.get("accounts", []))]
    if converted := insights.get("converted"):
        lines.append(_sentence(_all_in_one(converted), "converted"))
    return lines


def _sentence(text: str, path: str, rows: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {"text": text, "insight": path, "rows": rows or []}


def _sums(found: dict[str, Any], unit: str) -> str:
    period = found["period"]
    text = (
        f"In {_money(found['in'])}, out {_money(found['out'])}, net {_money(found['net'], sign=True)}{unit}"
        f" from {period['first']} to {period['last']} ({found['rows']} rows)"
    )
    if Decimal(found["spent"]) != Decimal(found["out"]):
        text += f"; without own transfers and refunds {_money(found['spent'])} was spent"
    return text + "."


def _change(change: dict[str, Any] | None, unit: str) -> str:
    if not change or not Decimal(change["out_difference"]):
        return ""
    less = Decimal(change["out_difference"]) < 0
    if less and not change["complete"]:
        return ""  # a month that is not over is always less
    so_far = "" if change["complete"] else " so far"
    return (
        f"In {change['month']}{so_far} {_money(change['out'])}{unit} was spent, "
        f"{_out(change['out_difference'])} {'less' if less else 'more'} than in {change['before']}."
    )


def _looks(found: dict[str, Any], unit: str, about: str) -> list[dict[str, Any]]:
    """The findings of most use, a few of each kind at the most."""
    said = sorted(_all(found, unit, about), key=lambda item: (item.urgency, -item.money, item.path))
    chosen: list[_Said] = []
    for item in said:
        if sum(other.urgency == item.urgency for other in chosen) < _OF_KIND and len(chosen) < _MOST:
            chosen.append(item)
    return [_sentence(item.text, item.path, item.rows) for item in chosen]


def _all(found: dict[str, Any], unit: str, about: str) -> Iterator[_Said]:
    for n, item in enumerate(found["repeated"]):
        text = f"{_name(item)} charged {_out(item['amount'])}{unit} twice ({_rows(item['rows'])}): is that right?"
        yield _Said(1, _size(item["amount"]), text, f"{about}.repeated.{n}", item["rows"])
    for n, item in enumerate(found["budgets"]):
        if Decimal(item["left"]) < 0:
            text = (
                f"{shorten(item['category'], _NAME)} is {_out(item['left'])}{unit} over its budget of {_money(item['limit'])} "
                f"in {item['month']}."
            )
            yield _Said(2, _size(item["left"]), text, f"{about}.budgets.{n}", [])
    for n, item in enumerate(found["recurring"]):
        yield from _recurring(item, unit, f"{about}.recurring.{n}", found["period"]["first"])
    for n, item in enumerate(found["unusual"]):
        than = "the usual amount" if item["compared_with"] == "merchant" else f"usual for {item['category']}"
        text = (
            f"{_out(item['amount'])}{unit} at {_name(item)} is unusual, {_out(item['usual'])} is {than} "
            f"({_rows([item['row']])})."
        )
        yield _Said(4, _size(item["amount"]), text, f"{about}.unusual.{n}", [item["row"]])
    fees = found["fees"]
    if fees["count"] and Decimal(fees["out"]):
        text = f"Fees: {_money(fees['out'])}{unit} ({_rows(fees['rows'])})."
        yield _Said(7, _size(fees["out"]), text, f"{about}.fees", fees["rows"])
    if found["forecast"]:
        yield _forecast(found["forecast"], unit, f"{about}.forecast")
    for n, item in enumerate(found["first_time"][:1]):
        text = f"For the first time: {_name(item)}, {_out(item['amount'])}{unit} ({_rows([item['row']])})."
        yield _Said(9, _size(item["amount"]), text, f"{about}.first_time.{n}", [item["row"]])
    for n, month in enumerate(found["months_missing"][-1:]):
        del n
        text = f"There is no row of {month}: sums over it are not whole."
        yield _Said(3, Decimal(0), text, f"{about}.months_missing", [])


def _recurring(item: dict[str, Any], unit: str, path: str, begin: str) -> Iterator[_Said]:
    rows = item["rows"]
    if item["amount"][0] != "-":
        if item["status"] == "late" and item["category"] == "Income":
            text = f"{_name(item)}, {item['rhythm']}, was due on {item['next']} and is not there ({_rows(rows[-1:])})."
            yield _Said(2, _size(item["usual"]), text, path, rows[-1:])
        return
    year = _size(item["per_year"])
    if item["trial"] and rows[0]["date"] >= begin and item["count"] <= 3:
        text = (
            f"{_name(item)} was a trial at {_out(item['trial']['amount'])}{unit} and now costs {_out(item['amount'])} "
            f"{item['rhythm']} ({_rows(rows[-1:])})."
        )
        yield _Said(3, year, text, path, rows)
    elif item["status"] == "new":
        sure = "A new payment" if not item["probable"] else "Probably a new payment"
        text = f"{sure}, {item['rhythm']}: {_name(item)} {_out(item['amount'])}{unit}, next on {item['next']} ({_rows(rows)})."
        yield _Said(3, year, text, path, rows)
    elif item["price"] and item["price"]["since"] >= begin:
        price = item["price"]
        now = f"{_out(price['from'])} to {_out(price['to'])}{unit}"
        text = f"{_name(item)} changed from {now}, {item['rhythm']}, since {price['since']} ({_rows(rows[-1:])})."
        difference = abs(Decimal(price["to"]) - Decimal(price["from"]))
        yield _Said(3, difference / max(_size(price["from"]), Decimal(1)) * year, text, path, rows[-1:])
    elif item["status"] == "stopped" and rows[-1]["date"] >= _year_before(begin):
        text = f"{_name(item)}, {item['rhythm']} {_out(item['amount'])}{unit}, seems to have stopped ({_rows(rows[-1:])})."
        yield _Said(8, year, text, path, rows[-1:])
    elif item["status"] == "late":
        text = f"{_name(item)}, {item['rhythm']}, was due on {item['next']} and is not there ({_rows(rows[-1:])})."
        yield _Said(6, _size(item["usual"]), text, path, rows[-1:])


def _forecast(item: dict[str, Any], unit: str, path: str) -> _Said:
    text = (
        f"By {item['until']} expect {_money(item['net'], sign=True)}{unit}, between {_money(item['low'], sign=True)} "
        f"and {_money(item['high'], sign=True)}: {_money(item['scheduled_out'])} is due, {_money(item['scheduled_in'])} "
        f"is to come, the everyday takes about {_money(item['everyday_out'])}."
    )
    low = item.get("balance_low")
    urgency = 5
    if low is not None and Decimal(low) < 0 <= Decimal(item["balance"]):
        text += f" The balance of {_money(item['balance'])} may fall to {_money(low)}."
        urgency = 2
    return _Said(urgency, _size(item["net"]), text, path, [])


def _accounts(accounts: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for number, account in enumerate(accounts):
        label = shorten(account["account"], _NAME)
        unit = f" {account['currency']}" if account["currency"] else ""
        for n, gap in list(enumerate(account["gaps"]))[-1:]:
            text = f"{label}: no statement covers {gap['first']} to {gap['last']}."
            yield text, f"accounts.{number}.gaps.{n}"
        for n, broken in list(enumerate(account["breaks"]))[-1:]:
            text = (
                f"{label}: the statement to {broken['closed']} ends with {_money(broken['closing'])}{unit}, the next "
                f"one, from {broken['opened']}, begins with {_money(broken['opening'])}."
            )
            yield text, f"accounts.{number}.breaks.{n}"


def _all_in_one(item: dict[str, Any]) -> str:
    rates = ", ".join(f"{currency} at {rate}" for currency, rate in item["rates"].items())
    without = f"; without {', '.join(item['without'])}, which has no rate" if item["without"] else ""
    return (
        f"All in {item['currency']} at your rates ({rates}): in {_money(item['in'])}, out {_money(item['out'])}, "
        f"net {_money(item['net'], sign=True)}{without}."
    )


def _year_before(day: str) -> str:
    when = date.fromisoformat(day)
    return date.fromordinal(max(when.toordinal() - 100, 1)).isoformat()


def _rows(rows: list[dict[str, Any]]) -> str:
    """`line 98 of 7f3a1c22, 2026-03-16`: where the rows are."""
    return ", ".join(f"{where(row['line'])} of {row['import']}, {row['date']}" for row in rows)


def _name(item: dict[str, Any]) -> str:
    return shorten(item["merchant"], _NAME)


def _size(amount: str) -> Decimal:
    return abs(Decimal(amount))


def _out(amount: str) -> str:
    return _money(amount.lstrip("-"))


def _money(amount: str, *, sign: bool = False) -> str:
    return f"{Decimal(amount):{'+' if sign else ''},}"
