"""Signing in, as GoTrue does it: password and refresh tokens, one-time links, the user, signing out."""

import asyncio
import hmac
import secrets
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from smartimport_cli.server.answers import Callers, Refused, answer, json_body
from smartimport_cli.server.log import Log
from smartimport_cli.server.tokens import BadToken, Claims, Tokens
from smartimport_cli.server.users import SignInRefused, User, Users
from smartimport_cli.wire import paths

T = TypeVar("T")

FAILURES, FAILURE_SECONDS = 10, 300.0  # wrong passwords for one address before it has to wait
_MAX_NAMES = 4096


class OneTime:
    """The token that signs the owner in once: printed when the server starts, kept in memory only."""

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(24)
        self._used = False

    def take(self, token: str) -> bool:
        """Whether this is it; the first time only."""
        right = not self._used and hmac.compare_digest(token.encode(), self.token.encode())
        self._used = self._used or right
        return right


class Auth:
    """The routes below /auth/v1."""

    def __init__(
        self, users: Users, tokens: Tokens, callers: Callers, owner: User, one_time: OneTime, log: Log
    ) -> None:
        self._users = users
        self._tokens = tokens
        self._callers = callers
        self._owner = owner
        self._one_time = one_time
        self._log = log
        self._lock = asyncio.Lock()
        self._failures: dict[str, deque[float]] = defaultdict(deque)

    def routes(self) -> list[Route]:
        """What is answered below /auth/v1."""
        table: list[tuple[str, Callable[[Request], Any], str]] = [
            (paths.AUTH_TOKEN, self._token, "POST"),
            (f"{paths.AUTH}/verify", self._verify, "POST"),
            (paths.AUTH_USER, self._user, "GET"),
            (paths.AUTH_LOGOUT, self._logout, "POST"),
            (f"{paths.AUTH}/settings", self._settings, "GET"),
            (f"{paths.AUTH}/health", self._health, "GET"),
            (f"{paths.AUTH}/.well-known/jwks.json", self._keys, "GET"),
        ]
        return [Route(path, self._told(call), methods=[method]) for path, call, method in table]

    def _told(self, call: Callable[[Request], Any]) -> Callable[[Request], Any]:
        async def told(request: Request) -> Response:
            try:
                response: Response = await call(request)
                return response
            except SignInRefused as refused:
                return self._error(request, 400, refused.code, str(refused))
            except BadToken as error:
                code = "bad_jwt" if request.headers.get("authorization") else "no_authorization"
                return self._error(request, 403 if code == "bad_jwt" else 401, code, str(error))
            except Refused as refused:
                code = "validation_failed" if refused.status == 400 else refused.code
                return self._error(request, refused.status, code, refused.message, refused.headers)

        return told

    def _error(self, request: Request, status: int, code: str, message: str, headers: Any = None) -> Response:
        self._log.info("auth.refused", reason=code, path=request.url.path)
        body: dict[str, Any] = {"code": code, "message": message}
        if "x-supabase-api-version" not in request.headers:
            body = {"code": status, "error_code": code, "msg": message}
        return answer(body, status, {"x-sb-error-code": code, **(headers or {})})

    async def _token(self, request: Request) -> Response:
        body = await json_body(request)
        grant = request.query_params.get("grant_type")
        if grant == "password":
            email, password = body.get("email"), body.get("password")
            if not isinstance(email, str) or not isinstance(password, str):
                raise SignInRefused("validation_failed", "An e-mail address and a password are needed")
            return await self._by_password(email, password)
        if grant == "refresh_token":
            token = body.get("refresh_token")
            if not isinstance(token, str):
                raise SignInRefused("validation_failed", "A refresh token is needed")
            user, session_id, fresh = await self._with_users(lambda users: users.refresh(token))
            return self._session(user, session_id, fresh)
        raise SignInRefused("validation_failed", "unsupported_grant_type")

    async def _by_password(self, email: str, password: str) -> Response:
        name = email.strip().lower()[:254]
        now = asyncio.get_running_loop().time()
        failures = self._failures[name]
        while failures and now - failures[0] > FAILURE_SECONDS:
            failures.popleft()
        if len(failures) >= FAILURES:
            wait = {"Retry-After": str(int(FAILURE_SECONDS - (now - failures[0])) + 1)}
            raise Refused(
                429, "over_request_rate_limit", "Too many wrong passwords; wait a while.", headers=wait
            )
        if len(self._failures) > _MAX_NAMES:
            self._failures.clear()
        failures.append(now)  # before the slow part, so that many at once count too
        user = await self._with_users(lambda users: users.by_password(email, password))
        self._failures.pop(name, None)
        return await self._begin(user)

    async def _verify(self, request: Request) -> Response:
        """The one-time token: `{"type": "magiclink", "token_hash": TOKEN}`, as `auth.verifyOtp` sends it."""
        body = await json_body(request)
        token = body.get("token_hash") or body.get("token")
        if not isinstance(token, str) or not self._one_time.take(token):
            raise Refused(403, "otp_expired", "The link has been used, or the server was started again.")
        return await self._begin(self._owner)

    async def _begin(self, user: User) -> Response:
        session_id, refresh = await self._with_users(lambda users: users.begin_session(user))
        self._log.info("auth.signed-in", user=user.id, session=session_id)
        return self._session(user, session_id, refresh)

    def _session(self, user: User, session_id: str, refresh: str) -> Response:
        access, expires = self._tokens.access(user.id, user.email, session_id)
        return answer({
            "access_token": access, "token_type": "bearer", "expires_in": expires - self._tokens.now(),
            "expires_at": expires, "refresh_token": refresh, "user": _user(user),
        })  # fmt: skip

    async def _user(self, request: Request) -> Response:
        claims = self._signed_in(request)
        user = await self._with_users(lambda users: users.get(claims.user_id or ""))
        if user is None:
            raise BadToken("The user is gone")
        return answer(_user(user))

    async def _logout(self, request: Request) -> Response:
        claims = self._signed_in(request)
        scope = request.query_params.get("scope", "global")
        session, but = (
            (claims.session_id, None)
            if scope == "local"
            else (None, claims.session_id if scope == "others" else None)
        )
        await self._with_users(
            lambda users: users.end_sessions(claims.user_id or "", session_id=session, but=but)
        )
        return Response(status_code=204)

    def _signed_in(self, request: Request) -> Claims:
        claims = self._callers.claims(request)
        if claims.user_id is None:
            raise BadToken("The key is no user's")
        return claims

    async def _settings(self, request: Request) -> Response:
        return answer({"external": {"email": True}, "disable_signup": True, "mailer_autoconfirm": True})

    async def _health(self, request: Request) -> Response:
        return answer({"name": "GoTrue", "description": "smartimport serve"})

    async def _keys(self, request: Request) -> Response:
        return answer(
            {"keys": []}, headers={"Cache-Control": "public, max-age=600"}
        )  # HS256: none to publish

    async def _with_users(self, task: Callable[[Users], T]) -> T:
        async with self._lock:
            return await asyncio.to_thread(task, self._users)


def _user(user: User) -> dict[str, Any]:
    return {
        "id": user.id, "aud": "authenticated", "role": "authenticated", "email": user.email,
        "email_confirmed_at": user.created_at, "confirmed_at": user.created_at, "phone": "",
        "last_sign_in_at": user.created_at, "app_metadata": {"provider": "email", "providers": ["email"]},
        "user_metadata": {}, "identities": [], "created_at": user.created_at, "updated_at": user.created_at,
        "is_anonymous": False,
    }  # fmt: skip
