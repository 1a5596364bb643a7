"""What a person has decided about staged rows: kept beside them, applied when they are shown and committed.

The staged row stays as it was read, and its fingerprint its identity: the same row in another statement is
found again whatever its amount or date was corrected to. Of a split row the first part has that fingerprint,
the others have prints made from it. A row that is left out is remembered by its fingerprint for as long as an
import that left it out is committed. What a row of an import that was taken back was said to mean (category,
merchant) holds when it comes again; that it was left out, split or changed does not.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from hashlib import blake2b
from itertools import groupby
from typing import NamedTuple

from smartimport_cli.backends.local.schema import ids
from smartimport_cli.core.edits import NO_EDIT, Change, Edit, Part
from smartimport_cli.core.errors import UsageError
from smartimport_cli.core.model import Proof, StagedTransaction, Verdict
from smartimport_cli.core.protocols import PreviewRow
from smartimport_cli.statements import decided as balances

_BATCH = 5000  # rows looked at together
_NOT_THERE = "NOT EXISTS (SELECT 1 FROM transactions t WHERE t.fingerprint = s.fingerprint)"


def matter(db: sqlite3.Connection, import_no: int) -> bool:
    """Whether any decision is about rows of this import: one of its own, or a row that an earlier one left out
    on the days that this one is of (fingerprints begin with the day)."""
    first, last = db.execute(
        "SELECT min(first_date), max(last_date) FROM statements WHERE import_no = ?", (import_no,)
    ).fetchone()
    days = ((first or 0).to_bytes(3, "big"), ((last or 0xFFFFFE) + 1).to_bytes(3, "big"))
    (found,) = db.execute(
        "SELECT EXISTS (SELECT 1 FROM edits WHERE id BETWEEN ? AND ?) OR "
        "EXISTS (SELECT 1 FROM edits WHERE excluded = 1 AND fingerprint >= ? AND fingerprint < ?)",
        (*ids(import_no), *days),
    ).fetchone()
    return bool(found)


def apply(db: sqlite3.Connection, import_no: int, changes: Sequence[Change]) -> None:
    """Keep `changes` and ask the balances again. Wants an open transaction. Raises UsageError `no-such-row`,
    `nothing-to-edit` or `bad-edit`."""
    first, _ = ids(import_no)
    for number, of_row in groupby(sorted(changes, key=lambda change: change.row), lambda change: change.row):
        row = db.execute("SELECT * FROM transactions_staging WHERE id = ?", (first + number,)).fetchone()
        if row is None or number < 1:
            raise UsageError(
                "no-such-row", f"There is no row {number} in this import.",
                hint="smartimport preview ID --all numbers them.",
            )  # fmt: skip
        before = edit = _edit(db, row["id"])
        for change in of_row:
            edit = edit.with_change(change)
        edit = edit.beside(_read(row))
        if edit.excluded is False and _left_out_earlier(db, row["id"]) is None:
            edit = edit._replace(excluded=None)
        if edit == before:
            continue
        if any(edit) and edit.excluded is not False:
            _check_open(db, row, number)
        _store(db, row, edit)
    _ask_again(db, import_no)
    db.execute("UPDATE imports SET compared_at = NULL WHERE no = ?", (import_no,))


def _check_open(db: sqlite3.Connection, row: sqlite3.Row, number: int) -> None:
    """An edit of a row that would not be committed anyway would do nothing, so it is refused."""
    why = "is pending; it comes with a later statement" if row["pending"] else None
    if db.execute("SELECT 1 FROM transactions WHERE fingerprint = ?", (row["fingerprint"],)).fetchone():
        why = "is already there, from an earlier import"
    if why:
        raise UsageError("nothing-to-edit", f"Row {number} {why}; there is nothing to edit. Nothing was changed.")


def _store(db: sqlite3.Connection, row: sqlite3.Row, edit: Edit) -> None:
    db.execute("DELETE FROM edit_parts WHERE id = ?", (row["id"],))
    if edit == NO_EDIT:
        db.execute("DELETE FROM edits WHERE id = ?", (row["id"],))
        return
    db.execute(
        "INSERT OR REPLACE INTO edits (id, fingerprint, excluded, posted_date, amount, merchant, category) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            row["id"], row["fingerprint"], edit.excluded, edit.posted_date and edit.posted_date.toordinal(), edit.amount,
            edit.merchant, edit.category,
        ),
    )  # fmt: skip
    db.executemany(
        "INSERT INTO edit_parts (id, part, fingerprint, amount, category) VALUES (?, ?, ?, ?, ?)",
        [
            (row["id"], number, _part_print(row["fingerprint"], number), part.amount, part.category)
            for number, part in enumerate(edit.parts, 1)
        ],
    )


def _part_print(whole: bytes, number: int) -> bytes:
    """The identity of a part: that of the row for the first, one made from it for the others."""
    if number == 1:
        return whole
    return whole[:3] + blake2b(whole + number.to_bytes(4, "big"), digest_size=13, person=b"part").digest()


def _edit(db: sqlite3.Connection, row_id: int) -> Edit:
    row = db.execute("SELECT * FROM edits WHERE id = ?", (row_id,)).fetchone()
    if row is None:
        return NO_EDIT
    return _edit_of(row, db.execute("SELECT * FROM edit_parts WHERE id = ? ORDER BY part", (row_id,)))


def _edit_of(row: sqlite3.Row, parts: Iterable[sqlite3.Row]) -> Edit:
    return Edit(
        date.fromordinal(row["posted_date"]) if row["posted_date"] else None, row["amount"], row["merchant"],
        row["category"], None if row["excluded"] is None else bool(row["excluded"]),
        tuple(Part(part["amount"], part["category"]) for part in parts),
    )  # fmt: skip


def _read(row: sqlite3.Row) -> StagedTransaction:
    return StagedTransaction(
        row["line"], date.fromordinal(row["posted_date"]), row["amount"], row["currency"], row["description"],
        row["merchant"], category=row["category"],
    )  # fmt: skip


def _ask_again(db: sqlite3.Connection, import_no: int) -> None:
    """What the balances of each statement say with the edits; nothing where they are not about amounts."""
    db.execute("UPDATE statements SET decided_proof = NULL WHERE import_no = ?", (import_no,))
    (asked,) = db.execute(
        "SELECT EXISTS (SELECT 1 FROM edits WHERE id BETWEEN ? AND ? AND (amount IS NOT NULL OR excluded = 1))",
        ids(import_no),
    ).fetchone()
    if not asked:
        return
    first, _ = ids(import_no)
    for statement in db.execute(
        "SELECT * FROM statements WHERE import_no = ? ORDER BY statement_no", (import_no,)
    ).fetchall():
        last = first + statement["row_count"]
        verdict, *rest = json.loads(statement["proof"])
        again = balances.decided(
            Proof(Verdict(verdict), *rest), statement["opening_balance"], statement["closing_balance"],
            _batches(db, first, last),
        )  # fmt: skip
        db.execute(
            "UPDATE statements SET decided_proof = ? WHERE import_no = ? AND statement_no = ?",
            (json.dumps(again), import_no, statement["statement_no"]),
        )
        first = last


def _batches(db: sqlite3.Connection, after: int, last: int) -> Iterator[list[balances.Decided]]:
    """The rows with ids from `after` to `last`; what is pending has no part in a balance."""
    cursor = db.cursor()
    cursor.row_factory = None
    cursor.execute(
        "SELECT s.line, s.amount, CASE WHEN e.excluded = 1 THEN NULL ELSE coalesce(e.amount, s.amount) END, "
        "s.balance, s.currency FROM transactions_staging s LEFT JOIN edits e ON e.id = s.id "
        "WHERE s.id > ? AND s.id <= ? AND NOT s.pending ORDER BY s.id",
        (after, last),
    )
    while rows := cursor.fetchmany(_BATCH):
        yield [balances.Decided(*row) for row in rows]


def add_to_digest(db: sqlite3.Connection, import_no: int, digest: "blake2b") -> int:
    """An approval is bound to the decisions, too. How many rows have one of this import."""
    first, _ = ids(import_no)
    count = 0
    for count, row in enumerate(  # noqa: B007
        db.execute(
            "SELECT id, excluded, posted_date, amount, merchant, category FROM edits WHERE id BETWEEN ? AND ? "
            "ORDER BY id",
            ids(import_no),
        ),
        1,
    ):
        digest.update(json.dumps(["edit", row["id"] - first, *tuple(row)[1:]]).encode())
    for row in db.execute(
        "SELECT id, part, amount, category FROM edit_parts WHERE id BETWEEN ? AND ? ORDER BY id, part",
        ids(import_no),
    ):
        digest.update(json.dumps(["part", row["id"] - first, *tuple(row)[1:]]).encode())
    for (row_id,) in _remembered(db, import_no):
        digest.update(json.dumps(["left out", row_id - first]).encode())
    return count


def keep_excluded(db: sqlite3.Connection, import_no: int) -> None:
    """Make what earlier imports have left out a decision of this one as well: it was shown, and approved."""
    db.executemany(
        "INSERT INTO edits (id, fingerprint, excluded) SELECT id, fingerprint, 1 FROM transactions_staging "
        "WHERE id = ? ON CONFLICT (id) DO UPDATE SET excluded = 1",
        list(_remembered(db, import_no)),
    )


def carry_over(db: sqlite3.Connection, import_no: int) -> None:
    """Decide again what was decided of the same rows in an import that was taken back since: category and
    merchant. What left out, split or changed amounts or dates is not done again unasked: `carried` says it."""
    for row, earlier in _taken_back(db, import_no):
        meant = Edit(merchant=earlier.merchant, category=earlier.category).beside(_read(row))
        if meant != NO_EDIT:
            _store(db, row, meant)


def carried(db: sqlite3.Connection, import_no: int) -> list[str]:
    """What a preview says of that, in sentences; nothing where no row was edited in an import taken back."""
    same, other = 0, Counter[str]()
    for row, earlier in _taken_back(db, import_no):
        now = _edit(db, row["id"])
        meant = earlier.merchant, earlier.category
        same += any(meant) and (now.merchant, now.category) == meant
        other["left out"] += bool(earlier.excluded) and now.excluded is None
        other["split"] += bool(earlier.parts) and not now.parts
        moved = earlier.amount, earlier.posted_date
        other["with another amount or date"] += moved != (None, None) and moved != (now.amount, now.posted_date)
    said = []
    if same:
        rows = "1 row" if same == 1 else f"{same:,} rows"
        said.append(f"Category or merchant of {rows} carried over from an import that was taken back.")
    if missing := [f"{count:,} {what}" for what, count in other.items() if count]:
        said.append(f"Not done again from the import that was taken back: {', '.join(missing)}.")
    return said


def _taken_back(db: sqlite3.Connection, import_no: int) -> Iterator[tuple[sqlite3.Row, Edit]]:
    """Rows that may be committed, each with the latest edit of it in an import that was taken back."""
    earlier = {
        row["fingerprint"]: row
        for row in db.execute(
            "SELECT e.* FROM edits e JOIN imports i ON i.no = e.id >> 32 WHERE i.status = 'undone' AND i.no <> ? "
            "ORDER BY e.id",
            (import_no,),
        )
    }
    if not earlier:
        return
    for row in db.execute(
        "SELECT * FROM transactions_staging s WHERE id BETWEEN ? AND ? AND NOT pending AND fingerprint IN "
        "(SELECT e.fingerprint FROM edits e JOIN imports i ON i.no = e.id >> 32 WHERE i.status = 'undone') "
        f"AND {_NOT_THERE} ORDER BY id",
        ids(import_no),
    ).fetchall():
        if before := earlier.get(row["fingerprint"]):
            parts = db.execute("SELECT * FROM edit_parts WHERE id = ? ORDER BY part", (before["id"],))
            yield row, _edit_of(before, parts)


def _remembered(db: sqlite3.Connection, import_no: int) -> Iterator[tuple[int]]:
    """Ids of the rows that are left out because an earlier import did."""
    cursor = db.cursor()
    cursor.row_factory = None
    yield from cursor.execute(
        # CROSS JOIN keeps the order: only `edits` has an index by fingerprint.
        "SELECT s.id FROM transactions_staging s CROSS JOIN edits o ON o.fingerprint = s.fingerprint "
        "AND o.excluded = 1 JOIN imports i ON i.no = o.id >> 32 LEFT JOIN edits e ON e.id = s.id "
        "WHERE s.id BETWEEN ? AND ? AND i.status = 'committed' AND i.no <> ? AND e.excluded IS NULL "
        f"AND {_NOT_THERE} AND NOT s.pending GROUP BY s.id ORDER BY s.id",
        (*ids(import_no), import_no),
    )


def decided_rows(
    db: sqlite3.Connection, import_no: int, rows: Iterable[PreviewRow]
) -> Iterator[PreviewRow]:
    """The rows of a preview with what was decided about them."""
    first, _ = ids(import_no)
    for shown in rows:
        row_id = first + shown.number
        edit = _edit(db, row_id)
        decided = edit.of(shown.row)
        yield shown._replace(
            row=decided,
            read=shown.row if decided != shown.row else None,
            parts=edit.parts,
            excluded=_left_out(db, row_id, edit) if shown.duplicate_of is None else None,
        )


def _left_out(db: sqlite3.Connection, row_id: int, edit: Edit) -> str | None:
    if edit.excluded is not None:
        return "left out" if edit.excluded else None
    return _left_out_earlier(db, row_id)


def _left_out_earlier(db: sqlite3.Connection, row_id: int) -> str | None:
    """Which committed import has left this row out, if any other has."""
    row = db.execute(
        "SELECT i.id, i.file_name FROM transactions_staging s JOIN edits o ON o.fingerprint = s.fingerprint "
        "AND o.excluded = 1 JOIN imports i ON i.no = o.id >> 32 WHERE s.id = ? AND i.no <> s.id >> 32 "
        "AND i.status = 'committed' ORDER BY i.no LIMIT 1",
        (row_id,),
    ).fetchone()
    return f"left out in {row['file_name']}, import {row['id'][:8]}" if row else None


class CategoryDecision(NamedTuple):
    """A category that a person gave a row before its commit: the transaction's fingerprint, and what there is to
    learn from it."""

    fingerprint: bytes
    category: str
    merchant: str
    description: str
    money_in: bool


def category_decisions(db: sqlite3.Connection, import_no: int) -> Iterator[CategoryDecision]:
    """Of the import's committed transactions, parts of split rows included."""
    for print_, category, merchant, description, amount in db.execute(
        "SELECT t.fingerprint, t.category, t.merchant, t.description, t.amount FROM edits e "
        "JOIN transactions_decided d ON d.id = e.id LEFT JOIN edit_parts p ON p.id = d.id AND p.part = d.part "
        "JOIN transactions t ON t.fingerprint = d.fingerprint "
        "WHERE e.id BETWEEN ? AND ? AND coalesce(p.category, e.category) IS NOT NULL AND t.import_no = ? "
        "ORDER BY d.id, d.part",
        (*ids(import_no), import_no),
    ):
        yield CategoryDecision(print_, category, merchant or description, description, amount >= 0)
