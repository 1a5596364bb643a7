"""What a page is about, beside the insights."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class Balances:
    """The balance of one account over time: days (oldest first) with decimal values."""

    account: str
    currency: str
    days: Sequence[tuple[date, Decimal]]


@dataclass(frozen=True, slots=True)
class About:
    """What a page is about, beside its insights: the statement, and what the balances say of it."""

    file_name: str
    import_id: str
    advice: str = ""
    proof: dict[str, Any] | None = None  # as the state of an import has it
    balances: Sequence[Balances] = field(default_factory=tuple)
