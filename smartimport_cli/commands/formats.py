"""smartimport formats: what can be read, and what is known of banks."""

from typing import TYPE_CHECKING, Any

import typer

from smartimport_cli.context import Answer, Context

if TYPE_CHECKING:
    from smartimport_cli.terminal import Terminal


def formats(ctx: typer.Context) -> Answer:
    """What can be read: readers, what they need, readers of other packages, and descriptions of banks."""
    from smartimport_cli.resources import installed

    context: Context = ctx.obj
    resources = context.resources
    document: dict[str, Any] = {
        "schema": "smartimport.formats/1",
        "formats": [
            {
                "name": format_.name,
                "title": format_.title,
                "aliases": list(format_.aliases),
                "suffixes": list(format_.suffixes),
                "extra": format_.extra,
                "usable": usable,
                "from": package,
                "trouble": trouble,
            }
            for format_, package, usable, trouble in installed(resources)
        ],
        "descriptions": [
            {
                "name": description.name,
                "file": description.origin,
                "recognised_by": "column names" if description.header else "first lines",
            }
            for description in resources.descriptions()
        ],
    }

    def write(terminal: "Terminal") -> None:
        from smartimport_cli.views.formats import formats_table

        terminal.out(
            formats_table(
                document,
                folder=str(context.settings.config_file.parent / "banks"),
                width=terminal.width,
                unicode=terminal.unicode,
                color=terminal.color_out,
            )
        )

    return Answer(document, write)
