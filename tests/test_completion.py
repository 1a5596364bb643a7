"""Completion: what it offers, that it knows what the commands know, and that real shells take it."""

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from smartimport_cli import completion, settings
from smartimport_cli.commands.completions import SHELLS, script_of
from tests.backends.conftest import Desk
from tests.backends.statement_files import days, ofx

PROJECT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent


def generator():  # type: ignore[no-untyped-def]
    spec = importlib.util.spec_from_file_location("generate", PROJECT / "completions" / "generate.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("data")
    desk = Desk(folder)
    desk.committed(ofx(days(3)))
    desk.backend.close()
    yield folder


@pytest.fixture(scope="module")
def import_id(data_dir: Path) -> str:
    desk = Desk(data_dir)
    try:
        return desk.backend.resolve("@latest")
    finally:
        desk.backend.close()


def offered(*words: str) -> list[str]:
    return [line.split("\t")[0] for line in completion.candidates(list(words[:-1]), words[-1])]


def test_the_table_is_in_step_with_the_commands() -> None:
    written = (PROJECT / "smartimport_cli" / "completion_table.py").read_text("utf-8")
    assert written == generator().table(), "run: python completions/generate.py"


@pytest.mark.parametrize("shell", SHELLS)
def test_the_scripts_are_in_step(shell: str) -> None:
    assert (PROJECT / "completions" / SHELLS[shell]).read_text("utf-8") == script_of(shell), (
        "run: python completions/generate.py"
    )


def test_commands_options_and_values() -> None:
    assert offered("imp") == ["import"]
    assert {"import", "demo", "watch", "summary"} <= set(offered(""))
    assert "--approve-if" in offered("import", "--app")
    assert offered("--output", "js") == ["json", "jsonl"]
    assert offered("export", "--format", "") == ["csv", "json", "ofx", "beancount", "ledger"]
    assert offered("import", "--format", "") == ["csv", "ofx"]
    assert offered("events", "--type=prime:") == [
        "--type=prime:*",
        "--type=prime:handoff:initiated",
        "--type=prime:message",
    ]
    assert offered("--data-dir", "") == [":folders"]
    assert offered("import", "") == [":files"]
    assert offered("-o", "json", "li") == ["list"]
    assert offered("import", "--timeout", "") == []
    assert offered("nonsense", "") == []


def test_import_ids_come_from_the_data(
    data_dir: Path, import_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMARTIMPORT_DATA_DIR", str(data_dir))
    assert completion.candidates(["show"], "") == [f"{import_id[:8]}\tcommitted march.ofx"]
    assert offered("show", import_id[:3]) == [import_id[:8]]
    assert offered("show", "@l") == ["@latest"]
    monkeypatch.delenv("SMARTIMPORT_DATA_DIR")
    assert offered("--data-dir", str(data_dir), "undo", "") == [import_id[:8]]


def test_the_data_folder_is_found_as_settings_find_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in list(os.environ):
        if name.startswith(("SMARTIMPORT_", "XDG_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))

    def same() -> None:
        assert completion.data_dir([]) == str(settings.load({}, os.environ, tmp_path).data_dir)

    same()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "elsewhere"))
    same()
    config = tmp_path / "config.toml"
    config.write_text('output = "json"\ndata-dir = "~/money"  # mine\n')
    monkeypatch.setenv("SMARTIMPORT_CONFIG", str(config))
    same()
    monkeypatch.setenv("SMARTIMPORT_DATA_DIR", "~/other")
    same()


def test_trouble_never_shows_in_the_shell(tmp_path: Path) -> None:
    for words in ([], ["x"], ["7", "a"], ["-1"], ["1", "show", "\x1b"]):
        done = subprocess.run(
            [sys.executable, "-m", "smartimport_cli", "__complete", *words],
            capture_output=True, env={**os.environ, "SMARTIMPORT_DATA_DIR": str(tmp_path / "none")}, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, b"")


def test_only_what_a_bare_interpreter_has_is_imported(data_dir: Path) -> None:
    code = (
        "import sys; before = set(sys.modules); sys.argv = ['smartimport', '__complete', '1', 'show', ''];"
        "from smartimport_cli.__main__ import main; main();"
        "print(sorted(set(sys.modules) - before), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={**os.environ, "SMARTIMPORT_DATA_DIR": str(data_dir)},
    )  # fmt: skip
    own = [
        "smartimport_cli", "smartimport_cli.__main__", "smartimport_cli.completion",
        "smartimport_cli.completion_table",
    ]  # fmt: skip
    assert eval(done.stderr) == own


def shell(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed")
    return path


@pytest.fixture
def environment(data_dir: Path, tmp_path: Path) -> dict[str, str]:
    return {
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "HOME": str(tmp_path), "TERM": "xterm",
        "SMARTIMPORT_DATA_DIR": str(data_dir), "LC_ALL": "C.UTF-8",
    }  # fmt: skip


def test_fish(environment: dict[str, str], import_id: str) -> None:
    def offers(line: str) -> list[str]:
        done = subprocess.run(
            [shell("fish"), "--no-config", "-c", f"source (smartimport completions fish | psub); complete -C '{line}'"],
            capture_output=True, text=True, env=environment, check=True,
        )  # fmt: skip
        return done.stdout.splitlines()

    assert offers("smartimport show ") == [f"{import_id[:8]}\tcommitted march.ofx"]
    assert "events\tThe event records of an import." in offers("smartimport ev")
    assert "import:parse:start" in offers("smartimport events --type import:parse:")
    assert offers("smartimport export --format b") == ["beancount"]


def typed(child: "pexpect.spawn[str]", text: str, expect: str) -> None:
    """Type `text` and a tab; the line then holds `expect`."""
    child.send("\x15" + text + "\t")
    child.expect_exact(expect, timeout=10)


def test_bash(environment: dict[str, str], import_id: str) -> None:
    child = pexpect.spawn(
        shell("bash"), ["--norc", "--noprofile", "-i"], env={**environment, "PS1": "$ "}, encoding="utf-8",
        dimensions=(24, 120),
    )  # fmt: skip
    child.sendline("source <(smartimport completions bash); echo rea''dy")
    child.expect_exact("ready")
    typed(child, "smartimport summ", "smartimport summary ")
    typed(child, f"smartimport show {import_id[:4]}", f"smartimport show {import_id[:8]}")
    typed(child, "smartimport export --format be", "--format beancount")
    typed(child, "smartimport events --type import:upload:c", "--type import:upload:complete")
    typed(child, "smartimport --output=jsonl li", "--output=jsonl list")
    child.close(force=True)


def test_zsh(environment: dict[str, str], import_id: str, tmp_path: Path) -> None:
    functions = tmp_path / "functions"
    functions.mkdir()
    (functions / "_smartimport").write_text(script_of("zsh"))
    child = pexpect.spawn(
        shell("zsh"), ["-f", "-i"], env={**environment, "PS1": "$ "}, encoding="utf-8", dimensions=(24, 120)
    )
    child.sendline(
        f"zle_highlight=(suffix:none); fpath=({functions} $fpath); autoload -Uz compinit; compinit -u -D; echo rea''dy"
    )
    child.expect_exact("ready")
    typed(child, "smartimport summ", "summary ")
    typed(child, f"smartimport show {import_id[:4]}", import_id[4:8])
    typed(child, "smartimport export --format be", "beancount")
    typed(child, "smartimport events --type import:upload:c", "complete")
    child.close(force=True)


def test_each_argument_has_its_own_values() -> None:
    assert offered("config", "") == ["get", "set", "unset"]
    assert offered("config", "set", "data") == ["data_dir"]
    assert offered("config", "-o", "json", "get", "time") == ["timeout"]
    assert offered("config", "set", "timeout", "") == []
