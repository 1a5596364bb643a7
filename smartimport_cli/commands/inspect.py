"""smartimport inspect: what a file is, how it is read and why, and the proof. Offline; nothing is stored."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from smartimport_cli.commands import options as o
from smartimport_cli.context import Answer, Context
from smartimport_cli.core.errors import ExitCode, SmartImportError, UsageError

if TYPE_CHECKING:
    from smartimport_cli.core.model import Choices, Reading
    from smartimport_cli.terminal import Terminal


def inspect(
    ctx: typer.Context,
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Statements; - is standard input.")],
    rows: Annotated[int, typer.Option("--rows", min=0, help="How many rows to show.")] = 5,
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
    write_description: Annotated[
        str | None,
        typer.Option(
            "--write-description",
            metavar="NAME",
            help="Keep how it is read, for all files with its columns, in banks/NAME.toml of the configuration.",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a description of that name.")] = False,
    password_file: o.PasswordFileOption = None,
) -> Answer:
    """What a file is, how it is read and why, and what its balances prove. Nothing is stored."""
    from smartimport_cli.statement_file import MAX_SIZE

    choices = o.choices_of(
        format=format, encoding=encoding, delimiter=delimiter, header=header, date_order=date_order,
        decimal=decimal, sign=sign, currency=currency, account=account, column=column,
    )  # fmt: skip
    limit = o.size_in_bytes(max_size, MAX_SIZE)
    context: Context = ctx.obj
    if write_description is not None and len(files) != 1:
        raise UsageError("bad-option", "A description is written from one file.", hint="Name one file.")
    documents: list[dict[str, Any]] = []
    errors: list[SmartImportError] = []
    for file in files:
        try:
            described = _described(context, file, choices, limit, password_file, write_description, force)
            documents.append(described)
        except SmartImportError as error:
            errors.append(error)
            documents.append({"schema": "smartimport.inspect/1", "file": file, "error": error.to_json()})

    def write(terminal: "Terminal") -> None:
        from smartimport_cli.views.errors import render_error
        from smartimport_cli.views.inspect import render_inspection

        failed = iter(errors)
        for document in documents:
            if "error" not in document:
                terminal.out(
                    render_inspection(
                        document,
                        rows=rows,
                        width=terminal.width,
                        unicode=terminal.unicode,
                        color=terminal.color_out,
                    )
                )
                if written := document.get("description"):
                    terminal.err(f"Written: {written}  Files with these columns are read by it from now on.")
            elif len(documents) > 1:
                terminal.err(render_error(terminal, next(failed)))

    code = ExitCode.DONE if not errors else errors[0].exit_code
    if len(documents) == 1:
        return Answer(documents[0], write, code, errors[0] if errors else None)
    whole = {"schema": "smartimport.inspections/1", "files": documents}
    if not errors:
        return Answer(whole, write)
    refused = SmartImportError(
        "some-refused", f"{len(errors)} of {len(files)} files were refused.", exit_code=code
    )
    return Answer(whole, write, code, refused)


def _described(
    context: Context, file: str, choices: "Choices", limit: int, password_file: str | None, name: str | None, force: bool
) -> dict[str, Any]:
    from smartimport_cli import statements
    from smartimport_cli.statements.describe import describe
    from smartimport_cli.unlock import open_unlocked

    with open_unlocked(
        file, choices, context.terminal, password_file=password_file, max_size=limit
    ) as opened:
        reading = statements.read(
            opened.file, name=opened.name, size=opened.size, choices=choices, resources=context.resources
        )
        document = describe(opened.name, reading)
    if name is not None:
        document["description"] = _written(context, reading, name, force)
    return document


def _written(context: Context, reading: "Reading", name: str, force: bool) -> str:
    from smartimport_cli.core.text import clean
    from smartimport_cli.resources import save_description
    from smartimport_cli.statements.descriptions import of_layout

    if reading.layout is None:
        raise UsageError(
            "no-description",
            f"A file of the format {reading.format} says itself what it holds; only delimited text is described.",
        )
    folder = context.settings.config_file.parent
    return clean(str(save_description(folder, name, of_layout(reading.layout), replace=force)))
