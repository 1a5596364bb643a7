"""The official Supabase clients, unchanged, receive exactly what is stored. See clients/README.md."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.backends.statement_files import csv, days
from tests.server.conftest import PASSWORD, Served

JUDGES = Path(os.environ.get("SMARTIMPORT_JUDGES") or Path(__file__).parents[2] / ".ci" / "judges")
CLIENTS = Path(__file__).parent / "clients"
PYTHON = JUDGES / "py" / "bin" / "python"

has_js = pytest.mark.skipif(
    shutil.which("node") is None or not (JUDGES / "node_modules" / "@supabase" / "supabase-js").is_dir(),
    reason="node or @supabase/supabase-js is not installed below .ci/judges (see .ci/run)",
)
has_py = pytest.mark.skipif(
    not PYTHON.exists(), reason="PyPI supabase is not installed below .ci/judges (see .ci/run)"
)


def judged(served: Served, tmp_path: Path, argv: list[str], *, first: str, **more: str) -> dict[str, Any]:
    """What the client saw."""
    statement = tmp_path / "statement.csv"
    statement.write_bytes(csv(days(40, first=first)))
    done = subprocess.run(
        argv, capture_output=True, text=True, timeout=90, check=False,
        env={
            "PATH": os.environ["PATH"], "HOME": str(tmp_path), "URL": served.url, "KEY": served.key,
            "EMAIL": "ann@example.org", "PASSWORD": PASSWORD, "STATEMENT": str(statement), "JUDGES": str(JUDGES),
            "NO_PROXY": "*", **more,
        },
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    saw: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return saw


@has_js
@pytest.mark.parametrize(("vsn", "first"), [("2.0.0", "2024-01-01"), ("1.0.0", "2024-03-01")])
def test_supabase_js(served: Served, tmp_path: Path, vsn: str, first: str) -> None:
    saw = judged(served, tmp_path, ["node", str(CLIENTS / "supabase_js.mjs")], first=first, VSN=vsn)
    assert saw["live"] == saw["stored"]
    assert [event["seq"] for event in saw["live"]] == list(range(1, len(saw["live"]) + 1))
    assert saw["statuses"][0] == "SUBSCRIBED"
    assert "CHANNEL_ERROR" not in " ".join(saw["statuses"])
    assert (saw["single"], saw["none"], saw["count"], saw["page"]) == (True, None, 40, 2)
    assert saw["refused"] == "42501"
    assert (saw["signed"], saw["strange"]) == (True, "new row violates row-level security policy")
    assert saw["uploadedTwice"] == "The resource already exists"


@has_py
def test_supabase_py(served: Served, tmp_path: Path) -> None:
    saw = judged(served, tmp_path, [str(PYTHON), str(CLIENTS / "supabase_py.py")], first="2024-05-01")
    assert saw["live"] == saw["stored"]
    assert [event["seq"] for event in saw["live"]] == list(range(1, len(saw["live"]) + 1))
    assert saw["statuses"] == ["RealtimeSubscribeStates.SUBSCRIBED"]
    assert (saw["single"], saw["refreshed"]) == (True, True)
    assert saw["signed"] is True
    assert saw["count"] >= 40
