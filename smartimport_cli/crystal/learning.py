"""Categories learned from a person's own rows: a naive Bayes over the words of merchants and descriptions.

It learns from corrections (a correction weighs as much as several rows) and, weakly, from merchants that the
rules already know, so that the words of a new merchant say something from the first correction on. It is
deterministic, holds nothing but counts, and says which words decided.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from math import exp, log
from typing import NamedTuple

from smartimport_cli.crystal.categories import _WORDS, UNCATEGORISED, Decided, folded

_WEIGHT = 4.0  # of a correction, where a merchant that the rules know weighs 1
_SMOOTHING = 0.15
_SHOWN = 3  # words that are named as grounds
_LONGEST = 24  # words of a description that are looked at


class Example(NamedTuple):
    """A category that is known of a merchant's payments."""

    merchant: str
    description: str
    money_in: bool
    category: str


class Learned:
    """What the examples say of payments that nobody has categorised."""

    def __init__(self, corrections: Iterable[Example], known: Iterable[Example] = ()) -> None:
        self._merchants: dict[tuple[str, bool], Counter[str]] = defaultdict(Counter)
        self._words: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))  # word -> category -> weight
        self._totals: dict[str, float] = defaultdict(float)  # category -> weight of words
        self._rows: dict[str, float] = defaultdict(float)  # category -> weight of examples
        self._taught: set[str] = set()  # words of corrections
        for example in corrections:
            self._merchants[folded(example.merchant), example.money_in][example.category] += 1
            self._taught.update(_features(example.merchant, example.description))
            self._learn(example, _WEIGHT)
        for example in known:
            if example.category != UNCATEGORISED:
                self._learn(example, 1.0)

    def _learn(self, example: Example, weight: float) -> None:
        self._rows[example.category] += weight
        for word in _features(example.merchant, example.description):
            self._words[word][example.category] += weight
            self._totals[example.category] += weight

    def of_merchant(self, merchant: str, money_in: bool) -> Decided | None:
        """What the person has said of this very merchant, where they said the same each time."""
        said = self._merchants.get((folded(merchant), money_in))
        if not said:
            return None
        (category, count), *others = said.most_common()
        total = count + sum(number for _, number in others)
        if count / total < 0.8:
            return None
        return Decided(category, "learned", round((count + 1) / (total + 1.1), 2), (merchant,))

    def of_words(self, merchant: str, description: str) -> Decided:
        """The likeliest category by the words, with its confidence; without a word that was ever corrected,
        none."""
        words = [word for word in _features(merchant, description) if word in self._words]
        if not any(word in self._taught for word in words):
            return Decided()
        kinds = len(self._words)
        everything = sum(self._rows.values())
        scores = {
            category: log(rows / everything)
            + sum(
                log(
                    (self._words[word][category] + _SMOOTHING)
                    / (self._totals[category] + _SMOOTHING * kinds)
                )
                for word in words
            )
            for category, rows in self._rows.items()
        }
        ranked = sorted(scores, key=lambda category: (-scores[category], category))
        best = ranked[0]
        # A few words cannot make anything certain: the odds are taken to the root of their number.
        scale = max(1.0, len(words) ** 0.5)
        total = sum(exp((score - scores[best]) / scale) for score in scores.values())
        other = ranked[1] if len(ranked) > 1 else best
        weights = {
            word: log((self._words[word][best] + _SMOOTHING) / (self._words[word][other] + _SMOOTHING))
            for word in words
        }
        grounds = sorted(words, key=lambda word: (-weights[word], word))[:_SHOWN]
        return Decided(
            best, "learned", round(1 / total, 2), tuple(grounds),
            tuple(round(weights[word], 2) for word in grounds),
        )  # fmt: skip


def _features(merchant: str, description: str) -> list[str]:
    """Distinct words, in order: letters only, since numbers are dates and references."""
    words = _WORDS.findall(folded(f"{merchant} {description}"))[:_LONGEST]
    return list(dict.fromkeys(word for word in words if len(word) > 1 and not any(map(str.isdigit, word))))
