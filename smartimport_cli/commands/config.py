"""smartimport config: where things are, and which value comes from where."""

from typing import TYPE_CHECKING

import typer

from smartimport_cli.context import Answer, Context

if TYPE_CHECKING:
    from smartimport_cli.terminal import Terminal

_SHOWN = (
    "backend", "data_dir", "config_file", "output", "quiet", "debug", "no_input", "color", "progress", "timeout",
)  # fmt: skip


def config(ctx: typer.Context) -> Answer:
    """Paths and values with their origin."""
    context: Context = ctx.obj
    settings = context.settings
    values = {
        name: {
            "value": value
            if isinstance(value := getattr(settings, name), str | bool | float | None)
            else str(value),
            "origin": settings.origins.get(name, "SMARTIMPORT_CONFIG or default"),
        }
        for name in _SHOWN
    }

    def write(terminal: "Terminal") -> None:
        for name, entry in values.items():
            value = (
                "-"
                if entry["value"] is None
                else str(entry["value"]).replace("True", "yes").replace("False", "no")
            )
            terminal.out(f"{name.replace('_', '-'):<12} {value:<44} ({entry['origin']})")
        if settings.profiles:
            terminal.out("profiles     " + ", ".join(sorted(settings.profiles)))

    return Answer(
        {"schema": "smartimport.config/1", "settings": values, "profiles": sorted(settings.profiles)}, write
    )
