"""Words recognised from pictures, offline: tesseract where this machine has it, else (or for a second look)
rapidocr, whose models lie in its package.

Runs only inside the limited child process. A picture is turned upright and made level before it is read.
"""

import io
import os
import re
import subprocess
import sys
from array import array
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from math import radians, tan
from typing import Any

from smartimport_cli.core.errors import FileRefused

Answer = dict[str, Any]
_MAX_PIXELS = 60_000_000
_MOST_FRAMES = 10  # pictures of one TIFF
_LONG_SIDES = {
    "tesseract": 2600,
    "rapidocr": 2200,
}  # pixels that an engine reads a page at: 220, 190 dpi of A4
_SMALL = 1000  # pixels of the longer side at which it is found how a page lies
_INK = [0] * 8 + list(range(8, 80)) + [80] * 176  # what is hardly darker than the paper is none
_MARK = 13  # what is darker than the paper by this and the above is a mark
_LEAST = 150  # points of marks on a page that has words
_STRIPS = 48  # that a picture is cut into to find its slope
_STRIP = 10  # points long, as two or three letters of such a page
_RULE = 40  # points of which most are ink, as in no word
_STEEPEST = 8.0  # degrees that a page may be turned by accident
# A page is level where turned by these degrees either way it is less sharp, by this much.
_LESS_SHARP = ((0.15, 1.1), (0.3, 1.1), (0.5, 1.1), (1.0, 1.5), (2.5, 1.5))
_TRAINED = ".traineddata"  # what its files of languages end in
_LANGUAGES = ("eng", "deu", "fra", "spa", "ita", "nld", "por")
_AMOUNT = re.compile(r"\d[.,]\d\d(?!\d)")
_ORIENTATION = 0x0112  # among what a camera notes of its picture: how it was held
_POINTS = 842.0  # of the long side of a page whose size is not known (A4)


def pages(data: bytes, *, name: str, thorough: bool) -> Iterator[Answer]:
    """The one page of a picture, or those of a TIFF. Raises FileRefused `damaged`, `too-complex`, `missing-extra`."""
    for number, picture in enumerate(_opened(data, name), 1):
        points = _POINTS / max(picture.size)
        size = [side * points for side in picture.size]
        found = words(picture, name=name, thorough=thorough, points=points)
        yield {"number": number, "size": size, "words": found, "scanned": True}


def words(picture: Any, *, name: str, thorough: bool, points: float) -> list[list[Any]]:
    """The words of a grey picture (Pillow): text, left, top, right, bottom in points (one pixel is `points`), and
    confidence. `thorough` takes the engine that reads better and slower."""
    _pillow(name)
    engine, recognise = _engine(name, thorough)
    factor = _LONG_SIDES[engine] / max(picture.size)
    if factor < 0.8 or factor > 1.2:
        factor = min(factor, 3.0)
        picture = _scaled(picture, factor)
        points /= factor
    ink = _ink(picture)
    if _empty(ink):
        return []  # an engine looks for words in the noise of an empty page for a minute
    picture = _levelled(picture, ink)
    found = recognise(picture)
    if _unreadable(found):  # it stands on its head
        found = max(found, recognise(picture.rotate(180)), key=_quality)
    return [
        [text, *(round(side * points, 1) for side in box), round(confidence, 3)]
        for text, *box, confidence in found
    ]


def _scaled(picture: Any, factor: float) -> Any:
    from PIL import Image

    size = [max(round(side * factor), 1) for side in picture.size]
    return picture.resize(size, Image.Resampling.BICUBIC if factor > 1 else Image.Resampling.LANCZOS)


def _opened(data: bytes, name: str) -> Iterator[Any]:
    """The pictures in grey, as they are held."""
    _pillow(name)
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # looked at below, and as a refusal
    try:
        picture = _plugin(data)(io.BytesIO(data))
        frames = getattr(picture, "n_frames", 1)
        if frames > _MOST_FRAMES:
            raise FileRefused(
                "too-complex", f"{name} has {frames:,} pages; at most {_MOST_FRAMES} are recognised.",
                hint="Scan a shorter period.",
            )  # fmt: skip
        for frame in range(frames):
            picture.seek(frame)
            yield _grey(picture, name)
    except FileRefused:
        raise
    except (OSError, ValueError, SyntaxError, EOFError, KeyError, TypeError, IndexError, OverflowError):
        raise FileRefused(
            "damaged", f"{name} is no whole picture.", hint="Scan or download it again."
        ) from None


def _grey(picture: Any, name: str) -> Any:
    from PIL import Image

    if picture.width * picture.height > _MAX_PIXELS:
        raise FileRefused(
            "too-complex",
            f"{name} has {picture.width:,} by {picture.height:,} pixels.",
            hint="Scan it in grey with 300 dpi.",
        )
    if min(picture.size) < 50:
        raise FileRefused("no-transactions", f"{name} is too small a picture to hold a statement.")
    across, down = map(float, picture.info.get("dpi", (1, 1)))
    turned = picture.getexif().get(_ORIENTATION, 1) != 1
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        paper = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(paper, picture)
    picture.load()
    if turned:
        from PIL import ImageOps

        picture = ImageOps.exif_transpose(picture)
    elif across > 0 and down > 0 and not 0.9 < across / down < 1.1:  # a fax has fewer points down than across
        height = min(round(picture.height * across / down), _MAX_PIXELS // picture.width)
        picture = picture.convert("L").resize((picture.width, height), Image.Resampling.BILINEAR)
    if picture.mode.startswith("I"):  # of 16 bits
        picture = picture.point(lambda level: level / 256)
    return picture if picture.mode == "L" else picture.convert("L")


def _plugin(data: bytes) -> Any:
    """What opens pictures of this format. Pillow's own choice would load the plugins of all usual formats first."""
    if data.startswith(b"\x89PNG"):
        from PIL.PngImagePlugin import PngImageFile

        return PngImageFile
    if data.startswith((b"II", b"MM")):
        from PIL.TiffImagePlugin import TiffImageFile

        return TiffImageFile
    from PIL.JpegImagePlugin import JpegImageFile

    return JpegImageFile


def _pillow(name: str) -> None:
    try:
        import PIL  # noqa: F401
    except ImportError:
        raise _missing(name) from None


def _missing(name: str) -> FileRefused:
    return FileRefused(
        "missing-extra",
        f"{name} is a picture; the part that recognises text is not installed.",
        hint="Install it with pip install 'smartimport[ocr]', or export the statement as CSV or OFX.",
    )


# Level and upright


def _levelled(picture: Any, ink: Any) -> Any:
    """The picture with its lines of text running level. Which way is up is told only by reading."""
    from PIL import Image

    if _runs_down(ink):  # whether its head is left or right, reading tells
        picture = picture.rotate(90, expand=True, fillcolor=255)
        ink = ink.transpose(Image.Transpose.ROTATE_90)
    angle = _slope(ink)
    if abs(angle) < 0.08:
        return picture
    return picture.rotate(-angle, resample=Image.Resampling.BICUBIC, expand=False, fillcolor=255)


def _ink(picture: Any) -> Any:
    """How much darker each point of the picture, made small, is than the paper around it: photographed pages are
    darker on one side."""
    from PIL import Image, ImageChops, ImageFilter

    factor = _SMALL / max(picture.size)
    size = [max(round(side * factor), 1) for side in picture.size]
    small = picture.resize(size, Image.Resampling.BOX, reducing_gap=1.0) if factor < 1 else picture
    paper = small.filter(ImageFilter.BoxBlur(15))
    return ImageChops.subtract(paper, small, offset=-12).point(_INK)


def _empty(ink: Any) -> bool:
    """Whether less is on the page than a word or two, as on the backs of sheets."""
    marks: list[int] = ink.histogram()
    return sum(marks[_MARK:]) < _LEAST


def _slope(ink: Any) -> float:
    """The angle in degrees at which the sums of rows differ most from one to the next: there text is level.
    Turning by a small angle is close to shifting strips of the picture up and down."""
    from PIL import Image

    width, height = ink.size
    strips = ink.convert("F").resize((_STRIPS, height), Image.Resampling.BOX)
    size, wide = strips.size, width / _STRIPS

    def sharpness(degrees: float) -> float:
        slope = tan(radians(degrees)) * wide  # of a strip to the next
        shear = (1, 0, 0, -slope, 1, slope * _STRIPS / 2)
        turned = strips.transform(size, Image.Transform.AFFINE, shear)
        rows = array("f", turned.resize((1, height), Image.Resampling.BOX).tobytes())
        differing: float = sum([(below - row) ** 2 for row, below in pairwise(rows)])
        return differing

    best_angle, best = 0.0, sharpness(0.0)
    if all(max(sharpness(by), sharpness(-by)) * part < best for by, part in _LESS_SHARP):
        return 0.0
    for step, around in ((0.25, _STEEPEST), (0.06, 0.24)):
        centre = best_angle
        count = round(around / step)
        for i in range(-count, count + 1):
            sharp = sharpness(centre + i * step)
            if sharp > best:
                best_angle, best = centre + i * step, sharp
    return best_angle


def _runs_down(ink: Any) -> bool:
    """Whether lines of text run from top to bottom: letters stand close along a line, and lines apart, so less of
    the paper's short strips along the lines have ink than of those across them."""
    marks = _without_rules(ink.point([0] * _MARK + [255] * (256 - _MARK)))

    def covered(across: int, down: int) -> int:
        strips: list[int] = marks.reduce((across, down)).histogram()
        return sum(strips[1:])

    return covered(_STRIP, 1) > covered(1, _STRIP)


def _without_rules(marks: Any) -> Any:
    """The marks without the lines that are drawn around and between what is written."""
    from PIL import Image, ImageChops

    for run in ((_RULE, 1), (1, _RULE)):
        rules = marks.reduce(run).point([0] * 140 + [255] * 116)
        marks = ImageChops.subtract(marks, rules.resize(marks.size, Image.Resampling.NEAREST))
    return marks


def _quality(found: list[list[Any]]) -> float:
    return float(sum(w[5] * len(w[0]) for w in found if w[5] > 0.6 and len(w[0]) > 1))


def _unreadable(found: list[list[Any]]) -> bool:
    """Whether hardly anything was recognised with confidence, as in a page that stands on its head; a statement
    shows amounts at least."""
    letters = sum(len(w[0]) for w in found)
    amounts = sum(w[5] > 0.6 and _AMOUNT.search(w[0]) is not None for w in found)
    return letters < 20 or _quality(found) < 0.5 * letters or amounts < 3


# Engines


def _engine(name: str, thorough: bool) -> tuple[str, Any]:
    rapid = _has_rapidocr()
    if thorough and rapid:
        return "rapidocr", _rapidocr
    if _tesseract_languages():
        return "tesseract", _tesseract
    if rapid:
        return "rapidocr", _rapidocr
    raise _missing(name)


@cache
def _has_rapidocr() -> bool:
    from importlib.util import find_spec

    return find_spec("rapidocr") is not None and find_spec("onnxruntime") is not None


@cache
def _tesseract_program() -> str | None:
    name = "tesseract.exe" if sys.platform == "win32" else "tesseract"
    paths = [os.path.join(folder, name) for folder in os.get_exec_path()]
    return next((path for path in paths if os.path.isfile(path) and os.access(path, os.X_OK)), None)


@cache
def _tesseract_languages() -> str:
    """The languages that tesseract has here and we want, as it takes them; empty where it is missing."""
    program = _tesseract_program()
    if program is None:
        return ""
    data = _tesseract_data(program)
    try:
        installed = os.listdir(data) if data else _listed(program)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    names = {name.removesuffix(_TRAINED) for name in installed}
    return "+".join([language for language in _LANGUAGES if language in names][:3])


@cache
def _tesseract_data(program: str) -> str | None:
    """The folder of tesseract's languages where it can be one only, which then is named to it: to ask it for them
    takes as long as to start it."""
    if "TESSDATA_PREFIX" in os.environ:
        return None
    share = os.path.join(os.path.dirname(program), "..", "share")
    versions = os.path.join(share, "tesseract-ocr")
    names = os.listdir(versions) if os.path.isdir(versions) else []
    folders = [os.path.join(place, "tessdata") for place in (share, *[os.path.join(versions, n) for n in names])]
    found = [folder for folder in folders if os.path.isfile(os.path.join(folder, "eng" + _TRAINED))]
    return found[0] if len(found) == 1 else None


def _listed(program: str) -> list[str]:
    """The languages that tesseract says it has."""
    done = subprocess.run([program, "--list-langs"], capture_output=True, timeout=20, check=False)
    return done.stdout.decode(errors="replace").split()


def _tesseract(picture: Any) -> list[list[Any]]:
    program = _tesseract_program()
    if program is None:
        return []
    data = _tesseract_data(program)
    # The engine reads a bitmap from a file in no time, but what comes through a pipe byte by byte. The file has no
    # name, so nothing of a statement is left behind whatever ends this process.
    with _nameless() as page:
        _save_bitmap(picture, page)
        page.seek(0)
        command = [
            program, "/dev/stdin" if sys.platform == "linux" else "stdin", "stdout",
            *(("--tessdata-dir", data) if data else ()),
            "-l", _tesseract_languages(), "--psm", "6", "--dpi", "220", "-c", "tessedit_create_tsv=1",
        ]  # fmt: skip
        try:
            done = subprocess.run(
                command, stdin=page, capture_output=True, timeout=90, check=False,
                env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired):
            return []
    found = []
    for line in done.stdout.decode(errors="replace").splitlines()[1:]:
        cells = line.split("\t")
        if len(cells) < 12 or cells[0] != "5" or not cells[11].strip():
            continue
        left, top, width, height = map(int, cells[6:10])
        confidence = max(float(cells[10]), 0.0) / 100
        found.append([cells[11].strip(), left, top, left + width, top + height, confidence])
    return found


def _save_bitmap(picture: Any, page: Any) -> None:
    """As the picture's own method does it, which loads the plugins of four more formats first."""
    from PIL import BmpImagePlugin, Image

    picture.encoderinfo = {}
    Image.SAVE[BmpImagePlugin.BmpImageFile.format](picture, page, "")


def _nameless() -> Any:
    if hasattr(os, "memfd_create"):
        return open(os.memfd_create("page"), "w+b")
    import tempfile

    return tempfile.TemporaryFile()


@cache
def _reader() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "Global.max_side_len": 2600,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "EngineConfig.onnxruntime.enable_cpu_mem_arena": False,
        }
    )


def _rapidocr(picture: Any) -> list[list[Any]]:
    import numpy as np

    result = _reader()(np.asarray(picture.convert("RGB")), return_word_box=True)
    found: list[list[Any]] = []
    for text, box, score in zip(result.txts or (), result.boxes if result.boxes is not None else (),
                                result.scores or (), strict=False):  # fmt: skip
        xs, ys = [point[0] for point in box], [point[1] for point in box]
        found.extend(_split(text, min(xs), min(ys), max(xs), max(ys), float(score)))
    return found


def _split(text: str, left: float, top: float, right: float, bottom: float, score: float) -> list[list[Any]]:
    """The words of a recognised line, each by its share of the width."""
    pitch = (right - left) / max(len(text), 1)
    found, at = [], 0
    for word in text.split():
        start = text.index(word, at)
        at = start + len(word)
        found.append(
            [word, float(left + start * pitch), float(top), float(left + at * pitch), float(bottom), score]
        )
    return found
