"""A preview of what a hosted backend has staged: its rows hold little, so what it does not say is worked out here."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from smartimport_cli.core.model import StagedTransaction, Unreadable
from smartimport_cli.core.protocols import Preview, PreviewRow, Total
from smartimport_cli.core.state import ImportState
from smartimport_cli.wire.codec import proof_of, staged_from_json

_EXAMPLES = 1000  # unreadable rows that are listed; the count is whole


def preview_of(
    rows: Sequence[Mapping[str, Any]],
    there: Mapping[str, str],
    state: ImportState,
    import_id: str,
    *,
    offset: int,
    limit: int | None,
) -> Preview:
    """The preview of `rows` of transactions_staging. `there` has, by hash, what each row that is committed
    already repeats; `state` is the fold of the import's events (it has the proof, where the backend gives one).
    The digest covers ids, hashes and data of all rows, and what is there already."""
    digest = hashlib.blake2b(digest_size=16)
    read: list[tuple[PreviewRow, str]] = []
    unreadable: list[Unreadable] = []
    for place, row in enumerate(rows, 1):
        key = str(row.get("hash"))
        data = row.get("data_json")
        digest.update(f"{row.get('id')} {key} {data} {key in there}\n".encode())
        staged = staged_from_json(data, place) if isinstance(data, Mapping) else None
        if staged is None:
            unreadable.append(Unreadable(place, "it has no date or no amount"))
        else:
            read.append((staged, key))
    read.sort(key=lambda entry: entry[0].row.line)
    listed = [row._replace(duplicate_of=there.get(key, row.duplicate_of)) for row, key in read]
    new = [row.row for row in listed if row.duplicate_of is None and not row.row.pending]
    duplicates = sum(row.duplicate_of is not None for row in listed)
    dates = sorted(row.row.posted_date for row in listed)
    page = listed[offset : None if limit is None else offset + limit]
    return Preview(
        import_id, digest.hexdigest(), state.accounts,
        dates[0].isoformat() if dates else None, dates[-1].isoformat() if dates else None,
        len(rows), len(new), duplicates, len(unreadable) + (state.unreadable or 0), _totals(new),
        proof_of(state.proof), state.issues, page, tuple(unreadable[:_EXAMPLES]), len(listed) - len(new) - duplicates,
    )  # fmt: skip


def _totals(rows: Sequence[StagedTransaction]) -> tuple[Total, ...]:
    money: dict[str | None, list[int]] = {}
    for row in rows:
        money.setdefault(row.currency, [0, 0])[row.amount < 0] += row.amount
    return tuple(Total(currency, money_in, money_out) for currency, (money_in, money_out) in money.items())
