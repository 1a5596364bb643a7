"""Options that several commands take, declared once."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from smartimport_cli.core.errors import UsageError

if TYPE_CHECKING:
    from smartimport_cli.core.model import Choices

_READING = "How the statement is read (left out: decided by the evidence in it)"

FormatOption = Annotated[
    str | None, typer.Option("--format", help="Read it as csv, ofx ...", rich_help_panel=_READING)
]
EncodingOption = Annotated[
    str | None, typer.Option("--encoding", help="Character encoding, e.g. cp1252.", rich_help_panel=_READING)
]
DelimiterOption = Annotated[
    str | None,
    typer.Option("--delimiter", help="Column separator: ',' ';' '|' or tab.", rich_help_panel=_READING),
]
HeaderOption = Annotated[
    int | None,
    typer.Option("--header", min=0, help="Line of the column names; 0 for none.", rich_help_panel=_READING),
]
DateOrderOption = Annotated[
    str | None, typer.Option("--date-order", help="dmy, mdy or ymd.", rich_help_panel=_READING)
]
DecimalOption = Annotated[
    str | None, typer.Option("--decimal", help="Decimal mark: . or ,", rich_help_panel=_READING)
]
SignOption = Annotated[
    str | None,
    typer.Option("--sign", help="normal: minus is money out; inverted: plus is.", rich_help_panel=_READING),
]
CurrencyOption = Annotated[
    str | None, typer.Option("--currency", help="ISO code, e.g. EUR.", rich_help_panel=_READING)
]
AccountOption = Annotated[
    str | None,
    typer.Option(
        "--account", help="Your name for the account, where the file has none.", rich_help_panel=_READING
    ),
]
ColumnOption = Annotated[
    list[str] | None,
    typer.Option(
        "--column",
        metavar="ROLE=COLUMN",
        help="Say what a column is: date=1, amount='Betrag EUR'. May be repeated.",
        rich_help_panel=_READING,
    ),
]
MaxSizeOption = Annotated[
    str | None, typer.Option("--max-size", help="Largest file to take, e.g. 100MB (default 25MB).")
]
PasswordFileOption = Annotated[
    str | None,
    typer.Option(
        "--password-file", metavar="FILE", help="The password of a locked PDF: the first line of this file."
    ),
]
IdArgument = Annotated[str, typer.Argument(metavar="ID", help="The import: a prefix of its id, or @latest.")]
OptionalIdArgument = Annotated[
    str,
    typer.Argument(metavar="[ID]", help="The import: a prefix of its id, or @latest.", show_default=False),
]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Approve without asking.")]

ApproveIfOption = Annotated[
    str | None,
    typer.Option(
        "--approve-if",
        metavar="GUARDS",
        help="Approve without asking, only if: proved,no-doubts,no-duplicates,max-rows=N,max-total=AMOUNT,max-duplicates=N.",
    ),
]
DigestOption = Annotated[
    str | None,
    typer.Option("--digest", help="Only if the preview is still the one with this digest (else exit 12)."),
]
FailOnEmptyOption = Annotated[
    bool, typer.Option("--fail-on-empty", help="Exit 9 where a statement has nothing new.")
]
DsnEnvOption = Annotated[
    str | None,
    typer.Option(
        "--dsn-env", metavar="NAME",
        help="The environment variable with the database's address (else SMARTIMPORT_DB_URL, or PG*).",
    ),
]  # fmt: skip

_ORDERS = ("dmy", "mdy", "ymd")
_DELIMITERS = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "\\t": "\t"}


def choices_of(
    *,
    format: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    header: int | None = None,
    date_order: str | None = None,
    decimal: str | None = None,
    sign: str | None = None,
    currency: str | None = None,
    account: str | None = None,
    column: list[str] | None = None,
) -> "Choices":
    """The reading choices that flags force. Raises UsageError `bad-option` naming flag and value."""
    from smartimport_cli.core.model import Choices
    from smartimport_cli.statements.formats import names

    if format not in (None, *names()):
        from smartimport_cli.resources import plugin_names

        _one_of("--format", format, (*names(), *plugin_names()))
    _one_of("--date-order", date_order, _ORDERS)
    _one_of("--decimal", decimal, (".", ","))
    _one_of("--sign", sign, ("normal", "inverted"))
    _check("--encoding", encoding, _is_encoding, "name a character encoding such as utf-8 or cp1252")
    _check("--currency", currency, lambda c: len(c) == 3 and c.isalpha(), "use a three letter code, e.g. EUR")
    if delimiter is not None:
        delimiter = _DELIMITERS.get(delimiter, delimiter)
    _check("--delimiter", delimiter, lambda d: len(d) == 1, "use one character, or tab")
    return Choices(
        format=format,
        encoding=encoding,
        delimiter=delimiter,
        header=header,
        date_order=date_order,
        decimal=decimal,
        sign=sign,
        currency=currency.upper() if currency else None,
        account=account,
        columns=tuple(_column(text) for text in column or ()),
    )


def size_in_bytes(text: str | None, default: int) -> int:
    """`100MB`, `2GiB`, `500000` in bytes. Raises UsageError `bad-option`."""
    if text is None:
        return default
    number = text.rstrip("BbIiKkMmGg")
    unit = text[len(number) :].lower().rstrip("b").rstrip("i")
    factor = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}.get(unit)
    if not number.isdecimal() or factor is None:
        raise UsageError("bad-option", f"--max-size does not take '{text}'.", hint="Write 100MB or 2GB.")
    return int(number) * factor


def _column(text: str) -> tuple[str, str]:
    from smartimport_cli.core.model import ROLES

    role, equals, column = text.partition("=")
    role = role.strip().lower()
    role = {"direction": "mark", "type": "mark", "value": "amount", "text": "description"}.get(role, role)
    if not equals or not column or role not in ROLES:
        raise UsageError(
            "bad-option",
            f"--column does not take '{text}'.",
            hint=f"Write ROLE=COLUMN, e.g. amount=3; a role is one of {', '.join(ROLES)}.",
        )
    return role, column.strip()


def _one_of(flag: str, value: str | None, allowed: tuple[str, ...]) -> None:
    _check(flag, value, lambda v: v in allowed, f"it is one of {' '.join(allowed)}")


def _check(flag: str, value: str | None, fits: Callable[[str], bool], hint: str) -> None:
    if value is not None and not fits(value):
        raise UsageError(
            "bad-option", f"{flag} does not take '{value}'.", hint=hint[0].upper() + hint[1:] + "."
        )


def _is_encoding(name: str) -> bool:
    import codecs

    try:
        return bool(codecs.lookup(name)._is_text_encoding)
    except LookupError:
        return False
