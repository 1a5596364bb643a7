"""A small Supabase on loopback, with functions beside it, that can be made to misbehave.

HTTP and websocket on one port behind a line (`Line`) that can be cut, stalled or slowed. Its frames are those of
the recordings in tests/wire/frames; what it does wrong on purpose is set in `faults`.
"""

import asyncio
import contextlib
import json
import random
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from smartimport_cli.wire import phoenix

USER = "5f3c1d2e-0000-4000-8000-00000000000a"
COLUMNS = [("id", "uuid"), ("import_id", "uuid"), ("user_id", "uuid"), ("event_type", "text"), ("payload", "jsonb"),
           ("created_at", "timestamptz"), ("seq", "int8")]  # fmt: skip


def jwt(**claims: Any) -> str:
    import base64

    def part(value: Any) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'HS256'})}.{part({'sub': USER, 'role': 'authenticated', **claims})}.{uuid4().hex}"


@dataclass
class Faults:
    """Probabilities for each change that is sent, and what to refuse."""

    lose: float = 0.0
    duplicate: float = 0.0
    reorder: float = 0.0
    delay: float = 0.0  # seconds at most
    confirm_after: float = 0.0  # seconds until `system` ok
    refuse_joins: list[str] = field(default_factory=list)  # reasons, one for each of the next joins
    no_websocket: bool = False
    silent: bool = False  # heartbeats are not answered
    busy: int = 0  # so many requests get 503


class FakeSupabase:
    def __init__(self, *, numbered: bool = True, max_rows: int = 1000, seed: int = 0) -> None:
        self.tables: dict[str, list[dict[str, Any]]] = {
            name: []
            for name in (
                "import_events",
                "imports",
                "transactions_staging",
                "transactions",
                "handoffs",
                "advice_messages",
            )
        }
        self.numbered = numbered
        self.max_rows = max_rows
        self.faults = Faults()
        self.functions: dict[str, Callable[[dict[str, Any]], tuple[int, Any]]] = {}
        self.requests: list[tuple[str, str, dict[str, str], bytes]] = []
        self.refresh_tokens = {"refresh-0"}
        self.access_tokens: set[str] = set()
        self.token_life = 3600.0
        self.joins = 0
        self.refreshes = 0
        self._random = random.Random(seed)
        self._channels: dict[WebSocket, tuple[str, str, str, asyncio.Queue[str]]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self._inner_port = 0
        self._lock = threading.Lock()
        self.line = Line()

    # Life

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.line.port}"

    def start(self) -> "FakeSupabase":
        self._serve()
        self.line.start(self._inner_port)
        return self

    def _serve(self) -> None:
        app = Starlette(
            routes=[
                Route("/.netlify/functions/{name}", self._function, methods=["POST"]),
                Route("/smartimport/v1/{name}", self._function, methods=["POST"]),
                Route("/rest/v1/{table}", self._rest, methods=["GET", "PATCH", "DELETE"]),
                Route("/auth/v1/token", self._token, methods=["POST"]),
                Route("/auth/v1/user", self._user, methods=["GET"]),
                Route("/auth/v1/logout", self._logout, methods=["POST"]),
                Route("/storage/v1/{path:path}", self._storage, methods=["PUT", "POST", "PATCH", "HEAD"]),
                WebSocketRoute("/realtime/v1/websocket", self._socket),
            ]
        )
        config = uvicorn.Config(
            app, host="127.0.0.1", port=0, log_level="critical", ws="websockets-sansio", lifespan="off",
            timeout_graceful_shutdown=1,
        )  # fmt: skip
        server = self._server = uvicorn.Server(config)

        def run() -> None:
            self._loop = asyncio.new_event_loop()
            self._loop.run_until_complete(server.serve())
            self._loop.run_until_complete(_settle())
            self._loop.close()

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()
        deadline = time.monotonic() + 10
        while not server.started:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        self._inner_port = server.servers[0].sockets[0].getsockname()[1]

    def _end(self) -> None:
        assert self._server and self._thread
        self._server.should_exit = True
        self._thread.join(10)
        self._channels.clear()

    def restart(self) -> None:
        """Go away with everything but what is stored, and come back."""
        self._end()
        self._serve()
        self.line.target = self._inner_port

    def stop(self) -> None:
        self._end()
        self.line.stop()

    # Data

    def issue(self, life: float | None = None) -> str:
        token = jwt(exp=time.time() + (self.token_life if life is None else life))
        self.access_tokens.add(token)
        return token

    def expire_tokens(self) -> None:
        """Every token that was given out is worth nothing from now on."""
        self.access_tokens.clear()

    def new_import(self, status: str = "pending", **values: Any) -> str:
        import_id = str(uuid4())
        now = datetime.now(UTC).isoformat()
        self.tables["imports"].append(
            {"id": import_id, "user_id": USER, "file_url": f"s3://b/{import_id}/march.csv", "status": status,
             "created_at": now, "updated_at": now, **values}
        )  # fmt: skip
        return import_id

    def insert(
        self, import_id: str, event_type: str, at: datetime | None = None, **payload: Any
    ) -> dict[str, Any]:
        """Store an event and send it to who has joined, as the faults will have it."""
        with self._lock:
            rows = self.tables["import_events"]
            row = {
                "id": str(uuid4()), "import_id": import_id, "user_id": USER, "event_type": event_type,
                "payload": payload, "created_at": (at or datetime.now(UTC)).isoformat(),
            }  # fmt: skip
            if self.numbered:
                row["seq"] = 1 + sum(other["import_id"] == import_id for other in rows)
            rows.append(row)
            loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # it is restarting: nobody is there to hear
                loop.call_soon_threadsafe(self._deliver, row)
        return row

    def send(
        self, *, raw: str | None = None, ended: bool = False, crashed: bool = False, system: str = ""
    ) -> None:
        """Something else on every channel."""

        def deliver() -> None:
            for topic, join_ref, _, queue in list(self._channels.values()):
                if raw is not None:
                    queue.put_nowait(raw)
                if system:
                    queue.put_nowait(
                        phoenix.encode(
                            phoenix.system(topic, join_ref, system, ok=False, extension="system"), phoenix.V2
                        )
                    )
                if ended or crashed:
                    queue.put_nowait(
                        phoenix.encode(phoenix.closed(topic, join_ref, crashed=crashed), phoenix.V2)
                    )

        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # it is restarting
                self._loop.call_soon_threadsafe(deliver)

    def _deliver(self, row: dict[str, Any], errors: list[str] | None = None) -> None:
        faults, chance = self.faults, self._random.random
        for topic, _, filter, queue in list(self._channels.values()):
            if filter != f"import_id=eq.{row['import_id']}" or chance() < faults.lose:
                continue
            record = row
            if len(json.dumps(row["payload"])) > 1 << 20:
                record = {k: v for k, v in row.items() if k != "payload"}
                errors = ["Error 413: Payload Too Large"]
            frame = phoenix.inserted(
                topic, [7], table="import_events", columns=COLUMNS, record=record,
                commit_timestamp="2026-01-02T03:04:10.130Z", errors=errors,
            )  # fmt: skip
            text = phoenix.encode(frame, phoenix.V2)
            wait = self._random.random() * faults.delay
            if chance() < faults.reorder:
                wait += 0.05
            assert self._loop
            for _ in range(2 if chance() < faults.duplicate else 1):
                if wait:
                    self._loop.call_later(wait, queue.put_nowait, text)
                else:
                    queue.put_nowait(text)

    # HTTP

    async def _seen(self, request: Request) -> Response | None:
        self.requests.append((request.method, str(request.url), dict(request.headers), await request.body()))
        if self.faults.busy > 0:
            self.faults.busy -= 1
            return JSONResponse({"message": "busy"}, 503, {"Retry-After": "0"})
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if (
            request.url.path.startswith(("/rest", "/.netlify", "/auth/v1/user"))
            and token not in self.access_tokens
        ):
            return JSONResponse(
                {"code": "PGRST303", "message": "JWT expired", "details": None, "hint": None}, 401
            )
        return None

    async def _function(self, request: Request) -> Response:
        if (refused := await self._seen(request)) is not None:
            return refused
        name = request.path_params["name"]
        if name not in self.functions:
            return Response("Function not found...", 404)
        body = await request.body()
        value = json.loads(body) if body[:1] == b"{" else {"form": body}
        status, answer = await asyncio.to_thread(self.functions[name], value)
        if status == 0:  # the work is done, and the answer gets lost
            self.line.cut()
        return (
            JSONResponse(answer, status or 200) if not isinstance(answer, str) else Response(answer, status)
        )

    async def _token(self, request: Request) -> Response:
        if (refused := await self._seen(request)) is not None:
            return refused
        body = json.loads(await request.body())
        if request.query_params["grant_type"] == "password":
            if body != {"email": "me@example.com", "password": "correct horse"}:
                return JSONResponse(
                    {"code": "invalid_credentials", "message": "Invalid login credentials"}, 400
                )
        elif body["refresh_token"] not in self.refresh_tokens:
            return JSONResponse(
                {"code": "refresh_token_already_used", "message": "Invalid Refresh Token"}, 400
            )
        else:
            self.refresh_tokens.remove(body["refresh_token"])
        self.refreshes += 1
        refresh = f"refresh-{uuid4().hex}"
        self.refresh_tokens.add(refresh)
        access = self.issue()
        return JSONResponse(
            {"access_token": access, "token_type": "bearer", "expires_in": self.token_life,
             "expires_at": int(time.time() + self.token_life), "refresh_token": refresh, "user": {"id": USER}}
        )  # fmt: skip

    async def _user(self, request: Request) -> Response:
        if (refused := await self._seen(request)) is not None:
            return refused
        return JSONResponse({"id": USER, "email": "me@example.com", "role": "authenticated"})

    async def _logout(self, request: Request) -> Response:
        await self._seen(request)
        return Response(status_code=204)

    async def _storage(self, request: Request) -> Response:
        if (refused := await self._seen(request)) is not None:
            return refused
        handler = self.functions.get(f"storage {request.method}")
        if handler is None:
            return JSONResponse({"statusCode": "404", "error": "not_found", "message": "no such thing"}, 400)
        status, answer = await asyncio.to_thread(
            handler,
            {"headers": dict(request.headers), "body": await request.body(), "path": request.url.path},
        )
        headers = answer.pop("headers", {}) if isinstance(answer, dict) else {}
        if status == 0:
            self.line.cut()
        return JSONResponse(answer, status or 200, headers)

    async def _rest(self, request: Request) -> Response:
        if (refused := await self._seen(request)) is not None:
            return refused
        rows = self.tables.get(request.path_params["table"])
        if rows is None:
            return JSONResponse({"code": "PGRST205", "message": "Could not find the table"}, 404)
        params = dict(request.query_params)
        select, order, limit = params.pop("select", "*"), params.pop("order", ""), params.pop("limit", None)
        known = set().union(*rows) if rows else None
        names = [] if select == "*" else select.split(",")
        if "seq" in names and not self.numbered:
            return JSONResponse({"code": "42703", "message": "column import_events.seq does not exist"}, 400)
        with self._lock:
            found = [row for row in rows if all(_fits(row, key, value) for key, value in params.items())]
        if request.method == "PATCH":
            for row in found:
                row.update(json.loads(await request.body()))
            return JSONResponse(found)
        if request.method == "DELETE":
            with self._lock:
                rows[:] = [row for row in rows if row not in found]
            return Response(status_code=204)
        for part in reversed([part for part in order.split(",") if part]):
            column, _, direction = part.partition(".")
            found.sort(key=lambda row: _value(row.get(column)), reverse=direction == "desc")
        found = found[: min(int(limit or self.max_rows), self.max_rows)]
        assert known is None or known >= set(names) or not found
        return JSONResponse([row if not names else {name: row.get(name) for name in names} for row in found])

    # Realtime

    async def _socket(self, socket: WebSocket) -> None:
        if self.faults.no_websocket:
            await socket.close()
            return
        await socket.accept()
        queue: asyncio.Queue[str] = asyncio.Queue()

        async def write() -> None:
            while True:
                await socket.send_text(await queue.get())

        writer = asyncio.create_task(write())
        try:
            while True:
                frame = phoenix.decode(await socket.receive_text(), phoenix.V2)
                await self._message(socket, queue, frame)
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            self._channels.pop(socket, None)
            writer.cancel()

    async def _message(self, socket: WebSocket, queue: "asyncio.Queue[str]", frame: phoenix.Frame) -> None:
        def say(answer: phoenix.Frame) -> None:
            queue.put_nowait(phoenix.encode(answer, phoenix.V2))

        assert self._loop
        match phoenix.read_client(frame):
            case phoenix.Heartbeat() if not self.faults.silent:
                say(phoenix.reply(frame, {}))
            case phoenix.Join(topic=topic, bindings=bindings, access_token=token):
                self.joins += 1
                if self.faults.refuse_joins:
                    say(phoenix.reply(frame, {"reason": self.faults.refuse_joins.pop(0)}, ok=False))
                elif token not in self.access_tokens:
                    say(phoenix.reply(frame, {"reason": "InvalidJWTToken: Token has expired"}, ok=False))
                else:
                    say(phoenix.joined(frame, [(bindings[0], 7)]))

                    def confirm() -> None:
                        self._channels[socket] = (topic, frame.ref or "", bindings[0].filter, queue)
                        say(phoenix.system(topic, frame.ref, "Subscribed to PostgreSQL"))

                    self._loop.call_later(self.faults.confirm_after, confirm)
            case phoenix.AccessToken(topic=topic, token=token):
                say(phoenix.system(topic, frame.join_ref, "Subscribed to PostgreSQL"))


class Line:
    """A TCP line to the server: `cut` drops every connection, `down` refuses new ones until `up`, `stall` keeps
    connections open and carries nothing."""

    def __init__(self) -> None:
        self.port = 0
        self.target = 0
        self.partitions = 0
        self._down = False
        self._stalled = False
        self._pairs: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self, target: int) -> None:
        self.target = target
        self._thread.start()
        assert self._ready.wait(10)

    def _run(self) -> None:
        async def main() -> None:
            self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
            self.port = self._server.sockets[0].getsockname()[1]
            self._ready.set()

        self._loop.run_until_complete(main())
        self._loop.run_forever()
        self._loop.run_until_complete(self._finish())
        self._loop.close()

    async def _finish(self) -> None:
        self._server.close()
        await asyncio.sleep(0.01)  # whoever was accepted just now is carried first
        self._drop()
        await _settle()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._down:
            writer.transport.abort()
            return
        try:
            inner_reader, inner = await asyncio.open_connection("127.0.0.1", self.target)
        except BaseException as error:
            writer.transport.abort()  # also where the line ends just now
            if isinstance(error, OSError):
                return
            raise
        self._pairs |= {writer, inner}
        try:
            await self._copy_both(reader, writer, inner_reader, inner)
        finally:
            for one in (writer, inner):
                self._pairs.discard(one)
                one.transport.abort()

    async def _copy_both(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        inner_reader: asyncio.StreamReader,
        inner: asyncio.StreamWriter,
    ) -> None:
        async def copy(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
            with contextlib.suppress(OSError, asyncio.CancelledError):
                while data := await source.read(65536):
                    while self._stalled:
                        await asyncio.sleep(0.01)
                    sink.write(data)
                    await sink.drain()
            sink.transport.abort() if self._down else sink.close()

        await asyncio.gather(copy(reader, inner), copy(inner_reader, writer))

    def _drop(self) -> None:
        for writer in list(self._pairs):
            writer.transport.abort()
        self._pairs.clear()

    def cut(self) -> None:
        self.partitions += 1
        self._loop.call_soon_threadsafe(self._drop)

    def down(self) -> None:
        self._down = True
        self.cut()

    def stall(self) -> None:
        self.partitions += 1
        self._stalled = True

    def up(self) -> None:
        self._down = self._stalled = False

    def stop(self) -> None:
        self.up()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)


async def _settle() -> None:
    """End what still runs on this loop, and let its connections close."""
    tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.sleep(0.01)


def _value(value: Any) -> Any:
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            if "T" in value and value[:2] == "20":
                return datetime.fromisoformat(value)
        with contextlib.suppress(ValueError):
            return UUID(value).hex
    return (value is not None, value) if value is None else value


def _typed(text: str, like: Any) -> Any:
    if isinstance(like, int | float | Decimal) and not isinstance(like, bool):
        return Decimal(text)
    return _value(text)


def _fits(row: dict[str, Any], key: str, condition: str) -> bool:
    if key in ("or", "and"):
        parts = list(_split(condition[1:-1]))
        fits = [_part(row, part) for part in parts]
        return any(fits) if key == "or" else all(fits)
    op, _, value = condition.partition(".")
    return _compare(row.get(key), op, value)


def _part(row: dict[str, Any], part: str) -> bool:
    if match := re.fullmatch(r"(or|and)(\(.*\))", part):
        return _fits(row, match[1], match[2])
    column, op, value = part.split(".", 2)
    return _compare(row.get(column), op, value.strip('"'))


def _compare(have: Any, op: str, value: str) -> bool:
    if have is None:
        return False
    if op == "in":
        return str(have) in value[1:-1].split(",")
    if op == "like":
        return re.fullmatch(re.escape(value).replace(r"\*", ".*"), str(have)) is not None
    left, right = _value(have), _typed(value, have)
    return {
        "eq": left == right, "gt": left > right, "gte": left >= right, "lt": left < right, "lte": left <= right,
    }[op]  # fmt: skip


def _split(text: str) -> list[str]:
    parts, depth, quoted, last = [], 0, False, 0
    for at, char in enumerate(text):
        quoted ^= char == '"'
        depth += (char == "(") - (char == ")") if not quoted else 0
        if char == "," and depth == 0 and not quoted:
            parts.append(text[last:at])
            last = at + 1
    return [*parts, text[last:]]


def moment(seconds: float) -> datetime:
    return datetime(2026, 3, 2, tzinfo=UTC) + timedelta(seconds=seconds)
