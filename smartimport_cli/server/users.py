"""Who may sign in: people with a password, their sessions, and the uploads that were promised to them.

Passwords are kept as scrypt hashes (RFC 7914), refresh tokens as digests. A refresh token is good once; the
same one again within a few seconds is a lost answer, later it is a theft, and its session ends.
"""

import hashlib
import hmac
import secrets
import sqlite3
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from uuid import uuid4

from smartimport_cli.backends.local.store import BUSY_SECONDS, Clock, failures
from smartimport_cli.core.errors import UsageError

FILE_NAME = "server.db"
REUSE_SECONDS = 10
SESSION_DAYS = 30
MIN_PASSWORD = 8
MAX_PASSWORD = 1024  # characters; hashing more would be work for nothing
_N, _R, _P = 2**14, 8, 1


@dataclass(frozen=True, slots=True)
class User:
    """One who may sign in."""

    id: str
    email: str
    created_at: str


@dataclass(frozen=True, slots=True)
class PromisedUpload:
    """A statement that is to be put to `path`; `original` is its sha256 once it has come."""

    id: str
    user_id: str
    import_id: str
    path: str
    file_name: str
    created_at: int
    original: str | None = None
    size: int | None = None


class SignInRefused(Exception):
    """`code` is the one that Supabase's clients know."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Users:
    """The server's own small database. Use it from one thread at a time."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock
        with failures(folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._db = sqlite3.connect(
                folder / FILE_NAME, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            self._db.row_factory = sqlite3.Row
            (folder / FILE_NAME).chmod(0o600)
            self._db.execute("PRAGMA journal_mode = WAL")
            # A power cut may cost the last moment: sign in again, put the file again. Imports are kept elsewhere.
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.executescript((files("smartimport_cli.server") / "users.sql").read_text("utf-8"))

    def add(self, email: str, password: str, owner_id: str) -> User:
        """A new user, or a new password for one who is there (whose sessions end). The first to get a password
        is the owner of the data folder. Raises UsageError `bad-email`, `weak-password`."""
        email = email.strip().lower()
        if not (
            3 <= len(email) <= 254 and email.count("@") == 1 and email.isprintable() and " " not in email
        ):
            raise UsageError("bad-email", "That is no e-mail address.", hint="Write it as name@example.org.")
        if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
            raise UsageError(
                "weak-password",
                f"A password has {MIN_PASSWORD} to {MAX_PASSWORD} characters. Nothing was changed.",
            )
        there = self._find("email = ?", email)
        with failures(self._folder):
            (with_password,) = self._db.execute(
                "SELECT count(*) FROM users WHERE password IS NOT NULL"
            ).fetchone()
            if there is not None:
                self._db.execute("UPDATE users SET password = ? WHERE id = ?", (_hash(password), there.id))
                self.end_sessions(there.id)
            else:
                self._db.execute(
                    "INSERT INTO users (id, email, password, created_at) VALUES (?, ?, ?, ?) "
                    "ON CONFLICT (id) DO UPDATE SET email = excluded.email, password = excluded.password",
                    (
                        str(uuid4()) if with_password else owner_id, email, _hash(password),
                        self._clock().isoformat(),
                    ),
                )  # fmt: skip
        user = self._find("email = ?", email)
        assert user is not None
        return user

    def owner(self, owner_id: str) -> User:
        """The owner of the data folder, who can sign in by the one-time token also without a password."""
        with failures(self._folder):
            self._db.execute(
                "INSERT OR IGNORE INTO users (id, email, created_at) VALUES (?, ?, ?)",
                (owner_id, "owner@localhost", self._clock().isoformat()),
            )
        user = self.get(owner_id)
        assert user is not None
        return user

    def get(self, user_id: str) -> User | None:
        """The user with this id."""
        return self._find("id = ?", user_id)

    def by_password(self, email: str, password: str) -> User:
        """The user with this address and password; takes the same time where there is none. Raises
        SignInRefused."""
        with failures(self._folder):
            row = self._db.execute(
                "SELECT password FROM users WHERE email = ?", (email.strip().lower(),)
            ).fetchone()
        stored = row["password"] if row is not None and row["password"] else _NOBODY
        right = len(password) <= MAX_PASSWORD and _matches(password, stored)
        user = self._find("email = ?", email.strip().lower())
        if not right or stored == _NOBODY or user is None:
            raise SignInRefused("invalid_credentials", "Invalid login credentials")
        return user

    # -- sessions

    def begin_session(self, user: User) -> tuple[str, str]:
        """A new session: its id and its first refresh token."""
        session_id = str(uuid4())
        return session_id, self._issue(user.id, session_id)

    def refresh(self, token: str) -> tuple[User, str, str]:
        """User, session and next refresh token. Raises SignInRefused."""
        now = self._now()
        with failures(self._folder):
            row = self._db.execute(
                "SELECT * FROM refresh_tokens WHERE digest = ?", (_digest(token),)
            ).fetchone()
        if row is None or row["created_at"] < now - SESSION_DAYS * 86_400:
            raise SignInRefused("refresh_token_not_found", "Invalid Refresh Token: Refresh Token Not Found")
        if row["used_at"] is not None and row["used_at"] < now - REUSE_SECONDS:
            self.end_sessions(row["user_id"], session_id=row["session_id"])
            raise SignInRefused("refresh_token_already_used", "Invalid Refresh Token: Already Used")
        if self.has_ended(row["session_id"]):
            raise SignInRefused("session_not_found", "The session has ended")
        user = self._find("id = ?", row["user_id"])
        if user is None:
            raise SignInRefused("user_not_found", "User not found")
        with failures(self._folder):
            self._db.execute(
                "UPDATE refresh_tokens SET used_at = coalesce(used_at, ?) WHERE digest = ?",
                (now, _digest(token)),
            )
        return user, row["session_id"], self._issue(user.id, row["session_id"])

    def end_sessions(self, user_id: str, *, session_id: str | None = None, but: str | None = None) -> None:
        """End one session of a user, or all of them, or all but one."""
        with failures(self._folder):
            self._db.execute(
                "INSERT OR IGNORE INTO ended_sessions SELECT DISTINCT session_id, ? FROM refresh_tokens "
                "WHERE user_id = ? AND (? IS NULL OR session_id = ?) AND session_id IS NOT ?",
                (self._now(), user_id, session_id, session_id, but),
            )
            self._db.execute(
                "DELETE FROM refresh_tokens WHERE session_id IN (SELECT session_id FROM ended_sessions)"
            )

    def has_ended(self, session_id: str | None) -> bool:
        """Whether a session was ended before its tokens expire."""
        with failures(self._folder):
            row = self._db.execute(
                "SELECT 1 FROM ended_sessions WHERE session_id = ?", (session_id,)
            ).fetchone()
        return row is not None

    def _issue(self, user_id: str, session_id: str) -> str:
        token = secrets.token_urlsafe(24)
        now = self._now()
        with failures(self._folder):
            self._db.execute(
                "INSERT INTO refresh_tokens VALUES (?, ?, ?, ?, NULL)",
                (_digest(token), user_id, session_id, now),
            )
            self._db.execute(
                "DELETE FROM refresh_tokens WHERE created_at < ?", (now - 2 * SESSION_DAYS * 86_400,)
            )
            # By then the last access token of such a session has expired.
            self._db.execute("DELETE FROM ended_sessions WHERE ended_at < ?", (now - 86_400,))
        return token

    # -- uploads

    def promise(self, upload: PromisedUpload) -> None:
        """Remember an upload that a client is told it may make; not where its id or path was promised before."""
        with failures(self._folder):
            self._db.execute(
                "INSERT OR IGNORE INTO uploads (id, user_id, import_id, path, file_name, created_at) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (
                    upload.id, upload.user_id, upload.import_id, upload.path, upload.file_name,
                    upload.created_at,
                ),
            )  # fmt: skip

    def upload(self, *, id: str | None = None, path: str | None = None) -> PromisedUpload | None:
        """The promised upload with this id, or to this path."""
        with failures(self._folder):
            row = self._db.execute("SELECT * FROM uploads WHERE id = ? OR path = ?", (id, path)).fetchone()
        return PromisedUpload(**dict(row)) if row else None

    def arrived(self, path: str, original: str, size: int) -> bool:
        """Note that the bytes are here; False where others were before."""
        with failures(self._folder):
            changed = self._db.execute(
                "UPDATE uploads SET original = ?, size = ? WHERE path = ? AND original IS NULL",
                (original, size, path),
            ).rowcount
        return changed == 1

    def promised_since(self, user_id: str, when: int) -> set[str]:
        """The imports that were promised to a user since `when`, come or not."""
        with failures(self._folder):
            rows = self._db.execute(
                "SELECT import_id FROM uploads WHERE user_id = ? AND created_at > ?", (user_id, when)
            ).fetchall()
        return {row["import_id"] for row in rows}

    def close(self) -> None:
        self._db.close()

    def _find(self, where: str, value: str) -> User | None:
        with failures(self._folder):
            row = self._db.execute(
                f"SELECT id, email, created_at FROM users WHERE {where}", (value,)
            ).fetchone()
        return User(*row) if row else None

    def _now(self) -> int:
        return int(self._clock().timestamp())


def _hash(password: str) -> str:
    salt = secrets.token_bytes(16)
    return f"scrypt${_N}${_R}${_P}${salt.hex()}${_scrypt(password, salt, _N, _R, _P).hex()}"


def _matches(password: str, stored: str) -> bool:
    _, n, r, p, salt, expected = stored.split("$")
    return hmac.compare_digest(
        _scrypt(password, bytes.fromhex(salt), int(n), int(r), int(p)), bytes.fromhex(expected)
    )


def _scrypt(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    return hashlib.scrypt(
        password.encode("utf-8", "surrogatepass"), salt=salt, n=n, r=r, p=p, maxmem=64 << 20, dklen=32
    )


_NOBODY = f"scrypt${_N}${_R}${_P}${'00' * 16}${'00' * 32}"


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
