"""The category of each committed row, as the summary counts it, for those who hand rows on."""

from collections.abc import Iterable

from smartimport_cli.core.model import Transaction
from smartimport_cli.core.text import shorten
from smartimport_cli.crystal.categories import UNCATEGORISED
from smartimport_cli.crystal.findings import Background, categorised
from smartimport_cli.crystal.history import NAME

_Merchant = tuple[str, str | None, str, str | None, bool, bool]


class Labels:
    """One pass over all committed rows, in any order, learns what is paid for; any of them can be asked then.
    Holds a word for each merchant, and one for each row that is not like its merchant's others."""

    def __init__(self, transactions: Iterable[Transaction], background: Background) -> None:
        self._corrections = background.corrections
        self._merchants: dict[_Merchant, str] = {}
        self._rows: dict[tuple[str, int, int], str] = {}
        history, _, _ = categorised(transactions, "", background)
        for part in history.payments:
            key = part.account, part.currency, part.merchant, part.given, part.money_in, part.corrected
            if key not in self._merchants:
                self._merchants[key] = part.category
                continue
            # Own transfers and refunds that were taken out of a merchant's rows come after what is left of them.
            for row in part:
                self._rows[history.imports[row.import_no], row.line, row.amount] = part.category

    def of(self, row: Transaction) -> str | None:
        """The category of a row that was in the pass: the bank's own words where Crystal knows none."""
        corrected = row.id in self._corrections
        given = self._corrections[row.id] if corrected else row.category
        merchant = shorten(row.merchant or row.description, NAME)
        key = row.account_id, row.currency, merchant, given, row.amount >= 0, corrected
        found = self._rows.get((row.import_id, row.line, row.amount)) or self._merchants.get(key)
        return row.category if found in (None, UNCATEGORISED) else found
