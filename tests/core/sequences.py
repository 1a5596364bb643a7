"""Events of whole imports, as backends write them, for property tests."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st

from smartimport_cli.core.events import (
    AnalyzeComplete,
    AnalyzeError,
    AnalyzeStart,
    CommitComplete,
    CommitError,
    CommitStart,
    Event,
    EventRecord,
    HandoffInitiated,
    ParseComplete,
    ParseError,
    ParseProgress,
    ParseStart,
    PrimeMessage,
    Unknown,
    UploadComplete,
    UploadError,
    UploadProgress,
    UploadStart,
)

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@st.composite
def lives(draw: st.DrawFn, import_id: str = "imp-1") -> list[Event]:
    """One import from its upload to wherever it ends, with failed attempts on the way."""
    events: list[Event] = []
    handoff = f"handoff of {import_id}"
    rows = draw(st.integers(0, 5000))

    def perhaps(chance: int = 3) -> bool:
        return draw(st.integers(0, chance)) == chance

    def upload() -> None:
        events.append(UploadStart(user_id="u", file_name="march.csv", file_size=1000, import_id=import_id))
        for percent in sorted(draw(st.lists(st.integers(0, 100), max_size=3))):
            events.append(UploadProgress(user_id="u", percent=percent, bytes=percent * 10))

    def parse() -> None:
        events.append(
            ParseStart(import_id=import_id, user_id="u", rows_expected=draw(st.sampled_from([None, rows])))
        )
        for done in sorted(draw(st.lists(st.integers(0, rows), max_size=3))):
            events.append(ParseProgress(import_id=import_id, rows_parsed=done))

    upload()
    while perhaps():
        events.append(UploadError(user_id="u", error="connection lost"))
        upload()
    events.append(UploadComplete(user_id="u", import_id=import_id, file_size=1000))
    parse()
    while perhaps():
        events.append(ParseError(import_id=import_id, error="out of memory"))
        parse()
    if perhaps(6):
        return [*events, ParseError(import_id=import_id, error="no table")]
    new = draw(st.integers(0, rows))
    events.append(
        ParseComplete(
            import_id=import_id,
            rows_total=rows,
            preview=[{"date": "2026-03-02"}],
            new_count=new,
            duplicate_count=rows - new,
        )
    )
    if perhaps(6):
        return events
    if perhaps(6):
        return [*events, CommitError(import_id=import_id, error="Rejected.", code="rejected", exit=11)]
    events.append(CommitStart(import_id=import_id, user_id="u", row_count=new))
    while perhaps():
        events.append(CommitError(import_id=import_id, error="busy"))
        events.append(CommitStart(import_id=import_id, user_id="u", row_count=new))
    events += [
        CommitComplete(import_id=import_id, committed=new, skipped=rows - new),
        HandoffInitiated(import_id=import_id, handoff_id=handoff),
        PrimeMessage(import_id=import_id, message=f"{new} handed over"),
        Unknown.model_validate({"type": "later", "importId": import_id}),
        AnalyzeStart(import_id=import_id, handoff_id=handoff),
    ]
    while perhaps():
        events.append(AnalyzeError(handoff_id=handoff, error="no rows"))
        events.append(AnalyzeStart(import_id=import_id, handoff_id=handoff))
    if perhaps():
        return events
    return [*events, AnalyzeComplete(handoff_id=handoff, advice="Look.\nAt this.", insights={"a": 1})]


def records(events: list[Event], import_id: str = "imp-1", *, first_id: int = 0) -> list[EventRecord]:
    """The events as stored: numbered, one a second."""
    return [
        EventRecord(
            id=UUID(int=first_id + n),
            import_id=import_id,
            user_id="u",
            event_type=event.type or "later:thing",
            event=event,
            created_at=START + timedelta(seconds=n),
            seq=n,
        )
        for n, event in enumerate(events, 1)
    ]


@st.composite
def deliveries(draw: st.DrawFn, stored: list[EventRecord]) -> list[EventRecord]:
    """Every record at least once, in any order."""
    again = draw(st.lists(st.sampled_from(stored), max_size=10))
    return draw(st.permutations([*stored, *again]))
