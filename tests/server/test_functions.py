"""The functions of both generations, over HTTP, as a client of the hosted backend calls them."""

import hashlib
from uuid import uuid4

import httpx
import pytest

from tests.backends.statement_files import days, ofx
from tests.server.conftest import FUNCTIONS, Person, Starter, until


def test_a_statement_comes_in_is_shown_committed_once_and_analysed(ann: Person) -> None:
    content = ofx(days(6, first="2026-01-05"))
    first = ann.ingest(content)
    assert first.status_code == 200
    import_id = first.json()["importId"]
    assert first.json() | {"message": ""} == {
        "ok": True, "importId": import_id, "status": "pending", "message": "", "existing": False,
        "import": {"id": import_id, "status": first.json()["import"]["status"], "fileType": first.json()["import"]["fileType"]},
    }  # fmt: skip

    shown = ann.call("byte-ocr-parse", importId=import_id, preview=True).json()
    assert shown["summary"] == {"totalTransactions": 6}
    assert shown["preview"][0] == {
        "posted_at": "2026-01-05", "merchant": "Shop 0", "category": None, "category_confidence": None,
        "amount": -1.0,
    }  # fmt: skip
    assert shown["smartimport"]["new"] == 6
    page = ann.call("byte-ocr-parse", importId=import_id, preview=True, offset=4, limit=10).json()
    assert [row["memo"] for row in page["smartimport"]["rows"]] == ["Shop 4", "Shop 5"]

    done = ann.call("commit-import", importId=import_id)
    assert done.status_code == 200
    assert (done.json()["committed"], done.json()["insertedCount"], len(done.json()["transactions"])) == (
        6,
        6,
        6,
    )
    again = ann.call("commit-import", importId=import_id)
    assert (again.status_code, again.json()["error"], again.json()["committed"]) == (
        409,
        "already_committed",
        6,
    )

    handoff = ann.call("prime-handoff", importId=import_id).json()
    assert handoff["status"] == "ready_for_crystal"
    advice = ann.call("crystal-analyze-import", handoffId=handoff["handoffId"])
    assert advice.status_code == 200
    assert advice.json()["summary"]
    assert advice.json()["budgetImpact"] == "-21.15"

    same = ann.ingest(content)
    assert (same.json()["importId"], same.json()["existing"]) == (import_id, True)
    assert len(ann.read("transactions", import_id=f"eq.{import_id}")) == 6


def test_an_upload_signed_by_the_storage_becomes_an_import(ann: Person, ben: Person) -> None:
    content, doc = ofx(days(4, first="2026-06-02")), str(uuid4())
    place = f"/storage/v1/object/upload/sign/imports/{ann.id}/{doc}/june.ofx"
    signed = ann.http.post(place)
    assert signed.status_code == 200, signed.text
    url = f"/storage/v1{signed.json()['url']}"
    assert ann.http.post(place).status_code == 200  # another token for the same promise
    assert ann.call("smart-import-finalize", docId=doc).json() == {"pending": True, "status": "PENDING_UPLOAD"}
    assert ann.http.put(url, content=content).status_code == 200
    done = ann.call("smart-import-finalize", docId=doc, expectedSize=len(content)).json()
    assert done["started"]
    assert ann.call("byte-ocr-parse", importId=done["importId"]).json()["rowsParsed"] == 4
    for person, path, status in (
        (ann, f"imports/{ann.id}/{doc}/june.ofx", "409"),  # it has come
        (ben, f"imports/{ann.id}/{doc}/june.ofx", "403"),
        (ben, f"imports/{ann.id}/{uuid4()}/june.ofx", "403"),
        (ben, f"imports/{ben.id}/{doc}/june.ofx", "403"),  # the id is another's
        (ben, f"imports/{ben.id}/june.ofx", "403"),
        (ben, f"elsewhere/{ben.id}/{uuid4()}/june.ofx", "404"),
        (ben, f"imports/{ben.id}/{uuid4()}/june.exe", "400"),
        (ben, f"imports/{ben.id}/{uuid4()}/a/june.ofx", "400"),
    ):
        refused = person.http.post(f"/storage/v1/object/upload/sign/{path}")
        assert (refused.status_code, refused.json()["statusCode"]) == (400, status), path
    assert ann.http.post(place, headers={"Authorization": ""}).json()["statusCode"] == "401"


def test_documents_are_promised_put_and_finalized(ann: Person) -> None:
    content = ofx(days(4, first="2026-02-02"))
    promised = ann.call(
        "smart-import-init", filename="feb.ofx", mime="application/x-ofx", source="upload"
    ).json()
    assert ann.call("smart-import-finalize", docId=promised["docId"]).json() == {
        "pending": True, "status": "PENDING_UPLOAD",
    }  # fmt: skip
    put = httpx.put(promised["url"], content=content, headers={"Content-Type": "text/csv"}, trust_env=False)
    assert (put.status_code, put.json()) == (200, {"Key": f"imports/{promised['path']}"})
    twice = httpx.put(promised["url"], content=content, trust_env=False)
    assert (twice.status_code, twice.json()["statusCode"], twice.json()["code"]) == (
        400,
        "409",
        "KeyAlreadyExists",
    )

    wrong = ann.call("smart-import-finalize", docId=promised["docId"], expectedSize=3)
    assert wrong.json()["rejected"] is True
    right = ann.call("smart-import-finalize", docId=promised["docId"], expectedSize=len(content))
    assert right.json()["started"] is True
    assert ann.call("smart-import-finalize", docId=promised["docId"]).json()["started"] is True
    shown = ann.call("byte-ocr-parse", importId=promised["importId"]).json()
    assert shown["summary"]["totalTransactions"] == 4

    known = ann.call(
        "smart-import-init", filename="feb.ofx", mime="text/csv", sha256=hashlib.sha256(content).hexdigest()
    )
    assert known.json()["isDuplicate"] is True
    assert known.json()["importId"] == promised["importId"]


def test_a_signed_url_is_for_its_path_only(ann: Person) -> None:
    one = ann.call("smart-import-init", filename="one.csv", mime="text/csv").json()
    two = ann.call("smart-import-init", filename="two.csv", mime="text/csv").json()
    swapped = one["url"].partition("?")[0] + "?token=" + two["token"]
    done = httpx.put(swapped, content=b"a,b\n", trust_env=False)
    assert (done.status_code, done.json()["code"]) == (400, "InvalidSignature")
    form = httpx.put(two["url"], files={"": ("blob", b"a,b\n1,2\n", "text/csv")}, trust_env=False)
    assert form.status_code == 200


def test_an_upload_is_resumed_where_it_broke_off(ann: Person) -> None:
    import base64

    content = ofx(days(60, first="2025-06-02"))
    promised = ann.call("smart-import-init", filename="june.ofx", mime="application/x-ofx").json()
    named = {"bucketName": "imports", "objectName": promised["path"], "contentType": "text/csv"}
    tus = {"Tus-Resumable": "1.0.0", "x-signature": promised["token"]}
    made = ann.http.post(
        "/storage/v1/upload/resumable/sign",
        headers={
            **tus, "Upload-Length": str(len(content)),
            "Upload-Metadata": ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in named.items()),
        },
    )  # fmt: skip
    assert made.status_code == 201
    place = made.headers["location"]
    piece = {**tus, "Content-Type": "application/offset+octet-stream"}
    first = ann.http.patch(place, content=content[:1000], headers={**piece, "Upload-Offset": "0"})
    assert (first.status_code, first.headers["upload-offset"]) == (204, "1000")
    stale = ann.http.patch(place, content=content[:10], headers={**piece, "Upload-Offset": "0"})
    assert stale.status_code == 409
    assert ann.http.head(place, headers=tus).headers["upload-offset"] == "1000"
    last = ann.http.patch(place, content=content[1000:], headers={**piece, "Upload-Offset": "1000"})
    assert last.status_code == 204
    assert ann.call("smart-import-finalize", docId=promised["docId"], expectedSize=len(content)).json()[
        "started"
    ]
    shown = ann.call("byte-ocr-parse", importId=promised["importId"]).json()
    assert shown["summary"]["totalTransactions"] == 60


def test_no_is_no_and_undo_takes_back(ann: Person) -> None:
    rejected = ann.staged(3, first="2024-05-06")
    assert ann.call("reject-import", importId=rejected, reason="wrong account").json() == {"ok": True}
    assert ann.call("commit-import", importId=rejected).json()["error"] == "no_staged_transactions"
    assert ann.read("transactions_staging", import_id=f"eq.{rejected}") == []
    (row,) = ann.read("imports", id=f"eq.{rejected}")
    assert (row["status"], row["error"]) == ("failed", "Rejected: wrong account")

    committed = ann.committed(3, first="2024-07-01")
    assert ann.call("reject-import", importId=committed).json()["error"] == "already_committed"
    assert ann.call("undo-import", importId=committed).json() == {"ok": True, "removed": 3}
    assert ann.call("undo-import", importId=committed).json() == {"ok": True, "removed": 0}
    staged = ann.staged(3, first="2024-07-08")
    assert ann.call("undo-import", importId=staged).json()["error"] == "not_committed"


def test_an_approval_is_bound_to_its_preview(ann: Person) -> None:
    import_id = ann.staged(4, first="2023-03-06")
    done = ann.call("commit-import", importId=import_id, digest="0" * 32)
    assert (done.status_code, done.json()["error"]) == (409, "stale_approval")
    digest = ann.call("byte-ocr-parse", importId=import_id, preview=True).json()["smartimport"]["digest"]
    assert ann.call("commit-import", importId=import_id, digest=digest).json()["committed"] == 4


@pytest.mark.parametrize(
    ("function", "body", "status", "error"),
    [
        ("commit-import", {}, 400, "missing_fields"),
        ("commit-import", {"importId": "7"}, 400, "invalid_id"),
        ("commit-import", {"importId": "11111111-1111-4111-8111-111111111111"}, 404, "no_import_found"),
        ("crystal-analyze-import", {"handoffId": "11111111-1111-4111-8111-111111111111"}, 404, "no_handoff_found"),
        ("smart-import-finalize", {"docId": "11111111-1111-4111-8111-111111111111"}, 404, "no_document_found"),
        ("smart-import-init", {"filename": "../x.csv"}, 400, "invalid_file_name"),
        ("smart-import-init", {"filename": "x" * 252 + ".csv"}, 400, "invalid_file_name"),
        ("smart-import-init", {"filename": "x.exe", "mime": "application/x-msdownload"}, 400, "unsupported_type"),
        ("byte-ocr-parse", {"importId": "x", "userId": "99999999-9999-4999-8999-999999999999"}, 403, "user_mismatch"),
    ],
)  # fmt: skip
def test_refusals_have_a_code_and_a_sentence(
    ann: Person, function: str, body: dict[str, str], status: int, error: str
) -> None:
    done = ann.call(function, **body)
    assert (done.status_code, done.json()["ok"], done.json()["error"]) == (status, False, error)
    assert done.json()["message"].endswith(".")


@pytest.mark.parametrize("suffix", [".xls", ".ods", ".tiff", ".942", ".bai2"])
def test_whatever_a_reader_takes_is_let_in_by_its_name(ann: Person, suffix: str) -> None:
    begun = ann.call("smart-import-init", filename=f"a{suffix}", mime="application/octet-stream")
    assert begun.status_code == 200, begun.text


def test_bad_uploads_are_refused_and_leave_nothing(ann: Person) -> None:
    before = ann.read("imports", select="id")
    assert ann.ingest(b"", "empty.csv").json()["error"] == "empty_file"
    assert ann.ingest(b"MZ", "a.exe", "application/x-msdownload").json()["error"] == "unsupported_type"
    assert ann.ingest(b"a", "..\\a.csv", "text/csv").json()["error"] == "invalid_file_name"
    large = ann.ingest(b"x" * 26_214_401, "large.csv", "text/csv")
    assert (large.status_code, large.json()["error"]) == (413, "file_too_large")
    form = f"{FUNCTIONS}/ingest-statement"
    assert ann.http.post(form, json={"file": "x"}).status_code == 415
    assert ann.http.post(form, files={"other": b"x"}).json()["error"] == "missing_file"
    stranger = ann.http.post(form, data={"userId": "someone"}, files={"file": ("a.csv", b"a,b\n")})
    assert stranger.json()["error"] == "user_mismatch"
    cut = ann.http.post(
        form, content=b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nDate,Amou',
        headers={"Content-Type": "multipart/form-data; boundary=b"},
    )  # fmt: skip
    assert (cut.status_code, cut.json()["error"]) == (400, "invalid_form")
    assert ann.read("imports", select="id") == before


def test_chunked_bodies_do_not_slip_past_the_limit(ann: Person) -> None:
    def pieces() -> "object":
        for _ in range(30):
            yield b"x" * (1 << 20)

    promised = ann.call("smart-import-init", filename="large.csv", mime="text/csv").json()
    try:
        done = httpx.put(promised["url"], content=pieces(), timeout=30, trust_env=False)  # type: ignore[arg-type]
    except httpx.TransportError:
        pass  # cut off in the middle: as good
    else:
        assert "413" in (str(done.status_code), done.json().get("statusCode"))
    assert ann.call("smart-import-finalize", docId=promised["docId"]).json()["pending"] is True


def test_methods(ann: Person) -> None:
    wrong = ann.http.get(f"{FUNCTIONS}/commit-import")
    assert (wrong.status_code, wrong.json()["error"]) == (405, "method_not_allowed")
    assert ann.http.options(f"{FUNCTIONS}/commit-import").status_code == 204
    assert ann.http.post(f"{FUNCTIONS}/nothing", json={}).status_code == 404
    commit = f"{FUNCTIONS}/commit-import"
    junk = ann.http.post(commit, content=b"{", headers={"Content-Type": "application/json"})
    assert junk.json()["error"] == "invalid_json"
    assert ann.http.post(f"{FUNCTIONS}/commit-import", data={"a": "b"}).status_code == 415


def test_nobody_comes_in_without_a_token(ann: Person) -> None:
    for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": f"Bearer {ann.key}"}):
        done = httpx.post(f"{ann.url}{FUNCTIONS}/commit-import", json={}, headers=headers, trust_env=False)
        assert (done.status_code, done.json()["ok"]) == (401, False)


def test_the_state_that_the_page_shows_is_the_folded_one(ann: Person) -> None:
    import_id = ann.finished(3, first="2022-02-07")
    state = ann.call("import-state", importId=import_id).json()["state"]
    assert (state["status"], state["progress"], state["committed"]) == ("complete", 100, 3)


def test_switches_and_quota(start: Starter) -> None:
    start.add_user("ann@example.org")
    served = start(
        SMART_IMPORT_MAX_FILES_PER_HOUR="2", BYTE_OCR_ENABLED="false", SMART_IMPORT_MAX_FILE_SIZE="2000"
    )
    ann = served.sign_in("ann@example.org")
    assert ann.call("byte-ocr-parse", importId="x").json()["error"] == "feature_disabled"
    assert ann.ingest(b"x" * 2001, "a.csv").status_code == 413
    ann.uploaded(2)
    assert ann.call("smart-import-init", filename="a.csv", mime="text/csv").status_code == 200
    refused = ann.ingest(ofx(days(3)))
    assert (refused.status_code, refused.json()["error"]) == (429, "rate_limit_exceeded")
    assert int(refused.headers["retry-after"]) > 0
    assert served.stop() == 143
    closed = start(SMART_IMPORT_ENABLED="0")
    again = closed.sign_in("ann@example.org")
    assert again.call("commit-import", importId="x").status_code == 403
    ann.http.close(), again.http.close()


def test_the_log_is_json_and_tells_no_secrets(start: Starter) -> None:
    start.add_user("ann@example.org")
    served = start()
    ann = served.sign_in("ann@example.org")
    ann.finished(3)
    ann.http.close()
    lines = until(lambda: [line for line in served.log() if line["event"] == "function.commit-import"])
    assert lines[0]["level"] == "info"
    assert lines[0]["context"]["user"] == ann.id[:8]
    whole = served.errors.read_text()
    assert ann.token not in whole
    assert ann.session["refresh_token"] not in whole
    assert ann.id not in whole
    assert "Shop 1" not in whole
