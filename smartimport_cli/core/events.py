"""The sixteen events and the record around one: facts, numbered and timed once.

Wire form: one `import_events` row (`id, import_id, user_id, event_type, payload, created_at, seq`); payload
keys are camelCase on the wire and snake_case here. Unknown keys pass through, unknown types are `Unknown`.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel


class Event(BaseModel):
    """A payload with its type; the base of all sixteen and of Unknown."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="allow", frozen=True, defer_build=True
    )
    type: ClassVar[str] = ""

    def to_payload(self) -> dict[str, Any]:
        """The payload as on the wire: camelCase keys, unknown ones kept, JSON values."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)


class UploadStart(Event):
    type = "import:upload:start"
    user_id: str
    file_name: str


class UploadProgress(Event):
    type = "import:upload:progress"
    user_id: str
    percent: float = Field(ge=0, le=100)
    bytes: int = Field(ge=0)


class UploadComplete(Event):
    type = "import:upload:complete"
    user_id: str
    import_id: str
    file_size: int = Field(ge=0)


class UploadError(Event):
    type = "import:upload:error"
    user_id: str
    error: str


class ParseStart(Event):
    type = "import:parse:start"
    import_id: str
    user_id: str


class ParseProgress(Event):
    type = "import:parse:progress"
    import_id: str
    rows_parsed: int = Field(ge=0)


class ParseComplete(Event):
    type = "import:parse:complete"
    import_id: str
    rows_total: int = Field(ge=0)
    preview: list[Any]


class ParseError(Event):
    type = "import:parse:error"
    import_id: str
    error: str


class CommitStart(Event):
    type = "import:commit:start"
    import_id: str
    user_id: str
    row_count: int = Field(ge=0)


class CommitComplete(Event):
    type = "import:commit:complete"
    import_id: str
    committed: int = Field(ge=0)


class CommitError(Event):
    type = "import:commit:error"
    import_id: str
    error: str


class HandoffInitiated(Event):
    type = "prime:handoff:initiated"
    import_id: str
    handoff_id: str


class PrimeMessage(Event):
    type = "prime:message"
    message: str
    import_id: str


class AnalyzeStart(Event):
    type = "crystal:analyze:start"
    handoff_id: str
    import_id: str


class AnalyzeComplete(Event):
    type = "crystal:analyze:complete"
    handoff_id: str
    advice: str
    insights: Any


class AnalyzeError(Event):
    type = "crystal:analyze:error"
    handoff_id: str
    error: str


class Unknown(Event):
    """An event of a type we do not know: carried, shown in raw output, changes no state."""

    model_config = ConfigDict(alias_generator=None)


EVENT_TYPES: dict[str, type[Event]] = {
    cls.type: cls
    for cls in (
        UploadStart, UploadProgress, UploadComplete, UploadError,
        ParseStart, ParseProgress, ParseComplete, ParseError,
        CommitStart, CommitComplete, CommitError,
        HandoffInitiated, PrimeMessage,
        AnalyzeStart, AnalyzeComplete, AnalyzeError,
    )
}  # fmt: skip


class RejectedEvent(ValueError):
    """A known type whose payload does not fit; `reason` is for people and holds no payload values."""

    def __init__(self, event_type: str, reason: str) -> None:
        super().__init__(f"{event_type}: {reason}")
        self.event_type = event_type
        self.reason = reason


def full_name(event_type: str) -> str:
    """`upload:complete`, as the seed's rows have it, is `import:upload:complete`."""
    if event_type in EVENT_TYPES:
        return event_type
    with_domain = f"import:{event_type}"
    return with_domain if with_domain in EVENT_TYPES else event_type


class EventRecord(BaseModel):
    """One stored event. `seq` is 1, 2, 3 ... within its import where the backend numbers them."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    id: UUID = Field(default_factory=uuid4)
    import_id: str | None
    user_id: str | None = None
    event_type: str
    event: Event
    created_at: AwareDatetime
    seq: int | None = None

    @classmethod
    def of(
        cls, event: Event, *, import_id: str | None, user_id: str, created_at: datetime, seq: int | None
    ) -> "EventRecord":
        """A new record around `event` (a fresh id)."""
        return cls(
            import_id=import_id, user_id=user_id, event_type=event.type, event=event,
            created_at=created_at, seq=seq,
        )  # fmt: skip

    @classmethod
    def from_wire(cls, row: Mapping[str, Any]) -> "EventRecord":
        """Read one `import_events` row. Raises RejectedEvent where a known type's payload does not fit."""
        name = full_name(str(row["event_type"]))
        payload = row.get("payload") or {}
        if isinstance(payload, str):
            payload = json.loads(payload)
        model = EVENT_TYPES.get(name, Unknown)
        try:
            return cls(
                id=row["id"], import_id=row.get("import_id"), user_id=row.get("user_id"), event_type=name,
                event=model.model_validate(payload), created_at=row["created_at"],
                seq=row.get("seq") if row.get("seq") is not None else payload.get("seq"),
            )  # fmt: skip
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False, include_context=False)[0]
            where = ".".join(map(str, first["loc"])) or "payload"
            raise RejectedEvent(name, f"{where}: {first['msg']}") from None

    def to_wire(self) -> dict[str, Any]:
        """The `import_events` row as JSON values."""
        row: dict[str, Any] = {
            "id": str(self.id),
            "import_id": self.import_id,
            "user_id": self.user_id,
            "event_type": self.event_type,
            "payload": self.event.to_payload(),
            "created_at": self.created_at.isoformat(),
        }
        if self.seq is not None:
            row["seq"] = self.seq
        return row
