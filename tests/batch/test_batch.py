"""The installed command over many files: order, policies, reports, and going on after a kill."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest

from tests.backends.statement_files import csv, days
from tests.e2e.conftest import Shell
from tests.e2e.conftest import shell as shell


def put(shell: Shell, name: str, content: bytes) -> Path:
    path = shell.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def months(shell: Shell, count: int, *, folder: str = "in", rows: int = 6) -> None:
    """Statements of one account; each shares its first two rows with the end of the one before."""
    for n in range(count):
        start = max(0, n * rows - 2)
        opening = 1000 - sum(float(amount[1:]) for _, amount, _ in days(start))
        put(shell, f"{folder}/{n:03}.csv", csv(days((n + 1) * rows - start, start=start), opening=f"{opening:.2f}"))


def outcomes(document: dict) -> dict[str, int]:  # type: ignore[type-arg]
    return {k: v for k, v in document["totals"].items() if k not in ("files", "rows", "transactions_committed")}


def test_a_folder_is_committed_in_order_and_overlaps_once(shell: Shell) -> None:
    months(shell, 8)
    done = shell.run("batch", "in", "--yes", "-o", "json")
    assert done.code == 0, done.err
    document = done.document
    assert document["schema"] == "smartimport.batch/1"
    assert outcomes(document) == {"committed": 8}
    assert document["totals"]["transactions_committed"] == 48
    assert [file["new"] for file in document["files"]] == [6] * 8
    assert [file["duplicates"] for file in document["files"]] == [0] + [2] * 7
    assert all(file["proof"] == "proved" for file in document["files"])
    again = shell.run("batch", "in", "--yes", "-o", "json").document
    assert again["totals"]["transactions_committed"] == 0
    assert all(file["known"] for file in again["files"])


def test_what_goes_wrong_is_told_file_by_file_and_stops_nobody(shell: Shell) -> None:
    months(shell, 2)
    put(shell, "in/bad.csv", b"hello\nworld\n")
    put(shell, "in/empty.csv", b"")
    put(shell, "in/readme.doc", b"not looked at")
    put(shell, "in/.hidden.csv", b"not looked at")
    done = shell.run("batch", "in", "missing.csv", "--yes")
    assert done.code == 10
    assert "5 files: 2 committed · 3 refused" in done.out
    assert "bad.csv" in done.out and "empty.csv is empty" in done.out and "There is no file missing.csv" in done.out
    assert "3 of 5 files did not go through" in done.err


def test_without_a_yes_all_stay_staged_and_a_later_run_commits_them(shell: Shell) -> None:
    months(shell, 3)
    first = shell.run("batch", "in", "-o", "json")
    assert first.code == 8
    assert outcomes(first.document) == {"staged": 3}
    second = shell.run("batch", "in", "--yes", "-o", "json")
    assert second.code == 0
    assert outcomes(second.document) == {"committed": 3}


def test_a_policy_decides_each(shell: Shell) -> None:
    put(shell, "in/a.csv", csv(days(4)))
    put(shell, "in/b.csv", csv(days(4, start=10)).replace(b",-14.13,", b",-99.13,"))
    done = shell.run("batch", "in", "--approve-if", "proved", "-o", "json")
    assert done.code == 8
    assert [file["outcome"] for file in done.document["files"]] == ["committed", "staged"]
    assert "contradicted, not proved" in done.document["files"][1]["error"]["message"]


def test_what_is_doubted_is_told_of_files_that_were_taken_too(shell: Shell) -> None:
    card = b"Date,Description,Card Amount\n2026-03-02,A,1.50\n2026-03-05,B,2.50\n2026-03-09,Payment received,-9.00\n"
    put(shell, "in/card.csv", card)
    months(shell, 1)
    doubt = "card.csv: Amounts are taken as charges of a card"
    assert doubt in shell.run("batch", "in", "--dry-run").out
    done = shell.run("batch", "in", "--yes", "--report", "report.md")
    assert (done.code, done.out.count("! ")) == (0, 1), done.out
    assert doubt in done.out
    assert "charges of a card" in (shell.folder / "report.md").read_text()
    guarded = shell.run("batch", "in", "--approve-if", "no-doubts", "--dry-run", "-o", "json")
    assert outcomes(guarded.document) == {"readable": 1, "staged": 1}


def test_dry_run_reads_everything_and_stores_nothing(shell: Shell) -> None:
    months(shell, 3)
    put(shell, "in/bad.csv", b"hello\nworld\n")
    done = shell.run("batch", "in", "--dry-run", "--approve-if", "proved,max-rows=7", "-o", "json")
    assert done.code == 10
    assert [file["outcome"] for file in done.document["files"]] == ["readable", "staged", "staged", "refused"]
    assert not (shell.folder / "data").exists()


def test_stop_after_failures(shell: Shell) -> None:
    for n in range(6):
        put(shell, f"in/{n}.csv", b"hello\nworld\n" + str(n).encode())
    done = shell.run("batch", "in", "--yes", "--stop-after", "2", "--jobs", "1", "-o", "json")
    assert done.code == 10
    assert outcomes(done.document) == {"refused": 2, "not-tried": 4}
    assert "it stopped after 2 failures" in done.document["error"]["message"]


def test_a_moved_file_is_recognised_and_a_changed_one_is_read_again(shell: Shell) -> None:
    months(shell, 2)
    assert shell.run("batch", "in", "--yes").code == 0
    (shell.folder / "in/000.csv").rename(shell.folder / "in/renamed.csv")
    put(shell, "in/001.csv", csv(days(2, start=50)))
    done = shell.run("batch", "in", "--yes", "-o", "json").document
    found = {Path(file["path"]).name: (file["outcome"], file["known"]) for file in done["files"]}
    assert found == {"renamed.csv": ("nothing-new", False), "001.csv": ("committed", False)}
    assert done["totals"]["transactions_committed"] == 2


def test_what_a_person_took_back_is_left_alone(shell: Shell) -> None:
    months(shell, 1)
    import_id = shell.run("batch", "in", "--yes", "-o", "json").document["files"][0]["import_id"]
    assert shell.run("undo", import_id, "--yes").code == 0
    done = shell.run("batch", "in", "--yes", "-o", "json")
    assert done.code == 0
    assert outcomes(done.document) == {"undone": 1}


def test_a_manifest_gives_each_file_its_options(shell: Shell) -> None:
    put(shell, "bank/a.csv", b"01/02/2026;-4,50;Coffee\n03/02/2026;-1,20;Bread\n")
    put(shell, "bank/b.csv", b"01/02/2026;-4,50;Tea\n03/02/2026;-1,20;Cake\n")
    put(shell, "bank/list.csv", b"file,date-order,account\na.csv,dmy,Mine\nb.csv,mdy,Theirs\n")
    put(shell, "bank/list.jsonl", b'{"file": "a.csv", "date_order": "dmy", "account": "Mine"}\n')
    done = shell.run("batch", "--manifest", "bank/list.csv", "--yes", "-o", "json")
    assert done.code == 0, done.out
    assert [file["account"] for file in done.document["files"]] == ["Mine", "Theirs"]
    dates = [row.split(",")[0] for row in shell.run("export", "--all").out.splitlines()[1:]]
    assert sorted(dates) == ["2026-01-02", "2026-02-01", "2026-02-03", "2026-03-02"]
    assert shell.run("batch", "--manifest", "bank/list.jsonl", "-o", "json").document["files"][0]["known"]
    put(shell, "bank/wrong.csv", b"file,colour\na.csv,red\n")
    wrong = shell.run("batch", "--manifest", "bank/wrong.csv")
    assert wrong.code == 2
    assert "Line 2" in wrong.err and "colour" in wrong.err


def test_an_archive_is_its_files_one_after_the_other(shell: Shell) -> None:
    import zipfile

    months(shell, 3)
    with zipfile.ZipFile(shell.folder / "all.zip", "w") as archive:
        for n in range(3):
            archive.write(shell.folder / f"in/{n:03}.csv", f"{n:03}.csv")
        archive.writestr("bad.csv", "hello\nworld\n")
    done = shell.run("batch", "all.zip", "--yes", "-o", "json")
    assert done.code == 10
    assert [(file["path"], file["outcome"]) for file in done.document["files"]] == [
        *((f"all.zip/{n:03}.csv", "committed") for n in range(3)), ("all.zip/bad.csv", "refused"),
    ]  # fmt: skip
    assert done.document["totals"]["transactions_committed"] == 18
    assert all(file["known"] for file in shell.run("batch", "all.zip", "--yes", "-o", "json").document["files"])


def test_names_come_from_standard_input_and_patterns(shell: Shell) -> None:
    months(shell, 3)
    done = shell.run("batch", "-", "--yes", "-o", "json", input=b"in/000.csv\0in/001.csv\0")
    assert outcomes(done.document) == {"committed": 2}
    done = shell.run("batch", "in/00[12].csv", "--yes", "-o", "json")
    assert outcomes(done.document) == {"committed": 2}
    assert [file["known"] for file in done.document["files"]] == [True, False]


def test_jsonl_is_a_recording(shell: Shell) -> None:
    months(shell, 2)
    done = shell.run("batch", "in", "--yes", "-o", "jsonl")
    lines = done.lines
    assert lines[-1]["type"] == "result"
    put(shell, "recording.jsonl", done.out.encode())
    replayed = shell.run("replay", "recording.jsonl", "-o", "json").document
    assert replayed["rejected"] == []
    assert [one["state"]["status"] for one in replayed["imports"]] == ["complete", "complete"]


def test_reports(shell: Shell) -> None:
    import xmlschema

    months(shell, 1)
    put(shell, "in/<b>&\"x\x1b[31m.csv", b"hello\nworld\n")
    put(shell, "in/odd|name`.csv", csv(days(3, start=40)).replace(b",-43.42,", b",-45.42,"))
    done = shell.run(
        "batch", "in", "--approve-if", "proved", "--report", "r.json", "--report", "r.xml", "--report", "r.md",
        "--github", env={"GITHUB_STEP_SUMMARY": str(shell.folder / "summary.md")},
    )  # fmt: skip
    assert done.code == 10
    document = json.loads((shell.folder / "r.json").read_text())
    assert outcomes(document) == {"committed": 1, "refused": 1, "staged": 1}
    schema = xmlschema.XMLSchema(Path(__file__).parent / "junit.xsd")
    schema.validate(shell.folder / "r.xml")
    found = schema.to_dict(shell.folder / "r.xml")
    assert found["@tests"] == 3 and found["@failures"] == 1
    table = (shell.folder / "r.md").read_text()
    assert "\x1b" not in table and "\\<b\\>" in table and "odd\\|name\\`.csv" in table
    assert (shell.folder / "summary.md").read_text().startswith("### smartimport batch")
    assert done.err.count("::error file=") == 1 and done.err.count("::warning file=") == 1
    assert shell.run("batch", "in", "--report", "r.pdf").code == 2


def test_a_timeout_for_one_file_gives_that_file_up(shell: Shell) -> None:
    months(shell, 1)
    os.mkfifo(shell.folder / "in/never.csv")
    done = shell.run("batch", "in/000.csv", "in/never.csv", "--yes", "--file-timeout", "8s", "-o", "json")
    assert done.code == 10
    assert [file["outcome"] for file in done.document["files"]] == ["committed", "timed-out"]


def test_a_folder_is_watched_and_files_are_taken_when_they_are_complete(shell: Shell) -> None:
    (shell.folder / "in").mkdir()
    process = shell.start("batch", "in", "--watch-folder", "--yes", "-o", "json")
    whole = csv(days(30))
    path = put(shell, "in/slow.csv", whole[:200])
    put(shell, "in/half.csv.part", b"Date,Description,Amount\n2026-01-01,x,-1.00\n")
    for _ in range(3):  # still being written
        time.sleep(0.8)
        path.write_bytes(path.read_bytes() + b"")
    path.write_bytes(whole)
    wait_for_rows(shell, 30)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 130, err
    assert outcomes(json.loads(out)) == {"committed": 1}


def wait_for_rows(shell: Shell, count: int) -> None:
    """Until so many transactions are committed."""
    database = shell.folder / "data/smartimport.db"
    for _ in range(600):
        if database.exists() and rows_in(database) >= count:
            return
        time.sleep(0.05)
    raise AssertionError(f"fewer than {count} rows after 30 s")


def rows_in(database: Path) -> int:
    db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return int(db.execute("SELECT count(*) FROM transactions").fetchone()[0])
    except sqlite3.OperationalError:  # not made yet
        return -1
    finally:
        db.close()


def test_killed_ten_times_at_random_moments_it_goes_on_where_it_was(shell: Shell) -> None:
    count, rows_each = 500, 5
    months(shell, count, rows=rows_each)
    chance = random.Random()  # other moments each time: any of them must do
    committed = 0
    for _ in range(10):
        process = shell.start("batch", "in", "--yes", "-q")
        wait_for_rows(shell, committed + rows_each * chance.randint(1, 40))
        time.sleep(chance.uniform(0, 0.1))
        process.kill()
        process.communicate()
        committed = rows_in(shell.folder / "data/smartimport.db")
    assert committed < count * rows_each
    done = shell.run("batch", "in", "--yes", "-o", "json")
    assert done.code == 0, done.err
    assert set(outcomes(done.document)) <= {"committed", "nothing-new"}
    assert done.document["totals"]["files"] == count
    rows = shell.run("export", "--all").out.splitlines()[1:]
    assert sorted(row.split(",")[3] for row in rows) == sorted(f"Shop {n}" for n in range(count * 5))
    listed = json.loads(shell.run("list", "-o", "json").out)["imports"]
    assert [record["status"] for record in listed] == ["committed"] * count


def test_ctrl_c_ends_at_once_and_leaves_no_process(shell: Shell) -> None:
    months(shell, 60)
    process = shell.start("batch", "in", "--yes", "-q")
    wait_for_rows(shell, 12)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=10)
    assert process.returncode == 130, err
    assert b"Nothing is half committed" in err
    children = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=False)
    assert children.stdout == ""


@pytest.mark.parametrize("words", [["batch"], ["batch", "in/000.csv", "--watch-folder"], ["batch", "in", "--file-timeout", "x"]])
def test_wrong_use(shell: Shell, words: list[str]) -> None:
    months(shell, 1)
    assert shell.run(*words).code == 2
