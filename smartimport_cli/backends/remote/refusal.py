"""Every way in which a backend says no, as one error with a sentence, a hint and an exit code.

The shapes: the functions' `{ok: false, error, message?}` and `{error, requestId?}`, plain text, PostgREST's
`{code, message, details, hint}`, the sign-in's `{code, message}` or `{error_code, msg}`, the storage's
`{statusCode, error, message, code}` (whose status counts, not that of the answer), a gateway's page.
"""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from smartimport_cli.core.errors import ExitCode, FileRefused, SmartImportError, UsageError
from smartimport_cli.core.privacy import mask_secrets
from smartimport_cli.core.text import clean, shorten

_SAID_LENGTH = 300  # characters of a stranger's sentence that are worth showing


class Reply(NamedTuple):
    """An answer, whole. `url` is without its query."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str

    def json(self) -> Any:
        """The body as JSON; None where it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    def object(self) -> dict[str, Any]:
        """The body as a JSON object; empty where it is none."""
        value = self.json()
        return value if isinstance(value, dict) else {}


class Said(NamedTuple):
    """A refusal in its own words, cleaned: status, code for programs, sentence for people."""

    status: int
    code: str
    text: str


def said(reply: Reply) -> Said:
    """What a refusal says, whichever shape it has."""
    body, status = reply.object(), reply.status
    nested = body.get("error")
    error = nested.get("message") if isinstance(nested, dict) else nested
    in_body = body.get("statusCode")
    if str(in_body).isdecimal() and 400 <= int(str(in_body)) < 600:
        status = int(str(in_body))
    code = next(
        (
            c
            for c in (body.get("error_code"), body.get("code"), error)
            if isinstance(c, str) and c and " " not in c
        ),
        "",
    )
    text = next(
        (
            t
            for t in (
                body.get("message"),
                body.get("msg"),
                body.get("error_description"),
                body.get("reason"),
                error,
            )
            if isinstance(t, str) and t
        ),
        "",
    )
    if not body:
        plain = reply.body[:2000].decode("utf-8", "replace").strip()
        text = (
            "" if plain.startswith("<") else plain
        )  # a gateway's page says nothing that its status does not
    request = body.get("requestId")
    text = tidy(text) + (f" (request {tidy(request)})" if isinstance(request, str) and request else "")
    return Said(status, tidy(code).lower(), text)


def tidy(text: str) -> str:
    """A stranger's words, harmless and without secrets, as much of them as is worth showing."""
    return shorten(clean(mask_secrets(text)), _SAID_LENGTH)


def refusal(reply: Reply, doing: str) -> SmartImportError:
    """The error for an answer that is no success; `doing` is what was asked for, as in 'upload march.csv'."""
    status, code, text = said(reply)
    where = clean(reply.url)
    words = f": {text.rstrip('.')}" if text else f" ({status})"
    lower = f"{code} {text}".lower()
    if 300 <= status < 400:
        return UsageError(
            "redirected",
            f"The backend does not answer at {where} but points elsewhere. Nothing was sent there.",
            hint="If that is right, put the new address into your profile.",
        )
    if status == 401 or (status in (400, 403) and ("jwt" in lower or code == "refresh_token_already_used")):
        return sign_in_needed(text)
    if status == 403 and ("disabled" in lower or "not enabled" in lower or "switched off" in lower):
        return SmartImportError(
            "switched-off", f"The backend has this switched off: it would not {doing}{words}.",
            hint="Nothing was changed. Try again later.", exit_code=ExitCode.UNREACHABLE, retryable=True,
        )  # fmt: skip
    if status == 403:
        return SmartImportError(
            "not-allowed", f"You may not {doing}{words}.",
            hint="Is it the right account? smartimport login", exit_code=ExitCode.SIGN_IN,
        )  # fmt: skip
    if status == 429:
        wait = retry_after(reply)
        return SmartImportError(
            "rate-limited",
            f"The backend asks to slow down; it would not {doing} now{words}.",
            hint=f"Try again {f'in {wait:g} s' if wait else 'later'}.",
            exit_code=ExitCode.UNREACHABLE,
            retryable=True,
        )
    if status == 413 or "too large" in lower or "too_large" in lower:
        return FileRefused(
            "too-large", f"The backend takes no file of this size{words}.", hint="It takes up to 25 MB."
        )
    if status == 415 or "mime" in lower or "unsupported" in lower or "file type" in lower:
        return FileRefused(
            "unsupported",
            f"The backend does not take this kind of file{words}.",
            hint="It takes csv, pdf, png, jpeg.",
        )
    if code in ("import_not_ready", "not_ready"):
        return SmartImportError(
            "not-read-yet", "The import has not been read yet.", hint="Go on: smartimport watch",
            exit_code=ExitCode.STAGED, retryable=True,
        )  # fmt: skip
    if code in ("stale_approval", "stale"):
        return SmartImportError(
            "stale-approval", "The preview has changed since it was shown. Nothing was committed.",
            hint="Look at it again: smartimport approve", exit_code=ExitCode.STALE, retryable=True,
        )  # fmt: skip
    if code == "rejected":
        return SmartImportError(
            "rejected", "The import was rejected. Nothing was committed.", exit_code=ExitCode.REJECTED
        )
    if code in ("no_import_found", "import_not_found"):
        return UsageError(
            "unknown-import", "There is no such import.", hint="smartimport list shows what there is."
        )
    if status in (404, 405):
        return UsageError(
            "no-such-function", f"There is nothing at {where} that could {doing}{words}.",
            hint="Check url and api of the profile.",
        )  # fmt: skip
    if status >= 500:
        return SmartImportError(
            "backend-failed", f"The backend failed to {doing}{words}.", hint="It is safe to try again.",
            exit_code=ExitCode.UNREACHABLE, retryable=True,
        )  # fmt: skip
    return SmartImportError(
        code.replace("_", "-") if code.replace("_", "").isalnum() else "refused",
        f"The backend refused to {doing}{words}.",
    )


def sign_in_needed(text: str = "") -> SmartImportError:
    """There are no credentials, or they are not taken (any more)."""
    return SmartImportError(
        "sign-in", f"You are not signed in{': ' + text.rstrip('.') if text else ''}.",
        hint="smartimport login   (in CI: SMARTIMPORT_TOKEN)", exit_code=ExitCode.SIGN_IN,
    )  # fmt: skip


def retry_after(reply: Reply) -> float | None:
    """Seconds that the Retry-After header asks for; None where it is absent or no number of seconds."""
    value = reply.headers.get("retry-after", "").strip()
    return float(value) if value.isdecimal() and len(value) < 7 else None
