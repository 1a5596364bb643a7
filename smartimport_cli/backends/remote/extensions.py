"""What a backend of ours can do beyond the hosted one: edits before the commit, categories, budgets, summaries.

A backend says which extensions it has; one that says nothing has none, and what needs one is `not-offered`.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from smartimport_cli.backends.remote.caller import Caller
from smartimport_cli.backends.remote.http import expect
from smartimport_cli.backends.remote.refusal import Reply, said, tidy
from smartimport_cli.core.edits import Change
from smartimport_cli.core.errors import ExitCode, SmartImportError, UsageError
from smartimport_cli.core.model import Transaction
from smartimport_cli.core.protocols import Budget, Preview
from smartimport_cli.core.text import clean
from smartimport_cli.wire import codec, paths


class Extensions:
    """The extensions of one backend."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._names: frozenset[str] | None = None  # None until it was asked

    def offers(self, name: str) -> bool:
        """Whether the backend says that it has this one. Raises where it cannot be asked."""
        if self._names is None:
            reply = self._ask(paths.OFFERED, {}, repeat=True)
            if reply.status == 401 or reply.status == 429 or reply.status >= 500:
                expect(reply, "say what it can do")
            names = reply.object().get("extensions") if reply.status == 200 else None
            self._names = (
                frozenset(one for one in names if isinstance(one, str))
                if isinstance(names, list)
                else frozenset()
            )
        return name in self._names

    def edit(self, import_id: str, changes: Sequence[Change], digest: str | None) -> Preview:
        """See `core.protocols.Backend.edit`. Raises UsageError `too-many-edits`, too."""
        body = {
            "importId": import_id,
            "changes": [codec.change_to_json(one) for one in changes],
            "digest": digest,
        }
        if len(json.dumps(body)) + 1000 > paths.EDIT_BODY:
            raise UsageError(
                "too-many-edits", f"{len(changes)} edits are too many to go over the network at once. Nothing was changed.",
                hint="Give them in several files.",
            )  # fmt: skip
        # With a digest a repeat would find the preview changed, by itself.
        answer = self._answer(paths.EDIT, body, "edit a preview", repeat=digest is None)
        try:
            return codec.preview_from_json(_object(answer, "preview"), import_id)
        except ValueError:
            raise _odd() from None

    def categorize(self, import_id: str, line: int, category: str) -> Transaction:
        """See `core.protocols.Backend.categorize`."""
        body = {"importId": import_id, "line": line, "category": category}
        answer = self._answer(paths.CATEGORIZE, body, "change a category", repeat=True)
        row = codec.transaction_from_json(_object(answer, "transaction"))
        if row is None:
            raise _odd()
        return row

    def budgets(self, **change: Mapping[str, Any]) -> tuple[list[Budget], int]:
        """The budgets after `change` (set, or remove), and how many were removed."""
        answer = self._answer(paths.BUDGETS, change, "keep budgets", repeat="remove" not in change)
        listed, removed = answer.get("budgets"), answer.get("removed")
        budgets = [codec.budget_from_json(one) if isinstance(one, Mapping) else None for one in listed or ()]
        return [one for one in budgets if one is not None], removed if isinstance(removed, int) else 0

    def summary(self, import_id: str) -> tuple[str, Any] | None:
        """See `core.protocols.Backend.advice`."""
        answer = self._answer(paths.SUMMARY, {"importId": import_id}, "give the summary", repeat=True)
        advice = answer.get("advice")
        return (advice, answer.get("insights")) if isinstance(advice, str) else None

    def analyse(self, import_id: str) -> None:
        """See `core.protocols.Backend.analyse`."""
        self._answer(paths.ANALYSE, {"importId": import_id}, "analyse the import", repeat=True)

    def labels(self, import_id: str | None) -> dict[str, str | None]:
        """The categories of `core.protocols.Backend.categorised`, by transaction id; none where they are not offered."""
        found: dict[str, str | None] = {}
        more = self.offers(paths.LABELS)
        while more:
            body = {"importId": import_id, "offset": len(found)}
            answer = self._answer(paths.LABELS, body, "say what rows were for", repeat=True)
            before = len(found)
            for one in answer.get("labels") or ():
                if isinstance(one, list) and len(one) == 2 and isinstance(one[1], str | None):
                    found[str(one[0])] = clean(one[1]) if one[1] else None
            more = answer.get("more") is True and len(found) > before
        return found

    def _answer(self, name: str, body: Mapping[str, Any], doing: str, *, repeat: bool) -> dict[str, Any]:
        if not self.offers(name):
            raise UsageError(
                "not-offered", f"A backend over the network cannot {doing} from here.",
                hint="Use its web application, or the embedded backend (--backend local).",
            )  # fmt: skip
        reply = self._ask(name, body, repeat=repeat)
        if (refused := _refused(reply)) is not None:
            raise refused
        return expect(reply, doing).object()

    def _ask(self, name: str, body: Mapping[str, Any], *, repeat: bool) -> Reply:
        return self._caller.signed(
            "POST", self._caller.profile.url + paths.extension(name), repeat=repeat, read_timeout=120.0,
            json_body={"userId": self._caller.session.user_id, **body},
        )  # fmt: skip


def _refused(reply: Reply) -> SmartImportError | None:
    """The embedded backend's own no, as it was said there."""
    body = reply.object()
    code, hint = body.get("exit"), body.get("hint")
    if (
        reply.status not in (400, 404, 409)
        or code not in [int(one) for one in ExitCode]
        or code == ExitCode.DONE
    ):
        return None
    heard, hint = said(reply), tidy(hint) if isinstance(hint, str) else ""
    if code == ExitCode.USAGE:
        return UsageError(heard.code, heard.text, hint=hint)
    exit_code = ExitCode(code)
    return SmartImportError(
        heard.code, heard.text, hint=hint, exit_code=exit_code, retryable=exit_code is ExitCode.STALE
    )


def _object(answer: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = answer.get(name)
    return value if isinstance(value, Mapping) else {}


def _odd() -> SmartImportError:
    return SmartImportError(
        "odd-answer", "The backend does not say what it did.", hint="Look: smartimport preview, or export.",
        exit_code=ExitCode.UNREACHABLE,
    )  # fmt: skip
