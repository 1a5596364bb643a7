"""smartimport replay: show a recording again, fold it, and end as its import did."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from smartimport_cli.context import Answer, Context
from smartimport_cli.core.errors import ExitCode, SmartImportError, UsageError
from smartimport_cli.core.text import clean

if TYPE_CHECKING:
    from typing import BinaryIO

    from smartimport_cli.core.state import ImportState
    from smartimport_cli.recording import Replayed
    from smartimport_cli.terminal import Terminal

_LARGEST = 1 << 40  # bytes; a recording is folded line by line
_LONGEST_PAUSE = 10.0  # seconds at true speed; nobody waits through a night


def replay(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="A recording (*.jsonl); - is standard input.")],
    speed: Annotated[
        float | None,
        typer.Option("--speed", metavar="N", help="Show it as it was: 1 is true speed, 10 ten times as fast."),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="SEQ|TYPE", help="Stop behind this number, or the first event of this type."),
    ] = None,
) -> Answer:
    """Fold a recording of events, show them, and answer with the state that they end in, and its exit code."""
    from smartimport_cli import flow
    from smartimport_cli.core.model import Choices
    from smartimport_cli.recording import replay as fold_recording
    from smartimport_cli.statement_file import open_statement

    if speed is not None and not speed > 0:
        raise UsageError("bad-option", f"--speed does not take {speed:g}.", hint="1 is true speed.")
    with open_statement(file, Choices(), max_size=_LARGEST) as opened:
        if speed is None and until is None:
            found = fold_recording(opened.file)
        else:
            found = _shown(ctx.obj, opened.file, speed, _until(until))
    states = [{"import_id": id, "state": state.to_json()} for id, state in found.imports.items()]
    rejected = [f"line {number}: {event}" for number, event in found.rejected]
    document: dict[str, Any] = {"schema": "smartimport.replay/1", **states[-1], "rejected": rejected}
    if len(states) > 1:
        document["imports"] = states

    def write(terminal: "Terminal") -> None:
        for import_id, state in found.imports.items():
            name = f" {state.file_name}" if state.file_name else ""
            terminal.out(
                f"import {flow.short(import_id)}{name}: {flow.standing(state)}, {state.progress}%. {state.message}"
            )
        for line in rejected:
            terminal.err(f"Not an event, {clean(line)}")

    error = _ending(found.imports)
    return Answer(document, write, error.exit_code if error else ExitCode.DONE, error)


def _until(text: str | None) -> int | str | None:
    """A number of an event, or a type. Raises UsageError `bad-option`."""
    from smartimport_cli.core.events import EVENT_TYPES, full_name

    if text is None or text.isdecimal():
        return None if text is None else int(text)
    name = full_name(text)
    if name not in EVENT_TYPES:
        raise UsageError(
            "bad-option", f"--until does not know '{text}'.", hint="A number, or a type such as import:parse:complete."
        )
    return name


def _shown(context: Context, file: "BinaryIO", speed: float | None, until: int | str | None) -> "Replayed":
    """Record by record, with the pauses that were between them where a speed is given."""
    import time

    from smartimport_cli.core.events import EventRecord, RejectedEvent
    from smartimport_cli.core.reducer import reduce
    from smartimport_cli.core.state import ImportState
    from smartimport_cli.recording import Replayed, no_events, read_recording
    from smartimport_cli.views import choose_view

    found, views = Replayed(), {}
    settings, before = context.settings, None
    try:
        for number, record in read_recording(file):
            if isinstance(record, RejectedEvent):
                found.rejected.append((number, record))
            if not isinstance(record, EventRecord):
                continue
            import_id = record.import_id or "?"
            state = found.imports.get(import_id, ImportState())
            if speed is not None:
                if before is not None:
                    pause = (record.created_at - before).total_seconds() / speed
                    for part in _parts(min(max(pause, 0.0), _LONGEST_PAUSE)):
                        time.sleep(part)
                        views[import_id].tick(state) if import_id in views else None
                before = record.created_at
                if import_id not in views:
                    views[import_id] = choose_view(
                        context.terminal, output=settings.output, progress=settings.progress, quiet=settings.quiet,
                        import_id=import_id, title=getattr(record.event, "file_name", "recording"),
                    )  # fmt: skip
            found.events += 1
            found.imports[import_id] = state = reduce(state, record)
            if import_id in views:
                views[import_id].show(state, record)
            if until in (record.seq, record.event_type):
                break
    finally:
        for view in views.values():
            view.close()
    if not found.events:
        raise no_events()
    return found


def _parts(seconds: float) -> Iterator[float]:
    """A pause in pieces short enough to draw between them."""
    while seconds > 0:
        yield min(seconds, 0.1)
        seconds -= 0.1


def _ending(states: "dict[str, ImportState]") -> SmartImportError | None:
    """What a command that followed these imports would have ended with."""
    from smartimport_cli import flow

    codes = {id: flow.exit_code(state) for id, state in states.items()}
    bad = [id for id, code in codes.items() if code is not ExitCode.DONE]
    if not bad:
        return None
    if len(states) > 1:
        kinds = {codes[id] for id in bad}
        code = kinds.pop() if len(kinds) == 1 and len(bad) == len(states) else ExitCode.BATCH_SOME_FAILED
        return SmartImportError("some-failed", f"{len(bad)} of {len(states)} imports did not go through.", exit_code=code)
    state = states[bad[0]]
    if flow.ended(state):
        return flow.failure(state, bad[0])
    return SmartImportError(
        "not-ended", f"The recording ends while import {flow.short(bad[0])} is {flow.standing(state)}.",
        exit_code=codes[bad[0]],
    )  # fmt: skip
