"""Editing a preview with the installed command: files, the template, the screen on a pseudo-terminal, races."""

import csv as csv_module
import os
import signal
import time
from collections.abc import Callable

import pexpect
import pytest

from tests.backends.statement_files import csv, days
from tests.e2e.conftest import Shell
from tests.e2e.test_terminal_session import QUESTION

Ended = Callable[["pexpect.spawn[str]"], int]


@pytest.fixture
def staged(shell: Shell) -> Shell:
    """A shell with five rows staged, proved by their balances."""
    shell.file("march.csv", csv(days(5)))
    assert shell.run("upload", "march.csv").code == 0
    return shell


def test_a_file_of_edits_is_what_is_committed(staged: Shell) -> None:
    staged.file("changes.csv", b"row,category,exclude,split\n1,Groceries,,\n2,,yes,\n3,,,-1.00 Food; rest Home\n")
    before = staged.run("preview", "--json").document
    edited = staged.run("preview", "@latest", "--edit", "changes.csv", "--json")
    assert edited.code == 0
    shown = edited.document
    assert shown["digest"] != before["digest"]
    assert (shown["new"], shown["excluded"], shown["edited"]) == (5, 1, 3)
    first, second, third, *_ = shown["rows"]
    assert (first["category"], first["edited"], first["as_read"]["category"]) == ("Groceries", ["category"], None)
    assert second["excluded"] == "left out"
    assert third["parts"] == [{"amount": "-1.00", "category": "Food"}, {"amount": "-2.02", "category": "Home"}]
    assert staged.run("show", "--json").document["state"]["edited"] == 3
    stale = staged.run("approve", "@latest", "--digest", before["digest"])
    assert stale.code == 12
    assert staged.run("approve", "@latest", "--digest", shown["digest"]).code == 0
    rows = list(csv_module.DictReader(staged.run("export").out.splitlines()))
    assert [(row["amount"], row["category"]) for row in rows] == [
        ("-1.00", "Groceries"), ("-1.00", "Food"), ("-2.02", "Home"), ("-4.03", "Shopping"), ("-5.04", "Shopping"),
    ]  # fmt: skip


def test_the_same_file_twice_changes_nothing_more(staged: Shell) -> None:
    staged.file("changes.csv", b"line;category;amount\n2;Groceries;\n3;;-77.00\n")
    once = staged.run("preview", "--edit", "changes.csv", "--json").document
    events = len(staged.run("events", "@latest", "--json").document["events"])
    assert staged.run("preview", "--edit", "changes.csv", "--json").document == once
    assert len(staged.run("events", "@latest", "--json").document["events"]) == events
    assert once["proof"]["verdict"] == "contradicted"
    taken_back = staged.run("preview", "@latest", "--edit", "-", "--json", input=b"row,amount\n2,-\n")
    assert taken_back.document["proof"]["verdict"] == "proved"
    assert taken_back.document["edited"] == 1


def test_the_template_goes_round(staged: Shell) -> None:
    staged.file("x.csv", b"row,category,exclude,split,merchant\n1,=SUM(A1),,,-Dash\n2,,yes,,\n3,,,-1.00 A; rest B,\n")
    before = staged.run("preview", "--edit", "x.csv", "--json").document
    assert staged.run("preview", "@latest", "--export-edits", "edits.csv").code == 0
    assert (staged.folder / "edits.csv").stat().st_mode & 0o777 == 0o600
    text = (staged.folder / "edits.csv").read_text()
    assert "'=SUM(A1)" in text
    assert staged.run("preview", "--edit", "edits.csv", "--json").document == before
    again = staged.run("preview", "@latest", "--export-edits", "edits.csv")
    assert again.code == 2
    assert (staged.folder / "edits.csv").read_text() == text


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"row,colour\n1,red\n", "Line 1 of the edits: there is no column 'colour'"),
        (b"category\nFood\n", "Line 1 of the edits: it needs a column row or line"),
        (b"row,category\n1,Food\n9,Fun\n", "Line 3 of the edits: the import has no row 9"),
        (b"row,category\nx,Food\n", "Line 2 of the edits: it has no row number"),
        (b"row,date\n1,31.12.2026\n", "'31.12.2026' is no date"),
        (b"row,amount\n1,\"1,50\"\n", "'1,50' is no amount"),
        (b"row,amount\n1,nan\n", "'nan' is no amount"),
        (b"row,amount\n1,1e99\n", "too large"),
        (b"row,exclude\n1,perhaps\n", "exclude does not take 'perhaps'"),
        (b"row,split\n1,-0.40 A; -0.40 B\n", "the parts leave -0.20 of -1.00"),
        (b"row,split\n1,-1.00 A\n", "two parts at least"),
        (b"row,description,category\n1,Another shop,Food\n", "not 'Another shop'"),
        (b"row,category\n1,\"Food\n", "it is no CSV"),
        (b"\xff\xfe", "not in UTF-8"),
        (b"row,category,row\n1,Food,1\n", "a column stands there twice"),
    ],
)  # fmt: skip
def test_a_file_that_does_not_fit_changes_nothing(staged: Shell, content: bytes, says: str) -> None:
    before = staged.run("preview", "--json").document
    staged.file("changes.csv", b"row,category\n2,Good\n")
    staged.file("bad.csv", content)
    done = staged.run("preview", "@latest", "--edit", "bad.csv")
    assert done.code == 2
    assert says.casefold() in done.err.casefold()
    assert "Nothing was changed" in done.err
    assert staged.run("preview", "--json").document == before


def test_without_a_terminal_the_screen_names_the_file_way(staged: Shell) -> None:
    done = staged.run("preview", "--edit")
    assert (done.code, "--export-edits" in done.err) == (2, True)
    assert staged.run("preview", "@latest", "changes.csv").code == 2


def test_edit_from_the_question_then_yes(shell: Shell, ended: Ended) -> None:
    shell.file("march.csv", csv(days(5)))
    child = shell.terminal("import", "march.csv")
    child.expect_exact(QUESTION)
    child.send("e")
    child.expect_exact("Leave out")
    child.send("x")
    child.expect_exact("1 left out")
    child.send("\x1b[B")
    child.send("c")
    child.expect_exact("Category of row 2")
    child.send("Groceries\r")
    child.expect_exact("2 edited")
    child.send("q")
    child.expect_exact("left out")
    child.expect_exact("category Groceries")
    child.expect_exact("Approve & commit 4 transactions")
    child.expect_exact(QUESTION)
    child.send("y")
    child.expect_exact("Crystal")
    assert ended(child) == 0
    rows = list(csv_module.DictReader(shell.run("export").out.splitlines()))
    assert [row["category"] for row in rows] == ["Groceries", "Shopping", "Shopping", "Shopping"]


def test_an_edit_elsewhere_puts_the_question_again(staged: Shell, ended: Ended) -> None:
    child = staged.terminal("approve", "@latest")
    child.expect_exact("commit 5 transactions")
    child.expect_exact(QUESTION)
    staged.file("changes.csv", b"row,exclude\n1,yes\n")
    assert staged.run("preview", "--edit", "changes.csv").code == 0
    child.expect_exact("Edited in another terminal.")
    child.expect_exact("commit 4 transactions")
    child.expect_exact(QUESTION)
    child.send("y")
    assert ended(child) == 0
    assert len(staged.run("export").out.splitlines()) == 5


def test_a_yes_from_elsewhere_closes_the_screen_at_its_next_edit(staged: Shell, ended: Ended) -> None:
    child = staged.terminal("preview", "@latest", "--edit")
    child.expect_exact("Leave out")
    assert staged.run("approve", "@latest").code == 0
    child.send("x")
    child.expect_exact("was approved before")
    assert ended(child) == 2
    assert len(staged.run("export").out.splitlines()) == 6


@pytest.mark.parametrize(("command", "code"), [("approve", 0), ("reject", 11)])
def test_a_decision_elsewhere_ends_the_edit_and_the_question(
    shell: Shell, ended: Ended, command: str, code: int
) -> None:
    shell.file("march.csv", csv(days(5)))
    child = shell.terminal("import", "march.csv")
    child.expect_exact(QUESTION)
    child.send("e")
    child.expect_exact("Leave out")
    assert shell.run(command, "@latest").code == 0
    child.send("x")
    child.expect_exact("Crystal" if command == "approve" else "rejected")
    assert ended(child) == code
    assert len(shell.run("export").out.splitlines()) == (6 if command == "approve" else 1)


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGKILL"])
def test_a_screen_that_is_killed_has_kept_every_edit(staged: Shell, ended: Ended, name: str) -> None:
    child = staged.terminal("preview", "@latest", "--edit")
    child.expect_exact("Leave out")
    child.send("x")
    child.expect_exact("1 left out")
    child.kill(getattr(signal, name))
    child.expect(pexpect.EOF)
    if name != "SIGKILL":
        assert "\x1b[?1049l" in (child.before or "")  # the screen is given back
    code = ended(child)
    assert code == {"SIGTERM": 143, "SIGHUP": 129, "SIGKILL": 137}[name]
    assert staged.run("preview", "--json").document["excluded"] == 1
    assert staged.run("approve", "@latest").code == 0


def test_edits_killed_at_any_moment_are_there_whole_or_not_at_all(staged: Shell) -> None:
    """The rows of the edit, the digest and the event go together."""
    staged.file("many.csv", csv(days(4000)))
    assert staged.run("upload", "many.csv").code == 0
    lines = "".join(f"{n},Food,-9.99\n" for n in range(1, 4001))
    staged.file("changes.csv", f"row,category,amount\n{lines}".encode())
    before = staged.run("preview", "--json").document
    outcomes = set()
    for step in range(12):
        process = staged.start("preview", "@latest", "--edit", "changes.csv")
        time.sleep(0.25 + 0.15 * step)
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        shown = staged.run("preview", "--json").document
        state = staged.run("show", "--json").document["state"]
        assert shown["edited"] in (0, 4000)
        assert (state["edited"] or 0) == shown["edited"]
        assert state["digest"] == shown["digest"]
        outcomes.add(shown["edited"])
        if shown["edited"]:
            staged.file("back.csv", ("row,category,amount\n" + "".join(f"{n},-,-\n" for n in range(1, 4001))).encode())
            assert staged.run("preview", "--edit", "back.csv", "--json").document == before
    assert staged.run("preview", "--edit", "changes.csv", "--json").document["edited"] == 4000


def test_two_at_once_one_wins(staged: Shell) -> None:
    """An edit and an approval of what was shown before it: whichever is first, nothing unseen is committed."""
    staged.file("changes.csv", b"row,exclude\n1,yes\n")
    digest = staged.run("preview", "--json").document["digest"]
    editing = staged.start("preview", "@latest", "--edit", "changes.csv")
    approving = staged.start("approve", "@latest", "--digest", digest)
    editing.communicate()
    approving.communicate()
    exported = len(staged.run("export").out.splitlines()) - 1
    assert (editing.returncode, approving.returncode, exported) in ((0, 12, 0), (2, 0, 5))
