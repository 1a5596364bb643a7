"""The installed command as scripts use it: streams, documents, exit codes."""

import json

import pytest

from tests.backends.statement_files import days, ofx
from tests.e2e.conftest import Shell


def test_import_without_a_person_stays_staged(shell: Shell) -> None:
    done = shell.run("import", shell.statement(5))
    assert done.code == 8
    assert done.out == ""
    assert "5 new" in done.err
    assert "smartimport approve" in done.err and "--yes" in done.err
    assert shell.run("list", "--json").document["imports"][0]["status"] == "parsed"


def test_import_with_yes_prints_the_summary_on_stdout_only(shell: Shell) -> None:
    done = shell.run("import", shell.statement(5), "--yes")
    assert done.code == 0
    assert "Crystal" in done.out
    assert "committed 5" in done.err
    assert "committed" not in done.out
    assert "\x1b" not in done.out + done.err


def test_import_json_is_one_document(shell: Shell) -> None:
    done = shell.run("import", shell.statement(5), "--yes", "-o", "json")
    assert done.code == 0
    document = done.document
    assert document["schema"] == "smartimport.import/1"
    assert document["state"]["status"] == "complete"
    assert document["state"]["committed"] == 5
    assert document["state"]["progress"] == 100
    assert document["state"]["insights"]["schema"] == "smartimport.insights/2"


def test_import_json_speaks_on_failure_too(shell: Shell) -> None:
    done = shell.run("import", "no-such.csv", "--json")
    assert done.code == 5
    assert done.document["error"]["code"] == "file-not-found"
    assert done.document["error"]["exit"] == 5
    staged = shell.run("import", shell.statement(), "--json")
    assert staged.code == 8
    assert staged.document["error"]["code"] == "awaiting-approval"
    assert staged.document["state"]["awaiting_approval"] is True


def test_import_jsonl_is_every_record_and_a_result(shell: Shell) -> None:
    done = shell.run("import", shell.statement(5), "--yes", "-o", "jsonl")
    assert done.code == 0
    assert done.err == ""
    *records, result = done.lines
    assert [record["seq"] for record in records] == list(range(1, len(records) + 1))
    assert records[0]["event_type"] == "import:upload:start"
    assert result["type"] == "result"
    assert result["state"]["status"] == "complete"


def test_quiet_says_nothing_on_the_way(shell: Shell) -> None:
    done = shell.run("import", shell.statement(5), "--yes", "--quiet")
    assert done.code == 0
    assert done.err == ""
    assert "Crystal" in done.out


def test_the_same_again_is_safe(shell: Shell) -> None:
    file = shell.statement(5)
    first = shell.run("import", file, "--yes", "--json").document
    again = shell.run("import", file, "--yes", "--json")
    assert again.code == 0
    assert again.document["existing"] is True
    assert again.document["import_id"] == first["import_id"]
    assert shell.run("import", file, "--yes", "--fail-on-empty").code == 9
    assert "lready committed as" in shell.run("import", file).err


def test_a_staged_import_goes_on_where_it_stopped(shell: Shell) -> None:
    file = shell.statement(5)
    staged = shell.run("import", file, "--json").document
    done = shell.run("import", file, "--yes", "--json").document
    assert done["import_id"] == staged["import_id"]
    assert done["state"]["committed"] == 5


def test_standard_input(shell: Shell) -> None:
    done = shell.run("import", "-", "--yes", "--json", input=ofx(days(3)))
    assert done.document["state"]["committed"] == 3
    assert done.document["state"]["file_name"] == "stdin"


def test_several_files_are_told_one_by_one(shell: Shell) -> None:
    done = shell.run("import", shell.statement(3), "missing.ofx", "--yes", "--json")
    assert done.code == 10
    first, second = done.document["imports"]
    assert first["state"]["committed"] == 3
    assert second["error"]["code"] == "file-not-found"
    assert done.document["error"]["exit"] == 10


@pytest.mark.parametrize(
    ("guards", "code"),
    [
        ("proved", 8),
        ("max-rows=4", 8),
        ("max-rows=5", 0),
        ("no-duplicates", 0),
        ("max-total=15.09", 8),
        ("max-total=15.10", 0),
    ],
)
def test_a_policy_answers_or_falls_back_to_staged(shell: Shell, guards: str, code: int) -> None:
    done = shell.run("import", shell.statement(5), "--yes", "--approve-if", guards, "--json")
    assert done.code == code, done.err
    assert (done.document["state"]["committed"] is None) == (code == 8)


def test_upload_approve_and_the_rest_of_an_imports_life(shell: Shell) -> None:
    uploaded = shell.run("upload", shell.statement(5))
    assert uploaded.code == 0
    import_id = uploaded.out.strip()
    assert len(import_id) == 36
    preview = shell.run("preview", import_id[:4], "--json").document
    assert (preview["new"], preview["rows"][0]["amount"]) == (5, "-1.00")
    assert shell.run("approve", import_id[:6], "--digest", "0" * 32).code == 12
    approved = shell.run("approve", import_id[:6], "--digest", preview["digest"], "--json")
    assert (approved.code, approved.document["state"]["committed"]) == (0, 5)
    assert shell.run("approve", import_id[:6]).code == 0
    assert shell.run("show", "--json").document["import"]["status"] == "committed"
    assert shell.run("summary").out == shell.run("approve", import_id[:6]).out
    assert shell.run("summary", "--json").document["schema"] == "smartimport.summary/1"
    assert shell.run("export", "--format", "csv").out.count("\n") == 6
    assert len(json.loads(shell.run("export", "--all", "-o", "json").out)["transactions"]) == 5
    unasked = shell.run("undo", import_id[:6])
    assert unasked.code == 2 and "--yes" in unasked.err
    assert shell.run("undo", import_id[:6], "--yes", "--json").document["removed"] == 5
    assert shell.run("export", "--all").out.count("\n") == 1
    assert shell.run("list").out.count("undone") == 1


def test_reject(shell: Shell) -> None:
    import_id = shell.run("upload", shell.statement()).out.strip()
    assert shell.run("reject", import_id, "--reason", "not mine").code == 0
    approved = shell.run("approve", import_id, "--json")
    assert approved.code == 11
    assert approved.document["error"]["code"] == "rejected"
    assert shell.run("watch", import_id).code == 11


def test_watch_ends_with_the_imports_exit_code(shell: Shell) -> None:
    shell.run("import", shell.statement(), "--yes")
    watched = shell.run("watch")
    assert watched.code == 0
    assert "(earlier)" in watched.err
    shell.run("import", shell.file("bad.csv", b"GIF89a\x01\x00"))
    assert shell.run("watch", "--json").document["error"]["code"] == "unsupported-format"
    assert shell.run("watch").code == 5


def test_watch_in_another_process_follows_the_commit(shell: Shell) -> None:
    import_id = shell.run("upload", shell.statement()).out.strip()
    watcher = shell.start("watch", import_id, "-o", "jsonl")
    assert watcher.stdout is not None
    while b"parse:complete" not in watcher.stdout.readline():
        pass
    shell.run("approve", import_id)
    out, _ = watcher.communicate(timeout=20)
    assert watcher.returncode == 0
    *records, result = [json.loads(line) for line in out.splitlines()]
    assert records[-1]["event_type"] == "crystal:analyze:complete"
    assert result["state"]["committed"] == 5


def test_timeout_is_of_this_command_only(shell: Shell) -> None:
    import_id = shell.run("upload", shell.statement()).out.strip()
    waited = shell.run("watch", import_id, "--timeout", "300ms", "--json")
    assert waited.code == 7
    assert waited.document["error"]["code"] == "timeout"
    assert shell.run("approve", import_id).code == 0


def test_events_can_be_recorded_and_replayed(shell: Shell) -> None:
    shell.run("import", shell.statement(), "--yes")
    recording = shell.run("events", "-o", "jsonl").out
    lines = recording.splitlines()
    shell.file("import.jsonl", recording.encode())
    replayed = shell.run("replay", "import.jsonl", "--json").document
    assert replayed["state"] == shell.run("show", "--json").document["state"]
    assert len(shell.run("events", "--json").document["events"]) == len(lines) - 1
    assert shell.run("events", "--since", "3", "--type", "import:parse:*").out.count("\n") == 2
    assert "$schema" in shell.run("events", "--schema").document


def test_text_forms_are_for_people(shell: Shell) -> None:
    import_id = shell.run("upload", shell.statement()).out.strip()
    assert "5 new" in shell.run("preview").out
    assert import_id[:8] in shell.run("list").out
    assert import_id in shell.run("show").out
    assert "upload:start" in shell.run("events").out
    assert "data-dir" in shell.run("config").out
    inspected = shell.run("inspect", "march.ofx")
    assert "5 transactions" in inspected.out
    assert shell.run("help", "exit-codes").out.splitlines()[0].split() == ["0", "done"]


def test_inspect_stores_nothing(shell: Shell) -> None:
    document = shell.run("inspect", shell.statement(), "--json").document
    assert document["schema"] == "smartimport.inspect/1"
    assert len(document["statements"][0]["transactions"]) == 5
    assert not (shell.folder / "data").exists()


@pytest.mark.parametrize("shell_name", ["bash", "zsh", "fish", "powershell"])
def test_completion_scripts(shell: Shell, shell_name: str) -> None:
    done = shell.run("completions", shell_name)
    assert done.code == 0
    assert "__complete" in done.out


def test_global_options_go_anywhere(shell: Shell) -> None:
    shell.run("upload", shell.statement())
    assert shell.run("-o", "json", "list").document == shell.run("list", "--json").document
    elsewhere = shell.run("--data-dir", str(shell.folder / "other"), "list", "--json").document
    assert elsewhere["imports"] == []
    by_environment = shell.run("list", env={"SMARTIMPORT_OUTPUT": "json"}).document
    assert len(by_environment["imports"]) == 1


def test_a_closed_pipe_is_no_failure(shell: Shell) -> None:
    import subprocess

    shell.run("import", shell.statement(2000), "--yes")
    done = subprocess.run(
        ["bash", "-c", "set -o pipefail; smartimport export | head -1; exit ${PIPESTATUS[0]}"],
        capture_output=True, cwd=shell.folder, check=False,
        env={**shell.env, "PATH": f"{__import__('os').path.dirname(__import__('sys').executable)}:{shell.env['PATH']}"},
    )  # fmt: skip
    assert done.stdout.count(b"\n") == 1
    assert done.stderr == b""
    assert done.returncode == 0


def test_a_user_extends_the_categories(shell: Shell) -> None:
    rules = shell.folder / "config" / "categories.toml"
    rules.parent.mkdir()
    rules.write_text('[categories]\nHobby = ["shop"]\n')
    env = {"SMARTIMPORT_CONFIG": str(rules.parent / "config.toml")}
    done = shell.run("import", shell.statement(5), "--yes", "--json", env=env)
    (found,) = done.document["state"]["insights"]["currencies"]
    assert [item["category"] for item in found["categories"]] == ["Hobby"]
    rules.write_text("[categories\n")
    failed = shell.run("import", shell.statement(7, "april.ofx"), "--yes", "--json", env=env)
    assert failed.code == 13
    assert failed.document["error"]["code"] == "bad-rules"
    assert failed.document["state"]["committed"] == 2
    rules.write_text("")
    assert shell.run("summary", env=env).code == 0


def test_demo_needs_nothing(shell: Shell) -> None:
    done = shell.run("demo")
    assert done.code == 0
    assert "Crystal · January to March 2026 · USD" in done.out
    assert "Homeware Depot 64.90 twice" in done.out
    assert shell.run("list", "--json").document["imports"] == []  # the user's own data is not touched
    assert shell.run("demo", "--json").document["state"]["proof"]["verdict"] == "proved"


def test_a_recording_holds_nothing_personal_and_ends_as_the_import_did(shell: Shell) -> None:
    file = shell.statement(3, name="Anna Smith 12345678.ofx")
    done = shell.run("import", file, "--yes", "--record", "bug.jsonl", "-o", "json")
    assert done.code == 0
    recorded = (shell.folder / "bug.jsonl").read_text()
    assert (shell.folder / "bug.jsonl").stat().st_mode & 0o077 == 0
    state = done.document["state"]
    for private in ("Anna", "Smith", "5678", "Shop", state["user_id"], "6.03", "-1.00"):
        assert private not in recorded, private
    replayed = shell.run("replay", "bug.jsonl", "-o", "json")
    assert replayed.code == 0
    kept = ("status", "progress", "rows_total", "new", "committed", "digest", "handoff_id", "stage_started_at")
    assert {key: replayed.document["state"][key] for key in kept} == {key: state[key] for key in kept}
    assert replayed.document["state"]["file_name"] == "statement.ofx"


def test_replay_ends_as_the_recorded_import_stood(shell: Shell) -> None:
    shell.run("import", shell.file("bad.csv", b"hello\nworld\n"), "--record", "bad.jsonl")
    assert shell.run("replay", "bad.jsonl").code == 5
    shell.run("import", shell.statement(), "--record", "staged.jsonl")
    assert shell.run("replay", "staged.jsonl").code == 8
    shell.run("approve", "@latest", "--yes", "--record", "whole.jsonl")
    assert shell.run("replay", "whole.jsonl").code == 0
    until = shell.run("replay", "whole.jsonl", "--until", "import:parse:complete", "-o", "json")
    assert (until.code, until.document["state"]["awaiting_approval"]) == (8, True)
    assert shell.run("replay", "whole.jsonl", "--until", "3", "-o", "json").document["state"]["status"] == "parsing"
    assert shell.run("replay", "whole.jsonl", "--until", "nothing").code == 2


def test_replay_at_a_speed_shows_the_phases(shell: Shell) -> None:
    shell.run("import", shell.statement(), "--yes", "--record", "r.jsonl")
    done = shell.run("replay", "r.jsonl", "--speed", "100")
    assert done.code == 0
    assert [word in done.err for word in ("uploading", "reading", "committed 5", "analysis complete")] == [True] * 4
