"""What people and programs see of a run."""

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smartimport_cli.flow import View
    from smartimport_cli.terminal import Terminal


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
    drawn = terminal.err_tty and not terminal.dumb and not terminal.accessible
    if progress == "bar" or (progress == "auto" and drawn and output == "text"):
        from smartimport_cli.views.live import LiveView

        return LiveView(terminal, import_id, title, earlier_until=earlier_until)
    from smartimport_cli.views.lines import LinesView

    return LinesView(terminal, import_id, title, earlier_until=earlier_until)
