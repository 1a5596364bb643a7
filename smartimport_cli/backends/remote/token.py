"""What a token says of itself. Nothing here verifies it: that is the backend's business."""

import base64
import json
from typing import Any, NamedTuple

from smartimport_cli.core.errors import UsageError


class Tokens(NamedTuple):
    """A signed-in session. Its secrets never show in a repr, so in no traceback or log."""

    access: str
    refresh: str | None = None
    expires_at: float | None = None  # Unix seconds; None where the token does not say
    user_id: str | None = None
    email: str | None = None

    def __repr__(self) -> str:
        return f"Tokens(user_id={self.user_id!r}, expires_at={self.expires_at!r})"

    def to_json(self) -> str:
        return json.dumps(self._asdict())

    @classmethod
    def from_json(cls, text: str) -> "Tokens | None":
        """None where it is not what `to_json` wrote."""
        try:
            return cls(**json.loads(text))
        except (ValueError, TypeError):
            return None

    @classmethod
    def of(cls, access: str, refresh: str | None = None, email: str | None = None) -> "Tokens":
        """From the tokens alone. Raises UsageError `bad-token` where one could not travel in a header."""
        for token in (access, refresh or "x"):
            if not token or not token.isascii() or not token.isprintable() or " " in token:
                raise UsageError("bad-token", "That is no token.", hint="Paste it whole, on one line.")
        said = claims(access)
        expires, user = said.get("exp"), said.get("sub")
        return cls(
            access, refresh, float(expires) if isinstance(expires, int | float) else None,
            user if isinstance(user, str) else None, email or (e if isinstance(e := said.get("email"), str) else None),
        )  # fmt: skip


def claims(token: str) -> dict[str, Any]:
    """The claims of a JWT, unverified; empty where it is none."""
    try:
        body = token.split(".")[1]
        value = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (IndexError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
