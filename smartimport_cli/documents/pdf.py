"""Words of a PDF by their places on the page, from its text; a page without text is recognised from its picture.

Runs only inside the limited child process. PDFium reads; nothing in a document is executed, and nothing outside
it is opened.
"""

import ctypes
import hashlib
import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from smartimport_cli.core.errors import FileRefused
from smartimport_cli.documents.isolation import SECRET

_MAX_PAGES = 500
_MAX_CHARS = 100_000  # of one page; a dense page of a statement has 8,000
_MAX_SCANNED = 40  # pages to recognise
_CHUNK = 1 << 20
_WORD = re.compile(r"[^\s\x00\ufffe\uffff]+")
_IDENTIFIER = re.compile(
    rb"/ID\s?\[\s?<[0-9A-F]{32}>\s?<[0-9A-F]{32}>\s?\](?=[^\[\]]{0,200}startxref\s+\d+\s+%%EOF\s*$)"
)
_SCAN_DPI = 300
_MAX_SIDE = 20_000  # points
_MAX_PIXELS = 30_000_000

Answer = dict[str, Any]


def pages(data: bytes, *, name: str) -> Iterator[Answer]:
    """One answer a page: number, size in points, words; None for the words of a page that is only a picture.

    Raises FileRefused `locked`, `damaged`, `too-complex`.
    """
    document = _open(data, name)
    count = len(document)
    if count > _MAX_PAGES:
        raise FileRefused(
            "too-complex",
            f"{name} has {count:,} pages; at most {_MAX_PAGES} are read.",
            hint="Export a shorter period.",
        )
    for index in range(count):
        with _page(document, index, name) as page:
            words = _words(page)
            pictured = not _speaks(words) and _pictured(page)
            yield {"number": index + 1, "size": page.get_size(), "words": None if pictured else words}
    document.close()


def recognised(data: bytes, *, name: str, numbers: list[int], thorough: bool) -> Iterator[list[list[Any]]]:
    """The words of the pages with these numbers, recognised from their pictures.

    Raises FileRefused `damaged`, `too-complex`, `missing-extra`.
    """
    from smartimport_cli.documents import ocr

    if len(numbers) > _MAX_SCANNED:
        raise FileRefused(
            "too-complex",
            f"{name} has {len(numbers)} pages without text; at most {_MAX_SCANNED} are recognised.",
            hint="Export a shorter period, or a PDF with text.",
        )
    document = _open(data, name)
    for number in numbers:
        with _page(document, number - 1, name) as page:
            width, height = page.get_size()
            if not (0 < width < _MAX_SIDE and 0 < height < _MAX_SIDE):
                raise _damaged(name, "a page has no size")
            scale = min(_SCAN_DPI / 72, (_MAX_PIXELS / (width * height)) ** 0.5)
            picture = page.render(scale=scale, grayscale=True).to_pil()
            yield ocr.words(picture, name=name, thorough=thorough, points=1 / scale)
    document.close()


@contextmanager
def _page(document: pdfium.PdfDocument, index: int, name: str) -> Iterator[pdfium.PdfPage]:
    try:
        page = document[index]
        yield page
    except (pdfium.PdfiumError, IndexError):
        raise _damaged(name, f"page {index + 1} cannot be read") from None
    page.close()


def locked(data: bytes, *, name: str) -> Iterator[bool]:
    """False where the document opens. Raises FileRefused `locked` where it wants a password."""
    _open(data, name).close()
    yield False


def unlocked(data: bytes, *, name: str) -> Iterator[bytes]:
    """A copy of the document without its password, piece by piece; the password comes in the environment.

    Raises FileRefused `locked` where it does not open the document.
    """
    document = _open(data, name, os.environ.pop(SECRET, ""))
    copy = io.BytesIO()
    document.save(copy, flags=raw.FPDF_REMOVE_SECURITY)
    document.close()
    # The copy gets an identifier by chance each time; the same document must be the same copy.
    same = hashlib.sha256(data).hexdigest()[:32].upper().encode()
    written = _IDENTIFIER.sub(rb"/ID[<%b><%b>]" % (same, same), copy.getvalue())
    for start in range(0, len(written), _CHUNK):
        yield written[start : start + _CHUNK]


def _open(data: bytes, name: str, password: str | None = None) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(data, password=password)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD:
            if password:
                raise FileRefused(
                    "locked", f"The password does not open {name}.", hint="Check the password."
                ) from None
            raise FileRefused(
                "locked",
                f"{name} is locked with a password.",
                hint="Run it in a terminal to be asked for the password, or use --password-file FILE.",
            ) from None
        raise _damaged(name, "it is no whole PDF document") from None


def _damaged(name: str, why: str) -> FileRefused:
    return FileRefused("damaged", f"{name} cannot be opened: {why}.", hint="Download it again from the bank.")


def _words(page: pdfium.PdfPage) -> list[list[Any]]:
    """The words of the page's text: text, left, top, right, bottom in points from the top left corner."""
    text_page = page.get_textpage()
    try:
        count = text_page.count_chars()
        if count > _MAX_CHARS:
            raise FileRefused(
                "too-complex",
                f"A page holds {count:,} characters.",
                hint="Export the statement as CSV or OFX.",
            )
        text = _text(text_page, count)
        place = _placer(page)
        box = raw.FS_RECTF()
        get, handle, reference = raw.FPDFText_GetLooseCharBox, text_page.raw, ctypes.byref(box)
        words = []
        for match in _WORD.finditer(text):
            first, end = match.span()
            if not get(handle, first, reference):
                continue
            left, top, right, bottom = box.left, box.top, box.right, box.bottom
            if end - first > 1 and get(handle, end - 1, reference):
                if box.right > right:
                    right = box.right
                else:
                    left = min(left, box.left)
                top, bottom = max(top, box.top), min(bottom, box.bottom)
            words.append([match[0], *place(left, top, right, bottom)])
        return words
    finally:
        text_page.close()


def _text(text_page: pdfium.PdfTextPage, count: int) -> str:
    """The characters of the page by their index: one of the text is one of PDFium's."""
    buffer = (ctypes.c_ushort * (count + 1))()
    written = raw.FPDFText_GetText(text_page.raw, 0, count, buffer)
    if written == count + 1:
        text = bytes(buffer).decode("utf-16-le", "replace")[:-1]
        if len(text) == count:
            return text
    codes = (raw.FPDFText_GetUnicode(text_page.raw, i) for i in range(count))
    return "".join(
        chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd" for code in codes
    )


def _placer(page: pdfium.PdfPage) -> Any:
    """Turns a box in the page's own coordinates into points from the top left corner as it is shown."""
    x0, y0, x1, y1 = page.get_cropbox()
    turn = page.get_rotation()

    def place(left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
        if turn == 90:
            placed = (bottom - y0, left - x0, top - y0, right - x0)
        elif turn == 180:
            placed = (x1 - right, bottom - y0, x1 - left, top - y0)
        elif turn == 270:
            placed = (y1 - top, x1 - right, y1 - bottom, x1 - left)
        else:
            placed = (left - x0, y1 - top, right - x0, y1 - bottom)
        a, b, c, d = placed
        return round(a, 1), round(b, 1), round(c, 1), round(d, 1)

    return place


def _speaks(words: list[list[Any]]) -> bool:
    """Whether the text is one that can be read; fonts without a mapping give marks of nothing."""
    text = "".join([word[0] for word in words])
    if text.isprintable() and "\ufffd" not in text:
        return len(text) >= 20
    strange = sum(not c.isprintable() or "\ue000" <= c <= "\uf8ff" or c == "\ufffd" for c in text)
    return len(text) >= 20 and strange * 4 < len(text)


def _pictured(page: pdfium.PdfPage) -> bool:
    """Whether there is something to see on the page."""
    kinds = (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_FORM)
    return next(page.get_objects(filter=kinds, max_depth=2), None) is not None
