"""Answers a shell that completes a command line; imports next to nothing, so that it feels instant.

`smartimport __complete CURRENT WORD...` gets the words of the line (without the program) and the index of the
one that is being completed; it prints one candidate a line, a tab and its description behind it. The line
`:files` or `:folders` leaves the word to the shell's own completion of paths.
"""

import os
import sys

from smartimport_cli.completion_table import COMMANDS, EVERYWHERE

_FILES, _FOLDERS, _IMPORTS = "FILE", "DIR", "ID"


def complete(arguments: list[str]) -> int:
    """Print the candidates for `arguments` (index, then words); always 0: a shell shows no errors here."""
    try:
        current, words = int(arguments[0]), arguments[1:]
    except (IndexError, ValueError):
        return 0
    if current < 0:
        return 0
    words += [""] * (current + 1 - len(words))
    lines = candidates(words[:current], words[current])
    sys.stdout.buffer.write("".join(line + "\n" for line in lines).encode("utf-8", "replace"))
    return 0


def candidates(before: list[str], word: str) -> list[str]:
    """What `word` may become after the words `before`."""
    command, takes, place = None, None, 0
    options = dict(EVERYWHERE)
    for earlier in before:
        if takes:
            takes = None
        elif earlier.startswith("-"):
            takes = options.get(earlier, ("", ""))[1]
        elif command is None:
            command = earlier
            options = {**EVERYWHERE, **COMMANDS.get(earlier, ("", "", {}))[2]}
        else:
            place += 1
    if takes:
        return _values(takes, word, before)
    if word.startswith("--") and "=" in word:
        name, _, start = word.partition("=")
        values = _values(options.get(name, ("", ""))[1], start, before)
        return [value if value.startswith(":") else f"{name}={value}" for value in values]
    if word.startswith("-"):
        return _matching([f"{name}\t{help}" for name, (help, _) in options.items()], word)
    if command is None:
        return _matching([f"{name}\t{entry[0]}" for name, entry in COMMANDS.items()], word)
    kinds = COMMANDS.get(command, ("", ""))[1].split(" / ")  # the first argument's, the second's ...
    return _values(kinds[min(place, len(kinds) - 1)], word, before)


def _values(kind: str, word: str, before: list[str]) -> list[str]:
    if kind == "VALUE":
        return []
    if kind == _FILES:
        return [":files"]
    if kind == _FOLDERS:
        return [":folders"]
    if kind == _IMPORTS:
        return _matching(
            ["@latest\tthe newest import", *_imports(before)] if word[:1] == "@" else _imports(before), word
        )
    return _matching(kind.split(), word)


def _matching(lines: list[str], word: str) -> list[str]:
    return [line for line in lines if line.startswith(word)]


def _imports(before: list[str]) -> list[str]:
    """The newest imports, from the embedded backend's list of them."""
    lines = []
    try:
        with open(os.path.join(data_dir(before), "recent"), encoding="utf-8", errors="replace") as recent:
            for line in recent:
                id, _, about = line.rstrip("\n").partition("\t")
                lines.append(f"{id[:8]}\t{about.replace(chr(9), ' ')}")
    except OSError:
        pass
    return lines


def data_dir(before: list[str]) -> str:
    """The data folder, as `settings` finds it, without what that imports."""
    for index, word in enumerate(before):
        if word == "--data-dir" and index + 1 < len(before):
            return os.path.expanduser(before[index + 1])
        if word.startswith("--data-dir="):
            return os.path.expanduser(word[11:])
    env = os.environ
    if folder := env.get("SMARTIMPORT_DATA_DIR"):
        return os.path.expanduser(folder)
    return (
        _of_user_file(env.get("SMARTIMPORT_CONFIG") or os.path.join(_config_dir(), "config.toml"))
        or _data_dir()
    )


def _of_user_file(path: str) -> str | None:
    """The one value that matters here; a TOML reader would cost more than all the rest."""
    try:
        with open(path, encoding="utf-8") as file:
            for line in file:
                name, equals, value = line.partition("=")
                if line.startswith("["):
                    break
                if equals and name.strip() in ("data_dir", "data-dir"):
                    return os.path.expanduser(value.split("#")[0].strip().strip("\"'"))
    except (OSError, ValueError):
        pass
    return None


def _data_dir() -> str:
    if sys.platform == "win32":
        return os.path.join(os.environ.get("LOCALAPPDATA", os.path.expanduser("~")), "smartimport")
    if sys.platform == "darwin":
        return os.path.expanduser("~/Library/Application Support/smartimport")
    return os.path.join(
        os.environ.get("XDG_DATA_HOME", "").strip() or os.path.expanduser("~/.local/share"), "smartimport"
    )


def _config_dir() -> str:
    if sys.platform == "linux":
        home = os.environ.get("XDG_CONFIG_HOME", "").strip() or os.path.expanduser("~/.config")
        return os.path.join(home, "smartimport")
    return _data_dir()
