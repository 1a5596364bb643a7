"""The full-screen view, driven by keys through textual's own pilot, on a real backend."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import DataTable, Static

from smartimport_cli.core.edits import Change
from smartimport_cli.core.model import Verdict
from smartimport_cli.views.edit import EditApp
from tests.backends.conftest import Desk
from tests.backends.statement_files import csv, days

Session = Callable[["Pilot[None]"], Awaitable[None]]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path / "data")
    yield desk
    desk.backend.close()


def drive(desk: Desk, import_id: str, session: Session) -> EditApp:
    """Run the view; `session` presses its keys."""
    app = EditApp(desk.backend, import_id)

    async def run() -> None:
        async with app.run_test(size=(120, 30)) as pilot:
            await session(pilot)

    asyncio.run(run())
    return app


async def type_in(pilot: "Pilot[None]", key: str, text: str) -> None:
    """Press `key`, replace what stands in the field, keep it."""
    await pilot.press(key)
    await pilot.press(*(("space" if c == " " else c) for c in text), "enter")
    await pilot.pause()


def said(pilot: "Pilot[None]", name: str = "said") -> str:
    return str(pilot.app.query_one(f"#{name}", Static).content)


def test_each_key_changes_its_value(desk: Desk) -> None:
    import_id = desk.staged(csv(days(4)), "march.csv")

    async def session(pilot: "Pilot[None]") -> None:
        await type_in(pilot, "c", "Groceries")
        await pilot.press("down")
        await type_in(pilot, "m", "Corner Shop")
        await type_in(pilot, "d", "2026-03-31")
        await pilot.press("down")
        await type_in(pilot, "s", "-1.00 Food; rest Home")
        await pilot.press("down", "x")
        await pilot.pause()
        assert "1 left out" in said(pilot, "head")
        assert "4 edited" in said(pilot, "head")

    drive(desk, import_id, session)
    first, second, third, fourth = desk.backend.preview(import_id).rows
    assert first.row.category == "Groceries"
    assert (second.row.merchant, second.row.posted_date) == ("Corner Shop", date(2026, 3, 31))
    assert [(part.amount, part.category) for part in third.parts] == [(-1_0000, "Food"), (-2_0200, "Home")]
    assert fourth.excluded


def test_the_proof_follows_at_once_and_as_read_brings_it_back(desk: Desk) -> None:
    import_id = desk.staged(csv(days(4)), "march.csv")

    async def session(pilot: "Pilot[None]") -> None:
        assert said(pilot, "head").count("Proved.") == 1
        await pilot.press("down")
        await type_in(pilot, "a", "-99.00")
        assert "Contradicted." in said(pilot, "head")
        assert desk.backend.preview(import_id).proof.verdict is Verdict.CONTRADICTED
        await pilot.press("u")
        await pilot.pause()
        assert "Proved." in said(pilot, "head")

    drive(desk, import_id, session)
    assert desk.backend.preview(import_id).edited == 0


def test_a_value_that_does_not_fit_is_said_and_changes_nothing(desk: Desk) -> None:
    import_id = desk.staged(csv(days(4)), "march.csv")
    before = desk.backend.preview(import_id)

    async def session(pilot: "Pilot[None]") -> None:
        await type_in(pilot, "d", "31.3.2026")
        assert "is no date" in said(pilot)
        await type_in(pilot, "s", "-1.00 Food; -5.00 Home")
        assert "the parts leave" in said(pilot).lower()
        await pilot.press("a", "escape")
        await pilot.press("q")

    drive(desk, import_id, session)
    assert desk.backend.preview(import_id) == before


def test_another_terminals_edit_is_shown_before_one_is_made_upon_it(desk: Desk) -> None:
    import_id = desk.staged(csv(days(4)), "march.csv")

    async def session(pilot: "Pilot[None]") -> None:
        desk.backend.edit(import_id, [Change(2, "category", "Theirs")])
        await type_in(pilot, "c", "Mine")
        assert "another terminal" in said(pilot)
        assert str(pilot.app.query_one(DataTable).get_cell("2", "Category")) == "Theirs"
        await type_in(pilot, "c", "Mine")

    drive(desk, import_id, session)
    assert [row.row.category for row in desk.backend.preview(import_id).rows[:2]] == ["Mine", "Theirs"]


def test_it_closes_where_another_terminal_approved(desk: Desk) -> None:
    import_id = desk.staged(csv(days(4)), "march.csv")

    async def session(pilot: "Pilot[None]") -> None:
        desk.approve(import_id)
        await type_in(pilot, "c", "Mine")

    app = drive(desk, import_id, session)
    assert app.closed_by is not None
    assert app.closed_by.code == "already-approved"
    assert {row.category for row in desk.backend.transactions()} == {None}


def test_markup_in_a_statement_stays_text(desk: Desk) -> None:
    evil = "[red]x[/] [link=http://a]y"
    import_id = desk.staged(csv([("2026-03-02", "-1.00", evil), ("2026-03-03", "-1.00", "B")]), "march.csv")

    async def session(pilot: "Pilot[None]") -> None:
        assert str(pilot.app.query_one(DataTable).get_cell("1", "Merchant")).startswith("[Red]X[/]")
        await pilot.press("c")
        await pilot.pause()

    drive(desk, import_id, session)


def test_more_rows_come_when_the_end_is_near(desk: Desk) -> None:
    import_id = desk.staged(csv(days(1200)), "march.csv")

    async def session(pilot: "Pilot[None]") -> None:
        table = pilot.app.query_one(DataTable)
        assert table.row_count == 500
        for _ in range(3):
            table.move_cursor(row=table.row_count - 1)
            await pilot.pause()
        assert table.row_count == 1200
        await type_in(pilot, "c", "Last")

    drive(desk, import_id, session)
    (last,) = desk.backend.preview(import_id, offset=1199, limit=1).rows
    assert last.row.category == "Last"
