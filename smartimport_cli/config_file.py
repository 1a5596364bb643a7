"""The user's configuration file, changed one value at a time: comments, order and everything else stay."""

import os
import re
from collections.abc import Callable, Mapping, MutableMapping
from pathlib import Path
from typing import Any

from smartimport_cli.core.errors import UsageError
from smartimport_cli.core.text import clean
from smartimport_cli.settings import KEYS, SWITCHES, as_switch

_SECRET = re.compile(r"token|password|secret|service_role|key", re.IGNORECASE)
_NO_SECRET = ("api_key", "key_env")  # the project's public key; the name of a variable
_PROSE = ("url", "model", "key_env")
_TABLES = {"profiles": 3, "prose": 2}  # and how many parts a key in them has

Check = Callable[[Mapping[str, Any]], None]  # of all values of the file as it would be; raises UsageError


def parts_of(key: str) -> tuple[str, ...]:
    """`timeout`, `prose.model` and `profiles.work.url` in their parts. Raises UsageError `unknown-key`, or
    `secret-in-config` for one that would hold a secret."""
    first, _, rest = key.partition(".")
    first = first.replace("-", "_")
    table, dot, last = rest.rpartition(".")
    name = (last if dot or first != "profiles" else "") or first
    if _SECRET.search(name) and name not in _NO_SECRET:
        raise UsageError(
            "secret-in-config", f"'{clean(key)[:80]}' would hold a secret, and a file is no place for one.",
            hint="Sign in: smartimport login (it keeps tokens in the keyring). A language model's key: prose.key_env "
            "names the variable that holds it.",
        )  # fmt: skip
    if first in KEYS and not rest:
        return (first,)
    if first == "profiles" and rest:
        return (first, table, last) if dot else (first, last)
    if first == "prose" and rest in _PROSE:
        return first, rest
    raise UsageError(
        "unknown-key", f"'{clean(key)[:80]}' is no setting.",
        hint=f"It is one of {', '.join(KEYS)}, profiles.NAME.url (api_key, api, pipeline ...), prose.url (model, key_env).",
    )  # fmt: skip


def change(file: Path, key: str, text: str | None, check: Check) -> Path:
    """Set `key` to what `text` means, or take it out (None), and write the file: private, whole or not at all.
    Where it was written. Raises UsageError: what `check` and `parts_of` raise, `not-set`, or `cannot-write`."""
    import tomlkit

    parts = parts_of(key)
    if text is not None and parts[0] in _TABLES and len(parts) != _TABLES[parts[0]]:
        raise UsageError(
            "unknown-key", f"'{clean(key)[:80]}' is a table.", hint=f"Set one of its keys: {clean(key)}.url"
        )
    document = tomlkit.parse(_text(file))
    if text is None:
        _remove(document, parts, key)
    else:
        table: Any = document
        for part in parts[:-1]:
            table = table.setdefault(part, tomlkit.table(is_super_table=part == "profiles"))
        table[_spelling(table, parts[-1])] = _value(parts[-1], text)
    check(document.unwrap())
    return _write(file, tomlkit.dumps(document))


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except FileNotFoundError:
        return ""


def _remove(document: MutableMapping[str, Any], parts: tuple[str, ...], key: str) -> None:
    tables: list[Any] = [document]
    for part in parts[:-1]:
        tables.append(tables[-1].get(part, {}))
    if (last := _spelling(tables[-1], parts[-1])) not in tables[-1]:
        raise UsageError("not-set", f"The file does not set '{clean(key)[:80]}'.", hint="smartimport config")
    del tables[-1][last]
    for table, part in reversed(list(zip(tables, parts[:-1], strict=False))):
        if not table[part]:
            del table[part]


def _spelling(table: Mapping[str, Any], name: str) -> str:
    """As the file writes it: data-dir is data_dir."""
    return dashed if (dashed := name.replace("_", "-")) in table else name


def _value(name: str, text: str) -> str | bool | int | float:
    if name in SWITCHES:
        switch = as_switch(text)
        return text if switch is None else switch
    if name == "give_up" and re.fullmatch(r"\d{1,9}(\.\d{1,3})?", text):
        return float(text) if "." in text else int(text)
    return text


def _write(file: Path, text: str) -> Path:
    place = file.resolve()  # a link into a folder of dotfiles stays one
    temporary = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(handle, "w", encoding="utf-8", newline="") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(temporary, place)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(
            "cannot-write", f"{clean(str(file))} cannot be written: {error.strerror}. Nothing was changed."
        ) from None
    return file
