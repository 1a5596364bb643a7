"""The door: where a request comes from, how much it asks for, how long it takes; before anything reads it.

A page elsewhere must not reach a server on this machine through the person's browser: the Host must be ours (DNS
rebinding), an Origin too unless it was allowed by name, on HTTP and on the websocket. There is no CORS but for
allowed origins, and nothing here goes by cookies.
"""

import asyncio
import json
from collections.abc import Iterable, MutableMapping
from typing import Any

from smartimport_cli.server.log import Log
from smartimport_cli.wire import paths

SMALL_BODY = 1 << 20
BODY_SECONDS = 30.0  # between two pieces of a body
MAX_REQUESTS = 200  # under way at once
PER_SECOND, BURST = 500.0, 1000.0  # requests of one address
MAX_ADDRESSES = 4096

Scope = MutableMapping[str, Any]


class BodyTooLarge(Exception):
    """More came than may come to this path; the connection is of no more use."""


class BodyTooSlow(Exception):
    """The client has sent nothing for too long."""


class Door:
    """ASGI middleware around the whole application."""

    def __init__(
        self,
        app: Any,
        *,
        hosts: Iterable[str],
        origins: Iterable[str],
        large_body: int,
        log: Log,
        per_second: float = PER_SECOND,
    ) -> None:
        self._app = app
        self._hosts = frozenset(host.lower() for host in hosts)
        self._origins = frozenset(origin.lower().rstrip("/") for origin in origins)
        self._large_body = large_body
        self._log = log
        self._buckets: dict[str, tuple[float, float]] = {}
        self._per_second = per_second
        self._burst = max(BURST, per_second)
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = _headers(scope)
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            status, code, message = refusal
            self._log.info("door.refused", status=status, reason=code, path=scope["path"])
            await _refuse(scope, receive, send, status, code, message)
            return
        origin = headers.get("origin", [""])[0]
        cross = origin.lower() if self._is_allowed_stranger(origin, headers) else None
        if scope["type"] == "websocket":
            await self._app(scope, receive, send)
            return
        if scope["method"] == "OPTIONS":
            await _options(send, cross)
            return
        self._under_way += 1
        try:
            limit = self._most_of(scope["path"])
            await self._app(scope, _bounded(receive, limit), _marked(send, cross))
        finally:
            self._under_way -= 1

    def _refusal(self, scope: Scope, headers: dict[str, list[str]]) -> tuple[int, str, str] | None:
        hosts = headers.get("host", [])
        if len(hosts) != 1 or hosts[0].lower() not in self._hosts:
            return 421, "wrong_host", "This server does not go by that name."
        origins = headers.get("origin", [])
        if origins and (len(origins) > 1 or not self._is_welcome(origins[0], hosts[0])):
            return 403, "wrong_origin", "Pages of that origin may not use this server."
        if not self._has_allowance((scope.get("client") or ("?",))[0]):
            return 429, "rate_limited", "Too many requests; wait a moment."
        if scope["type"] == "http" and self._under_way >= MAX_REQUESTS:
            return 503, "busy", "Too many requests are under way; wait a moment."
        length = headers.get("content-length", ["0"])[0]
        limit = self._most_of(scope["path"])
        if not length.isdecimal() or int(length) > limit:
            return 413, "file_too_large", f"At most {limit:,} bytes are taken here."
        return None

    def _most_of(self, path: str) -> int:
        """The largest body that a path takes, in bytes."""
        if path == paths.function(paths.INGEST) or path.startswith(f"{paths.STORAGE}/"):
            return self._large_body
        return paths.EDIT_BODY if path == paths.extension(paths.EDIT) else SMALL_BODY

    def _is_welcome(self, origin: str, host: str) -> bool:
        return origin.lower() in (f"http://{host.lower()}", *self._origins)

    def _is_allowed_stranger(self, origin: str, headers: dict[str, list[str]]) -> bool:
        return bool(origin) and origin.lower() != f"http://{headers['host'][0].lower()}"

    def _has_allowance(self, address: str) -> bool:
        now = asyncio.get_running_loop().time()
        level, since = self._buckets.get(address, (self._burst, now))
        level = min(self._burst, level + (now - since) * self._per_second)
        if len(self._buckets) >= MAX_ADDRESSES and address not in self._buckets:
            self._buckets.clear()
        self._buckets[address] = (level - 1 if level >= 1 else level), now
        return level >= 1


def _headers(scope: Scope) -> dict[str, list[str]]:
    headers: dict[str, list[str]] = {}
    for name, value in scope["headers"]:
        headers.setdefault(name.decode("latin-1"), []).append(value.decode("latin-1"))
    return headers


def _bounded(receive: Any, limit: int) -> Any:
    came = 0

    async def bounded() -> Any:
        nonlocal came
        if came < 0:
            return await receive()
        try:
            async with asyncio.timeout(BODY_SECONDS):
                message = await receive()
        except TimeoutError:
            raise BodyTooSlow from None
        if message["type"] == "http.request":
            came += len(message.get("body", b""))
            if came > limit:
                raise BodyTooLarge
            if not message.get("more_body"):
                came = -1  # what comes now is the end of the connection, whenever
        return message

    return bounded


def _marked(send: Any, cross_origin: str | None) -> Any:
    async def marked(message: Any) -> None:
        if message["type"] == "http.response.start":
            there = {name for name, _ in message["headers"]}
            message["headers"] = [
                *message["headers"],
                *((name, value) for name, value in _ALWAYS if name not in there),
                *_cors(cross_origin),
            ]
        await send(message)

    return marked


_ALWAYS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
]


_ALLOWED_HEADERS = (
    b"authorization, apikey, content-type, x-client-info, x-supabase-api-version, prefer, range, accept-profile, "
    b"content-profile, x-upsert, x-user-id, tus-resumable, upload-length, upload-metadata, upload-offset, "
    b"x-signature, cache-control"
)


def _cors(origin: str | None) -> list[tuple[bytes, bytes]]:
    if origin is None:
        return []
    return [
        (b"access-control-allow-origin", origin.encode("latin-1")),
        (b"access-control-expose-headers", b"content-range, retry-after, location, upload-offset"),
        (b"vary", b"origin"),
    ]


async def _options(send: Any, cross_origin: str | None) -> None:
    headers = [(b"allow", b"GET, HEAD, POST, PUT, PATCH, OPTIONS"), *_cors(cross_origin)]
    if cross_origin is not None:
        headers += [
            (b"access-control-allow-methods", b"GET, HEAD, POST, PUT, PATCH"),
            (b"access-control-allow-headers", _ALLOWED_HEADERS),
            (b"access-control-max-age", b"600"),
        ]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def _refuse(scope: Scope, receive: Any, send: Any, status: int, code: str, message: str) -> None:
    kind = "http"
    if scope["type"] == "websocket":
        await receive()
        kind = "websocket.http"
    body = json.dumps({"ok": False, "error": code, "message": message}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()), *_ALWAYS]
    if status in (429, 503):
        headers.append((b"retry-after", b"1"))
    await send({"type": f"{kind}.response.start", "status": status, "headers": headers})
    await send({"type": f"{kind}.response.body", "body": body})
