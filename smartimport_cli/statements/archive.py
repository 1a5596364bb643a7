"""A ZIP archive of statements: each file in it is a statement of its own.

Nothing is unpacked to a folder, so no name in the archive can lead anywhere.
"""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import chain
from typing import BinaryIO, cast

from smartimport_cli.core.errors import FileRefused
from smartimport_cli.core.model import (
    MEMBER,
    Choices,
    Evidence,
    Issue,
    Part,
    Reading,
    Rows,
    Statement,
    Unreadable,
)
from smartimport_cli.core.text import clean, safe_name
from smartimport_cli.statements.detect import HEAD, is_workbook
from smartimport_cli.statements.formats import Resources

_MEMBERS = 120  # statements in one archive
_ENTRIES = 10_000
_UNPACKED = 256 << 20  # bytes of all statements together
_RATIO = 250  # unpacked to packed, above _SMALL
_SMALL = 16 << 20  # bytes
_JUNK = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
_BROKEN = (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError, zlib.error)


@dataclass(frozen=True, slots=True)
class Archive:
    """What is in an archive: its statements in their order, each with its harmless name, and what is left out
    because no bank put it there."""

    name: str
    file: zipfile.ZipFile
    members: list[tuple[str, zipfile.ZipInfo]]
    skipped: list[str]

    @property
    def is_workbook(self) -> bool:
        """Whether this is no archive of statements, but a workbook whose files come in an unusual order."""
        names = {member.filename for _, member in self.members}
        return bool({"xl/workbook.xml", "xl/workbook.bin"} & names) or {"mimetype", "content.xml"} <= names

    def open(self, name: str, member: zipfile.ZipInfo) -> BinaryIO:
        """A member, seekable. Raises FileRefused `locked`, `damaged`, `empty-file`, `nested-archive`."""
        shown = f"{self.name}/{name}"
        if member.flag_bits & 1:
            raise FileRefused(
                "locked", f"{shown} is protected by a password.", hint="Unpack the archive and import its files."
            )
        try:
            with self.file.open(member) as whole:  # its length and checksum are right, or it raises
                head = whole.read(HEAD)
                while whole.read(1 << 20):
                    pass
            opened = self.file.open(member)
        except _BROKEN as error:
            raise FileRefused(
                "damaged", f"{shown} cannot be unpacked: {clean(str(error))[:120]}.", hint="Download it again from the bank."
            ) from None
        if not head:
            opened.close()
            raise FileRefused("empty-file", f"{shown} is empty.")
        if is_archive(head):
            opened.close()
            raise FileRefused(
                "nested-archive", f"{shown} is an archive in an archive.", hint="Unpack it and import its files."
            )
        return cast(BinaryIO, opened)


def is_archive(head: bytes) -> bool:
    """Whether a file that begins with `head` is an archive, but no workbook."""
    return head.startswith(b"PK\x03\x04") and not is_workbook(head)


def look_into(source: BinaryIO, name: str) -> Archive:
    """The archive in `source`. Raises FileRefused `damaged`, `too-complex`, `no-transactions`."""
    source.seek(0)
    try:
        file = zipfile.ZipFile(source)
    except _BROKEN:
        raise FileRefused(
            "damaged", f"{name} is an archive that is cut off or broken.", hint="Download it again from the bank."
        ) from None
    entries = [entry for entry in file.infolist() if not entry.is_dir()]
    junk = [entry for entry in entries if _is_junk(entry.filename)]
    found = [entry for entry in entries if not _is_junk(entry.filename)]
    size, packed = sum(e.file_size for e in found), sum(e.compress_size for e in found)
    if len(found) > _MEMBERS or len(entries) > _ENTRIES:
        raise _too_complex(name, f"it holds {len(entries):,} files, at most {_MEMBERS} are taken")
    if size > _UNPACKED or (size > _SMALL and size > _RATIO * max(packed, 1)):
        raise _too_complex(name, f"it would unpack to {size:,} bytes")
    if not found:
        raise FileRefused("no-transactions", f"{name} is an archive without a statement in it.")
    return Archive(name, file, _named(found), [clean(entry.filename) for entry in junk])


def _is_junk(path: str) -> bool:
    own = path.rsplit("/", 1)[-1]
    return path.startswith("__MACOSX/") or own.startswith("._") or own.casefold() in _JUNK


def _named(entries: list[zipfile.ZipInfo]) -> list[tuple[str, zipfile.ZipInfo]]:
    """Each with its own name; with its folders' where two have the same."""
    own = [safe_name(entry.filename) for entry in entries]
    return [
        (name if own.count(name) == 1 else safe_name(entry.filename.replace("\\", "/").replace("/", " - ")), entry)
        for name, entry in zip(own, entries, strict=True)
    ]


def _too_complex(name: str, why: str) -> FileRefused:
    return FileRefused("too-complex", f"{name} is refused: {why}.", hint="Unpack it and import its files.")


# The whole archive as one reading


def read(source: BinaryIO, *, name: str, size: int, choices: Choices, resources: Resources) -> Reading:
    """All statements of the archive, one after the other; places name the file by its number.

    Raises FileRefused as `look_into` does, and the first refusal where no file in it can be read.
    """
    from smartimport_cli import statements

    archive = look_into(source, name)
    if archive.is_workbook:
        return statements.read(
            source, name=name, size=size, choices=replace(choices, format="sheet"), resources=resources
        )
    evidence = [Evidence("format", "zip", f"{len(archive.members)} files in an archive")]
    if archive.skipped:
        evidence.append(Evidence("left out", ", ".join(archive.skipped[:5]), "not the bank's"))
    inner = replace(choices, format=None) if choices.format == "zip" else choices
    issues: list[Issue] = []
    readings: list[tuple[int, str, Reading]] = []
    refusals: list[FileRefused] = []
    with ExitStack() as opened:
        opened.callback(archive.file.close)
        for number, (own, entry) in enumerate(archive.members, 1):
            try:
                file = opened.enter_context(archive.open(own, entry))
                reading = statements.read(
                    file, name=own, size=entry.file_size, choices=inner, resources=resources
                )
                readings.append((number, own, reading))
            except FileRefused as refused:
                refusals.append(refused)
                issues.append(Issue("file-refused", refused.message, f"file {number}"))
        if not readings:
            raise refusals[0]
        expected = sum(reading.expected_rows or 0 for _, _, reading in readings)
        parts = _parts(readings, evidence, issues, opened.pop_all())
        begun = [next(parts)]  # what has begun lets go of its files, even where nobody reads on
        return Reading("zip", evidence, chain(begun, parts), issues, expected or None)


def _parts(
    readings: list[tuple[int, str, Reading]], evidence: list[Evidence], issues: list[Issue], opened: ExitStack
) -> Iterator[Part]:
    with opened:
        for number, name, reading in readings:
            for part in reading.parts:
                yield _placed(part, number)
            evidence.append(Evidence(f"file {number}", name, f"{reading.format}, read by itself"))
            evidence.extend(reading.evidence)
            issues.extend(_issues(reading.issues, number))


def _placed(part: Part, number: int) -> Part:
    """The part with the places of its rows in the `number`th file."""
    base = number * MEMBER
    if isinstance(part, Rows):
        return Rows([
            row._replace(line=base + row.line, issues=_issues(row.issues, number)) for row in part.rows
        ])  # fmt: skip
    if isinstance(part, Unreadable):
        return replace(part, line=base + part.line)
    if isinstance(part, Statement):
        breaks = part.proof.breaks_at
        proof = part.proof._replace(breaks_at=f"file {number}, {breaks}") if breaks else part.proof
        return replace(part, proof=proof, issues=_issues(part.issues, number))
    return part


def _issues(issues: "list[Issue] | tuple[Issue, ...]", number: int) -> tuple[Issue, ...]:
    return tuple(
        issue._replace(source=f"file {number}, {issue.source}" if issue.source else f"file {number}") for issue in issues
    )
