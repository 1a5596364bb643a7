"""How much of what is true is found, and how much of what is found is true: `python -m tests.crystal.truth`.

For each kind of finding the planted facts of generated households are compared, row by row, with what the
analysis says. A series counts as found where its rhythm is right and at least eight of ten rows are the same.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial

from smartimport_cli.crystal.categories import FEES, INTEREST
from smartimport_cli.crystal.findings import Background, Found, find
from smartimport_cli.crystal.recurring import Series as FoundSeries
from tests.crystal.households import IMPORT, Facts, Ledger, Series, ledgers
from tests.crystal.lives import Life, lives

GOALS = {"recurring payments": 0.95, "transfers": 0.95}
OTHER_GOAL = 0.9

Score = Counter[str]  # right, missed, wrong


def score(ledger: Ledger | Life) -> tuple[dict[str, Score], list[str]]:
    """Counts by kind of finding, and a line for each mistake."""
    statements = ledger.statements if isinstance(ledger, Life) else ()
    findings = find(ledger.transactions, IMPORT, Background(statements=statements))
    currencies = findings.currencies
    scores: dict[str, Score] = {}
    mistakes: list[str] = []
    facts = ledger.facts
    either = {row.line for row in facts.either}

    def count(kind: str, true: Iterable[object], said: Iterable[object]) -> None:
        true, said = set(true), set(said)
        said -= {item for item in said - true if item in either}
        scores[kind] = Counter(right=len(true & said), missed=len(true - said), wrong=len(said - true))
        for mark, items in (("missed", true - said), ("wrong", said - true)):
            mistakes.extend(f"{ledger.kind}: {kind}: {mark}: {_told(ledger, item)}" for item in items)

    pairs = _matched(facts, currencies)
    count(
        "recurring payments",
        [(s.rhythm, s.lines) for s in facts.series],
        [(true.rhythm, true.lines) if true else (said.rhythm, _lines(said)) for said, true in pairs],
    )
    both = [(said, true) for said, true in pairs if true]
    count(
        "price changes",
        [row.line for s in facts.series if s.asked for row in s.rises],
        [
            row.line
            for said, true in pairs
            if not said.variable and (true is None or true.asked)
            for _, row in said.changes
        ],
    )
    count(
        "missed payments",
        [(s.lines, day.year, day.month) for s in facts.series for day in s.missed],
        [
            (true.lines if true else _lines(said), day.year, day.month)
            for said, true in pairs
            for day in map(partial(_as_planned, true), said.missed)
            if not (true and true.paused and true.paused[0] <= day <= true.paused[1])
        ],
    )
    count(
        "stopped payments",
        [s.lines for _, s in both if s.stopped],
        [s.lines for said, s in both if said.status == "stopped"],
    )
    count(
        "trials",
        [s.trial.line for s in facts.series if s.trial],
        [said.trial.line for said, _ in pairs if said.trial],
    )
    count(
        "salaries",
        [s.lines for s in facts.series if s.salary],
        [
            true.lines if true else _lines(said)
            for said, true in pairs
            if any(said is s for found in currencies for _, s in found.salaries)
            and not (true and true.salary is None)
        ],
    )
    count(
        "transfers",
        [(a.line, b.line) for a, b in facts.transfers],
        [(p.out.line, p.into.line) for found in currencies for p in found.transfers],
    )
    count(
        "refunds",
        [row.line for row in facts.refunds],
        [refund.row.line for found in currencies for refund in found.refunds],
    )
    count(
        "double charges",
        [(a.line, b.line) for a, b in facts.doubles],
        [(a.line, b.line) for found in currencies for _, (a, b) in found.repeated],
    )
    count(
        "unusual amounts",
        [row.line for row in facts.unusual],
        [item.row.line for found in currencies for item in found.unusual],
    )
    for kind, category, rows in (("fees", FEES, facts.fees), ("interest", INTEREST, facts.interest)):
        count(
            kind,
            [row.line for row in rows],
            [row.line for found in currencies for p in found.payments if p.category == category for row in p],
        )
    if facts.first_time is not None:
        count(
            "first-time merchants",
            [row.line for row in facts.first_time],
            [row.line for found in currencies for _, row, _ in found.first_time],
        )
    for kind, true, which in (("gaps", facts.gaps, "gaps"), ("overlaps", facts.overlaps, "overlaps")):
        if true is not None:
            count(
                f"{kind} of statements",
                [_middle(*span) for span in true],
                [_middle(c.account, *span) for c in findings.coverage for span in getattr(c, which)],
            )
    return scores, mistakes


def _as_planned(true: Series | None, day: date) -> date:
    """The day that was planned, where the one that is said is near it."""
    planned = true.missed if true else ()
    return next((wanted for wanted in planned if abs((wanted - day).days) <= 10), day)


def _middle(account: str, first: int, last: int) -> tuple[str, int, int]:
    """Days of statements are those of their rows, a few away from those that were planned."""
    middle = date.fromordinal((first + last) // 2)
    return account, middle.year, middle.month


def _lines(series: FoundSeries) -> frozenset[int]:
    return frozenset(row.line for row in series.payments)


def _matched(facts: Facts, currencies: Sequence[Found]) -> list[tuple[FoundSeries, Series | None]]:
    """Each series that was found, with the true one that it is; without those that may be seen either way."""
    either = {row.line for row in facts.either} | {row.line for s in facts.series for row in s.before}
    matched = []
    for _, series in (item for found in currencies for item in found.series):
        lines = _lines(series)
        true = next((s for s in facts.series if s.rhythm == series.rhythm and _same(lines, s)), None)
        if true or len(lines & either) < 0.8 * len(lines):
            matched.append((series, true))
    return matched


def _same(lines: frozenset[int], true: Series) -> bool:
    whole = true.lines | {row.line for row in true.before}
    return any(len(lines & rows) >= 0.8 * len(lines | rows) for rows in (true.lines, whole))


def _told(ledger: Ledger | Life, item: object) -> str:
    by_line = {row.line: row for row in ledger.rows}

    def told(part: object) -> str:
        if isinstance(part, int) and part in by_line:
            row = by_line[part]
            return f"{row.day} {row.cents / 100:.2f} {row.text}"
        if isinstance(part, frozenset):
            lines = sorted(part)
            return f"[{len(lines)} rows, {told(lines[0])} ... {told(lines[-1])}]"
        if isinstance(part, tuple):
            return " | ".join(map(told, part))
        return str(part)

    return told(item)


def total(seeds: range, told: Callable[[range], Iterable[Ledger | Life]] = ledgers) -> tuple[dict[str, Score], list[str]]:
    """Over all kinds of households."""
    scores: dict[str, Score] = {}
    mistakes: list[str] = []
    for ledger in told(seeds):
        found, wrong = score(ledger)
        for kind, counts in found.items():
            scores.setdefault(kind, Counter()).update(counts)
        mistakes += wrong
    return scores, mistakes


def short_history(seeds: range, months: int) -> Score:
    """Recurring payments when only so many months (of 2024) are there, as for one who has just begun. A true
    series counts as missed where three of its rows are there."""
    counts: Score = Counter()
    for ledger in ledgers(seeds):
        rows = [
            row
            for row in ledger.transactions
            if row.posted_date.year == 2024 and row.posted_date.month <= months
        ]
        (found,) = find(rows, IMPORT, Background()).currencies
        there = {row.line for row in rows}
        for _, series in found.series:
            lines = _lines(series)
            right = any(
                true.rhythm == series.rhythm and len(lines & true.lines) >= 0.9 * len(lines)
                for true in ledger.facts.series
            )
            counts["right" if right else "wrong"] += 1
        for true in ledger.facts.series:
            rows_there = true.lines & there
            if len(rows_there) >= 3 and not any(
                len(_lines(series) & rows_there) >= 0.8 * len(rows_there) for _, series in found.series
            ):
                counts["missed"] += 1
    return counts


def precision(counts: Score) -> float:
    return counts["right"] / max(counts["right"] + counts["wrong"], 1)


def recall(counts: Score) -> float:
    return counts["right"] / max(counts["right"] + counts["missed"], 1)


def main(first: int, last: int, *, verbose: bool) -> None:
    seeds = range(first, last)
    for title, told in (("households", ledgers), ("lives, told by another", lives)):
        scores, mistakes = total(seeds, told)
        print(f"| {title} | planted | precision | recall | goal |\n|---|---|---|---|---|")
        for kind, counts in scores.items():
            goal = GOALS.get(kind, OTHER_GOAL)
            planted = counts["right"] + counts["missed"]
            print(f"| {kind} | {planted} | {precision(counts):.3f} | {recall(counts):.3f} | {goal} |")
        print()
        if verbose:
            print("\n".join(mistakes), "\n")
    print("| households, with few months of rows | planted | precision | recall |\n|---|---|---|---|")
    for months in (3, 4, 6):
        counts = short_history(seeds, months)
        planted = counts["right"] + counts["missed"]
        print(f"| recurring payments, {months} months | {planted} | {precision(counts):.3f} | {recall(counts):.3f} |")


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    main(*(numbers or [0, 4])[:2], verbose="-v" in sys.argv)
