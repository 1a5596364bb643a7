"""Mistakes that a backend can make, made on purpose: for tests of clients and of checks, never by default.

A server has faults only where its constructor was given some (`Faults.parse("lost-event@3,drop-1006@8")`). A fault
is its name, and after `@` which event it strikes (counted over all that are handed out, 1 is the first), or how
many seconds or times where the table says so.
"""

import asyncio
import json
from dataclasses import dataclass, field
from uuid import uuid4

from smartimport_cli.backends.local.tables import StoredEvent
from smartimport_cli.core.errors import UsageError

FAULTS = {
    "lost-event": "the event is stored, but not sent to followers",
    "missing-event": "the event is neither sent nor shown by a read",
    "duplicate": "the event is sent twice",
    "wrong-order": "the event is sent after the next one",
    "leaked-row": "a row of another user is sent after the event, and shown by reads of imports and events",
    "double-commit": "commit:complete is sent twice, and each transaction is read twice",
    "personal-data": "the event's payload holds a card number",
    "drop-1000": "the socket is closed with 1000 after the event",
    "drop-1001": "the socket is closed with 1001 after the event",
    "drop-1006": "the connection is cut after the event",
    "drop-1012": "the socket is closed with 1012 after the event",
    "phx-close": "the channel is closed after the event, the socket is not",
    "phx-error": "the channel crashes after the event",
    "late-system": "`system` ok comes so many seconds late",
    "refused-join": "so many joins are refused",
    "silent-heartbeat": "heartbeats are not answered",
    "slow-stage": "reading and committing begin so many seconds late",
}
CARD_NUMBER = "4111 1111 1111 1111"  # passes Luhn; a test number of the card networks
STRANGER = "99999999-9999-4999-8999-999999999999"
_DEFAULT = 3.0


@dataclass
class Faults:
    """The faults of one server, and how far it has got in making them."""

    planned: dict[str, float] = field(default_factory=dict)
    _sent: int = 0
    _refused: int = 0
    _delivered: int = 0
    _held: StoredEvent | None = None  # until the next one has been sent
    _missing: set[str] = field(default_factory=set)

    @classmethod
    def parse(cls, text: str) -> "Faults":
        """`lost-event@3,late-system@1.5`. Raises UsageError `bad-fault`."""
        planned = {}
        for word in filter(None, (part.strip() for part in text.split(","))):
            name, at, value = word.partition("@")
            try:
                planned[name] = float(value) if at else _DEFAULT
            except ValueError:
                planned[""] = 0
            if name not in FAULTS or "" in planned:
                raise UsageError(
                    "bad-fault", f"'{word}' is no fault.", hint=f"There are {', '.join(FAULTS)}."
                )
        return cls(planned)

    def __bool__(self) -> bool:
        return bool(self.planned)

    # -- what is sent

    def stored(self, events: list[StoredEvent]) -> list[StoredEvent]:
        """The events as they are handed out."""
        if not self.planned:
            return events
        out: list[StoredEvent] = []
        for event in events:
            self._sent += 1
            if self._strikes("wrong-order"):
                self._held = event
                continue
            out.extend(self._one(event))
            if self._held is not None:
                out.append(self._held)
                self._held = None
        return out

    def _one(self, event: StoredEvent) -> list[StoredEvent]:
        if self._strikes("missing-event"):
            self._missing.add(event.id)
            return []
        if self._strikes("lost-event"):
            return []
        if self._strikes("personal-data"):
            event = event._replace(record=_with_card(event.record))
        if self._strikes("duplicate"):
            return [event, event]
        if self._strikes("leaked-row"):
            return [event, _of_stranger(event)]
        if "double-commit" in self.planned and event.event_type == "import:commit:complete":
            return [event, _again(event)]
        return [event]

    def _strikes(self, name: str) -> bool:
        return self.planned.get(name) == self._sent

    # -- what is read

    def read(self, table: str, rows: list[str]) -> list[str]:
        """The rows of a read as they are shown."""
        if not self.planned:
            return rows
        if table == "import_events":
            rows = [row for row in rows if not any(f'"{id}"' in row for id in self._missing)]
            at = int(self.planned.get("personal-data", 0))
            if at and len(rows) >= at:
                rows = [*rows[: at - 1], _with_card(rows[at - 1]), *rows[at:]]
        if "leaked-row" in self.planned and table in ("imports", "import_events") and rows:
            row = json.loads(rows[-1])
            rows = [*rows, json.dumps({**row, "id": str(uuid4()), "user_id": STRANGER})]
        if "double-commit" in self.planned and table == "transactions":
            rows = rows + [json.dumps({**json.loads(row), "id": str(uuid4())}) for row in rows]
        return rows

    # -- the socket

    def refuses_join(self) -> bool:
        """Whether this join is one of those to refuse."""
        self._refused += 1
        return self._refused <= self.planned.get("refused-join", 0)

    @property
    def silent_heartbeat(self) -> bool:
        """Whether heartbeats stay unanswered."""
        return "silent-heartbeat" in self.planned

    @property
    def system_delay(self) -> float:
        """Seconds."""
        return self.planned.get("late-system", 0.0)

    def after_delivery(self) -> str | None:
        """Which fault strikes now that one more event has been delivered: drop-..., phx-close, phx-error."""
        self._delivered += 1
        for name, at in self.planned.items():
            if at == self._delivered and name.startswith(("drop-", "phx-")):
                return name
        return None

    async def before_stage(self) -> None:
        """Wait as long as a stage is to be late."""
        if seconds := self.planned.get("slow-stage"):
            await asyncio.sleep(seconds)


def _with_card(record: str) -> str:
    row = json.loads(record)
    payload = row.get("payload")
    if isinstance(payload, dict):
        row["payload"] = {**payload, "note": f"paid with {CARD_NUMBER}"}
    return json.dumps(row)


def _of_stranger(event: StoredEvent) -> StoredEvent:
    id = str(uuid4())
    row = {**json.loads(event.record), "id": id, "user_id": STRANGER}
    return event._replace(id=id, user_id=STRANGER, record=json.dumps(row))


def _again(event: StoredEvent) -> StoredEvent:
    id = str(uuid4())
    row = {**json.loads(event.record), "id": id, "seq": event.seq + 1}
    return event._replace(id=id, seq=event.seq + 1, record=json.dumps(row))
