"""Workbooks of all kinds of banks: the same rows as from any file, and no file that does harm."""

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smartimport_cli.core.errors import FileRefused
from smartimport_cli.core.model import Verdict
from smartimport_cli.core.money import plain
from smartimport_cli.documents import cells
from smartimport_cli.documents.isolation import Limits, ask
from smartimport_cli.statements import Collected, collect
from tests.statements.workbooks import SHEET, archive, book, edited, read, statement

DAY = date(2026, 3, 2)
HEAD = ["Date", "Description", "Amount", "Balance"]


def collected(data: bytes, **choices: Any) -> list[Collected]:
    return collect(read(data, **choices))


def rows(data: bytes, **choices: Any) -> list[tuple[str, str, str]]:
    """Date, amount and description of every row."""
    return [
        (row.posted_date.isoformat(), plain(row.amount, row.currency), row.description)
        for one in collected(data, **choices)
        for row in one.rows
    ]


def refusal(data: bytes, name: str = "bank.xlsx", **choices: Any) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        collect(read(data, name, **choices))
    return refused.value


# Layouts of banks

LAYOUTS: dict[str, tuple[list[list[Any]], list[tuple[str, str, str]], Verdict]] = {
    "german text in every cell, account and balances around it": (
        [
            ["Kontoauszug Girokonto"], ["IBAN", "DE89 3704 0044 0532 0130 00"], [],
            ["Alter Kontostand", "1.000,00 EUR"], [],
            ["Buchungstag", "Auftraggeber/Empfänger", "Verwendungszweck", "Betrag (EUR)", "Saldo"],
            ["02.03.2026", "REWE Markt", "Einkauf", "-12,50", "987,50"],
            ["03.03.2026", "ACME GmbH", "Gehalt", "2.000,00", "2.987,50"],
            [], ["Neuer Kontostand", None, None, None, "2.987,50 EUR"],
        ],
        [("2026-03-02", "-12.50", "REWE Markt Einkauf"), ("2026-03-03", "2000.00", "ACME GmbH Gehalt")],
        Verdict.PROVED,
    ),
    "german types, nothing in column A, a total": (
        [
            [None, "Konto 1234567"], [],
            [None, "Datum", "Buchungstext", "Soll", "Haben"],
            [None, date(2026, 3, 2), "Miete", 800, None], [None, date(2026, 3, 4), "Lohn", None, 2500.5],
            [None, "Summe", None, 800, 2500.5],
        ],
        [("2026-03-02", "-800.00", "Miete"), ("2026-03-04", "2500.50", "Lohn")],
        Verdict.PROVED,
    ),
    "french debits with their sign, the balance at the end": (
        [
            ["Compte n° 00012345678"], ["Date", "Libellé", "Débit", "Crédit"],
            ["02/03/2026", "PRLV EDF", -85.3, None], ["13/03/2026", "VIR SALAIRE", None, 2100],
            ["Solde au 31/03/2026", None, None, 3514.7],
        ],
        [("2026-03-02", "-85.30", "PRLV EDF"), ("2026-03-13", "2100.00", "VIR SALAIRE")],
        Verdict.UNPROVED,
    ),
    "british day numbers, header in row 12": (
        [
            ["Example Bank plc"], ["Account number", 12345678], *([[]] * 5), ["Opening balance", 510.0],
            ["Closing balance", 1280.5], [], [], ["Date", "Type", "Description", "Paid out", "Paid in", "Balance"],
            [46083, "DD", "THAMES WATER", 30, None, 480], [46084, "FPI", "SALARY", None, 800.5, 1280.5],
        ],
        [("2026-03-02", "-30.00", "THAMES WATER"), ("2026-03-03", "800.50", "SALARY")],
        Verdict.PROVED,
    ),
    "american parentheses and times of day": (
        [
            ["Posted Date", "Payee", "Amount", "Running Bal."],
            [datetime(2026, 3, 2, 23, 59), "COFFEE", "($4.50)", "$95.50"],  # noqa: DTZ001 - a cell has no zone
            [datetime(2026, 3, 3), "PAYROLL", "$1,200.00", "$1,295.50"],  # noqa: DTZ001
        ],
        [("2026-03-02", "-4.50", "COFFEE"), ("2026-03-03", "1200.00", "PAYROLL")],
        Verdict.PROVED,
    ),
    "dutch compact dates as numbers, direction in a column": (
        [
            ["Datum", "Naam / Omschrijving", "Rekening", "Af Bij", "Bedrag (EUR)"],
            [20260302, "Albert Heijn", "NL91ABNA0417164300", "Af", 12.5],
            [20260303, "Werkgever", "NL91ABNA0417164300", "Bij", 2000],
        ],
        [("2026-03-02", "-12.50", "Albert Heijn"), ("2026-03-03", "2000.00", "Werkgever")],
        Verdict.CONSISTENT,
    ),
    "polish text": (
        [
            ["Data operacji", "Data księgowania", "Opis operacji", "Kwota", "Saldo po operacji"],
            ["2026-03-02", "2026-03-03", "Zakup BIEDRONKA", "-45,20", "954,80"],
            ["2026-03-05", "2026-03-05", "Przelew", "1 200,00", "2 154,80"],
        ],
        [("2026-03-03", "-45.20", "Zakup BIEDRONKA"), ("2026-03-05", "1200.00", "Przelew")],
        Verdict.PROVED,
    ),
    "japanese whole amounts": (
        [
            ["日付", "摘要", "お支払金額", "お預り金額", "差引残高"],
            ["2026年3月2日", "コンビニ", 540, None, 99460], ["2026年3月5日", "給与", None, 250000, 349460],
        ],
        [("2026-03-02", "-540.00", "コンビニ"), ("2026-03-05", "250000.00", "給与")],
        Verdict.PROVED,
    ),
    "one name over debit and credit": (
        [
            ["Extrato"], ["Data", "Descrição", "Valor (R$)", None, "Saldo (R$)"], [None, None, "Débito", "Crédito"],
            ["02/03/2026", "Compra", 10.5, None, 89.5], ["13/03/2026", "Salário", None, 100, 189.5],
        ],
        [("2026-03-02", "-10.50", "Compra"), ("2026-03-13", "100.00", "Salário")],
        Verdict.PROVED,
    ),
    "what binary fractions left behind": (
        [
            HEAD, [DAY, "Coffee", -4.5, 0.1 + 0.2], [DAY, "Pay", 100.1, 100.39999999999998],
            [DAY, "Out", -100.4, -2.8e-14],
        ],
        [("2026-03-02", "-4.50", "Coffee"), ("2026-03-02", "100.10", "Pay"), ("2026-03-02", "-100.40", "Out")],
        Verdict.PROVED,
    ),
    "three decimals": (
        [
            ["Date", "Description", "Reference No", "Amount (KWD)", "Balance (KWD)"],
            [DAY, "Coffee", 1000000001, -1.25, 98.75], [DAY, "Pay", 1000000002, 100.125, 198.875],
        ],
        [("2026-03-02", "-1.250", "Coffee"), ("2026-03-02", "100.125", "Pay")],
        Verdict.PROVED,
    ),
    "no names of columns": (
        [[DAY, "Coffee Shop", -4.5, 95.5], [DAY, "Pay day", 100, 195.5], [DAY, "Rent it", -50, 145.5]],
        [("2026-03-02", "-4.50", "Coffee Shop"), ("2026-03-02", "100.00", "Pay day"), ("2026-03-02", "-50.00", "Rent it")],
        Verdict.PROVED,
    ),
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts_of_banks(layout: str) -> None:
    table, expected, verdict = LAYOUTS[layout]
    data = book(("Sheet1", table))
    assert rows(data) == expected
    (one,) = collected(data)
    assert one.statement.proof.verdict is verdict
    assert not one.unreadable


def test_a_preamble_above_the_amounts_keeps_its_account_number() -> None:
    (one,) = collected(book(("S", [["Account number", None, 12345678], [], HEAD, [DAY, "Tea", -1.25, 8.75]])))
    assert one.statement.account.label == "••5678"


def test_hidden_rows_are_rows() -> None:
    def hide(workbook: openpyxl.Workbook) -> None:
        workbook["S"].row_dimensions[3].hidden = True

    data = book(("S", [HEAD, *([DAY, f"Tea {i}", -1, 10 - i] for i in range(3))]), prepare=hide)
    assert len(rows(data)) == 3


def test_a_row_without_its_amount_is_reported() -> None:
    reading = read(book(("S", [HEAD[:3], [DAY, "Tea", -1.5], [DAY, "Lost", "#N/A"], [DAY, "Rent", -50]])))
    (one,) = collect(reading)
    assert [(row.source, row.reason) for row in one.unreadable] == [("line 3", "it has no amount")]


def test_dates_that_a_spreadsheet_may_have_swapped_are_doubted() -> None:
    mixed = [HEAD[:3], [date(2026, 2, 3), "Tea", -1.5], ["13/03/2026", "Pay", 100], ["14/03/2026", "Rent", -50]]
    reading = read(book(("S", mixed)))
    collect(reading)
    assert [issue.code for issue in reading.issues] == ["dates-mixed"]


def test_formulas_that_nobody_calculated_are_no_amounts() -> None:
    data = book(("S", [HEAD, [DAY, "Tea", "=1-2", 99], [DAY, "Pay", "=1+1", 101], [DAY, "Rent", "=3", 104]]))
    assert refusal(data).code == "unsupported-format"


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=300))
def test_cents_survive_floating_point(cents: list[int]) -> None:
    written = "".join(cells.lines([[value / 100] for value in cents])).split()
    assert [round(float(text) * 100) for text in written] == cents
    assert all("e" not in text and len(text.partition(".")[2]) in (0, 2) for text in written)


def test_empty_rows_keep_their_number() -> None:
    assert "".join(cells.lines([[], [], ["x"]])) == "\n\nx\n"
    assert "".join(cells.lines([*[[]] * 5000, ["x"]])).index("x") == 5000
    assert "".join(cells.lines([])) == ""


@given(st.text(max_size=60))
def test_a_cell_stays_in_its_place(text: str) -> None:
    (written,) = cells.lines([[text, "x"]])
    assert written.endswith("\tx\n")
    assert written.count("\t") == written.count("\n") == 1
    assert "\r" not in written


@given(st.data())
def test_a_row_is_written_alike_wherever_it_stands(data: st.DataObject) -> None:
    kinds = [
        st.dates(date(2000, 1, 1), date(2050, 1, 1)), st.sampled_from(["", "Tea\u00a0house", "Pay"]),
        st.sampled_from(["", 0.0, 12.5, -3.0, 1234.56, 0.1 + 0.2]), st.sampled_from([1.0, 7.0, 2024.0, True, None]),
    ]  # fmt: skip
    some = data.draw(st.lists(st.tuples(*kinds), min_size=1, max_size=12))
    early = [text.split("\t") for text in "".join(cells.lines(some)).split("\n")[:-1]]
    late = [text.split("\t") for text in "".join(cells.lines([*[some[0]] * 200, *some])).split("\n")[200:-1]]
    for one, other in zip(early, late, strict=True):
        one += [""] * (len(other) - len(one))
        other += [""] * (len(one) - len(other))
        assert [_value(text) for text in one] == [_value(text) for text in other]


def _value(text: str) -> object:
    try:
        return float(text)
    except ValueError:
        return text


# Sheets

CHECKING = [HEAD, [DAY, "Coffee", -4.5, 95.5], [DAY, "Pay", 100, 195.5]]
SAVINGS = [HEAD, [DAY, "Pay", 100, 1100], [date(2026, 3, 3), "Interest", 0.25, 1100.25]]


def test_each_sheet_with_transactions_is_a_statement() -> None:
    info = [["Bank of Examples"], ["Created", date(2026, 4, 1)]]
    reading = read(book(("Info", info), ("Checking", CHECKING), ("Savings", SAVINGS)))
    found = collect(reading)
    assert [one.statement.account.label for one in found] == ["Checking", "Savings"]
    assert [one.statement.proof.verdict for one in found] == [Verdict.PROVED] * 2
    assert found[1].rows[0].source == "sheet 3, line 2"
    assert ("Info", "no transactions in it") in {(e.decision, e.why) for e in reading.evidence}


def test_sheets_named_after_months_are_one_account() -> None:
    later = [HEAD, [date(2026, 4, 2), "Tea", -1, 194.5], [date(2026, 4, 3), "Pay", 100, 294.5]]
    found = collected(book(("March 2026", CHECKING), ("April 2026", later)))
    assert len({one.statement.account.key for one in found}) == 1
    assert [len(one.rows) for one in found] == [2, 2]


def test_sums_hidden_sheets_and_selections_are_left_out_and_said() -> None:
    def hide(workbook: openpyxl.Workbook) -> None:
        workbook["Lists"].sheet_state = "hidden"

    monthly = [["Month", "Total"], [date(2026, 3, 1), 95.5], [date(2026, 4, 1), 10]]
    by_category = [["Month", "Category", "Amount"], [date(2026, 3, 1), "Food", -4.5], [date(2026, 4, 1), "Pay", 10]]
    data = book(
        ("All", CHECKING), ("Monthly", monthly), ("By category", by_category), ("Lists", SAVINGS), ("Coffee", CHECKING[:2]),
        prepare=hide,
    )  # fmt: skip
    reading = read(data)
    assert [len(one.rows) for one in collect(reading)] == [2]
    assert {e.decision for e in reading.evidence if e.what == "other sheet"} == {
        "Monthly", "By category", "Lists", "Coffee"
    }  # fmt: skip
    assert [issue.code for issue in reading.issues] == ["sheet-repeats"]


def test_the_same_row_in_two_accounts_is_two_rows() -> None:
    other = [HEAD, [DAY, "Coffee", -4.5, 10.5]]
    assert [len(one.rows) for one in collected(book(("A", CHECKING), ("B", other)))] == [2, 1]


def test_a_break_names_the_sheet() -> None:
    broken = [*SAVINGS, [date(2026, 3, 4), "Gone", -1, 1000]]
    _, savings = collected(book(("Checking", CHECKING), ("Savings", broken)))
    assert savings.statement.proof.verdict is Verdict.CONTRADICTED
    assert savings.statement.proof.breaks_at == "sheet 2, line 4"


def test_choices_hold_for_every_sheet() -> None:
    table = [["x", "y", "z"], ["03/02/2026", "Tea", -1.5], ["04/02/2026", "Pay", 100]]
    data = book(("A", table), ("B", [*table, ["05/02/2026", "Fee", -2]]))
    assert refusal(data).code == "ambiguous"
    assert rows(data, date_order="dmy", header=1)[-1][0] == "2026-02-05"
    assert refusal(data, date_order="dmy", columns=(("amount", "nowhere"),)).code == "no-such-column"


# Other files that go by a workbook's name

ODS = """<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<office:body><office:spreadsheet><table:table table:name="Umsätze"><table:table-row>
<table:table-cell office:value-type="string"><text:p>Datum</text:p></table:table-cell>
<table:table-cell office:value-type="string"><text:p>Text</text:p></table:table-cell>
<table:table-cell office:value-type="string"><text:p>Betrag</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell office:value-type="date" office:date-value="2026-03-02"><text:p>02.03.26</text:p>
</table:table-cell><table:table-cell office:value-type="string"><text:p>Miete</text:p></table:table-cell>
<table:table-cell office:value-type="currency" office:value="-800.5"><text:p>-800,50 €</text:p></table:table-cell>
<table:table-cell table:number-columns-repeated="16000"/></table:table-row>
<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="1024"/>
</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"""


def test_opendocument_is_read() -> None:
    mimetype = b"application/vnd.oasis.opendocument.spreadsheet"
    data = archive({"mimetype": mimetype, "content.xml": ODS.replace("\n", "").encode(), "META-INF/manifest.xml": b"<manifest/>"})
    assert read(data).format == "ods"
    assert rows(data) == [("2026-03-02", "-800.50", "Miete")]


def test_encrypted_opendocument_is_locked() -> None:
    data = archive({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"?",
                    "META-INF/manifest.xml": b"<manifest:encryption-data/>"})  # fmt: skip
    assert refusal(data).code == "locked"


def test_excel_97_is_read() -> None:
    data = (Path(__file__).parent / "samples" / "sheet" / "french.xls").read_bytes()
    (one,) = collected(data)
    assert read(data).format == "xls"
    assert one.statement.proof.verdict is Verdict.PROVED
    assert [(plain(row.amount), row.description) for row in one.rows] == [
        ("-4.50", "Café de la Gare"), ("1200.00", "Salaire"), ("-650.00", "Loyer"),
    ]  # fmt: skip


WEB_PAGE = """<html><head><meta charset="utf-8"><style>td {color: red}</style></head><body><h3>Kontoauszug</h3>
<table><tr><td colspan=4>Konto: DE89 3704 0044 0532 0130 00</td></tr></table>
<table border=1><tr><th>Datum</th><th>Text</th><th>Betrag</th><th>Saldo</th></tr>
<tr><td>02.03.2026</td><td>REWE<br>Markt &amp; Co</td><td>-12,50</td><td>1.087,50</td></tr>
<tr><td>03.03.2026<td>Gehalt<td>2.000,00<td>3.087,50
</table></body></html>"""
SPREADSHEET_ML = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Worksheet ss:Name="Info"><Table><Row><Cell><Data ss:Type="String">Hello</Data></Cell></Row></Table></Worksheet>
<Worksheet ss:Name="Tx"><Table><Row ss:Index="3"><Cell><Data ss:Type="String">Date</Data></Cell>
<Cell><Data ss:Type="String">Description</Data></Cell><Cell><Data ss:Type="String">Debit</Data></Cell>
<Cell><Data ss:Type="String">Credit</Data></Cell></Row>
<Row><Cell><Data ss:Type="DateTime">2026-03-02T00:00:00.000</Data></Cell><Cell><Data ss:Type="String">Coffee</Data></Cell>
<Cell><Data ss:Type="Number">3.5</Data></Cell></Row>
<Row><Cell><Data ss:Type="DateTime">2026-03-03T00:00:00.000</Data></Cell><Cell><Data ss:Type="String">Pay</Data></Cell>
<Cell ss:Index="4"><Data ss:Type="Number">100</Data></Cell></Row></Table></Worksheet></Workbook>"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_web_page_served_as_xls_is_read(encoding: str) -> None:
    (one,) = collected(WEB_PAGE.encode(encoding))
    assert one.statement.account.label == "••3000"
    assert one.statement.proof.verdict is Verdict.PROVED
    assert [row.description for row in one.rows] == ["REWE Markt & Co", "Gehalt"]


def test_excels_own_xml_is_read() -> None:
    assert rows(SPREADSHEET_ML.encode()) == [("2026-03-02", "-3.50", "Coffee"), ("2026-03-03", "100.00", "Pay")]
    assert collected(SPREADSHEET_ML.encode())[0].rows[0].source == "sheet 2, line 4"


def test_text_that_goes_by_the_name_of_a_workbook_is_read_as_text() -> None:
    assert read(b"Date,Description,Amount\n2026-03-02,Tea,-1.50\n", "bank.xls").format == "csv"


COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<html><body>Session expired</body></html>", "unsupported-format"),
        (COMPOUND, "unsupported-format"),
        (COMPOUND + "EncryptedPackage".encode("utf-16-le"), "locked"),
        (COMPOUND + "Workbook".encode("utf-16-le"), "damaged"),
        (statement().replace(b"xl/workbook.xml", b"xl/workboox.xml"), "unsupported-format"),
        (book(("Empty", [])), "no-transactions"),
        (book(("Names alone", [HEAD])), "no-transactions"),
    ],
    ids=["page", "document", "encrypted", "damaged", "no book", "empty", "names alone"],
)
def test_what_is_no_workbook_is_refused_by_name(data: bytes, code: str) -> None:
    refused = refusal(data)
    assert refused.code == code
    assert "bank.xlsx" in refused.message


# Hostile workbooks


def with_rows(xml: bytes) -> Callable[[bytes], bytes]:
    return lambda sheet: sheet.replace(b"</sheetData>", xml + b"</sheetData>")


HARMLESS = {
    "a cell far to the right": with_rows(b'<row r="60"><c r="XFD60"><v>1</v></c></row>'),
    "a lying dimension": lambda sheet: sheet.replace(b"A1:D51", b"A1:B2"),
    "an enormous dimension": lambda sheet: sheet.replace(b"A1:D51", b"A1:XFD1048576"),
    "entities": lambda sheet: b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + sheet,
    "a cell of megabytes": with_rows(
        b'<row r="70"><c r="A70" t="inlineStr"><is><t>' + b"A" * (8 << 20) + b"</t></is></c></row>"
    ),
}
REFUSED = {
    "a cell in the far corner": (
        with_rows(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), "too-complex",
    ),
    "a bomb": (lambda sheet: sheet + b" " * (80 << 20), "too-complex"),
    "no sheet": (lambda sheet: b"", "damaged"),
    "half a sheet": (lambda sheet: sheet[: len(sheet) // 2], "damaged"),
    "a reference past all rows": (lambda sheet: sheet.replace(b'r="A2"', b'r="ZZZZZZ99999999999"'), "damaged"),
}  # fmt: skip


@pytest.mark.parametrize("what", HARMLESS)
def test_odd_workbooks_are_read(what: str) -> None:
    assert len(rows(edited(statement(50), SHEET, HARMLESS[what]))) == 50


@pytest.mark.parametrize("what", REFUSED)
def test_harmful_workbooks_are_refused(what: str) -> None:
    change, code = REFUSED[what]
    assert refusal(edited(statement(50), SHEET, change)).code == code


def test_a_truncated_workbook_is_refused() -> None:
    assert refusal(statement()[:3000]).code == "damaged"


def test_ten_thousand_columns() -> None:
    assert len(rows(book(("S", [[DAY, "x", -1.5, *["y"] * 9997] for _ in range(20)])))) == 20


@pytest.mark.parametrize(
    "markup",
    ["<table><tr><td>" * 20_000, "<table>" + "<!--" * 50_000, "<table>" + "<td a='" * 50_000,
     "<table>" + "<tr><td colspan=99999 rowspan=9999>x" * 300],
)  # fmt: skip
def test_hostile_markup_ends(markup: str) -> None:
    assert refusal(f"<html>{markup}".encode()).exit_code == 5


SOUND = statement(5)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_any_bytes_are_a_statement_or_refused(data: st.DataObject) -> None:
    damaged = bytearray(SOUND)
    for at in data.draw(st.lists(st.integers(0, len(SOUND) - 1), min_size=1, max_size=8)):
        damaged[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(SOUND)))
    with suppress(FileRefused):
        collect(read(bytes(damaged[:cut]) if cut < len(SOUND) // 2 else bytes(damaged)))


# The child that opens them


def test_without_calamine_the_refusal_names_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "python_calamine.py").write_text("raise ImportError")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    refused = refusal(statement())
    assert (refused.code, refused.hint) == ("missing-extra", "pip install 'smartimport[xlsx]'")


def children() -> set[int]:
    """Children of this process, zombies too."""
    found = set()
    for entry in Path("/proc").iterdir():
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split() if entry.name.isdigit() else []
        except OSError:
            continue
        if fields and int(fields[1]) == os.getpid():
            found.add(int(entry.name))
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_a_reading_that_is_given_up_leaves_no_child_behind() -> None:
    before = children()
    answers = ask("sheets", io.BytesIO(statement(20_000)), name="x")
    next(answers)
    assert children() - before
    answers.close()
    assert children() == before


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT])
def test_the_child_dies_with_its_parent(ending: signal.Signals, tmp_path: Path) -> None:
    (tmp_path / "python_calamine.py").write_text(
        f"import os\nopen({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()))\nwhile True: pass\n"
    )
    code = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from smartimport_cli.documents.isolation import ask\nlist(ask('sheets', sys.stdin.buffer, name='x'))"
    )
    (tmp_path / "x.xlsx").write_bytes(statement())
    with (tmp_path / "x.xlsx").open("rb") as file:
        parent = subprocess.Popen(
            [sys.executable, "-c", code], stdin=file, stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(tmp_path)},
        )  # fmt: skip
    child = int(until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text()))
    parent.send_signal(ending)
    parent.wait(timeout=20)
    assert until(lambda: not alive(child))


def until(found: Callable[[], Any]) -> Any:
    """What `found` gives once it gives something, within some seconds."""
    end = time.monotonic() + 20
    while not (value := found()) and time.monotonic() < end:
        time.sleep(0.02)
    return value


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:1]
    except (OSError, ValueError):
        return False


def test_a_child_that_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "python_calamine.py").write_text("while True: pass")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(FileRefused) as refused:
        list(ask("sheets", io.BytesIO(statement()), name="x", limits=Limits(wall=0.5)))
    assert refused.value.code == "too-complex"
