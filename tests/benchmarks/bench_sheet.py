"""Reading workbooks: rows a CPU second at 100,000 rows beside python-calamine, which only opens them, and memory.

Ours is the whole process and the child that opens the workbook, calamine's the whole process that gets the rows.
"""

import random
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

from tests.benchmarks.measure import ROOT, Row, faster, has, mebibytes, no_peer, python

ROWS = 100_000
MANY = 1_000_000
MEMORY = 64 << 20  # bytes of our own process; the child has its own limit
_SHOPS = ["TESCO STORES", "SHELL OIL", "AMAZON MKTPLACE", "UBER TRIP", "LIDL SUPERMARKT", "ACME SALARY"]
_OURS = "from tests.benchmarks.bench_sheet import read_ours as r; r({!r})"
_MEMORY = _OURS + "; import resource as m; print(m.getrusage(m.RUSAGE_SELF).ru_maxrss * 1024)"
_CALAMINE = "from tests.benchmarks.bench_sheet import read_calamine as r; r({!r})"


def rows() -> list[Row]:
    if not has("python_calamine") or not has("openpyxl"):
        return [no_peer("reading", f"XLSX, {ROWS:,} rows", "python-calamine", ">= 0.6x")]
    with tempfile.TemporaryDirectory() as folder:
        file, large = Path(folder, "rows.xlsx"), Path(folder, "many.xlsx")
        write(file, ROWS)
        ours, peer = (python("-c", code.format(str(file))) for code in (_OURS, _CALAMINE))
        table = [
            faster("reading", f"XLSX, {ROWS:,} rows", ours, peer, goal=0.6, peer_name="python-calamine",
                   unit=(ROWS, "rows"))
        ]  # fmt: skip
        write(large, MANY)
        table.append(memory(large))
        return table


def memory(large: Path) -> Row:
    """Peak of our own process, without the child, at a million rows."""
    peak = int(subprocess.run([sys.executable, "-c", _MEMORY.format(str(large))], capture_output=True, check=True,
                              cwd=ROOT).stdout)  # fmt: skip
    return Row("reading", f"XLSX, memory at {MANY:,} rows", mebibytes(peak), "", "", "<= 64 MiB", peak <= MEMORY)


def write(file: Path, count: int) -> None:
    """A plain statement: date, description, amount, running balance."""
    import openpyxl

    chance = random.Random(7)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Transactions")
    sheet.append(["Date", "Description", "Amount", "Balance"])
    balance, first = 100_000, date(2023, 1, 1)
    for number in range(count):
        cents = chance.randint(-20_000, 20_500)
        balance += cents
        day = first + timedelta(days=number * 1000 // count)
        shop = f"{chance.choice(_SHOPS)} {chance.randint(1000, 9999)}"
        sheet.append([day, shop, cents / 100, balance / 100])
    book.save(file)


def read_ours(path: str) -> None:
    import gc

    gc.set_threshold(100_000, 20, 20)  # as __main__ has it
    from smartimport_cli import statements
    from smartimport_cli.core.model import Rows
    from smartimport_cli.resources import load_resources

    with open(path, "rb") as file:
        found = statements.read(
            file, name="rows.xlsx", size=Path(path).stat().st_size, resources=load_resources()
        )
        assert sum(len(part.rows) for part in found.parts if isinstance(part, Rows)) in (ROWS, MANY)


def read_calamine(path: str) -> None:
    from python_calamine import CalamineWorkbook

    sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    assert sum(1 for _ in sheet.iter_rows()) in (ROWS + 1, MANY + 1)
