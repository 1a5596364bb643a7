"""What goes wrong, each with its exit code, its message and a hint; nothing is committed."""

import os

import pytest

from tests.backends.statement_files import csv, days, ofx
from tests.e2e.conftest import Shell


def refused(shell: Shell, *args: str, code: int = 5) -> dict[str, str]:
    done = shell.run("import", *args, "--yes", "--json")
    assert done.code == code, (done.out, done.err)
    error: dict[str, str] = done.document["error"]
    assert error["message"] and error["hint"]
    assert "Traceback" not in done.err
    listed = shell.run("list", "--json").document["imports"]
    assert all(record["committed_count"] is None for record in listed)
    return error


def test_a_missing_file(shell: Shell) -> None:
    shell.statement(name="march.ofx")
    error = refused(shell, "marhc.ofx")
    assert error["code"] == "file-not-found"
    assert "march.ofx" in error["hint"]


def test_a_folder(shell: Shell) -> None:
    (shell.folder / "statements").mkdir()
    assert refused(shell, "statements")["code"] == "is-a-folder"


def test_an_empty_file(shell: Shell) -> None:
    assert refused(shell, shell.file("empty.csv", b""))["code"] == "empty-file"


def test_rubbish_under_the_name_of_a_table(shell: Shell) -> None:
    assert refused(shell, shell.file("march.csv", os.urandom(5000)))["code"] == "unsupported-format"


@pytest.mark.parametrize(
    "content",
    [b"GIF89a\x01\x00\x01\x00", b"\x1f\x8b\x08\x00 packed", b"SQLite format 3\x00"],
)
def test_an_unsupported_type(shell: Shell, content: bytes) -> None:
    assert refused(shell, shell.file("march.csv", content))["code"] == "unsupported-format"


@pytest.mark.parametrize("content", [b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n"], ids=["pdf", "png"])
def test_a_document_that_cannot_be_opened(shell: Shell, content: bytes) -> None:
    assert refused(shell, shell.file("march.csv", content))["code"] == "damaged"


def test_too_large(shell: Shell) -> None:
    error = refused(shell, shell.statement(200), "--max-size", "10KB")
    assert error["code"] == "too-large"
    assert "10,240" in error["message"]


def test_nothing_in_it(shell: Shell) -> None:
    assert refused(shell, shell.file("head.csv", b"Date,Description,Amount\n"))["code"] == "no-transactions"


def test_an_ambiguous_file(shell: Shell) -> None:
    file = shell.file("a.csv", b"Date,Description,Amount\n03/04/2026,Coffee,-4.50\n04/05/2026,Tea,-3.50\n")
    assert refused(shell, file)["code"] == "ambiguous"
    done = shell.run("import", file, "--date-order", "mdy", "--yes", "--json")
    assert done.document["state"]["period"] == ["2026-03-04", "2026-04-05"]


def test_unreadable_rows_are_listed_and_no_policy_takes_them(shell: Shell) -> None:
    lines = csv(days(5)).decode().splitlines()
    lines.insert(3, "2026-03-02,Broken,12..34,")
    file = shell.file("march.csv", "\n".join(lines).encode())
    staged = shell.run("import", file, "--yes", "--approve-if", "max-rows=99", "--json")
    assert staged.code == 8
    assert staged.document["state"]["unreadable"] == 1
    preview = shell.run("preview", "--json").document
    assert preview["unreadable"][0]["source"] == "line 4"
    assert "12..34" in preview["unreadable"][0]["text"]


def test_contradictory_balances_are_shown_and_not_approved_as_proved(shell: Shell) -> None:
    content = csv(days(6)).replace(b"Shop 3,-4.03", b"Shop 3,-5.03")
    done = shell.run("import", shell.file("march.csv", content), "--approve-if", "proved", "--json")
    assert done.code == 8
    proof = done.document["state"]["proof"]
    assert proof["verdict"] == "contradicted"
    assert proof["breaks_at"] == "line 5"


def test_a_wrong_encoding_is_refused(shell: Shell) -> None:
    content = "Date;Libellé;Montant\n15/03/2026;CAFÉ;-4,50\n".encode("cp1252")
    error = refused(shell, shell.file("march.csv", content), "--encoding", "utf-8")
    assert "utf-8" in error["message"]
    assert refused(shell, "march.csv", "--encoding", "klingon", code=2)["code"] == "bad-option"


def test_a_hostile_name_stays_harmless(shell: Shell) -> None:
    name = "../\x1b]0;owned\x07[bold]x[/bold]‮..ofx"
    (shell.folder / "sub").mkdir()
    path = shell.folder / "sub" / name.replace("/", "_")
    path.write_bytes(ofx(days(2)))
    done = shell.run("import", str(path), "--yes")
    assert done.code == 0
    assert "\x1b" not in done.out + done.err
    assert "\u202e" not in done.out + done.err
    shown = shell.run("list", "--json").document["imports"][0]["file_name"]
    assert "/" not in shown and ".." not in shown and "\x1b" not in shown


def test_an_unknown_import(shell: Shell) -> None:
    import_id = shell.run("upload", shell.statement()).out.strip()
    wrong = import_id[:6] + ("0" if import_id[6] != "0" else "1")
    done = shell.run("show", wrong, "--json")
    assert done.code == 2
    assert done.document["error"]["code"] == "unknown-import"
    assert "Did you mean " + import_id[:8] in done.document["error"]["hint"]


def test_no_import_yet(shell: Shell) -> None:
    done = shell.run("watch")
    assert done.code == 2
    assert "smartimport import" in done.err


def test_a_damaged_database(shell: Shell) -> None:
    shell.run("upload", shell.statement())
    database = shell.folder / "data" / "smartimport.db"
    database.write_bytes(b"\0" * 100 + database.read_bytes()[100:])
    for left in (shell.folder / "data").glob("smartimport.db-*"):
        left.unlink()
    done = shell.run("list", "--json")
    assert done.code == 3
    assert done.document["error"]["code"] == "damaged-database"


def test_a_data_folder_that_is_a_file(shell: Shell) -> None:
    shell.file("data", b"")
    done = shell.run("list")
    assert done.code == 2
    assert "data" in done.err


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        (["imprt", "x"], "smartimport import"),
        (["march.pdf"], "smartimport import march.pdf"),
        (["import"], "--help"),
        (["import", "x", "--no-such"], "--help"),
        (["list", "--output", "xml"], "json"),
        (["import", "x", "--date-order", "ymdd"], "dmy"),
        (["import", "x", "--approve-if", "nice"], "max-rows"),
        (["--backend", "nowhere", "list"], "backend"),
    ],
)
def test_wrong_use(shell: Shell, line: list[str], hint: str) -> None:
    done = shell.run(*line)
    assert done.code == 2
    assert hint in done.err
    assert "Traceback" not in done.err


def test_prefixes_are_for_data_never_for_commands(shell: Shell) -> None:
    assert shell.run("li").code == 2
