"""What readers may use from outside a file, put together for this machine and user."""

from pathlib import Path

from smartimport_cli.statements.formats import Resources


def load_resources(config_dir: Path | None = None) -> Resources:
    """The resources of a user whose configuration lies in `config_dir` (None: this platform's place)."""
    from smartimport_cli.documents import IsolatedDocuments

    return Resources(documents=IsolatedDocuments())
