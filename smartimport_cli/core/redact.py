"""Records without anything personal, for recordings that are shown to others.

What an import did stays: its events in order, their times, counts, verdicts, codes. Whose money it was goes: names,
texts and amounts keep their length and signs only, and what was concluded from them is left out.
"""

import re
from typing import Any

_NOBODY = "00000000-0000-0000-0000-000000000000"
# Strings that say what happened, not what was in the statement. Every other string loses its letters and digits.
_KEPT = frozenset(
    "importId handoffId code digest verdict method breaksAt first last date currency choice title value status source"
    .split()
)  # fmt: skip
_OURS = frozenset(["error", "message", "hint", "explanation"])  # sentences of ours, with foreign parts in them
_DIGIT = re.compile(r"\d")
_LETTER = re.compile(r"[^\W\d_]")


class Redactor:
    """Turns the wire form of records into one that may be shown; one for each recording, it learns the names of
    files from the events."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        """`row` (an `import_events` row) with its payload redacted."""
        payload = row.get("payload")
        if isinstance(payload, dict):
            if isinstance(name := payload.get("fileName"), str) and name:
                _, dot, suffix = name.rpartition(".")
                self._names[name] = f"statement{dot}{suffix}" if dot and len(suffix) <= 5 else "statement"
            payload = {key: self._value(key, value) for key, value in payload.items()}
        return {**row, "user_id": _NOBODY if row.get("user_id") else None, "payload": payload}

    def _value(self, key: str, value: Any) -> Any:
        if key == "insights":
            return {}
        if isinstance(value, dict):
            return {inner: self._value(inner, item) for inner, item in value.items()}
        if isinstance(value, list):
            return [self._value(key, item) for item in value]
        if not isinstance(value, str) or key in _KEPT:
            return value
        if key == "userId":
            return _NOBODY
        if key == "fileName":
            return self._names.get(value, "statement")
        if key in _OURS:
            for name, stands_for in self._names.items():
                value = value.replace(name, stands_for)
            return _DIGIT.sub("9", value)
        return _LETTER.sub("x", _DIGIT.sub("9", value))
