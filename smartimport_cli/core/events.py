"""The sixteen events and the record around one: facts, numbered and timed once.

Wire form: one `import_events` row (`id, import_id, user_id, event_type, payload, created_at, seq`); payload
keys are camelCase on the wire and snake_case here. Unknown keys pass through, unknown types are `Unknown`.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Union
from uuid import UUID, uuid4

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    TypeAdapter,
    ValidationError,
)
from pydantic.alias_generators import to_camel
from pydantic_core import CoreSchema, core_schema
from typing_extensions import TypedDict

from smartimport_cli.core.privacy import PrivacyError, guard


class _Lenient:
    """Marks what a backend may add to a payload: a value of another type counts as absent (None)."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_default_schema(handler(source), default=None, on_error="default")


MaybeText = Annotated[str | None, _Lenient()]
MaybeCount = Annotated[Annotated[int, Field(ge=0)] | None, _Lenient()]


class Period(TypedDict):
    """First and last posted date, ISO 8601."""

    first: str
    last: str


class TotalFacts(TypedDict):
    """What a preview would commit in one currency; amounts are decimal strings."""

    currency: str | None
    moneyIn: str
    moneyOut: str


class ProofFacts(TypedDict, total=False):
    """What the balances say of the reading."""

    verdict: str
    method: str | None
    explanation: str | None
    checked: int | None
    breaksAt: str | None


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
    file_size: MaybeCount = None
    import_id: MaybeText = None


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
    code: MaybeText = None
    hint: MaybeText = None
    exit: MaybeCount = None
    import_id: MaybeText = None


class ParseStart(Event):
    type = "import:parse:start"
    import_id: str
    user_id: str
    rows_expected: MaybeCount = None
    changes: Annotated[list[Any] | None, _Lenient()] = None  # no reading: a person has edited the preview


class ParseProgress(Event):
    type = "import:parse:progress"
    import_id: str
    rows_parsed: int = Field(ge=0)
    rows_expected: MaybeCount = None


class ParseComplete(Event):
    type = "import:parse:complete"
    import_id: str
    rows_total: int = Field(ge=0)
    preview: list[Any]
    new_count: MaybeCount = None
    duplicate_count: MaybeCount = None
    unreadable_count: MaybeCount = None
    excluded_count: MaybeCount = None
    edited_count: MaybeCount = None
    accounts: Annotated[list[str] | None, _Lenient()] = None
    period: Annotated[Period | None, _Lenient()] = None
    totals: Annotated[list[TotalFacts] | None, _Lenient()] = None
    proof: Annotated[ProofFacts | None, _Lenient()] = None
    issues: Annotated[list[str] | None, _Lenient()] = None  # what is doubted about the reading
    digest: MaybeText = None


class ParseError(Event):
    type = "import:parse:error"
    import_id: str
    error: str
    code: MaybeText = None
    hint: MaybeText = None
    exit: MaybeCount = None


class CommitStart(Event):
    type = "import:commit:start"
    import_id: str
    user_id: str
    row_count: int = Field(ge=0)
    digest: MaybeText = None
    skipped: MaybeCount = None


class CommitComplete(Event):
    type = "import:commit:complete"
    import_id: str
    committed: int = Field(ge=0)
    skipped: MaybeCount = None


class CommitError(Event):
    type = "import:commit:error"
    import_id: str
    error: str
    code: MaybeText = None
    hint: MaybeText = None
    exit: MaybeCount = None


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
    import_id: MaybeText = None


class AnalyzeError(Event):
    type = "crystal:analyze:error"
    handoff_id: str
    error: str
    code: MaybeText = None
    hint: MaybeText = None
    exit: MaybeCount = None
    import_id: MaybeText = None


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


REJECTED = "rejected"  # the type of a record that stands for one whose payload did not fit


class RejectedEvent(ValueError):
    """A known type whose payload does not fit; `reason` is for people and holds no payload values.

    `seq` and `import_id` are those of the record, where they could be read: a rejected event still has its
    number, and what follows it is not out of order.
    """

    def __init__(
        self, event_type: str, reason: str, *, import_id: str | None = None, seq: int | None = None
    ) -> None:
        super().__init__(f"{event_type}: {reason}")
        self.event_type = event_type
        self.reason = reason
        self.import_id = import_id
        self.seq = seq


def full_name(event_type: str) -> str:
    """`upload:complete`, as the seed's rows have it, is `import:upload:complete`."""
    if event_type in EVENT_TYPES:
        return event_type
    with_domain = f"import:{event_type}"
    return with_domain if with_domain in EVENT_TYPES else event_type


def matches(pattern: str, event_type: str) -> bool:
    """Whether `pattern` (`*`, `import:*`, `import:parse:*`, or one type) names `event_type`. Raises ValueError
    for a star elsewhere than as the last word."""
    if pattern == "*":
        return True
    domain, star, _ = pattern.partition("*")
    if not star:
        return event_type == full_name(pattern)
    if not (pattern.endswith(":*") and domain + "*" == pattern):
        raise ValueError(f"{pattern!r} is no pattern: a star stands alone or last, as in import:parse:*")
    return event_type.startswith(domain)


class EventRecord(BaseModel):
    """One stored event. `seq` is 1, 2, 3 ... within its import where the backend numbers them."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    __slots__ = ("passed",)  # no field: set, to the event type, on a record that the privacy guard has passed
    if TYPE_CHECKING:

        @property
        def passed(self) -> str: ...

    id: UUID = Field(default_factory=uuid4)
    import_id: str | None
    user_id: str | None = None
    event_type: str
    event: Event
    created_at: AwareDatetime
    seq: int | None = Field(default=None, ge=1)

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
    def rejected(
        cls, rejected: RejectedEvent, *, id: UUID, created_at: datetime, import_id: str | None
    ) -> "EventRecord":
        """A record that stands for one that did not fit: the reducer counts it, and its number is not missing."""
        reason = Unknown.model_validate({"reason": str(rejected)})
        return cls(
            id=id, import_id=import_id, event_type=REJECTED, event=reason, created_at=created_at,
            seq=rejected.seq,
        )  # fmt: skip

    def guarded(self) -> "EventRecord":
        """This record as it may travel: itself, or one with a masked payload. Raises PrivacyError where it
        must not. A record that has passed is not looked at again; a changed copy of it is."""
        if hasattr(self, "passed"):
            return self
        before = self.event.to_payload()
        payload = guard(before)
        record = self
        if payload != before:
            try:
                event = type(self.event).model_validate(payload)
            except ValidationError:
                raise PrivacyError("a number in the payload looks like that of a card") from None
            record = self.model_copy(update={"event": event})
        object.__setattr__(record, "passed", record.event_type)
        return record

    @classmethod
    def from_wire(cls, row: Mapping[str, Any]) -> "EventRecord":
        """Read one `import_events` row. Raises RejectedEvent where it is none, or a known type's payload
        does not fit."""
        if not isinstance(row, Mapping) or not isinstance(row.get("event_type"), str):
            raise RejectedEvent("?", "event_type: Input should be a record with an event type")
        name = full_name(row["event_type"])
        payload = row.get("payload")
        if isinstance(payload, str | bytes):
            try:
                payload = json.loads(payload)
            except ValueError:
                import_id, seq = row.get("import_id"), row.get("seq")
                raise RejectedEvent(
                    name,
                    "payload: Input should be JSON",
                    import_id=import_id if isinstance(import_id, str) else None,
                    seq=seq if _is_number(seq) else None,
                ) from None
        payload = {} if payload is None else payload
        seq = row.get("seq")
        if seq is None and isinstance(payload, dict) and _is_number(payload.get("seq")):
            seq = payload["seq"]
        try:
            return cls.model_validate({
                "id": row.get("id"), "import_id": row.get("import_id"), "user_id": row.get("user_id"),
                "event_type": name, "event": EVENT_TYPES.get(name, Unknown).model_validate(payload),
                "created_at": row.get("created_at"), "seq": seq,
            })  # fmt: skip
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False, include_context=False)[0]
            where = ".".join(map(str, first["loc"])) or "payload"
            import_id = row.get("import_id")
            raise RejectedEvent(
                name, f"{where}: {first['msg']}",
                import_id=import_id if isinstance(import_id, str) else None,
                seq=seq if _is_number(seq) else None,
            ) from None  # fmt: skip

    @classmethod
    def from_json(cls, row: bytes) -> "EventRecord | None":
        """Read one numbered `import_events` row of a known type as the JSON that it came as, in one pass: the record
        that `from_wire` makes of it, in half the time. None where it is no such row, or odd in any way; `from_wire`
        says what is the matter."""
        try:
            return _row_reader()(row)
        except ValidationError:
            return None

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


_ALL_FIELDS = set(EventRecord.model_fields)  # one set for all that have them all: nothing changes a record


@cache
def _row_reader() -> Callable[[bytes], EventRecord]:
    """Reads rows whose payload is told by their type."""
    fields: Any = TypedDict  # made while running, which a type checker cannot follow
    rows = [
        fields(
            f"{model.__name__}Row",
            {
                "id": UUID, "import_id": str | None, "user_id": str | None, "event_type": Literal[name],
                "event": Annotated[model, Field(validation_alias="payload")], "created_at": AwareDatetime,
                "seq": Annotated[int, Field(ge=1)],
            },
        )
        for name, model in EVENT_TYPES.items()
    ]  # fmt: skip
    row: Any = Annotated[Union[tuple(rows)], Field(discriminator="event_type"), AfterValidator(_validated)]  # noqa: UP007
    validate: Callable[[bytes], EventRecord] = TypeAdapter(row).validator.validate_json
    return validate


def _validated(fields: dict[str, Any]) -> EventRecord:
    """The record with these fields, which are not validated a second time."""
    record, put = EventRecord.__new__(EventRecord), object.__setattr__  # as pydantic's own __setstate__
    put(record, "__dict__", fields)
    put(record, "__pydantic_fields_set__", _ALL_FIELDS)
    put(record, "__pydantic_extra__", None)
    put(record, "__pydantic_private__", None)
    return record


def _is_number(seq: Any) -> bool:
    return type(seq) is int and seq >= 1


def json_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of the wire: an `import_events` row, its payload by the sixteen event types."""
    payloads: dict[str, Any] = {}
    shared: dict[str, Any] = {}
    for name, model in EVENT_TYPES.items():
        schema = model.model_json_schema(by_alias=True, ref_template="#/$defs/{model}")
        shared.update(schema.pop("$defs", {}))
        payloads[model.__name__] = {**schema, "description": f"The payload of {name}."}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "import_events",
        "description": "One stored event. An unknown event_type is carried and changes no state.",
        "type": "object",
        "required": ["id", "event_type", "payload", "created_at"],
        "properties": {
            "id": {"type": "string", "format": "uuid"},
            "import_id": {"type": ["string", "null"]},
            "user_id": {"type": ["string", "null"]},
            "event_type": {"type": "string"},
            "payload": {"type": "object"},
            "created_at": {"type": "string", "format": "date-time"},
            "seq": {"type": "integer", "minimum": 1},
        },
        "allOf": [
            {
                "if": {"properties": {"event_type": {"const": name}}},
                "then": {"properties": {"payload": {"$ref": f"#/$defs/{model.__name__}"}}},
            }
            for name, model in EVENT_TYPES.items()
        ],
        "$defs": {**shared, **payloads},
    }
