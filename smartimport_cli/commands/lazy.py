"""A command group that imports only the command that runs, and takes the global options everywhere.

How `cli` wires it:

    COMMANDS = {
        "import": Entry("smartimport_cli.commands.import_:import_", "Bring statements in.", "The main job"),
        ...
    }

    def app() -> LazyGroup:
        return LazyGroup(COMMANDS, prepare=prepare, help="Bank statements in: read, proved, ...")

    def prepare(flags: dict[str, object]) -> Context:    # called once, when the line was parsed without error
        return Context(Terminal(...), settings.load(flags, os.environ, Path.cwd()))

    answer = app().run(sys.argv[1:])

`run` returns what the command returned (an Answer), or None where help was printed. Wrong use raises
core.errors.UsageError. Whatever `prepare` and the command raise comes through as it is. Inside a command
`ctx.obj` is what `prepare` gave. `flags` has every name in GLOBALS, None where the line did not say it; the
same flag after the command wins over one before it. `globals_of(argv)` finds them in a line that could not be
parsed, so that an error can be told in the form that was asked for. SMARTIMPORT_* is settings' business.
"""

import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from functools import cache, partial
from importlib import import_module
from typing import Annotated, Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from smartimport_cli.core.errors import ExitCode, SmartImportError, UsageError
from smartimport_cli.core.text import clean

_FLAGS = "smartimport.flags"  # where the parsed global options lie in the root context's meta
_SUFFIXES = (
    ".csv",
    ".tsv",
    ".txt",
    ".ofx",
    ".qfx",
    ".qif",
    ".qbo",
    ".xml",
    ".sta",
    ".mt940",
    ".bai",
    ".bai2",
    ".xlsx",
    ".pdf",
)
# Typer brings its own copy of click from 0.26 on; its errors are found through what typer does export.
_ParserError: type[Exception] = next(c for c in typer.BadParameter.__mro__ if c.__name__ == "ClickException")


class Entry(NamedTuple):
    """Where a command is (`package.module:function`), what it does in one line, under which heading."""

    target: str
    help: str
    section: str = "Commands"


def _everywhere(
    backend: Annotated[
        str | None, typer.Option("--backend", metavar="NAME", help="local, a profile, or a URL.")
    ] = None,
    data_dir: Annotated[
        str | None,
        typer.Option("--data-dir", metavar="DIR", help="Where the embedded backend keeps its data."),
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FORM", help="text, json or jsonl.")
    ] = None,
    json: Annotated[bool | None, typer.Option("--json", help="Short for -o json.")] = None,
    quiet: Annotated[bool | None, typer.Option("--quiet", "-q", help="Say only what went wrong.")] = None,
    debug: Annotated[bool | None, typer.Option("--debug", help="Show tracebacks.")] = None,
    no_input: Annotated[bool | None, typer.Option("--no-input", help="Never ask.")] = None,
    color: Annotated[
        str | None, typer.Option("--color", metavar="WHEN", help="auto, always or never.")
    ] = None,
    progress: Annotated[
        str | None, typer.Option("--progress", metavar="HOW", help="auto, bar, lines or none.")
    ] = None,
    timeout: Annotated[
        str | None,
        typer.Option("--timeout", metavar="DURATION", help="Wait no longer, e.g. 90s or 2m; it goes on."),
    ] = None,
    record: Annotated[
        str | None,
        typer.Option("--record", metavar="FILE", help="Save the events that are followed, nothing personal in them."),
    ] = None,
) -> None:
    """The options of every command."""


GLOBALS = tuple(inspect.signature(_everywhere).parameters)


def globals_of(argv: Sequence[str]) -> dict[str, object]:
    """The global options in a line, as far as they can be made out; for lines that do not parse."""
    flags: dict[str, object] = dict.fromkeys(GLOBALS)
    words = iter(argv)
    for word in words:
        if word == "--":
            break
        name, equals, value = word.partition("=")
        if name in ("--json", "--quiet", "-q", "--debug", "--no-input"):
            flags[{"-q": "quiet"}.get(name, name[2:].replace("-", "_"))] = True
        elif name == "-o" or (name[2:].replace("-", "_") in GLOBALS and name.startswith("--")):
            flags["output" if name == "-o" else name[2:].replace("-", "_")] = (
                value if equals else next(words, None)
            )
        elif word.startswith("-o"):
            flags["output"] = word[2:]
    return flags


class _Command(TyperCommand):
    """A command whose `ctx.obj` is prepared just before it runs, when the whole line is known to be right."""

    prepare: Callable[[dict[str, object]], Any]

    def invoke(self, ctx: Any) -> Any:
        ctx.obj = self.prepare({**dict.fromkeys(GLOBALS), **ctx.find_root().meta.get(_FLAGS, {})})
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as interrupt:  # typer would make a mere number of it, and lose which signal it was
            code = getattr(interrupt, "exit_code", ExitCode.INTERRUPTED)
            raise SmartImportError("interrupted", "Interrupted.", exit_code=code, retryable=True) from None

    def format_options(self, ctx: Any, formatter: Any) -> None:
        _write_options(self, ctx, formatter)


class LazyGroup(TyperGroup):
    """The top level: a table of commands, each imported when it is the one to run."""

    def __init__(
        self,
        entries: Mapping[str, Entry],
        *,
        prepare: Callable[[dict[str, object]], Any],
        name: str = "smartimport",
        help: str = "",
        epilog: str = "",
    ) -> None:
        super().__init__(
            name=name,
            help=help,
            epilog=epilog,
            rich_markup_mode=None,
            params=_global_params(),
            subcommand_metavar="COMMAND ...",
            options_metavar="[OPTIONS]",
            context_settings=_SETTINGS,
        )
        self.entries = entries
        self.prepare = prepare

    def run(self, argv: Sequence[str]) -> Any:
        """Parse the line and run its command; what it returns. Raises UsageError `wrong-use`."""
        try:
            args = list(argv) or ["--help"]
            result = self.main(args=args, prog_name=self.name, standalone_mode=False)
        except _ParserError as error:
            raise _usage_error(error, self.name or "") from None
        return None if isinstance(result, int) else result

    def get_help_option(self, ctx: Any) -> Any:
        option: Any = super().get_help_option(ctx)
        if option is not None:
            option.process_value = partial(_help, option)  # as for the global options
        return option

    def list_commands(self, ctx: Any) -> list[str]:
        return list(self.entries)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command with exactly this name, imported now; None where there is none."""
        entry = self.entries.get(cmd_name)
        if entry is None:
            return None
        module, _, function = entry.target.partition(":")
        app = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)
        app.command(cmd_name, cls=_Command, context_settings=_SETTINGS)(
            getattr(import_module(module), function)
        )
        command = get_command(app)
        command.prepare = self.prepare  # type: ignore[attr-defined]
        command.params.extend(_global_params())
        return command

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        word = args[0]
        if word in self.entries or word.startswith("-"):
            return super().resolve_command(ctx, args)
        raise UsageError("unknown-command", f"There is no command '{clean(word)}'.", hint=self._meant(word))

    def format_options(self, ctx: Any, formatter: Any) -> None:
        sections: dict[str, list[tuple[str, str]]] = {}
        for name, entry in self.entries.items():
            sections.setdefault(entry.section, []).append((name, entry.help))
        width = max((len(name) for name in self.entries), default=0)
        for section, rows in sections.items():
            with formatter.section(section):
                formatter.write_dl([(name.ljust(width), help) for name, help in rows])
        _write_options(self, ctx, formatter)

    def _meant(self, word: str) -> str:
        import os
        from difflib import get_close_matches

        if word.lower().endswith(_SUFFIXES) or os.path.isfile(word):
            return f"Did you mean {self.name} import {clean(word)}?"
        near = get_close_matches(word.lower(), self.entries, n=2)
        if near:
            return "Did you mean " + " or ".join(f"{self.name} {name}" for name in near) + "?"
        return f"{self.name} --help lists the commands."


_SETTINGS: dict[str, Any] = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def _global_params() -> list[Any]:
    """Fresh options that put what they are given into the root context's meta, not into the function."""
    params = [copy(param) for param in _parsed_globals()]
    for param in params:
        # Instead of typer's own checks, which would import pydantic for a mere --help; settings checks the values.
        param.process_value = partial(_remember, param)
        param.expose_value = False
        param.everywhere = True
    return params


@cache
def _parsed_globals() -> list[Any]:
    app = typer.Typer(rich_markup_mode=None, add_completion=False)
    app.command()(_everywhere)
    return list(get_command(app).params)


def _help(option: Any, ctx: Any, value: Any) -> None:
    if value:
        option.callback(ctx, option, value)


def _remember(param: Any, ctx: Any, value: Any) -> None:
    if value is not None:
        ctx.find_root().meta.setdefault(_FLAGS, {})[param.name] = value


def _write_options(command: Any, ctx: Any, formatter: Any) -> None:
    """Own options by panel, then those that go everywhere."""
    sections: dict[str, list[tuple[str, str]]] = {}
    for param in command.get_params(ctx):
        record = param.get_help_record(ctx)
        if record is None:
            continue
        if param.param_type_name == "argument":
            section = "Arguments"
        elif getattr(param, "everywhere", False):
            section = "Everywhere, before or after the command (or as SMARTIMPORT_...)"
        else:
            section = getattr(param, "rich_help_panel", None) or "Options"
        sections.setdefault(section, []).append(record)
    order = sorted(sections, key=lambda s: (s.startswith("Everywhere"), s != "Arguments"))
    for section in order:
        with formatter.section(section):
            formatter.write_dl(sections[section])


def _usage_error(error: Any, name: str) -> UsageError:
    ctx = getattr(error, "ctx", None)
    path = ctx.command_path if ctx is not None else name
    message = clean(error.format_message())
    return UsageError(
        "wrong-use",
        message if message.endswith((".", "?")) else message + ".",
        hint=f"{path} --help says more.",
    )


def loaded(prefix: str) -> bool:
    """Whether a module is imported; for the tests of what a command may import."""
    return prefix in sys.modules
