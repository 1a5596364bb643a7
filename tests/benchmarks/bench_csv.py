"""Reading delimited statements: rows a CPU second at 100,000 rows beside bankstatementparser, and peak memory."""

import random
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from tests.benchmarks import measure
from tests.benchmarks.measure import Row, faster, has, mebibytes, no_peer, work

ROWS = 100_000
MANY = 1_000_000
_SHOPS = [
    "TESCO STORES",
    "SHELL OIL",
    "AMAZON MKTPLACE",
    "UBER TRIP",
    "LIDL SUPERMARKT",
    "SPOTIFY",
    "ACME SALARY",
    "CITY PARKING",
]


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        path, large = Path(folder, "rows.csv"), Path(folder, "many.csv")
        write(path, ROWS)
        ours = work("tests.benchmarks.bench_csv:read_ours", path)
        found = []
        if has("bankstatementparser"):
            peer = work("tests.benchmarks.bench_csv:read_bankstatementparser", path)
            found.append(
                faster(
                    "reading",
                    f"CSV, {ROWS:,} rows",
                    ours,
                    peer,
                    goal=2,
                    peer_name="bankstatementparser",
                    unit=(ROWS, "rows"),
                )
            )
        else:
            found.append(no_peer("reading", f"CSV, {ROWS:,} rows", "bankstatementparser", ">= 2x"))
        write(large, MANY)
        cost = measure.measure(work("tests.benchmarks.bench_csv:read_ours", large))
        limit = 64 * 2**20
        found.append(
            Row(
                "reading",
                f"CSV, memory at {MANY:,} rows",
                mebibytes(cost.memory),
                "",
                "",
                "<= 64 MiB",
                cost.memory <= limit,
            )
        )
        return found


def write(path: Path, count: int) -> None:
    """A plain statement: date, description, amount, running balance."""
    chance = random.Random(7)
    balance, first = 1_000_00, date(2023, 1, 1)
    with path.open("w") as file:
        file.write("Date,Description,Amount,Balance\n")
        for number in range(count):
            cents = chance.randint(-20_000, 20_500)
            balance += cents
            day = first + timedelta(days=number * 1000 // count)
            shop = f"{chance.choice(_SHOPS)} {chance.randint(1000, 9999)}"
            file.write(f"{day},{shop},{cents / 100:.2f},{balance / 100:.2f}\n")


def read_ours(path: str) -> Callable[[], object]:
    import gc

    gc.set_threshold(100_000, 20, 20)  # as __main__ has it
    from smartimport_cli import statements
    from smartimport_cli.core.model import Rows
    from smartimport_cli.statements import delimited  # noqa: F401 - imported before the clock starts

    def run() -> None:
        with open(path, "rb") as file:
            reading = statements.read(file, name="rows.csv", size=Path(path).stat().st_size)
            count = sum(len(part.rows) for part in reading.parts if isinstance(part, Rows))
        assert count >= ROWS

    return run


def read_bankstatementparser(path: str) -> Callable[[], object]:
    from bankstatementparser import CsvStatementParser

    def run() -> None:
        assert len(CsvStatementParser(path).parse()) >= ROWS

    return run
