"""Readers that other packages bring, found through their entry points."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from smartimport_cli import statements
from smartimport_cli.core.errors import FileRefused
from smartimport_cli.resources import load_resources

READER = '''
from datetime import date
from smartimport_cli.core.identity import account_from_label
from smartimport_cli.core.model import Proof, Reading, Rows, StagedTransaction, Statement, StatementStart, Verdict
from smartimport_cli.statements.formats import Format


class Reader:
    format = Format("toybank", "Toybank's own files", (".toy",), "smartimport_toybank")

    def sniff(self, head):
        return head.startswith(b"TOYBANK")

    def read(self, source, *, name, size, choices, resources):
        lines = source.read().decode().splitlines()[1:]
        return Reading("toybank", [], self.parts(lines))

    def parts(self, lines):
        account = account_from_label("toy")
        yield StatementStart(account)
        rows = [
            StagedTransaction(n, date(2026, 3, 2), int(line) * 10_000, "EUR", "toy", "Toy")
            for n, line in enumerate(lines, 2)
        ]
        yield Rows(rows)
        total = sum(row.amount for row in rows)
        yield Statement(
            account, "EUR", rows[0].posted_date, rows[0].posted_date, None, None, len(rows), {"EUR": total}, {},
            Proof(Verdict.CONSISTENT, "none", "Toys need no proof."),
        )


reader = Reader()
'''


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of installed packages: one whose reader works, one that cannot be imported, one that breaks."""
    for package, module, text in (
        ("smartimport-toybank", "smartimport_toybank", READER),
        ("smartimport-absent", "smartimport_absent", "import a_module_that_is_not_there\n"),
        ("smartimport-wild", "smartimport_wild", READER.replace("return head.starts", "1 / 0; return head.starts")),
    ):
        (tmp_path / f"{module}.py").write_text(text)
        info = tmp_path / f"{module}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
        name = module.removeprefix("smartimport_")
        (info / "entry_points.txt").write_text(f"[smartimport.readers]\n{name} = {module}:reader\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    for module in ("smartimport_toybank", "smartimport_absent", "smartimport_wild"):
        sys.modules.pop(module, None)


def read(data: bytes, tmp_path: Path, format_: str | None = None) -> list[statements.Collected]:
    reading = statements.read(
        io.BytesIO(data), name="x.toy", size=len(data), choices=statements.Choices(format=format_),
        resources=load_resources(tmp_path),
    )  # fmt: skip
    return statements.collect(reading)


def test_a_file_that_nobody_here_knows_goes_to_the_reader_that_does(site: Path) -> None:
    (part,) = read(b"TOYBANK\n3\n-1\n", site)
    assert [row.amount for row in part.rows] == [30_000, -10_000]


def test_a_file_that_we_know_loads_no_plugin(site: Path) -> None:
    read(b"Date,Text,Amount\n2026-03-02,A,-1.00\n", site)
    assert "smartimport_toybank" not in sys.modules


def test_broken_readers_are_told_by_name_and_hurt_no_other(site: Path) -> None:
    with pytest.raises(FileRefused) as refused:
        read(b"something else\n", site)
    assert refused.value.code == "unsupported-format"
    assert "The reader absent of the package smartimport-absent could not be asked" in refused.value.hint
    assert "a_module_that_is_not_there" in refused.value.hint
    assert "The reader wild of the package smartimport-wild could not be asked: ZeroDivisionError" in refused.value.hint


def test_a_reader_that_breaks_while_it_reads_is_refused_by_name(site: Path) -> None:
    with pytest.raises(FileRefused) as refused:
        read(b"TOYBANK\nthree\n", site)
    assert refused.value.code == "reader-failed"
    assert "smartimport-toybank" in refused.value.message


def smartimport(site: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "smartimport_cli", *words], capture_output=True, text=True, timeout=60,
        env={"PYTHONPATH": str(site), "PATH": "/usr/bin:/bin", "SMARTIMPORT_CONFIG": str(site / "config.toml")},
        cwd=site,
    )  # fmt: skip


def test_the_command_line_takes_and_lists_them(site: Path) -> None:
    (site / "x.csv").write_bytes(b"TOYBANK\n3\n")
    done = smartimport(site, "inspect", "x.csv", "--format", "toybank", "-o", "json")
    assert json.loads(done.stdout)["statements"][0]["transactions"][0]["amount"] == "3.00"
    listed = json.loads(smartimport(site, "formats", "-o", "json").stdout)
    assert listed["schema"] == "smartimport.formats/1"
    plugins = {f["name"]: f for f in listed["formats"] if f["from"] != "smartimport"}
    assert plugins["toybank"]["usable"] and plugins["toybank"]["title"] == "Toybank's own files"
    assert not plugins["absent"]["usable"] and "a_module_that_is_not_there" in plugins["absent"]["trouble"]
    wrong = smartimport(site, "inspect", "x.csv", "--format", "toy")
    assert wrong.returncode == 2 and "toybank" in wrong.stderr
