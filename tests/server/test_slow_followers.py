"""Who does not take what is sent is cut off, loses nothing that is stored, and holds nobody else up."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from smartimport_cli.backends.local.tables import StoredEvent
from smartimport_cli.server import feed, realtime
from smartimport_cli.server.faults import Faults
from smartimport_cli.server.feed import Change, Feed, _data
from smartimport_cli.server.log import Log
from smartimport_cli.server.realtime import TOO_SLOW, Socket
from tests.server.test_auth import Clock


def event(seq: int, **payload: Any) -> StoredEvent:
    at = "2026-03-01T12:00:00.123456+00:00"
    id, import_id, user_id = (f"{n:08d}-0000-4000-8000-000000000000" for n in (seq, 1, 2))
    record = {
        "id": id, "import_id": import_id, "user_id": user_id, "event_type": "test", "payload": payload,
        "created_at": at, "seq": seq,
    }  # fmt: skip
    return StoredEvent(id, import_id, user_id, "test", at, seq, json.dumps(record))


class Deaf:
    """What a socket asks of the server, and a connection that takes nothing."""

    def __init__(self) -> None:
        self.log = Log(lambda line: None, Clock())
        self.faults = Faults()
        self.sent: list[dict[str, Any]] = []

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "websocket.send":
            await asyncio.Event().wait()
        self.sent.append(message)

    async def receive(self) -> dict[str, Any]:
        await asyncio.Event().wait()
        return {}


def test_a_follower_that_takes_nothing_is_cut_off_with_1013(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(realtime, "MAX_WAITING", 100)

    async def play() -> list[dict[str, Any]]:
        deaf = Deaf()
        socket = Socket("2.0.0", deaf.send, deaf)  # type: ignore[arg-type]
        serving = asyncio.create_task(socket.serve(deaf.receive))
        await asyncio.sleep(0)
        for number in range(500):
            socket.put(str(number))
            assert socket.backlog <= 100
        await asyncio.wait_for(serving, 5)
        return deaf.sent

    assert asyncio.run(play()) == [{"type": "websocket.close", "code": TOO_SLOW}]


def test_a_silent_connection_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(realtime, "IDLE_SECONDS", 0.05)

    async def play() -> list[dict[str, Any]]:
        deaf = Deaf()
        await asyncio.wait_for(Socket("2.0.0", deaf.send, deaf).serve(deaf.receive), 5)  # type: ignore[arg-type]
        return deaf.sent

    assert asyncio.run(play()) == [{"type": "websocket.close", "code": 1000}]


class Fast:
    backlog = 0

    def __init__(self) -> None:
        self.got: list[int] = []

    def deliver(self, change: Change) -> None:
        self.got.append(change.event.seq)


class Stuck(Fast):
    backlog = 1_000_000


class Tail:
    def __init__(self, events: list[StoredEvent]) -> None:
        self._events = events

    def skip(self) -> None: ...
    def close(self) -> None: ...

    def look(self) -> list[StoredEvent]:
        events, self._events = self._events, []
        return events


class Bell:
    def fileno(self) -> None:
        return None

    def wait(self, seconds: float) -> bool:
        return False

    def close(self) -> None: ...


def test_a_stuck_follower_holds_the_others_up_for_a_moment_only() -> None:
    async def play(finished: Callable[[Fast], bool]) -> Fast:
        made = Feed(
            Tail([event(n) for n in range(1, 601)]),
            Bell,
            Log(lambda line: None, Clock()),
            Faults(),  # type: ignore[arg-type]
        )
        fast = Fast()
        made.attach(Stuck())
        made.attach(fast)
        for _ in range(1000):
            if finished(fast):
                break
            await asyncio.sleep(0.01)
        await made.close()
        return fast

    assert asyncio.run(play(lambda fast: len(fast.got) == 600)).got == list(range(1, 601))


def test_a_record_over_the_limit_keeps_its_short_columns_only(monkeypatch: pytest.MonkeyPatch) -> None:
    small = json.loads(_data(event(1, text="short")))
    assert (small["record"]["payload"], small["errors"]) == ({"text": "short"}, None)
    assert small["commit_timestamp"] == "2026-03-01T12:00:00.123Z"
    monkeypatch.setattr(feed, "MAX_RECORD_BYTES", 1000)
    large = json.loads(_data(event(1, text="ä" * 600)))
    assert large["errors"] == ["Error 413: Payload Too Large"]
    assert large["record"].keys() == {"id", "import_id", "user_id", "event_type", "created_at", "seq"}
