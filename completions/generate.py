"""Writes what completion knows of the command line, from the commands themselves:

    python completions/generate.py

smartimport_cli/completion_table.py (commands, options and what they take, as plain literals that load in a
millisecond) and this folder's copies of the scripts. A test says when they are out of step.
"""

import shutil
from pathlib import Path
from pprint import pformat
from typing import Any

from smartimport_cli.backends.local.schema import STATUSES
from smartimport_cli.cli import COMMANDS, app
from smartimport_cli.commands.completions import SHELLS
from smartimport_cli.commands.config import ACTIONS as CHANGES
from smartimport_cli.commands.db import ACTIONS
from smartimport_cli.core.events import EVENT_TYPES
from smartimport_cli.export import FORMATS
from smartimport_cli.settings import COLORS, KEYS, OUTPUTS, PROGRESSES

HERE = Path(__file__).parent
PACKAGE = HERE.parent / "smartimport_cli"

# What an option takes, where its name alone tells; `command option` goes before `option`.
VALUES = {
    "--output": " ".join(OUTPUTS),
    "-o": " ".join(OUTPUTS),
    "--color": " ".join(COLORS),
    "--progress": " ".join(PROGRESSES),
    "--backend": "local",
    "--data-dir": "DIR",
    "--format": "csv ofx",
    "export --format": " ".join(FORMATS),
    "export -f": " ".join(FORMATS),
    "--date-order": "dmy mdy ymd",
    "--decimal": ". ,",
    "--sign": "normal inverted",
    "--approve-if": "proved no-doubts no-duplicates max-rows= max-total= max-duplicates=",
    "--type": " ".join(["*", "import:*", "prime:*", "crystal:*", *EVENT_TYPES]),
    "--status": " ".join(STATUSES),
}
ARGUMENTS = {
    "SHELL": " ".join(SHELLS), "TOPIC": "exit-codes thresholds", "ACTION": "list set remove",
    "TASK": " ".join(ACTIONS), "CHANGE": f"{' '.join(CHANGES)} / {' '.join(KEYS)} / VALUE",
}  # fmt: skip


def table() -> str:
    """The text of completion_table.py."""
    group = app(lambda flags: None)
    everywhere = _options(group, "")
    commands: dict[str, Any] = {}
    for name, entry in COMMANDS.items():
        command = group.get_command(None, name)
        own = {option: about for option, about in _options(command, name).items() if option not in everywhere}
        commands[name] = (entry.help, _argument(command), own)
    return (
        '"""What completion knows of the command line. Written by completions/generate.py."""\n\n'
        "# fmt: off\n# ruff: noqa\n"
        "# option -> (help, what it takes: '' nothing, FILE, DIR, ID, or the values)\n"
        f"EVERYWHERE: dict[str, tuple[str, str]] = {pformat(everywhere, width=110, sort_dicts=False)}\n\n"
        "# command -> (help, what its arguments are, its own options)\n"
        "COMMANDS: dict[str, tuple[str, str, dict[str, tuple[str, str]]]] = "
        f"{pformat(commands, width=110, sort_dicts=False)}\n"
    )


def _options(command: Any, name: str) -> dict[str, tuple[str, str]]:
    options = {}
    for param in command.params:
        if param.param_type_name != "option":
            continue
        for flag in (*param.opts, *param.secondary_opts):
            takes = "" if param.is_flag else VALUES.get(f"{name} {flag}") or VALUES.get(flag, "VALUE")
            options[flag] = (" ".join((param.help or "").split()), takes)
    if name:
        options["--help"] = ("Show the help of this command.", "")
    else:
        options["--help"] = ("Show the help.", "")
        options["--version"] = ("Show the version.", "")
    return options


def _argument(command: Any) -> str:
    for param in command.params:
        if param.param_type_name == "argument":
            metavar = (param.metavar or "").strip("[].")
            return ARGUMENTS.get(metavar, metavar)
    return ""


def write() -> None:
    """Bring table and scripts into step."""
    (PACKAGE / "completion_table.py").write_text(table(), "utf-8")
    for script in SHELLS.values():
        shutil.copyfile(PACKAGE / "completion_scripts" / script, HERE / script)


if __name__ == "__main__":
    write()
