"""The installed command as a person uses it, on a real pseudo-terminal."""

import json
import re
import signal
import time
from collections.abc import Callable

import pexpect
import pyte
import pytest

from tests.backends.statement_files import ofx
from tests.e2e.conftest import Shell

Ended = Callable[["pexpect.spawn[str]"], int]

QUESTION = "[d]ecide later"


def screen(text: str, columns: int = 100, lines: int = 60) -> list[str]:
    """What stands on the terminal after `text` was written to it."""
    display = pyte.Screen(columns, lines)
    pyte.Stream(display).feed(text)
    return [line.rstrip() for line in display.display if line.strip()]


def test_yes(shell: Shell, ended: Ended) -> None:
    child = shell.terminal("import", shell.statement(5))
    child.expect_exact(QUESTION)
    before = child.before or ""
    child.send("y")
    child.expect(pexpect.EOF)
    after = child.before or ""
    assert ended(child) == 0
    shown = screen(before + QUESTION + after)
    assert any("Approve & commit 5 transactions, -15.10 USD, to ••5678?" in line for line in shown)
    assert any("Committed 5" in line for line in shown)
    assert any("Crystal" in line for line in shown)
    assert any("Take it back: smartimport undo" in line for line in shown)
    assert "\x1b[?25h" in before + after  # the cursor is back


def test_no(shell: Shell, ended: Ended) -> None:
    child = shell.terminal("import", shell.statement(5))
    child.expect_exact(QUESTION)
    child.send("n")
    assert ended(child) == 11
    assert shell.run("list", "--json").document["imports"][0]["status"] == "rejected"


def test_decide_later(shell: Shell, ended: Ended) -> None:
    child = shell.terminal("import", shell.statement(5))
    child.expect_exact(QUESTION)
    child.send("d")
    child.expect_exact("smartimport approve")
    assert ended(child) == 8


def test_view_pages_all_rows_and_asks_again(shell: Shell, ended: Ended) -> None:
    child = shell.terminal("import", shell.statement(40), env={"PAGER": "cat"})
    child.expect_exact(QUESTION)
    child.send("v")
    child.expect_exact("Shop 39")
    child.expect_exact(QUESTION)
    child.send("d")
    assert ended(child) == 8


def test_view_without_unicode(shell: Shell, ended: Ended) -> None:
    env = {"PAGER": "cat", "LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    child = shell.terminal("import", shell.statement(40), env=env)
    child.expect_exact(QUESTION)
    child.send("v")
    child.expect_exact("Shop 39")
    child.expect_exact(QUESTION)
    child.send("d")
    assert ended(child) == 8


def test_other_keys_and_a_pasted_line_decide_nothing_by_accident(shell: Shell, ended: Ended) -> None:
    child = shell.terminal("import", shell.statement(5))
    child.expect_exact(QUESTION)
    child.send("x")
    time.sleep(0.2)
    child.send("\r")
    time.sleep(0.2)
    assert child.isalive()
    assert shell.run("list", "--json").document["imports"][0]["status"] == "parsed"
    child.send("d")
    assert ended(child) == 8


def test_ctrl_c_detaches(shell: Shell, ended: Ended) -> None:
    child = shell.terminal("import", shell.statement(5))
    child.expect_exact(QUESTION)
    child.send("\x03")
    child.expect_exact("Nothing is committed without a yes")
    child.expect_exact("smartimport approve")
    assert ended(child) == 130
    assert shell.run("approve", "@latest").code == 0


@pytest.mark.parametrize(("name", "code"), [("SIGTERM", 143), ("SIGHUP", 129)])
def test_signals_give_the_screen_back(shell: Shell, ended: Ended, name: str, code: int) -> None:
    shell.run("upload", shell.statement(5))
    child = shell.terminal("watch")
    child.expect_exact("Awaiting approval")
    child.kill(getattr(signal, name))
    child.expect(pexpect.EOF)
    assert "\x1b[?25h" in (child.before or "")
    assert ended(child) == code


def test_the_first_decision_wins_and_the_other_prompt_closes(shell: Shell, ended: Ended) -> None:
    child = shell.terminal("import", shell.statement(5))
    child.expect_exact(QUESTION)
    assert shell.run("approve", "@latest").code == 0
    child.expect_exact("Approved in another terminal.")
    child.expect_exact("Crystal")
    assert ended(child) == 0


def test_a_watcher_sees_history_then_live_and_ends_alike(shell: Shell, ended: Ended) -> None:
    shell.run("upload", shell.statement(5))
    watcher = shell.terminal("watch")
    watcher.expect_exact("(earlier)")
    watcher.expect_exact("-- live --")
    watcher.expect_exact("Awaiting approval")
    shell.run("approve", "@latest")
    watcher.expect_exact("Committed 5")
    assert ended(watcher) == 0


def test_approve_on_a_terminal_asks(shell: Shell, ended: Ended) -> None:
    shell.run("upload", shell.statement(5))
    child = shell.terminal("approve", "@latest")
    child.expect_exact(QUESTION)
    child.send("y")
    assert ended(child) == 0


def test_undo_asks_and_no_is_the_default(shell: Shell, ended: Ended) -> None:
    shell.run("import", shell.statement(5), "--yes")
    child = shell.terminal("undo", "@latest")
    child.expect_exact("[y/N]")
    child.sendline("")
    assert ended(child) == 11
    child = shell.terminal("undo", "@latest")
    child.expect_exact("[y/N]")
    child.sendline("y")
    child.expect_exact("5 transactions removed")
    assert ended(child) == 0


def test_no_input_never_asks(shell: Shell, ended: Ended) -> None:
    child = shell.terminal("import", shell.statement(5), "--no-input")
    assert ended(child) == 8
    assert QUESTION not in (child.before or "")


def test_json_on_a_terminal_never_asks(shell: Shell, ended: Ended) -> None:
    child = shell.terminal("import", shell.statement(5), "--json")
    child.expect(pexpect.EOF)
    text = child.before or ""
    assert ended(child) == 8
    assert json.loads(text[text.index("{") : text.rindex("}") + 1])["error"]["exit"] == 8


def test_accessible_uses_plain_lines_and_numbers(shell: Shell, ended: Ended) -> None:
    child = shell.terminal("import", shell.statement(5), env={"ACCESSIBLE": "1"})
    child.expect_exact("Type a number")
    child.sendline("9")
    child.expect_exact("Please type 1, 2, 3 or 4.")
    child.sendline("1")
    child.expect_exact("Crystal")
    assert ended(child) == 0


@pytest.mark.parametrize("columns", [40, 20])
def test_narrow_terminals(shell: Shell, ended: Ended, columns: int) -> None:
    child = shell.terminal("import", shell.statement(5), "--yes", columns=columns)
    child.expect(pexpect.EOF)
    text = child.before or ""
    assert ended(child) == 0
    assert any("Commit" in line for line in screen(text, columns))


def test_no_color_and_no_unicode(shell: Shell, ended: Ended) -> None:
    child = shell.terminal(
        "import", shell.statement(5), "--yes",
        env={"NO_COLOR": "1", "LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    )  # fmt: skip
    child.expect(pexpect.EOF)
    text = child.before or ""
    assert ended(child) == 0
    assert text.isascii()
    assert not re.search(r"\x1b\[[0-9;]*m", text)


def test_hostile_text_in_a_statement_never_acts(shell: Shell, ended: Ended) -> None:
    evil = ofx([("2026-03-02", "-1.00", "PAY\x1b]0;owned\x07 [red]x[/] [/y] \x9b31m\u202eolleh")][:1])
    child = shell.terminal("import", shell.file("evil.ofx", evil), "--yes")
    child.expect(pexpect.EOF)
    text = child.before or ""
    assert ended(child) == 0
    assert "\x1b]0" not in text
    assert "\u202e" not in text
