"""Event records from anywhere, in any order, more than once: each comes out once, in the import's order.

Pure: no clock, no I/O. Numbered records (`seq`) come out as the contiguous prefix, so none is ever missing or
out of order. A backend that does not number them gives no such proof: its records are held back for a moment and
come out by time; one that comes later still comes out late, and is counted as such.
"""

from bisect import insort
from datetime import datetime
from uuid import UUID

from smartimport_cli.core.events import EventRecord

HOLD_BACK = 1.5  # seconds that a record without a number waits for an earlier one
MOST_PENDING = 20_000  # records beyond a hole that are kept; the rest is read again once it is filled


class Merge:
    """The intake of one follower. `after` is the number up to which its caller has everything; `given` are the
    ids of unnumbered records that it has."""

    def __init__(
        self, *, after: int = 0, given: frozenset[UUID] = frozenset(), hold_back: float = HOLD_BACK
    ) -> None:
        self.settled = after  # every number up to this has come out, or is about to
        self.watermark: datetime | None = None  # the latest created_at that was taken
        self.late = 0  # records without a number that came out after a later one
        self._next: list[EventRecord] = []  # in order, and about to come out
        self._pending: dict[int, EventRecord] = {}  # beyond a hole
        self._hole_since: float | None = None
        self._given: set[UUID] = set(given)
        self._held: list[tuple[datetime, UUID, float, EventRecord]] = []  # created_at, id, when it came
        self._hold_back = hold_back
        self._out: tuple[datetime, UUID] | None = None  # the last one without a number

    def take(self, record: EventRecord, now: float) -> bool:
        """Note a record; whether it was new. `now` is any clock that only goes forward, in seconds."""
        seq, at = record.seq, record.created_at
        if self.watermark is None or at > self.watermark:
            self.watermark = at
        if seq is None:
            if record.id in self._given:
                return False
            self._given.add(record.id)
            insort(self._held, (at, record.id, now, record), key=lambda held: held[:2])
            return True
        if seq == self.settled + 1 and not self._pending:
            self.settled = seq
            self._next.append(record)
            return True
        if seq <= self.settled or seq in self._pending:
            return False
        if len(self._pending) >= MOST_PENDING and seq != self.settled + 1:
            return False
        self._pending[seq] = record
        return True

    def ready(self, now: float) -> list[EventRecord]:
        """What may come out now, in order."""
        out, self._next = self._next, []
        while (record := self._pending.pop(self.settled + 1, None)) is not None:
            self.settled += 1
            out.append(record)
            self._hole_since = None
        if self._pending and self._hole_since is None:
            self._hole_since = now
        while self._held and now - self._held[0][2] >= self._hold_back:
            at, id, _, record = self._held.pop(0)
            if self._out is not None and (at, id) < self._out:
                self.late += 1
            else:
                self._out = (at, id)
            out.append(record)
        return out

    def hole(self, now: float) -> float:
        """For how many seconds a number has been missing before a later one; 0 where none is."""
        return now - self._hole_since if self._pending and self._hole_since is not None else 0.0

    @property
    def waiting(self) -> bool:
        """Whether records are here that cannot come out yet."""
        return bool(self._pending or self._held)
