"""smartimport inspect and formats, as people and scripts see them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from smartimport_cli.views.style import cell_width

STATEMENT = (
    "Konto;DE02120300000000202051\n"
    "\n"
    "Buchung;Name;Text;Kennung;Betrag EUR;Saldo\n"
    "13.03.2026;Bäckerei Überlänge am Marktplatz der alten Stadt;Kartenzahlung;1;-4,50;95,50\n"
    "02.03.2026;ACME;Lohn;2;100,00;100,00\n"
    "Zeile;ohne;Sinn;3;x;y\n"
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "x.csv").write_text(STATEMENT)
    return tmp_path


def smartimport(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "smartimport_cli", *words], capture_output=True, text=True, timeout=60, cwd=home,
        env={
            "PATH": "/usr/bin:/bin", "COLUMNS": "80", "LANG": "C.UTF-8",
            "SMARTIMPORT_CONFIG": str(home / "config" / "config.toml"), "SMARTIMPORT_DATA_DIR": str(home / "data"),
        },
    )  # fmt: skip


def test_a_person_sees_what_was_decided_and_why_within_80_columns(home: Path) -> None:
    done = smartimport(home, "inspect", "x.csv")
    assert done.returncode == 0, done.stderr
    assert all(cell_width(line) <= 80 for line in done.stdout.splitlines())
    for said in (
        "x.csv  read as csv",
        "13.03.2026 can be read in this order only",  # why
        "5  Betrag EUR  amount",  # columns with their roles
        "not used: Kennung",
        "••2051 · EUR · 2 transactions · 2026-03-02 to 2026-03-13",
        "✓ proved. All 1 balances follow from the rows (newest first).",
        "2026-03-02  100.00  ACME Lohn",
        "Also tried",
    ):
        assert said in done.stdout, done.stdout


def test_a_script_gets_columns_and_what_was_tried(home: Path) -> None:
    document = json.loads(smartimport(home, "inspect", "x.csv", "-o", "json").stdout)
    assert {"number": 5, "name": "Betrag EUR", "role": "amount"} in document["columns"]
    assert {"reading", "outcome"} == set(document["tried"][0])


def test_a_description_is_written_found_and_gives_the_same(home: Path) -> None:
    before = json.loads(smartimport(home, "inspect", "x.csv", "-o", "json").stdout)
    written = smartimport(home, "inspect", "x.csv", "--write-description", "markt")
    file = home / "config" / "banks" / "markt.toml"
    assert str(file) in written.stderr and "date-order = 'dmy'" in file.read_text()
    after = json.loads(smartimport(home, "inspect", "x.csv", "-o", "json").stdout)
    assert [e["decision"] for e in after["evidence"] if e["what"] == "description"] == ["markt"]
    assert after["statements"] == before["statements"]
    (listed,) = json.loads(smartimport(home, "formats", "-o", "json").stdout)["descriptions"]
    assert listed == {"name": "markt", "file": str(file), "recognised_by": "column names"}
    assert "markt" in smartimport(home, "formats").stdout


def test_an_import_reads_by_a_description_too(home: Path) -> None:
    smartimport(home, "inspect", "x.csv", "--account", "Household", "--write-description", "markt")
    done = smartimport(home, "upload", "x.csv")
    assert "proved by the balances" in done.stderr
    assert "Household" in smartimport(home, "list").stdout


def test_a_description_is_never_overwritten_unasked(home: Path) -> None:
    smartimport(home, "inspect", "x.csv", "--write-description", "markt")
    file = home / "config" / "banks" / "markt.toml"
    mine = file.read_text() + "# mine\n"
    file.write_text(mine)
    again = smartimport(home, "inspect", "x.csv", "--write-description", "markt")
    assert again.returncode == 2 and "--force" in again.stderr and file.read_text() == mine
    forced = smartimport(home, "inspect", "x.csv", "--write-description", "markt", "--force")
    assert forced.returncode == 0 and "# mine" not in file.read_text()


@pytest.mark.parametrize("name", ["../x", "", "a/b", ".hidden"])
def test_a_description_stays_in_its_folder(home: Path, name: str) -> None:
    done = smartimport(home, "inspect", "x.csv", "--write-description", name)
    assert done.returncode == 2 and not (home / "x.toml").exists()


def test_a_bad_description_is_wrong_configuration_and_stores_nothing(home: Path) -> None:
    banks = home / "config" / "banks"
    banks.mkdir(parents=True)
    (banks / "bad.toml").write_text('[match]\nlines = "x"\n[read]\ndecimal = "comma"\n')
    done = smartimport(home, "inspect", "x.csv")
    assert done.returncode == 2
    for said in ("bad.toml", "read.decimal", "one of '.', ','"):
        assert said in done.stderr


def test_formats_are_listed_within_80_columns(home: Path) -> None:
    done = smartimport(home, "formats")
    assert done.returncode == 0
    assert "delimited text" in done.stdout and "OFX" in done.stdout
    assert all(cell_width(line) <= 80 for line in done.stdout.splitlines())
