"""smartimport batch: many statements, unattended."""

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from smartimport_cli.commands import options as o
from smartimport_cli.context import Answer, Context
from smartimport_cli.core.errors import ExitCode, SmartImportError, UsageError

if TYPE_CHECKING:
    from smartimport_cli.batch.files import Item
    from smartimport_cli.batch.workers import Task
    from smartimport_cli.core.batch import FileResult
    from smartimport_cli.terminal import Terminal

_RUN = "How the batch runs"


def batch(
    ctx: typer.Context,
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="PATH...", help="Files, folders, patterns; - takes names from standard input."),
    ] = None,
    yes: o.YesOption = False,
    approve_if: o.ApproveIfOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read and prove everything; store nothing.", rich_help_panel=_RUN)
    ] = False,
    manifest: Annotated[
        str | None,
        typer.Option(
            "--manifest", metavar="FILE", rich_help_panel=_RUN,
            help="CSV or JSONL with a column 'file' and, where needed, reading options for it.",
        ),
    ] = None,
    all_files: Annotated[
        bool, typer.Option("--all-files", help="Take files of any name from folders.", rich_help_panel=_RUN)
    ] = False,
    jobs: Annotated[
        int | None, typer.Option("--jobs", min=1, help="Processes that read (default: cores).", rich_help_panel=_RUN)
    ] = None,
    stop_after: Annotated[
        int | None,
        typer.Option("--stop-after", min=1, metavar="N", help="Start no more after N failures.", rich_help_panel=_RUN),
    ] = None,
    file_timeout: Annotated[
        str | None,
        typer.Option("--file-timeout", metavar="DURATION", help="Give up a file after this.", rich_help_panel=_RUN),
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Look at finished files again.", rich_help_panel=_RUN)
    ] = False,
    watch_folder: Annotated[
        bool,
        typer.Option("--watch-folder", help="Go on: take each file in that comes, until Ctrl-C.", rich_help_panel=_RUN),
    ] = False,
    report: Annotated[
        list[str] | None,
        typer.Option(
            "--report", metavar="FILE", rich_help_panel=_RUN,
            help="Write a report: .json, .xml (JUnit) or .md. May be repeated.",
        ),
    ] = None,
    github: Annotated[
        bool,
        typer.Option("--github", help="Step summary and annotations for GitHub Actions.", rich_help_panel=_RUN),
    ] = False,
    format: o.FormatOption = None,
    encoding: o.EncodingOption = None,
    delimiter: o.DelimiterOption = None,
    header: o.HeaderOption = None,
    date_order: o.DateOrderOption = None,
    decimal: o.DecimalOption = None,
    sign: o.SignOption = None,
    currency: o.CurrencyOption = None,
    account: o.AccountOption = None,
    column: o.ColumnOption = None,
    max_size: o.MaxSizeOption = None,
) -> Answer:
    """Bring many statements in, unattended. Killed and run again, it goes on where it was.

    Files are read side by side and committed in the order in which they are named.
    """
    from smartimport_cli.batch.files import gather
    from smartimport_cli.batch.workers import Task
    from smartimport_cli.core.policy import Policy
    from smartimport_cli.settings import seconds
    from smartimport_cli.statement_file import MAX_SIZE
    from smartimport_cli.views.report import check_report

    context: Context = ctx.obj
    choices = o.choices_of(
        format=format, encoding=encoding, delimiter=delimiter, header=header, date_order=date_order,
        decimal=decimal, sign=sign, currency=currency, account=account, column=column,
    )  # fmt: skip
    task = Task(
        context.settings, o.size_in_bytes(max_size, MAX_SIZE), yes,
        Policy.parse(approve_if) if approve_if else None, records=context.settings.output == "jsonl",
    )  # fmt: skip
    limit = None if file_timeout is None else seconds(file_timeout)
    if file_timeout is not None and limit is None:
        raise UsageError("bad-option", f"--file-timeout does not take '{file_timeout}'.", hint="Write 90s or 2m.")
    for file in report or ():
        check_report(file)
    named = list(paths or ())
    if watch_folder and not (named and all(map(os.path.isdir, named))):
        raise UsageError("bad-option", "--watch-folder goes with folders.", hint="Name one or more folders.")
    if not named and manifest is None:
        raise UsageError("wrong-use", "Nothing is named.", hint="Name files or folders, or a --manifest.")
    names = _names_on_stdin() if "-" in named else ()
    items = gather(
        [path for path in named if path != "-"], choices, names=names, manifest=manifest, all_files=all_files
    )
    options = {"dry_run": dry_run, "stop_after": stop_after, "file_timeout": limit, "jobs": jobs, "fresh": fresh}
    if watch_folder:
        return _watch(context, task, named, items, all_files, options, report or (), github)
    return _once(context, task, items, options, report or (), github)


def _once(
    context: Context, task: "Task", items: "list[Item]", options: dict[str, Any], reports: Sequence[str], github: bool
) -> Answer:
    from smartimport_cli.attend import Signalled

    run = _batch(context, task, items, options)
    started = context.terminal.clock()
    stopped: SmartImportError | None = None
    try:
        run.run()
    except Signalled as signal:
        stopped = _interrupted(run.results, signal.exit_code)
    except KeyboardInterrupt:
        stopped = _interrupted(run.results, ExitCode.INTERRUPTED)
    seconds = context.terminal.clock() - started
    return _answer(run.results, run.stopped, stopped, seconds, reports, github, dry_run=options["dry_run"])


def _watch(
    context: Context, task: "Task", folders: list[str], items: "list[Item]", all_files: bool,
    options: dict[str, Any], reports: Sequence[str], github: bool,
) -> Answer:  # fmt: skip
    """Batch after batch, as files come, until a signal or the timeout."""
    import time

    from smartimport_cli.attend import Signalled
    from smartimport_cli.batch.files import Item
    from smartimport_cli.batch.folder import Folder

    choices = items[0].choices if items else None
    look = Folder(folders, all_files=all_files)
    results: list[FileResult] = []
    clock, started = context.terminal.clock, context.terminal.clock()
    deadline = None if context.settings.timeout is None else started + context.settings.timeout
    context.say(f"Watching {', '.join(folders)}; Ctrl-C ends it.")
    code = ExitCode.INTERRUPTED
    try:
        while deadline is None or clock() < deadline:
            ready = look.ready(clock())
            if ready:
                run = _batch(context, task, [Item(path, choices) if choices else Item(path) for path in ready], options)
                try:
                    run.run()
                finally:
                    results += run.results
            else:
                time.sleep(0.5)
        code = ExitCode.DONE
    except Signalled as signal:
        code = signal.exit_code
    except KeyboardInterrupt:
        pass
    stopped = None if code is ExitCode.DONE else _interrupted(results, code)
    return _answer(results, None, stopped, clock() - started, reports, github, dry_run=options["dry_run"])


def _batch(context: Context, task: "Task", items: "list[Item]", options: dict[str, Any]) -> Any:
    from smartimport_cli.batch.checkpoint import FILE_NAME, Checkpoint
    from smartimport_cli.batch.run import Batch, workers_for
    from smartimport_cli.views.board import choose_board

    settings = context.settings
    checkpoint = None
    if not options["dry_run"] and not options["fresh"]:
        statuses = {record.id: record.status for record in context.backend.imports()}
        checkpoint = Checkpoint(settings.data_dir / FILE_NAME, settings.backend, statuses)
    return Batch(
        items, task,
        choose_board(context.terminal, output=settings.output, progress=settings.progress, quiet=settings.quiet),
        checkpoint=checkpoint, jobs=options["jobs"] or workers_for(len(items)), dry_run=options["dry_run"],
        stop_after=options["stop_after"], file_timeout=options["file_timeout"], timeout=settings.timeout,
        clock=context.terminal.clock,
    )  # fmt: skip


def _answer(
    results: "Sequence[FileResult]", why: str | None, interrupted: SmartImportError | None, seconds: float,
    reports: Sequence[str], github: bool, *, dry_run: bool,
) -> Answer:  # fmt: skip
    from smartimport_cli.core.batch import SCHEMA, exit_code, totals
    from smartimport_cli.views.report import render_report, table

    counts = totals(results)
    document: dict[str, Any] = {
        "schema": SCHEMA, "dry_run": dry_run, "seconds": round(seconds, 3), "totals": counts,
        "files": [result.to_json() for result in results],
    }  # fmt: skip
    code = exit_code(results, stopped=why is not None)
    for file in reports:
        _write(file, render_report(file, document, results, seconds))
    if github:
        _tell_github(results)

    def write(terminal: "Terminal") -> None:
        terminal.out(
            table(results, counts, width=terminal.width, unicode=terminal.unicode, color=terminal.color_out)
        )

    error = interrupted
    if error is None and code is not ExitCode.DONE:
        error = _ended_badly(results, code, why)
    return Answer(document, write, error.exit_code if error else code, error)


def _ended_badly(results: "Sequence[FileResult]", code: ExitCode, why: str | None) -> SmartImportError:
    bad = sum(result.exit_code != 0 for result in results)
    untried = sum(result.outcome.value == "not-tried" for result in results)
    said = f"{bad} of {len(results)} files did not go through"
    if code is ExitCode.STAGED:
        return SmartImportError(
            "awaiting-approval", f"{bad} of {len(results)} files await approval.",
            hint="Approve each (smartimport approve ID), or run again with --yes or --approve-if.", exit_code=code,
        )  # fmt: skip
    rest = f"; {why}, {untried} were not tried" if why else ""
    return SmartImportError(
        "batch-failed", f"{said}{rest}.", hint="Run the same command again: what is finished is left alone.",
        exit_code=code, retryable=code is ExitCode.UNREACHABLE,
    )  # fmt: skip


def _interrupted(results: "Sequence[FileResult]", code: ExitCode) -> SmartImportError:
    left = sum(result.outcome.value == "not-tried" for result in results)
    return SmartImportError(
        "interrupted", f"Interrupted with {left} of {len(results)} files left. Nothing is half committed.",
        hint="Run the same command again; it goes on from there.", exit_code=code, retryable=True,
    )  # fmt: skip


def _names_on_stdin() -> list[str]:
    """One name a line, or with NUL between (find -print0)."""
    text = os.fsdecode(sys.stdin.buffer.read())
    return [name for name in (text.split("\0") if "\0" in text else text.splitlines()) if name]


def _write(file: str, text: str) -> None:
    try:
        with open(file, "w", encoding="utf-8", errors="replace") as target:
            target.write(text)
    except OSError as error:
        raise UsageError("bad-report", f"The report {file} cannot be written: {error.strerror}.") from None


def _tell_github(results: "Sequence[FileResult]") -> None:
    from smartimport_cli.views.report import annotations, step_summary

    sys.stderr.write(annotations(results) + "\n")
    if place := os.environ.get("GITHUB_STEP_SUMMARY"):
        with open(place, "a", encoding="utf-8", errors="replace") as summary:
            summary.write(step_summary(results))
