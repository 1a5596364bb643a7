"""Statements in: by a form, or by a promise, a signed upload and its completion."""

import asyncio
import json
import re
from uuid import uuid4

from starlette.responses import Response

from smartimport_cli.backends.local.pipeline import choices_from_json
from smartimport_cli.backends.local.tables import Condition, Group, Order, Query
from smartimport_cli.core.model import Choices
from smartimport_cli.core.protocols import ImportRecord
from smartimport_cli.core.text import clean
from smartimport_cli.server.admission import Switches, check_name, check_type, check_user
from smartimport_cli.server.answers import Refused, answer
from smartimport_cli.server.faults import Faults
from smartimport_cli.server.functions.call import Call, text_of, uuid_of
from smartimport_cli.server.incoming import Arrived, receive_file
from smartimport_cli.server.quota import Quota
from smartimport_cli.server.tenants import Tenant
from smartimport_cli.server.tokens import Tokens
from smartimport_cli.server.users import PromisedUpload, Users
from smartimport_cli.wire import paths


class Uploads:
    """`ingest-statement`, and `smart-import-init` with `smart-import-finalize`."""

    def __init__(
        self, users: Users, tokens: Tokens, quota: Quota, switches: Switches, faults: Faults
    ) -> None:
        self._users = users
        self._tokens = tokens
        self._quota = quota
        self._switches = switches
        self._faults = faults

    async def ingest(self, call: Call) -> Response:
        """Take a statement from a form, and begin to read it. Raises Refused."""
        await self._quota.check(call.tenant, call.user_id)

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

    async def init(self, call: Call) -> Response:
        """Promise an import, and where to put its statement. Raises Refused."""
        await self._quota.check(call.tenant, call.user_id)
        body = await call.body()
        name = text_of(body, "filename")
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
            doc_id, call.user_id, import_id, f"{paths.BUCKET}/{path}", clean(name), self._tokens.now()
        )
        await asyncio.to_thread(self._users.promise, promised)
        token = self._tokens.upload(promised.path, call.user_id)
        base = f"{call.request.url.scheme}://{call.request.headers['host']}"
        return answer({
            "docId": doc_id, "importId": import_id, "path": path,
            "url": f"{base}{paths.stored(paths.BUCKET, path)}?token={token}", "token": token,
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

    async def finalize(self, call: Call) -> Response:
        """Begin to read what was put there; safe to repeat. Raises Refused."""
        body = await call.body()
        doc_id = uuid_of(body, "docId")
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

    async def _start(self, tenant: Tenant) -> None:
        """Drive on what there is to do; problems are told by the one who looks after it (Tenants.drive)."""
        await self._faults.before_stage()
        await tenant.work(lambda backend: backend.drive())


def _choices(text: object) -> Choices:
    """How our client wants the statement read: the JSON of Choices. Raises Refused (400)."""
    if text in (None, ""):
        return Choices()
    try:
        return choices_from_json(text if isinstance(text, str) else json.dumps(text))
    except (ValueError, TypeError):
        raise Refused(400, "invalid_choices", "choices cannot be read.") from None


def _hosted(record: ImportRecord) -> str:
    return "failed" if record.status in ("rejected", "undone") else record.status
