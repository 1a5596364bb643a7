"""smartimport import: the main job. Upload, follow, preview, ask, commit, hand off, print the summary."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from smartimport_cli.commands import options as o
from smartimport_cli.context import Answer, Context
from smartimport_cli.core.errors import ExitCode, FileRefused, SmartImportError
from smartimport_cli.core.model import Choices
from smartimport_cli.core.policy import Policy
from smartimport_cli.statement_file import MAX_SIZE, open_statement

if TYPE_CHECKING:
    from smartimport_cli.flow import Run


def import_(
    ctx: typer.Context,
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Statements; - is standard input.")],
    yes: o.YesOption = False,
    approve_if: Annotated[
        str | None,
        typer.Option("--approve-if", metavar="GUARDS", help="Approve only if: proved,no-duplicates,max-rows=N,"
                     "max-total=AMOUNT,max-duplicates=N."),
    ] = None,
    fail_on_empty: Annotated[
        bool, typer.Option("--fail-on-empty", help="Exit 9 where a statement has nothing new.")
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
    """Bring statements in: upload, read, approve, commit once, and say what the money says."""
    context: Context = ctx.obj
    choices = o.choices_of(
        format=format, encoding=encoding, delimiter=delimiter, header=header, date_order=date_order,
        decimal=decimal, sign=sign, currency=currency, account=account, column=column,
    )  # fmt: skip
    rule = Decide(yes, Policy.parse(approve_if) if approve_if else None, fail_on_empty)
    size = o.size_in_bytes(max_size, MAX_SIZE)
    answers = [import_one(context, file, choices, rule, size) for file in files[:1]]
    for file in files[1:]:
        answers[-1] = _said(context, answers[-1])
        answers.append(import_one(context, file, choices, rule, size))
    return answers[0] if len(answers) == 1 else _together(answers)


class Decide:
    """How the question is answered: by `--yes`, by a policy, or by a person."""

    def __init__(self, yes: bool, policy: Policy | None, fail_on_empty: bool = False) -> None:
        self.yes = yes
        self.policy = policy
        self.fail_on_empty = fail_on_empty


def import_one(context: Context, file: str, choices: Choices, rule: Decide, max_size: int = MAX_SIZE) -> Answer:
    """One statement from the file to the summary. What stops it becomes the answer's error."""
    from smartimport_cli.commands.following import open_run, state_answer
    from smartimport_cli.core.protocols import Uploaded

    run: Run | None = None
    uploaded: Uploaded | None = None
    try:
        with open_statement(file, choices, max_size=max_size) as upload:
            uploaded = context.backend.upload(upload)
            run = open_run(context, uploaded.import_id, upload.name)
            read_until_decided(context, run, rule, existing=uploaded.existing)
            if run.state.error_code == "ambiguous" and (chosen := _choose(context, upload.file, upload)):
                return import_one(context, file, chosen, rule, max_size)
    except SmartImportError as error:
        if run is None:
            return Answer({"schema": "smartimport.import/1", "file": file}, None, error.exit_code, error)
        return state_answer(context, run, error=error)
    return state_answer(context, run, existing=uploaded.existing, fail_on_empty=rule.fail_on_empty)


def read_until_decided(context: Context, run: "Run", rule: Decide, *, existing: bool = False) -> None:
    """Follow to the preview, get a decision on it, and follow to the end. Raises the reason to stop."""
    from smartimport_cli import flow
    from smartimport_cli.commands.deciding import decide

    with context.detaching(run):
        run.until(flow.read)
        if run.state.awaiting_approval:
            decide(context, run, yes=rule.yes, policy=rule.policy)
        run.until(flow.ended)


def _choose(context: Context, file, upload) -> Choices | None:  # type: ignore[no-untyped-def]
    """Ask the one question that the file leaves open; None where nobody can answer."""
    from smartimport_cli import statements
    from smartimport_cli.views.approve import choose

    if not context.can_prompt():
        return None
    file.seek(0)
    try:
        statements.read(file, name=upload.name, size=upload.size, choices=upload.choices)
    except FileRefused as refusal:
        question = refusal.details.get("question")
        if not question:
            return None
        answer = choose(context.terminal, refusal.message, question)
        field = str(question["choice"]).replace("-", "_")
        return replace(upload.choices, **{field: answer}) if answer else None
    return None


def _said(context: Context, answer: Answer) -> Answer:
    """With several files each is told when it is done, not all of them at the end."""
    context.tell(answer)
    return replace(answer, text=None)


def _together(answers: list[Answer]) -> Answer:
    codes = {answer.exit_code for answer in answers}
    code = codes.pop() if len(codes) == 1 else ExitCode.BATCH_SOME_FAILED
    documents = [
        {**answer.document, **({"error": answer.error.to_json()} if answer.error else {})} for answer in answers
    ]
    failed = sum(answer.exit_code != 0 for answer in answers)
    error = None
    if failed:
        error = SmartImportError(
            "some-failed", f"{failed} of {len(answers)} statements did not go through.", exit_code=code
        )
    last = answers[-1]
    return Answer({"schema": "smartimport.imports/1", "imports": documents}, last.text, code, error or last.error)
