"""What readers may use from outside a file, put together for this machine and user."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from smartimport_cli.core.text import clean, shorten
from smartimport_cli.statements.formats import FORMATS, Format, Plugin, Resources

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from smartimport_cli.statements.descriptions import Description

BANKS = "banks"  # folder of descriptions in the user's configuration
READERS = "smartimport.readers"  # entry points of other packages


def load_resources(config_dir: Path | None = None) -> Resources:
    """The resources of a user whose configuration lies in `config_dir` (None: this platform's place).

    What is costly to find (descriptions, plug-ins) is looked for when a reader asks, once.
    """
    from smartimport_cli.documents import IsolatedDocuments

    return Resources(
        documents=IsolatedDocuments(),
        descriptions=cache(lambda: descriptions(config_dir)),
        plugins=cache(plugins),
    )


def descriptions(config_dir: Path | None = None) -> "tuple[Description, ...]":
    """The user's descriptions of banks, by name. Raises UsageError `bad-description`."""
    from smartimport_cli.settings import default_config_dir

    files = sorted(((config_dir or default_config_dir()) / BANKS).glob("*.toml"))
    if not files:
        return ()
    from smartimport_cli.core.errors import UsageError
    from smartimport_cli.statements.descriptions import parse

    found = []
    for file in files:
        origin = clean(str(file))
        try:
            text = file.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = clean(str(getattr(error, "strerror", None) or error))
            raise UsageError("bad-description", f"{origin} cannot be read: {reason}.") from None
        found.append(parse(text, clean(file.stem), origin))
    return tuple(found)


def save_description(config_dir: Path, name: str, text: str, *, replace: bool) -> Path:
    """Where a description of files was written. Raises UsageError `bad-name`, `description-exists` (unless
    `replace`), `description-not-written`."""
    from smartimport_cli.core.errors import UsageError

    if not re.fullmatch(r"\w[\w.-]{0,63}", name):
        raise UsageError(
            "bad-name", f"A description cannot be called {clean(name)[:64]}.", hint="Use letters, digits, - and _."
        )
    file = config_dir / BANKS / f"{name}.toml"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("w" if replace else "x", encoding="utf-8") as out:
            out.write(text)
    except FileExistsError:
        raise UsageError(
            "description-exists", f"{clean(str(file))} is there already.", hint="Overwrite it with --force."
        ) from None
    except OSError as error:
        reason = clean(error.strerror or "")
        raise UsageError("description-not-written", f"{clean(str(file))} cannot be written: {reason}.") from None
    return file


def installed(resources: Resources) -> Iterator[tuple[Format, str, bool, str]]:
    """Every format with the package that brings it, whether it can be used here, and why not where that is known.

    Loads the readers of other packages; of our own it looks only whether what their extra brings is there.
    """
    for format_ in FORMATS:
        yield format_, "smartimport", format_.extra is None or _extra_is_there(format_.extra), ""
    for plugin in resources.plugins():
        format_ = plugin.reader.format if plugin.reader is not None else Format(plugin.name, "", (), "")
        yield format_._replace(name=plugin.name), plugin.package, plugin.reader is not None, plugin.trouble


def _extra_is_there(extra: str) -> bool:
    """Whether all packages that an extra of ours asks for are installed."""
    from importlib.metadata import PackageNotFoundError, distribution, requires

    marker = re.compile(rf"extra == ['\"]{extra}['\"]")
    for requirement in requires("smartimport") or ():
        if marker.search(requirement):
            try:
                distribution(re.split(r"[^\w.-]", requirement, maxsplit=1)[0])
            except PackageNotFoundError:
                return False
    return True


def plugin_names() -> list[str]:
    """The formats that other packages bring, without loading any."""
    return sorted(entry.name for entry in _entries())


def plugins() -> tuple[Plugin, ...]:
    """The readers that other packages bring, loaded; one that cannot be loaded says why and hurts no other."""
    return tuple(_loaded(entry) for entry in sorted(_entries(), key=lambda entry: entry.name))


def _entries() -> "list[EntryPoint]":
    from importlib.metadata import entry_points

    return list(entry_points(group=READERS))


def _loaded(entry: "EntryPoint") -> Plugin:
    package = clean(entry.dist.name if entry.dist is not None else entry.value)
    name = clean(entry.name)
    try:
        reader = entry.load()
        for needed in ("format", "sniff", "read"):
            getattr(reader, needed)
    except Exception as error:  # whatever the package does while it is imported
        return Plugin(name, package, None, shorten(clean(f"{type(error).__name__}: {error}"), 200))
    return Plugin(name, package, reader)
