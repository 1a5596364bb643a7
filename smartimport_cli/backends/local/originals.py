"""The statements as they came: stored once by their content, readable by their owner only."""

import hashlib
import os
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from smartimport_cli.backends.local.store import failures

_CHUNK = 1 << 20
_STALE_SECONDS = 86_400


class Originals:
    """`originals/ab/abcdef...`: the sha256 of the content names the file."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.folder = data_dir / "originals"

    def keep(self, source: BinaryIO) -> str:
        """Copy `source` in, whole or not at all; its sha256 in hex. Raises `disk-full`, `read-only-data`."""
        source.seek(0)
        with self.incoming() as incoming:
            while chunk := source.read(_CHUNK):
                incoming.write(chunk)
            return incoming.keep()

    def incoming(self) -> "Incoming":
        """An original that arrives piece by piece. Raises as `keep` does."""
        return Incoming(self)

    def path(self, name: str) -> Path:
        """Where the original with this sha256 lies."""
        return self.folder / name[:2] / name

    def sweep(self) -> None:
        """Copies that a killed process left unfinished."""
        for left in self.folder.glob(".incoming-*"):
            with suppress(FileNotFoundError):  # another process's, which it has kept or dropped just now
                if time.time() - left.stat().st_mtime > _STALE_SECONDS:  # noqa: TID251 - a file's own clock
                    left.unlink()


class Incoming:
    """A file on its way in: written and hashed as it comes, then kept whole; gone where it was not kept."""

    def __init__(self, originals: Originals) -> None:
        self._originals = originals
        self._digest = hashlib.sha256()
        self.size = 0
        with failures(originals.data_dir):
            originals.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._path = originals.folder / f".incoming-{os.getpid()}-{time.monotonic_ns()}"
            handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            self._file = open(handle, "wb", buffering=0)  # noqa: SIM115 - closed with this

    def write(self, chunk: bytes | memoryview) -> None:
        """The next piece. Raises `disk-full`, `read-only-data`."""
        self.digest((chunk,))
        self.append((chunk,))

    def digest(self, pieces: Sequence[bytes | memoryview]) -> None:
        """Half of `write`, for the next pieces; the other half may go on in another thread."""
        for piece in pieces:
            self._digest.update(piece)

    def append(self, pieces: Sequence[bytes | memoryview]) -> None:
        """The other half of `write`. Raises as it does."""
        begun = self.size
        with failures(self._originals.data_dir):
            for piece in pieces:
                left = memoryview(piece)
                while left:
                    left = left[self._file.write(left) :]
                self.size += len(piece)
            if hasattr(os, "posix_fadvise"):  # the disk begins at once, so that `keep` waits for little
                os.posix_fadvise(self._file.fileno(), begun, self.size - begun, os.POSIX_FADV_DONTNEED)

    def keep(self) -> str:
        """All is here: on the disk for good, under its sha256, which is returned in hex."""
        with failures(self._originals.data_dir):
            os.fsync(self._file.fileno())
            self._file.close()
            name = self._digest.hexdigest()
            place = self._originals.path(name)
            place.parent.mkdir(mode=0o700, exist_ok=True)
            os.replace(self._path, place)
            self._originals.sweep()
        return name

    def close(self) -> None:
        """Drop what was not kept."""
        self._file.close()
        self._path.unlink(missing_ok=True)

    def __enter__(self) -> "Incoming":
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
