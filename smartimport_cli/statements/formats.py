"""The table of readers: what each format is called, and the module that reads it.

A reader module has one function, `read(source, *, name, size, choices, resources) -> Reading`, which raises
FileRefused. Which format a file has, `detect` tells by its content.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, Protocol

from smartimport_cli.core.documents import Documents
from smartimport_cli.core.model import Choices, Reading

if TYPE_CHECKING:
    from smartimport_cli.statements.descriptions import Description


class Format(NamedTuple):
    """One family of files. `extra` is what pip must install beside the package, where it needs that."""

    name: str
    title: str  # what a person calls it
    suffixes: tuple[str, ...]
    module: str
    extra: str | None = None
    aliases: tuple[str, ...] = ()


FORMATS: tuple[Format, ...] = (
    Format("delimited", "delimited text", (".csv", ".tsv", ".txt"), "delimited", aliases=("csv", "tsv")),
    Format(
        "sheet", "workbooks: XLSX, XLS, ODS", (".xlsx", ".xlsm", ".xls", ".ods"), "sheet", extra="xlsx",
        aliases=("xlsx", "xls", "ods"),
    ),
    Format("zip", "ZIP archives of statements", (".zip",), "archive"),
    Format("pdf", "PDF statements", (".pdf",), "paper", extra="pdf"),
    Format("image", "scanned or photographed statements", (".png", ".jpg", ".jpeg", ".tif", ".tiff"), "paper", extra="ocr"),
    Format("ofx", "OFX and QFX, 1.x and 2.x", (".ofx", ".qfx", ".qbo"), "ofx", aliases=("qfx", "qbo")),
    Format("qif", "QIF (Quicken)", (".qif",), "qif"),
    Format("camt", "CAMT.052, .053, .054 (ISO 20022)", (".xml",), "camt", aliases=("camt052", "camt053", "camt054")),
    Format("mt940", "SWIFT MT940 and MT942", (".sta", ".940", ".mt940", ".942"), "mt940", aliases=("mt942",)),
    Format("bai2", "BAI2 (cash management balance reports)", (".bai", ".bai2"), "bai2", aliases=("bai",)),
)  # fmt: skip


def by_name(name: str) -> Format | None:
    """The format that `--format` or detection names."""
    return next((f for f in FORMATS if name == f.name or name in f.aliases), None)


def names() -> list[str]:
    """What `--format` takes."""
    return [name for f in FORMATS for name in (f.name, *f.aliases)]


@dataclass(frozen=True, slots=True)
class Resources:
    """What reading may use from outside the file."""

    documents: Documents | None = None  # None: formats that need it are refused
    descriptions: "Callable[[], Sequence[Description]]" = tuple  # read when delimited text is; raises UsageError
    plugins: "Callable[[], Sequence[Plugin]]" = tuple  # readers from elsewhere, loaded when nothing here fits


class Reader(Protocol):
    """What a reader module is."""

    def read(
        self, source: BinaryIO, *, name: str, size: int, choices: Choices, resources: Resources
    ) -> Reading: ...


class Plugin(NamedTuple):
    """A reader from another package: what it is called, the package that brings it, and the reader, or why that
    could not be loaded."""

    name: str
    package: str
    reader: "PluginReader | None"
    trouble: str = ""


class PluginReader(Reader, Protocol):
    """What a package registers under the entry point group `smartimport.readers`, by the name of its format.

    In its pyproject.toml:

        [project.entry-points."smartimport.readers"]
        megabank = "smartimport_megabank:reader"

    It is loaded only where no reader that is built in knows a file, or where `--format megabank` asks for it.
    Its `read` gives the same parts as ours do (`core.model`): per statement StatementStart, then Rows and
    Unreadable, then Statement with its Proof; money as integer units (`core.money`), strings through `core.text.clean`.
    It raises FileRefused where the file cannot be taken; anything else it raises is told as its own failure.
    """

    format: Format

    def sniff(self, head: bytes) -> bool:
        """Whether a file that begins with these bytes (64 KiB at the most) is one of its own."""
        ...
