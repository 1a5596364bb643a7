"""`smartimport serve` as a person or a script starts it."""

import json
import signal
import subprocess

import pytest

from tests.e2e.conftest import SMARTIMPORT
from tests.server.conftest import Starter, until


def ended(start: Starter, *args: str, input: bytes = b"", **env: str) -> tuple[int, dict[str, str]]:
    """Exit code and error of a command that does not come to serve."""
    done = subprocess.run(
        [SMARTIMPORT, "serve", "-o", "json", *args], input=input, capture_output=True, timeout=30, check=False,
        env=start.environment(**env),
    )  # fmt: skip
    return done.returncode, json.loads(done.stdout).get("error", {})


@pytest.mark.parametrize(
    ("args", "code", "error"),
    [
        (["--host", "0.0.0.0"], 2, "bad-host"),
        (["--host", "192.0.2.1"], 6, "port-in-use"),
        (["--backend", "elsewhere"], 2, "not-local"),
        (["--add-user", "nobody"], 2, "bad-email"),
        (["--add-user", "a@example.org"], 2, "weak-password"),
    ],
)
def test_what_cannot_be_served_is_told(start: Starter, args: list[str], code: int, error: str) -> None:
    exit_code, told = ended(start, "--port", "0", *args)
    assert (exit_code, told["code"]) == (code, error)


def test_a_port_that_is_taken(start: Starter) -> None:
    port = start().url.rpartition(":")[2]
    code, told = ended(start, "--port", port)
    assert (code, told["code"], port in told["message"]) == (6, "port-in-use", True)


def test_faults_cannot_be_misspelt(start: Starter) -> None:
    assert ended(start, "--port", "0", SMARTIMPORT_SERVE_FAULTS="lost")[1]["code"] == "bad-fault"


def test_people_get_the_address_and_a_link_and_end_it_with_ctrl_c(start: Starter) -> None:
    process = subprocess.Popen(
        [SMARTIMPORT, "serve", "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=start.environment(),
    )  # fmt: skip
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert url.startswith("http://127.0.0.1:")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    finally:
        process.kill()
        process.wait()
    assert (process.returncode, out) == (130, "")
    assert f"Sign in once: {url}/#token=" in err
    assert "Traceback" not in err


def test_two_servers_share_a_data_folder(start: Starter) -> None:
    """One secret, one store: a token of one is good at the other, and so is what was stored."""
    start.add_user("ann@example.org")
    first, second = start(), start()
    ann, again = first.sign_in("ann@example.org"), second.sign_in("ann@example.org")
    with again.socket() as channel:
        channel.follow()
        import_id = ann.finished(3)
        live = channel.changes(lambda record: record["event_type"] == "crystal:analyze:complete")
    assert live == until(lambda: again.events(import_id))
    ann.http.close(), again.http.close()
