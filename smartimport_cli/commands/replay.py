"""smartimport replay: fold a recording and say where its imports ended."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from smartimport_cli.context import Answer
from smartimport_cli.core.text import clean

if TYPE_CHECKING:
    from smartimport_cli.terminal import Terminal

_LARGEST = 1 << 40  # bytes; a recording is folded line by line


def replay(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="A recording (*.jsonl); - is standard input.")],
) -> Answer:
    """Fold a recording of events, show them, and answer with the state that they end in."""
    from smartimport_cli import flow
    from smartimport_cli.core.model import Choices
    from smartimport_cli.recording import replay as fold_recording
    from smartimport_cli.statement_file import open_statement

    with open_statement(file, Choices(), max_size=_LARGEST) as opened:
        found = fold_recording(opened.file)
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

    return Answer(document, write)
