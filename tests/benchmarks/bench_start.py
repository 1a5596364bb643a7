"""Starting up: what must feel instant, against a bare interpreter and httpie."""

import os
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.measure import Row, cheaper, command, has_program, no_peer, python

BIN = Path(sys.executable).parent
SMARTIMPORT = BIN / "smartimport"


def rows() -> list[Row]:
    folder = Path(tempfile.mkdtemp(prefix="smartimport-bench-"))
    (folder / "recent").write_text("".join(f"{n:08x}-0\tcommitted\tmarch.csv\n" for n in range(200)))
    env = {"SMARTIMPORT_DATA_DIR": str(folder), "PATH": os.environ["PATH"]}
    bare = python("-c", "pass")
    table = [
        cheaper("start", what, command(SMARTIMPORT, *words, env=env), bare, goal=1.5, peer_name="python -c pass", pairs=21)
        for what, words in (
            ("--version", ["--version"]),
            ("complete a command", ["__complete", "0", "im"]),
            ("complete an import id from the data", ["__complete", "1", "show", "0000"]),
        )
    ]
    for what, words in (("--help", ["--help"]), ("import --help", ["import", "--help"])):
        if (BIN / "http").exists() or has_program("http"):
            http = BIN / "http" if (BIN / "http").exists() else "http"
            ours = command(SMARTIMPORT, *words, env=env)
            table.append(cheaper("start", what, ours, command(http, "--help"), goal=0.3, peer_name="httpie --help", pairs=7))
        else:
            table.append(no_peer("start", what, "httpie", "<= 0.3x"))
    return table
