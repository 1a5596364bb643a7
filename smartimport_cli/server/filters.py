"""Filters of a Realtime subscription: `import_id=eq.<uuid>`, several joined by commas, evaluated on each event."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from smartimport_cli.backends.local.tables import StoredEvent

MAX_IN = 100


class BadFilter(ValueError):
    """A filter that the database would not take; the message is for the client."""


def _moment(text: str) -> datetime:
    when = datetime.fromisoformat(text)
    return when if when.tzinfo else when.replace(tzinfo=UTC)


# How a value of a query, and the event's own, become comparable.
_COLUMNS: dict[str, Callable[[str], Any]] = {
    "id": UUID, "import_id": UUID, "user_id": UUID, "event_type": str, "created_at": _moment, "seq": int,
}  # fmt: skip
_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda a, b: a == b,
    "neq": lambda a, b: a != b,
    "lt": lambda a, b: a < b,
    "lte": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "gte": lambda a, b: a >= b,
    "in": lambda a, b: a in b,
}
_ONE = re.compile(r"(\w+)=(not\.)?(\w+)\.(.*)", re.DOTALL)


def read_filter(text: str) -> Callable[[StoredEvent], bool]:
    """Whether an event passes `text`; an empty filter lets all pass. Raises BadFilter."""
    tests = [_condition(part) for part in split(text)] if text else []
    if len(tests) == 1:
        return tests[0]
    return lambda event: all(test(event) for test in tests)


def split(text: str) -> list[str]:
    """`text` cut at commas outside quotes and parentheses."""
    parts, depth, quoted, start, at = [], 0, False, 0, 0
    while at < len(text):
        char = text[at]
        if quoted and char == "\\":
            at += 1
        elif char == '"':
            quoted = not quoted
        elif not quoted and char in "()":
            depth += 1 if char == "(" else -1
        elif char == "," and not quoted and depth == 0:
            parts.append(text[start:at])
            start = at + 1
        at += 1
    return [*parts, text[start:]]


def unquote(value: str) -> str:
    """A value without the double quotes around it, `\\"` and `\\\\` resolved."""
    if len(value) >= 2 and value[0] == value[-1] == '"':
        return re.sub(r"\\(.)", r"\1", value[1:-1])
    return value


def _condition(text: str) -> Callable[[StoredEvent], bool]:
    match = _ONE.fullmatch(text)
    if match is None:
        raise BadFilter(f"Error parsing `filter` params: {text[:100]}")
    column, negated, operator, value = match[1], bool(match[2]), match[3], match[4]
    read, test = _COLUMNS.get(column), _TESTS.get(operator)
    if read is None:
        raise BadFilter(
            f"Unable to subscribe to changes with given parameters: invalid column for filter {column}"
        )
    if test is None:
        raise BadFilter(f"Error parsing `filter` params: unknown operator {operator}")
    try:
        if operator == "in":
            if not (value.startswith("(") and value.endswith(")")):
                raise ValueError(value)
            items = split(value[1:-1])
            if len(items) > MAX_IN:
                raise BadFilter(f"Error parsing `filter` params: in. takes at most {MAX_IN} values")
            wanted: Any = {read(unquote(item)) for item in items}
        else:
            wanted = read(unquote(value))
    except BadFilter:
        raise
    except ValueError:
        raise BadFilter(
            f"Unable to subscribe to changes with given parameters: invalid value for {column}"
        ) from None
    if operator == "eq" and read is UUID and not negated:  # what nearly every follower asks
        plain = str(wanted)
        return lambda event: getattr(event, column) == plain
    return lambda event: test(read(str(getattr(event, column))), wanted) is not negated
