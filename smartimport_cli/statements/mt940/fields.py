"""The fields of a text, `:61:` and the like, each with the line it begins at. What stands around messages (SWIFT
envelopes, the headers of some banks) belongs to no field."""

import re
from itertools import accumulate, repeat
from operator import add

Field = tuple[str, str, int]  # tag, value, line
# What comes at the beginning of a line and is known; all else is text of the field before. The `{4:` of an
# envelope may share the line with the first field.
_FIELD = re.compile(
    r"(\n|(?<=\{4:))[ \t\x01-\x03]*:(13[CD]?|20C?|21|23|25P?|28C?|34F|60[A-Z]?|61|62[A-Z]?|64|65|86|90[CD]|NS):"
)
_LONGEST = 1 << 14  # characters of a field that are kept
_END = re.compile(r"\n-[ \x01\x03]*(?:\}|\n|\Z)")


def fields(text: str, line: int) -> tuple[list[Field], int]:
    """The fields in `text`, which begins behind `line` line breaks, and how many there are up to its end."""
    pieces = _FIELD.split(text)
    breaks, tags, values = pieces[1::3], pieces[2::3], pieces[3::3]
    more = map(str.count, values, repeat("\n"))
    line += pieces[0].count("\n") + sum(map(len, breaks[:1]))
    lines = list(accumulate(map(add, more, [*map(len, breaks[1:]), 0]), initial=line))
    return list(zip(tags, map(_without_end, values), lines, strict=False)), lines[-1]


def _without_end(value: str) -> str:
    """`value` without the line that ends a message, and what follows it."""
    if "\n-" in value and (end := _END.search(value)):
        value = value[: end.start()]
    return value[:_LONGEST]
