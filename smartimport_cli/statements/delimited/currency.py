"""Which currency the amounts are in: a column of its own, a word in a column's name, the amounts themselves."""

import re

from smartimport_cli.core.model import where
from smartimport_cli.statements.delimited import numbers, words
from smartimport_cli.statements.delimited.amounts import Money
from smartimport_cli.statements.delimited.inquiry import Inquiry
from smartimport_cli.statements.delimited.numbers import currency_of
from smartimport_cli.statements.delimited.table import Column, Table

# Currencies as English names of columns spell them: Amount (Yen), Amount in Rs.
_SPELLED = {
    code: re.compile(rf"(?<!\w)({words_})(?!\w)", re.IGNORECASE)
    for code, words_ in {
        "JPY": "yen", "INR": r"rs\.?|rupees?", "EUR": "euros?", "THB": "baht", "IDR": "rupiah", "MYR": "ringgit", "HUF": "forint",
        "PLN": "zloty",
    }.items()
}  # fmt: skip


def currency_column(table: Table, used: set[int], amount: int | None) -> int | None:
    """The column with the currency of the amounts."""
    found = []
    for column in table.columns:
        if column.index in used or not column.cells or column.role in ("description", "payee", "account"):
            continue
        codes = sum(currency_of(cell) is not None for cell in column.cells) / len(column.cells)
        if codes > 0.95 and (column.role == "currency" or codes == 1):
            full = (len(column.cells) >= len(table.data) * 0.9) + (len(column.cells) * 2 >= len(table.data))
            near = -abs(column.index - amount) if amount is not None else 0
            behind = amount is not None and column.index == amount + 1
            found.append(
                (
                    full,
                    words.role_of(column.name) == "currency",
                    behind,
                    words.booked(column.name),
                    near,
                    column.index,
                )
            )
    return max(found)[-1] if found else None


def foreign_money(table: Table, currency: int, amount: int) -> Column | None:
    """The column of original amounts that a currency column stands beside, where the account's amounts are elsewhere."""
    if abs(currency - amount) <= 1:
        return None
    beside = (c for c in table.columns if c.role == "other_money" and c.tokens and abs(c.index - currency) == 1)
    return next(beside, None)


def home_currency(table: Table, currency: int, amount: int, original: int) -> str | None:
    """The currency of all rows whose amount and original amount are the same."""
    found = set()
    for row in table.data:
        if max(currency, amount, original) < len(row.cells):
            own, foreign = (numbers.token(row.cells[i]) for i in (amount, original))
            if own and foreign and own.number == foreign.number:
                found.add(currency_of(row.cells[currency]))
    return found.pop() if len(found) == 1 else None


def currency_of_rows(inquiry: Inquiry, table: Table, money: Money, column: int | None) -> str | None:
    """The currency of all rows, or None where rows have their own or nothing tells."""
    if inquiry.choices.currency:
        inquiry.say("currency", inquiry.choices.currency, inquiry.chosen("currency"))
        return inquiry.choices.currency
    if column is not None:
        found = {currency_of(cell) for cell in table.columns[column].cells}
        if len(found) == 1:
            return known_currency(inquiry, found.pop(), table, f"column {table.names[column] or column + 1}")
        inquiry.say("currency", ", ".join(sorted(filter(None, found)))[:80], "a column of its own")
        return None
    used = [i for i in (money.amount, money.debit, money.credit, money.balance) if i is not None]
    for index in used:
        named = named_in(table.names[index])
        if named:
            return known_currency(inquiry, named, table, f"the name of the column {table.names[index]}")
    cells = {t.currency for i in used for t in table.columns[i].tokens if t.currency}
    if len(cells) == 1:
        return known_currency(inquiry, cells.pop(), table, "the amounts carry it")
    for row in table.preamble:
        texts = [cell.strip() for cell in row.cells if cell.strip()]
        for cell in texts:
            named = currency_of(cell) if len(cell) == 3 else None
            if named is None and (amount := numbers.token(cell)):
                named = amount.currency
            if named is None and words.role_of(texts[0]) in ("currency", "balance"):
                named = named_in(cell)
            if named:
                return known_currency(inquiry, named, table, where(row.line))
    return None


def known_currency(inquiry: Inquiry, code: str | None, table: Table, why: str) -> str | None:
    """The currency that a code or a symbol shared by several means in this file; None where that is not known."""
    if code == "$":
        inquiry.say("currency", "USD", f"{why}: the dollar sign alone")
        inquiry.doubt("currency-likely", "The file says $ only; it is taken as US dollars.")
        return "USD"
    if code == "¥":
        text = "".join(table.names)
        code = (
            "JPY"
            if re.search(r"[\u3040-\u30ff]|残高|取引|円", text)
            else "CNY"
            if text and not text.isascii()
            else None
        )
    if code == "kr":
        code = _crowns(" ".join(map(words.normal, table.names)))
    if code:
        inquiry.say("currency", code, why)
    return code


def named_in(text: str) -> str | None:
    """The currency that a name of a column or a line has in it: its code, its symbol, or its English word."""
    word: str
    for word in re.findall(r"\b[A-Z]{3}\b", text):
        if word in numbers.CODES:
            return word
    for symbol in ("US$", "A$", "C$", "CA$", "NZ$", "HK$", "S$", "R$"):
        if re.search(rf"(?<!\w){re.escape(symbol)}", text):
            return numbers.SYMBOLS[symbol]
    for code, spelled in _SPELLED.items():
        if spelled.search(text):
            return code
    for symbol in ("€", "£", "zł", "Kč", "₹", "₺", "円", "元", "人民币", "$", "¥"):
        if symbol in text:
            return numbers.SYMBOLS[symbol]
    return None


def _crowns(names: str) -> str | None:
    """Whose crowns `kr` are, by the language of the column names."""
    found = re.search(r"\b(belopp|bokfor\w*|insatt\w*|uttag)|\b(belob\w*|bogfor\w*)|\b(belop\b|inn\b|ut\b)", names)
    return ("SEK", "DKK", "NOK")[(found.lastindex or 1) - 1] if found else None
