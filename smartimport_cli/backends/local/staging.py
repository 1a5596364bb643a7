"""Staged rows: written in batches while a statement is read, compared with what is committed, looked at."""

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import count, repeat

from smartimport_cli.core.identity import Fingerprints
from smartimport_cli.core.model import Account, Issue, Proof, StagedTransaction, Statement, Unreadable, Verdict
from smartimport_cli.core.money import plain
from smartimport_cli.core.protocols import Preview, PreviewRow, Total

_INSERT = (
    "INSERT INTO transactions_staging (import_no, row_no, account_no, fingerprint, line, posted_date, amount, "
    "currency, description, merchant, reference, balance, category, pending, issues) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
# A staged row that another committed row already is.
_THERE = "EXISTS (SELECT 1 FROM transactions t WHERE t.fingerprint = s.fingerprint)"
# A staged row that a commit would add. What is pending may still change; it comes with a later statement.
NEW = f"NOT s.pending AND NOT {_THERE}"
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
        self.labels: dict[str, None] = {}

    @property
    def rows(self) -> int:
        return self._row_no

    def clear(self) -> None:
        """Nothing of an earlier reading stays."""
        for table in ("transactions_staging", "statements", "unreadable"):
            self._db.execute(f"DELETE FROM {table} WHERE import_no = ?", (self._import_no,))  # noqa: S608

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
        self._db.executemany(
            _INSERT,
            zip(
                repeat(self._import_no), count(self._row_no + 1), repeat(self._account_no), prints, lines,
                map(ordinals.__getitem__, dates), amounts, currencies, descriptions, merchants, references,
                balances, categories, pending, map(_issues_json, issues) if any(issues) else repeat(None),
            ),
        )  # fmt: skip
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
        self._digest.update(f"{statement.opening_balance} {statement.closing_balance} {proof.verdict}".encode())
        self._db.execute(
            "INSERT INTO statements VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                self._import_no, self._statement_no, self._account_no, statement.currency,
                statement.first_date and statement.first_date.toordinal(),
                statement.last_date and statement.last_date.toordinal(),
                statement.opening_balance, statement.closing_balance, statement.rows, json.dumps(proof),
                json.dumps(statement.issues, ensure_ascii=False),
            ),
        )  # fmt: skip

    def content_digest(self) -> bytes:
        return self._digest.digest()


def approval_digest(db: sqlite3.Connection, import_no: int) -> str:
    """What an approval is bound to: all staged rows, and which of them are already there."""
    (content,) = db.execute("SELECT content_digest FROM imports WHERE no = ?", (import_no,)).fetchone()
    digest = hashlib.blake2b(content or b"", digest_size=16)
    for (row_no,) in db.execute(
        f"SELECT row_no FROM transactions_staging s WHERE import_no = ? AND {_THERE} ORDER BY row_no",  # noqa: S608
        (import_no,),
    ):
        digest.update(row_no.to_bytes(4, "big"))
    return digest.hexdigest()


def counts(db: sqlite3.Connection, import_no: int) -> tuple[int, int, int]:
    """Staged rows, how many of them are already there, and how many of the others are pending."""
    total, duplicates, pending = db.execute(
        f"SELECT count(*), coalesce(sum({_THERE}), 0), coalesce(sum(s.pending AND NOT {_THERE}), 0) "  # noqa: S608
        "FROM transactions_staging s WHERE import_no = ?",
        (import_no,),
    ).fetchone()
    return total, duplicates, pending


def preview(db: sqlite3.Connection, import_no: int, offset: int, limit: int | None) -> Preview:
    """The page of staged rows from `offset`, and everything an approval should know of the whole."""
    (import_id,) = db.execute("SELECT id FROM imports WHERE no = ?", (import_no,)).fetchone()
    total, duplicates, pending = counts(db, import_no)
    statements = db.execute(
        "SELECT s.*, a.label FROM statements s JOIN accounts a ON a.no = s.account_no WHERE s.import_no = ? "
        "ORDER BY s.statement_no",
        (import_no,),
    ).fetchall()
    firsts = [row["first_date"] for row in statements if row["first_date"]]
    lasts = [row["last_date"] for row in statements if row["last_date"]]
    (unreadable,) = db.execute("SELECT count(*) FROM unreadable WHERE import_no = ?", (import_no,)).fetchone()
    issues = [Issue(*issue) for row in statements for issue in json.loads(row["issues"])]
    return Preview(
        import_id=import_id,
        digest=approval_digest(db, import_no),
        accounts=tuple(dict.fromkeys(row["label"] for row in statements)),
        first_date=date.fromordinal(min(firsts)).isoformat() if firsts else None,
        last_date=date.fromordinal(max(lasts)).isoformat() if lasts else None,
        rows_total=total,
        new=total - duplicates - pending,
        duplicates=duplicates,
        unreadable_count=unreadable,
        totals=_totals(db, import_no),
        proof=_proof([Proof(*_proof_fields(row["proof"])) for row in statements]),
        issues=tuple(issue.message for issue in issues),
        rows=list(_page(db, import_no, offset, limit)),
        unreadable=[
            Unreadable(*row)
            for row in db.execute(
                "SELECT line, reason, text FROM unreadable WHERE import_no = ? ORDER BY line LIMIT ?",
                (import_no, _EXAMPLES),
            )
        ],
        pending=pending,
    )


def preview_facts(shown: Preview) -> list[dict[str, object]]:
    """The first rows as parse:complete carries them: what is needed to approve, no more."""
    return [
        {
            "date": row.row.posted_date.isoformat(),
            "description": row.row.merchant or row.row.description,
            "amount": plain(row.row.amount, row.row.currency),
            "currency": row.row.currency,
            **({"duplicate": True} if row.duplicate_of else {}),
        }
        for row in shown.rows
    ]


def _page(db: sqlite3.Connection, import_no: int, offset: int, limit: int | None) -> Iterator[PreviewRow]:
    for row in db.execute(
        "SELECT s.*, a.label, t.line AS there_line, i.file_name AS there_file, i.id AS there_id "
        "FROM transactions_staging s JOIN accounts a ON a.no = s.account_no "
        "LEFT JOIN transactions t ON t.fingerprint = s.fingerprint LEFT JOIN imports i ON i.no = t.import_no "
        "WHERE s.import_no = ? AND s.row_no > ? ORDER BY s.row_no LIMIT ?",
        (import_no, offset, -1 if limit is None else limit),
    ):
        staged = StagedTransaction(
            row["line"], date.fromordinal(row["posted_date"]), row["amount"], row["currency"],
            row["description"], row["merchant"], row["reference"], row["balance"], row["category"],
            bool(row["pending"]), tuple(Issue(*issue) for issue in json.loads(row["issues"] or "[]")),
        )  # fmt: skip
        there = row["there_id"]
        yield PreviewRow(
            staged,
            row["label"],
            f"line {row['there_line']} of {row['there_file']}, import {there[:8]}" if there else None,
        )


def _totals(db: sqlite3.Connection, import_no: int) -> tuple[Total, ...]:
    return tuple(
        Total(currency, money_in, money_out)
        for currency, money_in, money_out in db.execute(
            "SELECT currency, sum(max(amount, 0)), sum(min(amount, 0)) FROM transactions_staging s "
            f"WHERE import_no = ? AND {NEW} GROUP BY currency ORDER BY count(*) DESC",  # noqa: S608
            (import_no,),
        )
    )


def _proof(proofs: list[Proof]) -> Proof:
    """Of several statements: as good as the worst of them."""
    for verdict in (Verdict.CONTRADICTED, Verdict.UNPROVED, Verdict.CONSISTENT):
        for proof in proofs:
            if proof.verdict is verdict:
                return proof
    if not proofs:
        return Proof(Verdict.CONSISTENT)
    if len(proofs) == 1:
        return proofs[0]
    checked = sum(proof.checked for proof in proofs)
    return Proof(Verdict.PROVED, proofs[0].method, f"All {len(proofs)} statements are proved.", checked)


def _proof_fields(text: str) -> tuple[Verdict, str, str, int, str | None]:
    verdict, method, explanation, checked, breaks_at = json.loads(text)
    return Verdict(verdict), method, explanation, checked, breaks_at


def _issues_json(issues: Sequence[Issue]) -> str | None:
    return json.dumps(issues, ensure_ascii=False) if issues else None
