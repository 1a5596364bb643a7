"""Where a session's secrets lie: the keyring of the operating system, or a file of the user's alone."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from smartimport_cli.backends.remote.token import Tokens
from smartimport_cli.core.errors import SmartImportError
from smartimport_cli.core.text import clean

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "smartimport"
# Those that keep secrets encrypted under the user's own login. Others (plain text files, remote stores) may
# register themselves by being installed; they are not used.
KEYRINGS = frozenset({
    "keyring.backends.SecretService", "keyring.backends.libsecret", "keyring.backends.kwallet",
    "keyring.backends.macOS", "keyring.backends.Windows",
})  # fmt: skip


class Credentials:
    """The stored session for one backend. `key` names the profile and the origin it is bound to: a profile
    that points elsewhere finds nothing."""

    def __init__(self, folder: Path, key: str) -> None:
        self._folder = folder
        self._key = key

    def load(self) -> Tokens | None:
        """The session; None where there is none."""
        keyring = _keyring()
        if keyring is not None:
            with suppress(Exception):  # locked, or its service has gone: then the file may have it
                if stored := keyring.get_password(SERVICE, self._key):
                    return Tokens.from_json(stored)
        return Tokens.from_json(self._file().get(self._key, ""))

    def save(self, tokens: Tokens) -> str:
        """Keep the session; says where, for people."""
        keyring = _keyring()
        if keyring is not None:
            with suppress(Exception):  # locked, or too small for a token (Windows)
                keyring.set_password(SERVICE, self._key, tokens.to_json())
                self._write({key: value for key, value in self._file().items() if key != self._key})
                return "in the keyring of this system"
        self._write({**self._file(), self._key: tokens.to_json()})
        return f"in {clean(str(self._path))}, which only you can read (this system offers no keyring)"

    def forget(self) -> bool:
        """Remove the session from everywhere; whether there was one."""
        found = self.load() is not None
        keyring = _keyring()
        if keyring is not None:
            with suppress(Exception):
                keyring.delete_password(SERVICE, self._key)
        if self._key in (stored := self._file()):
            self._write({key: value for key, value in stored.items() if key != self._key})
        return found

    @property
    def _path(self) -> Path:
        return self._folder / "credentials.json"

    @property
    def lock_file(self) -> Path:
        """Held while a refresh token is used: it can be used once."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return self._folder / "credentials.lock"

    def _file(self) -> dict[str, str]:
        import json

        try:
            with self._path.open("rb") as stream:
                if os.name == "posix" and os.fstat(stream.fileno()).st_mode & 0o077:
                    raise SmartImportError(
                        "credentials-open", f"{clean(str(self._path))} can be read by others; it was not used.",
                        hint="Its tokens are no longer secret: delete it, then smartimport login.",
                    )  # fmt: skip
                value = json.load(stream)
        except (FileNotFoundError, ValueError):
            return {}
        return {k: v for k, v in value.items() if isinstance(v, str)} if isinstance(value, dict) else {}

    def _write(self, stored: dict[str, str]) -> None:
        import json

        if not stored:
            self._path.unlink(missing_ok=True)
            return
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        number, name = tempfile.mkstemp(dir=self._folder, prefix=".credentials-")  # 0600 from the start
        try:
            with os.fdopen(number, "w") as stream:
                json.dump(stored, stream)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(name, self._path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def _keyring() -> "KeyringBackend | None":
    """The system's keyring, if it is one of KEYRINGS."""
    try:
        import keyring
        from keyring.backends.chainer import ChainerBackend

        chosen = keyring.get_keyring()
        offered = chosen.backends if isinstance(chosen, ChainerBackend) else [chosen]
    except Exception:  # a plugin that cannot be loaded, no session bus: there is no keyring then
        return None
    return next((one for one in offered if type(one).__module__ in KEYRINGS), None)
