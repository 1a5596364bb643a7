"""Killed at any instant: before each single SQL statement of an import, by SIGKILL, in a process of its own."""

import os
import signal
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from smartimport_cli import crystal, statements  # loaded before the fork  # noqa: F401
from smartimport_cli.core.reducer import fold
from smartimport_cli.core.state import Status
from smartimport_cli.flow import ended, read
from tests.backends.conftest import Desk
from tests.backends.statement_files import days, ofx

ROWS = 30
CONTENT = ofx(days(ROWS), references=False)


def whole_import(folder: Path) -> None:
    """What a person does who runs the command again until it is through."""
    desk = Desk(folder)
    import_id, _ = desk.put(CONTENT)
    state = desk.until(import_id, read)
    if state.awaiting_approval:
        desk.approve(import_id)
    desk.until(import_id, ended)
    desk.backend.close()


def in_child(
    folder: Path, kill_before: int, run: Callable[[Path], None] = whole_import
) -> tuple[int, int]:
    """Run `run` in a child that kills itself before its n-th SQL statement; how it ended, and how
    many statements it saw (only known where it lived)."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        count = 0
        real = sqlite3.connect

        def connect(*args: object, **kwargs: object) -> sqlite3.Connection:
            db: sqlite3.Connection = real(*args, **kwargs)  # type: ignore[call-overload]

            def trace(statement: str) -> None:
                nonlocal count
                count += 1
                if count == kill_before:
                    os.kill(os.getpid(), signal.SIGKILL)

            db.set_trace_callback(trace)
            return db

        sqlite3.connect = connect  # type: ignore[assignment]
        try:
            run(folder)
            os.write(writing, str(count).encode())
            os._exit(0)
        except BaseException:
            import traceback

            traceback.print_exc()
            os._exit(1)
    os.close(writing)
    _, status = os.waitpid(child, 0)
    seen = os.read(reading, 20)
    os.close(reading)
    return os.waitstatus_to_exitcode(status), int(seen or 0)


def check(folder: Path) -> None:
    """Whole, once, and every event there."""
    desk = Desk(folder)
    records = desk.backend.imports()
    committed = [record for record in records if record.status == "committed"]
    assert len(committed) == 1
    assert sorted(desk.descriptions()) == sorted(f"Shop {n}" for n in range(ROWS))
    events = list(desk.backend.events(committed[0].id))
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    types = [event.event_type for event in events]
    for once in ("upload:complete", "parse:complete", "commit:start", "commit:complete"):
        assert types.count(f"import:{once}") == 1, once
    assert types.count("prime:handoff:initiated") == 1
    assert types.count("crystal:analyze:complete") == 1
    state = fold(events)
    assert (state.status, state.committed, state.progress) == (Status.COMPLETE, ROWS, 100)
    assert list((folder / "originals").glob(".incoming-*")) == [] or len(records) == 1
    desk.backend.close()


def test_killed_before_every_single_statement(tmp_path: Path) -> None:
    code, total = in_child(tmp_path / "whole", 0)
    assert code == 0
    assert total > 60
    check(tmp_path / "whole")
    killed = 0
    for n in range(1, total + 1):
        folder = tmp_path / str(n)
        code, _ = in_child(folder, n)
        assert code in (0, -signal.SIGKILL)
        killed += code != 0
        code, _ = in_child(folder, 0)
        assert code == 0, f"not to be resumed after a kill before statement {n}"
        check(folder)
    assert killed > total * 0.9


@pytest.mark.parametrize("seed", range(3))
def test_killed_again_and_again(tmp_path: Path, seed: int) -> None:
    """Each attempt is killed a little later than the one before, on the same data folder."""
    for n in range(7 + seed, 400, 11):
        code, _ = in_child(tmp_path, n)
        if code == 0:
            break
    assert in_child(tmp_path, 0)[0] == 0
    check(tmp_path)


def test_two_processes_at_once_commit_once(tmp_path: Path) -> None:
    children = []
    for _ in range(4):
        child = os.fork()
        if child == 0:
            try:
                whole_import(tmp_path)
                os._exit(0)
            except BaseException:
                import traceback

                traceback.print_exc()
                os._exit(1)
        children.append(child)
    for child in children:
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    check(tmp_path)


def test_a_follower_takes_over_when_the_driver_is_killed(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    child = os.fork()
    if child == 0:
        other = Desk(tmp_path)
        other.upload(ofx(days(20_000)))
        import_id = other.backend.resolve("@latest")
        for _ in other.backend.follow(import_id):
            pass
    deadline = time.monotonic() + 20
    while not desk.backend.imports() and time.monotonic() < deadline:
        time.sleep(0.002)
    import_id = desk.backend.resolve("@latest")
    time.sleep(0.05)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert desk.until(import_id, read).rows_total == 20_000
    desk.backend.close()
