"""What the values of a row mean: one row of any tags, or many plain ones a column at a time."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from itertools import repeat
from operator import add, itemgetter

from smartimport_cli.core.model import Issue, StagedTransaction
from smartimport_cli.core.money import DECIMALS
from smartimport_cli.core.privacy import mask_numbers
from smartimport_cli.core.text import shorten
from smartimport_cli.statements.ofx.fast import Columns
from smartimport_cli.statements.ofx.signs import Signs
from smartimport_cli.statements.ofx.values import currency_code, parse_amount, parse_date, text_of
from smartimport_cli.statements.wording import described, doubts, speaks_of_balance

_LONGEST = 1 << 16  # characters of a value that are kept
_JOINED = 1 << 12  # characters up to which memos are put together
_CACHE = 8192  # texts remembered

_NO_REFERENCE = frozenset(
    ["", "NONE", "N/A", "NA", "NULL", "UNKNOWN", "none", "null", *("0" * n for n in range(1, 33))]
)
_NO_TEXT = ("", "")
# What a row is called that has no text of its own.
_TYPES = {
    "INT": "Interest", "DIV": "Dividend", "FEE": "Fee", "SRVCHG": "Service charge", "DEP": "Deposit",
    "ATM": "ATM", "POS": "Point of sale", "XFER": "Transfer", "CHECK": "Check", "PAYMENT": "Payment",
    "CASH": "Cash", "DIRECTDEP": "Direct deposit", "DIRECTDEBIT": "Direct debit",
    "REPEATPMT": "Standing order", "CREDIT": "Credit", "DEBIT": "Debit",
}  # fmt: skip


class Row:
    """The values of a row whose tags are being read."""

    __slots__ = ("_inside", "line", "pending", "tag", "tags", "values")

    def __init__(self, tag: str, line: int, pending: bool) -> None:
        self.tag = tag
        self.line = line
        self.pending = pending
        self.values: dict[str, str] = {}
        self.tags: list[str] = []
        self._inside = ""

    def take(self, closing: bool, name: str, value: str) -> None:
        if closing:
            if name == self._inside:
                self._inside = ""
            return
        if len(self.tags) < 256:
            self.tags.append(name)
        if name in ("CURRENCY", "ORIGCURRENCY", "BANKACCTTO", "CCACCTTO", "IMAGEDATA"):
            self._inside = name
        elif self._inside and name not in ("CURSYM", "CURRATE") and self._inside.endswith("CURRENCY"):
            self._inside = ""
        if name == "CURSYM" and self._inside != "CURRENCY":
            return  # the amount is in the account's currency; this is what it was before
        if name == "MEMO" and value.strip() and self.values.get("MEMO", "").strip():
            if len(self.values["MEMO"]) < _JOINED:
                self.values["MEMO"] = f"{self.values['MEMO']} {value}"[:_LONGEST]
        elif not self.values.get(name, "").strip():
            self.values[name] = value[:_LONGEST]

    def text(self) -> str:
        """For a person who looks for the row."""
        wanted = ("DTPOSTED", "TRNAMT", "NAME", "MEMO")
        text = " ".join(self.values[tag][:200] for tag in wanted if tag in self.values)
        return shorten(mask_numbers(text_of(text)), 120)


class RowReader:
    """Makes staged transactions of the rows of one file; remembers dates and texts that come again."""

    def __init__(self, signs: Signs, decimal: str | None) -> None:
        self._signs = signs
        self._decimal = decimal
        self._dates = _Dates()
        self._texts = _Texts()

    def are_dates(self, days: Iterable[str]) -> bool:
        """Whether these eight digits each are days in the calendar."""
        try:
            for digits in days:
                self._dates[digits]
        except ValueError:
            return False
        return True

    def many(
        self, columns: Columns, lines: Sequence[int], currency: str | None
    ) -> Iterator[StagedTransaction]:
        """Rows of plain values, with dates in the calendar (see `are_dates`)."""
        kinds = columns.kinds
        if set(map(len, columns.fractions)) == {2}:
            units = [int(number) * 100 for number in map(add, columns.wholes, columns.fractions)]
        else:
            units = [
                int(whole + fraction.ljust(DECIMALS, "0"))
                for whole, fraction in zip(columns.wholes, columns.fractions, strict=True)
            ]
        if self._signs.turns:
            units = list(map(self._signs.apply, kinds, units))
        if len(self._texts) > _CACHE:
            self._texts.clear()
            self._texts.balances.clear()
        texts = list(map(self._texts.__getitem__, zip(columns.names, columns.memos, strict=True)))
        if _NO_TEXT in texts:
            texts = [
                text if text[0] else _nameless(kind, number)
                for text, kind, number in zip(texts, kinds, columns.numbers, strict=True)
            ]
        stripped = list(map(str.strip, columns.references))
        references: Sequence[str | None] = stripped
        joined = " ".join(stripped)
        plain = joined.isprintable() and "&" not in joined and "  " not in joined
        if not plain or not _NO_REFERENCE.isdisjoint(stripped):
            references = list(map(_reference, columns.references))
        held = {kind for kind in set(kinds) if kind.strip().upper() == "HOLD"}
        return map(
            partial(tuple.__new__, StagedTransaction),
            zip(
                lines,
                map(self._dates.__getitem__, columns.days),
                units,
                repeat(currency),
                map(itemgetter(0), texts),
                map(itemgetter(1), texts),
                references,
                repeat(None),
                repeat(None),
                map(held.__contains__, kinds) if held else repeat(False),
                (doubts(text[0]) for text in texts) if self._texts.balances else repeat(()),
            ),
        )

    def one(self, row: Row, currency: str | None) -> StagedTransaction:
        """A row of any tags. Raises ValueError with the reason where it cannot be read."""
        values = row.values
        issues: tuple[Issue, ...] = ()
        posted = values.get("DTPOSTED", "")
        if not posted.strip():
            others = ("DTTRAN", "DTUSER", "DTAVAIL")
            other = next((tag for tag in others if values.get(tag, "").strip()), None)
            if other is None:
                raise ValueError("no date")
            posted = values[other]
            if other != "DTTRAN":
                issues = (Issue("no-posted-date", f"The row has no posted date; {other} is taken."),)
        day = parse_date(posted)
        kind = values.get("TRNTYPE", "").strip().upper()
        units = self._signs.apply(kind, parse_amount(values.get("TRNAMT", ""), self._decimal))
        benefit = values.get("BENEFIT", "").strip().upper()
        if benefit in ("DEBIT", "CREDIT"):
            units = -abs(units) if benefit == "DEBIT" else abs(units)
        name = values.get("EXTDNAME") or values.get("NAME", "")
        description, who = _described(name, values.get("MEMO") or values.get("PURPOSE", ""))
        if not description:
            description, who = _nameless(kind, values.get("CHECKNUM"))
        return StagedTransaction(
            row.line,
            day,
            units,
            currency_code(values.get("CURSYM", "")) or currency,
            description,
            who,
            _reference(values.get("FITID")),
            None,
            text_of(values.get("CATEGORY", "")) or None,
            row.pending or kind == "HOLD",
            issues + doubts(description),
        )


class _Dates(dict[str, date]):
    """Days by their eight digits. Raises ValueError where they are not in the calendar."""

    def __missing__(self, digits: str) -> date:
        day = self[digits] = parse_date(digits)
        return day


class _Texts(dict[tuple[str, str], tuple[str, str]]):
    """Description and merchant by name and memo as written."""

    def __init__(self) -> None:
        self.balances: set[str] = set()  # descriptions that speak of a balance

    def __missing__(self, raw: tuple[str, str]) -> tuple[str, str]:
        text = self[raw] = _described(*raw)
        if speaks_of_balance(text[0]):
            self.balances.add(text[0])
        return text


def _described(name: str, memo: str) -> tuple[str, str]:
    """Description and merchant of a row with these texts (raw, as in the file)."""
    return described(text_of(name), text_of(memo))


def _nameless(kind: str | None, number: str | None) -> tuple[str, str]:
    """Description and merchant of a row that has neither name nor memo."""
    kind = (kind or "").strip().upper()
    word = _TYPES.get(kind, "")
    number = text_of(number or "")
    if number.strip("0") and (kind == "CHECK" or not word):
        return f"{word or 'Check'} {number}", word or "Check"
    return word, word


def _reference(raw: str | None) -> str | None:
    reference = text_of(raw) if raw else ""
    return None if reference.upper().lstrip("0") in _NO_REFERENCE else reference
