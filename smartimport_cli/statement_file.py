"""Opens the file that a person names: a path or standard input, refused early where it cannot be a statement."""

import errno
import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from smartimport_cli.core.errors import FileRefused
from smartimport_cli.core.model import Choices
from smartimport_cli.core.text import clean, safe_name

if TYPE_CHECKING:
    from smartimport_cli.core.protocols import Upload

MAX_SIZE = 26_214_400  # bytes; what the hosted backend takes at the most (25 MB)
_MEMORY = 1 << 20


@contextmanager
def open_statement(path: str, choices: Choices, *, max_size: int = MAX_SIZE) -> Iterator["Upload"]:
    """The statement at `path` (`-` is standard input), open for as long as the block runs.

    Raises FileRefused `file-not-found`, `is-a-folder`, `not-a-file`, `no-permission`, `empty-file`,
    `too-large` or `bad-name`.
    """
    from smartimport_cli.core.protocols import Upload

    shown = clean(path)
    try:
        file = _spooled_stdin(max_size) if path == "-" else _open(path, shown)
    except OSError as error:
        raise _refusal(error, path, shown) from None
    with file:
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        if size == 0:
            raise FileRefused("empty-file", f"{shown} is empty.", hint="Download it again from the bank.")
        if size > max_size:
            raise too_large(shown, size, max_size)
        yield Upload(file, "stdin" if path == "-" else safe_name(path), size, choices)


def too_large(name: str, size: int, limit: int) -> FileRefused:
    """The refusal of a file of `size` bytes where `limit` bytes are taken."""
    return FileRefused(
        "too-large",
        f"{name} has {size:,} bytes; at most {limit:,} are taken.",
        hint="Split it by period, or raise the limit with --max-size (embedded backend only).",
    )


def _open(path: str, shown: str) -> BinaryIO:
    if "\0" in path:
        raise FileRefused("bad-name", f"{shown} is no file name.")
    # Not to hang on a named pipe or a device: look at what it is before reading.
    mode = os.stat(path).st_mode
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, "is a folder")
    if not stat.S_ISREG(mode) and not stat.S_ISFIFO(mode):
        raise FileRefused("not-a-file", f"{shown} is no ordinary file.")
    file = open(path, "rb")  # noqa: SIM115 - closed by the caller's with
    if stat.S_ISFIFO(mode):
        with file:
            return _spooled(file, MAX_SIZE)
    return file


def _spooled_stdin(max_size: int) -> BinaryIO:
    return _spooled(sys.stdin.buffer, max_size)


def _spooled(stream: BinaryIO, max_size: int) -> BinaryIO:
    """Readers seek, pipes cannot: keep what comes, in memory while it is small."""
    spool = tempfile.SpooledTemporaryFile(max_size=_MEMORY)  # noqa: SIM115
    copied = 0
    while chunk := stream.read(1 << 16):
        copied += len(chunk)
        if copied > max_size:
            spool.close()
            raise too_large("standard input", copied, max_size)
        spool.write(chunk)
    return spool  # type: ignore[return-value]


def _refusal(error: OSError, path: str, shown: str) -> FileRefused:
    if isinstance(error, FileNotFoundError):
        near = _near(Path(path))
        hint = f"Did you mean {near}?" if near else "Check the name and the folder."
        return FileRefused("file-not-found", f"There is no file {shown}.", hint=hint)
    if isinstance(error, IsADirectoryError):
        return FileRefused(
            "is-a-folder",
            f"{shown} is a folder.",
            hint=f"Name the files in it, for example smartimport import {shown.rstrip('/')}/*.csv",
        )
    if isinstance(error, PermissionError):
        return FileRefused("no-permission", f"{shown} may not be read.", hint="Check the file's permissions.")
    return FileRefused("unreadable-file", f"{shown} cannot be read: {clean(error.strerror or '')}.")


def _near(path: Path) -> str | None:
    from difflib import get_close_matches

    try:
        names = [entry.name for entry in path.parent.iterdir()][:2000]
    except OSError:
        return None
    match = get_close_matches(path.name, names, n=1)
    return clean(str(path.parent / match[0])) if match else None
