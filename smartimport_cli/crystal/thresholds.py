"""Every limit that a finding depends on, in one table. A user changes one in categories.toml:

    [thresholds]
    unusual_times = 3.0
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from smartimport_cli.core.errors import UsageError


def _limit(default: Any, meaning: str) -> Any:
    return field(default=default, metadata={"meaning": meaning})


@dataclass(frozen=True, slots=True)
class Thresholds:
    """See the module; `meanings` has the table in words."""

    # Payments that come again
    recurring_share: float = _limit(0.7, "share of the intervals that must be one turn of the rhythm")
    recurring_strays: float = _limit(0.15, "share of the intervals that may fit nothing, from five payments on")
    recurring_spread: float = _limit(
        0.35, "half of a series' amounts are at most this share away from the median (monthly and slower)"
    )
    recurring_spread_weekly: float = _limit(0.15, "the same for series that come more often than monthly")
    price_ratio: float = _limit(2.5, "an amount more than so many times another is no new price of the same thing")
    trial_share: float = _limit(0.35, "a first charge of at most this share of the price was a trial")
    late_days: int = _limit(6, "days after the due day before a payment is called late")
    salary_share: float = _limit(0.4, "share of the largest regular income from which on another is a salary by its size")
    # Out of the ordinary
    unusual_history: int = _limit(8, "other payments to a merchant before an amount can be called unusual")
    unusual_deviations: float = _limit(
        3.7, "robust standard deviations (1.4826 MAD, of the logarithm) above the usual amount"
    )
    unusual_times: float = _limit(2.0, "and at least so many times the usual amount")
    unusual_beyond: float = _limit(2.5, "or so many times the largest other amount, and twice unusual_times")
    unusual_category_history: int = _limit(25, "payments in a category before a new merchant is compared with it")
    unusual_category_deviations: float = _limit(4.5, "robust standard deviations above what the category usually is")
    unusual_category_times: float = _limit(4.0, "and at least so many times that")
    # Twice
    repeated_days: int = _limit(3, "days within which an equal charge may be the same one again")
    repeated_chance: float = _limit(
        0.4, "equal charges by chance that the merchant's habits lead to expect; more is a habit"
    )
    repeated_share: float = _limit(0.3, "less than this share of the usual amount is a small thing bought twice")
    # Money between own accounts, and money back
    transfer_days: int = _limit(5, "days that money takes from one own account to the other")
    refund_days: int = _limit(120, "days after a charge within which money from the merchant is a refund of it")
    # Months ahead and behind
    whole_month_days: int = _limit(4, "rows this near to both ends make a month a whole one")
    forecast_months: int = _limit(12, "earlier months whose same days say how the rest of a month may go")
    forecast_least: int = _limit(3, "whole months that a forecast needs")
    first_time_days: int = _limit(60, "days of history before a merchant can be called new")
    # Categories
    sure: float = _limit(0.75, "confidence below which a learned category is not used: uncategorised instead")

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "Thresholds":
        """These, and ours for the rest. Raises UsageError `bad-rules` for an unknown name or a value that is
        no number of zero or more."""
        known = {entry.name: entry for entry in fields(cls)}
        values: dict[str, Any] = {}
        for name, value in given.items():
            if name not in known:
                raise UsageError(
                    "bad-rules", f"[thresholds] has no '{name}'.", hint="smartimport help thresholds lists them."
                )
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e6:
                raise UsageError("bad-rules", f"The threshold {name} does not take {value!r}.", hint="Write a number.")
            values[name] = int(value) if isinstance(known[name].default, int) else float(value)
        return cls(**values)


def meanings() -> list[tuple[str, float, str]]:
    """Name, our value and what it means, of every threshold."""
    ours = Thresholds()
    return [(entry.name, getattr(ours, entry.name), entry.metadata["meaning"]) for entry in fields(Thresholds)]
