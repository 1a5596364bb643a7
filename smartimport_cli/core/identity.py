"""What makes two things the same: accounts across statements, transactions across imports."""

import re
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from datetime import date
from hashlib import blake2b

from smartimport_cli.core.model import Account
from smartimport_cli.core.text import mask_account

_NOT_SIGNIFICANT = re.compile(r"[^0-9A-Z]")
_IBAN_OR_NUMBER = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{8,30}|[0-9]{6,34}")


def account_from_number(
    number: str, *, bank: str = "", kind: str | None = None, currency: str | None = None
) -> Account:
    """The account with this number (IBAN, card or account number as the statement gives it). Blanks, dashes
    and case do not matter. Only a digest and the last four characters are kept."""
    significant = _NOT_SIGNIFICANT.sub("", number.upper())
    bank = _NOT_SIGNIFICANT.sub("", bank.upper())
    return Account(_key(f"number:{bank}:{significant}"), mask_account(number), kind, currency)


def account_from_label(label: str, *, kind: str | None = None, currency: str | None = None) -> Account:
    """The account that the user calls `label` (case and surrounding blanks do not matter); where that is a number or
    an IBAN, the account with this number, which is masked like every other."""
    if _IBAN_OR_NUMBER.fullmatch(re.sub(r"[\s-]", "", label.upper())):
        return account_from_number(label, kind=kind, currency=currency)
    return Account(_key(f"label:{label.strip().casefold()}"), label.strip(), kind, currency)


def account_from_layout(signature: str, label: str, *, currency: str | None = None) -> Account:
    """Where a file names no account: files of one layout (`signature`) are taken to be of one account."""
    return Account(_key(f"layout:{signature}"), label, None, currency)


class Fingerprints:
    """Identities of one account's transactions within one import, in file order.

    A fingerprint is 16 bytes: the posted date (3, so that an index in this order is one by date) and a hash of
    what makes the transaction the same in another statement: the bank's own reference where there is one, else
    currency and description, with date, amount and an occurrence number (two equal purchases on one day are
    two). The hash covers the account and the version of this scheme.
    """

    VERSION = 1

    def __init__(self, account_key: str) -> None:
        self._prefix = f"{self.VERSION}|{account_key}|"
        self._days: dict[date, bytes] = {}
        self._leads: dict[date, str] = {}
        self._seen = _Seen()
        self._repeats: dict[int, int] = {}

    def of(
        self,
        dates: Sequence[date],
        amounts: Sequence[int],
        currencies: Sequence[str | None],
        descriptions: Sequence[str],
        references: Sequence[str | None],
    ) -> list[bytes]:
        """The fingerprints of the next rows (columns of equal length)."""
        days, leads = self._days, self._leads
        for day in {*dates} - days.keys():
            days[day] = day.toordinal().to_bytes(3, "big")
            leads[day] = f"{self._prefix}{day.isoformat()}|"
        if any(references):
            texts = [
                f"{leads[day]}{amount}|#{ref}" if ref else f"{leads[day]}{amount}|{currency}|{words.casefold()}"
                for day, amount, currency, words, ref in zip(
                    dates, amounts, currencies, descriptions, references, strict=True
                )
            ]
        else:
            texts = [
                f"{leads[day]}{amount}|{currency}|{words.casefold()}"
                for day, amount, currency, words in zip(dates, amounts, currencies, descriptions, strict=True)
            ]
        prints = [
            days[day] + blake2b(text.encode("utf-8", "surrogatepass"), digest_size=13).digest()
            for day, text in zip(dates, texts, strict=True)
        ]
        # The last eight bytes stand for the whole: small integers, whatever the size of the import.
        tails = array("Q", b"".join(prints))[1::2]
        if self._seen.add_all(tails, min(dates), max(dates)):
            return prints
        return [self._numbered(*item) for item in zip(prints, tails, dates, strict=True)]

    def _numbered(self, first: bytes, tail: int, day: date) -> bytes:
        """Equal rows told apart: the first keeps its print, the second, third ... get one of their own."""
        if self._seen.add(tail, day):
            return first
        count = self._repeats[tail] = self._repeats.get(tail, 1) + 1
        return first[:3] + blake2b(first + count.to_bytes(4, "big"), digest_size=13).digest()


class _Seen:
    """A set of 64-bit numbers, each of a day, that takes 8 bytes for most of them: what has not been added to
    lately lies sorted in arrays, and is looked at only for days that it holds."""

    _RECENT = 150_000

    def __init__(self) -> None:
        self._recent: set[int] = set()
        self._first = date.max
        self._last = date.min
        self._frozen: list[tuple[date, date, array[int]]] = []

    def add_all(self, numbers: Sequence[int], first: date, last: date) -> bool:
        """Add all of them, of days between `first` and `last`; or none, and False, where one is not new."""
        fresh = set(numbers)
        if len(fresh) != len(numbers) or not self._recent.isdisjoint(fresh):
            return False
        if any(self._holds(number, first, last) for number in fresh) if self._near(first, last) else False:
            return False
        self._freeze()
        self._recent |= fresh
        self._first, self._last = min(first, self._first), max(last, self._last)
        return True

    def add(self, number: int, day: date) -> bool:
        """Add one; False where it was there."""
        if number in self._recent or self._holds(number, day, day):
            return False
        self._recent.add(number)
        self._first, self._last = min(day, self._first), max(day, self._last)
        return True

    def _near(self, first: date, last: date) -> bool:
        return any(first <= end and begin <= last for begin, end, _ in self._frozen)

    def _holds(self, number: int, first: date, last: date) -> bool:
        for begin, end, numbers in self._frozen:
            if first <= end and begin <= last:
                place = bisect_left(numbers, number)
                if place < len(numbers) and numbers[place] == number:
                    return True
        return False

    def _freeze(self) -> None:
        if len(self._recent) >= self._RECENT:
            self._frozen.append((self._first, self._last, array("Q", sorted(self._recent))))
            self._recent = set()
            self._first, self._last = date.max, date.min


def _key(text: str) -> str:
    return blake2b(text.encode(), digest_size=16).hexdigest()
