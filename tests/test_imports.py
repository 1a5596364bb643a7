"""What a command may import: start-up is part of speed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from smartimport_cli.cli import COMMANDS

HEAVY = (
    "pydantic", "rich", "textual", "httpx", "websockets", "msgspec", "sqlite3", "chardet", "asyncio", "filelock",
)  # fmt: skip


def loaded(tmp_path: Path, *words: str) -> set[str]:
    """The heavy modules that running these words has loaded."""
    code = (
        f"import sys; sys.argv = ['smartimport', *{words!r}]\n"
        "from smartimport_cli.__main__ import main\n"
        "main(); print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path,
        env={**os.environ, "SMARTIMPORT_DATA_DIR": str(tmp_path / "data")},
    )  # fmt: skip
    return set(done.stderr.split()) & set(HEAVY)


@pytest.mark.parametrize("words", [["--help"], *([name, "--help"] for name in COMMANDS)])
def test_help_imports_nothing_heavy(tmp_path: Path, words: list[str]) -> None:
    assert loaded(tmp_path, *words) == set()


def test_commands_import_what_they_run(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Date,Description,Amount\n2026-03-15,Coffee,-4.50\n")
    assert loaded(tmp_path, "inspect", "a.csv") <= {"pydantic"}
    assert loaded(tmp_path, "config") <= {"pydantic"}
    assert loaded(tmp_path, "list") <= {"pydantic", "sqlite3", "filelock", "asyncio"}
    assert loaded(tmp_path, "import", "a.csv", "--yes", "-q") <= {
        "pydantic",
        "sqlite3",
        "filelock",
        "asyncio",
    }


def test_the_full_screen_view_is_loaded_only_to_be_seen(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Date,Description,Amount\n2026-03-15,Coffee,-4.50\n")
    (tmp_path / "edits.csv").write_text("row,category\n1,Coffee\n")
    assert "textual" not in loaded(tmp_path, "upload", "a.csv", "-q")
    assert not {"textual", "rich"} & loaded(tmp_path, "preview", "@latest", "--edit", "edits.csv")
    assert not {"textual", "rich"} & loaded(tmp_path, "import", "a.csv", "--yes", "-q")
    assert not {"textual", "rich"} & loaded(tmp_path, "summary", "--html", "page.html")
