"""smartimport config: a value shown, set and taken out; the rest of the person's file stays as they wrote it."""

import os
import stat
from pathlib import Path

import pytest

from tests.e2e.conftest import Shell

URL = "https://imports.example.com"
WRITTEN = """\
# mine
timeout = "90s"   # long enough

data-dir = "~/money" # the big disk

[profiles.work]  # the office
url = "https://old.example.com"
api = "documents"
"""


@pytest.fixture
def file(shell: Shell) -> Path:
    shell.env["SMARTIMPORT_CONFIG"] = str(shell.folder / "sub" / "config.toml")
    return shell.folder / "sub" / "config.toml"


def test_a_value_is_set_shown_and_taken_out(shell: Shell, file: Path) -> None:
    done = shell.run("config", "set", "timeout", "2m")
    assert (done.code, done.out) == (0, f"timeout is 2m in {file}\n"), done.err
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert shell.run("config", "get", "timeout").out == "120.0\n"
    shown = shell.run("config", "get", "timeout", "-o", "json").document
    assert (shown["value"], shown["origin"]) == (120, f"user file {file}")
    assert shell.run("config", "unset", "timeout").code == 0
    missing = shell.run("config", "get", "timeout", "-o", "json")
    assert (missing.code, missing.document["error"]["code"]) == (2, "not-set")
    assert os.listdir(file.parent) == ["config.toml"]


def test_what_the_person_wrote_stays(shell: Shell, file: Path) -> None:
    file.parent.mkdir()
    file.write_text(WRITTEN)
    file.chmod(0o644)
    assert shell.run("config", "set", "profiles.work.url", URL).code == 0
    assert shell.run("config", "set", "data_dir", "~/elsewhere").code == 0
    expected = WRITTEN.replace("https://old.example.com", URL).replace("~/money", "~/elsewhere")
    assert file.read_text() == expected
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert shell.run("config", "set", "profiles.token-desk.url", URL).code == 0
    for name in ("token-desk", "work"):
        assert shell.run("config", "unset", f"profiles.{name}").code == 0
    assert file.read_text() == expected.partition("[profiles.work]")[0]


def test_profiles_are_made_and_used(shell: Shell, file: Path) -> None:
    for key, value in (("url", URL), ("pipeline", "client"), ("give_up", "60"), ("api_key", "public")):
        assert shell.run("config", "set", f"profiles.my-work.{key}", value).code == 0
    assert shell.run("config", "set", "backend", "my-work").code == 0
    assert shell.run("config", "get", "profiles.my-work.give_up").out == "60\n"
    assert shell.run("config", "-o", "json").document["profiles"] == ["my-work"]
    left = shell.run("config", "unset", "profiles.my-work", "-o", "json")  # it is still the backend
    assert (left.code, left.document["error"]["code"]) == (2, "unknown-backend")
    assert shell.run("config", "get", "backend").out == "my-work\n"


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("output", "xml", "bad-setting"),
        ("timeout", "soon", "bad-setting"),
        ("quiet", "perhaps", "bad-setting"),
        ("colour", "never", "unknown-key"),
        ("profiles", "x", "unknown-key"),
        ("profiles.work", "x", "unknown-key"),
        ("profiles.work.api", "graphql", "bad-profile"),
        ("profiles.work.url", "http://imports.example.com", "bad-profile"),
        ("profiles.work.url", "https://ann:s3cret@imports.example.com", "bad-profile"),
        ("profiles.work.colour", "red", "bad-profile"),
        ("profiles.work.give_up", "never", "bad-profile"),
        ("profiles.work.api_key", "sb_secret_s3cret", "bad-profile"),
        ("profiles.work.token", "s3cret", "secret-in-config"),
        ("token", "s3cret", "secret-in-config"),
        ("prose.key", "s3cret", "secret-in-config"),
        ("prose.colour", "red", "unknown-key"),
        ("backend", "nowhere", "unknown-backend"),
        ("backend", "https://ann:s3cret@imports.example.com", "bad-profile"),
    ],
)
def test_what_no_command_could_use_is_not_written(
    shell: Shell, file: Path, key: str, value: str, code: str
) -> None:
    file.parent.mkdir()
    file.write_text(WRITTEN)
    refused = shell.run("config", "set", key, value, "-o", "json")
    assert (refused.code, refused.document["error"]["code"]) == (2, code)
    assert "s3cret" not in refused.out + refused.err
    assert file.read_text() == WRITTEN


def test_wrong_use_and_a_file_that_cannot_be_written(shell: Shell, file: Path) -> None:
    for words in (["get"], ["set", "timeout"], ["unset", "timeout", "2m"], ["change", "timeout", "2m"]):
        assert shell.run("config", *words).code == 2
    assert "not-set" in shell.run("config", "unset", "prose.model", "-o", "json").out
    file.mkdir(parents=True)
    assert shell.run("config", "set", "quiet", "yes").code == 2


def test_a_value_that_something_goes_before_is_told(shell: Shell, file: Path) -> None:
    done = shell.run("config", "set", "output", "text", env={"SMARTIMPORT_OUTPUT": "text"})
    assert (done.code, done.err) == (0, "The environment SMARTIMPORT_OUTPUT goes before it.\n")


def test_a_link_stays_a_link(shell: Shell, file: Path) -> None:
    file.parent.mkdir()
    kept = shell.folder / "dotfiles.toml"
    kept.write_text("# kept\n")
    file.symlink_to(kept)
    assert shell.run("config", "set", "quiet", "yes").code == 0
    assert file.is_symlink() and kept.read_text() == "# kept\nquiet = true\n"
