"""What people and programs see of a run."""

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smartimport_cli.flow import View
    from smartimport_cli.terminal import Terminal
    from smartimport_cli.views.upload import UploadView


def choose_view(
    terminal: "Terminal",
    *,
    output: str,
    progress: str,
    quiet: bool,
    import_id: str,
    title: str,
    earlier_until: datetime | None = None,
) -> "View":
    """The view for these settings. `title` is the file's name; records from before `earlier_until` are told as
    history."""
    if output == "jsonl":
        from smartimport_cli.views.jsonl import JsonlView

        return JsonlView(terminal)
    if quiet or progress == "none":
        from smartimport_cli.views.silent import SilentView

        return SilentView()
    if _drawn(terminal, output, progress):
        from smartimport_cli.views.live import LiveView

        return LiveView(terminal, import_id, title, earlier_until=earlier_until)
    from smartimport_cli.views.lines import LinesView

    return LinesView(terminal, import_id, title, earlier_until=earlier_until)


def choose_upload_view(
    terminal: "Terminal", *, output: str, progress: str, quiet: bool, title: str, total: int
) -> "UploadView | None":
    """What shows an upload under way, of `total` bytes; None where nothing is to be shown."""
    if output == "jsonl" or quiet or progress == "none":
        return None
    from smartimport_cli.views.upload import UploadView

    return UploadView(terminal, title, total, drawn=_drawn(terminal, output, progress))


def _drawn(terminal: "Terminal", output: str, progress: str) -> bool:
    able = terminal.err_tty and not terminal.dumb and not terminal.accessible
    return progress == "bar" or (progress == "auto" and able and output == "text")
