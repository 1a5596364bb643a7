"""Recordings: saved events, one `import_events` row a line (*.jsonl)."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any, BinaryIO, Literal, NotRequired

from pydantic import AwareDatetime, ConfigDict, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel
from typing_extensions import TypedDict as Fields

from smartimport_cli.core.errors import FileRefused
from smartimport_cli.core.events import EVENT_TYPES, EventRecord, RejectedEvent
from smartimport_cli.core.reducer import Board, Folding, reduce_board, reduce_rejected
from smartimport_cli.core.state import ImportState

_TYPE = re.compile(rb'"event_type"\s*:\s*"([^"\\]+)"')
_LONGEST = 4 << 20  # bytes of a line; a record is far below


@dataclass(slots=True)
class Replayed:
    """Where the imports of a recording ended, in the order they began; and the lines that were no event."""

    imports: dict[str, ImportState] = field(default_factory=dict)
    rejected: list[tuple[int, RejectedEvent]] = field(default_factory=list)  # line, reason
    results: int = 0  # lines that `-o jsonl` ends with, which are no events
    events: int = 0


def read_recording(lines: Iterable[bytes]) -> Iterator[tuple[int, EventRecord | RejectedEvent | None]]:
    """Each line with its number: the record, why it is none, or None for a line that announces a result.
    Blank lines are passed over."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        yield number, _record(line)


def write_recording(records: Iterable[EventRecord], file: BinaryIO) -> None:
    """The records as lines of `file`; what `read_recording` reads."""
    for record in records:
        file.write(json.dumps(record.to_wire(), ensure_ascii=False).encode() + b"\n")


def replay(file: BinaryIO) -> Replayed:
    """Fold all of `file` (seekable). A line that is no event is reported and changes nothing.

    Raises FileRefused `no-events` where there is not one event in it.
    """
    found = _replay_quickly(file)
    if found is None:
        file.seek(0)
        found = _replay_each(file)
    if not found.events:
        raise no_events()
    return found


def no_events() -> FileRefused:
    """The refusal of a file that is no recording."""
    return FileRefused(
        "no-events",
        "The file holds no event of an import.",
        hint="Make a recording: smartimport watch ID --record import.jsonl",
    )


def _record(line: bytes) -> EventRecord | RejectedEvent | None:
    if len(line) > _LONGEST:
        return RejectedEvent("?", "the line is longer than any event")
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return RejectedEvent("?", "the line is no JSON")
    if isinstance(row, dict) and row.get("type") == "result":
        return None
    try:
        return EventRecord.from_wire(row)
    except RejectedEvent as rejected:
        return rejected


def _replay_each(file: BinaryIO) -> Replayed:
    """Record by record over a board: right for events that name no import, and for backends without numbers."""
    found, board = Replayed(), Board()
    for number, record in read_recording(file):
        if record is None:
            found.results += 1
        elif isinstance(record, RejectedEvent):
            found.rejected.append((number, record))
            import_id = record.import_id
            if import_id is not None and import_id in board.imports:
                state = reduce_rejected(board.imports[import_id], record)
                board = Board({**board.imports, import_id: state}, board.links, board.waiting, board.unplaced)
        else:
            found.events += 1
            board = reduce_board(board, record)
    found.imports = dict(board.imports)
    return found


def _replay_quickly(file: BinaryIO) -> Replayed | None:
    """A line is validated as what its type says, without an object for it; None where that is not enough."""
    found = Replayed()
    foldings: dict[str, Folding] = {}
    kinds = _kinds()
    search = _TYPE.search
    for number, line in enumerate(file, 1):
        match = search(line)
        kind = kinds.get(match[1]) if match else None
        if kind is not None:
            name, validate = kind
            try:
                row = validate(line)
            except ValidationError:
                row = None
            if row is not None:
                import_id, seq = row["import_id"], row["seq"]
                folding = foldings.get(import_id)
                if folding is None:
                    folding = foldings[import_id] = Folding()
                found.events += 1
                folding.add_parts(name, row["payload"], row["created_at"], seq, None, import_id, row.get("user_id"))
                continue
        if not line.strip():
            continue
        record = _record(line)
        if record is None:
            found.results += 1
        elif isinstance(record, RejectedEvent):
            found.rejected.append((number, record))
            if record.import_id in foldings:
                foldings[record.import_id].add_rejected(record)
        elif record.import_id is None or record.seq is None:
            return None
        else:
            found.events += 1
            foldings.setdefault(record.import_id, Folding()).add(record)
    found.imports = {import_id: folding.state() for import_id, folding in foldings.items()}
    return found


@cache
def _kinds() -> dict[bytes, tuple[str, Any]]:
    """By the type's name as it stands in a line: its full name, and what validates such a line into plain values."""
    kinds: dict[bytes, tuple[str, Any]] = {}
    fields: Any = Fields  # made while running, which a type checker cannot follow
    for name, model in EVENT_TYPES.items():
        hints = {
            key: _annotation(info) if info.is_required() else NotRequired[_annotation(info)]
            for key, info in model.model_fields.items()
        }
        payload = fields(f"{model.__name__}Payload", hints)
        payload.__pydantic_config__ = ConfigDict(alias_generator=to_camel, extra="ignore")
        for spelled in {name, name.removeprefix("import:")}:
            row = fields(
                f"{model.__name__}Row",
                {
                    "id": str, "import_id": str, "user_id": NotRequired[str | None], "event_type": Literal[spelled],
                    "payload": payload, "created_at": AwareDatetime, "seq": int,
                },
            )  # fmt: skip
            row.__pydantic_config__ = ConfigDict(extra="ignore")
            kinds[spelled.encode()] = (name, TypeAdapter(row).validator.validate_json)
    return kinds


def _annotation(info: Any) -> Any:
    """The field's type with its constraints, as the model has it."""
    return Annotated[(info.annotation, *info.metadata)] if info.metadata else info.annotation
