"""The functions of a deployed backend, both generations: uploading, committing, rejecting, taking back."""

import json
from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any

from smartimport_cli.backends.remote.backoff import delays
from smartimport_cli.backends.remote.caller import Caller, is_uuid
from smartimport_cli.backends.remote.http import Unanswered, expect
from smartimport_cli.backends.remote.refusal import refusal, said, tidy
from smartimport_cli.backends.remote.uploads import Sent, content_type, post_form, put_signed
from smartimport_cli.core.errors import ExitCode, FileRefused, SmartImportError, UsageError
from smartimport_cli.core.events import UploadProgress
from smartimport_cli.core.protocols import Upload, Uploaded
from smartimport_cli.wire import paths

_COMMIT_TRIES = 4
_FINALIZE_TRIES = 12


def upload(caller: Caller, statement: Upload) -> Uploaded:
    """Bring a statement to the backend, the way its generation takes it. Raises FileRefused and every other
    refusal; after Unanswered it is not known whether the statement arrived."""
    send = _by_documents if caller.profile.api == "documents" else _by_functions
    return send(caller, statement, _progress(caller.session.user_id, statement))


def _progress(user_id: str, statement: Upload) -> Sent:
    tell = statement.on_progress
    if tell is None:
        return lambda sent: None

    def sent(count: int) -> None:
        percent = 100.0 * count / statement.size if statement.size else 100.0
        tell(UploadProgress(user_id=user_id, percent=round(percent, 1), bytes=count))

    return sent


def _by_functions(caller: Caller, statement: Upload, sent: Sent) -> Uploaded:
    choices = _choices(statement)
    fields = {"userId": caller.session.user_id, **({"choices": json.dumps(choices)} if choices else {})}
    url = caller.profile.url + paths.function(paths.INGEST)
    try:
        reply = post_form(caller, url, statement, fields, sent, read_timeout=120.0)
    except Unanswered as lost:
        raise _perhaps_arrived(statement, lost) from None
    body = expect(reply, f"take {statement.name}").object()
    older = body.get("import")
    import_id = body.get("importId") or (older.get("id") if isinstance(older, dict) else None)
    return Uploaded(_import_id(import_id), existing=body.get("existing") is True)


def _perhaps_arrived(statement: Upload, lost: Unanswered) -> SmartImportError:
    if not lost.sent:
        return lost
    return Unanswered(
        lost.code, f"{lost.message.rstrip('.')}, after {statement.name} was sent; it may have arrived.",
        hint="Look with smartimport list. Sending it again is safe: no transaction is committed twice.", sent=True,
    )  # fmt: skip


def _choices(statement: Upload) -> dict[str, Any]:
    """What the user forces about the reading. Ours alone: a hosted backend decides by its own lights."""
    choices = {name: getattr(statement.choices, name) for name in statement.choices.__slots__}
    return {name: value for name, value in choices.items() if value not in (None, ())}


def _by_documents(caller: Caller, statement: Upload, sent: Sent) -> Uploaded:
    user_id = caller.session.user_id
    asked = {
        "userId": user_id, "filename": statement.name, "mime": content_type(statement.name), "source": "upload",
    }  # fmt: skip
    # Repeating it leaves an empty document behind, which nothing ever comes of.
    begun = caller.function(paths.INIT, asked, f"take {statement.name}", repeat=True)
    if begun.get("isDuplicate") is True:
        return _duplicate(caller, begun, statement)
    document, import_id, url = begun.get("docId"), begun.get("importId"), begun.get("url")
    if not isinstance(document, str) or not isinstance(url, str):
        raise SmartImportError(
            "odd-answer", "The backend did not say where to send the file. Nothing was sent.",
            exit_code=ExitCode.UNREACHABLE,
        )  # fmt: skip
    put_signed(caller, url, statement, sent)
    finalize = {"userId": user_id, "docId": document, "expectedSize": statement.size}
    if choices := _choices(statement):
        finalize["choices"] = choices
    for delay in islice(delays(0.5, 8.0), _FINALIZE_TRIES):
        answer = caller.function(paths.FINALIZE, finalize, f"take {statement.name}", repeat=True)
        if answer.get("rejected") is True:
            reasons = answer.get("reasons")
            words = (
                "; ".join(map(str, reasons))
                if isinstance(reasons, list)
                else str(reasons or "no reason given")
            )
            raise FileRefused("refused", f"The backend refused {statement.name}: {tidy(words)}.")
        if answer.get("pending") is not True:
            return Uploaded(_import_id(import_id or answer.get("importId")))
        caller.http.sleep(delay)
    raise Unanswered(
        "upload-pending", f"{statement.name} was sent, but the backend does not see it yet.",
        hint="It is safe to try again.", sent=True,
    )  # fmt: skip


def _duplicate(caller: Caller, begun: Mapping[str, Any], statement: Upload) -> Uploaded:
    import_id, document = begun.get("importId"), begun.get("docId")
    if import_id is None and isinstance(document, str) and is_uuid(document):
        rows = caller.rows(
            paths.IMPORTS,
            {"select": "id", "file_url": f"like.*{document}*", "order": "created_at.desc", "limit": "1"},
        )
        import_id = rows[0].get("id") if rows else None
    if import_id is None:
        raise FileRefused(
            "already-there", f"The backend has {statement.name} already, but does not say as which import.",
            hint="Look with smartimport list.",
        )  # fmt: skip
    return Uploaded(_import_id(import_id), existing=True)


def _import_id(value: Any) -> str:
    if not isinstance(value, str) or not is_uuid(value):
        raise SmartImportError(
            "odd-answer", "The backend took the file, but did not say as which import.",
            hint="Look with smartimport list.", exit_code=ExitCode.UNREACHABLE,
        )  # fmt: skip
    return value.lower()


def commit(caller: Caller, import_id: str, digest: str, status: Callable[[], str]) -> None:
    """Commit what is staged. An attempt whose outcome is unknown is settled by the import's own state; that it
    is committed already is what was wanted. Raises every refusal."""
    body = {"userId": caller.session.user_id, "importId": import_id, "digest": digest}
    for delay in islice(delays(0.5, 8.0), _COMMIT_TRIES):
        try:
            reply = caller.ask(paths.COMMIT, body, repeat=False, read_timeout=120.0)
        except Unanswered as lost:
            if not lost.sent:
                raise
            failure: SmartImportError = lost
        else:
            if 200 <= reply.status < 300 or said(reply).code == "already_committed":
                return
            failure = refusal(reply, "commit the import")
            if reply.status < 500:
                raise failure
        if status() == "committed":
            return
        caller.http.sleep(delay)
    raise SmartImportError(
        failure.code, f"{failure.message.rstrip('.')}. Import {import_id[:8]} is not committed, by its own state.",
        hint=f"It is safe to try again: smartimport approve {import_id[:8]}", exit_code=ExitCode.UNREACHABLE,
        retryable=True,
    )  # fmt: skip


def reject(caller: Caller, import_id: str, reason: str) -> None:
    """Say no: by the backend's own function where it has one, else by what that means for its tables."""
    body = {"userId": caller.session.user_id, "importId": import_id, "reason": reason}
    reply = caller.ask(paths.REJECT, body, repeat=True)
    if reply.status != 404 or said(reply).code == "no_import_found":
        if said(reply).code == "already_committed":
            raise _decided(import_id)
        expect(reply, "reject the import")
        return
    change = {"status": "failed", "error": f"rejected: {reason}" if reason else "rejected"}
    mine = {"id": f"eq.{import_id}", "status": "in.(pending,parsed)"}
    if caller.patch(paths.IMPORTS, mine, change, "reject the import"):
        caller.delete(paths.STAGING, {"import_id": f"eq.{import_id}"}, "reject the import")


def undo(caller: Caller, import_id: str) -> int:
    """Take a committed import back; how many transactions went. Raises UsageError `not-offered` where the
    backend cannot."""
    body = {"userId": caller.session.user_id, "importId": import_id}
    reply = caller.ask(paths.UNDO, body, repeat=True)
    if reply.status == 404 and said(reply).code != "no_import_found":
        raise UsageError(
            "not-offered", "This backend cannot take an import back.",
            hint="Its web application may; nothing was changed.",
        )  # fmt: skip
    if said(reply).code == "not_committed":
        raise UsageError(
            "not-committed", f"Import {import_id[:8]} is not committed, so there is nothing to take back.",
            hint=f"Look at it: smartimport show {import_id[:8]}",
        )  # fmt: skip
    removed = expect(reply, "take the import back").object().get("removed")
    return removed if isinstance(removed, int) else 0


def _decided(import_id: str) -> UsageError:
    return UsageError(
        "already-approved", f"Import {import_id[:8]} was approved before; the first decision holds.",
        hint=f"Take it back: smartimport undo {import_id[:8]}",
    )  # fmt: skip
