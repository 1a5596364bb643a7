"""smartimport config: where things are, which value comes from where, and the user's file changed."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from smartimport_cli.context import Answer, Context
from smartimport_cli.core.errors import UsageError
from smartimport_cli.core.text import clean

if TYPE_CHECKING:
    from smartimport_cli.terminal import Terminal

_SHOWN = (
    "backend", "data_dir", "config_file", "output", "quiet", "debug", "no_input", "color", "progress", "timeout",
)  # fmt: skip


_SCHEMA = "smartimport.config/1"
ACTIONS = ("get", "set", "unset")


def config(
    ctx: typer.Context,
    action: Annotated[
        str | None,
        typer.Argument(metavar="[CHANGE]", help="get, set or unset; left out: show all.", show_default=False),
    ] = None,
    key: Annotated[
        str | None,
        typer.Argument(metavar="[KEY]", help="timeout, data_dir, profiles.work.url ...", show_default=False),
    ] = None,
    value: Annotated[
        str | None, typer.Argument(metavar="[VALUE]", help="For set.", show_default=False)
    ] = None,
) -> Answer:
    """Paths and values with their origin; or one value shown, set in your own file, or taken out of it."""
    context: Context = ctx.obj
    if action is None:
        return _all(context)
    if action == "get" and key and value is None:
        return _get(context, key)
    if action == "set" and key and value is not None:
        return _change(context, key, value)
    if action == "unset" and key and value is None:
        return _change(context, key, None)
    raise UsageError(
        "wrong-use", "config takes nothing, get KEY, set KEY VALUE, or unset KEY.",
        hint="For example: smartimport config set timeout 2m",
    )  # fmt: skip


def _get(context: Context, key: str) -> Answer:
    from smartimport_cli.config_file import parts_of

    parts = parts_of(key)
    settings = context.settings
    origin = settings.origins.get(parts[0], "user file")
    found: Any = {"profiles": settings.profiles, "prose": settings.prose}.get(parts[0])
    if found is None:
        found = getattr(settings, parts[0])
    for part in parts[1:]:
        found = found.get(part) if isinstance(found, Mapping) else None
    if found is None or isinstance(found, Mapping):
        raise UsageError("not-set", f"'{clean(key)}' is not set.", hint="smartimport config shows what is.")
    shown = found if isinstance(found, str | bool | int | float) else str(found)
    return Answer(
        {"schema": _SCHEMA, "key": key, "value": shown, "origin": origin},
        lambda terminal: terminal.out(_plain(shown)),
    )


def _change(context: Context, key: str, value: str | None) -> Answer:
    from smartimport_cli.config_file import change

    settings = context.settings
    file = change(settings.config_file, key, value, partial(_check, context, key))

    def write(terminal: "Terminal") -> None:
        done = f"{clean(key)} is taken out of" if value is None else f"{clean(key)} is {clean(value)} in"
        terminal.out(f"{done} {clean(str(file))}")
        origin = settings.origins.get(key.replace("-", "_"), "")
        if origin.startswith(("environment", "project")):
            terminal.err(f"The {origin} goes before it.")

    return Answer({"schema": _SCHEMA, "key": key, "value": value, "file": str(file)}, write)


def _check(context: Context, key: str, values: Mapping[str, Any]) -> None:
    """Raises UsageError where the file would hold what no command could work with."""
    from smartimport_cli.settings import check_user_file

    check_user_file(values, context.settings.config_file)
    if key == "backend" or key.startswith("profiles."):
        from smartimport_cli.backends import check_backends

        check_backends(values)


def _all(context: Context) -> Answer:
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
            terminal.out(f"{name.replace('_', '-'):<12} {_plain(entry['value']):<44} ({entry['origin']})")
        if settings.profiles:
            terminal.out("profiles     " + ", ".join(sorted(settings.profiles)))

    return Answer({"schema": _SCHEMA, "settings": values, "profiles": sorted(settings.profiles)}, write)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "-" if value is None else clean(str(value))
