"""Statements on paper: transactions out of text PDFs beside pdfplumber's pages, and scans beside plain tesseract.

Of scans also how many characters and amounts are right: those that the engine alone recognises, and those of the
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
from pathlib import Path

from tests.benchmarks.measure import Row, faster, has, no_peer, work
from tests.statements.paper_layouts import ENGLISH_IN, ENGLISH_OUT, Paper, english, rows_of

PAGES = 120
_LINES = 44
_ROWS = 36  # of the scanned page
_AMOUNT = re.compile(r"-?\d{1,3}(?:,\d{3})*\.\d\d")


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        text, scan = Path(folder) / "text.pdf", Path(folder) / "scan.jpg"
        text.write_bytes(statement(PAGES * _LINES))
        page = statement(_ROWS)
        scan.write_bytes(scanned(page))
        table = []
        ours, unit = work("tests.benchmarks.bench_paper:read_ours", text), (PAGES, "pages")
        if has("pdfplumber"):
            theirs = work("tests.benchmarks.bench_paper:read_pdfplumber", text)
            named = {"goal": 8, "peer_name": "pdfplumber", "unit": unit, "pairs": 1}
            table.append(faster("paper", "rows of text pages", ours, theirs, **named))  # type: ignore[arg-type]
        else:
            table.append(no_peer("paper", "rows of text pages", "pdfplumber", ">= 8x"))
        if shutil.which("tesseract") is None:
            return [*table, no_peer("paper", "a scanned page", "tesseract", "<= 1.1x")]
        ours, theirs = (
            work(f"tests.benchmarks.bench_paper:{name}", scan) for name in ("read_ours", "read_tesseract")
        )
        named = {"goal": 1 / 1.1, "peer_name": "tesseract", "unit": (1, "pages"), "pairs": 3}
        table.append(faster("paper", "a scanned page", ours, theirs, **named))  # type: ignore[arg-type]
        return [*table, *right(scan, page)]


def statement(count: int) -> bytes:
    """A current account with a balance on every row."""
    balance = Decimal("2500.00")
    paper = Paper()
    header = ((50, "Date"), (110, "Details"), (-380, "Paid out"), (-460, "Paid in"), (-545, "Balance"))
    paper.line((50, "Account number 11223344, 1 January 2024 to 31 December 2024"))
    paper.line(*header)
    paper.line((110, "Balance brought forward"), (-545, english(balance)))
    for day, name, amount in rows_of(5, count, date(2024, 1, 1), ENGLISH_IN, ENGLISH_OUT, days=360):
        if paper.full:
            paper.page()
            paper.line(*header)
        balance += amount
        shown = ("-" if balance < 0 else "") + english(balance)
        paper.line(
            (50, f"{day:%d %b}"), (110, name), (-460 if amount > 0 else -380, english(amount)), (-545, shown)
        )
    return paper.done()


def scanned(pdf: bytes) -> bytes:
    """Its first page, tilted and noisy."""
    from tests.statements.test_ocr import scanned as picture

    return picture(pdf, angle=0.8, noise=16, dpi=200)


def read_ours(path: str) -> object:
    from smartimport_cli import statements
    from smartimport_cli.core.model import Rows
    from smartimport_cli.resources import load_resources

    def read() -> None:
        file = Path(path)
        with file.open("rb") as source:
            found = statements.read(
                source, name=file.name, size=file.stat().st_size, resources=load_resources()
            )
            assert sum(len(part.rows) for part in found.parts if isinstance(part, Rows)) >= _ROWS

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


def right(scan: Path, page: bytes) -> list[Row]:
    """Characters of descriptions and amounts right, of the engine alone and of the rows."""
    from smartimport_cli import statements
    from smartimport_cli.resources import load_resources

    def collected(data: bytes, name: str) -> list[statements.Collected]:
        source = io.BytesIO(data)
        return statements.collect(
            statements.read(source, name=name, size=len(data), resources=load_resources())
        )

    (truth,), found = collected(page, "page.pdf"), collected(scan.read_bytes(), "scan.jpg")
    plain = _tesseract(str(scan))
    amounts = Counter(english(Decimal(row.amount).scaleb(-4)) for row in truth.rows)
    alone = Counter(amount.lstrip("-") for amount in _AMOUNT.findall(plain))
    ours = Counter(english(Decimal(row.amount).scaleb(-4)) for part in found for row in part.rows)
    letters = Counter("".join(row.description for row in truth.rows).replace(" ", ""))
    read = Counter("".join(row.description for part in found for row in part.rows).replace(" ", ""))
    by_engine = Counter(plain.replace(" ", "").replace("\n", ""))
    return [
        _share("amounts right on the noisy scan", amounts, ours, alone, 0.99),
        _share("characters right on the noisy scan", letters, read, by_engine, None),
    ]


def _share(
    what: str, truth: Counter[str], ours: Counter[str], alone: Counter[str], goal: float | None
) -> Row:
    total = truth.total()
    mine, theirs = (truth & ours).total() / total, (truth & alone).total() / total
    met = None if goal is None else mine >= goal
    return Row(
        "paper", what, f"{mine:.1%}", f"tesseract {theirs:.1%}", "", f">= {goal:.0%}" if goal else "", met
    )


if __name__ == "__main__":
    for row in rows():
        sys.stdout.write(f"{row}\n")
