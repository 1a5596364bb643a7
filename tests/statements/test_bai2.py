"""BAI2 as banks write it: the same rows, the same proof, and every trailer that does not fit is told."""

import io
import re
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smartimport_cli.core.errors import FileRefused
from smartimport_cli.core.model import Choices, Reading, StagedTransaction, Verdict
from smartimport_cli.core.money import UNITS, exponent
from smartimport_cli.statements import Collected, bai2, collect
from smartimport_cli.statements.detect import detect

SAMPLES = Path(__file__).parent / "samples" / "bai2"
HEAD = "01,BANK,ME,260302,0200,1,,,2/\n02,ME,122099999,1,260301,2359,USD,2/\n"
ACCOUNT = "03,0012345678,USD,010,10000,,,015,9550,,/\n"
ENTRY = "16,475,450,Z,B77,1012,Coffee/\n"
END = "49,20000,3/\n98,20000,1,5/\n99,20000,1,7/\n"
REPORT = HEAD + ACCOUNT + ENTRY + END


def reading(data: bytes | str, **choices: object) -> Reading:
    content = data.encode() if isinstance(data, str) else data
    return bai2.read(io.BytesIO(content), name="test.bai", size=len(content), choices=Choices(**choices))  # type: ignore[arg-type]


def statements(data: bytes | str, **choices: object) -> list[Collected]:
    return collect(reading(data, **choices))


def told(data: bytes | str) -> list[tuple[str, str | None]]:
    """Code and place of each issue of the file and its statements."""
    found = reading(data)
    everything = collect(found)
    issues = [*found.issues, *(issue for s in everything for issue in s.statement.issues)]
    return [(issue.code, issue.source) for issue in issues]


def row(record: str, account: str = "03,0012345678,,/\n") -> StagedTransaction:
    """The one row of an account whose 16 record is `record`."""
    (only,) = [found for s in statements(HEAD + account + record) for found in s.rows]
    return only


def test_a_report_proves_itself() -> None:
    assert detect(REPORT.encode(), "x") == "bai2"
    found = reading(REPORT)
    (statement,) = collect(found)
    (only,) = statement.rows
    assert (only.line, only.posted_date, only.amount, only.currency) == (4, date(2026, 3, 1), -45_000, "USD")
    assert (only.description, only.merchant, only.reference) == ("Coffee", "Coffee", "B77")
    assert statement.statement.account.label == "••5678"
    assert (statement.statement.opening_balance, statement.statement.closing_balance) == (1_000_000, 955_000)
    assert statement.statement.proof.verdict is Verdict.PROVED
    assert [*found.issues, *statement.statement.issues] == []
    assert ("report", "final report of an earlier day") in [(e.what, e.decision) for e in found.evidence]


def test_a_contradiction_says_where() -> None:
    split = REPORT.replace(",015,9550,,/", "/\n88,015,9551,,/")
    (statement,) = statements(split)
    assert statement.statement.proof.verdict is Verdict.CONTRADICTED
    assert statement.statement.proof.breaks_at == "line 4"


# Reports of banks


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("citi_example.bai2", [("••7777", "GBP", 1, 100, Verdict.CONTRADICTED)]),
        ("nwb_example.bai2", [("••0004", "GBP", 5, -26_7600, Verdict.PROVED)]),
        (
            "svb_us_example.bai2",
            [("••7890", "USD", 1, 4901_9600, Verdict.PROVED), ("••7890", "USD", 1, 9058_0000, Verdict.PROVED)],
        ),
        ("fixed_length_text.txt", [("••3456", "CAD", 11, 0, Verdict.PROVED), ("••3456", "CAD", 6, 0, Verdict.PROVED)]),
        (
            "funds_types.txt",
            [
                ("••6789", "USD", 1, 4500_0000, Verdict.UNPROVED),
                ("••3210", "USD", 1, 5000_0000, Verdict.CONTRADICTED),
                ("••1203", "USD", 2, 300_000_0000, Verdict.CONTRADICTED),
                ("••2468", "USD", 0, 0, Verdict.UNPROVED),
                ("••4321", "USD", 0, 0, Verdict.UNPROVED),
            ],
        ),
    ],
)  # fmt: skip
def test_reports_of_banks(file: str, expected: list[object]) -> None:
    """Their own trailers agree with what was read: not a record is missing."""
    data = (SAMPLES / file).read_bytes()
    assert detect(data, file) == "bai2"
    found = reading(data)
    everything = collect(found)
    assert [
        (found.account.label, found.currency, found.rows, sum(row.amount for row in s.rows), found.proof.verdict)
        for s in everything
        for found in [s.statement]
    ] == expected
    assert not [row for s in everything for row in s.unreadable]
    issues = [*found.issues, *(issue for s in everything for issue in s.statement.issues)]
    assert {issue.code for issue in issues} <= {"group-status"}


def test_several_records_on_one_line() -> None:
    data = (SAMPLES / "records_on_one_line.txt").read_bytes()
    assert detect(data, "x") == "bai2"
    found = reading(data)
    everything = collect(found)
    assert found.issues == []  # the sums and counts of all trailers agree
    assert len(everything) == 15
    assert {s.statement.proof.verdict for s in everything} == {Verdict.PROVED}
    assert [row.line for row in everything[0].rows] == [3, 3, 4, 5, 7, 9]
    assert everything[0].rows[0].description == "TRANSFER PAYPAL PPD"
    # a line break within a text
    assert everything[7].rows[0].description == "111111 ACH_SETL 1111111111 111111111111111 1111111111"


def test_slashes_in_references_and_text() -> None:
    everything = statements((SAMPLES / "slashes_in_references.txt").read_bytes())
    third = everything[1].rows[2]
    assert third.reference == "SPB2322684598521"
    assert "Client Ref ID: AB/GS/TEST0001/RPBA0001, GS ID: SPB" in third.description


def test_balances_alone_are_no_transactions() -> None:
    with pytest.raises(FileRefused) as refused:
        reading((SAMPLES / "account_trailer_amount_blank_example.bai2").read_bytes())
    assert refused.value.code == "no-transactions"


# Layouts


def padded(text: str) -> str:
    return "".join(f"{line:<80}\n" for line in text.splitlines())


@pytest.mark.parametrize(
    "data",
    [
        REPORT.replace("\n", "\r\n"),
        "\ufeff\n" + REPORT,
        padded(REPORT),
        padded(REPORT).replace("\n", ""),
        padded(REPORT.replace("Coffee/", "Coffee")),
        REPORT.replace("/\n", "\n"),
        REPORT.replace("\n", "\n\n"),
        "  " + REPORT.replace("\n", "\n  "),
        REPORT.replace("260302,0200,1,,,2/", "260302,0200/\n88,1,,,2/").replace("99,20000,1,7", "99,20000,1,8"),
        REPORT.replace("01,BANK,ME,", "01,BANK,ME/\n88,").replace("99,20000,1,7", "99,20000,1,8"),
        REPORT.rstrip() + "\x1a",
    ],
    ids=["crlf", "bom", "padded", "one line", "text to the end", "no slash", "blank lines", "indented",
         "continued header", "cut header", "ctrl-z"],
)  # fmt: skip
def test_layouts(data: str) -> None:
    assert detect(data.encode(), "x.txt") == "bai2"
    found = reading(data)
    (statement,) = collect(found)
    assert statement.statement.proof.verdict is Verdict.PROVED
    assert [(row.description, row.reference) for row in statement.rows] == [("Coffee", "B77")]
    assert [*found.issues, *statement.statement.issues] == []
    lines = data.replace("\r\n", "\n").split("\n")
    assert lines[statement.rows[0].line - 1].strip().startswith("16,") or "\n" not in data


def test_utf16() -> None:
    assert detect(REPORT.encode("utf-16"), "x") == "bai2"
    assert len(statements(REPORT.encode("utf-16"))) == 1


@pytest.mark.parametrize(
    "data",
    [
        "01,foo,bar,260301,12.00\n02,foo,bar,260302,13.00\n",
        "01,foo,12.00\n02,bar,13.00\n",
        "02,ME,122099999,1,260301,2359,USD,2/\n",
    ],
)
def test_numbered_lines_are_no_records(data: str) -> None:
    assert detect(data.encode(), "x.csv") == "delimited"


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ("16,475,450,,B1,C1,Text, with/ all of it\n", ("B1", "Text, with/ all of it")),
        ("16,475,450,0,B1,C1,Text\n88,goes on, here/\n88,and here\n", ("B1", "Text goes on, here and here")),
        ("16,475,450,1,B1,C1/\n88,Text\n", ("B1", "Text")),
        ("16,475,450,2,B1,/\n88,Text/\n", ("B1", "Text")),
        ("16,475,450,S,100,200,150,B1,C1,Text/\n", ("B1", "Text")),
        ("16,475,450,S,100/\n88,200,150,B1/\n88,C1,Text/\n", ("B1", "Text")),
        ("16,475,450,V,260302,,B1,C1,Text/\n", ("B1", "Text")),
        ("16,475,450,V,260302,2400,B1,C1,Text/\n", ("B1", "Text")),
        ("16,475,450,D,2,0,200,1,250,B1,C1,Text/\n", ("B1", "Text")),
        ("16,475,450,B1,C1,Text/\n", ("B1", "Text")),
        ("16,475,450,,,,Text\nwith a line break/\n", (None, "Text with a line break")),
        ("16,475,450,,000,1012,/\n", (None, "Check paid 1012")),
        ("16,455,450,,,/\n", (None, "Preauthorized ACH debit")),
        ("16,455,450/\n", (None, "Preauthorized ACH debit")),
        ("16,412,450,,,,/\n", (None, "Transaction of type 412")),
    ],
)
def test_details(record: str, expected: tuple[str, str]) -> None:
    found = row(record)
    assert (found.reference, found.description) == expected
    assert (found.amount, found.posted_date) == (-45_000, date(2026, 3, 1))


def test_full_lines_of_fixed_length_go_on_without_a_blank() -> None:
    text = "16,475,450,Z,B77,1012,".ljust(78, "x") + "CO"
    fixed = REPORT.replace("0200,1,,,2/", "0200,1,80,,2/").replace(ENTRY, f"{text}\n88,FFEE\n")
    (found,) = statements(padded(fixed))[0].rows
    assert found.description.endswith("xCOFFEE")
    (found,) = statements(padded(fixed.replace("1,80,,2/", "1,,,2/")))[0].rows
    assert found.description.endswith("xCO FFEE")
    (found,) = statements(padded(fixed.replace(text, "16,475,450,,B77,,Hot")))[0].rows
    assert found.description == "Hot FFEE"


@pytest.mark.parametrize(
    ("code", "sign"),
    [(101, 1), (399, 1), (401, -1), (699, -1), (721, 1), (760, -1), (920, 1), (959, 1), (960, -1), (999, -1)],
)
def test_directions(code: int, sign: int) -> None:
    found = row(f"16,{code},450,,,,x/\n")
    assert found.amount == sign * 45_000
    assert [issue.code for issue in found.issues] == (["loan-entry"] if code // 100 == 7 else [])


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ("16,010,450,,,,x/", "type 010 is not one of a transaction"),
        ("16,100,450,,,,x/", "type 100 is a total, not a transaction"),
        ("16,701,450,,,,x/", "type 701 is not one of a transaction"),
        ("16,4X5,450,,,,x/", "'4X5' is no type code"),
        ("16,475,,,,,x/", "the amount is missing"),
        ("16,475,4.50,,,,x/", "'4.50' is no amount"),
        ("17,475,450,,,,x/", "the line is no record of a BAI2 file"),
        ("88", None),
    ],
)
def test_what_cannot_be_read_is_reported_with_its_line(record: str, reason: str | None) -> None:
    (statement,) = statements(HEAD + ACCOUNT + ENTRY + record + "\n" + ENTRY)
    assert [row.line for row in statement.rows] == [4, 6]
    expected = [(5, reason)] if reason else []
    assert [(row.line, row.reason) for row in statement.unreadable] == expected


def test_numbers_in_what_cannot_be_read_are_masked() -> None:
    (statement,) = statements(HEAD + ACCOUNT + "16,475,,,,,DE89370400440532013000/\n")
    assert "0532013" not in statement.unreadable[0].text


def test_a_message_is_no_money() -> None:
    said = "16,890,,,,,detail will be delayed until 11:00 AM.\n"
    data = f"{HEAD}03,0012345678,,/\n{ENTRY}{said}49,450,4/\n98,450,1,6/\n99,450,1,8/"
    (statement,) = statements(data)
    assert [row.line for row in statement.rows] == [4]
    ((code, message, source),) = statement.statement.issues
    assert (code, source) == ("message", "line 5")
    assert message.endswith("detail will be delayed until 11:00 AM.")


# Days and currencies


@pytest.mark.parametrize(
    ("group", "account", "units", "currency"),
    [
        ("", "", 4_5000, "USD"),
        ("CAD", "", 4_5000, "CAD"),
        ("CAD", "EUR", 4_5000, "EUR"),
        ("", "jpy", 450_0000, "JPY"),
        ("KWD", "", 4500, "KWD"),
    ],
)
def test_currencies(group: str, account: str, units: int, currency: str) -> None:
    head = HEAD.replace("USD", group)
    (statement,) = statements(f"{head}03,1,{account},010,0,,/\n16,399,450,,,,x/\n")
    assert [(row.amount, row.currency) for row in statement.rows] == [(units, currency)]


def test_dollars_are_said_to_be_assumed() -> None:
    def evidence(data: str) -> list[str]:
        return [e.decision for e in reading(data).evidence if e.what == "currency"]

    assert evidence(HEAD.replace("USD", "") + "03,1,,/\n" + ENTRY) == ["USD"]
    assert evidence(HEAD + "03,1,,/\n" + ENTRY) == []


def test_what_is_no_currency_is_told() -> None:
    assert ("unknown-currency", "line 3") in told(f"{HEAD}03,1,US$,010,0,,/\n{ENTRY}")


def test_a_value_date_that_is_no_day_is_told_with_its_line() -> None:
    found = row("16,475,450,V,260230,,B1,C1,Text/\n")
    assert [(issue.code, issue.source) for issue in found.issues] == [("impossible-date", "line 4")]
    assert found.posted_date == date(2026, 3, 1)


def test_without_an_as_of_date_only_value_dates_tell_the_day() -> None:
    head = HEAD.replace("1,260301", "1,261341")
    found = reading(head + ACCOUNT + ENTRY + ENTRY.replace("Z", "V,260302,"))
    (statement,) = collect(found)
    assert [(row.line, row.posted_date) for row in statement.rows] == [(5, date(2026, 3, 2))]
    assert [(row.line, row.reason) for row in statement.unreadable] == [(4, "its group has no as-of date")]
    assert ("no-as-of-date", "line 2") in [(issue.code, issue.source) for issue in found.issues]


def day(day_: int, opening: int, closing: int) -> str:
    return f"02,ME,1,1,2603{day_:02},,,2/\n03,123,,010,{opening},,,015,{closing},,/\n{ENTRY}49,,/\n98,,,/\n"


def test_days_of_one_account_follow_each_other() -> None:
    head = HEAD.partition("\n")[0] + "\n"
    good = head + day(1, 1450, 1000) + day(2, 1000, 550) + "99,,,/"
    assert [s.statement.first_date for s in statements(good)] == [date(2026, 3, 1), date(2026, 3, 2)]
    assert told(good) == []
    assert told(head + day(1, 1450, 1000) + day(3, 900, 450) + "99,,,/") == [("balance-gap", "line 8")]
    # reports of one day may all begin with its opening balance
    assert told(head + day(1, 1450, 1000) + day(1, 1450, 1000) + "99,,,/") == []


def test_accounts_are_kept_apart_and_may_be_named() -> None:
    data = HEAD + ACCOUNT + ENTRY + ACCOUNT.replace("5678", "9999") + ENTRY
    assert [s.statement.account.label for s in statements(data)] == ["••5678", "••9999"]
    named = reading(data, account="mine")
    assert [s.statement.account.label for s in collect(named)] == ["mine", "••9999"]
    assert "several-accounts" in [issue.code for issue in named.issues]


@pytest.mark.parametrize("status", ["2", "3", "4"])
def test_a_group_that_is_no_update_is_told(status: str) -> None:
    assert told(REPORT.replace("122099999,1", f"122099999,{status}")) == [("group-status", "line 2")]


# Proof


@pytest.mark.parametrize(
    ("summaries", "verdict", "method"),
    [
        ("015,9550,,", Verdict.UNPROVED, "opening and closing"),
        ("100,0,0,,400,450,1,", Verdict.PROVED, "total"),
        ("100,0,0,Z,400,450,1,V,260301,", Verdict.PROVED, "total"),
        ("100,0,0,Z,400,450,1,S,1,2,3", Verdict.PROVED, "total"),
        ("400,450,1,D,2,0,400,1,50,100,0,0,", Verdict.PROVED, "total"),
        ("100,0/\n88,400,450", Verdict.PROVED, "total"),
        ("400,450,1,", Verdict.PROVED, "total"),
        ("100,0,0,", Verdict.UNPROVED, "none"),
        ("100,0,0,,400,451,1,", Verdict.CONTRADICTED, "total"),
        ("040,1000,,,045,550,,", Verdict.PROVED, "opening and closing"),
        ("040,1000,,,045,551,,", Verdict.UNPROVED, "none"),
        (",,,,010,1000,,,015,550,,", Verdict.PROVED, "opening and closing"),
        ("", Verdict.CONSISTENT, "none"),
    ],
)
def test_what_proves_a_report(summaries: str, verdict: Verdict, method: str) -> None:
    (statement,) = statements(f"{HEAD}03,123,,{summaries}/\n{ENTRY}")
    assert (statement.statement.proof.verdict, statement.statement.proof.method) == (verdict, method)
    if verdict is Verdict.CONTRADICTED:
        assert statement.statement.proof.breaks_at == "line 3"


def test_totals_beside_balances_are_told_where_they_do_not_fit() -> None:
    data = f"{HEAD}03,123,,010,1000,,,015,550,,/\n88,100,1,0,,400,450,2,/\n{ENTRY}"
    (statement,) = statements(data)
    assert statement.statement.proof.verdict is Verdict.PROVED
    assert [(issue.code, issue.source) for issue in statement.statement.issues] == [
        ("total", "line 4"),
        ("item-count", "line 4"),
    ]


def test_balances_that_cannot_be_read_are_told() -> None:
    assert ("unreadable-balance", "line 3") in told(REPORT.replace("010,10000", "010,1O000"))
    assert ("unreadable-balance", "line 3") in told(REPORT.replace("010,10000", "X10,10000"))


# Trailers


@pytest.mark.parametrize(
    ("right", "wrong", "expected"),
    [
        ("49,20000,3", "49,20001,3", [("control-total", "line 5"), ("control-total", "line 6")]),
        ("49,20000,3", "49,20000,4", [("record-count", "line 5")]),
        ("98,20000,1,5", "98,20000,2,5", [("part-count", "line 6")]),
        ("98,20000,1,5", "98,20000,1,6", [("record-count", "line 6")]),
        ("98,20000,1,5", "98,-20000,1,5", [("control-total", "line 6"), ("control-total", "line 7")]),
        ("99,20000,1,7", "99,20000,2,7", [("part-count", "line 7")]),
        ("99,20000,1,7", "99,20000,1,8", [("record-count", "line 7")]),
        ("99,20000,1,7", "99,2OOOO,1,7", [("control-total", "line 7")]),
        ("49,20000,3", "49,+0000020000,3", []),
        ("49,20000,3/", "49,,3/", []),
        ("49,20000,3/\n", "", [("truncated", "line 3"), ("control-total", "line 5"), ("record-count", "line 5"),
                               ("record-count", "line 6")]),
        ("98,20000,1,5/\n", "", [("truncated", "line 2"), ("control-total", "line 6"), ("record-count", "line 6")]),
        ("99,20000,1,7/\n", "", [("truncated", "line 1")]),
        ("49,20000,3/\n", "49,20000,3/\n49,20000,3/\n", [("record-order", "line 6"), ("record-count", "line 7"),
                                                         ("record-count", "line 8")]),
        ("01,BANK,ME,260302,0200,1,,,2/\n", "", [("truncated", None), ("record-order", "line 6")]),
        ("1,,,2/", "1,,,3/", [("version", "line 1")]),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told(right: str, wrong: str, expected: list[tuple[str, str]]) -> None:
    assert sorted(told(REPORT.replace(right, wrong, 1)), key=str) == sorted(expected, key=str)


def test_a_lost_row_shows_in_the_trailers() -> None:
    codes = [code for code, _ in told(REPORT.replace(ENTRY, ENTRY + ENTRY))]
    assert codes.count("control-total") == 1
    assert codes.count("record-count") == 3


def test_transactions_in_no_account_are_kept() -> None:
    (statement,) = statements(HEAD + ENTRY)
    assert [row.line for row in statement.rows] == [3]
    assert ("no-account", "line 3") in told(HEAD + ENTRY)
    behind = HEAD + ACCOUNT + ENTRY + "49,20000,3/\n" + ENTRY
    assert [[row.line for row in s.rows] for s in statements(behind)] == [[4], [6]]


def test_lines_before_the_first_account_are_told() -> None:
    assert ("unreadable-record", "line 1") in told("$$ADD ID=X\nmore\n" + REPORT)


def test_a_file_that_is_wrong_everywhere_is_told_in_short() -> None:
    codes = [code for code, _ in told(REPORT + "49,1,1/\n" * 5000)]
    assert codes.count("record-order") == 1000
    assert codes[1000] == "more-issues"


def test_one_long_line() -> None:
    entries = padded(ENTRY * 30_000).replace("\n", "")
    (statement,) = statements((padded(HEAD + ACCOUNT) + entries).replace("\n", ""))
    assert [len(statement.rows), len(statement.unreadable)] == [30_000, 0]


def test_many_rows_are_read_as_one_by_one() -> None:
    """Rows written alike go through one expression, others one after the other: the same comes out."""
    odd = "16,142,100,S,1,2,3,X1,,odd\n88,more\n"
    many = HEAD + "03,123,,/\n" + "".join(ENTRY if i % 7 else odd for i in range(20_000))
    (statement,) = statements(many)
    assert len(statement.rows) == 20_000
    for i, found in enumerate(statement.rows):
        expected = ("Coffee", -45_000, "B77") if i % 7 else ("odd more", 10_000, "X1")
        assert (found.description, found.amount, found.reference) == expected
    lines = many.split("\n")
    assert all(lines[found.line - 1].startswith("16,") for found in statement.rows)


# Round trip

WORD = st.text("abcXYZ019,.:-/", min_size=1, max_size=20).map(lambda word: word.strip("/"))
TEXT = st.lists(WORD, max_size=12).map(lambda words: " ".join(filter(None, words)))
REFERENCE = st.text("ABC123", max_size=12)
FUNDS = st.sampled_from(["", "Z", "0", "1", "2", "V,260301,", "V,260301,1300", "S,1,2,3", "D,2,0,1,1,2"])
TYPES = st.sampled_from([108, 142, 195, 399, 409, 451, 475, 699, 925, 965])
DETAILS = st.tuples(TYPES, st.integers(0, 10**9), FUNDS, REFERENCE, REFERENCE, TEXT)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.sampled_from(["USD", "JPY", "KWD"]), st.lists(DETAILS, max_size=6)), min_size=1, max_size=4),
    st.booleans(),
    st.integers(20, 90),
)
def test_what_is_written_is_read(
    accounts: list[tuple[str, list[tuple[int, int, str, str, str, str]]]], pads: bool, wide: int
) -> None:
    """Any accounts, written with any line length, are read as they were, proved and without a doubt."""
    if not any(details for _, details in accounts):
        return
    records = ["02,ME,1,1,260301,,,2/"]
    group = 0
    expected = []
    for number, (currency, details) in enumerate(accounts):
        signs = [1 if code < 400 or 920 <= code < 960 else -1 for code, *_ in details]
        moved = sum(sign * detail[1] for sign, detail in zip(signs, details, strict=True))
        own = [f"03,{number:08},{currency},010,5,,,015,{5 + moved},,/"]
        for code, amount, funds, bank, customer, text in details:
            first = f"16,{code},{amount},{funds},{bank},{customer},"
            words = [*text.split(" ")]
            line = first + words[0]
            for word in words[1:]:
                if len(line) + len(word) >= max(wide, len(first)):
                    own.append(line)
                    line = f"88,{word}"
                else:
                    line += f" {word}"
            own.append(line)
        control = 10 + moved + sum(detail[1] for detail in details)
        own.append(f"49,{control},{len(own) + 1}/")
        group += control
        records += own
        scale = UNITS // 10 ** exponent(currency)
        expected.append(
            [
                (sign * amount * scale, currency, bank if set(bank) & set("123") else None, text)
                for sign, (_, amount, _, bank, _, text) in zip(signs, details, strict=True)
                if text
            ]
        )
    records.append(f"98,{group},{len(accounts)},{len(records) + 1}/")
    records = ["01,A,B,260301,,,,,2/", *records, f"99,{group},1,{len(records) + 2}/"]
    data = "".join(f"{record:<96}\n" if pads else f"{record}\n" for record in records)
    assert detect(data.encode(), "x") == "bai2"
    found = reading(data)
    everything = collect(found)
    assert [
        [
            (row.amount, row.currency, row.reference, row.description)
            for row, detail in zip(s.rows, details, strict=True)
            if detail[5]
        ]
        for s, (_, details) in zip(everything, accounts, strict=True)
    ] == expected
    assert {s.statement.proof.verdict for s in everything} == {Verdict.PROVED}
    assert found.issues == []
    assert all(s.statement.issues == () for s in everything)


# Any bytes

PIECES = st.sampled_from(
    [
        b"01,A,B,260301,0200,1,80,,2/", b"\n02,A,B,1,260301,2359,USD,2/", b"\n02,", b"\n03,123,,010,100,,,015,200,,/",
        b"\n03,", b"\n16,", b"\n16,475,450,Z,B1,C1,x/", b"\n16,890,,,,,x", b"\n88,", b"\n49,100,2/", b"\n98,1,1,1/", b"\n99,",
        b"100,", b"400,1,2,S,1,2,3", b"V,260230,", b"D,999999999,", b"450", b"-1", b",", b"/", b"/ ", b"/  16,475,450,,,,x",
        b" ", b"\n", b"\r\n", b"\r", b"\x1a", b"\xff", b"\n17,", b"JPY", b"US$", b"\n16,399,9999999999999999,",
    ]
)  # fmt: skip


@settings(deadline=None, max_examples=500)
@given(st.lists(PIECES | st.binary(max_size=8), max_size=50).map(b"".join))
def test_any_bytes_end_in_a_reading_or_a_refusal(data: bytes) -> None:
    try:
        found = reading(data)
    except FileRefused:
        return
    for statement in collect(found):
        total = sum(statement.statement.money_in.values()) + sum(statement.statement.money_out.values())
        assert total == sum(row.amount for row in statement.rows)
        assert statement.statement.rows == len(statement.rows)
        assert all(row.description.isprintable() for row in statement.rows)
        places = [row.line for row in statement.rows]
        assert places == sorted(places)


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10_000), st.text(max_size=3).map(str.encode), st.integers(0, 20))
def test_no_detail_is_lost(at: int, put: bytes, cut: int) -> None:
    """Whatever is changed within the details, each `16,` at the beginning of a line is a row or unreadable."""
    whole = (HEAD + ACCOUNT + ENTRY * 60 + END).encode()
    begin, end = len((HEAD + ACCOUNT).encode()), len((HEAD + ACCOUNT + ENTRY * 59).encode())
    at = begin + at % (end - begin)
    data = whole[:at] + put + whole[at + cut :]
    text = data.decode().replace("\r\n", "\n").replace("\r", "\n")
    entries = sum(re.match(r"[\s\x00\x1a\ufeff]*16,", line) is not None for line in text.split("\n"))
    found = statements(data)
    rows = sum(len(s.rows) for s in found)
    assert rows + sum(row.text.startswith("16,") for s in found for row in s.unreadable) >= entries
    assert rows <= entries


@pytest.mark.parametrize(
    "data",
    [
        (HEAD + ACCOUNT).encode() + b"16," * 100_000,
        (HEAD + ACCOUNT).encode() + b"\n16," * 100_000,
        (HEAD + ACCOUNT + ENTRY).encode() + b"88,x\n" * 100_000,
        (HEAD + ACCOUNT + ENTRY).encode() + b"x\n" * 100_000,
        (HEAD + ACCOUNT).encode() + b"16,475,450,,,," + b"x" * 2_000_000,
        (HEAD + ACCOUNT).encode() + b"16,475,450,D,999999999" + b",1" * 500_000,
        (HEAD + ACCOUNT).encode() + b"16,475,450,,,,a/" + b" " * 1_000_000,
        (HEAD + ACCOUNT).encode() + b"/ " * 500_000,
        (HEAD + ACCOUNT).encode() + b"/ 03," * 200_000,
        (HEAD + "03,1,").encode() + b",010,1,," * 100_000,
        (HEAD + ACCOUNT * 10_000).encode(),
    ],
    ids=lambda data: repr(data[len(HEAD + ACCOUNT) :][:30]),
)
def test_hostile_files_cost_little(data: bytes) -> None:
    with suppress(FileRefused):
        collect(reading(data))


def test_amounts_are_exact() -> None:
    found = row("16,399,999999999999999999,,,,x/\n")
    assert Decimal(found.amount) / UNITS == Decimal("9999999999999999.99")
