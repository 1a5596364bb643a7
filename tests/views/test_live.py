"""Frames of the live view: what each stage says, at every width, with and without colours and Unicode."""

from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path

import pyte
import pytest

from smartimport_cli.core.events import (
    CommitComplete,
    CommitError,
    CommitStart,
    Event,
    EventRecord,
    HandoffInitiated,
    ParseComplete,
    ParseProgress,
    ParseStart,
    UploadComplete,
    UploadStart,
)
from smartimport_cli.core.reducer import fold
from smartimport_cli.core.state import ImportState
from smartimport_cli.terminal import Terminal
from smartimport_cli.views.live import LiveView
from smartimport_cli.views.style import cell_width

START = datetime(2026, 4, 1, 12, 0, 0, tzinfo=UTC)
PICTURE = Path(__file__).parent / "live.svg"
EVENTS: list[tuple[float, Event]] = [
    (0.0, UploadStart(user_id="u", file_name="march.csv", file_size=64_000_000)),
    (0.1, UploadComplete(user_id="u", import_id="7f3a1b2c", file_size=64_000_000)),
    (0.2, ParseStart(import_id="7f3a1b2c", user_id="u", rows_expected=1_000_000)),
    (1.2, ParseProgress(import_id="7f3a1b2c", rows_parsed=420_000, rows_expected=1_000_000)),
    (2.6, ParseComplete.model_validate({
        "importId": "7f3a1b2c", "rowsTotal": 1_000_000, "preview": [], "newCount": 999_998, "duplicateCount": 2,
        "proof": {"verdict": "proved"}, "accounts": ["Checking ••1234"], "period": {"first": "2026-03-01", "last": "2026-03-31"},
    })),
    (4.0, CommitStart(import_id="7f3a1b2c", user_id="u", row_count=999_998)),
    (6.0, CommitComplete(import_id="7f3a1b2c", committed=999_998, skipped=2)),
    (6.1, HandoffInitiated(import_id="7f3a1b2c", handoff_id="h")),
]  # fmt: skip


def state(count: int, extra: list[tuple[float, Event]] | None = None) -> ImportState:
    return fold(
        EventRecord.of(event, import_id="7f3a1b2c", user_id="u", created_at=START + timedelta(seconds=at), seq=n)
        for n, (at, event) in enumerate([*EVENTS[:count], *(extra or [])], 1)
    )


def frame(seen: ImportState, at: float, **options: object) -> list[str]:
    terminal = Terminal.test(tty=True, now=lambda: START + timedelta(seconds=at), **options)  # type: ignore[arg-type]
    return LiveView(terminal, "7f3a1b2c-0000", "march.csv").frame(seen, at)


def test_reading_shows_a_bar_the_rows_and_their_rate() -> None:
    lines = frame(state(4), 1.2, width=91)
    assert lines == [
        "march.csv  61 MB" + " " * 59 + "import 7f3a1b2c",
        "  Upload   ████████████████████ 61 MB of 61 MB  0.2 s ✓",
        "  Read     ████████░░░░░░░░░░░░ 420,000 rows, 420,000 a second  1.0 s  ",
        "⠹ Parsing  █████████░░░░░░░░░░░  46 %  Parsing... 420000 rows  1.2 s",
    ]


def test_awaiting_approval_says_what_was_read() -> None:
    lines = frame(state(5), 3.0, width=100)
    assert "1,000,000 rows, proved by the balances" in lines[2]
    assert lines[-1] == "● Awaiting approval  999,998 new, 2 already there."
    assert "Checking ••1234 · 2026-03-01 to 2026-03-31" in lines[0]


def test_committed_and_skipped_are_counted() -> None:
    lines = frame(state(8), 6.2, width=100)
    assert any("999,998 committed, 2 skipped" in line for line in lines)


def test_an_error_is_told_where_it_happened() -> None:
    failed = state(6, [(4.5, CommitError(import_id="7f3a1b2c", error="The disk is full."))])
    lines = frame(failed, 5.0, width=100)
    assert "✗" in next(line for line in lines if "Commit" in line)
    assert lines[-1] == "✗ Error: The disk is full."


@pytest.mark.parametrize("width", [120, 80, 40, 20])
@pytest.mark.parametrize("count", range(1, len(EVENTS) + 1))
@pytest.mark.parametrize("unicode", [True, False])
def test_no_line_is_wider_than_the_terminal(width: int, count: int, unicode: bool) -> None:
    lines = frame(state(count), 9.0, width=width, unicode=unicode)
    assert all(cell_width(line) < width for line in lines)
    assert unicode or all(line.isascii() for line in lines if "••" not in line)


def test_drawn_by_time_not_by_event() -> None:
    now = [0.0]
    terminal = Terminal.test(tty=True, width=80, now=lambda: START)
    terminal.clock = lambda: now[0]  # type: ignore[method-assign]
    view = LiveView(terminal, "7f3a1b2c", "march.csv")
    record = EventRecord.of(EVENTS[0][1], import_id="7f3a1b2c", user_id="u", created_at=START, seq=1)
    seen = state(1)
    for number in range(1000):
        now[0] = number / 1000
        view.show(seen, record)
    view.close()
    assert 8 <= terminal.stderr.count("Upload ") <= 12
    assert terminal.stderr.endswith("\x1b[?25h")


def test_a_prompt_has_the_screen_for_itself() -> None:
    terminal = Terminal.test(tty=True, width=80, now=lambda: START)
    view = LiveView(terminal, "7f3a1b2c", "march.csv")
    view.pause(state(5))
    before = terminal.stderr
    for _ in range(3):
        view.tick(state(5))
    assert terminal.stderr == before
    view.close()


def test_the_picture_in_the_readme_is_a_frame(request: pytest.FixtureRequest) -> None:
    lines = frame(state(4), 1.2, width=91, color=True)
    picture = svg(lines, 91)
    if request.config.getoption("--refresh-goldens"):
        PICTURE.write_text(picture, "utf-8")
    assert PICTURE.read_text("utf-8") == picture, "run: pytest --refresh-goldens"


def svg(lines: list[str], columns: int) -> str:
    """A terminal's screen as a picture, with no fonts from elsewhere."""
    screen = pyte.Screen(columns, len(lines))
    pyte.Stream(screen).feed("\r\n".join(lines))
    colors = {"default": "#d7dae0", "green": "#7ec87e", "cyan": "#63c5d9", "red": "#e06c75", "brown": "#d9b75f"}
    width, height = columns * 8.4 + 24, len(lines) * 20 + 24
    rows = []
    for y in range(len(lines)):
        spans, x = [], 0
        while x < columns:
            char = screen.buffer[y][x]
            end = x
            while end < columns and screen.buffer[y][end][1:] == char[1:]:
                end += 1
            text = "".join(screen.buffer[y][i].data for i in range(x, end))
            if set(text) <= set("█░"):  # drawn, so that no font can tear the bar
                spans.append(
                    f'<rect x="{12 + x * 8.4:.1f}" y="{15 + y * 20}" width="{len(text) * 8.4:.1f}" height="16" '
                    f'fill="{colors.get(char.fg, colors["default"])}" opacity="{1 if "█" in text else 0.25}"/>'
                )
            elif text.strip():
                weight = ' font-weight="bold"' if char.bold else ""
                fill = colors.get(char.fg, colors["default"])
                spans.append(
                    f'<text x="{12 + x * 8.4:.1f}" y="{28 + y * 20}" fill="{fill}"{weight} xml:space="preserve" '
                    f'textLength="{len(text) * 8.4:.1f}">{escape(text)}</text>'
                )
            x = end
        rows += spans
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height}" '
        'font-family="ui-monospace, Menlo, Consolas, DejaVu Sans Mono, monospace" font-size="14">\n'
        f'<rect width="100%" height="100%" rx="8" fill="#1e2127"/>\n' + "\n".join(rows) + "\n</svg>\n"
    )
