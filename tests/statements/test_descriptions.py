"""Descriptions of banks: what they may say, when they apply, and that one written from a file reads it the same."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartimport_cli import statements
from smartimport_cli.core.errors import UsageError
from smartimport_cli.core.model import Choices, Reading
from smartimport_cli.statements.descriptions import Description, of_layout, parse
from smartimport_cli.statements.formats import Resources
from tests.statements.delimited_countries import COUNTRIES
from tests.statements.delimited_layouts import LAYOUTS, Layout

TEXT = "Day;Who;What;Out or in\n03/04/2026;Shop;Food;12,50\n04/05/2026;Shop;Food;-7,50\n"


def read(data: bytes, *described: Description, **choices: object) -> Reading:
    resources = Resources(descriptions=lambda: described)
    return statements.read(
        io.BytesIO(data), name="x.csv", size=len(data), choices=Choices(**choices), resources=resources  # type: ignore[arg-type]
    )


def described(text: str) -> Description:
    return parse(text, "house", "banks/house.toml")


def amounts(reading: Reading) -> list[tuple[str, int]]:
    return [(r.posted_date.isoformat(), r.amount // 100) for s in statements.collect(reading) for r in s.rows]


HOUSE = """
[match]
header = ["What", "Day", "Out or in", "Who"]
[read]
date-order = "mdy"
sign = "inverted"
currency = "CHF"
[columns]
date = "Day"
amount = "Out or in"
description = ["Who", "What"]
"""


def test_a_description_reads_files_with_its_columns_as_if_its_flags_had_been_given() -> None:
    reading = read(TEXT.encode(), described(HOUSE))
    assert [(e.what, e.decision) for e in reading.evidence if e.what == "description"] == [("description", "house")]
    assert "the description house says so" in {e.why for e in reading.evidence}
    (part,) = statements.collect(reading)
    assert [(r.posted_date.isoformat(), r.amount, r.currency, r.description) for r in part.rows] == [
        ("2026-03-04", -125_000, "CHF", "Shop Food"),
        ("2026-04-05", 75_000, "CHF", "Shop Food"),
    ]


def test_a_file_with_another_column_is_not_its_bank_s() -> None:
    other = "Day;Who;What;Out or in;More\n13/04/2026;Shop;Food;12,50;\n14/05/2026;Shop;Food;-7,50;\n"
    assert not [e for e in read(other.encode(), described(HOUSE)).evidence if e.what == "description"]


def test_flags_win_over_a_description() -> None:
    reading = read(TEXT.encode(), described(HOUSE), date_order="dmy", columns=(("description", "What"),))
    (part,) = statements.collect(reading)
    assert [(r.posted_date.isoformat(), r.description) for r in part.rows] == [
        ("2026-04-03", "Food"),
        ("2026-05-04", "Food"),
    ]
    assert "you said so" in {e.why for e in reading.evidence if e.what == "date order"}


def test_a_description_that_contradicts_the_balances_is_reported() -> None:
    text = "Date,Text,Out,In,Balance\n2026-03-02,A,10.00,,90.00\n2026-03-03,B,5.00,,85.00\n2026-03-04,C,,5.00,90.00\n"
    wrong = described(
        '[match]\nheader = ["Date", "Text", "Out", "In", "Balance"]\n'
        '[columns]\ndate = "Date"\ndebit = "In"\ncredit = "Out"\nbalance = "Balance"\n'
    )
    reading = read(text.encode(), wrong)
    (part,) = statements.collect(reading)
    assert {i.code for i in reading.issues} == {"description-contradicted"}
    assert str(part.statement.proof.verdict) == "contradicted"


def test_a_file_without_names_is_recognised_by_an_expression() -> None:
    text = "03/04/2026;Shop;12,50\n04/05/2026;Shop;-7,50\n"
    house = described(
        "[match]\nlines = '^\\d+/\\d+/\\d+;'\n[read]\nheader = 0\ndate-order = 'dmy'\n"
        "[columns]\ndate = 1\ndescription = 2\namount = 3\n"
    )
    assert amounts(read(text.encode(), house)) == [("2026-04-03", 1250), ("2026-05-04", -750)]
    assert not [e for e in read(b"Date,Text,Amount\n2026-03-02,A,-1.00\n", house).evidence if e.what == "description"]


@pytest.mark.parametrize(
    ("text", "named", "allowed"),
    [
        ("[match", "is no TOML", ""),
        ("[match]\n", "[match] must have one key", "header"),
        ('[match]\nheader = "Date"\n', "match.header", "header = ["),
        ("[match]\nlines = '('\n", "match.lines", ""),
        ('[match]\nlines = "x"\n[read]\ndate-order = "ddmm"\n', "read.date-order", "'dmy', 'mdy', 'ymd'"),
        ('[match]\nlines = "x"\n[read]\nencoding = "morse"\n', "read.encoding", "cp1252"),
        ('[match]\nlines = "x"\n[read]\nheader = true\n', "read.header", "line number"),
        ('[match]\nlines = "x"\n[read]\ncolour = "red"\n', "read.colour", "date-order"),
        ('[match]\nlines = "x"\n[columns]\nammount = 1\n', "columns.ammount", "amount"),
        ('[match]\nlines = "x"\n[columns]\ndate = 1.5\n', "columns.date", "number"),
        ('[match]\nlines = "x"\n[columns]\ndate = ["a", "b"]\n', "columns.date", "name"),
        ('colour = "red"\n[match]\nlines = "x"\n', "colour", "match"),
        ('columns = 1\n[match]\nlines = "x"\n', "columns", "[columns]"),
    ],
)
def test_a_bad_description_names_file_key_and_what_is_allowed(text: str, named: str, allowed: str) -> None:
    with pytest.raises(UsageError) as bad:
        described(text)
    assert bad.value.code == "bad-description"
    assert bad.value.message.startswith("banks/house.toml") and named in bad.value.message
    assert allowed in bad.value.hint


_KEYS = st.sampled_from(["match", "read", "columns", "header", "lines", "date-order", "sign", "date", "description", "x"])
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["dmy", "(", "utf-8", ","]),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)


@given(st.dictionaries(_KEYS, st.dictionaries(_KEYS, _VALUES, max_size=3) | _VALUES, max_size=3))
def test_any_document_is_a_description_or_wrong_configuration(document: dict[str, object]) -> None:
    def toml(value: object) -> str:
        return json.dumps(value) if value is not None else "1.5"

    text = "".join(
        f"[{name}]\n" + "".join(f"{key} = {toml(inner)}\n" for key, inner in value.items())
        if isinstance(value, dict) else ""
        for name, value in document.items()
    )  # fmt: skip
    wrong = None
    try:
        described(text)
    except UsageError as error:
        wrong = error
    assert wrong is None or (wrong.code == "bad-description" and wrong.message.isprintable())


@pytest.mark.parametrize("layout", LAYOUTS + COUNTRIES, ids=lambda layout: layout.name)
def test_a_description_written_from_a_file_reads_it_the_same(layout: Layout) -> None:
    data = layout.text.encode(layout.encoding)
    reading = read(data)
    expected = statements.collect(reading)
    assert reading.layout is not None
    again = read(data, described(of_layout(reading.layout)))
    found = statements.collect(again)
    assert [e.decision for e in again.evidence if e.what == "description"] == ["house"]
    assert [s.rows for s in found] == [s.rows for s in expected]
    assert [s.statement.proof for s in found] == [s.statement.proof for s in expected]
    assert [s.statement.account for s in found] == [s.statement.account for s in expected]
    assert [s.unreadable for s in found] == [s.unreadable for s in expected]
