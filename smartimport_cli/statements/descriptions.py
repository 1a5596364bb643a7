"""What a person knows of a bank's files, as data: how one is recognised, and how it is then read.

    [match]                                  # one of the two
    header = ["Buchung", "Betrag", "Text"]   # exactly these column names, in any order
    lines = '^Kontoauszug .* Musterbank'     # or a regular expression over the first lines

    [read]                                   # each as its flag: encoding, delimiter, header, date-order,
    date-order = "dmy"                       # decimal, sign, currency, account
    decimal = ","

    [columns]                                # role = name of a column, or its number from 1
    date = "Buchung"
    amount = "Betrag"
    description = ["Name", "Text"]

A description is applied as if its flags had been given (flags that were given win); the balances still check it.
"""

import csv
import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

from smartimport_cli.core.errors import UsageError
from smartimport_cli.core.model import ROLES, Choices, Layout
from smartimport_cli.core.text import clean

HEAD_LINES = 100  # where column names are looked for
_DELIMITERS = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}
_MONEY = {"amount", "debit", "credit", "mark"}


@dataclass(frozen=True, slots=True)
class Description:
    """One bank's layout. `origin` is where it comes from, as shown to people; `header` holds normal names."""

    name: str
    origin: str
    choices: Choices
    header: frozenset[str] | None = None
    lines: re.Pattern[str] | None = None

    def finds(self, lines: Sequence[str]) -> int | None:
        """The 1-based line of the column names where these first lines are such a file's (0 where it was
        recognised by its text); None where they are not."""
        if self.lines is not None:
            return 0 if self.lines.search("".join(lines[:HEAD_LINES])) else None
        delimiters = [self.choices.delimiter] if self.choices.delimiter else [*_DELIMITERS.values()]
        for delimiter in delimiters:
            for number, line in enumerate(lines[:HEAD_LINES], 1):
                if _names(line, delimiter) == self.header:
                    return number
        return None

    def applied(self, given: Choices, line: int) -> Choices:
        """What is chosen in the end: `given` by the user, else by this description."""
        merged = {
            field.name: own if (own := getattr(given, field.name)) not in (None, ()) else getattr(self.choices, field.name)
            for field in fields(Choices)
        }  # fmt: skip
        roles = {role for role, _ in given.columns}
        taken = roles | (_MONEY if roles & _MONEY else set())
        merged["columns"] = given.columns + tuple(
            (role, column) for role, column in self.choices.columns if role not in taken
        )
        if merged["header"] is None and line:
            merged["header"] = line
        return Choices(**merged)


def parse(text: str, name: str, origin: str) -> Description:
    """The description in a TOML document. Raises UsageError `bad-description` with file, key and what is allowed."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        hint = "smartimport inspect FILE --write-description NAME writes one."
        raise _bad(origin, f"is no TOML: {clean(str(error))}", hint) from None
    _only(document, ("match", "read", "columns"), origin, "")
    for table in document:
        if not isinstance(document[table], dict):
            raise _bad(origin, f"{table} is no table", f"Write [{table}] on a line of its own.")
    match = document.get("match", {})
    _only(match, ("header", "lines"), origin, "match.")
    if len(match) != 1:
        raise _bad(origin, "[match] must have one key", "It is header = [names], or lines = 'expression'.")
    read = document.get("read", {})
    _only(read, tuple(_READ), origin, "read.")
    for key, value in read.items():
        fits, allowed = _READ[key]
        if not fits(value):
            raise _bad(origin, f"read.{key} does not take {clean(repr(value))[:60]}", f"It is {allowed}.")
    values = {key.replace("-", "_"): value for key, value in read.items()}
    if delimiter := values.get("delimiter"):
        values["delimiter"] = _DELIMITERS.get(delimiter, delimiter)
    choices = Choices(**values, columns=tuple(_columns(document.get("columns", {}), origin)))
    if "header" in match:
        names = match["header"]
        if not isinstance(names, list) or not names or not all(isinstance(n, str) and n.strip() for n in names):
            raise _bad(origin, "match.header is no list of column names", 'Write header = ["Date", "Amount"].')
        return Description(name, origin, choices, header=frozenset(map(_plain, names)))
    try:
        return Description(name, origin, choices, lines=re.compile(str(match["lines"]), re.MULTILINE))
    except re.error as error:
        raise _bad(origin, f"match.lines is no regular expression: {error}", "Mind the backslashes.") from None


def write(choices: Choices, header: Sequence[str] | None, lines: str | None) -> str:
    """The TOML document of a description that has these choices; recognised by column names or an expression."""
    text = ["[match]"]
    if header:
        text.append(f"header = [{', '.join(map(_quoted, header))}]")
    else:
        text.append(f"lines = {_quoted(lines or '')}")
    text += ["", "[read]"]
    for key in _READ:
        value = getattr(choices, key.replace("-", "_"))
        if value is not None:
            text.append(f"{key} = {value if isinstance(value, int) else _quoted('tab' if value == chr(9) else value)}")
    text += ["", "[columns]"]
    columns: dict[str, list[str]] = {}
    for role, column in choices.columns:
        columns.setdefault(role, []).append(column)
    for role, named in columns.items():
        values = [name if name.isdecimal() else _quoted(name) for name in named]
        text.append(f"{role} = {values[0] if len(values) == 1 else '[' + ', '.join(values) + ']'}")
    return "\n".join(text) + "\n"


def of_layout(layout: Layout) -> str:
    """The TOML document of a description of files that are laid out like this one."""
    header = [column.name for column in layout.columns if column.name]
    return write(layout.choices, header, None if header else _expression(layout))


def _expression(layout: Layout) -> str:
    """A regular expression for lines of the form of the first row, for files that name no columns."""
    delimiter = layout.choices.delimiter or ","
    cut = re.escape(delimiter)
    dates = {column.number for column in layout.columns if column.role in ("date", "value-date")}
    forms = []
    for number, cell in enumerate(next(csv.reader([layout.sample], delimiter=delimiter), []), 1):
        form = rf'(?:"[^"\n]*"|[^{cut}\n]*)'
        if number in dates and cell.strip():
            shape = re.split(r"(\d+|[^\W\d_]+)", cell.strip())
            parts = (r"\d+" if t.isdecimal() else r"\w+" if t.isalpha() else re.escape(t) for t in shape)
            form = f"[\"' ]*{''.join(parts)}[\"' ]*"
        forms.append(form)
    return f"^{cut.join(forms)}\\s*$"


def _names(line: str, delimiter: str) -> frozenset[str]:
    cells = next(csv.reader([line.strip("\r\n")], delimiter=delimiter, skipinitialspace=True), [])
    return frozenset(plain for cell in cells if (plain := _plain(cell)))


def _plain(name: str) -> str:
    return clean(name.strip("\ufeff \"'")).casefold()


def _columns(columns: dict[str, Any], origin: str) -> Iterable[tuple[str, str]]:
    _only(columns, ROLES, origin, "columns.")
    for role, named in columns.items():
        for column in named if isinstance(named, list) and role == "description" else [named]:
            if isinstance(column, bool) or not isinstance(column, str | int) or not str(column).strip():
                raise _bad(origin, f"columns.{role} is no column", "It is a name, or a number from 1.")
            yield role, str(column)


def _only(table: dict[str, Any], allowed: Sequence[str], origin: str, prefix: str) -> None:
    for key in table:
        if key not in allowed:
            raise _bad(origin, f"sets {prefix}{clean(key)[:40]}, which means nothing", f"It may set {', '.join(allowed)}.")


def _bad(origin: str, what: str, hint: str) -> UsageError:
    return UsageError("bad-description", f"{origin}: {what}.", hint=hint)


def _quoted(text: str) -> str:
    if "'" not in text and text.isprintable():
        return f"'{text}'"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in escaped) + '"'


def _one_of(*values: str) -> tuple[Callable[[object], bool], str]:
    return (lambda value: value in values), "one of " + ", ".join(f"'{value}'" for value in values)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_encoding(value: object) -> bool:
    try:
        return isinstance(value, str) and bool("a".encode(value))
    except (LookupError, UnicodeError, ValueError):
        return False


_READ: dict[str, tuple[Callable[[Any], bool], str]] = {
    "encoding": (_is_encoding, "a character encoding such as utf-8 or cp1252"),
    "delimiter": (lambda v: isinstance(v, str) and (len(v) == 1 or v in _DELIMITERS), "one character, or tab"),
    "header": (lambda v: isinstance(v, int) and not isinstance(v, bool) and v >= 0, "a line number, or 0 for none"),
    "date-order": _one_of("dmy", "mdy", "ymd"),
    "decimal": _one_of(".", ","),
    "sign": _one_of("normal", "inverted"),
    "currency": (lambda v: isinstance(v, str) and bool(re.fullmatch("[A-Z]{3}", v)), "a three letter code such as EUR"),
    "account": (_is_text, "your name for the account"),
}
"""Keys of [read] in the order of writing: what each takes, and that in words."""

