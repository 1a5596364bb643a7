"""A policy answers in place of a person: conditions that a preview must meet to be approved unattended."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from smartimport_cli.core.errors import UsageError
from smartimport_cli.core.model import Verdict
from smartimport_cli.core.money import grouped, to_units
from smartimport_cli.core.protocols import Preview

WORDS = "proved, no-doubts, no-duplicates, max-rows=N, max-total=AMOUNT, max-duplicates=N"


@dataclass(frozen=True, slots=True)
class Policy:
    """Conditions; None where one does not matter. Unreadable rows always refuse: no policy has seen them."""

    proved: bool = False
    no_doubts: bool = False
    max_rows: int | None = None
    max_total: int | None = None  # units; money in plus money out of the new rows, in each currency
    max_duplicates: int | None = None

    @classmethod
    def parse(cls, text: str) -> "Policy":
        """Read `proved,no-duplicates,max-rows=500`. Raises UsageError `bad-policy` naming the word."""
        conditions: dict[str, int | bool] = {}
        for word in filter(None, (part.strip() for part in text.split(","))):
            name, _, value = word.partition("=")
            try:
                if name in ("proved", "no-doubts") and not value:
                    conditions[name.replace("-", "_")] = True
                elif name == "no-duplicates" and not value:
                    conditions["max_duplicates"] = 0
                elif name in ("max-rows", "max-duplicates"):
                    conditions[name.replace("-", "_")] = _count(value)
                elif name == "max-total":
                    conditions["max_total"] = abs(to_units(Decimal(value)))
                else:
                    raise ValueError
            except (ValueError, InvalidOperation):
                raise UsageError(
                    "bad-policy", f"--approve-if does not know '{word}'", hint=f"it takes {WORDS}"
                ) from None
        if not conditions:
            raise UsageError("bad-policy", "--approve-if names no condition", hint=f"it takes {WORDS}")
        return cls(**conditions)  # type: ignore[arg-type]

    def refusals(self, preview: Preview) -> list[str]:
        """Why this preview may not be committed unattended; empty where it may."""
        reasons = []
        if self.proved and preview.proof.verdict is not Verdict.PROVED:
            reasons.append(f"the reading is {preview.proof.verdict}, not proved")
        if self.no_doubts and preview.issues:
            reasons.append("there are doubts")
        if self.max_rows is not None and preview.new > self.max_rows:
            reasons.append(f"{preview.new} new rows are more than max-rows={self.max_rows}")
        if self.max_duplicates is not None and preview.duplicates > self.max_duplicates:
            reasons.append(
                f"{preview.duplicates} rows are already there, at most {self.max_duplicates} may be"
            )
        if self.max_total is not None:
            for total in preview.totals:
                moved = total.money_in - total.money_out
                if moved > self.max_total:
                    reasons.append(
                        f"{grouped(moved, total.currency)} {total.currency or ''} moved is more than "
                        f"max-total={grouped(self.max_total, total.currency)}".replace("  ", " ")
                    )
        if preview.unreadable_count:
            reasons.append(f"{preview.unreadable_count} rows could not be read")
        return reasons


def _count(text: str) -> int:
    if not text.isdecimal():
        raise ValueError(text)
    return int(text)
