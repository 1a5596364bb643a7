"""The embedded backend on a real SQLite: identity, duplicates, decisions, undo, what lies on disk."""

import io
import os
import sqlite3
import stat
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smartimport_cli.backends.local import LocalBackend
from smartimport_cli.core.errors import ExitCode, SmartImportError
from smartimport_cli.core.events import EventRecord
from smartimport_cli.core.protocols import Upload
from smartimport_cli.core.reducer import fold
from smartimport_cli.core.state import Status
from smartimport_cli.flow import ended, read
from tests.backends.conftest import Desk
from tests.backends.statement_files import days, ofx


def test_a_statement_goes_through_every_step(desk: Desk) -> None:
    import_id = desk.staged(ofx(days(45)))
    preview = desk.backend.preview(import_id)
    assert (preview.new, preview.duplicates, preview.rows_total) == (45, 0, 45)
    state = desk.approve(import_id)
    assert state.status is Status.COMPLETE
    assert state.committed == 45
    assert state.advice
    assert desk.backend.get(import_id).status == "committed"
    assert [r.seq for r in desk.backend.events(import_id)] == list(
        range(1, len(list(desk.backend.events(import_id))) + 1)
    )
    assert [r.event_type for r in desk.backend.events(import_id) if "progress" not in r.event_type] == [
        "import:upload:start", "import:upload:complete", "import:parse:start", "import:parse:complete",
        "import:commit:start", "import:commit:complete", "prime:handoff:initiated", "prime:message",
        "crystal:analyze:start", "crystal:analyze:complete",
    ]  # fmt: skip


def test_the_same_file_again_is_the_same_import(desk: Desk) -> None:
    first = desk.committed(ofx(days(5)))
    again, existing = desk.put(ofx(days(5)), "another name.ofx")
    assert (again, existing) == (first, True)
    assert len(desk.descriptions()) == 5


def test_another_choice_is_another_import_that_commits_nothing_new(desk: Desk) -> None:
    desk.committed(ofx(days(5)))
    other, existing = desk.put(ofx(days(5)), encoding="utf-8")
    assert not existing
    desk.until(other, read)
    assert desk.backend.preview(other).new == 0
    assert desk.approve(other).committed == 0


def test_overlapping_statements_commit_only_what_is_new(desk: Desk) -> None:
    desk.committed(ofx(days(10), references=False), "first.ofx")
    second = desk.staged(ofx(days(10, start=5), references=False), "second.ofx")
    preview = desk.backend.preview(second)
    assert (preview.new, preview.duplicates) == (5, 5)
    assert preview.rows[0].duplicate_of is not None
    assert "first.ofx" in preview.rows[0].duplicate_of
    assert preview.rows[9].duplicate_of is None
    assert desk.approve(second).committed == 5
    assert sorted(desk.descriptions()) == sorted(f"Shop {n}" for n in range(15))


def test_two_equal_purchases_on_one_day_are_both_kept(desk: Desk) -> None:
    coffee = ("2026-03-02", "-4.50", "Coffee")
    desk.committed(ofx([coffee, coffee], references=False))
    assert len(desk.descriptions()) == 2
    third = desk.staged(ofx([coffee, coffee, coffee], references=False), "later.ofx")
    assert desk.backend.preview(third).new == 1


def test_the_banks_own_reference_wins(desk: Desk) -> None:
    desk.committed(ofx([("2026-03-02", "-4.50", "COFFEE 1234")]))
    renamed = desk.staged(ofx([("2026-03-02", "-4.50", "Coffee House")]), "renamed.ofx")
    assert desk.backend.preview(renamed).duplicates == 1


def test_the_same_rows_of_another_account_are_others(desk: Desk) -> None:
    desk.committed(ofx(days(3), account="111"))
    other = desk.staged(ofx(days(3), account="222"))
    assert desk.backend.preview(other).new == 3


def test_undo_takes_back_what_no_other_import_has(desk: Desk) -> None:
    first = desk.committed(ofx(days(10), references=False), "first.ofx")
    second = desk.committed(ofx(days(10, start=5), references=False), "second.ofx")
    assert desk.backend.undo(first) == 5
    assert sorted(desk.descriptions()) == sorted(f"Shop {n}" for n in range(5, 15))
    assert len(desk.descriptions(second)) == desk.backend.get(second).committed_count == 10
    assert desk.backend.undo(first) == 0
    assert desk.backend.undo(second) == 10
    assert desk.descriptions() == []


def test_what_was_taken_back_can_come_again(desk: Desk) -> None:
    first = desk.committed(ofx(days(3)))
    desk.backend.undo(first)
    again, existing = desk.put(ofx(days(3)))
    assert not existing
    desk.until(again, read)
    assert desk.approve(again).committed == 3


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    windows=st.lists(st.tuples(st.integers(0, 12), st.integers(1, 8)), min_size=1, max_size=4),
    undone=st.sets(st.integers(0, 3)),
)
def test_the_store_holds_the_union_of_what_stands(
    tmp_path_factory: pytest.TempPathFactory, windows: list[tuple[int, int]], undone: set[int]
) -> None:
    """Whatever overlaps and whatever is taken back, each transaction is there once if any import has it."""
    desk = Desk(tmp_path_factory.mktemp("data"))
    try:
        ids = [
            desk.committed(ofx(days(count, start=start), references=False) + b" " * n)
            for n, (start, count) in enumerate(windows)
        ]
        for n in undone & set(range(len(ids))):
            desk.backend.undo(ids[n])
        expected = {
            f"Shop {row}"
            for n, (start, count) in enumerate(windows)
            if n not in undone
            for row in range(start, start + count)
        }
        assert sorted(desk.descriptions()) == sorted(expected)
    finally:
        desk.backend.close()


def test_rejecting_drops_what_was_staged_and_is_final(desk: Desk) -> None:
    import_id = desk.staged(ofx(days(3)))
    digest = desk.backend.preview(import_id).digest
    desk.backend.reject(import_id, "not mine")
    with pytest.raises(SmartImportError) as refused:
        desk.backend.commit(import_id, digest)
    assert refused.value.exit_code is ExitCode.REJECTED
    state = desk.until(import_id, ended)
    assert (state.error_code, state.committed) == ("rejected", None)
    assert desk.descriptions() == []


def test_the_first_decision_holds(desk: Desk) -> None:
    import_id = desk.staged(ofx(days(3)))
    desk.approve(import_id)
    with pytest.raises(SmartImportError, match="first decision"):
        desk.backend.reject(import_id)
    desk.backend.commit(import_id, "any digest")  # a repeat changes nothing
    assert len(desk.descriptions()) == 3


def test_an_approval_of_another_preview_is_stale(desk: Desk) -> None:
    late = desk.staged(ofx(days(10), references=False), "late.ofx")
    shown = desk.backend.preview(late)
    desk.committed(ofx(days(4), references=False), "early.ofx")
    with pytest.raises(SmartImportError) as stale:
        desk.backend.commit(late, shown.digest)
    assert (stale.value.code, stale.value.exit_code) == ("stale-approval", ExitCode.STALE)
    assert desk.approve(late).committed == 6


def test_rows_that_come_between_the_yes_and_the_commit_make_it_stale(desk: Desk, tmp_path: Path) -> None:
    late = desk.staged(ofx(days(10), references=False), "late.ofx")
    digest = desk.backend.preview(late).digest
    while any(driver.running for driver in desk.backend._drivers.values()):  # a slow one would commit at once
        time.sleep(0.01)
    desk.backend._drive = lambda no: None  # type: ignore[method-assign]  # nobody drives it on for a while
    desk.backend.commit(late, digest)
    other = Desk(tmp_path / "data")
    other.committed(ofx(days(4), references=False), "early.ofx")
    records: list[EventRecord] = []
    failed = False
    for record in other.backend.follow(late, until_quiet=30):
        if record is None:
            continue
        records.append(record)
        if record.event_type == "import:commit:error":
            assert fold(records).error_code == "stale-approval"
            failed = True
        elif failed and record.event_type == "import:parse:complete":
            break  # staged again
    assert failed
    assert fold(records).awaiting_approval
    assert other.approve(late).committed == 6
    other.backend.close()


def test_a_statement_that_cannot_be_read_fails_with_its_reason(desk: Desk) -> None:
    import_id = desk.upload(b"%PDF-1.7 not yet", "march.pdf")
    state = desk.until(import_id, ended)
    assert (state.error_code, state.error_exit) == ("unsupported-format", ExitCode.FILE_REFUSED)
    assert desk.backend.get(import_id).status == "failed"
    again, existing = desk.put(b"%PDF-1.7 not yet", "march.pdf")
    assert not existing


def test_a_mistake_of_ours_is_an_event_and_an_error(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from smartimport_cli import statements

    def broken(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError("12345678 secret")

    monkeypatch.setattr(statements, "read", broken)
    import_id = desk.upload(ofx(days(1)))
    with pytest.raises(ZeroDivisionError):
        desk.until(import_id, lambda state: False)
    state = desk.until(import_id, ended)
    assert (state.error_code, state.error_exit) == ("bug", ExitCode.BUG)
    assert "secret" not in str(state)


def test_originals_are_kept_once_and_for_the_owner_only(desk: Desk, tmp_path: Path) -> None:
    content = ofx(days(3))
    desk.committed(content)
    desk.put(content)
    kept = [path for path in (tmp_path / "data" / "originals").rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in kept] == [content]
    assert stat.S_IMODE(kept[0].stat().st_mode) == 0o600
    for folder in (tmp_path / "data", kept[0].parent, kept[0].parent.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_ids_are_found_by_prefix(desk: Desk) -> None:
    first, second = desk.upload(ofx(days(1))), desk.upload(ofx(days(2)), "april.ofx")
    assert desk.backend.resolve(first[:4]) == first
    assert desk.backend.resolve("@latest") == second
    with pytest.raises(SmartImportError, match="no import") as unknown:
        desk.backend.resolve(("0" if first[0] != "0" else "1") + first[1:8])
    assert f"Did you mean {first[:8]} (march.ofx)" in unknown.value.hint
    assert unknown.value.exit_code is ExitCode.USAGE
    with pytest.raises(SmartImportError) as short:
        desk.backend.resolve(first[:3])
    assert "4 characters" in short.value.hint


def test_a_second_process_sees_the_same_and_leaves_the_work_to_the_first(desk: Desk, tmp_path: Path) -> None:
    import_id = desk.staged(ofx(days(5)))
    other = LocalBackend(tmp_path / "data")
    try:
        seen = [r for r in other.follow(import_id, until_quiet=0.2) if r is not None]
        assert seen == list(desk.backend.events(import_id))
        desk.approve(import_id)
        after = [r for r in other.follow(import_id, after=len(seen), until_quiet=0.3) if r is not None]
        assert after[-1].event_type == "crystal:analyze:complete"
    finally:
        other.close()


def test_a_damaged_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "smartimport.db").write_bytes(b"no database at all" * 500)
    with pytest.raises(SmartImportError) as damaged:
        LocalBackend(tmp_path)
    assert damaged.value.code == "damaged-database"
    assert "originals" in damaged.value.hint


def test_a_full_disk_takes_the_step_back_and_it_goes_on_later(desk: Desk, tmp_path: Path) -> None:
    content = ofx(days(3000))
    import_id = desk.upload(content)
    real = sqlite3.connect

    def small(*args: object, **kwargs: object) -> sqlite3.Connection:
        db: sqlite3.Connection = real(*args, **kwargs)  # type: ignore[call-overload]
        (pages,) = db.execute("PRAGMA page_count").fetchone()
        db.execute(f"PRAGMA max_page_count = {pages + 3}")
        return db

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite3, "connect", small)
        with pytest.raises(SmartImportError) as full:
            desk.until(import_id, read)
    assert full.value.code == "disk-full"
    later = Desk(tmp_path / "data")
    later.until(import_id, read)
    assert later.backend.preview(import_id).new == 3000
    later.backend.close()


@pytest.mark.skipif(not hasattr(os, "setuid") or os.geteuid() != 0, reason="needs to become another user")
def test_a_read_only_folder_is_named(tmp_path: Path) -> None:
    LocalBackend(tmp_path / "data").close()
    for path in [tmp_path, *tmp_path.parents][:3]:
        path.chmod(0o755)
    (tmp_path / "data").chmod(0o755)
    child = os.fork()
    if child == 0:
        os.setuid(65534)
        try:
            LocalBackend(tmp_path / "data").upload(Upload(io.BytesIO(b"x"), "x", 1))
        except SmartImportError as error:
            os._exit(0 if error.code == "read-only-data" else 2)
        os._exit(3)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
