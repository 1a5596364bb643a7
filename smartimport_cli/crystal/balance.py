"""The balance of an account at the end of each day, as the rows of its statement state it."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from smartimport_cli.core.model import Transaction


class DayEnd(NamedTuple):
    date: date
    balance: int  # units


def day_ends(transactions: Iterable[Transaction]) -> dict[tuple[str, str | None], list[DayEnd]]:
    """By account and currency, oldest first; only of days that a row states a balance of. `transactions` are of
    one import, by posted date and within a day as they stand in the file."""
    days: dict[tuple[str, str | None], dict[date, tuple[int, int]]] = {}  # -> first and last balance of a day
    lines: dict[tuple[str, str | None], tuple[int, int]] = {}
    for row in transactions:
        if row.balance is None:
            continue
        key = row.account_id, row.currency
        of_account = days.setdefault(key, {})
        first, _ = of_account.get(row.posted_date, (row.balance, 0))
        of_account[row.posted_date] = first, row.balance
        lines[key] = lines.get(key, (row.line, 0))[0], row.line
    answer = {}
    for key, of_account in days.items():
        first, last = lines[key]
        newest_first = last < first  # then a day ends with its first row in the file
        answer[key] = [
            DayEnd(day, ends[0] if newest_first else ends[1]) for day, ends in sorted(of_account.items())
        ]
    return answer
