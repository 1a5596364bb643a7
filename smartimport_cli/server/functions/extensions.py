"""What a client may ask of us beyond the hosted backend: edits before the commit, categories, budgets, summaries."""

from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from starlette.responses import Response

from smartimport_cli.backends.local import LocalBackend
from smartimport_cli.core.errors import ExitCode, SmartImportError, UsageError
from smartimport_cli.core.text import clean
from smartimport_cli.server.answers import Refused, answer
from smartimport_cli.server.functions.call import Call, text_of, uuid_of
from smartimport_cli.server.log import without_secrets
from smartimport_cli.wire import codec, paths

T = TypeVar("T")

MAX_CATEGORY = 60  # characters
MAX_BUDGETS = 1000  # of one user
LABELS = 50_000  # in one page
_SAID = (ExitCode.USAGE, ExitCode.IMPORT_FAILED, ExitCode.STAGED, ExitCode.REJECTED, ExitCode.STALE)


async def offered(call: Call) -> Response:
    """Which extensions there are."""
    await call.body()
    return answer({"ok": True, "extensions": paths.EXTENSIONS})


async def edit(call: Call) -> Response:
    """Decide about staged rows: all of the changes or none. Raises Refused."""
    body = await call.body()
    import_id, digest, changes = uuid_of(body, "importId"), body.get("digest"), body.get("changes")
    if not isinstance(changes, list) or not isinstance(digest, str | None):
        raise Refused(400, "missing_fields", "changes is a list, and digest a text.")
    shown = await _asked(
        call,
        lambda backend: backend.edit(
            import_id, [codec.change_from_json(one) for one in changes], digest=digest
        ),
    )
    return answer({"ok": True, "preview": codec.preview_to_json(shown)})


async def categorize(call: Call) -> Response:
    """Say what a committed row was for. Raises Refused."""
    body = await call.body()
    import_id, category, line = uuid_of(body, "importId"), _category(body), body.get("line")
    if not isinstance(line, int) or isinstance(line, bool) or not 0 < line < 1 << 62:
        raise Refused(400, "missing_fields", "line is a number from 1 on.")
    row = await _asked(call, lambda backend: backend.categorize(import_id, line, category))
    return answer({"ok": True, "transaction": codec.transaction_to_json(row)})


async def budgets(call: Call) -> Response:
    """The user's budgets, after one was set or removed where that is asked for. Raises Refused."""
    body = await call.body()
    made, gone = body.get("set"), body.get("remove")
    removed = 0
    if isinstance(made, Mapping):
        _category(made), _currency(made)
        budget = codec.budget_from_json(made)
        if budget is None:
            raise Refused(400, "bad_amount", "A budget has an amount above zero.")
        if len(await call.tenant.work(lambda backend: backend.budgets())) >= MAX_BUDGETS:
            raise Refused(409, "too_many_budgets", f"At most {MAX_BUDGETS} budgets are kept.")
        await _asked(call, lambda backend: backend.set_budget(budget))
    elif isinstance(gone, Mapping):
        category, currency = _category(gone), _currency(gone)
        removed = await _asked(call, lambda backend: backend.remove_budget(category, currency))
    kept = await call.tenant.work(lambda backend: backend.budgets())
    return answer({"ok": True, "budgets": [codec.budget_to_json(one) for one in kept], "removed": removed})


async def summary(call: Call) -> Response:
    """The latest advice, where it still holds. Raises Refused."""
    import_id = uuid_of(await call.body(), "importId")
    found = await _asked(call, lambda backend: backend.advice(import_id))
    advice, insights = found or (None, None)
    return answer({"ok": True, "advice": advice, "insights": insights})


async def analyse(call: Call) -> Response:
    """Begin the analysis of a committed import again; its events tell how it goes. Raises Refused."""
    import_id = uuid_of(await call.body(), "importId")
    await _asked(call, lambda backend: backend.analyse(import_id))
    return answer({"ok": True})


async def labels(call: Call) -> Response:
    """The category of committed rows, as the summary counts it, a page from `offset` on. Raises Refused."""
    body = await call.body()
    import_id = uuid_of(body, "importId") if body.get("importId") is not None else None
    offset = body.get("offset", 0)
    if not isinstance(offset, int) or isinstance(offset, bool) or not 0 <= offset < 1 << 40:
        raise Refused(400, "missing_fields", "offset is a number from 0 on.")

    def page(backend: LocalBackend) -> list[tuple[str, str | None]]:
        rows = islice(backend.categorised(import_id), offset, offset + LABELS)
        return [(str(UUID(row.id)), row.category) for row in rows]  # the id as the table has it

    found = await _asked(call, page)
    return answer({"ok": True, "labels": found, "more": len(found) == LABELS})


async def _asked(call: Call, task: Callable[[LocalBackend], T]) -> T:
    """What the backend answers; its no in its own words, for our client to say again. Raises Refused."""
    try:
        return await call.tenant.work(task)
    except SmartImportError as error:
        if error.exit_code not in _SAID:
            raise
        status = 404 if error.code == "unknown-import" else 400 if isinstance(error, UsageError) else 409
        raise Refused(
            status, error.code, without_secrets(error.message), hint=without_secrets(error.hint),
            exit=int(error.exit_code),
        ) from None  # fmt: skip


def _category(body: Mapping[str, Any]) -> str:
    category = clean(text_of(body, "category"))
    if len(category) > MAX_CATEGORY:
        raise Refused(400, "bad_category", f"A category is a name of 1 to {MAX_CATEGORY} characters.")
    return category


def _currency(body: Mapping[str, Any]) -> str | None:
    currency = body.get("currency")
    if currency is not None and not (
        isinstance(currency, str) and len(currency) == 3 and currency.isascii() and currency.isupper()
    ):
        raise Refused(400, "bad_currency", "A currency is three letters, e.g. EUR.")
    return currency
