"""Whether a statement looks like one that is committed already, although none of its rows is known: the same month as
CSV and as OFX, or with another label or currency. Nothing is left out for it; a person is told."""

import sqlite3
from collections import Counter

_LOOKED_AT = 64  # rows, spread over the whole
_FEWEST = 3  # that must be alike
_SHARE = 0.6  # of the rows that are of the other import's days


def look_alike(db: sqlite3.Connection, ids: tuple[int, int], rows: int) -> str | None:
    """The committed import, in words, with which most new rows of a staged one (its `ids`, and how many `rows` that
    is) share day and amount, as far as they are of its days; None where there is none."""
    step = max(rows // _LOOKED_AT, 1)
    sample = db.execute(
        "SELECT posted_date, amount FROM transactions_staging s WHERE id BETWEEN ? AND ? AND id % ? = 0 "
        "AND NOT pending AND amount <> 0 "
        "AND NOT EXISTS (SELECT 1 FROM transactions t WHERE t.fingerprint = s.fingerprint)",
        (*ids, step),
    ).fetchall()
    shared: Counter[int] = Counter()
    for day, amount in sample:
        # A fingerprint begins with the day.
        of_day = (day.to_bytes(3, "big"), (day + 1).to_bytes(3, "big"), amount)
        shared.update(
            import_no
            for (import_no,) in db.execute(
                "SELECT DISTINCT import_no FROM transactions WHERE fingerprint >= ? AND fingerprint < ? AND amount = ?",
                of_day,
            )
        )
    for import_no, alike in shared.most_common(1):
        first, last = db.execute(
            "SELECT min(first_date), max(last_date) FROM statements WHERE import_no = ?", (import_no,)
        ).fetchone()
        within = sum(first <= day <= last for day, _ in sample)
        if alike >= _FEWEST and alike >= _SHARE * within:
            name, import_id = db.execute(
                "SELECT file_name, id FROM imports WHERE no = ?", (import_no,)
            ).fetchone()
            return f"{name} (import {import_id[:8]})"
    return None
