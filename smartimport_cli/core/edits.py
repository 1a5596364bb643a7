"""What a person decides about a staged row before it is committed, beside what was read.

An edit never touches the row itself: the reading stays, and with it the identity that finds the row again in
another statement. A value equal to the one that was read is no edit.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from smartimport_cli.core.errors import UsageError
from smartimport_cli.core.model import StagedTransaction
from smartimport_cli.core.money import plain, to_units
from smartimport_cli.core.text import clean

FIELDS = ("date", "amount", "merchant", "category", "exclude", "split")
_LONGEST = 200  # characters of a merchant or category
_LARGEST = 10**16  # units; beyond any account, within an SQLite integer
_REST = "rest"


class Part(NamedTuple):
    """A piece of a row that is split: signed units, and its own category."""

    amount: int
    category: str | None = None


Value = date | int | str | bool | tuple[Part, ...] | None


class Change(NamedTuple):
    """One value of one row (1, 2, 3 ... in file order) is to be another one. `what` is one of FIELDS; None as
    `value` takes an earlier change back: as it was read."""

    row: int
    what: str
    value: Value


class Edit(NamedTuple):
    """All that was decided about one row; None is as it was read. `excluded` False takes in a row that an
    earlier import left out."""

    posted_date: date | None = None
    amount: int | None = None
    merchant: str | None = None
    category: str | None = None
    excluded: bool | None = None
    parts: tuple[Part, ...] = ()

    def with_change(self, change: Change) -> "Edit":
        """This edit with one more decision."""
        if change.what == "split":
            return self._replace(parts=change.value or ())  # type: ignore[arg-type]
        name = {"exclude": "excluded", "date": "posted_date"}.get(change.what, change.what)
        return self._replace(**{name: change.value})  # type: ignore[arg-type]

    def beside(self, read: StagedTransaction) -> "Edit":
        """This edit without what is no change of the row as read. Raises UsageError `bad-edit` where the parts
        of a split are not the row's amount."""
        amount = read.amount if self.amount is None else self.amount
        if self.parts and sum(part.amount for part in self.parts) != amount:
            total = sum(part.amount for part in self.parts)
            raise UsageError(
                "bad-edit",
                f"The parts of row {read.source} add up to {plain(total, read.currency)}, "
                f"its amount is {plain(amount, read.currency)}.",
                hint="Write 'rest' as the last part's amount, or take the split back first.",
            )
        return self._replace(
            posted_date=None if self.posted_date == read.posted_date else self.posted_date,
            amount=None if self.amount == read.amount else self.amount,
            merchant=None if self.merchant == read.merchant else self.merchant,
            category=None if self.category == read.category else self.category,
        )

    def of(self, read: StagedTransaction) -> StagedTransaction:
        """The row as it was decided (before it is split)."""
        return read._replace(
            posted_date=self.posted_date or read.posted_date,
            amount=read.amount if self.amount is None else self.amount,
            merchant=self.merchant or read.merchant,
            category=self.category or read.category,
        )


NO_EDIT = Edit()


def parse_value(what: str, text: str, *, amount: int, currency: str | None) -> Value:
    """What `text` says for the field `what` of a row that has `amount` (units) now. Raises UsageError
    `bad-edit` in words that name the value."""
    text = text.strip()
    match what:
        case "date":
            try:
                return date.fromisoformat(text)
            except ValueError:
                raise _bad(f"'{clean(text)}' is no date", "Write it as 2026-03-31.") from None
        case "amount":
            return parse_amount(text)
        case "exclude":
            if text.casefold() in ("yes", "y", "true", "1", "x"):
                return True
            if text.casefold() in ("no", "n", "false", "0"):
                return False
            raise _bad(f"exclude does not take '{clean(text)}'", "It takes yes or no.")
        case "split":
            return parse_split(text, amount=amount, currency=currency)
        case "merchant" | "category":
            return _words(what, text)
    raise _bad(f"there is no field '{clean(what)}'", f"There are {', '.join(FIELDS)}.")


def parse_amount(text: str) -> int:
    """Signed units of a decimal number with a point: `-12.50`. Raises UsageError `bad-edit`."""
    try:
        units = to_units(Decimal(text.strip()))
    except (InvalidOperation, ValueError):
        raise _bad(f"'{clean(text)}' is no amount", "Write it with a point and a sign: -12.50") from None
    if abs(units) > _LARGEST:
        raise _bad(f"'{clean(text)}' is too large an amount", "")
    return units


def parse_split(text: str, *, amount: int, currency: str | None) -> tuple[Part, ...]:
    """The parts in `-60.00 Groceries; rest Household`: an amount each (`rest` once: what the others leave of
    `amount`), then the category, if it has one of its own. Raises UsageError `bad-edit`."""
    example = "Write -60.00 Groceries; rest Household"
    pieces = [piece.split(None, 1) for piece in text.split(";") if piece.strip()]
    if len(pieces) < 2:
        raise _bad("a split needs two parts at least", example)
    rests = sum(words[0].casefold() == _REST for words in pieces)
    if rests > 1:
        raise _bad(f"'{_REST}' stands for one part only", example)
    amounts = [None if words[0].casefold() == _REST else parse_amount(words[0]) for words in pieces]
    left = amount - sum(units for units in amounts if units is not None)
    if left and not rests:
        raise _bad(
            f"the parts leave {plain(left, currency)} of {plain(amount, currency)}",
            "Write 'rest' as the last part's amount.",
        )
    parts = tuple(
        Part(left if units is None else units, _words("category", words[1]) if len(words) > 1 else None)
        for units, words in zip(amounts, pieces, strict=True)
    )
    if any(part.amount == 0 for part in parts):
        raise _bad("a part of the split has no money in it", example)
    return parts


def split_text(parts: Iterable[Part], currency: str | None) -> str:
    """The parts as `parse_split` reads them."""
    return "; ".join(f"{plain(part.amount, currency)} {part.category or ''}".strip() for part in parts)


def _words(what: str, text: str) -> str:
    words = clean(text)
    if not words or len(words) > _LONGEST:
        raise _bad(f"a {what} has 1 to {_LONGEST} characters", "")
    return words


def _bad(why: str, hint: str) -> UsageError:
    return UsageError("bad-edit", f"{why[0].upper()}{why[1:]}.", hint=hint)
