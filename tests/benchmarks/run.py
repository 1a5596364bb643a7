"""Run the benchmarks and print one table of ratios: `python -m tests.benchmarks.run [name...]`.

A name is that of a module without `bench_` (events, start, ...); without names all run. Ends with 1 where a
goal was missed, with 2 where a benchmark failed.
"""

import importlib
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

FOLDER = Path(__file__).parent
if __package__ in (None, ""):  # run by path
    sys.path.insert(0, str(FOLDER.parents[1]))

from tests.benchmarks.measure import Row  # noqa: E402


def main(names: list[str]) -> int:
    """Run the named modules, or all; the table goes to standard output as each module is done."""
    known = sorted(path.stem.removeprefix("bench_") for path in FOLDER.glob("bench_*.py"))
    if unknown := sorted(set(names) - set(known)):
        print(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    print("| area | what | ours | peer | ratio | goal | |\n|---|---|---|---|---|---|---|", flush=True)
    missed = failed = False
    # A process for each: what one has grown to would count into the memory of the next one's children.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), max_tasks_per_child=1) as fresh:
        for name in names or known:
            print(f"... {name}", file=sys.stderr, flush=True)
            try:
                rows = fresh.submit(_rows, name).result()
            except Exception as error:  # one broken benchmark must not hide the others
                print(f"{name}: {type(error).__name__}: {error}", file=sys.stderr)
                rows, failed = [Row(name, "failed to run", "", "", "", "", False)], True
            for row in rows:
                missed |= row.met is False
                print(line(row), flush=True)
    return 2 if failed else int(missed)


def _rows(name: str) -> list[Row]:
    found: list[Row] = importlib.import_module(f"tests.benchmarks.bench_{name}").rows()
    return found


def line(row: Row) -> str:
    """One line of the table."""
    verdict = {True: "met", False: "**missed**", None: ""}[row.met]
    cells = (row.area, row.what, row.ours, row.peer, row.ratio, row.goal, verdict)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
