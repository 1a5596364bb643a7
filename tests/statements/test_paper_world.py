"""Habits of banks of many countries in statements as PDF: what each of them alone would have read wrong, or not at all."""

from decimal import Decimal

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from smartimport_cli import statements
from smartimport_cli.core.errors import FileRefused
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


@pytest.mark.parametrize(
    ("first", "second", "shown"),
    [("0112", "0812", "Buchung"), ("251201", "251208", "Datum"), ("011225", "081225", "Buchung")],
)
def test_days_without_any_mark_below_the_name_of_their_column(first, second, shown):
    pdf = page(
        (50, "Kontoauszug vom 31.12.2025"),
        (50, shown, 110, "Text", -545, "Betrag"),
        (110, "Alter Saldo", -545, "100,00"),
        (50, first, 110, "Miete", -545, "60,00-"),
        (50, second, 110, "Lohn", -545, "900,00"),
        (110, "Neuer Saldo", -545, "940,00"),
    )
    assert short(proved(pdf)) == ["251201 -60.00", "251208 900.00"]


def test_digits_that_could_be_days_in_two_ways_are_none():
    pdf = page(
        (50, "Datum", 110, "Text", -460, "Betrag", -545, "Saldo"),
        (50, "251126", 110, "Miete", -460, "60,00-", -545, "40,00"),
    )
    with pytest.raises(FileRefused):
        read(pdf)


def test_the_day_of_booking_on_a_line_of_its_own():
    """The day in the row is that of the value only."""
    pdf = page(
        (50, "Angaben zu den Umsätzen", 300, "Valuta", -450, "zu Ihren Lasten", -545, "zu Ihren Gunsten"),
        (50, "Alter Kontostand vom 28.11.2025", -545, "500,00"),
        (50, "Buchungsdatum: 03.12.2025"),
        (50, "Lastschrift Strom", 300, "05.12.", -450, "81,00-"),
        (50, "Gutschrift", 300, "03.12.", -545, "20,00"),
        (50, "Buchungsdatum: 16.12.2025"),
        (50, "Lastschrift Gas", 300, "18.12.", -450, "11,50-"),
        (50, "Neuer Kontostand vom 31.12.2025", -545, "427,50"),
    )
    assert short(proved(pdf)) == ["251203 -81.00", "251203 20.00", "251216 -11.50"]


def test_rows_below_the_sums_of_their_day():
    pdf = page(
        (50, "Saldo inicial", -300, "640,00"),
        (50, "Saldo final do período", -300, "712,00"),
        (50, "02 DEZ 2025", 130, "Total de saídas", -545, "- 36,00"),
        (130, "PIX enviado", -545, "26,00"),
        (130, "Tarifa", -545, "10,00"),
        (50, "09 DEZ 2025", 130, "Total de entradas", -545, "+ 120,00"),
        (130, "PIX recebido", -545, "120,00"),
        (130, "Total de saídas", -545, "- 12,00"),
        (130, "Mercado", -545, "12,00"),
    )
    assert short(proved(pdf)) == ["251202 -26.00", "251202 -10.00", "251209 120.00", "251209 -12.00"]


def test_the_side_of_an_account_within_the_name_of_an_amount():
    pdf = page(
        (50, "Buchung", 110, "Erläuterung", -450, "Betrag Soll EUR", -545, "Betrag Haben EUR"),
        (110, "Kontostand am 28.11.2025", -545, "100,00"),
        (50, "01.12.2025", 110, "Miete", -450, "400,00"),
        (50, "02.12.2025", 110, "Lohn", -545, "150,00"),
        (110, "Kontostand am 31.12.2025", -450, "150,00"),
    )
    assert short(proved(pdf)) == ["251201 -400.00", "251202 150.00"]


def test_of_an_amount_in_two_currencies_that_of_the_account():
    pdf = page(
        (50, "Datum", 110, "Details", 300, "Währung", -430, "Betrag", -545, "Kurs Betrag in EUR"),
        (110, "Saldo letzte Abrechnung", -545, "80,00-"),
        (50, "25.11.2025", 110, "Zahlung", -545, "80,00+"),
        (50, "26.11.2025", 110, "Starbucks", 300, "USD", -430, "12,40", -545, "11,41-"),
        (50, "27.11.2025", 110, "Edeka", -545, "20,00-"),
        (110, "Neuer Saldo", -545, "31,41-"),
    )
    found = proved(pdf)
    assert short(found) == ["251125 80.00", "251126 -11.41", "251127 -20.00"]
    assert found.statement.currency == "EUR"


def test_the_total_of_a_purchase_beside_its_instalment():
    pdf = page(
        (50, "Estado de cuenta tarjeta de crédito, en EUR"),
        (50, "Saldo anterior", -350, "180,00"),
        (50, "Saldo actual", -350, "75,00"),
        (50, "Fecha", 110, "Descripción", -400, "Monto total", -450, "Cuota", -545, "Valor cuota"),
        (50, "24/11/2025", 110, "Jumbo", -400, "45,00", -450, "01/01", -545, "45,00"),
        (50, "27/11/2025", 110, "Sodimac", -400, "180,00", -450, "02/06", -545, "30,00"),
        (50, "01/12/2025", 110, "Pago", -400, "-180,00", -545, "-180,00"),
    )
    assert short(proved(pdf)) == ["251124 -45.00", "251127 -30.00", "251201 180.00"]


@pytest.mark.parametrize("text", ["Fuel 23.10 GBP", "Netto 12.00 USD"])
def test_a_currency_in_descriptions_is_not_that_of_the_account(text):
    pdf = page(
        (50, "Privatkonto CHF"),
        (50, "Datum", 110, "Text", -460, "Belastung", -545, "Saldo"),
        *[(50, f"0{day}.12.2025", 110, text, -460, "10.00", -545, f"{100 - 10 * day}.00") for day in range(1, 5)],
    )
    assert proved(pdf).statement.currency == "CHF"


def test_the_year_of_rows_over_the_turn_of_the_year():
    """More dates are of the year of the first balance; the last one tells."""
    pdf = page(
        (50, "Datum", 110, "Vorgang", -460, "Soll", -545, "Haben"),
        (110, "Alter Kontostand vom 09.12.2025", -545, "100,00"),
        (50, "10.12.", 110, "Rechnung vom 01.12.2025", -460, "10,00"),
        (50, "21.12.", 110, "Rechnung", -460, "20,00"),
        (50, "08.01.", 110, "Rechnung", -460, "30,00"),
        (110, "Neuer Kontostand vom 09.01.2026", -545, "40,00"),
    )
    assert short(proved(pdf)) == ["251210 -10.00", "251221 -20.00", "260108 -30.00"]


def test_balances_that_move_money_are_rows():
    pdf = page(
        (50, "Datum", 110, "Vorgang", -545, "Betrag"),
        (110, "Alter Saldo", -545, "-412,88"),
        (50, "01.12.2025", 110, "Übertrag Sparrate", -545, "250,00"),
        (50, "02.12.2025", 110, "Zahlung alter Saldo", -545, "412,88"),
        (110, "Neuer Saldo", -545, "250,00"),
    )
    assert short(proved(pdf)) == ["251201 250.00", "251202 412.88"]


def test_what_is_owed_on_a_card_of_a_covered_number():
    pdf = page(
        (50, "Kontoutdrag Visa 4581 XXXX XXXX 1234, SEK"),
        (50, "Datum", 110, "Specifikation", -545, "Belopp"),
        (110, "Ingående skuld", -545, "100,00"),
        (50, "2025-11-12", 110, "ICA", -545, "312,50"),
        (50, "2025-11-28", 110, "Inbetalning", -545, "-100,00"),
        (110, "Utgående skuld", -545, "312,50"),
    )
    found = proved(pdf)
    assert short(found) == ["251112 -312.50", "251128 100.00"]
    assert found.statement.closing_balance == -3_125_000


def test_letters_beside_balances_say_which_are_overdrawn():
    pdf = page(
        (50, "Datum", 110, "Vorgang", -440, "Betrag", -545, "Saldo"),
        (110, "Saldovortrag", -536, "50,00", 539, "H"),
        (50, "01.12.2025", 110, "Miete", -430, "90,00", 433, "S", -536, "40,00", 539, "S"),
        (50, "02.12.2025", 110, "Strom", -430, "15,00", 433, "S", -536, "55,00", 539, "S"),
        (50, "03.12.2025", 110, "Lohn", -430, "70,00", 433, "H", -536, "15,00", 539, "H"),
    )
    assert short(proved(pdf)) == ["251201 -90.00", "251202 -15.00", "251203 70.00"]


def test_dated_balances_in_the_column_of_amounts_are_no_rows():
    pdf = page(
        (50, "Data", 110, "Histórico", -440, "Valor R$", -545, "Saldo"),
        (50, "31/10/2025", 110, "000 Saldo Anterior", -440, "455,00"),
        (50, "05/11/2025", 110, "Pix", -440, "-55,00", -545, "400,00"),
        (50, "06/11/2025", 110, "Tarifa", -440, "-10,00"),
        (50, "06/11/2025", 110, "Pix", -440, "20,00", -545, "410,00"),
        (50, "30/11/2025", 110, "999 S A L D O", -440, "410,00"),
    )
    assert short(proved(pdf)) == ["251105 -55.00", "251106 -10.00", "251106 20.00"]


@pytest.mark.parametrize(("came", "went"), [("Bij", "Af"), ("H", "S"), ("(A)", "(B)")])
def test_marks_right_behind_amounts(came, went):
    pdf = page(
        (50, "Datum", 110, "Omschrijving", -440, "Bedrag", -545, "Saldo"),
        (110, "Vorig saldo", -545, f"50,00 {came}"),
        (50, "01.12.2025", 110, "Huur", -440, f"90,00 {went}", -545, f"40,00 {went}"),
        (50, "02.12.2025", 110, "Stroom", -440, f"15,00 {went}", -545, f"55,00 {went}"),
        (50, "03.12.2025", 110, "Loon", -440, f"70,00 {came}", -545, f"15,00 {came}"),
    )
    found = proved(pdf)
    assert short(found) == ["251201 -90.00", "251202 -15.00", "251203 70.00"]
    assert [row.description for row in found.rows] == ["Huur", "Stroom", "Loon"]


def test_amounts_in_descriptions_below_the_day_of_value():
    """They are no column where the header names all columns of amounts."""
    texts = [("Miete", "Mandat: 001.234,51", "-700,00"), ("Strom", "Vertrag 45,12", "-45,00"), ("Lohn", "12,50 Std.", "900,00")]
    pdf = page(
        (50, "Alter Saldo", -300, "100,00"),
        (50, "Neuer Saldo", -300, "255,00"),
        (50, "Buchung", 110, "Verwendungszweck", -545, "Betrag (EUR)"),
        *[
            line
            for day, (text, more, amount) in enumerate(texts, 1)
            for line in (
                (50, f"0{day}.12.2025", 110, text, -545, amount),
                (50, f"0{day}.12.2025", 110, more),
            )
        ],
    )
    assert [row[-7:] for row in short(proved(pdf))] == ["-700.00", " -45.00", " 900.00"]


def test_a_card_named_by_its_covered_number_spends_what_has_no_sign():
    pdf = page(
        (50, "Extracto Tarjeta VISA 4599 **** **** 1234"),
        (50, "Fecha", 110, "Establecimiento", -545, "Importe (EUR)"),
        *[(50, f"0{day}/11/2025", 110, "Mercadona", -545, f"{day}0,00") for day in range(1, 5)],
        (50, "05/11/2025", 110, "Zara", -545, "-15,24"),
    )
    (found,) = read(pdf)
    assert sum(amount for _, amount in rows(found)) == Decimal("-84.76")


@pytest.mark.parametrize(
    ("title", "currency"),
    [("Account 4411", "USD"), ("Cuenta 4411", None), ("Cuenta 4411 MONEDA NACIONAL", "MXN"), ("CLABE 012180012345678901", "MXN")],
)
def test_a_dollar_sign_between_spanish_words_is_of_some_peso(title, currency):
    pdf = page(
        (50, title),
        (50, "Date", 110, "Details", -460, "Paid out", -545, "Balance"),
        *[(50, f"1{day}/11/2025", 110, "Oxxo", -460, "$10.00", -545, f"${100 - 10 * day}.00") for day in range(3, 6)],
    )
    assert proved(pdf).statement.currency == currency


def test_a_statement_that_says_it_has_no_transactions():
    pdf = page((50, "Bu-Tag", 110, "Vorgang"), (110, "alter Kontostand", -545, "2.500,00 H"),
               (110, "Keine Umsätze im Zeitraum"), (110, "neuer Kontostand", -545, "2.500,00 H"))  # fmt: skip
    with pytest.raises(FileRefused) as refused:
        read(pdf)
    assert refused.value.code == "no-transactions"
    assert "says that it has no transactions" in str(refused.value)


def test_two_accounts_of_one_number_in_two_currencies():
    header = (50, "Date", 110, "Details", -380, "Deposit", -460, "Withdrawal", -545)
    pdf = page(
        (50, "HKD Savings"),
        (*header, "Balance (HKD)"),
        (50, "30 Nov 2025", 110, "B/F BALANCE", -545, "100.00"),
        (50, "1 Dec 2025", 110, "Payroll", -380, "900.00", -545, "1,000.00"),
        (50, "2 Dec 2025", 110, "Rent", -460, "600.00", -545, "400.00"),
        (50, "Foreign Currency Savings"),
        (*header, "Balance (USD)"),
        (50, "30 Nov 2025", 110, "B/F BALANCE", -545, "10.00"),
        (50, "9 Dec 2025", 110, "Transfer", -380, "5.00", -545, "15.00"),
    )
    dollars, us = read(pdf)
    assert short(dollars) == ["251201 900.00", "251202 -600.00"]
    assert short(us) == ["251209 5.00"]
    assert [part.statement.currency for part in (dollars, us)] == ["HKD", "USD"]
    assert all(part.statement.proof.verdict is Verdict.PROVED for part in (dollars, us))


def test_the_day_of_value_below_that_of_booking_begins_more_of_the_description():
    pdf = page(
        (50, "Vorig saldo", 200, "Nieuw saldo"),
        (50, "100,00", 200, "30,00"),
        (50, "Datum"),
        (50, "31-12-2025"),
        (50, "Boekdatum", 130, "Omschrijving", -465, "Bedrag af", -545, "Bedrag bij"),
        (50, "02-12", 130, "Huur", -465, "90,00"),
        (50, "(02-12)", 130, "Contract 11.12.25"),
        (50, "28-12", 130, "Tikkie", -545, "20,00"),
        (50, "(28-12)", 130, "Etentje"),
    )
    found = proved(pdf)
    assert short(found) == ["251202 -90.00", "251228 20.00"]
    assert [row.description for row in found.rows] == ["Huur Contract 11.12.25", "Tikkie Etentje"]


def test_a_row_of_nothing_but_a_balance_is_no_transaction():
    lines = (
        (50, "Dato", 110, "Tekst", -440, "Beløb", -545, "Saldo"),
        (50, "01.12.2025", 110, "Overført", -545, "-220,40"),
        (50, "02.12.2025", 110, "Løn", -440, "900,00", -545, "679,60"),
        (50, "05.12.2025", 110, "Husleje", -440, "-600,00", -545, "79,60"),
    )
    assert short(proved(page(*lines))) == ["251202 900.00", "251205 -600.00"]
    (found,) = read(page(*lines[:-1], (50, "05.12.2025", 110, "Husleje", -545, "79,60")))
    assert found.statement.proof.verdict is not Verdict.PROVED
    assert "a balance without an amount" in {lost.reason for lost in found.unreadable}


def test_balances_in_a_box_whose_names_could_be_those_of_columns():
    pdf = page(
        (50, "Datum 31.12.2025"),
        (50, "Saldo letzte Abrechnung", 200, "Gutschriften", 300, "Belastungen", 420, "Saldo aktuelle Abrechnung"),
        (50, "-80,00", 200, "80,00", 300, "31,41", 420, "-31,41"),
        (50, "Buchung", 110, "Details", -545, "Betrag"),
        (50, "25.11.", 110, "Zahlung", -545, "80,00"),
        (50, "26.11.", 110, "Starbucks", -545, "-11,41"),
        (50, "27.11.", 110, "Edeka", -545, "-20,00"),
    )
    assert short(proved(pdf)) == ["251125 80.00", "251126 -11.41", "251127 -20.00"]


def test_the_year_beside_a_month_with_a_stroke():
    pdf = page(
        (50, "Extrato dezembro/2025"),
        (50, "Data", 110, "Descrição", -440, "Valor", -545, "Saldo"),
        (50, "02/12", 110, "Pix", -440, "-10,00", -545, "90,00"),
        (50, "30/12", 110, "Pix", -440, "-20,00", -545, "70,00"),
    )
    assert short(proved(pdf)) == ["251202 -10.00", "251230 -20.00"]


def test_what_a_card_owes_has_a_minus_where_only_its_sums_are_stated():
    pdf = page(
        (50, "Credit card statement 15/12/2025, AED"),
        (50, "Previous balance", 175, "Purchases", 300, "Payments"),
        (50, "1,830.25", 175, "245.00", 300, "1,830.25"),
        (50, "Date", 110, "Description", -545, "Amount"),
        (50, "18/11/2025", 110, "Noon", -545, "245.00 DR"),
        (50, "25/11/2025", 110, "Payment received", -545, "1,830.25 CR"),
    )
    found = proved(pdf)
    assert short(found) == ["251118 -245.00", "251125 1830.25"]
    assert found.statement.opening_balance == -18_302_500


def test_accounts_below_one_number_are_told_apart_by_a_count():
    pdf = page(
        (50, "Kontonummer 12345678"),
        (50, "Datum", 110, "Text", -450, "Betrag EUR", -545, "Saldo EUR"),
        (110, "Alter Saldo", -545, "100,00"),
        (50, "01.12.2025", 110, "Miete", -450, "-40,00", -545, "60,00"),
        (50, "02.12.2025", 110, "Lohn", -450, "150,00", -545, "210,00"),
        (50, "Datum", 110, "Text", -450, "Betrag USD", -545, "Saldo USD"),
        (110, "Alter Saldo", -545, "10,00"),
        (50, "03.12.2025", 110, "Coffee", -450, "-4,00", -545, "6,00"),
        (50, "04.12.2025", 110, "Books", -450, "-1,00", -545, "5,00"),
    )
    first, second = read(pdf)
    assert [found.statement.account.label for found in (first, second)] == ["••5678", "••5678 (2)"]
    assert first.statement.account.key != second.statement.account.key
    assert [found.statement.currency for found in (first, second)] == ["EUR", "USD"]
    assert short(second) == ["251203 -4.00", "251204 -1.00"]
