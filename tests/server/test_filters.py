"""Filters and queries: read as written, or refused; never a crash."""

import contextlib

from hypothesis import given, settings
from hypothesis import strategies as st

from smartimport_cli.server.filters import BadFilter, read_filter, split, unquote
from smartimport_cli.server.rest import BadQuery, read_query
from tests.server.test_slow_followers import event

words = st.text(st.sampled_from('ab,()"\\. =:'), max_size=12)


def quoted(value: str) -> str:
    """A value as the official client quotes it."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


@settings(deadline=None)
@given(st.lists(words, min_size=1, max_size=6))
def test_quoted_values_come_through_whole(values: list[str]) -> None:
    assert [unquote(part) for part in split(",".join(map(quoted, values)))] == values


@settings(deadline=None)
@given(st.lists(words, min_size=1, max_size=6))
def test_a_filter_finds_what_it_names(values: list[str]) -> None:
    matches = read_filter(f"event_type=in.({','.join(map(quoted, values))})")
    assert matches(event(1)._replace(event_type=values[0]))
    assert not matches(event(1)._replace(event_type="another"))


@settings(deadline=None)
@given(st.integers(-3, 8), st.sampled_from(["eq", "neq", "lt", "lte", "gt", "gte"]))
def test_not_is_the_opposite(number: int, operator: str) -> None:
    for seq in range(1, 6):
        plain = read_filter(f"seq={operator}.{number}")(event(seq))
        assert read_filter(f"seq=not.{operator}.{number}")(event(seq)) is not plain


def test_times_are_compared_as_times() -> None:
    one = event(1)  # at 2026-03-01T12:00:00.123456+00:00
    assert read_filter("created_at=gt.2026-03-01T13:00:00+01:00")(one)
    assert not read_filter("created_at=gt.2026-03-01T12:00:00.123456")(one)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_filter_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(BadFilter):
        read_filter(text)(event(1))


names = st.sampled_from(["select", "order", "limit", "offset", "or", "and", "not.or", "id", "status"])
values = st.one_of(st.text(max_size=40), st.text(st.sampled_from('(),."\\orandeqinis1*'), max_size=40))


@settings(deadline=None)
@given(st.lists(st.tuples(names, values), max_size=5), st.text(max_size=12))
def test_any_query_is_read_or_refused(items: list[tuple[str, str]], range_: str) -> None:
    with contextlib.suppress(BadQuery):
        read_query("imports", items, {"range": range_})
