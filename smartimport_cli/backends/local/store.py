"""The SQLite database: connections, schema versions, transactions, and events that are stored with what they
tell. Everything that goes wrong below becomes a SmartImportError here.
"""

import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from uuid import uuid4

from smartimport_cli.core.errors import ExitCode, SmartImportError
from smartimport_cli.core.events import Event, EventRecord
from smartimport_cli.core.privacy import guard

FILE_NAME = "smartimport.db"
APPLICATION_ID = 0x534D494D  # 'SMIM', in the file's header
BUSY_SECONDS = 30.0

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The time that events carry."""
    return datetime.now(UTC)  # noqa: TID251 - the store's clock


class Store:
    """One connection, for one thread. `on_commit` is called after each transaction that stored an event."""

    def __init__(
        self,
        data_dir: Path,
        *,
        clock: Clock = utc_now,
        on_commit: Callable[[], None] = lambda: None,
        new_owner: str | None = None,
    ) -> None:
        self.data_dir = data_dir
        self._new_owner = new_owner  # whose a data folder becomes that is made now
        self.clock = clock
        self._on_commit = on_commit
        self._news = False
        with failures(data_dir):
            _private_folder(data_dir)
            self.db = sqlite3.connect(
                data_dir / FILE_NAME, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            self.db.row_factory = sqlite3.Row
            try:
                self._open()
            except BaseException:
                self.db.close()
                raise

    def _open(self) -> None:
        self._use_wal()
        # A decision that was said to be stored must survive a power cut too; a step has few transactions.
        self.db.execute("PRAGMA synchronous = FULL")
        self.db.execute("PRAGMA cache_size = -16384")
        self.db.execute("PRAGMA temp_store = FILE")
        (version,) = self.db.execute("PRAGMA user_version").fetchone()
        steps = migrations()
        if version > len(steps):
            raise SmartImportError(
                "newer-database",
                f"The database in {self.data_dir} was written by a newer smartimport.",
                hint="Update smartimport, or name another folder with --data-dir.",
                exit_code=ExitCode.USAGE,
            )
        if version < len(steps):
            self._migrate(steps)

    def _use_wal(self) -> None:
        """Readers and a writer at once. SQLite does not wait its turn to switch a new database over."""
        end = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                self.db.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > end:
                    raise
                time.sleep(0.01)

    def _migrate(self, steps: list[str]) -> None:
        self.db.execute("BEGIN IMMEDIATE")
        try:
            (version,) = self.db.execute(
                "PRAGMA user_version"
            ).fetchone()  # another process may have been first
            for step in steps[version:]:
                for statement in _statements(step):
                    self.db.execute(statement)
            if version == 0:
                self.db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                self.db.execute("INSERT INTO owner (user_id) VALUES (?)", (self._new_owner or str(uuid4()),))
            self.db.execute(f"PRAGMA user_version = {len(steps)}")
            self.db.execute("COMMIT")
        except BaseException:
            self.db.execute("ROLLBACK")
            raise

    @property
    def user_id(self) -> str:
        """The one user of an embedded backend."""
        (user_id,) = self.db.execute("SELECT user_id FROM owner").fetchone()
        return str(user_id)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing. Writers wait for each other."""
        with failures(self.data_dir):
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield self.db
                self.db.execute("COMMIT")
            except BaseException:
                self._news = False
                if self.db.in_transaction:  # a full disk may have ended it already
                    self.db.execute("ROLLBACK")
                raise
        if self._news:
            self._news = False
            self._on_commit()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One consistent look at several tables."""
        with failures(self.data_dir):
            if self.db.in_transaction:
                yield self.db
                return
            self.db.execute("BEGIN")
            try:
                yield self.db
            finally:
                with suppress(sqlite3.ProgrammingError):  # closed by a command that ended in the middle
                    if self.db.in_transaction:
                        self.db.execute("COMMIT")

    def record(self, import_no: int, *events: Event) -> None:
        """Append events to an import, within the transaction that makes them true."""
        assert self.db.in_transaction
        now = self.clock().isoformat()
        for event in events:
            payload = json.dumps(guard(event.to_payload()), ensure_ascii=False, separators=(",", ":"))
            (seq,) = self.db.execute(
                "UPDATE imports SET last_seq = last_seq + 1, updated_at = ? WHERE no = ? RETURNING last_seq",
                (now, import_no),
            ).fetchone()
            self.db.execute(
                "INSERT INTO import_events (import_no, seq, id, event_type, payload, created_at) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (import_no, seq, str(uuid4()), event.type, payload, now),
            )
        self._news = True

    def events(self, import_no: int, *, after: int = 0) -> list[EventRecord]:
        """The stored events with seq > `after`, in order."""
        with failures(self.data_dir):
            rows = self.db.execute(
                "SELECT e.id, i.id AS import_id, i.user_id, e.event_type, e.payload, e.created_at, e.seq "
                "FROM import_events e JOIN imports i ON i.no = e.import_no "
                "WHERE e.import_no = ? AND e.seq > ? ORDER BY e.seq",
                (import_no, after),
            ).fetchall()
        return [EventRecord.from_wire(dict(row)) for row in rows]

    def close(self) -> None:
        self.db.close()


def migrations() -> list[str]:
    """The schema's steps, in order: schema/001_*.sql, 002_*.sql ..."""
    folder = files("smartimport_cli.backends.local") / "schema"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return [(folder / name).read_text("utf-8") for name in names]


def _statements(script: str) -> Iterator[str]:
    """One SQL statement after the other: executescript would commit the transaction around it."""
    text = ""
    for line in script.splitlines(keepends=True):
        text += line
        if sqlite3.complete_statement(text):
            yield text
            text = ""


def _private_folder(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_mode & 0o077:
        folder.chmod(0o700)


@contextmanager
def failures(data_dir: Path) -> Iterator[None]:
    """What SQLite and the file system say, in our words."""
    try:
        yield
    except sqlite3.Error as error:
        raise _explained(error, data_dir) from error
    except OSError as error:
        raise _explained_os(error, data_dir) from error


def _explained(error: sqlite3.Error, data_dir: Path) -> SmartImportError:
    text = str(error).lower()
    where = data_dir / FILE_NAME
    if "full" in text:
        return disk_full(data_dir)
    if "readonly" in text or "read-only" in text or "unable to open" in text:
        return _read_only(data_dir)
    if "locked" in text or "busy" in text:
        return SmartImportError(
            "busy",
            f"Another process has kept {where} locked for {BUSY_SECONDS:g} seconds. Nothing was changed.",
            hint="Try again when it is done.",
            exit_code=ExitCode.UNREACHABLE,
            retryable=True,
        )
    if "malformed" in text or "not a database" in text or "disk i/o" in text or "no such table" in text:
        return SmartImportError(
            "damaged-database",
            f"The database {where} is damaged ({error}). Nothing was changed.",
            hint="Restore it from a backup, or move it away and import again: the statements are kept in "
            f"{data_dir / 'originals'}.",
        )
    return SmartImportError("database", f"The database {where} failed: {error}. Nothing was changed.")


def _explained_os(error: OSError, data_dir: Path) -> SmartImportError:
    import errno

    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(data_dir)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return _read_only(data_dir)
    reason = error.strerror or type(error).__name__
    return SmartImportError(
        "data-dir", f"The data folder {data_dir} cannot be used: {reason}.",
        hint="Name another one with --data-dir.", exit_code=ExitCode.USAGE,
    )  # fmt: skip


def disk_full(data_dir: Path) -> SmartImportError:
    return SmartImportError(
        "disk-full",
        f"The disk that holds {data_dir} is full. The step under way was taken back whole.",
        hint="Make room and run the same command again; it goes on where it stopped.",
        retryable=True,
    )


def _read_only(data_dir: Path) -> SmartImportError:
    return SmartImportError(
        "read-only-data",
        f"The data folder {data_dir} may not be written. Nothing was changed.",
        hint="Check its permissions, or name another folder with --data-dir.",
        exit_code=ExitCode.USAGE,
    )
