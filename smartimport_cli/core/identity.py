"""What makes two things the same: accounts across statements, transactions across imports."""

import re
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


def _key(text: str) -> str:
    return blake2b(text.encode(), digest_size=16).hexdigest()
