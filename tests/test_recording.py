"""Recordings: written, read, folded quickly and record by record to the same end; what is no event is reported."""

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartimport_cli import recording
from smartimport_cli.core.errors import FileRefused
from smartimport_cli.core.events import EventRecord, RejectedEvent
from smartimport_cli.core.reducer import fold
from tests.core.sequences import deliveries, lives, records


def saved(stored: list[EventRecord]) -> io.BytesIO:
    file = io.BytesIO()
    recording.write_recording(stored, file)
    file.seek(0)
    return file


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_a_recording_gives_back_what_was_written(data: st.DataObject) -> None:
    stored = records(data.draw(lives()))
    assert [record for _, record in recording.read_recording(saved(stored))] == stored


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_replaying_is_folding(data: st.DataObject) -> None:
    """Two imports mixed, in any order, with repeats: quickly and record by record."""
    stored = [
        record
        for n, id in enumerate(("imp-1", "imp-2"))
        for record in records(data.draw(lives(id)), id, first_id=n * 1000)
    ]
    file = saved(data.draw(deliveries(stored)))
    found = recording.replay(file)
    file.seek(0)
    assert found.imports == recording._replay_each(file).imports
    for id in ("imp-1", "imp-2"):
        assert found.imports[id] == fold(record for record in stored if record.import_id == id)


def test_a_recording_without_numbers_is_folded_too() -> None:
    rows = [
        {"id": f"00000000-0000-0000-0000-00000000000{n}", "import_id": "i", "event_type": name, "payload": payload,
         "created_at": f"2026-03-02T12:00:0{n}Z"}
        for n, (name, payload) in enumerate([
            ("upload:start", {"userId": "u", "fileName": "a.csv"}),
            ("prime:handoff:initiated", {"importId": "i", "handoffId": "h"}),
        ])
    ]  # fmt: skip
    nameless = {**rows[0], "id": "00000000-0000-0000-0000-000000000009", "import_id": None,
                "event_type": "crystal:analyze:complete", "created_at": "2026-03-02T12:00:09Z",
                "payload": {"handoffId": "h", "advice": "x", "insights": []}}  # fmt: skip
    text = "\n".join(json.dumps(row) for row in [nameless, *rows])
    assert recording.replay(io.BytesIO(text.encode())).imports["i"].progress == 100


def test_what_is_no_event_is_reported_by_its_line_and_stops_nothing() -> None:
    stored = records([])
    from smartimport_cli.core.events import ParseProgress, UploadStart

    stored = records(
        [UploadStart(user_id="u", file_name="a"), ParseProgress(import_id="imp-1", rows_parsed=3)]
    )
    good = saved(stored).getvalue().splitlines()
    bad = json.dumps({**json.loads(good[1]), "seq": 3, "payload": {"rowsParsed": -1}}).encode()
    lines = [
        good[0],
        b"not json",
        b"",
        b'{"type": "result"}',
        good[1],
        bad,
        b"[" * 100_000,
        b'{"event_type": 3}',
    ]
    found = recording.replay(io.BytesIO(b"\n".join(lines)))
    assert [number for number, _ in found.rejected] == [2, 6, 7, 8]
    assert found.results == 1
    assert found.imports["imp-1"].rows_parsed == 3
    assert found.imports["imp-1"].rejected_events == 1
    kinds = [type(record) for _, record in recording.read_recording(lines)]
    assert kinds.count(RejectedEvent) == 4


def test_constraints_hold_on_the_quick_way_too() -> None:
    row = {
        "id": "00000000-0000-0000-0000-000000000001", "import_id": "i", "event_type": "import:upload:progress",
        "payload": {"userId": "u", "percent": 500, "bytes": 1}, "created_at": "2026-03-02T12:00:00Z", "seq": 1,
    }  # fmt: skip
    with pytest.raises(FileRefused) as refused:
        recording.replay(io.BytesIO(json.dumps(row).encode()))
    assert refused.value.code == "no-events"
