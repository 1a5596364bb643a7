"""What our client can do beyond the hosted backend, over the wire: the same words, the same answers."""

import csv as csv_module
import json
import re
from pathlib import Path

import pytest

from tests.backends.statement_files import csv, days
from tests.e2e.conftest import Shell
from tests.server.conftest import Person

ROWS = [
    ("2026-02-02", "-40.00", "Qwertz Secret"), ("2026-02-10", "-60.00", "Rewe"),
    ("2026-03-02", "-41.00", "Qwertz Secret"), ("2026-03-16", "-64.90", "Homeware Depot"),
    ("2026-03-17", "-64.90", "Homeware Depot"),
]  # fmt: skip


def ask(person: Person, name: str, **body: object) -> tuple[int, dict[str, object]]:
    done = person.http.post(f"/smartimport/v1/{name}", json={"userId": person.id, **body})
    return done.status_code, done.json()


def shell_of(person: Person, folder: Path) -> Shell:
    """A shell whose backend is the server, as this person."""
    folder.mkdir()
    shell = Shell(folder)
    shell.env |= {
        "SMARTIMPORT_BACKEND": person.url, "SMARTIMPORT_TOKEN": person.token, "SMARTIMPORT_API_KEY": person.key,
        "SMARTIMPORT_CONFIG": str(folder / "config.toml"),
    }  # fmt: skip
    return shell


def transcript(shell: Shell) -> list[str]:
    """A person's way through: what each command answered, without what is another one each time."""
    shell.file("march.csv", csv(ROWS))
    shell.file("changes.csv", b"row,category,exclude,split\n1,Hobby,,\n2,,yes,\n4,,,-60.00 Home; rest Gifts\n")
    said = []
    for code, *words in (
        (8, "import", "march.csv", "--currency", "EUR", "--json"),
        (0, "preview", "@latest", "--edit", "changes.csv", "--json"),
        (0, "preview", "--all"),
        (0, "preview", "@latest", "--export-edits", "-"),
        (0, "approve", "@latest", "--yes", "--json"),
        (2, "preview", "@latest", "--edit", "changes.csv", "--json"),
        (0, "categorize", "@latest", "2", "Secrets", "--json"),
        (2, "categorize", "@latest", "77", "Secrets", "--json"),
        (0, "budget", "set", "home", "50"),
        (0, "budget", "--json"),
        (0, "summary", "--json"),
        (0, "summary"),
        (0, "budget", "remove", "home"),
        (2, "budget", "remove", "home", "--json"),
        (0, "summary", "--json"),
        (0, "export"),
        (0, "undo", "@latest", "--yes", "--json"),
    ):
        done = shell.run(*map(str, words))
        assert done.code == code, (words, done.out, done.err)
        said.append(done.out)
    return [_same_each_time(text) for text in said]


def _same_each_time(text: str) -> str:
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]+", "ID", text)
    text = re.sub(r"\b[0-9a-f]{32}\b", "ID", text)
    text = re.sub(r"\b[0-9a-f]{8}\b", "SHORT", text)
    return re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|[+]00:00)", "MOMENT", text)


def test_the_same_transcript_embedded_and_over_the_wire(ann: Person, tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    here = transcript(Shell(tmp_path / "here"))
    there = transcript(shell_of(ann, tmp_path / "there"))
    for mine, theirs in zip(here, there, strict=True):
        assert mine == theirs


def test_the_screen_edits_over_the_wire(ann: Person, tmp_path: Path) -> None:
    shell = shell_of(ann, tmp_path / "shell")
    shell.file("june.csv", csv(days(5, first="2026-06-01")))
    assert shell.run("upload", "june.csv").code == 0
    child = shell.terminal("preview", "@latest", "--edit")
    child.expect_exact("Leave out")
    child.send("x")
    child.expect_exact("1 left out")
    child.send("q")
    child.expect_exact("left out")
    child.wait()
    assert shell.run("approve", "@latest", "--yes").code == 0
    rows = list(csv_module.DictReader(shell.run("export").out.splitlines()))
    assert [row["description"] for row in rows] == ["Shop 1", "Shop 2", "Shop 3", "Shop 4"]


def test_what_is_anothers_is_not_there(ann: Person, ben: Person) -> None:
    staged, committed = ann.staged(3, first="2025-02-01"), ann.committed(3, first="2025-03-01")
    for name, body in (
        ("edit", {"importId": staged, "changes": [[1, "exclude", "yes"]]}),
        ("categorize", {"importId": committed, "line": 1, "category": "Fun"}),
        ("summary", {"importId": committed}),
        ("analyse", {"importId": committed}),
    ):
        status, body = ask(ben, name, **body)
        assert (status, body["error"]) == (404, "unknown-import"), name
    assert ask(ann, "budgets", set={"category": "Fun", "currency": None, "amount": "5"})[0] == 200
    assert ask(ben, "budgets")[1]["budgets"] == []
    assert ask(ann, "edit", importId=staged, changes=[], userId=ben.id)[0] == 403
    assert ann.http.post("/smartimport/v1/budgets", json={}, headers={"Authorization": ""}).status_code == 401


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("edit", {"changes": "all"}),
        ("edit", {"changes": [["x"]]}),
        ("edit", {"changes": [[1, "amount", "NaN"]]}),
        ("edit", {"changes": [], "digest": 5}),
        ("categorize", {"line": 0, "category": "Fun"}),
        ("categorize", {"line": 1, "category": "x" * 61}),
        ("categorize", {"line": 1}),
        ("budgets", {"set": {"category": "Fun", "amount": "-5"}}),
        ("budgets", {"set": {"category": "Fun", "amount": "5", "currency": "euro"}}),
        ("budgets", {"remove": {}}),
    ],
)
def test_what_makes_no_sense_is_refused(ann: Person, name: str, body: dict[str, object]) -> None:
    import_id = ann.staged(3, first="2025-05-01")
    status, answer = ask(ann, name, importId=import_id, **body)
    assert (status, answer["ok"]) == (400, False)


def test_many_edits_travel_together_or_not_at_all(ann: Person, tmp_path: Path) -> None:
    shell = shell_of(ann, tmp_path / "shell")
    shell.file("many.csv", csv([(f"2024-{m:02}-{d:02}", "-1.00", f"S{m} {d} {n}") for m in range(1, 11)
                                for d in range(1, 29) for n in range(90)]))  # fmt: skip
    assert shell.run("upload", "many.csv", "--timeout", "60s").code == 0
    lines = "".join(f"{n},{'c' * 150}\n" for n in range(1, 25_001))
    shell.file("changes.csv", f"row,category\n{lines}".encode())
    done = shell.run("preview", "@latest", "--edit", "changes.csv", "--json")
    assert (done.code, done.document["error"]["code"]) == (2, "too-many-edits")
    shell.file("changes.csv", f"row,category\n{lines.replace('c' * 150, 'Fun')}".encode())
    done = shell.run("preview", "@latest", "--edit", "changes.csv", "--all", "--json")
    assert (done.code, done.document["edited"]) == (0, 25_000)
    rows = done.document["rows"]
    assert [row["row"] for row in rows] == list(range(1, len(rows) + 1)) and len(rows) == 25_200
    assert rows[24_999]["category"] == "Fun" and rows[25_000]["category"] is None
    huge = json.dumps({"importId": "x", "changes": [], "pad": "x" * (4 << 20)})
    refused = ann.http.post("/smartimport/v1/edit", content=huge, headers={"Content-Type": "application/json"})
    assert refused.status_code == 413
