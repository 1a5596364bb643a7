"""What a payment was for, and how that is known.

The first of these that says something decides: the person's own correction of this row, their corrections of
this merchant, the bank's category, the merchant category code, the table of words (a user's before ours), and
what was learned from words (see `learning`). Where none is sure the answer is `Uncategorised`.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any

from smartimport_cli.core.errors import UsageError
from smartimport_cli.crystal.thresholds import Thresholds

TRANSFERS, INCOME, FEES, INTEREST, CASH = "Transfers", "Income", "Fees", "Interest", "Cash"
UNCATEGORISED = "Uncategorised"

_WORDS = re.compile(r"[^\W_]+")
_CODE = re.compile(r"(?:mcc\W{0,2})?(\d{4})", re.IGNORECASE)
_CODE_INSIDE = re.compile(r"\bmcc\W{0,2}(\d{4})\b")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SURE, _VAGUE = 0.9, 0.6


@dataclass(frozen=True, slots=True)
class Decided:
    """A category, by whom (`you`, `bank`, `code`, `rule`, `learned`, `pair`, `none`), how sure (0 to 1), and the
    words that decided: the rule's pattern, the bank's category, the code, or the words that were learned. Those
    have a weight each: the logarithm of how much likelier the word is here than in the next best category."""

    category: str = UNCATEGORISED
    by: str = "none"
    confidence: float = 0.0
    words: tuple[str, ...] = ()
    weights: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class _Pattern:
    text: str  # as the table writes it
    words: tuple[str, ...]
    category: str
    rank: tuple[int, int, int]  # own before ours, longer before shorter, earlier before later: the least wins
    confidence: float
    open_end: bool = False  # the last word may go on

    def fits(self, words: Sequence[str], at: int) -> bool:
        end = at + len(self.words)
        if not self.open_end:
            return tuple(words[at:end]) == self.words
        return (
            end <= len(words)
            and tuple(words[at : end - 1]) == self.words[:-1]
            and words[end - 1].startswith(self.words[-1])
        )


class Rules:
    """Which words, codes and names of a bank make which category; with the user's limits and rates, which are
    in the same file."""

    def __init__(
        self,
        own: Mapping[str, Sequence[str]],
        *,
        thresholds: Thresholds | None = None,
        rates: "Rates | None" = None,
    ) -> None:
        self.thresholds = thresholds or Thresholds()
        self.rates = rates
        self._count = 0
        shipped = _shipped()
        self._signs: dict[str, str] = shipped["signs"]
        self._codes = _codes(shipped["codes"])
        self._banks = {word: name for name, words in shipped["bank"].items() for word in words}
        self._first: dict[str, list[_Pattern]] = defaultdict(list)
        self._prefixes: dict[str, list[_Pattern]] = defaultdict(list)  # by three letters
        self._suffixes: list[_Pattern] = []
        self._inside: list[_Pattern] = []  # for scripts without blanks
        vague = set(shipped["vague"]["words"])
        for level, table in enumerate((own, shipped["categories"])):
            for category, patterns in table.items():
                for pattern in patterns:
                    self._add(category, pattern, level, _VAGUE if pattern in vague and level else _SURE)
        self._suffix_ends = tuple(pattern.words[0] for pattern in self._suffixes)

    def _add(self, category: str, text: str, level: int, confidence: float) -> None:
        words = tuple(_WORDS.findall(folded(text)))
        if not words:
            return
        self._count += 1
        rank = (level, -sum(map(len, words)), self._count)
        pattern = _Pattern(text, words, category, rank, 1.0 if level == 0 else confidence, text.endswith("*"))
        if _WIDE.search(text):
            self._inside.append(pattern)
        elif text.startswith("*"):
            self._suffixes.append(pattern)
        elif pattern.open_end and len(words) == 1:
            self._prefixes[words[0][:3]].append(pattern)
        else:
            self._first[words[0]].append(pattern)

    @classmethod
    def standard(cls) -> "Rules":
        """The table that ships with the package."""
        return _standard()

    @classmethod
    def from_toml(cls, text: str) -> "Rules":
        """A user's table before ours: `[categories]` with `Pets = ["petco", "vet*"]`, and perhaps
        `[thresholds]` and `[rates]`. Raises UsageError `bad-rules`."""
        import tomllib

        try:
            tables = tomllib.loads(text)
            own = {
                str(name): [str(word) for word in _list(words)]
                for name, words in tables.get("categories", {}).items()
            }
            thresholds = Thresholds.of(tables.get("thresholds", {}))
            rates = Rates.of(tables["rates"]) if "rates" in tables else None
        except (tomllib.TOMLDecodeError, AttributeError, TypeError) as error:
            raise UsageError(
                "bad-rules", f"The table of categories cannot be read: {error}.",
                hint='Write [categories] and lines such as Pets = ["petco", "vet"].',
            ) from None  # fmt: skip
        return cls(own, thresholds=thresholds, rates=rates)

    def spelling(self, category: str) -> str:
        """A category as the tables write it: `groceries` is Groceries; one that they do not know stays."""
        names = {pattern.category for patterns in self._first.values() for pattern in patterns}
        return {name.casefold(): name for name in names}.get(category.casefold(), category)

    def category(self, text: str, *, given: str | None = None, money_in: bool = False) -> str:
        """The category of a payment with this description; `given` is the bank's own and wins."""
        return self.decide(text, given=given, money_in=money_in).category

    def decide(self, text: str, *, given: str | None = None, money_in: bool = False) -> Decided:
        """The category, and how it is known. `given` is what the bank's file says: a category, or a code."""
        if given and (said := self._given(given)) is not None:
            return said
        simple = folded(text)
        if (code := _CODE_INSIDE.search(simple)) and code[1] in self._codes:
            return Decided(self._codes[code[1]], "code", _SURE, (code[1],))
        best: _Pattern | None = None
        for pattern in self._matching(simple):
            if self._signs.get(pattern.category) == ("out" if money_in else "in"):
                continue
            if best is None or pattern.rank < best.rank:
                best = pattern
        if best is None:
            return Decided()
        return Decided(best.category, "rule", best.confidence, (best.text,))

    def _given(self, given: str) -> Decided | None:
        if code := _CODE.fullmatch(given.strip()):
            category = self._codes.get(code[1])
            return Decided(category, "code", _SURE, (code[1],)) if category else None
        known = self._banks.get(" ".join(_WORDS.findall(folded(given))))
        if known == "none":
            return None
        return Decided(known or given, "bank", _SURE, (given,))

    def _matching(self, text: str) -> Iterable[_Pattern]:
        words = _WORDS.findall(text)
        for at, word in enumerate(words):
            for pattern in self._first.get(word, ()):
                if pattern.fits(words, at):
                    yield pattern
            for pattern in self._prefixes.get(word[:3], ()):
                if word.startswith(pattern.words[0]):
                    yield pattern
            if word.endswith(self._suffix_ends):
                for pattern in self._suffixes:
                    if word.endswith(pattern.words[0]):
                        yield pattern
        if self._inside and not text.isascii() and _WIDE.search(text):
            for pattern in self._inside:
                if pattern.words[0] in text:
                    yield pattern


@dataclass(frozen=True, slots=True)
class Rates:
    """What the user says that money is worth: units of `into` for one of another currency."""

    into: str
    rates: Mapping[str, "Any"] = field(default_factory=dict)  # Decimal by currency

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> "Rates":
        """`[rates]` with `into = "EUR"` and `USD = "0.92"`. Raises UsageError `bad-rules`."""
        from decimal import Decimal, InvalidOperation

        into = table.get("into")
        rates = {}
        for name, value in table.items():
            if name == "into":
                continue
            try:
                rate = Decimal(str(value))
            except InvalidOperation:
                rate = Decimal(0)
            if not rate.is_finite() or rate <= 0 or isinstance(value, bool):
                raise UsageError("bad-rules", f"[rates] {name} does not take {value!r}.", hint='Write USD = "0.92".')
            rates[name.upper()] = rate
        if not isinstance(into, str) or not into.isalpha():
            raise UsageError("bad-rules", "[rates] does not say into which currency.", hint='Write into = "EUR".')
        return cls(into.upper(), rates)


def folded(text: str) -> str:
    """Without case and accents: 'Café' and 'CAFE' are the same."""
    text = text.casefold()
    if text.isascii():
        return text
    text = text.replace("ł", "l").replace("ø", "o").replace("æ", "ae").replace("đ", "d")
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def _list(words: object) -> list[Any]:
    if not isinstance(words, list):
        raise TypeError(f"{words!r} is no list of words")
    return words


def _codes(table: Mapping[str, Sequence[str]]) -> dict[str, str]:
    codes = {}
    for category, entries in table.items():
        for entry in entries:
            first, _, last = entry.partition("-")
            for code in range(int(first), int(last or first) + 1):
                codes[f"{code:04d}"] = category
    return codes


@lru_cache(maxsize=1)
def _shipped() -> dict[str, Any]:
    import tomllib

    return tomllib.loads((files("smartimport_cli.crystal") / "categories.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def _standard() -> Rules:
    return Rules({})
