"""The functions of both generations, below /.netlify/functions.

    ingest-statement        form: file, userId, choices?      -> {ok, importId, status, message, import}
    byte-ocr-parse          {importId, preview?, offset?, limit?}
                                                              -> {ok, importId, summary, preview, previewCount, smartimport?}
    commit-import           {importId, digest?}               -> {ok, committed, ...}
    prime-handoff           {importId}                        -> {handoffId, primeMessage, status}
    crystal-analyze-import  {handoffId}                       -> {handoffId, summary, ...}
    smart-import-init       {filename, mime, source, sha256?} -> {docId, importId, path, url, token}
    smart-import-finalize   {docId, expectedSize}             -> {started, queued, via}

`smartimport`, `choices`, `digest` and `sha256` are ours: a preview as our client reads it (wire.codec), how the
statement is to be read, the preview that an approval is about (409 `stale_approval` where it is another now), and
the content that is about to be sent (`isDuplicate` with the `importId` where it is there already). Ours too, for
what a client needs beyond the hosted backend:

    reject-import           {importId, reason?}               -> {ok}; 409 already_committed
    undo-import             {importId}                        -> {ok, removed}; 409 not_committed
    import-state            {importId}                        -> {ok, state}: the folded events (core.state)

The server drives the pipeline: after an upload it reads, after a commit it hands off and analyses. `prime-handoff`
and `crystal-analyze-import` answer with what has come of that, for clients that call them. `userId` in a body may
name the token's user or nobody.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from smartimport_cli.backends.local import LocalBackend
from smartimport_cli.backends.local.pipeline import choices_from_json
from smartimport_cli.backends.local.store import Clock
from smartimport_cli.backends.local.tables import Condition, Group, Order, Query
from smartimport_cli.core.errors import SmartImportError
from smartimport_cli.core.model import Choices
from smartimport_cli.core.money import plain
from smartimport_cli.core.protocols import ImportRecord, Preview
from smartimport_cli.core.reducer import fold
from smartimport_cli.core.text import clean
from smartimport_cli.server.admission import Switches, check_name, check_type, check_user
from smartimport_cli.server.answers import Callers, Refused, answer, json_body
from smartimport_cli.server.door import BodyTooLarge, BodyTooSlow
from smartimport_cli.server.faults import Faults
from smartimport_cli.server.incoming import Arrived, receive_file
from smartimport_cli.server.log import Log, without_secrets
from smartimport_cli.server.tenants import Tenant, Tenants
from smartimport_cli.server.tokens import Tokens
from smartimport_cli.server.users import PromisedUpload, Users
from smartimport_cli.wire import codec, paths

BUCKET = "imports"
WAIT_SECONDS = 25.0  # for a stage to end before an answer says that it goes on
LOOK_SECONDS = 0.03
FIRST_ROWS = 10  # that a preview shows where nobody asks for more
MAX_ROWS = 10_000  # of a preview in one answer; `offset` asks for those behind them
MAX_LISTED = 1000  # ids of transactions in an answer


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a function: who asks, on whose data."""

    request: Request
    user_id: str
    tenant: Tenant

    async def body(self) -> dict[str, Any]:
        """The JSON body, which does not name another user. Raises Refused."""
        body = await json_body(self.request)
        check_user(body.get("userId"), self.user_id)
        return body

    async def find(self, import_id: str) -> ImportRecord:
        """The user's import with this id. Raises Refused (404)."""
        try:
            return await self.tenant.work(lambda backend: backend.get(import_id))
        except SmartImportError as error:
            if error.code == "unknown-import":
                raise Refused(404, "no_import_found", "There is no such import.") from None
            raise


Function = Callable[[Call], Awaitable[Response]]


class Functions:
    """The functions, each behind the same checks."""

    def __init__(
        self,
        tenants: Tenants,
        users: Users,
        tokens: Tokens,
        callers: Callers,
        switches: Switches,
        clock: Clock,
        log: Log,
        faults: Faults,
    ) -> None:
        self._tenants = tenants
        self._users = users
        self._tokens = tokens
        self._callers = callers
        self._switches = switches
        self._clock = clock
        self._log = log
        self._faults = faults

    def routes(self) -> list[Route]:
        on = self._switches
        table: list[tuple[str, Function, bool]] = [
            (paths.INGEST, self._ingest, on.imports),
            (paths.PARSE, self._parse, on.reading),
            (paths.COMMIT, self._commit, on.imports),
            (paths.HANDOFF, self._hand_off, True),
            (paths.ANALYZE, self._analyse, True),
            (paths.INIT, self._init, on.imports),
            (paths.FINALIZE, self._finalize, on.imports),
            (paths.REJECT, self._reject, on.imports),
            (paths.UNDO, self._undo, on.imports),
            ("import-state", self._state, True),
        ]
        every = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]  # to answer 405 in our own words
        return [
            Route(paths.function(name), self._checked(name, call, on.enabled and enabled), methods=every)
            for name, call, enabled in table
        ]

    def _checked(self, name: str, call: Function, enabled: bool) -> Callable[[Request], Awaitable[Response]]:
        async def checked(request: Request) -> Response:
            request_id = uuid4().hex[:12]
            begun = asyncio.get_running_loop().time()
            user_id = ""
            try:
                if request.method != "POST":
                    raise Refused(405, "method_not_allowed", "Use POST.", headers={"Allow": "POST, OPTIONS"})
                if not enabled:
                    raise Refused(403, "feature_disabled", "This is switched off on this server.")
                user_id = self._callers.user_id(request)
                check_user(request.headers.get("x-user-id"), user_id)
                response = await call(Call(request, user_id, await self._tenants.of(user_id)))
            except Refused as refused:
                body = {"ok": False, "error": refused.code, "message": refused.message, **refused.more}
                response = answer(body, refused.status, refused.headers)
            except SmartImportError as error:
                self._log.error(name, user=user_id, request=request_id, error=error)
                status = 503 if error.retryable else 500
                body = {"ok": False, "error": error.code, "message": without_secrets(error.message)}
                response = answer(body, status, {"Retry-After": "2"} if status == 503 else {})
            except (BodyTooLarge, BodyTooSlow, ClientDisconnect):
                raise  # the connection's trouble, not the function's
            except Exception as error:
                self._log.error(name, user=user_id, request=request_id, error=error)
                response = answer({"error": "internal_error", "requestId": request_id}, 500)
            self._log.info(
                f"function.{name}", user=user_id, request=request_id, status=response.status_code,
                ms=round((asyncio.get_running_loop().time() - begun) * 1000, 1),
            )  # fmt: skip
            return response

        return checked

    # -- statements in

    async def _ingest(self, call: Call) -> Response:
        await self._within_quota(call)

        async def accept(arrived: Arrived) -> None:
            check_user(arrived.fields.get("userId"), call.user_id)
            if not arrived.file_name and not arrived.size:
                raise Refused(400, "missing_file", "The form holds no file.")
            check_name(arrived.file_name)
            check_type(arrived.file_name, arrived.content_type)
            if not arrived.size:
                raise Refused(400, "empty_file", f"{clean(arrived.file_name)} is empty.")

        if not call.request.headers.get("content-type", "").startswith("multipart/form-data"):
            raise Refused(
                415, "unsupported_media_type", "Send a form (multipart/form-data) with file and userId."
            )
        arrived = await receive_file(
            call.request, call.tenant.originals, limit=self._switches.max_file, file_fields=("file",),
            accept=accept,
        )  # fmt: skip
        if arrived.original is None:
            raise Refused(400, "missing_file", "The form holds no file.")
        original, name = arrived.original, clean(arrived.file_name)
        choices = _choices(arrived.fields.get("choices"))
        uploaded = await call.tenant.work(
            lambda backend: backend.take_in(original, name, arrived.size, choices)
        )
        await self._start(call.tenant)
        record = await call.find(uploaded.import_id)
        return answer({
            "ok": True, "importId": uploaded.import_id, "status": "pending", "existing": uploaded.existing,
            "message": "It was there already." if uploaded.existing else "Statement received; reading it.",
            "import": {"id": uploaded.import_id, "status": _hosted(record), "fileType": record.file_type},
        })  # fmt: skip

    async def _init(self, call: Call) -> Response:
        await self._within_quota(call)
        body = await call.body()
        name = _required(body, "filename")
        check_name(name)
        check_type(name, str(body.get("mime") or ""))
        doc_id, import_id = str(uuid4()), str(uuid4())
        if (content := body.get("sha256")) is not None:
            existing = await self._existing(call, str(content))
            if existing is not None:
                return answer({
                    "docId": doc_id, "importId": existing, "isDuplicate": True,
                    "message": "This statement is there already.",
                })  # fmt: skip
        path = f"{call.user_id}/{doc_id}/{clean(name)}"
        promised = PromisedUpload(
            doc_id, call.user_id, import_id, f"{BUCKET}/{path}", clean(name), self._tokens.now()
        )
        await asyncio.to_thread(self._users.promise, promised)
        token = self._tokens.upload(promised.path, call.user_id)
        base = f"{call.request.url.scheme}://{call.request.headers['host']}"
        return answer({
            "docId": doc_id, "importId": import_id, "path": path,
            "url": f"{base}{paths.stored(BUCKET, path)}?token={token}", "token": token,
        })  # fmt: skip

    async def _existing(self, call: Call, content: str) -> str | None:
        """The import that this content (sha256) became, where that one still stands."""
        if not re.fullmatch(r"[0-9a-f]{64}", content):
            raise Refused(400, "invalid_sha256", "sha256 is 64 hex digits.")
        page = await call.tenant.read(
            Query(
                "imports",
                (("id", "id"),),
                Group("and", (Condition("file_url", "eq", content), Condition("status", "neq", "failed"))),
                (Order("created_at", descending=True),),
                1,
            )
        )
        return json.loads(page.rows[0])["id"] if page.rows else None

    async def _finalize(self, call: Call) -> Response:
        body = await call.body()
        doc_id = _uuid(body, "docId")
        promised = await asyncio.to_thread(lambda: self._users.upload(id=doc_id))
        if promised is None or promised.user_id != call.user_id:
            raise Refused(404, "no_document_found", "There is no such document.")
        if promised.original is None:
            return answer({"pending": True, "status": "PENDING_UPLOAD"})
        expected = body.get("expectedSize")
        if expected is not None and expected != promised.size:
            return answer({
                "rejected": True,
                "reasons": [f"The file has {promised.size} bytes; {clean(str(expected))[:20]} were expected."],
            })  # fmt: skip
        original, size = promised.original, promised.size or 0
        choices = _choices(body.get("choices"))
        await call.tenant.work(
            lambda backend: backend.take_in(
                original, promised.file_name, size, choices, import_id=promised.import_id
            )
        )
        await self._start(call.tenant)
        return answer({"started": True, "queued": True, "via": "serve", "importId": promised.import_id})

    async def _within_quota(self, call: Call) -> None:
        hour_ago = self._clock() - timedelta(hours=1)
        recent = Group("and", (Condition("created_at", "gt", hour_ago.isoformat()),))
        page = await call.tenant.read(Query("imports", (("id", "id"),), recent))
        promised = await asyncio.to_thread(
            self._users.promised_since, call.user_id, int(hour_ago.timestamp())
        )
        if len(promised | {json.loads(row)["id"] for row in page.rows}) >= self._switches.imports_an_hour:
            raise Refused(
                429, "rate_limit_exceeded",
                f"At most {self._switches.imports_an_hour} imports an hour are taken.", headers={"Retry-After": "60"},
            )  # fmt: skip

    async def _start(self, tenant: Tenant) -> None:
        """Drive on what there is to do; problems are told by the one who looks after it (Tenants.drive)."""
        await self._faults.before_stage()
        await tenant.work(lambda backend: backend.drive())

    # -- preview and decision

    async def _parse(self, call: Call) -> Response:
        body = await call.body()
        import_id = _uuid(body, "importId")
        record = await self._until(call, import_id, lambda record: record.status != "pending")
        if record.status == "pending":
            return answer({"ok": True, "importId": import_id, "status": "pending", "rowsParsed": 0}, 202)
        if record.status in ("failed", "rejected"):
            raise Refused(422, "parse_failed", without_secrets(record.error or "The statement was not read."))
        offset, limit = _count(body.get("offset"), 0), min(_count(body.get("limit"), MAX_ROWS), MAX_ROWS)
        if not body.get("preview"):
            limit = min(limit, FIRST_ROWS)
        shown = await self._previewed(call, import_id, offset, limit)
        rows = [
            {
                "posted_at": row.posted_date.isoformat(), "merchant": row.merchant, "category": row.category,
                "category_confidence": 1.0 if row.category else None, "amount": float(plain(row.amount)),
            }
            for row, *_ in (shown.rows if "limit" in body else shown.rows[:FIRST_ROWS])
        ]  # fmt: skip
        ours = {"smartimport": codec.preview_to_json(shown)} if body.get("preview") else {}
        return answer({
            "ok": True, "importId": import_id, "summary": {"totalTransactions": shown.rows_total},
            "rowsParsed": shown.rows_total, "preview": rows, "previewCount": len(rows), **ours,
        })  # fmt: skip

    async def _previewed(self, call: Call, import_id: str, offset: int, limit: int) -> Preview:
        try:
            return await call.tenant.work(
                lambda backend: backend.preview(import_id, offset=offset, limit=limit)
            )
        except SmartImportError as error:
            raise Refused(404, "no_staged_transactions", error.message) from None

    async def _commit(self, call: Call) -> Response:
        body = await call.body()
        import_id = _uuid(body, "importId")
        digest = body.get("digest")
        record = await call.find(import_id)
        if record.status == "committed":
            raise Refused(
                409,
                "already_committed",
                "This import is committed already.",
                committed=record.committed_count,
            )
        if record.status == "pending":
            raise Refused(400, "import_not_ready", "The statement has not been read yet.")
        if record.status != "parsed":
            raise Refused(
                404, "no_staged_transactions", f"The import was {record.status}; nothing is staged."
            )
        await self._faults.before_stage()

        def decide(backend: LocalBackend) -> None:
            backend.commit(
                import_id, digest if isinstance(digest, str) else backend.preview(import_id).digest
            )

        try:
            await call.tenant.work(decide)
        except SmartImportError as error:
            raise _decision_refused(error) from None
        record = await self._until(call, import_id, lambda record: record.status != "parsed")
        if record.status != "committed":
            if await self._awaits_approval(call, import_id):
                raise Refused(409, "stale_approval", "The preview has changed since it was approved.")
            return answer({"ok": True, "committed": 0, "status": "committing", "message": "It goes on."}, 202)
        committed = record.committed_count or 0
        ids = await call.tenant.read(
            Query(
                "transactions",
                (("id", "id"),),
                Group("and", (Condition("import_id", "eq", import_id),)),
                limit=MAX_LISTED,
            )
        )
        return answer({
            "ok": True, "success": True, "committed": committed, "insertedCount": committed,
            "documentId": import_id, "transactions": [json.loads(row) for row in ids.rows],
            "message": f"Committed {committed} transaction{'' if committed == 1 else 's'}.",
        })  # fmt: skip

    async def _awaits_approval(self, call: Call, import_id: str) -> bool:
        state = await call.tenant.work(lambda backend: fold(backend.events(import_id)))
        return state.awaiting_approval

    async def _reject(self, call: Call) -> Response:
        body = await call.body()
        import_id = _uuid(body, "importId")
        reason = clean(str(body.get("reason") or ""))[:200]
        await call.find(import_id)
        try:
            await call.tenant.work(lambda backend: backend.reject(import_id, reason))
        except SmartImportError as error:
            raise _decision_refused(error) from None
        return answer({"ok": True})

    async def _undo(self, call: Call) -> Response:
        body = await call.body()
        import_id = _uuid(body, "importId")
        await call.find(import_id)
        try:
            removed = await call.tenant.work(lambda backend: backend.undo(import_id))
        except SmartImportError as error:
            raise _decision_refused(error) from None
        return answer({"ok": True, "removed": removed})

    # -- handoff and analysis

    async def _hand_off(self, call: Call) -> Response:
        body = await call.body()
        import_id = _uuid(body, "importId")
        record = await call.find(import_id)
        if record.status != "committed":
            raise Refused(400, "not_committed", "Only a committed import is handed off.")

        async def handoff() -> dict[str, Any] | None:
            return await self._newest(call, "handoffs", Condition("import_id", "eq", import_id))

        found = await self._waited(handoff)
        if found is None:
            raise Refused(503, "handoff_pending", "The handoff goes on.", headers={"Retry-After": "2"})
        messages = await call.tenant.work(lambda backend: fold(backend.events(import_id)).messages)
        return answer({
            "handoffId": found["id"], "primeMessage": messages[-1] if messages else "",
            "status": "ready_for_crystal",
        })  # fmt: skip

    async def _analyse(self, call: Call) -> Response:
        body = await call.body()
        handoff_id = _uuid(body, "handoffId")
        handoff = await self._newest(call, "handoffs", Condition("id", "eq", handoff_id))
        if handoff is None:
            raise Refused(404, "no_handoff_found", "There is no such handoff.")
        if handoff["status"] == "failed":
            await call.tenant.work(lambda backend: backend.analyse(handoff["import_id"]))

        async def advice() -> dict[str, Any] | None:
            return await self._newest(call, "advice_messages", Condition("handoff_id", "eq", handoff_id))

        found = await self._waited(advice)
        if found is None:
            raise Refused(503, "analysis_pending", "The analysis goes on.", headers={"Retry-After": "2"})
        insights = found["insights_json"]
        first: dict[str, Any] = (
            next(iter(insights.get("currencies", [])), {}) if isinstance(insights, dict) else {}
        )
        return answer({
            "handoffId": handoff_id, "summary": found["content"], "budgetImpact": first.get("net"),
            "forecastDelta": first.get("change"),
            "topCategories": [one.get("category") for one in first.get("categories", [])],
            "insights": insights,
        })  # fmt: skip

    async def _state(self, call: Call) -> Response:
        body = await call.body()
        import_id = _uuid(body, "importId")
        await call.find(import_id)
        state = await call.tenant.work(lambda backend: fold(backend.events(import_id)))
        return answer({"ok": True, "state": state.to_json()})

    # -- waiting

    async def _until(self, call: Call, import_id: str, done: Callable[[ImportRecord], bool]) -> ImportRecord:
        """The import once `done`, or as it is after WAIT_SECONDS, or awaiting approval anew."""
        record = await call.find(import_id)
        end = asyncio.get_running_loop().time() + WAIT_SECONDS
        rounds = 0
        while not done(record) and asyncio.get_running_loop().time() < end:
            await asyncio.sleep(LOOK_SECONDS)
            record = await call.find(import_id)
            rounds += 1
            if (
                record.status == "parsed"
                and rounds % 10 == 0
                and await self._awaits_approval(call, import_id)
            ):
                break
        return record

    async def _waited(self, find: Callable[[], Awaitable[dict[str, Any] | None]]) -> dict[str, Any] | None:
        end = asyncio.get_running_loop().time() + WAIT_SECONDS
        while (found := await find()) is None and asyncio.get_running_loop().time() < end:
            await asyncio.sleep(LOOK_SECONDS)
        return found

    async def _newest(self, call: Call, table: str, condition: Condition) -> dict[str, Any] | None:
        page = await call.tenant.read(
            Query(table, (), Group("and", (condition,)), (Order("created_at", descending=True),), 1)
        )
        return json.loads(page.rows[0]) if page.rows else None


def _choices(text: object) -> Choices:
    """How our client wants the statement read: the JSON of Choices. Raises Refused (400)."""
    if text in (None, ""):
        return Choices()
    try:
        return choices_from_json(text if isinstance(text, str) else json.dumps(text))
    except (ValueError, TypeError):
        raise Refused(400, "invalid_choices", "choices cannot be read.") from None


def _decision_refused(error: SmartImportError) -> Refused:
    status, code = {
        "stale-approval": (409, "stale_approval"),
        "rejected": (409, "rejected"),
        "already-approved": (409, "already_committed"),
        "not-committed": (409, "not_committed"),
        "not-read-yet": (400, "import_not_ready"),
    }.get(error.code, (404, "no_staged_transactions"))
    if error.code in ("busy", "disk-full", "database", "damaged-database", "read-only-data"):
        raise error
    return Refused(status, code, error.message)


def _hosted(record: ImportRecord) -> str:
    return "failed" if record.status in ("rejected", "undone") else record.status


def _required(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value.strip():
        raise Refused(400, "missing_fields", f"{name} is missing.")
    return value.strip()


def _uuid(body: Mapping[str, Any], name: str) -> str:
    try:
        return str(UUID(_required(body, name)))
    except ValueError:
        raise Refused(400, "invalid_id", f"{name} is no id.") from None


def _count(value: object, default: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else default
