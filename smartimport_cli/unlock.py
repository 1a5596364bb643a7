"""A PDF that is locked with a password, unlocked while it is opened: the import goes on with a copy that is not.

The password is asked for on the terminal or read from a file. It is held only as long as the copy is made, is
never an argument of a program, and is stored nowhere.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from smartimport_cli.core.errors import FileRefused, UsageError
from smartimport_cli.core.model import Choices
from smartimport_cli.core.text import clean
from smartimport_cli.statement_file import MAX_SIZE, open_statement

if TYPE_CHECKING:
    from smartimport_cli.core.protocols import Upload
    from smartimport_cli.terminal import Terminal

_TRIES = 3  # of a person on a terminal
_MAX_PASSWORD = 1024  # bytes that a password file is read to


@contextmanager
def open_unlocked(
    path: str,
    choices: Choices,
    terminal: "Terminal",
    *,
    password_file: str | None = None,
    max_size: int = MAX_SIZE,
) -> Iterator["Upload"]:
    """The statement at `path` (see `open_statement`), or where it is locked, a copy without its password.

    Raises FileRefused `locked` where no password opens it, UsageError `bad-password-file`, or what
    `open_statement` raises.
    """
    with open_statement(path, choices, max_size=max_size) as upload:
        if not _may_be_locked(upload):
            yield upload
            return
        from smartimport_cli.documents import paper

        try:
            paper.check_locked(upload.file, name=upload.name)
        except FileRefused as refused:
            if refused.code != "locked":
                raise
            yield from _unlocked(upload, terminal, password_file, refused)
        else:
            yield upload


def _unlocked(
    upload: "Upload", terminal: "Terminal", password_file: str | None, locked: FileRefused
) -> Iterator["Upload"]:
    from smartimport_cli.documents import paper

    for password in _passwords(upload, terminal, password_file, locked):
        try:
            copy = paper.unlocked(upload.file, name=upload.name, password=password)
        except FileRefused as refused:
            if refused.code != "locked":
                raise
            locked = refused
            continue
        with copy:
            size = copy.seek(0, 2)
            copy.seek(0)
            yield replace(upload, file=copy, size=size)
            return
    raise locked


def _passwords(
    upload: "Upload", terminal: "Terminal", password_file: str | None, locked: FileRefused
) -> Iterator[str]:
    if password_file is not None:
        yield _from_file(password_file)
        return
    if not terminal.can_prompt():
        raise locked
    for _ in range(_TRIES):
        password = terminal.read_secret(f"Password of {upload.name}: ")
        if not password:
            raise locked
        yield password


def _from_file(path: str) -> str:
    """The first line of a password file."""
    if path == "-":
        raise UsageError("bad-password-file", "--password-file takes a file, not standard input.",
                         hint="Write the password into a file that only you can read.")  # fmt: skip
    try:
        with open(path, "rb") as file:
            line = file.read(_MAX_PASSWORD).split(b"\n")[0].rstrip(b"\r")
        return line.decode()
    except (OSError, UnicodeDecodeError, ValueError):
        raise UsageError(
            "bad-password-file",
            f"The password file {clean(path)} cannot be read.",
            hint="Name a text file with the password on its first line.",
        ) from None


def _may_be_locked(upload: "Upload") -> bool:
    """Whether it is a PDF that speaks of encryption (some of them open without a password all the same)."""
    if not upload.file.read(1024).lstrip().startswith(b"%PDF-"):
        upload.file.seek(0)
        return False
    upload.file.seek(0)
    found = b"/Encrypt" in upload.file.read()
    upload.file.seek(0)
    return found
