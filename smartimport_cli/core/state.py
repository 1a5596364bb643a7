"""The state of one import: facts that events brought, frozen. Built by `reducer.reduce`, shown by views."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    IDLE = "idle"
    UPLOADING = "uploading"
    PARSING = "parsing"
    COMMITTING = "committing"
    HANDOFF = "handoff"
    ANALYZING = "analyzing"
    COMPLETE = "complete"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class ImportState:
    """Everything that shows or decides progress reads this. Counts are None until an event told them."""

    status: Status = Status.IDLE
    progress: int = 0  # 0 to 100
    message: str = ""
    awaiting_approval: bool = False  # committing, before import:commit:start
    import_id: str | None = None
    user_id: str | None = None
    file_name: str | None = None
    file_size: int | None = None
    bytes_sent: int | None = None
    rows_parsed: int | None = None
    rows_expected: int | None = None
    rows_total: int | None = None
    new: int | None = None
    duplicates: int | None = None
    unreadable: int | None = None
    preview: tuple[Any, ...] = ()
    proof: Any = None  # {"verdict", "method", "explanation", "checked", "breaks_at"}
    accounts: tuple[str, ...] = ()
    totals: tuple[Any, ...] = ()  # [{"currency", "moneyIn", "moneyOut"}], decimal strings
    period: tuple[str, str] | None = None
    digest: str | None = None
    row_count: int | None = None  # approved for commit
    committed: int | None = None
    skipped: int | None = None
    handoff_id: str | None = None
    advice: str | None = None
    insights: Any = None
    messages: tuple[str, ...] = ()
    error: str | None = None
    error_code: str | None = None  # payload's `code`, where the backend gives one (e.g. rejected)
    error_hint: str | None = None  # payload's `hint`
    error_exit: int | None = None  # payload's `exit`: the exit code that fits this error
    failed_stage: str | None = None  # upload, parse, commit, handoff, analyze
    started_at: datetime | None = None
    updated_at: datetime | None = None
    stage_started_at: dict[str, datetime] = field(default_factory=dict)
    rejected_events: int = 0  # known types whose payload did not fit
