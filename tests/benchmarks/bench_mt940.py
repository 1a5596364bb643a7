"""Reading MT940: rows a CPU second beside bankstatementparser and mt-940, and memory at a million rows."""

import sys
import tempfile
from pathlib import Path

from tests.benchmarks.measure import Row, faster, has, measure, mebibytes, no_peer, work

ROWS = 100_000
MANY = 1_000_000
MEMORY = 64 << 20  # bytes
_NAMES = ["Coffee Shop", "REWE SAGT DANKE", "ACME PAYROLL", "BLUE BOTTLE", "TESCO 3297", "Rent"]


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        file, large = Path(folder) / "rows.sta", Path(folder) / "many.sta"
        write(file, ROWS)
        write(large, MANY)
        ours, unit, table = work("tests.benchmarks.bench_mt940:read_ours", file), (ROWS, "rows"), []
        for peer, module, goal in (("bankstatementparser", "bankstatementparser", 3.5), ("mt-940", "mt940", 10)):
            if has(module):
                theirs = work(f"tests.benchmarks.bench_mt940:read_{module}", file)
                named = {"goal": goal, "peer_name": peer, "unit": unit, "pairs": 3}
                table.append(faster("mt940", "read 1e5 rows", ours, theirs, **named))  # type: ignore[arg-type]
            else:
                table.append(no_peer("mt940", "read 1e5 rows", peer, f">= {goal}x"))
        bare = measure(work("tests.benchmarks.bench_mt940:read_nothing", file)).memory
        peak = measure(work("tests.benchmarks.bench_mt940:read_ours", large)).memory
        memory = Row(
            "mt940", "memory, 1e6 rows", mebibytes(peak), f"interpreter {mebibytes(bare)}",
            f"+{mebibytes(peak - bare)}", f"<= {mebibytes(MEMORY)}", peak <= MEMORY,
        )  # fmt: skip
        return [*table, memory]


def write(file: Path, count: int) -> None:
    """The same rows each time, a quarter of them with a reference of their own in field 86."""
    balance = 0
    with file.open("w") as out:
        out.write(":20:STARTUMS\n:25:10020030/1234567\n:28C:1/1\n:60F:C260101EUR0,00\n")
        for i in range(count):
            cents = i * 7919 % 200_000 - 100_000
            balance += cents
            mark, whole, rest = "D" if cents < 0 else "C", *divmod(abs(cents), 100)
            own = f"?20EREF+{i:012}?21SVWZ+memo {i % 50}" if i % 4 == 0 else f"?20SVWZ+memo {i % 50}"
            out.write(
                f":61:26{i % 3 + 1:02}{i % 28 + 1:02}{i % 3 + 1:02}{i % 28 + 1:02}{mark}{whole},{rest:02}NMSCNONREF//F{i:08}\n"
                f":86:166?00UEBERWEISUNG?10931{own}?30HEISDE66?31DE40500105174675974588?32{_NAMES[i % 6]}\n"
            )
        out.write(f":62F:{'D' if balance < 0 else 'C'}260331EUR{abs(balance) // 100},{abs(balance) % 100:02}\n-\n")


def read_ours(path: str) -> object:
    import gc

    gc.set_threshold(100_000, 20, 20)  # as __main__ has it
    from smartimport_cli.core.model import Choices, Rows, Statement, Verdict
    from smartimport_cli.statements import mt940

    def read() -> None:
        file = Path(path)
        count = 0
        with file.open("rb") as source:
            found = mt940.read(source, name=file.name, size=file.stat().st_size, choices=Choices())
            for part in found.parts:
                if isinstance(part, Rows):
                    count += len(part.rows)
                elif isinstance(part, Statement):
                    assert part.proof.verdict is Verdict.PROVED
        assert count in (ROWS, MANY)

    return read


def read_nothing(path: str) -> None:
    import smartimport_cli.statements.mt940  # noqa: F401


def read_bankstatementparser(path: str) -> object:
    from bankstatementparser import Mt940Parser

    def read() -> None:
        assert len(Mt940Parser(path).parse()) == ROWS

    return read


def read_mt940(path: str) -> object:
    import mt940

    def read() -> None:
        assert len(mt940.parse(path).transactions) == ROWS

    return read


if __name__ == "__main__":
    for row in rows():
        sys.stdout.write(f"{row}\n")
