"""Statements as pictures: turned, noisy, photographed; what is not proved says so; a missing part is named."""

import io
import os
import struct
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import pytest
from reportlab.pdfgen.canvas import Canvas

from smartimport_cli import statements
from smartimport_cli.core.documents import Page, Word
from smartimport_cli.core.errors import FileRefused
from smartimport_cli.core.model import Verdict
from smartimport_cli.documents import IsolatedDocuments
from smartimport_cli.statements.formats import Resources
from tests.statements import paper_layouts as layouts

np = pytest.importorskip("numpy")
Image = pytest.importorskip("PIL.Image")
pdfium = pytest.importorskip("pypdfium2")


def scanned(pdf: bytes, *, angle: float, noise: float = 10.0, dpi: int = 200, form: str = "JPEG") -> bytes:
    """The first page as a scanner or a phone would give it: turned, darker on one side, noisy, compressed."""
    document = pdfium.PdfDocument(pdf)
    picture = document[0].render(scale=dpi / 72, grayscale=True).to_pil()
    document.close()
    picture = picture.rotate(angle, expand=True, fillcolor=250, resample=Image.Resampling.BICUBIC)
    grey = np.asarray(picture, dtype=np.float32) * np.linspace(1, 0.85, picture.width)[None, :]
    grey = np.clip(grey + np.random.default_rng(1).normal(0, noise, grey.shape), 0, 255).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(grey).save(out, form, resolution=dpi, **({"quality": 70} if form == "JPEG" else {}))
    return out.getvalue()


def read(data: bytes, name: str = "scan.jpg") -> list[statements.Collected]:
    source = io.BytesIO(data)
    resources = Resources(documents=IsolatedDocuments())
    return statements.collect(statements.read(source, name=name, size=len(data), resources=resources))


def amounts(found: statements.Collected) -> list[tuple[object, Decimal]]:
    return [(row.posted_date, Decimal(row.amount).scaleb(-4)) for row in found.rows]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("layout", "angle", "form"),
    [
        (layouts.year_change, 0.9, "JPEG"),
        (layouts.card_signed, 181.2, "PNG"),
        (layouts.es_importe_saldo, -1.4, "PDF"),
        (layouts.signs_apart, 90.5, "JPEG"),
        (layouts.es_importe_saldo, 0.9, "TIFF"),
    ],
    ids=["tilted", "upside-down", "pdf-of-a-picture", "on-its-side", "tiff"],
)
def test_a_scan_is_read_and_proved(layout, angle, form):
    pdf, expected = layout()
    (found,) = read(scanned(pdf, angle=angle, form=form))
    assert amounts(found) == expected.rows
    assert found.statement.proof.verdict is Verdict.PROVED


@pytest.mark.slow
@pytest.mark.parametrize("layout", [layouts.fr_debit_credit, layouts.uk_overdrawn_marks])
def test_a_coarse_scan_is_read_and_proved(layout):
    """150 dpi, not quite level, grey with the marks of strong compression; two columns of amounts."""
    pdf, expected = layout()
    (found,) = read(scanned(pdf, angle=0.4, noise=6, dpi=150))
    assert amounts(found) == expected.rows
    assert found.statement.proof.verdict is Verdict.PROVED


def level_ink(pdf: bytes, angle: float) -> tuple[float, bool]:
    """The slope that is found of a page turned by `angle`, and whether its lines are said to run down."""
    from smartimport_cli.documents import ocr

    ink = ocr._ink(Image.open(io.BytesIO(scanned(pdf, angle=angle, noise=6))))
    return ocr._slope(ink), ocr._runs_down(ink)


@pytest.mark.parametrize("angle", [0.0, 0.4, -0.9, 3.0, -5.0, 7.5])
@pytest.mark.parametrize("layout", [layouts.card_signed, layouts.year_change])
def test_the_slope_of_a_page_is_found(layout, angle):
    slope, down = level_ink(layout()[0], angle)
    assert not down
    assert abs(slope - angle) < 0.15


@pytest.mark.parametrize("angle", [0.0, 90.0])
def test_upright_rules_of_a_table_are_no_lines_of_text(angle):
    paper = layouts.Paper()
    for day in range(1, 9):
        paper.line((50, f"{day} Sep 2024"), (115, "VDP-DUNNES DOUGLAS"), (-380, "131.95"), (-545, "1,204.17"))
    for x in (45, 110, 300, 385, 465, 550):
        paper.canvas.line(x, 200, x, 790)
    slope, down = level_ink(paper.done(), angle)
    assert down == (angle == 90.0)
    assert down or slope == 0.0


@pytest.mark.slow
def test_a_scan_that_nothing_proves_says_so():
    pdf, expected = layouts.no_balances()
    (found,) = read(scanned(pdf, angle=0.5, noise=6))
    assert len(found.rows) + len(found.unreadable) == len(expected.rows)
    assert found.statement.proof.verdict is not Verdict.PROVED
    assert "not-proved" in {issue.code for issue in found.statement.issues}


def _huge() -> bytes:
    """A small picture that says it has 30,000 by 30,000 pixels: refused before they are unpacked."""
    out = io.BytesIO()
    Image.new("1", (1, 1)).save(out, "PNG")
    small = out.getvalue()
    header = b"IHDR" + struct.pack(">II", 30_000, 30_000) + small[24:29]
    return small[:12] + header + struct.pack(">I", zlib.crc32(header)) + small[33:]


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (lambda: b"\x89PNG\r\n\x1a\n" + b"\x00" * 500, {"damaged"}),
        (lambda: b"\xff\xd8\xff" + b"\x10" * 500, {"damaged"}),
        (_huge, {"too-complex"}),
    ],
    ids=["no-png", "no-jpeg", "huge"],
)
def test_pictures_that_cannot_be_opened(data, codes):
    with pytest.raises(FileRefused) as refused:
        read(data())
    assert refused.value.code in codes


@pytest.mark.parametrize("form", ["PNG", "JPEG", "TIFF"])
@pytest.mark.parametrize("cut", [0.02, 0.4, 1.0], ids=["head", "half", "whole"])
def test_broken_pictures_are_refused(form, cut):
    """Cut off, or with bytes that are others: nothing in it is a statement, and the refusal says why."""
    out = io.BytesIO()
    Image.new("L", (60, 60), 255).save(out, form)
    data = bytearray(out.getvalue()[: max(int(len(out.getvalue()) * cut), 12)])
    for at in range(20, len(data), 29):
        data[at] ^= 0x5A
    with pytest.raises(FileRefused) as refused:
        read(bytes(data))
    assert refused.value.code in {"damaged", "too-complex", "no-transactions", "unsupported-format"}
    assert refused.value.message.isprintable()


def tiff(*sizes: tuple[int, int], dpi: tuple[int, int] = (200, 200)) -> bytes:
    pages = [Image.new("1", size, 1) for size in sizes]
    out = io.BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:], compression="group4", dpi=dpi)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "sizes"),
    [
        (tiff((170, 220), (170, 210)), [(170, 220), (170, 210)]),
        (tiff((1728, 1078), dpi=(204, 98)), [(1728, 2244)]),
    ],
    ids=["two-pages", "fax-of-fewer-lines"],
)
def test_a_tiff_has_a_picture_for_each_page_with_the_height_that_it_had(data, sizes):
    from smartimport_cli.documents import ocr

    assert [(picture.mode, picture.size) for picture in ocr._opened(data, "fax.tif")] == [
        ("L", s) for s in sizes
    ]


def test_a_tiff_of_too_many_pages_is_refused():
    with pytest.raises(FileRefused) as refused:
        read(tiff(*[(60, 60)] * 11), "fax.tif")
    assert refused.value.code == "too-complex"


def test_a_picture_of_16_bits_is_not_all_white():
    from smartimport_cli.documents import ocr

    out = io.BytesIO()
    Image.new("I;16", (60, 60), 0x4000).save(out, "PNG")
    (picture,) = ocr._opened(out.getvalue(), "a.png")
    assert picture.getextrema() == (0x40, 0x40)


def test_a_missing_part_is_named(monkeypatch):
    from smartimport_cli.documents import ocr

    monkeypatch.setattr(ocr, "_has_rapidocr", lambda: False)
    monkeypatch.setattr(ocr, "_tesseract_languages", lambda: "")
    with pytest.raises(FileRefused) as refused:
        ocr.words(Image.new("L", (300, 300), 255), name="a.png", thorough=False, points=1.0)
    assert refused.value.code == "missing-extra"
    assert "smartimport[ocr]" in refused.value.hint


def test_a_missing_pdf_part_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    monkeypatch.setattr("smartimport_cli.documents.paper.find_spec", lambda name: None)
    with pytest.raises(FileRefused) as refused:
        read(layouts.no_balances()[0], "a.pdf")
    assert refused.value.code == "missing-extra"
    assert "smartimport[pdf]" in refused.value.hint


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine of its own with a tesseract that counts how often it is asked for its languages, and the folders it
    has them in."""
    from smartimport_cli.documents import ocr

    program = tmp_path / "bin" / "tesseract"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\necho asked >> {tmp_path}/asked\nprintf 'List (2):\\neng\\nspa\\n'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.delenv("TESSDATA_PREFIX", raising=False)
    for found in (ocr._tesseract_program, ocr._tesseract_languages, ocr._tesseract_data):
        monkeypatch.setattr(ocr, found.__name__, found.__wrapped__)

    def with_folders(*names: str) -> tuple[str, bool]:
        for name in names:
            folder = tmp_path / "share" / name
            folder.mkdir(parents=True)
            for language in ("eng", "ita", "osd"):
                (folder / f"{language}.traineddata").touch()
        return ocr._tesseract_languages(), (tmp_path / "asked").exists()

    return with_folders


@pytest.mark.skipif(sys.platform == "win32", reason="the program is a shell script")
@pytest.mark.parametrize(
    ("folders", "languages", "asked"),
    [
        (["tesseract-ocr/5/tessdata"], "eng+ita", False),
        (["tessdata"], "eng+ita", False),
        (["tesseract-ocr/4.00/tessdata", "tesseract-ocr/5/tessdata"], "eng+spa", True),
        ([], "eng+spa", True),
    ],
    ids=["of-one-version", "of-all-versions", "two", "elsewhere"],
)
def test_tesseract_is_asked_for_its_languages_only_where_their_folder_is_not_known(
    machine, folders, languages, asked
):
    assert machine(*folders) == (languages, asked)


def layered(pdf: bytes, *, mode: int, below: bool, change: tuple[str, str] = ("", "")) -> bytes:
    """The first page as a picture, with its text once more: in this rendering mode, below the picture or on it."""
    document = pdfium.PdfDocument(pdf)
    picture = document[0].render(scale=200 / 72, grayscale=True).to_pil()
    width, height = document[0].get_size()
    text = document[0].get_textpage()
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(width, height))
    if not below:
        canvas.drawInlineImage(picture, 0, 0, width, height)
    for left, bottom, right, top in (text.get_rect(i) for i in range(text.count_rects())):
        written = canvas.beginText(left, bottom)
        written.setTextRenderMode(mode)
        written.setFont("Helvetica", 9)
        written.textOut(text.get_text_bounded(left, bottom, right, top).strip().replace(*change))
        canvas.drawText(written)
    if below:
        canvas.drawInlineImage(picture, 0, 0, width, height)
    canvas.save()
    document.close()
    return out.getvalue()


@pytest.mark.parametrize(
    ("mode", "below", "expected"),
    [(3, False, True), (0, True, True), (0, False, False)],
    ids=["invisible", "below", "seen"],
)
def test_text_that_lies_unseen_with_a_picture_is_told_from_text_that_is_seen(mode, below, expected):
    pdf = layered(layouts.year_change()[0], mode=mode, below=below)
    (page,) = IsolatedDocuments().pages(io.BytesIO(pdf), kind="pdf", name="a.pdf")
    assert (page.layered, page.scanned) == (expected, expected)
    assert len(page.words) > 50


@pytest.mark.slow
@pytest.mark.parametrize("change", [("3", "8"), ("0", "O")], ids=["other-digits", "letters"])
def test_what_another_program_misrecognised_is_read_from_the_picture(change):
    pdf, expected = layouts.year_change()
    (found,) = read(layered(pdf, mode=3, below=False, change=change), "scan.pdf")
    assert amounts(found) == expected.rows
    assert found.statement.proof.verdict is Verdict.PROVED


@dataclass
class Recognised:
    """Documents that are recognised as these lines: their words by left edges, and the confidence of all of them."""

    lines: list[tuple[float, dict[int, str]]]

    def pages(
        self, source: object, *, kind: str, name: str, anew: bool = False, thorough: bool = False
    ) -> Iterator[Page]:
        words = []
        for at, (confidence, cells) in enumerate(self.lines):
            for x, text in cells.items():
                for number, word in enumerate(text.split()):
                    left = x + 30.0 * number
                    words.append(Word(word, left, 50.0 + 15 * at, left + 27, 60.0 + 15 * at, confidence))
        yield Page(1, 595, 842, words, True)

    def read(self) -> statements.Collected:
        source = io.BytesIO(b"\xff\xd8\xff")
        (found,) = statements.collect(
            statements.read(source, name="scan.jpg", size=3, resources=Resources(documents=self))
        )
        return found


_HEAD = [
    (0.9, {50: "1 January 2024 to 31 January 2024"}),
    (0.9, {50: "Date", 150: "Details", 380: "Paid out", 460: "Paid in", 540: "Balance"}),
    (0.9, {150: "Opening balance", 540: "500.00"}),
    (0.9, {50: "03.01.2024", 150: "Water rates", 380: "20.00", 540: "480.00"}),
    (0.9, {50: "05.01.2024", 150: "Salary", 460: "100.00", 540: "580.00"}),
]
_GUESSES = [
    (0.2, {50: "0r.Di2", 150: "Ti ae Shapping", 380: "iz.s", 540: "56B:0O"}),
    (0.3, {50: "oo", 150: "Reeeet ere to", 380: "4?,oo", 540: "S2l.oo"}),
]


@pytest.mark.parametrize(
    ("behind", "verdict"),
    [
        ([], Verdict.PROVED),
        (_GUESSES, Verdict.UNPROVED),
        ([*_GUESSES, (0.9, {150: "Closing balance", 540: "580.00"})], Verdict.PROVED),
        ([(0.9, {50: "Thank you for banking with us"})], Verdict.PROVED),
    ],
    ids=["nothing", "guesses", "guesses-before-a-balance", "a-note"],
)
def test_what_stands_unread_behind_the_last_balance_is_not_left_out_in_silence(behind, verdict):
    found = Recognised([*_HEAD, *behind]).read()
    assert [row.amount for row in found.rows] == [-200_000, 1_000_000]
    assert found.statement.proof.verdict is verdict


@pytest.mark.parametrize(
    ("shown", "day", "doubts"),
    [
        ("1/8", "2024-01-08", []),
        ("118", "2024-01-08", ["low-confidence-date"]),
        ("1S8", "2024-01-03", ["low-confidence-date"]),
        ("", "2024-01-03", []),
    ],
    ids=["a-day", "slash-taken-for-1", "no-day", "nothing"],
)
def test_a_misrecognised_day_is_not_silently_that_of_the_row_above(shown, day, doubts):
    found = Recognised(
        [
            (0.9, {50: "January 1, 2024 to January 31, 2024"}),
            (0.9, {50: "Date", 150: "Description", 380: "Withdrawals", 460: "Deposits", 540: "Balance"}),
            (0.9, {150: "Opening balance", 540: "500.00"}),
            (0.9, {50: "1/2", 150: "Water rates", 380: "20.00", 540: "480.00"}),
            (0.9, {50: "1/3", 150: "Salary", 460: "100.00", 540: "580.00"}),
            (0.9, {**({50: shown} if shown else {}), 150: "Groceries", 380: "30.00", 540: "550.00"}),
        ]
    ).read()
    row = found.rows[-1]
    assert row.posted_date.isoformat() == day
    assert row.description == ("1S8 Groceries" if shown == "1S8" else "Groceries")
    assert [issue.code for issue in row.issues] == doubts


@pytest.mark.parametrize(
    ("text", "recognised"), [("", False), ("Page 2 of 2", True)], ids=["empty", "a-few-words"]
)
def test_no_words_are_looked_for_on_an_empty_page(monkeypatch, text, recognised):
    """Noise, and what shines through from the front, are no words."""
    from smartimport_cli.documents import ocr

    asked = []
    monkeypatch.setattr(
        ocr, "_engine", lambda name, thorough: ("tesseract", lambda page: asked.append(page) or [])
    )
    paper = layouts.Paper()
    paper.line((50, text))
    front = np.asarray(Image.open(io.BytesIO(scanned(layouts.year_change()[0], angle=0.0))), dtype=np.float32)
    page = np.asarray(Image.open(io.BytesIO(scanned(paper.done(), angle=0.0))), dtype=np.float32)
    shone = Image.fromarray(np.clip(page - 0.05 * (255 - front[:, ::-1]), 0, 255).astype(np.uint8))
    ocr.words(shone, name="a.png", thorough=False, points=1.0)
    assert bool(asked) == recognised


@pytest.mark.parametrize(
    ("shown", "amount"),
    [("73.87", -738_700), ("73,87", -738_700), (".73.87", -738_700), ("1,073.87", -10_738_700)],
    ids=["as-printed", "point-taken-for-comma", "speck-before", "group-of-three"],
)
def test_small_marks_taken_for_others_leave_an_amount_what_it_is(shown, amount):
    balance = f"{580 + amount / 10_000:,.2f}"
    found = Recognised(
        [*_HEAD, (0.9, {50: "06.01.2024", 150: "Council tax", 380: shown, 540: balance})]
    ).read()
    assert [row.amount for row in found.rows] == [-200_000, 1_000_000, amount]
    assert found.statement.proof.verdict is Verdict.PROVED


def test_one_misrecognised_sign_does_not_change_the_currency():
    head = [*_HEAD]
    head[1] = (0.9, {50: "Date", 150: "Details", 360: "Out (€)", 450: "In (£)", 530: "Balance (£)"})
    assert Recognised(head).read().statement.currency == "GBP"


def test_two_balances_on_a_line_below_the_table_are_two():
    ends = (0.9, {50: "Opening balance", 150: "500.00", 380: "Closing balance", 540: "580.00"})
    found = Recognised([*_HEAD[:2], *_HEAD[3:], ends]).read()
    statement = found.statement
    assert (statement.opening_balance, statement.closing_balance) == (5_000_000, 5_800_000)
    assert statement.proof.verdict is Verdict.PROVED


def test_days_behind_the_amounts_are_read_with_their_month_before_them():
    """As in Canada: `SEP03`, recognised with a letter for the digit, of a period `AUG 30/24 - SEP 30/24`."""
    found = Recognised(
        [
            (0.9, {50: "Statement from AUG 30/24 - SEP 30/24"}),
            (0.9, {50: "Description", 250: "Withdrawals", 340: "Deposits", 430: "Date", 540: "Balance"}),
            (0.9, {50: "STARTING BALANCE", 430: "AUG30", 540: "500.00"}),
            (0.9, {50: "PRESTO RELOAD", 250: "20.00", 430: "SEPO3", 540: "480.00"}),
            (0.9, {50: "PAYROLL", 340: "100.00", 430: "SEP12", 540: "580.00"}),
        ]
    ).read()
    assert [(row.posted_date.isoformat(), row.amount) for row in found.rows] == [
        ("2024-09-03", -200_000),
        ("2024-09-12", 1_000_000),
    ]
    assert found.statement.proof.verdict is Verdict.PROVED
