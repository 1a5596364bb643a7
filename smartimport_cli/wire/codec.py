"""The JSON forms in which imports, previews and transactions travel, and how a stranger's are read.

The hosted backend's rows hold little; ours add keys to them. Reading is lenient: a key that is missing or
of another kind counts as absent, texts are cleaned, amounts become integer units.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from smartimport_cli.core.edits import FIELDS, Change, Part, parse_amount, parse_value, split_text
from smartimport_cli.core.errors import UsageError
from smartimport_cli.core.model import (
    Issue,
    Proof,
    StagedTransaction,
    Transaction,
    Unreadable,
    Verdict,
)
from smartimport_cli.core.money import plain, to_units
from smartimport_cli.core.protocols import Budget, ImportRecord, Preview, PreviewRow, Total
from smartimport_cli.core.text import clean


def staged_to_json(row: PreviewRow) -> dict[str, Any]:
    """`data_json` of a staged row: the hosted backend's keys (posted_at, merchant, category, amount), and ours."""
    staged = row.row
    return {
        "posted_at": staged.posted_date.isoformat(),
        "amount": plain(staged.amount),
        "currency": staged.currency,
        "merchant": staged.merchant,
        "category": staged.category,
        "memo": staged.description,
        "reference": staged.reference,
        "balance": None if staged.balance is None else plain(staged.balance),
        "line": staged.line,
        "pending": staged.pending,
        "issues": [list(issue) for issue in staged.issues],
        "account": row.account,
        "duplicate_of": row.duplicate_of,
    }


def staged_from_json(data: Mapping[str, Any], place: int) -> PreviewRow | None:
    """A staged row; `place` stands for its line where it names none. None where it has no date or amount."""
    posted, amount = _date(data.get("posted_at")), _units(data.get("amount"))
    if posted is None or amount is None:
        return None
    merchant = _text(data.get("merchant")) or ""
    issues = data.get("issues")
    line = data.get("line")
    return PreviewRow(
        StagedTransaction(
            line if isinstance(line, int) and line > 0 else place, posted, amount, _text(data.get("currency")),
            _text(data.get("memo")) or _text(data.get("description")) or merchant, merchant,
            _text(data.get("reference")), _units(data.get("balance")), _text(data.get("category")),
            data.get("pending") is True, tuple(_issues(issues)),
        ),
        _text(data.get("account")) or "", _text(data.get("duplicate_of")),
    )  # fmt: skip


def row_to_json(row: PreviewRow) -> dict[str, Any]:
    """A row of a preview: `data_json` as it stands now, its number, and what a person decided about it."""
    read = row.read
    return {
        **staged_to_json(row),
        "number": row.number,
        "read": {
            "posted_at": read.posted_date.isoformat(),
            "amount": plain(read.amount),
            "merchant": read.merchant,
            "category": read.category,
        }
        if read
        else None,
        "parts": [{"amount": plain(part.amount), "category": part.category} for part in row.parts],
        "excluded": row.excluded,
    }


def row_from_json(data: Mapping[str, Any], place: int) -> PreviewRow | None:
    """See `row_to_json`; None where there is no date or amount."""
    shown = staged_from_json(data, place)
    if shown is None:
        return None
    was, read = data.get("read"), None
    if isinstance(was, Mapping):
        posted, amount = _date(was.get("posted_at")), _units(was.get("amount"))
        read = shown.row._replace(
            posted_date=posted or shown.row.posted_date, amount=shown.row.amount if amount is None else amount,
            merchant=_text(was.get("merchant")) or "", category=_text(was.get("category")),
        )  # fmt: skip
    parts = [
        Part(_units(part.get("amount")) or 0, _text(part.get("category")))
        for part in _dicts(data.get("parts"))
    ]
    return shown._replace(
        number=_count(data.get("number")), read=read, parts=tuple(parts), excluded=_text(data.get("excluded"))
    )


def change_to_json(change: Change) -> list[Any]:
    """`[row, what, text]` in the words of a file of edits; null takes an edit back."""
    value = change.value
    if isinstance(value, tuple):
        text: str | None = split_text(value, None)
    elif change.what == "amount" and isinstance(value, int):
        text = plain(value)
    elif isinstance(value, bool):
        text = "yes" if value else "no"
    else:
        text = None if value is None else str(value)
    return [change.row, change.what, text]


def change_from_json(data: Any) -> Change:
    """See `change_to_json`. Raises UsageError `bad-edit` for what a file of edits could not say either."""
    match data:
        case [int() as row, str() as what, None] if what in FIELDS and row is not True:
            return Change(row, what, None)
        case [int() as row, str() as what, str() as text] if row is not True:
            amount = 0
            if what == "split":  # the parts are the whole; whether they are the row's amount, the row knows
                amount = sum(parse_amount(part.split()[0]) for part in text.split(";") if part.strip())
            return Change(row, what, parse_value(what, text, amount=amount, currency=None))
    raise UsageError("bad-edit", "An edit is a row, a field and a text.")


def budget_to_json(budget: Budget) -> dict[str, Any]:
    return {"category": budget.category, "currency": budget.currency, "amount": plain(budget.amount)}


def budget_from_json(data: Mapping[str, Any]) -> Budget | None:
    """None where it has no category, or no amount above zero."""
    category, amount = _text(data.get("category")), _units(data.get("amount"))
    return (
        Budget(category, _text(data.get("currency")), amount) if category and amount and amount > 0 else None
    )


def preview_to_json(preview: Preview) -> dict[str, Any]:
    """What our `byte-ocr-parse` answers under `smartimport` when it is asked for a preview
    (`{preview: true, offset?, limit?}`)."""
    return {
        "importId": preview.import_id,
        "digest": preview.digest,
        "accounts": list(preview.accounts),
        "firstDate": preview.first_date,
        "lastDate": preview.last_date,
        "rowsTotal": preview.rows_total,
        "new": preview.new,
        "duplicates": preview.duplicates,
        "unreadableCount": preview.unreadable_count,
        "pending": preview.pending,
        "excluded": preview.excluded,
        "edited": preview.edited,
        "totals": [
            {"currency": t.currency, "moneyIn": plain(t.money_in), "moneyOut": plain(t.money_out)}
            for t in preview.totals
        ],
        "proof": {
            "verdict": str(preview.proof.verdict),
            "method": preview.proof.method,
            "explanation": preview.proof.explanation,
            "checked": preview.proof.checked,
            "breaksAt": preview.proof.breaks_at,
        },
        "issues": list(preview.issues),
        "rows": [row_to_json(row) for row in preview.rows],
        "unreadable": [{"line": u.line, "reason": u.reason, "text": u.text} for u in preview.unreadable],
    }


def preview_from_json(data: Mapping[str, Any], import_id: str) -> Preview:
    """The preview of a backend that knows its own digest. Raises ValueError where it has none."""
    digest = data.get("digest")
    if not isinstance(digest, str) or not digest:
        raise ValueError("a preview without a digest")
    rows = [row_from_json(row, at) for at, row in enumerate(_dicts(data.get("rows")), 1)]
    return Preview(
        import_id, digest, tuple(_texts(data.get("accounts"))), _text(data.get("firstDate")),
        _text(data.get("lastDate")), _count(data.get("rowsTotal")), _count(data.get("new")),
        _count(data.get("duplicates")), _count(data.get("unreadableCount")), totals_of(data.get("totals")),
        proof_of(data.get("proof")), tuple(_texts(data.get("issues"))),
        [row for row in rows if row is not None],
        [
            Unreadable(_count(u.get("line")), _text(u.get("reason")) or "", _text(u.get("text")) or "")
            for u in _dicts(data.get("unreadable"))
        ],
        _count(data.get("pending")), _count(data.get("excluded")), _count(data.get("edited")),
    )  # fmt: skip


def proof_of(data: Any) -> Proof:
    """A proof as events and previews carry it; `consistent` where there is none."""
    data = data if isinstance(data, Mapping) else {}
    try:
        verdict = Verdict(data.get("verdict"))
    except ValueError:
        verdict = Verdict.UNPROVED if data.get("verdict") else Verdict.CONSISTENT
    breaks_at = data.get("breaksAt", data.get("breaks_at"))
    return Proof(
        verdict, _text(data.get("method")) or "none", _text(data.get("explanation")) or "",
        _count(data.get("checked")), _text(breaks_at),
    )  # fmt: skip


def totals_of(data: Any) -> tuple[Total, ...]:
    """Totals as events and previews carry them: decimal strings."""
    return tuple(
        Total(_text(t.get("currency")), _units(t.get("moneyIn")) or 0, _units(t.get("moneyOut")) or 0)
        for t in _dicts(data)
    )


def import_from_json(row: Mapping[str, Any]) -> ImportRecord | None:
    """A row of `imports`; None where it lacks id or times. `file_url`'s last part is the name where no other is.
    The hosted table knows four states: what was rejected or taken back is `failed` there, and says so elsewhere."""
    created = _moment(row.get("created_at"))
    if not isinstance(row.get("id"), str) or created is None:
        return None
    url = _text(row.get("file_url")) or ""
    name = (
        _text(row.get("file_name")) or url.partition("?")[0].rstrip("/").rpartition("/")[2] or row["id"][:8]
    )
    rows, committed = row.get("row_count"), row.get("committed_count")
    status, error = _text(row.get("status")) or "pending", _text(row.get("error"))
    if status == "failed" and row.get("undone_at") is not None:
        status = "undone"
    elif status == "failed" and error is not None and error.lower().startswith("rejected"):
        status = "rejected"
    return ImportRecord(
        id=clean(row["id"]), file_name=name, file_size=_count(row.get("file_size")),
        file_type=_text(row.get("file_type")), status=status, created_at=created,
        updated_at=_moment(row.get("updated_at")) or created, error=error,
        account=_text(row.get("account")), row_count=rows if isinstance(rows, int) else None,
        committed_count=committed if isinstance(committed, int) else None,
        committed_at=_moment(row.get("committed_at")), undone_at=_moment(row.get("undone_at")),
    )  # fmt: skip


def transaction_to_json(row: Transaction) -> dict[str, Any]:
    """A row of `transactions`: the hosted backend's keys, and ours."""
    return {
        "id": row.id,
        "import_id": row.import_id,
        "account_id": row.account_id,
        "posted_at": row.posted_date.isoformat(),
        "amount": plain(row.amount),
        "currency": row.currency,
        "merchant": row.merchant,
        "category": row.category,
        "memo": row.description,
        "reference": row.reference,
        "balance": None if row.balance is None else plain(row.balance),
        "line": row.line,
    }


def transaction_from_json(row: Mapping[str, Any]) -> Transaction | None:
    """A committed row; None where it has no date or amount."""
    posted, amount = _date(row.get("posted_at")), _units(row.get("amount"))
    if posted is None or amount is None:
        return None
    merchant = _text(row.get("merchant")) or ""
    return Transaction(
        id=clean(str(row.get("id"))), import_id=clean(str(row.get("import_id"))),
        account_id=_text(row.get("account_id")) or "", posted_date=posted, amount=amount,
        currency=_text(row.get("currency")), description=_text(row.get("memo")) or merchant, merchant=merchant,
        category=_text(row.get("category")), reference=_text(row.get("reference")),
        balance=_units(row.get("balance")), line=_count(row.get("line")),
    )  # fmt: skip


def _dicts(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, Sequence) else []


def _texts(value: Any) -> list[str]:
    return [clean(one) for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _text(value: Any) -> str | None:
    return clean(value) or None if isinstance(value, str) else None


def _count(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else 0


def _units(value: Any) -> int | None:
    """PostgREST writes a numeric as a JSON number; read as text it is exact."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    try:
        number = Decimal(str(value))
        return to_units(number) if number.is_finite() else None
    except (InvalidOperation, ValueError):
        return None


def _date(value: Any) -> date | None:
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None


def _moment(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment


def _issues(value: Any) -> list[Issue]:
    issues = value if isinstance(value, list) else []
    return [
        Issue(clean(one[0]), clean(one[1]), _text(one[2]) if len(one) > 2 else None)
        for one in issues
        if isinstance(one, list) and len(one) >= 2 and isinstance(one[0], str) and isinstance(one[1], str)
    ]
