"""The README says what is so: its commands exist, its example runs, its options are options."""

import re
import subprocess
import sys
from pathlib import Path

from smartimport_cli.cli import COMMANDS
from smartimport_cli.completion_table import COMMANDS as TABLE
from smartimport_cli.completion_table import EVERYWHERE
from tests.e2e.conftest import Shell
from tests.e2e.conftest import shell as shell

README = (Path(__file__).parent.parent / "README.md").read_text("utf-8")


def test_every_command_is_told_and_every_told_command_exists() -> None:
    told = set(re.findall(r"`(?:smartimport )?([a-z]+)[ `]", README)) & set(COMMANDS)
    assert told == set(COMMANDS)
    for name in re.findall(r"smartimport ([a-z]+)\b", README):
        assert name in COMMANDS, name


def test_every_option_exists() -> None:
    known = set(EVERYWHERE) | {option for _, _, options in TABLE.values() for option in options}
    ours = re.sub(r"^.*(?:pip|python) .*$", "", README, flags=re.M)
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", ours)) <= known


def test_the_example_runs(shell: Shell) -> None:
    shell.run("import", shell.statement(5), "--yes")
    (example,) = re.findall(r"```python\n(.*?)```", README, re.S)
    example = example.replace('"@latest"', f'"@latest", data_dir={str(shell.folder / "data")!r}')
    done = subprocess.run([sys.executable, "-c", example], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "complete 5"
    assert "1 import:upload:start" in done.stdout
