import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.sync.client import ClientConnection, connect

from tests.backends.statement_files import days, ofx
from tests.e2e.conftest import SMARTIMPORT

FUNCTIONS = "/.netlify/functions"
PASSWORD = "correct horse"


@dataclass
class Person:
    """A signed-in user and what they do over HTTP."""

    url: str
    key: str
    session: dict[str, Any]
    http: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.http = httpx.Client(base_url=self.url, timeout=40, headers=self.headers, trust_env=False)

    @property
    def id(self) -> str:
        return str(self.session["user"]["id"])

    @property
    def token(self) -> str:
        return str(self.session["access_token"])

    @property
    def headers(self) -> dict[str, str]:
        return {"apikey": self.key, "Authorization": f"Bearer {self.token}"}

    def call(self, function: str, **body: Any) -> httpx.Response:
        return self.http.post(f"{FUNCTIONS}/{function}", json={"userId": self.id, **body})

    def ingest(
        self, content: bytes, name: str = "march.ofx", kind: str = "application/x-ofx"
    ) -> httpx.Response:
        return self.http.post(
            f"{FUNCTIONS}/ingest-statement", data={"userId": self.id}, files={"file": (name, content, kind)}
        )

    def uploaded(self, rows: int = 5, **days_of: Any) -> str:
        done = self.ingest(ofx(days(rows, **days_of)))
        assert done.status_code == 200, done.text
        return str(done.json()["importId"])

    def staged(self, rows: int = 5, **days_of: Any) -> str:
        import_id = self.uploaded(rows, **days_of)
        assert self.call("byte-ocr-parse", importId=import_id).status_code == 200
        return import_id

    def committed(self, rows: int = 5, **days_of: Any) -> str:
        import_id = self.staged(rows, **days_of)
        assert self.call("commit-import", importId=import_id).status_code == 200
        return import_id

    def finished(self, rows: int = 5, **days_of: Any) -> str:
        """Committed and analysed."""
        import_id = self.committed(rows, **days_of)
        until(lambda: any(e["event_type"] == "crystal:analyze:complete" for e in self.events(import_id)))
        return import_id

    def read(self, table: str, **params: str) -> list[dict[str, Any]]:
        done = self.http.get(f"/rest/v1/{table}", params=params)
        assert done.status_code in (200, 206), done.text
        rows: list[dict[str, Any]] = done.json()
        return rows

    def events(self, import_id: str) -> list[dict[str, Any]]:
        return self.read("import_events", import_id=f"eq.{import_id}", order="seq.asc")

    @contextmanager
    def socket(self, version: str = "2.0.0") -> Iterator["Channel"]:
        address = f"{self.url.replace('http', 'ws')}/realtime/v1/websocket?apikey={self.key}&vsn={version}"
        with connect(address, proxy=None, max_size=16 << 20) as socket:
            yield Channel(socket, version, self.token)


@dataclass
class Channel:
    """A websocket that speaks raw Phoenix frames."""

    socket: ClientConnection
    version: str
    token: str
    topic: str = "realtime:test"

    def send(
        self, event: str, payload: Any, *, ref: str | None = "1", join_ref: str | None = "1", topic: str = ""
    ) -> None:
        topic = topic or self.topic
        frame: Any = [join_ref, ref, topic, event, payload]
        if self.version == "1.0.0":
            frame = {"topic": topic, "event": event, "payload": payload, "ref": ref, "join_ref": join_ref}
        self.socket.send(json.dumps(frame))

    def receive(self, seconds: float = 5) -> dict[str, Any]:
        frame = json.loads(self.socket.recv(timeout=seconds))
        if isinstance(frame, list):
            return dict(zip(("join_ref", "ref", "topic", "event", "payload"), frame, strict=True))
        assert isinstance(frame, dict)
        return frame

    def join(self, *bindings: dict[str, Any], token: str | None = None, ref: str = "1") -> dict[str, Any]:
        """Ask for changes; the reply."""
        payload = {
            "config": {"postgres_changes": list(bindings)},
            "access_token": self.token if token is None else token,
        }
        self.send("phx_join", payload, ref=ref, join_ref=ref)
        return self.receive()

    def follow(self, import_id: str | None = None) -> None:
        """Join for the events of an import, or of all, until the feed is attached."""
        binding = {"event": "INSERT", "schema": "public", "table": "import_events"}
        if import_id is not None:
            binding["filter"] = f"import_id=eq.{import_id}"
        assert self.join(binding)["payload"]["status"] == "ok"
        system = self.receive()
        assert (system["event"], system["payload"]["status"]) == ("system", "ok")

    def changes(self, until: Callable[[dict[str, Any]], bool], seconds: float = 10) -> list[dict[str, Any]]:
        """Event records as they come, up to the first that `until` says."""
        records = []
        end = time.monotonic() + seconds
        while True:
            frame = self.receive(max(end - time.monotonic(), 0.01))
            if frame["event"] == "postgres_changes":
                records.append(frame["payload"]["data"]["record"])
                if until(records[-1]):
                    return records


@dataclass
class Served:
    """A running `smartimport serve`."""

    process: "subprocess.Popen[str]"
    folder: Path
    url: str
    key: str
    errors: Path

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(15)

    @property
    def one_time_token(self) -> str:
        until(lambda: "#token=" in self.errors.read_text())
        return self.errors.read_text().partition("#token=")[2].split()[0]

    def owner(self) -> Person:
        done = httpx.post(
            f"{self.url}/auth/v1/verify", json={"type": "magiclink", "token_hash": self.one_time_token},
            trust_env=False,
        )  # fmt: skip
        assert done.status_code == 200, done.text
        return Person(self.url, self.key, done.json())

    def sign_in(self, email: str, password: str = PASSWORD) -> Person:
        done = httpx.post(
            f"{self.url}/auth/v1/token", params={"grant_type": "password"}, timeout=20, trust_env=False,
            json={"email": email, "password": password}, headers={"apikey": self.key},
        )  # fmt: skip
        assert done.status_code == 200, done.text
        return Person(self.url, self.key, done.json())

    def log(self) -> list[dict[str, Any]]:
        lines = self.errors.read_text().splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]


class Starter:
    """Starts servers in a folder and sees to their end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.running: list[Served] = []

    def environment(self, **more: str) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"], "HOME": str(self.folder), "LC_ALL": "C.UTF-8",
            "SMARTIMPORT_DATA_DIR": str(self.folder / "data"), **more,
        }  # fmt: skip

    def add_user(self, email: str, password: str = PASSWORD) -> None:
        subprocess.run(
            [SMARTIMPORT, "serve", "--add-user", email], input=f"{password}\n".encode(), check=True, timeout=30,
            env=self.environment(), capture_output=True,
        )  # fmt: skip

    def __call__(self, *args: str, port: int = 0, **env: str) -> Served:
        errors = self.folder / f"serve-{len(self.running)}.err"
        with errors.open("w") as err:
            process = subprocess.Popen(
                [SMARTIMPORT, "serve", "--port", str(port), "-o", "json", *args], stdout=subprocess.PIPE,
                stderr=err, env=self.environment(**env), text=True,
            )  # fmt: skip
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            process.wait(10)
            process.stdout.close()
            raise AssertionError(errors.read_text())
        said = json.loads(line)
        served = Served(process, self.folder / "data", said["url"], said["key"], errors)
        self.running.append(served)
        return served

    def close(self) -> None:
        for served in self.running:
            if served.process.poll() is None:
                served.process.kill()
            served.process.wait()
            assert served.process.stdout is not None
            served.process.stdout.close()


def until(done: Callable[[], Any], seconds: float = 15) -> Any:
    """Wait until `done` says something true."""
    end = time.monotonic() + seconds
    while not (result := done()):
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.02)
    return result


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Starter]:
    """Starts servers of the test's own."""
    starter = Starter(tmp_path)
    yield starter
    starter.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server for the tests of a module, with users ann@example.org and ben@example.org."""
    starter = Starter(tmp_path_factory.mktemp("serve"))
    for name in ("ann", "ben", "cat", "dan"):
        starter.add_user(f"{name}@example.org")
    yield starter(SMART_IMPORT_MAX_FILES_PER_HOUR="500")
    starter.close()


@pytest.fixture
def ann(served: Served) -> Iterator[Person]:
    person = served.sign_in("ann@example.org")
    yield person
    person.http.close()


@pytest.fixture
def ben(served: Served) -> Iterator[Person]:
    person = served.sign_in("ben@example.org")
    yield person
    person.http.close()
