"""smartimport import: the main job. Upload, follow, preview, ask, commit, hand off, print the summary."""

from dataclasses import replace
from typing import Annotated

import typer

from smartimport_cli.commands import options as o
from smartimport_cli.context import Answer, Context
from smartimport_cli.core.errors import ExitCode, SmartImportError, UsageError


def import_(
    ctx: typer.Context,
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Statements; - is standard input.")],
    yes: o.YesOption = False,
    approve_if: o.ApproveIfOption = None,
    fail_on_empty: o.FailOnEmptyOption = False,
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
    password_file: o.PasswordFileOption = None,
) -> Answer:
    """Bring statements in: upload, read, approve, commit once, and say what the money says."""
    from smartimport_cli.attend import Deciding, import_file
    from smartimport_cli.core.policy import Policy
    from smartimport_cli.statement_file import MAX_SIZE

    context: Context = ctx.obj
    choices = o.choices_of(
        format=format, encoding=encoding, delimiter=delimiter, header=header, date_order=date_order,
        decimal=decimal, sign=sign, currency=currency, account=account, column=column,
    )  # fmt: skip
    deciding = Deciding(yes, Policy.parse(approve_if) if approve_if else None, fail_on_empty)
    limit = o.size_in_bytes(max_size, MAX_SIZE)
    if files.count("-") > 1:
        raise UsageError("bad-option", "Standard input can be read once only.", hint="Name - once.")
    answers: list[Answer] = []
    for file in files:
        if answers:
            answers[-1] = _told(context, answers[-1])
        answers.append(
            import_file(context, file, choices, deciding, max_size=limit, password_file=password_file)
        )
    return answers[0] if len(answers) == 1 else _together(context, answers)


def _told(context: Context, answer: Answer) -> Answer:
    """Of several files each is told when it is done, not all of them at the end."""
    from smartimport_cli.views.errors import render_error

    if context.settings.output == "text":
        if answer.text is not None:
            answer.text(context.terminal)
        if answer.error is not None:
            context.terminal.err(render_error(context.terminal, answer.error))
    return replace(answer, text=None)


def _together(context: Context, answers: list[Answer]) -> Answer:
    answers[-1] = _told(context, answers[-1])
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
    return Answer({"schema": "smartimport.imports/1", "imports": documents}, None, code, error)
