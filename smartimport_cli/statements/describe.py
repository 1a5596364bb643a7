"""The `smartimport.inspect/1` document: what a file is, how it is read and why, and the proof."""

from typing import Any

from smartimport_cli.core.model import Issue, Reading, StagedTransaction, Statement
from smartimport_cli.core.money import plain
from smartimport_cli.statements import Collected, collect

SCHEMA = "smartimport.inspect/1"


def describe(file_name: str, reading: Reading) -> dict[str, Any]:
    """Reads all parts. Amounts are decimal strings, minus is money out."""
    statements = collect(reading)
    layout = reading.layout
    issues = [*reading.issues, *(issue for s in statements for issue in s.statement.issues)]
    return {
        "schema": SCHEMA,
        "file": file_name,
        "format": reading.format,
        "statements": [_statement(s) for s in statements],
        "unreadable": [
            {"source": row.source, "reason": row.reason, "text": row.text}
            for s in statements
            for row in s.unreadable
        ],
        "issues": [_issue(issue) for issue in issues],
        "evidence": [{"what": e.what, "decision": e.decision, "why": e.why} for e in reading.evidence],
        "columns": [column._asdict() for column in layout.columns] if layout else [],
        "tried": [tried._asdict() for tried in layout.tried] if layout else [],
    }


def _statement(collected: Collected) -> dict[str, Any]:
    statement: Statement = collected.statement
    currency = statement.currency
    proof = statement.proof
    return {
        "account": statement.account.label,
        "currency": currency,
        "first_date": statement.first_date.isoformat() if statement.first_date else None,
        "last_date": statement.last_date.isoformat() if statement.last_date else None,
        "opening_balance": _money(statement.opening_balance, currency),
        "closing_balance": _money(statement.closing_balance, currency),
        "proof": {
            "verdict": proof.verdict.value,
            "method": proof.method,
            "explanation": proof.explanation,
            "checked": proof.checked,
            "breaks_at": proof.breaks_at,
        },
        "totals": [
            {
                "currency": unit,
                "money_in": plain(statement.money_in.get(unit, 0), unit),
                "money_out": plain(statement.money_out.get(unit, 0), unit),
            }
            for unit in dict.fromkeys([*statement.money_in, *statement.money_out])
        ],
        "transactions": [_row(row) for row in collected.rows],
    }


def _row(row: StagedTransaction) -> dict[str, Any]:
    return {
        "posted_date": row.posted_date.isoformat(),
        "amount": plain(row.amount, row.currency),
        "currency": row.currency,
        "description": row.description,
        "merchant": row.merchant,
        "reference": row.reference,
        "balance": _money(row.balance, row.currency),
        "category": row.category,
        "pending": row.pending,
        "source": row.source,
        "issues": [_issue(issue) for issue in row.issues],
    }


def _issue(issue: Issue) -> dict[str, Any]:
    return {"code": issue.code, "message": issue.message, "source": issue.source}


def _money(units: int | None, currency: str | None) -> str | None:
    return None if units is None else plain(units, currency)
