"""Where values come from: flag, environment, project file, user file, default; and what a project may not set."""

from pathlib import Path

import pytest

from smartimport_cli.core.errors import UsageError
from smartimport_cli.settings import load, seconds


@pytest.fixture
def places(tmp_path: Path) -> tuple[dict[str, str], Path]:
    """An environment with a user file, and a project folder."""
    project = tmp_path / "project" / "deep"
    project.mkdir(parents=True)
    return {"SMARTIMPORT_CONFIG": str(tmp_path / "config.toml"), "HOME": str(tmp_path)}, project


def test_the_first_that_says_something_wins(places: tuple[dict[str, str], Path], tmp_path: Path) -> None:
    env, cwd = places
    assert (load({}, env, cwd).output, load({}, env, cwd).origins["output"]) == ("text", "default")
    (tmp_path / "config.toml").write_text('output = "jsonl"\nprogress = "none"\ntimeout = "2m"\n')
    assert load({}, env, cwd).output == "jsonl"
    assert load({}, env, cwd).timeout == 120
    (tmp_path / "project" / "smartimport.toml").write_text('output = "json"\n')
    found = load({}, env, cwd)
    assert (found.output, found.progress) == ("json", "none")
    assert "smartimport.toml" in found.origins["output"]
    env["SMARTIMPORT_OUTPUT"] = "text"
    assert load({}, env, cwd).origins["output"] == "environment SMARTIMPORT_OUTPUT"
    assert load({"output": "jsonl"}, env, cwd).origins["output"] == "flag --output"
    assert load({"json": True}, env, cwd).output == "json"
    assert load({"json": True, "output": "jsonl"}, env, cwd).output == "jsonl"


@pytest.mark.parametrize(
    "line",
    [
        'data_dir = "/tmp/x"',
        'backend = "https://evil.example"',
        'token = "x"',
        "debug = true",
        "tls_verify = false",
    ],
)
def test_a_project_file_may_not_move_data_or_trust(
    places: tuple[dict[str, str], Path], tmp_path: Path, line: str
) -> None:
    env, cwd = places
    (tmp_path / "project" / "smartimport.toml").write_text(line + "\n")
    with pytest.raises(UsageError) as refused:
        load({}, env, cwd)
    assert refused.value.code == "project-may-not"
    assert "evil" not in refused.value.message


def test_a_project_file_may_name_a_profile(places: tuple[dict[str, str], Path], tmp_path: Path) -> None:
    env, cwd = places
    (tmp_path / "project" / "smartimport.toml").write_text('backend = "work"\n')
    assert load({}, env, cwd).backend == "work"


@pytest.mark.parametrize(
    ("flags", "word"),
    [
        ({"output": "xml"}, "jsonl"),
        ({"timeout": "soon"}, "90s"),
        ({"progress": "much"}, "bar"),
        ({"backend": " "}, "profile"),
        ({"data_dir": "a\0b"}, "folder"),
    ],
)
def test_a_wrong_value_is_refused_with_what_fits(
    places: tuple[dict[str, str], Path], flags: dict[str, object], word: str
) -> None:
    env, cwd = places
    with pytest.raises(UsageError) as refused:
        load(flags, env, cwd)
    assert refused.value.code == "bad-setting"
    assert word in refused.value.hint


@pytest.mark.parametrize("text", ["output =", "colour = 'always'", "\x00", "profiles = 3"])
def test_a_broken_user_file_is_refused(
    places: tuple[dict[str, str], Path], tmp_path: Path, text: str
) -> None:
    env, cwd = places
    (tmp_path / "config.toml").write_text(text)
    with pytest.raises(UsageError):
        load({}, env, cwd)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("90s", 90),
        ("2m", 120),
        ("1h", 3600),
        ("500ms", 0.5),
        ("7", 7),
        ("0s", None),
        ("-1", None),
        ("x", None),
    ],
)
def test_durations(text: str, value: float | None) -> None:
    assert seconds(text) == value
