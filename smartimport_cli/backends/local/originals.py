"""The statements as they came: stored once by their content, readable by their owner only."""

import hashlib
import os
import time
from pathlib import Path
from typing import BinaryIO

from smartimport_cli.backends.local.store import failures

_CHUNK = 1 << 20
_STALE_SECONDS = 86_400


class Originals:
    """`originals/ab/abcdef...`: the sha256 of the content names the file."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._folder = data_dir / "originals"

    def keep(self, source: BinaryIO) -> str:
        """Copy `source` in, whole or not at all; its sha256 in hex. Raises `disk-full`, `read-only-data`."""
        source.seek(0)
        with failures(self._data_dir):
            self._folder.mkdir(mode=0o700, exist_ok=True)
            temporary = self._folder / f".incoming-{os.getpid()}-{time.monotonic_ns()}"
            digest = hashlib.sha256()
            try:
                handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with open(handle, "wb") as target:
                    while chunk := source.read(_CHUNK):
                        digest.update(chunk)
                        target.write(chunk)
                    target.flush()
                    os.fsync(target.fileno())
                name = digest.hexdigest()
                place = self.path(name)
                place.parent.mkdir(mode=0o700, exist_ok=True)
                os.replace(temporary, place)
            finally:
                temporary.unlink(missing_ok=True)
            self._sweep()
        return name

    def path(self, name: str) -> Path:
        """Where the original with this sha256 lies."""
        return self._folder / name[:2] / name

    def _sweep(self) -> None:
        """Copies that a killed process left unfinished."""
        for left in self._folder.glob(".incoming-*"):
            if time.time() - left.stat().st_mtime > _STALE_SECONDS:  # noqa: TID251 - a file's own clock
                left.unlink(missing_ok=True)
