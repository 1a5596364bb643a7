"""The laws of the reducer, and the contract's table of statuses, progress and messages."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartimport_cli.core.events import (
    AnalyzeComplete,
    AnalyzeError,
    CommitError,
    CommitStart,
    EventRecord,
    HandoffInitiated,
    ParseComplete,
    ParseError,
    ParseProgress,
    ParseStart,
    RejectedEvent,
    Unknown,
    UploadProgress,
    UploadStart,
)
from smartimport_cli.core.reducer import Board, fold, reduce, reduce_board, reduce_rejected
from smartimport_cli.core.state import ImportState, Status
from tests.core.sequences import START, deliveries, lives, records

quick = settings(max_examples=200, deadline=None)


@given(st.data())
@quick
def test_a_duplicate_changes_nothing(data: st.DataObject) -> None:
    stored = records(data.draw(lives()))
    state = fold(stored)
    assert reduce(state, data.draw(st.sampled_from(stored))) is state


@given(st.data())
@quick
def test_any_order_ends_in_the_same_state(data: st.DataObject) -> None:
    stored = records(data.draw(lives()))
    delivered = data.draw(deliveries(stored))
    state = ImportState()
    for record in delivered:
        state = reduce(state, record)
    assert state == fold(stored)
    assert not state.missing_events


@given(st.data())
@quick
def test_without_numbers_the_time_orders(data: st.DataObject) -> None:
    stored = [record.model_copy(update={"seq": None}) for record in records(data.draw(lives()))]
    assert fold(data.draw(deliveries(stored))) == fold(stored)


@given(st.data())
@quick
def test_progress_never_falls_but_for_a_new_attempt(data: st.DataObject) -> None:
    state = ImportState()
    for record in records(data.draw(lives())):
        after = reduce(state, record)
        assert 0 <= after.progress <= 100
        if after.progress < state.progress:
            assert state.status is Status.ERROR
            assert record.event_type.endswith(":start")
        state = after


@given(st.data())
@quick
def test_late_events_never_move_a_numbered_state_back(data: st.DataObject) -> None:
    stored = records(data.draw(lives()))
    late = data.draw(st.sampled_from(stored))
    most = fold(record for record in stored if record is not late)
    assert reduce(most, late) == fold(stored)


@given(st.data())
@quick
def test_other_imports_change_nothing(data: st.DataObject) -> None:
    state = fold(records(data.draw(lives())))
    for record in records(data.draw(lives("imp-2")), "imp-2", first_id=1000):
        assert reduce(state, record) is state


@given(st.data())
@quick
def test_folding_the_stored_events_gives_the_watchers_state(data: st.DataObject) -> None:
    stored = records(data.draw(lives()))
    cut = data.draw(st.integers(0, len(stored)))
    watcher = fold(stored[:cut])
    for record in stored[cut:]:
        watcher = reduce(watcher, record)
    assert watcher == fold(stored) == fold(EventRecord.from_wire(record.to_wire()) for record in stored)


@given(st.data())
@quick
def test_reducing_mutates_nothing(data: st.DataObject) -> None:
    stored = records(data.draw(lives()))
    states = [ImportState()]
    copies = [states[0].to_json()]
    for record in stored:
        states.append(reduce(states[-1], record))
        copies.append(states[-1].to_json())
    assert [state.to_json() for state in states] == copies


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_a_board_gives_each_import_its_own_events(data: st.DataObject) -> None:
    """However two imports' events are mixed, and though analysis names only the handoff."""
    ids = ("imp-1", "imp-2")
    stored = {id: records(data.draw(lives(id)), id, first_id=n * 1000) for n, id in enumerate(ids)}
    nameless = [
        record.model_copy(update={"import_id": None}) if record.event_type.startswith("crystal:") else record
        for id in ids
        for record in stored[id]
    ]
    board = Board()
    for record in data.draw(deliveries(nameless)):
        board = reduce_board(board, record)
    assert {id: board.imports[id] for id in ids} == {id: fold(stored[id]) for id in ids}


MESSAGES = [
    ("import:upload:start", "uploading", 0, "Uploading march.csv..."),
    ("import:upload:progress", "uploading", 16, "Uploading... 50%"),
    ("import:upload:complete", "parsing", 33, "Parsing transactions..."),
    ("import:parse:start", "parsing", 33, "Parsing transactions..."),
    ("import:parse:progress", "parsing", 49, "Parsing... 500 rows"),
    ("import:parse:complete", "committing", 66, "Ready to commit 1000 transactions"),
    ("import:commit:start", "committing", 66, "Committing 998 transactions..."),
    ("import:commit:complete", "handoff", 80, "Handing off to Prime..."),
    ("prime:handoff:initiated", "analyzing", 90, "Crystal analyzing your data..."),
    ("prime:message", "analyzing", 90, "Crystal analyzing your data..."),
    ("crystal:analyze:start", "analyzing", 90, "Crystal analyzing your data..."),
    ("crystal:analyze:complete", "complete", 100, "Analysis complete!"),
]
PAYLOADS = {
    "import:upload:start": {"userId": "u", "fileName": "march.csv"},
    "import:upload:progress": {"userId": "u", "percent": 50, "bytes": 5},
    "import:upload:complete": {"userId": "u", "importId": "i", "fileSize": 10},
    "import:parse:start": {"importId": "i", "userId": "u"},
    "import:parse:progress": {"importId": "i", "rowsParsed": 500, "rowsExpected": 1000},
    "import:parse:complete": {"importId": "i", "rowsTotal": 1000, "preview": []},
    "import:commit:start": {"importId": "i", "userId": "u", "rowCount": 998},
    "import:commit:complete": {"importId": "i", "committed": 998},
    "prime:handoff:initiated": {"importId": "i", "handoffId": "h"},
    "prime:message": {"message": "hello", "importId": "i"},
    "crystal:analyze:start": {"handoffId": "h", "importId": "i"},
    "crystal:analyze:complete": {"handoffId": "h", "advice": "a", "insights": []},
}


def wire(number: int, name: str, payload: dict[str, object], **more: object) -> EventRecord:
    return EventRecord.from_wire({
        "id": str(UUID(int=number)), "import_id": "i", "user_id": "u", "event_type": name, "payload": payload,
        "created_at": (START + timedelta(seconds=number)).isoformat(), "seq": number, **more,
    })  # fmt: skip


def test_the_contracts_table() -> None:
    state = ImportState()
    for number, (name, status, progress, message) in enumerate(MESSAGES, 1):
        state = reduce(state, wire(number, name, PAYLOADS[name]))
        assert (state.status, state.progress, state.message) == (status, progress, message), name
        assert state.awaiting_approval == (name == "import:parse:complete")
    assert state.messages == ("hello",)


@pytest.mark.parametrize("stop", range(1, len(MESSAGES)))
@pytest.mark.parametrize("failed", ["import:upload", "import:parse", "import:commit", "crystal:analyze"])
def test_an_error_keeps_the_progress_and_says_what(stop: int, failed: str) -> None:
    before = fold(wire(n, name, PAYLOADS[name]) for n, (name, *_) in enumerate(MESSAGES[:stop], 1))
    payload = {"userId": "u", "importId": "i", "handoffId": "h", "error": "the disk\x1b[31m is full"}
    after = reduce(before, wire(stop + 1, f"{failed}:error", payload))
    assert (after.status, after.progress) == (Status.ERROR, before.progress)
    assert after.message == "Error: the disk␛[31m is full"
    assert after.failed_stage == failed.split(":")[1]
    assert not after.awaiting_approval


def test_a_new_attempt_clears_the_error_and_goes_on_from_its_stage() -> None:
    events = [
        UploadStart(user_id="u", file_name="a"), ParseStart(import_id="imp-1", user_id="u"),
        ParseComplete(import_id="imp-1", rows_total=3, preview=[]),
        CommitStart(import_id="imp-1", user_id="u", row_count=3), CommitError(import_id="imp-1", error="x"),
        ParseStart(import_id="imp-1", user_id="u"),
    ]  # fmt: skip
    state = fold(records(events))
    assert (state.status, state.progress, state.error) == (Status.PARSING, 33, None)


def test_a_later_start_of_another_stage_does_not_hide_an_error() -> None:
    events = [
        UploadStart(user_id="u", file_name="a"), ParseError(import_id="imp-1", error="x"),
        CommitStart(import_id="imp-1", user_id="u", row_count=3),
    ]  # fmt: skip
    assert fold(records(events)).status is Status.ERROR


def test_unknown_types_change_no_state_and_rejected_ones_are_counted() -> None:
    state = fold(records([UploadStart(user_id="u", file_name="a")]))
    unknown = wire(2, "import:archive:complete", {"x": 1}, import_id="imp-1")
    assert isinstance(unknown.event, Unknown)
    after = reduce(state, unknown)
    assert after.to_json() == {**state.to_json(), "updated_at": after.to_json()["updated_at"]}
    with pytest.raises(RejectedEvent) as rejected:
        wire(3, "import:parse:progress", {"rowsParsed": "many"})
    counted = reduce_rejected(after, RejectedEvent("t", "r", import_id="imp-1", seq=3))
    assert counted.rejected_events == 1
    assert "rowsParsed" in str(rejected.value) or "importId" in str(rejected.value)
    assert "many" not in str(rejected.value)


def test_a_gap_is_known_and_filled_later() -> None:
    stored = records([UploadStart(user_id="u", file_name="a"), UploadProgress(user_id="u", percent=50, bytes=1),
                      ParseProgress(import_id="imp-1", rows_parsed=7)])  # fmt: skip
    state = fold([stored[0], stored[2]])
    assert state.missing_events
    assert reduce(state, stored[1]) == fold(stored)


def test_an_analysis_that_comes_before_its_handoff_waits_for_it() -> None:
    early = EventRecord.of(AnalyzeComplete(handoff_id="h", advice="a", insights={}), import_id=None, user_id="u",
                           created_at=START, seq=None)  # fmt: skip
    state = reduce(fold(records([UploadStart(user_id="u", file_name="a")])), early)
    assert state.status is Status.UPLOADING
    handoff = records(
        [UploadStart(user_id="u", file_name="a"), HandoffInitiated(import_id="imp-1", handoff_id="h")]
    )[1]
    assert reduce(state, handoff).status is Status.COMPLETE


def test_another_handoffs_analysis_is_not_ours() -> None:
    state = fold(
        records(
            [UploadStart(user_id="u", file_name="a"), HandoffInitiated(import_id="imp-1", handoff_id="h")]
        )
    )
    other = EventRecord.of(
        AnalyzeError(handoff_id="other", error="x"), import_id=None, user_id="u", created_at=START, seq=None
    )
    assert reduce(state, other) is state
