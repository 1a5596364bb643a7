"""The embedded backend: a SQLite database in the user's data folder, and the pipeline that works on it."""

import hashlib
import json
import sqlite3
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from uuid import uuid4

from smartimport_cli.backends.local import edits, opinions, staging
from smartimport_cli.backends.local.bell import Bell, ring
from smartimport_cli.backends.local.driver import Driver
from smartimport_cli.backends.local.originals import Originals
from smartimport_cli.backends.local.pipeline import (
    background_of,
    choices_to_json,
    parse_complete,
    transactions,
)
from smartimport_cli.backends.local.recent import write_recent
from smartimport_cli.backends.local.store import Clock, Store, failures, utc_now
from smartimport_cli.core.edits import Change
from smartimport_cli.core.errors import ExitCode, SmartImportError, UsageError
from smartimport_cli.core.events import (
    CommitError,
    CommitStart,
    EventRecord,
    ParseStart,
    PrimeMessage,
    UploadComplete,
    UploadProgress,
    UploadStart,
)
from smartimport_cli.core.model import Account, Choices, Transaction, where
from smartimport_cli.core.protocols import Budget, ImportRecord, Preview, Upload, Uploaded
from smartimport_cli.core.text import clean
from smartimport_cli.statements.formats import Resources

TICK_SECONDS = 0.1  # a follower comes up for air this often
CHECK_SECONDS = 1.0  # and looks into the store this often, rung or not
_MIN_PREFIX = 4
_TOLD = 100  # changes that an event names


class LocalBackend:
    """See `core.protocols.Backend`. Use it from one thread; each import is driven by a thread of its own."""

    name = "local"
    heard = None  # nothing lies between it and who follows
    connection = None

    def __init__(
        self,
        data_dir: Path,
        *,
        clock: Clock = utc_now,
        rules_file: Path | None = None,
        resources: Resources = Resources(),  # noqa: B008 - immutable
        new_owner: str | None = None,
    ) -> None:
        """`new_owner` is the user whose a data folder becomes that is made now; left out, a new one."""
        self._resources = resources
        self._rules_file = rules_file  # the user's own categories
        self._data_dir = data_dir
        self._clock = clock
        self._store = Store(data_dir, clock=clock, on_commit=self._announce, new_owner=new_owner)
        self.originals = Originals(data_dir)
        self._drivers: dict[int, Driver] = {}

    def upload(self, upload: Upload) -> Uploaded:
        """Keep the original and note the import. The same content with the same choices is the same import,
        unless that one has failed, was rejected or taken back."""
        content = self.originals.keep(upload.file)
        return self.take_in(content, upload.name, upload.size, upload.choices)

    def take_in(
        self, content: str, name: str, size: int, choices: Choices, *, import_id: str | None = None
    ) -> Uploaded:
        """Note the import of an original that is kept already. With `import_id` the id was promised before:
        it is used, though the same content be there (what is in it twice is still committed once)."""
        choices_json = choices_to_json(choices)
        key = hashlib.blake2b(f"{content} {choices_json}".encode(), digest_size=16).digest()
        with self._store.transaction() as db:
            row = db.execute(
                "SELECT id FROM imports WHERE id = ? OR (? IS NULL AND upload_key = ? "
                "AND status IN ('pending', 'parsed', 'committed')) ORDER BY no DESC LIMIT 1",
                (import_id, import_id, key),
            ).fetchone()
            if row is not None:
                return Uploaded(row["id"], existing=True)
            import_id, user_id, now = import_id or str(uuid4()), self.user_id, self._clock().isoformat()
            no = db.execute(
                "INSERT INTO imports (id, user_id, file_name, file_url, file_size, choices, upload_key, "
                "created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (import_id, user_id, name, content, size, choices_json, key, now, now),
            ).lastrowid
            assert no is not None
            self._store.record(
                no,
                UploadStart(user_id=user_id, file_name=name, file_size=size, import_id=import_id),
                UploadProgress(user_id=user_id, percent=100, bytes=size),
                UploadComplete(user_id=user_id, import_id=import_id, file_size=size),
            )
        return Uploaded(import_id)

    @property
    def user_id(self) -> str:
        """Whose the imports are."""
        return self._store.user_id

    def drive(self) -> list[BaseException]:
        """Drive on every import that has a step to do and is not driven; what stopped earlier attempts of
        this process, each told once. For a process that serves others: `follow` does it by itself."""
        stopped = []
        for no, driver in list(self._drivers.items()):
            if not driver.running:
                del self._drivers[no]
                if driver.error is not None:
                    stopped.append(driver.error)
        with self._store.reading() as db:
            waiting = db.execute("SELECT no FROM imports WHERE step NOT IN ('approve', 'done')").fetchall()
        for (no,) in waiting:
            self._drive(no)
        return stopped

    def follow(
        self, import_id: str, *, after: int = 0, until_quiet: float | None = None
    ) -> Iterator[EventRecord | None]:
        no = self._no(import_id)
        bell = Bell(self._data_dir, self._store.db)
        try:
            yield from self._follow(no, bell, after, until_quiet)
        finally:
            bell.close()

    def _follow(
        self, no: int, bell: Bell, after: int, until_quiet: float | None
    ) -> Iterator[EventRecord | None]:
        driver = self._driver(no)
        heard = looked = time.monotonic()
        rung = True
        while True:
            now = time.monotonic()
            if rung or now - looked >= CHECK_SECONDS:
                looked = now
                self._drive(no)
                for record in self._store.events(no, after=after):
                    after = record.seq or after
                    heard = now
                    yield record
            if driver.error is not None and not driver.running:
                records = self._store.events(no, after=after)
                yield from records
                raise driver.error
            if until_quiet is not None and time.monotonic() - heard >= until_quiet and not driver.running:
                return
            rung = bell.wait(TICK_SECONDS)
            if not rung:
                yield None

    def events(self, import_id: str, *, after: int = 0) -> Iterator[EventRecord]:
        yield from self._store.events(self._no(import_id), after=after)

    def preview(self, import_id: str, *, offset: int = 0, limit: int | None = 10) -> Preview:
        no = self._no(import_id)
        with self._store.reading() as db:
            row = self._row(no)
            if row["status"] in ("pending", "failed", "rejected"):
                raise _nothing_staged(row)
            return staging.preview(db, no, offset, limit)

    def edit(self, import_id: str, changes: Sequence[Change], *, digest: str | None = None) -> Preview:
        no = self._no(import_id)
        with self._store.transaction() as db:
            row = self._row(no)
            if row["status"] in ("rejected", "failed", "pending", "undone"):
                raise _nothing_staged(row)
            if row["step"] != "approve":
                raise UsageError(
                    "already-approved",
                    f"Import {import_id[:8]} was approved before; the first decision holds.",
                    hint=f"Take it back: smartimport undo {import_id[:8]}, then import the file again and edit it.",
                )
            before = staging.compare(db, no)
            if digest is not None and before.digest != digest:
                raise SmartImportError(
                    "stale-edit",
                    f"The preview of import {import_id[:8]} has changed since it was shown. Nothing was edited.",
                    hint=f"Look at it again: smartimport preview {import_id[:8]}",
                    exit_code=ExitCode.STALE,
                    retryable=True,
                )
            edits.apply(db, no, changes)
            shown = staging.preview(db, no, 0, 10, keep=True)
            if shown.digest != before.digest:
                self._store.record(
                    no,
                    ParseStart(
                        import_id=row["id"], user_id=row["user_id"],
                        changes=[{"row": change.row, "what": change.what} for change in changes[:_TOLD]],
                    ),
                    parse_complete(row["id"], shown),
                )  # fmt: skip
        return shown

    def commit(self, import_id: str, digest: str) -> None:
        no = self._no(import_id)
        with self._store.transaction() as db:
            row = self._row(no)
            if row["status"] == "rejected":
                raise SmartImportError(
                    "rejected",
                    f"Import {import_id[:8]} was rejected. Nothing was committed.",
                    hint=f"To bring it in after all: smartimport import {row['file_name']}",
                    exit_code=ExitCode.REJECTED,
                )
            if row["status"] in ("failed", "pending", "undone"):
                raise _nothing_staged(row)
            if row["step"] != "approve":
                return  # decided before: the first decision holds
            compared = staging.compare(db, no, keep=True)
            if compared.digest != digest:
                raise SmartImportError(
                    "stale-approval",
                    f"The preview of import {import_id[:8]} has changed since it was shown. Nothing was committed.",
                    hint=f"Look at it again: smartimport approve {import_id[:8]}",
                    exit_code=ExitCode.STALE,
                    retryable=True,
                )
            db.execute("UPDATE imports SET step = 'commit', approved_digest = ? WHERE no = ?", (digest, no))
            self._store.record(
                no,
                CommitStart(
                    import_id=row["id"], user_id=row["user_id"], row_count=compared.new,
                    digest=digest, skipped=compared.skipped,
                ),
            )  # fmt: skip
        self._drive(no)

    def reject(self, import_id: str, reason: str = "") -> None:
        no = self._no(import_id)
        with self._store.transaction() as db:
            row = self._row(no)
            if row["status"] in ("rejected", "failed"):
                return
            if row["step"] not in ("parse", "approve"):
                raise UsageError(
                    "already-approved",
                    f"Import {import_id[:8]} was approved before; the first decision holds.",
                    hint=f"Take it back: smartimport undo {import_id[:8]}",
                )
            staging.Staging(db, no).clear()
            db.execute(
                "UPDATE imports SET status = 'rejected', step = 'done', attempt = attempt + 1, error = ? "
                "WHERE no = ?",
                (clean(reason) or "rejected", no),
            )
            self._store.record(
                no,
                CommitError(
                    import_id=row["id"], code="rejected", exit=int(ExitCode.REJECTED),
                    error=f"Rejected: {clean(reason)}" if reason else "Rejected.",
                ),
            )  # fmt: skip

    def undo(self, import_id: str) -> int:
        no = self._no(import_id)
        with self._store.transaction() as db:
            row = self._row(no)
            if row["status"] == "undone":
                return 0
            if row["status"] != "committed":
                raise UsageError(
                    "not-committed",
                    f"Import {import_id[:8]} is not committed, so there is nothing to take back.",
                    hint=f"Look at it: smartimport show {import_id[:8]}",
                )
            removed = staging.take_back(db, no)
            now = self._clock().isoformat()
            db.execute(
                "UPDATE imports SET status = 'undone', step = 'done', attempt = attempt + 1, undone_at = ? "
                "WHERE no = ?",
                (now, no),
            )
            self._store.record(
                no, PrimeMessage(import_id=row["id"], message=f"Taken back: {removed} transactions removed.")
            )
        return removed

    def analyse(self, import_id: str) -> None:
        no = self._no(import_id)
        with self._store.transaction() as db:
            row = self._row(no)
            if row["status"] != "committed":
                raise UsageError(
                    "not-committed",
                    f"Import {import_id[:8]} is not committed, so there is nothing to analyse.",
                    hint=f"Look at it: smartimport show {import_id[:8]}",
                )
            if row["step"] == "done":
                db.execute("UPDATE imports SET step = 'analyse' WHERE no = ?", (no,))
        self._drive(no)

    def advice(self, import_id: str) -> tuple[str, Any] | None:
        with self._store.reading() as db:
            row = db.execute(
                "SELECT content, insights_json FROM advice_messages WHERE import_no = ? AND opinion = ? "
                "ORDER BY rowid DESC LIMIT 1",
                (self._no(import_id), opinions.opinion(db)),
            ).fetchone()
        return (row["content"], json.loads(row["insights_json"])) if row else None

    def resolve(self, reference: str) -> str:
        with self._store.reading() as db:
            if reference == "@latest":
                row = db.execute("SELECT id FROM imports ORDER BY no DESC LIMIT 1").fetchone()
                if row is None:
                    raise UsageError(
                        "no-imports", "There is no import yet.", hint="Bring one in: smartimport import FILE"
                    )
                return str(row["id"])
            prefix = reference.strip().lower()
            if len(prefix) >= _MIN_PREFIX and set(prefix) <= set("0123456789abcdef-"):
                rows = db.execute(
                    "SELECT id, file_name FROM imports WHERE id >= ? AND id < ? ORDER BY no DESC LIMIT 5",
                    (prefix, prefix + "g"),
                ).fetchall()
                if len(rows) == 1:
                    return str(rows[0]["id"])
                if rows:
                    raise UsageError(
                        "ambiguous-import",
                        f"Several imports begin with {prefix}.",
                        hint="Write more of it: " + ", ".join(_named(row, 13) for row in rows),
                    )
            raise self._unknown(reference, prefix)

    def _unknown(self, reference: str, prefix: str) -> UsageError:
        rows = self._store.db.execute(
            "SELECT id, file_name FROM imports ORDER BY no DESC LIMIT 500"
        ).fetchall()
        short = {row["id"][: max(8, len(prefix))]: row for row in rows}
        near = get_close_matches(prefix, short, n=2, cutoff=0.5)
        named = [row for row in rows if row["file_name"].lower() == prefix][:2]
        meant = [_named(row) for row in named or (short[id] for id in near)]
        hint = f"Did you mean {' or '.join(meant)}?" if meant else "smartimport list shows what there is."
        if len(prefix) < _MIN_PREFIX:
            hint = f"At least {_MIN_PREFIX} characters of an id are needed. {hint}"
        return UsageError("unknown-import", f"There is no import {clean(reference)}.", hint=hint)

    def get(self, import_id: str) -> ImportRecord:
        with self._store.reading():
            return _record(self._row(self._no(import_id)))

    def imports(self) -> list[ImportRecord]:
        with self._store.reading() as db:
            return [_record(row) for row in db.execute("SELECT * FROM imports ORDER BY no DESC")]

    def transactions(self, import_id: str | None = None) -> Iterator[Transaction]:
        with self._store.reading() as db:
            if import_id is None:
                yield from transactions(db, "", ())
            else:
                yield from transactions(db, "WHERE t.import_no = ?", (self._no(import_id),))

    def categorised(self, import_id: str | None = None) -> Iterator[Transaction]:
        from smartimport_cli import crystal

        with self._store.reading() as db:  # both passes see the same rows
            background = background_of(db, self._rules_file)
            labels = crystal.Labels(transactions(db, "", (), ordered=False), background)
            for row in self.transactions(import_id):
                yield row._replace(category=labels.of(row))

    def accounts(self) -> dict[str, Account]:
        with self._store.reading() as db:
            rows = db.execute("SELECT key, label, kind, currency FROM accounts").fetchall()
        return {row["key"]: Account(*row) for row in rows}

    def categorize(self, import_id: str, line: int, category: str) -> Transaction:
        no = self._no(import_id)
        with self._store.transaction() as db:
            found = list(transactions(db, "WHERE t.import_no = ? AND t.line = ?", (no, line)))
            if not found:
                raise UsageError(
                    "unknown-row",
                    f"Import {import_id[:8]} has no committed row at {where(line)}.",
                    hint=f"Look at its rows: smartimport export {import_id[:8]}",
                )
            learned = [
                opinions.Correction(
                    bytes.fromhex(row.id), category, row.merchant or row.description, row.description, row.amount >= 0
                )
                for row in found
            ]
            opinions.learn(db, learned, self._clock().isoformat())
        return found[0]

    def budgets(self) -> list[Budget]:
        with self._store.reading() as db:
            return opinions.budgets(db)

    def set_budget(self, budget: Budget) -> None:
        with self._store.transaction() as db:
            opinions.set_budget(db, budget)

    def remove_budget(self, category: str, currency: str | None = None) -> int:
        with self._store.transaction() as db:
            return opinions.remove_budget(db, category, currency)

    def close(self) -> None:
        for driver in self._drivers.values():
            driver.stop()
        self._store.close()

    def _no(self, import_id: str) -> int:
        with failures(self._data_dir):
            row = self._store.db.execute("SELECT no FROM imports WHERE id = ?", (import_id,)).fetchone()
        if row is None:
            raise self._unknown(import_id, import_id)
        return int(row["no"])

    def _row(self, no: int) -> sqlite3.Row:
        row: sqlite3.Row = self._store.db.execute("SELECT * FROM imports WHERE no = ?", (no,)).fetchone()
        return row

    def _driver(self, no: int) -> Driver:
        if no not in self._drivers:
            self._drivers[no] = Driver(
                self._data_dir,
                self.originals,
                no,
                clock=self._clock,
                rules_file=self._rules_file,
                resources=self._resources,
            )
        return self._drivers[no]

    def _drive(self, no: int) -> None:
        with self._store.reading():
            step = self._row(no)["step"]
        if step not in ("approve", "done"):
            with failures(self._data_dir):
                self._driver(no).start()

    def _announce(self) -> None:
        ring(self._data_dir)
        write_recent(self._data_dir, self._store.db)


def _record(row: sqlite3.Row) -> ImportRecord:
    def time_of(name: str) -> datetime | None:
        return datetime.fromisoformat(row[name]) if row[name] else None

    return ImportRecord(
        id=row["id"], file_name=row["file_name"], file_size=row["file_size"], file_type=row["file_type"],
        status=row["status"], created_at=datetime.fromisoformat(row["created_at"]),
        updated_at=datetime.fromisoformat(row["updated_at"]), error=row["error"], account=row["account"],
        row_count=row["row_count"], committed_count=row["committed_count"],
        committed_at=time_of("committed_at"), undone_at=time_of("undone_at"),
    )  # fmt: skip


def _named(row: sqlite3.Row, length: int = 8) -> str:
    return f"{row['id'][:length]} ({row['file_name']})"


def _nothing_staged(row: sqlite3.Row) -> SmartImportError:
    short = row["id"][:8]
    if row["status"] == "pending":
        return SmartImportError(
            "not-read-yet", f"Import {short} has not been read yet.", hint=f"Go on: smartimport watch {short}",
            exit_code=ExitCode.STAGED, retryable=True,
        )  # fmt: skip
    code = ExitCode.REJECTED if row["status"] == "rejected" else ExitCode.IMPORT_FAILED
    was = {"undone": "was taken back", "rejected": "was rejected", "failed": "has failed"}[row["status"]]
    return SmartImportError(
        row["status"], f"Import {short} {was}; nothing of it is staged.",
        hint=f"Bring it in again: smartimport import {row['file_name']}", exit_code=code,
    )  # fmt: skip
