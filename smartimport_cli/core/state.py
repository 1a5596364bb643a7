"""The state of one import: facts that events brought, frozen. Built by `reducer.reduce`, shown by views."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


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
class Ledger:
    """Which events a state has folded, so that a duplicate changes nothing and a late one finds its place."""

    settled: int = 0  # every event numbered 1 to this is folded
    base: Mapping[str, Any] | None = None  # the facts at `settled`, while `tail` waits for a missing number
    tail: tuple[Any, ...] = ()  # events beyond the first missing number, in order
    log: tuple[Any, ...] = ()  # events without a number, by time
    ids: frozenset[UUID] = frozenset()  # of the events in `log`
    waiting: tuple[Any, ...] = ()  # records that name only a handoff nobody has announced yet


@dataclass(frozen=True)
class ImportState:
    """Everything that shows or decides progress reads this. Counts are None until an event told them.

    Two states are equal when their facts are; how the events arrived (`ledger`) does not matter.
    """

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
    excluded: int | None = None
    edited: int | None = None
    preview: tuple[Any, ...] = ()
    proof: Any = None  # {"verdict", "method", "explanation", "checked", "breaks_at"}
    issues: tuple[str, ...] = ()  # doubts about the reading, in words
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
    ledger: Ledger = field(default=Ledger(), compare=False, repr=False)

    @property
    def missing_events(self) -> bool:
        """Whether an event is known to be still under way: a number is missing before a later one."""
        return bool(self.ledger.tail)

    def to_json(self) -> dict[str, Any]:
        """The facts as JSON values: snake_case keys, times in ISO 8601, amounts as the events gave them."""
        facts = {name: value for name, value in vars(self).items() if name != "ledger"}
        return {
            **facts,
            "status": self.status.value,
            "preview": list(self.preview),
            "accounts": list(self.accounts),
            "issues": list(self.issues),
            "messages": list(self.messages),
            "totals": [
                {
                    "currency": total.get("currency"),
                    "money_in": total.get("moneyIn"),
                    "money_out": total.get("moneyOut"),
                }
                for total in self.totals
            ],
            "period": list(self.period) if self.period else None,
            "started_at": self.started_at and self.started_at.isoformat(),
            "updated_at": self.updated_at and self.updated_at.isoformat(),
            "stage_started_at": {stage: at.isoformat() for stage, at in self.stage_started_at.items()},
        }
