"""Reading BAI2: rows a CPU second beside bai2, and memory at a million rows."""

import sys
import tempfile
from pathlib import Path

from tests.benchmarks.measure import Row, faster, has, measure, mebibytes, no_peer, work

ROWS = 100_000
MANY = 1_000_000
MEMORY = 64 << 20  # bytes
_NAMES = ["COFFEE SHOP", "REWE SAGT DANKE", "ACME PAYROLL", "BLUE BOTTLE", "TESCO 3297", "RENT"]


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        file, large = Path(folder) / "rows.bai", Path(folder) / "many.bai"
        write(file, ROWS)
        write(large, MANY)
        ours = work("tests.benchmarks.bench_bai2:read_ours", file)
        if has("bai2"):
            theirs = work("tests.benchmarks.bench_bai2:read_bai2", file)
            unit = (ROWS, "rows")
            table = [
                faster("bai2", "read 1e5 rows", ours, theirs, goal=3, peer_name="bai2", unit=unit, pairs=3)
            ]
        else:
            table = [no_peer("bai2", "read 1e5 rows", "bai2", ">= 3x")]
        bare = measure(work("tests.benchmarks.bench_bai2:read_nothing", file)).memory
        peak = measure(work("tests.benchmarks.bench_bai2:read_ours", large)).memory
        memory = Row(
            "bai2", "memory, 1e6 rows", mebibytes(peak), f"interpreter {mebibytes(bare)}",
            f"+{mebibytes(peak - bare)}", f"<= {mebibytes(MEMORY)}", peak <= MEMORY,
        )  # fmt: skip
        return [*table, memory]


def write(file: Path, count: int) -> None:
    """The same rows each time, a quarter of them with a line that goes on with the text."""
    closing = sum(_detail(i)[1] if _detail(i)[0] < 400 else -_detail(i)[1] for i in range(count))
    total = closing + sum(_detail(i)[1] for i in range(count))
    lines = count + (count + 3) // 4 + 2
    with file.open("w") as out:
        out.write("01,122099999,123456789,260301,0200,1,,,2/\n02,123456789,122099999,1,260228,2359,USD,2/\n")
        out.write(f"03,0123456789,,010,0,,,015,{closing},,/\n")
        for i in range(count):
            code, cents = _detail(i)
            out.write(f"16,{code},{cents},Z,F{i:08},{i % 977},{_NAMES[i % 6]} INV {i % 50}/\n")
            if i % 4 == 0:
                out.write(f"88,CCD ID {i % 50}/\n")
        out.write(f"49,{total},{lines}/\n98,{total},1,{lines + 2}/\n99,{total},1,{lines + 4}/\n")


def _detail(i: int) -> tuple[int, int]:
    """Type code and amount."""
    return (142, 195, 475, 451)[i % 4], i * 7919 % 200_000 + 1


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
        with open(path) as source:
            (group,) = bai2.parse_from_file(source).children
        assert len(group.children[0].children) == ROWS

    return read


if __name__ == "__main__":
    for row in rows():
        sys.stdout.write(f"{row}\n")
