"""The life of one Realtime channel, without its socket: which frames to send when, and what those that come mean.

Pure: frames and times in, frames and news out. A channel that ends for whatever reason is not mended but opened
anew on a new connection, so there is one way back and not several.
"""

from dataclasses import dataclass
from enum import Enum

from smartimport_cli.wire import paths, phoenix
from smartimport_cli.wire.phoenix import Frame


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds. Tests have a hurry; these are for life."""

    heartbeat: float = 25.0  # the server closes after 60 without a word
    answer: float = 20.0  # from a heartbeat to its answer; one that takes longer has lost the line
    confirmation: float = 15.0  # from the join to the word that changes are sent (a refusal alone takes 5)
    renewal: float = 60.0  # before the token's end
    reconcile: float = 12.0  # read what is stored, live or not: the server drops batches without a word
    again: float = 3.0  # read once more after a confirmation: sending may begin later than it says
    hole: float = 1.0  # a missing number is waited for before it is read
    unheard: float = 5.0  # a stored event that the channel has not brought by then makes it suspect
    poll_first: float = 2.0
    poll_most: float = 10.0
    reconnect_first: float = 0.5
    reconnect_most: float = 15.0
    grace: float = 5.0  # without a channel before a person is told
    slow_down: float = 30.0  # where the server says that we are too many


class Why(Enum):
    """Why a channel ended, by what is to be done about it."""

    LOST = "lost"  # come back soon
    BUSY = "busy"  # come back later
    EXPIRED = "expired"  # come back with another token
    REFUSED = "refused"  # this token will not do, nor will another of the same session
    UNSUPPORTED = "unsupported"  # this backend has no such thing: poll


class ChannelEnded(Exception):
    """`reason` is for people (a stranger's words, not yet cleaned)."""

    def __init__(self, why: Why, reason: str) -> None:
        super().__init__(reason)
        self.why = why
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Changes are sent from now on. Comes again whenever the server has begun anew: read what is stored."""


@dataclass(frozen=True, slots=True)
class Troubled:
    """The channel is open but brings no changes at present; the server goes on trying."""

    reason: str


@dataclass(frozen=True, slots=True)
class Missed:
    """Something was stored that the channel brings in part (it was too large), or in an odd form: read the store."""


News = Confirmed | Troubled | Missed | None


class Channel:
    """One join on one connection."""

    def __init__(self, import_id: str, timing: Timing) -> None:
        self._timing = timing
        self._topic = paths.topic(import_id)
        self._filter = f"import_id=eq.{import_id}"
        self._ref = 0
        self._join_ref = ""
        self._opened_at = 0.0
        self._beat_at = 0.0
        self._beat_ref: str | None = None  # of a heartbeat that was not answered yet
        self.confirmed = False

    def open(self, token: str, now: float) -> Frame:
        """Ask to join."""
        self._join_ref = self._next()
        self._opened_at = self._beat_at = now
        binding = {"event": "INSERT", "schema": "public", "table": paths.EVENTS, "filter": self._filter}
        return phoenix.join(self._topic, self._join_ref, [binding], token)

    def renew(self, token: str) -> Frame:
        """Go on with a fresh token."""
        return phoenix.access_token(self._topic, self._join_ref, self._next(), token)

    def leave(self) -> Frame:
        return phoenix.leave(self._topic, self._join_ref, self._next())

    def due(self, now: float) -> Frame | None:
        """The heartbeat, when it is time for one. Raises ChannelEnded where the other side has fallen silent, or
        has not confirmed the join in time."""
        if not self.confirmed and now - self._opened_at >= self._timing.confirmation:
            raise ChannelEnded(Why.LOST, "the subscription was not confirmed in time")
        since = now - self._beat_at
        if self._beat_ref is not None and since >= self._timing.answer:
            raise ChannelEnded(Why.LOST, "no answer to a heartbeat")
        if self._beat_ref is not None or since < self._timing.heartbeat:
            return None
        self._beat_at = now
        self._beat_ref = self._next()
        return phoenix.heartbeat(self._beat_ref)

    def row(self, data: str | bytes) -> bytes | None:
        """The stored event that a frame brings, in the JSON that it came in; None where it brings anything else."""
        return phoenix.read_inserted(data, self._topic) if isinstance(data, str) else None

    def hear(self, data: str | bytes) -> News:
        """What a frame brings that is no `row`. Raises ChannelEnded; and phoenix.BadFrame, after which the channel
        goes on."""
        frame = phoenix.decode(data, phoenix.V2)
        if frame.topic == phoenix.HEARTBEAT_TOPIC:
            if frame.ref == self._beat_ref:
                self._beat_ref = None
            return None
        if frame.topic != self._topic or frame.join_ref not in (None, self._join_ref):
            return None  # of an earlier join
        message = phoenix.read_server(frame)
        match message:
            case phoenix.Reply(ref=ref, ok=False, reason=reason):
                if ref == self._join_ref or "unmatched topic" in reason:
                    raise ChannelEnded(classify(reason), reason)
            case phoenix.System(extension="postgres_changes", ok=True):
                self.confirmed = True
                return Confirmed()
            case phoenix.System(extension="postgres_changes", message=text):
                # The channel stays; most of these failures the server tries to mend by itself.
                self._opened_at = float("inf")
                self.confirmed = False
                return Troubled(text)
            case phoenix.System(ok=False, message=text):
                raise ChannelEnded(classify(text), text)
            case phoenix.Ended(crashed=crashed):
                raise ChannelEnded(
                    Why.LOST, "the channel crashed" if crashed else "the server closed the channel"
                )
            case phoenix.Change(type="INSERT"):
                return Missed()
        return None

    def _next(self) -> str:
        self._ref += 1
        return str(self._ref)


def classify(reason: str) -> Why:
    """What to do about a refusal, by its text: the codes changed from release to release."""
    text = reason.lower()
    if "expired" in text or "invalidjwttoken" in text:
        return Why.EXPIRED
    if any(
        word in text for word in ("malformedjwt", "jwtsign", "unauthorized", "missing claim", "missing `")
    ):
        return Why.REFUSED
    if "ratelimit" in text or "too many" in text or "rate limit" in text:
        return Why.BUSY
    if any(
        word in text for word in ("topicnamerequired", "tenantnotfound", "realtimedisabled", "privateonly")
    ):
        return Why.UNSUPPORTED
    return Why.LOST
