"""How much of a statement has been sent, while it is on its way to a backend over the network."""


from smartimport_cli.core.events import UploadProgress
from smartimport_cli.core.text import clean
from smartimport_cli.terminal import Terminal
from smartimport_cli.views.frames import FRAME_SECONDS, Frames
from smartimport_cli.views.lines import WAIT_SECONDS
from smartimport_cli.views.style import Style
from smartimport_cli.views.words import size

_CELLS = 20


class UploadView:
    """A bar that goes when the upload is done (`drawn`), or a line now and then."""

    def __init__(self, terminal: Terminal, title: str, total: int, *, drawn: bool) -> None:
        self._terminal = terminal
        self._title = clean(title)
        self._total = total
        self._drawn = drawn
        self._style = Style(color=terminal.color_err, unicode=terminal.unicode)
        self._frames = Frames(terminal, transient=True)
        self._last = terminal.clock()

    def sent(self, progress: UploadProgress) -> None:
        """Note it; draw or say it if that is due."""
        now = self._terminal.clock()
        if now - self._last < (FRAME_SECONDS if self._drawn else WAIT_SECONDS):
            return
        self._last = now
        done = f"{size(progress.bytes)} of {size(self._total)}"
        if not self._drawn:
            moment = self._terminal.local(self._terminal.now())
            self._terminal.err(f"{moment:%H:%M:%S} {self._title}: uploading, {done}")
            return
        bar = self._style.bar(progress.percent / 100, _CELLS)
        line = self._style.cut(f"  Upload   {bar} {done}  {self._title}", max(self._terminal.width - 1, 10))
        self._frames.draw([line])

    def close(self) -> None:
        """Give the screen back."""
        self._frames.leave()
