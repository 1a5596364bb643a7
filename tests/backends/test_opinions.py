"""What a person says of categories and budgets is kept, holds after a row has come again, and renews the advice."""

import sqlite3
from importlib.resources import files
from typing import Any

import pytest

from smartimport_cli.backends.local import LocalBackend
from smartimport_cli.backends.local.store import FILE_NAME, migrations
from smartimport_cli.core.errors import UsageError
from smartimport_cli.core.protocols import Budget
from smartimport_cli.flow import ended
from tests.backends.conftest import Desk
from tests.backends.statement_files import csv, days, ofx

ROWS = [
    ("2026-03-02", "-40.00", "Qwertz Ltd"),
    ("2026-03-09", "-60.00", "Qwertz Ltd"),
    ("2026-03-10", "-5.00", "Rewe"),
]


def categories(desk: Desk, import_id: str) -> dict[str, str]:
    if desk.backend.advice(import_id) is None:
        desk.backend.analyse(import_id)
        desk.until(import_id, lambda state: ended(state) and desk.backend.advice(import_id) is not None)
    found = desk.backend.advice(import_id)
    assert found is not None
    (currency,) = found[1]["currencies"]
    return {item["category"]: item["out"] for item in currency["categories"]}


def test_one_correction_moves_the_merchant_and_renews_the_advice(desk: Desk) -> None:
    import_id = desk.committed(ofx(ROWS))
    assert categories(desk, import_id) == {"Uncategorised": "100.00", "Groceries": "5.00"}
    line = next(row.line for row in desk.backend.transactions(import_id) if row.amount == -400_000)
    assert desk.backend.categorize(import_id, line, "Hobby").merchant == "Qwertz Ltd"
    assert desk.backend.advice(import_id) is None, "what was said before is out of date"
    assert categories(desk, import_id) == {"Hobby": "100.00", "Groceries": "5.00"}


def test_a_correction_holds_when_the_row_is_taken_back_and_comes_again(desk: Desk) -> None:
    first = desk.committed(csv(ROWS), "a.csv")
    line = next(iter(desk.backend.transactions(first))).line
    desk.backend.categorize(first, line, "Hobby")
    desk.backend.undo(first)
    again = desk.committed(csv(ROWS), "a.csv")
    assert categories(desk, again)["Hobby"] == "100.00"


def test_a_later_correction_replaces_the_earlier(desk: Desk) -> None:
    import_id = desk.committed(ofx(ROWS[:1]))
    line = next(iter(desk.backend.transactions(import_id))).line
    desk.backend.categorize(import_id, line, "Hobby")
    desk.backend.categorize(import_id, line, "Work")
    assert categories(desk, import_id) == {"Work": "40.00"}


def test_a_row_that_is_not_there_is_said(desk: Desk) -> None:
    import_id = desk.committed(ofx(ROWS))
    with pytest.raises(UsageError) as refused:
        desk.backend.categorize(import_id, 9999, "Hobby")
    assert refused.value.code == "unknown-row"


def test_budgets_are_set_changed_and_removed(desk: Desk) -> None:
    desk.backend.set_budget(Budget("Groceries", None, 4_000_000))
    desk.backend.set_budget(Budget("groceries", None, 3_000_000))
    desk.backend.set_budget(Budget("Groceries", "EUR", 1_000_000))
    assert [(b.currency, b.amount) for b in desk.backend.budgets()] == [(None, 3_000_000), ("EUR", 1_000_000)]
    assert desk.backend.remove_budget("GROCERIES", "EUR") == 1
    assert desk.backend.remove_budget("groceries") == 1
    assert (desk.backend.budgets(), desk.backend.remove_budget("groceries")) == ([], 0)


def test_a_budget_is_in_the_next_summary(desk: Desk) -> None:
    import_id = desk.committed(ofx(ROWS))
    desk.backend.set_budget(Budget("Groceries", None, 200_000))
    assert desk.backend.advice(import_id) is None
    categories(desk, import_id)
    found: Any = desk.backend.advice(import_id)
    (budget,) = found[1]["currencies"][0]["budgets"]
    assert (budget["limit"], budget["spent"], budget["left"]) == ("20.00", "5.00", "15.00")


def test_transfers_are_found_across_statements_of_two_accounts(desk: Desk) -> None:
    desk.committed(ofx([("2026-03-02", "-500.00", "M Brandt")], account="11110001"), "a.ofx")
    second = desk.committed(ofx([("2026-03-03", "500.00", "M Brandt")], account="22220002"), "b.ofx")
    found: Any = desk.backend.advice(second)
    (pair,) = found[1]["currencies"][0]["own_transfers"]
    assert {pair["from"], pair["to"]} == {"••0001", "••0002"}
    assert len({row["import"] for row in pair["rows"]}) == 2


def test_a_missing_statement_is_named(desk: Desk) -> None:
    desk.committed(csv(days(20, first="2026-01-01"), opening="900.00"), "january.csv")
    latest = desk.committed(csv(days(20, first="2026-03-01"), opening="400.00"), "march.csv")
    found: Any = desk.backend.advice(latest)
    (account,) = found[1]["accounts"]
    assert [(gap["first"], gap["last"]) for gap in account["gaps"]] == [("2026-01-11", "2026-02-28")]
    assert "no statement covers 2026-01-11 to 2026-02-28" in found[0]


def test_a_database_of_the_first_schema_is_brought_up(tmp_path: Any) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    first = (files("smartimport_cli.backends.local") / "schema" / "001_initial.sql").read_text("utf-8")
    assert migrations()[0] == first
    db = sqlite3.connect(folder / FILE_NAME)
    db.executescript(first)
    db.execute("INSERT INTO owner (user_id) VALUES ('someone')")
    db.execute("PRAGMA user_version = 1")
    db.commit()
    db.close()
    backend = LocalBackend(folder)
    backend.set_budget(Budget("Groceries", None, 10_000))
    assert len(backend.budgets()) == 1
    backend.close()
