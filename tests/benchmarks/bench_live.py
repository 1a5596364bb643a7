"""Watching: the share of a core that the live view takes, and how long an event is on its way to a follower."""

import os
import statistics
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.benchmarks.measure import Row

SECONDS = 4.0
_SHARE, _DELAY = 0.04, 0.1


def rows() -> list[Row]:
    table = []
    for rate in (0, 1_000, 100_000):
        share = live_share(rate)
        table.append(
            Row("live", f"live view, {rate:,} events a second", f"{share:.1%} of a core", "", "", "<= 4 %", share <= _SHARE)
        )
    delay = follow_delay()
    table.append(
        Row("live", "commit of an event to its follower, median", f"{delay * 1000:.1f} ms", "", "", "< 100 ms", delay < _DELAY)
    )
    return table


def live_share(rate: int) -> float:
    """CPU of the view itself, folding and making the events left out: the same loop with and without it."""
    return max(0.0, _loop(rate, True) - _loop(rate, False)) / SECONDS


def _loop(rate: int, with_view: bool) -> float:
    from smartimport_cli.core.events import EventRecord, ParseProgress, ParseStart
    from smartimport_cli.core.reducer import fold
    from smartimport_cli.terminal import Terminal
    from smartimport_cli.views.live import LiveView

    start = datetime(2026, 1, 1, tzinfo=UTC)
    with open(os.devnull, "w") as nowhere:
        terminal = Terminal(nowhere, nowhere, nowhere, env={"COLUMNS": "100"}, color="always", tty=(True, True, True))
        view = LiveView(terminal, "7f3a1b2c", "march.csv")
        record = EventRecord.of(
            ParseProgress(import_id="i", rows_parsed=420_000, rows_expected=1_000_000), import_id="i", user_id="u",
            created_at=start + timedelta(seconds=1), seq=2,
        )  # fmt: skip
        first = EventRecord.of(ParseStart(import_id="i", user_id="u"), import_id="i", user_id="u", created_at=start, seq=1)
        state = fold([first, record])
        view.show(state, record)  # what is imported once
        begun, cpu = time.monotonic(), time.process_time()
        shown = 0
        while (passed := time.monotonic() - begun) < SECONDS:
            due = int(passed * rate)
            while shown < due:
                if with_view:
                    view.show(state, record)
                shown += 1
            if with_view:
                view.tick(state)
            time.sleep(0.01)
        cpu = time.process_time() - cpu
        view.close()
    return cpu


def follow_delay() -> float:
    """From the begin of the transaction that stores an event to a follower that has it, over 200 events."""
    import io

    from smartimport_cli.backends.local import LocalBackend
    from smartimport_cli.core.events import PrimeMessage
    from smartimport_cli.core.protocols import Upload

    folder = Path(tempfile.mkdtemp(prefix="smartimport-bench-"))
    writer = LocalBackend(folder)
    import_id = writer.upload(Upload(io.BytesIO(b"%PDF-1.7"), "x.pdf", 8)).import_id
    stored: dict[int, float] = {}
    seen: dict[int, float] = {}
    done = threading.Event()

    def follow() -> None:
        reader = LocalBackend(folder)
        for record in reader.follow(import_id):
            if record is not None and record.seq is not None:
                seen[record.seq] = time.monotonic()
            if done.is_set():
                break
        reader.close()

    thread = threading.Thread(target=follow)
    thread.start()
    time.sleep(0.5)
    for number in range(200):
        begun = time.monotonic()
        with writer._store.transaction():
            writer._store.record(1, PrimeMessage(import_id=import_id, message=str(number)))
        (seq,) = writer._store.db.execute("SELECT last_seq FROM imports").fetchone()
        stored[seq] = begun
        time.sleep(0.005)
    time.sleep(0.3)
    done.set()
    thread.join()
    writer.close()
    return statistics.median(max(0.0, seen[seq] - at) for seq, at in stored.items())
