"""Rows written alike, read with one regular expression: nearly all rows of nearly all files.

The expression is made for the order in which the file's own rows have their tags. It matches whole rows only,
and only where every value is plain; anything else is left to the tokens (see `parser`).
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from smartimport_cli.statements.tag_order import merged

# What changes the meaning of a row, or has tags of its own inside.
_NEVER = frozenset(
    ["CATEGORY", "EXTDNAME", "PAYEE", "CURRENCY", "ORIGCURRENCY", "CURSYM", "CURRATE", "BANKACCTTO",
     "CCACCTTO", "BANKACCTFROM", "ACCTID", "BENEFIT"]
)  # fmt: skip
_REQUIRED = {"DTPOSTED", "TRNAMT"}
# All but '<' is one of the few classes that the engine scans at full speed. Nothing gives back what it took
# (*+), so time stays linear whatever stands there.
_VALUES = {
    "DTPOSTED": r"\s*+([0-9]{8})[^<]*+",
    "TRNAMT": r"\s*+([+-]?+[0-9]{1,9}+)(?:[.,]([0-9]{4}|[0-9]{1,2}))?+\s*+",
}
_CAPTURED = ("TRNTYPE", "FITID", "CHECKNUM", "NAME", "MEMO")
_PATIENCE = 32  # rows looked at before an expression is worth its making
_MOST = 12  # expressions made for one file
_NEVER_MATCHES = re.compile(r"(?!)")

Values = tuple[str, ...]


class Columns(NamedTuple):
    """Rows turned round: each value of all rows, as written, with blanks around it."""

    kinds: Sequence[str]
    days: Sequence[str]  # eight digits
    wholes: Sequence[str]  # amount before the decimal mark
    fractions: Sequence[str]  # none, one, two or four digits
    references: Sequence[str]
    numbers: Sequence[str]
    names: Sequence[str]
    memos: Sequence[str]


class RowPattern:
    """Matches `<STMTTRN>` to `</STMTTRN>` where the next row or the end follows; learns the order of tags
    from the rows that it could not read."""

    def __init__(self) -> None:
        self.pattern = _NEVER_MATCHES
        self._groups: tuple[int, ...] = ()
        self._order: list[str] = []
        self._stale = False
        self._seen = self._made = 0

    def learn(self, tags: Sequence[str]) -> None:
        """A row had these tags in this order: have a place for each, if the known order allows one."""
        self._seen += 1
        if len(tags) > 24 or not _NEVER.isdisjoint(tags):
            return
        if len(set(tags)) != len(tags) or not _REQUIRED.issubset(tags):
            return
        order = merged(self._order, tags) or list(tags)
        if order != self._order:
            self._order = order
            self._stale = True
        if self._stale and self._seen >= _PATIENCE and self._made < _MOST:
            self._made += 1
            self._stale = False
            self._compile()

    def columns(self, rows: Sequence[Values]) -> Columns:
        """What the pattern found (`findall`, or `groups("")` of each match), by value."""
        found = list(zip(*rows, strict=True))
        return Columns._make([found[group] for group in self._groups])

    @property
    def day(self) -> int:
        """Which value of a row is its date."""
        return self._groups[1]

    def _compile(self) -> None:
        parts = []
        captured: list[str] = []
        for tag in self._order:
            name = re.escape(tag)
            value = _VALUES.get(tag) or ("([^<]*+)" if tag in _CAPTURED else "[^<]*+")
            part = rf"<{name}>{value}(?:</{name}>\s*+)?+"
            parts.append(part if tag in _REQUIRED else f"(?:{part})?+")
            if tag == "TRNAMT":
                captured += ["whole", "fraction"]
            elif tag == "DTPOSTED" or tag in _CAPTURED:
                captured.append(tag)
        # The empty group at the end stands for tags that no row has.
        self.pattern = re.compile(rf"<STMTTRN>\s*+{''.join(parts)}</STMTTRN>\s*+()(?=<STMTTRN>|\Z)")
        self._groups = tuple(
            captured.index(tag) if tag in captured else len(captured)
            for tag in ("TRNTYPE", "DTPOSTED", "whole", "fraction", "FITID", "CHECKNUM", "NAME", "MEMO")
        )
