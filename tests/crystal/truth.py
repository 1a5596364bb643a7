"""How much of what is true is found, and how much of what is found is true: `python -m tests.crystal.truth`.

For each kind of finding the planted facts of generated households are compared, row by row, with what the
analysis says. A series counts as found where its rhythm is right and at least eight of ten rows are the same.
"""

import sys
from collections import Counter
from collections.abc import Iterable

from smartimport_cli.crystal.categories import FEES, INTEREST
from smartimport_cli.crystal.findings import Background, Found, find
from smartimport_cli.crystal.recurring import Series as FoundSeries
from tests.crystal.households import IMPORT, Facts, Ledger, Series, ledgers

GOALS = {"recurring payments": 0.95, "transfers": 0.95}
OTHER_GOAL = 0.9

Score = Counter[str]  # right, missed, wrong


def score(ledger: Ledger) -> tuple[dict[str, Score], list[str]]:
    """Counts by kind of finding, and a line for each mistake."""
    (found,) = find(ledger.transactions, IMPORT, Background()).currencies
    scores: dict[str, Score] = {}
    mistakes: list[str] = []

    def count(kind: str, true: Iterable[object], said: Iterable[object]) -> None:
        true, said = set(true), set(said)
        scores[kind] = Counter(right=len(true & said), missed=len(true - said), wrong=len(said - true))
        for mark, items in (("missed", true - said), ("wrong", said - true)):
            mistakes.extend(f"{ledger.kind}: {kind}: {mark}: {_told(ledger, item)}" for item in items)

    facts = ledger.facts
    pairs = _matched(facts, found)
    count(
        "recurring payments",
        [(s.rhythm, s.lines) for s in facts.series],
        [(true.rhythm, true.lines) if true else (said.rhythm, _lines(said)) for said, true in pairs],
    )
    both = [(said, true) for said, true in pairs if true]
    count(
        "price changes",
        [row.line for s in facts.series for row in s.rises],
        [row.line for said, _ in pairs if not said.variable for _, row in said.changes],
    )
    count(
        "missed payments",
        [(s.lines, day.year, day.month) for s in facts.series for day in s.missed],
        [
            (true.lines if true else _lines(said), day.year, day.month)
            for said, true in pairs
            for day in said.missed
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
            if any(said is s for _, s in found.salaries)
        ],
    )
    count(
        "transfers",
        [(a.line, b.line) for a, b in facts.transfers],
        [(p.out.line, p.into.line) for p in found.transfers],
    )
    count("refunds", [row.line for row in facts.refunds], [refund.row.line for refund in found.refunds])
    count(
        "double charges",
        [(a.line, b.line) for a, b in facts.doubles],
        [(a.line, b.line) for _, (a, b) in found.repeated],
    )
    count("unusual amounts", [row.line for row in facts.unusual], [item.row.line for item in found.unusual])
    count(
        "fees",
        [row.line for row in facts.fees],
        [row.line for p in found.payments if p.category == FEES for row in p],
    )
    count(
        "interest",
        [row.line for row in facts.interest],
        [row.line for p in found.payments if p.category == INTEREST for row in p],
    )
    return scores, mistakes


def _lines(series: FoundSeries) -> frozenset[int]:
    return frozenset(row.line for row in series.payments)


def _matched(facts: Facts, found: Found) -> list[tuple[FoundSeries, Series | None]]:
    """Each series that was found, with the true one that it is."""
    matched = []
    for payments, series in found.series:
        del payments
        lines = _lines(series)
        true = next(
            (
                s for s in facts.series
                if s.rhythm == series.rhythm and len(lines & s.lines) >= 0.8 * len(lines | s.lines)
            ),
            None,
        )  # fmt: skip
        matched.append((series, true))
    return matched


def _told(ledger: Ledger, item: object) -> str:
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


def total(seeds: range) -> tuple[dict[str, Score], list[str]]:
    """Over all kinds of households."""
    scores: dict[str, Score] = {}
    mistakes: list[str] = []
    for ledger in ledgers(seeds):
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
    scores, mistakes = total(range(first, last))
    print("| finding | planted | precision | recall | goal |\n|---|---|---|---|---|")
    for kind, counts in scores.items():
        goal = GOALS.get(kind, OTHER_GOAL)
        planted = counts["right"] + counts["missed"]
        print(f"| {kind} | {planted} | {precision(counts):.3f} | {recall(counts):.3f} | {goal} |")
    for months in (3, 4, 6):
        counts = short_history(range(first, last), months)
        planted = counts["right"] + counts["missed"]
        kind = f"recurring payments, {months} months of rows"
        print(f"| {kind} | {planted} | {precision(counts):.3f} | {recall(counts):.3f} | |")
    if verbose:
        print("\n".join(mistakes))


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    main(*(numbers or [0, 4])[:2], verbose="-v" in sys.argv)
