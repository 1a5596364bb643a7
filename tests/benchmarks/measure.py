"""Measure work side by side: user+sys CPU and peak memory of fresh child processes, in interleaved pairs.

A machine drifts, so only ratios of neighbours mean anything: ours and the peer's run one after the other,
`pairs` times, and the median of the ratios counts. A benchmark module has `def rows() -> list[Row]` and imports
its peers inside the functions that run in the child, because Linux counts the memory of the process that
starts a child into the child's peak (so the parent stays small).

    ours = work("tests.benchmarks.bench_events:emit_ours", 100)   # a function, in a fresh interpreter
    peer = work("tests.benchmarks.bench_events:emit_pyee", 100)
    return [faster("events", "bus, 100 listeners", ours, peer, goal=2.5, unit=(200_000, "events"))]
"""

import importlib
import importlib.util
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
_MARK = "cpu-of-the-work:"


@dataclass(frozen=True)
class Row:
    """One line of the table. `ratio` is as the goal counts it; `met` is None where there is no goal or peer."""

    area: str
    what: str
    ours: str
    peer: str
    ratio: str
    goal: str
    met: bool | None


@dataclass(frozen=True)
class Cost:
    """CPU seconds (user+sys, children included) of a whole process, or of the work alone where it is `work`;
    peak resident memory of the process in bytes; wall-clock seconds of the process."""

    cpu: float
    memory: int
    wall: float


@dataclass(frozen=True)
class Job:
    """A process to measure. With `inner` the child says what the work itself cost, start-up left out."""

    argv: Sequence[str]
    inner: bool = False
    stdin: str | Path | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    before: Callable[[], object] | None = None  # runs before each measurement, unmeasured
    ok: tuple[int, ...] = (0,)  # exit codes that count as done


@dataclass(frozen=True)
class Pair:
    """Medians of both sides, and the medians of the ratios ours / peer."""

    ours: Cost
    peer: Cost
    cpu: float
    memory: float
    wall: float


def work(function: str, *arguments: object, **options: object) -> Job:
    """`module:function` called with text arguments in a fresh interpreter; its CPU without imports counts, and
    that of the processes it starts with all they do.

    A function may prepare first and return a callable: then that callable alone is the work.
    """
    argv = [sys.executable, "-m", "tests.benchmarks.measure", function, *map(str, arguments)]
    return Job(argv, inner=True, **options)  # type: ignore[arg-type]


def python(*arguments: object, **options: object) -> Job:
    """This interpreter with `arguments`, the whole process measured."""
    return Job([sys.executable, *map(str, arguments)], **options)  # type: ignore[arg-type]


def command(*argv: object, **options: object) -> Job:
    """Any program, the whole process measured."""
    return Job([*map(str, argv)], **options)  # type: ignore[arg-type]


def measure(job: Job) -> Cost:
    """Run `job` once. Raises RuntimeError with the end of its standard error where it fails."""
    if job.before is not None:
        job.before()
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | dict(job.env)
    stdin = open(job.stdin, "rb") if job.stdin is not None else subprocess.DEVNULL  # noqa: SIM115
    try:
        with _scratch() as out, _scratch() as err:
            begun = time.perf_counter()
            child = subprocess.Popen(job.argv, stdin=stdin, stdout=out, stderr=err, cwd=ROOT, env=env)
            _, status, usage = os.wait4(child.pid, 0)
            wall = time.perf_counter() - begun
            child.returncode = os.waitstatus_to_exitcode(status)
            if child.returncode not in job.ok:
                err.seek(0)
                tail = err.read().decode(errors="replace")[-2000:]
                raise RuntimeError(f"{' '.join(job.argv)[:200]} ended with {child.returncode}:\n{tail}")
            cpu = usage.ru_utime + usage.ru_stime
            if job.inner:
                out.seek(0)
                said = [line for line in out.read().decode().splitlines() if line.startswith(_MARK)]
                cpu = float(said[-1].removeprefix(_MARK))
            return Cost(cpu, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024), wall)
    finally:
        if stdin is not subprocess.DEVNULL:
            stdin.close()  # type: ignore[union-attr]


def compare(ours: Job, peer: Job, *, pairs: int = 5) -> Pair:
    """Both sides `pairs` times, interleaved, each going first in turn (one unmeasured run of each before)."""
    measure(ours), measure(peer)
    mine: list[Cost] = []
    theirs: list[Cost] = []
    for number in range(pairs):
        order = ((ours, mine), (peer, theirs)) if number % 2 else ((peer, theirs), (ours, mine))
        for job, costs in order:
            costs.append(measure(job))

    def ratio(name: str) -> float:
        return statistics.median(
            getattr(a, name) / max(getattr(b, name), 1e-9) for a, b in zip(mine, theirs, strict=True)
        )

    return Pair(_median(mine), _median(theirs), ratio("cpu"), ratio("memory"), ratio("wall"))


def faster(
    area: str, what: str, ours: Job, peer: Job, *, goal: float | None, peer_name: str,
    unit: tuple[int, str], pairs: int = 5,
) -> Row:  # fmt: skip
    """A row that says how many times the peer's speed ours is; the goal is `>= goal`."""
    pair = compare(ours, peer, pairs=pairs)
    count, name = unit
    speed = 1 / pair.cpu
    return Row(
        area, what, f"{per_second(count / pair.ours.cpu)} {name}/s",
        f"{peer_name} {per_second(count / pair.peer.cpu)} {name}/s", f"{speed:.2f}x",
        f">= {goal:g}x" if goal is not None else "", None if goal is None else speed >= goal,
    )  # fmt: skip


def cheaper(
    area: str, what: str, ours: Job, peer: Job, *, goal: float | None, peer_name: str, pairs: int = 5
) -> Row:
    """A row that says what part of the peer's CPU ours takes; the goal is `<= goal`."""
    pair = compare(ours, peer, pairs=pairs)
    return Row(
        area, what, seconds(pair.ours.cpu), f"{peer_name} {seconds(pair.peer.cpu)}", f"{pair.cpu:.2f}x",
        f"<= {goal:g}x" if goal is not None else "", None if goal is None else pair.cpu <= goal,
    )  # fmt: skip


def no_peer(area: str, what: str, peer: str, goal: str = "") -> Row:
    """The row of a peer that is not installed here."""
    return Row(area, what, "", f"{peer} is not installed", "", goal, None)


def has(module: str) -> bool:
    """Whether a Python peer is installed."""
    return importlib.util.find_spec(module) is not None


def has_program(name: str) -> bool:
    """Whether a peer program is installed."""
    return shutil.which(name) is not None


def seconds(value: float) -> str:
    return f"{value * 1000:.1f} ms" if value < 1 else f"{value:.2f} s"


def mebibytes(value: float) -> str:
    return f"{value / 2**20:.0f} MiB"


def per_second(value: float) -> str:
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:.3g}{letter}"
    return f"{value:.3g}"


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(
        statistics.median(cost.cpu for cost in costs),
        int(statistics.median(cost.memory for cost in costs)),
        statistics.median(cost.wall for cost in costs),
    )


def _scratch():  # type: ignore[no-untyped-def]
    import tempfile

    return tempfile.TemporaryFile()


def _child(function: str, *arguments: str) -> None:
    module, _, name = function.partition(":")
    call = getattr(importlib.import_module(module), name)
    begun = _spent()
    result = call(*arguments)
    if callable(result):  # what came before was preparation
        begun = _spent()
        result()
    sys.stdout.write(f"\n{_MARK}{_spent() - begun!r}\n")


def _spent() -> float:
    """CPU seconds of this process and of those it has started and waited for."""
    import resource

    spent = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in spent)


if __name__ == "__main__":
    _child(*sys.argv[1:])
