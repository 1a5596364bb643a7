"""What every part answers with: JSON, and the caller behind a request."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from smartimport_cli.server.tokens import BadToken, Claims, Tokens


class Refused(Exception):
    """A request that is not granted: status, code, and a sentence for people."""

    def __init__(
        self, status: int, code: str, message: str, *, headers: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers or {}
        self.more = more


def answer(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """`content` as JSON."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return Response(body, status, dict(headers or {}), media_type="application/json")


class Callers:
    """Finds the user behind a request by its bearer token."""

    def __init__(self, tokens: Tokens, has_ended: Callable[[str | None], bool]) -> None:
        self._tokens = tokens
        self._has_ended = has_ended

    def claims(self, request: Request, *, skew: int = 0) -> Claims:
        """What the request's bearer token says; that of the public key where it brings no other. Raises
        BadToken."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise BadToken("No bearer token")
        claims = self._tokens.check(token.strip(), skew=skew)
        if self._has_ended(claims.session_id):
            raise BadToken("The session has ended")
        return claims

    def user_id(self, request: Request) -> str:
        """The user who asks. Raises Refused (401)."""
        try:
            claims = self.claims(request)
        except BadToken as error:
            code = "token_expired" if error.expired else "unauthorized"
            raise Refused(401, code, str(error), headers={"WWW-Authenticate": "Bearer"}) from None
        if claims.user_id is None:
            raise Refused(401, "unauthorized", "Sign in first.", headers={"WWW-Authenticate": "Bearer"})
        return claims.user_id


async def json_body(request: Request) -> dict[str, Any]:
    """The request's JSON object. Raises Refused (400, 415)."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Refused(415, "unsupported_media_type", "Send JSON (Content-Type: application/json).")
    try:
        body = json.loads(await request.body())
    except (ValueError, RecursionError):
        raise Refused(400, "invalid_json", "The body is not JSON.") from None
    if not isinstance(body, dict):
        raise Refused(400, "invalid_json", "The body is no JSON object.")
    return body
