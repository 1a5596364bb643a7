"""Imports as a table, and one import in detail."""

from collections.abc import Sequence
from datetime import datetime

from smartimport_cli.core.money import grouped
from smartimport_cli.core.protocols import Budget, ImportRecord
from smartimport_cli.core.state import ImportState
from smartimport_cli.core.text import clean
from smartimport_cli.views.style import Style
from smartimport_cli.views.words import size


def imports_table(records: Sequence[ImportRecord], *, now: datetime, width: int, unicode: bool) -> str:
    """Newest first: id, age, status, rows, account, file."""
    style = Style(color=False, unicode=unicode)
    lines = [f"{'ID':8}  {'WHEN':9}  {'STATUS':9}  {'ROWS':>7}  {'ACCOUNT':14}  FILE"]
    for record in records:
        rows = record.committed_count if record.committed_count is not None else record.row_count
        lines.append(
            f"{record.id[:8]}  {ago(record.created_at, now):9}  {status_word(record):9}  "
            f"{'' if rows is None else format(rows, ','):>7}  {style.fit(clean(record.account or ''), 14)}  "
            f"{clean(record.file_name)}"
        )
    return "\n".join(style.cut(line.rstrip(), width) for line in lines)


def budgets_table(budgets: Sequence[Budget], *, width: int, unicode: bool) -> str:
    """Category, amount a month, currency."""
    style = Style(color=False, unicode=unicode)
    lines = [f"{'CATEGORY':24}  {'A MONTH':>14}"]
    for budget in budgets:
        amount = grouped(budget.amount, budget.currency)
        lines.append(f"{style.fit(clean(budget.category), 24)}  {amount:>14} {budget.currency or ''}")
    return "\n".join(style.cut(line.rstrip(), width) for line in lines)


def import_details(
    record: ImportRecord, state: ImportState, *, now: datetime, width: int, unicode: bool
) -> str:
    """Everything a person may want to know of one import."""
    style = Style(color=False, unicode=unicode)
    pairs = [
        ("Import", record.id),
        ("File", f"{clean(record.file_name)}, {size(record.file_size)}, read as {record.file_type or '?'}"),
        ("Status", f"{status_word(record)}, {state.message}" if state.message else status_word(record)),
        ("Started", f"{record.created_at:%Y-%m-%d %H:%M:%S} UTC ({ago(record.created_at, now)})"),
    ]
    if record.account:
        pairs.append(("Account", clean(record.account)))
    if state.period:
        pairs.append(("Period", " to ".join(state.period)))
    if state.rows_total is not None:
        facts = [f"{state.rows_total:,} read"]
        if state.new is not None:
            facts.append(f"{state.new:,} new")
        if state.duplicates:
            facts.append(f"{state.duplicates:,} already there")
        if state.excluded:
            facts.append(f"{state.excluded:,} left out")
        if state.edited:
            facts.append(f"{state.edited:,} edited")
        if state.unreadable:
            facts.append(f"{state.unreadable:,} could not be read")
        if record.committed_count is not None:
            facts.append(f"{record.committed_count:,} committed")
        pairs.append(("Rows", ", ".join(facts)))
    for total in state.totals:
        unit = total.get("currency") or ""
        pairs.append(("Money", f"in {total.get('moneyIn')}, out {total.get('moneyOut')} {unit}".rstrip()))
    if state.proof:
        pairs.append(
            ("Proof", f"{state.proof.get('verdict')}. {state.proof.get('explanation') or ''}".rstrip())
        )
    pairs += [("Doubt", issue) for issue in state.issues]
    if state.error:
        pairs.append(("Error", state.error))
        if state.error_hint:
            pairs.append(("Hint", state.error_hint))
    if record.undone_at:
        pairs.append(("Undone", f"{record.undone_at:%Y-%m-%d %H:%M:%S} UTC"))
    for number, line in enumerate((state.advice or "").splitlines()):
        pairs.append(("Advice" if number == 0 else "", line))
    return "\n".join(style.cut(f"{name:9} {text}", width) for name, text in pairs)


def status_word(record: ImportRecord) -> str:
    """What people call the status: 'parsed' waits for them."""
    return "awaiting" if record.status == "parsed" else record.status


def ago(moment: datetime, now: datetime) -> str:
    """`2 min ago`."""
    seconds = max(0, int((now - moment).total_seconds()))
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= length:
            return f"{seconds // length} {unit} ago"
    return "just now"
