"""How right categories are: `python -m tests.crystal.categories`.

The table of words against descriptions of real statements that a person labelled, and on generated households
what is learned from a person's corrections against the table alone and against scikit-learn as smart_importer
uses it (word counts of payee and narration, a linear support vector machine, every answer taken).

The person of the second part has categories of their own for a third of the merchants, and corrects one row of
each of half of those merchants. Counted are the rows of all the others: whose words alone say what they are.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from smartimport_cli.core.merchant import merchant
from smartimport_cli.crystal import Example, Rules
from smartimport_cli.crystal.categories import UNCATEGORISED
from smartimport_cli.crystal.learning import Learned

SAMPLES = Path(__file__).parent / "samples" / "merchants.tsv"
_TOWNS = ("Bonn", "Trier", "Lyon", "Leeds", "Dayton", "Bologna", "Porto", "Gent")
# What no table knows: clubs and shops of one person, by the words in their names.
_OWN = {
    "Climbing": ("kletterhalle", "boulderwelt", "climbing gym"), "Chess": ("schachclub", "chess circle", "circolo scacchi"),
    "Pets": ("tierfutter", "hundeschule", "dog grooming"), "Allotment": ("kleingarten", "saatgut", "jardinage"),
    "Choir": ("kammerchor", "gospel choir", "coro"),
}  # fmt: skip


def merchants() -> Counter[str]:
    """Right, wrong, unknown (it has a category and we do not say it), and rightly uncategorised."""
    rules = Rules.standard()
    counts: Counter[str] = Counter()
    for line in SAMPLES.read_text("utf-8").splitlines():
        text, direction, true = line.split("\t")
        said = rules.category(f"{merchant(text)} {text}", money_in=direction == "in")
        if said == true:
            counts["right" if true != UNCATEGORISED else "rightly nothing"] += 1
        else:
            counts["unknown" if said == UNCATEGORISED else "wrong"] += 1
    return counts


def split() -> tuple[list[Example], list[Example]]:
    """Corrections, and the merchants held out."""
    corrections, held = [], []
    for category, words in _OWN.items():
        for number, word in enumerate(words):
            for place, town in enumerate(_TOWNS):
                text = f"{word} {town} {1000 + 37 * place}".upper()
                example = Example(merchant(text), text, False, category)
                (corrections if (number + place) % 2 else held).append(example)
    for line in SAMPLES.read_text("utf-8").splitlines():  # what is not the person's own must stay what it is
        text, direction, true = line.split("\t")
        if direction == "out" and true != UNCATEGORISED:
            held.append(Example(merchant(text), text, False, true))
    return corrections, held


def ours(corrections: Sequence[Example], held: Sequence[Example], *, learn: bool) -> Counter[str]:
    """As the analysis decides."""
    rules = Rules.standard()
    decided = [rules.decide(f"{e.merchant} {e.description}") for e in held]
    known = [e._replace(category=d.category) for e, d in zip(held, decided, strict=True) if d.by != "none"]
    learned = Learned(corrections if learn else (), known)
    answers = []
    for example, said in zip(held, decided, strict=True):
        guess = learned.of_words(example.merchant, example.description)
        sure = guess.confidence >= rules.thresholds.sure
        answers.append(guess.category if said.by == "none" and sure else said.category)
    return _count(held, answers)


def scikit(corrections: Sequence[Example], held: Sequence[Example]) -> Counter[str]:
    """smart_importer's pipeline on the same corrections."""
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import SVC

    pipeline = make_pipeline(CountVectorizer(ngram_range=(1, 3)), SVC(kernel="linear"))
    pipeline.fit([f"{e.merchant} {e.description}" for e in corrections], [e.category for e in corrections])
    return _count(held, list(pipeline.predict([f"{e.merchant} {e.description}" for e in held])))


def _count(held: Sequence[Example], answers: Sequence[str]) -> Counter[str]:
    return Counter(
        "right" if answer == example.category else "unknown" if answer == UNCATEGORISED else "wrong"
        for example, answer in zip(held, answers, strict=True)
    )


def main() -> None:
    print("| | rows | right | wrong | uncategorised |\n|---|---|---|---|---|")
    counts = merchants()
    nameable = counts["right"] + counts["wrong"] + counts["unknown"]
    print(_line("words alone, real merchants", nameable, counts))
    corrections, held = split()
    ways: list[tuple[str, Callable[[], Counter[str]]]] = [
        ("words alone, held out", lambda: ours(corrections, held, learn=False)),
        ("with what was learned, held out", lambda: ours(corrections, held, learn=True)),
        ("scikit-learn on the corrections, held out", lambda: scikit(corrections, held)),
    ]
    for name, way in ways:
        try:
            print(_line(name, len(held), way()))
        except ImportError:
            print(f"| {name} | not installed | | | |")


def _line(name: str, rows: int, counts: Counter[str]) -> str:
    shares = (f"{100 * counts[key] / rows:.1f} %" for key in ("right", "wrong", "unknown"))
    return f"| {name} | {rows} | {' | '.join(shares)} |"


if __name__ == "__main__":
    main()
