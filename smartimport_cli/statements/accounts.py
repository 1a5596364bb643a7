"""Whose rows these are, where the user has a label for the account of a file that may hold several."""

from smartimport_cli.core.identity import account_from_label
from smartimport_cli.core.model import Account, Choices, Issue


class Accounts:
    """The accounts of one file. A label of the user's stands for the first of them."""

    def __init__(self, choices: Choices, issues: list[Issue]) -> None:
        self._label = choices.account
        self._issues = issues
        self._first: str | None = None

    def of(self, own: Account) -> Account:
        """The account that the rows of `own`, as the file names it, go to."""
        if self._label is None:
            return own
        if self._first is None:
            self._first = own.key
        if own.key == self._first:
            return account_from_label(self._label, kind=own.kind, currency=own.currency)
        several = Issue(
            "several-accounts", f"The file has several accounts; only the first is taken for {self._label}."
        )
        if several not in self._issues:
            self._issues.append(several)
        return own
