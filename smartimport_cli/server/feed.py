"""From the store to those who follow: what one user's imports have stored, in commit order, to everyone at once.

A feed runs while somebody follows. It wakes by the doorbell that whoever commits rings (this server or another
process on the same data), and looks by itself now and then. An event's JSON is made once and shared by all
followers, whatever their number.
"""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from smartimport_cli.backends.local.bell import Bell
from smartimport_cli.backends.local.tables import TABLES, StoredEvent, Tail
from smartimport_cli.server.faults import Faults
from smartimport_cli.server.log import Log

CHECK_SECONDS = 1.0
POLL_SECONDS = 0.02  # where there is no doorbell
AT_ONCE = 250  # events that are handed out before followers get a turn
HIGH_WATER = 1000  # waiting frames of a follower beyond which the others wait for it, a second at the most
MAX_RECORD_BYTES = 1_048_576  # Realtime's `poll_max_record_bytes`
MAX_KEPT_BYTES = 64  # of a column's JSON in a record over that

_COLUMNS = json.dumps(
    [{"name": column.name, "type": column.type} for column in TABLES["import_events"].columns.values()],
    separators=(",", ":"),
)


@dataclass(frozen=True, slots=True)
class Change:
    """An inserted event: what filters look at, and `data` as the JSON text that followers get."""

    event: StoredEvent
    data: str


class Follower(Protocol):
    """Who gets a feed's changes."""

    @property
    def backlog(self) -> int:
        """How many frames it has not sent yet."""
        ...

    def deliver(self, change: Change) -> None:
        """Take a change, at once: what is not wanted is let go, what is wanted waits to be sent."""
        ...


class Feed:
    """The changes of one user's store, handed to its followers."""

    def __init__(self, tail: Tail, open_bell: Callable[[], Bell], log: Log, faults: Faults) -> None:
        self._tail = tail
        self._open_bell = open_bell
        self._log = log
        self._faults = faults
        self._followers: dict[Follower, None] = {}
        self._task: asyncio.Task[None] | None = None
        self._rung = asyncio.Event()

    def attach(self, follower: Follower) -> None:
        """From now on every event that is committed reaches `follower`. Raises what the store raises."""
        if self._task is None:
            bell = self._open_bell()  # before the first look, so that nothing falls in between
            self._tail.skip()
            self._task = asyncio.create_task(self._run(bell))
            self._task.add_done_callback(lambda _: bell.close())
        self._followers[follower] = None

    def detach(self, follower: Follower) -> None:
        """No more changes for `follower`."""
        self._followers.pop(follower, None)
        if not self._followers and self._task is not None:
            self._task.cancel()
            self._task = None

    async def _run(self, bell: Bell) -> None:
        loop = asyncio.get_running_loop()
        ear = bell.fileno()
        if ear is not None:
            loop.add_reader(ear, self._hear, bell)
        try:
            while True:
                try:
                    await self._publish(self._tail.look())
                except Exception as error:  # the store's trouble; followers read what they missed over REST
                    self._log.error("feed.failed", error=error)
                    await asyncio.sleep(CHECK_SECONDS)
                if ear is None:
                    while not bell.wait(0):
                        await asyncio.sleep(POLL_SECONDS)
                else:
                    with suppress(TimeoutError):
                        async with asyncio.timeout(CHECK_SECONDS):
                            await self._rung.wait()
                    self._rung.clear()
        finally:
            if ear is not None:
                loop.remove_reader(ear)

    def _hear(self, bell: Bell) -> None:
        bell.wait(0)
        self._rung.set()

    async def _publish(self, events: list[StoredEvent]) -> None:
        events = self._faults.stored(events)
        for start in range(0, len(events), AT_ONCE):
            for event in events[start : start + AT_ONCE]:
                change = Change(event, _data(event))
                for follower in list(self._followers):
                    follower.deliver(change)
            await self._let_them_send()

    async def _let_them_send(self) -> None:
        loop = asyncio.get_running_loop()
        patience = loop.time() + 1.0
        await asyncio.sleep(0)
        while loop.time() < patience and any(f.backlog > HIGH_WATER for f in self._followers):
            await asyncio.sleep(0.005)

    async def close(self) -> None:
        """No more changes for anybody."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        self._followers.clear()
        self._tail.close()


def _data(event: StoredEvent) -> str:
    record, errors = event.record, "null"
    if len(record) > MAX_RECORD_BYTES // 4 and len(record.encode()) > MAX_RECORD_BYTES:
        record, errors = _shortened(record), '["Error 413: Payload Too Large"]'
    stamp = event.created_at[:23] if "." in event.created_at else f"{event.created_at[:19]}.000"
    return (
        f'{{"schema":"public","table":"import_events","type":"INSERT","commit_timestamp":"{stamp}Z",'
        f'"columns":{_COLUMNS},"record":{record},"errors":{errors}}}'
    )


def _shortened(record: str) -> str:
    """Only the columns that are small: who gets it fetches the row by its id."""
    kept = {
        name: value
        for name, value in json.loads(record).items()
        if len(json.dumps(value, ensure_ascii=False).encode()) <= MAX_KEPT_BYTES
    }
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
