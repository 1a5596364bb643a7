"""The shared corpus of real files, judged by the scoring that lies with it.

Each file goes the way of `smartimport inspect -o json`, in this process: ninety-odd starts of Python would take
longer than the reading. The table of all families stands at the end of pytest's output (see `conftest`).
"""

import importlib.util
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from smartimport_cli import statements
from smartimport_cli.core.errors import FileRefused
from smartimport_cli.core.model import Choices
from smartimport_cli.resources import load_resources
from smartimport_cli.statement_file import open_statement
from smartimport_cli.statements.describe import describe

# Beside the project, or beside the folder that a worktree of it lies in.
CORPUS = next(
    (found for folder in Path(__file__).parents[2:4] if (found := folder / "shared" / "corpus").is_dir()),
    Path(__file__).parents[2] / "shared" / "corpus",
)
HERE = CORPUS.is_dir()
# Right or refused as expected, at the least; a family that is not named must only be honest.
AT_LEAST = {
    "adversarial": 11, "camt052": 1, "camt053": 7, "camt054": 1, "csv": 37, "mt940": 9, "mt942": 1, "ofx": 10, "pdf": 6,
    "qfx": 1, "qif": 6, "scan": 3, "tsv": 1, "xlsx": 3,
}  # fmt: skip


def families() -> list[str]:
    return sorted({family for family, _, _ in files()})


def files() -> Iterator[tuple[str, Path, dict[str, Any]]]:
    """Family, path and expected result of each file."""
    for folder in (CORPUS, CORPUS / "adversarial") if HERE else ():
        for line in (folder / "expected.jsonl").read_text("utf-8").splitlines():
            expected = json.loads(line)
            family = expected["file"].split("/")[0] if "/" in expected["file"] else folder.name
            if (folder / expected["file"]).exists():
                yield family, folder / expected["file"], expected


@pytest.fixture(scope="module")
def score() -> ModuleType:
    spec = importlib.util.spec_from_file_location("corpus_score", CORPUS / "score.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def inspected(path: Path, config_dir: Path) -> tuple[int, dict[str, Any]]:
    """What `smartimport inspect` answers: its exit code and document."""
    choices = Choices()
    try:
        with open_statement(str(path), choices) as opened:
            reading = statements.read(
                opened.file, name=opened.name, size=opened.size, choices=choices, resources=load_resources(config_dir)
            )
            return 0, json.loads(json.dumps(describe(opened.name, reading)))
    except FileRefused as refusal:
        return int(refusal.exit_code), {"error": refusal.to_json()}


@pytest.mark.skipif(not HERE, reason="the corpus of real statements does not lie beside the project (../shared/corpus)")
@pytest.mark.parametrize("family", families() or ["none"])
def test_nothing_is_silently_wrong_and_the_score_stays(
    family: str, score: ModuleType, tmp_path: Path, record_property: Any
) -> None:
    verdicts: Counter[str] = Counter()
    wrong = []
    for own, path, expected in files():
        if own != family:
            continue
        verdict, why = score.judge(expected, *inspected(path, tmp_path), [])
        verdicts[verdict] += 1
        if verdict in ("silently wrong", "crash"):
            wrong.append(f"{verdict}: {path.name}: {why}")
    record_property("corpus", {"family": family, **verdicts})
    assert not wrong
    assert verdicts["right"] + verdicts["refused"] >= AT_LEAST.get(family, 0), dict(verdicts)
