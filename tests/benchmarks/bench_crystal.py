"""Analysis: a million committed rows against their own import, ten thousand rows, and categories that learn."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks.bench_store import FOLDER, statement
from tests.benchmarks.measure import Row, compare, measure, mebibytes, work

MODULE = "tests.benchmarks.bench_crystal"


def analyse_store(file: str, data_dir: str) -> Callable[[], None]:
    """The analysis alone of what `file` brought in, as the pipeline does it."""
    import gc

    gc.set_threshold(100_000, 20, 20)  # as __main__ has it
    from smartimport_cli.backends.local.originals import Originals
    from smartimport_cli.backends.local.pipeline import Pipeline
    from smartimport_cli.backends.local.store import Store
    from tests.benchmarks.bench_store import import_whole

    if not (Path(data_dir) / "smartimport.db").exists():
        import_whole(file, data_dir)()
    store = Store(Path(data_dir))
    pipeline = Pipeline(store, Originals(Path(data_dir)), 1, stopping=lambda: False)
    (import_id,) = store.db.execute("SELECT id FROM imports WHERE no = 1").fetchone()

    def run() -> None:
        pipeline._analysis(import_id)
        store.close()

    return run


def household(rows: str) -> Callable[[], None]:
    """The analysis of so many rows of generated households, with all that is in them to find."""
    from smartimport_cli.crystal import analyse
    from tests.crystal.households import KINDS

    ledger = _long(int(rows), KINDS)
    return lambda: analyse(ledger, import_id="bench") and None


def _long(count: int, kinds: tuple[Callable[[int], object], ...]) -> list[object]:
    def endless() -> Iterator[object]:
        seed = 0
        while True:
            for kind in kinds:
                for row in kind(seed).transactions:  # type: ignore[attr-defined]
                    yield row._replace(import_id="bench", currency="EUR")
            seed += 1

    rows = endless()
    return [next(rows) for _ in range(count)]


def rows() -> list[Row]:
    FOLDER.mkdir(exist_ok=True)
    million, data = statement(1_000_000), FOLDER / "crystal"
    shutil.rmtree(data, ignore_errors=True)
    ours = work(f"{MODULE}:analyse_store", million, data)
    whole = work("tests.benchmarks.bench_store:import_whole", million, FOLDER / "crystal-import")
    pair = compare(ours, whole, pairs=3)
    few = min(measure(work(f"{MODULE}:household", 10_000)).cpu for _ in range(5))
    return [
        Row("crystal", "1,000,000 committed rows analysed", f"{pair.ours.cpu:.2f} s", f"their import {pair.peer.cpu:.2f} s",
            f"{pair.cpu:.2f}x", "< 1x", pair.cpu < 1),
        Row("crystal", "memory of that", mebibytes(pair.ours.memory), "", "", "<= 256 MiB", pair.ours.memory <= 256 << 20),
        Row("crystal", "10,000 rows of households analysed", f"{few * 1000:.0f} ms", "", "", "< 150 ms", few < 0.15),
    ]  # fmt: skip
