"""In which order a file has day and month, and what its decimal mark is: decided by what its values allow."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from smartimport_cli.core.model import Choices, Evidence, Issue
from smartimport_cli.core.money import grouped
from smartimport_cli.core.text import clean
from smartimport_cli.statements.delimited import dates, numbers
from smartimport_cli.statements.question import ambiguous

_VALUE = re.compile(r"^[ \t]*([DTU$])([^\n]+)", re.MULTILINE)
_MOST = 20_000  # different values that are kept
_AROUND = re.compile(r"\s*([/.'-])\s*")
_APOSTROPHE = re.compile(r"'(\d{1,4})$")  # 1/15'05: Quicken's mark of years since 2000
_ENOUGH = 3  # different dates that show a sequence


@dataclass(slots=True)
class Dialect:
    order: str  # dmy, mdy, ymd
    decimal: str
    evidence: list[Evidence] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)


def parse_date(text: str, order: str) -> date:
    """The date of a D line. Raises ValueError with the reason."""
    day = dates.read(_plain(text), order)
    if day is None:
        raise ValueError(f"'{clean(text)[:24]}' is no date" if text.strip() else "no date")
    return day


def survey(text: Iterator[tuple[str, int]], name: str, choices: Choices) -> Dialect:
    """Look at the file as far as it takes to decide. Raises FileRefused `ambiguous`."""
    days: dict[str, None] = {}
    amounts: dict[str, None] = {}
    orders: list[str] = [choices.date_order] if choices.date_order else []
    marks: list[str] = [choices.decimal] if choices.decimal else []
    for block, _ in text:
        for letter, value in _VALUE.findall(block):
            if letter == "D":
                if len(days) < _MOST and dates.shape(plain := _plain(value)) not in (None, "fixed"):
                    days[plain] = None
            elif len(amounts) < _MOST and (token := numbers.token(value)) is not None:
                amounts[token.number] = None
        orders = orders if choices.date_order else _orders(list(days))
        marks = marks if choices.decimal else _marks(list(amounts))
        if len(orders) == 1 and len(marks) == 1:
            break
    dialect = Dialect("mdy", ".")
    dialect.decimal = _decimal(dialect, name, choices, list(amounts), marks)
    dialect.order = _order(dialect, name, choices, list(days), orders)
    return dialect


def _plain(text: str) -> str:
    """A date without Quicken's blanks and apostrophe: ` 1/ 3' 5` is 1/3/2005."""
    text = _AROUND.sub(r"\1", text.strip())
    if match := _APOSTROPHE.search(text):
        year = match[1]
        text = f"{text[: match.start()]}/{year if len(year) == 4 else 2000 + int(year)}"
    return text


def _orders(days: Sequence[str]) -> list[str]:
    """Orders in which the most of these are dates; the year first only where nothing else will do."""
    counts = {order: sum(dates.read(day, order) is not None for day in days) for order in dates.ORDERS}
    best = max(counts.values())
    possible = [order for order in ("dmy", "mdy") if counts[order] == best]
    return possible or ["ymd"]


def _order(dialect: Dialect, name: str, choices: Choices, days: Sequence[str], orders: Sequence[str]) -> str:
    if not days:
        return choices.date_order or "mdy"  # any will do

    def decided(order: str, why: str) -> str:
        dialect.evidence.append(Evidence("date order", order, why))
        return order

    if choices.date_order:
        return decided(choices.date_order, "as you asked")
    if len(orders) == 1:
        witness = next((day for day in days if len(dates.readings(day)) == 1), days[0])
        return decided(orders[0], f"{clean(witness)[:24]} can be read in this order only")
    read = {order: [day for text in days if (day := dates.read(text, order))] for order in orders}
    if len({tuple(found) for found in read.values()}) == 1:
        return decided(orders[0], "every order gives the same dates")
    if all("." in day for day in days):
        return decided("dmy", "there are points between day, month, and year")
    if dialect.decimal == ",":
        return decided("dmy", "amounts have a decimal comma, and who writes so writes the day first")
    in_sequence = [order for order in orders if read[order] in (sorted(read[order]), sorted(read[order], reverse=True))]
    if len(in_sequence) == 1 and len(days) >= _ENOUGH:
        why = "only so the rows run from one end of the period to the other"
        if len(days) < 2 * _ENOUGH:
            dialect.issues.append(
                Issue("date-order-likely", f"Dates are taken as {in_sequence[0]}: {why}.")
            )
        return decided(in_sequence[0], why)
    example = next((day for day in days if len(set(dates.readings(day).values())) > 1), days[0])
    raise ambiguous(
        name,
        "date-order",
        f"the date {clean(example)[:24]} can be read in {len(orders)} ways, and nothing in the file decides.",
        [{"value": order, "reads": _spoken(dates.read(example, order))} for order in orders],
    )


def _marks(amounts: Sequence[str]) -> list[str]:
    """The decimal marks with which the most of these are amounts."""
    counts = {mark: sum(numbers.magnitude(number, mark) is not None for number in amounts) for mark in ".,"}
    best = max(counts.values())
    return [mark for mark in ".," if counts[mark] == best]


def _decimal(
    dialect: Dialect, name: str, choices: Choices, amounts: Sequence[str], marks: Sequence[str]
) -> str:
    if choices.decimal:
        dialect.evidence.append(Evidence("decimal mark", choices.decimal, "as you asked"))
        return choices.decimal
    if len(marks) == 1:
        witness = next((number for number in amounts if len(numbers.marks_of(number)) == 1), "")
        dialect.evidence.append(Evidence("decimal mark", marks[0], f"{witness[:24]} can be read with this mark only"))
        return marks[0]
    doubtful = next((number for number in amounts if numbers.doubtful(number)), None)
    if doubtful is None:
        return "."  # every mark gives the same amounts
    raise ambiguous(
        name,
        "decimal",
        f"the amount {doubtful[:24]} can be read in two ways, and nothing in the file decides.",
        [{"value": mark, "reads": _said(numbers.magnitude(doubtful, mark))} for mark in marks],
    )


def _spoken(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else "no date"


def _said(units: int | None) -> str:
    return grouped(units or 0)
