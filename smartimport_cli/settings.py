"""What was set, and where: flags, environment, the project's smartimport.toml, the user's file, defaults."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from smartimport_cli.core.errors import UsageError
from smartimport_cli.core.text import clean

OUTPUTS = ("text", "json", "jsonl")
COLORS = ("auto", "always", "never")
PROGRESSES = ("auto", "bar", "lines", "none")
PROJECT_FILE = "smartimport.toml"

_CHOICES = {"output": OUTPUTS, "color": COLORS, "progress": PROGRESSES}
SWITCHES = ("quiet", "debug", "no_input")
_PATHS = {"data_dir": "a folder", "record": "a file"}
KEYS = ("backend", *_PATHS, *_CHOICES, *SWITCHES, "timeout")
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h)?")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, None: 1.0}
_YES, _NO = ("1", "true", "yes", "on"), ("0", "false", "no", "off", "")
# What a project may not decide for the person who works in it: where data goes, with whose rights, how safely.
_PROJECT_MAY = ("backend", "output", "quiet", "no_input", "color", "progress", "timeout")


@dataclass(frozen=True, slots=True)
class Settings:
    """The values that hold for one invocation; `origins` says where each came from, for `smartimport config`."""

    data_dir: Path
    config_file: Path
    backend: str = "local"  # local, the name of a profile, or a URL
    output: str = "text"
    quiet: bool = False
    debug: bool = False
    no_input: bool = False
    color: str = "auto"
    progress: str = "auto"
    timeout: float | None = None  # seconds
    record: Path | None = None  # where the events that are followed are saved
    profiles: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # from the user's file only
    prose: Mapping[str, Any] = field(default_factory=dict)  # [prose], from the user's file only
    origins: Mapping[str, str] = field(default_factory=dict)


def load(flags: Mapping[str, object], env: Mapping[str, str], cwd: Path) -> Settings:
    """The first of flag, SMARTIMPORT_* variable, project file, user file and default that says something.

    `flags` holds what was given on the command line (None: not given), `json` among them as a short form.
    Raises UsageError `bad-setting` (value, origin and what is allowed), `bad-config-file`, or
    `project-may-not` where a project file sets what only the user may.
    """
    config_file = Path(env.get("SMARTIMPORT_CONFIG") or default_config_dir() / "config.toml")
    user = _read(config_file)
    project_file = _project_file(cwd)
    project = _read(project_file) if project_file else {}
    if project_file:
        _allow(project, project_file)
    layers: list[tuple[Mapping[str, object], str]] = [
        (_of_flags(flags), "flag --{flag}"),
        (_of_env(env), "environment {env}"),
        (project, f"project file {clean(str(project_file))}"),
        (user, f"user file {clean(str(config_file))}"),
    ]
    values: dict[str, Any] = {}
    origins = dict.fromkeys(KEYS, "default")
    for name in KEYS:
        for layer, source in layers:
            if (given := layer.get(name)) is not None:
                flag = name.replace("_", "-")
                origin = (
                    source.format(flag=flag, env=f"SMARTIMPORT_{name.upper()}") if "{" in source else source
                )
                values[name], origins[name] = _checked(name, given, origin), origin
                break
    data_dir = values.pop("data_dir", None) or default_data_dir()
    profiles, prose = _tables(user, config_file)
    return Settings(data_dir, config_file, **values, profiles=profiles, prose=prose, origins=origins)


def check_user_file(values: Mapping[str, Any], file: Path) -> None:
    """Raises UsageError as `load` does where the user's file holds these `values`."""
    values = _known({name.replace("-", "_"): value for name, value in values.items()}, clean(str(file)))
    for name in KEYS:
        if name in values:
            _checked(name, values[name], f"user file {clean(str(file))}")
    _tables(values, file)


def _tables(user: Mapping[str, Any], file: Path) -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
    """`[profiles.NAME]` and `[prose]` of the user's file."""
    profiles, prose = user.get("profiles", {}), user.get("prose", {})
    if not isinstance(profiles, dict) or not all(isinstance(p, dict) for p in profiles.values()):
        raise _bad("profiles", profiles, f"user file {clean(str(file))}", "tables [profiles.NAME]")
    if not isinstance(prose, dict):
        raise _bad("prose", prose, f"user file {clean(str(file))}", "a table [prose]")
    return profiles, prose


def default_data_dir() -> Path:
    """Where this platform keeps a user's data."""
    from platformdirs import user_data_path

    return user_data_path("smartimport", appauthor=False)


def default_config_dir() -> Path:
    """Where this platform keeps a user's configuration."""
    from platformdirs import user_config_path

    return user_config_path("smartimport", appauthor=False)


def seconds(text: str) -> float | None:
    """`90s`, `2m`, `1h`, `500ms` or plain seconds; None where it is no duration above zero."""
    match = _DURATION.fullmatch(text.strip().lower())
    value = float(match[1]) * _SECONDS[match[2]] if match else 0.0
    return value or None


def as_switch(value: object) -> bool | None:
    """What `true`, `no`, `on`, `0` ... mean; None where it is neither yes nor no."""
    if not isinstance(value, str) or value.lower() not in (*_YES, *_NO):
        return None
    return value.lower() in _YES


def _of_flags(flags: Mapping[str, object]) -> dict[str, object]:
    given = {name: value for name, value in flags.items() if value is not None and value is not False}
    if given.pop("json", None) and "output" not in given:
        given["output"] = "json"
    return given


def _of_env(env: Mapping[str, str]) -> dict[str, object]:
    given: dict[str, object] = {
        name: value for name in KEYS if (value := env.get(f"SMARTIMPORT_{name.upper()}"))
    }
    if "output" not in given and env.get("SMARTIMPORT_JSON", "").lower() not in _NO:
        given["output"] = "json"
    return given


def _project_file(cwd: Path) -> Path | None:
    for folder in (cwd, *cwd.parents):
        if (file := folder / PROJECT_FILE).is_file():
            return file
    return None


def _read(file: Path) -> dict[str, Any]:
    """The file's values, names with underscores. Raises UsageError `bad-config-file`."""
    import tomllib

    shown = clean(str(file))
    try:
        with file.open("rb") as stream:
            values = tomllib.load(stream)
    except FileNotFoundError:
        return {}
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        reason = clean(str(getattr(error, "strerror", None) or error))
        raise UsageError("bad-config-file", f"{shown} cannot be read: {reason}.") from None
    return _known({name.replace("-", "_"): value for name, value in values.items()}, shown)


def _known(values: dict[str, Any], shown: str) -> dict[str, Any]:
    for name in values:
        if name not in (*KEYS, "profiles", "prose") and not _sensitive(name):
            raise UsageError(
                "bad-config-file",
                f"{shown} sets '{clean(name)}', which is no setting.",
                hint=f"It may set: {', '.join(KEYS)}, profiles, prose.",
            )
    return values


def _allow(project: Mapping[str, Any], file: Path) -> None:
    for name, value in project.items():
        is_url = name == "backend" and isinstance(value, str) and not re.fullmatch(r"[\w.-]+", value)
        if name not in _PROJECT_MAY or is_url:
            what = "a URL" if is_url else f"'{clean(name)}'"
            raise UsageError(
                "project-may-not",
                f"The project file {clean(str(file))} sets {what}; only you may, not a folder you work in.",
                hint="Name a profile there (backend = 'NAME'), and put the rest into your own file "
                "(smartimport config shows where it is).",
            )


def _sensitive(name: str) -> bool:
    return any(word in name.lower() for word in ("url", "token", "key", "tls", "ssl", "verify", "cert"))


def _checked(name: str, value: object, origin: str) -> Any:
    if name in _CHOICES:
        if value not in _CHOICES[name]:
            raise _bad(name, value, origin, "one of " + ", ".join(_CHOICES[name]))
        return value
    if name in SWITCHES:
        switch = value if isinstance(value, bool) else as_switch(value)
        if switch is None:
            raise _bad(name, value, origin, "true or false")
        return switch
    if name == "timeout":
        duration = seconds(str(value)) if not isinstance(value, bool) else None
        if duration is None:
            raise _bad(name, value, origin, "a duration such as 90s, 2m or 1h")
        return duration
    if not isinstance(value, (str, Path)) or not str(value).strip() or "\0" in str(value):
        raise _bad(name, value, origin, _PATHS.get(name, "local, a profile or a URL"))
    return Path(value).expanduser().absolute() if name in _PATHS else str(value)


def _bad(name: str, value: object, origin: str, allowed: str) -> UsageError:
    shown = "" if name == "backend" else f" '{clean(str(value))[:80]}'"  # a URL could hold a password
    return UsageError(
        "bad-setting",
        f"{name.replace('_', '-')} does not take{shown or ' this value'} ({origin}).",
        hint=f"It is {allowed}.",
    )
