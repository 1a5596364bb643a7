"""Writes the file that a person names: private to them, whole or not at all, never over what is not ours."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from smartimport_cli.core.errors import UsageError
from smartimport_cli.core.text import clean

_HEAD = 4096  # characters by which an earlier file of ours is known


def write_file(
    target: str, pieces: Iterable[str], *, replaces: Callable[[str], bool] = lambda head: False
) -> None:
    """Write `pieces` to `target`, readable by its owner only. A file that is there stays, unless `replaces` says
    of its beginning that it may go. Raises UsageError `file-exists` or `cannot-write`."""
    path = Path(target)
    shown = clean(target)
    temporary = path.with_name(f".{path.name[:200]}.{os.getpid()}")
    try:
        if path.exists() and not (path.is_file() and replaces(_head(path))):
            raise UsageError(
                "file-exists", f"{shown} is there already, and no earlier one of ours. Nothing was written.",
                hint="Name another file.",
            )  # fmt: skip
        try:
            with open(temporary, "x", encoding="utf-8", newline="", opener=_private) as file:
                file.writelines(pieces)
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "that is no file name"
        raise UsageError(
            "cannot-write", f"{shown} cannot be written: {why}.", hint="Name another folder, or make room."
        ) from None


def _head(path: Path) -> str:
    with path.open(encoding="utf-8", errors="replace") as file:
        return file.read(_HEAD)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
