import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pexpect
import pytest

from tests.backends.statement_files import days, ofx

SMARTIMPORT = str(Path(sys.executable).parent / "smartimport")


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The one JSON document on standard output."""
        document: dict[str, Any] = json.loads(self.out)
        return document

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Standard output as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


class Shell:
    """Runs the installed command in a folder and a data folder of its own, as a script or a person does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.env = {
            "PATH": os.environ["PATH"], "HOME": str(folder), "SMARTIMPORT_DATA_DIR": str(folder / "data"),
            "LC_ALL": "C.UTF-8", "TZ": "UTC", "TERM": "xterm-256color",
        }  # fmt: skip

    def file(self, name: str, content: bytes) -> str:
        path = self.folder / name
        path.write_bytes(content)
        return name

    def statement(self, rows: int = 5, name: str = "march.ofx") -> str:
        return self.file(name, ofx(days(rows)))

    def run(self, *args: str, input: bytes = b"", env: dict[str, str] | None = None) -> Done:
        """Through pipes."""
        done = subprocess.run(
            [SMARTIMPORT, *args], input=input, capture_output=True, cwd=self.folder,
            env={**self.env, **(env or {})}, check=False, timeout=60,
        )  # fmt: skip
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    def start(self, *args: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [SMARTIMPORT, *args], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            cwd=self.folder, env=self.env,
        )  # fmt: skip

    def terminal(
        self, *args: str, columns: int = 100, env: dict[str, str] | None = None
    ) -> "pexpect.spawn[str]":
        """On a pseudo-terminal."""
        return pexpect.spawn(
            SMARTIMPORT, list(args), cwd=str(self.folder), env={**self.env, **(env or {})},  # type: ignore[arg-type]
            encoding="utf-8", dimensions=(40, columns), timeout=20,
        )  # fmt: skip


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


@pytest.fixture
def ended() -> Callable[["pexpect.spawn[str]"], int]:
    """The exit code of a terminal command, once it has ended."""

    def wait(child: "pexpect.spawn[str]") -> int:
        child.expect(pexpect.EOF)
        child.close()
        return child.exitstatus if child.exitstatus is not None else 128 + (child.signalstatus or 0)

    return wait
