"""Readers of other packages: the one that knows a file; what fails in one is told by its name and stays in it."""

from collections.abc import Callable, Iterator, Sequence

from smartimport_cli.core.errors import FileRefused, SmartImportError
from smartimport_cli.core.model import Part, Reading
from smartimport_cli.core.text import clean, shorten
from smartimport_cli.statements.formats import Plugin, Reader


def read_with(
    plugins: Sequence[Plugin], head: bytes, wanted: str | None, refusal: FileRefused, read: Callable[[Reader], Reading]
) -> Reading | None:
    """The reading of the plug-in that is `wanted`, or of the first whose `sniff` knows `head`; None where there is
    none. `refusal` learns of those that could not be asked.

    Raises FileRefused `reader-failed` where the one that reads it breaks, and what it refuses.
    """
    broken = []
    for plugin in plugins:
        if wanted is not None and plugin.name != wanted:
            continue
        trouble = plugin.trouble
        try:
            if plugin.reader is not None and (wanted is not None or plugin.reader.sniff(head)):
                return _guarded(plugin, read)
        except SmartImportError:
            raise
        except Exception as error:
            trouble = _said(error)
        if trouble:
            broken.append(f"The reader {plugin.name} of the package {plugin.package} could not be asked: {trouble}.")
    if broken:
        refusal.hint = " ".join([refusal.hint, *broken]).strip()
    return None


def _guarded(plugin: Plugin, read: Callable[[Reader], Reading]) -> Reading:
    assert plugin.reader is not None
    try:
        reading = read(plugin.reader)
        reading.parts = _parts(plugin, reading.parts)
    except SmartImportError:
        raise
    except Exception as error:
        raise _failed(plugin, error) from error
    return reading


def _parts(plugin: Plugin, parts: Iterator[Part]) -> Iterator[Part]:
    try:
        yield from parts
    except SmartImportError:
        raise
    except Exception as error:
        raise _failed(plugin, error) from error


def _failed(plugin: Plugin, error: Exception) -> FileRefused:
    return FileRefused(
        "reader-failed",
        f"The reader {plugin.name} of the package {plugin.package} failed: {_said(error)}.",
        hint="Tell its authors; --format csv or another one reads the file without it.",
    )


def _said(error: Exception) -> str:
    return shorten(clean(f"{type(error).__name__}: {error}"), 200).rstrip(".")
