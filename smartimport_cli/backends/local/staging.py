"""Staged rows: written in batches while a statement is read, compared with what is committed, looked at."""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date
from itertools import count, repeat

from smartimport_cli.backends.local import edits
from smartimport_cli.backends.local.alike import look_alike
from smartimport_cli.backends.local.schema import ids
from smartimport_cli.core.identity import Fingerprints
from smartimport_cli.core.model import (
    Account,
    Issue,
    Proof,
    StagedTransaction,
    Statement,
    Unreadable,
    Verdict,
    where,
)
from smartimport_cli.core.money import plain
from smartimport_cli.core.protocols import Preview, PreviewRow, Total
from smartimport_cli.statements.proof import together

_REQUIRED = ("id", "account_no", "fingerprint", "line", "posted_date", "amount", "description", "merchant")
_OPTIONAL = ("currency", "reference", "balance", "category", "pending", "issues")
# A staged row that another committed row already is.
_THERE = "EXISTS (SELECT 1 FROM transactions t WHERE t.fingerprint = s.fingerprint)"
# A staged row that a commit would add. What is pending may still change; it comes with a later statement.
NEW = f"NOT s.pending AND NOT {_THERE}"
_DECIDED_THERE = "EXISTS (SELECT 1 FROM transactions t WHERE t.fingerprint = d.read_fingerprint)"
_DECIDED_NEW = f"NOT pending AND NOT left_out AND NOT {_DECIDED_THERE}"
_EXAMPLES = 1000  # unreadable rows that a preview lists; the count is always whole


class Staging:
    """Writes the rows of one import. Every method wants an open transaction."""

    def __init__(self, db: sqlite3.Connection, import_no: int) -> None:
        self._db = db
        self._import_no = import_no
        self._row_no = 0
        self._statement_no = 0
        self._account_no = 0
        self._fingerprints: dict[str, Fingerprints] = {}
        self._current: Fingerprints | None = None
        self._digest = hashlib.blake2b(digest_size=16)
        self._currencies: dict[str | None, None] = {}
        self.labels: dict[str, None] = {}

    @property
    def rows(self) -> int:
        return self._row_no

    def clear(self) -> None:
        """Nothing of an earlier reading stays."""
        for table in ("edit_parts", "edits", "transactions_staging"):
            self._db.execute(f"DELETE FROM {table} WHERE id BETWEEN ? AND ?", ids(self._import_no))
        for table in ("statements", "unreadable"):
            self._db.execute(f"DELETE FROM {table} WHERE import_no = ?", (self._import_no,))

    def begin(self, account: Account) -> None:
        """The rows that follow are of this account."""
        (self._account_no,) = self._db.execute(
            "INSERT INTO accounts (key, label, kind, currency) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (key) DO UPDATE SET kind = coalesce(kind, excluded.kind) RETURNING no",
            (account.key, account.label, account.kind, account.currency),
        ).fetchone()
        self.labels[account.label] = None
        self._statement_no += 1
        # Two statements of one account in a file share the count of equal rows.
        self._current = self._fingerprints.setdefault(account.key, Fingerprints(account.key))

    def add(self, rows: Sequence[StagedTransaction]) -> None:
        """Append rows, a column at a time: a step of Python for each cell would cost more than SQLite does."""
        if not rows:
            return
        assert self._current is not None
        (lines, dates, amounts, currencies, descriptions, merchants, references, balances, categories, pending,
         issues) = zip(*rows, strict=True)  # fmt: skip
        prints = self._current.of(dates, amounts, currencies, descriptions, references)
        self._digest.update(b"".join(prints))
        ordinals = {day: day.toordinal() for day in {*dates}}
        first, _ = ids(self._import_no)
        columns: list[Iterable[object]] = [
            count(first + self._row_no + 1), repeat(self._account_no), prints, lines,
            map(ordinals.__getitem__, dates), amounts, descriptions, merchants,
        ]  # fmt: skip
        names = list(_REQUIRED)
        # Most files fill few of these, and a cell that is not bound costs nothing.
        issues_json = list(map(_issues_json, issues)) if any(issues) else issues
        for name, column in zip(
            _OPTIONAL, (currencies, references, balances, categories, pending, issues_json), strict=True
        ):
            if any(column) or (name == "balance" and 0 in column):
                names.append(name)
                columns.append(column)
        self._db.executemany(
            f"INSERT INTO transactions_staging ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",
            zip(*columns, strict=False),
        )
        self._currencies.update(dict.fromkeys(currencies))
        self._row_no += len(rows)

    def add_unreadable(self, rows: Sequence[Unreadable]) -> None:
        self._db.executemany(
            "INSERT INTO unreadable (import_no, line, reason, text) VALUES (?, ?, ?, ?)",
            [(self._import_no, row.line, row.reason, row.text) for row in rows],
        )
        for row in rows:
            self._digest.update(f"unreadable {row.line}".encode())

    def end(self, statement: Statement) -> None:
        """What is known once the rows of the statement are through."""
        proof = statement.proof
        self._digest.update(
            f"{statement.opening_balance} {statement.closing_balance} {proof.verdict}".encode()
        )
        self._db.execute(
            "INSERT INTO statements (import_no, statement_no, account_no, currency, first_date, last_date, "
            "opening_balance, closing_balance, row_count, proof, issues) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                self._import_no, self._statement_no, self._account_no, statement.currency,
                statement.first_date and statement.first_date.toordinal(),
                statement.last_date and statement.last_date.toordinal(),
                statement.opening_balance, statement.closing_balance, statement.rows, json.dumps(proof),
                json.dumps(statement.issues, ensure_ascii=False),
            ),
        )  # fmt: skip

    def complete(self, issues: Sequence[Issue]) -> None:
        """All rows are in: note what they are, to be compared with what is committed, and what is doubted."""
        self._db.execute(
            "UPDATE imports SET content_digest = ?, currencies = ?, account = ?, row_count = ?, issues = ?, "
            "compared_at = NULL WHERE no = ?",
            (
                self._digest.digest(), json.dumps(list(self._currencies)), ", ".join(self.labels), self._row_no,
                _issues_json(issues), self._import_no,
            ),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Comparison:
    """Staged rows against committed ones; the digest is what an approval is bound to."""

    digest: str
    total: int
    duplicates: int
    pending: int  # not there yet, and not to be committed either
    totals: tuple[Total, ...]  # of what is new
    excluded: int = 0  # left out by a person, in this import or an earlier one
    extra: int = 0  # transactions that splits add
    edited: int = 0  # rows with an edit of this import
    alike: str | None = None  # the committed import that most of what is new looks like, in words

    @property
    def new(self) -> int:
        """Transactions that a commit would add."""
        return self.total - self.duplicates - self.pending - self.excluded + self.extra

    @property
    def skipped(self) -> int:
        """Rows that a commit would not take."""
        return self.duplicates + self.pending + self.excluded

    @property
    def is_decided(self) -> bool:
        """Whether a person's decisions make a difference to what was read."""
        return bool(self.edited or self.excluded)


def compare(db: sqlite3.Connection, import_no: int, *, keep: bool = False) -> Comparison:
    """What a commit would add now. Computed again only after transactions have come or gone, or an edit;
    `keep` (in a transaction that may write) saves the next one the work."""
    (generation,) = db.execute("SELECT generation FROM owner").fetchone()
    row = db.execute(
        "SELECT comparison, compared_at, content_digest, currencies FROM imports WHERE no = ?", (import_no,)
    ).fetchone()
    if row["compared_at"] == generation:
        digest, total, duplicates, pending, totals, *counts = json.loads(row["comparison"])
        return Comparison(digest, total, duplicates, pending, tuple(Total(*item) for item in totals), *counts)
    currencies = json.loads(row["currencies"])
    compare_as = _compare_decided if edits.matter(db, import_no) else _compare
    fresh = compare_as(db, import_no, row["content_digest"], currencies)
    if fresh.new and (alike := look_alike(db, ids(import_no), fresh.total)):
        digest = hashlib.blake2b(f"{fresh.digest} {alike}".encode(), digest_size=16).hexdigest()
        fresh = replace(fresh, digest=digest, alike=alike)
    if keep:
        db.execute(
            "UPDATE imports SET comparison = ?, compared_at = ? WHERE no = ?",
            (json.dumps(astuple(fresh)), generation, import_no),
        )
    return fresh


def _compare(
    db: sqlite3.Connection, import_no: int, content: bytes, currencies: list[str | None]
) -> Comparison:
    total = duplicates = pending = 0
    totals = []
    there = _THERE if _overlaps(db, import_no) else "0"
    where = "id BETWEEN ? AND ?" if len(currencies) == 1 else "id BETWEEN ? AND ? AND currency IS ?"
    for currency in currencies:
        values = ids(import_no) if len(currencies) == 1 else (*ids(import_no), currency)
        rows, known, waiting, money_in, money_out = db.execute(
            "SELECT count(*), total(there), total(pending AND NOT there), "
            "total(max(amount, 0) * NOT (pending OR there)), total(min(amount, 0) * NOT (pending OR there)) "
            # LIMIT keeps SQLite from looking each row up once for every sum.
            f"FROM (SELECT amount, pending, {there} AS there FROM transactions_staging s WHERE {where} LIMIT -1)",
            values,
        ).fetchone()
        total += rows
        duplicates += int(known)
        pending += int(waiting)
        if rows > known + waiting:
            totals.append(Total(currency, int(money_in), int(money_out)))
    digest = hashlib.blake2b(content, digest_size=16)
    if duplicates:
        _digest_duplicates(db, import_no, digest)
    return Comparison(digest.hexdigest(), total, duplicates, pending, tuple(totals))


def _compare_decided(
    db: sqlite3.Connection, import_no: int, content: bytes, currencies: list[str | None]
) -> Comparison:
    """As `_compare`, where a person has decided about rows. What is there already comes first: a decision
    about it has no effect."""
    counts = [0, 0, 0, 0, 0]
    totals = []
    for currency in currencies:
        *found, money_in, money_out = db.execute(
            "SELECT total(part = 1), total(part = 1 AND there), total(part = 1 AND pending AND NOT there), "
            "total(part = 1 AND left_out AND NOT (there OR pending)), total(part > 1 AND new), "
            "total(max(amount, 0) * new), total(min(amount, 0) * new) FROM (SELECT *, "
            "NOT (there OR pending OR left_out) AS new FROM (SELECT part, amount, pending, left_out, "
            f"{_DECIDED_THERE} AS there FROM transactions_decided d WHERE id BETWEEN ? AND ? AND currency IS ? "
            "LIMIT -1) LIMIT -1)",
            (*ids(import_no), currency),
        ).fetchone()
        counts = [sum_ + int(count) for sum_, count in zip(counts, found, strict=True)]
        rows, known, waiting, excluded, _ = map(int, found)
        if rows > known + waiting + excluded:
            totals.append(Total(currency, int(money_in), int(money_out)))
    total, duplicates, pending, excluded, extra = counts
    digest = hashlib.blake2b(content, digest_size=16)
    _digest_duplicates(db, import_no, digest)
    edited = edits.add_to_digest(db, import_no, digest)
    return Comparison(digest.hexdigest(), total, duplicates, pending, tuple(totals), excluded, extra, edited)


def _digest_duplicates(db: sqlite3.Connection, import_no: int, digest: "hashlib.blake2b") -> None:
    for (row_id,) in db.execute(
        f"SELECT id FROM transactions_staging s WHERE id BETWEEN ? AND ? AND {_THERE} ORDER BY id",
        ids(import_no),
    ):
        digest.update((row_id & 0xFFFFFFFF).to_bytes(4, "big"))


_COPIED = "account_no, fingerprint, line, posted_date, amount, currency, description, merchant, reference, balance, category"


def commit(db: sqlite3.Connection, import_no: int, compared: Comparison) -> int:
    """Staged becomes committed: what is new, in file order; how many transactions that were. `compared` is of
    this very transaction, so nothing has come between."""
    db.execute("UPDATE owner SET generation = generation + 1")
    if compared.is_decided:
        edits.keep_excluded(db, import_no)
        source, new, order = "transactions_decided d", _DECIDED_NEW, "id, part"
    else:
        source, new, order = "transactions_staging s", NEW if compared.duplicates else "NOT s.pending", "id"
    return db.execute(
        f"INSERT INTO transactions (import_no, {_COPIED}) SELECT ?, {_COPIED} FROM {source} "
        f"WHERE id BETWEEN ? AND ? AND {new} ORDER BY {order}",
        (import_no, *ids(import_no)),
    ).rowcount


def take_back(db: sqlite3.Connection, import_no: int) -> int:
    """Remove an import's transactions; a row that another committed import has too becomes that one's, as it
    was decided there. How many are gone for good."""
    db.execute("UPDATE owner SET generation = generation + 1")
    db.execute("CREATE TEMP TABLE IF NOT EXISTS taken (fingerprint BLOB PRIMARY KEY) WITHOUT ROWID")
    db.execute("DELETE FROM taken")
    taken = db.execute(
        "INSERT INTO taken SELECT fingerprint FROM transactions WHERE import_no = ?", (import_no,)
    ).rowcount
    db.execute("DELETE FROM transactions WHERE import_no = ?", (import_no,))
    db.execute(
        f"INSERT INTO transactions (import_no, {_COPIED}) SELECT d.id >> 32, {_COPIED} "
        "FROM transactions_decided d WHERE d.id IN ("
        "SELECT min(s.id) FROM transactions_staging s JOIN imports i ON i.no = s.id >> 32 "
        "LEFT JOIN edits e ON e.id = s.id WHERE i.status = 'committed' AND i.no <> ? AND NOT s.pending "
        "AND e.excluded IS NOT 1 AND s.fingerprint IN taken GROUP BY s.fingerprint) ORDER BY d.id, d.part",
        (import_no,),
    )
    (kept,) = db.execute("SELECT count(*) FROM taken JOIN transactions USING (fingerprint)").fetchone()
    db.execute(
        "UPDATE imports SET committed_count = (SELECT count(*) FROM transactions t WHERE t.import_no = imports.no) "
        "WHERE status = 'committed' AND no <> ?",
        (import_no,),
    )
    db.execute("DELETE FROM taken")
    return taken - int(kept)


def _overlaps(db: sqlite3.Connection, import_no: int) -> bool:
    """Whether any committed row is of the days of this import: fingerprints begin with the day."""
    first, last = db.execute(
        "SELECT min(first_date), max(last_date) FROM statements WHERE import_no = ?", (import_no,)
    ).fetchone()
    if first is None:
        return True
    found = db.execute(
        "SELECT 1 FROM transactions WHERE fingerprint >= ? AND fingerprint < ? LIMIT 1",
        (first.to_bytes(3, "big"), (last + 1).to_bytes(3, "big")),
    ).fetchone()
    return found is not None


def preview(
    db: sqlite3.Connection, import_no: int, offset: int, limit: int | None, *, keep: bool = False
) -> Preview:
    """The page of staged rows from `offset`, and everything an approval should know of the whole."""
    import_id, doubts = db.execute("SELECT id, issues FROM imports WHERE no = ?", (import_no,)).fetchone()
    compared = compare(db, import_no, keep=keep)
    statements = db.execute(
        "SELECT s.*, a.label FROM statements s JOIN accounts a ON a.no = s.account_no WHERE s.import_no = ? "
        "ORDER BY s.statement_no",
        (import_no,),
    ).fetchall()
    first, last = _period(db, import_no, statements, edited=compared.edited > 0)
    (unreadable,) = db.execute("SELECT count(*) FROM unreadable WHERE import_no = ?", (import_no,)).fetchone()
    told = [doubts or "[]", *(row["issues"] for row in statements)]
    issues = [Issue(*issue).message for text in told for issue in json.loads(text)]
    if compared.alike:
        issues.append(f"Most of it has the days and amounts of {compared.alike}; it may be the same in another form.")
    return Preview(
        import_id=import_id,
        digest=compared.digest,
        accounts=tuple(dict.fromkeys(row["label"] for row in statements)),
        first_date=first,
        last_date=last,
        rows_total=compared.total,
        new=compared.new,
        duplicates=compared.duplicates,
        unreadable_count=unreadable,
        totals=compared.totals,
        proof=together([proof_from_json(row["decided_proof"] or row["proof"]) for row in statements]),
        issues=(*issues, *edits.carried(db, import_no)),
        rows=_rows(db, import_no, offset, limit, decided=compared.is_decided),
        unreadable=[
            Unreadable(*row)
            for row in db.execute(
                "SELECT line, reason, text FROM unreadable WHERE import_no = ? ORDER BY line LIMIT ?",
                (import_no, _EXAMPLES),
            )
        ],
        pending=compared.pending,
        excluded=compared.excluded,
        edited=compared.edited,
    )


def _period(
    db: sqlite3.Connection, import_no: int, statements: list[sqlite3.Row], *, edited: bool
) -> tuple[str | None, str | None]:
    """First and last posted date (ISO), as decided."""
    firsts = [row["first_date"] for row in statements if row["first_date"]]
    lasts = [row["last_date"] for row in statements if row["last_date"]]
    if not firsts or not lasts:
        return None, None
    first, last = min(firsts), max(lasts)
    if edited:
        first, last = db.execute(
            "SELECT min(posted_date), max(posted_date) FROM transactions_decided WHERE id BETWEEN ? AND ?",
            ids(import_no),
        ).fetchone()
    return date.fromordinal(first).isoformat(), date.fromordinal(last).isoformat()


def preview_facts(shown: Preview) -> list[dict[str, object]]:
    """The first rows as parse:complete carries them: what is needed to approve, no more."""
    return [
        {
            "date": row.row.posted_date.isoformat(),
            "description": row.row.merchant or row.row.description,
            "amount": plain(row.row.amount, row.row.currency),
            "currency": row.row.currency,
            **({"duplicate": True} if row.duplicate_of else {}),
            **({"excluded": True} if row.excluded else {}),
            **({"edited": True} if row.read or row.parts else {}),
        }
        for row in shown.rows
    ]


def _rows(
    db: sqlite3.Connection, import_no: int, offset: int, limit: int | None, *, decided: bool
) -> list[PreviewRow]:
    page = _page(db, import_no, offset, limit)
    return list(edits.decided_rows(db, import_no, page) if decided else page)


def _page(db: sqlite3.Connection, import_no: int, offset: int, limit: int | None) -> Iterator[PreviewRow]:
    first, last = ids(import_no)
    for row in db.execute(
        "SELECT s.*, a.label, t.line AS there_line, i.file_name AS there_file, i.id AS there_id "
        "FROM transactions_staging s JOIN accounts a ON a.no = s.account_no "
        "LEFT JOIN transactions t ON t.fingerprint = s.fingerprint LEFT JOIN imports i ON i.no = t.import_no "
        "WHERE s.id > ? AND s.id <= ? ORDER BY s.id LIMIT ?",
        (first + offset, last, -1 if limit is None else limit),
    ):
        read = StagedTransaction(
            row["line"], date.fromordinal(row["posted_date"]), row["amount"], row["currency"],
            row["description"], row["merchant"], row["reference"], row["balance"], row["category"],
            bool(row["pending"]), tuple(Issue(*issue) for issue in json.loads(row["issues"] or "[]")),
        )  # fmt: skip
        there = row["there_id"]
        yield PreviewRow(
            read,
            row["label"],
            f"{where(row['there_line'])} of {row['there_file']}, import {there[:8]}" if there else None,
            number=row["id"] - first,
        )


def proof_from_json(text: str) -> Proof:
    """As `statements` has it."""
    verdict, *rest = json.loads(text)
    return Proof(Verdict(verdict), *rest)


def _issues_json(issues: Sequence[Issue]) -> str | None:
    return json.dumps(issues, ensure_ascii=False) if issues else None
