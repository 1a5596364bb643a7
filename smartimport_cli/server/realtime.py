"""The Realtime websocket: Phoenix channels on which a user's events arrive as `postgres_changes`.

Speaks what the official clients speak (versions 1.0.0 and 2.0.0): a socket is opened with an API key, a channel is
joined with a user's token and lives until the token expires. `system` ok is sent when the channel is attached to
the feed, so that a client which reads what is stored after it and merges by id misses nothing.

A follower that does not take what it is sent is cut off (1013) and catches up when it connects again.
"""

import asyncio
import json
from collections import deque
from collections.abc import Callable, MutableMapping
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any
from urllib.parse import parse_qs

from smartimport_cli.server.faults import Faults
from smartimport_cli.server.feed import Change
from smartimport_cli.server.filters import BadFilter, read_filter
from smartimport_cli.server.log import Log
from smartimport_cli.server.tenants import Tenant, Tenants
from smartimport_cli.server.tokens import BadToken, Claims, Tokens
from smartimport_cli.wire import phoenix
from smartimport_cli.wire.phoenix import AccessToken, BadFrame, Binding, Frame, Heartbeat, Join, Leave

IDLE_SECONDS = 60.0
MAX_FRAME_BYTES = 5_000_000  # inbound
MAX_CHANNELS = 100  # of one socket
MAX_WAITING = 4000  # frames of one socket that wait to be sent
MAX_MESSAGES = 200  # inbound, in MESSAGES_SECONDS
MESSAGES_SECONDS = 1.0
CLOSE_SECONDS = 2.0  # to take a farewell
IDLE, TOO_MANY, FAILED, TOO_SLOW = 1000, 1008, 1011, 1013

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]


class Realtime:
    """The ASGI application behind /realtime/v1/websocket."""

    def __init__(
        self,
        tenants: Tenants,
        tokens: Tokens,
        has_ended: Callable[[str | None], bool],
        log: Log,
        faults: Faults,
        *,
        max_sockets: int,
        max_sockets_of_user: int,
    ) -> None:
        self._tenants = tenants
        self._tokens = tokens
        self._has_ended = has_ended
        self.log = log
        self.faults = faults
        self._max_sockets = max_sockets
        self._max_sockets_of_user = max_sockets_of_user
        self._open: set[Socket] = set()

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        await receive()  # websocket.connect
        refusal = self._refusal(scope)
        if refusal is not None:
            await _deny(send, *refusal)
            return
        version = _query(scope).get("vsn", phoenix.V1)
        await send({"type": "websocket.accept"})
        socket = Socket(version, send, self)
        self._open.add(socket)
        try:
            await socket.serve(receive)
        finally:
            self._open.discard(socket)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        query = _query(scope)
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        key = headers.get("x-api-key") or query.get("apikey")
        if not key:
            return 401, "Missing API key"
        try:
            self._tokens.check(key)
        except BadToken as error:
            return 401, str(error)
        if query.get("vsn", phoenix.V1) not in phoenix.VERSIONS:
            return 400, "Unsupported vsn"
        if len(self._open) >= self._max_sockets:
            return 429, "Too many connections"
        return None

    def check(self, token: str | None) -> Claims:
        """What a user's token says. Raises BadToken."""
        if not token:
            raise BadToken("The join brings no access token.")
        claims = self._tokens.check(token)
        if claims.user_id is None or self._has_ended(claims.session_id):
            raise BadToken("The token is no user's, or its session has ended.")
        return claims

    def has_room(self, user_id: str | None, socket: "Socket") -> bool:
        """Whether this socket may be one more of the user's, or is one already."""
        others = sum(user_id in other.users for other in self._open if other is not socket)
        return others < self._max_sockets_of_user

    async def tenant(self, claims: Claims) -> Tenant:
        """The token's user's data."""
        assert claims.user_id is not None
        return await self._tenants.of(claims.user_id)

    def seconds_left(self, claims: Claims) -> float:
        """How long the token is good for."""
        return claims.expires_at - self._tokens.now()


@dataclass(eq=False)
class Channel:
    """One joined topic of a socket: which changes it wants, as whom, until when."""

    socket: "Socket"
    topic: str
    join_ref: str | None
    bindings: list[tuple[int, Binding, Callable[[Change], bool]]]
    claims: Claims
    token: str
    tenant: Tenant
    attached: bool = False
    timers: list[asyncio.TimerHandle] = field(default_factory=list)
    envelopes: dict[tuple[int, ...], tuple[str, str]] = field(default_factory=dict)

    @property
    def backlog(self) -> int:
        return self.socket.backlog

    def deliver(self, change: Change) -> None:
        """The change, if this channel wants it: the shared JSON in this channel's envelope."""
        ids = tuple(number for number, _, wants in self.bindings if wants(change))
        if ids:
            head, tail = self.envelopes.get(ids) or self._envelope(ids)
            self.socket.put(head, change.data, tail)
            if self.socket.realtime.faults:
                self.socket.strike(self, self.socket.realtime.faults.after_delivery())

    def _envelope(self, ids: tuple[int, ...]) -> tuple[str, str]:
        empty = Frame(None, None, self.topic, "postgres_changes", {"ids": list(ids), "data": None})
        text = phoenix.encode(empty, self.socket.version, server=True)
        head, _, tail = text.rpartition('"data":null}')
        self.envelopes[ids] = f'{head}"data":', f"}}{tail}"
        return self.envelopes[ids]

    def at(self, seconds: float, call: Callable[[], None]) -> None:
        """Do something in so many seconds, unless the channel has ended."""
        self.timers.append(asyncio.get_running_loop().call_later(max(seconds, 0), call))

    def end(self) -> None:
        """No more changes."""
        for timer in self.timers:
            timer.cancel()
        self.timers.clear()
        self.tenant.feed.detach(self)


class Socket:
    """One connection: what comes is answered in turn, what goes waits in a queue that has an end."""

    def __init__(self, version: str, send: Any, realtime: Realtime) -> None:
        self.version = version
        self.realtime = realtime
        self._send = send
        self.users: set[str | None] = set()  # who have joined a channel here
        self._channels: dict[str, Channel] = {}
        self._waiting: deque[tuple[str, str, str]] = deque()
        self._news = asyncio.Event()
        self._ending = asyncio.Event()
        self._close_code: int | None = None  # None: without a farewell
        self._inbound = 0
        self._window = 0.0

    @property
    def backlog(self) -> int:
        return len(self._waiting)

    async def serve(self, receive: Any) -> None:
        """Until either side has had enough."""
        tasks = [
            asyncio.create_task(self._read(receive)),
            asyncio.create_task(self._write()),
            asyncio.create_task(self._ending.wait()),
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for channel in self._channels.values():
                channel.end()
            self._channels.clear()
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
        for error in ended:
            if isinstance(error, Exception) and not isinstance(error, OSError):  # the peer's leaving is none
                self.realtime.log.error("realtime.failed", error=error)
                self.end(FAILED)
        if self._ending.is_set() and self._close_code is not None:
            with suppress(Exception):  # it may be gone, or not listen
                await asyncio.wait_for(
                    self._send({"type": "websocket.close", "code": self._close_code}), CLOSE_SECONDS
                )

    def end(self, code: int | None) -> None:
        """Close the connection with `code`; None cuts it."""
        if not self._ending.is_set():
            self._close_code = code
            self._ending.set()

    # -- out

    def put(self, head: str, body: str = "", tail: str = "") -> None:
        """Queue one frame, in up to three parts (the middle one is shared by all who get it)."""
        if len(self._waiting) >= MAX_WAITING:
            self.realtime.log.info("realtime.too-slow", waiting=len(self._waiting))
            self._waiting.clear()
            self.end(TOO_SLOW)
            return
        self._waiting.append((head, body, tail))
        self._news.set()

    def say(self, frame: Frame) -> None:
        """Queue a frame."""
        self.put(phoenix.encode(frame, self.version, server=True))

    async def _write(self) -> None:
        while True:
            while self._waiting:
                await self._send({"type": "websocket.send", "text": "".join(self._waiting.popleft())})
            self._news.clear()
            await self._news.wait()

    # -- in

    async def _read(self, receive: Any) -> None:
        while True:
            try:
                async with asyncio.timeout(IDLE_SECONDS):
                    message = await receive()
            except TimeoutError:
                self.end(IDLE)
                return
            if message["type"] == "websocket.disconnect":
                return
            if not self._in_time():
                self.end(TOO_MANY)
                return
            data = message.get("text")
            try:
                await self._take(phoenix.decode(message["bytes"] if data is None else data, self.version))
            except BadFrame as error:
                self.realtime.log.debug("realtime.bad-frame", reason=str(error))

    def _in_time(self) -> bool:
        now = asyncio.get_running_loop().time()
        if now - self._window > MESSAGES_SECONDS:
            self._window, self._inbound = now, 0
        self._inbound += 1
        return self._inbound <= MAX_MESSAGES

    async def _take(self, frame: Frame) -> None:
        message = phoenix.read_client(frame)
        if isinstance(message, Heartbeat):
            if not self.realtime.faults.silent_heartbeat:
                self.say(phoenix.reply(frame, {}))
        elif isinstance(message, Join):
            await self._join(frame, message)
        elif frame.topic not in self._channels:
            self.say(phoenix.reply(frame, {"reason": "unmatched topic"}, ok=False))
        elif isinstance(message, Leave):
            if frame.join_ref not in (None, self._channels[frame.topic].join_ref):
                return  # from a join that another has taken the place of
            channel = self._drop(frame.topic)
            self.say(phoenix.reply(frame, {}))
            self.say(phoenix.closed(channel.topic, channel.join_ref))
        elif isinstance(message, AccessToken):
            await self._renew(self._channels[frame.topic], message.token)
        # Broadcasts and presence are taken and lead nowhere: nobody but the database speaks here.

    async def _join(self, frame: Frame, join: Join) -> None:
        reason = self._unjoinable(join)
        claims: Claims | None = None
        if reason is None:
            try:
                claims = self.realtime.check(join.access_token)
            except BadToken as error:
                reason = "InvalidJWTToken: Token has expired" if error.expired else f"Unauthorized: {error}"
            else:
                if not self.realtime.has_room(claims.user_id, self):
                    reason = "ConnectionRateLimitReached: Too many connected users"
        if reason is not None or claims is None:
            self.say(phoenix.reply(frame, {"reason": reason}, ok=False))
            return
        if join.topic in self._channels:
            old = self._drop(join.topic)
            self.say(phoenix.closed(old.topic, old.join_ref))
        bindings, problem = [], ""
        for binding in join.bindings:
            number = _number(binding)
            try:
                bindings.append((number, binding, _wants(binding)))
            except BadFilter as error:
                problem = str(error)
                bindings.append((number, binding, lambda change: False))
        self.users.add(claims.user_id)
        tenant, token = await self.realtime.tenant(claims), join.access_token or ""
        channel = Channel(self, join.topic, frame.join_ref or frame.ref, bindings, claims, token, tenant)
        self._channels[join.topic] = channel
        self.say(phoenix.joined(frame, [(binding, number) for number, binding, _ in bindings]))
        if problem:
            self.say(phoenix.system(channel.topic, channel.join_ref, problem, ok=False))
        elif bindings:
            self._attach(channel)
        self._expire(channel)

    def _unjoinable(self, join: Join) -> str | None:
        if not join.topic.startswith(phoenix.TOPIC_PREFIX):
            return "unmatched topic"
        if join.topic == phoenix.TOPIC_PREFIX:
            return "TopicNameRequired: You must provide a topic name"
        if len(self._channels) >= MAX_CHANNELS:
            return "ChannelRateLimitReached: Too many channels"
        if join.private:
            return "Unauthorized: You do not have permissions to read from this Channel topic"
        if self.realtime.faults.refuses_join():
            return "RealtimeRestarting: Realtime is restarting, please standby"
        return None

    def _attach(self, channel: Channel) -> None:
        try:
            channel.tenant.feed.attach(channel)
        except Exception as error:
            self.realtime.log.error("realtime.attach", error=error)
            self.say(
                phoenix.system(channel.topic, channel.join_ref, "Unable to subscribe to changes", ok=False)
            )
            return
        channel.attached = True

        def tell() -> None:
            self.say(phoenix.system(channel.topic, channel.join_ref, "Subscribed to PostgreSQL"))

        if delay := self.realtime.faults.system_delay:
            channel.at(delay, tell)
        else:
            tell()

    async def _renew(self, channel: Channel, token: str) -> None:
        if token == channel.token or token.startswith("sb_"):
            return
        try:
            claims = self.realtime.check(token)
        except BadToken as error:
            self._expel(channel, "Token has expired" if error.expired else f"Invalid token: {error}")
            return
        if claims.user_id != channel.claims.user_id:
            self._expel(channel, "The token is another user's")
            return
        for timer in channel.timers:
            timer.cancel()
        channel.timers.clear()
        channel.claims, channel.token = claims, token
        self._expire(channel)
        if channel.attached:
            self.say(phoenix.system(channel.topic, channel.join_ref, "Subscribed to PostgreSQL"))

    def _expire(self, channel: Channel) -> None:
        channel.at(
            self.realtime.seconds_left(channel.claims), lambda: self._expel(channel, "Token has expired")
        )

    def _expel(self, channel: Channel, message: str) -> None:
        if self._channels.get(channel.topic) is channel:
            self._drop(channel.topic)
            self.say(phoenix.system(channel.topic, channel.join_ref, message, ok=False, extension="system"))
            self.say(phoenix.closed(channel.topic, channel.join_ref))

    def _drop(self, topic: str) -> Channel:
        channel = self._channels.pop(topic)
        channel.end()
        return channel

    def strike(self, channel: Channel, fault: str | None) -> None:
        """Make an injected fault of the connection."""
        if fault is None:
            return
        kind, _, code = fault.partition("-")
        if kind == "phx":
            self._drop(channel.topic)
            self.say(phoenix.closed(channel.topic, channel.join_ref, crashed=code == "error"))
        else:
            # What was delivered before goes out first.
            asyncio.get_running_loop().call_later(0.05, self.end, None if code == "1006" else int(code))


def _wants(binding: Binding) -> Callable[[Change], bool]:
    """Which changes a binding asks for. Raises BadFilter."""
    if binding.schema not in ("public", "*") or binding.table not in ("import_events", "*"):
        raise BadFilter(
            "Unable to subscribe to changes with given parameters. Please check Realtime is enabled for the "
            f"given connect parameters: [schema: {binding.schema}, table: {binding.table}]"
        )
    matches = read_filter(binding.filter)
    if binding.event not in ("INSERT", "*"):
        return lambda change: False  # events are only ever added
    return lambda change: matches(change.event)


def _number(binding: Binding) -> int:
    """The same for the same parameters on every join, as the hosted server does it; 1 to 2^27 - 1."""
    text = json.dumps(binding.asked, sort_keys=True)
    return int.from_bytes(blake2b(text.encode(), digest_size=4).digest(), "big") % (2**27 - 1) + 1


def _query(scope: Scope) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(scope["query_string"].decode("latin-1")).items()}


async def _deny(send: Any, status: int, message: str) -> None:
    body = json.dumps({"error": message}).encode()
    await send({
        "type": "websocket.http.response.start", "status": status,
        "headers": [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())],
    })  # fmt: skip
    await send({"type": "websocket.http.response.body", "body": body})
