"""Categories: what the file says, what the tables say, what a person taught; and never a guess that is not sure."""

import random

import pytest

from smartimport_cli.core.errors import UsageError
from smartimport_cli.crystal import Background, Example, Rules, analyse
from smartimport_cli.crystal.findings import find
from smartimport_cli.crystal.learning import Learned
from smartimport_cli.views.summary import render_explained
from tests.crystal.categories import merchants
from tests.crystal.test_analysis import NEW, row


@pytest.mark.parametrize(
    ("given", "category", "by"),
    [
        ("5411", "Groceries", "code"), ("MCC 5814", "Dining", "code"), ("3058", "Travel", "code"),
        ("Lebensmittel", "Groceries", "bank"), ("Eating out", "Dining", "bank"), ("My own hobby", "My own hobby", "bank"),
        ("Kartenzahlung", "Uncategorised", "none"), ("Sonstiges", "Uncategorised", "none"),
    ],
)  # fmt: skip
def test_what_the_file_says(given: str, category: str, by: str) -> None:
    decided = Rules.standard().decide("QZX 1", given=given)
    assert (decided.category, decided.by) == (category, by)


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("UBER EATS HELP.UBER.COM", "Dining"), ("UBER *TRIP", "Transport"), ("HAFTPFLICHTVERSICHERUNG 12", "Insurance"),
        ("Café de la Gare", "Dining"), ("ŻABKA Z5123", "Groceries"), ("セブン 電気料金", "Utilities"),
        ("AMAZON PRIME*AB12", "Subscriptions"), ("MASSAGE CENTER", "Uncategorised"), ("BUSINESS SUPPLIES", "Uncategorised"),
    ],
)  # fmt: skip
def test_the_longest_words_win_and_parts_of_words_say_nothing(text: str, category: str) -> None:
    assert Rules.standard().category(text) == category


def test_merchants_of_real_statements() -> None:
    """Most are known, and hardly any is wrong: the table of figures is `python -m tests.crystal.categories`."""
    counts = merchants()
    assert counts["right"] >= 0.85 * (counts["right"] + counts["unknown"] + counts["wrong"])
    assert counts["wrong"] <= 0.04 * sum(counts.values())


def test_income_is_money_in_and_groceries_are_money_out() -> None:
    rules = Rules.standard()
    assert rules.category("SALARY ACME", money_in=True) == "Income"
    assert rules.category("SALARY ACME", money_in=False) == "Uncategorised"
    assert rules.category("KROGER PAYROLL", money_in=True) == "Income"


@pytest.mark.parametrize(
    "text",
    [
        '[categories]\nPets = "petco"', "[thresholds]\nno_such = 1", "[thresholds]\nunusual_times = -1",
        '[rates]\nUSD = "0.9"', '[rates]\ninto = "EUR"\nUSD = "much"', "[rates]\ninto = 'EUR'\nUSD = 0",
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_used_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        Rules.from_toml(text)
    assert refused.value.code == "bad-rules"


def test_a_correction_holds_for_its_row_and_the_merchant_follows() -> None:
    rows = [row(f"2026-0{n}-03", f"-{n}0.00", "Qwertz Ltd", line=n) for n in (1, 2, 3)]
    rows[0] = rows[0]._replace(id="a" * 32)
    background = Background(
        corrections={"a" * 32: "Hobby"}, examples=[Example("Qwertz Ltd", "Qwertz Ltd", False, "Hobby")]
    )
    (found,) = find(rows, NEW, background).currencies
    assert {(p.category, p.decided.by, len(p)) for p in found.payments} == {
        ("Hobby", "you", 1),
        ("Hobby", "learned", 2),
    }


def test_what_was_said_differently_each_time_is_not_followed() -> None:
    said = [Example("Amazoo", "Amazoo", False, category) for category in ("Hobby", "Gifts")]
    assert Learned(said).of_merchant("Amazoo", False) is None


def test_words_decide_for_a_new_merchant_and_are_named() -> None:
    learned = Learned(
        [Example(f"Kletterhalle {town}", f"Kletterhalle {town}", False, "Climbing") for town in ("Bonn", "Mainz")],
        [Example("Rewe Markt", "Rewe Markt", False, "Groceries"), Example("Bonn Parken", "Bonn Parken", False, "Transport")],
    )  # fmt: skip
    decided = learned.of_words("Kletterhalle Trier", "Kletterhalle Trier")
    assert (decided.category, decided.words[0]) == ("Climbing", "kletterhalle")
    assert decided.confidence >= 0.75
    assert learned.of_words("Etwas Ganz Neues", "Etwas Ganz Neues").category == "Uncategorised"


def test_learning_is_the_same_for_any_order() -> None:
    examples = [
        Example(f"{a} {b}", f"{a} {b}", False, a)
        for a in ("Yoga", "Chess", "Judo")
        for b in ("Club", "Verein")
    ]
    other = list(examples)
    random.Random(1).shuffle(other)
    assert Learned(examples).of_words("Chess Circle Club", "") == Learned(other).of_words(
        "Chess Circle Club", ""
    )


def test_learned_words_never_go_before_what_is_known() -> None:
    rows = [row("2026-03-01", "-9.99", "NETFLIX.COM")]
    teach = [Example("Com Shop", "Com Shop", False, "Odds")] * 5
    (found,) = analyse(rows, import_id=NEW, background=Background(examples=teach)).insights["currencies"]
    assert found["categories"][0]["category"] == "Subscriptions"


def test_what_decided_is_told_of_each_merchant() -> None:
    """The pattern of a rule, the bank's word, the code, and learned words with their weights, heaviest first."""
    rows = [
        row("2026-03-01", "-9.00", "Kletterhalle Nord"),
        row("2026-03-02", "-8.00", "Kletterhalle Sued", line=3),
        row("2026-03-03", "-7.00", "REWE Markt", line=4),
        row("2026-03-04", "-6.00", "Qzx", line=5)._replace(category="Lebensmittel"),
        row("2026-03-05", "-5.00", "Qzy", line=6)._replace(category="MCC 5411"),
        row("2026-03-06", "-4.00", "Haftpflichtversicherung", line=7),
    ]
    examples = [
        Example("Kletterhalle Nord", "Kletterhalle Nord", False, "Climbing"),
        Example("Blumen Nord", "Blumen Nord", False, "Gifts"),
    ]
    (found,) = analyse(rows, import_id=NEW, background=Background(examples=examples)).insights["currencies"]
    told = {
        ground["merchant"]: (ground["by"], [word["word"] for word in ground["words"]])
        for category in found["categories"]
        for ground in category["grounds"]
    }
    assert told == {
        "Kletterhalle Nord": ("learned", ["Kletterhalle Nord"]),
        "Kletterhalle Sued": ("learned", ["kletterhalle"]),
        "REWE Markt": ("rule", ["rewe"]),
        "Qzx": ("bank", ["Lebensmittel"]),
        "Qzy": ("code", ["5411"]),
        "Haftpflichtversicherung": ("rule", ["*versicherung"]),
    }
    by_words = next(
        ground for category in found["categories"] for ground in category["grounds"]
        if ground["merchant"] == "Kletterhalle Sued"
    )  # fmt: skip
    assert by_words["words"][0]["weight"] > 1
    text = render_explained({"currencies": [found]}, width=80, unicode=True, color=False)
    for line in ("REWE Markt: rule 'rewe'", "Qzx: bank says 'Lebensmittel'", "Qzy: MCC 5411",
                 "Kletterhalle Nord: learned: you said so of 'Kletterhalle Nord'",
                 f"Kletterhalle Sued: learned: kletterhalle +{by_words['words'][0]['weight']}"):  # fmt: skip
        assert f"    {line}" in text
