"""How sizes, counts and the turns of an import are put into words."""

from smartimport_cli.core.events import EventRecord
from smartimport_cli.core.state import ImportState


def size(count: int | None) -> str:
    """`412 KB`: bytes for people."""
    value = float(count or 0)
    for unit in ("B", "KB", "MB", "GB"):
        if value < 1024 or unit == "GB":
            return f"{value:.0f} {unit}" if unit == "B" or value >= 10 else f"{value:.1f} {unit}"
        value /= 1024
    raise AssertionError


def counts(state: ImportState) -> str:
    """`45 new, 2 already there`: what a reading brought."""
    new = state.rows_total if state.new is None else state.new
    parts = [f"{new:,} new"]
    if state.duplicates is not None:
        parts.append(f"{state.duplicates:,} already there")
    if state.excluded:
        parts.append(f"{state.excluded:,} left out")
    if state.edited:
        parts.append(f"{state.edited:,} edited")
    if state.unreadable:
        parts.append(f"{state.unreadable:,} could not be read")
    return ", ".join(parts)


def proof(state: ImportState) -> str:
    """`proved by the balances`, or what else they say."""
    verdict = (state.proof or {}).get("verdict")
    return {
        "proved": "proved by the balances",
        "consistent": "nothing to check against",
        "contradicted": f"contradicted by the balances at {(state.proof or {}).get('breaks_at')}",
        "unproved": "not proved by the balances",
    }.get(str(verdict), "")


def turn(state: ImportState, record: EventRecord) -> str:
    """What a record says, in a few words; empty where it is no change of phase."""
    match record.event_type:
        case "import:upload:start":
            return f"uploading {size(state.file_size)}" if state.file_size else "uploading"
        case "import:upload:complete":
            return f"uploaded {size(state.file_size)}"
        case "import:parse:start":
            return "edited" if getattr(record.event, "changes", None) else "reading"
        case "import:parse:complete":
            said = proof(state)
            doubts = "".join(f"; doubt: {issue.rstrip('.')}" for issue in state.issues)
            return counts(state) + (f"; {said}" if said else "") + doubts
        case "import:commit:start":
            return f"approved, committing {state.row_count:,}"
        case "import:commit:complete":
            skipped = f" ({state.skipped:,} skipped)" if state.skipped else ""
            return f"committed {state.committed:,}{skipped}"
        case "crystal:analyze:start":
            return "analyzing"
        case "crystal:analyze:complete":
            return "analysis complete"
        case "prime:message":
            return state.messages[-1] if state.messages else ""
        case name if name.endswith(":error"):
            return state.error or "failed"
    return ""
