"""Rows whose dates have no year: the period that the file states around them gives it, or they are refused."""

import io

import pytest

from smartimport_cli import statements
from smartimport_cli.core.errors import FileRefused
from smartimport_cli.core.model import Choices, Reading


def read(text: str, **choices: object) -> Reading:
    data = text.encode()
    return statements.read(io.BytesIO(data), name="x.csv", size=len(data), choices=Choices(**choices))  # type: ignore[arg-type]


def days(text: str, **choices: object) -> list[str]:
    return [row.posted_date.isoformat() for s in statements.collect(read(text, **choices)) for row in s.rows]


CARD = "Date,Description,Amount\n12/22,WALMART,-45.10\n12/31,SHELL OIL,-30.00\n01/15,PAYMENT THANK YOU,75.10\n"


@pytest.mark.parametrize(
    "text",
    [
        f"Account,XXXX-1234\nStatement period,12/21/2023 - 01/20/2024\n{CARD}",
        f"From,2023-12-21,To,2024-01-20\n{CARD}",
        f"2024年01月账单\n{CARD}",
        f"Statement for January 2024\n{CARD}",
        f"{CARD}Closing date,01/20/2024\n",
    ],
    ids=["span", "two dates", "month in Chinese", "month", "behind the rows"],
)
def test_the_turn_of_the_year_lies_within_the_stated_period(text: str) -> None:
    assert days(text) == ["2023-12-22", "2023-12-31", "2024-01-15"]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("Jan 3", "Jan 15"), ["2024-01-03", "2024-01-15"]),
        (("'03 Jan'", "'15 Jan'"), ["2024-01-03", "2024-01-15"]),
        (("1月3日", "1月15日"), ["2024-01-03", "2024-01-15"]),
        (("03.01.", "15.01."), ["2024-01-03", "2024-01-15"]),
        (("01-03 09:15", "01-15 23:01"), ["2024-01-03", "2024-01-15"]),
    ],
)
def test_days_are_written_in_many_ways(cells: tuple[str, str], expected: list[str]) -> None:
    first, second = cells
    text = f"Period,2024-01-01,2024-01-31\nDate,Text,Amount\n{first},A,-3.00\n{second},B,4.00\n"
    assert days(text) == expected


def test_one_date_around_the_rows_is_taken_with_a_doubt() -> None:
    reading = read("Statement date,20 January 2024\n" + CARD)
    assert [row.posted_date.year for s in statements.collect(reading) for row in s.rows] == [2023, 2023, 2024]
    assert "year-likely" in {issue.code for issue in reading.issues}


def test_rows_far_from_the_stated_period_are_doubted() -> None:
    reading = read("Period,2024-01-01,2024-01-31\nDate,Text,Amount\n06/15,A,-3.00\n01/16,B,-4.00\n")
    statements.collect(reading)
    assert "year-likely" in {issue.code for issue in reading.issues}


def test_without_a_year_anywhere_the_file_is_refused() -> None:
    with pytest.raises(FileRefused, match="have no year") as refusal:
        read(CARD)
    assert refusal.value.code == "unsupported-format"


def test_an_order_that_nothing_settles_is_asked() -> None:
    text = "Period,Jan 1 2024 to Dec 31 2024\nDate,Description,Amount\n01/02,A,-3.00\n03/04,B,-4.00\n"
    with pytest.raises(FileRefused, match="2 ways") as refusal:
        read(text)
    assert [option["reads"] for option in refusal.value.details["question"]["options"]] == ["1 February 2024", "2 January 2024"]
    assert days(text, date_order="mdy") == ["2024-01-02", "2024-03-04"]


def test_amounts_and_codes_are_no_days() -> None:
    with pytest.raises(FileRefused):
        read("Report 2024-03-01\nName,Code,Value\nA,1.2,12.50\nB,2.3,14.50\n")


def test_full_dates_are_never_read_as_days_without_a_year() -> None:
    text = "Period,2019-01-01,2019-12-31\nDate,Part,Text,Amount\n2024-01-03,1/2,A,-3.00\n2024-01-15,2/2,B,4.00\n"
    assert days(text) == ["2024-01-03", "2024-01-15"]
