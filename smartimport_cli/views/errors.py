"""One short paragraph for a failure: what happened, and what to do next."""

from smartimport_cli.core.errors import ExitCode, SmartImportError
from smartimport_cli.terminal import Terminal

# No failures: the import waits, or goes on without this command.
_CALM = {ExitCode.STAGED, ExitCode.INTERRUPTED, ExitCode.TERMINATED, ExitCode.HANGUP, ExitCode.NOTHING_NEW}


def render_error(terminal: Terminal, error: SmartImportError) -> str:
    """The paragraph, coloured where the terminal has colours."""
    text = error.message
    if error.exit_code not in _CALM:
        head = "\x1b[1;31mError:\x1b[0m" if terminal.color_err else "Error:"
        text = f"{head} {text}"
    return f"{text}\n{error.hint}" if error.hint else text
