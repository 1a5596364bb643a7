"""categorize, budget and the summary's other forms, as a person and a script use them."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.backends.statement_files import ofx
from tests.e2e.conftest import Shell

ROWS = [
    ("2026-02-02", "-40.00", "Qwertz Secret"), ("2026-02-10", "-60.00", "Rewe"),
    ("2026-03-02", "-41.00", "Qwertz Secret"),
    ("2026-03-16", "-64.90", "Homeware Depot"), ("2026-03-17", "-64.90", "Homeware Depot"),
]  # fmt: skip


@pytest.fixture
def imported(shell: Shell) -> Shell:
    shell.file("march.ofx", ofx(ROWS))
    assert shell.run("import", "march.ofx", "--yes").code == 0
    return shell


def test_categorize_then_summary(imported: Shell) -> None:
    named = imported.run("summary", "--explain").out
    line = re.search(r"line (\d+) on 16 March", named)
    assert line, named
    done = imported.run("categorize", "@latest", line[1], "Home")
    assert (done.code, "is Home now" in done.out) == (0, True)
    summary = imported.run("summary", "--json").document
    (found,) = summary["insights"]["currencies"]
    assert ("Home", "129.80") in {(c["category"], c["out"]) for c in found["categories"]}
    assert "you said so 1, learned from you 1" in re.sub(
        r"\s+", " ", imported.run("summary", "--explain").out
    ).replace("learned from you 1, you said so 1", "you said so 1, learned from you 1")


def test_budget_from_setting_to_removing(imported: Shell) -> None:
    assert imported.run("budget", "set", "shopping", "100").out == "Shopping may cost 100.00 a month.\n"
    assert imported.run("budget", "--json").document["budgets"] == [
        {"category": "Shopping", "currency": None, "amount": "100.00"}
    ]
    text = imported.run("summary").out
    assert "Budgets of 2026-03" in text
    assert re.search(r"Shopping +129\.80 of +100\.00 .* 29\.80 over", text)
    assert imported.run("budget", "remove", "Shopping").code == 0
    assert imported.run("budget", "remove", "Shopping").code == 2
    assert "Budgets of" not in imported.run("summary").out


@pytest.mark.parametrize(
    "words",
    [
        ("budget", "set", "groceries"), ("budget", "set", "groceries", "much"), ("budget", "set", "groceries", "-4"),
        ("budget", "buy"), ("categorize", "@latest", "7777", "Home"), ("categorize", "@latest", "2", " "),
        ("budget", "set", "groceries", "4", "--currency", "EURO"),
        ("budget", "set", "groceries", "1e999999999"), ("budget", "set", "groceries", "NaN"),
    ],
)  # fmt: skip
def test_wrong_use_is_said(imported: Shell, words: tuple[str, ...]) -> None:
    done = imported.run(*words, "--json")
    assert done.code == 2
    assert done.document["error"]["hint"] or done.document["error"]["message"]


def test_thresholds_are_listed_and_a_wrong_one_stops_the_analysis_only(imported: Shell) -> None:
    listed = imported.run("help", "thresholds", "--json").document["thresholds"]
    assert listed["transfer_days"]["value"] == 5
    config = imported.folder / ".config" / "smartimport"
    config.mkdir(parents=True, exist_ok=True)
    (config / "categories.toml").write_text("[thresholds]\nno_such = 1\n")
    imported.run("budget", "set", "groceries", "400")
    done = imported.run("summary")
    assert done.code != 0
    assert "no_such" in done.err


class Model(BaseHTTPRequestHandler):
    """An OpenAI-compatible endpoint that says what the test wants."""

    def do_POST(self) -> None:
        server: Any = self.server
        body = self.rfile.read(int(self.headers["Content-Length"]))
        server.seen.append((self.path, self.headers.get("Authorization"), json.loads(body)))
        answer = server.answer
        content = (
            answer
            if isinstance(answer, bytes)
            else json.dumps({"choices": [{"message": {"content": answer}}]}).encode()
        )
        self.send_response(server.status)
        self.send_header("Location", "http://127.0.0.1:9/elsewhere")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: Any) -> None:
        pass


@contextmanager
def model(shell: Shell, answer: str | bytes, *, status: int = 200, config: str = "") -> Iterator[Any]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Model)
    server.seen, server.answer, server.status = [], answer, status
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    folder = shell.folder / ".config" / "smartimport"
    folder.mkdir(parents=True, exist_ok=True)
    text = f'[prose]\nurl = "http://127.0.0.1:{server.server_port}/v1"\nmodel = "tiny"\n{config}'
    (folder / "config.toml").write_text(text)
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_prose_is_off_until_a_model_is_named(imported: Shell) -> None:
    done = imported.run("summary", "--prose", "--yes", "--json")
    assert (done.code, done.document["error"]["code"]) == (2, "no-prose")


def test_prose_sends_sums_only_and_shows_what_came(imported: Shell) -> None:
    with model(
        imported, "You spent 270.80 USD.\n\nMost went to\x1b[m Shopping.", config='key_env = "PROSE_KEY"\n'
    ) as server:
        done = imported.run("summary", "--prose", "--yes", env={"PROSE_KEY": "k-123"})
    assert done.code == 0, done.err
    assert done.out == "You spent 270.80 USD.\nMost went to␛[m Shopping.\n"
    ((path, key, body),) = server.seen
    assert (path, key, body["model"]) == ("/v1/chat/completions", "Bearer k-123", "tiny")
    sent = json.dumps(body)
    for private in ("Qwertz", "Homeware", "Depot", "march.ofx", "5678", "64.90", "2026-03-16", "k-123"):
        assert private not in sent, private


@pytest.mark.parametrize(
    "text", ["You spent about 271 USD.", "You spent 270,80 USD.", "Save 12 % by March.", "٩٩ shops"]
)
def test_prose_with_a_number_of_its_own_is_refused(imported: Shell, text: str) -> None:
    with model(imported, text):
        done = imported.run("summary", "--prose", "--yes", "--json")
    assert (done.code, done.document["error"]["code"]) == (3, "prose-refused")
    assert text not in done.out


@pytest.mark.parametrize(
    ("answer", "status"),
    [(b"no json", 200), (b'{"choices": []}', 200), (b'{"choices": [{"message": {"content": 3}}]}', 200),
     ("x", 500), ("x", 302), (b"x" * (2 << 20), 200)],
)  # fmt: skip
def test_an_answer_that_is_none_is_said(imported: Shell, answer: str | bytes, status: int) -> None:
    with model(imported, answer, status=status):
        done = imported.run("summary", "--prose", "--yes", "--json")
    assert (done.code, done.document["error"]["code"]) == (6, "prose-failed")


def test_nothing_is_sent_without_a_yes(imported: Shell) -> None:
    with model(imported, "You spent 270.80 USD.") as server:
        done = imported.run("summary", "--prose")
    assert (done.code, server.seen) == (2, [])
    shown = json.loads(done.err[done.err.index("{") : done.err.rindex("}") + 1])
    assert shown["model"] == "tiny"


def test_on_a_terminal_it_shows_and_asks(imported: Shell, ended: Any) -> None:
    with model(imported, "You spent 270.80 USD.") as server:
        child = imported.terminal("summary", "--prose")
        child.expect("all that would be sent")
        child.expect("Send it")
        assert server.seen == []
        child.sendline("y")
        child.expect("You spent 270.80 USD")
        assert ended(child) == 0
        assert len(server.seen) == 1


@pytest.mark.parametrize(
    "table",
    ['url = "http://example.org/v1"\nmodel = "m"', 'url = "https://u:p@example.org/v1"\nmodel = "m"',
     'url = "ftp://x"\nmodel = "m"',
     'url = "https://example.org/v1"', 'url = "https://example.org"\nmodel = "m"\nkey_env = "NOT_SET_ANYWHERE"'],
)  # fmt: skip
def test_an_endpoint_that_is_not_safe_is_refused(imported: Shell, table: str) -> None:
    folder = imported.folder / ".config" / "smartimport"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text(f"[prose]\n{table}\n")
    done = imported.run("summary", "--prose", "--yes", "--json")
    assert (done.code, done.document["error"]["code"]) == (2, "bad-prose")


def test_a_project_file_may_not_name_an_endpoint(imported: Shell) -> None:
    Path(imported.folder / "smartimport.toml").write_text(
        '[prose]\nurl = "http://127.0.0.1:1"\nmodel = "m"\n'
    )
    assert imported.run("summary", "--json").document["error"]["code"] == "project-may-not"
