"""What is staged, and what becomes of it: preview, commit, rejection, undoing, and how an import stands."""

import json

from starlette.responses import Response

from smartimport_cli.backends.local import LocalBackend
from smartimport_cli.backends.local.tables import Condition, Group, Query
from smartimport_cli.core.errors import SmartImportError
from smartimport_cli.core.money import plain
from smartimport_cli.core.protocols import Preview
from smartimport_cli.core.text import clean
from smartimport_cli.server.answers import Refused, answer
from smartimport_cli.server.faults import Faults
from smartimport_cli.server.functions.call import Call, count_of, uuid_of
from smartimport_cli.server.log import without_secrets
from smartimport_cli.wire import codec

FIRST_ROWS = 10  # that a preview shows where nobody asks for more
MAX_ROWS = 10_000  # of a preview in one answer; `offset` asks for those behind them
MAX_LISTED = 1000  # ids of transactions in an answer


class Decisions:
    """`byte-ocr-parse`, `commit-import`, `reject-import`, `undo-import`, `import-state`."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    async def parse(self, call: Call) -> Response:
        """What was read, once it is; 202 while it goes on. Raises Refused."""
        body = await call.body()
        import_id = uuid_of(body, "importId")
        record = await call.until(import_id, lambda record: record.status != "pending")
        if record.status == "pending":
            return answer({"ok": True, "importId": import_id, "status": "pending", "rowsParsed": 0}, 202)
        if record.status in ("failed", "rejected"):
            raise Refused(422, "parse_failed", without_secrets(record.error or "The statement was not read."))
        offset, limit = count_of(body.get("offset"), 0), min(count_of(body.get("limit"), MAX_ROWS), MAX_ROWS)
        if not body.get("preview"):
            limit = min(limit, FIRST_ROWS)
        shown = await _previewed(call, import_id, offset, limit)
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

    async def commit(self, call: Call) -> Response:
        """Approve what is staged, and answer when it is committed. Raises Refused."""
        body = await call.body()
        import_id = uuid_of(body, "importId")
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
        record = await call.until(import_id, lambda record: record.status != "parsed")
        if record.status != "committed":
            if await call.awaits_approval(import_id):
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

    async def reject(self, call: Call) -> Response:
        """Say no to what is staged. Raises Refused."""
        body = await call.body()
        import_id = uuid_of(body, "importId")
        reason = clean(str(body.get("reason") or ""))[:200]
        await call.find(import_id)
        try:
            await call.tenant.work(lambda backend: backend.reject(import_id, reason))
        except SmartImportError as error:
            raise _decision_refused(error) from None
        return answer({"ok": True})

    async def undo(self, call: Call) -> Response:
        """Take a committed import back. Raises Refused."""
        body = await call.body()
        import_id = uuid_of(body, "importId")
        await call.find(import_id)
        try:
            removed = await call.tenant.work(lambda backend: backend.undo(import_id))
        except SmartImportError as error:
            raise _decision_refused(error) from None
        return answer({"ok": True, "removed": removed})

    async def state(self, call: Call) -> Response:
        """How the import stands. Raises Refused."""
        body = await call.body()
        import_id = uuid_of(body, "importId")
        await call.find(import_id)
        state = await call.state(import_id)
        return answer({"ok": True, "state": state.to_json()})


async def _previewed(call: Call, import_id: str, offset: int, limit: int) -> Preview:
    try:
        return await call.tenant.work(lambda backend: backend.preview(import_id, offset=offset, limit=limit))
    except SmartImportError as error:
        raise Refused(404, "no_staged_transactions", error.message) from None


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
