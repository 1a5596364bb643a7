"""The command table, and the only place where a failure becomes a message and an exit code."""

import os
import signal
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from smartimport_cli.commands.lazy import Entry, LazyGroup, globals_of
from smartimport_cli.core.errors import ExitCode, SmartImportError

if TYPE_CHECKING:
    from types import FrameType

    from smartimport_cli.context import Answer, Context
    from smartimport_cli.terminal import Terminal

_MAIN, _LATER, _LOOK, _TOOL = "The main job", "Step by step", "Look at it", "Setting up"
COMMANDS: dict[str, Entry] = {
    "import": Entry("smartimport_cli.commands.import_:import_", "Bring statements in: read, approve, commit.", _MAIN),
    "demo": Entry("smartimport_cli.commands.demo:demo", "The main job on a sample statement.", _MAIN),
    "batch": Entry("smartimport_cli.commands.batch:batch", "Many statements, unattended.", _MAIN),
    "upload": Entry("smartimport_cli.commands.upload:upload", "Stage a statement; stop before the commit.", _LATER),
    "watch": Entry("smartimport_cli.commands.watch:watch", "Attach to an import: its past, then live.", _LATER),
    "preview": Entry("smartimport_cli.commands.preview:preview", "The staged rows, duplicates and proof.", _LATER),
    "approve": Entry("smartimport_cli.commands.approve:approve", "Commit what is staged.", _LATER),
    "reject": Entry("smartimport_cli.commands.reject:reject", "Say no to what is staged.", _LATER),
    "undo": Entry("smartimport_cli.commands.undo:undo", "Take a committed import back.", _LATER),
    "summary": Entry("smartimport_cli.commands.summary:summary", "The Crystal summary again.", _LOOK),
    "categorize": Entry("smartimport_cli.commands.categorize:categorize", "Say what a row was for; others follow.", _LOOK),
    "budget": Entry("smartimport_cli.commands.budget:budget", "What a category may cost in a month.", _LOOK),
    "list": Entry("smartimport_cli.commands.list_:list_", "Imports and their states.", _LOOK),
    "show": Entry("smartimport_cli.commands.show:show", "One import, whole.", _LOOK),
    "export": Entry("smartimport_cli.commands.export:export", "Transactions as csv, json, ofx, beancount ...", _LOOK),
    "inspect": Entry("smartimport_cli.commands.inspect:inspect", "How a file is read and why; stores nothing.", _LOOK),
    "formats": Entry("smartimport_cli.commands.formats:formats", "What can be read, and with what.", _LOOK),
    "events": Entry("smartimport_cli.commands.events:events", "The event records of an import.", _LOOK),
    "replay": Entry("smartimport_cli.commands.replay:replay", "Fold a recording of events.", _LOOK),
    "check": Entry("smartimport_cli.commands.check:check", "Is a backend sound? End to end.", _TOOL),
    "serve": Entry("smartimport_cli.commands.serve:serve", "The embedded backend over HTTP and websocket.", _TOOL),
    "config": Entry("smartimport_cli.commands.config:config", "Paths and values with their origin; get, set, unset.", _TOOL),
    "login": Entry("smartimport_cli.commands.login:login", "Sign in to a backend over the network.", _TOOL),
    "logout": Entry("smartimport_cli.commands.logout:logout", "Forget a sign-in.", _TOOL),
    "db": Entry("smartimport_cli.commands.db:db", "The hosted database: print, apply or verify its schema.", _TOOL),
    "worker": Entry("smartimport_cli.commands.worker:worker", "The hosted database's parse and analyse jobs.", _TOOL),
    "completions": Entry("smartimport_cli.commands.completions:completions", "The script for your shell.", _TOOL),
    "help": Entry("smartimport_cli.commands.help_:help_", "The exit codes.", _TOOL),
}  # fmt: skip

_HELP = "Get bank statements in: read, proved, approved, committed once, and explained."
_EPILOG = "Begin with: smartimport demo   Exit codes: smartimport help exit-codes"


def app(prepare: Any) -> LazyGroup:
    """The command line; `prepare` makes a command's context of the global flags."""
    return LazyGroup(COMMANDS, prepare=prepare, help=_HELP, epilog=_EPILOG)


def main(argv: Sequence[str], env: Mapping[str, str] = os.environ) -> int:
    """Run one command line; its exit code. Whatever happens is told in the form that was asked for."""
    _end_on_signals()
    invocation = _Invocation(argv, env)
    try:
        code = invocation.run()
        sys.stdout.flush()
    except BrokenPipeError:
        # Who read our output has gone; the job itself went as it went.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = invocation.code
    return int(code)


class _Invocation:
    def __init__(self, argv: Sequence[str], env: Mapping[str, str]) -> None:
        self.argv = argv
        self.env = env
        self.context: Context | None = None
        self.code = ExitCode.DONE

    def run(self) -> ExitCode:
        try:
            answer = self._answer()
            if answer is not None:
                self.code = answer.exit_code
                self._tell(answer)
        except (KeyboardInterrupt, SmartImportError) as error:
            self.code = _exit_code(error)
            self._tell_error(error)
        except BrokenPipeError:
            raise
        except Exception as error:
            self.code = ExitCode.BUG
            self._tell_error(_bug(error, self._debug), error)
        return self.code

    def _answer(self) -> "Answer | None":
        try:
            answer: Answer | None = app(self._prepare).run(self.argv)
            # Told before the backend closes: an export is written while it is read.
            if answer is not None and answer.document is None and answer.text is not None:
                answer.text(self.terminal)
                return answer._replace(text=None)
            return answer
        finally:
            if self.context is not None:
                self.context.close()

    def _prepare(self, flags: dict[str, object]) -> "Context":
        from pathlib import Path

        from smartimport_cli import settings
        from smartimport_cli.context import Context
        from smartimport_cli.terminal import Terminal

        loaded = settings.load(flags, self.env, Path.cwd())
        terminal = Terminal.system(self.env, color=loaded.color, no_input=loaded.no_input)
        self.context = Context(terminal, loaded)
        return self.context

    @property
    def terminal(self) -> "Terminal":
        from smartimport_cli.terminal import Terminal

        return self.context.terminal if self.context else Terminal.system(self.env)

    @property
    def _output(self) -> str:
        if self.context is not None:
            return self.context.settings.output
        flags = globals_of(self.argv)
        asked = "json" if flags.get("json") else flags.get("output") or self.env.get("SMARTIMPORT_OUTPUT")
        return asked if asked in ("json", "jsonl") else "text"

    @property
    def _debug(self) -> bool:
        return self.context.settings.debug if self.context else bool(globals_of(self.argv).get("debug"))

    def _tell(self, answer: "Answer") -> None:
        document = answer.document
        if self._output == "text":
            if answer.text is not None:
                answer.text(self.terminal)
        elif document is not None:
            if answer.error is not None:
                document = {**document, "error": answer.error.to_json()}
            self._write_json(document)
        if answer.error is not None:
            self._say_error(answer.error)

    def _tell_error(self, error: BaseException, cause: Exception | None = None) -> None:
        if not isinstance(error, SmartImportError):  # Ctrl-C where there is nothing to detach from
            error = SmartImportError(
                "interrupted", "Interrupted.", exit_code=_exit_code(error), retryable=True
            )
        if self._output != "text":
            self._write_json({"schema": "smartimport.error/1", "error": error.to_json()})
        self._say_error(error)
        if self._debug:
            import traceback

            from smartimport_cli.core.privacy import mask_secrets

            shown = cause or error
            trace = "".join(traceback.format_exception(shown))  # without locals
            self.terminal.err(mask_secrets(trace))

    def _write_json(self, document: dict[str, Any]) -> None:
        import json

        if self._output == "jsonl":
            text = json.dumps({"type": "result", **document}, ensure_ascii=False)
        else:
            text = json.dumps(document, ensure_ascii=False, indent=2)
        self.terminal.raw_out(text + "\n")

    def _say_error(self, error: SmartImportError) -> None:
        from smartimport_cli.views.errors import render_error

        self.terminal.err(render_error(self.terminal, error))


def _exit_code(error: BaseException) -> ExitCode:
    return getattr(error, "exit_code", ExitCode.INTERRUPTED)


def _bug(error: Exception, debug: bool) -> SmartImportError:
    return SmartImportError(
        "bug",
        f"smartimport made a mistake ({type(error).__name__}). What was committed before is safe.",
        hint="Please report what is above."
        if debug
        else "Run it again with --debug and report what it says.",
        exit_code=ExitCode.BUG,
    )


def _end_on_signals() -> None:
    """SIGTERM and SIGHUP unwind like Ctrl-C, so that the screen is given back and no write is cut in two."""

    def end(number: int, frame: "FrameType | None") -> None:
        from smartimport_cli.attend import Signalled

        raise Signalled(ExitCode(128 + number))

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, end)
