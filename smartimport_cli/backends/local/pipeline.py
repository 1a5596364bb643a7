"""The steps of an import: parse, commit, hand off, analyse. Each writes its rows and its events in one
transaction, so that an event is stored if and only if what it says has happened.

A step may be killed at any instant: the next driver finds the step still to do and does it again. Whoever
drives takes a number first (`imports.attempt`); a driver that has been replaced stops at its next write.
"""

import json
import sqlite3
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from smartimport_cli import statements
from smartimport_cli.backends.local import edits, opinions, staging
from smartimport_cli.backends.local.originals import Originals
from smartimport_cli.backends.local.store import Store
from smartimport_cli.core.errors import ExitCode, FileRefused, SmartImportError, UsageError
from smartimport_cli.core.events import (
    AnalyzeComplete,
    AnalyzeError,
    AnalyzeStart,
    CommitComplete,
    CommitError,
    HandoffInitiated,
    ParseComplete,
    ParseError,
    ParseProgress,
    ParseStart,
    PrimeMessage,
)
from smartimport_cli.core.model import Choices, Part, Rows, Statement, StatementStart, Transaction, Unreadable
from smartimport_cli.core.money import plain
from smartimport_cli.core.protocols import Preview
from smartimport_cli.statements.formats import Resources

if TYPE_CHECKING:
    from smartimport_cli import crystal

BATCH_ROWS = 10_000
BATCH_SECONDS = 0.1
_HISTORY_DAYS = 3 * 366
_ISSUES = 20  # that an event tells


class Replaced(Exception):
    """Another driver has taken this import over, or this one was told to stop."""


class Pipeline:
    """Drives one import from its next step to the one that waits for a person, or to the end."""

    def __init__(
        self,
        store: Store,
        originals: Originals,
        import_no: int,
        *,
        stopping: Callable[[], bool],
        rules_file: Path | None = None,
        resources: Resources = Resources(),  # noqa: B008 - immutable
    ) -> None:
        self._resources = resources
        self._rules_file = rules_file
        self._store = store
        self._originals = originals
        self._no = import_no
        self._stopping = stopping
        with store.transaction() as db:
            (self._attempt,) = db.execute(
                "UPDATE imports SET attempt = attempt + 1 WHERE no = ? RETURNING attempt", (import_no,)
            ).fetchone()

    def drive(self) -> None:
        """Do step after step. Raises what the store raises; a reading that fails is an event instead."""
        steps = {
            "parse": self.parse, "commit": self.commit, "handoff": self.hand_off, "analyse": self.analyse,
        }  # fmt: skip
        try:
            while step := steps.get(self._row()["step"]):
                step()
        except Replaced:
            pass

    def _row(self) -> sqlite3.Row:
        with self._store.reading() as db:
            row: sqlite3.Row = db.execute("SELECT * FROM imports WHERE no = ?", (self._no,)).fetchone()
        return row

    @contextmanager
    def _writing(self, step: str) -> Iterator[sqlite3.Connection]:
        if self._stopping():
            raise Replaced
        with self._store.transaction() as db:
            current = db.execute("SELECT attempt, step FROM imports WHERE no = ?", (self._no,)).fetchone()
            if tuple(current) != (self._attempt, step):
                raise Replaced
            yield db

    def _set(self, db: sqlite3.Connection, **values: Any) -> None:
        columns = ", ".join(f"{name} = ?" for name in values)
        db.execute(f"UPDATE imports SET {columns} WHERE no = ?", (*values.values(), self._no))

    # -- parse

    def parse(self) -> None:
        """Read the original from its beginning; whatever an earlier attempt had staged is dropped."""
        row = self._row()
        try:
            self._read(row)
        except (Replaced, sqlite3.Error, KeyboardInterrupt):
            raise
        except FileRefused as refusal:
            self._parse_failed(refusal)
        except SmartImportError:
            raise  # the store's own trouble: the import stays where it is and goes on another time
        except Exception as error:
            self._parse_failed(_bug(error))
            raise

    def _read(self, row: sqlite3.Row) -> None:
        choices = choices_from_json(row["choices"])
        with self._originals.path(row["file_url"]).open("rb") as file:
            reading = statements.read(
                file, name=row["file_name"], size=row["file_size"], choices=choices, resources=self._resources
            )
            with self._writing("parse") as db:
                rows = staging.Staging(db, self._no)
                rows.clear()
                self._set(db, file_type=reading.format)
                expected: dict[str, Any] = (
                    {"rows_expected": reading.expected_rows} if reading.expected_rows else {}
                )
                self._store.record(
                    self._no, ParseStart(import_id=row["id"], user_id=row["user_id"], **expected)
                )
            batch = _Batch(rows)
            parts = reading.parts
            try:
                for part in parts:
                    batch.add(part)
                    if batch.is_due():
                        with self._writing("parse"):
                            batch.write()
                            self._store.record(
                                self._no,
                                ParseProgress(import_id=row["id"], rows_parsed=rows.rows, **expected),
                            )
            finally:
                if isinstance(parts, Generator):
                    parts.close()  # a reader that stops half-way lets go of the file before it is closed
            if batch.empty:
                raise FileRefused(
                    "no-transactions",
                    f"{row['file_name']} has no transactions in it.",
                    hint="Download it again for a period with transactions.",
                )
            with self._writing("parse") as db:
                batch.write()
                rows.complete(reading.issues)
                self._staged(db, row["id"])

    def _staged(self, db: sqlite3.Connection, import_id: str) -> None:
        """The rows are complete: what an approval needs to know, and the wait for it."""
        edits.carry_over(db, self._no)
        shown = staging.preview(db, self._no, 0, 10, keep=True)
        self._set(db, status="parsed", step="approve", error=None)
        self._store.record(self._no, parse_complete(import_id, shown))

    def _parse_failed(self, error: SmartImportError) -> None:
        with self._writing("parse") as db:
            staging.Staging(db, self._no).clear()
            self._set(db, status="failed", step="done", error=error.message)
            details = {"question": error.details["question"]} if "question" in error.details else {}
            self._store.record(
                self._no,
                ParseError.model_validate(
                    {"importId": self._row()["id"], "error": error.message, **_reason(error), **details}
                ),
            )

    # -- commit

    def commit(self) -> None:
        """Staged becomes committed: all of what was approved, or nothing."""
        row = self._row()
        with self._writing("commit") as db:
            compared = staging.compare(db, self._no)
            if compared.digest != row["approved_digest"]:
                # Another import brought some of these rows in between the yes and now.
                self._store.record(
                    self._no,
                    CommitError(
                        import_id=row["id"], code="stale-approval", exit=int(ExitCode.STALE),
                        error="The preview has changed since it was approved.",
                        hint="Approve it as it is now.",
                    ),
                    ParseStart(import_id=row["id"], user_id=row["user_id"]),
                )  # fmt: skip
                self._set(db, approved_digest=None)
                self._staged(db, row["id"])
                return
            committed = staging.commit(db, self._no, compared)
            now = self._store.clock().isoformat()
            if learned := [opinions.Correction(*decision) for decision in edits.category_decisions(db, self._no)]:
                opinions.learn(db, learned, now)
            self._set(db, status="committed", step="handoff", committed_count=committed, committed_at=now)
            self._store.record(
                self._no,
                CommitComplete(import_id=row["id"], committed=committed, skipped=compared.skipped),
            )

    # -- handoff and analysis

    def hand_off(self) -> None:
        """Pass the committed import on to Crystal."""
        row = self._row()
        handoff_id = str(uuid4())
        count = row["committed_count"]
        with self._writing("handoff") as db:
            db.execute(
                "INSERT INTO handoffs (id, import_no, created_at) VALUES (?, ?, ?)",
                (handoff_id, self._no, self._store.clock().isoformat()),
            )
            self._set(db, step="analyse")
            self._store.record(
                self._no,
                HandoffInitiated(import_id=row["id"], handoff_id=handoff_id),
                PrimeMessage(
                    import_id=row["id"],
                    message=f"{count} transaction{'' if count == 1 else 's'} of {row['file_name']} handed to Crystal.",
                ),
            )

    def analyse(self) -> None:
        """What the money says. A failure here leaves the commit as it is."""
        row = self._row()
        with self._writing("analyse") as db:
            (handoff_id,) = db.execute(
                "SELECT id FROM handoffs WHERE import_no = ? ORDER BY rowid DESC LIMIT 1", (self._no,)
            ).fetchone()
            self._store.record(self._no, AnalyzeStart(handoff_id=handoff_id, import_id=row["id"]))
        try:
            advice, insights, opinion = self._analysis(row["id"])
        except Exception as error:
            if isinstance(error, SmartImportError) and not isinstance(error, UsageError):
                raise  # the store's own trouble: the step is done again another time
            with self._writing("analyse") as db:
                self._set(db, step="done")
                db.execute("UPDATE handoffs SET status = 'failed' WHERE id = ?", (handoff_id,))
                bug = error if isinstance(error, UsageError) else _bug(error)
                self._store.record(
                    self._no,
                    AnalyzeError(
                        handoff_id=handoff_id, import_id=row["id"], error=bug.message, code=bug.code,
                        exit=int(ExitCode.ANALYSIS_FAILED), hint=bug.hint,
                    ),
                )  # fmt: skip
            if isinstance(error, UsageError):
                return
            raise
        with self._writing("analyse") as db:
            db.execute(
                "INSERT INTO advice_messages (id, import_no, handoff_id, content, insights_json, created_at, "
                "opinion) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    str(uuid4()), self._no, handoff_id, advice, json.dumps(insights, ensure_ascii=False),
                    self._store.clock().isoformat(), opinion,
                ),
            )  # fmt: skip
            db.execute("UPDATE handoffs SET status = 'completed' WHERE id = ?", (handoff_id,))
            self._set(db, step="done")
            self._store.record(
                self._no,
                AnalyzeComplete(handoff_id=handoff_id, import_id=row["id"], advice=advice, insights=insights),
            )

    def _analysis(self, import_id: str) -> tuple[str, Any, int]:
        """Advice and insights, and the opinion that they are of."""
        from smartimport_cli import crystal

        with self._store.reading() as db:
            background = background_of(db, self._rules_file)
            rows = transactions(db, *self._history(db), ordered=False)
            analysis = crystal.analyse(rows, import_id=import_id, background=background)
            return analysis.advice, analysis.insights, opinions.opinion(db)

    def _history(self, db: sqlite3.Connection) -> tuple[str, tuple[Any, ...]]:
        """Which rows the analysis looks at: those from three years before the import on, so that what it costs
        does not grow with all that was ever imported. A fingerprint begins with the day, so it is their index."""
        (first,) = db.execute("SELECT min(first_date) FROM statements WHERE import_no = ?", (self._no,)).fetchone()
        (oldest,) = db.execute("SELECT min(fingerprint) FROM transactions").fetchone()
        if first is None or oldest is None:
            return "", ()
        start = max(first - _HISTORY_DAYS, 1).to_bytes(3, "big")
        return ("WHERE t.fingerprint >= ?", (start,)) if oldest < start else ("", ())


class _Batch:
    """Parts of a reading, gathered until a write is worth it."""

    def __init__(self, target: staging.Staging) -> None:
        self._target = target
        self._parts: list[Part] = []
        self._rows = 0
        self.empty = True  # neither a row nor one that could not be read
        self._since = time.monotonic()

    def add(self, part: Part) -> None:
        self._parts.append(part)
        self.empty = self.empty and not isinstance(part, Rows | Unreadable)
        if isinstance(part, Rows):
            self._rows += len(part.rows)
        elif isinstance(part, Unreadable):
            self._rows += 1

    def is_due(self) -> bool:
        return self._rows >= BATCH_ROWS or (
            self._rows > 0 and time.monotonic() - self._since >= BATCH_SECONDS
        )

    def write(self) -> None:
        for part in self._parts:
            match part:
                case StatementStart():
                    self._target.begin(part.account)
                case Rows():
                    self._target.add(part.rows)
                case Unreadable():
                    self._target.add_unreadable([part])
                case Statement():
                    self._target.end(part)
        self._parts.clear()
        self._rows = 0
        self._since = time.monotonic()


def parse_complete(import_id: str, shown: Preview) -> ParseComplete:
    """The event that says what a reading has brought."""
    period = {"first": shown.first_date, "last": shown.last_date} if shown.first_date else None
    return ParseComplete.model_validate({
        "importId": import_id,
        "rowsTotal": shown.rows_total,
        "preview": staging.preview_facts(shown),
        "newCount": shown.new,
        "duplicateCount": shown.duplicates,
        "pendingCount": shown.pending,
        "unreadableCount": shown.unreadable_count,
        **({"excludedCount": shown.excluded} if shown.excluded else {}),
        **({"editedCount": shown.edited} if shown.edited else {}),
        "accounts": list(shown.accounts),
        **({"period": period} if period else {}),
        "totals": [
            {
                "currency": total.currency,
                "moneyIn": plain(total.money_in, total.currency),
                "moneyOut": plain(total.money_out, total.currency),
            }
            for total in shown.totals
        ],
        "proof": {
            "verdict": shown.proof.verdict.value,
            "method": shown.proof.method,
            "explanation": shown.proof.explanation,
            "checked": shown.proof.checked,
            "breaksAt": shown.proof.breaks_at,
        },
        **({"issues": list(shown.issues[:_ISSUES])} if shown.issues else {}),
        "digest": shown.digest,
    })  # fmt: skip


def background_of(db: sqlite3.Connection, rules_file: Path | None) -> "crystal.Background":
    """What is known beside the rows; `rules_file` is the user's table of categories, where there is one.
    Raises UsageError `bad-rules`."""
    from smartimport_cli import crystal

    rules = crystal.Rules.standard()
    if rules_file is not None and rules_file.is_file():
        rules = crystal.Rules.from_toml(rules_file.read_text("utf-8", errors="replace"))
    return crystal.Background(
        rules,
        corrections=opinions.corrections(db),
        examples=opinions.examples(db),
        budgets=[crystal.BudgetLimit(*budget) for budget in opinions.budgets(db)],
        statements=list(_periods(db)),
        labels=dict(_pairs(db, "SELECT key, label FROM accounts")),
    )


def transactions(
    db: sqlite3.Connection, where: str, values: tuple[Any, ...], *, ordered: bool = True
) -> Iterator[Transaction]:
    """Committed rows; `ordered` by posted date and within a day as they came."""
    imports = dict(_pairs(db, "SELECT no, id FROM imports"))
    accounts = dict(_pairs(db, "SELECT no, key FROM accounts"))
    days: dict[int, date] = {}
    order = "ORDER BY t.posted_date, t.no" if ordered else ""
    cursor = db.cursor()
    cursor.row_factory = None
    for print_, import_no, account_no, day, *rest in cursor.execute(
        "SELECT t.fingerprint, t.import_no, t.account_no, t.posted_date, t.amount, t.currency, t.description, "
        f"t.merchant, t.category, t.reference, t.balance, t.line FROM transactions t {where} {order}",
        values,
    ):
        when = days.get(day)
        if when is None:
            when = days[day] = date.fromordinal(day)
        yield Transaction(print_.hex(), imports[import_no], accounts[account_no], when, *rest)


def _pairs(db: sqlite3.Connection, query: str) -> list[tuple[Any, str]]:
    return [(key, text) for key, text in db.execute(query)]


def _periods(db: sqlite3.Connection) -> "Iterator[crystal.StatementPeriod]":
    """The committed statements, for what they cover."""
    from smartimport_cli import crystal

    for row in db.execute(
        "SELECT a.key, a.label, s.currency, i.file_name, s.first_date, s.last_date, s.opening_balance, "
        "s.closing_balance, coalesce(s.decided_proof, s.proof) FROM statements s JOIN imports i ON i.no = s.import_no "
        "JOIN accounts a ON a.no = s.account_no WHERE i.status = 'committed' AND s.first_date IS NOT NULL "
        "AND s.last_date IS NOT NULL ORDER BY s.first_date, s.last_date, s.import_no, s.statement_no"
    ):
        key, label, currency, file, first, last, opening, closing, proof = row
        verdict = json.loads(proof)[0]
        yield crystal.StatementPeriod(key, label, currency, file, first, last, opening, closing, verdict)


def choices_to_json(choices: Choices) -> str:
    """Only what was forced, in one spelling: it is part of an upload's key."""
    return json.dumps({k: v for k, v in asdict(choices).items() if v not in (None, ())}, sort_keys=True)


def choices_from_json(text: str) -> Choices:
    values = json.loads(text)
    if "columns" in values:
        values["columns"] = tuple((role, column) for role, column in values["columns"])
    return Choices(**values)


def _bug(error: Exception) -> SmartImportError:
    return SmartImportError(
        "bug",
        f"A mistake in smartimport stopped this step ({type(error).__name__}).",
        hint="Run it again with --debug and report what it says.",
        exit_code=ExitCode.BUG,
    )


def _reason(error: SmartImportError) -> dict[str, Any]:
    return {
        "code": error.code,
        "exit": int(error.exit_code),
        **({"hint": error.hint} if error.hint else {}),
    }
