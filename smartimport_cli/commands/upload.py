"""smartimport upload: stage only. Prints the import id and stops before the commit."""

from typing import TYPE_CHECKING, Annotated

import typer

from smartimport_cli.commands import options as o
from smartimport_cli.context import Answer, Context
from smartimport_cli.core.errors import SmartImportError

if TYPE_CHECKING:
    from smartimport_cli.core.protocols import Upload
    from smartimport_cli.terminal import Terminal


def upload(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="A statement, or an archive of them; - is standard input.")],
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
    """Stage a statement and stop before the commit; prints the import id."""
    from smartimport_cli.attend import opened, together, told
    from smartimport_cli.statement_file import MAX_SIZE

    context: Context = ctx.obj
    choices = o.choices_of(
        format=format, encoding=encoding, delimiter=delimiter, header=header, date_order=date_order,
        decimal=decimal, sign=sign, currency=currency, account=account, column=column,
    )  # fmt: skip
    answers: list[Answer] = []
    limit = o.size_in_bytes(max_size, MAX_SIZE)
    for statement in opened(context, file, choices, max_size=limit, password_file=password_file):
        if answers:
            answers[-1] = told(context, answers[-1])
        answers.append(_stage(context, file, statement))
    return together(context, "smartimport.uploads/1", "uploads", answers)


def _stage(context: Context, file: str, statement: "Upload | SmartImportError") -> Answer:
    from smartimport_cli import flow
    from smartimport_cli.attend import detaching, open_run, send, state_answer

    schema = "smartimport.upload/1"
    try:
        if isinstance(statement, SmartImportError):
            raise statement
        uploaded = send(context, statement)
    except SmartImportError as error:
        return Answer({"schema": schema, "file": file}, None, error.exit_code, error)
    run = open_run(context, uploaded.import_id, statement.name, history=uploaded.existing)
    try:
        with detaching(run):
            run.until(flow.read)
    except SmartImportError as error:
        return state_answer(context, run, schema, error=error)
    answer = state_answer(context, run, schema, existing=uploaded.existing)

    def write(terminal: "Terminal") -> None:
        terminal.out(uploaded.import_id)

    return Answer(answer.document, write, answer.exit_code, answer.error)
