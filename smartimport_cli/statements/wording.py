"""What a row is called: description and merchant from a name and a longer text, both clean."""

import re
from functools import lru_cache

from smartimport_cli.core.merchant import merchant, says_only_how
from smartimport_cli.core.model import Issue

# A balance brought forward, or of a day, by its name in the languages where banks do that.
_BALANCE = re.compile(
    r"(?:saldo (?:anterior|inicial|final|do dia|dia|atual|em|total)|(?:ancien|nouveau) solde"
    r"|solde (?:au|initial)|(?:opening|closing|previous|ending|beginning) balance|balance (?:brought|carried)"
    r"|brought forward|carried forward|anfangssaldo|endsaldo|kontostand|saldovortrag)\b",
    re.IGNORECASE,
)


def described(short: str, long: str) -> tuple[str, str]:
    """Description and merchant of a row with a name (`short`) and a text (`long`)."""
    if not long or long in short:
        return short, merchant(short)
    if not short or short in long:  # names are cut at 32 characters, the memo has all of it
        return long, merchant(long) if long.startswith(short) else _who(short) or merchant(long)
    return f"{short} - {long}", _who(short) or merchant(long)


@lru_cache(maxsize=4096)
def _who(name: str) -> str:
    """The merchant of this name; empty where the name only tells how it was paid."""
    return "" if says_only_how(name) else merchant(name)


def speaks_of_balance(description: str) -> bool:
    """Whether `description` is that of a balance."""
    return _BALANCE.match(description) is not None


def doubts(description: str) -> tuple[Issue, ...]:
    """Some banks list the balance of a day among the transactions."""
    if not speaks_of_balance(description):
        return ()
    return (Issue("may-be-balance", "By its text the row is a balance, not a transaction."),)
