"""Who we are to a backend: signing in, and a token that stays fresh."""

import json
import threading
import time
from collections.abc import Mapping
from typing import Any

from filelock import FileLock, Timeout

from smartimport_cli.backends.remote.credentials import Credentials
from smartimport_cli.backends.remote.http import Http, expect
from smartimport_cli.backends.remote.profile import Profile, origin
from smartimport_cli.backends.remote.refusal import Reply, sign_in_needed
from smartimport_cli.backends.remote.token import Tokens
from smartimport_cli.core.errors import ExitCode, SmartImportError
from smartimport_cli.wire import paths

FRESH_SECONDS = 60.0  # a token with less left is exchanged first
_LOCK_SECONDS = 60.0
_VERSION = {"X-Supabase-Api-Version": "2024-01-01"}  # errors in the newer shape


class Session:
    """The tokens for one profile. May be used from several threads; processes share what is stored."""

    def __init__(
        self, profile: Profile, http: Http, credentials: Credentials | None, given: Tokens | None = None
    ) -> None:
        """`given` tokens (of the environment) go before the stored ones and are never stored."""
        self._profile = profile
        self._http = http
        self._credentials = credentials
        self._given = given
        self._tokens = given
        self._lock = threading.Lock()

    def sign_in(self, email: str, password: str) -> str:
        """Exchange e-mail and password for a session and keep it; says where. Raises exit 4 where refused."""
        reply = self._http.send(
            "POST", self._profile.supabase_url + paths.AUTH_TOKEN, params={"grant_type": "password"},
            headers=self._key_headers(), json={"email": email, "password": password}, repeat=True,
        )  # fmt: skip
        if reply.status in (400, 401, 403, 422):
            raise _refused(reply)
        return self.keep(_tokens(expect(reply, "sign you in"), email))

    @property
    def profile(self) -> Profile:
        return self._profile

    @property
    def given(self) -> bool:
        """Whether the environment says who we are."""
        return self._given is not None

    @property
    def email(self) -> str | None:
        """Of who is signed in, where that is known."""
        return self._tokens.email if self._tokens else None

    def close(self) -> None:
        """For a session that has its connections to itself."""
        self._http.close()

    def paste(self, text: str) -> str:
        """Keep a session made elsewhere, if the backend takes it; says where. `text` is an access token, a refresh
        token in the next line perhaps, or the JSON that a sign-in answers. Raises `bad-token`, or exit 4."""
        tokens = _pasted(text)
        headers = {**self._key_headers(), "Authorization": f"Bearer {tokens.access}"}
        reply = self._http.send(
            "GET", self._profile.supabase_url + paths.AUTH_USER, headers=headers, repeat=True
        )
        if reply.status in (400, 401, 403):
            raise _refused(reply)
        user = expect(reply, "say who you are").object()
        known, email = user.get("id"), user.get("email")
        return self.keep(
            tokens._replace(
                user_id=known if isinstance(known, str) else tokens.user_id,
                email=email if isinstance(email, str) else tokens.email,
            )
        )

    def keep(self, tokens: Tokens) -> str:
        """Store a session; says where."""
        assert self._credentials is not None
        with self._lock, FileLock(self._credentials.lock_file, timeout=_LOCK_SECONDS):
            self._tokens = tokens
            return self._credentials.save(tokens)

    def sign_out(self) -> bool:
        """Forget the stored session and tell the backend, if it can be told; whether there was one."""
        assert self._credentials is not None
        tokens = self._credentials.load()
        if tokens is not None:
            try:
                headers = {**self._key_headers(), "Authorization": f"Bearer {tokens.access}"}
                self._http.send(
                    "POST", self._profile.supabase_url + paths.AUTH_LOGOUT, params={"scope": "local"},
                    headers=headers, repeat=True, attempts=1, read_timeout=5.0,
                )  # fmt: skip
            except SmartImportError:
                pass  # it ends by itself; what is stored here goes all the same
        self._tokens = None
        return self._credentials.forget()

    @property
    def user_id(self) -> str:
        """The user's id. Raises exit 4 where nobody is signed in."""
        self.access_token()
        tokens = self._tokens
        assert tokens is not None
        if tokens.user_id is None:
            reply = self._http.send(
                "GET", self._profile.supabase_url + paths.AUTH_USER, headers=self.headers(self._profile.supabase_url),
                repeat=True,
            )  # fmt: skip
            found = expect(reply, "say who you are").object().get("id")
            if not isinstance(found, str):
                raise sign_in_needed("the backend does not say who you are")
            self._tokens = tokens = tokens._replace(user_id=found)
        assert tokens.user_id is not None
        return tokens.user_id

    @property
    def expires_at(self) -> float | None:
        """When the present token ends (Unix seconds); None where it does not say."""
        return self._tokens.expires_at if self._tokens else None

    def access_token(self, *, refused: str | None = None) -> str:
        """A token that holds for a minute or more. `refused` is one that the backend did not take although it
        looked fresh: another one is fetched. Raises exit 4 where there is none to be had."""
        with self._lock:
            tokens = self._tokens or (self._credentials.load() if self._credentials else None)
            if tokens is None:
                raise sign_in_needed()
            if not _fresh(tokens) or tokens.access == refused:
                tokens = self._refreshed(tokens)
            self._tokens = tokens
            return tokens.access

    def headers(self, url: str) -> dict[str, str]:
        """The credentials for a request to `url`; none at all where that is not one of the profile's origins."""
        if origin(url) not in self._profile.origins:
            return {}
        return {**self._key_headers(), "Authorization": f"Bearer {self.access_token()}"}

    def _refreshed(self, old: Tokens) -> Tokens:
        """A new session for the old one. One process at a time: a refresh token can be used once."""
        if self._given is not None or self._credentials is None:
            return self._exchange(old)
        try:
            with FileLock(self._credentials.lock_file, timeout=_LOCK_SECONDS):
                stored = self._credentials.load()
                if stored is None:
                    raise sign_in_needed("signed out meanwhile")
                if stored.access != old.access and _fresh(stored):
                    return stored  # another process was quicker
                tokens = self._exchange(stored)
                self._credentials.save(tokens)
                return tokens
        except Timeout:
            raise SmartImportError(
                "credentials-locked", "Another smartimport has been renewing the sign-in for a minute.",
                hint="It is safe to try again.", exit_code=ExitCode.UNREACHABLE, retryable=True,
            ) from None  # fmt: skip

    def _exchange(self, old: Tokens) -> Tokens:
        if not old.refresh:
            raise sign_in_needed("the token has expired")
        # A lost answer is asked for again: the backend tolerates the reuse for some seconds.
        reply = self._http.send(
            "POST", self._profile.supabase_url + paths.AUTH_TOKEN, params={"grant_type": "refresh_token"},
            headers=self._key_headers(), json={"refresh_token": old.refresh}, repeat=True,
        )  # fmt: skip
        if reply.status in (400, 401, 403, 422):
            raise _refused(reply)
        return _tokens(expect(reply, "renew your sign-in"), old.email)

    def _key_headers(self) -> dict[str, str]:
        return {**_VERSION, **({"apikey": self._profile.api_key} if self._profile.api_key else {})}


def environment_tokens(env: Mapping[str, str]) -> Tokens | None:
    """SMARTIMPORT_TOKEN and SMARTIMPORT_REFRESH_TOKEN, for CI. Raises UsageError `bad-token`."""
    access, refresh = (
        env.get("SMARTIMPORT_TOKEN", "").strip(),
        env.get("SMARTIMPORT_REFRESH_TOKEN", "").strip(),
    )
    if not access and refresh:  # an access token is fetched before the first request
        return Tokens.of(refresh, refresh)._replace(access="", expires_at=0.0, user_id=None, email=None)
    return Tokens.of(access, refresh or None) if access else None


def _pasted(text: str) -> Tokens:
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if isinstance(value, dict):
        access, refresh = value.get("access_token"), value.get("refresh_token")
    else:
        lines = text.split()
        access, refresh = lines[0] if lines else "", lines[1] if len(lines) > 1 else None
    return Tokens.of(access if isinstance(access, str) else "", refresh if isinstance(refresh, str) else None)


def _fresh(tokens: Tokens) -> bool:
    now = time.time()  # noqa: TID251 - tokens end by the world's clock
    if not tokens.access:
        return False
    if tokens.expires_at is None:
        return True
    # Without a refresh token the last minute is used, too.
    return tokens.expires_at - now > (FRESH_SECONDS if tokens.refresh else 0.0)


def _tokens(reply: Reply, email: str | None) -> Tokens:
    body = reply.object()
    access, refresh, user = body.get("access_token"), body.get("refresh_token"), body.get("user")
    if not isinstance(access, str):
        raise SmartImportError(
            "odd-answer", "The backend's sign-in answered without a token.", exit_code=ExitCode.UNREACHABLE
        )
    tokens = Tokens.of(access, refresh if isinstance(refresh, str) else None, email)
    expires: Any = body.get("expires_at")
    if isinstance(expires, int | float) and not isinstance(expires, bool):
        tokens = tokens._replace(expires_at=float(expires))
    if tokens.user_id is None and isinstance(user, dict) and isinstance(user.get("id"), str):
        tokens = tokens._replace(user_id=user["id"])
    return tokens


def _refused(reply: Reply) -> SmartImportError:
    from smartimport_cli.backends.remote.refusal import said

    heard = said(reply)
    return sign_in_needed(heard.text or heard.code.replace("_", " ") or "the backend refused the sign-in")
