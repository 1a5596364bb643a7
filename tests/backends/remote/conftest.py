import ssl
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from smartimport_cli.backends.remote import RemoteBackend
from smartimport_cli.backends.remote.caller import Caller
from smartimport_cli.backends.remote.channel import Timing
from smartimport_cli.backends.remote.credentials import Credentials
from smartimport_cli.backends.remote.http import Http
from smartimport_cli.backends.remote.profile import Profile
from smartimport_cli.backends.remote.session import Session
from smartimport_cli.backends.remote.token import Tokens
from tests.backends.remote.fake_supabase import FakeSupabase

HURRY = Timing(
    heartbeat=0.4, answer=0.4, confirmation=1.0, renewal=60.0, reconcile=0.3, again=0.1, hole=0.1, unheard=0.6,
    poll_first=0.05, poll_most=0.2, reconnect_first=0.05, reconnect_most=0.3, slow_down=0.4, grace=0.2,
)  # fmt: skip
Open = Callable[..., RemoteBackend]


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


@dataclass(frozen=True)
class Certificate:
    """For localhost, by nobody whom others know."""

    file: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        """For a server that shows it."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.file, self.key)
        return context


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    made = Certificate(tmp_path / "certificate.pem", tmp_path / "key.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", made.key, "-out", made.file, "-days", "1",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
        check=True, capture_output=True,
    )  # fmt: skip
    return made


@pytest.fixture
def fake() -> Iterator[FakeSupabase]:
    fake = FakeSupabase().start()
    yield fake
    fake.stop()


@pytest.fixture
def open_backend(fake: FakeSupabase, tmp_path: Path) -> Iterator[Open]:
    """Backends on the fake, signed in, in a hurry; profile values may be given."""
    opened: list[RemoteBackend] = []

    def open(timing: Timing = HURRY, to: FakeSupabase = fake, **values: object) -> RemoteBackend:
        backend = signed_in(to, tmp_path / str(len(opened)), timing, **values)
        opened.append(backend)
        return backend

    yield open
    for backend in opened:
        backend.close()


def signed_in(fake: FakeSupabase, folder: Path, timing: Timing = HURRY, **values: object) -> RemoteBackend:
    profile = replace(Profile("fake", fake.url, fake.url, "anon", give_up=20.0), **values)  # type: ignore[arg-type]
    http = Http(sleep=lambda seconds: __import__("time").sleep(min(seconds, 0.05)))
    credentials = Credentials(folder, "fake")
    refresh = f"refresh-{len(fake.refresh_tokens)}-{folder.name}"
    fake.refresh_tokens.add(refresh)
    credentials.save(Tokens.of(fake.issue(), refresh))
    return RemoteBackend(Caller(profile, Session(profile, http, credentials), http), folder, timing=timing)
