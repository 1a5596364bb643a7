"""smartimport events: the event records of an import, and their JSON Schema."""

import json
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from smartimport_cli.commands import options as o
from smartimport_cli.context import Answer, Context
from smartimport_cli.core.errors import UsageError
from smartimport_cli.core.text import clean, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smartimport_cli.core.events import EventRecord
    from smartimport_cli.terminal import Terminal


def events(
    ctx: typer.Context,
    id: o.OptionalIdArgument = "@latest",
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until the import ends.")] = False,
    since: Annotated[
        str | None, typer.Option("--since", metavar="SEQ|TIME", help="Only what came after.")
    ] = None,
    type: Annotated[
        str | None, typer.Option("--type", metavar="PATTERN", help="A type, or a pattern: import:parse:*")
    ] = None,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of a record.")] = False,
) -> Answer:
    """The records of an import's events. -o jsonl writes a recording that `smartimport replay` reads."""
    context: Context = ctx.obj
    if schema:
        from smartimport_cli.core.events import json_schema

        document = json_schema()
        return Answer(document, lambda terminal: terminal.raw_out(json.dumps(document, indent=2) + "\n"))
    import_id = context.backend.resolve(id)
    wanted = _filter(since, type)
    records = (record for record in _records(context, import_id, follow) if wanted(record))
    if context.settings.output == "json":
        return Answer({
            "schema": "smartimport.events/1", "import_id": import_id,
            "events": [record.to_wire() for record in records],
        })  # fmt: skip
    for record in records:
        if context.settings.output == "jsonl":
            context.terminal.raw_out(json.dumps(record.to_wire(), ensure_ascii=False) + "\n")
        else:
            context.terminal.out(_line(context.terminal, record))
    return Answer({"schema": "smartimport.events/1", "import_id": import_id})


def _records(context: Context, import_id: str, follow: bool) -> "Iterator[EventRecord]":
    from smartimport_cli import flow
    from smartimport_cli.core.reducer import reduce
    from smartimport_cli.core.state import ImportState

    state = ImportState()
    for record in context.backend.events(import_id):
        state = reduce(state, record)
        yield record
    if not follow or flow.ended(state):
        return
    clock = context.terminal.clock
    deadline = None if context.settings.timeout is None else clock() + context.settings.timeout
    for followed in context.backend.follow(import_id, after=state.ledger.settled):
        if followed is not None:
            state = reduce(state, followed)
            yield followed
            if flow.ended(state):
                return
        elif deadline is not None and clock() > deadline:
            raise flow.TimedOut(import_id, context.settings.timeout or 0, state)


def _filter(since: str | None, pattern: str | None) -> Any:
    after = _since(since) if since else None
    name = None
    if pattern is not None:
        from smartimport_cli.core.events import full_name

        name = pattern if "*" in pattern else full_name(pattern)
    prefix = name.rstrip("*") if name else ""

    def wanted(record: "EventRecord") -> bool:
        if isinstance(after, int) and (record.seq or 0) <= after:
            return False
        if isinstance(after, datetime) and record.created_at <= after:
            return False
        return (
            name is None
            or record.event_type == name
            or (name.endswith("*") and record.event_type.startswith(prefix))
        )

    return wanted


def _since(text: str) -> int | datetime:
    if text.isdecimal():
        return int(text)
    try:
        time = datetime.fromisoformat(text)
        return time if time.tzinfo else time.astimezone()
    except ValueError:
        raise UsageError(
            "bad-option", f"--since does not take '{clean(text)}'.",
            hint="Give a number (seq) or a time such as 2026-03-02T12:00:00Z.",
        ) from None  # fmt: skip


def _line(terminal: "Terminal", record: "EventRecord") -> str:
    time = terminal.local(record.created_at).strftime("%H:%M:%S.%f")[:12]
    facts = ", ".join(
        f"{key}={shorten(clean(value if isinstance(value, str) else json.dumps(value)), 60)}"
        for key, value in record.event.to_payload().items()
        if key not in ("userId", "importId", "preview", "insights", "digest")
    )
    return f"{record.seq or '-':>4}  {time}  {record.event_type:<26} {facts}".rstrip()
