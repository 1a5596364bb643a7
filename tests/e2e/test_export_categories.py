"""What other programs get are the categories of the summary, in names that they take."""

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.backends.statement_files import ofx
from tests.e2e.conftest import Shell

ROWS = [
    ("2026-02-02", "-40.00", "REWE Markt 12"), ("2026-02-10", "-60.00", "Qwertz Secret"),
    ("2026-03-02", "2100.00", "ACME Payroll Salary"), ("2026-03-03", "-500.00", "Transfer to savings"),
    ("2026-03-04", "-12.00", "Zzxq"),
]  # fmt: skip


@pytest.fixture
def imported(shell: Shell) -> Shell:
    shell.file("march.ofx", ofx(ROWS))
    assert shell.run("import", "march.ofx", "--yes").code == 0
    rows = json.loads(shell.run("export", "-o", "json").out)["transactions"]
    odd = next(row["line"] for row in rows if row["merchant"].startswith("Qwertz"))
    assert shell.run("categorize", "@latest", str(odd), "=Böse & Brot: 工资").code == 0
    return shell


def test_csv_and_json_have_the_summarys_categories(imported: Shell) -> None:
    told = [row["category"] for row in json.loads(imported.run("export", "-o", "json").out)["transactions"]]
    assert told == ["Groceries", "=Böse & Brot: 工资", "Income", "Transfers", None]
    table = csv.DictReader(io.StringIO(imported.run("export", "-f", "csv").out))
    assert [row["category"] for row in table] == ["Groceries", "'=Böse & Brot: 工资", "Income", "Transfers", ""]


@pytest.mark.parametrize("format", ["beancount", "ledger"])
def test_accounts_are_named_after_categories(imported: Shell, format: str) -> None:
    text = imported.run("export", "-f", format).out
    others = re.findall(r"^ +((?:Expenses|Income|Equity):\S+)", text, re.M)
    assert others == [
        "Expenses:Groceries", "Expenses:Böse-Brot:X工资", "Income:Other", "Equity:Transfers", "Expenses:Unknown",
    ]  # fmt: skip


def test_a_table_of_categories_of_ones_own_counts(imported: Shell) -> None:
    config = imported.folder / ".config" / "smartimport"
    config.mkdir(parents=True, exist_ok=True)
    (config / "categories.toml").write_text('[categories]\nSalary = ["acme"]\n')
    assert "Income:Salary  " in imported.run("export", "-f", "ledger").out
    (config / "categories.toml").write_text("[categories]\nSalary = 3\n")
    refused = imported.run("export", "-f", "ledger")
    assert (refused.code, "categories" in refused.err) == (2, True)


@pytest.mark.skipif(shutil.which("hledger") is None, reason="hledger is not installed")
def test_hledger_adds_up_the_categories(imported: Shell) -> None:
    Path(imported.folder / "out.journal").write_text(imported.run("export", "-f", "ledger").out, encoding="utf-8")
    checked("hledger", "-f", str(imported.folder / "out.journal"), "check")
    query = ("bal", "Groceries", "-N", "--flat")
    assert "40.00" in checked("hledger", "-f", str(imported.folder / "out.journal"), *query)


@pytest.mark.skipif(
    not Path(sys.executable).with_name("bean-check").exists(), reason="beancount is not installed"
)
def test_bean_check_takes_the_categories(imported: Shell) -> None:
    Path(imported.folder / "out.beancount").write_text(
        imported.run("export", "-f", "beancount").out, encoding="utf-8"
    )
    checked(str(Path(sys.executable).with_name("bean-check")), str(imported.folder / "out.beancount"))


def checked(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout
