"""The smoke check passes a sound backend and catches each broken one, by the name of the step."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from smartimport_cli.backends.local import LocalBackend
from smartimport_cli.check import BUDGETS, CARD, FAILED, PASSED, SKIPPED, Check, Step, verdict
from smartimport_cli.core.errors import ExitCode, SmartImportError
from smartimport_cli.core.events import EventRecord
from smartimport_cli.core.model import Transaction
from smartimport_cli.core.protocols import Upload, Uploaded
from tests.e2e.conftest import Shell
from tests.e2e.conftest import shell as shell


def checked(backend: Any, other: Any = None, **budgets: float) -> dict[str, Step]:
    check = Check(backend, "abcdefgh", date(2026, 3, 15), time.monotonic, other=other, budgets=budgets)
    try:
        return {step.name: step for step in check.steps(list(BUDGETS))}
    finally:
        backend.close()


def failed(steps: dict[str, Step]) -> list[str]:
    return [step.name for step in steps.values() if step.verdict == FAILED]


def test_a_sound_backend_passes(tmp_path: Path) -> None:
    steps = checked(LocalBackend(tmp_path), other=LocalBackend(tmp_path / "other"))
    assert {name: step.message for name, step in steps.items() if step.verdict != PASSED} == {
        "live": "nothing lies between this backend and its followers"
    }
    assert verdict(list(steps.values())) is ExitCode.DONE


class LosesAnEvent(LocalBackend):
    def events(self, import_id: str, *, after: int = 0) -> Iterator[EventRecord]:
        return (record for record in super().events(import_id, after=after) if record.seq != 4)


class SwapsEvents(LocalBackend):
    def events(self, import_id: str, *, after: int = 0) -> Iterator[EventRecord]:
        records = list(super().events(import_id, after=after))
        records[1:3] = records[2:0:-1]
        return iter(records)


class CommitsTwice(LocalBackend):
    def transactions(self, import_id: str | None = None) -> Iterator[Transaction]:
        for row in super().transactions(import_id):
            yield row
            yield row


class IsSlow(LocalBackend):
    def upload(self, upload: Upload) -> Uploaded:
        time.sleep(0.3)
        return super().upload(upload)


class ShowsACard(LocalBackend):
    def events(self, import_id: str, *, after: int = 0) -> Iterator[EventRecord]:
        for record in super().events(import_id, after=after):
            if record.event_type == "prime:message" or record.event_type == "import:parse:complete":
                payload = {**record.event.to_payload(), "note": f"paid with {CARD}"}
                record = EventRecord.from_wire({**record.to_wire(), "payload": payload})
            yield record


class TakesAnyYes(LocalBackend):
    def commit(self, import_id: str, digest: str) -> None:
        super().commit(import_id, self.preview(import_id).digest)


class KeepsRows(LocalBackend):
    def undo(self, import_id: str) -> int:
        return 0


class NeverKnowsAFile(LocalBackend):
    def upload(self, upload: Upload) -> Uploaded:
        # Bytes that were there before become others: nothing is recognised.
        import io

        content = upload.file.read().replace(b"CHECK", b"CHECK " + str(time.monotonic_ns())[-6:-3].encode())
        return super().upload(Upload(io.BytesIO(content), upload.name, len(content)))


class ForgetsAdvice(LocalBackend):
    def advice(self, import_id: str) -> tuple[str, Any] | None:
        return None


class IsDown(LocalBackend):
    def imports(self) -> list[Any]:
        raise SmartImportError("unreachable", "The backend cannot be reached.", exit_code=ExitCode.UNREACHABLE)


@pytest.mark.parametrize(
    ("broken", "step", "says"),
    [
        (LosesAnEvent, "order", "one is missing"),
        (SwapsEvents, "order", "out of order"),
        (CommitsTwice, "commit", "5 transactions should be there, 10 are"),
        (ShowsACard, "privacy", "shows a card"),
        (TakesAnyYes, "stale", "was taken"),
        (KeepsRows, "clean-up", "are left"),
        (NeverKnowsAFile, "repeat", "5 new rows"),
        (ForgetsAdvice, "analysis", "no advice"),
    ],
)
def test_a_broken_backend_is_caught_by_name(
    tmp_path: Path, broken: Callable[[Path], LocalBackend], step: str, says: str
) -> None:
    steps = checked(broken(tmp_path))
    assert step in failed(steps), steps
    assert says in steps[step].message
    assert verdict(list(steps.values())) is ExitCode.IMPORT_FAILED


def test_a_slow_step_is_caught_by_its_budget(tmp_path: Path) -> None:
    steps = checked(IsSlow(tmp_path), upload=0.2)
    assert failed(steps) == ["upload"]
    assert "its budget is 0.2 s" in steps["upload"].message


def test_a_leaked_row_is_caught(tmp_path: Path) -> None:
    steps = checked(LocalBackend(tmp_path), other=LocalBackend(tmp_path))
    assert failed(steps) == ["isolation"]


def test_a_backend_that_is_down_has_its_own_exit_code(tmp_path: Path) -> None:
    steps = checked(IsDown(tmp_path))
    assert verdict(list(steps.values())) is ExitCode.UNREACHABLE


def test_a_check_that_verified_nothing_has_failed() -> None:
    assert verdict([]) is ExitCode.IMPORT_FAILED
    assert verdict([Step("isolation", SKIPPED, "")]) is ExitCode.IMPORT_FAILED


def test_the_command_leaves_nothing_behind_and_writes_reports(shell: Shell) -> None:
    import xmlschema

    (shell.folder / "budgets.toml").write_text('commit = "30s"\n')
    done = shell.run("check", "--budgets", "budgets.toml", "--report", "c.xml", "--report", "c.json", "-o", "json")
    assert done.code == 0, done.err
    assert done.document["schema"] == "smartimport.check/1"
    assert done.document["passed"]
    assert json.loads((shell.folder / "c.json").read_text())["steps"] == done.document["steps"]
    xmlschema.validate(shell.folder / "c.xml", Path(__file__).parent / "batch/junit.xsd")
    assert list((shell.folder / "data").iterdir()) == []
    assert shell.run("list", "-o", "json").document["imports"] == []


def test_steps_can_be_chosen(shell: Shell) -> None:
    done = shell.run("check", "--only", "upload,reachable", "-o", "json")
    assert [step["name"] for step in done.document["steps"]] == ["reachable", "upload"]
    done = shell.run("check", "--skip", "repeat,stale")
    assert done.code == 0 and "repeat" not in done.out
    assert shell.run("check", "--only", "nothing").code == 2
    (shell.folder / "budgets.toml").write_text('commit = "soon"\n')
    assert shell.run("check", "--budgets", "budgets.toml").code == 2


def test_read_only_changes_nothing(shell: Shell) -> None:
    shell.run("import", shell.statement(), "--yes")
    before = shell.run("list", "-o", "json").document
    done = shell.run("check", "--read-only")
    assert done.code == 0 and "order" in done.out and "upload" not in done.out
    assert shell.run("list", "-o", "json").document == before
