"""Attending an import: show it while it runs, get a decision, and turn how it ended into the command's answer.

What import, demo, upload, watch and approve have in common.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from smartimport_cli import flow
from smartimport_cli.context import Answer, Context
from smartimport_cli.core.errors import ExitCode, FileRefused, SmartImportError
from smartimport_cli.core.model import Choices
from smartimport_cli.core.policy import Policy
from smartimport_cli.core.protocols import Preview, Upload, Uploaded
from smartimport_cli.core.state import ImportState, Status
from smartimport_cli.statement_file import MAX_SIZE
from smartimport_cli.unlock import open_unlocked
from smartimport_cli.views import choose_upload_view, choose_view
from smartimport_cli.views.recording import RecordingView

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


def opened(
    context: Context, file: str, choices: Choices, *, max_size: int = MAX_SIZE, password_file: str | None = None
) -> Iterator[Upload | SmartImportError]:
    """The statement in `file`, unlocked, or each of those in an archive, open until the next is asked for; in place
    of one that cannot be taken, why."""
    from smartimport_cli.statements import archive
    from smartimport_cli.statements.detect import HEAD

    try:
        with open_unlocked(
            file, choices, context.terminal, password_file=password_file, max_size=max_size
        ) as upload:
            head = upload.file.read(HEAD)
            upload.file.seek(0)
            found = archive.look_into(upload.file, upload.name) if archive.is_archive(head) else None
            if found is None or found.is_workbook:
                yield upload
                return
            if found.skipped:
                context.say(f"{upload.name}: left out {', '.join(found.skipped[:3])}, not the bank's.")
            inner = replace(choices, format=None) if choices.format == "zip" else choices
            for name, member in found.members:
                try:
                    with found.open(name, member) as statement:
                        yield Upload(statement, name, member.file_size, inner)
                except FileRefused as refused:
                    yield refused
    except SmartImportError as error:
        yield error


def import_statement(
    context: Context, file: str, statement: Upload | SmartImportError, deciding: Deciding
) -> Answer:
    """One statement of `file` from its bytes to the summary. What stops it on the way becomes the answer's error."""
    schema = "smartimport.import/1"
    try:
        if isinstance(statement, SmartImportError):
            raise statement
        while True:
            uploaded = send(context, statement)
            run = open_run(context, uploaded.import_id, statement.name, history=uploaded.existing)
            answer = attend(context, run, schema, deciding, existing=uploaded.existing)
            chosen = _choose(context, statement, answer)
            if chosen is None:
                return answer
            statement = replace(statement, choices=chosen)
    except SmartImportError as error:
        return Answer({"schema": schema, "file": file}, None, error.exit_code, error)


def told(context: Context, answer: Answer) -> Answer:
    """Of several statements each is told when it is done, not all of them at the end."""
    from smartimport_cli.views.errors import render_error

    if context.settings.output == "text":
        if answer.text is not None:
            answer.text(context.terminal)
        if answer.error is not None:
            context.terminal.err(render_error(context.terminal, answer.error))
    return answer._replace(text=None)


def together(context: Context, schema: str, key: str, answers: list[Answer]) -> Answer:
    """One answer for several statements, all but the last of them told: a document with `key` for the list."""
    if len(answers) == 1:
        return answers[0]
    answers[-1] = told(context, answers[-1])
    documents = [
        {**(answer.document or {}), **({"error": answer.error.to_json()} if answer.error else {})}
        for answer in answers
    ]
    codes = {answer.exit_code for answer in answers}
    code = codes.pop() if len(codes) == 1 else ExitCode.BATCH_SOME_FAILED
    error = None
    if code is not ExitCode.DONE:
        count = sum(answer.exit_code is not ExitCode.DONE for answer in answers)
        error = SmartImportError(
            "some-failed", f"{count} of {len(answers)} statements did not go through.", exit_code=code
        )
    return Answer({"schema": schema, key: documents}, None, code, error)


def send(context: Context, upload: Upload) -> Uploaded:
    """Bring the statement to the backend; where that takes time, what has really been sent is shown."""
    settings = context.settings
    view = choose_upload_view(
        context.terminal, output=settings.output, progress=settings.progress, quiet=settings.quiet,
        title=upload.name, total=upload.size,
    )  # fmt: skip
    if view is None:
        return context.backend.upload(upload)
    try:
        return context.backend.upload(replace(upload, on_progress=view.sent))
    finally:
        view.close()


def open_run(context: Context, import_id: str, title: str, *, history: bool = True) -> flow.Run:
    """The import, about to be followed on the view that the settings ask for. With `history` what happened
    before now is told as that."""
    settings = context.settings
    view = choose_view(
        context.terminal, output=settings.output, progress=settings.progress, quiet=settings.quiet,
        import_id=import_id, title=title, earlier_until=context.terminal.now() if history else None,
    )  # fmt: skip
    if settings.record is not None:
        view = RecordingView(view, settings.record)
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
    why = flow.decide_unattended(run, yes=deciding.yes, policy=deciding.policy, digest=deciding.digest)
    if why is None:
        return
    preview = run.preview()
    if deciding.policy is not None or not context.may_ask:
        raise flow.staged(preview, why)
    _ask(context, run, preview)


def _ask(context: Context, run: flow.Run, preview: Preview) -> None:
    from smartimport_cli.views.approve import ask
    from smartimport_cli.views.preview import render_preview

    terminal = context.terminal
    while True:
        run.view.pause(run.state)
        terminal.err()
        terminal.err(
            render_preview(preview, width=terminal.width, unicode=terminal.unicode, color=terminal.color_err)
        )
        answer = ask(
            terminal,
            preview,
            decided_elsewhere=partial(run.decided_elsewhere, preview.digest),
            more=lambda offset, limit: run.backend.preview(run.import_id, offset=offset, limit=limit),
        )
        if answer == "edit":
            _edit(context, run)
        elif answer != "edited":
            break
        while run.step() is not None:  # what the edits have told, before the question is put again
            pass
        if not run.state.awaiting_approval:
            break
        preview = run.preview()
    if answer == "yes":
        run.backend.commit(run.import_id, preview.digest)
    elif answer == "no":
        run.backend.reject(run.import_id)
    elif answer == "later":
        raise flow.staged(preview, "awaiting approval")


def _edit(context: Context, run: flow.Run) -> None:
    from smartimport_cli.views.edit import edit_on_screen

    try:
        edit_on_screen(run.backend, run.import_id)
    except SmartImportError as error:
        if error.code not in ("already-approved", "rejected"):
            raise
        context.say(error.message)  # the first decision holds, and the run goes on from it


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


def _nothing_new(run: flow.Run) -> SmartImportError:
    return SmartImportError(
        "nothing-new",
        f"{run.state.file_name} (import {flow.short(run.import_id)}) has nothing new.",
        exit_code=ExitCode.NOTHING_NEW,
    )
