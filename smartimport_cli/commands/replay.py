"""smartimport replay: fold a recording and say where its imports ended."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from smartimport_cli.context import Answer
from smartimport_cli.core.errors import ExitCode, FileRefused
from smartimport_cli.core.text import clean

if TYPE_CHECKING:
    from smartimport_cli.terminal import Terminal


def replay(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="A recording (*.jsonl); - is standard input.")],
) -> Answer:
    """Fold a recording of events, show them, and answer with the state that they end in."""
    from smartimport_cli import flow
    from smartimport_cli.core.events import RejectedEvent
    from smartimport_cli.core.model import Choices
    from smartimport_cli.core.reducer import Board, reduce_board
    from smartimport_cli.recording import read_recording
    from smartimport_cli.statement_file import open_statement

    board = Board()
    rejected: list[RejectedEvent] = []
    with open_statement(file, Choices(), max_size=1 << 40) as opened:
        for record in read_recording(opened.file):
            if isinstance(record, RejectedEvent):
                rejected.append(record)
            else:
                board = reduce_board(board, record)
    if not board.imports:
        raise FileRefused(
            "no-events",
            f"{opened.name} holds no event of an import.",
            hint="Make a recording: smartimport events ID -o jsonl > import.jsonl",
        )
    states = [
        {"import_id": import_id, "state": state.to_json()} for import_id, state in board.imports.items()
    ]
    document: dict[str, Any] = {"schema": "smartimport.replay/1", **states[-1]}
    if len(states) > 1:
        document["imports"] = states
    document["rejected"] = [str(event) for event in rejected]

    def write(terminal: "Terminal") -> None:
        for import_id, state in board.imports.items():
            name = f" {state.file_name}" if state.file_name else ""
            terminal.out(
                f"import {flow.short(import_id)}{name}: {flow.standing(state)}, {state.progress}%. {state.message}"
            )
        for event in rejected:
            terminal.err(f"Not an event: {clean(str(event))}")

    return Answer(document, write, ExitCode.DONE)
