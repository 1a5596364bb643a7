"""Which account the rows are of: a column, a line before the rows, or nothing but the columns' names."""

import re
from collections.abc import Sequence

from smartimport_cli.core.identity import account_from_label, account_from_layout, account_from_number
from smartimport_cli.core.model import Account
from smartimport_cli.core.text import clean
from smartimport_cli.statements.delimited import dates, words
from smartimport_cli.statements.delimited.dialect import Row
from smartimport_cli.statements.delimited.table import Table

_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{8,30}")
_ACCOUNT_NUMBER = re.compile(r"(?=(?:.*\d){4})[0-9A-Z*xX•_ ./-]{4,34}")
_MANY = 64  # accounts in one file; a column with more belongs to the other sides
_PREAMBLE_NUMBER = re.compile(
    r"(?<![\w.,])(?:[A-Z]{2}\d{2}(?: ?[A-Z0-9]{2,4}){3,8}|[0-9xX*•][0-9xX*• /_-]{2,32}[0-9])(?![\w.,]?\d)"
)
_YEAR = re.compile(r"(19|20)\d\d")
_OWN_ACCOUNT = re.compile(rf"{words.normal('account')}|konto|kto|iban|compte|cuenta|conto|rekening|卡号|账号|账户|口座|card|"
                          r"karte|uctu|ucet|rachun|hesap|tili|szamla|conta|acct")  # fmt: skip


def account_column(table: Table, used: set[int]) -> int | None:
    """The column that names this account (not the other side's): one value, or a few."""
    found = []
    for column in table.columns:
        if column.index in used or not column.cells:
            continue
        distinct = column.distinct
        if column.role == "account":
            many = distinct > 1 and (distinct > _MANY or distinct * 3 > len(column.cells))
            filled = len(column.cells) >= len(table.data) * 0.9
            if not many and filled and any(_looks_like_account(cell) for cell in column.cells[:5]):
                number = bool(_ACCOUNT_NUMBER.fullmatch(column.cells[0].strip("'\" ")))
                iban = bool(_IBAN.fullmatch(column.cells[0].replace(" ", "")))
                found.append((distinct == 1, iban, number, -column.index))
        elif (
            not column.name
            and distinct == 1
            and len(column.cells) == len(table.data)
            and column.money
            and not column.dated
        ):
            cell = column.cells[0].strip("'\" ")
            if cell.isdigit() and len(cell) >= 7 and (len(table.data) > 1 or column.index == 0):
                found.append((False, False, True, -column.index))
        elif not column.name and distinct == 1 and is_iban(column.cells[0]):
            found.append((False, True, True, -column.index))
    return -max(found)[-1] if found else None


def account_in(preamble: list[Row]) -> str | None:
    """The account number that stands before the rows."""
    for row in preamble:
        text = " ".join(cell.strip() for cell in row.cells if cell.strip())
        for found in re.finditer(r"[A-Z]{2}\d{2}[A-Z0-9 ]{8,34}", text):
            for end in range(len(found[0]), 12, -1):
                if is_iban(found[0][:end]):
                    return found[0][:end].replace(" ", "")
    named = False  # the row above is nothing but the name of an account
    for row in preamble:
        cells = [cell.strip() for cell in row.cells if cell.strip()]
        text = " ".join(cells)
        above, named = named, bool(_OWN_ACCOUNT.search(words.normal(text)))
        if not (named or above) or words.balance_words(cells[0]) or len(text) > 200:
            continue
        for found in _PREAMBLE_NUMBER.finditer(text):
            number = found[0].strip()
            digits = sum(c.isdigit() for c in number)
            if digits >= 4 and not dates.shape(number) and "," not in number and not _YEAR.fullmatch(number):
                return number
        named = named and len(cells) == 1
    return None


def account_of(cell: str, currency: str | None) -> Account:
    """The account that a cell of the account column names: by its number, or by the bank's name for it."""
    text = cell.strip("'\"= ")
    if sum(c.isdigit() for c in text) >= 3:
        return account_from_number(text, currency=currency)
    return account_from_label(clean(text), currency=currency)


def account_without_name(names: Sequence[str] | None, width: int, currency: str | None) -> Account:
    """The account of rows that nothing names: known again by the columns of the file it comes in."""
    signature = "|".join(words.normal(name) for name in names or () if name) or f"{width} columns"
    return account_from_layout(f"{signature}|{currency or ''}", "unnamed account", currency=currency)


def _looks_like_account(cell: str) -> bool:
    text = cell.strip("'\" ")
    return len(text) >= 3 and not text.startswith(("/", "http"))


def is_iban(text: str) -> bool:
    """Whether the check digits of an IBAN are right."""
    text = text.replace(" ", "").upper()
    if not _IBAN.fullmatch(text):
        return False
    return int("".join(str(int(c, 36)) for c in text[4:] + text[:4])) % 97 == 1
