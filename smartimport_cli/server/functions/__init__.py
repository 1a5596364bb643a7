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

What our client can do beyond that lies at /smartimport/v1 (`extensions`; wire.paths says what each one takes).

The server drives the pipeline: after an upload it reads, after a commit it hands off and analyses. `prime-handoff`
and `crystal-analyze-import` answer with what has come of that, for clients that call them. `userId` in a body may
name the token's user or nobody.
"""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import uuid4

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from smartimport_cli.core.errors import SmartImportError
from smartimport_cli.server.admission import Switches, check_user
from smartimport_cli.server.answers import Callers, Refused, answer
from smartimport_cli.server.door import BodyTooLarge, BodyTooSlow
from smartimport_cli.server.faults import Faults
from smartimport_cli.server.functions import extensions
from smartimport_cli.server.functions.analysis import analyse, hand_off
from smartimport_cli.server.functions.call import Call, Function
from smartimport_cli.server.functions.decisions import Decisions
from smartimport_cli.server.functions.uploads import Uploads
from smartimport_cli.server.log import Log, without_secrets
from smartimport_cli.server.quota import Quota
from smartimport_cli.server.tenants import Tenants
from smartimport_cli.server.tokens import Tokens
from smartimport_cli.server.users import Users
from smartimport_cli.wire import paths


class Functions:
    """The functions, each behind the same checks."""

    def __init__(
        self,
        tenants: Tenants,
        users: Users,
        tokens: Tokens,
        callers: Callers,
        quota: Quota,
        switches: Switches,
        log: Log,
        faults: Faults,
    ) -> None:
        self._tenants = tenants
        self._callers = callers
        self._switches = switches
        self._log = log
        self._uploads = Uploads(users, tokens, quota, switches, faults)
        self._decisions = Decisions(faults)

    def routes(self) -> list[Route]:
        """What is answered below /.netlify/functions, and below our own place."""
        on, uploads, decisions = self._switches, self._uploads, self._decisions
        table: list[tuple[str, Function, bool]] = [
            (paths.INGEST, uploads.ingest, on.imports),
            (paths.PARSE, decisions.parse, on.reading),
            (paths.COMMIT, decisions.commit, on.imports),
            (paths.HANDOFF, hand_off, True),
            (paths.ANALYZE, analyse, True),
            (paths.INIT, uploads.init, on.imports),
            (paths.FINALIZE, uploads.finalize, on.imports),
            (paths.REJECT, decisions.reject, on.imports),
            (paths.UNDO, decisions.undo, on.imports),
            ("import-state", decisions.state, True),
        ]
        ours: list[tuple[str, Function, bool]] = [
            (paths.OFFERED, extensions.offered, True),
            (paths.EDIT, extensions.edit, on.imports),
            (paths.CATEGORIZE, extensions.categorize, True),
            (paths.BUDGETS, extensions.budgets, True),
            (paths.SUMMARY, extensions.summary, True),
            (paths.ANALYSE, extensions.analyse, True),
            (paths.LABELS, extensions.labels, True),
        ]
        every = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]  # to answer 405 in our own words
        return [
            Route(path, self._checked(name, call, on.enabled and enabled), methods=every)
            for place, calls in ((paths.function, table), (paths.extension, ours))
            for name, call, enabled in calls
            for path in (place(name),)
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
