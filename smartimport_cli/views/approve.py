"""The question, and its answers: yes, no, view, edit, decide later."""

from collections.abc import Callable
from typing import Any

from smartimport_cli.core.money import grouped
from smartimport_cli.core.protocols import Preview
from smartimport_cli.core.text import clean
from smartimport_cli.terminal import Terminal
from smartimport_cli.views.preview import render_preview
from smartimport_cli.views.style import cell_width

_WAIT_SECONDS = 0.05
_CHOICES = "[y]es [n]o [v]iew [e]dit [d]ecide later"
_ANSWERS = {"y": "yes", "n": "no", "e": "edit", "d": "later"}


def question(preview: Preview) -> str:
    """`Approve & commit 45 transactions, -2,318.44 USD, to Checking ••1234?`"""
    count = f"{preview.new:,} transaction{'' if preview.new == 1 else 's'}"
    net = ", ".join(
        f"{grouped(total.money_in + total.money_out, total.currency, sign=True)} {total.currency or ''}".strip()
        for total in preview.totals
    )
    to = ", ".join(map(clean, preview.accounts))
    return f"Approve & commit {count}, {net}, to {to}?"


def ask(
    terminal: Terminal,
    preview: Preview,
    *,
    decided_elsewhere: Callable[[], str | None],
    more: Callable[[int, int], Preview],
) -> str:
    """`yes`, `no`, `edit`, `later`; `elsewhere` where another terminal was first, `edited` where it has changed
    what the question is about. The end of the input is `later`: nothing is committed without a yes."""
    text = question(preview)
    if terminal.accessible or terminal.dumb:
        return _ask_by_number(terminal, text, preview, more)
    while True:
        room = terminal.width - cell_width(text) - len(_CHOICES) - 4
        line = f"{text}{'  ' if room > 0 else chr(10)}{_CHOICES}  "
        answer = _ask_by_key(terminal, line, decided_elsewhere)
        if answer != "view":
            return answer
        terminal.page(_whole(terminal, preview, more))


def _ask_by_key(terminal: Terminal, text: str, decided_elsewhere: Callable[[], str | None]) -> str:
    terminal.prompt(text)
    with terminal.keys() as read:
        while True:
            key = read(_WAIT_SECONDS)
            if key is None:
                if decision := decided_elsewhere():
                    terminal.err()
                    terminal.err(f"{decision.capitalize()} in another terminal.")
                    return "edited" if decision == "edited" else "elsewhere"
                continue
            if key in ("", "\x04"):
                terminal.err("later")
                return "later"
            if key.lower() == "v":
                terminal.err("view")
                return "view"
            if answer := _ANSWERS.get(key.lower()):
                terminal.err(answer)
                return answer


def _ask_by_number(
    terminal: Terminal, text: str, preview: Preview, more: Callable[[int, int], Preview]
) -> str:
    while True:
        terminal.err(text)
        terminal.err("1. yes\n2. no\n3. view all rows\n4. decide later")
        line = terminal.read_line("Type a number and Enter: ")
        match (line or "").strip().lower():
            case "1" | "y" | "yes":
                return "yes"
            case "2" | "n" | "no":
                return "no"
            case "3" | "v" | "view":
                terminal.err(_whole(terminal, preview, more))
            case "4" | "d" | "later":
                return "later"
            case _ if line is None:
                return "later"
            case _:
                terminal.err("Please type 1, 2, 3 or 4.")


def _whole(terminal: Terminal, preview: Preview, more: Callable[[int, int], Preview]) -> str:
    whole = more(0, max(preview.rows_total, 1))
    return render_preview(whole, width=terminal.width, unicode=terminal.unicode, color=terminal.color_err)


def choose(terminal: Terminal, message: str, question: dict[str, Any]) -> str | None:
    """One of a question's options by its number; None where the person leaves it open."""
    options = question["options"]
    terminal.err(clean(message))
    for number, option in enumerate(options, 1):
        terminal.err(f"  {number}. {clean(str(option['value']))}: {clean(str(option['reads']))}")
    while True:
        line = terminal.read_line(f"Which one? 1 to {len(options)}, Enter to leave it: ")
        if not line:
            return None
        if line.strip().isdecimal() and 1 <= int(line) <= len(options):
            return str(options[int(line) - 1]["value"])


def confirm(terminal: Terminal, question: str) -> bool:
    """A yes or no, where no is the safe answer."""
    line = terminal.read_line(f"{question} [y/N] ")
    return (line or "").strip().lower() in ("y", "yes")
