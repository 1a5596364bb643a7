"""The category of a single row is the one that the summary counts it in."""

from collections import Counter

import pytest

from smartimport_cli.crystal import Background, Example, Labels
from smartimport_cli.crystal.categories import UNCATEGORISED
from smartimport_cli.crystal.findings import find
from tests.crystal.households import IMPORT, KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_rows_have_the_categories_of_the_summary(kind: object) -> None:
    rows = kind(3).transactions  # type: ignore[operator]
    corrected = rows[10]
    background = Background(
        corrections={corrected.id: "Hobby"},
        examples=[Example(corrected.merchant, corrected.description, corrected.amount >= 0, "Hobby")],
    )
    (found,) = find(rows, IMPORT, background).currencies
    counted: Counter[tuple[str, int]] = Counter()
    for part in found.payments:
        for row in part:
            counted[part.category, row.amount] += 1
    labels = Labels(reversed(rows), background)
    told = Counter((labels.of(row) or UNCATEGORISED, row.amount) for row in rows)
    assert told == counted
    assert labels.of(corrected) == "Hobby"
    assert found.transfers and {labels.of(row) for row in rows} > {"Transfers", "Hobby"}
