"""What makes two things the same: accounts across statements, transactions across imports."""

import re
from array import array
from collections.abc import Sequence
from datetime import date
from hashlib import blake2b

from smartimport_cli.core.model import Account
from smartimport_cli.core.text import mask_account

_NOT_SIGNIFICANT = re.compile(r"[^0-9A-Z]")


def account_from_number(
    number: str, *, bank: str = "", kind: str | None = None, currency: str | None = None
) -> Account:
    """The account with this number (IBAN, card or account number as the statement gives it). Blanks, dashes
    and case do not matter. Only a digest and the last four characters are kept."""
    significant = _NOT_SIGNIFICANT.sub("", number.upper())
    bank = _NOT_SIGNIFICANT.sub("", bank.upper())
    return Account(_key(f"number:{bank}:{significant}"), mask_account(number), kind, currency)


def account_from_label(label: str, *, kind: str | None = None, currency: str | None = None) -> Account:
    """The account that the user calls `label` (case and surrounding blanks do not matter)."""
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
        self._seen: set[int] = set()
        self._repeats: dict[int, int] = {}
        self._dates: dict[date, tuple[bytes, str]] = {}

    def of(
        self,
        dates: Sequence[date],
        amounts: Sequence[int],
        currencies: Sequence[str | None],
        descriptions: Sequence[str],
        references: Sequence[str | None],
    ) -> list[bytes]:
        """The fingerprints of the next rows (columns of equal length)."""
        prefix, known = self._prefix, self._dates
        for day in {*dates} - known.keys():
            known[day] = day.toordinal().to_bytes(3, "big"), day.isoformat()
        days = list(map(known.__getitem__, dates))
        prints = [
            day + blake2b((prefix + text).encode(errors="surrogatepass"), digest_size=13).digest()
            for (day, _), text in zip(
                days,
                (
                    f"{iso}|{amount}|#{ref}" if ref else f"{iso}|{amount}|{currency}|{words.casefold()}"
                    for (_, iso), amount, currency, words, ref in zip(
                        days, amounts, currencies, descriptions, references, strict=True
                    )
                ),
                strict=True,
            )
        ]
        # The last eight bytes stand for the whole: one set of small integers, whatever the size of the import.
        tails = array("Q", b"".join(prints))[1::2]
        fresh = set(tails)
        if len(fresh) == len(prints) and self._seen.isdisjoint(fresh):
            self._seen |= fresh
            return prints
        return [self._numbered(print_, tail) for print_, tail in zip(prints, tails, strict=True)]

    def _numbered(self, first: bytes, tail: int) -> bytes:
        """Equal rows told apart: the first keeps its print, the second, third ... get one of their own."""
        if tail not in self._seen:
            self._seen.add(tail)
            return first
        count = self._repeats[tail] = self._repeats.get(tail, 1) + 1
        return first[:3] + blake2b(first + count.to_bytes(4, "big"), digest_size=13).digest()


def _key(text: str) -> str:
    return blake2b(text.encode(), digest_size=16).hexdigest()
