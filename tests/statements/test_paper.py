"""Statements as PDF with text: all rows, the right signs and dates, and the proof; hostile documents refused."""

import contextlib
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smartimport_cli import statements
from smartimport_cli.core.documents import Page, Word
from smartimport_cli.core.errors import FileRefused
from smartimport_cli.core.model import PAGE, Choices, Verdict
from smartimport_cli.documents import IsolatedDocuments
from smartimport_cli.statements.formats import Resources
from smartimport_cli.statements.paper.reading import Interpretation
from tests.statements import paper_layouts as layouts
from tests.statements.paper_layouts import ENGLISH_IN, ENGLISH_OUT, LAYOUTS, VARIANTS, Paper, english, rows_of

RESOURCES = Resources(documents=IsolatedDocuments())


def read(pdf: bytes, **choices: object) -> list[statements.Collected]:
    source = io.BytesIO(pdf)
    chosen = Choices(**choices)  # type: ignore[arg-type]
    return statements.collect(
        statements.read(source, name="a.pdf", size=len(pdf), choices=chosen, resources=RESOURCES)
    )


def rows(collected: statements.Collected) -> list[tuple[date, Decimal]]:
    return [(row.posted_date, Decimal(row.amount).scaleb(-4)) for row in collected.rows]


def units(amount: Decimal | None) -> int | None:
    return None if amount is None else int(amount.scaleb(4))


@pytest.mark.parametrize(
    "layout", [*LAYOUTS, *VARIANTS], ids=lambda layout: getattr(layout, "__name__", None) or str(layout.args)
)
def test_layout_is_read_whole(layout):
    pdf, expected = layout()
    (found,) = read(pdf)
    assert rows(found) == expected.rows
    assert not found.unreadable
    assert (found.statement.proof.verdict is Verdict.PROVED) == expected.proved
    if expected.opening is not None:
        assert found.statement.opening_balance == units(expected.opening)
        assert found.statement.closing_balance == units(expected.closing)
    if expected.currency:
        assert found.statement.currency == expected.currency
    for at, words in expected.words.items():
        assert words in found.rows[at].description


def test_three_decimals_that_may_be_thousands_are_asked():
    """The balances prove both: all amounts a thousand times as great agree as well."""
    paper = Paper()
    paper.line((50, "Period 01/05/2024 - 31/05/2024"))
    paper.line((50, "Date"), (110, "Details"), (-450, "Paid in"), (-540, "Balance"))
    paper.line((110, "Opening balance"), (-540, "10.000"))
    for day in range(13, 19):
        paper.line((50, f"{day}/05/2024"), (110, "Rent"), (-450, "2.500"), (-540, f"{7.5 + 2.5 * (day - 11):.3f}"))
    pdf = paper.done()
    with pytest.raises(FileRefused) as refused:
        read(pdf)
    assert refused.value.code == "ambiguous"
    for choice, amount in (({"decimal": "."}, "2.5"), ({"currency": "KWD"}, "2.5"), ({"decimal": ","}, "2500")):
        (found,) = read(pdf, **choice)
        assert {value for _, value in rows(found)} == {Decimal(amount)}
        assert found.statement.proof.verdict is Verdict.PROVED


def _numbered(lead: list[str], body: list[object], *, day: str = "Day", shown: str = "{:02}") -> bytes:
    """A statement whose days are numbers: `body` has days, and names of months; a day stands once for its rows."""
    balance = Decimal("500.00")
    paper = Paper()
    for text in lead:
        paper.line((50, text))
    header = ((50, day), (110, "Details"), (-380, "Paid out"), (-460, "Paid in"), (-545, "Balance"))
    paper.line(*header)
    paper.line((110, "Opening balance"), (-545, english(balance)))
    before: object = None
    for number, item in enumerate(body):
        if paper.full:
            paper.page()
            paper.line(*header)
        if isinstance(item, str):
            paper.line((50, item))
            before = None
            continue
        balance += Decimal("7.25") - 2 * number
        side = (-460, "7.25") if not number else (-380, english(2 * number - Decimal("7.25")))
        if number and 2 * number < Decimal("7.25"):
            side = (-460, english(Decimal("7.25") - 2 * number))
        begin = [] if item == before else [(50, shown.format(item))]
        paper.line(*begin, (110, f"Card payment {number} to Alder"), side, (-545, _of(balance)))
        before = item
    return paper.done()


def _of(balance: Decimal) -> str:
    return ("-" if balance < 0 else "") + english(balance)


def _days_of(pdf: bytes, **choices: object) -> list[str]:
    (found,) = read(pdf, **choices)
    assert found.statement.proof.verdict is Verdict.PROVED
    assert not found.unreadable
    assert all(row.description.startswith("Card payment") for row in found.rows)
    return [f"{row.posted_date:%y%m%d}" for row in found.rows]


@pytest.mark.parametrize(
    ("first", "second", "day", "shown"),
    [
        ("December 2023", "January 2024", "Date", "{:02}"),
        ("Dec 2023", "Jan 2024", "Day", "{}"),
        ("12/2023", "01/2024", "Date", "{}"),
        ("Dezember 2023", "Januar 2024", "Tag", "{:02}."),
        ("DÉCEMBRE 2023", "JANVIER 2024", "Jour", "{:02}"),
        ("Diciembre de 2023", "Enero de 2024", "Día", "{}"),
        ("dicembre 2023", "gennaio 2024", "Giorno", "{:02}"),
        ("december 2023", "januari 2024", "Dag", "{}"),
    ],
)
def test_days_below_the_names_of_their_months(first, second, day, shown):
    pdf = _numbered([], [first, 3, 3, 17, 31, second, 2, 9, 9, 9], day=day, shown=shown)
    december, january = ["231203", "231203", "231217", "231231"], ["240102", "240109", "240109", "240109"]
    assert _days_of(pdf) == december + january


def test_months_without_a_year_have_that_of_the_period():
    pdf = _numbered(["Statement 10/12/2023 - 09/01/2024"], ["December", 11, 30, "January", 2, 2, 9])
    assert _days_of(pdf) == ["231211", "231230", "240102", "240102", "240109"]


def test_a_month_goes_on_over_pages():
    body: list[object] = ["May 2024", *(1 + i // 4 for i in range(100)), "May 2024 (continued)", 26, "June 2024", 1]
    days = _days_of(_numbered([], body))
    assert days == [*(f"2405{1 + i // 4:02}" for i in range(100)), "240526", "240601"]


@pytest.mark.parametrize(
    ("lead", "body", "expected"),
    [
        ("Period 01/01/2024 - 31/01/2024", [3, 3, 28, 9], ["240103", "240103", "240128", "240109"]),
        ("Kontoauszug vom 01.02.2024 bis 29.02.2024", [3, 29], ["240203", "240229"]),
        ("From 16 December 2023 to 15 January 2024", [31, 15, 16], ["231231", "240115", "231216"]),
        ("1 December 2023 to 31 January 2024", [5, 20, 31, 3, 10], ["231205", "231220", "231231", "240103", "240110"]),
        ("1 December 2023 to 31 January 2024", [10, 3, 20, 5], ["240110", "240103", "231220", "231205"]),
        ("Statement for March 2024", [1, 30], ["240301", "240330"]),
    ],
)
def test_days_that_the_period_dates(lead, body, expected):
    assert _days_of(_numbered([lead], body)) == expected


@pytest.mark.parametrize(
    ("lead", "body"),
    [
        ([], [3, 4, 5]),
        (["Statement of 31/01/2024"], [3, 4, 5]),
        (["1 December 2023 to 31 January 2024"], [5, 10, 20]),
        (["1 January 2024 to 29 January 2024"], [3, 4, 30]),
        (["1 December 2023 to 31 January 2024"], [9, 3, 20, 5, 8, 2]),
        (["1 January 2024 to 31 January 2024", "Rates from 1 May 2023 to 31 March 2024"], [3, 4, 5]),
        (["01/02/2024 - 10/02/2024"], [3, 4, 5]),
        ([], ["January 2024", 28, 30, 2]),
        ([], ["February 2024", 28, 30]),
        ([], [30, "February 2024", 2]),
        (["1 March 2024 to 31 March 2024"], ["January 2024", 2, 3]),
        ([], ["December 2023", 30, "January", 2]),
    ],
    ids=str,
)
@pytest.mark.parametrize("shown", ["{:02}", "{}"])
def test_days_that_could_be_of_several_months_are_refused(lead, body, shown):
    with pytest.raises(FileRefused) as refused:
        read(_numbered(lead, body, shown=shown))
    assert refused.value.code == "no-month"
    assert "its days have no month" in refused.value.message


def test_a_day_and_a_month_that_are_both_numbers_are_refused():
    with pytest.raises(FileRefused) as refused:
        read(_numbered(["Period 01/01/2024 - 29/02/2024"], [3, 5, 7], shown="{} 2"))
    assert refused.value.code == "no-transactions"


def test_a_number_below_a_whole_date_is_no_row_of_that_date():
    """05 below 03 Jan is a day of its own, and nothing says that it is of January."""
    paper = Paper()
    paper.line((50, "Account 12345678, 1 January 2024 to 29 February 2024"))
    paper.line((50, "Date"), (110, "Details"), (-460, "Paid in"), (-545, "Balance"))
    for number, day in enumerate(("03 Jan", "05", "07 Feb", "02"), 1):
        paper.line((50, day), (110, f"Rent {number}"), (-460, "10.00"), (-545, f"{number}0.00"))
    (found,) = read(paper.done())
    assert [f"{row.posted_date:%m%d}" for row in found.rows] == ["0103", "0207"]
    assert [lost.reason for lost in found.unreadable] == ["its date cannot be read"] * 2
    assert found.statement.proof.verdict is Verdict.UNPROVED


def test_numbers_of_rows_are_no_days():
    with pytest.raises(FileRefused) as refused:
        read(_numbered(["Period 01/01/2024 - 31/01/2024"], [1, 2, 3, 4], day="No."))
    assert refused.value.code == "no-transactions"


@pytest.mark.parametrize(
    ("out", "came"),
    [("12,50 EUR-", "3,00 EUR+"), ("-€ 12,50", "€ 3,00"), ("(EUR 12,50)", "EUR 3,00"), ("12,50 €-", "3,00 €"),
     ("(12,50 EUR)", "3,00 EUR"), ("–12,50 EUR", "3,00 EUR")],
)  # fmt: skip
def test_a_sign_that_stands_at_the_currency(out, came):
    """No balance would bring it back: a lost minus is money in."""
    paper = Paper()
    paper.line((50, "Kontoauszug vom 01.05.2024 bis 31.05.2024"))
    paper.line((50, "Datum"), (110, "Text"), (-450, "Betrag"))
    for day in range(13, 19):
        paper.line((50, f"{day}.05.2024"), (110, "Alder Studio"), (-450, out if day % 2 else came))
    (found,) = read(paper.done())
    assert [amount for _, amount in rows(found)] == [Decimal("-12.5"), Decimal("3")] * 3
    assert found.statement.currency == "EUR"


def test_refunds_among_purchases_do_not_turn_the_signs_round():
    """Opening, closing and signs turned round agree as well: two descriptions are no reason to."""
    paper = Paper()
    paper.line((50, "Current account 12345678, 1 May 2024 to 31 May 2024"))
    paper.line((50, "Date"), (110, "Details"), (-450, "Amount"), (-540, "Balance"))
    balance = Decimal("100.00")
    expected = []
    written = (("Supermarket", "4.00"), ("Cafe", "2.50"), ("N. Marsh", "-30.00"), ("Alder", "-8.10"))
    for day, (name, amount) in enumerate(written, 3):
        balance += Decimal(amount)
        expected.append(Decimal(amount))
        paper.line((50, f"{day} May 2024"), (110, name), (-450, amount), (-540, english(balance)))
    (found,) = read(paper.done())
    assert [amount for _, amount in rows(found)] == expected


def test_two_accounts_in_one_document():
    pdf, expected = layouts.two_accounts()
    found = read(pdf)
    assert [rows(part) for part in found] == [part.rows for part in expected]
    assert [part.statement.account.label[-4:] for part in found] == ["2222", "4444"]
    assert all(part.statement.proof.verdict is Verdict.PROVED for part in found)


def test_places_name_page_and_line():
    pdf, _ = layouts.uk_running_balance()
    (found,) = read(pdf)
    assert found.rows[0].source.startswith("page 1, line ")
    assert found.rows[0].line // PAGE == 1


def test_rows_without_balances_are_said_to_be_unproved():
    pdf, _ = layouts.no_balances()
    (found,) = read(pdf)
    assert "not-proved" in {issue.code for issue in found.statement.issues}


def _changed(amount: str) -> bytes:
    """A statement with a running balance, in which one row says something else."""
    opening = balance = Decimal("500.00")
    paper = Paper()
    paper.line((50, "Account number 12345678, statement of 31 May 2024"))
    paper.line((50, "Date"), (120, "Description"), (-360, "Money out"), (-450, "Money in"), (-540, "Balance"))
    paper.line((120, "Opening balance"), (-540, english(opening)))
    for i, (day, name, value) in enumerate(rows_of(3, 8, date(2024, 5, 1), ENGLISH_IN, ENGLISH_OUT)):
        balance += value
        shown = amount if i == 5 else english(value)
        sign = "-" if balance < 0 else ""
        paper.line(
            (50, f"{day:%d %b}"),
            (120, name),
            (-450 if value > 0 else -360, shown),
            (-540, sign + english(balance)),
        )
    return paper.done()


def test_a_wrong_amount_contradicts():
    (found,) = read(_changed("1.11"))
    assert found.statement.proof.verdict is Verdict.CONTRADICTED
    assert found.statement.proof.breaks_at == found.rows[5].source


def test_a_row_that_cannot_be_read_is_reported():
    (found,) = read(_changed("1?.1x"))
    assert len(found.rows) + len(found.unreadable) >= 8
    assert found.statement.proof.verdict is not Verdict.PROVED


def test_the_year_of_days_comes_from_the_period():
    pdf, _ = layouts.year_change()
    (found,) = read(pdf)
    assert found.rows[0].posted_date.year == 2023
    assert found.rows[-1].posted_date.year == 2024


def test_days_without_any_year_are_refused():
    paper = Paper()
    paper.line((50, "Date"), (120, "Description"), (-500, "Amount EUR"))
    for day in range(1, 6):
        paper.line((50, f"0{day}.03."), (120, "Bakery"), (-500, "-12.00"))
    with pytest.raises(FileRefused) as refused:
        read(paper.done())
    assert refused.value.code == "no-year"


def test_an_ambiguous_order_of_dates_is_asked():
    paper = Paper()
    paper.line((50, "Date"), (120, "Description"), (-500, "Amount"))
    for number in range(1, 4):
        paper.line((50, f"0{number}/05/2024"), (120, "Bakery"), (-500, "-12.00"))
    pdf = paper.done()
    with pytest.raises(FileRefused) as refused:
        read(pdf)
    assert refused.value.code == "ambiguous"
    (found,) = read(pdf, date_order="mdy")
    assert found.rows[0].posted_date == date(2024, 1, 5)


def test_a_letter_is_refused():
    paper = Paper()
    paper.line((50, "Dear customer, our opening hours change on 01/05/2024."))
    paper.line((50, "The annual fee is 12.00 EUR."))
    with pytest.raises(FileRefused) as refused:
        read(paper.done())
    assert refused.value.code == "no-transactions"


def test_text_of_a_page_is_made_harmless():
    words = [
        Word(text, left, top, left + 6 * len(text), top + 10)
        for top, cells in (
            (10, ((50, "Date"), (120, "Description"), (400, "Amount"))),
            (30, ((50, "2024-05-01"), (120, "\x1b]0;own\x07ed\u202e"), (400, "-12.00"))),
            (50, ((50, "2024-05-02"), (120, "Bakery"), (400, "-13.00"))),
        )
        for left, text in cells
    ]
    reading = Interpretation([Page(1, 600, 800, words)], name="a.pdf", choices=Choices()).reading("pdf", 1)
    (found,) = statements.collect(reading)
    assert found.rows[0].description.isprintable()


# Hostile documents


def _pdf(*objects: bytes) -> bytes:
    out = b"%PDF-1.7\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)


def _loop() -> bytes:
    return _pdf(
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Pages/Kids[2 0 R 3 0 R]/Count 9999999>>",
    )  # fmt: skip


def _many_pages() -> bytes:
    kids = b"3 0 R " * 5000
    return _pdf(
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%s]/Count 5000>>" % kids,
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]>>",
    )  # fmt: skip


def _bomb() -> bytes:
    import zlib

    stream = b"BT /F1 9 Tf 50 700 Td " + b"(A) Tj " * 20_000_000 + b"ET"
    for _ in range(2):
        stream = zlib.compress(stream, 9)
    return _pdf(
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Filter[/FlateDecode/FlateDecode]/Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )  # fmt: skip


def _deep() -> bytes:
    nested = b"[" * 200_000 + b"]" * 200_000
    return _pdf(b"<</Type/Catalog/Pages 2 0 R/X %s>>" % nested, b"<</Type/Pages/Kids[]/Count 0>>")


@pytest.mark.parametrize(
    "hostile",
    [
        lambda: b"%PDF-1.7\n",
        lambda: b"%PDF-1.4\n" + bytes(range(256)) * 40,
        lambda: layouts.no_balances()[0][:700],
        _loop,
        _many_pages,
        _bomb,
        _deep,
    ],
    ids=["empty", "noise", "cut", "loop", "many-pages", "bomb", "deep"],
)
def test_hostile_documents_are_refused(hostile):
    with pytest.raises(FileRefused) as refused:
        read(hostile())
    assert refused.value.code in ("damaged", "too-complex", "no-transactions")


# Any document ends in a statement or a refusal

_SAMPLE = layouts.uk_running_balance()[0]


def _mutated(data: bytes, edits: list[tuple[int, int]], cut: int) -> bytes:
    changed = bytearray(data)
    for place, value in edits:
        changed[place % len(changed)] = value
    return bytes(changed[: len(changed) - cut % len(changed)])


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    edits=st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 255)), max_size=40),
    cut=st.one_of(st.just(0), st.integers(0, 5000)),
)
def test_mutated_documents(edits, cut):
    with contextlib.suppress(FileRefused):
        read(b"%PDF-" + _mutated(_SAMPLE[5:], edits, cut))


_TEXTS = st.one_of(
    st.sampled_from(
        "Date Datum Amount Betrag Balance Saldo Soll Haben Debit Credit 01.02. 02/03/2024 5 Mar 2024 12.00 1.234,56- "
        "-3.10 1 234,56 € $5.00 CR DR S H + - Opening Closing Total Übertrag Deposits Withdrawals".split(" ")
    ),
    st.text(max_size=12),
)
_WORDS = st.builds(
    lambda text, column, line, width, confidence: Word(
        text, column * 60.0, line * 14.0, column * 60.0 + width, line * 14.0 + 10, confidence
    ),
    _TEXTS, st.integers(0, 8), st.integers(0, 25), st.floats(-5, 70), st.floats(0, 1),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    pages=st.lists(st.lists(_WORDS, max_size=70), min_size=1, max_size=3),
    scanned=st.booleans(),
)
def test_any_words_are_a_statement_or_refused(pages, scanned):
    made = [Page(i, 600, 800, words, scanned) for i, words in enumerate(pages, 1)]
    try:
        reading = Interpretation(made, name="a", choices=Choices()).reading("pdf", 1)
    except FileRefused:
        return
    for part in statements.collect(reading):
        assert part.statement.rows == len(part.rows)
        total = sum(row.amount for row in part.rows)
        assert sum(part.statement.money_in.values()) + sum(part.statement.money_out.values()) == total
        proof, opening = part.statement.proof, part.statement.opening_balance
        if proof.verdict is Verdict.PROVED and proof.method != "total" and opening is not None:
            assert opening + total == part.statement.closing_balance


# A misread amount is mended only where the balances prove it


def _recognised(changes: dict[str, tuple[str, float]]) -> Iterator[Page]:
    """Pages of a layout as an engine would recognise them, with some words misread."""
    pdf, _ = layouts.uk_running_balance()
    for page in IsolatedDocuments().pages(io.BytesIO(pdf), kind="pdf", name="a.pdf"):
        words = [
            word._replace(text=changes[word.text][0], confidence=changes[word.text][1])
            if word.text in changes
            else word._replace(confidence=0.95)
            for word in page.words
        ]
        yield replace(page, words=words, scanned=True)


def _interpreted(changes: dict[str, tuple[str, float]]) -> statements.Collected:
    reading = Interpretation(list(_recognised(changes)), name="a.pdf", choices=Choices()).reading("pdf", 1)
    return statements.collect(reading)[0]


def _amount_in_sample(at: int) -> str:
    return english(layouts.uk_running_balance()[1].rows[at][1])


def test_a_misread_digit_is_mended_and_marked():
    printed = _amount_in_sample(7)
    misread = printed[:-1] + dict(zip("0123456789", "8778968108", strict=True))[printed[-1]]
    found = _interpreted({printed: (misread, 0.4)})
    assert found.statement.proof.verdict is Verdict.PROVED
    assert rows(found) == layouts.uk_running_balance()[1].rows
    assert [issue.code for issue in found.rows[7].issues] == ["repaired"]


def test_a_lost_decimal_mark_is_mended():
    printed = _amount_in_sample(7)
    found = _interpreted({printed: (printed.replace(".", "").replace(",", "") + ".00", 0.4)})
    assert found.statement.proof.verdict is Verdict.PROVED
    assert rows(found) == layouts.uk_running_balance()[1].rows


def test_an_amount_that_could_not_be_misread_so_is_left():
    found = _interpreted({_amount_in_sample(7): ("999.99", 0.4)})
    assert found.statement.proof.verdict is Verdict.CONTRADICTED
    assert not [issue for row in found.rows for issue in row.issues if issue.code == "repaired"]
    assert "low-confidence" in {issue.code for issue in found.rows[7].issues}


def _drawn(lead: list[str], header: list[str], body: list[list[str]], edges: list[float]) -> bytes:
    """Lines of text, then a table: cells at their left edges, or at right ones where the edge is negative."""
    paper = Paper()
    for text in lead:
        paper.line((50, text))
    for cells in (header, *body):
        paper.line(*[(x, text) for x, text in zip(edges, cells, strict=False) if text])
    return paper.done()


_FIVE = [50.0, 110.0, -360.0, -450.0, -545.0]


def test_dates_around_months_with_names_give_their_year():
    """06/01/24 is the first of June where 06/30/24 ends the period."""
    body = [["JUN 01", "BEGINNING BALANCE", "", "100.00"], ["JUN 03", "CHECK", "-10.00", "90.00"],
            ["JUN 28", "DEPOSIT", "30.00", "120.00"]]  # fmt: skip
    lead = ["STATEMENT PERIOD 06/01/24 THRU 06/30/24"]
    (found,) = read(_drawn(lead, ["DATE", "DESCRIPTION", "AMOUNT", "BALANCE"], body, [50, 110, -450, -545]))
    assert [day for day, _ in rows(found)] == [date(2024, 6, 3), date(2024, 6, 28)]


def test_dashes_in_cells_without_an_amount_are_no_signs():
    body = [[f"{day:02} Jun 2024", "Alder", "7.00", "-", f"5,0{80 - 7 * day}.00"] for day in range(3, 9)]
    body.append(["09 Jun 2024", "Alder", "-", "3.00", "5,027.00"])
    header = ["Date", "Description", "Money Out", "Money In", "Balance"]
    (found,) = read(_drawn([], header, body[:-1], [50, 110, -440, -492, -545]))
    assert [amount for _, amount in rows(found)] == [-7] * 6
    (found,) = read(_drawn([], header, body, [50, 110, -440, -492, -545]))
    assert [amount for _, amount in rows(found)] == [-7] * 6 + [3]
    assert found.statement.closing_balance == units(Decimal(5027))


def test_what_is_owed_on_a_loan_is_below_zero():
    body = [["01 Jan 2023", "Balance brought forward", "", "", "900.00"],
            ["01 Jan 2023", "Interest charged", "9.00", "", "909.00"],
            ["03 Jan 2023", "Direct Debit - thank you", "", "50.00", "859.00"],
            ["01 Feb 2023", "Interest charged", "8.00", "", "867.00"],
            ["03 Feb 2023", "Direct Debit - thank you", "", "50.00", "817.00"]]  # fmt: skip
    header = ["Date", "Transaction", "Charges", "Payments", "Amount owed"]
    (found,) = read(_drawn(["Mortgage account 77002231"], header, body, _FIVE))
    assert [amount for _, amount in rows(found)] == [-9, 50, -8, 50]
    assert found.statement.closing_balance == units(Decimal(-817))
    assert found.statement.proof.verdict is Verdict.PROVED


def test_the_principal_of_a_loan_moves_what_is_owed():
    body = [["01/15/2024", "PAYMENT", "50.00", "41.00", "9.00", "859.00"],
            ["02/15/2024", "PAYMENT", "50.00", "42.00", "8.00", "817.00"],
            ["03/15/2024", "PAYMENT", "60.00", "53.00", "7.00", "764.00"]]  # fmt: skip
    header = ["Date", "Description", "Payment", "Principal", "Interest", "Principal Balance"]
    pdf = _drawn(["Beginning principal balance $900.00"], header, body, [50, 110, -280, -350, -420, -545])
    (found,) = read(pdf)
    assert [amount for _, amount in rows(found)] == [41, 42, 53]
    assert found.statement.opening_balance == units(Decimal(-900))


def test_the_sign_of_the_oldest_row_without_a_balance_before_it_is_doubted():
    body = [["03 Jun 2024", "Alder", "7.00", "93.00"], ["04 Jun 2024", "Birch", "5.00", "98.00"],
            ["05 Jun 2024", "Cedar", "8.00", "90.00"]]  # fmt: skip
    for opening, doubted in (([], True), ([["", "Opening balance", "", "100.00"]], False)):
        pdf = _drawn([], ["Date", "Details", "Amount", "Balance"], [*opening, *body], [50, 110, -450, -545])
        (found,) = read(pdf)
        assert ("sign-doubtful" in [issue.code for issue in found.statement.issues]) == doubted
        assert [amount for _, amount in rows(found)][1:] == [5, -8]


def test_an_opening_balance_with_zeros_beside_it_is_no_row():
    body = [["01/01/2024", "Opening Balance", "0.00", "0.00", "50.00"],
            ["14/01/2024", "Alder", "7.00", "0.00", "43.00"],
            ["15/01/2024", "Birch", "0.00", "9.00", "52.00"],
            ["31/01/2024", "Closing Balance", "7.00", "9.00", "52.00"]]  # fmt: skip
    (found,) = read(_drawn([], ["Date", "Details", "Debit", "Credit", "Balance"], body, _FIVE))
    assert [amount for _, amount in rows(found)] == [-7, 9]
    assert found.statement.opening_balance == units(Decimal(50))


def test_columns_of_amounts_deducted_and_added_and_their_totals():
    body = [["Mar 01", "Opening balance", "", "", "50.00"], ["Mar 14", "Alder", "7.00", "", "43.00"],
            ["Mar 15", "Birch", "", "9.00", "52.00"], ["Mar 31", "Closing totals", "7.00", "9.00"]]  # fmt: skip
    header = ["Date", "Details", "Amounts deducted", "Amounts added", "Balance"]
    (found,) = read(_drawn(["For March 2024"], header, body, [50, 110, -330, -440, -545]))
    assert [amount for _, amount in rows(found)] == [-7, 9]
    assert found.statement.proof.verdict is Verdict.PROVED


def test_the_currency_is_that_of_the_rows_not_of_purchases_abroad():
    body = [["02 Feb 2024", "Alder", "7.00"], ["", "USD 5.21", ""], ["03 Feb 2024", "Birch", "9.00"],
            ["", "USD 6.70", ""]]  # fmt: skip
    lead = ["CREDIT CARD STATEMENT", "Credit limit SGD 9,000"]
    (found,) = read(_drawn(lead, ["Date", "Description", "Amount"], body, [50, 110, -545]))
    assert found.statement.currency == "SGD"


def test_dollars_of_a_country_that_the_document_speaks_of():
    body = [["02 Feb 2024", "Alder", "$7.00", "$93.00"], ["03 Feb 2024", "Birch", "$9.00", "$84.00"]]
    header = ["Date", "Description", "Debit", "Balance"]
    for lead, currency in (("BSB 012-345 Account 12345678", "AUD"), ("Your chequing account", "CAD"), ("", "USD")):
        (found,) = read(_drawn([lead or " "], header, body, [50, 110, -450, -545]))
        assert found.statement.currency == currency


def test_days_that_a_narrow_column_breaks():
    body: list[list[str]] = []
    for day, balance in ((12, "93.00"), (13, "86.00"), (15, "79.00")):
        body += [[f"{day}th", "Alder", "7.00", "", balance], ["Apr", "LONDON", "", "", ""]]
    header = ["Date", "Details", "Money out", "Money in", "Balance"]
    (found,) = read(_drawn(["1 April 2024 to 30 April 2024"], header, body, _FIVE))
    assert [f"{day:%m%d}" for day, _ in rows(found)] == ["0412", "0413", "0415"]
    assert all(row.description == "Alder LONDON" for row in found.rows)


def test_amounts_in_the_middle_of_a_day_that_takes_two_lines():
    paper = Paper()
    paper.line((50, "Statement 01/12/2023 - 31/12/2023"))
    paper.line((50, "Date"), (110, "Details"), (-450, "Paid in"), (-545, "Balance"))
    for day, balance in (("12th", "7.00"), ("13th", "14.00"), ("15th", "21.00")):
        paper.line((50, day), step=6)
        paper.line((110, "Alder"), (-450, "7.00"), (-545, balance), step=6)
        paper.line((50, "Dec"), step=16)
    (found,) = read(paper.done())
    assert [f"{day:%m%d}" for day, _ in rows(found)] == ["1212", "1213", "1215"]


def test_a_day_of_the_month_alone_is_no_row_of_the_day_before():
    body = [["3 Apr", "Alder", "7.00", "", "93.00"], ["5th", "Birch", "7.00", "", "86.00"],
            ["6 Apr", "Cedar", "7.00", "", "79.00"]]  # fmt: skip
    header = ["Date", "Details", "Money out", "Money in", "Balance"]
    (found,) = read(_drawn(["1 April 2024 to 30 April 2024"], header, body, _FIVE))
    assert len(found.rows) == 2
    assert [lost.reason for lost in found.unreadable] == ["its date cannot be read"]


def test_each_section_has_its_own_way_to_write_signs():
    """Withdrawals have a minus behind them, cheques further down have none: both are money out."""
    paper = Paper()
    paper.line((50, "Statement 09/01/2024 - 09/30/2024   Beginning balance $100.00   Ending balance $82.00"))
    paper.line((50, "Deposits"))
    paper.line((50, "Date"), (110, "Description"), (-545, "Amount"))
    paper.line((50, "09/02/2024"), (110, "Cedar"), (-545, "3.00"))
    paper.line((50, "Withdrawals"))
    paper.line((50, "Date"), (110, "Description"), (-545, "Amount"))
    paper.line((50, "09/03/2024"), (110, "Alder"), (-545, "5.00-"))
    paper.line((50, "09/14/2024"), (110, "Birch"), (-545, "7.00-"))
    paper.line((50, "Items presented as always"))
    paper.line((50, "Number"), (110, "Date"), (-545, "Amount"))
    paper.line((50, "3301"), (110, "09/15/2024"), (-545, "9.00"))
    (found,) = read(paper.done())
    assert [amount for _, amount in rows(found)] == [3, -5, -7, -9]
    assert found.statement.proof.verdict is Verdict.PROVED


def test_summaries_with_names_of_columns_are_no_tables():
    """A day to pay by, and a row of balances, stand below names as those of transactions do."""
    body = [["02/03/2024", "Alder", "70.00"], ["14/03/2024", "Payment received CR", "50.00 Cr"]]
    paper = Paper()
    paper.line((50, "Credit card statement 18/03/2024"))
    paper.line((50, "Payment due date"), (-360, "Total dues"), (-545, "Minimum amount"))
    paper.line((50, "07/04/2024"), (-360, "120.00"), (-545, "6.00"))
    paper.line((-160, "Opening balance"), (-280, "Credits"), (-400, "Debits"), (-545, "Closing balance"))
    paper.line((-160, "100.00"), (-280, "50.00"), (-400, "70.00"), (-545, "120.00"))
    for cells in (["Date", "Description", "Amount"], *body):
        paper.line(*zip((50, 110, -545), cells, strict=True))
    (found,) = read(paper.done())
    assert [amount for _, amount in rows(found)] == [-70, 50]
    assert found.statement.closing_balance == units(Decimal(-120))


@pytest.mark.parametrize(
    "lead",
    ["Statement Period: February 1-29, 2024", "1 - 29 Feb 2024", "FEB 01/24 - FEB 29/24", "01 to 29 February 2024"],
)
def test_periods_whose_year_stands_once(lead):
    body = [["Feb 03", "Alder", "7.00", "", "93.00"], ["Feb 28*", "Birch", "7.00", "", "86.00"]]
    header = ["Date", "Details", "Money out", "Money in", "Balance"]
    (found,) = read(_drawn([lead], header, body, _FIVE))
    assert [day for day, _ in rows(found)] == [date(2024, 2, 3), date(2024, 2, 28)]


def test_marks_in_parentheses():
    body = [["03-06-2024", "Alder", "1,200.00(Dr)", "5,98,800.00(Cr)"], ["04-06-2024", "Birch", "50.00 (Cr)", "5,98,850.00(Cr)"],
            ["15-06-2024", "Cedar", "50.00(Dr)", "5,98,800.00(Cr)"]]  # fmt: skip
    header = ["Date", "Narration", "Withdrawal (Dr)/ Deposit (Cr)", "Balance"]
    (found,) = read(_drawn([], header, body, [50, 110, -450, -545]))
    assert [amount for _, amount in rows(found)] == [-1200, 50, -50]


def test_names_of_columns_on_two_lines_that_are_headings_too():
    paper = Paper()
    paper.line((-450, "Deposit"), step=9)
    paper.line((50, "Date"), (110, "Remarks"), (-360, "Withdrawal"), (-450, "Amount"), (-545, "Balance"))
    for cells in (["03/06/2024", "Alder", "7.00", "0.00", "93.00"], ["14/06/2024", "Birch", "0.00", "9.00", "102.00"]):
        paper.line(*zip(_FIVE, cells, strict=True))
    (found,) = read(paper.done())
    assert [amount for _, amount in rows(found)] == [-7, 9]


def test_what_stands_below_the_closing_balance_is_no_row():
    body = [["1/05", "Alder", "7.00", "", "93.00"], ["1/09", "Birch", "9.00", "", "84.00"],
            ["1/31", "Ending balance", "", "", "84.00"], ["1/31", "Monthly fee, waived", "10.00", "", ""],
            ["", "Limit at the day of this statement", "", "", "1,000.00"]]  # fmt: skip
    header = ["Date", "Details", "Withdrawals", "Deposits", "Balance"]
    (found,) = read(_drawn(["01/01/2024 - 01/31/2024"], header, body, _FIVE))
    assert [amount for _, amount in rows(found)] == [-7, -9]
    assert found.statement.proof.verdict is Verdict.PROVED


def test_a_column_that_few_rows_fill_is_not_that_of_amounts():
    """What was spent abroad stands beside the amount, without a name that could be understood."""
    paper = Paper()
    for text in ("Card member statement 05/31/2024", "Previous balance $10.00", "New balance $38.00"):
        paper.line((50, text))
    for day, abroad in ((3, ""), (14, ""), (15, "60.50"), (16, "")):
        paper.line((50, f"05/{day:02}/2024"), (110, "Alder"), (-450, abroad), (-545, "$7.00"))
    (found,) = read(paper.done())
    assert [amount for _, amount in rows(found)] == [-7] * 4
    assert found.statement.proof.verdict is Verdict.PROVED


def test_a_shop_with_the_name_of_a_carried_sum_is_a_row():
    """TRANSPORT is what Swiss and Dutch banks call a sum that is carried over; here it is a bus."""
    body = [["2 Feb 2024", "Alder", "7.00", "", ""], ["", "OPAL TRANSPORT", "3.00", "", "90.00"],
            ["5 Feb 2024", "Birch", "", "5.00", ""], ["", "TRANSPORT", "", "", "95.00"],
            ["6 Feb 2024", "Birch", "", "5.00", "100.00"]]  # fmt: skip
    pdf = _drawn([], ["Date", "Details", "Debits", "Credits", "Balance"], body, _FIVE)
    (found,) = read(pdf)
    assert [amount for _, amount in rows(found)] == [-7, -3, 5, 5]


def test_a_mark_below_the_amount():
    body = [["Jan 12", "Alder", "70.00"], ["Jan 13", "N. Marsh", "50.00"], ["", "", "CR"], ["Jan 14", "Birch", "9.00"]]
    lead = ["Credit card 01/15/2024", "Previous balance 50.00", "New balance 79.00"]
    (found,) = read(_drawn(lead, ["Date", "Details", "Amount"], body, [50, 110, -545]))
    assert [amount for _, amount in rows(found)] == [-70, 50, -9]
    assert "sign-doubtful" not in [issue.code for issue in found.statement.issues]


def test_days_on_the_line_below_where_no_column_has_them():
    body = []
    for day, sides, balance in ((29, ["", "-7.00"], "95.00"), (24, ["9.00", ""], "102.00"), (22, ["", "-5.00"], "93.00")):
        body += [["Alder", *sides, balance], [f"{day} March 2024   Transaction: {day}", "", "", ""]]
    edges = [50.0, -360.0, -450.0, -545.0]
    header = ["Description", "Incoming", "Outgoing", "Amount"]
    (found,) = read(_drawn(["GBP statement"], header, body, edges))
    assert rows(found) == [(date(2024, 3, 29), -7), (date(2024, 3, 24), 9), (date(2024, 3, 22), -5)]
    assert found.statement.proof.verdict is Verdict.PROVED
    body[3] = ["Transaction: 24", "", "", ""]  # its day is missing: it is not that of a row beside
    (found,) = read(_drawn(["GBP statement"], header, body, edges))
    assert rows(found) == [(date(2024, 3, 29), -7), (date(2024, 3, 22), -5)]
    assert len(found.unreadable) == 1


def test_fees_that_are_taken_besides_the_amount():
    body = [["03/04/2024", "Alder", "", "7.00", "1.50", "91.50"], ["04/04/2024", "Birch", "9.00", "", "", "100.50"],
            ["15/04/2024", "Cedar", "8.00", "", "1.50", "107.00"]]  # fmt: skip
    header = ["Date", "Details", "Money In", "Money Out", "Fee", "Balance"]
    (found,) = read(_drawn(["Opening balance 100.00"], header, body, [50, 110, -320, -400, -460, -545]))
    assert [amount for _, amount in rows(found)] == [Decimal("-8.5"), 9, Decimal("6.5")]


def test_the_net_amount_is_what_is_booked():
    body = [["04/01/2024", "Alder", "100.00", "-3.99", "96.01"], ["04/14/2024", "Birch", "-5.00", "0.00", "-5.00"]]
    (found,) = read(_drawn([], ["Date", "Description", "Gross", "Fee", "Net"], body, _FIVE))
    assert [amount for _, amount in rows(found)] == [Decimal("96.01"), -5]


def test_currencies_below_each_other():
    paper = Paper()
    for sign, balance in (("€", 100), ("£", 900)):
        paper.line((50, "Statement"))
        paper.line((50, "Date"), (110, "Details"), (-360, "Money out"), (-450, "Money in"), (-545, "Balance"))
        for day in (13, 14):
            balance -= 7
            paper.line((50, f"{day} Mar 2024"), (110, "Alder"), (-360, f"{sign}7.00"), (-545, f"{sign}{balance}.00"))
    found = read(paper.done())
    assert [part.statement.currency for part in found] == ["EUR", "GBP"]
    assert [part.statement.closing_balance for part in found] == [units(Decimal(86)), units(Decimal(886))]


@pytest.mark.parametrize("heading", ["Pending transactions", "Reverted from March 1, 2024 to March 31, 2024"])
def test_what_is_not_booked_is_left_out(heading):
    def table(day: int, name: str) -> None:
        paper.line((50, "Date"), (110, "Description"), (-545, "Amount"))
        paper.line((50, f"03/{day}/2024"), (110, name), (-545, "-7.00"))

    paper = Paper()
    table(13, "Alder")
    paper.space()
    paper.line((50, heading))
    table(14, "Birch")
    paper.space()
    paper.line((50, "Posted transactions"))
    table(15, "Cedar")
    (found,) = read(paper.done())
    assert [row.description for row in found.rows] == ["Alder", "Cedar"]


def test_lines_that_are_written_letter_by_letter():
    paper = Paper()

    def spell(x: float, text: str) -> None:
        for letter in text:
            paper.line((x, letter), step=0)
            x += paper.canvas.stringWidth(letter)

    cells = [["Date", "Details", "Amount", "Balance"], ["13/06/2024", "Alder Studio", "-7.00", "93.00"],
             ["14/06/2024", "Birch", "-3.00", "90.00"]]  # fmt: skip
    for line in cells:
        for x, text in zip((50, 150, 400, 500), line, strict=True):
            spell(x, text)
        paper.space()
    (found,) = read(paper.done())
    assert [(row.description, row.amount) for row in found.rows] == [("Alder Studio", -70000), ("Birch", -30000)]


def test_columns_against_their_names_are_doubted():
    """Money in and out change places: the balances say so, and the names do not."""
    body = [["03/06/2024", "Alder", "7.00", "", "107.00"], ["14/06/2024", "Birch", "", "9.00", "98.00"],
            ["15/06/2024", "Cedar", "", "9.00", "89.00"]]  # fmt: skip
    (found,) = read(_drawn([], ["Date", "Details", "Money out", "Money in", "Balance"], body, _FIVE))
    assert "columns-doubtful" in [issue.code for issue in found.statement.issues]


def test_days_above_their_rows_where_no_column_has_them():
    body = []
    for day, name, balance in (("Thursday 2 May 2024", "Alder", "93.00"), ("", "Birch", "86.00"),
                               ("Friday 3 May 2024", "Cedar", "79.00"), ("Monday 6 May 2024", "Elm", "72.00")):  # fmt: skip
        body += [[day, "", ""]] if day else []
        body.append([name, "7.00", balance])
    (found,) = read(_drawn([], ["Description", "Money out", "Balance"], body, [50, -450, -545]))
    assert [(f"{row.posted_date:%m%d}", row.description) for row in found.rows] == [
        ("0502", "Alder"), ("0502", "Birch"), ("0503", "Cedar"), ("0506", "Elm")]  # fmt: skip


def test_a_table_of_interest_rates_has_no_rows():
    paper = Paper()
    paper.line((50, "From"), (-300, "Balance tier"), (-400, "Gross %"), (-500, "AER %"))
    paper.line((50, "01 Apr 2024"), (-300, "1.00"), (-400, "2.10"), (-500, "2.12"))
    paper.line((50, "15 May 2024"), (-300, "1.00"), (-400, "2.30"), (-500, "2.33"))
    paper.space()
    for cells in (["Date", "Details", "Paid out", "Paid in", "Balance"], ["02 Apr 2024", "Alder", "", "9.00", "109.00"],
                  ["14 Apr 2024", "Birch", "7.00", "", "102.00"]):  # fmt: skip
        paper.line(*[(x, text) for x, text in zip(_FIVE, cells, strict=True) if text])
    (found,) = read(paper.done())
    assert [amount for _, amount in rows(found)] == [9, -7]


def test_headings_of_sections_with_words_beside_them():
    paper = Paper()
    for heading, day, beside in (("Deposits", 3, ""), ("Checks Paid", 14, "No. Checks: 1   *Indicates break in series"),
                                 ("Electronic Payments", 15, "")):  # fmt: skip
        paper.line((50, heading), *([(160, beside)] if beside else []))
        paper.line((50, "Posting date"), (130, "Description"), (-545, "Amount"))
        paper.line((50, f"03/{day:02}/2024"), (130, "Alder"), (-545, "7.00"))
        paper.line((-450, "Subtotal:"), (-545, "7.00"))
        paper.space()
    (found,) = read(paper.done())
    assert [amount for _, amount in rows(found)] == [7, -7, -7]


def test_years_of_two_digits_do_not_make_thirty_years_of_a_month():
    body = [[f"{day:02}/05/24", "Alder", "7.00", "", f"{100 - 7 * day}.00"] for day in range(1, 14)]
    (found,) = read(_drawn([], ["Date", "Narrative", "Debit", "Credit", "Balance"], body, _FIVE))
    assert {row.posted_date.year for row in found.rows} == {2024}


def test_a_year_cut_short_in_the_period():
    body = [["02 Mar", "Paid to Alder", "- Rs.7.00"], ["14 Mar", "Received from Birch", "+ Rs.9.00"]]
    (found,) = read(_drawn(["01 MAR'24 - 31 MAR'24"], ["Date", "Details", "Amount"], body, [50, 110, -545]))
    assert rows(found) == [(date(2024, 3, 2), -7), (date(2024, 3, 14), 9)]


def test_a_summary_beside_the_table():
    """On the lines of rows, but of its own: its amounts are no balances of these rows."""
    box = [("Your balance", ""), ("Previous balance", "$50.00"), ("Payments", "-$20.00"), ("Purchases", "$21.00"),
           ("Interest", "$0.00"), ("New balance", "$51.00")]  # fmt: skip
    table = [("Date", "Description", "Amount"), ("MAY 14", "Alder", "$7.00"), ("", "REF 4410", ""),
             ("MAY 15", "Payment - thank you", "-$20.00"), ("MAY 16", "Birch", "$9.00"),
             ("MAY 17", "Cedar", "$5.00")]  # fmt: skip
    paper = Paper()
    paper.line((50, "Credit card statement May 14 to June 13, 2024"))
    for cells, (label, amount) in zip(table, box, strict=True):
        paper.line(*zip((50, 100, -340), cells, strict=True), (380, label), (-545, amount))
    (found,) = read(paper.done())
    assert [amount for _, amount in rows(found)] == [-7, 20, -9, -5]
    assert found.statement.opening_balance == units(Decimal(-50))
    assert found.statement.proof.verdict is Verdict.PROVED


def test_days_without_a_blank_behind_the_amounts():
    body = [["STARTING BALANCE", "", "", "NOV30", "100.00"], ["Alder", "7.00", "", "DEC02", "93.00"],
            ["Birch", "", "9.00", "JAN03", "102.00"]]  # fmt: skip
    header = ["Description", "Withdrawals", "Deposits", "Date", "Balance"]
    (found,) = read(_drawn(["NOV 30/23 - JAN 03/24"], header, body, [50, -300, -400, 430, -545]))
    assert rows(found) == [(date(2023, 12, 2), -7), (date(2024, 1, 3), 9)]


def test_a_description_that_speaks_of_pending_payments_leaves_nothing_out():
    body = [["2 Feb 2024", "Alder", "7.00"], ["", "Pending payments of May", ""], ["", "Pending", ""],
            ["3 Feb 2024", "Birch", "9.00"]]  # fmt: skip
    (found,) = read(_drawn([], ["Date", "Details", "Paid out"], body, [50, 110, -545]))
    assert [amount for _, amount in rows(found)] == [-7, -9]


def test_rows_of_a_next_table_are_not_behind_the_closing_balance():
    """What follows a closing balance under names of its own is a statement too, proved or not."""
    header = ["Date", "Details", "Paid out", "Paid in", "Balance"]
    body = [["2 Feb 2024", "Alder", "7.00", "", "93.00"], ["29 Feb 2024", "Closing balance", "", "", "93.00"], header,
            ["2 Mar 2024", "Birch", "9.00", "", "40.00"], ["3 Mar 2024", "Cedar", "9.00", "", "35.00"]]  # fmt: skip
    lead = ["Opening balance 100.00"]
    found = read(_drawn(lead, header, body, _FIVE))
    assert sum(len(part.rows) + len(part.unreadable) for part in found) == 3
    assert any(part.statement.proof.verdict is not Verdict.PROVED for part in found)
