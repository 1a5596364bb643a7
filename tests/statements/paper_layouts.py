"""Statements on paper as banks of many countries lay them out; all banks, people and amounts are invented.

Each layout draws a PDF and says what is on it.
"""



import io
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = A4


@dataclass
class Expected:
    """What a reader must find: (date, amount) in file order, the balances, the verdict, the currency."""

    rows: list[tuple[date, Decimal]]
    opening: Decimal | None
    closing: Decimal | None
    currency: str | None = None
    proved: bool = True
    words: dict[int, str] = field(default_factory=dict)  # row -> words of its description


class Paper:
    """A page to write on from the top, in points."""

    def __init__(self, size: float = 9) -> None:
        self.buffer = io.BytesIO()
        self.canvas = Canvas(self.buffer, pagesize=A4, invariant=1)
        self.size = size
        self.top = 60.0
        self.canvas.setFont("Helvetica", size)

    def line(self, *cells: tuple[float, str], step: float = 13, bold: bool = False) -> None:
        """Cells at their left edges; a negative place is that of the right edge."""
        self.canvas.setFont("Helvetica-Bold" if bold else "Helvetica", self.size)
        for x, text in cells:
            if x < 0:
                self.canvas.drawRightString(-x, HEIGHT - self.top, text)
            else:
                self.canvas.drawString(x, HEIGHT - self.top, text)
        self.top += step

    def space(self, points: float = 12) -> None:
        self.top += points

    def rule(self) -> None:
        self.canvas.line(40, HEIGHT - self.top + 9, WIDTH - 40, HEIGHT - self.top + 9)

    def page(self) -> None:
        self.canvas.showPage()
        self.top = 60.0

    @property
    def full(self) -> bool:
        return self.top > HEIGHT - 90

    def done(self) -> bytes:
        self.canvas.save()
        return self.buffer.getvalue()


def rows_of(
    seed: int,
    count: int,
    first: date,
    names_in: list[str],
    names_out: list[str],
    *,
    days: int = 28,
    most: int = 400,
) -> list[tuple[date, str, Decimal]]:
    """Invented transactions of one month, oldest first."""
    chance = random.Random(seed)
    dates = sorted(first + timedelta(chance.randrange(days)) for _ in range(count))
    found = []
    for i, day in enumerate(dates):
        comes_in = i % 4 == 2
        units = chance.randrange(100, most * 100) * (6 if comes_in else 1)
        name = chance.choice(names_in if comes_in else names_out)
        found.append((day, name, Decimal(units if comes_in else -units).scaleb(-2)))
    return found


def grouped(amount: Decimal, group: str, mark: str) -> str:
    return f"{abs(amount):,.2f}".replace(",", "\0").replace(".", mark).replace("\0", group)


def german(amount: Decimal) -> str:
    return grouped(amount, ".", ",")


def english(amount: Decimal) -> str:
    return grouped(amount, ",", ".")


def french(amount: Decimal) -> str:
    return grouped(amount, " ", ",")


def swiss(amount: Decimal) -> str:
    return grouped(amount, "'", ".")


def indian(amount: Decimal) -> str:
    whole, fraction = f"{abs(amount):.2f}".split(".")
    head, tail = whole[:-3], whole[-3:]
    parts = []
    while head:
        parts.insert(0, head[-2:])
        head = head[:-2]
    return ",".join([*parts, tail]) + "." + fraction


GERMAN_IN = ["Gutschrift Lohn Nordholz AG", "Gutschrift Erstattung Kasse", "Gutschrift Miete Untermieter"]
GERMAN_OUT = [
    "Kartenzahlung Supermarkt Linde",
    "Lastschrift Stadtwerke Abschlag",
    "Dauerauftrag Miete Wohnbau",
    "Bargeldauszahlung Automat 0815",
]
ENGLISH_IN = ["Bank credit Alder Studio Ltd", "Refund from Haywood Stores", "Transfer from P Marsh"]
ENGLISH_OUT = [
    "Card payment to Greenway Foods",
    "Direct Debit to Northern Water",
    "Cash machine High Street",
    "Standing order to R Vane rent",
]
US_IN = ["ZELLE PAYMENT FROM A CORTEZ", "BLUEFIELD INC DIRECT DEP", "MOBILE DEPOSIT 0021"]
US_OUT = [
    "HILLTOP MARKET 221 DAYTON OH",
    "CITY ELECTRIC WEB PMT",
    "ATM WITHDRAWAL 5TH ST",
    "GYM CLUB 8821 MONTHLY",
]


def _total(rows: list[tuple[date, str, Decimal]]) -> Decimal:
    return sum((row[2] for row in rows), Decimal(0))


def _expected(rows: list[tuple[date, str, Decimal]], opening: Decimal | None, **more: object) -> Expected:
    closing = None if opening is None else opening + _total(rows)
    return Expected([(row[0], row[2]) for row in rows], opening, closing, **more)  # type: ignore[arg-type]


def de_soll_haben_marks() -> tuple[bytes, Expected]:
    """Amounts with S or H apart, dates without a year, three-line entries, old and new balance."""
    rows = rows_of(1, 30, date(2024, 5, 2), GERMAN_IN, GERMAN_OUT)
    balance = opening = Decimal("1830.40")
    paper = Paper()
    paper.line((50, "Volksbank Musterau eG"), bold=True)
    paper.line((50, "Kontoauszug Nr. 5/2024"), (350, "erstellt am 31.05.2024"))
    paper.line((50, "IBAN: DE02 1203 0000 0000 2020 51"), (350, "Kontokorrent EUR-Konto"))
    paper.space()
    paper.line((50, "Bu-Tag"), (95, "Wert"), (140, "Vorgang"), (-500, "Betrag"))
    paper.line((140, "alter Kontostand vom 30.04.2024"), (-500, german(balance)), (510, "H"))
    for day, name, amount in rows:
        if paper.full:
            paper.line(
                (140, "Übertrag auf Blatt 2"), (-500, german(balance)), (510, "H" if balance >= 0 else "S")
            )
            paper.page()
            paper.line((50, "Bu-Tag"), (95, "Wert"), (140, "Vorgang"), (-500, "Betrag"))
            paper.line(
                (140, "Übertrag von Blatt 1"), (-500, german(balance)), (510, "H" if balance >= 0 else "S")
            )
        balance += amount
        stamp = f"{day:%d.%m.}"
        paper.line(
            (50, stamp), (95, stamp), (140, name), (-500, german(amount)), (510, "H" if amount > 0 else "S")
        )
        paper.line((145, f"EREF: {day:%Y%m%d}-4711 vom 01.02.2023"), step=15)
    paper.line(
        (140, "neuer Kontostand vom 31.05.2024"), (-500, german(balance)), (510, "H" if balance >= 0 else "S")
    )
    paper.space()
    paper.line((50, "Bitte prüfen Sie den Auszug. Einwendungen innerhalb von 6 Wochen."))
    return paper.done(), _expected(rows, opening, currency="EUR")


def de_two_columns_ruled() -> tuple[bytes, Expected]:
    """Soll and Haben in columns of their own, full dates, rules between the rows."""
    rows = rows_of(2, 18, date(2023, 9, 1), GERMAN_IN, GERMAN_OUT)
    balance = opening = Decimal("-120.55")
    paper = Paper()
    paper.line((40, "Privatbank Beispiel"), bold=True)
    paper.line((40, "Konto 4455667788"), (300, "Auszug vom 30.09.2023"))
    paper.space()
    paper.line(
        (40, "Buchung"), (105, "Valuta"), (170, "Text"), (-430, "Soll EUR"), (-540, "Haben EUR"), bold=True
    )
    paper.rule()
    paper.line((170, "Anfangssaldo"), (-430, german(balance)))
    for day, name, amount in rows:
        balance += amount
        side = (-540, german(amount)) if amount > 0 else (-430, german(amount))
        paper.line((40, f"{day:%d.%m.%Y}"), (105, f"{day:%d.%m.%Y}"), (170, name), side)
        paper.rule()
    paper.line(
        (170, "Summe"),
        (-430, german(sum(r[2] for r in rows if r[2] < 0))),
        (-540, german(sum(r[2] for r in rows if r[2] > 0))),
    )
    paper.line((170, "Endsaldo"), ((-540, german(balance)) if balance >= 0 else (-430, german(balance))))
    return paper.done(), _expected(rows, opening, currency="EUR")


def fr_debit_credit() -> tuple[bytes, Expected]:
    """Débit and crédit columns, blanks between thousands, balances in words, dates with points and no year."""
    ins, outs = (
        ["VIREMENT RECU SALAIRE ATELIER", "REMISE CHEQUE 220"],
        ["PAIEMENT CB BOULANGERIE", "PRLV EAU MUNICIPALE", "RETRAIT DAB GARE"],
    )
    rows = rows_of(3, 20, date(2024, 1, 3), ins, outs, most=900)
    balance = opening = Decimal("2145.08")
    paper = Paper()
    paper.line((50, "RELEVE DE COMPTE"), bold=True)
    paper.line((50, "du 01.01.2024 au 31.01.2024"))
    paper.line((50, "IBAN FR76 3000 6000 0112 3456 7890 189"))
    paper.space()
    paper.line(
        (50, "Date"), (100, "Nature des opérations"), (330, "Valeur"), (-450, "Débit"), (-540, "Crédit")
    )
    paper.line((100, "SOLDE CREDITEUR AU 31.12.2023"), (-540, french(balance)))
    for day, name, amount in rows:
        balance += amount
        side = (-540, french(amount)) if amount > 0 else (-450, french(amount))
        paper.line((50, f"{day:%d.%m}"), (100, name), (330, f"{day:%d.%m}"), side)
    came, went = sum(r[2] for r in rows if r[2] > 0), sum(r[2] for r in rows if r[2] < 0)
    paper.line((100, "TOTAL DES OPERATIONS"), (-450, french(went)), (-540, french(came)))
    paper.line(
        (100, f"SOLDE {'CREDITEUR' if balance >= 0 else 'DEBITEUR'} AU 31.01.2024"),
        (-540 if balance >= 0 else -450, french(balance)),
    )
    return paper.done(), _expected(rows, opening)


def uk_running_balance() -> tuple[bytes, Expected]:
    """Paid out, paid in, and a balance on every row; the month by its name."""
    rows = rows_of(4, 40, date(2024, 6, 1), ENGLISH_IN, ENGLISH_OUT)
    balance = opening = Decimal("310.00")
    paper = Paper()
    paper.line((50, "Your Statement"), bold=True)
    paper.line((50, "1 June to 30 June 2024"))
    paper.line((50, "Sort Code 40-11-22"), (200, "Account Number 71234567"))
    paper.space()
    header = (
        (50, "Date"),
        (100, "Payment type and details"),
        (-380, "Paid out"),
        (-460, "Paid in"),
        (-545, "Balance"),
    )
    paper.line(*header)
    paper.line((50, "01 Jun 24"), (100, "BALANCE BROUGHT FORWARD"), (-545, english(balance)))
    for day, name, amount in rows:
        if paper.full:
            paper.line((100, "BALANCE CARRIED FORWARD"), (-545, _signed(balance)))
            paper.page()
            paper.line(*header)
            paper.line((100, "BALANCE BROUGHT FORWARD"), (-545, _signed(balance)))
        balance += amount
        side = (-460, english(amount)) if amount > 0 else (-380, english(amount))
        paper.line((50, f"{day:%d %b %y}"), (100, name), side, (-545, _signed(balance)))
    paper.line((100, "BALANCE CARRIED FORWARD"), (-545, _signed(balance)))
    return paper.done(), _expected(rows, opening, currency=None)


def _signed(amount: Decimal) -> str:
    return ("-" if amount < 0 else "") + english(amount)


def uk_overdrawn_marks() -> tuple[bytes, Expected]:
    """A balance with D where it is overdrawn, printed for the last row of a day."""
    rows = rows_of(5, 26, date(2023, 3, 1), ENGLISH_IN, ENGLISH_OUT)
    balance = opening = Decimal("95.20")
    paper = Paper()
    paper.line((50, "Current Account Statement 1 March 2023 to 31 March 2023"))
    paper.line((50, "Account number 00112233"))
    paper.space()
    paper.line(
        (50, "Date"), (110, "Details"), (-380, "Withdrawn £"), (-460, "Paid in £"), (-540, "Balance £")
    )
    paper.line((110, "Balance from last statement"), (-540, english(balance)))
    for i, (day, name, amount) in enumerate(rows):
        balance += amount
        cells: list[tuple[float, str]] = [(110, name), (-460 if amount > 0 else -380, english(amount))]
        if i == 0 or rows[i - 1][0] != day:
            cells.insert(0, (50, f"{day.day} {day:%b}"))
        if i + 1 == len(rows) or rows[i + 1][0] != day:
            cells.append((-540, english(balance)))
            if balance < 0:
                cells.append((543, "D"))
        paper.line(*cells)
    return paper.done(), _expected(rows, opening, currency="GBP")


def us_checking_with_checks() -> tuple[bytes, Expected]:
    """Sections give the sign; checks stand in two columns side by side; daily balances are no rows."""
    deposits = rows_of(6, 5, date(2024, 2, 1), US_IN, US_IN)
    deposits = [(d, n, abs(a)) for d, n, a in deposits]
    cards = [(d, n, -abs(a)) for d, n, a in rows_of(7, 9, date(2024, 2, 1), US_OUT, US_OUT)]
    checks = [
        (d, f"{1201 + i}", -abs(a))
        for i, (d, _, a) in enumerate(rows_of(8, 6, date(2024, 2, 1), US_OUT, US_OUT))
    ]
    opening = Decimal("5210.77")
    rows = [*deposits, *checks, *cards]
    closing = opening + _total(rows)
    paper = Paper()
    paper.line((40, "PRAIRIE STATE BANK"), bold=True)
    paper.line((40, "February 01, 2024 through February 29, 2024"), (350, "Account Number: 0000554433221"))
    paper.space()
    paper.line((40, "CHECKING SUMMARY"), bold=True)
    for label, amount in (
        ("Beginning Balance", opening),
        ("Deposits and Additions", _total(deposits)),
        ("Checks Paid", _total(checks)),
        ("ATM & Debit Card Withdrawals", _total(cards)),
        ("Ending Balance", closing),
    ):
        paper.line((40, label), (-320, ("-" if amount < 0 else "$") + english(amount)))
    paper.space()
    paper.line((40, "DEPOSITS AND ADDITIONS"), bold=True)
    paper.line((40, "DATE"), (90, "DESCRIPTION"), (-545, "AMOUNT"))
    for day, name, amount in deposits:
        paper.line((40, f"{day:%m/%d}"), (90, name), (-545, english(amount)))
    paper.line((40, "Total Deposits and Additions"), (-545, "$" + english(_total(deposits))))
    paper.space()
    paper.line((40, "CHECKS PAID"), bold=True)
    paper.line(
        (40, "CHECK NO."),
        (110, "DATE PAID"),
        (-270, "AMOUNT"),
        (310, "CHECK NO."),
        (380, "DATE PAID"),
        (-545, "AMOUNT"),
    )
    for left, right in zip(checks[::2], checks[1::2], strict=True):
        paper.line(
            (40, left[1] + " ^"),
            (110, f"{left[0]:%m/%d}"),
            (-270, english(left[2])),
            (310, right[1] + " ^"),
            (380, f"{right[0]:%m/%d}"),
            (-545, english(right[2])),
        )
    paper.line((40, "Total Checks Paid"), (-545, "$" + english(_total(checks))))
    paper.space()
    paper.line((40, "ATM & DEBIT CARD WITHDRAWALS"), bold=True)
    paper.line((40, "DATE"), (90, "DESCRIPTION"), (-545, "AMOUNT"))
    for day, name, amount in cards:
        paper.line((40, f"{day:%m/%d}"), (90, f"Card Purchase {day:%m/%d} {name}"), (-545, english(amount)))
    paper.line((40, "Total ATM & Debit Card Withdrawals"), (-545, "$" + english(_total(cards))))
    paper.space()
    paper.line((40, "DAILY ENDING BALANCE"), bold=True)
    paper.line((40, "DATE"), (-270, "AMOUNT"), (310, "DATE"), (-545, "AMOUNT"))
    running = opening
    ends = []
    for day in sorted({r[0] for r in rows}):
        running += sum(r[2] for r in rows if r[0] == day)
        ends.append((day, running))
    for left_end, right_end in zip(ends[::2], ends[1::2], strict=False):
        paper.line(
            (40, f"{left_end[0]:%m/%d}"),
            (-270, _signed(left_end[1])),
            (310, f"{right_end[0]:%m/%d}"),
            (-545, _signed(right_end[1])),
        )
    return paper.done(), _expected(rows, opening)


def us_signed_running() -> tuple[bytes, Expected]:
    """One signed column with a running balance, newest first, full dates month first."""
    rows = rows_of(9, 24, date(2024, 8, 3), US_IN, US_OUT)
    opening = Decimal("702.10")
    paper = Paper()
    paper.line((50, "Lakeside Credit Union"), bold=True)
    paper.line((50, "Share Draft Account 778812"), (350, "08/01/2024 - 08/31/2024"))
    paper.space()
    paper.line((50, "Date"), (120, "Description"), (-440, "Amount"), (-540, "Balance"))
    balance = opening + _total(rows)
    for day, name, amount in reversed(rows):
        sign = "-" if amount < 0 else ""
        paper.line(
            (50, f"{day:%m/%d/%Y}"),
            (120, name),
            (-440, f"{sign}${english(amount)}"),
            (-540, f"{'-' if balance < 0 else ''}${english(balance)}"),
        )
        balance -= amount
    return paper.done(), _expected(rows[::-1], opening)


def card_with_cr_marks() -> tuple[bytes, Expected]:
    """A credit card: what was spent has no sign, payments have CR; previous and new balance are owed."""
    rows = rows_of(
        10,
        17,
        date(2024, 3, 9),
        ["PAYMENT RECEIVED THANK YOU"],
        ["OLD MILL BOOKS LEEDS", "RAILWAY TICKETS YORK", "AMAZON MKTPLACE", "TESCO STORES"],
    )
    opening = Decimal("-880.16")
    closing = opening + _total(rows)
    paper = Paper()
    paper.line((50, "Your credit card statement"), bold=True)
    paper.line((50, "Statement date 8 April 2024"), (350, "Card number XXXX XXXX XXXX 9931"))
    paper.line((50, "Previous balance"), (-300, "£" + english(opening)))
    paper.line((50, "New balance"), (-300, "£" + english(closing) + (" CR" if closing > 0 else "")))
    paper.line((50, "Minimum payment due"), (-300, "£25.00"))
    paper.line((50, "Credit limit"), (-300, "£5,000.00"))
    paper.space()
    paper.line((50, "Transaction"), (130, "Date"), step=10)
    paper.line((50, "Date"), (130, "Posted"), (200, "Description"), (-520, "Amount (£)"))
    for day, name, amount in rows:
        stamp = f"{day.day} {day:%b}"
        paper.line(
            (50, stamp),
            (130, stamp),
            (200, name),
            (-520, english(amount)),
            *(((523, "CR"),) if amount > 0 else ()),
        )
    return paper.done(), _expected(rows, opening, currency="GBP")


def card_signed() -> tuple[bytes, Expected]:
    """A credit card in one list: payments have a minus, purchases none, and nothing else tells the sign."""
    rows = rows_of(
        11,
        15,
        date(2024, 10, 5),
        ["PAYMENT THANK YOU", "AUTOPAY PAYMENT"],
        ["NETFLIX.COM", "WALMART 2210", "UBER TRIP", "COSTCO WHSE"],
    )
    opening = Decimal("-310.00")
    closing = opening + _total(rows)
    paper = Paper()
    paper.line((50, "Cardmember statement"), (350, "Closing Date 11/04/24"))
    paper.line((50, "Account ending in 4410"))
    paper.line((50, "Previous Balance"), (-260, "$" + english(opening)))
    paper.line((50, "New Balance"), (-260, ("-" if closing > 0 else "") + "$" + english(closing)))
    paper.space()
    paper.line((50, "Trans date"), (120, "Merchant name"), (-520, "$ Amount"))
    for day, name, amount in rows:
        paper.line((50, f"{day:%m/%d}"), (120, name), (-520, ("-" if amount > 0 else "") + english(amount)))
    return paper.done(), _expected(rows, opening)


def nl_af_bij_column() -> tuple[bytes, Expected]:
    """A column of its own says Af or Bij; the amount has no sign."""
    rows = rows_of(
        12,
        16,
        date(2024, 4, 1),
        ["Salaris Duinrand BV", "Teruggave Belasting"],
        ["Albert Heijn 1201 Zwolle", "Huur Woningstichting"],
    )
    opening = Decimal("1002.33")
    closing = opening + _total(rows)
    paper = Paper()
    paper.line((50, "Rekeningafschrift"), bold=True)
    paper.line((50, "Rekening NL91 ABNA 0417 1643 00"), (330, "Periode 01-04-2024 t/m 30-04-2024"))
    paper.line((50, "Beginsaldo EUR"), (-260, german(opening)))
    paper.line((50, "Eindsaldo EUR"), (-260, german(closing)))
    paper.space()
    paper.line((50, "Datum"), (120, "Naam / Omschrijving"), (400, "Af Bij"), (-520, "Bedrag (EUR)"))
    for day, name, amount in rows:
        paper.line(
            (50, f"{day:%d-%m-%Y}"), (120, name), (400, "Bij" if amount > 0 else "Af"), (-520, german(amount))
        )
        paper.line((120, f"Pasvolgnr: 001 {day:%d-%m-%Y} 12:40"))
    return paper.done(), _expected(rows, opening, currency="EUR")


def es_importe_saldo() -> tuple[bytes, Expected]:
    """Importe with a sign and saldo on each row; the value date stands behind the text."""
    rows = rows_of(
        13,
        20,
        date(2024, 11, 2),
        ["NOMINA TALLERES SUR", "BIZUM DE CARLOS"],
        ["COMPRA TARJ MERCADO", "RECIBO LUZ"],
    )
    balance = opening = Decimal("845.90")
    paper = Paper()
    paper.line((50, "EXTRACTO DE CUENTA"), bold=True)
    paper.line((50, "Cuenta ES91 2100 0418 4502 0005 1332"), (350, "Divisa EUR"))
    paper.line((50, "Periodo 01/11/2024 a 30/11/2024"))
    paper.space()
    paper.line((50, "F. Oper."), (110, "Concepto"), (330, "F. Valor"), (-450, "Importe"), (-540, "Saldo"))
    paper.line((110, "SALDO ANTERIOR"), (-540, german(balance)))
    for day, name, amount in rows:
        balance += amount
        paper.line(
            (50, f"{day:%d/%m}"),
            (110, name),
            (330, f"{day:%d/%m}"),
            (-450, ("-" if amount < 0 else "") + german(amount)),
            (-540, ("-" if balance < 0 else "") + german(balance)),
        )
    return paper.done(), _expected(rows, opening, currency="EUR")


def it_text_last() -> tuple[bytes, Expected]:
    """Dare and avere stand before the description."""
    rows = rows_of(
        14,
        18,
        date(2023, 10, 2),
        ["BONIFICO DA STUDIO ROSSI"],
        ["PAGAMENTO POS BAR ROMA", "ADDEBITO SDD ENERGIA"],
    )
    opening = Decimal("1500.00")
    closing = opening + _total(rows)
    paper = Paper()
    paper.line((50, "ESTRATTO CONTO AL 31/10/2023"), bold=True)
    paper.line((50, "IBAN IT60 X054 2811 1010 0000 0123 456"))
    paper.space()
    paper.line((50, "DATA"), (110, "VALUTA"), (-250, "DARE"), (-330, "AVERE"), (350, "DESCRIZIONE"))
    paper.line((50, "30/09/23"), (-330, german(opening)), (350, "SALDO INIZIALE"))
    for day, name, amount in rows:
        paper.line(
            (50, f"{day:%d/%m/%y}"),
            (110, f"{day:%d/%m/%y}"),
            (-330 if amount > 0 else -250, german(amount)),
            (350, name),
        )
    paper.line((50, "31/10/23"), (-330 if closing > 0 else -250, german(closing)), (350, "SALDO FINALE"))
    return paper.done(), _expected(rows, opening)


def ch_newest_first() -> tuple[bytes, Expected]:
    """Apostrophes between thousands, Belastung and Gutschrift, newest first, balance once a day."""
    rows = rows_of(
        15,
        22,
        date(2024, 7, 1),
        ["Gutschrift Lohn Bergwerk AG"],
        ["Einkauf Dorfladen", "Dauerauftrag Miete", "Bezug Bancomat Bern"],
        most=900,
    )
    opening = Decimal("8455.35")
    balance = opening + _total(rows)
    paper = Paper()
    paper.line((50, "Kontoauszug 01.07.2024 - 31.07.2024"), bold=True)
    paper.line((50, "Privatkonto CHF"), (300, "IBAN CH93 0076 2011 6238 5295 7"))
    paper.space()
    paper.line((50, "Datum"), (110, "Text"), (-360, "Belastung"), (-450, "Gutschrift"), (-540, "Saldo"))
    for i, (day, name, amount) in enumerate(reversed(rows)):
        newer = rows[::-1][i - 1][0] if i else None
        cells: list[tuple[float, str]] = [
            (50, f"{day:%d.%m.%y}"),
            (110, name),
            (-450 if amount > 0 else -360, swiss(amount)),
        ]
        if newer != day:
            cells.append((-540, ("-" if balance < 0 else "") + swiss(balance)))
        paper.line(*cells)
        balance -= amount
    paper.line((110, "Saldovortrag"), (-540, swiss(opening)))
    return paper.done(), _expected(rows[::-1], opening, currency="CHF")


def br_marks_behind() -> tuple[bytes, Expected]:
    """Valor with D or C behind it, saldo likewise, R$ in the header."""
    rows = rows_of(
        16,
        19,
        date(2024, 9, 2),
        ["PIX RECEBIDO JOAO", "TED RECEBIDA"],
        ["COMPRA CARTAO MERCADO", "PAGAMENTO DE BOLETO"],
    )
    balance = opening = Decimal("320.50")
    paper = Paper()
    paper.line((50, "Extrato de conta corrente"), bold=True)
    paper.line((50, "Agência 1234-5"), (180, "Conta 98765-4"), (330, "Período 01/09/2024 a 30/09/2024"))
    paper.space()
    paper.line((50, "Data"), (120, "Histórico"), (330, "Documento"), (-460, "Valor R$"), (-540, "Saldo R$"))
    paper.line((50, "31/08/2024"), (120, "Saldo Anterior"), (-540, german(balance) + " C"))
    for i, (day, name, amount) in enumerate(rows):
        balance += amount
        paper.line(
            (50, f"{day:%d/%m/%Y}"),
            (120, name),
            (330, f"{100200 + i}"),
            (-460, german(amount) + (" C" if amount > 0 else " D")),
            (-540, german(balance) + (" C" if balance >= 0 else " D")),
        )
    return paper.done(), _expected(rows, opening, currency="BRL")


def in_lakhs() -> tuple[bytes, Expected]:
    """Lakh groups, wrapped narration, a summary whose labels stand above the amounts."""
    rows = rows_of(
        17,
        21,
        date(2024, 1, 1),
        ["NEFT CR-SALARY-ORBIT LABS", "UPI-CR-RAVI K"],
        ["UPI-GROCER MART", "POS 4122XX BIG STORE", "ACH D- LOAN EMI"],
        most=90000,
    )
    balance = opening = Decimal("145230.75")
    paper = Paper(8)
    paper.line((40, "Statement of account"), bold=True)
    paper.line(
        (40, "Account No : 50100012345678"),
        (300, "From : 01/01/2024 To : 31/01/2024"),
        (480, "Currency : INR"),
    )
    paper.space()
    paper.line(
        (40, "Date"),
        (85, "Narration"),
        (230, "Chq./Ref.No."),
        (310, "Value Dt"),
        (-420, "Withdrawal Amt."),
        (-490, "Deposit Amt."),
        (-565, "Closing Balance"),
    )
    for i, (day, name, amount) in enumerate(rows):
        balance += amount
        paper.line(
            (40, f"{day:%d/%m/%y}"),
            (85, name),
            (230, f"0000{33445566 + i}"),
            (310, f"{day:%d/%m/%y}"),
            (-490 if amount > 0 else -420, indian(amount)),
            (-565, ("-" if balance < 0 else "") + indian(balance)),
            step=10,
        )
        paper.line((85, f"REF{i:04d}-PAYMENT FROM PHONE"), step=14)
    paper.space()
    paper.line((40, "STATEMENT SUMMARY :-"))
    paper.line(
        (40, "Opening Balance"),
        (180, "Dr Count"),
        (240, "Cr Count"),
        (-380, "Debits"),
        (-470, "Credits"),
        (-565, "Closing Bal"),
    )
    went, came = sum(r[2] for r in rows if r[2] < 0), sum(r[2] for r in rows if r[2] > 0)
    paper.line(
        (40, indian(opening)),
        (180, str(sum(r[2] < 0 for r in rows))),
        (240, str(sum(r[2] > 0 for r in rows))),
        (-380, indian(went)),
        (-470, indian(came)),
        (-565, ("-" if balance < 0 else "") + indian(balance)),
    )
    return paper.done(), _expected(rows, opening, currency="INR", words={1: "REF0001-PAYMENT"})


def year_change() -> tuple[bytes, Expected]:
    """December and January without a year."""
    rows = rows_of(18, 20, date(2023, 12, 12), GERMAN_IN, GERMAN_OUT, days=30)
    balance = opening = Decimal("410.00")
    paper = Paper()
    paper.line((50, "Kontoauszug vom 12.12.2023 bis 12.01.2024"))
    paper.line((50, "Kontonummer 11223344"))
    paper.space()
    paper.line((50, "Datum"), (110, "Buchungstext"), (-440, "Betrag EUR"), (-540, "Saldo EUR"))
    paper.line((110, "Saldovortrag"), (-540, german(balance)))
    for day, name, amount in rows:
        balance += amount
        paper.line(
            (50, f"{day:%d.%m.}"),
            (110, name),
            (-440, german(amount) + ("-" if amount < 0 else "+")),
            (-540, german(balance) + ("-" if balance < 0 else "+")),
        )
    return paper.done(), _expected(rows, opening, currency="EUR")


def no_column_names() -> tuple[bytes, Expected]:
    """No header at all; an unsigned amount and a balance that shows which way it went."""
    rows = rows_of(19, 22, date(2024, 5, 1), ENGLISH_IN, ENGLISH_OUT)
    balance = opening = Decimal("640.10")
    paper = Paper()
    paper.line((50, "Transactions of account 99887766, May 2024, in GBP"))
    paper.line((50, "Opening balance"), (-540, english(balance)))
    paper.space()
    for day, name, amount in rows:
        balance += amount
        paper.line((50, f"{day:%d %B %Y}"), (150, name), (-440, english(amount)), (-540, _signed(balance)))
    return paper.done(), _expected(rows, opening, currency="GBP")


def signs_apart() -> tuple[bytes, Expected]:
    """Sign and currency stand apart from the number: `- 12,00 €`, `+ 1.200,00 €`."""
    rows = rows_of(20, 16, date(2024, 2, 1), GERMAN_IN, GERMAN_OUT)
    opening = Decimal("77.70")
    closing = opening + _total(rows)
    paper = Paper()
    paper.line((50, "Kontoauszug Februar 2024"), bold=True)
    paper.line((50, "IBAN DE89 3704 0044 0532 0130 00"))
    paper.space()
    paper.line((50, "Beschreibung"), (330, "Verbuchungsdatum"), (-540, "Betrag"))
    for day, name, amount in rows:
        paper.line(
            (50, name), (330, f"{day:%d.%m.%Y}"), (-540, f"{'+' if amount > 0 else '-'} {german(amount)} €")
        )
        paper.line((50, f"Wertstellung {day:%d.%m.%Y}"), step=18)
    paper.space()
    paper.line((50, "Dein alter Kontostand"), (-540, f"{german(opening)} €"))
    paper.line((50, "Dein neuer Kontostand"), (-540, f"{'-' if closing < 0 else ''}{german(closing)} €"))
    return paper.done(), _expected(rows, opening, currency="EUR")


def amount_on_last_line() -> tuple[bytes, Expected]:
    """The amount stands on the last of an entry's lines."""
    rows = rows_of(21, 15, date(2024, 6, 3), ENGLISH_IN, ENGLISH_OUT)
    opening = Decimal("1200.00")
    closing = opening + _total(rows)
    paper = Paper()
    paper.line((50, "Statement 1 June 2024 - 30 June 2024"), (380, "Account number 44556677"))
    paper.line((50, "Opening balance"), (-250, "£" + english(opening)))
    paper.line((50, "Closing balance"), (-250, ("-" if closing < 0 else "") + "£" + english(closing)))
    paper.space()
    paper.line((50, "Date"), (120, "Details"), (-440, "Money out"), (-540, "Money in"))
    for day, name, amount in rows:
        paper.line((50, f"{day:%d/%m/%Y}"), (120, name), step=11)
        paper.line((120, "Reference 8812"), (-540 if amount > 0 else -440, english(amount)), step=16)
    return paper.done(), _expected(rows, opening)


def no_balances() -> tuple[bytes, Expected]:
    """Nothing to prove it by: the rows are read, and it is said that nothing proves them."""
    rows = rows_of(22, 12, date(2024, 4, 1), ENGLISH_IN, ENGLISH_OUT)
    paper = Paper()
    paper.line((50, "Activity of account 12349876"))
    paper.space()
    paper.line((50, "Date"), (140, "Description"), (-500, "Amount USD"))
    for day, name, amount in rows:
        paper.line((50, f"{day:%Y-%m-%d}"), (140, name), (-500, _signed(amount)))
    return paper.done(), _expected(rows, None, currency="USD", proved=False)


def totals_only() -> tuple[bytes, Expected]:
    """No balance, but the sums of both columns."""
    rows = rows_of(23, 14, date(2024, 3, 1), GERMAN_IN, GERMAN_OUT)
    paper = Paper()
    paper.line((50, "Umsätze vom 01.03.2024 bis 31.03.2024, Konto 5566778899"))
    paper.space()
    paper.line((50, "Datum"), (140, "Text"), (-430, "Belastungen EUR"), (-540, "Gutschriften EUR"))
    for day, name, amount in rows:
        paper.line((50, f"{day:%d.%m.%Y}"), (140, name), (-540 if amount > 0 else -430, german(amount)))
    paper.space(6)
    paper.line((140, "Summe Belastungen"), (-430, german(sum(r[2] for r in rows if r[2] < 0))))
    paper.line((140, "Summe Gutschriften"), (-540, german(sum(r[2] for r in rows if r[2] > 0))))
    return paper.done(), _expected(rows, None, currency="EUR")


def card_with_two_cards() -> tuple[bytes, Expected]:
    """A card account: repayments above, then the purchases of each card below its own number, then a fee; the
    balances are those of the account."""
    dates = [date(2025, 9, day) for day in (7, 3, 9, 15, 4, 21, 23)]
    names = [
        "Ihre Zahlung", "Kiosk Nord Zürich", "Velo Meier Bern", "Coop Filiale 12", "Apotheke Linde",
        "Café Rosen", "Kartengebühr",
    ]  # fmt: skip
    amounts = [Decimal(cents) / 100 for cents in (20685, -12158, -3030, -4970, -200, -1150, -1000)]
    rows = list(zip(dates, names, amounts, strict=True))
    opening = Decimal("-206.85")
    paper = Paper()
    paper.line((50, "Rechnung Kreditkarte"), (350, "Rechnungsdatum 23.09.2025"))
    paper.line((50, "Saldovortrag letzte Rechnung"), (-300, "CHF " + swiss(-opening)))
    paper.line((50, "Saldo per 23.09.2025"), (-300, "CHF " + swiss(-opening - _total(rows))))
    headings = [None, "Karte XXXX XXXX XXXX 9593 A. Muster", "Karte XXXX XXXX XXXX 4410 B. Muster", None]
    for heading, part in zip(headings, (rows[:1], rows[1:4], rows[4:6], rows[6:]), strict=True):
        paper.space()
        if heading:
            paper.line((50, heading), bold=True)
        paper.line((50, "Verbucht am"), (130, "Beschreibung"), (-420, "Gutschrift CHF"), (-520, "Belastung CHF"))
        for day, name, amount in part:
            paper.line((50, f"{day:%d.%m.%Y}"), (130, name), (-420 if amount > 0 else -520, swiss(abs(amount))))
    return paper.done(), _expected(rows, opening, currency="CHF")


def receipt_before_the_time() -> tuple[bytes, Expected]:
    """A mobile wallet: a receipt number before the day and time of each row, zeros where no money went, newest
    first, and a summary by kind above."""
    paid = ["Pay Bill to 244441", "Send money to 2547***228"]
    rows = rows_of(31, 14, date(2025, 6, 1), ["Funds received from TOM KIPROP"], paid)
    opening = Decimal("1200.00")
    balances, balance = [], opening
    for _, _, amount in rows:
        balance += amount
        balances.append(balance)
    paper = Paper()
    paper.line((210, "WALLET FULL STATEMENT"), bold=True)
    paper.line((40, "TRANSACTION TYPE"), (210, "PAID IN"), (390, "PAID OUT"))
    paper.line((40, "Send Money"), (210, "0.00"), (390, "111.40"))
    paper.line((40, "TOTAL:"), (210, "0.00"), (390, "111.40"))
    paper.space()
    paper.line(
        (40, "Receipt No"), (110, "Completion Time"), (215, "Details"), (-430, "Paid in"), (-490, "Withdrawn"), (-550, "Balance")
    )
    turned = list(zip(rows, balances, strict=True))[::-1]
    for number, ((day, name, amount), after) in enumerate(turned):
        paper.line(
            (40, f"TF{number:02}85MBXJ"), (110, f"{day:%Y-%m-%d} 10:{number:02}:41"), (215, name),
            (-430, english(max(amount, Decimal("0.00")))), (-490, english(max(-amount, Decimal("0.00")))),
            (-550, english(after)),
        )  # fmt: skip
        paper.line((215, "Completed by Winnie"), step=11)
    return paper.done(), _expected(rows[::-1], opening)


def au_signed_balance_cr() -> tuple[bytes, Expected]:
    """Debit and credit columns; the balance has CR or DR behind it."""
    rows = rows_of(24, 24, date(2024, 8, 1), ENGLISH_IN, ENGLISH_OUT)
    balance = opening = Decimal("55.00")
    paper = Paper()
    paper.line((50, "Statement Period 1 Aug 2024 - 31 Aug 2024"), (350, "Account Number 062-000 1234 5678"))
    paper.space()
    paper.line((50, "Date"), (110, "Transaction"), (-370, "Debit"), (-450, "Credit"), (-545, "Balance"))
    paper.line((50, "01 Aug"), (110, "2024 OPENING BALANCE"), (-545, f"${english(balance)} CR"))
    for day, name, amount in rows:
        balance += amount
        paper.line(
            (50, f"{day:%d %b}"),
            (110, name),
            (-450 if amount > 0 else -370, english(amount)),
            (-545, f"${english(balance)} {'CR' if balance >= 0 else 'DR'}"),
        )
    paper.line(
        (50, "31 Aug"),
        (110, "2024 CLOSING BALANCE"),
        (-545, f"${english(balance)} {'CR' if balance >= 0 else 'DR'}"),
    )
    return paper.done(), _expected(rows, opening)


def jp_whole_amounts() -> tuple[bytes, Expected]:
    """Amounts of a currency without decimals."""
    rows = [
        (d, n, (a * 10).quantize(Decimal(1)))
        for d, n, a in rows_of(
            25, 14, date(2024, 5, 1), ["SALARY AOI WORKS"], ["KONBINI STORE", "TOKYO METRO"], most=2000
        )
    ]
    balance = opening = Decimal("254310")
    paper = Paper()
    paper.line((50, "Account statement 2024/05/01 - 2024/05/31"), (350, "Account No. 7654321"))
    paper.space()
    paper.line(
        (50, "Date"),
        (140, "Description"),
        (-360, "Withdrawal (JPY)"),
        (-450, "Deposit (JPY)"),
        (-540, "Balance (JPY)"),
    )
    paper.line((140, "Opening balance"), (-540, f"{balance:,}"))
    for day, name, amount in rows:
        balance += amount
        paper.line(
            (50, f"{day:%Y/%m/%d}"),
            (140, name),
            (-450 if amount > 0 else -360, f"{abs(amount):,}"),
            (-540, f"{balance:,}"),
        )
    return paper.done(), _expected(rows, opening, currency="JPY")


def uk_overdrawn(mark: str) -> tuple[bytes, Expected]:
    """A balance below zero has OD behind it, apart or not; above zero nothing."""
    rows = rows_of(31, 22, date(2024, 5, 1), ENGLISH_IN, ENGLISH_OUT)
    balance = opening = Decimal("-212.40")

    def stated() -> str:
        return english(balance) + (mark if balance < 0 else "")

    paper = Paper()
    paper.line((50, "NORTHERN COUNTIES BANK"), (300, "1 May 2024 to 31 May 2024"))
    paper.space()
    paper.line((50, "Date"), (110, "Details"), (-360, "Paid out"), (-450, "Paid in"), (-540, "Balance"))
    paper.line((50, "01 May"), (110, "Balance brought forward"), (-540, stated()))
    for day, name, amount in rows:
        balance += amount
        cell = (-360 if amount < 0 else -450, english(amount))
        paper.line((50, f"{day:%d %b}"), (110, name), cell, (-540, stated()))
    paper.line((110, "Balance carried forward"), (-540, stated()))
    return paper.done(), _expected(rows, opening)


def dr_and_cr_behind(marks: tuple[str, str]) -> tuple[bytes, Expected]:
    """Amounts and balances in one column each, with a mark for debit or credit behind all of them."""
    rows = rows_of(32, 20, date(2024, 5, 1), ENGLISH_IN, ENGLISH_OUT)
    balance = opening = Decimal("-50.00")

    def marked(amount: Decimal) -> str:
        return english(amount) + marks[amount >= 0]

    paper = Paper()
    paper.line((50, "CAPE SAVINGS"), (300, "01/05/2024 - 31/05/2024"))
    paper.space()
    paper.line((50, "Date"), (110, "Details"), (-430, "Amount"), (-540, "Balance"))
    paper.line((50, "01/05/2024"), (110, "Opening balance"), (-540, marked(balance)))
    for day, name, amount in rows:
        balance += amount
        paper.line((50, f"{day:%d/%m/%Y}"), (110, name), (-430, marked(amount)), (-540, marked(balance)))
    paper.line((110, "Closing balance"), (-540, marked(balance)))
    return paper.done(), _expected(rows, opening)


def three_decimals(currency: str, scale: int, *, comma: bool = False) -> tuple[bytes, Expected]:
    """Amounts in a currency with three decimals (an empty one: not named), the smaller the greater the `scale`."""
    rows = [
        (day, name, (amount / scale).quantize(Decimal("0.001")))
        for day, name, amount in rows_of(33, 20, date(2024, 5, 13), ENGLISH_IN, ENGLISH_OUT, days=18)
    ]
    balance = opening = Decimal("812.450") if scale < 100 else Decimal("15.500")

    def printed(amount: Decimal) -> str:
        text = f"{abs(amount):,.3f}"
        return text.replace(",", " ").replace(".", ",") if comma else text

    def signed(amount: Decimal) -> str:
        return ("-" if amount < 0 else "") + printed(amount)

    paper = Paper()
    paper.line((50, "GULF PEARL BANK"), (250, currency and f"Currency: {currency}"), (350, "01/05/2024 - 31/05/2024"))
    paper.space()
    paper.line((50, "Date"), (120, "Description"), (-360, "Debit"), (-450, "Credit"), (-540, "Balance"))
    paper.line((120, "Opening Balance"), (-540, signed(balance)))
    for day, name, amount in rows:
        balance += amount
        cell = (-360 if amount < 0 else -450, printed(amount))
        paper.line((50, f"{day:%d/%m/%Y}"), (120, name), cell, (-540, signed(balance)))
    paper.line((120, "Closing Balance"), (-540, signed(balance)))
    return paper.done(), _expected(rows, opening, currency=currency or None)


LAYOUTS: tuple[Callable[[], tuple[bytes, Expected]], ...] = (
    de_soll_haben_marks,
    de_two_columns_ruled,
    fr_debit_credit,
    uk_running_balance,
    uk_overdrawn_marks,
    us_checking_with_checks,
    us_signed_running,
    card_with_cr_marks,
    card_signed,
    card_with_two_cards,
    receipt_before_the_time,
    nl_af_bij_column,
    es_importe_saldo,
    it_text_last,
    ch_newest_first,
    br_marks_behind,
    in_lakhs,
    year_change,
    no_column_names,
    signs_apart,
    amount_on_last_line,
    no_balances,
    totals_only,
    au_signed_balance_cr,
    jp_whole_amounts,
)
# The same, of one kind each: what is marked and how.
VARIANTS: tuple[Callable[[], tuple[bytes, Expected]], ...] = (
    *(partial(uk_overdrawn, mark) for mark in (" OD", "OD", " O/D", " DR")),
    *(partial(dr_and_cr_behind, marks) for marks in ((" DR", " CR"), ("Dr", "Cr"), ("Dr.", "Cr."), (" OD", ""))),
    *(partial(three_decimals, currency, 10) for currency in ("KWD", "OMR")),
    partial(three_decimals, "BHD", 1000),
    partial(three_decimals, "TND", 10, comma=True),
    partial(three_decimals, "", 1000),
)


def two_accounts() -> tuple[bytes, list[Expected]]:
    """A current and a savings account in one document, each with its own number and balances."""
    paper = Paper()
    paper.line((50, "Combined statement 1 May 2024 to 31 May 2024"), bold=True)
    expected = []
    for seed, title, number, opening in (
        (31, "Current Account", "11112222", Decimal("500.00")),
        (32, "Savings Account", "33334444", Decimal("2500.00")),
    ):
        rows = rows_of(seed, 10, date(2024, 5, 1), ENGLISH_IN, ENGLISH_OUT)
        balance = opening
        paper.space()
        paper.line((50, title), bold=True)
        paper.line((50, "Sort code 20-20-20"), (200, f"Account number {number}"))
        paper.line(
            (50, "Date"), (120, "Description"), (-360, "Money out"), (-450, "Money in"), (-540, "Balance")
        )
        paper.line((120, "Opening balance"), (-540, english(balance)))
        for day, name, amount in rows:
            balance += amount
            paper.line(
                (50, f"{day.day} {day:%b}"),
                (120, name),
                (-450 if amount > 0 else -360, english(amount)),
                (-540, _signed(balance)),
            )
        paper.line((120, "Closing balance"), (-540, _signed(balance)))
        expected.append(_expected(rows, opening))
    return paper.done(), expected
