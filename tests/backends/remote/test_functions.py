"""Uploads, commits and refusals against both generations of the functions."""

import io
import random
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from smartimport_cli.backends.remote import RemoteBackend
from smartimport_cli.backends.remote.http import MAX_ANSWER
from smartimport_cli.core.edits import Change
from smartimport_cli.core.errors import ExitCode, SmartImportError
from smartimport_cli.core.events import UploadProgress
from smartimport_cli.core.protocols import Budget, Upload
from smartimport_cli.flow import ended
from tests.backends.remote.conftest import Open
from tests.backends.remote.fake_supabase import USER, FakeSupabase
from tests.backends.remote.test_following import eventually, follow

Answer = Callable[[dict[str, Any]], tuple[int, Any]]


def statement(
    content: bytes = b"Date,Amount\n2026-03-02,-4.50\n", name: str = "march.csv", **values: Any
) -> Upload:
    return Upload(io.BytesIO(content), name, len(content), **values)


def staged(fake: FakeSupabase, rows: int = 3) -> str:
    """An import that has been read, as the hosted backend stages it: no digest, no line."""
    import_id = fake.new_import("parsed")
    fake.insert(import_id, "upload:complete", userId=USER, importId=import_id, fileSize=9)
    for n in range(rows):
        fake.tables["transactions_staging"].append(
            {"id": f"{n:08x}-1111-4000-8000-000000000000", "import_id": import_id, "user_id": USER, "hash": f"h{n}",
             "data_json": {"posted_at": f"2026-03-0{n + 1}", "merchant": f"Shop {n}", "amount": -4.5 - n}}
        )  # fmt: skip
    fake.insert(import_id, "parse:complete", importId=import_id, rowsTotal=rows, preview=[])
    return import_id


@pytest.fixture
def backend(open_backend: Open) -> RemoteBackend:
    return open_backend()


def commits(fake: FakeSupabase, *answers: tuple[int, Any]) -> list[dict[str, Any]]:
    """commit-import answers so, one after the other (the last again and again); the first commits all the same."""
    calls: list[dict[str, Any]] = []

    def commit(body: dict[str, Any]) -> tuple[int, Any]:
        calls.append(body)
        status, answer = answers[min(len(calls), len(answers)) - 1]
        if status in (0, 200, 500):
            for row in fake.tables["imports"]:
                if row["id"] == body["importId"] and status != 500:
                    row["status"] = "committed"
        return status, answer

    fake.functions["commit-import"] = commit
    return calls


def test_a_statement_is_streamed_and_counted_as_it_goes(fake: FakeSupabase, backend: RemoteBackend) -> None:
    import_id = fake.new_import()
    fake.functions["ingest-statement"] = lambda body: (
        200,
        {"ok": True, "importId": import_id, "status": "pending"},
    )
    content = random.Random(1).randbytes(3_000_000)
    seen: list[UploadProgress] = []
    uploaded = backend.upload(statement(content, "märz.pdf", on_progress=seen.append))
    assert (uploaded.import_id, uploaded.existing) == (import_id, False)
    assert [p.bytes for p in seen] == sorted(p.bytes for p in seen)
    assert (seen[-1].bytes, seen[-1].percent) == (3_000_000, 100)
    assert len(seen) > 20
    _, _, headers, body = fake.requests[-1]
    assert int(headers["content-length"]) == len(body)
    assert content in body
    assert b'name="userId"' in body
    assert USER.encode() in body
    assert b"application/pdf" in body


def test_the_older_answer_names_the_import_elsewhere(fake: FakeSupabase, backend: RemoteBackend) -> None:
    import_id = fake.new_import()
    older = {"import": {"id": import_id, "status": "pending", "fileType": "csv"}}
    fake.functions["ingest-statement"] = lambda body: (200, older)
    assert backend.upload(statement()).import_id == import_id


def test_a_lost_answer_to_an_upload_is_not_sent_again_blindly(
    fake: FakeSupabase, backend: RemoteBackend
) -> None:
    calls: list[int] = []

    def ingest(body: dict[str, Any]) -> tuple[int, Any]:
        calls.append(1)
        return 0, {}

    fake.functions["ingest-statement"] = ingest
    with pytest.raises(SmartImportError) as lost:
        backend.upload(statement())
    assert lost.value.exit_code is ExitCode.UNREACHABLE
    assert "may have arrived" in lost.value.message
    assert len(calls) == 1


def test_what_was_turned_away_is_sent_again(fake: FakeSupabase, backend: RemoteBackend) -> None:
    import_id = fake.new_import()
    answers = iter(
        [(429, {"error": "rate_limited"}), (429, {"error": "rate_limited"}), (200, {"importId": import_id})]
    )
    fake.functions["ingest-statement"] = lambda body: next(answers)
    assert backend.upload(statement()).import_id == import_id


REFUSALS = [
    ((401, {"ok": False, "error": "unauthorized", "message": "No token"}), ExitCode.SIGN_IN, "sign-in"),
    ((403, {"error": "SMART_IMPORT disabled", "requestId": "r-1"}), ExitCode.UNREACHABLE, "switched-off"),
    ((403, {"ok": False, "error": "forbidden"}), ExitCode.SIGN_IN, "not-allowed"),
    ((413, "Payload Too Large"), ExitCode.FILE_REFUSED, "too-large"),
    ((400, {"ok": False, "error": "File too large (max 25MB)"}), ExitCode.FILE_REFUSED, "too-large"),
    ((400, {"ok": False, "error": "Unsupported file type"}), ExitCode.FILE_REFUSED, "unsupported"),
    ((400, {"statusCode": "415", "error": "invalid_mime_type", "message": "x"}), ExitCode.FILE_REFUSED, "unsupported"),
    ((429, {"error": "rate_limited", "message": "50 an hour"}), ExitCode.UNREACHABLE, "rate-limited"),
    ((500, {"error": "boom", "requestId": "r-2"}), ExitCode.UNREACHABLE, "backend-failed"),
    ((502, "<html><body>Bad gateway</body></html>"), ExitCode.UNREACHABLE, "backend-failed"),
    ((404, "Function not found"), ExitCode.USAGE, "no-such-function"),
    ((405, {"error": "Method not allowed"}), ExitCode.USAGE, "no-such-function"),
    ((400, {"error": {"message": "quota \x1b]0;owned\x07"}}), ExitCode.IMPORT_FAILED, "refused"),
    ((302, {}), ExitCode.USAGE, "redirected"),
    ((200, "OK"), ExitCode.UNREACHABLE, "odd-answer"),
    ((200, {"ok": True, "importId": "1; drop table"}), ExitCode.UNREACHABLE, "odd-answer"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "exit_code", "code"), REFUSALS)
def test_every_refusal_is_one_clear_error(
    fake: FakeSupabase, backend: RemoteBackend, answer: tuple[int, Any], exit_code: ExitCode, code: str
) -> None:
    fake.functions["ingest-statement"] = lambda body: answer
    with pytest.raises(SmartImportError) as refused:
        backend.upload(statement())
    error = refused.value
    assert (error.exit_code, error.code) == (exit_code, code)
    shown = f"{error.message} {error.hint}"
    assert shown.isprintable()
    assert "<html>" not in shown
    if isinstance(answer[1], dict) and (request := answer[1].get("requestId")):
        assert request in shown


def test_secrets_in_a_servers_words_are_not_repeated(fake: FakeSupabase, backend: RemoteBackend) -> None:
    fake.functions["ingest-statement"] = lambda body: (
        400,
        {
            "error": "bad",
            "message": "Authorization: Bearer eyJhbGciOi.eyJzdWIi.c2ln apikey=s3cr3t card 4111 1111 1111 1111",
        },
    )
    with pytest.raises(SmartImportError) as refused:
        backend.upload(statement())
    for secret in ("eyJhbGciOi", "s3cr3t", "4111 1111"):
        assert secret not in refused.value.message


def test_an_answer_without_end_is_not_read(fake: FakeSupabase, backend: RemoteBackend) -> None:
    fake.functions["ingest-statement"] = lambda body: (200, "x" * (MAX_ANSWER + 1))
    with pytest.raises(SmartImportError) as refused:
        backend.upload(statement())
    assert refused.value.code == "answer-too-large"


# Documents


@pytest.fixture
def documents(fake: FakeSupabase, open_backend: Open) -> Iterator[RemoteBackend]:
    yield open_backend(api="documents")


DUPLICATE = {"statusCode": "409", "error": "Duplicate", "message": "The resource already exists"}


def promise(fake: FakeSupabase, url: str = "/object/upload/sign/imports/u/d/a.csv?token=sig-secret") -> str:
    import_id = fake.new_import()
    fake.functions["smart-import-init"] = lambda body: (
        200, {"docId": import_id, "importId": import_id, "path": "u/d/a.csv", "url": url, "token": "sig-secret"}
    )  # fmt: skip
    fake.functions["smart-import-finalize"] = lambda body: (
        200,
        {"started": True, "queued": True, "via": "q"},
    )
    return import_id


def test_a_document_goes_to_its_signed_address_without_our_credentials(
    fake: FakeSupabase, documents: RemoteBackend
) -> None:
    import_id = promise(fake)
    taken: list[dict[str, Any]] = []

    def put(request: dict[str, Any]) -> tuple[int, Any]:
        taken.append(request)
        return 200, {"Key": "imports/u/d/a.csv"}

    fake.functions["storage PUT"] = put
    seen: list[UploadProgress] = []
    assert documents.upload(statement(b"a,b\n" * 100_000, on_progress=seen.append)).import_id == import_id
    assert taken[0]["body"] == b"a,b\n" * 100_000
    assert taken[0]["headers"]["content-type"] == "text/csv"
    assert "authorization" not in taken[0]["headers"]
    assert seen[-1].bytes == 400_000


def test_a_lost_answer_to_the_put_is_made_good(fake: FakeSupabase, documents: RemoteBackend) -> None:
    import_id = promise(fake)
    answers = iter(
        [
            (0, {}),
            (400, {"statusCode": "409", "error": "Duplicate", "message": "The resource already exists"}),
        ]
    )
    fake.functions["storage PUT"] = lambda request: next(answers)
    assert documents.upload(statement()).import_id == import_id


def test_a_duplicate_at_the_first_try_is_a_refusal(fake: FakeSupabase, documents: RemoteBackend) -> None:
    promise(fake)
    fake.functions["storage PUT"] = lambda request: (400, DUPLICATE)
    with pytest.raises(SmartImportError):
        documents.upload(statement())


def test_an_upload_that_is_not_seen_yet_is_waited_for(fake: FakeSupabase, documents: RemoteBackend) -> None:
    import_id = promise(fake)
    fake.functions["storage PUT"] = lambda request: (200, {})
    answers = iter([{"pending": True, "status": "PENDING_UPLOAD"}] * 3 + [{"started": True}])
    fake.functions["smart-import-finalize"] = lambda body: (200, next(answers))
    assert documents.upload(statement()).import_id == import_id


def test_a_rejected_document_says_why(fake: FakeSupabase, documents: RemoteBackend) -> None:
    promise(fake)
    fake.functions["storage PUT"] = lambda request: (200, {})
    fake.functions["smart-import-finalize"] = lambda body: (
        200,
        {"rejected": True, "reasons": ["too old\x1b[2J"]},
    )
    with pytest.raises(SmartImportError, match="too old") as refused:
        documents.upload(statement())
    assert refused.value.exit_code is ExitCode.FILE_REFUSED
    assert "\x1b" not in refused.value.message


def test_a_duplicate_document_is_its_import(fake: FakeSupabase, documents: RemoteBackend) -> None:
    document = "dddddddd-0000-4000-8000-000000000001"
    import_id = fake.new_import(file_url=f"s3://b/{document}/a.csv")
    fake.functions["smart-import-init"] = lambda body: (
        200,
        {"docId": document, "isDuplicate": True, "message": "there"},
    )
    uploaded = documents.upload(statement())
    assert (uploaded.import_id, uploaded.existing) == (import_id, True)


def test_an_address_without_tls_elsewhere_gets_nothing(fake: FakeSupabase, documents: RemoteBackend) -> None:
    promise(fake, "http://storage.example/object/upload/sign/imports/u/a.csv?token=x")
    with pytest.raises(SmartImportError, match="not safe"):
        documents.upload(statement())


def test_a_large_document_is_resumed_where_the_storage_offers_it(
    fake: FakeSupabase, documents: RemoteBackend
) -> None:
    """Two answers are lost under way; what had arrived is not sent again."""
    import_id = promise(fake)
    content = random.Random(2).randbytes(14_000_000)
    arrived = bytearray()
    patches: list[int] = []

    def create(request: dict[str, Any]) -> tuple[int, Any]:
        assert request["headers"]["x-signature"] == "sig-secret"
        assert request["headers"]["upload-length"] == str(len(content))
        return 201, {"headers": {"Location": "/storage/v1/upload/resumable/sign/abc"}}

    def patch(request: dict[str, Any]) -> tuple[int, Any]:
        assert int(request["headers"]["upload-offset"]) == len(arrived)
        assert len(request["body"]) == 6 << 20 or len(arrived) + len(request["body"]) == len(content)
        arrived.extend(request["body"])
        patches.append(len(request["body"]))
        return (0 if len(patches) < 3 else 204), {"headers": {"Upload-Offset": str(len(arrived))}}

    fake.functions["storage POST"] = create
    fake.functions["storage PATCH"] = patch
    fake.functions["storage HEAD"] = lambda request: (200, {"headers": {"Upload-Offset": str(len(arrived))}})
    seen: list[UploadProgress] = []
    assert documents.upload(statement(content, on_progress=seen.append)).import_id == import_id
    assert bytes(arrived) == content
    assert len(patches) == 3
    assert seen[-1].bytes == len(content)


def test_a_large_document_goes_whole_where_it_cannot_be_resumed(
    fake: FakeSupabase, documents: RemoteBackend
) -> None:
    import_id = promise(fake)
    sizes: list[int] = []

    def put(request: dict[str, Any]) -> tuple[int, Any]:
        sizes.append(len(request["body"]))
        return 200, {}

    fake.functions["storage PUT"] = put
    assert documents.upload(statement(b"x" * 7_000_000)).import_id == import_id
    assert sizes == [7_000_000]


# Deciding


def test_the_preview_of_a_hosted_import(fake: FakeSupabase, backend: RemoteBackend) -> None:
    import_id = staged(fake, 3)
    fake.tables["transactions"].append(
        {"id": "t", "import_id": fake.new_import("committed"), "hash": "h1", "user_id": USER}
    )
    fake.tables["transactions_staging"].append(
        {
            "id": "ffffffff-1111-4000-8000-000000000000",
            "import_id": import_id,
            "hash": "hx",
            "data_json": {"merchant": "?"},
        }
    )
    preview = backend.preview(import_id, limit=2)
    assert (preview.rows_total, preview.new, preview.duplicates, preview.unreadable_count) == (4, 2, 1, 1)
    assert [row.row.merchant for row in preview.rows] == ["Shop 0", "Shop 1"]
    assert preview.rows[1].duplicate_of is not None
    assert preview.totals[0].money_out == -110_000
    assert backend.preview(import_id).digest == preview.digest
    fake.tables["transactions_staging"][0]["data_json"]["amount"] = -9999
    assert backend.preview(import_id).digest != preview.digest


def test_a_commit_says_what_it_is_about(fake: FakeSupabase, backend: RemoteBackend) -> None:
    import_id, calls = staged(fake), commits(fake, (200, {"ok": True, "committed": 3}))
    digest = backend.preview(import_id).digest
    backend.commit(import_id, digest)
    assert calls == [{"userId": USER, "importId": import_id, "digest": digest}]
    backend.commit(import_id, digest)  # decided before: nothing more
    assert len(calls) == 1


def test_an_approval_of_something_else_is_stale(fake: FakeSupabase, backend: RemoteBackend) -> None:
    import_id, calls = staged(fake), commits(fake, (200, {}))
    with pytest.raises(SmartImportError) as stale:
        backend.commit(import_id, "another")
    assert stale.value.exit_code is ExitCode.STALE
    assert calls == []


@pytest.mark.parametrize("lost", [(0, {}), (500, {"error": "x"})])
def test_an_ambiguous_commit_is_settled_by_the_imports_state(
    fake: FakeSupabase, backend: RemoteBackend, lost: tuple[int, Any]
) -> None:
    import_id = staged(fake)
    calls = commits(fake, lost, (409, {"ok": False, "error": "already_committed"}))
    backend.commit(import_id, backend.preview(import_id).digest)
    assert len(calls) == (1 if lost[0] == 0 else 2)


def test_a_commit_that_never_goes_through_says_that_nothing_is_committed(
    fake: FakeSupabase, backend: RemoteBackend
) -> None:
    import_id, calls = staged(fake), commits(fake, (500, {"error": "x"}))
    with pytest.raises(SmartImportError, match="is not committed") as failed:
        backend.commit(import_id, backend.preview(import_id).digest)
    assert failed.value.exit_code is ExitCode.UNREACHABLE
    assert len(calls) == 4


@pytest.mark.parametrize(
    ("answer", "exit_code"),
    [
        ((400, {"ok": False, "error": "import_not_ready"}), ExitCode.STAGED),
        ((404, {"ok": False, "error": "no_import_found"}), ExitCode.USAGE),
        ((409, {"ok": False, "error": "stale_approval"}), ExitCode.STALE),
        ((403, {"ok": False, "error": "no user"}), ExitCode.SIGN_IN),
    ],
)
def test_a_refused_commit(
    fake: FakeSupabase, backend: RemoteBackend, answer: tuple[int, Any], exit_code: ExitCode
) -> None:
    import_id = staged(fake)
    commits(fake, answer)
    with pytest.raises(SmartImportError) as refused:
        backend.commit(import_id, backend.preview(import_id).digest)
    assert refused.value.exit_code is exit_code


def test_rejecting_where_the_backend_has_no_word_for_it(fake: FakeSupabase, backend: RemoteBackend) -> None:
    import_id, commit = staged(fake), commits(fake, (200, {}))
    digest = backend.preview(import_id).digest
    backend.reject(import_id, "not mine")
    assert backend.get(import_id).error == "rejected: not mine"
    assert fake.tables["transactions_staging"] == []
    backend.reject(import_id)  # once is enough
    with pytest.raises(SmartImportError) as rejected:
        backend.commit(import_id, digest)
    assert rejected.value.exit_code is ExitCode.REJECTED
    assert commit == []


def test_undoing_where_the_backend_cannot(fake: FakeSupabase, backend: RemoteBackend) -> None:
    with pytest.raises(SmartImportError) as refused:
        backend.undo(fake.new_import("committed"))
    assert refused.value.code == "not-offered"


@pytest.mark.parametrize("said", [(404, {}), (200, "a page"), (200, {"ok": True})])
def test_extensions_where_the_backend_has_none(
    fake: FakeSupabase, backend: RemoteBackend, said: tuple[int, Any]
) -> None:
    fake.functions["offered"] = lambda body: said
    import_id = staged(fake)
    for call in (
        lambda: backend.edit(import_id, [Change(1, "exclude", True)]),
        lambda: backend.categorize(import_id, 1, "Fun"),
        lambda: backend.budgets(),
        lambda: backend.set_budget(Budget("Fun", None, 1)),
        lambda: backend.remove_budget("Fun"),
    ):
        with pytest.raises(SmartImportError) as refused:
            call()
        assert (refused.value.code, refused.value.exit_code) == ("not-offered", ExitCode.USAGE)


# The later steps, driven by the client


def test_the_client_drives_what_the_server_does_not(fake: FakeSupabase, open_backend: Open) -> None:
    """Two followers, one of which drives; an answer is lost on the way, and nothing is called twice blindly."""
    import_id = staged(fake)
    calls: list[str] = []

    def handoff(body: dict[str, Any]) -> tuple[int, Any]:
        calls.append("handoff")
        fake.insert(import_id, "prime:handoff:initiated", importId=import_id, handoffId="h-1")
        return 0, {}  # done, but nobody hears of it

    def analyse(body: dict[str, Any]) -> tuple[int, Any]:
        assert body["handoffId"] == "h-1"
        calls.append("analyse")
        fake.insert(import_id, "crystal:analyze:start", handoffId="h-1", importId=import_id)
        fake.insert(import_id, "crystal:analyze:complete", handoffId="h-1", advice="Save more", insights={})
        return 200, {"handoffId": "h-1", "summary": "Save more"}

    fake.functions |= {"prime-handoff": handoff, "crystal-analyze-import": analyse}
    fake.insert(import_id, "import:commit:complete", importId=import_id, committed=3)
    backend = open_backend(pipeline="client")
    from smartimport_cli.core.reducer import fold

    def watch(which: RemoteBackend) -> None:
        follow(which, import_id, lambda records: ended(fold(records)))

    second = RemoteBackend(backend._caller, backend._folder, timing=backend._timing)
    threads = [threading.Thread(target=watch, args=(one,)) for one in (backend, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert calls == ["handoff", "analyse"]
    assert backend.advice(import_id) == ("Save more", {})
    second.close()


def test_an_analysis_that_fails_is_exit_13(fake: FakeSupabase, open_backend: Open) -> None:
    import_id = staged(fake)
    fake.functions["prime-handoff"] = lambda body: (500, {"error": "no crystal today"})
    fake.insert(import_id, "import:commit:complete", importId=import_id, committed=3)
    with pytest.raises(SmartImportError) as failed:
        follow(open_backend(pipeline="client"), import_id, lambda records: False)
    assert failed.value.exit_code is ExitCode.ANALYSIS_FAILED
    assert "is committed" in failed.value.message


# Finding


def test_an_import_is_found_by_the_beginning_of_its_id(fake: FakeSupabase, backend: RemoteBackend) -> None:
    ids = [fake.new_import() for _ in range(5)]
    for import_id in ids:
        assert backend.resolve(import_id[:8]) == import_id
        assert backend.resolve(import_id[:12]) == import_id
        assert backend.resolve(import_id.upper()) == import_id
    assert backend.resolve("@latest") == ids[-1]
    for wrong in ("abc", "zzzz", "0000-0000", "f" * 40, "x'; --"):
        with pytest.raises(SmartImportError) as unknown:
            backend.resolve(wrong)
        assert unknown.value.code == "unknown-import"


def test_more_rows_than_a_backend_gives_at_once(fake: FakeSupabase, backend: RemoteBackend) -> None:
    fake.max_rows = 7
    for _ in range(30):
        fake.new_import()
    assert len(backend.imports()) == 30


def test_a_token_that_is_no_longer_taken_is_renewed_once(fake: FakeSupabase, backend: RemoteBackend) -> None:
    fake.new_import()
    fake.expire_tokens()
    assert len(backend.imports()) == 1
    assert fake.refreshes == 1


def test_busy_backends_are_asked_again(fake: FakeSupabase, backend: RemoteBackend) -> None:
    fake.new_import()
    fake.faults.busy = 3
    assert len(backend.imports()) == 1


def test_nobody_there(fake: FakeSupabase, backend: RemoteBackend, tmp_path: Path) -> None:
    fake.line.down()
    eventually(lambda: fake.line.partitions == 1)
    with pytest.raises(SmartImportError) as gone:
        backend.imports()
    assert gone.value.exit_code is ExitCode.UNREACHABLE
    assert gone.value.retryable
