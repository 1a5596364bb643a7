"""smartimport import: the main job. Upload, follow, preview, ask, commit, hand off, print the summary."""

from typing import Annotated

import typer

from smartimport_cli.commands import options as o
from smartimport_cli.context import Answer, Context
from smartimport_cli.core.errors import UsageError


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
    from smartimport_cli.attend import Deciding, import_statement, opened, together, told
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
        for statement in opened(context, file, choices, max_size=limit, password_file=password_file):
            if answers:
                answers[-1] = told(context, answers[-1])
            answers.append(import_statement(context, file, statement, deciding))
    return together(context, "smartimport.imports/1", "imports", answers)
