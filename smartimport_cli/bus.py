"""Publish and subscribe within one process: callbacks and async streams, with the privacy guard at the door.

A handler is called in the thread that publishes, in the order of subscription. Who subscribes while an event is
delivered gets the next one; who unsubscribes gets none any more, this one included. A handler that raises stops
nobody: `on_error(record, handler, exception)` is told, by default `sys.excepthook`, which prints the traceback
as for an uncaught exception, and the others still get the event.

    bus = Bus()
    with bus.subscribe("import:parse:*", lambda record: ...):
        bus.publish(record)
    async with bus.stream("import:*") as records:
        async for record in records: ...
"""

import asyncio
import sys
import threading
import weakref
from collections import deque
from collections.abc import Callable
from inspect import iscoroutinefunction
from types import TracebackType
from typing import Literal, Self

from smartimport_cli.core.events import EventRecord, matches

Handler = Callable[[EventRecord], object]
OnError = Callable[[EventRecord, Handler, Exception], object]
OnFull = Literal["drop-oldest", "drop-newest", "fail"]

_MOST_ROUTES = 256  # foreign types may be any text; the sixteen need few


class Subscription:
    """A handler's place on the bus. Call it, `dispose()` it, or leave its `with` block to unsubscribe;
    again changes nothing."""

    __slots__ = ("__weakref__", "_bus", "_handler", "_pattern")

    def __init__(self, bus: "Bus", pattern: str, handler: Handler) -> None:
        self._bus = bus
        self._pattern = pattern
        self._handler = handler

    def dispose(self) -> None:
        self._handler = _nothing  # also for deliveries that are under way
        self._bus._remove(self)

    def __call__(self) -> None:
        self.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.dispose()


class Bus:
    """Hands each published record to whoever subscribed to its type. Every method may be called in any thread."""

    def __init__(self, *, on_error: OnError | None = None) -> None:
        self._on_error = on_error
        self._lock = threading.RLock()  # a collected stream may unsubscribe at any time
        self._subscriptions: dict[Subscription, None] = {}
        self._routes: dict[str, tuple[Subscription, ...]] = {}  # by type; begun anew with each change

    def subscribe(self, pattern: str, handler: Handler) -> Subscription:
        """Call `handler(record)` for each event of a type that `pattern` names: `*`, `import:*`,
        `import:parse:*`, or one type. Raises ValueError for another pattern, TypeError for a coroutine
        function (it would never be awaited: use `stream`)."""
        matches(pattern, "")
        if iscoroutinefunction(handler):
            raise TypeError("a handler is a plain function; use stream() to await events")
        subscription = Subscription(self, pattern, handler)
        with self._lock:
            self._subscriptions[subscription] = None
            self._routes = {}
        return subscription

    def publish(self, record: EventRecord) -> None:
        """Deliver `record` to its handlers, then return. What is private in its payload is masked first;
        raises PrivacyError, and delivers nothing, where it must not travel at all."""
        try:
            route = self._routes[record.passed]  # set by the guard: a record that has passed carries its type
        except (KeyError, AttributeError):
            record = record.guarded()
            route = self._route(record.event_type)
        for subscription in route:
            handler = subscription._handler
            try:
                handler(record)
            except Exception as error:
                self._report(record, handler, error)

    def stream(self, pattern: str = "*", *, maxsize: int = 1024, on_full: OnFull = "drop-oldest") -> "Stream":
        """The matching events published from now on, to be awaited in the running event loop (see Stream)."""
        return Stream(self, pattern, maxsize, on_full)

    def _route(self, name: str) -> tuple[Subscription, ...]:
        with self._lock:
            route = tuple(s for s in list(self._subscriptions) if matches(s._pattern, name))
            if len(self._routes) < _MOST_ROUTES:
                self._routes[name] = route
        return route

    def _remove(self, subscription: Subscription) -> None:
        with self._lock:
            if self._subscriptions.pop(subscription, self) is None:
                self._routes = {}

    def _report(self, record: EventRecord, handler: Handler, error: Exception) -> None:
        try:
            if self._on_error is not None:
                self._on_error(record, handler, error)
                return
        except Exception as worse:
            error = worse
        sys.excepthook(type(error), error, error.__traceback__)


class StreamOverflow(RuntimeError):
    """A stream with `on_full="fail"` was read too slowly; it has ended."""


class Stream:
    """An async iterator over published events, through a queue of at most `maxsize`.

    Publishing never waits for a reader. When the queue is full, `on_full` decides: `drop-oldest` gives up the
    event that has waited longest, `drop-newest` the one that comes; `fail` ends the stream, and after what was
    queued the reader gets StreamOverflow. `dropped` counts what was given up. (Nothing is lost for good: events
    are in the store, and a gap in `seq` shows in `ImportState.missing_events`.)

    It listens from its creation on, ends with `close()` or its `async with` block, and may be fed from any
    thread. Made and read in one event loop.
    """

    def __init__(self, bus: Bus, pattern: str, maxsize: int, on_full: OnFull) -> None:
        if maxsize < 1 or on_full not in ("drop-oldest", "drop-newest", "fail"):
            raise ValueError("a stream holds at least 1, and on_full is drop-oldest, drop-newest or fail")
        self.dropped = 0
        self._maxsize = maxsize
        self._on_full = on_full
        self._loop = asyncio.get_running_loop()
        self._lock = threading.Lock()
        self._queue: deque[EventRecord] = deque()
        self._ready = asyncio.Event()
        self._called = False  # the loop has been asked to set `_ready`
        self._closed = False
        # The bus holds the stream weakly: one that was only dropped stops listening.
        put = weakref.WeakMethod(self._put)

        def deliver(record: EventRecord) -> None:
            if (alive := put()) is not None:
                alive(record)

        self._subscription = bus.subscribe(pattern, deliver)
        weakref.finalize(self, self._subscription.dispose).atexit = False

    def close(self) -> None:
        """Stop listening; what is queued can still be read."""
        self._subscription.dispose()
        with self._lock:
            self._closed = True
            self._call()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> EventRecord:
        while True:
            with self._lock:
                if self._queue:
                    return self._queue.popleft()
                if self._closed:
                    if self.dropped and self._on_full == "fail":
                        raise StreamOverflow(f"more than {self._maxsize} events waited to be read")
                    raise StopAsyncIteration
                self._ready.clear()
                self._called = False
            await self._ready.wait()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _put(self, record: EventRecord) -> None:
        with self._lock:
            if self._closed:
                return
            if len(self._queue) >= self._maxsize:
                self.dropped += 1
                if self._on_full == "fail":
                    self._closed = True
                if self._on_full != "drop-oldest":
                    return
                self._queue.popleft()
            self._queue.append(record)
            self._call()

    def _call(self) -> None:
        """Wake the reader, once for however many events (the lock is held)."""
        if not self._called:
            self._called = True
            try:
                self._loop.call_soon_threadsafe(self._ready.set)
            except RuntimeError:  # the loop is closed: nobody will read any more
                self._closed = True


def _nothing(record: EventRecord) -> None:
    """The handler of one who has unsubscribed."""
