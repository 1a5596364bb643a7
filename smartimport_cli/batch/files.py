"""Which statements a batch takes: files, folders, patterns, names on standard input, and a manifest."""

import csv
import glob
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smartimport_cli.core.errors import FileRefused, UsageError
from smartimport_cli.core.model import Choices
from smartimport_cli.core.text import clean
from smartimport_cli.statements.formats import FORMATS

if TYPE_CHECKING:
    from smartimport_cli.core.protocols import Upload

_UNFINISHED = (".part", ".partial", ".crdownload", ".download", ".tmp", "~")
_CHOICES = {field.name for field in fields(Choices)}


@dataclass(frozen=True, slots=True)
class Item:
    """One statement to bring in, and how it is to be read."""

    path: str
    choices: Choices = Choices()
    member: str | None = None  # of the archive at `path`

    @property
    def name(self) -> str:
        """What people call it."""
        return self.path if self.member is None else f"{self.path}/{self.member}"

    @contextmanager
    def opened(self, max_size: int) -> Iterator["Upload"]:
        """The statement, open for as long as the block runs. Raises FileRefused."""
        from smartimport_cli.core.protocols import Upload
        from smartimport_cli.statement_file import open_statement
        from smartimport_cli.statements import archive

        with open_statement(self.path, self.choices, max_size=max_size) as whole:
            if self.member is None:
                yield whole
                return
            found = archive.look_into(whole.file, whole.name)
            for name, member in found.members:
                if name == self.member:
                    with found.open(name, member) as file:
                        yield Upload(file, name, member.file_size, self.choices)
                    return
        raise FileRefused("file-not-found", f"{self.name} is not there any more.")


def gather(
    paths: Iterable[str],
    choices: Choices,
    *,
    names: Iterable[str] = (),
    manifest: str | None = None,
    all_files: bool = False,
) -> list[Item]:
    """The statements in the order in which they are committed, each once.

    A folder gives the files in it and below that are named like statements (`all_files`: all of them), sorted by
    name; a pattern with `*`, `?` or `[` what it matches; `names` are as paths; an archive each of its members. What
    does not exist stays in the list and is refused later. Raises UsageError `bad-manifest`.
    """
    found: dict[str, Item] = {}
    if manifest is not None:
        for item in _manifest(Path(manifest), choices):
            found.setdefault(os.path.abspath(item.path), item)
    for path in (*paths, *names):
        for file in _expanded(path, all_files):
            found.setdefault(os.path.abspath(file), Item(file, choices))
    return [member for item in found.values() for member in _members(item)]


def _members(item: Item) -> Iterator[Item]:
    """Each statement in an archive; else the file itself. What is wrong with it is found again when it is opened."""
    if not item.path.lower().endswith(".zip"):
        yield item
        return
    from smartimport_cli.statements import archive

    try:
        with open(item.path, "rb") as file:
            names = [name for name, _ in archive.look_into(file, item.path).members]
    except (OSError, FileRefused):
        yield item
        return
    choices = replace(item.choices, format=None) if item.choices.format == "zip" else item.choices
    for name in names:
        yield Item(item.path, choices, name)


def is_statement(name: str, *, all_files: bool = False) -> bool:
    """Whether a file in a folder is taken: by its name only, and never hidden or half downloaded ones."""
    lower = name.lower()
    if lower.startswith((".", "~$")) or lower.endswith(_UNFINISHED):
        return False
    return all_files or lower.endswith(tuple(suffix for format_ in FORMATS for suffix in format_.suffixes))


def _expanded(path: str, all_files: bool) -> Iterator[str]:
    if os.path.isdir(path):
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                if is_statement(name, all_files=all_files):
                    yield os.path.join(folder, name)
    elif any(char in path for char in "*?[") and not os.path.exists(path):
        yield from sorted(file for file in glob.glob(path, recursive=True) if os.path.isfile(file)) or [path]
    else:
        yield path


def _manifest(file: Path, choices: Choices) -> Iterator[Item]:
    """A CSV with a header, or one JSON object a line: `file` (beside the manifest), and any reading choice."""
    shown = clean(str(file))
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError("bad-manifest", f"The manifest {shown} cannot be read: {clean(str(error))}.") from None
    for line, row in _rows(text, shown):
        name = row.pop("file", None) or row.pop("path", None)
        if not isinstance(name, str) or not name:
            raise _bad(shown, line, "it names no file", "Give each row a 'file'.")
        forced = {key: value for key, value in row.items() if value not in (None, "")}
        unknown = sorted(set(forced) - _CHOICES)
        if unknown:
            raise _bad(
                shown, line, f"'{clean(unknown[0])}' is no option", f"It may set {', '.join(sorted(_CHOICES))}."
            )
        yield Item(str(file.parent / name), replace(choices, **_typed(forced, shown, line)))


def _rows(text: str, shown: str) -> Iterator[tuple[int, dict[str, Any]]]:
    if text.lstrip().startswith("{"):
        for line, words in enumerate(text.splitlines(), 1):
            if words.strip():
                try:
                    row = json.loads(words)
                except ValueError:
                    raise _bad(shown, line, "it is no JSON", "Write one object a line.") from None
                if not isinstance(row, dict):
                    raise _bad(shown, line, "it is no JSON object", "Write one object a line.")
                yield line, {key.replace("-", "_"): value for key, value in row.items()}
    else:
        reader = csv.DictReader(text.splitlines())
        for row in reader:
            if None in row:
                raise _bad(shown, reader.line_num, "it has more cells than the header", "Quote what holds a comma.")
            yield reader.line_num, {key.strip().replace("-", "_"): value for key, value in row.items()}


def _typed(forced: Mapping[str, Any], shown: str, line: int) -> dict[str, Any]:
    """Values as `Choices` has them; `columns` is `date=1;amount=3` or an object."""
    values: dict[str, Any] = {}
    for key, value in forced.items():
        if key == "columns":
            pairs = value.items() if isinstance(value, dict) else (p.partition("=")[::2] for p in str(value).split(";"))
            values[key] = tuple((str(role).strip().lower(), str(column).strip()) for role, column in pairs)
        elif key == "header":
            if not str(value).isdecimal():
                raise _bad(shown, line, "header is no line number", "Write 0 for none.")
            values[key] = int(value)
        else:
            values[key] = str(value)
    return values


def _bad(shown: str, line: int, why: str, hint: str) -> UsageError:
    return UsageError("bad-manifest", f"Line {line} of the manifest {shown}: {why}.", hint=hint)
