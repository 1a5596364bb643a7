"""The order in which the rows of a file have their tags, learned row by row."""

from collections.abc import Sequence


def merged(order: list[str], tags: Sequence[str]) -> list[str] | None:
    """`order` with the missing `tags` put behind their predecessors; None where the two disagree."""
    merged = list(order)
    at = 0
    for tag in tags:
        if tag in merged:
            found = merged.index(tag)
            if found < at:
                return None
            at = found + 1
        else:
            merged.insert(at, tag)
            at += 1
    return merged
