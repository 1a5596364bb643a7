"""Structured logs: one JSON object a line. What identifies a person is cut, what is secret is left out."""

import json
import re
from collections.abc import Callable
from typing import Any

from smartimport_cli.backends.local.store import Clock
from smartimport_cli.core.privacy import mask_numbers
from smartimport_cli.core.text import clean

_SECRET = ("secret", "token", "password", "key", "authorization")
_CUT = ("user", "user_id", "session", "session_id")
_LONGEST = 200
_CREDENTIAL = re.compile(
    r"(?i)\b(authorization\s*[:=]\s*(?:\w+\s+)?|(?:bearer|basic)\s+|(?:api[_-]?key|(?:access|refresh)[_-]?token|token|"
    r"secret|password|passwd|key)\"?\s*[:=]\s*)(?:\"[^\"]*\"|[^\s\"',;&]+)|\beyJ[\w-]+\.[\w-]+\.[\w-]*"
)
_NATIONAL_ID = re.compile(r"\b\d{3}-\d{2}-\d{4}\b")


class Log:
    """Writes events through `write`, which gets a line without its end; `debug` ones only where that was asked for."""

    def __init__(self, write: Callable[[str], object], clock: Clock, *, debug: bool = False) -> None:
        self._write = write
        self._clock = clock
        self._debug = debug

    def debug(self, event: str, **context: Any) -> None:
        """A line for looking into trouble; left out unless it was asked for."""
        if self._debug:
            self._line("debug", event, context)

    def info(self, event: str, **context: Any) -> None:
        """What happened."""
        self._line("info", event, context)

    def error(self, event: str, **context: Any) -> None:
        """What went wrong; an exception becomes its name and its words."""
        self._line("error", event, context)

    def _line(self, level: str, event: str, context: dict[str, Any]) -> None:
        line = {
            "timestamp": self._clock().isoformat(), "level": level, "event": event,
            "context": {
                name: _shown(name, value)
                for name, value in context.items()
                if not any(word in name.lower() for word in _SECRET)
            },
        }  # fmt: skip
        self._write(json.dumps(line, ensure_ascii=False))


def without_secrets(text: str) -> str:
    """`text` as it may be shown or logged: credentials, card numbers and national ids masked, one clean line."""
    text = _CREDENTIAL.sub(lambda match: f"{match[1] or ''}***", text)
    return mask_numbers(_NATIONAL_ID.sub("***", clean(text)))


def _shown(name: str, value: Any) -> Any:
    if isinstance(value, BaseException):
        value = f"{type(value).__name__}: {value}"
    if not isinstance(value, str):
        return value
    if name in _CUT:
        return value[:8]
    text = without_secrets(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
