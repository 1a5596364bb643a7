"""OFX in all its dialects: the same rows, however they are written."""

import io
import json
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from smartimport_cli.core.errors import FileRefused
from smartimport_cli.core.model import Choices, Reading, StagedTransaction, Verdict
from smartimport_cli.core.money import to_units
from smartimport_cli.statements import Collected, collect, ofx
from smartimport_cli.statements.detect import detect
from smartimport_cli.statements.ofx import encoding
from smartimport_cli.statements.ofx.fast import RowPattern
from smartimport_cli.statements.ofx.values import decimal_mark, parse_amount, parse_date, text_of

SAMPLES = Path(__file__).parent / "samples" / "ofx"


def reading(data: bytes | str, **choices: object) -> Reading:
    content = data.encode() if isinstance(data, str) else data
    chosen = Choices(**choices)  # type: ignore[arg-type]
    return ofx.read(io.BytesIO(content), name="test.ofx", size=len(content), choices=chosen)


def statements(data: bytes | str, **choices: object) -> list[Collected]:
    return collect(reading(data, **choices))


def rows(data: bytes | str, **choices: object) -> list[StagedTransaction]:
    return [row for statement in statements(data, **choices) for row in statement.rows]


def refusal(data: bytes | str) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        reading(data)
    return refused.value


# Dialects


@dataclass(frozen=True)
class Row:
    day: date
    amount: Decimal
    name: str = ""
    memo: str = ""
    id: str = ""
    kind: str = ""
    check: str = ""


@dataclass(frozen=True)
class Dialect:
    """How a bank writes OFX."""

    header: str = "sgml"  # sgml, one line, xml, none
    closed: bool = False  # closing tags behind values
    rows_closed: bool = True
    newline: str = "\n"
    indent: str = ""
    lower: bool = False
    comma: bool = False
    date_tail: str = ""
    charset: str = "1252"
    encoding: str = "utf-8"
    order: tuple[str, ...] = ("TRNTYPE", "DTPOSTED", "TRNAMT", "FITID", "CHECKNUM", "NAME", "MEMO")
    extra: str = ""
    blank: str = ""  # behind every value
    between: str = ""  # between two rows
    plus: bool = False
    empty_tags: bool = False
    currency: str = "EUR"
    tail: str = "<LEDGERBAL><BALAMT>100.00<DTASOF>20991231</LEDGERBAL>"
    account: str = "<BANKACCTFROM><BANKID>123<ACCTID>DE00 1234 5678<ACCTTYPE>CHECKING</BANKACCTFROM>"
    tag: str = field(default="STMTTRN")

    def write(self, rows: list[Row]) -> bytes:
        nl = self.newline
        lines = ["".join(self._row(row)) for row in rows]
        body = (self.between + nl).join(lines)
        document = nl.join(
            [
                "<OFX>",
                "<SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS></SONRS></SIGNONMSGSRSV1>",
                "<BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS>",
                f"<STMTRS><CURDEF>{self.currency}{self.account}",
                "<BANKTRANLIST><DTSTART>20260101<DTEND>20260331",
                body,
                "</BANKTRANLIST>",
                f"{self.tail}</STMTRS></STMTTRNRS></BANKMSGSRSV1>",
                "</OFX>",
                "",
            ]
        )
        return (self._header() + document).encode(self.encoding, "xmlcharrefreplace")

    def _header(self) -> str:
        pairs = [
            "OFXHEADER:100", "DATA:OFXSGML", "VERSION:102", "SECURITY:NONE", "ENCODING:USASCII",
            f"CHARSET:{self.charset}", "COMPRESSION:NONE", "OLDFILEUID:NONE", "NEWFILEUID:NONE",
        ]  # fmt: skip
        if self.header == "sgml":
            return self.newline.join(pairs) + self.newline * 2
        if self.header == "one line":
            return " ".join(pairs)
        if self.header == "xml":
            return (
                f'<?xml version="1.0" encoding="{self.encoding.upper()}"?>{self.newline}'
                f'<?OFX OFXHEADER="200" VERSION="211" SECURITY="NONE"?>{self.newline}'
            )
        return ""

    def _row(self, row: Row) -> list[str]:
        values = {
            "TRNTYPE": row.kind or ("DEBIT" if row.amount < 0 else "CREDIT"),
            "DTPOSTED": f"{row.day:%Y%m%d}{self.date_tail}",
            "TRNAMT": self._amount(row.amount),
            "FITID": row.id,
            "CHECKNUM": row.check,
            "NAME": escaped(row.name),
            "MEMO": escaped(row.memo),
        }
        tag = self.tag.lower() if self.lower else self.tag
        parts = [f"<{tag}>{self.newline}"]
        for name in self.order:
            if values[name] or self.empty_tags:
                parts.append(f"{self.indent}{self._leaf(name, values[name])}{self.newline}")
        parts.append(self.extra)
        if self.rows_closed:
            parts.append(f"</{tag}>")
        return parts

    def _leaf(self, name: str, value: str) -> str:
        name = name.lower() if self.lower else name
        return f"<{name}>{value}{self.blank}" + (f"</{name}>" if self.closed else "")

    def _amount(self, amount: Decimal) -> str:
        text = f"{amount:.2f}"
        if self.plus and amount > 0:
            text = f"+{text}"
        return text.replace(".", ",") if self.comma else text


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


PLAIN = [
    Row(date(2026, 3, 1), Decimal("2500.00"), "ACME GmbH", "Salary & bonus March", "A1"),
    Row(date(2026, 3, 2), Decimal("-4.50"), "Café Zürich", "", "A2"),
    Row(date(2026, 3, 2), Decimal("-4.50"), "Café Zürich", "", "A3"),
    Row(date(2026, 3, 15), Decimal("-1234.05"), "", "RENT <MARCH>", "A4"),
    Row(date(2026, 3, 31), Decimal("-0.99"), "FEE", "FEE for March", "A5", check="123"),
]


def expected(wanted: list[Row]) -> list[tuple[date, int, str | None]]:
    return [(row.day, to_units(row.amount), row.id or None) for row in wanted]


def values(got: list[StagedTransaction]) -> list[tuple[date, int, str | None]]:
    return [(row.posted_date, row.amount, row.reference) for row in got]


DIALECTS = st.builds(
    Dialect,
    header=st.sampled_from(["sgml", "one line", "xml", "none"]),
    closed=st.booleans(),
    rows_closed=st.booleans(),
    newline=st.sampled_from(["\n", "\r\n", "\r", ""]),
    indent=st.sampled_from(["", "  ", "\t\t"]),
    lower=st.booleans(),
    comma=st.booleans(),
    date_tail=st.sampled_from(["", "120000", "235959.123", "120000.000[-5:EST]", "000000[0:GMT]"]),
    charset=st.sampled_from(["1252", "NONE", "UTF-8", "ISO-8859-1"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]),
    order=st.permutations(Dialect().order).map(tuple),
    extra=st.sampled_from(["", "<SIC>5411", "<X.VENDOR>1</X.VENDOR>", "<BANKACCTTO><ACCTID>9</BANKACCTTO>"]),
    blank=st.sampled_from(["", " ", "   "]),
    between=st.sampled_from(["", "\n\n", "<!-- <STMTTRN> not a row -->"]),
    plus=st.booleans(),
    empty_tags=st.booleans(),
)
ROWS = st.lists(
    st.builds(
        Row,
        day=st.dates(date(1990, 1, 1), date(2040, 12, 31)),
        amount=st.integers(-(10**8), 10**8).map(lambda cents: Decimal(cents) / 100),
        name=st.sampled_from(["", "REWE", "Café & Söhne", "A <B> C", "50% off"]),
        memo=st.sampled_from(["", "REWE MARKT 123", "Grüße", "x > y", 'O\'Neil "Bar"']),
        id=st.from_regex(r"[1-9A-Z][0-9A-Z-]{0,12}", fullmatch=True).filter(lambda text: any(map(str.isdigit, text))),
        kind=st.sampled_from(["", "POS", "CHECK", "XFER"]),
        check=st.sampled_from(["", "101"]),
    ),
    min_size=1,
    max_size=6,
)


@settings(deadline=None, max_examples=250, suppress_health_check=[HealthCheck.too_slow])
@given(DIALECTS, ROWS)
@example(Dialect(), PLAIN)
@example(Dialect(newline="", header="one line"), PLAIN)
@example(Dialect(rows_closed=False, newline="\r\n", comma=True), PLAIN)
def test_every_dialect_gives_the_same_rows(dialect: Dialect, wanted: list[Row]) -> None:
    read = reading(dialect.write(wanted))
    found = collect(read)
    assert len(found) == 1
    assert "rows-missing" not in {issue.code for issue in read.issues}
    assert found[0].unreadable == []
    assert values(found[0].rows) == expected(wanted)
    for row, was in zip(found[0].rows, wanted, strict=True):
        assert row.currency == "EUR"
        for text in (was.name, was.memo):
            assert text in row.description
    assert found[0].statement.account.label == "••5678"
    assert found[0].statement.closing_balance == 1_000_000
    assert found[0].statement.proof.verdict is Verdict.UNPROVED


@settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.too_slow])
@given(DIALECTS, st.lists(ROWS, min_size=1, max_size=4), st.sampled_from(["", "HOLD", "DEBIT\n", "hold"]))
def test_rows_written_alike_are_read_as_if_one_by_one(
    dialect: Dialect, wanted: list[list[Row]], kind: str
) -> None:
    """Many rows go through an expression made for them; it may not change anything."""
    some = [row for group in wanted for row in group * 12]
    some[-1] = replace(some[-1], kind=kind, name="SALDO ANTERIOR", id="0")
    data = replace(dialect, rows_closed=True, lower=False).write(some)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RowPattern, "learn", lambda self, tags: None)
        one_by_one = statements(data)
    assert statements(data) == one_by_one
    assert len(one_by_one[0].rows) == len(some)


@pytest.mark.parametrize("size", [1, 7, 64, 300])
@pytest.mark.parametrize(
    "dialect",
    [
        Dialect(),
        Dialect(newline=""),
        Dialect(newline="\r\n", closed=True, header="xml"),
        Dialect(rows_closed=False, encoding="cp1252"),
        Dialect(lower=True, between="<!-- <STMTTRN> -->", encoding="utf-16"),
        Dialect(extra="<NAME>A < B <3 C"),
    ],
)
def test_it_does_not_matter_where_chunks_end(
    monkeypatch: pytest.MonkeyPatch, dialect: Dialect, size: int
) -> None:
    data = dialect.write(PLAIN * 3)
    whole = statements(data)
    monkeypatch.setattr(encoding, "CHUNK", size)
    assert statements(data) == whole
    assert len(whole[0].rows) == 15


def test_lines_are_those_of_an_editor() -> None:
    for newline in ("\n", "\r\n", "\r"):
        data = Dialect(newline=newline).write(PLAIN)
        text = data.decode().split(newline)
        for row, was in zip(rows(data), PLAIN, strict=True):
            assert text[row.line - 1] == "<STMTTRN>"
            assert was.id in "".join(text[row.line : row.line + 7])


def test_rows_on_one_line_are_counted() -> None:
    found = reading(Dialect(newline="").write(PLAIN))
    assert [row.line for row in collect(found)[0].rows] == [1, 2, 3, 4, 5]
    assert any(evidence.decision == "records" for evidence in found.evidence)


def test_many_rows_some_of_them_odd() -> None:
    text = Dialect().write(PLAIN * 2000).decode()
    text = text.replace("-1234.05", "-1.234,05", 500).replace("<FITID>A3", "<FITID>A3<EXTDNAME>Longer", 500)
    got = rows(text)
    assert values(got) == expected(PLAIN) * 2000
    assert [row.line for row in got] == sorted({row.line for row in got})


# What a row says


def one(inside: str, **changes: str) -> StagedTransaction:
    fields = {"TRNTYPE": "DEBIT", "DTPOSTED": "20260302", "TRNAMT": "-4.50", "FITID": "F1"} | changes
    leaves = "".join(f"<{name}>{value}\n" for name, value in fields.items() if value is not None)
    return rows(f"<OFX><STMTRS><CURDEF>USD<STMTTRN>{leaves}{inside}</STMTTRN></STMTRS></OFX>")[0]


@pytest.mark.parametrize(
    ("inside", "description", "merchant"),
    [
        ("<NAME>REWE 123", "REWE 123", "Rewe"),
        ("<MEMO>REWE 123", "REWE 123", "Rewe"),
        ("<NAME>REWE<MEMO>REWE MARKT KOELN", "REWE MARKT KOELN", "Rewe Markt Koeln"),
        ("<NAME>TRANSFER<MEMO>Rent March", "TRANSFER - Rent March", "Transfer"),
        ("<NAME>POS PURCHASE<MEMO>STARBUCKS #12", "POS PURCHASE - STARBUCKS #12", "Starbucks"),
        ("<PAYEE><NAME>Acme<ADDR1>Street 1</PAYEE>", "Acme", "Acme"),
        ("<NAME>Ac<EXTDNAME>Acme and Sons", "Acme and Sons", "Acme and Sons"),
        ("<NAME>A &amp; B &lt;x&gt; &#233; &eacute; &nbsp;&#x41; &bogus; AT&T", None, None),
        ("<NAME><![CDATA[A & B &amp; C]]>", "A & B &amp; C", None),
        ("<NAME>A < B <3", "A < B <3", None),
        ("<MEMO>one<MEMO>two", "one two", None),
        ("<NAME>tab\there\nand there", "tab here and there", None),
        ("<NAME>\x1b[31mred", "␛[31mred", None),
        ("<NAME/>", "Debit", "Debit"),
        ("", "Debit", "Debit"),
        ("<TRNTYPE>", "Debit", "Debit"),
        ("<CHECKNUM>1023", "Debit", "Debit"),
    ],
)
def test_description_and_merchant(inside: str, description: str | None, merchant: str | None) -> None:
    row = one(inside)
    if description is None:
        assert row.description == "A & B <x> é é A &bogus; AT&T"
    else:
        assert row.description == description
    if merchant is not None:
        assert row.merchant == merchant


def test_a_check_is_called_by_its_number() -> None:
    assert one("<CHECKNUM>1023", TRNTYPE="CHECK").description == "Check 1023"


def test_what_else_a_row_may_say() -> None:
    assert one("<CATEGORY>Food").category == "Food"
    assert one("", TRNTYPE="HOLD").pending
    assert not one("").pending
    assert one("<CURRENCY><CURRATE>1.1<CURSYM>CHF</CURRENCY>").currency == "CHF"
    assert one("<ORIGCURRENCY><CURRATE>1.1<CURSYM>CHF</ORIGCURRENCY>").currency == "USD"
    for nothing in ("", "0", "000000", "NONE", "N/A"):
        assert one("", FITID=nothing).reference is None
    assert one("", FITID="2026-1 +x").reference == "2026-1 +x"


def test_the_day_is_the_one_that_the_bank_writes() -> None:
    for written in ("20260302", "20260302235959[-5:EST]", "20260302000000.000[+10:AEST]", "2026-03-02"):
        assert one("", DTPOSTED=written).posted_date == date(2026, 3, 2)


def test_a_row_without_a_posted_date_takes_another_and_says_so() -> None:
    row = one("<DTUSER>20260303", DTPOSTED="")
    assert row.posted_date == date(2026, 3, 3)
    assert [issue.code for issue in row.issues] == ["no-posted-date"]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ({"DTPOSTED": "20261332"}, "is no date"),
        ({"DTPOSTED": "02032026"}, "is no date"),
        ({"DTPOSTED": "00000000"}, "is no date"),
        ({"DTPOSTED": "2026030"}, "is no date"),
        ({"DTPOSTED": ""}, "no date"),
        ({"TRNAMT": "$120"}, "is no amount"),
        ({"TRNAMT": ""}, "no amount"),
        ({"TRNAMT": "12.34.5"}, "is no amount"),
        ({"TRNAMT": "1e3"}, "is no amount"),
        ({"TRNAMT": "NaN"}, "is no amount"),
        ({"TRNAMT": "١٢"}, "is no amount"),
        ({"TRNAMT": "1,234"}, "thousands or decimals"),
        ({"TRNAMT": "1.234"}, "thousands or decimals"),
        ({"TRNAMT": "1.23456"}, "more than 4 decimals"),
        ({"TRNAMT": "9" * 30}, "too large"),
    ],
)
def test_a_bad_row_is_listed_and_the_others_are_read(bad: dict[str, str], reason: str) -> None:
    good = "<STMTTRN>\n<TRNTYPE>DEBIT\n<DTPOSTED>20260302\n<TRNAMT>-4\n<FITID>F1\n</STMTTRN>\n"
    fields = {"TRNTYPE": "DEBIT", "DTPOSTED": "20260302", "TRNAMT": "-4.50", "NAME": "no 123456789012"} | bad
    leaves = "".join(f"<{name}>{value}\n" for name, value in fields.items())
    text = f"<OFX>\n<STMTRS>\n{good}<STMTTRN>\n{leaves}</STMTTRN>\n{good}</STMTRS></OFX>"
    (found,) = statements(text)
    assert [row.amount for row in found.rows] == [-40_000, -40_000]
    assert [row.line for row in found.rows] == [3, 15]
    (bad_row,) = found.unreadable
    assert bad_row.line == 9
    assert reason in bad_row.reason
    assert "123456789012" not in bad_row.text


def test_a_row_whose_first_tag_is_lost_is_listed() -> None:
    row = "<TRNTYPE>DEBIT\n<DTPOSTED>20260302\n<TRNAMT>-4\n<FITID>F1\n</STMTTRN>\n"
    (found,) = statements(f"<OFX>\n<STMTRS>\n<CURDEF>EUR\n{row}<STMTTRN>\n{row}{row}</STMTRS></OFX>")
    assert [row.line for row in found.rows] == [9]
    assert [row.line for row in found.unreadable] == [6, 17]
    order = "<OFX><INTRARS><CURDEF>EUR<XFERINFO><BANKACCTFROM><ACCTID>1</BANKACCTFROM><TRNAMT>5</XFERINFO></INTRARS></OFX>"
    with pytest.raises(FileRefused, match="no transactions"):
        reading(order.encode())


# Amounts, dates, texts


@given(st.integers(-(10**13), 10**13), st.sampled_from([*",. '\u00a0", ""]), st.sampled_from(".,"))
def test_any_way_to_write_an_amount(cents: int, group: str, mark: str) -> None:
    if group == mark:
        return
    whole, fraction = divmod(abs(cents), 100)
    digits = f"{whole:,}".replace(",", group)
    sign = "-" if cents < 0 else ""
    assert parse_amount(f"{sign}{digits}{mark}{fraction:02}") == cents * 100
    assert parse_amount(f"{digits}{mark}{fraction:02}{sign}") == cents * 100


def test_the_files_own_mark_decides_where_one_amount_does_not_tell() -> None:
    assert decimal_mark(["1,234", "5.00"]) == "."
    assert decimal_mark(["1.234", "-5,00"]) == ","
    assert decimal_mark(["1.234", "2.345"]) is None
    assert decimal_mark(["1.00", "2,00"]) is None
    assert decimal_mark(["1234.500"]) == "."
    assert decimal_mark(["0.500"]) == "."
    assert parse_amount("1,234", ".") == 12_340_000
    assert parse_amount("1,234", ",") == 12_340
    text = Dialect(comma=True).write(PLAIN).decode().replace("2500,00", "2.500")
    assert rows(text)[0].amount == 25_000_000


@given(st.text())
def test_any_text_is_an_amount_or_a_reason(text: str) -> None:
    for parse in (parse_amount, parse_date):
        try:
            parse(text)
        except ValueError as error:
            assert str(error)  # noqa: PT017
    assert text_of(text).isprintable()


def test_tags_with_a_namespace() -> None:
    text = Dialect(closed=True, header="xml").write(PLAIN).decode()
    text = text.replace("</", "\0").replace("<", "<ofx:").replace("\0", "</ofx:").replace("<ofx:?", "<?")
    assert ofx.sniff(text.encode())
    assert values(rows(text)) == expected(PLAIN)


# Signs


def typed(*pairs: tuple[str, str]) -> str:
    body = "".join(
        f"<STMTTRN><TRNTYPE>{kind}<DTPOSTED>20260302<TRNAMT>{amount}</STMTTRN>" for kind, amount in pairs
    )
    return f"<OFX><STMTRS>{body}</STMTRS></OFX>"


@pytest.mark.parametrize(
    ("pairs", "amounts", "issue"),
    [
        ([("DEBIT", "-1.00"), ("CREDIT", "2.00")], [-1, 2], None),
        ([("DEBIT", "1.00"), ("CREDIT", "2.00")], [-1, 2], "unsigned-amounts"),
        ([("DEBIT", "1.00"), ("POS", "3.00"), ("CREDIT", "2.00")], [-1, -3, 2], "unsigned-amounts"),
        ([("DEBIT", "1.00")] * 3, [-1, -1, -1], "unsigned-amounts"),
        ([("DEBIT", "1.00"), ("CREDIT", "-2.00")], [-1, 2], "inverted-signs"),
        ([("DEBIT", "1.00")], [1], "positive-debits"),
        ([("DEBIT", "1.00"), ("DEBIT", "-1.00"), ("CREDIT", "2.00")], [1, -1, 2], None),
        ([("OTHER", "1.00"), ("OTHER", "-2.00")], [1, -2], None),
    ],
)
def test_signs(pairs: list[tuple[str, str]], amounts: list[int], issue: str | None) -> None:
    found = reading(typed(*pairs))
    assert [row.amount // 10_000 for row in collect(found)[0].rows] == amounts
    assert [i.code for i in found.issues] == ([issue] if issue else [])


def test_a_tag_of_its_own_says_which_way_the_money_went() -> None:
    row = "<stmttrn><benefit>{}</benefit><payeeinfo><name>{}</name></payeeinfo><dtposted>2026-03-02T00:00:00</dtposted>"
    row += "<trnamt>{}</trnamt><purpose>porez</purpose></stmttrn>"
    many = [("credit", "A", "115.50"), ("debit", "B", "120.76")] * 40
    text = "<pmtnotification><curdef>RSD</curdef><acctid>190-1</acctid><trnlist>"
    got = rows(text + "".join(row.format(*one) for one in many) + "</trnlist></pmtnotification>")
    assert [row.amount for row in got] == [to_units(Decimal("115.50")), to_units(Decimal("-120.76"))] * 40
    assert got[1].description == "B - porez"


def test_signs_as_the_user_says() -> None:
    text = typed(("DEBIT", "1.00"), ("CREDIT", "2.00"))
    assert [row.amount for row in rows(text, sign="normal")] == [10_000, 20_000]
    assert [row.amount for row in rows(text, sign="inverted")] == [-10_000, -20_000]


def test_a_balance_among_the_rows_is_doubted() -> None:
    for text in ("SALDO ANTERIOR", "Saldo do Dia", "Opening balance"):
        assert [issue.code for issue in one(f"<MEMO>{text}").issues] == ["may-be-balance"]
    assert one("<MEMO>Saldo Mobile Shop").issues == ()
    found = rows(Dialect().write([*PLAIN, replace(PLAIN[0], name="Kontostand", memo=""), PLAIN[1]]))
    assert [len(row.issues) for row in found] == [0, 0, 0, 0, 0, 1, 0]


def test_two_rows_with_one_id_are_both_kept_and_doubted() -> None:
    (found,) = statements(Dialect().write([*PLAIN, PLAIN[1], PLAIN[2]]))
    assert len(found.rows) == 7
    assert [issue.code for issue in found.statement.issues] == ["repeated-references"]
    assert "2 rows" in found.statement.issues[0].message


# Statements


def test_several_accounts() -> None:
    first = Dialect().write(PLAIN[:2]).decode()
    card = (
        "<CREDITCARDMSGSRSV1><CCSTMTTRNRS><CCSTMTRS><CURDEF>USD"
        "<CCACCTFROM><ACCTID>4111111111111111</CCACCTFROM>"
        "<BANKTRANLIST><STMTTRN><DTPOSTED>20260302<TRNAMT>-1.00</STMTTRN></BANKTRANLIST>"
        "<LEDGERBAL><BALAMT>-12.00<DTASOF>20260401</LEDGERBAL></CCSTMTRS></CCSTMTTRNRS></CREDITCARDMSGSRSV1>"
    )
    investment = (
        "<INVSTMTMSGSRSV1><INVSTMTTRNRS><INVSTMTRS><CURDEF>USD"
        "<INVACCTFROM><BROKERID>x.com<ACCTID>777</INVACCTFROM>"
        "<INVTRANLIST><BUYSTOCK><INVBUY><INVTRAN><FITID>9<DTTRADE>20260301</INVTRAN></INVBUY></BUYSTOCK>"
        "<INVBANKTRAN><STMTTRN><DTPOSTED>20260303<TRNAMT>7.00</STMTTRN><SUBACCTFUND>CASH</INVBANKTRAN>"
        "</INVTRANLIST></INVSTMTRS></INVSTMTTRNRS></INVSTMTMSGSRSV1>"
    )
    found = reading(first.replace("</OFX>", f"{card}{investment}</OFX>"))
    bank, visa, broker = collect(found)
    assert [s.statement.account.label for s in (bank, visa, broker)] == ["••5678", "••1111", "••777"]
    assert [s.statement.account.kind for s in (bank, visa, broker)] == ["checking", "card", "investment"]
    assert [s.statement.currency for s in (bank, visa, broker)] == ["EUR", "USD", "USD"]
    assert [len(s.rows) for s in (bank, visa, broker)] == [2, 1, 1]
    assert visa.statement.closing_balance == -120_000
    assert broker.statement.closing_balance is None
    assert broker.statement.proof.verdict is Verdict.CONSISTENT
    assert [issue.code for issue in found.issues] == ["investments"]


def test_the_sums_of_a_statement() -> None:
    (found,) = statements(Dialect().write(PLAIN))
    statement = found.statement
    assert statement.money_in == {"EUR": 25_000_000}
    assert statement.money_out == {"EUR": -45_000 - 45_000 - 12_340_500 - 9_900}
    assert (statement.first_date, statement.last_date) == (date(2026, 3, 1), date(2026, 3, 31))
    assert statement.rows == 5
    assert statement.opening_balance is None


def test_an_account_is_the_same_in_every_dialect_and_not_in_another_bank() -> None:
    def key(dialect: Dialect) -> str:
        return statements(dialect.write(PLAIN))[0].statement.account.key

    spaced = Dialect().account
    assert key(Dialect()) == key(Dialect(newline="", lower=True, header="xml"))
    assert key(Dialect()) == key(Dialect(account=spaced.replace("DE00 1234 5678", "de0012345678 ")))
    assert key(Dialect()) != key(Dialect(account=spaced.replace("<BANKID>123", "<BANKID>124")))


def test_the_users_label_replaces_the_first_account_only() -> None:
    text = Dialect().write(PLAIN).decode()
    other = text.replace("5678", "9999")
    found = reading(text + other, account="Giro")
    assert [s.statement.account.label for s in collect(found)] == ["Giro", "••9999"]
    assert [issue.code for issue in found.issues] == ["several-accounts"]


def test_the_users_currency() -> None:
    assert {row.currency for row in rows(Dialect().write(PLAIN), currency="CHF")} == {"CHF"}
    assert {row.currency for row in rows(Dialect(currency="R$").write(PLAIN))} == {None}


@pytest.mark.parametrize(
    ("tail", "closing", "verdict"),
    [
        ("<LEDGERBAL><BALAMT>100,50<DTASOF>20260331</LEDGERBAL>", 1_005_000, Verdict.UNPROVED),
        ("<LEDGERBAL><BALAMT>0,00<DTASOF>00000000</LEDGERBAL>", None, Verdict.CONSISTENT),
        ("<LEDGERBAL><BALAMT>1.00<DTASOF>20260301</LEDGERBAL>", None, Verdict.UNPROVED),
        ("<LEDGERBAL><BALAMT>?<DTASOF>20260331</LEDGERBAL>", None, Verdict.CONSISTENT),
        ("<AVAILBAL><BALAMT>9.00<DTASOF>20260331</AVAILBAL>", None, Verdict.CONSISTENT),
        ("<LEDGERBAL><BALAMT>5.00</LEDGERBAL><AVAILBAL><BALAMT>9.00</AVAILBAL>", 50_000, Verdict.UNPROVED),
        ("", None, Verdict.CONSISTENT),
    ],
)
def test_balances(tail: str, closing: int | None, verdict: Verdict) -> None:
    (found,) = statements(Dialect(tail=tail).write(PLAIN))
    assert found.statement.closing_balance == closing
    assert found.statement.proof.verdict is verdict


def test_rows_of_another_period_than_stated_are_doubted() -> None:
    late = [replace(row, day=row.day.replace(month=8)) for row in PLAIN]
    (found,) = statements(Dialect().write(late))
    assert [issue.code for issue in found.statement.issues] == ["other-period"]
    (found,) = statements(Dialect().write([*late[1:], PLAIN[0]]))
    assert found.statement.issues == ()


def test_pending_rows() -> None:
    pending = "<BANKTRANLISTP><STMTTRNP><DTTRAN>20260401<TRNAMT>-3.00<NAME>Bar</STMTTRNP></BANKTRANLISTP>"
    listed = "<PENDINGLIST><STMTTRN><DTPOSTED>20260402<TRNAMT>-4.00<NAME>Pub</STMTTRN></PENDINGLIST>"
    (found,) = statements(Dialect(tail=pending + listed).write(PLAIN))
    assert [row.pending for row in found.rows] == [False] * 5 + [True, True]
    assert found.rows[5].posted_date == date(2026, 4, 1)


# What is refused, and what is doubted


def test_what_the_banks_server_says_is_passed_on() -> None:
    text = (
        "OFXHEADER:100\n\n<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>15500<SEVERITY>ERROR"
        "<MESSAGE>Wrong password</STATUS><DTSERVER>20130325</SONRS></SIGNONMSGSRSV1></OFX>"
    )
    error = refusal(text)
    assert error.code == "bank-error"
    assert "15500" in error.message
    assert "Wrong password" in error.message
    assert error.exit_code == 5


def test_one_account_failed_the_other_did_not() -> None:
    failed = "<STMTTRNRS><TRNUID>2<STATUS><CODE>2003<SEVERITY>ERROR</STATUS></STMTTRNRS></BANKMSGSRSV1>"
    found = reading(Dialect().write(PLAIN).decode().replace("</BANKMSGSRSV1>", failed))
    assert len(collect(found)[0].rows) == 5
    assert [issue.code for issue in found.issues] == ["bank-error"]


def test_only_securities_in_it() -> None:
    trade = "<BUYSTOCK><INVBUY><INVTRAN><FITID>9</INVTRAN></INVBUY></BUYSTOCK>"
    assert "securities" in refusal(f"<OFX><INVSTMTRS><INVTRANLIST>{trade}</INVTRANLIST></OFX>").message


@pytest.mark.parametrize("text", ["<OFX></OFX>", "OFXHEADER:100\n", "", "\0" * 50, "<OFX><STMTRS>"])
def test_nothing_in_it(text: str) -> None:
    assert refusal(text).code == "no-transactions"


def test_a_cut_download_is_doubted_and_its_last_row_is_not_read() -> None:
    data = Dialect().write(PLAIN)
    found = reading(data[: data.index(b"<FITID>A5") - 3])
    (statement,) = collect(found)
    assert len(statement.rows) == 4
    assert "ends inside" in statement.unreadable[0].reason
    assert [issue.code for issue in found.issues] == ["truncated"]


def test_nothing_is_looked_up_or_expanded() -> None:
    bomb = '<!DOCTYPE OFX [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
    text = Dialect().write([replace(PLAIN[0], name="x", memo="")]).decode().replace("<NAME>x", "<NAME>&a;&b;")
    assert rows(bomb + text)[0].description == "&a;&b;"


# Encodings


@pytest.mark.parametrize(
    ("declared", "real", "text"),
    [
        ("1252", "utf-8", "Café Zürich €"),
        ("UTF-8", "cp1252", "Café Zürich"),
        ("NONE", "cp1252", "Café Zürich"),
        ("1251", "cp1251", "Кафе Москва"),
        ("ISO-8859-2", "iso8859-2", "Żółta łódź"),
        ("GBK", "gb18030", "支付宝转账"),
        ("932", "cp932", "給与振込"),
        ("1252", "cp1251", "Перевод на карту от Иванова Ивана Ивановича за аренду квартиры"),
        ("1252", "utf-16", "Café"),
        ("1252", "utf-8-sig", "Café"),
    ],
)
def test_encodings(declared: str, real: str, text: str) -> None:
    data = Dialect(charset=declared, encoding=real).write([replace(PLAIN[0], name=text, memo="")] * 3)
    assert [row.description for row in rows(data)] == [text] * 3


def test_a_letter_cut_in_two_does_not_spoil_the_others() -> None:
    data = Dialect().write(PLAIN * 5)
    data = data.replace("Café Zürich".encode(), "Café Zürich".encode()[:4], 1)
    found = reading(data)
    descriptions = [row.description for row in collect(found)[0].rows]
    assert descriptions[1] == "Caf\ufffd"
    assert descriptions[2] == "Café Zürich"
    assert [issue.code for issue in found.issues] == ["damaged-text"]


@pytest.mark.parametrize("name", ["klingon", "utf-16", "base64", "rot13", "undefined", "a\0b"])
def test_an_encoding_that_does_not_exist(name: str) -> None:
    with pytest.raises(FileRefused) as refused:
        reading(Dialect().write(PLAIN), encoding=name)
    assert refused.value.code == "unknown-encoding"


# Detection


@pytest.mark.parametrize("dialect", [Dialect(), Dialect(header="none"), Dialect(header="xml", lower=True)])
@pytest.mark.parametrize("encoding_", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_it_is_told_by_its_content(dialect: Dialect, encoding_: str) -> None:
    head = replace(dialect, encoding=encoding_).write(PLAIN)
    assert ofx.sniff(head)
    assert detect(head, "download.txt") == "ofx"


@pytest.mark.parametrize("data", [b"Date,Amount\n2026-03-02,OFX\n", b"<html>ofx</html>", b"", b"%PDF-1.4"])
def test_what_it_is_not(data: bytes) -> None:
    assert not ofx.sniff(data)


# Any bytes

PIECES = st.sampled_from(
    [
        b"<OFX>", b"</OFX>", b"<STMTRS>", b"</STMTRS>", b"<STMTTRN>", b"</STMTTRN>", b"<CCSTMTRS>",
        b"<DTPOSTED>20260302", b"<DTPOSTED>2026", b"<TRNAMT>-1.00", b"<TRNAMT>1,000", b"<TRNAMT>", b"<NAME>A",
        b"<MEMO>\xe9\xff", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<", b">", b"</", b"\r", b"\n",
        b"<LEDGERBAL>", b"<BALAMT>1", b"<BANKTRANLIST>", b"<ACCTID>1", b"<BANKACCTFROM>", b"\0", b"<STATUS>",
        b"<SEVERITY>ERROR", b"<CODE>1", b"<stmttrn>", b"<PENDINGLIST>", b"<STMTTRNP>", b"<TRNTYPE>HOLD",
        b"OFXHEADER:100\n", b"<CURDEF>EUR", b"&#99999999;",
    ]
)  # fmt: skip


@settings(deadline=None, max_examples=400)
@given(st.lists(PIECES | st.binary(max_size=12), max_size=60).map(b"".join))
def test_any_bytes_end_in_a_reading_or_a_refusal(data: bytes) -> None:
    try:
        found = reading(data)
    except FileRefused:
        return
    everything = collect(found)
    empty = "no-transactions" in {issue.code for issue in found.issues}
    assert empty != any(s.rows or s.unreadable for s in everything)
    before = data[: max(data.find(b"<OFX>"), 0)]  # what stands there is no part of the document
    assert ("rows-missing" in {issue.code for issue in found.issues}) <= (b"<STMTTRN>" in before)
    for statement in everything:
        total = sum(statement.statement.money_in.values()) + sum(statement.statement.money_out.values())
        assert total == sum(row.amount for row in statement.rows)
        assert statement.statement.rows == len(statement.rows)
        assert all(row.description.isprintable() for row in statement.rows)


@pytest.mark.parametrize(
    "data",
    [
        b"<OFX>" + b"<STMTTRN>" * 30_000,
        b"<OFX>" + b"<" * 300_000,
        b"<OFX><STMTTRN><NAME>" + b" " * 300_000,
        b"<OFX><STMTTRN>" + b"<NAME>x " * 30_000,
        b"<OFX><STMTTRN>" + b"<!-- " * 60_000,
        b"<OFX><STMTTRN><TRNAMT>" + b"1" * 300_000 + b"</STMTTRN>",
        b"<OFX>" + b"<A " * 100_000,
        b"<OFX><STMTTRN><NAME>" + b"&" * 300_000 + b"</STMTTRN>",
    ],
    ids=lambda data: repr(data[5:30]),
)
def test_hostile_files_cost_little(data: bytes) -> None:
    with suppress(FileRefused):
        collect(reading(data))


# Samples of other projects


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*.[oq]fx")), ids=lambda path: path.stem)
def test_sample(sample: Path) -> None:
    """Expected rows lie beside each sample."""
    wanted = json.loads(sample.with_suffix(".json").read_text(encoding="utf-8"))
    found = reading(sample.read_bytes())
    read = collect(found)
    assert [
        [row.posted_date.isoformat(), row.amount, row.currency, row.description, row.reference]
        for statement in read
        for row in statement.rows
    ] == wanted["rows"]
    assert [s.statement.account.label for s in read] == wanted["accounts"]
    assert [s.statement.closing_balance for s in read] == wanted["closing"]


def test_a_statement_before_the_document_is_none() -> None:
    with pytest.raises(FileRefused, match="no transactions"):
        reading(b"OFXHEADER:100\n<STMTRS><CURDEF>BRL<STMTTRN><TRNAMT>-5</STMTTRN>\n<OFX><BANKTRANLIST></OFX>")


def test_a_statement_without_rows_is_read_and_doubted() -> None:
    text = (
        "<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>EUR<BANKACCTFROM><ACCTID>12345678</BANKACCTFROM>"
        "<BANKTRANLIST></BANKTRANLIST><LEDGERBAL><BALAMT>12.50<DTASOF>20260331</LEDGERBAL>"
        "</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
    )
    found = reading(text.encode())
    (part,) = collect(found)
    assert part.rows == [] and part.statement.currency == "EUR"
    assert "no-transactions" in {issue.code for issue in found.issues}
