"""Delimited statements, from bytes to rows and proof."""

# ruff: noqa: E501 - statements as they are

import contextlib
import io
import random
from decimal import Decimal
from itertools import accumulate, pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartimport_cli import statements
from smartimport_cli.core.errors import FileRefused
from smartimport_cli.core.model import Choices, Reading, Rows, Verdict
from smartimport_cli.core.money import to_decimal
from smartimport_cli.statements.proof import in_some_order
from tests.statements.delimited_countries import COUNTRIES
from tests.statements.delimited_forms import FORMS
from tests.statements.delimited_habits import HABITS
from tests.statements.delimited_layouts import LAYOUTS, Layout
from tests.statements.delimited_marks import MARKS

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"


def read(text: str | bytes, **choices: object) -> Reading:
    data = text.encode() if isinstance(text, str) else text
    return statements.read(io.BytesIO(data), name="x.csv", size=len(data), choices=Choices(**choices))  # type: ignore[arg-type]


def rows_of(collected: list[statements.Collected]) -> list[tuple[str, Decimal]]:
    return [
        (r.posted_date.isoformat(), to_decimal(r.amount)) for s in collected for r in s.rows if not r.pending
    ]


def values(text: str | bytes, **choices: object) -> list[tuple[str, str]]:
    return [(day, str(amount)) for day, amount in rows_of(statements.collect(read(text, **choices)))]


@pytest.mark.parametrize("layout", LAYOUTS + COUNTRIES + HABITS + MARKS + FORMS, ids=lambda layout: layout.name)
def test_reads_the_layouts_of_banks_around_the_world(layout: Layout) -> None:
    collected = statements.collect(read(layout.text.encode(layout.encoding)))
    assert rows_of(collected) == [(day, Decimal(amount)) for day, amount in layout.rows]
    if layout.verdict:
        assert {str(s.statement.proof.verdict) for s in collected} == {layout.verdict}
    if layout.currency:
        assert {r.currency for s in collected for r in s.rows} == {layout.currency}
    assert sum(len(s.unreadable) for s in collected) == layout.unreadable
    assert sum(r.pending for s in collected for r in s.rows) == layout.pending


# What decides between readings


def test_the_balances_decide_the_decimal_mark() -> None:
    text = 'Date,Description,Amount,Balance\n2026-03-02,A,"-1,200","3,800"\n2026-03-03,B,"1,500","5,300"\n'
    assert values(text) == [("2026-03-02", "-1200.00"), ("2026-03-03", "1500.00")]


def test_balances_before_and_after_a_single_row_stand_together() -> None:
    text = "123456789\tEUR\t20260102\t15,00\t10,00\t20260102\t-5,00\tDESCRIPTION\n"
    assert values(text) == [("2026-01-02", "-5.00")]


def test_two_decimals_and_a_zero_are_no_thousands() -> None:
    text = "Date,Text,Amount,Currency\n2026-03-02,A,-29.000,CHF\n2026-03-03,B,-12.900,CHF\n2026-03-04,C,-58.450,CHF\n2026-03-05,D,-111.550,CHF\n"
    assert [amount for _, amount in values(text)] == ["-29.00", "-12.90", "-58.45", "-111.55"]
    assert "decimal-mark-likely" in {issue.code for issue in read(text).issues}
    assert values(text.replace("CHF", "CLP"))[0] == ("2026-03-02", "-29000.00")
    rate = "Date,Text,Amount,Currency,Rate\n2026-03-02,A,-29.000,CHF,1.000000\n2026-03-03,B,-12.900,CHF,0.848252\n"
    assert [amount for _, amount in values(rate)] == ["-29.00", "-12.90"]


def test_a_balance_before_each_row_is_told_by_the_direction_of_the_dates() -> None:
    # The same chain follows with the other sign from new to old; only the dates say which it is.
    text = (
        "17-06-2022,NL00ASNB9999999999,EUR,130.44,EUR,223.77,A\n"
        "17-06-2022,NL00ASNB9999999999,EUR,354.21,EUR,-200.00,B\n"
        "25-06-2022,NL00ASNB9999999999,EUR,154.21,EUR,-2.20,C\n"
    )
    collected = statements.collect(read(text))
    assert rows_of(collected) == [
        ("2022-06-17", Decimal("223.77")),
        ("2022-06-17", Decimal("-200.00")),
        ("2022-06-25", Decimal("-2.20")),
    ]
    statement = collected[0].statement
    assert str(statement.proof.verdict) == "proved"
    ends = [to_decimal(units or 0) for units in (statement.opening_balance, statement.closing_balance)]
    assert ends == [Decimal("130.44"), Decimal("152.01")]


def test_a_sign_that_the_balances_leave_open_is_doubted() -> None:
    text = "02/13/2026,A,10.00,110.00\n02/13/2026,B,20.00,130.00\n02/13/2026,C,5.00,135.00\n"
    inverted = "02/13/2026,A,10.00,110.00\n02/13/2026,B,20.00,90.00\n02/13/2026,C,5.00,85.00\n"
    assert "sign-likely" not in {i.code for i in read(text).issues}
    assert "sign-likely" in {i.code for i in read(inverted).issues}


def test_a_card_with_more_refunds_than_purchases_is_read_by_its_words() -> None:
    head = "交易日期,交易摘要,交易金额,交易货币\n"
    card = head + "2025/01/05,（消费）甲,15.90,人民币\n2025/01/04,（退款）乙,-97.20,人民币\n2025/01/03,（退款）丙,-38.42,人民币\n"
    assert [amount for _, amount in values(card)] == ["-15.90", "97.20", "38.42"]
    assert "sign-likely" in {i.code for i in read(card).issues}
    # A plus that is written says that the signs are those of an account, whatever friends pay each other for.
    wallet = card.replace(",15.90", ",+15.90")
    assert [amount for _, amount in values(wallet)] == ["15.90", "-97.20", "-38.42"]


def test_where_one_direction_is_marked_the_rest_is_the_other() -> None:
    text = "Date,Description,Amount,\n13/12/2026,SHOP,12.50,\n14/12/2026,CAFE,3.00,\n15/12/2026,PAID,100.00,CR\n"
    assert [amount for _, amount in values(text)] == ["-12.50", "-3.00", "100.00"]


def test_balances_without_amounts_are_no_statement() -> None:
    with pytest.raises(FileRefused) as refused:
        read('"Datum","Boeksaldo","Valutair saldo"\n"2020-05-30","13,20","13,20"\n"2020-05-29","14,20","14,20"\n')
    assert refused.value.code == "unsupported-format"


def test_balances_prove_no_decimal_mark_where_all_amounts_have_three_digits_behind_theirs() -> None:
    text = "Date;Text;Amount;Balance\n2026-03-02;A;-1.234;98.766\n2026-03-03;B;-2.000;96.766\n"
    with pytest.raises(FileRefused) as refused:
        read(text)
    assert refused.value.details["question"]["choice"] == "decimal"
    assert [a for _, a in values(text, currency="ISK")] == ["-1234.00", "-2000.00"]
    assert [a for _, a in values(text, currency="EUR")] == ["-1234.00", "-2000.00"]


def test_the_balances_overrule_the_names_of_columns() -> None:
    text = (
        "Date,Details,Debit,Left\n2026-03-02,A,-10.00,90.00\n2026-03-03,B,25.00,115.00\n"
        "2026-03-04,C,-15.00,100.00\n2026-03-05,D,50.00,150.00\n"
    )
    assert [a for _, a in values(text)] == ["-10.00", "25.00", "-15.00", "50.00"]


def test_debits_are_no_balance_of_the_credits() -> None:
    text = (
        'Date;"card Number";Description;Category;Debit;Credit\n"2022-01-23";"*6635";Robson;Restaurants;"4.41";"0"\n'
        '"2022-01-23";"*6635";Foods;Groceries;"7.09";"0"\n"2022-01-21";"*6635";reward;Credit;"0";"14.69"\n'
        '"2022-01-20";"*6635";Cafe;Restaurants;"3.19";"0"\n'
    )
    assert [a for _, a in values(text)] == ["-4.41", "-7.09", "14.69", "-3.19"]


def test_a_first_row_of_the_account_is_none_of_the_rows() -> None:
    text = (
        "2026-03-31,01-03-2026,'12 3456 7890,JAN KOWALSKI,PLN,\"0,00\",\"987,66\",2,\n"
        "13-03-2026,12-03-2026,ZABKA,,,\"-12,34\",\"987,66\",2,\n02-03-2026,02-03-2026,PENSJA,ACME,12,\"1000,00\",\"1000,00\",1,\n"
    )
    assert values(text) == [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")]


def test_signs_against_marks_of_one_kind_only_are_doubted() -> None:
    text = "Date,Payee,Transaction type,Amount (EUR)\n2026-03-13,A,Income,-5.00\n2026-03-14,B,Income,-6.00\n"
    assert "marks-differ" in {issue.code for issue in read(text).issues}


def test_the_other_side_of_a_pair_is_found_without_a_name_for_it() -> None:
    text = "Date,Description,Deposit,Xyz\n2026-03-13,A,0.00,5.00\n2026-03-14,B,100.00,0.00\n2026-03-15,C,0.00,7.00\n"
    assert [a for _, a in values(text)] == ["-5.00", "100.00", "-7.00"]


def test_amounts_that_are_all_zero_are_doubted() -> None:
    text = "Date,Description,Deposit\n2026-03-13,A,0.00\n2026-03-14,B,0.00\n"
    assert "all-zero" in {issue.code for issue in read(text).issues}


def test_a_balance_that_never_changes_proves_nothing() -> None:
    text = "Date,Text,Amount,Balance\n2026-03-13,A,-5.00,9.00\n2026-03-14,B,-1.00,9.00\n2026-03-15,C,-7.00,9.00\n"
    reading = read(text)
    (part,) = statements.collect(reading)
    assert str(part.statement.proof.verdict) == "consistent"
    assert "balance-constant" in {issue.code for issue in reading.issues}


@pytest.mark.parametrize(
    ("header", "currency"), [("Datum;Text;Belopp", "SEK"), ("Dato;Tekst;Beløb", "DKK"), ("Dato;Forklaring;Beløp", "NOK")]
)
def test_whose_crowns_they_are_is_told_by_the_language(header: str, currency: str) -> None:
    (part,) = statements.collect(read(f"{header}\n13.03.2026;A;-5,00 kr\n14.03.2026;B;-6,00 kr\n"))
    assert part.statement.currency == currency


def test_rows_of_uneven_length_with_dates_carried_are_read_or_refused() -> None:
    with contextlib.suppress(FileRefused):
        statements.collect(read("-5,-5,2026-03-02\n2026-03-02\n2026-03-02,-5\n-5,EUR,\n"))


def test_text_that_a_spreadsheet_is_told_to_be_text_is_plain() -> None:
    text = 'Date,Text,Amount\n="2026-03-02",="CAFE",="-4.50"\n="2026-03-03",="SHOP",="-1.00"\n'
    odd = text + ',="second line",\n'
    for data in (text, odd):
        (collected,) = statements.collect(read(data))
        assert collected.rows[0].description == "CAFE"
        assert rows_of([collected]) == [("2026-03-02", Decimal("-4.50")), ("2026-03-03", Decimal("-1.00"))]
    assert collected.rows[1].description == "SHOP second line"


def test_a_control_character_that_separates_units_is_cleaned() -> None:
    (part,) = statements.collect(read("Date,Text,Amount\n2026-03-02,A\x1fB,-1.00\n" + " \n" * 50))
    assert part.rows[0].description == "A B"


def test_an_undecidable_date_order_is_asked() -> None:
    text = "Date,Description,Amount\n03/04/2026,A,-1.00\n03/05/2026,B,-2.00\n"
    with pytest.raises(FileRefused) as refused:
        read(text)
    assert refused.value.code == "ambiguous"
    assert refused.value.details["question"] == {
        "choice": "date-order",
        "options": [{"value": "dmy", "reads": "3 April 2026"}, {"value": "mdy", "reads": "4 March 2026"}],
    }
    assert values(text, date_order="mdy") == [("2026-03-04", "-1.00"), ("2026-03-05", "-2.00")]
    assert values(text, date_order="dmy") == [("2026-04-03", "-1.00"), ("2026-05-03", "-2.00")]


def test_an_undecidable_decimal_mark_is_asked() -> None:
    text = "Date,Description,Amount\n2026-03-02,A,-4.500\n2026-03-03,B,12.750\n2026-03-04,C,-9.125\n"
    with pytest.raises(FileRefused) as refused:
        read(text)
    assert refused.value.details["question"]["choice"] == "decimal"
    assert values(text, decimal=",")[0] == ("2026-03-02", "-4500.00")
    assert values(text, decimal=".")[0] == ("2026-03-02", "-4.50")
    assert values(text, currency="KWD")[0] == ("2026-03-02", "-4.50")


def test_one_day_of_several_years_is_no_year_where_the_language_writes_it_last() -> None:
    text = "Datum;Omschrijving;Bedrag\n13/02/20;A;-1,25\n13/12/19;B;-2,50\n"
    assert values(text) == [("2020-02-13", "-1.25"), ("2019-12-13", "-2.50")]
    assert values(text.replace("Datum;Omschrijving;Bedrag", "Day;Text;Sum"))[0] == ("2013-02-20", "-1.25")


def test_a_day_far_down_decides_the_date_order() -> None:
    rows = "".join(f"03/04/2026,ROW {i},-1.00\n" for i in range(5000))
    found = values(f"Date,Description,Amount\n{rows}15/04/2026,LAST,-1.00\n")
    assert len(found) == 5001
    assert found[0][0] == "2026-04-03"


def test_the_proven_direction_of_the_rows_decides_the_date_order() -> None:
    text = "Date,Description,Amount,Balance\n04/02/2026,C,-1.00,97.00\n03/05/2026,B,-2.00,98.00\n02/09/2026,A,10.00,100.00\n"
    text += "01/11/2026,A,10.00,90.00\n"
    assert [day for day, _ in values(text)] == ["2026-04-02", "2026-03-05", "2026-02-09", "2026-01-11"]


def test_an_order_against_that_of_the_rows_is_doubted() -> None:
    days = ("01/02/24", "01/03/24", "01/05/24", "01/09/24", "02/01/24")
    text = "Date;Description;Amount\n" + "".join(f"{day};Shop;-3,50\n" for day in days)
    assert values(text)[0] == ("2024-02-01", "-3.50")
    assert [issue.code for issue in read(text).issues if "run one way" in issue.message] == ["date-order-likely"]
    assert not any("run one way" in issue.message for issue in read(text.replace("01/09/24", "03/09/24")).issues)


def test_choices_force_each_decision() -> None:
    text = "x;y;z;w\n02.03.2026;A;5,00;1\n03.03.2026;B;7,50;2\n"
    assert values(text, columns=(("amount", "z"), ("date", "1")), sign="inverted") == [
        ("2026-03-02", "-5.00"), ("2026-03-03", "-7.50"),
    ]  # fmt: skip
    collected = statements.collect(read(text, currency="CHF", account="Mine", columns=(("amount", "3"),)))
    assert collected[0].statement.account.label == "Mine"
    assert collected[0].rows[0].currency == "CHF"
    with pytest.raises(FileRefused, match="no column nope"):
        read(text, columns=(("amount", "nope"),))
    with pytest.raises(FileRefused, match="encoding"):
        read(text, encoding="klingon")


# Proof and doubts


def test_a_broken_balance_is_said_with_its_line() -> None:
    text = "Date,Description,Amount,Balance\n2026-03-02,A,-1.00,99.00\n2026-03-03,B,-2.00,97.00\n2026-03-04,C,-3.00,93.00\n2026-03-05,D,-1.00,92.00\n"
    proof = statements.collect(read(text))[0].statement.proof
    assert (proof.verdict, proof.breaks_at) == (Verdict.CONTRADICTED, "line 4")


def test_balances_in_another_order_than_the_rows_prove_them() -> None:
    text = "Date,Description,Amount,Balance\n2026-03-02,A,-1.00,99.00\n2026-03-04,C,-3.00,94.00\n2026-03-03,B,-2.00,97.00\n2026-03-05,D,-4.00,90.00\n"
    statement = statements.collect(read(text))[0].statement
    assert statement.proof.verdict is Verdict.PROVED
    assert (statement.opening_balance, statement.closing_balance) == (1000000, 900000)


def test_an_unreadable_row_in_the_middle_is_listed_and_the_others_are_read() -> None:
    text = (
        "Date,Description,Amount\n2026-03-02,A,-1.00\n2026-03-03,B,12..34\nnever,C,5.00\n2026-03-05,D,-1.00\n"
    )
    collected = statements.collect(read(text))[0]
    assert [row.description for row in collected.rows] == ["A", "D"]
    assert [(row.line, "12..34" in row.reason or "never" in row.reason) for row in collected.unreadable] == [
        (3, True),
        (4, True),
    ]


@pytest.mark.parametrize(
    ("stated", "verdict", "issues"), [("-6.00", "proved", 0), ("-7.00", "consistent", 1)]
)
def test_a_total_behind_the_rows_is_checked(stated: str, verdict: str, issues: int) -> None:
    text = f"Date,Description,Amount\n2026-03-02,A,-1.00\n2026-03-03,B,-5.00\nTotal,,{stated}\n"
    statement = statements.collect(read(text))[0].statement
    assert (str(statement.proof.verdict), statement.rows, len(statement.issues)) == (verdict, 2, issues)


def test_rows_without_money_do_not_prove_balances_in_another_order() -> None:
    """Fees of nothing lead from each balance to itself: in every order, and to no other row."""
    text = (
        "TOPUP,2024-01-01,Payment,500.00,0.00,500.00\nCARD,2024-01-15,Shop,-25.50,0.00,474.50\n"
        "CARD,2024-02-01,Exchange,-100.00,0.00,374.50\nATM,2024-02-15,Cash,-50.00,0.00,324.50\n"
        "CARD,2024-03-01,Shop,-42.18,0.42,281.90\n"
    )
    (found,) = statements.collect(read(text))
    assert [to_decimal(row.amount) for row in found.rows][:2] == [Decimal("500"), Decimal("-25.5")]
    assert found.statement.proof.verdict is not Verdict.PROVED


@given(st.lists(st.integers(-900, 900), min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_rows_follow_in_some_order_whatever_the_order_is(amounts: list[int], chance: random.Random) -> None:
    balances = [*accumulate(amounts, initial=1000)]
    rows = [*pairwise(balances)]
    chance.shuffle(rows)
    befores, afters = zip(*rows, strict=True)
    ends = (None, None) if balances[0] == balances[-1] else (balances[0], balances[-1])
    assert in_some_order(befores, afters) == ends
    apart = max(balances) + 1
    assert in_some_order((*befores, apart), (*afters, apart)) is None
    assert in_some_order((*befores, apart), (*afters, apart + 1)) is None


def test_tables_below_each_other_are_statements_of_their_own() -> None:
    text = (
        '"Umsätze Girokonto";"Zeitraum: 30 Tage";\n"Neuer Kontostand";"187,66 EUR";\n\n'
        '"Buchungstag";"Wertstellung (Valuta)";"Vorgang";"Buchungstext";"Umsatz in EUR";\n'
        '"offen";"02.03.2026";"Karte";"NETTO";"-9,99";\n'
        '"13.03.2026";"13.03.2026";"Gutschrift";"Gehalt";"100,00";\n"02.03.2026";"02.03.2026";"Lastschrift";"REWE";"-12,34";\n'
        '\n"Alter Kontostand";"100,00 EUR";\n\n'
        '"Umsätze Visa-Karte";"Zeitraum: 30 Tage";\n"Neuer Kontostand";"-30,00 EUR";\n\n'
        '"Buchungstag";"Umsatztag";"Vorgang";"Referenz";"Buchungstext";"Umsatz in EUR";\n'
        '"14.03.2026";"12.03.2026";"Visa-Umsatz";"4411";"HOTEL";"-20,00";\n"03.03.2026";"02.03.2026";"Visa-Umsatz";"4412";"BAR";"-10,00";\n'
        '"Alter Kontostand";"0,00 EUR";\n'
    )
    giro, card = statements.collect(read(text))
    assert rows_of([giro]) == [("2026-03-13", Decimal("100.00")), ("2026-03-02", Decimal("-12.34"))]
    assert rows_of([card]) == [("2026-03-14", Decimal("-20.00")), ("2026-03-03", Decimal("-10.00"))]
    assert [row.line for row in card.rows] == [15, 16]
    assert {str(one.statement.proof.verdict) for one in (giro, card)} == {"proved"}
    assert giro.statement.account.key != card.statement.account.key
    # Sums of a settlement above its rows are no table of transactions.
    text = "date,reference,total amount,description\n2026-03-20,1,90.00,PAYOUT\n\ndate,type,description,amount\n"
    text += "2026-03-13,SALE,A,100.00\n2026-03-14,FEE,B,-10.00\n"
    assert [amount for _, amount in values(text)] == ["100.00", "-10.00"]


def test_rows_that_name_no_account_stand_apart() -> None:
    text = (
        "Date,Account number,Text,Amount\n2026-03-13,11112222,A,-1.00\n2026-03-14,11112222,B,-2.00\n"
        "2026-03-14,,Interest,0.10\n2026-03-15,33334444,C,-3.00\n2026-03-16,33334444,D,-4.00\n"
        "2026-03-16,11112222,E,-5.00\n2026-03-17,33334444,F,-6.00\n2026-03-17,33334444,G,-7.00\n"
        "2026-03-17,33334444,H,-8.00\n2026-03-18,33334444,I,-9.00\n"
    )
    found = read(text)
    each = statements.collect(found)
    assert [len(s.rows) for s in each] == [3, 6, 1]
    assert [to_decimal(row.amount) for row in each[-1].rows] == [Decimal("0.1")]
    assert "rows-without-account" in {issue.code for issue in found.issues}
    unreadable = statements.collect(read(text.replace("2026-03-14,,Interest,0.10", "2026-03-14,,Interest,n/a")))
    assert [(len(s.rows), len(s.unreadable)) for s in unreadable] == [(3, 0), (6, 0), (0, 1)]
    total = statements.collect(read(text.replace("2026-03-14,,Interest,0.10", ",,Total,-44.90")))
    assert [len(s.rows) for s in total] == [3, 6]


def test_opening_and_closing_balances_around_the_rows_prove_the_sum() -> None:
    text = "Opening balance,100.00\n\nDate,Description,Amount\n2026-03-02,A,-1.00\n2026-03-03,B,-5.00\n\nClosing balance,94.00\n"
    assert statements.collect(read(text))[0].statement.proof.verdict is Verdict.PROVED
    wrong = text.replace("94.00", "95.00")
    assert statements.collect(read(wrong))[0].statement.proof.verdict is Verdict.CONTRADICTED


def test_payments_beside_purchases_of_a_card_are_not_taken_for_money_out() -> None:
    text = "Date,Type,Details,Amount\n2026-03-02,Sale,A,12.34\n2026-03-03,Payment,B,500.00\n2026-03-04,Refund,C,5.00\n"
    reading = read(text)
    assert "sign-likely" in {issue.code for issue in reading.issues}
    assert ("2026-03-03", "-500.00") not in values(text)


@pytest.mark.parametrize("above", ["Pending transactions are not included", "No pending transactions", "Pending\nTransactions"])
def test_lines_about_pending_rows_that_are_none_make_no_row_wait(above: str) -> None:
    rows = "02/03/2026,SHOP,-12.34\n13/03/2026,SALARY,100.00\n"
    head = "Date,Description,Amount\n"
    wanted = [("2026-03-02", "-12.34"), ("2026-03-13", "100.00")]
    assert values(above + "\n" + head + rows) == wanted
    assert values(head + above + "\n" + rows) == wanted


def test_amounts_under_a_name_of_cents_are_doubted() -> None:
    text = "Date,Text,Amount (cents),Balance (cents)\n2026-03-02,A,-1234,8766\n2026-03-03,B,500,9266\n"
    assert "minor-units" in {issue.code for issue in read(text).issues}


def test_one_word_is_not_enough_where_all_amounts_are_positive() -> None:
    text = "Date,Text,Amount,Kind\n2026-03-02,A,12.34,X\n2026-03-03,B,5.00,X\n2026-03-04,C,7.10,X\n2026-03-05,SALARY,99.00,Y\n"
    assert "sign-likely" in {issue.code for issue in read(text).issues}


def test_only_positive_amounts_of_unknown_direction_are_flagged() -> None:
    reading = read("Date,Description,Amount\n2026-03-02,ABC,1.00\n2026-03-03,DEF,5.00\n")
    statements.collect(reading)
    assert [issue.code for issue in reading.issues] == ["sign-likely"]


# Refusals


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty-file"),
        (b"\n \r\n", "empty-file"),
        (b"Date,Description,Amount\n2026-03-02,A,1..1\n", "no-transactions"),
        (b"hello world\nthis is a letter\n", "unsupported-format"),
        (bytes(range(256)) * 8, "unsupported-format"),
    ],
)
def test_refuses_what_is_no_statement(data: bytes, code: str) -> None:
    with pytest.raises(FileRefused) as refused:
        statements.collect(read(data))
    assert refused.value.code == code


@pytest.mark.parametrize("text", ["Date,Description,Amount\n", "Account;123456\n\nDatum;Betrag;Text;Saldo\n\n"])
def test_column_names_alone_are_a_statement_without_rows(text: str) -> None:
    reading = read(text)
    (part,) = statements.collect(reading)
    assert part.rows == [] and [issue.code for issue in reading.issues] == ["no-transactions"]


_CELLS = st.sampled_from(
    ["2026-03-02", "02/03/26", "1.234,56", "-5", "", " ", "Total", "Balance", "EUR", "Date", "Amount", '"', "x,y", "CR", "(3.00)", "\n",
     "Opening balance", "99999999999999999999999", "٣", "=\"1\"", "¥", "\x1f", "\u202e", "20260302", "0,000", "1e5", "١/٢/٢٠٢٦"]
)  # fmt: skip


def _must_end_well(data: bytes) -> None:
    try:
        reading = read(data)
        collected = statements.collect(reading)
    except FileRefused as refusal:
        if not refusal.message:
            raise
        return
    for part in collected:
        assert part.statement.rows == sum(not row.pending for row in part.rows)
        assert sum(row.amount for row in part.rows if not row.pending) == sum(
            part.statement.money_in.values()
        ) + sum(part.statement.money_out.values())
        assert all(row.description.isprintable() for row in part.rows)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_end_in_a_reading_or_a_refusal(data: bytes) -> None:
    _must_end_well(b"Date,Description,Amount\n2026-03-02,A,-1.00\n" + data)


@settings(max_examples=250, deadline=None)
@given(st.lists(st.lists(_CELLS, max_size=6), max_size=12), st.sampled_from(",;\t|"), st.booleans())
def test_any_table_ends_in_a_reading_or_a_refusal(
    table: list[list[str]], delimiter: str, header: bool
) -> None:
    lines = ["Date,Description,Debit,Credit,Balance".replace(",", delimiter)] if header else []
    _must_end_well("\n".join([*lines, *(delimiter.join(row) for row in table)]).encode())


# Many rows


def _many(count: int) -> str:
    balance, lines = 100_000, ["Date,Description,Amount,Balance"]
    for i in range(count):
        cents = (i * 7919) % 5000 - 2500
        balance += cents
        lines.append(
            f"2026-{i * 11 // count + 1:02d}-{i % 28 + 1:02d},SHOP {i},{cents / 100:.2f},{balance / 100:.2f}"
        )
    return "\n".join(lines) + "\n"


def test_rows_come_in_batches_with_positions_and_the_same_result_in_every_form() -> None:
    text = _many(6000)
    reading = read(text)
    parts = list(reading.parts)
    positions = [part.position for part in parts if isinstance(part, Rows)]
    assert len(positions) > 1
    assert positions == sorted(positions)
    assert reading.expected_rows is not None
    assert abs(reading.expected_rows - 6000) < 600
    plain = statements.collect(read(text))[0]
    # A cell that needs the slow way must not change what the others are.
    odd = statements.collect(read(text.replace("SHOP 4000,", "SHOP 4000,+", 1).replace("+-", "-")))[0]
    assert plain.statement.proof.verdict is Verdict.PROVED
    assert [r[:7] for r in odd.rows] == [r[:7] for r in plain.rows]
    german = text.replace(",", ";").replace(".", ",")
    assert [r[:4] for r in statements.collect(read(german))[0].rows] == [r[:4] for r in plain.rows]


# The corpus of real files
