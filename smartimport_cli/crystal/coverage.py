"""What is there of each account: covered months, gaps, overlaps, and whether one statement ends where the next
one begins."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from smartimport_cli.crystal.history import Month
from smartimport_cli.crystal.months import days_of, month_of, shifted

_QUIET_DAYS = 10  # a statement's days are those of its rows: so many days may simply have had none


@dataclass(frozen=True, slots=True)
class StatementPeriod:
    """One committed statement: days as ordinals (both included), balances in units, the proof's verdict."""

    account: str  # key
    label: str
    currency: str | None
    file: str
    first: int
    last: int
    opening: int | None = None
    closing: int | None = None
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class Break:
    """The earlier statement does not end where the later one begins."""

    before: StatementPeriod
    after: StatementPeriod


@dataclass(slots=True)
class Coverage:
    """Of one account in one currency."""

    account: str
    label: str
    currency: str | None
    statements: list[StatementPeriod]  # by day
    months: list[Month] = field(default_factory=list)
    gaps: list[tuple[int, int]] = field(default_factory=list)  # ordinals, both included
    overlaps: list[tuple[int, int]] = field(default_factory=list)
    breaks: list[Break] = field(default_factory=list)

    @property
    def first(self) -> int:
        return self.statements[0].first

    @property
    def last(self) -> int:
        return max(statement.last for statement in self.statements)


def cover(periods: Iterable[StatementPeriod], edge: int) -> list[Coverage]:
    """Each account's statements in a row. `edge`: days that may be missing at the ends of a whole month."""
    accounts: dict[tuple[str, str | None], list[StatementPeriod]] = defaultdict(list)
    for period in periods:
        accounts[period.account, period.currency].append(period)
    found = []
    for (account, currency), statements in accounts.items():
        ordered = sorted({(s.first, s.last): s for s in statements}.values(), key=lambda s: (s.first, s.last))
        coverage = Coverage(account, ordered[0].label, currency, ordered)
        _compare(coverage, ordered)
        coverage.months = _whole_months(coverage, edge)
        found.append(coverage)
    found.sort(key=lambda coverage: (coverage.label, coverage.account, coverage.currency or ""))
    return found


def _compare(coverage: Coverage, ordered: Sequence[StatementPeriod]) -> None:
    reached = ordered[0]
    for before, after in pairwise(ordered):
        reached = max(reached, before, key=lambda s: s.last)
        if after.first <= reached.last:
            if after.first < reached.last:
                coverage.overlaps.append((after.first, min(after.last, reached.last)))
            if after.first < reached.last:
                continue  # rows of both: the balance in between stands in neither
        days = after.first - reached.last - 1
        known = reached.closing is not None and after.opening is not None
        if known and reached.closing == after.opening:
            continue
        if days > _QUIET_DAYS:
            coverage.gaps.append((reached.last + 1, after.first - 1))
        elif known:
            coverage.breaks.append(Break(reached, after))


def _whole_months(coverage: Coverage, edge: int) -> list[Month]:
    missing = [
        (max(first, 0), last)
        for first, last in coverage.gaps
    ]
    months = []
    month = month_of(coverage.first)
    while month <= month_of(coverage.last):
        first, last = days_of(month)
        inside = coverage.first <= first + edge and coverage.last >= last - edge
        if inside and not any(begin <= last and end >= first for begin, end in missing):
            months.append(month)
        month = shifted(month, 1)
    return months


def day(ordinal: int) -> str:
    """ISO date of an ordinal."""
    return date.fromordinal(ordinal).isoformat()
