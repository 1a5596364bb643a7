"""What a person sees of the way to a backend: bytes on their way, and a connection that is not as it should be."""

from smartimport_cli.core.events import UploadProgress
from smartimport_cli.core.state import ImportState, Status
from smartimport_cli.terminal import Terminal
from smartimport_cli.views.lines import LinesView
from smartimport_cli.views.live import LiveView
from smartimport_cli.views.upload import UploadView


class Clock:
    """A terminal whose time the test moves."""

    def __init__(self, *, tty: bool) -> None:
        self.seconds = 0.0
        self.terminal = Terminal.test(tty=tty)
        self.terminal.clock = lambda: self.seconds  # type: ignore[method-assign]


def progress(percent: float) -> UploadProgress:
    return UploadProgress(user_id="u", percent=percent, bytes=int(percent * 1024))


def test_lines_tell_of_a_disturbed_connection_and_of_its_return() -> None:
    terminal = Terminal.test()
    view = LinesView(terminal, "7f3a0000", "march.csv")
    for how in (
        "connecting",
        "live",
        "connecting",
        "lost (\x1b[2Jno route), trying again",
        "polling",
        "live",
        "live",
    ):
        view.connection(how)
    said = [line.partition(": ")[2] for line in terminal.stderr.splitlines()]
    assert said == [
        "connection: lost (␛[2Jno route), trying again", "connection: polling", "connection: live",
    ]  # fmt: skip


def test_the_live_view_shows_it_while_it_lasts() -> None:
    view = LiveView(Terminal.test(tty=True), "7f3a0000", "march.csv")
    state = ImportState(status=Status.PARSING)
    view.connection("polling")
    assert "connection: polling" in view.frame(state, 0.0)[-1]
    assert all("connection" not in line for line in view.frame(ImportState(status=Status.COMPLETE), 0.0))
    view.connection("live")
    assert all("connection" not in line for line in view.frame(state, 0.0))


def test_a_long_upload_is_told_in_lines_now_and_then() -> None:
    clock = Clock(tty=False)
    view = UploadView(clock.terminal, "march.csv", 102_400, drawn=False)
    for second in range(25):
        clock.seconds = float(second)
        view.sent(progress(4.0 * second))
    view.close()
    said = [line.partition(" ")[2] for line in clock.terminal.stderr.splitlines()]
    assert said == ["march.csv: uploading, 40 KB of 100 KB", "march.csv: uploading, 80 KB of 100 KB"]


def test_a_bar_is_drawn_by_time_and_goes_in_the_end() -> None:
    clock = Clock(tty=True)
    view = UploadView(clock.terminal, "march.csv", 102_400, drawn=True)
    view.sent(progress(1))
    assert clock.terminal.stderr == ""  # a quick upload draws nothing
    clock.seconds = 1.0
    view.sent(progress(50))
    assert "50 KB of 100 KB" in clock.terminal.stderr
    view.close()
    view.close()
    assert clock.terminal.stderr.endswith("\x1b[2K") or "\x1b[?25h" in clock.terminal.stderr
