"""What the entries of a file mean: one of any dialect, or many plain ones a column at a time.

Nearly all entries of nearly all files are written alike, and one expression reads them. It matches whole entries
only, and only where another follows; anything else is left to the fields.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from itertools import repeat
from operator import add, itemgetter

from smartimport_cli.core.model import Issue, StagedTransaction, where
from smartimport_cli.core.text import clean
from smartimport_cli.statements.mt940 import values
from smartimport_cli.statements.mt940.details import parse_details
from smartimport_cli.statements.wording import described, doubts, speaks_of_balance

Plain = tuple[str, ...]  # the groups of PLAIN
# Value date, mark, amount before and behind the comma, type and the customer's reference, the bank's reference,
# lines behind the first, field 86. Nothing gives back what it took (*+), so time stays linear.
PLAIN = re.compile(
    r"\n:61:([0-9]{6})(?:[0-9]{4})?+(R?[CD])[A-Z]?+([0-9]{1,9}),([0-9]{0,2})([NFS][A-Z0-9]{3}[^\n/]*+)"
    r"(?://([^\n]*+))?+((?:\n(?![:-])[^\n]*+)*+)\n:86:([^\n]*+(?:\n(?![:-])[^\n]*+)*+)(?=\n:61:)"
)
_OUT = frozenset(["D", "RC", "ED"])  # a reversal of a credit takes money out
_CACHE = 8192  # texts remembered
_DIGIT = re.compile(r"[1-9]")
_NO_REFERENCE = ("NONREF", "NOREF", "NONE")
_NO_TEXT = ("", "")
# What a row is called that has no text of its own, by the last three letters of its type.
_KINDS = {
    "TRF": "Transfer", "CHK": "Check", "CHG": "Charges", "INT": "Interest", "DIV": "Dividend", "STO": "Standing order",
    "DDT": "Direct debit", "COL": "Collection", "LDP": "Loan", "FEX": "Foreign exchange", "SEC": "Securities",
    "BOE": "Bill of exchange", "RTI": "Returned item", "CLR": "Cash letter", "TCK": "Travellers checks",
}  # fmt: skip


class RowReader:
    """Makes staged transactions of the entries of one file; remembers dates and texts that come again."""

    def __init__(self) -> None:
        self._dates = _Dates()
        self._texts = _Texts()

    def are_dates(self, days: Iterable[str]) -> bool:
        """Whether these value dates are days in the calendar."""
        try:
            for digits in days:
                self._dates[digits]
        except ValueError:
            return False
        return True

    def many(
        self, found: Sequence[Plain], lines: Sequence[int], currency: str | None
    ) -> Iterator[StagedTransaction]:
        """Plain entries with value dates in the calendar (see `are_dates`)."""
        days, marks, wholes, fractions, kinds, references, more, details = zip(*found, strict=True)
        if set(map(len, fractions)) == {2}:
            units = [int(number) * 100 for number in map(add, wholes, fractions)]
        else:
            units = [
                int(whole + fraction.ljust(4, "0"))
                for whole, fraction in zip(wholes, fractions, strict=True)
            ]
        if len(self._texts) > _CACHE:
            self._texts.clear()
            self._texts.balances.clear()
        texts = list(map(self._texts.__getitem__, zip(details, more, strict=True)))
        if _NO_TEXT in texts:
            texts = [
                text if text[0] else _nameless(kind[:4], kind[4:])
                for text, kind in zip(texts, kinds, strict=True)
            ]
        return map(
            partial(tuple.__new__, StagedTransaction),
            zip(
                lines,
                map(self._dates.__getitem__, days),
                [-unit if mark in _OUT else unit for unit, mark in zip(units, marks, strict=True)],
                repeat(currency),
                map(itemgetter(0), texts),
                map(itemgetter(1), texts),
                own_references(references),
                repeat(None),
                repeat(None),
                repeat(False),
                (doubts(text[0]) for text in texts) if self._texts.balances else repeat(()),
            ),
        )

    def one(self, value: str, details: str, line: int, currency: str | None) -> StagedTransaction:
        """An entry of any dialect (fields 61 and 86). Raises ValueError with the reason where it cannot be read."""
        entry = values.parse_entry(value)
        issues: tuple[Issue, ...] = ()
        try:
            day = self._dates[entry.value_date]
        except ValueError:
            day, issues = _impossible(entry, line)
        if len(self._texts) > _CACHE:
            self._texts.clear()
        text = self._texts[details, entry.text]
        customer, _, bank = entry.references.partition("//")
        description, who = text if text[0] else _nameless(entry.kind, customer)
        return StagedTransaction(
            line, day, -entry.units if entry.mark in _OUT else entry.units, currency, description, who,
            own_reference(bank), None, None, entry.mark[0] == "E", issues + doubts(description),
        )  # fmt: skip


class _Dates(dict[str, date]):
    """Days by their digits. Raises ValueError where they are not in the calendar."""

    def __missing__(self, digits: str) -> date:
        day = self[digits] = values.parse_day(digits)
        return day


class _Texts(dict[tuple[str, str], tuple[str, str]]):
    """Description and merchant by field 86 and the lines behind field 61, which stand in where it says nothing."""

    def __init__(self) -> None:
        self.balances: set[str] = set()  # descriptions that speak of a balance

    def __missing__(self, raw: tuple[str, str]) -> tuple[str, str]:
        name, text = parse_details(raw[0])
        if not name and not text:
            text = clean(raw[1])
        found = self[raw] = described(name, text)
        if speaks_of_balance(found[0]):
            self.balances.add(found[0])
        return found


def _impossible(entry: values.Entry, line: int) -> tuple[date, tuple[Issue, ...]]:
    """The day to take for a value date that no calendar has: 30 February of a bank that counts 30 days a month.

    Raises ValueError where the entry does not tell.
    """
    day = values.day_near(entry.value_date, entry.entered)
    if day is None:
        raise ValueError(f"the value date {entry.value_date} is no day in the calendar")
    message = f"The value date {entry.value_date} is no day in the calendar; the entry date is taken."
    return day, (Issue("impossible-date", message, where(line)),)


def own_references(column: Sequence[str]) -> Iterable[str | None]:
    """Many of them at a time, see `own_reference`."""
    if not any(column):
        return repeat(None)
    joined = "\n".join(column)
    if joined.replace("\n", "").isprintable() and "  " not in joined:
        return [text if text[-1:] in "123456789" and text[:1] > " " else own_reference(text) for text in column]
    return map(own_reference, column)


def own_reference(text: str) -> str | None:
    """The bank's own reference; without a digit it is none."""
    return clean(text) if _DIGIT.search(text) else None


def _nameless(kind: str, reference: str) -> tuple[str, str]:
    """Description and merchant of an entry without any text."""
    word = _KINDS.get(kind[1:], "")
    reference = clean(reference)
    if reference.upper() in _NO_REFERENCE:
        reference = ""
    text = f"{word} {reference}".strip() or "Transaction"
    return text, word or text
