"""A merchant in several towns is one; a name that only looks like it stays."""

from smartimport_cli.crystal.branches import houses

TOWNS = ("Koeln", "Hamburg", "Bonn")


def test_the_towns_behind_many_names_are_found_without_a_list() -> None:
    names = [f"{shop} {town}" for shop in ("Rewe", "Aldi", "Cafe Sol", "Netflix.com") for town in TOWNS]
    found = houses(names)
    assert {found[name] for name in names} == {"Rewe", "Aldi", "Cafe Sol", "Netflix.com"}
    assert houses(reversed(names)) == found


def test_a_last_word_of_few_names_is_part_of_them() -> None:
    assert houses(["Orange Mobile", "Orange Internet", "Telekom Mobile", "Amazon Prime"]) == {}


def test_one_name_in_one_town_stays_as_it_is() -> None:
    names = [f"{shop} {town}" for shop in ("Rewe", "Aldi", "Cafe Sol", "Zara") for town in TOWNS]
    assert "Teestube Koeln" not in houses([*names, "Teestube Koeln"])
