"""The balance at the end of each day, in whichever order the file has its rows."""

from datetime import date, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from smartimport_cli.core.model import Transaction
from smartimport_cli.crystal.balance import DayEnd, day_ends


@given(
    amounts=st.lists(st.tuples(st.integers(0, 3), st.integers(-500, 500)), min_size=1, max_size=20),
    newest_first=st.booleans(),
)
def test_a_day_ends_with_its_last_balance_in_either_order(
    amounts: list[tuple[int, int]], newest_first: bool
) -> None:
    day, balance = date(2026, 3, 1), 1000
    rows, expected = [], {}
    for number, (gap, amount) in enumerate(amounts):
        day += timedelta(days=gap)
        balance += amount
        expected[day] = balance
        line = len(amounts) - number if newest_first else number + 1
        rows.append(Transaction(str(line), "i", "a", day, amount, "USD", "", "", None, None, balance, line))
    assume(len(expected) > 1 or not newest_first)
    if newest_first:  # as the store gives them: by day, and within it as they stand in the file
        rows.sort(key=lambda row: (row.posted_date, row.line))
    assert day_ends(rows) == {("a", "USD"): [DayEnd(day, end) for day, end in expected.items()]}


def test_rows_without_a_balance_say_nothing() -> None:
    row = Transaction("1", "i", "a", date(2026, 3, 1), -1, None, "", "", None, None, None, 1)
    assert day_ends([row]) == {}
