"""Rows written alike, read with one regular expression: nearly all rows of nearly all files.

The expression is made for the order in which the file's own rows have their tags. It matches whole rows only,
and only where every value is plain; anything else is left to the tokens (see `parser`).
"""

import re
from collections.abc import Callable, Sequence

FIELDS = ("TRNTYPE", "DTPOSTED", "TRNAMT", "FITID", "NAME", "MEMO", "CHECKNUM")
STANDARD = (
    "TRNTYPE", "DTPOSTED", "DTUSER", "DTAVAIL", "TRNAMT", "FITID", "SRVRTID", "CHECKNUM", "REFNUM", "SIC",
    "PAYEEID", "NAME", "MEMO",
)  # fmt: skip
# What changes the meaning of a row, or has tags of its own inside.
_NEVER = frozenset(
    "CATEGORY EXTDNAME PAYEE CURRENCY ORIGCURRENCY CURSYM CURRATE BANKACCTTO CCACCTTO BANKACCTFROM ACCTID".split()
)
_VALUES = {
    "DTPOSTED": r"[ \t]*+([0-9]{8})[^<\r\n]*+",
    "TRNAMT": r"[ \t]*+([+-]?[0-9]{1,9}[.,][0-9]{2})(?![0-9])",
}
_REQUIRED = {"DTPOSTED", "TRNAMT"}
_LEARN = 8  # orders tried for one file at the most

Match = Callable[[str], "re.Match[str] | None"]


class RowPattern:
    """Reads the text behind one `<STMTTRN>`; learns the order of tags from the rows it could not read."""

    def __init__(self) -> None:
        self._order: list[str] = list(STANDARD)
        self._lessons = 0
        self.match: Match
        self.groups: tuple[int, ...]
        self._compile()

    def learn(self, tags: Sequence[str]) -> None:
        """A row had these tags in this order: have a place for each, if the known order allows one."""
        if self._lessons >= _LEARN or len(tags) > 24 or not _NEVER.isdisjoint(tags):
            return
        if len(set(tags)) != len(tags) or not _REQUIRED.issubset(tags):
            return
        order = _merged(self._order, tags) or list(tags)
        self._lessons += 1
        if order != self._order:
            self._order = order
            self._compile()

    def _compile(self) -> None:
        parts = []
        for tag in self._order:
            name = re.escape(tag)
            value = _VALUES.get(tag) or (r"([^<\r\n]*+)" if tag in FIELDS else r"[^<\r\n]*+")
            part = rf"<{name}>{value}\s*+(?:</{name}>\s*+)?+"
            parts.append(part if tag in _REQUIRED else f"(?:{part})?+")
        # The empty group at the end stands for tags that no row has.
        pattern = re.compile(rf"\s*+{''.join(parts)}</STMTTRN>\s*+()")
        captured = [tag for tag in self._order if tag in FIELDS]
        self.groups = tuple(
            (captured.index(tag) if tag in captured else len(captured)) + 1 for tag in FIELDS
        )
        self.match = pattern.fullmatch


def _merged(order: list[str], tags: Sequence[str]) -> list[str] | None:
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
