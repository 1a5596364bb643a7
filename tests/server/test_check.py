"""The smoke check over the wire: a sound server passes, each fault is caught by the name of a step."""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from smartimport_cli.backends.remote import RemoteBackend, session_of
from smartimport_cli.backends.remote.caller import Caller
from smartimport_cli.backends.remote.http import Http
from smartimport_cli.backends.remote.profile import profile_named
from smartimport_cli.check import BUDGETS, FAILED, PASSED, Check, Step
from tests.e2e.conftest import SMARTIMPORT

PASSWORD = "correct horse battery"


@contextmanager
def served(folder: Path, faults: str = "") -> Iterator[tuple[RemoteBackend, RemoteBackend]]:
    """A server in a process of its own, as two of its users have it."""
    env = {
        "HOME": str(folder), "SMARTIMPORT_DATA_DIR": str(folder / "data"), "LC_ALL": "C.UTF-8",
        "SMARTIMPORT_SERVE_FAULTS": faults,
    }  # fmt: skip
    for name in ("owner", "other"):
        subprocess.run(
            [SMARTIMPORT, "serve", "--add-user", f"{name}@example.com"], input=f"{PASSWORD}\n".encode(), env=env,
            check=True, capture_output=True, timeout=60,
        )  # fmt: skip
    command = [SMARTIMPORT, "serve", "--port", "0", "-o", "jsonl"]
    with (
        (folder / "serve.log").open("wb") as log,
        subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=log) as server,
    ):
        try:
            assert server.stdout is not None
            started = json.loads(server.stdout.readline())
            users = [_signed_in(started, folder / name, f"{name}@example.com") for name in ("owner", "other")]
            try:
                yield users[0], users[1]
            finally:
                for user in users:
                    user.close()
        finally:
            server.terminate()
            server.wait(30)


def _signed_in(started: dict[str, str], folder: Path, email: str) -> RemoteBackend:
    folder.mkdir()
    http = Http()
    profile = profile_named(started["url"], {}, started["key"])
    session = session_of(profile, folder, {}, http)
    session.sign_in(email, PASSWORD)
    return RemoteBackend(Caller(profile, session, http), folder)


def checked(folder: Path, faults: str = "", **budgets: float) -> dict[str, Step]:
    with served(folder, faults) as (backend, other):
        check = Check(backend, "abcdefgh", date(2026, 3, 15), time.monotonic, other=other, budgets=budgets)
        return {step.name: step for step in check.steps(list(BUDGETS))}


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


def test_a_sound_server_passes(tmp_path: Path) -> None:
    steps = checked(tmp_path)
    assert {name: step.message for name, step in steps.items() if step.verdict != PASSED} == {}


@pytest.mark.parametrize(
    ("fault", "caught"),
    [
        ("lost-event@5", "live"),
        ("duplicate@5", "live"),
        ("wrong-order@5", "live"),
        ("missing-event@4", "order"),
        ("leaked-row", "isolation"),
        ("double-commit", "commit"),
        ("personal-data@5", "privacy"),
        ("slow-stage@3", "upload"),
    ],
)
def test_each_fault_is_caught_by_name(tmp_path: Path, fault: str, caught: str) -> None:
    steps = checked(tmp_path, fault, upload=2.5, events=8, commit=8, analysis=8)
    failed = {name: step.message for name, step in steps.items() if step.verdict == FAILED}
    assert caught in failed, {name: (step.verdict, step.message) for name, step in steps.items()}
