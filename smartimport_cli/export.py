"""Committed transactions as text for other programs: CSV, JSON, OFX, Beancount, Ledger (and hledger)."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from smartimport_cli.core.errors import UsageError
from smartimport_cli.core.model import Account, Transaction
from smartimport_cli.core.money import plain
from smartimport_cli.core.text import defused

SCHEMA = "smartimport.transactions/1"
COLUMNS = (
    "date", "amount", "currency", "description", "merchant", "category", "account", "balance", "reference",
    "id",
)  # fmt: skip

Accounts = Mapping[str, Account | str]

_BATCH = 500  # rows in one piece of text
_LIABILITIES = frozenset(["card", "credit line", "loan"])
_OPEN = "1900-01-01"  # before any statement, so that the order of transactions does not matter
_CURRENCY = re.compile(r"[A-Z]{3,12}")
_NO_CURRENCY = "XXX"  # ISO 4217 for 'no currency'


def render(format: str, transactions: Iterable[Transaction], *, accounts: Accounts) -> Iterator[str]:
    """`transactions` in one of FORMATS, in pieces as they come; `accounts` has the account (or its label) of
    each `account_id`. Raises UsageError `unknown-format`."""
    try:
        renderer = _RENDERERS[format]
    except KeyError:
        known = ", ".join(FORMATS)
        hint = f"One of {known}."
        raise UsageError("unknown-format", f"There is no format {format!r}.", hint=hint) from None
    return renderer(transactions, accounts)


def _csv(transactions: Iterable[Transaction], accounts: Accounts) -> Iterator[str]:
    import csv
    import io

    buffer = io.StringIO()
    writer = csv.writer(buffer)  # RFC 4180: commas, CRLF, quotes doubled
    writer.writerow(COLUMNS)
    for count, row in enumerate(transactions, 1):
        writer.writerow(
            (
                row.posted_date.isoformat(),
                plain(row.amount, row.currency),
                defused(row.currency),
                defused(row.description),
                defused(row.merchant),
                defused(row.category),
                defused(_label(row, accounts)),
                "" if row.balance is None else plain(row.balance, row.currency),
                defused(row.reference),
                defused(row.id),
            )
        )
        if count % _BATCH == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _json(transactions: Iterable[Transaction], accounts: Accounts) -> Iterator[str]:
    import json

    yield f'{{"schema": "{SCHEMA}", "transactions": ['
    separator = "\n"
    for row in transactions:
        document: dict[str, Any] = {
            "id": row.id,
            "import_id": row.import_id,
            "account": _label(row, accounts),
            "posted_date": row.posted_date.isoformat(),
            "amount": plain(row.amount, row.currency),
            "currency": row.currency,
            "description": row.description,
            "merchant": row.merchant,
            "category": row.category,
            "reference": row.reference,
            "balance": None if row.balance is None else plain(row.balance, row.currency),
            "line": row.line,
        }
        yield separator + json.dumps(document, ensure_ascii=False)
        separator = ",\n"
    yield "\n]}\n"


def _ofx(transactions: Iterable[Transaction], accounts: Accounts) -> Iterator[str]:
    """OFX 2.2 (https://www.ofx.net, Banking 2.2, section 11): one statement for each account and currency."""
    statements: dict[tuple[str, str | None], list[Transaction]] = {}
    for row in transactions:
        statements.setdefault((row.account_id, row.currency), []).append(row)
    latest = max((rows[-1].posted_date for rows in statements.values()), default=date(1970, 1, 1))
    status = "<STATUS><CODE>0</CODE><SEVERITY>INFO</SEVERITY></STATUS>"
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<?OFX OFXHEADER="200" VERSION="220" SECURITY="NONE" OLDFILEUID="NONE" NEWFILEUID="NONE"?>\n'
        f"<OFX>\n<SIGNONMSGSRSV1><SONRS>{status}<DTSERVER>{latest:%Y%m%d}</DTSERVER><LANGUAGE>ENG</LANGUAGE>"
        "</SONRS></SIGNONMSGSRSV1>\n"
    )
    cards = [key for key, rows in statements.items() if _is_card(rows[0], accounts)]
    for message, keys in (("BANK", [key for key in statements if key not in cards]), ("CREDITCARD", cards)):
        if keys:
            yield f"<{message}MSGSRSV1>\n"
            for number, key in enumerate(keys, 1):
                yield from _ofx_statement(statements[key], accounts, message == "CREDITCARD", number, status)
            yield f"</{message}MSGSRSV1>\n"
    yield "</OFX>\n"


def _ofx_statement(
    rows: list[Transaction], accounts: Accounts, card: bool, number: int, status: str
) -> Iterator[str]:
    prefix, account = ("CC", "CCACCTFROM") if card else ("", "BANKACCTFROM")
    bank = "" if card else "<BANKID>0</BANKID>"  # not kept; required by the format
    kind = "" if card else f"<ACCTTYPE>{_ofx_kind(rows[0], accounts)}</ACCTTYPE>"
    last = rows[-1]
    yield (
        f"<{prefix}STMTTRNRS><TRNUID>{number}</TRNUID>{status}<{prefix}STMTRS>"
        f"<CURDEF>{_commodity(last.currency) or _NO_CURRENCY}</CURDEF>"
        f"<{account}>{bank}<ACCTID>{_ofx_text(_label(last, accounts), 22)}</ACCTID>{kind}</{account}>\n"
        f"<BANKTRANLIST><DTSTART>{rows[0].posted_date:%Y%m%d}</DTSTART><DTEND>{last.posted_date:%Y%m%d}</DTEND>\n"
    )
    for row in rows:
        yield (
            f"<STMTTRN><TRNTYPE>{'DEBIT' if row.amount < 0 else 'CREDIT'}</TRNTYPE>"
            f"<DTPOSTED>{row.posted_date:%Y%m%d}</DTPOSTED><TRNAMT>{plain(row.amount, row.currency)}</TRNAMT>"
            f"<FITID>{row.id}</FITID><NAME>{_ofx_text(row.merchant or row.description, 32) or '-'}</NAME>"
            f"<MEMO>{_ofx_text(row.description, 255)}</MEMO></STMTTRN>\n"
        )
    # The format requires a balance; one that is not known is given as of long before the rows.
    known = last.balance is not None
    yield (
        f"</BANKTRANLIST><LEDGERBAL><BALAMT>{plain(last.balance or 0, last.currency)}</BALAMT>"
        f"<DTASOF>{last.posted_date if known else date(1970, 1, 1):%Y%m%d}</DTASOF></LEDGERBAL>"
        f"</{prefix}STMTRS></{prefix}STMTTRNRS>\n"
    )


def _ofx_text(text: str, most: int) -> str:
    from xml.sax.saxutils import escape

    return escape(text[:most].strip())


def _is_card(row: Transaction, accounts: Accounts) -> bool:
    account = accounts.get(row.account_id)
    return isinstance(account, Account) and account.kind == "card"


def _ofx_kind(row: Transaction, accounts: Accounts) -> str:
    account = accounts.get(row.account_id)
    kind = account.kind if isinstance(account, Account) else None
    return {"savings": "SAVINGS", "credit line": "CREDITLINE", "deposit": "CD"}.get(kind or "", "CHECKING")


def _beancount(transactions: Iterable[Transaction], accounts: Accounts) -> Iterator[str]:
    names = _Names(accounts)
    opened: set[str] = set()
    for row in transactions:
        own, other = names.own(row), names.other(row)
        for name in (own, other):
            if name not in opened:
                opened.add(name)
                yield f"{_OPEN} open {name}\n"
        titles = " ".join(map(_quoted, _titles(row))) or '""'
        currency = _commodity(row.currency) or _NO_CURRENCY
        reference = f"  reference: {_quoted(row.reference)}\n" if row.reference else ""
        yield (
            f"\n{row.posted_date} * {titles}\n"
            f"  id: {_quoted(row.id)}\n"
            f"{reference}"
            f"  {own}  {plain(row.amount, row.currency)} {currency}\n"
            f"  {other}  {plain(-row.amount, row.currency)} {currency}\n"
        )


def _titles(row: Transaction) -> list[str]:
    """Payee and narration; one of them where they say the same."""
    texts = [row.merchant, row.description]
    if row.merchant.casefold() == row.description.casefold():
        texts = [row.description]
    return [text for text in texts if text]


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _ledger(transactions: Iterable[Transaction], accounts: Accounts) -> Iterator[str]:
    names = _Names(accounts)
    for row in transactions:
        # 'payee | note' is hledger's; to ledger it is one payee.
        title = " | ".join(filter(None, map(_payee, _titles(row)))) or "-"
        currency = _commodity(row.currency)
        unit = f" {currency}" if currency else ""
        reference = f"    ; reference: {_tag(row.reference)}\n" if row.reference else ""
        yield (
            f"{row.posted_date} * {title}\n"
            f"    ; id: {_tag(row.id)}\n"
            f"{reference}"
            f"    {names.own(row)}  {plain(row.amount, row.currency)}{unit}\n"
            f"    {names.other(row)}  {plain(-row.amount, row.currency)}{unit}\n\n"
        )


def _payee(text: str) -> str:
    """Without what ends a payee, or begins a code or a status."""
    return text.replace(";", ",").replace("|", "/").lstrip("*!( ").strip()


def _tag(text: str) -> str:
    """Without what ends a tag's value, or begins a date or another tag."""
    return re.sub(r"[,;:\[\]]", "_", text)


class _Names:
    """Accounts as plain text accounting names them: `Assets:Checking:1234`, `Expenses:Groceries`."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._own: dict[str, str] = {}
        self._taken: set[str] = set()

    def own(self, row: Transaction) -> str:
        """The account that the transaction is of; two accounts never share a name."""
        name = self._own.get(row.account_id)
        if name is None:
            account = self._accounts.get(row.account_id)
            kind = account.kind if isinstance(account, Account) else None
            root = "Liabilities" if kind in _LIABILITIES else "Assets"
            parts = [root, *([_component(kind)] if kind else []), _component(_label(row, self._accounts))]
            base = name = ":".join(parts)
            count = 1
            while name in self._taken:
                count += 1
                name = f"{base}-{count}"
            self._taken.add(name)
            self._own[row.account_id] = name
        return name

    def other(self, row: Transaction) -> str:
        """Where the money went to or came from. Both sides of an own transfer meet in one account of equity,
        where they leave nothing."""
        root = "Expenses" if row.amount < 0 else "Income"
        parts = [_component(part) for part in (row.category or "").split(":") if part.strip()]
        if parts == ["Transfers"]:
            return "Equity:Transfers"
        if parts and parts[0] == root:  # not Income:Income
            parts = parts[1:] or ["Other"]
        return ":".join([root, *(parts or ["Unknown"])])


def _component(text: str) -> str:
    """One part of an account's name: capital letter or digit first, then letters, digits, dashes."""
    composed = unicodedata.normalize("NFC", text)
    words = "".join(c if c.isalpha() or c.isdecimal() else " " for c in composed).split()
    name = "-".join(word[0].upper() + word[1:] for word in words)
    if not name:
        return "Unknown"
    return name if unicodedata.category(name[0]) in ("Lu", "Nd") else f"X{name}"  # a script without capitals


def _label(row: Transaction, accounts: Accounts) -> str:
    account = accounts.get(row.account_id)
    if account is None:
        return row.account_id[:8]
    return account.label if isinstance(account, Account) else account


def _commodity(currency: str | None) -> str | None:
    """The currency where it is written like one."""
    code = (currency or "").upper()
    return code if _CURRENCY.fullmatch(code) else None


_RENDERERS: dict[str, Callable[[Iterable[Transaction], Accounts], Iterator[str]]] = {
    "csv": _csv,
    "json": _json,
    "ofx": _ofx,
    "beancount": _beancount,
    "ledger": _ledger,
}
FORMATS: tuple[str, ...] = tuple(_RENDERERS)
