"""Opening a workbook, in the child: xlsx and ods (ZIP), xls (compound file), all by calamine, and markup."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from smartimport_cli.core.errors import FileRefused
from smartimport_cli.core.text import clean, shorten
from smartimport_cli.documents import cells

_MEMBERS = 10_000  # files in the archive
_UNPACKED = 1 << 30  # bytes
_RATIO = 250  # unpacked to packed, above _SMALL
_SMALL = 64 << 20  # bytes
_SHEETS = 255
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def sheets(content: bytes, *, name: str) -> Iterator[Any]:
    """For each sheet `{"sheet", "name", "hidden"}`, then its rows as pieces of UTF-8 text (see `cells`).

    Raises FileRefused `missing-extra`, `locked`, `damaged`, `too-complex`, `unsupported-format`.
    """
    if not content.startswith((b"PK", _COMPOUND)):
        from smartimport_cli.documents import markup

        yield from markup.sheets(content, name)
        return
    try:
        import python_calamine as calamine
    except ImportError:
        raise FileRefused(
            "missing-extra",
            f"{name} is a workbook; what reads it is not installed.",
            hint="pip install 'smartimport[xlsx]'",
        ) from None
    if content.startswith(_COMPOUND):
        _look_into_compound(content, name)
    else:
        _look_into_zip(content, name)
    try:
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            if len(book.sheets_metadata) > _SHEETS:
                raise _too_complex(name, f"it has {len(book.sheets_metadata)} sheets")
            for number, about in enumerate(book.sheets_metadata, 1):
                if about.typ != calamine.SheetTypeEnum.WorkSheet:
                    continue
                sheet = book.get_sheet_by_index(number - 1)
                hidden = about.visible != calamine.SheetVisibleEnum.Visible
                yield {"sheet": number, "name": shorten(clean(about.name), 60), "hidden": hidden}
                before = sheet.start[1] if sheet.start else 0
                yield from map(str.encode, cells.lines(sheet.iter_rows(), before=before))
    except calamine.PasswordError:
        raise _locked(name) from None
    except calamine.CalamineError as error:
        if "password" in str(error).lower():
            raise _locked(name) from None
        raise _damaged(name, shorten(clean(str(error)), 120)) from None


def _look_into_zip(content: bytes, name: str) -> None:
    """Refuse what is no sound archive, or would unpack to more than a statement ever is."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
            manifest = (
                archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in names and _size(members) < _SMALL else b""
            )
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError, EOFError):
        raise _damaged(name, "its archive is cut off or broken") from None
    size = _size(members)
    if len(members) > _MEMBERS or size > _UNPACKED or (size > _SMALL and size > _RATIO * len(content)):
        raise _too_complex(name, f"it would unpack to {size:,} bytes in {len(members):,} files")
    if b"encryption-data" in manifest or any(member.flag_bits & 1 for member in members):
        raise _locked(name)
    if not names & {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}:
        kind = "a Word document" if "word/document.xml" in names else "an archive without a workbook"
        raise FileRefused("unsupported-format", f"{name} is {kind}.", hint=_INSTEAD)


def _size(members: list[zipfile.ZipInfo]) -> int:
    return sum(member.file_size for member in members)


def _look_into_compound(content: bytes, name: str) -> None:
    """A compound file names its streams in UTF-16: a workbook, one that is encrypted, or another document."""
    if _stream("EncryptedPackage") in content:
        raise _locked(name)
    if _stream("Workbook") not in content and _stream("Book") not in content:
        raise FileRefused(
            "unsupported-format", f"{name} is an old Office document, but no workbook.", hint=_INSTEAD
        )


def _stream(name: str) -> bytes:
    return name.encode("utf-16-le")


_INSTEAD = "Export the statement as CSV, OFX or XLSX from the bank's site."


def _locked(name: str) -> FileRefused:
    return FileRefused(
        "locked",
        f"{name} is protected by a password.",
        hint="Open it in Excel or LibreOffice with its password, and save a copy without one.",
    )


def _damaged(name: str, why: str) -> FileRefused:
    return FileRefused(
        "damaged",
        f"{name} cannot be opened as a workbook: {why}.",
        hint="Download it again from the bank.",
    )


def _too_complex(name: str, why: str) -> FileRefused:
    return FileRefused(
        "too-complex",
        f"{name} is refused: {why}.",
        hint="Export a shorter period, or the same statement as CSV or OFX.",
    )
