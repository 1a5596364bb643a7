"""The tokens that the server signs and believes: JSON Web Tokens with HS256 (RFC 7519), as Supabase's clients
take them. One secret, in a file of the server's that only its owner can read.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4

import jwt

from smartimport_cli.backends.local.store import Clock, failures

SECONDS = 3600  # an access token's life
UPLOAD_SECONDS = 7200  # a signed upload URL's
REST_SKEW_SECONDS = 30  # PostgREST allows it on exp and iat; Realtime allows none
_SECRET_BYTES = 48
_REMEMBERED = 512  # tokens whose signature was found right, which only the server's own are


class BadToken(Exception):
    """A token that is not believed. `expired` tells the one that a refresh would help."""

    def __init__(self, message: str, *, expired: bool = False) -> None:
        super().__init__(message)
        self.expired = expired


@dataclass(frozen=True, slots=True)
class Claims:
    """What a believed token says. `user_id` is None in the public key, which names no user."""

    role: str
    expires_at: int  # unix seconds
    user_id: str | None = None
    session_id: str | None = None


class Tokens:
    """Signs and checks with the secret of one server. Times are unix seconds of its clock."""

    def __init__(self, secret: str, clock: Clock, issuer: str = "smartimport") -> None:
        self._secret = secret
        self._clock = clock
        self._issuer = issuer
        self._signed = lru_cache(_REMEMBERED)(self._verified)  # each request brings its token again

    @property
    def public_key(self) -> str:
        """What clients call the anon key: it opens the door to signing in, and to nothing else."""
        return self._sign({"iss": self._issuer, "role": "anon", "iat": 1_700_000_000, "exp": 4_000_000_000})

    def access(self, user_id: str, email: str, session_id: str) -> tuple[str, int]:
        """An access token of a user's session and when it expires (unix seconds)."""
        now = self.now()
        expires = now + SECONDS
        token = self._sign({
            "iss": f"{self._issuer}/auth/v1", "sub": user_id, "aud": "authenticated", "exp": expires, "iat": now,
            "email": email, "phone": "", "app_metadata": {"provider": "email", "providers": ["email"]},
            "user_metadata": {}, "role": "authenticated", "aal": "aal1", "session_id": session_id,
            "amr": [{"method": "password", "timestamp": now}], "is_anonymous": False, "jti": str(uuid4()),
        })  # fmt: skip
        return token, expires

    def check(self, token: str, *, skew: int = 0) -> Claims:
        """What `token` says. Raises BadToken."""
        claims = self._decode(token, skew)
        role, user_id = claims.get("role"), claims.get("sub")
        if not isinstance(role, str):
            raise BadToken("The token has no role.")
        if role == "authenticated" and not is_uuid(user_id):
            raise BadToken("The token names no user.")
        session = claims.get("session_id")
        return Claims(role, claims["exp"], user_id, session if isinstance(session, str) else None)

    def upload(self, path: str, user_id: str) -> str:
        """The token of a signed upload URL for `path` (bucket and object name)."""
        now = self.now()
        return self._sign(
            {"url": path, "owner": user_id, "upsert": False, "scope": "upload", "iat": now,
             "exp": now + UPLOAD_SECONDS}
        )  # fmt: skip

    def check_upload(self, token: str) -> tuple[str, str]:
        """Path and user of an upload token. Raises BadToken."""
        claims = self._decode(token, 0)
        path, owner = claims.get("url"), claims.get("owner")
        if claims.get("scope") != "upload" or not isinstance(path, str) or not isinstance(owner, str):
            raise BadToken("The token is not for an upload.")
        return path, owner

    def now(self) -> int:
        """The server's time in unix seconds."""
        return int(self._clock().timestamp())

    def _sign(self, claims: dict[str, Any]) -> str:
        return jwt.encode(claims, self._secret, algorithm="HS256")

    def _decode(self, token: str, skew: int) -> Mapping[str, Any]:
        claims = self._signed(token)
        # By our own clock, which tests can set.
        if claims["exp"] + skew <= self.now():
            raise BadToken("JWT expired", expired=True)
        return claims

    def _verified(self, token: str) -> Mapping[str, Any]:
        """What is signed in a token, whenever it expires."""
        try:
            claims: dict[str, Any] = jwt.decode(
                token, self._secret, algorithms=["HS256"],
                options={"require": ["exp"], "verify_aud": False, "verify_exp": False, "verify_iat": False},
            )  # fmt: skip
        except jwt.InvalidSignatureError:
            raise BadToken("The token's signature is wrong.") from None
        except jwt.InvalidTokenError:
            raise BadToken("The token is malformed.") from None
        if not isinstance(claims["exp"], int):
            raise BadToken("JWT expired", expired=True)
        return MappingProxyType(claims)


def load_secret(folder: Path) -> str:
    """The server's secret, made at the first start. Raises as the store does where it cannot be kept."""
    path = folder / "server.secret"
    with failures(folder):
        try:
            return path.read_text("ascii").strip()
        except FileNotFoundError:
            pass
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary = folder / f".server.secret-{os.getpid()}"
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(handle, "w") as file:
            file.write(secrets.token_urlsafe(_SECRET_BYTES))
        try:
            os.link(temporary, path)  # the first of several servers wins
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
        return path.read_text("ascii").strip()


def is_uuid(text: object) -> bool:
    """Whether it is the text of a uuid."""
    try:
        UUID(str(text))
    except ValueError:
        return False
    return isinstance(text, str)
