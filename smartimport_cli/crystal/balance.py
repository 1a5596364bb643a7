"""The balance of an account at the end of each day, as the rows of its statement state it."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from smartimport_cli.core.model import Transaction


class DayEnd(NamedTuple):
    date: date
    balance: int  # units


def day_ends(transactions: Iterable[Transaction]) -> dict[tuple[str, str | None], list[DayEnd]]:
    """By account and currency, oldest first; only of days that a row states a balance of. `transactions` are of
    one import, by posted date and within a day as they stand in the file; of a single day they are taken to be
    oldest first."""
    accounts: dict[tuple[str, str | None], dict[date, list[Transaction]]] = {}
    for row in transactions:
        if row.balance is not None:
            of_account = accounts.setdefault((row.account_id, row.currency), {})
            rows = of_account.setdefault(row.posted_date, [])
            rows[1:] = [row]  # the first and the last are enough
    return {key: list(_ends(days)) for key, days in accounts.items()}


def _ends(days: dict[date, list[Transaction]]) -> Iterator[DayEnd]:
    ordered = sorted(days)
    first, last = days[ordered[0]][0], days[ordered[-1]][-1]
    newest_first = last.line < first.line  # then a day ends with its first row in the file
    for day in ordered:
        balance = days[day][0 if newest_first else -1].balance
        assert balance is not None
        yield DayEnd(day, balance)
