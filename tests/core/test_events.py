"""Events to the wire and back, the seed's short names, rejected payloads, the JSON Schema."""

import json
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartimport_cli.core.events import (
    EVENT_TYPES,
    EventRecord,
    RejectedEvent,
    full_name,
    json_schema,
    matches,
)
from smartimport_cli.core.privacy import PrivacyError
from tests.core.sequences import START, lives, records
from tests.core.test_reducer import PAYLOADS, wire


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_the_wire_and_back(data: st.DataObject) -> None:
    for record in records(data.draw(lives())):
        row = json.loads(json.dumps(record.to_wire()))
        assert EventRecord.from_wire(row) == record
        assert EventRecord.from_wire(row).to_wire() == row


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_a_row_read_from_its_json_is_the_same_record(data: st.DataObject) -> None:
    for record in records(data.draw(lives())):
        row = record.to_wire()
        read, careful = EventRecord.from_json(json.dumps(row).encode()), EventRecord.from_wire(row)
        if record.event_type not in EVENT_TYPES or record.seq is None:
            assert read is None
        else:
            assert read == careful
            assert (read.to_wire(), read.model_copy(), repr(read)) == (row, careful, repr(careful))


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3), max_leaves=5,
)  # fmt: skip


@given(st.sampled_from(sorted(PAYLOADS)), st.data())
@settings(max_examples=500, deadline=None)
def test_an_odd_row_is_left_to_the_careful_reader_or_read_as_it_does(name: str, data: st.DataObject) -> None:
    row = wire(4, name, PAYLOADS[name]).to_wire()
    inside = data.draw(st.booleans())
    key = data.draw(st.sampled_from(sorted(row["payload"] if inside else row)))
    (row["payload"] if inside else row)[key] = data.draw(anything)
    text = json.dumps(row).encode()
    if (read := EventRecord.from_json(text)) is not None:
        careful = EventRecord.from_wire(json.loads(text))
        assert (repr(read), read.to_wire()) == (repr(careful), careful.to_wire())


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"null", b"\xff", b'{"event_type": "prime:message"}'])
def test_what_is_no_row_is_left_to_the_careful_reader(text: bytes) -> None:
    assert EventRecord.from_json(text) is None


def test_there_are_sixteen() -> None:
    assert len(EVENT_TYPES) == 16


@pytest.mark.parametrize("name", [n for n in EVENT_TYPES if n.startswith("import:")])
def test_the_seeds_short_names(name: str) -> None:
    assert full_name(name.removeprefix("import:")) == name


def test_unknown_keys_pass_through() -> None:
    record = wire(1, "import:parse:start", {**PAYLOADS["import:parse:start"], "shard": {"no": 3}})
    assert record.to_wire()["payload"]["shard"] == {"no": 3}


def test_a_payload_as_text_and_its_own_number() -> None:
    row = wire(4, "import:parse:start", PAYLOADS["import:parse:start"]).to_wire()
    del row["seq"]
    row["payload"] = json.dumps({**row["payload"], "seq": 9})
    assert EventRecord.from_wire(row).seq == 9


@pytest.mark.parametrize(
    "change",
    [
        {"payload": {"importId": "i"}}, {"payload": "{"}, {"payload": []}, {"created_at": "yesterday"},
        {"created_at": "2026-03-02T12:00:00"}, {"id": "x"}, {"seq": 0}, {"payload": None},
    ],
)  # fmt: skip
def test_what_does_not_fit_is_rejected_with_its_number(change: dict[str, object]) -> None:
    row = {**wire(4, "import:parse:progress", PAYLOADS["import:parse:progress"]).to_wire(), **change}
    with pytest.raises(RejectedEvent) as rejected:
        EventRecord.from_wire(row)
    assert rejected.value.import_id == "i"
    assert rejected.value.seq == (4 if "seq" not in change else None)


@pytest.mark.parametrize("row", [None, [], {}, {"event_type": 3}, "text"])
def test_what_is_no_record(row: object) -> None:
    with pytest.raises(RejectedEvent):
        EventRecord.from_wire(row)  # type: ignore[arg-type]


def test_lenient_extras_count_as_absent() -> None:
    record = wire(
        1, "import:parse:complete", {**PAYLOADS["import:parse:complete"], "newCount": "lots", "proof": 7}
    )
    assert (record.event.new_count, record.event.proof) == (None, None)  # type: ignore[attr-defined]


def test_patterns() -> None:
    assert matches("*", "anything")
    assert matches("import:*", "import:parse:start")
    assert matches("import:parse:*", "import:parse:start")
    assert not matches("import:parse:*", "import:upload:start")
    assert matches("parse:start", "import:parse:start")
    for wrong in ("im*", "import:*:start", "*:start"):
        with pytest.raises(ValueError, match="no pattern"):
            matches(wrong, "x")


def test_guarding_a_record_masks_once() -> None:
    record = wire(1, "prime:message", {"message": "card 4111 1111 1111 1111", "importId": "i"})
    guarded = record.guarded()
    assert "4111" not in json.dumps(guarded.to_wire())
    assert "1111" in json.dumps(guarded.to_wire())
    assert guarded.guarded() is guarded
    with pytest.raises(PrivacyError):
        wire(1, "prime:message", {"message": "x", "importId": "i", "password": "y"}).guarded()


def test_the_schema_names_every_type() -> None:
    schema = json_schema()
    assert json.dumps(schema)
    named = [rule["if"]["properties"]["event_type"]["const"] for rule in schema["allOf"]]
    assert named == list(EVENT_TYPES)
    for rule in schema["allOf"]:
        assert rule["then"]["properties"]["payload"]["$ref"].removeprefix("#/$defs/") in schema["$defs"]


def test_ids_are_uuids() -> None:
    assert wire(5, "import:parse:start", PAYLOADS["import:parse:start"]).id == UUID(int=5)
    assert wire(5, "import:parse:start", PAYLOADS["import:parse:start"]).created_at > START
