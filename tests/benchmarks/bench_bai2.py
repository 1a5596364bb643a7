"""Reading BAI2: rows a CPU second beside bai2 (ministryofjustice), and memory at a million rows."""

import sys
import tempfile
from pathlib import Path

from tests.benchmarks.measure import Row, faster, has, measure, mebibytes, no_peer, work

ROWS = 100_000
MANY = 1_000_000
MEMORY = 64 << 20  # bytes
GOAL = 2
_NAMES = ["COFFEE SHOP", "OFFICE SUPPLIES", "ACME PAYROLL", "BLUE BOTTLE", "UTILITIES", "RENT"]


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        file, large = Path(folder) / "rows.bai2", Path(folder) / "many.bai2"
        write(file, ROWS)
        write(large, MANY)
        table = []
        if has("bai2"):
            ours = work("tests.benchmarks.bench_bai2:read_ours", file)
            theirs = work("tests.benchmarks.bench_bai2:read_bai2", file)
            table.append(
                faster("bai2", "read 1e5 rows", ours, theirs, goal=GOAL, peer_name="bai2", unit=(ROWS, "rows"), pairs=3)
            )
        else:
            table.append(no_peer("bai2", "read 1e5 rows", "bai2", f">= {GOAL}x"))
        bare = measure(work("tests.benchmarks.bench_bai2:read_nothing", file)).memory
        peak = measure(work("tests.benchmarks.bench_bai2:read_ours", large)).memory
        memory = Row(
            "bai2", "memory, 1e6 rows", mebibytes(peak), f"interpreter {mebibytes(bare)}",
            f"+{mebibytes(peak - bare)}", f"<= {mebibytes(MEMORY)}", peak <= MEMORY,
        )  # fmt: skip
        return [*table, memory]


def write(file: Path, count: int) -> None:
    """The same rows each time, a quarter of them with text that goes on in a second record."""
    cents = [i * 7919 % 200_000 - 100_000 for i in range(count)]
    lines = count + (count + 3) // 4 + 2  # of the account
    control = sum(map(abs, cents)) + sum(cents)
    with file.open("w") as out:
        out.write("01,BANK,ME,260303,0700,1,,,2/\n02,ME,BANK,1,260302,2400,USD,2/\n")
        out.write(f"03,0012345678,,010,0,,,015,{sum(cents)},,/\n")
        for i, amount in enumerate(cents):
            kind = "475" if amount < 0 else "142"
            out.write(f"16,{kind},{abs(amount)},Z,F{i:08},,{_NAMES[i % 6]} {i % 50}\n")
            if i % 4 == 0:
                out.write(f"88,INVOICE {i % 500}\n")
        out.write(f"49,{control},{lines}/\n98,{control},1,{lines + 2}/\n99,{control},1,{lines + 4}/\n")


def read_ours(path: str) -> object:
    from smartimport_cli.core.model import Choices, Rows, Statement, Verdict
    from smartimport_cli.statements import bai2

    def read() -> None:
        file = Path(path)
        count = 0
        with file.open("rb") as source:
            found = bai2.read(source, name=file.name, size=file.stat().st_size, choices=Choices())
            for part in found.parts:
                if isinstance(part, Rows):
                    count += len(part.rows)
                elif isinstance(part, Statement):
                    assert part.proof.verdict is Verdict.PROVED and not part.issues
        assert count in (ROWS, MANY)

    return read


def read_nothing(path: str) -> None:
    import smartimport_cli.statements.bai2  # noqa: F401


def read_bai2(path: str) -> object:
    from bai2 import bai2

    def read() -> None:
        with Path(path).open() as source:
            file = bai2.parse_from_file(source)
        assert len(file.children[0].children[0].children) == ROWS

    return read


if __name__ == "__main__":
    for row in rows():
        sys.stdout.write(f"{row}\n")
