"""PDF documents and pictures, asked of the limited child process."""

import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any, BinaryIO, Literal

from smartimport_cli.core.documents import Page, Word
from smartimport_cli.core.errors import FileRefused
from smartimport_cli.documents.isolation import Limits, ask

# Recognising wants address space (the engine maps its models and arenas) and seconds a page.
_FRAMES = 10  # as `ocr` takes
_SECONDS = 45  # for one picture; its engine takes 1 to 5 on an idle machine


def _pictures(count: int) -> Limits:
    return Limits(memory=4 << 30, cpu=20 + _SECONDS * count, wall=30.0 + 2 * _SECONDS * count)


def pages(
    source: BinaryIO, *, kind: Literal["pdf", "image"], name: str, anew: bool, thorough: bool
) -> Iterator[Page]:
    """See `core.documents.Documents.pages`."""
    if kind == "image":
        source.seek(0)
        several = source.read(2) in (b"II", b"MM")  # a TIFF has a picture for each page of a fax or scan
        limits = _pictures(_FRAMES if several else 1)
        for answer in ask("image", source, name=name, limits=limits, thorough=thorough):
            yield _page(answer, _recognised(answer["words"]), scanned=True)
        return
    _require(kind, name)
    answers = list(ask("pdf", source, name=name))
    numbers = [answer["number"] for answer in answers if _to_recognise(answer, anew)]
    found: Iterator[list[list[Any]]] = iter(())
    if numbers:
        limits = _pictures(len(numbers))
        found = ask("scan", source, name=name, limits=limits, numbers=numbers, thorough=thorough)
    for answer in answers:
        words = _recognised(next(found, [])) if _to_recognise(answer, anew) else _printed(answer)
        yield _page(answer, words, scanned=answer["words"] is None or answer["hidden"], layered=answer["hidden"])


def _to_recognise(answer: dict[str, Any], anew: bool) -> bool:
    return answer["words"] is None or (anew and answer["hidden"])


def _page(answer: dict[str, Any], words: list[Word], *, scanned: bool, layered: bool = False) -> Page:
    width, height = answer["size"]
    return Page(answer["number"], width, height, words, scanned, layered)


def _recognised(words: list[list[Any]]) -> list[Word]:
    return [Word(*word) for word in words]


def _printed(answer: dict[str, Any]) -> list[Word]:
    """The words of a page with text, which come apart from their places."""
    edges = [[edge / 10 for edge in edges] for edges in answer["places"]]
    return list(map(Word, answer["words"].split(), *edges))


def unlocked(source: BinaryIO, *, name: str, password: str) -> BinaryIO:
    """A copy of a PDF that opens without its password. The password goes to the child's environment only.

    Raises FileRefused `locked` where the password does not open it, or what `pages` raises.
    """
    _require("pdf", name)
    copy = tempfile.SpooledTemporaryFile(max_size=1 << 20)  # noqa: SIM115 - the caller's
    try:
        for piece in ask("unlocked", source, name=name, secret=password):
            copy.write(piece)
    except BaseException:
        copy.close()
        raise
    copy.seek(0)
    return copy  # type: ignore[return-value]


def check_locked(source: BinaryIO, *, name: str) -> None:
    """Raises FileRefused `locked` where a PDF opens with a password only, or what `pages` raises."""
    _require("pdf", name)
    for _ in ask("locked", source, name=name):
        pass
    source.seek(0)


def _require(kind: str, name: str) -> None:
    if kind == "pdf" and find_spec("pypdfium2") is None:
        raise FileRefused(
            "missing-extra",
            f"{name} is a PDF document; the part that reads those is not installed.",
            hint="Install it with pip install 'smartimport[pdf]', or export the statement as CSV or OFX.",
        )
