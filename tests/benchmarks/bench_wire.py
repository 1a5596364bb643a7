"""The server on the wire: how late events come, how many, to how many at once; uploads and requests beside peers.

Wall-clock where not said otherwise, because what is measured is the way through several processes; peers run in the
same run, in turn.
"""

import asyncio
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from smartimport_cli.backends.local.bell import ring
from smartimport_cli.backends.local.store import Store
from smartimport_cli.backends.remote import RemoteBackend, open_remote
from smartimport_cli.core.events import EventRecord, PrimeMessage
from smartimport_cli.core.protocols import Upload
from smartimport_cli.core.reducer import Folding, fold
from smartimport_cli.wire import paths, phoenix
from tests.benchmarks.measure import Row, has_program, mebibytes, no_peer, per_second
from tests.server.conftest import Person, Served, Starter

FOLLOWERS = 1000
LATENCY_EVENTS = 300
BURST = 10_000
UPLOAD_BYTES = 25 << 20
ROUNDS = 7
REQUESTS, CONNECTIONS = 4000, 8


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        starter = Starter(Path(folder))
        stack.callback(starter.close)
        served = starter(
            "-q",
            "--rate",
            "1000000",
            "--followers",
            str(2 * FOLLOWERS),
            SMART_IMPORT_MAX_FILES_PER_HOUR="1000",
        )
        owner = served.owner()
        stack.callback(owner.http.close)
        import_id, writer = stack.enter_context(_writer(served, owner))
        return [
            *_latency(owner, writer), *_burst(owner, writer), *_followed(Path(folder), owner, import_id, writer),
            *_round_trip(owner), *_crowd(served, owner, writer), *_uploads(Path(folder), owner),
            *_requests(Path(folder), served, owner),
        ]  # fmt: skip


@contextmanager
def _writer(served: Served, owner: Person) -> Iterator[tuple[str, Callable[[int], None]]]:
    """An import, and what stores so many events of it in one transaction, as a pipeline does."""
    import_id = owner.staged(3)
    store = Store(served.folder, on_commit=lambda: ring(served.folder))
    (no,) = store.db.execute("SELECT no FROM imports WHERE id = ?", (import_id,)).fetchone()

    def write(count: int) -> None:
        with store.transaction():
            store.record(
                no, *(PrimeMessage(import_id=import_id, message=f"{n} of {count}") for n in range(count))
            )

    yield import_id, write
    store.close()


def _latency(owner: Person, write: Callable[[int], None]) -> list[Row]:
    times = []
    with owner.socket() as channel:
        channel.follow()
        for _ in range(LATENCY_EVENTS):
            begun = time.perf_counter()
            write(1)
            channel.receive()
            times.append(time.perf_counter() - begun)
            time.sleep(0.005)
    # What the insert and its commit alone take, on the same disk.
    alone = []
    for _ in range(LATENCY_EVENTS):
        begun = time.perf_counter()
        write(1)
        alone.append(time.perf_counter() - begun)
    return [
        Row("wire", f"insert to follower, {name}", _ms(pick(times)), f"insert and commit alone {_ms(pick(alone))}", "", "", None)
        for name, pick in (("median", statistics.median), ("99th percentile", _p99))
    ]  # fmt: skip


def _burst(owner: Person, write: Callable[[int], None]) -> list[Row]:
    rates = []
    with owner.socket() as channel:
        channel.follow()
        for _ in range(3):
            write(BURST)
            begun = time.perf_counter()
            for _ in range(BURST):
                channel.socket.recv(timeout=20)
            rates.append(BURST / (time.perf_counter() - begun))
    return [
        Row(
            "wire",
            f"{BURST:,} events to one follower",
            f"{per_second(statistics.median(rates))} events/s",
            "",
            "",
            "",
            None,
        )
    ]


def _followed(folder: Path, owner: Person, import_id: str, write: Callable[[int], None]) -> list[Row]:
    """Our own follower: from the insert to the folded state; and many at once, each validated, ordered and folded,
    beside the decoding and validation alone of the very frames that brought as many: as anybody would do it (json,
    then the record from its row), and by the follower's own quick way."""
    with _client(folder, owner, "functions") as backend:
        before = list(backend.events(import_id))
        folding, count = Folding(fold(before)), len(before)
        stream = backend.follow(import_id, after=count)

        def hear(more: int) -> None:
            nonlocal count
            count += more
            for record in stream:
                if record is not None:
                    folding.add(record)
                    if record.seq == count:
                        return

        next(stream)
        while backend.connection != "live":
            next(stream)
        times = []
        for _ in range(LATENCY_EVENTS):
            begun = time.perf_counter()
            write(1)
            hear(1)
            times.append(time.perf_counter() - begun)
            time.sleep(0.005)
        topic = paths.topic(import_id)
        frames = _frames(owner, import_id, topic, lambda: write(BURST))
        hear(BURST)
        wall, ours, plain, quick = [], [], [], []
        for _ in range(ROUNDS):
            write(BURST)
            begun, used = time.perf_counter(), time.process_time()
            hear(BURST)
            ours.append(time.process_time() - used)
            wall.append(time.perf_counter() - begun)
            for read, costs in ((_read_plainly, plain), (_read_quickly, quick)):
                used = time.process_time()
                for frame in frames:
                    read(frame, topic)
                costs.append(time.process_time() - used)
        stream.close()  # type: ignore[attr-defined]
    best, best_plain, best_quick = (BURST / min(costs) for costs in (ours, plain, quick))
    what = f"{BURST:,} events delivered, validated, ordered, folded"
    return [
        *(
            Row("wire", f"insert to the state of our follower, {name}", _ms(pick(times)), "", "", "", None)
            for name, pick in (("median", statistics.median), ("99th percentile", _p99))
        ),
        Row(
            "wire", f"{BURST:,} events to our follower, by the clock",
            f"{per_second(BURST / statistics.median(wall))} events/s", "", "", "", None,
        ),
        Row(
            "wire", what, f"{per_second(best)} events/CPU s",
            f"the same frames decoded (json) and validated alone {per_second(best_plain)} events/CPU s",
            f"{best / best_plain:.2f}x", ">= 0.8x", best / best_plain >= 0.8,
        ),
        Row(
            "wire", what, f"{per_second(best)} events/CPU s",
            f"the same frames by our own one-pass reader alone {per_second(best_quick)} events/CPU s",
            f"{best / best_quick:.2f}x", "", None,
        ),
    ]  # fmt: skip


def _frames(owner: Person, import_id: str, topic: str, write: Callable[[], None]) -> list[str]:
    """What the server sends to a follower of the import when that is written."""
    with owner.socket() as channel:
        channel.topic = topic
        channel.follow(import_id)
        write()
        return [str(channel.socket.recv(timeout=20)) for _ in range(BURST)]


def _read_plainly(frame: str, topic: str) -> EventRecord:
    _, _, to, _, payload = json.loads(frame)
    assert to == topic
    return EventRecord.from_wire(payload["data"]["record"])


def _read_quickly(frame: str, topic: str) -> EventRecord | None:
    row = phoenix.read_inserted(frame, topic)
    assert row is not None
    return EventRecord.from_json(row)


_ECHO = """
import asyncio

async def echo(reader, writer):
    while data := await reader.read(65536):
        writer.write(data)

async def serve():
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()

asyncio.run(serve())
"""


def _round_trip(owner: Person) -> list[Row]:
    """A heartbeat and its answer, beside as many bytes there and back over bare asyncio TCP."""
    rounds, message = 2000, json.dumps([None, "1", "phoenix", "heartbeat", {}])
    ours, theirs = [], []
    with subprocess.Popen([sys.executable, "-c", _ECHO], stdout=subprocess.PIPE, text=True) as echo:
        assert echo.stdout is not None
        try:
            with (
                socket.create_connection(("127.0.0.1", int(echo.stdout.readline()))) as bare,
                owner.socket() as channel,
            ):
                bare.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                for number in range(rounds):
                    begun = time.perf_counter()
                    bare.sendall(message.encode())
                    bare.recv(65_536)
                    theirs.append(time.perf_counter() - begun)
                    if number % 100 == 0:
                        time.sleep(1.0)  # so many frames a second are taken
                    begun = time.perf_counter()
                    channel.socket.send(message)
                    channel.socket.recv(timeout=5)
                    ours.append(time.perf_counter() - begun)
        finally:
            echo.terminate()
    mine, peer = statistics.median(ours), statistics.median(theirs)
    return [
        Row(
            "wire", "websocket round trip, median", f"{mine * 1e6:.0f} us", f"bare TCP {peer * 1e6:.0f} us",
            f"{mine / peer:.2f}x", "<= 3x", mine / peer <= 3,
        )
    ]  # fmt: skip


def _crowd(served: Served, owner: Person, write: Callable[[int], None]) -> list[Row]:
    """A thousand followers of one user, each on its own socket."""
    events = 50

    async def play() -> tuple[float, int, int]:
        from websockets.asyncio.client import connect

        address = f"{owner.url.replace('http', 'ws')}/realtime/v1/websocket?apikey={owner.key}&vsn=2.0.0"
        join = ["1", "1", "realtime:crowd", "phx_join", {
            "config": {"postgres_changes": [{"event": "INSERT", "schema": "public", "table": "import_events"}]},
            "access_token": owner.token,
        }]  # fmt: skip
        before = _memory(served.process.pid)
        Path(f"/proc/{served.process.pid}/clear_refs").write_text("5")  # the peak counts from here on
        async with AsyncExit() as stack:
            sockets = []
            for start in range(0, FOLLOWERS, 50):
                sockets += await asyncio.gather(
                    *(
                        stack.open(connect(address, proxy=None, compression=None))
                        for _ in range(min(50, FOLLOWERS - start))
                    )
                )
            for one in sockets:
                await one.send(json.dumps(join))
            for one in sockets:
                await one.recv(), await one.recv()
            begun = time.perf_counter()
            for _ in range(events):
                await asyncio.to_thread(write, 1)

            async def hear(one) -> None:  # type: ignore[no-untyped-def]
                for _ in range(events):
                    await one.recv()

            await asyncio.gather(*(hear(one) for one in sockets))
            took = time.perf_counter() - begun
            peak = _memory(served.process.pid, "VmHWM")
            return FOLLOWERS * events / took, _memory(served.process.pid) - before, peak

    rate, after, peak = asyncio.run(play())
    return [
        Row("wire", f"{FOLLOWERS:,} followers, each gets every event", f"{per_second(rate)} frames/s", "", "", "", None),
        Row("wire", f"memory for {FOLLOWERS:,} followers", mebibytes(after), "", "", "", None),
        Row("wire", f"the server's peak with {FOLLOWERS:,} followers", mebibytes(peak), "", "", "", None),
    ]  # fmt: skip


class AsyncExit:
    """Opens connections and closes them all at once."""

    async def __aenter__(self) -> "AsyncExit":
        self._open: list[object] = []
        return self

    async def open(self, connecting):  # type: ignore[no-untyped-def]
        made = await connecting
        self._open.append(made)
        return made

    async def __aexit__(self, *exc: object) -> None:
        await asyncio.gather(*(one.close() for one in self._open))  # type: ignore[attr-defined]


def _uploads(folder: Path, owner: Person) -> list[Row]:
    goals = (
        ("raw PUT, stored with its sha256", 0.9), ("form by our client, stored with its sha256", 0.6),
        ("resumable by our client, stored with its sha256", None),
    )  # fmt: skip
    if not (has_program("nginx") and has_program("curl")):
        return [no_peer("wire", f"25 MiB, {what}", "nginx or curl", _goal(goal)) for what, goal in goals]
    statement = folder / "large.csv"
    statement.write_bytes(os.urandom(UPLOAD_BYTES))
    with (
        _nginx(folder) as nginx,
        _client(folder, owner, "functions") as form,
        _client(folder, owner, "documents") as parts,
    ):
        theirs: list[float] = []
        ours: tuple[list[float], ...] = ([], [], [])
        for _ in range(ROUNDS):
            theirs.append(_curl(_other(statement), f"{nginx}/put/{time.monotonic_ns()}"))
            ours[0].append(_put(owner, _other(statement)))
            ours[1].append(_upload(form, _other(statement)))
            ours[2].append(_upload(parts, _other(statement)))
    peer = statistics.median(theirs)
    return [
        Row(
            "wire", f"25 MiB, {what}", f"{UPLOAD_BYTES / mine / 1e6:.0f} MB/s",
            f"curl PUT to nginx {UPLOAD_BYTES / peer / 1e6:.0f} MB/s", f"{peer / mine:.2f}x", _goal(goal),
            None if goal is None else peer / mine >= goal,
        )
        for (what, goal), mine in zip(goals, map(statistics.median, ours), strict=True)
    ]  # fmt: skip


def _goal(ratio: float | None) -> str:
    return f">= {ratio}x" if ratio else ""


def _other(statement: Path) -> Path:
    """With another content: the same one is the same import, and the same file on the disk."""
    with statement.open("r+b") as file:
        file.write(os.urandom(16))
    return statement


@contextmanager
def _client(folder: Path, owner: Person, api: str) -> Iterator[RemoteBackend]:
    """Our own client of one generation of functions."""
    tokens = {"SMARTIMPORT_TOKEN": owner.token, "SMARTIMPORT_API_KEY": owner.key}
    profile = {"url": owner.url, "api_key": owner.key, "api": api}
    backend = open_remote("bench", {"bench": profile}, folder, tokens)
    yield backend
    backend.close()


def _put(owner: Person, statement: Path) -> float:
    url = owner.call("smart-import-init", filename="large.csv", mime="text/csv").json()["url"]
    headers = {"Content-Length": str(UPLOAD_BYTES), "Content-Type": "text/csv"}
    begun = time.perf_counter()
    with statement.open("rb") as file:
        done = owner.http.put(url, content=iter(lambda: file.read(1 << 20), b""), headers=headers)
    took = time.perf_counter() - begun
    assert done.status_code == 200, done.text
    return took


def _upload(backend: RemoteBackend, statement: Path) -> float:
    with statement.open("rb") as file:
        begun = time.perf_counter()
        import_id = backend.upload(Upload(file, "large.csv", UPLOAD_BYTES)).import_id
        took = time.perf_counter() - begun
    while backend.get(import_id).status == "pending":  # it is read, and measures nothing else
        time.sleep(0.02)
    return took


def _curl(statement: Path, url: str) -> float:
    done = subprocess.run(
        ["curl", "-sS", "-o", "/dev/null", "-w", "%{time_total} %{http_code}", "--noproxy", "*", "-T", str(statement), url],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    took, status = done.stdout.split()
    assert status == "201", status
    return float(took)


@contextmanager
def _nginx(folder: Path) -> Iterator[str]:
    port = _free_port()
    place = folder / "nginx"
    place.mkdir()
    (place / "put").mkdir()
    (place / "nginx.conf").write_text(
        f"daemon off; pid {place}/pid; error_log {place}/error.log; worker_processes 1;"
        f"{' user root;' if os.getuid() == 0 else ''} events {{}}"
        f"http {{ access_log off; client_max_body_size 100m; client_body_temp_path {place}/body;"
        f" proxy_temp_path {place}/p; fastcgi_temp_path {place}/f; uwsgi_temp_path {place}/u; scgi_temp_path {place}/s;"
        f" server {{ listen 127.0.0.1:{port}; root {place}; location /put/ {{ dav_methods PUT; }} }} }}"
    )
    process = subprocess.Popen(
        [shutil.which("nginx") or "nginx", "-c", str(place / "nginx.conf"), "-p", str(place)]
    )
    try:
        _listening(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


_BARE = """
import sys, uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

async def health(request):
    return JSONResponse({"name": "GoTrue", "description": "bare"})

app = Starlette(routes=[Route("/auth/v1/health", health)])
uvicorn.run(app, port=int(sys.argv[1]), log_config=None, access_log=False, log_level="critical")
"""


def _requests(folder: Path, served: Served, owner: Person) -> list[Row]:
    port = _free_port()
    bare = subprocess.Popen([sys.executable, "-c", _BARE, str(port)], cwd=folder)
    try:
        _listening(port)
        ours_port = int(owner.url.rpartition(":")[2])
        health, read = "/auth/v1/health", "/rest/v1/imports?select=id&limit=1"
        ours, reads, theirs = [], [], []
        for _ in range(3):
            theirs.append(_per_cpu_second(bare.pid, _hammer(port, health, "")))
            ours.append(_per_cpu_second(served.process.pid, _hammer(ours_port, health, "")))
            header = f"Authorization: Bearer {owner.token}\r\n"
            reads.append(_per_cpu_second(served.process.pid, _hammer(ours_port, read, header)))
    finally:
        bare.terminate()
        bare.wait()
    peer = statistics.median(theirs)
    return [
        Row(
            "wire", what, f"{per_second(statistics.median(mine))} requests/CPU s",
            f"bare starlette {per_second(peer)} requests/CPU s", f"{statistics.median(mine) / peer:.2f}x", "", None,
        )
        for what, mine in (("an answer without data", ours), ("a read of a table", reads))
    ]  # fmt: skip


def _per_cpu_second(pid: int, hammer: Coroutine[None, None, None]) -> float:
    """Requests for each second of CPU that the server took: steadier than the clock where others work too."""
    begun = _cpu(pid)
    asyncio.run(hammer)
    return REQUESTS / (_cpu(pid) - begun)


async def _hammer(port: int, path: str, header: str) -> None:
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{header}\r\n".encode()

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(REQUESTS // CONNECTIONS):
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head
            length = next(
                int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")
            )
            await reader.readexactly(length)
        writer.close()
        await writer.wait_closed()

    await asyncio.gather(*(one() for _ in range(CONNECTIONS)))


def _cpu(pid: int) -> float:
    """User and system seconds so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int, what: str = "VmRSS") -> int:
    """Resident bytes; VmHWM: the most there have been."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith(what))) << 10


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listening(port: int) -> None:
    for _ in range(500):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError(f"nothing listens on port {port}")


def _p99(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.99)]


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms"
