"""One suite for every backend: what the run of an import may rely on, wherever the imports live.

`local` is the embedded backend; `remote` is the client over the network against `smartimport serve`, in a process of
its own, where that is part of the package.
"""

import io
import json
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

import pytest

from smartimport_cli.backends.local import LocalBackend
from smartimport_cli.core.edits import Change, Part
from smartimport_cli.core.errors import ExitCode, SmartImportError
from smartimport_cli.core.events import EventRecord
from smartimport_cli.core.model import Choices
from smartimport_cli.core.protocols import Backend, Budget, Upload
from smartimport_cli.core.reducer import fold
from smartimport_cli.core.state import ImportState, Status
from smartimport_cli.flow import ended, read
from tests.backends.statement_files import csv, days, ofx
from tests.e2e.conftest import SMARTIMPORT

PATIENCE = 30.0
PASSWORD = "correct horse battery"
Open = Callable[[], Backend]


@contextmanager
def local(request: pytest.FixtureRequest, folder: Path) -> Iterator[Open]:
    """Opens the embedded backend on one data folder, as often as asked."""
    with ExitStack() as opened:

        def open() -> Backend:
            backend = LocalBackend(folder / "data")
            opened.callback(backend.close)
            return backend

        yield open


@dataclass(frozen=True)
class Served:
    """A server in a process of its own, and how to give it another user."""

    url: str
    key: str
    env: dict[str, str]

    def add_user(self, email: str) -> None:
        add = [SMARTIMPORT, "serve", "--add-user", email]
        subprocess.run(
            add, input=f"{PASSWORD}\n".encode(), env=self.env, check=True, capture_output=True, timeout=60
        )


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    if find_spec("smartimport_cli.server") is None:
        pytest.skip("this package has no server")
    folder = tmp_path_factory.mktemp("served")
    env = {"HOME": str(folder), "SMARTIMPORT_DATA_DIR": str(folder / "data"), "LC_ALL": "C.UTF-8"}
    serve = [SMARTIMPORT, "serve", "--port", "0", "-o", "jsonl"]
    with (
        (folder / "serve.log").open("wb") as log,
        subprocess.Popen(serve, env=env, stdout=subprocess.PIPE, stderr=log) as server,
    ):
        try:
            assert server.stdout is not None
            started = json.loads(server.stdout.readline())
            yield Served(started["url"], started["key"], env)
        finally:
            server.terminate()
            server.wait(30)


@contextmanager
def remote(request: pytest.FixtureRequest, folder: Path) -> Iterator[Open]:
    """Opens clients of the server, signed in as one new user, as often as asked."""
    from smartimport_cli.backends.remote import RemoteBackend, session_of
    from smartimport_cli.backends.remote.caller import Caller
    from smartimport_cli.backends.remote.http import Http
    from smartimport_cli.backends.remote.profile import profile_named

    served: Served = request.getfixturevalue("served")
    email = f"{uuid4().hex}@example.com"
    served.add_user(email)
    with ExitStack() as opened:

        def open() -> Backend:
            http = Http()
            profile = profile_named(served.url, {}, served.key)
            session = session_of(profile, folder, {}, http)
            session.sign_in(email, PASSWORD)
            backend = RemoteBackend(Caller(profile, session, http), folder)
            opened.callback(backend.close)
            return backend

        yield open


@pytest.fixture(params=[local, remote], ids=lambda kind: kind.__name__)
def open_backend(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Open]:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    with request.param(request, tmp_path) as open:
        yield open


@pytest.fixture
def backend(open_backend: Open) -> Backend:
    return open_backend()


def upload(backend: Backend, content: bytes, name: str = "march.ofx") -> tuple[str, bool]:
    uploaded = backend.upload(Upload(io.BytesIO(content), name, len(content)))
    return uploaded.import_id, uploaded.existing


def until(backend: Backend, import_id: str, done: Callable[[ImportState], bool]) -> ImportState:
    state = fold(backend.events(import_id))
    deadline = time.monotonic() + PATIENCE
    records = backend.follow(import_id, after=state.ledger.settled)
    while not done(state):
        record = next(records)
        if record is not None:
            state = fold([record], state)
        assert time.monotonic() < deadline, state
    return state


def staged(backend: Backend, content: bytes, name: str = "march.ofx") -> str:
    import_id, _ = upload(backend, content, name)
    until(backend, import_id, read)
    return import_id


def committed(backend: Backend, content: bytes, name: str = "march.ofx") -> str:
    import_id = staged(backend, content, name)
    backend.commit(import_id, backend.preview(import_id).digest)
    until(backend, import_id, ended)
    return import_id


@contextmanager
def refused(code: str, exit_code: ExitCode) -> Iterator[None]:
    with pytest.raises(SmartImportError) as error:
        yield
    assert (error.value.code, error.value.exit_code) == (code, exit_code)


def test_a_statement_goes_through_every_step(backend: Backend) -> None:
    import_id = staged(backend, ofx(days(45)))
    preview = backend.preview(import_id)
    assert (preview.import_id, preview.new, preview.duplicates, preview.rows_total) == (import_id, 45, 0, 45)
    backend.commit(import_id, preview.digest)
    state = until(backend, import_id, ended)
    assert (state.status, state.committed) == (Status.COMPLETE, 45)
    assert backend.advice(import_id) == (state.advice, state.insights)
    record = backend.get(import_id)
    assert (record.status, record.committed_count, record.file_name) == ("committed", 45, "march.ofx")
    events = list(backend.events(import_id))
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert fold(events) == state


def test_the_same_file_again_is_the_same_import(backend: Backend) -> None:
    first = committed(backend, ofx(days(5)))
    assert upload(backend, ofx(days(5)), "another name.ofx") == (first, True)
    assert len(list(backend.transactions())) == 5


def test_what_the_user_forces_about_the_reading_holds(backend: Backend) -> None:
    content = b"Date;Text;Amount\n01/02/2026;A;1,50\n03/02/2026;B;2,50\n"
    choices = Choices(date_order="mdy", account="Mine", currency="EUR")
    import_id = backend.upload(Upload(io.BytesIO(content), "a.csv", len(content), choices)).import_id
    until(backend, import_id, read)
    preview = backend.preview(import_id)
    assert [row.row.posted_date.isoformat() for row in preview.rows] == ["2026-01-02", "2026-03-02"]
    assert (preview.accounts, preview.totals[0].currency) == (("Mine",), "EUR")


def test_overlapping_statements_commit_only_what_is_new(backend: Backend) -> None:
    committed(backend, ofx(days(10), references=False), "first.ofx")
    second = staged(backend, ofx(days(10, start=5), references=False), "second.ofx")
    preview = backend.preview(second)
    assert (preview.new, preview.duplicates) == (5, 5)
    assert preview.rows[0].duplicate_of is not None
    backend.commit(second, preview.digest)
    assert until(backend, second, ended).committed == 5
    assert sorted(row.description for row in backend.transactions()) == sorted(f"Shop {n}" for n in range(15))


def test_what_is_doubted_about_a_reading_is_told_before_the_approval(backend: Backend) -> None:
    card = b"Date,Description,Card Amount\n2026-03-02,A,1.50\n2026-03-05,B,2.50\n2026-03-09,Payment received,-9.00\n"
    import_id = staged(backend, card, "card.csv")
    (doubt,) = backend.preview(import_id).issues
    assert "charges of a card" in doubt
    assert fold(backend.events(import_id)).issues == (doubt,)


def test_a_statement_that_came_in_another_form_is_doubted(backend: Backend) -> None:
    """Neither account nor descriptions are the same, but days and amounts are."""
    rows = [(day, amount, f"POS {name}") for day, amount, name in days(12, start=4)]
    earlier = staged(backend, csv(rows), "march.csv")
    before = backend.preview(earlier)
    assert before.issues == ()
    first = committed(backend, ofx(days(10)))
    preview = backend.preview(earlier)
    assert (preview.new, preview.duplicates) == (12, 0)
    (doubt,) = preview.issues
    assert f"march.ofx (import {first[:8]})" in doubt
    with refused("stale-approval", ExitCode.STALE):  # it was not seen with its doubt
        backend.commit(earlier, before.digest)
    other = staged(backend, ofx([(day, f"{amount}1", name) for day, amount, name in days(10)]), "other.ofx")
    assert backend.preview(other).issues == ()
    backend.undo(first)
    assert backend.preview(earlier).issues == ()


def test_a_preview_is_given_a_page_at_a_time(backend: Backend) -> None:
    import_id = staged(backend, ofx(days(25)))
    whole = backend.preview(import_id, limit=None)
    pages = [
        row for offset in (0, 10, 20) for row in backend.preview(import_id, offset=offset, limit=10).rows
    ]
    assert list(whole.rows) == pages
    assert len(pages) == 25
    assert {backend.preview(import_id, offset=n, limit=1).digest for n in (0, 9)} == {whole.digest}


def test_an_approval_is_about_one_preview_and_the_first_decision_holds(backend: Backend) -> None:
    import_id = staged(backend, ofx(days(5)))
    with refused("stale-approval", ExitCode.STALE):
        backend.commit(import_id, "of another preview")
    assert list(backend.transactions()) == []
    backend.commit(import_id, backend.preview(import_id).digest)
    until(backend, import_id, ended)
    backend.commit(import_id, "whatever")
    with refused("already-approved", ExitCode.USAGE):
        backend.reject(import_id)
    assert len(list(backend.transactions())) == 5


def test_a_preview_that_has_changed_since_is_stale(backend: Backend) -> None:
    """Another statement brought the same rows meanwhile."""
    first = staged(backend, ofx(days(5), references=False), "first.ofx")
    shown = backend.preview(first).digest
    committed(backend, ofx(days(3), references=False), "second.ofx")
    with refused("stale-approval", ExitCode.STALE):
        backend.commit(first, shown)
    backend.commit(first, backend.preview(first).digest)
    assert until(backend, first, ended).committed == 2


def test_edits_hold_from_the_preview_to_what_is_committed(backend: Backend) -> None:
    import_id = staged(backend, ofx(days(5)))
    before = backend.preview(import_id)
    changes = [
        Change(1, "category", "Groceries"), Change(1, "date", date(2026, 3, 9)), Change(2, "exclude", True),
        Change(3, "split", (Part(-10000, "Food"), Part(-20200))), Change(4, "amount", -777),
        Change(4, "merchant", "Ünïcode & Söhne"),
    ]  # fmt: skip
    shown = backend.edit(import_id, changes, digest=before.digest)
    assert shown.digest != before.digest
    assert (shown.new, shown.excluded, shown.edited) == (5, 1, 4)
    assert shown.rows[0].read == before.rows[0].row
    assert [row.number for row in shown.rows] == [1, 2, 3, 4, 5]
    assert shown.rows[2].parts == (Part(-10000, "Food"), Part(-20200))
    assert (shown.rows[3].row.amount, shown.rows[3].row.merchant) == (-777, "Ünïcode & Söhne")
    assert backend.preview(import_id) == shown
    assert backend.edit(import_id, changes) == shown  # once more: nothing more
    with refused("stale-edit", ExitCode.STALE):
        backend.edit(import_id, [Change(5, "exclude", True)], digest=before.digest)
    for change, code in (
        (Change(9, "exclude", True), "no-such-row"), (Change(5, "split", (Part(-1), Part(-2))), "bad-edit"),
    ):  # fmt: skip
        with refused(code, ExitCode.USAGE):
            backend.edit(import_id, [Change(5, "category", "Fun"), change])
    assert backend.preview(import_id) == shown
    taken_back = backend.edit(import_id, [Change(4, "amount", None), Change(4, "merchant", None)])
    assert (taken_back.edited, taken_back.rows[3]) == (3, before.rows[3])
    backend.commit(import_id, taken_back.digest)
    until(backend, import_id, ended)
    rows = [(row.amount, row.category) for row in backend.transactions(import_id)]
    assert sorted(rows, key=str) == sorted(
        [(-10000, "Groceries"), (-10000, "Food"), (-20200, None), (-40300, None), (-50400, None)], key=str
    )
    with refused("already-approved", ExitCode.USAGE):
        backend.edit(import_id, [Change(1, "category", None)])


def test_categories_and_budgets_make_the_summary_anew(backend: Backend) -> None:
    import_id = committed(backend, ofx(days(5)))
    line = next(iter(backend.transactions(import_id))).line
    assert backend.categorize(import_id, line, "Hobby").merchant == "Shop 0"
    assert backend.advice(import_id) is None  # what was said before does not hold any more
    backend.analyse(import_id)
    until(backend, import_id, lambda state: backend.advice(import_id) is not None)
    found = backend.advice(import_id)
    assert found is not None
    assert "Hobby" in json.dumps(found[1])
    with refused("unknown-row", ExitCode.USAGE):
        backend.categorize(import_id, 99_999, "Hobby")
    budgets = [Budget("Hobby", None, 1_000_000), Budget("Home", "USD", 123)]
    for budget in budgets * 2:
        backend.set_budget(budget)
    assert backend.budgets() == sorted(budgets)
    assert [backend.remove_budget("Home", "EUR"), backend.remove_budget("Home", "USD")] == [0, 1]
    assert backend.budgets() == budgets[:1]


def test_what_was_rejected_is_not_committed(backend: Backend) -> None:
    import_id = staged(backend, ofx(days(5)))
    digest = backend.preview(import_id).digest
    backend.reject(import_id, "not mine")
    backend.reject(import_id, "not mine")
    state = until(backend, import_id, ended)
    assert (state.error_code, state.error) == ("rejected", "Rejected: not mine")
    with refused("rejected", ExitCode.REJECTED):
        backend.commit(import_id, digest)
    with refused("rejected", ExitCode.REJECTED):
        backend.preview(import_id)
    assert list(backend.transactions()) == []


def test_undo_takes_back_what_no_other_import_has(backend: Backend) -> None:
    import_id = committed(backend, ofx(days(5)))
    assert backend.undo(import_id) == 5
    assert backend.undo(import_id) == 0
    assert list(backend.transactions()) == []
    with refused("not-committed", ExitCode.USAGE):
        backend.undo(staged(backend, ofx(days(2)), "other.ofx"))


def test_a_committed_import_can_be_analysed_again(backend: Backend) -> None:
    import_id = committed(backend, ofx(days(5)))
    before = backend.advice(import_id)
    backend.analyse(import_id)
    until(backend, import_id, ended)
    assert backend.advice(import_id) == before
    with refused("not-committed", ExitCode.USAGE):
        backend.analyse(staged(backend, ofx(days(2)), "other.ofx"))


def test_imports_are_found_by_prefix_and_listed_newest_first(backend: Backend) -> None:
    with refused("no-imports", ExitCode.USAGE):
        backend.resolve("@latest")
    ids = [staged(backend, ofx(days(n)), f"{n}.ofx") for n in (1, 2, 3)]
    assert [record.id for record in backend.imports()] == ids[::-1]
    assert backend.resolve("@latest") == ids[-1]
    for import_id in ids:
        assert backend.resolve(import_id[:13]) == import_id
        assert backend.resolve(import_id.upper()) == import_id
    for reference in ("abc", "zzzz9999", "00000000-0000-4000-8000-000000000000", "'; drop"):
        with refused("unknown-import", ExitCode.USAGE):
            backend.resolve(reference)
    with refused("unknown-import", ExitCode.USAGE):
        backend.get("00000000-0000-4000-8000-000000000000")


def test_committed_rows_come_by_date_of_one_import_or_of_all(backend: Backend) -> None:
    first = committed(backend, ofx(days(3, start=10)), "late.ofx")
    second = committed(backend, ofx(days(3)), "early.ofx")
    rows = list(backend.transactions())
    assert [row.posted_date for row in rows] == sorted(row.posted_date for row in rows)
    assert {row.import_id for row in rows} == {first, second}
    assert [row.import_id for row in backend.transactions(first)] == [first] * 3
    assert all(type(row.amount) is int for row in rows)


def test_following_goes_on_from_a_number_and_may_end_when_quiet(backend: Backend) -> None:
    import_id = committed(backend, ofx(days(5)))
    stored = [event.id for event in backend.events(import_id)]
    for after in (0, 3, len(stored)):
        followed = [r.id for r in backend.follow(import_id, after=after, until_quiet=1.0) if r is not None]
        assert followed == stored[after:]
        assert [event.id for event in backend.events(import_id, after=after)] == stored[after:]


def test_two_who_follow_see_the_same_and_the_second_may_decide(open_backend: Open) -> None:
    first, second = open_backend(), open_backend()
    import_id = staged(first, ofx(days(5)))
    seen: list[list[EventRecord]] = [[], []]
    streams = [backend.follow(import_id) for backend in (first, second)]
    second.commit(import_id, second.preview(import_id).digest)
    deadline = time.monotonic() + PATIENCE
    while not all(ended(fold(records)) for records in seen):
        assert time.monotonic() < deadline
        for records, stream in zip(seen, streams, strict=True):
            if (record := next(stream)) is not None:
                records.append(record)
    assert seen[0] == seen[1] == list(first.events(import_id))


def test_a_statement_that_cannot_be_read_fails_with_its_reason(backend: Backend) -> None:
    import_id, _ = upload(backend, b"Date,Amount\nno,rows\nat,all\n", "odd.csv")
    state = until(backend, import_id, ended)
    assert (state.status, state.failed_stage) == (Status.ERROR, "parse")
    assert state.error
    with pytest.raises(SmartImportError):
        backend.preview(import_id)
