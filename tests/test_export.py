"""What other programs read back is what was committed."""

import csv
import io
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smartimport_cli import export
from smartimport_cli.core.errors import UsageError
from smartimport_cli.core.model import Account, Transaction
from smartimport_cli.core.text import clean

ACCOUNTS: dict[str, Account | str] = {
    "a": Account("a", "••1234", "checking", "USD"),
    "b": Account("b", "My Visa", "card", "EUR"),
    "c": "Épargne / 工资",
    "d": Account("d", "••1234", "checking", "EUR"),
}


def row(**changes: object) -> Transaction:
    plain = Transaction(
        "t1", "i1", "a", date(2026, 3, 2), -45_000, "USD", "COFFEE #12", "Coffee", None, "F1", 1_000_000, 5
    )
    return plain._replace(**changes)  # type: ignore[arg-type]


NASTY = [
    row(),
    row(id="t2", amount=31_000_000, merchant="ACME", description='SALARY "MARCH" \\ 50%', category="Salary"),
    row(id="t3", account_id="b", currency="EUR", amount=-15, description="=HYPERLINK(1)", merchant="(c) x"),
    row(id="t4", account_id="c", currency=None, merchant="; x", description="a|b; c", reference="1,2:3[4]"),
    row(id="t5", account_id="c", currency="JPY", amount=-5_000_000, merchant="! * x", description="{ } @ #"),
    row(id="t6", account_id="unknown-account", amount=0, merchant="", description="", reference=None),
    row(id="t7", account_id="d", currency="KWD", amount=-12_345, category="Food & Drink:Ünder way"),
    row(id="t8", amount=-1, currency="odd", merchant="工资", description="2026-01-01 open A:X", balance=-1),
    row(id="t9", posted_date=date(2025, 12, 31), merchant="*** ", description="%> ' ` ?", balance=None),
]


def text_of(format: str, rows: list[Transaction], accounts: Mapping[str, Account | str] = ACCOUNTS) -> str:
    return "".join(export.render(format, iter(rows), accounts=accounts))


def test_unknown_format_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match="xls") as error:
        export.render("xls", [], accounts={})
    assert "csv, json, ofx, beancount, ledger" in error.value.hint


def test_csv() -> None:
    text = text_of("csv", NASTY[:3])
    assert text.splitlines(keepends=True)[:2] == [
        "date,amount,currency,description,merchant,category,account,balance,reference,id\r\n",
        "2026-03-02,-4.50,USD,COFFEE #12,Coffee,,••1234,100.00,F1,t1\r\n",
    ]
    assert "'=HYPERLINK(1)" in text
    assert text_of("csv", []).count("\r\n") == 1


TEXT = st.text().map(clean)
ROWS = st.lists(
    st.builds(
        row,
        id=st.uuids().map(str),
        account_id=st.sampled_from([*ACCOUNTS, "other"]),
        posted_date=st.dates(date(1950, 1, 1), date(2099, 12, 31)),
        amount=st.integers(-(10**14), 10**14),
        currency=st.sampled_from([None, "USD", "JPY", "KWD", "CLF"]),
        description=TEXT | st.sampled_from(["=1+1", "@x", "+4", "-4", "'=1", '"', ",", ";"]),
        merchant=TEXT,
        category=st.none() | TEXT,
        reference=st.none() | TEXT.filter(bool),
        balance=st.none() | st.integers(-(10**14), 10**14),
    ),
    max_size=8,
)


@given(ROWS)
def test_csv_reads_back_and_holds_no_formula(rows: list[Transaction]) -> None:
    read = list(csv.DictReader(io.StringIO(text_of("csv", rows), newline="")))
    assert len(read) == len(rows)
    for cells, was in zip(read, rows, strict=True):
        assert Decimal(cells["amount"]) * 10_000 == was.amount
        assert cells["date"] == was.posted_date.isoformat()
        for name in ("description", "merchant", "category", "account", "reference"):
            assert not cells[name].startswith(("=", "+", "-", "@", "\t", "\r"))
        assert cells["description"] in (was.description, f"'{was.description}")


@given(ROWS)
def test_json_reads_back(rows: list[Transaction]) -> None:
    document = json.loads(text_of("json", rows))
    assert document["schema"] == "smartimport.transactions/1"
    assert len(document["transactions"]) == len(rows)
    for read, was in zip(document["transactions"], rows, strict=True):
        assert Decimal(read["amount"]) * 10_000 == was.amount
        for name in ("id", "currency", "description", "merchant", "category", "reference"):
            assert read[name] == getattr(was, name)


@pytest.mark.parametrize("format", [name for name in export.FORMATS if name != "ofx"])  # grouped by account
def test_streams(format: str) -> None:
    """Text comes before the last transaction was asked for."""
    asked = 0

    def many() -> object:
        nonlocal asked
        for asked in range(5000):  # noqa: B007
            yield row()

    pieces = export.render(format, many(), accounts=ACCOUNTS)  # type: ignore[arg-type]
    next(pieces), next(pieces)
    assert asked < 2000


def test_beancount_text() -> None:
    assert text_of("beancount", NASTY[:1]) == (
        "1900-01-01 open Assets:Checking:1234\n"
        "1900-01-01 open Expenses:Unknown\n"
        "\n"
        '2026-03-02 * "Coffee" "COFFEE #12"\n'
        '  id: "t1"\n'
        '  reference: "F1"\n'
        "  Assets:Checking:1234  -4.50 USD\n"
        "  Expenses:Unknown  4.50 USD\n"
    )


def test_ledger_text() -> None:
    assert text_of("ledger", NASTY[1:2]) == (
        '2026-03-02 * ACME | SALARY "MARCH" \\ 50%\n'
        "    ; id: t2\n"
        "    ; reference: F1\n"
        "    Assets:Checking:1234  3100.00 USD\n"
        "    Income:Salary  -3100.00 USD\n\n"
    )


def test_what_says_the_same_is_said_once() -> None:
    same = [row(merchant="Tesco", description="TESCO")]
    assert '2026-03-02 * "TESCO"\n' in text_of("beancount", same)
    assert "2026-03-02 * TESCO\n" in text_of("ledger", same)


def test_two_accounts_never_share_a_name() -> None:
    text = text_of("ledger", [row(), row(account_id="d")])
    assert "Assets:Checking:1234  " in text
    assert "Assets:Checking:1234-2  " in text


def balances_of(rows: list[Transaction]) -> Decimal:
    return sum((Decimal(r.amount) / 10_000 for r in rows if r.currency == "USD"), Decimal(0))


@pytest.mark.skipif(shutil.which("hledger") is None, reason="hledger is not installed")
def test_hledger_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "out.journal"
    file.write_text(text_of("ledger", NASTY), encoding="utf-8")
    done = run("hledger", "-f", str(file), "print", "-O", "json")
    assert len(json.loads(done)) == len(NASTY)
    run("hledger", "-f", str(file), "check", "balancednoautoconversion")
    query = ("balance", "^Assets:Checking:1234$", "-N", "--flat", "cur:USD")
    total = run("hledger", "-f", str(file), *query)
    wanted = balances_of([r for r in NASTY if r.account_id == "a"])
    assert Decimal(total.split()[0].replace(",", "")) == wanted


@pytest.mark.skipif(shutil.which("ledger") is None, reason="ledger is not installed")
def test_ledger_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "out.ledger"
    file.write_text(text_of("ledger", NASTY), encoding="utf-8")
    lines = run("ledger", "-f", str(file), "--args-only", "csv").splitlines()
    assert len(lines) == 2 * len(NASTY) - 2  # ledger leaves postings of zero out


def _bean_check() -> list[str] | None:
    """beancount's checker, where one is installed (SMARTIMPORT_TEST_BEAN_CHECK may name it)."""
    import os

    named = os.environ.get("SMARTIMPORT_TEST_BEAN_CHECK") or shutil.which("bean-check")
    if named:
        return [named]
    beside = Path(sys.executable).with_name("bean-check")
    return [str(beside)] if beside.exists() else None


@pytest.mark.skipif(_bean_check() is None, reason="beancount is not installed")
def test_bean_check_accepts_it(tmp_path: Path) -> None:
    file = tmp_path / "out.beancount"
    file.write_text(text_of("beancount", NASTY), encoding="utf-8")
    run(*(_bean_check() or []), str(file))


@pytest.mark.skipif(shutil.which("hledger") is None, reason="hledger is not installed")
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS.filter(bool))
def test_hledger_reads_any_text(tmp_path: Path, rows: list[Transaction]) -> None:
    file = tmp_path / "any.journal"
    file.write_text(text_of("ledger", rows), encoding="utf-8")
    assert len(json.loads(run("hledger", "-f", str(file), "print", "-O", "json"))) == len(rows)


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_ofx_is_read_back_by_our_own_reader_account_by_account() -> None:
    from smartimport_cli import statements

    text = text_of("ofx", sorted(NASTY, key=lambda row: row.posted_date)).encode()
    reading = statements.read(io.BytesIO(text), name="export.ofx", size=len(text))
    found = {
        (row.reference, row.amount, row.posted_date, row.description.split(" ")[0])
        for statement in statements.collect(reading)
        for row in statement.rows
    }
    assert {(id, amount, day) for id, amount, day, _ in found} == {
        (row.id, row.amount, row.posted_date) for row in NASTY
    }


def test_ofx_tells_cards_from_accounts_and_states_the_last_balance() -> None:
    text = text_of("ofx", NASTY[:3])
    bank, card = text.split("<CREDITCARDMSGSRSV1>")
    assert bank.count("<STMTTRN>") == 2 and card.count("<STMTTRN>") == 1
    assert "<CURDEF>USD</CURDEF>" in bank and "<CURDEF>EUR</CURDEF>" in card
    assert "<LEDGERBAL><BALAMT>100.00</BALAMT>" in bank
    assert "<NAME>(c) x</NAME>" in card


def test_ofx_text_is_escaped() -> None:
    text = text_of("ofx", [row(merchant="A & B </NAME>", description="<STMTTRN>")])
    assert "A &amp; B &lt;/NAME&gt;" in text and text.count("<STMTTRN>") == 1
