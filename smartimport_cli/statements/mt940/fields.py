"""The fields of a file, `:61:` and the like, each with the line it begins at. What stands around messages (SWIFT
envelopes, the headers of some banks) belongs to no field."""

import re
from collections.abc import Iterator
from itertools import accumulate, repeat
from operator import add

Field = tuple[str, str, int]  # tag, value, line
# What comes at the beginning of a line and is known; all else is text of the field before. The `{4:` of an
# envelope may share the line with the first field.
_FIELD = re.compile(
    r"(\n|(?<=\{4:))[ \t\x01-\x03]*:(13[CD]?|20C?|21|23|25P?|28C?|34F|60[A-Z]?|61|62[A-Z]?|64|65|86|90[CD]|NS):"
)
_LONGEST = 1 << 16  # characters of a field that are kept


def fields(text: Iterator[tuple[str, int]]) -> Iterator[tuple[list[Field], int]]:
    """The fields of each block of text, with the bytes of the file read so far."""
    carry, line = "\n", 0  # a line break before the first field; the line that the carry begins at
    position = 0
    for block, position in text:
        carry += block
        cut = carry.rfind("\n:")
        if cut > 0:
            found, line = _split(carry[:cut], line)
            carry = carry[cut:]
            yield found, position
        elif len(carry) > 4 * _LONGEST:
            # A field without end: no statement has one. Its beginning is enough.
            last = carry.rfind("\n", _LONGEST)
            dropped = carry[_LONGEST:last] if last >= 0 else carry[_LONGEST:]
            line += dropped.count("\n")
            carry = carry[:_LONGEST] + (carry[last:] if last >= 0 else "")
    yield _split(carry, line)[0], position


def _split(text: str, line: int) -> tuple[list[Field], int]:
    """The fields in `text`, which begins behind `line` line breaks, and how many there are up to its end."""
    pieces = _FIELD.split(text)
    breaks, tags, values = pieces[1::3], pieces[2::3], pieces[3::3]
    more = map(str.count, values, repeat("\n"))
    line += pieces[0].count("\n") + sum(map(len, breaks[:1]))
    lines = list(accumulate(map(add, more, [*map(len, breaks[1:]), 0]), initial=line))
    return list(zip(tags, values, lines, strict=False)), lines[-1]
