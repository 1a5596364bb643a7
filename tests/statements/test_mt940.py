"""MT940 and MT942 in the dialects of banks: the same rows, the same proof."""

import io
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from smartimport_cli.core.errors import FileRefused
from smartimport_cli.core.model import Choices, Reading, StagedTransaction, Verdict
from smartimport_cli.statements import Collected, collect, mt940
from smartimport_cli.statements.detect import detect
from smartimport_cli.statements.mt940.details import parse_details
from smartimport_cli.statements.mt940.values import parse_amount

HEAD = ":20:STARTUMS\n:25:10020030/1234567\n:28C:1/1\n:60F:C260301EUR100,00\n"
ENTRY = ":61:2603020302D4,50NMSCNONREF//B77\n:86:166?00KARTENZAHLUNG?20SVWZ+Coffee?32Cafe Nero\n"
END = ":62F:C260331EUR{}\n-\n"


def reading(data: bytes | str, **choices: object) -> Reading:
    content = data.encode() if isinstance(data, str) else data
    return mt940.read(io.BytesIO(content), name="test.sta", size=len(content), choices=Choices(**choices))  # type: ignore[arg-type]


def statements(data: bytes | str, **choices: object) -> list[Collected]:
    return collect(reading(data, **choices))


def rows(data: bytes | str, **choices: object) -> list[StagedTransaction]:
    return [row for statement in statements(data, **choices) for row in statement.rows]


def entry(field: str, details: str = ":86:x\n") -> StagedTransaction:
    (row,) = rows(f"{HEAD}:61:{field}\n{details}{END.format('0,00')}")
    return row


def test_a_statement_proves_itself() -> None:
    (statement,) = statements(HEAD + ENTRY + END.format("95,50"))
    (row,) = statement.rows
    assert (row.line, row.posted_date, row.amount, row.currency) == (5, date(2026, 3, 2), -45_000, "EUR")
    assert (row.description, row.merchant, row.reference) == ("Cafe Nero - Coffee", "Cafe Nero", "B77")
    assert statement.statement.account.label == "••4567"
    assert statement.statement.opening_balance == 1_000_000
    assert statement.statement.closing_balance == 955_000
    assert statement.statement.proof.verdict is Verdict.PROVED


def test_a_contradiction_says_where() -> None:
    (statement,) = statements(HEAD + ENTRY + END.format("95,51"))
    assert statement.statement.proof.verdict is Verdict.CONTRADICTED
    assert statement.statement.proof.breaks_at == "line 7"


@pytest.mark.parametrize(
    ("mark", "units"),
    [
        ("C", 1),
        ("D", -1),
        ("RC", -1),
        ("RD", 1),
        ("CR", 1),
        ("DR", -1),
        ("CD", 1),
        ("RCR", -1),
        ("EC", 1),
        ("ED", -1),
    ],
)
def test_marks(mark: str, units: int) -> None:
    """Reversals turn the sign; a third letter is that of the currency; expected entries are pending."""
    row = entry(f"2603020302{mark}12,5NTRFNONREF")
    assert row.amount == units * 125_000
    assert row.pending is (mark[0] == "E")


@pytest.mark.parametrize(
    ("field", "day"),
    [
        ("260302D1,NTRF", date(2026, 3, 2)),
        ("2603020303D1,NTRF", date(2026, 3, 2)),
        ("260302    D1,NTRF", date(2026, 3, 2)),
        ("20260302D1,NTRF", date(2026, 3, 2)),
        ("990302D1,NTRF", date(1999, 3, 2)),
    ],
)
def test_dates(field: str, day: date) -> None:
    assert entry(field).posted_date == day


def test_30_february_is_reported_with_its_line() -> None:
    row = entry("1602300301DR6,00N024NONREF")
    assert row.posted_date == date(2016, 3, 1)
    assert [(issue.code, issue.source) for issue in row.issues] == [("impossible-date", "line 5")]


def test_a_date_that_nothing_explains_is_unreadable() -> None:
    (statement,) = statements(HEAD + ":61:261340D1,NTRF\n:86:x\n" + ENTRY + END.format("95,50"))
    assert [row.line for row in statement.unreadable] == [5]
    assert [row.line for row in statement.rows] == [7]


@pytest.mark.parametrize(
    ("text", "units"),
    [("1,", 10_000), ("1,5", 15_000), ("1234,56", 12_345_600), ("12.50", 125_000), ("1.234,56", 12_345_600), (",5", 5_000),
     ("1,2345", 12_345), ("35122", 351_220_000)],
)  # fmt: skip
def test_amounts(text: str, units: int) -> None:
    assert parse_amount(text) == units


@pytest.mark.parametrize("text", ["1.234", "1,2,3", "1..2", "12,34567", "9" * 40])
def test_no_amounts(text: str) -> None:
    with pytest.raises(ValueError):
        parse_amount(text)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("166?00UEBERWEISUNG?10931?20EREF+1?21SVWZ+Rent March?30B?31A?32Jane?33Doe", ("Jane Doe", "Rent March")),
        ("166?00LOHN?20EREF+1234567890123456789012?2134?22SVWZ+March?23 and April?32Jo", ("Jo", "March and April")),
        ("166?00LOHN?20EREF+1234567890123456789012?21SVWZ+March?32Jo", ("Jo", "March")),  # a full line before it
        ("166?00LOHN?20MREF+7?21SVWZ+March?22ABWA+Jane?32Jo", ("Jo", "March")),
        ("166?00LOHN?20EREF+1?21SVWZ+ ?32Jo", ("Jo", "LOHN")),
        ("166?00GUTSCHRIFT?20Beitrag Musical fuer Freunde?21 und Kinder?32Jo", ("Jo", "Beitrag Musical fuer Freunde und Kinder")),
        ("051?00DAUERAUFTRAG?20Miete Nov\nember?32MUELLER?34339", ("MUELLER", "Miete November")),
        ("000>100123456789>20 RENT>21 FEB 2010>310390123456", ("", "RENT FEB 2010")),
        ("166?00LASTSCHRIFT?32Utility", ("Utility", "LASTSCHRIFT")),
        ("/TRTP/SEPA OVERBOEKING/IBAN/FR14/BIC/PSST/NAME/Boulangerie/REMI/Facture 42", ("Boulangerie", "Facture 42")),
        ("/CNTP/NL32INGB0000012345/INGBNL2A/ING Test/AMS///REMI/USTD//EV1001/", ("ING Test", "EV1001")),
        ("RETRAIT GUICHET\nAUTOMATIQUE", ("", "RETRAIT GUICHET AUTOMATIQUE")),
        ("x" * 65 + "\ny", ("", "x" * 65 + "y")),
        ("NL47INGB0000000001 j blom\nSalary", ("", "j blom Salary")),
        ("999PN5477SCHECK", ("", "SCHECK")),
        ("073\n073~00MD02PRZELEW ~20Payment by card~32SHOP~33WARSZAWA", ("SHOP WARSZAWA", "Payment by card")),
        ("", ("", "")),
    ],
)  # fmt: skip
def test_details(raw: str, expected: tuple[str, str]) -> None:
    assert parse_details(raw) == expected


def test_what_stands_behind_an_entry_names_it_where_field_86_does_not() -> None:
    assert entry("260302D1,NTRFNONREF\nMobile payment", "").description == "Mobile payment"
    assert entry("260302D1,NCHK1234", "").description == "Check 1234"


ENVELOPE = "{1:F01BANKDEFFAXXX0000000000}{2:I940BANKDEFFXXXXN}{4:\r\n"


@pytest.mark.parametrize(
    "data",
    [
        HEAD + ENTRY + END.format("95,50"),
        (HEAD + ENTRY + END.format("95,50")).replace("\n", "\r\n"),
        ENVELOPE + (HEAD + ENTRY + END.format("95,50")).replace("\n", "\r\n") + "}\x03",
        "ABNANL2A\n940\nABNANL2A\n" + HEAD + ENTRY + END.format("95,50"),
        ":940:\n" + HEAD + ENTRY + END.format("95,50"),
        "\ufeff\n" + HEAD + ENTRY + END.format("95,50").rstrip("\n-"),
        "\x01" + HEAD + ENTRY + END.format("95,50") + "\x03",
    ],
    ids=["bare", "crlf", "envelope", "header", "940", "bom", "control"],
)
def test_what_stands_around_messages(data: str) -> None:
    assert detect(data.encode(), "x.txt") == "mt940"
    (statement,) = statements(data)
    assert statement.statement.proof.verdict is Verdict.PROVED
    assert [row.description for row in statement.rows] == ["Cafe Nero - Coffee"]
    before = data[: data.index(":61:")]
    assert statement.rows[0].line == before.replace("\r\n", "\n").count("\n") + 1


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
def test_lines_may_end_in_any_way_and_marks_be_small(end: str) -> None:
    lines = ":20:X|:25:123456789|:28C:1|:60F:C260301EUR10,00|:61:2603020302d5,00NTRFNONREF|:62F:C260302EUR5,00|-|".split("|")
    data = end.join(lines)
    assert detect(data.encode(), "x") == "mt940"
    (collected,) = statements(data)
    assert [row.amount for row in collected.rows] == [-50_000]
    assert collected.statement.proof.verdict is Verdict.PROVED


def test_utf16() -> None:
    data = (HEAD + ENTRY + END.format("95,50")).encode("utf-16")
    assert detect(data, "x") == "mt940"
    assert len(rows(data)) == 1


def test_pages_of_one_account_are_followed() -> None:
    second = HEAD.replace("60F", "60M").replace("100,00", "95,50") + ENTRY + END.format("91,00")
    both = statements(HEAD + ENTRY + END.format("95,50").replace("62F", "62M") + second)
    assert [s.statement.proof.verdict for s in both] == [Verdict.PROVED] * 2
    assert not any(s.statement.issues for s in both)
    gap = statements(
        HEAD + ENTRY + END.format("95,50") + second.replace("EUR95,50", "EUR90,00").replace("91,00", "85,50")
    )
    assert [[issue.code for issue in s.statement.issues] for s in gap] == [[], ["balance-gap"]]
    newest_first = statements(second + HEAD + ENTRY + END.format("95,50"))
    assert not any(s.statement.issues for s in newest_first)


def test_accounts_and_currencies_are_kept_apart() -> None:
    other = (
        HEAD.replace("1234567", "7654321").replace("EUR", "USD")
        + ENTRY
        + END.format("95,50").replace("EUR", "USD")
    )
    both = statements(HEAD + ENTRY + END.format("95,50") + other)
    assert [(s.statement.account.label, s.statement.currency) for s in both] == [
        ("••4567", "EUR"),
        ("••4321", "USD"),
    ]
    named = reading(HEAD + ENTRY + END.format("95,50") + other, account="mine")
    assert [s.statement.account.label for s in collect(named)] == ["mine", "••4321"]
    assert [issue.code for issue in named.issues] == ["several-accounts"]


def test_a_cut_download_is_reported() -> None:
    found = reading(HEAD + ENTRY)
    (statement,) = collect(found)
    assert statement.statement.proof.verdict is Verdict.UNPROVED
    assert [issue.code for issue in found.issues] == ["truncated"]


@pytest.mark.parametrize(("total", "verdict"), [("4,50", Verdict.PROVED), ("4,51", Verdict.CONTRADICTED)])
def test_mt942_is_proved_by_its_totals(total: str, verdict: Verdict) -> None:
    head = ":20:1\n:25:PL29114010810000267002001002\n:28C:1\n:34F:PLN0,\n:13D:2603021815+0100\n"
    found = reading(f"{head}{ENTRY}:90D:1PLN{total}\n:90C:0PLN0,\n-\n")
    (statement,) = collect(found)
    assert found.format == "mt942"
    assert statement.statement.currency == "PLN"
    assert statement.statement.proof.verdict is verdict


def test_nothing_in_it() -> None:
    with pytest.raises(FileRefused) as refused:
        reading(HEAD + END.format("100,00"))
    assert refused.value.code == "no-transactions"


def test_many_rows_are_read_as_one_by_one() -> None:
    """Rows written alike go through one expression, others one after the other: the same comes out."""
    odd = ":61:260302D1NTRFNONREF\nmore\n:86:/NAME/Jane/REMI/odd\n"
    many = HEAD + "".join(ENTRY if i % 7 else odd for i in range(3000)) + END.format("0,00")
    (statement,) = statements(many)
    assert len(statement.rows) == 3000
    for i, row in enumerate(statement.rows):
        expected = ("Cafe Nero - Coffee", -45_000, "B77") if i % 7 else ("Jane - odd", -10_000, None)
        assert (row.description, row.amount, row.reference) == expected
    lines = many.split("\n")
    assert all(lines[row.line - 1].startswith(":61:") for row in statement.rows)


# Any bytes

PIECES = st.sampled_from(
    [
        b":20:A\n", b"\n:25:1/2\n", b"\n:28C:1\n", b"\n:60F:C260301EUR1,\n", b"\n:62F:D260301EUR1,\n", b"\n:61:",
        b"2603020302", b"160230", b"D", b"RC", b"1,50", b"1.234", b"NTRF", b"NONREF//1", b"\n:86:", b"166?00A?20B?32C",
        b"/NAME/", b"/REMI/", b"\n-", b"-}", b"{4:", b"\n", b"\r\n", b"\x01", b"\xff", b"?", b"\n:90D:1EUR1,\n", b"\n:34F:EUR\n",
        b":61:2603020302D4,50NMSCNONREF//B77\n:86:x\n:61:",
    ]
)  # fmt: skip


@settings(deadline=None, max_examples=400)
@given(st.lists(PIECES | st.binary(max_size=8), max_size=50).map(b"".join))
def test_any_bytes_end_in_a_reading_or_a_refusal(data: bytes) -> None:
    try:
        found = reading(data)
    except FileRefused:
        return
    everything = collect(found)
    for statement in everything:
        total = sum(statement.statement.money_in.values()) + sum(statement.statement.money_out.values())
        assert total == sum(row.amount for row in statement.rows)
        assert statement.statement.rows == len(statement.rows)
        assert all(row.description.isprintable() for row in statement.rows)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10_000), st.binary(max_size=3), st.integers(0, 20))
@example(0, b"\0\0\x80", 0)  # is no UTF-16
def test_no_entry_is_lost(at: int, put: bytes, cut: int) -> None:
    """Whatever is changed within one entry, each `:61:` is a row or reported as unreadable."""
    whole = (HEAD + ENTRY * 60 + END.format("0,00")).encode()
    begin = len(HEAD.encode())
    at = begin + at % (len(whole) - begin)
    data = whole[:at] + put + whole[at + cut :]
    text = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    entries = sum(line.lstrip(" \t\x01\x02\x03").startswith(":61:") for line in text.split("\n"))
    found = statements(data)
    assert sum(len(s.rows) + len(s.unreadable) for s in found) == entries


@pytest.mark.parametrize(
    "data",
    [
        HEAD.encode() + b":61:" * 100_000,
        HEAD.encode() + b"\n:61:" * 100_000,
        HEAD.encode() + b":61:2603020302D4,50NMSC\n:86:" + b"x\n" * 500_000,
        HEAD.encode() + b":61:2603020302D4,50NMSC\n:86:" + b"?20" * 500_000,
        HEAD.encode() + b":61:2603020302D4,50NMSC\n:86:" + b"x" * 2_000_000,
        HEAD.encode() + b":61:" + b"1" * 1_000_000,
        HEAD.encode() + b":61:2603020302D4,50NMSC\n:86:/A/" + b"/" * 1_000_000,
        HEAD.encode() * 30_000,
    ],
    ids=lambda data: repr(data[len(HEAD) :][:30]),
)
def test_hostile_files_cost_little(data: bytes) -> None:
    with suppress(FileRefused):
        collect(reading(data))
