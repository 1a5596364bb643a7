"""QIF as Quicken, GnuCash and banks write it: accounts, dates, numbers, splits; lists and trades are no rows."""

import io
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartimport_cli.core.errors import FileRefused
from smartimport_cli.core.model import Choices, Reading, StagedTransaction
from smartimport_cli.statements import Collected, collect, qif
from smartimport_cli.statements.detect import detect

BANK = "!Type:Bank\n"
FIRST = "D03/15/2026\nT-4.50\nPCafe Nero\nMCoffee\nLFood\nN101\n^\n"


def reading(data: bytes | str, **choices: object) -> Reading:
    content = data.encode() if isinstance(data, str) else data
    return qif.read(io.BytesIO(content), name="test.qif", size=len(content), choices=Choices(**choices))  # type: ignore[arg-type]


def statements(data: bytes | str, **choices: object) -> list[Collected]:
    return collect(reading(data, **choices))


def rows(data: bytes | str, **choices: object) -> list[StagedTransaction]:
    return [row for statement in statements(data, **choices) for row in statement.rows]


def refusal(data: bytes | str) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        reading(data)
    return refused.value


def test_a_record_is_a_row() -> None:
    (row,) = rows(BANK + FIRST)
    assert (row.line, row.posted_date, row.amount) == (2, date(2026, 3, 15), -45_000)
    assert (row.description, row.merchant, row.category, row.reference) == (
        "Cafe Nero - Coffee",
        "Cafe Nero",
        "Food",
        "101",
    )
    assert row.currency is None
    (row,) = rows(BANK + FIRST, currency="GBP", sign="inverted")
    assert (row.currency, row.amount) == ("GBP", 45_000)


@pytest.mark.parametrize(
    ("texts", "first"),
    [
        (["1/15'05"], date(2005, 1, 15)),
        (["1/15' 5"], date(2005, 1, 15)),
        (["1/15'2005"], date(2005, 1, 15)),
        ([" 1/ 3/04", "1/15/04"], date(2004, 1, 3)),
        (["12/19/98"], date(1998, 12, 19)),
        (["15.1.2005"], date(2005, 1, 15)),
        (["3.1.2005"], date(2005, 1, 3)),
        (["15/01/2005"], date(2005, 1, 15)),
        (["15-01-05"], date(2005, 1, 15)),
        (["2005-01-15"], date(2005, 1, 15)),
        (["20050115"], date(2005, 1, 15)),
        (["15 Jan 2005"], date(2005, 1, 15)),
        (["98/12/19"], date(1998, 12, 19)),
        (["2/2/2005"], date(2005, 2, 2)),
        (["3/1'05", "3/1'05", "13/1'05"], date(2005, 1, 3)),
    ],
)
def test_dates(texts: list[str], first: date) -> None:
    assert rows(BANK + "".join(f"D{text}\nT1.00\n^\n" for text in texts))[0].posted_date == first


def test_a_date_that_can_be_read_in_two_ways_is_asked_about() -> None:
    refused = refusal(BANK + "D3/4/2026\nT1.00\n^\n")
    assert refused.code == "ambiguous"
    assert {option["reads"] for option in refused.details["question"]["options"]} == {
        "3 April 2026",
        "4 March 2026",
    }
    assert rows(BANK + "D3/4/2026\nT1.00\n^\n", date_order="dmy")[0].posted_date == date(2026, 4, 3)


def test_dates_that_contradict_each_other_are_asked_about() -> None:
    assert refusal(BANK + "D22/12/2017\nT1.00\n^\nD08/27/2021\nT1.00\n^\n").code == "ambiguous"


def test_the_order_of_the_rows_tells_the_order_of_dates() -> None:
    data = BANK + "".join(f"D0{day}/0{month}/2026\nT1.00\n^\n" for month in (1, 2, 3) for day in (2, 5, 8))
    found = reading(data)
    assert [row.posted_date for row in collect(found)[0].rows][:2] == [date(2026, 1, 2), date(2026, 1, 5)]


def test_evidence_far_down_decides() -> None:
    data = BANK + "D03/04/2026\nT1,000\nPsomebody\n^\n" * 20_000 + "D12/31/2026\nT1.50\n^\n"
    found = rows(data)
    assert found[0].posted_date == date(2026, 3, 4)
    assert found[0].amount == 10_000_000


@pytest.mark.parametrize(
    ("text", "units"),
    [("-1,234.56", -12_345_600), ("-1.042,17", -10_421_700), ("12,5", 125_000), ("(4.50)", -45_000), ("1 234,50", 12_345_000),
     ("+3.00", 30_000), ("$12.00", 120_000), ("-.50", -5_000)],
)  # fmt: skip
def test_amounts(text: str, units: int) -> None:
    assert rows(f"{BANK}D31.12.2026\nT{text}\n^\n")[0].amount == units


def test_an_amount_that_can_be_read_in_two_ways_is_asked_about() -> None:
    data = BANK + "D31/12/2026\nT1,234\n^\n"
    assert refusal(data).details["question"]["choice"] == "decimal"
    assert rows(data, decimal=",")[0].amount == 12_340


def test_u_stands_in_for_t() -> None:
    assert [row.amount for row in rows(BANK + "D12/31/2026\nU-5.00\n^\nD12/31/2026\nU6.00\nT6.00\n^\n")] == [
        -50_000,
        60_000,
    ]


SPLIT = BANK + "D12/31/2026\nT{}\nPShop\nL--Split--\nSFood\nEbread\n$-3.00\nSHome\nD12/30/2026\n$-2.00\n^\n"


def test_splits_are_checked_against_the_total() -> None:
    (row,) = rows(SPLIT.format("-5.00"))
    assert (row.amount, row.category, row.issues) == (-50_000, None, ())
    (row,) = rows(SPLIT.format("-5.01"))
    assert [(issue.code, issue.source) for issue in row.issues] == [("splits-differ", "line 2")]


ACCOUNTS = """!Option:AutoSwitch
!Account
NChecking
TBank
^
NSavings 12345678
TBank
^
!Clear:AutoSwitch
!Type:Cat
NFood
DWhat one eats
E
^
!Account
NChecking
TBank
^
!Type:Bank
D12/31/2026
T1.00
^
!Account
NSavings 12345678
TBank
^
!Type:Bank
D12/30/2026
T2.00
^
!Type:CCard
D12/29/2026
T-3.00
^
"""


def test_several_accounts_in_a_file() -> None:
    found = statements(ACCOUNTS)
    assert [[row.amount for row in s.rows] for s in found] == [[10_000], [20_000], [-30_000]]
    assert [s.statement.account.kind for s in found] == ["checking", "checking", "card"]
    assert len({s.statement.account.key for s in found}) == 3
    assert [s.statement.account.label for s in found[:2]] == ["Checking", "••5678"]
    mine = reading(ACCOUNTS, account="mine")
    assert collect(mine)[0].statement.account.label == "mine"
    assert [issue.code for issue in mine.issues] == ["several-accounts"]


@pytest.mark.parametrize("kind", ["Bank", "Cash", "CCard", "Oth A", "Oth L", "bank ", " Bank"])
def test_kinds_of_accounts(kind: str) -> None:
    data = f"!Type:{kind}\n{FIRST}"
    assert detect(data.encode(), "x") == "qif"
    found = reading(data)
    assert len(collect(found)[0].rows) == 1
    assert not found.issues


def test_trades_are_reported_not_swallowed() -> None:
    trades = "!Type:Invst\nD12/31/2026\nNBuy\nYAAPL\nI1.00\nQ2\nT2.00\n^\n"
    found = reading(BANK + FIRST + trades)
    assert [len(s.rows) for s in collect(found)] == [1]
    assert [issue.code for issue in found.issues] == ["investments"]
    refused = refusal(trades)
    assert refused.code == "no-transactions"
    assert "securities" in refused.message


def test_an_unknown_section_is_read_and_said() -> None:
    found = reading("!Type:Geld\n" + FIRST)
    assert len(collect(found)[0].rows) == 1
    assert [issue.code for issue in found.issues] == ["unknown-section"]


@pytest.mark.parametrize(
    "data",
    [
        BANK + "^\n" + FIRST,
        BANK + FIRST.rstrip("\n"),
        "# exported\n\n" + BANK + FIRST,
        (BANK + FIRST).replace("\n", "\r\n"),
        (BANK + FIRST).replace("\n", "\r"),
        "\ufeff" + BANK + FIRST,
        "\n\n" + (BANK + FIRST).lower(),
        BANK + FIRST.replace("\n", " \n"),
        BANK + FIRST.replace("T", "\nT"),
        BANK + FIRST.replace("^", "^^"),
    ],
    ids=["empty record", "no last break", "remarks", "crlf", "cr", "bom", "lower", "blanks", "blank lines", "two marks"],
)
def test_ways_to_write_it(data: str) -> None:
    assert detect(data.encode(), "x") == "qif"
    (row,) = rows(data)
    assert (row.posted_date, row.amount) == (date(2026, 3, 15), -45_000)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_encodings(encoding: str) -> None:
    data = (BANK + FIRST.replace("Cafe Nero", "Café Zürich") * 3).encode(encoding)
    assert detect(data, "x") == "qif"
    assert rows(data)[0].merchant == "Café Zürich"


def test_a_missing_end_mark_loses_no_row() -> None:
    assert len(rows(BANK + FIRST.replace("^\n", "") + FIRST)) == 2
    found = reading(BANK + FIRST + FIRST.replace("^\n", ""))
    assert [row.line for row in collect(found)[0].rows] == [2, 9]
    assert [issue.code for issue in found.issues] == ["truncated"]


def test_what_cannot_be_read_is_reported_with_its_line() -> None:
    broken = "Dyesterday\nT1.00\n^\n" + FIRST + "D12/31/2026\nPno amount\n^\n" + "D12/31/2026\nTx\n^\n"
    (statement,) = statements(BANK + broken)
    assert [(row.line, row.reason) for row in statement.unreadable] == [
        (2, "'yesterday' is no date"), (12, "no amount"), (15, "'x' is no amount"),
    ]  # fmt: skip
    assert len(statement.rows) == 1


def test_an_opening_balance_is_doubted() -> None:
    (row,) = rows(BANK + FIRST.replace("Cafe Nero", "Opening Balance"))
    assert [issue.code for issue in row.issues] == ["may-be-balance"]


def test_rows_without_text_are_named() -> None:
    data = BANK + "D12/31/2026\nT1.00\nN77\n^\nD12/31/2026\nT1.00\nLFood\n^\nD12/31/2026\nT1.00\n^\n"
    assert [row.description for row in rows(data)] == ["Check 77", "Food", "Transaction"]


def test_nothing_in_it() -> None:
    assert refusal("!Type:Cat\nNFood\n^\n").code == "no-transactions"


def test_many_rows_are_read_as_one_by_one() -> None:
    """Records written alike go through one expression, others one after the other: the same comes out."""
    kinds = [
        FIRST,
        "D03/16/2026\nT-1,004.50\nPCafe Nero\n^\n",
        "D03/17/2026\nU5.00\nT5.00\nC*\nPShop\nAStreet 1\nATown\n^\n",
        "D03/18/2026\nT$7.00\nPShop\n^\n",
        "D03/19/2026\nT8.00\n^\n",
    ]
    one_by_one = [rows(BANK + kind)[0] for kind in kinds]
    order = [(i * i) % 11 % 5 for i in range(12_000)]
    data = BANK + "".join(kinds[i] for i in order)
    (statement,) = statements(data)
    assert [row._replace(line=0) for row in statement.rows] == [one_by_one[i]._replace(line=0) for i in order]
    lines = data.split("\n")
    assert all(lines[row.line - 1].startswith("D") for row in statement.rows)


# Any bytes

PIECES = st.sampled_from(
    [b"!Type:Bank\n", b"!Account\n", b"!Type:Cat\n", b"!Type:Invst\n", b"!Option:AutoSwitch\n", b"D03/15/2026\n",
     b"D15.3'26\n", b"T-1.50\n", b"T1,5\n", b"T1,000\n", b"U2.00\n", b"PShop\n", b"Mmemo\n", b"N12\n", b"LFood\n",
     b"SFood\n", b"$1.00\n", b"E\n", b"^\n", b"^", b"\n", b"\r", b"!", b"\xff", b"\0", b"D", b"T",
     b"D1/1'5\nT1.00\nPx\n^\n" * 40]
)  # fmt: skip


@settings(deadline=None, max_examples=500)
@given(st.lists(PIECES | st.binary(max_size=8), max_size=50).map(b"".join))
def test_any_bytes_end_in_a_reading_or_a_refusal(data: bytes) -> None:
    with suppress(FileRefused):
        for statement in collect(reading(data)):
            total = sum(statement.statement.money_in.values()) + sum(statement.statement.money_out.values())
            assert total == sum(row.amount for row in statement.rows)
            assert statement.statement.rows == len(statement.rows)
            assert all(row.description.isprintable() for row in statement.rows)


CHANGE = st.tuples(
    st.integers(0, 10_000), st.sampled_from(["D", "T", "\n", "x", "", "S", "1"]), st.integers(0, 6)
)


@settings(deadline=None, max_examples=200)
@given(st.lists(CHANGE, max_size=3))
def test_no_record_is_lost(changes: list[tuple[int, str, int]]) -> None:
    """Whatever is changed inside records, each that says something is a row or reported as unreadable."""
    body = FIRST * 60
    for at, piece, cut in changes:
        at %= len(body)
        if "^" not in body[at : at + cut]:
            body = body[:at] + piece + body[at + cut :]
    said = [record for record in f"\n{body}".split("\n^") if record.strip()]
    try:
        found = statements(BANK + body)
    except FileRefused:  # a changed date or amount that leaves two readings
        return
    assert sum(len(s.rows) + len(s.unreadable) for s in found) >= len(said)


@pytest.mark.parametrize(
    "data",
    [
        BANK + "^\n" * 200_000,
        BANK + "D" * 1_000_000,
        BANK + "D1/31/2026\n" * 100_000,
        BANK + "D1/31/2026\nT1.00\nM" + "x" * 2_000_000 + "\n^\n",
        BANK + "D1/31/2026\nT1.00\n" + "Mx\n" * 300_000 + "^\n",
        BANK + "D1/31/2026\nT1.00\n" + "$1.00\n" * 200_000 + "^\n",
        "!" * 1_000_000,
        "!Type:Bank\n" * 100_000,
        BANK + "D1/31/2026\nT" + "1" * 1_000_000 + "\n^\n",
    ],
    ids=lambda data: repr(data[11:30]),
)
def test_hostile_files_cost_little(data: str) -> None:
    with suppress(FileRefused):
        collect(reading(data))
