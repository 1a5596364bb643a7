"""A record is lines that each begin with a letter: what they mean, one record at a time or many alike."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from itertools import repeat
from operator import itemgetter

from smartimport_cli.core.model import Choices, Issue, StagedTransaction, where
from smartimport_cli.core.money import plain
from smartimport_cli.core.text import clean
from smartimport_cli.statements.delimited import numbers
from smartimport_cli.statements.qif.dialect import Dialect, parse_date
from smartimport_cli.statements.tag_order import merged
from smartimport_cli.statements.wording import described, doubts, speaks_of_balance

Plain = tuple[str, ...]
_CAPTURED = "DTPMNL"  # date, amount, payee, memo, number, category
_LEARNED = frozenset("DTPMNLCUFAX")
_PATIENCE = 32  # records looked at before an expression is worth its making
_MOST = 12  # expressions made for one file
_CACHE = 8192  # texts remembered
_NEVER_MATCHES = re.compile(r"(?!)")
_LONGEST = 1 << 12  # characters of a line that are kept
_NO_TEXT = ("", "")
_SPLIT_MARK = re.compile(r"--\s*splits?\s*--", re.IGNORECASE)  # what stands for a category where there are several


class Record:
    """The lines of one record by their letter; the splits of the amount by themselves."""

    __slots__ = ("categories", "letters", "line", "splits", "text", "values")

    def __init__(self, text: str, line: int) -> None:
        self.text = " ".join(text.split())[:400]
        self.line = line  # of its first line that is not blank
        self.letters: list[str] = []
        self.values: dict[str, str] = {}
        self.splits: list[str] = []
        self.categories: list[str] = []
        first = True
        for number, raw in enumerate(text.split("\n")):
            if not (content := raw.strip()) or (number == 0 and line):  # what is behind the mark before
                continue
            if first:
                self.line, first = line + number - 1, False
            letter, value = content[0].upper(), content[1:_LONGEST].strip()
            self.letters.append(letter)
            if letter == "$":
                self.splits.append(value)
            elif letter == "S":
                self.categories.append(value)
            elif letter in "EM" and letter in self.values:
                if letter == "M" and len(self.values["M"]) < _LONGEST:
                    self.values["M"] = f"{self.values['M']} {value}"
            else:
                self.values.setdefault(letter, value)

    @classmethod
    def split(cls, text: str, line: int) -> Iterator["Record"]:
        """The record in `text`, or several where the mark between them is missing: a second date begins one if an
        amount follows it (a date of a split has none)."""
        lines = text.split("\n")
        letters = [line.lstrip()[:1].upper() for line in lines]
        dates = [i for i, letter in enumerate(letters) if letter == "D"]
        whole = [
            i for i, end in zip(dates, [*dates[1:], len(lines)], strict=False)
            if "T" in letters[i:end] or "U" in letters[i:end]
        ]  # fmt: skip
        starts = [0, *(i for i in whole[1:] if i > 0)]
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
            piece = "\n".join(lines[start:end])
            record = cls(piece if not start else f"\n{piece}", line + start - bool(start))
            if record.values:
                yield record


class RecordPattern:
    """Matches a whole record of known letters, each once; learns their order from the records that it could not
    read."""

    def __init__(self) -> None:
        self.pattern = _NEVER_MATCHES
        self._order: list[str] = []
        self._captured: list[str] = []
        self._seen = self._made = 0
        self._stale = False

    def learn(self, letters: Sequence[str]) -> None:
        self._seen += 1
        if len(set(letters)) != len(letters) or not {"D", "T"} <= set(letters) <= _LEARNED:
            return
        order = merged(self._order, letters) or list(letters)
        self._stale = self._stale or order != self._order
        self._order = order
        if self._stale and self._seen >= _PATIENCE and self._made < _MOST:
            self._made += 1
            self._stale = False
            self._compile()

    def _compile(self) -> None:
        # Nothing gives back what it took (*+), so time stays linear whatever stands there.
        parts = []
        for letter in self._order:
            part = rf"\n{letter}([^\n]*+)" if letter in _CAPTURED else rf"\n{letter}[^\n]*+"
            parts.append(part if letter in "DT" else f"(?:{part})?+")
        self._captured = [letter for letter in self._order if letter in _CAPTURED]
        self.pattern = re.compile(rf"(?<=\n\^){''.join(parts)}(?=\n\^)\n\^(?=\n|\Z)()")

    def columns(self, found: Sequence[Plain]) -> list[tuple[str, ...]]:
        """What the pattern found, by letter in the order of _CAPTURED; the empty group stands for those that no
        record has."""
        columns = list(zip(*found, strict=True))
        return [
            columns[self._captured.index(letter) if letter in self._captured else -1] for letter in _CAPTURED
        ]

    def text(self, values: Plain) -> str:
        """The record again."""
        return "".join(f"\n{letter}{value}" for letter, value in zip(self._captured, values, strict=False))


class RecordReader:
    """Makes staged transactions of the records of one file; remembers dates and texts that come again."""

    def __init__(self, dialect: Dialect, choices: Choices) -> None:
        self.currency = choices.currency
        self._order = dialect.order
        self._decimal = dialect.decimal
        self._column = numbers.Column(dialect.decimal)
        self._turned = choices.sign == "inverted"
        self._days: dict[str, date] = _Days(dialect.order)
        self._texts = _Texts()
        self._categories = _Categories()

    def many(self, columns: Sequence[Sequence[str]], lines: Sequence[int]) -> Iterator[StagedTransaction] | None:
        """Plain records (columns as in `RecordPattern.columns`); None where one of them is not so plain."""
        days, amounts, payees, memos, checks, categories = columns
        units = self._column.read(amounts)
        if units is None:
            return None
        if self._turned:
            units = [-unit for unit in units]
        self._bound()
        try:
            dates = list(map(self._days.__getitem__, days))
        except ValueError:
            return None
        texts = list(map(self._texts.__getitem__, zip(payees, memos, strict=True)))
        if _NO_TEXT in texts:
            texts = [
                text if text[0] else _nameless(check, category)
                for text, check, category in zip(texts, checks, categories, strict=True)
            ]
        return map(
            partial(tuple.__new__, StagedTransaction),
            zip(
                lines,
                dates,
                units,
                repeat(self.currency),
                map(itemgetter(0), texts),
                map(itemgetter(1), texts),
                map(_reference, checks) if any(checks) else repeat(None),
                repeat(None),
                map(self._categories.__getitem__, categories) if any(categories) else repeat(None),
                repeat(False),
                (doubts(text[0]) for text in texts) if self._texts.balances else repeat(()),
            ),
        )

    def one(self, record: Record) -> StagedTransaction:
        """A record of any letters. Raises ValueError with the reason where it cannot be read."""
        values = record.values
        day = parse_date(values.get("D", ""), self._order)
        units, currency = self._amount(values.get("T") or values.get("U") or "")
        issues = self._split_issues(record, units)
        self._bound()
        text = self._texts[values.get("P", ""), values.get("M", "")]
        category = values.get("L", "")
        if (not category or _SPLIT_MARK.fullmatch(category)) and len(set(record.categories)) == 1:
            category = record.categories[0]
        description, who = text if text[0] else _nameless(values.get("N", ""), category)
        return StagedTransaction(
            record.line, day, -units if self._turned else units, currency or self.currency, description, who,
            _reference(values.get("N", "")), None, self._categories[category], False,
            issues + doubts(description),
        )  # fmt: skip

    def _bound(self) -> None:
        if len(self._texts) > _CACHE:
            self._texts.clear()
            self._texts.balances.clear()
        if len(self._categories) > _CACHE:
            self._categories.clear()
        if len(self._days) > _CACHE:
            self._days.clear()

    def _amount(self, text: str) -> tuple[int, str | None]:
        if not text:
            raise ValueError("no amount")
        token = numbers.token(text)
        units = numbers.value(text, self._decimal)
        if token is None or units is None:
            raise ValueError(f"'{clean(text)[:24]}' is no amount")
        return units, token.currency if token.currency in numbers.CODES else None

    def _split_issues(self, record: Record, units: int) -> tuple[Issue, ...]:
        """Whether the splits come to the amount, where they state theirs."""
        found = [numbers.value(split, self._decimal) for split in record.splits if split]
        if not found:
            return ()
        if None in found:
            return (Issue("splits-unreadable", "An amount of its splits cannot be read.", where(record.line)),)
        total = sum(unit for unit in found if unit is not None)
        if total == units:
            return ()
        message = f"The splits come to {plain(total)}, the amount is {plain(units)}."
        return (Issue("splits-differ", message, where(record.line)),)


class _Days(dict[str, date]):
    """Dates as written. Raises ValueError where they are none."""

    def __init__(self, order: str) -> None:
        self._order = order

    def __missing__(self, text: str) -> date:
        day = self[text] = parse_date(text, self._order)
        return day


class _Texts(dict[tuple[str, str], tuple[str, str]]):
    """Description and merchant by payee and memo as written."""

    def __init__(self) -> None:
        self.balances: set[str] = set()  # descriptions that speak of a balance

    def __missing__(self, raw: tuple[str, str]) -> tuple[str, str]:
        text = self[raw] = described(clean(raw[0][:_LONGEST]), clean(raw[1][:_LONGEST]))
        if speaks_of_balance(text[0]):
            self.balances.add(text[0])
        return text


class _Categories(dict[str, str | None]):
    """Categories as written, clean; None where several or none is named."""

    def __missing__(self, raw: str) -> str | None:
        category = self[raw] = None if _SPLIT_MARK.fullmatch(raw.strip()) else clean(raw[:_LONGEST]) or None
        return category


def _reference(number: str) -> str | None:
    """A check number or an id; words like ATM or DEP are none."""
    text = clean(number[:_LONGEST])
    return text if any(map(str.isdecimal, text)) else None


def _nameless(number: str, category: str) -> tuple[str, str]:
    """Description and merchant of a record that has neither payee nor memo."""
    number, category = clean(number), clean(category)
    if number.isdecimal():
        return f"Check {number}", "Check"
    word = number or category or "Transaction"
    return word, word
