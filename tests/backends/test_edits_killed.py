"""An edit and its commit, killed before each single SQL statement: edits, digest and event go together, and what
is committed is what was decided."""

import shutil
import signal
from pathlib import Path

from smartimport_cli.core.edits import Change, Part
from smartimport_cli.flow import ended, read
from tests.backends.conftest import Desk
from tests.backends.test_local_killed import CONTENT, ROWS, in_child

CHANGES = [
    Change(1, "exclude", True), Change(2, "split", (Part(-1_0000, "Food"), Part(-1_0100, "Home"))),
    Change(3, "amount", -99_0000), Change(4, "category", "Fun"),
]  # fmt: skip


def edit_and_approve(folder: Path) -> None:
    """What a script does that is run again until it is through."""
    desk = Desk(folder)
    import_id, _ = desk.put(CONTENT)
    state = desk.until(import_id, read)
    if state.awaiting_approval:
        digest = desk.backend.edit(import_id, CHANGES).digest
        desk.backend.commit(import_id, digest)
    desk.until(import_id, ended)
    desk.backend.close()


def check(folder: Path) -> None:
    desk = Desk(folder)
    rows = list(desk.backend.transactions())
    assert len(rows) == ROWS  # one left out, one that became two
    assert [(row.amount, row.category) for row in rows[:4]] == [
        (-1_0000, "Food"), (-1_0100, "Home"), (-99_0000, None), (-4_0300, "Fun"),
    ]  # fmt: skip
    (record,) = desk.backend.imports()
    types = [event.event_type for event in desk.backend.events(record.id)]
    assert types.count("import:parse:complete") == 2  # the reading and the edit, each told once
    assert types.count("import:commit:complete") == 1
    assert "import:commit:error" not in types
    desk.backend.close()


def test_killed_before_every_single_statement(tmp_path: Path) -> None:
    staged = tmp_path / "staged"
    desk = Desk(staged)
    desk.staged(CONTENT)
    desk.backend.close()
    shutil.copytree(staged, tmp_path / "whole")
    code, total = in_child(tmp_path / "whole", 0, edit_and_approve)
    assert code == 0
    check(tmp_path / "whole")
    killed = 0
    for n in range(1, total + 1):
        folder = tmp_path / str(n)
        shutil.copytree(staged, folder)
        code, _ = in_child(folder, n, edit_and_approve)
        assert code in (0, -signal.SIGKILL)
        killed += code != 0
        code, _ = in_child(folder, 0, edit_and_approve)
        assert code == 0, f"not to be resumed after a kill before statement {n}"
        check(folder)
    assert killed > total * 0.9
