"""The terminal: the last gate before a screen, widths, colours, keys."""

import os
import pty
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartimport_cli.terminal import Terminal, harmless

ACTING = [
    chr(c) for c in (*range(0x20), 0x7F, *range(0x80, 0xA0), 0x202E, 0x2066, 0x200F, 0x061C) if c != 0x0A
]


@pytest.mark.parametrize("char", ACTING)
def test_nothing_that_acts_reaches_the_screen(char: str) -> None:
    terminal = Terminal.test(color=True)
    terminal.out(f"a{char}b")
    terminal.err(f"a{char}b")
    assert char not in terminal.stdout
    assert char not in terminal.stderr


@given(st.text())
def test_only_printable_text_and_new_lines_are_left(text: str) -> None:
    assert all(line.isprintable() for line in harmless(text).split("\n"))


def test_our_own_colours_pass_only_where_there_are_colours() -> None:
    assert harmless("\x1b[31mred\x1b[0m\x1b]0;x\x07", styles=True).startswith("\x1b[31mred\x1b[0m␛")
    assert "\x1b" not in harmless("\x1b[31mred\x1b[0m")


@pytest.mark.parametrize(
    ("env", "flag", "tty", "colored"),
    [
        ({}, "auto", True, True), ({}, "auto", False, False), ({"NO_COLOR": "1"}, "auto", True, False),
        ({"FORCE_COLOR": "1"}, "auto", False, True), ({"TERM": "dumb"}, "auto", True, False),
        ({"NO_COLOR": "1"}, "always", False, True), ({}, "never", True, False),
    ],
)  # fmt: skip
def test_when_there_are_colours(env: dict[str, str], flag: str, tty: bool, colored: bool) -> None:
    made = Terminal.test()
    streams: Any = (made._stdin, made._stdout, made._stderr)
    assert Terminal(*streams, env=env, color=flag, tty=(tty, tty, tty)).color_out is colored


def test_width_and_prompts() -> None:
    assert Terminal.test(width=33).width == 33
    assert Terminal.test(tty=True).can_prompt()
    assert not Terminal.test().can_prompt()
    assert Terminal.test(tty=True, input="hello\n").read_line("? ") == "hello"
    assert Terminal.test(tty=True, input="").read_line("? ") is None


def test_a_name_that_the_encoding_lacks_ends_nothing() -> None:
    terminal = Terminal.test(unicode=False)
    terminal.out("café ••1234")
    assert terminal.stdout == "caf? ??1234\n"


def test_keys_come_one_by_one_and_the_terminal_is_as_before() -> None:
    import termios

    master, slave = pty.openpty()
    with os.fdopen(slave, "r") as stream:
        terminal = Terminal(stream, stream, stream, env={}, tty=(True, True, True))
        before = termios.tcgetattr(slave)
        with pytest.raises(KeyError), terminal.keys() as read:
            assert read(0.01) is None
            os.write(master, b"yes\n")
            assert read(1.0) == "y"
            assert read(0.01) is None  # a pasted word is one answer
            raise KeyError
        assert termios.tcgetattr(slave) == before
    os.close(master)
