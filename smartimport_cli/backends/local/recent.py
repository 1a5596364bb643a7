"""A list of the newest imports in a text file, so that completing an id needs no database.

One line an import, newest first: id, status, file name, with tabs between. It may be behind by a moment; it
is never read for anything but completion.
"""

import os
import sqlite3
from pathlib import Path

FILE_NAME = "recent"
_MOST = 200


def write_recent(data_dir: Path, db: sqlite3.Connection) -> None:
    """Write the list anew. Nothing depends on it, so trouble is not reported."""
    temporary = data_dir / f".{FILE_NAME}-{os.getpid()}"
    try:
        rows = db.execute(
            "SELECT id, status, file_name FROM imports ORDER BY no DESC LIMIT ?", (_MOST,)
        ).fetchall()
        temporary.write_text("".join("\t".join(row) + "\n" for row in rows), "utf-8", errors="replace")
        os.replace(temporary, data_dir / FILE_NAME)
    except (OSError, sqlite3.Error):
        temporary.unlink(missing_ok=True)
