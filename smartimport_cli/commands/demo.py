"""smartimport demo: the main job on a sample statement that ships with the package."""

import shutil
from importlib.resources import as_file, files

import typer

from smartimport_cli.commands import options as o
from smartimport_cli.context import Answer, Context

SAMPLE = "everyday-checking.csv"


def demo(ctx: typer.Context, yes: o.YesOption = False) -> Answer:
    """The main job on a sample statement, in a data folder of its own; your data is not touched."""
    from smartimport_cli.attend import Deciding, import_statement
    from smartimport_cli.core.model import Choices
    from smartimport_cli.statement_file import open_statement

    context: Context = ctx.obj
    folder = context.settings.data_dir / "demo"
    shutil.rmtree(folder, ignore_errors=True)  # every demo starts anew
    context.use_folder(folder)
    # Without a person to ask, the demo says yes: it shows the whole of the job, and only in its own folder.
    deciding = Deciding(yes=yes or not context.may_ask)
    with (
        as_file(files("smartimport_cli") / "sample" / SAMPLE) as sample,
        open_statement(str(sample), Choices()) as statement,
    ):
        return import_statement(context, str(sample), statement, deciding)
