"""Words of a PDF by their places on the page, from its text; a page without text is recognised from its picture.

Runs only inside the limited child process. PDFium reads; nothing in a document is executed, and nothing outside
it is opened.
"""

import ctypes
import io
import re
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from math import isfinite
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from smartimport_cli.core.errors import FileRefused

_MAX_PAGES = 500
_MAX_CHARS = 100_000  # of one page; a dense page of a statement has 8,000
_MAX_SCANNED = 40  # pages to recognise
_CHUNK = 1 << 20
_HYPHEN = "\ufffe"  # in PDFium's text: one at the end of a line, with no line break behind it
# Fonts share one glyph among several hyphens; what is printed is a hyphen, and before an amount its minus.
_HYPHENS = str.maketrans(dict.fromkeys((_HYPHEN, "\xad", "\u2010", "\u2011"), "-"))
_WORD = re.compile(r"[^\s\x00\ufffe\uffff]+\ufffe?|\ufffe")
_IDENTIFIER = re.compile(
    rb"/ID\s?\[\s?<[0-9A-F]{32}>\s?<[0-9A-F]{32}>\s?\](?=[^\[\]]{0,200}startxref\s+\d+\s+%%EOF\s*$)"
)
_SCAN_DPI = 300
_EDGE = 3  # objects at either end of a page among which its picture is looked for
_SAMPLE = 40  # texts of a page that are looked at
_MOST = 0.6  # of a page's area
_MAX_SIDE = 20_000  # points
_MAX_PIXELS = 30_000_000

# Called twice a word: with plain addresses for arguments it takes two thirds of the time.
_box = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)(
    ctypes.cast(raw.FPDFText_GetLooseCharBox, ctypes.c_void_p).value or 0
)
_BOX = ctypes.sizeof(raw.FS_RECTF)

Answer = dict[str, Any]


def pages(data: bytes, *, name: str) -> Iterator[Answer]:
    """One answer a page: its number, its size in points, its words with a blank between two, and their places
    (see `_words`); None for the words of a page that is only a picture. `hidden`: the words are not seen, but lie
    with the picture of the page, as another program recognised it.

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
            words, places = _words(page)
            pictured = not _speaks("".join(words)) and _pictured(page)
            text = None if pictured else " ".join(words)
            hidden = text is not None and _hidden(page)
            yield {
                "number": index + 1, "size": page.get_size(), "words": text, "places": places, "hidden": hidden,
            }  # fmt: skip
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


def unlocked(data: bytes, *, name: str, secret: str) -> Iterator[bytes]:
    """A copy of the document without its password, piece by piece.

    Raises FileRefused `locked` where `secret` does not open the document.
    """
    import hashlib

    document = _open(data, name, secret)
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


def _words(page: pdfium.PdfPage) -> tuple[list[str], list[list[int]]]:
    """The words of the page's text, and where they are: all left edges, all tops, all right edges, all bottoms, in
    tenths of a point from the top left corner."""
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
        hyphens = any(hyphen in text for hyphen in map(chr, _HYPHENS))
        found = [(match[0], *match.span()) for match in _WORD.finditer(text)]
        boxes = array("f", bytes(2 * _BOX * len(found)))  # of the first and the last character of each word
        handle, at = ctypes.cast(text_page.raw, ctypes.c_void_p), boxes.buffer_info()[0]
        words = []
        for word, first, end in found:
            if not _box(handle, first, at):
                continue
            if not _box(handle, end - 1, at + _BOX):
                ctypes.memmove(at + _BOX, at, _BOX)
            words.append(word.translate(_HYPHENS) if hyphens else word)
            at += 2 * _BOX
    finally:
        text_page.close()
    del boxes[8 * len(words) :]
    if not isfinite(sum(boxes)):  # a font without measure: what has no place is no word
        kept = [i for i in range(len(words)) if isfinite(sum(boxes[8 * i : 8 * i + 8]))]
        boxes = array("f", [side for i in kept for side in boxes[8 * i : 8 * i + 8]])
        words = [words[i] for i in kept]
    return words, _placed(page, boxes)


def _placed(page: pdfium.PdfPage, boxes: Sequence[float]) -> list[list[int]]:
    """The places of words as the page is shown, of the boxes of their first and last characters in the page's own
    coordinates (left, top, right, bottom; y upwards)."""
    lefts = [min(a, b) for a, b in zip(boxes[0::8], boxes[4::8], strict=True)]
    tops = list(map(max, boxes[1::8], boxes[5::8]))
    rights = list(map(max, boxes[2::8], boxes[6::8]))
    bottoms = list(map(min, boxes[3::8], boxes[7::8]))
    x0, y0, x1, y1 = page.get_cropbox()

    def behind(edge: float, values: list[float]) -> list[int]:
        return [round((value - edge) * 10) for value in values]

    def before(edge: float, values: list[float]) -> list[int]:
        return [round((edge - value) * 10) for value in values]

    turn = page.get_rotation()
    if turn == 90:
        return [behind(y0, bottoms), behind(x0, lefts), behind(y0, tops), behind(x0, rights)]
    if turn == 180:
        return [before(x1, rights), behind(y0, bottoms), before(x1, lefts), behind(y0, tops)]
    if turn == 270:
        return [before(y1, tops), before(x1, rights), before(y1, bottoms), before(x1, lefts)]
    return [behind(x0, lefts), before(y1, tops), behind(x0, rights), before(y1, bottoms)]


def _text(text_page: pdfium.PdfTextPage, count: int) -> str:
    """The characters of the page by their index: one of the text is one of PDFium's."""
    buffer = (ctypes.c_ushort * (count + 1))()
    written = raw.FPDFText_GetText(text_page.raw, 0, count, buffer)
    if written == count + 1:
        text = bytes(buffer).decode("utf-16-le", "replace")[:-1]
        if len(text) == count:
            return text
    codes = (raw.FPDFText_GetUnicode(text_page.raw, i) for i in range(count))
    text = "".join(
        chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd" for code in codes
    )
    return text.replace("\x02", _HYPHEN)


def _speaks(text: str) -> bool:
    """Whether the text is one that can be read; fonts without a mapping give marks of nothing."""
    if text.isprintable() and "\ufffd" not in text:
        return len(text) >= 20
    strange = sum(not c.isprintable() or "\ue000" <= c <= "\uf8ff" or c == "\ufffd" for c in text)
    return len(text) >= 20 and strange * 4 < len(text)


def _pictured(page: pdfium.PdfPage) -> bool:
    """Whether there is something to see on the page."""
    kinds = (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_FORM)
    return next(page.get_objects(filter=kinds, max_depth=2), None) is not None


def _hidden(page: pdfium.PdfPage) -> bool:
    """Whether what is seen of the page is a picture, and its text is invisible or lies below that."""
    handle = page.raw
    count = raw.FPDFPage_CountObjects(handle)
    # Such a picture is painted before or after all else; a page that is written has other things there.
    edges = sorted({*range(min(count, _EDGE)), *range(max(count - _EDGE, 0), count)})
    found = next((at for at in edges if _fills(page, raw.FPDFPage_GetObject(handle, at))), None)
    if found is None:
        return False
    texts = list(islice(page.get_objects(filter=(raw.FPDF_PAGEOBJ_TEXT,), max_depth=3), _SAMPLE))
    unseen = (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP)
    return found >= len(texts) > 0 or all(
        raw.FPDFTextObj_GetTextRenderMode(text.raw) in unseen for text in texts
    )


def _fills(page: pdfium.PdfPage, thing: Any) -> bool:
    """Whether an object of the page is a picture on most of it."""
    if raw.FPDFPageObj_GetType(thing) != raw.FPDF_PAGEOBJ_IMAGE:
        return False
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not raw.FPDFPageObj_GetBounds(thing, left, bottom, right, top):
        return False
    width, height = page.get_size()
    filled: float = (right.value - left.value) * (top.value - bottom.value)
    return filled > _MOST * float(width * height)
