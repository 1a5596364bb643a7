"""What earlier runs have finished, so that a killed batch goes on where it was.

One JSON object a line, appended as each file is done. The backend stays the truth: a line that is lost costs a
look at the file, not a second commit.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from smartimport_cli import __version__
from smartimport_cli.batch.files import Item
from smartimport_cli.core.batch import FINAL, FileResult, Outcome

FILE_NAME = "batch.jsonl"
_FACTS = (
    "import_id", "account", "rows", "new", "duplicates", "unreadable", "committed", "proof", "issues", "error", "sha256",
)  # fmt: skip


class Checkpoint:
    """Finished files of one backend, recognised by their place, size and time.

    `statuses` has the status of each import that the backend knows: what it does not know any more is brought in
    again. (A file that was moved is looked at again, and its backend says by its content that it is there.)
    """

    def __init__(self, file: Path, backend: str, statuses: Mapping[str, str]) -> None:
        self._file = file
        self._backend = backend
        self._statuses = statuses
        self._finished: dict[tuple[str, int, int], dict[str, Any]] = {}
        try:
            text = file.read_bytes()
        except FileNotFoundError:
            text = b""
        self._cut = text != b"" and not text.endswith(b"\n")
        for line in text.splitlines():
            try:
                entry = json.loads(line)
                if entry["backend"] == backend:
                    self._finished[entry["path"], entry["size"], entry["mtime_ns"]] = entry
            except (ValueError, KeyError, TypeError):  # cut off by a kill
                continue

    def find(self, item: Item) -> FileResult | None:
        """How a file ended that still lies where it lay, unchanged; it is not opened."""
        try:
            stat = os.stat(item.path)
        except OSError:
            return None
        entry = self._finished.get((os.path.abspath(item.name), stat.st_size, stat.st_mtime_ns))
        if entry is None or entry["how"] != _how(item, entry["outcome"]):
            return None
        outcome = Outcome(entry["outcome"])
        if outcome is not Outcome.REFUSED:
            status = self._statuses.get(entry["import_id"])
            if status is None:
                return None
            outcome = Outcome.UNDONE if status == "undone" else outcome
        facts: dict[str, Any] = {fact: entry.get(fact) for fact in _FACTS}
        return FileResult(item.name, outcome, entry["exit_code"], known=True, **facts)

    def add(self, item: Item, result: FileResult) -> None:
        """Remember a file that need not be tried again."""
        if result.outcome not in FINAL or result.known:
            return
        try:
            stat = os.stat(item.path)
        except OSError:
            return
        entry = {
            **result.to_json(), "backend": self._backend, "path": os.path.abspath(item.name),
            "size": stat.st_size, "mtime_ns": stat.st_mtime_ns, "how": _how(item, result.outcome),
        }  # fmt: skip
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        line = json.dumps(entry, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"
        if self._cut:
            line, self._cut = b"\n" + line, False
        handle = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, line)  # whole, or cut by a kill: then it is learned again
        finally:
            os.close(handle)


def _how(item: Item, outcome: str) -> str:
    """How it was read. A refusal holds only for the same version of the readers."""
    choices = {key: value for key, value in asdict(item.choices).items() if value not in (None, ())}
    version = __version__ if outcome == Outcome.REFUSED else ""
    return json.dumps([choices, version], sort_keys=True)
