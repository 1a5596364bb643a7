"""Edits before the commit, on a real SQLite: what is committed, found again, left out, taken back and proved."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smartimport_cli.backends.local.edits import category_decisions
from smartimport_cli.core.edits import FIELDS, Change, Part
from smartimport_cli.core.errors import ExitCode, SmartImportError, UsageError
from smartimport_cli.core.model import Verdict
from smartimport_cli.core.protocols import Preview
from smartimport_cli.core.state import Status
from smartimport_cli.flow import ended, read
from tests.backends.conftest import Desk
from tests.backends.statement_files import Row, csv, days, ofx


def amounts(desk: Desk, import_id: str | None = None) -> list[int]:
    return [row.amount for row in desk.backend.transactions(import_id)]


def edit(desk: Desk, import_id: str, *changes: tuple[int, str, object]) -> Preview:
    return desk.backend.edit(import_id, [Change(*change) for change in changes])  # type: ignore[arg-type]


def test_what_is_decided_is_what_is_committed(desk: Desk) -> None:
    import_id = desk.staged(ofx(days(4)))
    shown = edit(
        desk, import_id,
        (1, "category", "Groceries"), (1, "merchant", "Corner Shop"), (2, "date", date(2026, 4, 1)),
        (3, "amount", -99_0000), (4, "exclude", True),
    )  # fmt: skip
    assert (shown.new, shown.excluded, shown.edited, shown.rows_total) == (3, 1, 4, 4)
    assert shown.totals[0].money_out == -(1_0000 + 2_0100 + 99_0000)
    assert shown.last_date == "2026-04-01"
    assert desk.approve(import_id).committed == 3
    rows = {row.description: row for row in desk.backend.transactions()}
    assert (rows["Shop 0"].category, rows["Shop 0"].merchant) == ("Groceries", "Corner Shop")
    assert rows["Shop 1"].posted_date == date(2026, 4, 1)
    assert rows["Shop 2"].amount == -99_0000
    assert "Shop 3" not in rows


def test_the_reading_is_shown_beside_the_edit(desk: Desk) -> None:
    import_id = desk.staged(ofx(days(2)))
    (first, second) = edit(desk, import_id, (1, "amount", -5_0000)).rows
    assert first.row.amount == -5_0000
    assert first.read is not None
    assert first.read.amount == -1_0000
    assert (second.read, first.number, second.number) == (None, 1, 2)


def test_a_split_row_is_several_transactions(desk: Desk) -> None:
    import_id = desk.staged(ofx([("2026-03-02", "-84.50", "Market"), ("2026-03-03", "-1.00", "Kiosk")]))
    parts = (Part(-60_0000, "Groceries"), Part(-24_5000, "Household"))
    shown = edit(desk, import_id, (1, "split", parts))
    assert (shown.new, shown.rows_total) == (3, 2)
    state = desk.approve(import_id)
    assert (state.committed, state.skipped) == (3, 0)
    rows = list(desk.backend.transactions())
    assert [(row.amount, row.category) for row in rows] == [
        (-60_0000, "Groceries"), (-24_5000, "Household"), (-1_0000, None),
    ]  # fmt: skip
    assert len({row.id for row in rows}) == 3


def test_parts_that_are_not_the_amount_are_refused(desk: Desk) -> None:
    import_id = desk.staged(ofx(days(2)))
    before = desk.backend.preview(import_id)
    with pytest.raises(UsageError, match="add up to") as refused:
        edit(desk, import_id, (2, "category", "Food"), (1, "split", (Part(-1), Part(-2))))
    assert refused.value.code == "bad-edit"
    assert desk.backend.preview(import_id) == before


def test_an_edit_changes_the_digest_and_a_way_back_restores_it(desk: Desk) -> None:
    import_id = desk.staged(ofx(days(3)))
    digest = desk.backend.preview(import_id).digest
    seen = {digest}
    for change in (
        (1, "category", "Food"), (1, "merchant", "M"), (2, "amount", -1), (2, "date", date(2020, 1, 1)),
        (3, "exclude", True), (1, "split", (Part(-5000, "A"), Part(-5000, "B"))),
        (1, "split", (Part(-5000, "A"), Part(-5000, "C"))),
    ):  # fmt: skip
        seen.add(edit(desk, import_id, change).digest)
    assert len(seen) == 8
    back = [Change(row, what, None) for row in (1, 2, 3) for what in FIELDS]
    shown = desk.backend.edit(import_id, back)
    assert (shown.digest, shown.edited) == (digest, 0)


def test_the_approval_of_what_was_shown_before_the_edit_is_stale(desk: Desk) -> None:
    import_id = desk.staged(ofx(days(3)))
    digest = desk.backend.preview(import_id).digest
    edit(desk, import_id, (1, "category", "Food"))
    with pytest.raises(SmartImportError) as stale:
        desk.backend.commit(import_id, digest)
    assert (stale.value.code, stale.value.exit_code) == ("stale-approval", ExitCode.STALE)
    assert desk.descriptions() == []


def test_an_edit_of_another_preview_is_stale(desk: Desk) -> None:
    import_id = desk.staged(ofx(days(3)))
    digest = desk.backend.preview(import_id).digest
    edit(desk, import_id, (1, "category", "Food"))
    with pytest.raises(SmartImportError) as stale:
        desk.backend.edit(import_id, [Change(2, "category", "Fun")], digest=digest)
    assert (stale.value.code, stale.value.exit_code) == ("stale-edit", ExitCode.STALE)
    assert desk.backend.preview(import_id).edited == 1


def test_the_first_decision_holds_against_a_later_edit(desk: Desk) -> None:
    import_id = desk.committed(ofx(days(3)))
    with pytest.raises(UsageError) as late:
        edit(desk, import_id, (1, "category", "Food"))
    assert late.value.code == "already-approved"
    assert all(row.category is None for row in desk.backend.transactions())


def test_an_edit_is_an_event_with_the_new_preview(desk: Desk) -> None:
    import_id = desk.staged(ofx(days(3)))
    before = desk.until(import_id, read)
    shown = edit(desk, import_id, (1, "exclude", True), (2, "category", "Food"))
    edit(desk, import_id, (1, "exclude", True))  # again: nothing new, so nothing to tell
    records = list(desk.backend.events(import_id, after=before.ledger.settled))
    assert [record.event_type for record in records] == ["import:parse:start", "import:parse:complete"]
    state = desk.until(import_id, read)
    assert state.awaiting_approval
    assert (state.digest, state.excluded, state.edited, state.new) == (shown.digest, 1, 2, 2)
    assert state.digest != before.digest
    assert state.preview[0]["excluded"]


def test_the_same_rows_again_are_there_whatever_was_decided(desk: Desk) -> None:
    """Identity is that of the reading: not of the corrected amount, the moved date, the parts."""
    import_id = desk.staged(ofx(days(6), references=False), "first.ofx")
    edit(
        desk, import_id, (1, "amount", -77_0000), (2, "date", date(2027, 1, 1)), (3, "exclude", True),
        (4, "split", (Part(-1_0000), Part(-3_0300))), (5, "merchant", "M"),
    )  # fmt: skip
    assert desk.approve(import_id).committed == 6
    later = desk.staged(ofx(days(8), references=False), "later.ofx")
    shown = desk.backend.preview(later)
    assert (shown.new, shown.duplicates, shown.excluded) == (2, 5, 1)
    assert shown.rows[2].excluded == f"left out in first.ofx, import {import_id[:8]}"
    assert shown.rows[2].duplicate_of is None
    assert desk.approve(later).committed == 2
    assert "Shop 2" not in desk.descriptions()


def test_what_was_left_out_can_be_taken_in_later(desk: Desk) -> None:
    first = desk.staged(ofx(days(3), references=False))
    edit(desk, first, (2, "exclude", True))
    desk.approve(first)
    later = desk.staged(ofx(days(4), references=False), "later.ofx")
    assert edit(desk, later, (2, "exclude", False)).new == 2
    desk.approve(later)
    assert desk.descriptions(later) == ["Shop 1", "Shop 3"]
    desk.backend.undo(later)
    third = desk.staged(ofx(days(5), references=False), "third.ofx")
    assert desk.backend.preview(third).excluded == 1  # the first import's word stands again


def test_what_is_left_out_is_free_once_no_import_stands_that_left_it_out(desk: Desk) -> None:
    first = desk.staged(ofx(days(3), references=False))
    edit(desk, first, (2, "exclude", True))
    desk.approve(first)
    later = desk.committed(ofx(days(4), references=False), "later.ofx")  # says the same, as it was shown
    desk.backend.undo(first)
    assert "Shop 1" not in desk.descriptions()
    third = desk.staged(ofx(days(5), references=False), "third.ofx")
    assert desk.backend.preview(third).excluded == 1
    desk.backend.undo(later)
    assert desk.backend.preview(third).excluded == 0
    desk.approve(third)
    assert "Shop 1" in desk.descriptions()


def test_undo_of_an_edited_import_leaves_what_another_has_as_that_one_read_it(desk: Desk) -> None:
    first = desk.staged(ofx(days(3), references=False))
    edit(desk, first, (1, "amount", -77_0000), (2, "split", (Part(-1_0000), Part(-1_0100))))
    desk.approve(first)
    desk.committed(ofx(days(3), references=False, account="12345678") + b"\n", "again.ofx")
    assert desk.backend.undo(first) == 1  # the second part is gone; the rows are the other import's
    assert sorted(amounts(desk)) == sorted([-1_0000, -2_0100, -3_0200])


def test_an_edit_of_what_is_not_to_be_committed_is_refused(desk: Desk) -> None:
    desk.committed(ofx(days(2), references=False), "first.ofx")
    later = desk.staged(ofx(days(3), references=False), "later.ofx")
    with pytest.raises(UsageError, match="already there") as refused:
        edit(desk, later, (1, "exclude", True))
    assert refused.value.code == "nothing-to-edit"
    with pytest.raises(UsageError) as missing:
        edit(desk, later, (4, "category", "Food"))
    assert missing.value.code == "no-such-row"


def test_a_rejected_import_takes_its_edits_with_it(desk: Desk) -> None:
    first = desk.staged(ofx(days(2), references=False))
    edit(desk, first, (1, "exclude", True))
    desk.backend.reject(first)
    later = desk.staged(ofx(days(3), references=False), "later.ofx")
    assert desk.backend.preview(later).excluded == 0
    with pytest.raises(SmartImportError) as rejected:
        edit(desk, first, (1, "exclude", True))
    assert rejected.value.exit_code is ExitCode.REJECTED


def test_edits_survive_another_process(desk: Desk, tmp_path: Path) -> None:
    import_id = desk.staged(ofx(days(3)))
    shown = edit(desk, import_id, (1, "category", "Food"), (2, "exclude", True))
    other = Desk(tmp_path / "data")
    try:
        assert other.backend.preview(import_id) == shown
        assert other.approve(import_id).committed == 2
    finally:
        other.backend.close()


def test_everything_left_out_still_wants_a_yes_and_commits_nothing(desk: Desk) -> None:
    import_id = desk.staged(ofx(days(2)))
    shown = edit(desk, import_id, (1, "exclude", True), (2, "exclude", True))
    assert (shown.new, shown.totals) == (0, ())
    state = desk.approve(import_id)
    assert (state.status, state.committed, state.skipped) == (Status.COMPLETE, 0, 2)


# -- the proof

CHAIN: list[Row] = [
    ("2026-03-02", "-10.00", "A"), ("2026-03-03", "-20.00", "B"), ("2026-03-04", "500.00", "C"),
    ("2026-03-05", "-30.00", "D"),
]  # fmt: skip


@pytest.mark.parametrize("newest_first", [False, True])
def test_a_corrected_amount_that_breaks_the_chain_is_contradicted(desk: Desk, newest_first: bool) -> None:
    head, *rows = csv(CHAIN).decode().splitlines()
    content = "\n".join([head, *(reversed(rows) if newest_first else rows)]) + "\n"
    import_id = desk.staged(content.encode(), "march.csv")
    assert desk.backend.preview(import_id).proof.verdict is Verdict.PROVED
    for row in range(1, 5):  # the first one too, before which no balance stands
        proof = edit(desk, import_id, (row, "amount", -77_0000)).proof
        assert proof.verdict is Verdict.CONTRADICTED, row
        assert edit(desk, import_id, (row, "amount", None)).proof.verdict is Verdict.PROVED


def test_a_corrected_amount_that_mends_the_chain_is_proved(desk: Desk) -> None:
    content = csv(CHAIN).replace(b"B,-20.00", b"B,-26.00")
    import_id = desk.staged(content, "march.csv")
    assert desk.backend.preview(import_id).proof.verdict is Verdict.CONTRADICTED
    assert edit(desk, import_id, (2, "amount", -20_0000)).proof.verdict is Verdict.PROVED


def test_other_edits_do_not_touch_the_proof(desk: Desk) -> None:
    import_id = desk.staged(csv(CHAIN), "march.csv")
    before = desk.backend.preview(import_id).proof
    parts = (Part(-5_0000, "X"), Part(-5_0000, "Y"))
    after = edit(desk, import_id, (1, "split", parts), (2, "category", "Z"), (3, "date", date(2026, 3, 9)))
    assert after.proof == before


def test_leaving_out_a_row_that_the_balances_count_is_said(desk: Desk) -> None:
    import_id = desk.staged(csv(CHAIN), "march.csv")
    proof = edit(desk, import_id, (2, "exclude", True)).proof
    assert proof.verdict is Verdict.PROVED
    assert "with the 1 row that is left out" in proof.explanation


def test_leaving_out_a_row_that_the_balances_do_not_count_mends_the_chain(desk: Desk) -> None:
    head, a, b, c, d = csv(CHAIN).decode().splitlines()
    content = "\n".join([head, a, b, b, c, d]) + "\n"
    import_id = desk.staged(content.encode(), "march.csv")
    assert desk.backend.preview(import_id).proof.verdict is Verdict.CONTRADICTED
    proof = edit(desk, import_id, (3, "exclude", True)).proof
    assert proof.verdict is Verdict.PROVED
    assert "left out" not in proof.explanation


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cents=st.lists(st.integers(-90_000, 90_000).filter(bool), min_size=3, max_size=8),
    corrections=st.dictionaries(st.integers(1, 7), st.integers(-90_000, 90_000).filter(bool), max_size=3),
    newest_first=st.booleans(),
)
def test_the_proof_after_corrections_is_that_of_a_file_which_says_so(
    tmp_path_factory: pytest.TempPathFactory, cents: list[int], corrections: dict[int, int], newest_first: bool
) -> None:
    """Correcting the reading and reading the corrected file come to the same verdict."""
    rows = [(f"2026-03-{day:02d}", f"{c / 100:.2f}", f"Shop {day}") for day, c in enumerate(cents, 1)]
    head, *lines = csv(rows).decode().splitlines()
    last = len(lines)
    # Row 1 has no balance before it: another law, tested above.
    changed = {row + 1: c for row, c in corrections.items() if 1 < row + 1 <= last}
    corrected = list(lines)
    for row, c in changed.items():
        day, name, _, balance = lines[row - 1].split(",")
        corrected[row - 1] = f"{day},{name},{c / 100:.2f},{balance}"

    def content(body: list[str]) -> bytes:
        return "\n".join([head, *(reversed(body) if newest_first else body)]).encode() + b"\n"

    desk = Desk(tmp_path_factory.mktemp("data"))
    try:
        edited = desk.staged(content(lines), "read.csv", date_order="ymd", sign="normal")
        at = {row: last + 1 - row if newest_first else row for row in changed}
        changes = [Change(at[row], "amount", c * 100) for row, c in changed.items()]
        ours = desk.backend.edit(edited, changes).proof
        theirs = desk.backend.preview(
            desk.staged(content(corrected), "corrected.csv", date_order="ymd", sign="normal")
        ).proof
        assert ours.verdict is theirs.verdict, (ours, theirs)
    finally:
        desk.backend.close()


# -- the laws of the store

def _own_word(desk: Desk, import_id: str, number: int) -> bool:
    """Whether the import itself leaves out a row that is there from another one."""
    db = desk.backend._store.db
    (no,) = db.execute("SELECT no FROM imports WHERE id = ?", (import_id,)).fetchone()
    row = db.execute("SELECT excluded FROM edits WHERE id = ?", ((no << 32) + number,)).fetchone()
    return row is not None and row["excluded"] == 1


_DECISIONS = st.sampled_from(["keep", "exclude", "amount", "date", "split", "merchant"])


def _decide(number: int, what: str, amount: int) -> list[Change]:
    values: dict[str, object] = {
        "exclude": True, "amount": amount - 50_0000, "date": date(2030, 1, 1), "merchant": "Mine",
        "split": (Part(-3000, "Part"), Part(amount + 3000)),
    }  # fmt: skip
    return [] if what == "keep" else [Change(number, what, values[what])]  # type: ignore[arg-type]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    imports=st.lists(
        st.tuples(st.integers(0, 6), st.lists(_DECISIONS, min_size=1, max_size=6)), min_size=1, max_size=4
    ),
    undone=st.sets(st.integers(0, 3)),
    all_staged_first=st.booleans(),
)
def test_the_store_holds_what_stands_and_is_not_left_out(
    tmp_path_factory: pytest.TempPathFactory,
    imports: list[tuple[int, list[str]]],
    undone: set[int],
    all_staged_first: bool,
) -> None:
    """Each row is there once, as decided by one of the imports that stand and hold it; none is there that all
    imports with it left out; and the same statements again bring nothing that is there or left out."""
    desk = Desk(tmp_path_factory.mktemp("data"))
    try:
        stands: list[tuple[str, set[int], set[int]]] = []  # id, rows it holds, rows it leaves out

        def stage(number: int, start: int, decisions: list[str]) -> str:
            encoding = ["utf-8", "cp1252", "latin-1", "ascii"][number]
            import_id = desk.staged(ofx(days(len(decisions), start=start), references=False), encoding=encoding)
            changes: list[Change] = []
            for shown, what in zip(desk.backend.preview(import_id, limit=None).rows, decisions, strict=True):
                if not (shown.excluded or shown.duplicate_of):
                    changes += _decide(shown.number, what, shown.row.amount)
            desk.backend.edit(import_id, changes)
            return import_id

        def approve(import_id: str, start: int) -> None:
            held, out = set(), set()
            for shown in desk.backend.preview(import_id, limit=None).rows:
                is_out = shown.excluded or (shown.duplicate_of and _own_word(desk, import_id, shown.number))
                (out if is_out else held).add(start + shown.number - 1)
            desk.approve(import_id)
            stands.append((import_id, held, out))

        if all_staged_first:
            staged = [(stage(number, *of), of[0]) for number, of in enumerate(imports)]
            for import_id, start in staged:
                approve(import_id, start)
        else:
            for number, of in enumerate(imports):
                approve(stage(number, *of), of[0])
        for number in sorted(undone, reverse=True):
            if number < len(stands):
                desk.backend.undo(stands.pop(number)[0])
        holding = set().union(*(held for _, held, _ in stands), set())
        leaving = set().union(*(out for _, _, out in stands), set()) - holding
        rows = list(desk.backend.transactions())
        assert {int(row.description.split()[1]) for row in rows} == holding
        for number in holding:
            parts = [row for row in rows if row.description == f"Shop {number}"]
            assert len({row.import_id for row in parts}) == 1
            assert len(parts) == 1 or {row.category for row in parts} == {"Part", None}
        assert len({row.id for row in rows}) == len(rows)
        probe = desk.staged(ofx(days(12), references=False), "probe.ofx")
        shown = desk.backend.preview(probe)
        assert (shown.duplicates, shown.excluded) == (len(holding), len(leaving))
        assert shown.new == 12 - len(holding) - len(leaving)
        for import_id, *_ in stands:
            record = desk.backend.get(import_id)
            assert record.committed_count == sum(row.import_id == import_id for row in rows)
        for import_id, *_ in stands:
            desk.backend.undo(import_id)
        assert list(desk.backend.transactions()) == []
        desk.until(probe, read)
        assert desk.backend.preview(probe).new == 12
    finally:
        desk.backend.close()


def test_the_event_of_many_edits_stays_small(desk: Desk) -> None:
    import_id = desk.staged(ofx(days(3000)))
    edit(desk, import_id, *((number, "category", "x" * 200) for number in range(1, 3001)))
    records = list(desk.backend.events(import_id))
    assert len(records[-2].event.to_payload()["changes"]) == 100
    assert desk.until(import_id, read).edited == 3000
    assert ended(desk.approve(import_id))


def test_what_a_person_called_rows_can_be_learned_from(desk: Desk) -> None:
    import_id = desk.staged(ofx(days(5)))
    parts = (Part(-1_0000, "Food"), Part(-1_0100))
    edit(
        desk, import_id, (1, "category", "Fun"), (1, "merchant", "Mine"), (2, "split", parts), (3, "amount", -1),
        (4, "category", "Gone"), (4, "exclude", True),
    )  # fmt: skip
    desk.approve(import_id)
    db = desk.backend._store.db
    (no,) = db.execute("SELECT no FROM imports").fetchone()
    committed = {bytes.fromhex(row.id): row for row in desk.backend.transactions()}
    decisions = list(category_decisions(db, no))
    assert [(d.category, d.merchant, d.description, d.money_in) for d in decisions] == [
        ("Fun", "Mine", "Shop 0", False), ("Food", "Shop 1", "Shop 1", False),
    ]  # fmt: skip
    assert all(committed[d.fingerprint].category == d.category for d in decisions)


def test_what_rows_mean_is_carried_over_when_they_come_again(desk: Desk) -> None:
    """After an undo: category and merchant hold; what was left out, split or changed is said, not done."""
    first = desk.staged(ofx(days(6)))
    edit(
        desk, first, (1, "category", "Groceries"), (2, "merchant", "Corner Shop"), (2, "category", "Food"),
        (3, "exclude", True), (4, "split", (Part(-1_0000, "A"), Part(-3_0300, "B"))), (5, "amount", -99_0000),
        (6, "category", "Fun"), (6, "date", date(2026, 4, 1)),
    )  # fmt: skip
    desk.approve(first)
    desk.backend.undo(first)
    again = desk.staged(ofx(days(6)))
    shown = desk.backend.preview(again)
    assert again != first
    assert [(row.row.category, row.row.merchant) for row in shown.rows[:2]] == [
        ("Groceries", "Shop 0"), ("Food", "Corner Shop"),
    ]  # fmt: skip
    assert (shown.new, shown.excluded, shown.edited) == (6, 0, 3)
    assert [row.row.amount for row in shown.rows[2:5]] == [-3_0200, -4_0300, -5_0400]
    assert shown.issues[-2:] == (
        "Category or merchant of 3 rows carried over from an import that was taken back.",
        "Not done again from the import that was taken back: 1 left out, 1 split, 2 with another amount or date.",
    )
    decided = edit(desk, again, (3, "exclude", True), (1, "category", None))
    assert "of 2 rows carried over" in decided.issues[-2]
    assert "1 left out" not in decided.issues[-1]
    assert desk.approve(again).committed == 5


def test_nothing_is_carried_over_from_an_import_that_stands(desk: Desk) -> None:
    first = desk.staged(ofx(days(2)))
    edit(desk, first, (1, "category", "Groceries"))
    desk.approve(first)
    later = desk.backend.preview(desk.staged(ofx(days(3))))
    assert (later.new, later.edited, later.issues) == (1, 0, ())
