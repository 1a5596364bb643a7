"""Attending an import: show it while it runs, get a decision, and turn how it ended into the command's answer.

What import, demo, upload, watch and approve have in common.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from smartimport_cli import flow
from smartimport_cli.context import Answer, Context
from smartimport_cli.core.errors import ExitCode, FileRefused, SmartImportError
from smartimport_cli.core.model import Choices
from smartimport_cli.core.money import grouped
from smartimport_cli.core.policy import Policy
from smartimport_cli.core.protocols import Preview, Upload
from smartimport_cli.core.state import ImportState, Status
from smartimport_cli.statement_file import MAX_SIZE
from smartimport_cli.unlock import open_unlocked
from smartimport_cli.views import choose_view

if TYPE_CHECKING:
    from smartimport_cli.terminal import Terminal


@dataclass(frozen=True, slots=True)
class Deciding:
    """How the question is answered: by `--yes`, by a policy, or by a person where there is one."""

    yes: bool = False
    policy: Policy | None = None
    fail_on_empty: bool = False
    digest: str | None = None  # of the preview that the yes is about; left out: the present one


class Signalled(KeyboardInterrupt):
    """SIGTERM or SIGHUP: ends a command like Ctrl-C, with its own exit code."""

    def __init__(self, exit_code: ExitCode) -> None:
        super().__init__()
        self.exit_code = exit_code


def import_file(
    context: Context,
    file: str,
    choices: Choices,
    deciding: Deciding,
    *,
    max_size: int = MAX_SIZE,
    password_file: str | None = None,
) -> Answer:
    """One statement from the file to the summary. What stops it on the way becomes the answer's error."""
    schema = "smartimport.import/1"
    try:
        with open_unlocked(
            file, choices, context.terminal, password_file=password_file, max_size=max_size
        ) as upload:
            while True:
                uploaded = context.backend.upload(upload)
                run = open_run(context, uploaded.import_id, upload.name, history=uploaded.existing)
                answer = attend(context, run, schema, deciding, existing=uploaded.existing)
                chosen = _choose(context, upload, answer)
                if chosen is None:
                    return answer
                upload = replace(upload, choices=chosen)
    except SmartImportError as error:
        return Answer({"schema": schema, "file": file}, None, error.exit_code, error)


def open_run(context: Context, import_id: str, title: str, *, history: bool = True) -> flow.Run:
    """The import, about to be followed on the view that the settings ask for. With `history` what happened
    before now is told as that."""
    settings = context.settings
    view = choose_view(
        context.terminal, output=settings.output, progress=settings.progress, quiet=settings.quiet,
        import_id=import_id, title=title, earlier_until=context.terminal.now() if history else None,
    )  # fmt: skip
    return flow.Run(context.backend, import_id, view, clock=context.terminal.clock, timeout=settings.timeout)


def attend(
    context: Context, run: flow.Run, schema: str, deciding: Deciding, *, existing: bool = False
) -> Answer:
    """Follow to the preview, get a decision, follow to the end."""
    try:
        with detaching(run):
            state = run.until(flow.read)
            if existing and state.committed is not None:
                context.say(f"Already committed as {flow.short(run.import_id)}; nothing new.")
            elif state.awaiting_approval:
                decide(context, run, deciding)
            state = run.until(flow.ended)
            if context.settings.debug and state.error_code == "bug":
                run.raise_cause()
    except SmartImportError as error:
        return state_answer(context, run, schema, error=error)
    nothing_new = state.committed == 0 or existing
    if nothing_new and deciding.fail_on_empty and state.committed is not None:
        return state_answer(context, run, schema, error=_nothing_new(run))
    return state_answer(context, run, schema, existing=existing)


@contextmanager
def detaching(run: flow.Run) -> Iterator[None]:
    """Within it Ctrl-C, SIGTERM and SIGHUP detach: they end the command, not the import."""
    try:
        yield
    except Signalled as signal:
        detached = flow.detached(run.state, run.import_id)
        detached.exit_code = signal.exit_code
        raise detached from None
    except KeyboardInterrupt:
        raise flow.detached(run.state, run.import_id) from None
    finally:
        run.view.close()


def decide(context: Context, run: flow.Run, deciding: Deciding) -> None:
    """Approve or reject what is staged, or raise why it stays staged (exit 8)."""
    preview = run.preview()
    if preview.new == 0:  # nothing to say yes to
        run.backend.commit(run.import_id, preview.digest)
        return
    if deciding.yes or deciding.policy:
        reasons = deciding.policy.refusals(preview) if deciding.policy else []
        if reasons:
            raise _staged(run, preview, "the policy does not approve it: " + "; ".join(reasons))
        run.backend.commit(run.import_id, deciding.digest or preview.digest)
        return
    if not context.may_ask:
        raise _staged(run, preview, "awaiting approval")
    _ask(context, run, preview)


def _ask(context: Context, run: flow.Run, preview: Preview) -> None:
    from smartimport_cli.views.approve import ask
    from smartimport_cli.views.preview import render_preview

    terminal = context.terminal
    run.view.pause(run.state)
    terminal.err()
    terminal.err(
        render_preview(preview, width=terminal.width, unicode=terminal.unicode, color=terminal.color_err)
    )
    answer = ask(
        terminal,
        preview,
        decided_elsewhere=run.decided_elsewhere,
        more=lambda offset, limit: run.backend.preview(run.import_id, offset=offset, limit=limit),
    )
    if answer == "yes":
        run.backend.commit(run.import_id, preview.digest)
    elif answer == "no":
        run.backend.reject(run.import_id)
    elif answer == "later":
        raise _staged(run, preview, "awaiting approval")


def _choose(context: Context, upload: Upload, answer: Answer) -> Choices | None:
    """Ask the one question that the file leaves open; None where there is none, or nobody to answer it."""
    if answer.error is None or answer.error.code != "ambiguous" or not context.may_ask:
        return None
    from smartimport_cli import statements
    from smartimport_cli.views.approve import choose

    try:
        upload.file.seek(0)
        statements.read(
            upload.file, name=upload.name, size=upload.size, choices=upload.choices, resources=context.resources
        )
    except FileRefused as refusal:
        question = refusal.details.get("question")
        chosen = choose(context.terminal, refusal.message, question) if question else None
        if question and chosen:
            forced: dict[str, Any] = {str(question["choice"]).replace("-", "_"): chosen}
            return replace(upload.choices, **forced)
    return None


def state_answer(
    context: Context,
    run: flow.Run,
    schema: str,
    *,
    existing: bool = False,
    error: SmartImportError | None = None,
) -> Answer:
    """How the import stands, as a document, and what its summary says where there is one."""
    state = run.state
    if error is None and flow.exit_code(state) is not ExitCode.DONE and flow.ended(state):
        error = flow.failure(state, run.import_id)
    document: dict[str, Any] = {"schema": schema, "import_id": run.import_id, "state": state.to_json()}
    if existing:
        document["existing"] = True
    code = error.exit_code if error else ExitCode.DONE
    return Answer(document, _summary(context, state, run.import_id), code, error)


def _summary(context: Context, state: ImportState, import_id: str) -> "Callable[[Terminal], None] | None":
    if state.status is not Status.COMPLETE:
        return None

    def write(terminal: "Terminal") -> None:
        write_summary(terminal, state.insights, state.advice or "")
        short = flow.short(import_id)
        if terminal.err_tty:
            context.say(
                f"Again: {context.program} summary {short} · Take it back: {context.program} undo {short}"
            )

    return write


def write_summary(terminal: "Terminal", insights: Any, advice: str) -> None:
    """The Crystal summary on standard output; advice alone where a backend gives no insights."""
    from smartimport_cli.views.summary import render_text

    if isinstance(insights, dict) and insights:
        advice = render_text(
            insights, width=terminal.width, unicode=terminal.unicode, color=terminal.color_out
        )
    if terminal.out_tty:
        terminal.out()
    terminal.out(advice)


def _staged(run: flow.Run, preview: Preview, why: str) -> SmartImportError:
    short = flow.short(run.import_id)
    net = ", ".join(
        f"{grouped(total.money_in + total.money_out, total.currency, sign=True)} {total.currency or ''}".strip()
        for total in preview.totals
    )
    return SmartImportError(
        "awaiting-approval",
        f"Import {short} is staged, {why}. {preview.new} new ({net}), {preview.duplicates} already there. "
        "Nothing is committed.",
        hint=f"smartimport approve {short}   (or run again with --yes)",
        exit_code=ExitCode.STAGED,
    )


def _nothing_new(run: flow.Run) -> SmartImportError:
    return SmartImportError(
        "nothing-new",
        f"{run.state.file_name} (import {flow.short(run.import_id)}) has nothing new.",
        exit_code=ExitCode.NOTHING_NEW,
    )
