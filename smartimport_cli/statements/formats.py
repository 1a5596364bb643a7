"""The table of readers: what each format is called, and the module that reads it.

A reader module has one function, `read(source, *, name, size, choices, resources) -> Reading`, which raises
FileRefused. Which format a file has, `detect` tells by its content.
"""

from dataclasses import dataclass
from typing import BinaryIO, NamedTuple, Protocol

from smartimport_cli.core.documents import Documents
from smartimport_cli.core.model import Choices, Reading


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
    Format("pdf", "PDF statements", (".pdf",), "paper", extra="pdf"),
    Format("image", "scanned or photographed statements", (".png", ".jpg", ".jpeg"), "paper", extra="ocr"),
    Format("ofx", "OFX and QFX, 1.x and 2.x", (".ofx", ".qfx", ".qbo"), "ofx", aliases=("qfx", "qbo")),
)


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


class Reader(Protocol):
    """What a reader module is."""

    def read(
        self, source: BinaryIO, *, name: str, size: int, choices: Choices, resources: Resources
    ) -> Reading: ...
