"""The command against a backend over the network: signing in, the main job, and that no secret is ever shown."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.backends.remote.fake_supabase import USER, FakeSupabase
from tests.e2e.conftest import Shell

PASSWORD = "correct horse"


@pytest.fixture
def fake() -> Iterator[FakeSupabase]:
    fake = FakeSupabase().start()
    yield fake
    fake.stop()


@pytest.fixture
def remote(shell: Shell, fake: FakeSupabase) -> Shell:
    """A shell whose user has a profile `work` for the fake."""
    config = shell.folder / "config.toml"
    config.write_text(f'[profiles.work]\nurl = "{fake.url}"\napi_key = "anon-key"\n')
    shell.env |= {
        "SMARTIMPORT_CONFIG": str(config), "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        "SMARTIMPORT_BACKEND": "work",
    }  # fmt: skip
    return shell


def hosted(fake: FakeSupabase) -> None:
    """The functions of a deployment that drives its own pipeline."""

    def ingest(body: dict[str, Any]) -> tuple[int, Any]:
        import_id = fake.new_import()

        def read() -> None:
            fake.insert(import_id, "upload:complete", userId=USER, importId=import_id, fileSize=9)
            fake.insert(import_id, "import:parse:start", importId=import_id, userId=USER)
            fake.tables["transactions_staging"].append(
                {"id": import_id, "import_id": import_id, "user_id": USER, "hash": "h1",
                 "data_json": {"posted_at": "2026-03-02", "merchant": "Coffee", "amount": -4.5}}
            )  # fmt: skip
            fake.tables["imports"][-1]["status"] = "parsed"
            fake.insert(import_id, "import:parse:complete", importId=import_id, rowsTotal=1, preview=[])

        threading.Timer(0.2, read).start()
        return 200, {"ok": True, "importId": import_id, "status": "pending"}

    def commit(body: dict[str, Any]) -> tuple[int, Any]:
        import_id = body["importId"]
        fake.tables["imports"][-1]["status"] = "committed"

        def analyse() -> None:
            fake.insert(import_id, "import:commit:complete", importId=import_id, committed=1)
            fake.insert(import_id, "prime:handoff:initiated", importId=import_id, handoffId="h")
            fake.insert(
                import_id, "crystal:analyze:complete", handoffId="h", advice="Drink less coffee.", insights={}
            )

        threading.Timer(0.2, analyse).start()
        return 200, {"ok": True, "committed": 1}

    fake.functions |= {"ingest-statement": ingest, "commit-import": commit}


def test_the_main_job_over_the_network(remote: Shell, fake: FakeSupabase) -> None:
    hosted(fake)
    token = fake.issue()
    signed_in = remote.run("login", "--token-stdin", "--json", input=token.encode())
    assert signed_in.code == 0, signed_in.err
    assert signed_in.document["user_id"] == USER
    done = remote.run("import", remote.statement(1), "--yes", "--timeout", "30s")
    assert done.code == 0, done.err
    assert "Drink less coffee." in done.out
    assert "committed 1" in done.err
    again = remote.run("summary", "--json")
    assert again.document["advice"] == "Drink less coffee."
    assert remote.run("logout").out == "Signed out of work.\n"
    assert remote.run("list").code == 4


def test_unattended_it_stays_staged(remote: Shell, fake: FakeSupabase) -> None:
    hosted(fake)
    env = {"SMARTIMPORT_TOKEN": fake.issue()}
    done = remote.run("import", remote.statement(1), "--json", "--timeout", "30s", env=env)
    assert (done.code, done.document["state"]["awaiting_approval"]) == (8, True)
    import_id = done.document["import_id"]
    approved = remote.run("approve", import_id[:8], "--yes", "--timeout", "30s", env=env)
    assert approved.code == 0, approved.err


def test_a_password_is_typed_unseen(remote: Shell, fake: FakeSupabase) -> None:
    child = remote.terminal("login")
    child.expect("E-mail: ")
    child.sendline("me@example.com")
    child.expect("Password: ")
    child.sendline(PASSWORD)
    child.expect("Signed in to work")
    child.expect("only you can read")
    assert PASSWORD not in (child.before or "")
    child.close()


def test_no_secret_is_in_anything_that_a_run_writes(
    remote: Shell, fake: FakeSupabase, tmp_path: Path
) -> None:
    """Good runs and bad ones, with --debug, to pipes and files; only the credentials file may hold the tokens."""
    hosted(fake)
    token, refresh = fake.issue(), "refresh-0"
    written = [remote.run("login", "--token-stdin", "--debug", input=f"{token}\n{refresh}".encode())]
    written.append(
        remote.run("import", remote.statement(1), "--yes", "--debug", "-o", "jsonl", "--timeout", "30s")
    )
    fake.functions["commit-import"] = lambda body: (
        400,
        {"error": "bad", "message": f"Bearer {token} apikey=anon-key"},
    )
    written.append(remote.run("import", remote.statement(2, "b.ofx"), "--yes", "--debug", "--timeout", "30s"))
    fake.expire_tokens()
    fake.refresh_tokens.clear()
    written.append(remote.run("list", "--debug"))
    assert written[-1].code == 4
    bad = remote.run("list", "--debug", env={"SMARTIMPORT_TOKEN": f"{token} {token}"})
    written += [bad, remote.run("config", "--json"), remote.run("logout", "--debug")]
    fake.line.down()
    written.append(remote.run("list", "--debug", env={"SMARTIMPORT_TOKEN": token}))
    assert written[-1].code == 6
    for done in written:
        assert token not in done.out + done.err
        assert refresh not in done.out + done.err
    files = [file for file in tmp_path.rglob("*") if file.is_file() and file.name != "credentials.json"]
    for file in files:
        content = file.read_bytes()
        assert token.encode() not in content, file
        assert refresh.encode() not in content, file
    assert not (tmp_path / "credentials.json").exists()


def test_a_project_file_cannot_send_a_token_of_the_environment_anywhere(
    remote: Shell, fake: FakeSupabase
) -> None:
    del remote.env["SMARTIMPORT_BACKEND"]
    (remote.folder / "smartimport.toml").write_text('backend = "work"\n')
    refused = remote.run("list", "--json", env={"SMARTIMPORT_TOKEN": fake.issue()})
    assert (refused.code, refused.document["error"]["code"]) == (2, "token-not-sent")
    assert fake.requests == []
    assert remote.run("list", "--backend", "work", env={"SMARTIMPORT_TOKEN": fake.issue()}).code == 0


def test_signing_in_needs_a_person_or_a_token(remote: Shell) -> None:
    refused = remote.run("login", "--json")
    assert (refused.code, json.loads(refused.out)["error"]["code"]) == (4, "cannot-ask")
    assert remote.run("login", "--token-stdin", input=b"a b").code in (2, 4)
    assert remote.run("login", "--backend", "local", env={"SMARTIMPORT_CONFIG": "/nonexistent"}).code == 2
