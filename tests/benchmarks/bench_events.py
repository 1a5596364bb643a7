"""Events: the bus beside pyee at 1, 100 and 10,000 listeners; a typed replay beside jq."""

import json
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from tests.benchmarks.measure import Row, faster, has, has_program, no_peer, work

MODULE = "tests.benchmarks.bench_events"
EVENTS = 1_000_000
_EMITS = {1: 400_000, 100: 20_000, 10_000: 200}


def rows() -> list[Row]:
    table = []
    for listeners, goal in ((1, 5.0), (100, 2.5), (10_000, 2.5)):
        what = f"bus, {listeners:,} listener{'s' if listeners > 1 else ''}"
        if not has("pyee"):
            table.append(no_peer("events", what, "pyee", f">= {goal:g}x"))
            continue
        ours, peer = work(f"{MODULE}:publish", listeners), work(f"{MODULE}:emit_pyee", listeners)
        unit = (_EMITS[listeners], "emits")
        table.append(faster("events", what, ours, peer, goal=goal, peer_name="pyee", unit=unit))
    what = f"typed replay of {EVENTS:,} recorded events"
    if not has_program("jq"):
        return [*table, no_peer("events", what, "jq", ">= 0.9x")]
    from tests.benchmarks.measure import command

    file = Path(tempfile.gettempdir()) / "smartimport-bench-events.jsonl"
    if not file.exists():
        write_recording(file)
    fold = "reduce inputs as $e ({}; .[$e.import_id] = {type: $e.event_type, rows: $e.payload.rowsParsed})"
    peer = command("jq", "-n", fold, file)
    ours, unit = work(f"{MODULE}:replay", file), (EVENTS, "events")
    return [*table, faster("events", what, ours, peer, goal=0.9, peer_name="jq", unit=unit, pairs=3)]


def publish(listeners: str) -> Callable[[], None]:
    from smartimport_cli.bus import Bus
    from smartimport_cli.core.events import EventRecord, ParseProgress

    bus = Bus()
    for _ in range(int(listeners)):
        bus.subscribe("import:parse:progress", _listener())
    record = EventRecord.of(
        ParseProgress(import_id="i", rows_parsed=1), import_id="i", user_id="u",
        created_at=datetime(2026, 1, 1, tzinfo=UTC), seq=1,
    ).guarded()  # fmt: skip

    def run() -> None:
        for _ in range(_EMITS[int(listeners)]):
            bus.publish(record)

    return run


def emit_pyee(listeners: str) -> Callable[[], None]:
    from pyee.base import EventEmitter

    emitter = EventEmitter()
    for _ in range(int(listeners)):
        emitter.add_listener("import:parse:progress", _listener())
    record = object()

    def run() -> None:
        for _ in range(_EMITS[int(listeners)]):
            emitter.emit("import:parse:progress", record)

    return run


def _listener() -> Callable[[object], None]:
    def listen(record: object) -> None:
        pass

    return listen


def write_recording(path: Path) -> None:
    """A hundred imports whose reading is told often."""
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    with path.open("w") as file:
        for number in range(EVENTS):
            import_no, seq = number % 100, number // 100 + 1
            row = {
                "id": str(UUID(int=number)), "import_id": str(UUID(int=import_no)), "user_id": str(UUID(int=7)),
                "event_type": "import:parse:progress",
                "payload": {"importId": str(UUID(int=import_no)), "rowsParsed": seq * 1000, "rowsExpected": 20_000_000},
                "created_at": (begin + timedelta(milliseconds=number)).isoformat(), "seq": seq,
            }  # fmt: skip
            file.write(json.dumps(row) + "\n")


def replay(path: str) -> Callable[[], None]:
    from smartimport_cli import recording

    recording._kinds()

    def run() -> None:
        with open(path, "rb") as file:
            assert recording.replay(file).events == EVENTS

    return run
