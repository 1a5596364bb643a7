"""Batches: many statements at once, beside the same files one by one and hledger import in a loop."""

import shutil
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

from tests.benchmarks.measure import Row, command, compare, has_program, measure, mebibytes, no_peer, seconds

FOLDER = Path(tempfile.gettempdir()) / "smartimport-bench-batch"
SMARTIMPORT = Path(sys.executable).parent / "smartimport"
FILES, ROWS = 1000, 100
FEW, MANY = 1000, 10_000  # files of three rows, for memory
_SINGLES = 100  # imported one by one


def rows() -> list[Row]:
    folder, data = statements(FILES, ROWS), FOLDER / "data"

    def forget() -> None:
        shutil.rmtree(data, ignore_errors=True)

    words = ("--yes", "-q", "--data-dir", data)
    part = sorted(folder.glob("[0-9]*.csv"))[:_SINGLES]  # hledger leaves files of its own beside them
    batch = command(SMARTIMPORT, "batch", *part, *words, before=forget)
    loop = f'for f in "$@"; do {SMARTIMPORT} import "$f" --yes -q --data-dir {data} || exit 1; done'
    table = []
    pair = compare(batch, command("sh", "-c", loop, "sh", *part, before=forget), pairs=1)
    what = f"batch of {_SINGLES} statements, {ROWS} rows each"
    table.append(_row(what, pair.ours.wall, "one by one", pair.peer.wall, pair.wall))
    if has_program("hledger"):
        rules, journal = FOLDER / "bank.rules", FOLDER / "all.journal"
        rules.write_text("skip 1\nfields date,description,amount,_\naccount1 assets:checking\n")

        def empty() -> None:
            journal.write_text("")
            for left in folder.glob(".latest.*"):
                left.unlink()

        loop = f'for f in "$@"; do hledger -f {journal} import "$f" --rules-file {rules} || exit 1; done'
        pair = compare(batch, command("sh", "-c", loop, "sh", *part, before=empty), pairs=1)
        table.append(_row(what, pair.ours.wall, "hledger import in a loop", pair.peer.wall, pair.wall))
    else:
        table.append(no_peer("batch", "batch beside hledger import in a loop", "hledger"))
    whole = measure(command(SMARTIMPORT, "batch", folder, *words, before=forget))
    speed = f"{whole.wall:.1f} s, {FILES / whole.wall:.0f} files/s"
    table.append(Row("batch", f"batch of {FILES:,} statements, {ROWS} rows each", speed, "", "", "", None))
    one, two = (command(SMARTIMPORT, "batch", folder, "--dry-run", "--jobs", n, "-q") for n in (1, 2))
    pair = compare(one, two, pairs=3)
    table.append(
        Row("batch", f"{FILES:,} statements read by two processes", seconds(pair.peer.wall), f"by one {seconds(pair.ours.wall)}",
            f"{pair.wall:.2f}x faster", "", None)
    )  # fmt: skip
    small, large = statements(FEW, 3), statements(MANY, 3)
    few = measure(command(SMARTIMPORT, "batch", small, "--dry-run", "-q"))
    many = measure(command(SMARTIMPORT, "batch", large, "--dry-run", "-q"))
    table.append(
        Row("batch", f"memory over {MANY:,} files", mebibytes(many.memory), f"{FEW:,} files {mebibytes(few.memory)}",
            f"+{mebibytes(many.memory - few.memory)}", "", None)
    )  # fmt: skip
    return table


def _row(what: str, ours: float, peer_name: str, peer: float, ratio: float) -> Row:
    return Row("batch", what, seconds(ours), f"{peer_name} {seconds(peer)}", f"{ratio:.2f}x", "", None)


def statements(count: int, size: int) -> Path:
    """A folder of `count` statements of one account, each going on where the one before ended; made once."""
    folder = FOLDER / f"{count}x{size}"
    if not folder.exists():
        making = folder.with_suffix(".making")
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(parents=True)
        balance, number, first = 1_000_000, 0, date(2010, 1, 1)
        for file in range(count):
            lines = ["Date,Description,Amount,Balance"]
            for _ in range(size):
                cents = -(number * 7919 % 9_000) - 1 if number % 9 else 40_000
                balance, number = balance + cents, number + 1
                day = first + timedelta(days=number * 5000 // (count * size))
                lines.append(f"{day},CARD PURCHASE SHOP {number % 97},{_money(cents)},{_money(balance)}")
            (making / f"{file:05}.csv").write_text("\n".join(lines) + "\n")
        making.rename(folder)
    return folder


def _money(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"
