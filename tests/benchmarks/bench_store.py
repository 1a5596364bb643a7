"""Storing: read, stage, compare and commit with all events, against sqlite3's own .import and hledger."""

import shutil
import sys
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from tests.benchmarks.measure import (
    Row,
    cheaper,
    command,
    compare,
    has_program,
    mebibytes,
    no_peer,
    python,
    work,
)

FOLDER = Path(tempfile.gettempdir()) / "smartimport-bench-store"
SMARTIMPORT = Path(sys.executable).parent / "smartimport"
MODULE = "tests.benchmarks.bench_store"


def statement(count: int) -> Path:
    """A CSV of `count` rows with a running balance, made once."""
    FOLDER.mkdir(exist_ok=True)
    file = FOLDER / f"{count}.csv"
    if not file.exists():
        begin, balance, lines = date(2020, 1, 1), 100_000_000, ["Date,Description,Amount,Balance"]
        for n in range(count):
            cents = -(n * 7919 % 20_000) - 1 if n % 9 else 165_000
            balance += cents
            day = begin + timedelta(days=n * 2000 // count)
            lines.append(f"{day},CARD PURCHASE SHOP {n % 997} CITY,{_money(cents)},{_money(balance)}")
        file.write_text("\n".join(lines) + "\n")
    return file


def _money(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def import_whole(file: str, data_dir: str, again: str = "") -> Callable[[], None]:
    """From the file to the commit, as `smartimport import` does it."""
    import gc

    gc.set_threshold(100_000, 20, 20)  # as __main__ has it
    from smartimport_cli.backends.local import LocalBackend
    from smartimport_cli.core.model import Choices
    from smartimport_cli.core.protocols import Upload

    path = Path(file)
    if not again:
        shutil.rmtree(data_dir, ignore_errors=True)

    def run() -> None:
        backend = LocalBackend(Path(data_dir))
        with path.open("rb") as source:
            choices = Choices(encoding="utf-8") if again else Choices()
            import_id = backend.upload(Upload(source, path.name, path.stat().st_size, choices)).import_id
        for record in backend.follow(import_id):
            if record is None:
                continue
            if record.event_type == "import:parse:complete":
                backend.commit(import_id, backend.preview(import_id).digest)
            if record.event_type == "import:commit:complete":
                break
        backend.close()

    return run


def rows() -> list[Row]:
    table: list[Row] = []
    million, data = statement(1_000_000), FOLDER / "data"
    if has_program("sqlite3"):
        target = FOLDER / "peer.db"
        peer = command(
            "sqlite3", target, "create table t (a, b, c, d)", ".mode csv", f".import {million} t",
            before=lambda: target.unlink(missing_ok=True),
        )  # fmt: skip
        pair = compare(work(f"{MODULE}:import_whole", million, data), peer, pairs=3)
        table += [
            Row("store", "1,000,000 rows read, staged, compared, committed", f"{pair.ours.cpu:.2f} s",
                f"sqlite3 .import {pair.peer.cpu:.2f} s", f"{pair.cpu:.2f}x", "<= 8x", pair.cpu <= 8),
            Row("store", "memory at 1,000,000 rows", mebibytes(pair.ours.memory), "", "", "<= 200 MiB",
                pair.ours.memory <= 200 << 20),
        ]  # fmt: skip
    else:
        table.append(no_peer("store", "1,000,000 rows read, staged, compared, committed", "sqlite3", "<= 8x"))
    small = statement(100_000)
    first = work(f"{MODULE}:import_whole", small, FOLDER / "first")
    second = work(f"{MODULE}:import_whole", small, FOLDER / "first", "again", before=_forget_second)
    table.append(cheaper("store", "the same 100,000 rows again", second, first, goal=1.2, peer_name="the first time", pairs=3))
    if has_program("hledger"):
        rules = FOLDER / "100000.csv.rules"
        rules.write_text("skip 1\nfields date,description,amount,balance\naccount1 assets:checking\n")
        peer = command("hledger", "-f", small, "--rules-file", rules, "print")
        stored = python("-m", "tests.benchmarks.measure", f"{MODULE}:import_whole", small, FOLDER / "first")
        what = "100,000 rows from file to commit, start included"
        table.append(cheaper("store", what, stored, peer, goal=1 / 12, peer_name="hledger print", pairs=3))
        ours = command(
            SMARTIMPORT, "import", small, "--yes", "--quiet", "--data-dir", data,
            before=lambda: shutil.rmtree(data, ignore_errors=True),
        )  # fmt: skip
        what = "the same with its summary, all of the command"
        table.append(cheaper("store", what, ours, peer, goal=None, peer_name="hledger print", pairs=3))
    else:
        table.append(no_peer("store", "100,000 rows from file to commit, start included", "hledger", "<= 0.083x"))
    return table


def _forget_second() -> None:
    """Before the same rows come again, the first import alone is there."""
    import_whole(str(statement(100_000)), str(FOLDER / "first"))()
