"""Lines on standard error that are drawn over themselves, as a whole, with rich's Live."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from smartimport_cli.terminal import Terminal

if TYPE_CHECKING:
    from rich.live import Live

FRAME_SECONDS = 0.1  # ten frames a second, whatever the event rate


class Frames:
    """One block of lines, from the first frame until it is left: standing, or where it is `transient` taken away."""

    def __init__(self, terminal: Terminal, *, transient: bool = False) -> None:
        self._terminal = terminal
        self._transient = transient
        self._live: Live | None = None

    def draw(self, lines: Sequence[str]) -> None:
        """Draw these lines, with their ANSI styles, in place of the last ones; what does not fit is cut off."""
        from rich.text import Text

        frame = Text.from_ansi("\n".join(lines), no_wrap=True, overflow="crop")
        if self._live is None:
            from rich.live import Live

            self._live = Live(
                frame, console=self._terminal.console(), auto_refresh=False, redirect_stdout=False,
                redirect_stderr=False, vertical_overflow="crop", transient=self._transient,
            )  # fmt: skip
            self._live.start(refresh=True)
        else:
            self._live.update(frame, refresh=True)

    def leave(self) -> None:
        """Leave the last frame where it is, or take it away; the next one begins below."""
        if self._live is not None:
            self._live.stop()
            self._live = None
