"""Following one import: the Realtime channel for speed, the store for certainty.

Two threads bring records to one inbox: the listener has the socket, the reader asks the store (at once when the
channel is confirmed, again a little later, every few seconds while live, and in place of the channel where there is
none). What comes out is `Merge`'s order. The channel is only ever a hint: nothing depends on what it brings.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from queue import Empty, Full, Queue
from typing import NamedTuple
from uuid import UUID

from websockets.exceptions import ConnectionClosed, WebSocketException

from smartimport_cli.backends.remote.backoff import delays
from smartimport_cli.backends.remote.caller import Caller
from smartimport_cli.backends.remote.channel import (
    Channel,
    ChannelEnded,
    Confirmed,
    Missed,
    Timing,
    Troubled,
    Why,
    classify,
)
from smartimport_cli.backends.remote.http import Unanswered
from smartimport_cli.backends.remote.merge import Merge
from smartimport_cli.backends.remote.refusal import tidy
from smartimport_cli.backends.remote.rows import Events, read_text
from smartimport_cli.backends.remote.websocket import Refused, WebSocket
from smartimport_cli.core.errors import ExitCode, SmartImportError
from smartimport_cli.core.events import EventRecord
from smartimport_cli.wire import paths, phoenix

TICK_SECONDS = 0.1  # the follower comes up for air this often
LISTEN_SECONDS = 0.05  # and its listener, which is what an end waits for
MAX_FRAME = 16 << 20  # bytes; a frame may be a little over the 1 MiB that a record may have
INBOX = 200  # arrivals on their way between the threads
_UNHEARD = 1_000  # stored events that the channel still owes us, at the most


class _Arrival(NamedTuple):
    records: list[EventRecord]
    source: str  # channel, snapshot, or reconcile


class _Heard(NamedTuple):
    """What the channel has brought, in the JSON that it came in: small while it waits, and nothing that Python would
    look through for garbage again and again."""

    rows: list[bytes]


class Follower:
    """One import being followed; `records` is the stream. Close it when done: it has threads."""

    def __init__(
        self,
        caller: Caller,
        events: Events,
        import_id: str,
        *,
        after: int = 0,
        given: frozenset[UUID] = frozenset(),
        timing: Timing = Timing(),  # noqa: B008 - immutable
    ) -> None:
        self._caller = caller
        self._events = events
        self._import_id = import_id
        self._timing = timing
        self._merge = Merge(after=after, given=given)
        self._inbox: Queue[_Arrival | _Heard | SmartImportError] = Queue(INBOX)
        self._stop = threading.Event()
        self._read_now = threading.Event()
        self._rejoin = threading.Event()
        self._back = threading.Event()  # the backend answers again: no need to wait any longer
        self._live = threading.Event()
        self._polling = threading.Event()
        self._answered = time.monotonic()  # when the backend last said anything
        self._confirmed_at = 0.0
        self._lost_at = time.monotonic()  # since when there is no live channel
        self._trouble = ""
        self._threads = [
            threading.Thread(target=self._guarded, args=(work,), name="follow", daemon=True)
            for work in (self._listen, self._read)
        ]
        self.connections = 0  # confirmed subscriptions so far
        self.heard: deque[int] = deque(maxlen=10_000)  # numbers of events, as the channel brought them

    @property
    def connection(self) -> str:
        """How the events come at present, in a few words for people."""
        if self._live.is_set():
            if self._events.has_numbers is not False:
                return "live"
            late = f"; {self._merge.late} came late" if self._merge.late else ""
            return f"live, though this backend does not number events: one may come late{late}"
        now = time.monotonic()
        if now - self._lost_at < self._timing.grace:
            return "connecting"
        silent = now - self._answered
        if self._polling.is_set() and silent < 2 * self._timing.poll_most:
            return "polling"
        reason = f" ({self._trouble})" if self._trouble else ""
        return f"lost{reason}, trying again"

    def records(self, *, until_quiet: float | None = None) -> Iterator[EventRecord | None]:
        """Each record once, in order; None ten times a second while there is none. Raises exit 6 where the
        backend has not answered for the profile's `give_up` seconds, exit 4 where it wants another sign-in."""
        for thread in self._threads:
            thread.start()
        try:
            yield from self._records(until_quiet)
        finally:
            self.close()

    def _records(self, until_quiet: float | None) -> Iterator[EventRecord | None]:
        heard = asked = time.monotonic()
        unheard: dict[UUID, float] = {}  # stored, not brought by the channel so far
        while True:
            arrival: _Arrival | _Heard | SmartImportError | None
            try:
                arrival = self._inbox.get(timeout=TICK_SECONDS)
            except Empty:
                arrival = None
            now = time.monotonic()
            if isinstance(arrival, SmartImportError):
                raise arrival
            if isinstance(arrival, _Heard):
                arrival = _Arrival(self._read_rows(arrival.rows), "channel")
            if arrival is not None:
                records, source = arrival
                new = [record for record in records if self._merge.take(record, now)]
                if source == "channel":
                    self.heard.extend(record.seq for record in records if record.seq is not None)
                    if unheard:
                        for record in records:
                            unheard.pop(record.id, None)
                elif source == "reconcile":
                    unheard.update((record.id, now) for record in new[: max(_UNHEARD - len(unheard), 0)])
            out = self._merge.ready(now)
            yield from out
            if out:
                heard = time.monotonic()
            if unheard and now - min(unheard.values()) > self._timing.unheard:
                unheard.clear()
                if self._live.is_set():
                    self._rejoin.set()
            hole = self._merge.hole(now)
            if hole >= self._timing.hole and now - asked >= self._timing.hole:
                asked = now
                self._read_now.set()
            if hole >= self._caller.profile.give_up:
                raise self._missing()
            if arrival is None:
                self._give_up(now)
                if until_quiet is not None and now - heard >= until_quiet and not self._merge.waiting:
                    return
                yield None

    def _read_rows(self, rows: list[bytes]) -> list[EventRecord]:
        records = [record for row in rows if (record := read_text(row, self._import_id)) is not None]
        if len(records) < len(rows):
            self._read_now.set()
        return records

    def _give_up(self, now: float) -> None:
        silent = now - self._answered
        if silent < self._caller.profile.give_up:
            return
        reason = f" ({self._trouble})" if self._trouble else ""
        raise SmartImportError(
            "unreachable",
            f"{self._caller.profile.name} has not answered for {silent:.0f} s{reason}. "
            f"Import {self._import_id[:8]} goes on there, whatever it was doing.",
            hint=f"Look again: smartimport watch {self._import_id[:8]}",
            exit_code=ExitCode.UNREACHABLE,
            retryable=True,
        )

    def _missing(self) -> SmartImportError:
        return SmartImportError(
            "event-missing",
            f"Event {self._merge.settled + 1} of import {self._import_id[:8]} is missing on the backend, though later "
            "ones are there. What follows it is not shown, as it could mislead.",
            hint=f"How the import stands: smartimport show {self._import_id[:8]}",
            exit_code=ExitCode.UNREACHABLE,
        )

    def close(self) -> None:
        """End the threads. May be called again."""
        self._stop.set()
        self._read_now.set()
        self._back.set()
        for thread in self._threads:
            if thread.is_alive() and thread is not threading.current_thread():
                thread.join(timeout=1.0)  # one that waits for an answer ends by itself

    def _guarded(self, work: Callable[[], None]) -> None:
        """A thread that fails tells the follower, instead of leaving it to wait for ever."""
        try:
            work()
        except SmartImportError as error:
            self._put(error)
        except Exception as error:
            bug = SmartImportError(
                "bug", f"Following the import failed ({type(error).__name__}).", exit_code=ExitCode.BUG,
                hint=f"It goes on: smartimport watch {self._import_id[:8]}",
            )  # fmt: skip
            bug.__cause__ = error
            self._put(bug)

    def _put(self, arrival: _Arrival | SmartImportError) -> None:
        """Into the inbox, however long that takes."""
        while not self._stop.is_set():
            with suppress(Full):
                self._inbox.put(arrival, timeout=TICK_SECONDS)
                return

    # The reader

    def _read(self) -> None:
        timing = self._timing
        waits = delays(timing.poll_first, timing.poll_most)
        failed = False
        read_for = -1.0  # the confirmation that was read for
        while not self._stop.is_set():
            self._read_now.clear()
            confirmed = self._confirmed_at
            source = "reconcile" if self._live.is_set() and read_for == confirmed else "snapshot"
            try:
                found = self._read_stored(source)
            except SmartImportError as error:
                if error.exit_code is not ExitCode.UNREACHABLE:
                    raise
                self._trouble = error.message.rstrip(".")
                failed = True
                self._polling.clear()
                self._read_now.wait(max(next(waits), TICK_SECONDS))
                continue
            self._answered = time.monotonic()
            if failed:
                self._back.set()
            failed = False
            self._trouble = ""
            if self._live.is_set():
                self._polling.clear()
                # Sending may begin a little later than it was confirmed.
                wait = timing.reconcile if read_for == confirmed else timing.again
                read_for = confirmed
            else:
                self._polling.set()
                if found:
                    waits = delays(timing.poll_first, timing.poll_most)
                wait = timing.poll_first / 2 + next(waits) / 2
            self._read_now.wait(wait)

    def _read_stored(self, source: str) -> bool:
        found = False
        pages = self._events.since(
            self._import_id, after=self._merge.settled, watermark=self._merge.watermark, attempts=1
        )
        for page in pages:
            self._answered = time.monotonic()
            found = True
            self._put(_Arrival(page, source))
            if self._stop.is_set():
                return found
        return found

    # The listener

    def _listen(self) -> None:
        timing = self._timing
        waits = delays(timing.reconnect_first, timing.reconnect_most)
        refused: str | None = None  # a token that the channel did not take
        while not self._stop.is_set():
            before = self.connections
            wait_at_least = 0.0
            token = ""
            try:
                token = self._caller.session.access_token(refused=refused)
                refused = None
                self._converse(token)
            except ChannelEnded as ended:
                if not self._trouble:
                    self._trouble = tidy(ended.reason)
                if ended.why is Why.EXPIRED:
                    refused = token
                elif ended.why is Why.REFUSED:
                    raise SmartImportError(
                        "sign-in", f"The backend refuses to let you follow: {tidy(ended.reason)}.",
                        hint="smartimport login", exit_code=ExitCode.SIGN_IN,
                    ) from None  # fmt: skip
                elif ended.why is not Why.LOST:
                    wait_at_least = timing.slow_down
            except SmartImportError as error:  # no fresh token
                if error.exit_code is not ExitCode.UNREACHABLE:
                    raise
            finally:
                if self._live.is_set():
                    self._lost_at = time.monotonic()
                self._live.clear()
                self._read_now.set()  # from here on the reader brings what comes
            if self.connections > before:
                waits = delays(timing.reconnect_first, timing.reconnect_most)
            if wait_at_least:
                self._stop.wait(wait_at_least)
            self._back.clear()
            if not self._stop.is_set():
                self._back.wait(next(waits))

    def _converse(self, token: str) -> None:
        """One connection, to its end. Raises ChannelEnded."""
        channel = Channel(self._import_id, self._timing)
        self._rejoin.clear()
        with closing(self._connected()) as socket:
            try:
                self._send(socket, channel.open(token, time.monotonic()))
                while not self._stop.is_set():
                    if self._rejoin.is_set():
                        raise ChannelEnded(Why.LOST, "events were stored that it did not bring")
                    if beat := channel.due(time.monotonic()):
                        self._send(socket, beat)
                    token = self._renewed(socket, channel, token)
                    self._hear(channel, socket)
                with suppress(ConnectionClosed):
                    self._send(socket, channel.leave())
            except ConnectionClosed as closed:
                code = closed.rcvd.code if closed.rcvd else None
                raise ChannelEnded(Why.LOST, f"the connection closed ({code or 'without a word'})") from None

    def _connected(self) -> WebSocket:
        profile = self._caller.profile
        address = paths.websocket(profile.supabase_url, profile.api_key, phoenix.V2)
        try:
            return WebSocket(self._caller.http, address, max_size=MAX_FRAME)
        except Refused as refused:
            status, said = refused.status, refused.said
            if status == 429:
                raise ChannelEnded(Why.BUSY, said or "too many connections") from None
            if status == 401 and classify(said) is Why.EXPIRED:
                raise ChannelEnded(Why.EXPIRED, said) from None
            unsupported = status in (401, 403, 404, 405, 426, 501)
            why = Why.UNSUPPORTED if unsupported else Why.LOST
            raise ChannelEnded(why, said or f"no websocket here ({status})") from None
        except Unanswered as unanswered:
            raise ChannelEnded(Why.LOST, unanswered.message) from None
        except WebSocketException as error:
            # The address has a key in it: an exception that might repeat it goes no further.
            raise ChannelEnded(Why.LOST, f"no websocket: {type(error).__name__}") from None

    def _send(self, socket: WebSocket, frame: phoenix.Frame) -> None:
        socket.send(phoenix.encode(frame, phoenix.V2))

    def _renewed(self, socket: WebSocket, channel: Channel, token: str) -> str:
        """The token the channel lives by; a fresh one is told to it before the old one ends."""
        expires = self._caller.session.expires_at
        now = datetime.now(UTC).timestamp()  # noqa: TID251 - tokens end by the world's clock
        if expires is None or expires - now > self._timing.renewal:
            return token
        fresh = self._caller.session.access_token()
        if fresh != token:
            self._send(socket, channel.renew(fresh))
        return fresh

    def _hear(self, channel: Channel, socket: WebSocket) -> None:
        """Wait a little for what comes next, and take all of it."""
        frames = socket.receive(LISTEN_SECONDS)
        if not frames:
            return
        self._answered = time.monotonic()
        rows: list[bytes] = []
        try:
            for frame in frames:
                if (row := channel.row(frame)) is None:
                    self._take(channel, frame)
                else:
                    rows.append(row)
        finally:
            if rows:
                try:
                    self._inbox.put_nowait(_Heard(rows))
                except Full:
                    self._read_now.set()

    def _take(self, channel: Channel, data: str | bytes) -> None:
        try:
            news = channel.hear(data)
        except phoenix.BadFrame:
            self._read_now.set()  # whatever it was, the store has it
            return
        match news:
            case Missed():
                self._read_now.set()
            case Confirmed():
                self.connections += 1
                self._confirmed_at = time.monotonic()
                self._live.set()
                self._read_now.set()
            case Troubled(reason):
                self._trouble = tidy(reason)
                self._live.clear()
                self._read_now.set()
