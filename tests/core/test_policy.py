"""A policy approves only what it was told to."""

from dataclasses import replace

import pytest

from smartimport_cli.core.errors import UsageError
from smartimport_cli.core.model import Proof, Verdict
from smartimport_cli.core.policy import Policy
from smartimport_cli.core.protocols import Preview, Total

PREVIEW = Preview(
    "i", "d", ("••1234",), "2026-03-01", "2026-03-31", 47, 45, 2, 0,
    (Total("USD", 31_000_000, -23_184_400),), Proof(Verdict.PROVED), (), (),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("proved", 0), ("no-duplicates", 1), ("max-duplicates=2", 0), ("max-duplicates=1", 1), ("max-rows=45", 0),
        ("max-rows=44", 1), ("max-total=5418.44", 0), ("max-total=5418.43", 1), ("proved, no-duplicates ,max-rows=1", 2),
    ],
)  # fmt: skip
def test_each_guard(text: str, reasons: int) -> None:
    assert len(Policy.parse(text).refusals(PREVIEW)) == reasons


@pytest.mark.parametrize("verdict", [Verdict.CONSISTENT, Verdict.CONTRADICTED, Verdict.UNPROVED])
def test_proved_means_proved(verdict: Verdict) -> None:
    (reason,) = Policy.parse("proved").refusals(replace(PREVIEW, proof=Proof(verdict)))
    assert verdict.value in reason


def test_no_doubts_means_none() -> None:
    assert not Policy.parse("no-doubts").refusals(PREVIEW)
    assert Policy.parse("no-doubts").refusals(replace(PREVIEW, issues=("It may be another year.",)))


def test_unreadable_rows_are_never_approved_unseen() -> None:
    assert Policy.parse("max-rows=100").refusals(replace(PREVIEW, unreadable_count=1))


@pytest.mark.parametrize(
    "text",
    [
        "",
        ",",
        "nice",
        "proved=1",
        "max-rows",
        "max-rows=-1",
        "max-rows=x",
        "max-total=1.23456",
        "max-total=NaN",
    ],
)
def test_what_is_no_guard_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        Policy.parse(text)
    assert "max-rows=N" in refused.value.hint
