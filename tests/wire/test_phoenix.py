"""Frames of both versions: what the official clients and a server really said, laws, and nonsense."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartimport_cli.wire import phoenix
from smartimport_cli.wire.phoenix import V1, V2, BadFrame, Frame, decode, encode

FRAMES = Path(__file__).parent / "frames"


def recorded(name: str, direction: str) -> list[str | bytes]:
    lines = [json.loads(line) for line in (FRAMES / name).read_text().splitlines()]
    return [
        bytes.fromhex(line["hex"]) if line["kind"] == "binary" else line["raw"]
        for line in lines
        if line["dir"] == direction
    ]


def version_of(name: str) -> str:
    return V2 if name.startswith("js_v2") else V1


@pytest.mark.parametrize("name", sorted(file.name for file in FRAMES.glob("*.jsonl")))
def test_every_recorded_frame_is_understood(name: str) -> None:
    version = version_of(name)
    said = [phoenix.read_client(decode(raw, version)) for raw in recorded(name, "c2s")]
    joins = [message for message in said if isinstance(message, phoenix.Join)]
    assert joins
    assert {binding.filter for join in joins for binding in join.bindings} == {
        "import_id=eq.11111111-1111-4111-8111-111111111111"
    }
    assert all(join.access_token for join in joins)
    heard = [phoenix.read_server(decode(raw, version)) for raw in recorded(name, "s2c")]
    assert not [message for message in heard if isinstance(message, phoenix.Other)]


def test_a_recorded_session_reads_as_what_it_was() -> None:
    heard = [phoenix.read_server(decode(raw, V2)) for raw in recorded("js_v2_abort.jsonl", "s2c")]
    kinds = [type(message).__name__ for message in heard]
    assert kinds[:3] == ["Reply", "System", "Change"]
    change = next(message for message in heard if isinstance(message, phoenix.Change))
    assert change.record["event_type"]
    assert change.errors == ()
    pushes = [decode(raw, V2) for raw in recorded("js_v2_abort.jsonl", "c2s") if isinstance(raw, bytes)]
    assert pushes[0] == Frame(
        "6",
        "8",
        "realtime:import:1",
        "broadcast",
        {"type": "broadcast", "event": "ping", "payload": {"a": 1}},
    )


def test_the_quick_way_to_an_inserted_row_finds_what_the_long_one_does() -> None:
    names = [path.name for path in FRAMES.glob("js_v2*.jsonl")]
    heard = [raw for name in names for raw in recorded(name, "s2c") if isinstance(raw, str)]
    rows = 0
    for raw in heard:
        message = phoenix.read_server(decode(raw, V2))
        inserted = phoenix.read_inserted(raw, message.topic) if isinstance(message, phoenix.Change) else None
        if isinstance(message, phoenix.Change) and message.type == "INSERT" and not message.errors:
            assert inserted is not None
            assert json.loads(inserted) == message.record
            assert phoenix.read_inserted(raw, message.topic + "2") is None
            rows += 1
        else:
            assert phoenix.read_inserted(raw, decode(raw, V2).topic) is None
    assert 0 < rows < len(heard)


def test_a_refusal_keeps_the_servers_reason() -> None:
    heard = [phoenix.read_server(decode(raw, V2)) for raw in recorded("js_v2_joinerr.jsonl", "s2c")]
    refused = next(m for m in heard if isinstance(m, phoenix.Reply) and not m.ok)
    assert refused.reason


def test_our_frames_are_those_that_were_recorded() -> None:
    """What our ends write is what the official ends wrote, to the JSON value."""
    recording = recorded("js_v2_abort.jsonl", "c2s")
    asked = decode(recording[0], V2)
    said = phoenix.read_client(asked)
    assert isinstance(said, phoenix.Join)
    again = phoenix.join(said.topic, "6", [b.asked for b in said.bindings], said.access_token)
    assert again == asked
    answered = recorded("js_v2_abort.jsonl", "s2c")
    assert phoenix.joined(asked, [(said.bindings[0], 16013331)]) == decode(answered[0], V2)
    assert phoenix.system(said.topic, "6", "Subscribed to PostgreSQL") == decode(answered[1], V2)
    binary = next(raw for raw in recording if isinstance(raw, bytes))
    assert phoenix.encode_push(decode(binary, V2)) == binary


def test_a_servers_frame_of_version_1_has_exactly_four_keys() -> None:
    text = encode(phoenix.system("realtime:a", "1", "Subscribed to PostgreSQL"), V1, server=True)
    assert set(json.loads(text)) == {"topic", "event", "payload", "ref"}
    assert json.loads(text)["ref"] is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)  # fmt: skip
refs = st.none() | st.text(max_size=8)
frames = st.builds(Frame, refs, refs, st.text(), st.text(), json_values)


@given(frames, st.sampled_from([V1, V2]))
def test_what_was_written_reads_the_same(frame: Frame, version: str) -> None:
    assert decode(encode(frame, version), version) == frame


@given(st.text(max_size=80), st.text(max_size=80), json_values)
def test_a_binary_broadcast_reads_the_same(topic: str, event: str, payload: object) -> None:
    try:
        data = phoenix.encode_broadcast(topic, event, payload)
    except BadFrame:
        assert max(len(topic.encode()), len(event.encode())) > 255
        return
    expected = {"type": "broadcast", "event": event, "payload": payload}
    assert decode(data, V2) == Frame(None, None, topic, "broadcast", expected)


@given(st.binary() | st.text() | json_values.map(json.dumps), st.sampled_from([V1, V2]))
def test_nonsense_is_a_bad_frame_and_nothing_worse(data: str | bytes, version: str) -> None:
    try:
        frame = decode(data, version)
        phoenix.read_client(frame)
        phoenix.read_server(frame)
    except BadFrame:
        pass
    if isinstance(data, str):
        assert phoenix.read_inserted(data, "") is None


@given(st.text(), st.dictionaries(st.text(), json_values), st.none() | st.lists(st.text()))
def test_an_inserted_row_is_found_as_it_was_written(
    topic: str, record: dict[str, object], errors: list[str] | None
) -> None:
    frame = phoenix.inserted(
        topic, [7], table="import_events", columns=[("id", "uuid")], record=record,
        commit_timestamp="2026-01-02T03:04:10.130Z", errors=errors,
    )  # fmt: skip
    inserted = phoenix.read_inserted(encode(frame, V2), topic)
    if errors:  # it is not whole
        assert inserted is None
    else:
        assert inserted is not None
        assert json.loads(inserted) == record
    other = frame._replace(payload={"data": {**frame.payload["data"], "type": "UPDATE"}})
    assert phoenix.read_inserted(encode(other, V2), topic) is None


@given(frames)
def test_any_frame_means_something_to_both_ends(frame: Frame) -> None:
    for read in (phoenix.read_client, phoenix.read_server):
        for event in ("phx_join", "phx_reply", "system", "postgres_changes", "access_token", "phx_leave"):
            with suppress(BadFrame):
                read(frame._replace(event=event))


@pytest.mark.parametrize(
    ("data", "version"),
    [
        ('{"topic": "a", "event": "b", "payload": {}}', V1),  # ref must be there
        ('{"topic": "a", "event": "b", "payload": {}, "ref": null}', V2),
        ('["1", "1", "a", "b"]', V2),
        ('["1", {}, "a", "b", {}]', V2),
        ("[" * 100_000, V2),
        (b"", V2),
        (b"\x01\x00", V2),
        (b"\x03\x01\x01\x11\x04\x00\x0168realtime", V2),
        (b"\x04\x01\x01\x00\x07abX", V2),
        (b"\x04\x01\x01\x00\x01\xff\xffX", V2),
        (b"\x04\x01\x01\x00\x01abX", V2),
    ],
)
def test_malformed_frames(data: str | bytes, version: str) -> None:
    with pytest.raises(BadFrame):
        decode(data, version)
