"""A batch on the screen: how far it is, what is being read, what failed. Lines and JSON Lines elsewhere."""

import json
from collections import Counter, deque
from collections.abc import Sequence
from typing import Any

from smartimport_cli.core.batch import FINE, BatchView, Board, FileResult, Outcome
from smartimport_cli.core.text import clean
from smartimport_cli.terminal import Terminal
from smartimport_cli.views.frames import FRAME_SECONDS, Frames
from smartimport_cli.views.lines import WAIT_SECONDS
from smartimport_cli.views.style import Style

_LAST = 5  # failures that stay on the board


def choose_board(terminal: Terminal, *, output: str, progress: str, quiet: bool) -> BatchView:
    """The view of a batch for these settings."""
    if output == "jsonl":
        return BoardRecords(terminal)
    if quiet or progress == "none":
        return BoardSilent()
    drawn = terminal.err_tty and not terminal.dumb and not terminal.accessible
    if progress == "bar" or (progress == "auto" and drawn and output == "text"):
        return BoardLive(terminal)
    return BoardLines(terminal)


class BoardSilent:
    """Nothing on the way."""

    def done(self, board: Board, result: FileResult) -> None: ...
    def tick(self, board: Board) -> None: ...
    def records(self, rows: Sequence[dict[str, Any]]) -> None: ...
    def close(self) -> None: ...


class BoardRecords(BoardSilent):
    """Every event record as it comes, one JSON object a line on standard output."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal

    def records(self, rows: Sequence[dict[str, Any]]) -> None:
        self._terminal.raw_out("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


class BoardLines(BoardSilent):
    """A line for each file that is done, and one at least every ten seconds."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._last = terminal.clock()

    def done(self, board: Board, result: FileResult) -> None:
        if result.known and result.outcome in FINE:
            return  # told in the end, in one number
        self._say(f"{len(board.results)}/{board.total} {clean(result.path)}: {describe(result)}")

    def tick(self, board: Board) -> None:
        if self._terminal.clock() - self._last >= WAIT_SECONDS:
            working = ", ".join(clean(path) for path, _ in list(board.active.values())[:3]) or "nothing"
            self._say(f"{len(board.results)}/{board.total} done, still at {working}")

    def _say(self, text: str) -> None:
        self._last = self._terminal.clock()
        self._terminal.err(f"{self._terminal.local(self._terminal.now()):%H:%M:%S} {text}")


class BoardLive(BoardSilent):
    """All on one screen, drawn by time."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._style = Style(color=terminal.color_err, unicode=terminal.unicode)
        self._started = terminal.clock()
        self._due = 0.0
        self._counts: Counter[Outcome] = Counter()
        self._known = 0
        self._rows = 0
        self._bad: deque[FileResult] = deque(maxlen=_LAST)
        self._frames = Frames(terminal)
        self._board: Board | None = None

    def done(self, board: Board, result: FileResult) -> None:
        self._counts[result.outcome] += 1
        self._known += result.known
        self._rows += result.rows or 0 if not result.known else 0
        if result.outcome not in FINE:
            self._bad.append(result)
        self._board = board

    def tick(self, board: Board) -> None:
        self._board = board
        if self._terminal.clock() >= self._due:
            self._draw(board)

    def close(self) -> None:
        """The last frame stands."""
        if self._board is not None:
            self._draw(self._board)
        self._frames.leave()

    def _draw(self, board: Board) -> None:
        self._due = self._terminal.clock() + FRAME_SECONDS
        self._frames.draw(self.frame(board))

    def frame(self, board: Board) -> list[str]:
        """The lines of one frame, none wider than the terminal."""
        style, width = self._style, max(self._terminal.width - 1, 10)
        done, seconds = len(board.results), max(self._terminal.clock() - self._started, 0.001)
        fresh = done - self._known
        bar = style.bar(done / board.total if board.total else 1.0, 20 if width >= 70 else 10)
        rate = f"  {fresh / seconds:.1f} files a second" if fresh >= 5 and seconds > 1 else ""
        left = board.total - done
        ends = f"  {_time(left * seconds / fresh)} left" if fresh >= 5 and left and seconds > 2 else ""
        lines = [f"{style.bold('Batch')}  {bar} {done:,} of {board.total:,} files{rate}{ends}"]
        said = [f"{count:,} {outcome.value}" for outcome, count in sorted(self._counts.items())]
        if board.waiting:
            said.append(f"{board.waiting:,} read, in line")
        if said:
            lines.append(f"  {f' {style.dot} '.join(said)}")
        for path, words in board.active.values():
            lines.append(f"  {style.cyan(style.badge)} {clean(path)}  {style.dim(words)}")
        for result in self._bad:
            lines.append(f"  {style.red(style.cross)} {clean(result.path)}: {describe(result)}")
        return [style.cut(line, width) for line in lines]


def describe(result: FileResult) -> str:
    """What became of a file, in a few words."""
    match result.outcome:
        case Outcome.COMMITTED:
            said = f"committed {result.committed or 0:,} ({result.proof})"
            return said if not result.error else f"{said}; {clean(result.error['message'])}"
        case Outcome.READABLE:
            return f"{result.rows or 0:,} rows, {result.proof}"
        case Outcome.NOTHING_NEW:
            return "nothing new"
        case Outcome.UNDONE:
            return "was taken back before; left alone"
    return clean(result.error["message"]) if result.error else result.outcome.value


def _time(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
