"""Delimited statements, from bytes to rows and proof."""

import io
import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartimport_cli import statements
from smartimport_cli.core.errors import FileRefused
from smartimport_cli.core.model import Choices, Reading, Rows, Verdict
from smartimport_cli.core.money import to_decimal
from tests.statements.delimited_layouts import LAYOUTS, Layout

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"


def read(text: str | bytes, **choices: object) -> Reading:
    data = text.encode() if isinstance(text, str) else text
    return statements.read(io.BytesIO(data), name="x.csv", size=len(data), choices=Choices(**choices))  # type: ignore[arg-type]


def rows_of(collected: list[statements.Collected]) -> list[tuple[str, Decimal]]:
    return [(r.posted_date.isoformat(), to_decimal(r.amount)) for s in collected for r in s.rows if not r.pending]


def values(text: str | bytes, **choices: object) -> list[tuple[str, str]]:
    return [(day, str(amount)) for day, amount in rows_of(statements.collect(read(text, **choices)))]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_reads_the_layouts_of_banks_around_the_world(layout: Layout) -> None:
    collected = statements.collect(read(layout.text.encode(layout.encoding)))
    assert rows_of(collected) == [(day, Decimal(amount)) for day, amount in layout.rows]
    if layout.verdict:
        assert {str(s.statement.proof.verdict) for s in collected} == {layout.verdict}
    if layout.currency:
        assert {r.currency for s in collected for r in s.rows} == {layout.currency}
    assert sum(len(s.unreadable) for s in collected) == layout.unreadable
    assert sum(r.pending for s in collected for r in s.rows) == layout.pending
