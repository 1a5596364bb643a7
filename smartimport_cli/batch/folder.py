"""Files that come into a folder, each when it is completely written."""

import os
from collections.abc import Iterable

from smartimport_cli.batch.files import is_statement

SETTLE_SECONDS = 2.0


class Folder:
    """A look at folders, again and again. A file is new when it has not changed for SETTLE_SECONDS since it was
    first seen; one that changes later is new again."""

    def __init__(self, folders: Iterable[str], *, all_files: bool = False) -> None:
        self._folders = list(folders)
        self._all_files = all_files
        self._seen: dict[str, tuple[tuple[int, int], float]] = {}  # size and time, since when
        self._given: dict[str, tuple[int, int]] = {}

    def ready(self, now: float) -> list[str]:
        """The files that are complete since the last look, by name. `now` is a clock in seconds."""
        found = []
        present = set()
        for folder in self._folders:
            for entry in _entries(folder):
                path = os.path.join(folder, entry)
                if not is_statement(entry, all_files=self._all_files):
                    continue
                try:
                    stat = os.stat(path)
                except OSError:  # gone again
                    continue
                if not os.path.isfile(path):
                    continue
                present.add(path)
                mark = (stat.st_size, stat.st_mtime_ns)
                if self._given.get(path) == mark:
                    continue
                known = self._seen.get(path)
                if known is None or known[0] != mark:
                    self._seen[path] = (mark, now)
                elif now - known[1] >= SETTLE_SECONDS and stat.st_size:
                    self._given[path] = mark
                    found.append(path)
        for gone in self._seen.keys() - present:
            del self._seen[gone]
        return sorted(found)


def _entries(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []
