"""What a person says of their money beside the statements: categories that are corrected, and budgets.

Whoever takes a correction from a person calls `learn`, in the transaction that it belongs to. Each change makes
the advice that was given before out of date.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smartimport_cli.core.protocols import Budget

if TYPE_CHECKING:
    from smartimport_cli import crystal


@dataclass(frozen=True, slots=True)
class Correction:
    """A person's category for one row; the rest is what is learned from it."""

    fingerprint: bytes
    category: str
    merchant: str
    description: str
    money_in: bool


def learn(db: sqlite3.Connection, corrections: Iterable[Correction], now: str) -> None:
    """Keep corrections (`now`: ISO 8601, UTC); a later one of the same row replaces the earlier. Wants an open
    transaction."""
    db.executemany(
        "INSERT INTO category_corrections (fingerprint, category, merchant, description, money_in, created_at) "
        "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (fingerprint) DO UPDATE SET category = excluded.category, "
        "created_at = excluded.created_at",
        [(c.fingerprint, c.category, c.merchant, c.description, c.money_in, now) for c in corrections],
    )
    _change(db)


def corrections(db: sqlite3.Connection) -> dict[str, str]:
    """Category by the id of the transaction."""
    return {
        fingerprint.hex(): category
        for fingerprint, category in db.execute("SELECT fingerprint, category FROM category_corrections")
    }


def examples(db: sqlite3.Connection) -> "list[crystal.Example]":
    """The corrections, in a fixed order, to learn from."""
    from smartimport_cli import crystal

    return [
        crystal.Example(merchant, description, bool(money_in), category)
        for merchant, description, money_in, category in db.execute(
            "SELECT merchant, description, money_in, category FROM category_corrections ORDER BY fingerprint"
        )
    ]


def budgets(db: sqlite3.Connection) -> list[Budget]:
    """All of them, by category."""
    return [
        Budget(category, currency or None, amount)
        for category, currency, amount in db.execute(
            "SELECT category, currency, amount FROM budgets ORDER BY category, currency"
        )
    ]


def set_budget(db: sqlite3.Connection, budget: Budget) -> None:
    """Set it, or change it."""
    db.execute(
        "INSERT INTO budgets (category, currency, amount) VALUES (?, ?, ?) "
        "ON CONFLICT (category, currency) DO UPDATE SET amount = excluded.amount",
        (budget.category, budget.currency or "", budget.amount),
    )
    _change(db)


def remove_budget(db: sqlite3.Connection, category: str, currency: str | None) -> int:
    """How many there were: without a currency those of all currencies go."""
    where, values = ("", ()) if currency is None else (" AND currency = ?", (currency,))
    removed = db.execute(f"DELETE FROM budgets WHERE category = ?{where}", (category, *values)).rowcount
    _change(db)
    return removed


def opinion(db: sqlite3.Connection) -> int:
    """A number that rises with every change of what is here."""
    (number,) = db.execute("SELECT opinion FROM owner").fetchone()
    return int(number)


def _change(db: sqlite3.Connection) -> None:
    db.execute("UPDATE owner SET opinion = opinion + 1")
