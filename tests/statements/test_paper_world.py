"""Habits of banks of many countries in statements as PDF: what each of them alone would have read wrong, or not at all."""

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from smartimport_cli import statements
from smartimport_cli.core.model import Verdict
from tests.statements.paper_layouts import HEIGHT, Paper
from tests.statements.test_paper import read, rows


def page(*lines: tuple[float | str, ...]) -> bytes:
    """A page of lines: places and texts in turn, a negative place is that of the right edge."""
    paper = Paper()
    for line in lines:
        paper.line(*[(float(line[i]), str(line[i + 1])) for i in range(0, len(line), 2)])
    return paper.done()


def proved(pdf: bytes) -> statements.Collected:
    (found,) = read(pdf)
    assert found.statement.proof.verdict is Verdict.PROVED
    assert not found.unreadable
    return found


def short(found: statements.Collected) -> list[str]:
    return [f"{day:%y%m%d} {amount:.2f}" for day, amount in rows(found)]


@pytest.mark.parametrize("hyphen", ["-", "\xad"])
def test_a_soft_hyphen_is_a_minus(hyphen):
    """Fonts share a glyph among the hyphens, and what made the PDF may have named it by either."""
    pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))  # reportlab's own
    paper = Paper()
    paper.line((50, "Fecha"), (110, "Concepto"), (-460, "Importe"), (-545, "Saldo"))
    amounts = (("30,00", "70,00"), ("90,50", f"{hyphen}20,50"))
    paper.line((110, "Saldo anterior"), (-545, "100,00"))
    for day, (amount, balance) in enumerate(amounts, 3):
        paper.canvas.setFont("Vera", 9)
        for right, text in ((460, hyphen + amount), (545, balance)):
            paper.canvas.drawRightString(right, HEIGHT - paper.top, text)
        paper.line((50, f"0{day}/11/2025"), (110, "Recibo"))
    assert short(proved(paper.done())) == ["251103 -30.00", "251104 -90.50"]


def test_a_label_beside_a_day_is_no_part_of_it():
    pdf = page(
        (50, "Päivä", 110, "Tapahtuma", -545, "Määrä EUR"),
        (110, "Saldo 31.8.2025", -545, "702,11"),
        (50, "1.9.", 110, "K-Market", -545, "-20,11"),
        (50, "30.9.", 110, "Palkka", -545, "+100,00"),
        (110, "Saldo 30.9.2025", -545, "782,00"),
    )
    assert short(proved(pdf)) == ["250901 -20.11", "250930 100.00"]


def test_booking_and_value_day_in_one_cell():
    pdf = page(
        (50, "Kontoauszug vom 31.12.2025"),
        (50, "Buchung/Wert", 150, "Vorgang", -460, "Soll", -545, "Haben"),
        (50, "01.12.2025", 150, "Alter Saldo", -545, "200,00"),
        (50, "08.12./09.12.", 150, "Lastschrift Strom", -460, "- 45,00"),
        (50, "12.12./12.12.", 150, "Gutschrift", -545, "+ 60,00"),
        (50, "31.12.2025", 150, "Neuer Saldo", -545, "215,00"),
    )
    assert short(proved(pdf)) == ["251208 -45.00", "251212 60.00"]
