"""Reading QIF: rows a CPU second beside quiffen, and memory at a million rows."""

import sys
import tempfile
from pathlib import Path

from tests.benchmarks.measure import Row, faster, has, measure, mebibytes, no_peer, work

ROWS = 100_000
MANY = 1_000_000
MEMORY = 64 << 20  # bytes
_NAMES = ["COFFEE SHOP 0042", "REWE SAGT DANKE", "ACME PAYROLL", "SQ *BLUE BOTTLE", "TESCO 3297", "RENT"]


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        file, large = Path(folder) / "rows.qif", Path(folder) / "many.qif"
        write(file, ROWS)
        write(large, MANY)
        ours, table = work("tests.benchmarks.bench_qif:read_ours", file), []
        if has("quiffen"):
            theirs = work("tests.benchmarks.bench_qif:read_quiffen", file)
            table.append(
                faster(
                    "qif", "read 1e5 rows", ours, theirs, goal=20, peer_name="quiffen", unit=(ROWS, "rows"), pairs=3
                )
            )
        else:
            table.append(no_peer("qif", "read 1e5 rows", "quiffen", ">= 20x"))
        bare = measure(work("tests.benchmarks.bench_qif:read_nothing", file)).memory
        peak = measure(work("tests.benchmarks.bench_qif:read_ours", large)).memory
        memory = Row(
            "qif", "memory, 1e6 rows", mebibytes(peak), f"interpreter {mebibytes(bare)}",
            f"+{mebibytes(peak - bare)}", f"<= {mebibytes(MEMORY)}", peak <= MEMORY,
        )  # fmt: skip
        return [*table, memory]


def write(file: Path, count: int) -> None:
    """The same rows each time; a tenth have a check number."""
    with file.open("w") as out:
        out.write("!Type:Bank\n")
        for i in range(count):
            cents = i * 7919 % 200_000 - 100_000
            number = f"N{i}\n" if i % 10 == 0 else ""
            out.write(
                f"D{i % 3 + 1:02}/{i % 28 + 1:02}/2026\nT{cents / 100:.2f}\nC*\n{number}P{_NAMES[i % 6]}\n"
                f"Mmemo {i % 50}\nLFood:Groceries\n^\n"
            )


def read_ours(path: str) -> object:
    from smartimport_cli.core.model import Choices, Rows
    from smartimport_cli.statements import qif

    def read() -> None:
        file = Path(path)
        count = 0
        with file.open("rb") as source:
            found = qif.read(source, name=file.name, size=file.stat().st_size, choices=Choices())
            for part in found.parts:
                if isinstance(part, Rows):
                    count += len(part.rows)
        assert count in (ROWS, MANY)

    return read


def read_nothing(path: str) -> None:
    import smartimport_cli.statements.qif  # noqa: F401


def read_quiffen(path: str) -> object:
    from quiffen import Qif

    def read() -> None:
        Qif.parse(path, day_first=False)

    return read


if __name__ == "__main__":
    for row in rows():
        sys.stdout.write(f"{row}\n")
