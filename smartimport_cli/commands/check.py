"""smartimport check: the smoke check of a backend, end to end."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from smartimport_cli.context import Answer, Context
from smartimport_cli.core.errors import SmartImportError, UsageError

if TYPE_CHECKING:
    from smartimport_cli.check import Step
    from smartimport_cli.core.protocols import Backend
    from smartimport_cli.terminal import Terminal


def check(
    ctx: typer.Context,
    read_only: Annotated[
        bool, typer.Option("--read-only", help="Bring nothing in: for a backend that people use.")
    ] = False,
    only: Annotated[str | None, typer.Option("--only", metavar="STEPS", help="These steps, with commas.")] = None,
    skip: Annotated[str | None, typer.Option("--skip", metavar="STEPS", help="All but these steps.")] = None,
    other: Annotated[
        str | None, typer.Option("--other", metavar="PROFILE", help="The same backend as another user has it.")
    ] = None,
    budgets: Annotated[
        str | None, typer.Option("--budgets", metavar="FILE", help='TOML with seconds for steps: commit = "2s".')
    ] = None,
    report: Annotated[
        list[str] | None, typer.Option("--report", metavar="FILE", help="Write .json or .xml (JUnit); repeatable.")
    ] = None,
) -> Answer:
    """Is this backend sound? Bring a small made-up statement through it and look at every step.

    The embedded backend is checked in a folder of its own beside the data, which is removed again.
    """
    from smartimport_cli.check import FAILED, Check, verdict
    from smartimport_cli.views.check import step_line

    context: Context = ctx.obj
    names = _names(only, skip, read_only)
    limits = _budgets(budgets) if budgets else {}
    for file in report or ():
        if not file.endswith((".json", ".xml")):
            raise UsageError("bad-report", f"--report does not know what to write into {file}.", hint="Name .json or .xml.")
    terminal = context.terminal
    started = terminal.clock()
    steps: list[Step] = []
    with tempfile.TemporaryDirectory(prefix=".check-", dir=_beside(context, read_only)) as folder:
        if folder_is_needed(context, read_only):
            context.use_folder(Path(folder) / "data")
        try:
            checked = Check(
                context.backend, _token(), terminal.now().date(), terminal.clock,
                other=_other(context, other), budgets=limits, read_only=read_only,
            )  # fmt: skip
            for step in checked.steps(names):
                steps.append(step)
                if context.settings.output == "text" and not context.settings.quiet:
                    terminal.out(
                        step_line(step, width=terminal.width, unicode=terminal.unicode, color=terminal.color_out)
                    )
        finally:
            context.close()
    seconds = terminal.clock() - started
    document: dict[str, Any] = {
        "schema": "smartimport.check/1", "backend": context.settings.backend, "seconds": round(seconds, 3),
        "passed": not any(step.verdict == FAILED for step in steps), "steps": [step.to_json() for step in steps],
    }  # fmt: skip
    for file in report or ():
        _write(file, document, steps, seconds)
    code = verdict(steps)
    failed = [step.name for step in steps if step.verdict == FAILED]
    error = None
    if code:
        what = f"It failed at {', '.join(failed)}." if failed else "Nothing was verified."
        error = SmartImportError("check-failed", f"The backend is not sound. {what}", exit_code=code)

    def write(terminal: "Terminal") -> None:
        if error is None:
            passed = sum(step.verdict == "passed" for step in steps)
            terminal.out(f"All well: {passed} steps in {seconds:.1f} s.")

    return Answer(document, write, code, error)


def folder_is_needed(context: Context, read_only: bool) -> bool:
    """The embedded backend has one user, whose list a check must not fill."""
    return context.settings.backend == "local" and not read_only


def _beside(context: Context, read_only: bool) -> str | None:
    """On the same disk, with the same rights, as the data."""
    if not folder_is_needed(context, read_only):
        return None
    parent = context.settings.data_dir
    try:
        parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError("data-dir", f"The data folder {parent} cannot be used: {error.strerror}.") from None
    return str(parent)


def _names(only: str | None, skip: str | None, read_only: bool) -> list[str]:
    from smartimport_cli.check import BUDGETS, READ_ONLY

    chosen = list(READ_ONLY if read_only else BUDGETS)
    for flag, text in (("--only", only), ("--skip", skip)):
        words = [word.strip() for word in (text or "").split(",") if word.strip()]
        if unknown := [word for word in words if word not in BUDGETS]:
            raise UsageError(
                "bad-option", f"{flag} does not know '{unknown[0]}'.", hint=f"The steps are {', '.join(BUDGETS)}."
            )
        if words:
            chosen = [name for name in chosen if (name in words) == (flag == "--only")]
    return chosen


def _budgets(file: str) -> dict[str, float]:
    import tomllib

    from smartimport_cli.check import BUDGETS
    from smartimport_cli.settings import seconds

    try:
        values = tomllib.loads(Path(file).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError("bad-budgets", f"The budgets {file} cannot be read: {error}.") from None
    found = {}
    for name, value in values.items():
        limit = seconds(str(value))
        if name not in BUDGETS or limit is None:
            raise UsageError(
                "bad-budgets", f"The budgets {file} say '{name} = {value}'.",
                hint=f'Write seconds ("2s") for any of {", ".join(BUDGETS)}.',
            )  # fmt: skip
        found[name] = limit
    return found


def _other(context: Context, name: str | None) -> "Backend | None":
    if name is None:
        return None
    from dataclasses import replace

    from smartimport_cli.backends import open_backend

    return open_backend(replace(context.settings, backend=name))


def _token() -> str:
    """Letters only: digits could make a number that looks like an account's."""
    import secrets

    return "".join(secrets.choice("abcdefghijkmnpqrstuvwxyz") for _ in range(8))


def _write(file: str, document: dict[str, Any], steps: "list[Step]", seconds: float) -> None:
    import json

    from smartimport_cli.views.check import case
    from smartimport_cli.views.junit import render_junit

    text = json.dumps(document, indent=2) + "\n"
    if file.endswith(".xml"):
        text = render_junit("check", [case(step) for step in steps], seconds)
    try:
        Path(file).write_text(text, "utf-8")
    except OSError as error:
        raise UsageError("bad-report", f"The report {file} cannot be written: {error.strerror}.") from None
