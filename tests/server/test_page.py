"""The page at `/`, in a real browser."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import httpx
import pytest

from tests.backends.statement_files import csv, days
from tests.server.conftest import Served, Starter
from tests.server.test_official_clients import CLIENTS, JUDGES

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)


def test_the_page_loads_nothing_from_elsewhere(served: Served) -> None:
    page = httpx.get(served.url, trust_env=False)
    assert page.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["x-frame-options"] == "DENY"
    assert page.headers["x-content-type-options"] == "nosniff"
    script = httpx.get(f"{served.url}/page.js", trust_env=False)
    for text in (page.text, script.text):
        assert "http://" not in text and "https://" not in text
    for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert way not in script.text


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed (see .ci/run)")
@pytest.mark.skipif(
    shutil.which("node") is None or not (JUDGES / "node_modules" / "playwright-core").is_dir(),
    reason="node or playwright-core is not installed below .ci/judges (see .ci/run)",
)
def test_two_tabs_are_in_step_from_upload_to_undo(start: Starter, tmp_path: Path) -> None:
    served = start()
    rows = days(40)
    rows[0] = (rows[0][0], rows[0][1], "<img src=x onerror=alert(1)><script>alert(2)</script>")
    statement = tmp_path / "march.csv"
    statement.write_bytes(csv(rows))
    assert CHROMIUM is not None
    done = subprocess.run(
        ["node", str(CLIENTS / "page.mjs")], capture_output=True, text=True, timeout=90, check=False,
        env={
            "PATH": os.environ["PATH"], "HOME": str(tmp_path), "JUDGES": str(JUDGES), "CHROMIUM": CHROMIUM,
            "LINK": f"{served.url}/#token={served.one_time_token}", "STATEMENT": str(statement),
            "SHOT": os.environ.get("SHOT", ""),
        },
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    saw = json.loads(done.stdout.splitlines()[-1])
    assert saw["violations"] == []
    assert set(saw["requests"]) == {served.url}
    assert "token" not in saw["address"]
    assert saw["first"] == saw["second"]
    staged, finished = saw["first"]
    assert (staged["status"], staged["progress"], staged["rows"], staged["decision"]) == (
        "awaiting approval",
        66,
        10,
        True,
    )
    assert "<img" in staged["cell"].lower()
    assert (staged["scripts"], staged["pictures"]) == (1, 0)
    assert "40 new" in staged["facts"] and "proved" in staged["facts"]
    assert (finished["status"], finished["progress"], finished["decision"]) == ("complete", 100, False)
    assert finished["advice"]
