"""The live view: a row for each stage, a badge, a bar; drawn by time, never by event."""

from datetime import datetime

from smartimport_cli.core.events import EventRecord
from smartimport_cli.core.state import ImportState, Status
from smartimport_cli.core.text import clean
from smartimport_cli.terminal import Terminal
from smartimport_cli.views.frames import FRAME_SECONDS, Frames
from smartimport_cli.views.style import Style, cell_width
from smartimport_cli.views.words import counts, proof, size, turn

_RATE_FROM = 5_000  # rows; below, a rate says nothing

_STAGES = ("upload", "parse", "commit", "handoff", "analyze")
_NAMES = {
    "upload": "Upload",
    "parse": "Read",
    "commit": "Commit",
    "handoff": "Hand off",
    "analyze": "Analyze",
}
_SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"


class LiveView:
    """On standard error. History is told in lines above it."""

    def __init__(
        self, terminal: Terminal, import_id: str, title: str, *, earlier_until: datetime | None = None
    ) -> None:
        self._terminal = terminal
        self._short = import_id[:8]
        self._title = clean(title)
        self._earlier_until = earlier_until
        self._style = Style(color=terminal.color_err, unicode=terminal.unicode)
        self._frames = Frames(terminal)
        self._from = 0  # the first stage that is still drawn; a prompt leaves those before it behind
        self._head = True
        self._paused = False  # a prompt has the screen
        self._clock = terminal.clock
        self._due = 0.0  # when the next frame is
        self._disturbed = ""  # what is wrong with the connection
        self._state: ImportState | None = None  # the newest
        self._drawn: ImportState | None = None  # the one on the screen

    def show(self, state: ImportState, record: EventRecord) -> None:
        """Take note of a record; draw if a frame is due (close draws the last one)."""
        self._state = state
        if self._clock() < self._due:
            return
        if self._earlier_until is not None:
            if record.created_at < self._earlier_until:
                self._history(state, record)
                return
            self._begin_live(state)
        self._paused = False
        self._draw(state)

    def tick(self, state: ImportState) -> None:
        """Time passes."""
        if self._paused or self._clock() < self._due:
            return
        if self._earlier_until is not None:
            self._begin_live(state)
        self._draw(state)

    def connection(self, how: str) -> None:
        """Shown beside the status while it is anything but live."""
        self._disturbed = "" if how == "live" else how

    def pause(self, state: ImportState) -> None:
        """Leave the last frame where it is; what follows is drawn below."""
        self._draw(state)
        self._frames.leave()
        self._skip_read()
        self._paused = True
        self._state = None
        self._due = 0.0

    def close(self) -> None:
        """The last frame stands, and the cursor is back, whatever happened."""
        if self._state is not None and self._state is not self._drawn and self._earlier_until is None:
            self._draw(self._state)
        self._frames.leave()

    def _history(self, state: ImportState, record: EventRecord) -> None:
        if record.event_type == "import:upload:start":
            self._terminal.err(f"Import {self._short} {self._title}")
        if text := turn(state, record):
            moment = self._terminal.local(record.created_at)
            self._terminal.err(
                self._style.cut(f"  {moment:%H:%M:%S} {text}   (earlier)", self._terminal.width)
            )

    def _begin_live(self, state: ImportState) -> None:
        self._earlier_until = None
        self._terminal.err("  -- live --")
        if state.awaiting_approval:
            self._skip_read()

    def _skip_read(self) -> None:
        """Where only the decision is awaited, no stage before it is drawn again."""
        self._from, self._head = _STAGES.index("commit"), False

    def _draw(self, state: ImportState) -> None:
        clock = self._clock()
        self._due = clock + FRAME_SECONDS
        self._drawn = state
        self._frames.draw(self.frame(state, clock))

    def frame(self, state: ImportState, clock: float) -> list[str]:
        """The lines of one frame, none wider than the terminal."""
        width = max(self._terminal.width - 1, 10)
        style = self._style
        lines = [self._header(state, width)] if self._head else []
        now = self._terminal.now()
        for stage in _STAGES[self._from :]:
            if stage in state.stage_started_at:
                lines.append(self._stage(state, stage, now, width))
            if stage == "parse" and not state.awaiting_approval:  # who is asked sees them with the preview
                lines += [line for issue in state.issues for line in style.doubt(issue, width, indent="  ")]
        lines.append(self._status(state, clock, now, width))
        if self._disturbed and state.status not in (Status.COMPLETE, Status.ERROR):
            lines.append(style.dim(f"  connection: {clean(self._disturbed)}"))
        return [style.cut(line, width) for line in lines]

    def _header(self, state: ImportState, width: int) -> str:
        style = self._style
        parts = [size(state.file_size)] if state.file_size is not None else []
        parts += list(state.accounts)
        if state.period:
            parts.append(" to ".join(state.period))
        left = f"{style.bold(self._title)}  {f' {style.dot} '.join(parts)}"
        plain = f"{self._title}  {f' {style.dot} '.join(parts)}"
        right = f"import {self._short}"
        gap = width - cell_width(plain) - len(right)
        return f"{left}{' ' * gap}{style.dim(right)}" if gap >= 2 else left

    def _stage(self, state: ImportState, stage: str, now: datetime, width: int) -> str:
        style = self._style
        started = state.stage_started_at[stage]
        later = [
            state.stage_started_at[s]
            for s in _STAGES[_STAGES.index(stage) + 1 :]
            if s in state.stage_started_at
        ]
        done = (
            bool(later) or state.status is Status.COMPLETE or (stage == "parse" and state.awaiting_approval)
        )
        failed = state.status is Status.ERROR and state.failed_stage == stage
        end = min(later) if later else (state.updated_at or now) if done or failed else now
        if stage == "parse" and state.status is not Status.PARSING and state.updated_at and not later:
            end = min(end, state.updated_at)
        seconds = max((end - started).total_seconds(), 0.0)
        mark = style.red(style.cross) if failed else style.green(style.check) if done else " "
        bar, text = self._facts(state, stage, seconds, done, width)
        head = f"  {_NAMES[stage]:8} "
        tail = f"  {seconds:.1f} s {mark}"
        return f"{head}{bar}{text}{style.dim(tail) if not (done or failed) else style.dim(f'  {seconds:.1f} s ') + mark}"

    def _facts(
        self, state: ImportState, stage: str, seconds: float, done: bool, width: int
    ) -> tuple[str, str]:
        cells = 20 if width >= 70 else 10 if width >= 45 else 0
        if stage == "upload":
            total = state.file_size or 0
            sent = state.bytes_sent or 0
            bar = self._style.bar(sent / total if total else 1.0, cells) + " " if cells else ""
            return bar, f"{size(sent)} of {size(total)}"
        if stage == "parse":
            rows = state.rows_total if state.rows_total is not None else state.rows_parsed or 0
            rate = f", {rows / seconds:,.0f} a second" if rows >= _RATE_FROM and seconds > 0.2 else ""
            if done or state.rows_total is not None:
                said = proof(state)
                return "", f"{rows:,} rows{', ' + said if said else ''}{rate}"
            expected = state.rows_expected
            bar = self._style.bar(min(rows / expected, 1.0), cells) + " " if cells and expected else ""
            return bar, f"{rows:,} rows{rate}"
        if stage == "commit":
            if state.committed is None:
                return "", f"{state.row_count or 0:,} transactions"
            return "", f"{state.committed:,} committed" + (
                f", {state.skipped:,} skipped" if state.skipped else ""
            )
        if stage == "handoff":
            return "", "to Crystal"
        return "", "what the money says"

    def _status(self, state: ImportState, clock: float, now: datetime, width: int) -> str:
        style = self._style
        if state.status is Status.ERROR:
            return style.red(f"{style.cross} {state.message}")
        if state.awaiting_approval:
            where = "" if self._from == 0 else f" Here: smartimport approve {self._short}"
            return style.yellow(f"{style.badge} Awaiting approval") + f"  {counts(state)}.{where}"
        started = state.started_at or now
        elapsed = max((now - started).total_seconds(), 0.0)
        if state.status is Status.COMPLETE:
            skipped = f" ({state.skipped:,} skipped)" if state.skipped else ""
            return (
                style.green(f"{style.check} Committed {state.committed or 0:,}{skipped}.")
                + f" {state.message}"
            )
        spin = _SPINNER[int(clock * 10) % len(_SPINNER)] if style.unicode else "|/-\\"[int(clock * 10) % 4]
        badge = style.cyan(f"{spin} {state.status.capitalize()}")
        cells = 20 if width >= 80 else 10 if width >= 60 else 0
        bar = style.bar(state.progress / 100, cells) + " " if cells else ""
        return f"{badge}  {bar}{state.progress:>3} %  {clean(state.message)}  {elapsed:.1f} s"
