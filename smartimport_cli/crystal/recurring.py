"""Payments that come again and again: their rhythm, their price and how it changed, the next day, and what
did not come."""

from array import array
from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain, pairwise
from statistics import median
from typing import NamedTuple

from smartimport_cli.crystal.history import Payment, Payments
from smartimport_cli.crystal.thresholds import Thresholds


class _Rhythm(NamedTuple):
    name: str
    shortest: int  # days from one payment to the next, with what weekends and posting move
    longest: int
    months: int  # 0: counted in days
    length: float  # days of a turn


_RHYTHMS = (
    _Rhythm("weekly", 5, 9, 0, 7),
    _Rhythm("every two weeks", 12, 16, 0, 14),
    _Rhythm("twice a month", 12, 19, 0, 15.22),
    _Rhythm("every four weeks", 26, 30, 0, 28),
    _Rhythm("monthly", 25, 36, 1, 30.44),
    _Rhythm("every two months", 55, 67, 2, 60.88),
    _Rhythm("quarterly", 84, 98, 3, 91.31),
    _Rhythm("every six months", 175, 190, 6, 182.62),
    _Rhythm("yearly", 353, 378, 12, 365.25),
)
_TWICE_ONLY = {"monthly", "yearly"}  # two payments of one amount are enough to say 'probably'
_SPREAD, _SPREAD_OF_DAYS = 0.19, 0.12  # how far the intervals of a rhythm are from its length, as a share
_LEAST_OF_PRICE = 3  # payments of one amount that may be a series among others
_INDEX = (1 << 40) - 1  # the part of a place that is the row's index
_MOST_MISSED = 3  # turns in a row that may be missed within a series


@dataclass(frozen=True, slots=True)
class Series:
    """One series of payments of a merchant."""

    rhythm: str
    amount: int  # the latest
    usual: int  # the median of the present price
    variable: bool
    payments: tuple[Payment, ...]  # oldest first
    next_date: date | None  # None where it has stopped
    status: str  # new, running, late, stopped
    probable: bool
    changes: tuple[tuple[int, Payment], ...]  # the price before, and the first payment at the new one
    missed: tuple[date, ...]
    trial: Payment | None
    per_year: int  # units

    @property
    def previous_amount(self) -> int | None:
        """The price before, where the latest payment changed it."""
        if self.changes and self.changes[-1][1] is self.payments[-1] and len(self.payments) > 2:
            return self.changes[-1][0]
        return None

    @property
    def often(self) -> bool:
        """Whether it comes at least once a month."""
        return next(rhythm.length for rhythm in _RHYTHMS if rhythm.name == self.rhythm) < 31


def find(parts: Sequence[Payments], first: int, last: int, limits: Thresholds) -> list[Series]:
    """The series in one merchant's payments of one account and direction. `first` and `last` are the ordinals
    that the account's rows lie between."""
    count = sum(map(len, parts))
    if count < 2:
        return []
    finder = _Finder(first, last, limits)
    begin, end = min(min(part.days) for part in parts), max(max(part.days) for part in parts)
    # More often than the quickest rhythm: only payments of the same amount can be a series among them.
    if count > (end - begin) / _RHYTHMS[0].shortest + 2:
        return finder.by_amount(_of_amounts(parts, limits), count)
    rows = sorted(row for part in parts for row in part)
    if whole := finder.fit(rows):
        return finder.by_pause(whole)
    once = _without_repeats(rows, limits.repeated_days)
    if len(once) < len(rows) and len(once) >= 4 and (whole := finder.fit(once)):
        return finder.by_pause(whole)
    groups: dict[int, list[Payment]] = defaultdict(list)
    for row in rows:
        groups[row.amount].append(row)
    return [_without_paid(series, rows, limits.late_days) for series in finder.by_amount(groups.values(), count)]


def _without_paid(series: Series, rows: Sequence[Payment], days: int) -> Series:
    """`series` without the missed days on which the merchant had another amount: a salary with its thirteenth."""
    if not series.missed:
        return series
    all_days = [row.day for row in rows]
    return replace(
        series,
        missed=tuple(
            day
            for day in series.missed
            if bisect_left(all_days, day.toordinal() - days) == bisect_right(all_days, day.toordinal() + days)
        ),
    )


def _of_amounts(parts: Sequence[Payments], limits: Thresholds) -> Iterator[list[Payment]]:
    """The payments of each amount that has a rhythm, one amount at a time: a merchant can have a million rows, and
    their days alone say of most amounts that they are none."""
    places: dict[int, array[int]] = defaultdict(lambda: array("q"))
    for number, part in enumerate(parts):
        for index, amount in enumerate(part.amounts):
            places[amount].append(number << 40 | index)
    for found in places.values():
        if len(found) < _LEAST_OF_PRICE:
            continue
        days = sorted([parts[place >> 40].days[place & _INDEX] for place in found])
        gaps = _gaps_without_repeats(days, limits.repeated_days)
        if len(gaps) + 1 >= _LEAST_OF_PRICE and _rhythm(gaps, limits) is not None:
            yield [parts[place >> 40].row(place & _INDEX) for place in found]


def _gaps_without_repeats(days: Sequence[int], repeated_days: int) -> list[int]:
    """The days between payments of one amount; those that are the same again within days do not count."""
    gaps, last = [], days[0]
    for day in days:
        if day - last > repeated_days:
            gaps.append(day - last)
            last = day
    return gaps


@dataclass(slots=True)
class _Finder:
    first: int
    last: int
    limits: Thresholds

    def fit(self, rows: Sequence[Payment]) -> Series | None:
        """The series that all of `rows` are; the first may be a trial."""
        found = self._fit(rows, True, None)
        # A trial is told by its price: the same rows without it are a series of the full price.
        if len(rows) >= 3 and abs(rows[0].amount) <= abs(rows[1].amount) * self.limits.trial_share:
            gap = rows[1].day - rows[0].day
            later = self._fit(rows[1:], True, rows[0])
            if later is not None and 3 <= gap <= 100:
                return later
        return found

    def _fit(self, rows: Sequence[Payment], varied: bool, trial: Payment | None) -> Series | None:
        if len(rows) < 2:
            return None
        gaps = [after.day - before.day for before, after in pairwise(rows)]
        rhythm = _rhythm(gaps, self.limits)
        if rhythm is None:
            return None
        amounts = [row.amount for row in rows]
        changes = self._prices(rows)
        steady = changes is not None
        if not steady and not (varied and self._varies_little(amounts, rhythm)):
            return None
        probable = len(rows) == 2
        if probable and (rhythm.name not in _TWICE_ONLY or amounts[0] != amounts[1]):
            return None
        return self._series(rows, rhythm, changes or [], not steady, probable or len(rows) < (3 if steady else 4), trial)

    def by_pause(self, whole: Series) -> list[Series]:
        """A pause of more turns than may be missed ends one series, and another begins after it; where one of
        them would be none, it is still the whole."""
        if len(whole.missed) <= _MOST_MISSED:
            return [whole]
        (rhythm,) = (rhythm for rhythm in _RHYTHMS if rhythm.name == whole.rhythm)
        pieces = [[whole.payments[0]]]
        for before, after in pairwise(whole.payments):
            if round((after.day - before.day) / rhythm.length) > _MOST_MISSED + 1:
                pieces.append([])
            pieces[-1].append(after)
        found = [series for piece in pieces if (series := self.fit(piece)) and series.rhythm == whole.rhythm]
        return found if len(found) == len(pieces) else [whole]

    def by_amount(self, groups: Iterable[list[Payment]], among: int) -> list[Series]:
        """Series in the payments of each amount (`groups`), among `among` payments of all kinds: equal amounts, one
        price after the other."""
        chains: list[list[Payment]] = []
        for rows in groups:
            if len(rows) < _LEAST_OF_PRICE:
                continue
            rows.sort()
            once = _without_repeats(rows, self.limits.repeated_days)
            if len(once) >= _LEAST_OF_PRICE and self._fit(once, False, None):
                chains.append(once)
        chains.sort(key=lambda rows: rows[0])
        joined: list[list[Payment]] = []
        for rows in chains:
            for before in joined:
                if before[-1].day < rows[0].day and self._fit([*before, *rows], False, None):
                    before += rows
                    break
            else:
                joined.append(rows)
        found = []
        for rows in joined:
            series = self._fit(rows, False, None)
            # Three equal amounts among many other payments may be chance.
            if series and (len(rows) >= 4 or among <= 2 * len(rows)):
                found.append(series)
        return found

    def _prices(self, rows: Sequence[Payment]) -> list[tuple[int, Payment]] | None:
        """The changes of a price that stays for a while; None where amounts differ from payment to payment."""
        changes = [
            (before.amount, after) for before, after in pairwise(rows) if before.amount != after.amount
        ]
        if len(changes) > max(1, len(rows) // 4):
            return None
        for before, row in changes:
            ratio = row.amount / before if before else 0.0
            if not 1 / self.limits.price_ratio <= ratio <= self.limits.price_ratio:
                return None
        if len(changes) < 2:
            return changes
        lasting = _without_single_ones(rows)
        return [(before.amount, after) for before, after in pairwise(lasting) if before.amount != after.amount]

    def _varies_little(self, amounts: Sequence[int], rhythm: _Rhythm) -> bool:
        slow = rhythm.length > 28
        usual = median(amounts)
        if not usual or len(amounts) < (3 if slow else 6):
            return False
        spread = median(abs(amount - usual) for amount in amounts) / abs(usual)
        ratio = self.limits.price_ratio if slow else 1.6
        return spread <= (
            self.limits.recurring_spread if slow else self.limits.recurring_spread_weekly
        ) and all(1 / ratio <= amount / usual <= ratio for amount in amounts)

    def _series(
        self, rows: Sequence[Payment], rhythm: _Rhythm, changes: list[tuple[int, Payment]], variable: bool,
        probable: bool, trial: Payment | None,
    ) -> Series:  # fmt: skip
        last = rows[-1]
        due = _next(rhythm, last.date)
        slack = self.limits.late_days + (rhythm.longest - rhythm.shortest) // 4
        status = "running"
        if self.last > _next(rhythm, due).toordinal() + slack or (
            rhythm.months == 12 and self.last > due.toordinal() + 5 * slack
        ):
            status = "stopped"
        elif self.last > due.toordinal() + slack:
            status = "late"
        elif rows[0].day - self.first > rhythm.longest and self.last - rows[0].day <= 2 * rhythm.longest:
            status = "new"
        missed = _missed(rows, rhythm)
        present = [row.amount for row in rows]
        if changes and not variable:
            present = [row.amount for row in rows if row.day >= changes[-1][1].day]
        usual = int(median(present))
        turns = 12 / rhythm.months if rhythm.months else round(365.25 / rhythm.length)
        return Series(
            rhythm.name, last.amount, usual, variable, (trial, *rows) if trial else tuple(rows),
            None if status == "stopped" else due, status, probable, tuple(changes), missed, trial,
            int(usual * turns),
        )  # fmt: skip


def _rhythm(gaps: Sequence[int], limits: Thresholds) -> _Rhythm | None:
    """The rhythm that most of the gaps are a turn of; gaps of several turns were missed."""
    best: tuple[float, float, _Rhythm] | None = None
    gaps = sorted(gaps)
    for rhythm in _RHYTHMS:
        if rhythm.shortest > gaps[-1]:
            break
        begin, end = bisect_left(gaps, rhythm.shortest), bisect_right(gaps, rhythm.longest)
        share = (end - begin) / len(gaps)
        if share < limits.recurring_share or begin == end:
            continue
        direct = gaps[begin:end]
        slack = (rhythm.longest - rhythm.shortest) / 2
        strays = sum(
            not any(abs(gap - turns * rhythm.length) <= slack for turns in range(2, _MOST_MISSED + 2))
            for gap in chain(gaps[:begin], gaps[end:])
        )
        if strays > (limits.recurring_strays * len(gaps) if len(gaps) >= 4 else 0):
            continue
        off = abs(sum(direct) / len(direct) - rhythm.length) / rhythm.length
        if len(direct) >= 12 and off > 0.06:
            continue
        # Chance days make gaps of all lengths: those of a rhythm are all about the same.
        spread = sum(abs(gap - rhythm.length) for gap in direct) / len(direct) / rhythm.length
        if len(direct) >= 4 and spread > (_SPREAD if rhythm.months else _SPREAD_OF_DAYS):
            continue
        if rhythm.name == "every four weeks" and (
            len(direct) < 2 or any(abs(gap - 28) > (len(direct) > 2) for gap in direct)
        ):
            continue
        if rhythm.name == "twice a month" and len(direct) < 4:
            continue
        if best is None or (-share, off) < best[:2]:
            best = (-share, off, rhythm)
    return best[2] if best else None


def _missed(rows: Sequence[Payment], rhythm: _Rhythm) -> tuple[date, ...]:
    """The days on which nothing came. A payment that is late by half a turn (a holiday) leaves no gap where the
    ones around it are as far apart as they should be."""
    missed = []
    for place, (before, after) in enumerate(pairwise(rows)):
        turns = round((after.day - before.day) / rhythm.length)
        if turns < 2:
            continue
        around = []
        if place:
            around.append(after.day - rows[place - 1].day)
        if place + 2 < len(rows):
            around.append(rows[place + 2].day - before.day)
        if not any(round(days / rhythm.length) <= turns for days in around):
            missed += [_next(rhythm, before.date, turn) for turn in range(1, turns)]
    return tuple(missed)


def _without_repeats(rows: Sequence[Payment], days: int) -> list[Payment]:
    """`rows` without those that are the same again within days."""
    kept: list[Payment] = []
    for row in rows:
        if not (kept and kept[-1].amount == row.amount and row.day - kept[-1].day <= days):
            kept.append(row)
    return kept


def _without_single_ones(rows: Sequence[Payment]) -> list[Payment]:
    """`rows` without each that alone had another amount, as wages with a bonus: before it and after it the price
    is the same, or nearly so and stays."""
    kept = list(rows[:1])
    for at in range(1, len(rows) - 1):
        before, amount, after = kept[-1].amount, rows[at].amount, rows[at + 1].amount
        back = after == before
        stays = at + 2 < len(rows) and rows[at + 2].amount == after
        apart = min(abs(amount - before), abs(amount - after))
        if amount != before and (back or (stays and apart > 2 * abs(after - before))):
            continue
        kept.append(rows[at])
    return [*kept, *rows[max(1, len(rows) - 1) :]]


def _next(rhythm: _Rhythm, last: date, turns: int = 1) -> date:
    if not rhythm.months:
        ordinal = last.toordinal() + round(rhythm.length * turns)
        return date.fromordinal(min(ordinal, date.max.toordinal()))
    index = last.year * 12 + last.month - 1 + rhythm.months * turns
    year, month = divmod(index, 12)
    if year > date.max.year:
        return date.max
    # A payment on the last day of a month is due on the last day.
    day = 31 if last.day == monthrange(last.year, last.month)[1] and last.day >= 30 else last.day
    return date(year, month + 1, min(day, monthrange(year, month + 1)[1]))


def due_dates(series: Series, until: date) -> list[date]:
    """The days after its last payment on which a series that goes on comes, up to `until`."""
    rhythm = next(rhythm for rhythm in _RHYTHMS if rhythm.name == series.rhythm)
    found: list[date] = []
    when = series.next_date
    turns = 1
    while when is not None and when <= until and len(found) < 60:
        found.append(when)
        turns += 1
        when = _next(rhythm, series.payments[-1].date, turns)
        if when <= found[-1]:
            when = found[-1] + timedelta(1)
    return found
