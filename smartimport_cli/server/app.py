"""The application behind one port, put together, and the loop that serves it."""

import asyncio
import ctypes
import socket
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import WebSocketRoute

from smartimport_cli.backends.local.store import Clock, Store, utc_now
from smartimport_cli.core.errors import ExitCode, SmartImportError, UsageError
from smartimport_cli.server import page
from smartimport_cli.server.admission import Switches
from smartimport_cli.server.answers import Callers, answer
from smartimport_cli.server.auth import Auth, OneTime
from smartimport_cli.server.door import BodyTooLarge, BodyTooSlow, Door
from smartimport_cli.server.faults import Faults
from smartimport_cli.server.functions import Functions
from smartimport_cli.server.head import HeadInTime
from smartimport_cli.server.log import Log
from smartimport_cli.server.quota import Quota
from smartimport_cli.server.realtime import MAX_FRAME_BYTES, Realtime
from smartimport_cli.server.rest import Rest
from smartimport_cli.server.storage import Storage
from smartimport_cli.server.tenants import Tenants
from smartimport_cli.server.tokens import Tokens, load_secret
from smartimport_cli.server.users import Users
from smartimport_cli.statements.formats import Resources
from smartimport_cli.wire import paths

STOP_SECONDS = 5  # for what is under way when the server is told to stop
SWITCH_SECONDS = 0.0005
_FORM_BYTES = 65_536  # what a form takes around its file
_DEAD_PEER_MS = 30_000
KEPT_BYTES = 16 << 20
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # malloc.h


@dataclass(frozen=True, slots=True)
class Serving:
    """What to serve, where, and how much of it."""

    data_dir: Path
    host: str = "127.0.0.1"
    port: int = 8787
    origins: Sequence[str] = ()  # of pages elsewhere that may use this server
    rules_file: Path | None = None
    resources: Resources = Resources()
    switches: Switches = Switches()
    max_sockets: int = 2000
    max_sockets_of_user: int = 200
    per_second: float = 500.0  # requests of one address
    clock: Clock = utc_now
    faults: Faults | None = None  # for tests of clients only


class Server:
    """One server on one data folder. `url`, `public_key` and `sign_in_url` are known before it runs."""

    def __init__(self, serving: Serving, write_log: Callable[[str], object]) -> None:
        self._serving = serving
        self.log = Log(write_log, serving.clock, debug=serving.switches.debug)
        self._socket = listen(serving.host, serving.port)
        try:
            store = Store(serving.data_dir)
            self.owner_id = store.user_id
            store.close()
            self._users = Users(serving.data_dir, serving.clock)
            self._tokens = Tokens(load_secret(serving.data_dir), serving.clock)
        except BaseException:
            self._socket.close()
            raise
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://{_named(serving.host)}:{self.port}"
        self.on_loopback = is_loopback(serving.host)
        self.public_key = self._tokens.public_key
        self._one_time = OneTime()
        self.sign_in_url = f"{self.url}/#token={self._one_time.token}"

    def run(self, on_ready: Callable[[], None]) -> int:
        """Serve until SIGINT or SIGTERM, whose number is returned; `on_ready` is called once connections are
        answered."""
        config = uvicorn.Config(
            self._application(on_ready), http=HeadInTime, ws="websockets-sansio", ws_max_size=MAX_FRAME_BYTES,
            ws_per_message_deflate=False, ws_ping_interval=20.0, ws_ping_timeout=20.0, log_config=None,
            access_log=False, log_level="critical", server_header=False, date_header=False,
            proxy_headers=False, timeout_keep_alive=15, timeout_graceful_shutdown=STOP_SECONDS, lifespan="on",
        )  # fmt: skip
        server = _Stoppable(config)
        # Statements are read in threads of this process: the loop should not wait long for its turn.
        sys.setswitchinterval(SWITCH_SECONDS)
        _keep_memory()
        try:
            server.run(sockets=[self._socket])
            return server.signal
        finally:
            self._users.close()
            self._socket.close()

    def _application(self, on_ready: Callable[[], None]) -> Any:
        serving, faults = self._serving, self._serving.faults or Faults()
        switches = serving.switches
        callers = Callers(self._tokens, self._users.has_ended)
        tenants = Tenants(
            serving.data_dir, self.owner_id, clock=serving.clock, log=self.log, faults=faults,
            rules_file=serving.rules_file, resources=serving.resources,
        )  # fmt: skip
        quota = Quota(self._users, switches.imports_an_hour, serving.clock)
        storage = Storage(
            tenants, self._users, self._tokens, callers, quota, self.log, max_file=switches.max_file
        )
        functions = Functions(tenants, self._users, self._tokens, callers, quota, switches, self.log, faults)
        owner = self._users.owner(self.owner_id)
        auth = Auth(self._users, self._tokens, callers, owner, self._one_time, self.log)
        realtime = Realtime(
            tenants, self._tokens, self._users.has_ended, self.log, faults, max_sockets=serving.max_sockets,
            max_sockets_of_user=serving.max_sockets_of_user,
        )  # fmt: skip

        @asynccontextmanager
        async def lifespan(app: Starlette) -> AsyncIterator[None]:
            driving = asyncio.create_task(tenants.drive())
            asyncio.get_running_loop().call_soon(on_ready)
            try:
                yield
            finally:
                driving.cancel()
                with suppress(asyncio.CancelledError):
                    await driving
                storage.close()
                await tenants.close()

        app = Starlette(
            routes=[
                *functions.routes(), *storage.routes(), *auth.routes(),
                *Rest(tenants, callers, self.log, faults).routes(),
                WebSocketRoute(paths.REALTIME, realtime), *page.routes(self.public_key),
            ],
            exception_handlers={
                HTTPException: _http_error, BodyTooLarge: _too_large, BodyTooSlow: _too_slow,
                ClientDisconnect: _gone,
            },
            lifespan=lifespan,
        )  # fmt: skip
        return Door(
            app, hosts=_hosts(serving.host, self.port), origins=serving.origins,
            large_body=switches.max_file + _FORM_BYTES, log=self.log, per_second=serving.per_second,
        )  # fmt: skip


def _keep_memory() -> None:
    """Where the C library is glibc: what is freed stays with the process up to KEPT_BYTES. By default each piece of
    an upload goes back to the kernel and is taken, zeroed, again, which costs more than all else about it."""
    with suppress(OSError, AttributeError, TypeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_M_TRIM_THRESHOLD, KEPT_BYTES)
        mallopt(_M_MMAP_THRESHOLD, KEPT_BYTES)


class _Stoppable(uvicorn.Server):
    """Remembers which signal ended it, and does not send it again to the process; a second one is obeyed at
    once."""

    signal = 0

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.force_exit = self.should_exit
        self.should_exit = True
        self.signal = sig


def listen(host: str, port: int) -> socket.socket:
    """A listening socket at one named address. Raises UsageError `bad-host`, or exit 6 `port-in-use`."""
    if host in ("0.0.0.0", "::", "*", ""):  # noqa: S104 - refused
        raise UsageError(
            "bad-host", "The server listens on one address, not on all of them.",
            hint="Name the address that is to be reached, for example --host 192.168.1.5.",
        )  # fmt: skip
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):  # a peer that takes nothing any more is let go by the kernel
            listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _DEAD_PEER_MS)
        listening.bind((host, port))
        listening.listen(1024)
        listening.setblocking(False)
    except OSError as error:
        listening.close()
        raise SmartImportError(
            "port-in-use", f"{host} port {port} cannot be listened on: {error.strerror}.",
            hint="Name another one with --port; 0 takes any that is free.", exit_code=ExitCode.UNREACHABLE,
        ) from None  # fmt: skip
    return listening


def _named(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _hosts(host: str, port: int) -> list[str]:
    names = {_named(host), *(("127.0.0.1", "localhost", "[::1]") if is_loopback(host) else ())}
    return [f"{name}:{port}" for name in names] + ([*names] if port == 80 else [])


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    return host in ("localhost", "::1") or host.startswith("127.")


async def _http_error(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    code = {404: "not_found", 405: "method_not_allowed"}.get(status, "refused")
    headers: Mapping[str, str] | None = getattr(error, "headers", None)
    return answer(
        {"ok": False, "error": code, "message": f"{request.method} finds nothing here."}, status, headers
    )


async def _too_large(request: Request, error: Exception) -> Response:
    message = "More bytes came than are taken here. Nothing was stored."
    body = {"ok": False, "error": "file_too_large", "message": message}
    return answer(body, 413, {"Connection": "close"})


async def _too_slow(request: Request, error: Exception) -> Response:
    body = {"ok": False, "error": "timeout", "message": "Nothing came for too long."}
    return answer(body, 408, {"Connection": "close"})


async def _gone(request: Request, error: Exception) -> Response:
    return Response(status_code=499)
