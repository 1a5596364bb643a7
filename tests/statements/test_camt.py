"""CAMT.052, .053, .054: entries, balances and proof, whatever the version and the prefix; hostile XML refused."""

import io
import re
from contextlib import suppress
from datetime import date
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smartimport_cli.core.errors import FileRefused
from smartimport_cli.core.model import Choices, Reading, StagedTransaction, Verdict
from smartimport_cli.statements import Collected, camt, collect
from smartimport_cli.statements.camt.entries import parse_amount
from smartimport_cli.statements.camt.values import plain_values, values_of
from smartimport_cli.statements.detect import detect

URN = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"


def reading(data: bytes | str, **choices: object) -> Reading:
    content = data.encode() if isinstance(data, str) else data
    return camt.read(io.BytesIO(content), name="test.xml", size=len(content), choices=Choices(**choices))  # type: ignore[arg-type]


def statements(data: bytes | str, **choices: object) -> list[Collected]:
    return collect(reading(data, **choices))


def rows(data: bytes | str) -> list[StagedTransaction]:
    return [row for statement in statements(data) for row in statement.rows]


def refusal(data: bytes | str) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        collect(reading(data))
    return refused.value


def balance(code: str, amount: str, way: str = "CRDT", day: str = "2026-03-01", currency: str = "EUR") -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy='{currency}'>{amount}</Amt>"
        f"<CdtDbtInd>{way}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>\n"
    )


def entry(
    amount: str = "4.50", way: str = "DBIT", *, status: str = "BOOK", more: str = "", day: str = "2026-03-02",
    details: str = "", currency: str = "EUR",
) -> str:  # fmt: skip
    return (
        f'<Ntry>\n<Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{way}</CdtDbtInd>{more}<Sts>{status}</Sts>'
        f"<BookgDt><Dt>{day}</Dt></BookgDt>{details}</Ntry>\n"
    )


def payment(name: str, text: str = "", role: str = "Cdtr", party: str = "<Nm>{}</Nm>") -> str:
    info = f"<RmtInf><Ustrd>{text}</Ustrd></RmtInf>" if text else ""
    return f"<TxDtls><RltdPties><{role}>{party.format(name)}</{role}></RltdPties>{info}</TxDtls>"


def statement(body: str, *, number: str = "DE89370400440532013000", kind: str = "Stmt") -> str:
    return f"<{kind}>\n<Id>1</Id><Acct><Id><IBAN>{number}</IBAN></Id><Ccy>EUR</Ccy></Acct>\n{body}</{kind}>\n"


def document(body: str, *, message: str = "BkToCstmrStmt", urn: str = URN) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{urn}">\n<{message}>\n{body}</{message}></Document>\n'


SIMPLE = document(statement(balance("OPBD", "100.00") + balance("CLBD", "95.50") + entry()))


def test_a_statement_proves_itself() -> None:
    found = reading(SIMPLE)
    (one,) = collect(found)
    (row,) = one.rows
    assert found.format == "camt053"
    assert (row.posted_date, row.amount, row.currency) == (date(2026, 3, 2), -45_000, "EUR")
    assert SIMPLE.split("\n")[row.line - 1] == "<Ntry>"
    assert one.statement.account.label == "••3000"
    assert (one.statement.opening_balance, one.statement.closing_balance) == (1_000_000, 955_000)
    assert one.statement.proof.verdict is Verdict.PROVED


def test_a_contradiction_says_where() -> None:
    (one,) = statements(SIMPLE.replace("95.50", "95.51"))
    assert one.statement.proof.verdict is Verdict.CONTRADICTED
    closing = next(i for i, line in enumerate(SIMPLE.split("\n"), 1) if "CLBD" in line)
    assert one.statement.proof.breaks_at == f"line {closing}"


@pytest.mark.parametrize(
    ("message", "kind", "format_"),
    [("BkToCstmrStmt", "Stmt", "camt053"), ("BkToCstmrAcctRpt", "Rpt", "camt052"), ("BkToCstmrDbtCdtNtfctn", "Ntfctn", "camt054"),
     ("BkToCstmrStmtV01", "Stmt", "camt053")],
)  # fmt: skip
def test_messages(message: str, kind: str, format_: str) -> None:
    data = document(statement(entry(), kind=kind), message=message, urn="urn:x")
    assert detect(data.encode(), "x") == "camt"
    found = reading(data)
    assert found.format == format_
    assert len(collect(found)[0].rows) == 1


def prefixed(data: str) -> str:
    data = re.sub(r"<(/?)(?=[A-Za-z])", r"<\1ns2:", data)
    return data.replace("xmlns=", "xmlns:ns2=")


ENVELOPE = SIMPLE.replace("<Document", "<e:Envelope xmlns:e='urn:e'><e:Body><Document").replace(
    "</Document>", "</Document></e:Body></e:Envelope>"
)


@pytest.mark.parametrize(
    "data",
    [
        prefixed(SIMPLE),
        ENVELOPE,
        SIMPLE.replace("\n", ""),
        SIMPLE.replace("\n", "\r\n"),
        "\n \n" + SIMPLE,
        "\ufeff" + SIMPLE,
        SIMPLE.partition("\n")[2],
        SIMPLE.replace(f' xmlns="{URN}"', ""),
        SIMPLE.replace("<Ntry>", f'<Ntry xmlns="{URN}">'),
        SIMPLE.replace("<Ntry>", "<!-- <Ntry> & --><Ntry><?x y?>"),
        SIMPLE.replace("</Ntry>", "<AddtlNtryInf><![CDATA[</Ntry>]]></AddtlNtryInf></Ntry>"),
        SIMPLE.replace("4.50", "&#52;.50"),
    ],
    ids=["prefix", "envelope", "one line", "crlf", "blanks", "bom", "no declaration", "no namespace", "own namespace",
         "comments", "cdata", "references"],
)  # fmt: skip
def test_ways_to_write_it(data: str) -> None:
    assert detect(data.encode(), "x.xml") == "camt"
    (one,) = statements(data)
    assert one.statement.proof.verdict is Verdict.PROVED
    assert [row.amount for row in one.rows] == [-45_000]


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "cp1252", "utf-8"])
def test_encodings(encoding: str) -> None:
    data = document(statement(entry(details=f"<NtryDtls>{payment('Café Zürich')}</NtryDtls>")))
    content = data.replace("UTF-8", encoding.replace("cp1252", "windows-1252")).encode(encoding)
    assert detect(content, "x") == "camt"
    assert [row.description for row in rows(content)] == ["Café Zürich"]


@pytest.mark.parametrize(
    ("way", "more", "units"),
    [
        ("CRDT", "", 1),
        ("DBIT", "", -1),
        ("CRDT", "<RvslInd>true</RvslInd>", 1),
        ("DBIT", "<RvslInd>true</RvslInd>", -1),
    ],
)
def test_signs(way: str, more: str, units: int) -> None:
    """The indicator is that of the entry: the reversal of a debit is a credit."""
    (row,) = rows(document(statement(entry("1.00", way, more=more))))
    assert row.amount == units * 10_000


def test_reversals_that_would_explain_a_contradiction_are_named() -> None:
    body = (
        balance("OPBD", "100") + balance("CLBD", "105") + entry("5", "DBIT", more="<RvslInd>true</RvslInd>")
    )
    (one,) = statements(document(statement(body)))
    assert one.statement.proof.verdict is Verdict.CONTRADICTED
    assert "reversals" in one.statement.proof.explanation


@pytest.mark.parametrize("status", ["PDNG", "INFO", "<Cd>PDNG</Cd>", "<Cd>FUTR</Cd>"])
def test_pending_entries_are_kept_apart(status: str) -> None:
    body = balance("OPBD", "100") + balance("CLBD", "95.50") + entry() + entry("7", status=status)
    (one,) = statements(document(statement(body)))
    assert [row.pending for row in one.rows] == [False, True]
    assert one.statement.proof.verdict is Verdict.PROVED


@pytest.mark.parametrize(
    ("balances", "opening", "closing"),
    [
        (balance("PRCD", "10") + balance("CLBD", "5.5"), 10, 5.5),
        (
            balance("PRCD", "1") + balance("OPBD", "10") + balance("CLBD", "5.5") + balance("CLAV", "9"),
            10,
            5.5,
        ),
        (balance("ITBD", "10") + balance("ITBD", "5.5"), 10, 5.5),
        (balance("OPBD", "10") + balance("ITBD", "5.5"), 10, 5.5),
        (
            balance("CLBD", "5.5", day="2026-03-03")
            + balance("OPBD", "8", day="2026-03-02")
            + balance("OPBD", "10"),
            10,
            5.5,
        ),
        (balance("OPBD", "10", "DBIT") + balance("CLBD", "14.5", "DBIT"), -10, -14.5),
        (balance("CLBD", "5.5"), None, 5.5),
        (balance("OPBD", "99", currency="USD") + balance("OPBD", "10") + balance("CLBD", "5.5"), 10, 5.5),
    ],
)
def test_balances(balances: str, opening: float | None, closing: float) -> None:
    (one,) = statements(document(statement(balances + entry())))
    assert one.statement.opening_balance == (None if opening is None else opening * 10_000)
    assert one.statement.closing_balance == closing * 10_000
    assert one.statement.proof.verdict is (Verdict.UNPROVED if opening is None else Verdict.PROVED)


def test_totals_prove_where_there_are_no_balances() -> None:
    total = "<TxsSummry><TtlDbtNtries><NbOfNtries>1</NbOfNtries><Sum>{}</Sum></TtlDbtNtries></TxsSummry>"
    (one,) = statements(document(statement(total.format("4.50") + entry())))
    assert one.statement.proof.verdict is Verdict.PROVED
    (one,) = statements(document(statement(total.format("9.00") + entry())))
    assert one.statement.proof.verdict is Verdict.CONTRADICTED


def test_statements_of_a_file_are_followed() -> None:
    first = statement(balance("OPBD", "100") + balance("CLBD", "95.50") + entry())
    second = statement(balance("OPBD", "95.50") + balance("CLBD", "91") + entry())
    other = statement(balance("OPBD", "1") + balance("CLBD", "0") + entry("1"), number="NL26VAYB8060476890")
    found = statements(document(first + other + second))
    assert [s.statement.account.label for s in found] == ["••3000", "••6890", "••3000"]
    assert not any(s.statement.issues for s in found)
    gap = statements(document(first + second.replace("95.50", "90").replace("91", "85.50")))
    assert [[issue.code for issue in s.statement.issues] for s in gap] == [[], ["balance-gap"]]


def test_two_currencies() -> None:
    body = entry() + entry("3", currency="USD")
    (one,) = statements(document(statement(body)))
    assert [row.currency for row in one.rows] == ["EUR", "USD"]
    assert one.statement.money_out == {"EUR": -45_000, "USD": -30_000}


@pytest.mark.parametrize(
    ("details", "way", "expected"),
    [
        (payment("Cafe Nero", "Coffee"), "DBIT", ("Cafe Nero - Coffee", "Cafe Nero")),
        (
            payment("Cafe Nero", "Coffee", party="<Pty><Nm>{}</Nm></Pty>"),
            "DBIT",
            ("Cafe Nero - Coffee", "Cafe Nero"),
        ),
        (payment("Acme", "Salary", "Dbtr"), "CRDT", ("Acme - Salary", "Acme")),
        ("<Btch><NbOfTxs>9</NbOfTxs></Btch>", "DBIT", ("9 payments", "9 Payments")),
        (
            payment("Ann") + payment("Bob") + payment("Ann"),
            "DBIT",
            ("3 payments: Ann, Bob", "3 Payments: Ann, Bob"),
        ),
    ],
)
def test_what_an_entry_is_called(details: str, way: str, expected: tuple[str, str]) -> None:
    (row,) = rows(document(statement(entry(way=way, details=f"<NtryDtls>{details}</NtryDtls>"))))
    assert row.description == expected[0]
    assert row.merchant.casefold() == expected[1].casefold()


def test_the_banks_reference() -> None:
    (row,) = rows(document(statement(entry(more="<AcctSvcrRef> R 1 </AcctSvcrRef>"))))
    assert row.reference == "R 1"
    (row,) = rows(document(statement(entry(more="<AcctSvcrRef>NOTPROVIDED</AcctSvcrRef>"))))
    assert row.reference is None


def test_a_batch_of_thousands_is_one_row() -> None:
    """Its payments are left out while it is read, so it costs little memory; lines stay right."""
    many = (
        "<NtryDtls>" + "".join(payment(f"Payee {i}", "x" * 400) + "\n" for i in range(6000)) + "</NtryDtls>"
    )
    data = document(statement(entry("6", details=many) + entry("7")))
    found = rows(data)
    assert [row.amount for row in found] == [-60_000, -70_000]
    assert [data.split("\n")[row.line - 1] for row in found] == ["<Ntry>", "<Ntry>"]


_BLANKS = st.sampled_from(["", "\n  "])
_TEXTS = st.sampled_from(["Rent", " Rent & more ", "NOTPROVIDED", "", "x" * 200, "<>", "a\nb"])


def _element(tag: str, *inside: str | None) -> str:
    return f"<{tag}>" + "".join(filter(None, inside)) + f"</{tag}>"


@st.composite
def _entries(draw: st.DrawFn) -> str:
    """Entries as the schema has them, some parts left out, in some order."""

    def text(tag: str) -> str | None:
        return draw(st.none() | _TEXTS.map(lambda value: _element(tag, escape(value))))

    def party(tag: str) -> str | None:
        name = text("Nm")
        if name is not None and draw(st.booleans()):
            name = _element("Pty", name)
        return draw(st.none() | st.just(_element(tag, draw(st.sampled_from([None, "<Id>1</Id>"])), name)))

    payments = [
        _element(
            "TxDtls",
            _element("RltdPties", *map(party, ["Dbtr", "UltmtDbtr", "Cdtr", "UltmtCdtr"]))
            if draw(st.booleans())
            else None,
            _element(
                "RmtInf",
                text("Ustrd"),
                text("Ustrd"),
                draw(st.sampled_from([None, "<Strd><AddtlRmtInf>s</AddtlRmtInf></Strd>"])),
            ),
            text("AddtlTxInf") if draw(st.booleans()) else None,
        )
        for _ in range(draw(st.sampled_from([0, 1, 1, 1, 2])))
    ]
    between = draw(_BLANKS)
    parts = [
        draw(st.sampled_from(["", "<NtryRef>1</NtryRef>"])),
        f'<Amt Ccy="EUR">{draw(st.sampled_from(["1.00", "x", "1&#46;5"]))}</Amt>',
        _element("CdtDbtInd", draw(st.sampled_from(["CRDT", "DBIT", " DBIT ", "?"]))),
        draw(st.sampled_from(["", "<RvslInd>true</RvslInd>", "<RvslInd>false</RvslInd>"])),
        draw(st.sampled_from(["<Sts>BOOK</Sts>", "<Sts><Cd>PDNG</Cd></Sts>", "<Sts><Prtry>X</Prtry></Sts>"])),
        draw(
            st.sampled_from(
                [
                    "",
                    "<BookgDt><Dt>2026-03-02</Dt></BookgDt>",
                    "<BookgDt><DtTm>2026-03-02T10:00:00Z</DtTm></BookgDt>",
                ]
            )
        ),
        draw(st.sampled_from(["", "<ValDt><Dt>2026-03-03</Dt></ValDt>"])),
        text("AcctSvcrRef"),
        draw(st.sampled_from(["", "<BkTxCd><Prtry><Cd>NTRF</Cd></Prtry></BkTxCd>"])),
        _element("NtryDtls", *payments) if draw(st.booleans()) else "",
        text("AddtlNtryInf"),
    ]
    return "<Ntry>" + between + between.join(filter(None, parts)) + between + "</Ntry>"


@settings(deadline=None, max_examples=600)
@given(_entries())
def test_both_ways_to_read_an_entry_agree(text: str) -> None:
    plain = plain_values(text)
    if plain is None:
        return
    whole = values_of(ElementTree.fromstring(text))
    assert plain == whole._replace(valued="")


def test_the_usual_entry_is_plain() -> None:
    text = entry(details=f"<NtryDtls>{payment('Ann & Co'.replace('&', '&amp;'), 'Rent')}</NtryDtls>").strip()
    found = plain_values(text)
    assert found is not None
    assert (found.name, found.text) == ("Ann & Co", "Rent")


# What cannot be read


@pytest.mark.parametrize("amount", ["12..34", "", "x", "-4.50", "1,234", "1.23456", "1e3", "٤"])
def test_no_amounts(amount: str) -> None:
    with pytest.raises(ValueError):
        parse_amount(amount)
    (one,) = statements(document(statement(entry(amount) + entry("1"))))
    assert [row.amount for row in one.rows] == [-10_000]
    assert len(one.unreadable) == 1


@pytest.mark.parametrize(
    ("amount", "units"),
    [("4.5", 45_000), ("+4", 40_000), (".5", 5_000), ("1,5", 15_000), ("1.50000", 15_000)],
)
def test_amounts(amount: str, units: int) -> None:
    assert parse_amount(amount) == units


@pytest.mark.parametrize(
    "broken",
    [
        entry(day="2026-02-30"),
        entry(day=""),
        entry(way="PLUS"),
        "<Ntry></Ntry>",
        entry().replace('<Amt Ccy="EUR">4.50</Amt>', ""),
    ],
)
def test_an_entry_that_cannot_be_read_is_reported(broken: str) -> None:
    data = document(statement(entry("1") + broken + entry("2")))
    (one,) = statements(data)
    assert [row.amount for row in one.rows] == [-10_000, -20_000]
    assert [data.split("\n")[row.line - 1][:6] for row in one.unreadable] == ["<Ntry>"]


@pytest.mark.parametrize("part", [0.3, 0.6, 0.9, 0.99])
def test_a_cut_download_is_refused(part: float) -> None:
    assert refusal(SIMPLE[: int(len(SIMPLE) * part)]).code == "damaged-xml"


def test_nothing_in_it() -> None:
    assert refusal(document(statement(balance("OPBD", "1")))).code == "no-transactions"


# Hostile documents

_LAUGHS = "".join(f"<!ENTITY a{i} '" + f"&a{i - 1};" * 10 + "'>" for i in range(1, 10))


@pytest.mark.parametrize(
    "doctype",
    [
        f'<!DOCTYPE Document [<!ENTITY a0 "ha">{_LAUGHS}]>',
        '<!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE Document SYSTEM "http://127.0.0.1/x.dtd">',
        '<!DOCTYPE Document [<!ENTITY % x SYSTEM "http://127.0.0.1/x">%x;]>',
        "<!DOCTYPE Document>",
    ],
    ids=["billion laughs", "external entity", "external subset", "parameter entity", "empty"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused(doctype: str, encoding: str) -> None:
    data = (
        SIMPLE.replace("<Document", f"{doctype}<Document", 1)
        .replace("4.50", "&a9;")
        .replace("UTF-8", encoding)
    )
    assert refusal(data.encode(encoding)).code == "unsafe-xml"


def test_an_entity_of_nobodys_is_refused() -> None:
    assert refusal(SIMPLE.replace("4.50", "&a;")).code == "damaged-xml"


def test_deep_nesting_around_entries_is_refused() -> None:
    deep = "<x>" * 100_000 + "</x>" * 100_000
    assert refusal(SIMPLE.replace("<Ntry>", f"{deep}<Ntry>", 1)).code == "unsafe-xml"


@pytest.mark.parametrize(
    "put",
    [
        "<x>" * 100_000 + "</x>" * 100_000,
        f"<AddtlNtryInf>{'x' * 5_000_000}</AddtlNtryInf>",
        "<x/>" * 500_000,
        "<x " + " ".join(f"a{i}='1'" for i in range(50_000)) + "/>",
        f"<!--{'x>' * 2_000_000}-->",
        f"<AddtlNtryInf><![CDATA[{'<' * 300_000}]]></AddtlNtryInf>",
    ],
    ids=["deep", "giant text", "many elements", "many attributes", "giant comment", "cdata"],
)
@pytest.mark.parametrize("where", ["</Ntry>", "</Acct>", "</Stmt>"])
def test_hostile_contents_cost_little(put: str, where: str) -> None:
    with suppress(FileRefused):
        collect(reading(SIMPLE.replace(where, put + where, 1)))


def test_other_prefixes_in_an_entry() -> None:
    data = SIMPLE.replace("<Document", '<Document xmlns:b="urn:b"').replace(
        "</Ntry>", '<b:More b:x="1">y</b:More></Ntry>'
    )
    assert len(rows(data)) == 1


@pytest.mark.parametrize(
    "odd", ["<Ntry/>", "<Ntry />", "<n:Ntry xmlns:n='urn:n'><n:Amt>1</n:Amt></n:Ntry>", "<Ntry></Ntry >"]
)
def test_entries_that_are_not_told_apart_are_refused_not_lost(odd: str) -> None:
    data = document(statement(entry() + odd + entry()))
    try:
        (one,) = statements(data)
    except FileRefused:
        return
    assert len(one.rows) + len(one.unreadable) == 3


# Any bytes


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=200) | st.text(alphabet="<>/!?[]-&;NtryDcmAS \n", max_size=200).map(str.encode))
def test_any_bytes_end_in_a_reading_or_a_refusal(data: bytes) -> None:
    with suppress(FileRefused):
        collect(reading(data))


PIECES = st.sampled_from(
    ["<Ntry>", "</Ntry>", "<Stmt>", "</Stmt>", "<!--", "-->", "<![CDATA[", "]]>", "<?x", "?>", "<TxDtls>", "</TxDtls>", "&",
     "&amp;", "<Amt>", "</Amt>", "<Bal>", "</Bal>", '"', "'", " ", "\n", "x", "<x/>", "</Document>", "-1", "\x00", "\ufffe"]
)  # fmt: skip


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.floats(0, 1), PIECES, st.integers(0, 30)), min_size=1, max_size=4))
def test_mutated_documents_lose_no_entry(changes: list[tuple[float, str, int]]) -> None:
    """Where the changed document is still XML, each of its entries is a row or reported; else it is refused."""
    data = document(
        statement(balance("OPBD", "1") + entry() * 3 + balance("CLBD", "2")) + statement(entry() * 2)
    )
    for at, piece, cut in changes:
        place = int(at * len(data))
        data = data[:place] + piece + data[place + cut :]
    try:
        found = statements(data)
    except FileRefused:
        return
    root = ElementTree.fromstring(data.strip().encode())
    entries = [element for element in root.iter() if element.tag.rpartition("}")[2] == "Ntry"]
    assert sum(len(s.rows) + len(s.unreadable) for s in found) == len(entries)
