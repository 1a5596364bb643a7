"""A doorbell between processes: who commits events rings, who follows wakes up at once and reads the store.

Each follower has a datagram socket in `bells/`; a ring is one byte to each. It carries no data and may be
lost: followers also look by themselves now and then. Where sockets cannot be had (a path that is too long,
another platform) a follower polls SQLite's `data_version`, which reads no row.
"""

import itertools
import os
import select
import socket
import sqlite3
import time
from pathlib import Path

_POLL_SECONDS = 0.02
_number = itertools.count()


class Bell:
    """A follower's ear. `wait` returns as soon as somebody rang."""

    def __init__(self, data_dir: Path, db: sqlite3.Connection) -> None:
        self._db = db
        self._path = data_dir / "bells" / f"{os.getpid()}-{next(_number)}"
        self._socket: socket.socket | None = None
        try:
            self._path.parent.mkdir(mode=0o700, exist_ok=True)
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            self._socket.setblocking(False)
            self._path.unlink(missing_ok=True)
            self._socket.bind(str(self._path))
        except (OSError, AttributeError):
            self._silence()
        self._version = self._data_version()

    def fileno(self) -> int | None:
        """For an event loop: readable once somebody rang (then `wait(0)`); None where one has to poll."""
        return None if self._socket is None else self._socket.fileno()

    def wait(self, seconds: float) -> bool:
        """Whether somebody rang within `seconds`."""
        if self._socket is None:
            return self._poll(seconds)
        ready, _, _ = select.select([self._socket], [], [], seconds)
        if not ready:
            return False
        try:
            while self._socket.recv(1):  # many rings, one look
                pass
        except BlockingIOError:
            pass
        return True

    def _poll(self, seconds: float) -> bool:
        end = time.monotonic() + seconds
        while True:
            version = self._data_version()
            if version != self._version:
                self._version = version
                return True
            if time.monotonic() >= end:
                return False
            time.sleep(_POLL_SECONDS)

    def _data_version(self) -> int:
        (version,) = self._db.execute("PRAGMA data_version").fetchone()
        return int(version)

    def _silence(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def close(self) -> None:
        if self._socket is not None:
            self._silence()
            self._path.unlink(missing_ok=True)


def ring(data_dir: Path) -> None:
    """Wake all followers; a bell whose owner was killed is taken down."""
    if not hasattr(socket, "AF_UNIX"):
        return
    folder = data_dir / "bells"
    try:
        names = os.listdir(folder)
    except OSError:
        return
    if not names:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.setblocking(False)
        for name in names:
            path = folder / name
            try:
                sender.sendto(b"!", str(path))
            except ConnectionRefusedError:
                path.unlink(missing_ok=True)
            except OSError:
                pass  # full: it has rung already; gone: nobody listens
