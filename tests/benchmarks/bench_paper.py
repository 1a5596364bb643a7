"""Statements on paper: transactions out of text PDFs beside pdfplumber's pages, and scans beside plain tesseract.

Of scans also how many amounts and characters are right: those that the engine alone recognises, and those of the
rows that come out.
"""

import io
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from datetime import date
from decimal import Decimal
from difflib import SequenceMatcher
from pathlib import Path

from tests.benchmarks.measure import Job, Row, cheaper, faster, has, no_peer, work
from tests.statements.paper_layouts import ENGLISH_IN, ENGLISH_OUT, Paper, english, rows_of

PAGES = 100
_LINES = 53  # rows of a page
_ROWS = 36  # of the scanned page
_OCR = 1.1  # times the CPU of plain tesseract
# Pages as they come out of a scanner, and how much is wrong with them (see `scanned`); whether speed has a goal:
# where balances do not prove what tesseract read, a second engine looks, and its time is what amounts cost.
_SCANS = (
    ("clean scan", {"angle": 0.0, "noise": 4}, True),
    ("noisy scan", {"angle": 0.8, "noise": 16}, False),
)
_AMOUNT = re.compile(r"-?\d{1,3}(?:,\d{3})*\.\d\d")


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        text = Path(folder) / "text.pdf"
        text.write_bytes(statement(PAGES * _LINES))
        table = []
        ours, unit = _work("read_ours", text), (PAGES, "pages")
        if has("pdfplumber"):
            theirs = _work("read_pdfplumber", text)
            named = {"goal": 8, "peer_name": "pdfplumber", "unit": unit, "pairs": 3}
            table.append(faster("paper", "rows of text pages", ours, theirs, **named))  # type: ignore[arg-type]
        else:
            table.append(no_peer("paper", "rows of text pages", "pdfplumber", ">= 8x"))
        for what, shape, goal in _SCANS:
            if shutil.which("tesseract") is None:
                table.append(no_peer("paper", f"a page, {what}", "tesseract", f"<= {_OCR}x" if goal else ""))
            else:
                table += recognised(Path(folder), what, shape, goal)
        return table


def recognised(folder: Path, what: str, shape: dict[str, float], goal: bool) -> list[Row]:
    """CPU of one page beside that of plain tesseract with the same languages, each on one thread, and what is
    right of what they read."""
    from tests.statements.test_ocr import scanned

    scan = folder / "scan.jpg"
    scan.write_bytes(scanned(statement(_ROWS), dpi=200, **shape))  # type: ignore[arg-type]
    ours, theirs = _work("read_ours", scan), _work("read_tesseract", scan)
    named = {"goal": _OCR if goal else None, "peer_name": "tesseract", "pairs": 3}
    return [cheaper("paper", f"a page, {what}", ours, theirs, **named), *right(scan, what)]  # type: ignore[arg-type]


def _work(function: str, file: Path) -> Job:
    return work(f"tests.benchmarks.bench_paper:{function}", file, env={"OMP_THREAD_LIMIT": "1"})


def written(count: int) -> list[tuple[date, str, Decimal]]:
    """What the rows of `statement` say: day, description, amount."""
    return rows_of(5, count, date(2024, 1, 1), ENGLISH_IN, ENGLISH_OUT, days=360)


def statement(count: int) -> bytes:
    """A current account with a balance on every row."""
    balance = Decimal("2500.00")
    paper = Paper()
    header = ((50, "Date"), (110, "Details"), (-380, "Paid out"), (-460, "Paid in"), (-545, "Balance"))
    paper.line((50, "Account number 11223344, 1 January 2024 to 31 December 2024"))
    paper.line(*header)
    paper.line((110, "Balance brought forward"), (-545, english(balance)))
    for day, name, amount in written(count):
        if paper.full:
            paper.page()
            paper.line(*header)
        balance += amount
        shown = ("-" if balance < 0 else "") + english(balance)
        paper.line(
            (50, f"{day:%d %b}"), (110, name), (-460 if amount > 0 else -380, english(amount)), (-545, shown)
        )
    return paper.done()


def read_ours(path: str) -> object:
    import gc

    gc.set_threshold(100_000, 20, 20)  # as __main__ has it
    from smartimport_cli import statements
    from smartimport_cli.core.model import Rows
    from smartimport_cli.documents import isolation  # noqa: F401 - imported before the clock starts
    from smartimport_cli.resources import load_resources
    from smartimport_cli.statements import paper  # noqa: F401

    def read() -> None:
        file = Path(path)
        with file.open("rb") as source:
            found = statements.read(
                source, name=file.name, size=file.stat().st_size, resources=load_resources()
            )
            assert sum(len(part.rows) for part in found.parts if isinstance(part, Rows)) in (_ROWS, PAGES * _LINES)

    return read


def read_pdfplumber(path: str) -> object:
    import pdfplumber

    def read() -> None:
        with pdfplumber.open(path) as document:
            assert all(page.extract_words() for page in document.pages)

    return read


def read_tesseract(path: str) -> object:
    def read() -> None:
        assert _tesseract(path)

    return read


def _tesseract(path: str) -> str:
    from smartimport_cli.documents.ocr import _tesseract_languages

    command = ["tesseract", path, "stdout", "-l", _tesseract_languages(), "--psm", "6"]
    done = subprocess.run(command, capture_output=True, check=True)
    return done.stdout.decode()


def right(scan: Path, what: str) -> list[Row]:
    """Amounts and characters of descriptions right: those of the rows that come out, and those among all that
    plain tesseract reads."""
    from smartimport_cli import statements
    from smartimport_cli.resources import load_resources

    data, plain = scan.read_bytes(), _tesseract(str(scan))
    reading = statements.read(io.BytesIO(data), name=scan.name, size=len(data), resources=load_resources())
    found = [row for part in statements.collect(reading) for row in part.rows]
    shown = [english(abs(Decimal(row.amount).scaleb(-4))) for row in found]
    truth = written(_ROWS)
    amounts = Counter(english(abs(amount)) for _, _, amount in truth)

    def amounts_in(read: list[str]) -> float:
        return (amounts & Counter(read)).total() / amounts.total()

    def letters_in(lines: list[str]) -> float:
        names = [name for _, name, _ in truth]
        return sum(max(_common(name, line) for line in lines) for name in names) / sum(map(len, names))

    mine, theirs = amounts_in(shown), amounts_in([amount.lstrip("-") for amount in _AMOUNT.findall(plain)])
    table = [Row("paper", f"amounts right, {what}", f"{mine:.1%}", f"tesseract {theirs:.1%}", "", ">= 99%", mine >= 0.99)]
    mine, theirs = letters_in([row.description for row in found]), letters_in(plain.splitlines())
    table.append(Row("paper", f"characters right, {what}", f"{mine:.1%}", f"tesseract {theirs:.1%}", "", "", None))
    return table


def _common(text: str, line: str) -> int:
    """Characters of `text` that `line` has in the same order."""
    return sum(block.size for block in SequenceMatcher(None, text, line, autojunk=False).get_matching_blocks())


if __name__ == "__main__":
    for row in rows():
        sys.stdout.write(f"{row}\n")
