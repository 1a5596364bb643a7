"""Phoenix channel frames as Supabase Realtime speaks them: versions 1.0.0 and 2.0.0, text and binary.

A frame is what travels; a message (`Join`, `Reply`, `System`, `Change` ...) is what it means. Reading the one
and the other are two steps, so that an end that only passes frames on need not understand them. Both ends
use this module: `decode` and `encode` know which of them they are for where the form differs.

Source: the Realtime protocol as documented by Supabase, and frames recorded from its clients.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import msgspec

V1 = "1.0.0"  # a JSON object a frame; what a socket speaks that names no version
V2 = "2.0.0"  # a JSON array a frame, and binary broadcasts
VERSIONS = (V1, V2)

HEARTBEAT_TOPIC = "phoenix"
TOPIC_PREFIX = "realtime:"

_PUSH = 0x03  # client to server: a broadcast
_BROADCAST = 0x04  # server to client: a broadcast
_BINARY, _JSON = 0, 1  # how the payload of a binary frame is written


class BadFrame(ValueError):
    """Bytes or text that are no frame, or a frame that is no message of its kind; says why, never what was in
    it. The server drops such a frame and stays connected; so does a client."""


class Frame(NamedTuple):
    """One message on the socket. `ref` numbers a request and its reply; `join_ref` is the ref of the join that
    the channel lives by. The payload of a binary broadcast may hold `bytes`."""

    join_ref: str | None
    ref: str | None
    topic: str
    event: str
    payload: Any


def decode(data: str | bytes, version: str) -> Frame:
    """Read a frame of either direction. Raises BadFrame."""
    if isinstance(data, bytes):
        return _decode_binary(data)
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        raise BadFrame("it is not JSON") from None
    if version == V2:
        if not isinstance(value, list) or len(value) != 5:
            raise BadFrame("it is not an array of five")
        join_ref, ref, topic, event, payload = value
    else:
        if not isinstance(value, dict) or not {"topic", "event", "payload", "ref"} <= value.keys():
            raise BadFrame("it is not an object with topic, event, payload and ref")
        join_ref = value.get("join_ref")
        ref, topic, event, payload = value["ref"], value["topic"], value["event"], value["payload"]
    if not isinstance(topic, str) or not isinstance(event, str):
        raise BadFrame("topic and event are not text")
    return Frame(_ref(join_ref), _ref(ref), topic, event, payload)


def encode(frame: Frame, version: str, *, server: bool = False) -> str:
    """Write a text frame. A server's frame of version 1.0.0 has four keys, `ref` among them even where it is
    null (clients drop it otherwise), and never `join_ref`."""
    if version == V2:
        value: Any = list(frame)
    else:
        value = {"topic": frame.topic, "event": frame.event, "payload": frame.payload, "ref": frame.ref}
        if not server:
            value["join_ref"] = frame.join_ref
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def encode_broadcast(topic: str, event: str, payload: Any) -> bytes:
    """Write the server's binary broadcast (2.0.0 only). Raises BadFrame where a name is over 255 bytes."""
    kind, body = (_BINARY, payload) if isinstance(payload, bytes) else (_JSON, _compact(payload))
    names = [topic.encode(), event.encode(), b""]
    return bytes([_BROADCAST, *_lengths(names), kind]) + b"".join(names) + body


def encode_push(frame: Frame) -> bytes:
    """Write a client's broadcast (`event` broadcast, payload `{"event", "payload"}`) as the binary frame that
    the official client sends on 2.0.0. Raises BadFrame."""
    event, payload = frame.payload["event"], frame.payload.get("payload")
    kind, body = (_BINARY, payload) if isinstance(payload, bytes) else (_JSON, _compact(payload))
    names = [
        (frame.join_ref or "").encode(),
        (frame.ref or "").encode(),
        frame.topic.encode(),
        event.encode(),
        b"",
    ]
    return bytes([_PUSH, *_lengths(names), kind]) + b"".join(names) + body


def _decode_binary(data: bytes) -> Frame:
    counts = {_PUSH: 5, _BROADCAST: 3}.get(data[0] if data else -1)
    if counts is None:
        raise BadFrame("it is of an unknown binary kind")
    head = 2 + counts  # kind, the lengths, encoding
    lengths = data[1 : head - 1]
    if len(data) < head + sum(lengths):
        raise BadFrame("it is cut short")
    texts, at = [], head
    for length in lengths:
        try:
            texts.append(data[at : at + length].decode())
        except UnicodeDecodeError:
            raise BadFrame("a name in it is not UTF-8") from None
        at += length
    payload: Any = data[at:]
    if data[head - 1] == _JSON:
        try:
            payload = json.loads(payload)
        except (ValueError, RecursionError):
            raise BadFrame("its payload is not JSON") from None
    elif data[head - 1] != _BINARY:
        raise BadFrame("its payload is in an unknown encoding")
    *refs, topic, event, _meta = texts
    join_ref, ref = (refs[0] or None, refs[1] or None) if refs else (None, None)
    return Frame(join_ref, ref, topic, "broadcast", {"type": "broadcast", "event": event, "payload": payload})


def _lengths(names: Sequence[bytes]) -> list[int]:
    if any(len(name) > 255 for name in names):
        raise BadFrame("a name in it is over 255 bytes")
    return [len(name) for name in names]


def _compact(payload: Any) -> bytes:
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()


def _ref(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise BadFrame("a ref in it is neither text nor null")


# What a client says


class Binding(NamedTuple):
    """Which changes of the database a join asks for. `asked` is the object as it came: the reply repeats it to
    the letter, or the official clients leave."""

    event: str  # INSERT, UPDATE, DELETE, or * for all
    schema: str
    table: str
    filter: str  # `import_id=eq.<uuid>`, or nothing
    asked: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Join:
    """phx_join: open the channel `topic`."""

    topic: str
    ref: str | None
    bindings: tuple[Binding, ...]
    access_token: str | None = None
    private: bool = False


@dataclass(frozen=True, slots=True)
class Leave:
    topic: str
    ref: str | None


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """Answered with the same ref, also where that is null."""

    ref: str | None


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A fresh token for an open channel; not replied to, but a new `System` ok follows."""

    topic: str
    token: str


@dataclass(frozen=True, slots=True)
class Other:
    """Anything else, kept as it is."""

    frame: Frame


ClientMessage = Join | Leave | Heartbeat | AccessToken | Other


def read_client(frame: Frame) -> ClientMessage:
    """What a client's frame means. Unknown keys and events are let be, as the official clients have more of
    them with each release. Raises BadFrame where a known event lacks what it needs."""
    payload = frame.payload if isinstance(frame.payload, dict) else {}
    if frame.topic == HEARTBEAT_TOPIC and frame.event == "heartbeat":
        return Heartbeat(frame.ref)
    if frame.event == "phx_join":
        config = payload.get("config")
        config = config if isinstance(config, dict) else {}
        asked = config.get("postgres_changes")
        token = payload.get("access_token") or payload.get("user_token")
        return Join(
            frame.topic, frame.ref,
            tuple(_binding(one) for one in (asked if isinstance(asked, list) else []) if isinstance(one, dict)),
            token if isinstance(token, str) else None, config.get("private") is True,
        )  # fmt: skip
    if frame.event == "phx_leave":
        return Leave(frame.topic, frame.ref)
    if frame.event == "access_token":
        if not isinstance(payload.get("access_token"), str):
            raise BadFrame("it brings no token")
        return AccessToken(frame.topic, payload["access_token"])
    return Other(frame)


def _binding(asked: Mapping[str, Any]) -> Binding:
    def text(key: str, default: str) -> str:
        value = asked.get(key)
        return value if isinstance(value, str) and value else default

    event = text("event", "*").upper()
    return Binding(
        event if event in ("INSERT", "UPDATE", "DELETE") else "*",
        text("schema", "public"), text("table", "*"), text("filter", ""), asked,
    )  # fmt: skip


def join(topic: str, ref: str, bindings: Sequence[Mapping[str, Any]], access_token: str | None) -> Frame:
    """Ask for changes of the database: `[{"event", "schema", "table", "filter"}]`."""
    config = {
        "broadcast": {"ack": False, "self": False},
        "presence": {"key": "", "enabled": False},
        "postgres_changes": [dict(binding) for binding in bindings],
        "private": False,
    }
    payload: dict[str, Any] = {"config": config}
    if access_token is not None:
        payload["access_token"] = access_token
    return Frame(ref, ref, topic, "phx_join", payload)


def leave(topic: str, join_ref: str, ref: str) -> Frame:
    return Frame(join_ref, ref, topic, "phx_leave", {})


def heartbeat(ref: str) -> Frame:
    return Frame(None, ref, HEARTBEAT_TOPIC, "heartbeat", {})


def access_token(topic: str, join_ref: str, ref: str, token: str) -> Frame:
    return Frame(join_ref, ref, topic, "access_token", {"access_token": token})


# What a server says


@dataclass(frozen=True, slots=True)
class Reply:
    """phx_reply to the request `ref`. `reason` is the server's own words where it refuses (text of a stranger)."""

    topic: str
    ref: str | None
    ok: bool
    reason: str = ""
    response: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class System:
    """How the channel's subscription to the database stands. `ok` of the extension `postgres_changes` alone
    means that changes are sent from now on; it comes after the reply to the join, and again after each token."""

    topic: str
    extension: str  # postgres_changes, or system
    ok: bool
    message: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """postgres_changes: a row that was inserted, updated or deleted. With `errors` the record is not whole
    (over 1 MiB: only its short columns) and is to be fetched by its id."""

    topic: str
    table: str
    type: str
    record: Mapping[str, Any]
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ended:
    """phx_close or phx_error: the channel has ended, the socket has not."""

    topic: str
    crashed: bool


ServerMessage = Reply | System | Change | Ended | Other


class _Data(msgspec.Struct):
    type: Literal["INSERT"]
    record: msgspec.Raw
    errors: list[str] | None = None


class _Payload(msgspec.Struct):
    data: _Data


_INSERTED = msgspec.json.Decoder(tuple[None, None, str, Literal["postgres_changes"], _Payload])


def read_inserted(text: str, topic: str) -> bytes | None:
    """The row, as JSON, of a frame (2.0.0) that brings one which was inserted, whole and for `topic`; found in one
    pass, without what nobody reads of such a frame (its columns, again with each row). None for any other frame."""
    try:
        _, _, to, _, payload = _INSERTED.decode(text)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None
    return bytes(payload.data.record) if to == topic and not payload.data.errors else None


def read_server(frame: Frame) -> ServerMessage:
    """What a server's frame means. Raises BadFrame where a known event lacks what it needs."""
    payload = frame.payload if isinstance(frame.payload, dict) else {}
    if frame.event == "phx_reply":
        response = payload.get("response")
        response = response if isinstance(response, dict) else {}
        reason = response.get("reason")
        return Reply(
            frame.topic, frame.ref, payload.get("status") == "ok",
            reason if isinstance(reason, str) else json.dumps(response), response,
        )  # fmt: skip
    if frame.event == "system":
        extension, message = payload.get("extension"), payload.get("message")
        return System(
            frame.topic, extension if isinstance(extension, str) else "system",
            payload.get("status") == "ok", message if isinstance(message, str) else "",
        )  # fmt: skip
    if frame.event == "postgres_changes":
        data = payload.get("data")
        if not isinstance(data, dict):
            raise BadFrame("it brings no data")
        record, errors = data.get("record"), data.get("errors")
        if isinstance(errors, str):  # as documented; a list, as sent
            errors = [errors]
        return Change(
            frame.topic, str(data.get("table")), str(data.get("type")),
            record if isinstance(record, dict) else {},
            tuple(map(str, errors)) if isinstance(errors, list) else (),
        )  # fmt: skip
    if frame.event in ("phx_close", "phx_error"):
        return Ended(frame.topic, frame.event == "phx_error")
    return Other(frame)


def reply(to: Frame, response: Mapping[str, Any], *, ok: bool = True) -> Frame:
    """The answer to a client's frame."""
    status = "ok" if ok else "error"
    return Frame(to.join_ref, to.ref, to.topic, "phx_reply", {"status": status, "response": dict(response)})


def joined(to: Frame, bindings: Sequence[tuple[Binding, int]]) -> Frame:
    """The answer to a join: each binding as it was asked for, with its number (never 0)."""
    changes = [{**binding.asked, "id": number} for binding, number in bindings]
    return reply(to, {"postgres_changes": changes})


def system(
    topic: str, join_ref: str | None, message: str, *, ok: bool = True, extension: str = "postgres_changes"
) -> Frame:
    """See `System`. All four texts are always there: a client drops the frame otherwise."""
    payload = {
        "extension": extension,
        "status": "ok" if ok else "error",
        "message": message,
        "channel": topic.removeprefix(TOPIC_PREFIX),
    }
    return Frame(join_ref, None, topic, "system", payload)


def inserted(
    topic: str,
    numbers: Sequence[int],
    *,
    table: str,
    columns: Sequence[tuple[str, str]],
    record: Mapping[str, Any],
    commit_timestamp: str,
    errors: Sequence[str] | None = None,
    schema: str = "public",
) -> Frame:
    """An inserted row, for the bindings `numbers` of the channel. `columns` are (name, PostgreSQL type);
    `commit_timestamp` is UTC in milliseconds, as `2026-01-02T03:04:10.130Z`."""
    data = {
        "schema": schema,
        "table": table,
        "type": "INSERT",
        "commit_timestamp": commit_timestamp,
        "columns": [{"name": name, "type": type} for name, type in columns],
        "record": dict(record),
        "errors": list(errors) if errors else None,
    }
    return Frame(None, None, topic, "postgres_changes", {"ids": list(numbers), "data": data})


def closed(topic: str, join_ref: str | None, *, crashed: bool = False) -> Frame:
    """See `Ended`."""
    return Frame(join_ref, join_ref, topic, "phx_error" if crashed else "phx_close", {})
