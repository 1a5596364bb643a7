"""The six tables as the hosted PostgreSQL has them, read from the embedded store: what a REST read asks for.

A row leaves here as the text of a JSON object, put together by SQLite itself: numbers keep their digits, times
look as PostgreSQL's `to_json` prints them, and no cell becomes a Python object on the way.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import NamedTuple
from uuid import UUID

from smartimport_cli.backends.local.store import Store
from smartimport_cli.core.money import to_units


class BadValue(ValueError):
    """A value that its column's type does not take; worded as PostgreSQL does (SQLSTATE 22P02)."""


class Column(NamedTuple):
    """A column: PostgreSQL's type, what SQLite compares and sorts by, what JSON shows (left out: the same),
    and how a value from a query becomes one to compare with."""

    name: str
    type: str
    sql: str
    shown: str | None = None
    read: Callable[[str], object] | None = None  # None: the column cannot be compared with a value


class Condition(NamedTuple):
    """`column operator value`; the value of `in` is a tuple of texts, that of `is` null, true or false."""

    column: str
    operator: str
    value: str | tuple[str, ...]
    negated: bool = False


class Group(NamedTuple):
    """Conditions joined by `and` or `or`."""

    joined_by: str
    members: "tuple[Condition | Group, ...]"
    negated: bool = False


class Order(NamedTuple):
    """One column to sort by; nulls last where it rises and first where it falls, as PostgreSQL does."""

    column: str
    descending: bool = False
    nulls_first: bool | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked of a table. `columns` pairs a name with the key that it gets; empty: all columns."""

    table: str
    columns: tuple[tuple[str, str], ...] = ()
    where: Group = Group("and", ())
    order: tuple[Order, ...] = ()
    limit: int | None = None
    offset: int = 0


class Page(NamedTuple):
    """Rows as JSON texts; `total` without limit and offset, where it was to be counted."""

    rows: list[str]
    total: int | None


_OPERATORS = {"eq": "=", "neq": "<>", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
_PATTERNS = {"like", "ilike"}


class UnknownColumn(LookupError):
    """A query names a column that its table does not have (SQLSTATE 42703)."""

    def __init__(self, table: str, column: str) -> None:
        super().__init__(f"column {table}.{column} does not exist")


class Tables:
    """Reads the tables through a connection of its own; for one thread at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def read(self, query: Query, *, count: bool = False) -> Page:
        """The rows that `query` asks for. Raises KeyError for an unknown table, UnknownColumn, BadValue, and
        what the store raises."""
        table = TABLES[query.table]
        values: list[object] = []
        where = _group(table, query.where, values)
        shown = ", ".join(
            f"'{key}', {_shown(_column(table, name))}"
            for name, key in (query.columns or ((name, name) for name in table.columns))
        )
        order = ", ".join(_order(table, item) for item in query.order)
        with self._store.reading() as db:
            total = None
            if count:
                (total,) = db.execute(f"SELECT count(*) FROM {table.source} WHERE {where}", values).fetchone()
            cursor = db.cursor()
            cursor.row_factory = None
            rows = cursor.execute(
                f"SELECT json_object({shown}) FROM {table.source} WHERE {where}"
                f"{f' ORDER BY {order}' if order else ''} LIMIT ? OFFSET ?",
                (*values, -1 if query.limit is None else query.limit, query.offset),
            ).fetchall()
        return Page([text for (text,) in rows], total)

    def close(self) -> None:
        self._store.close()


class StoredEvent(NamedTuple):
    """One event as followers get it: what filters look at, and the whole row as JSON text."""

    id: str
    import_id: str
    user_id: str
    event_type: str
    created_at: str
    seq: int
    record: str


class Tail:
    """What has been stored since the last look, of all imports, in the order in which it was committed.

    Writers take turns and stamp their events in their turn, so the stamps order what one look finds, and what
    a later look finds was committed later.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._seen: dict[int, int] = {}
        self.skip()

    def skip(self) -> None:
        """Begin with what comes after now."""
        self._seen = dict(self._last())

    def look(self) -> list[StoredEvent]:
        """The events since the last look. Raises what the store raises."""
        found: list[tuple[str, int, StoredEvent]] = []
        with self._store.reading() as db:
            for no, last in self._last():
                seen = self._seen.get(no, 0)
                if last > seen:
                    for row in db.execute(_NEWS, (no, seen)):
                        event = StoredEvent(*row)
                        found.append((event.created_at, no, event))
                    self._seen[no] = last
        found.sort(key=lambda item: (item[0], item[1], item[2].seq))
        return [event for _, _, event in found]

    def _last(self) -> list[tuple[int, int]]:
        with self._store.reading() as db:
            cursor = db.cursor()
            cursor.row_factory = None
            return cursor.execute("SELECT no, last_seq FROM imports").fetchall()

    def close(self) -> None:
        self._store.close()


@dataclass(frozen=True, slots=True)
class Table:
    """A hosted table over embedded ones; `source` is what stands behind FROM."""

    source: str
    columns: dict[str, Column]


# -- values


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise BadValue(f'invalid input syntax for type uuid: "{text}"') from None


def _uuid_bytes(text: str) -> bytes:
    return UUID(_uuid(text)).bytes


def _uuid_number(text: str) -> int:
    return UUID(_uuid(text)).int & (1 << 63) - 1


def _time(text: str) -> str:
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise BadValue(f'invalid input syntax for type timestamp with time zone: "{text}"') from None
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC).isoformat()


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise BadValue(f'invalid input syntax for type bigint: "{text}"') from None


def _day(text: str) -> int:
    try:
        return date.fromisoformat(text).toordinal()
    except ValueError:
        raise BadValue(f'invalid input syntax for type date: "{text}"') from None


def _units(text: str) -> int:
    try:
        return to_units(Decimal(text))
    except (ValueError, InvalidOperation):
        raise BadValue(f'invalid input syntax for type numeric: "{text}"') from None


# -- columns


def _text(name: str, sql: str | None = None) -> Column:
    return Column(name, "text", sql or name, None, str)


def _id(name: str, sql: str | None = None) -> Column:
    return Column(name, "uuid", sql or name, None, _uuid)


def _at(name: str, sql: str | None = None) -> Column:
    sql = sql or name
    # As PostgreSQL prints it: the fraction without trailing zeros. Stored: six digits, or none.
    shown = f"iif(length({sql}) > 25, rtrim(rtrim(substr({sql}, 1, 26), '0'), '.') || '+00:00', {sql})"
    return Column(name, "timestamptz", sql, shown, _time)


def _number(name: str, sql: str | None = None, type: str = "int8") -> Column:
    return Column(name, type, sql or name, None, _whole)


def _date(name: str, sql: str) -> Column:
    return Column(name, "date", sql, _date_sql(sql), _day)


def _date_sql(sql: str) -> str:
    return f"date({sql} + 1721424.5)"  # a proleptic ordinal as a Julian day


def _money(name: str, sql: str | None = None) -> Column:
    return Column(name, "numeric", sql or name, f"json({_money_sql(sql or name)})", _units)


def _money_sql(sql: str) -> str:
    return f"iif({sql} < 0, '-', '') || (abs({sql}) / 10000) || printf('.%04d', abs({sql}) % 10000)"


def _json(name: str, sql: str | None = None) -> Column:
    return Column(name, "jsonb", sql or name, f"json({sql or name})", None)


def _uuid_text(hex_sql: str) -> str:
    """Thirty-two hex digits with the dashes of a uuid."""
    parts = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
    return " || '-' || ".join(f"substr({hex_sql}, {first}, {length})" for first, length in parts)


_ME = "(SELECT user_id FROM owner)"
_IMPORT = "(SELECT i.id FROM imports i WHERE i.no = {}.import_no)"
# As `wire.codec.staged_to_json` writes a staged row, from the same cells.
_STAGED_FACTS = (
    "json_object('posted_at', "
    + _date_sql("s.posted_date")
    + ", 'amount', json("
    + _money_sql("s.amount")
    + "), "
    "'currency', s.currency, 'merchant', s.merchant, 'category', s.category, 'memo', s.description, "
    "'reference', s.reference, 'balance', json(" + _money_sql("s.balance") + "), 'line', s.line, "
    "'pending', json(iif(s.pending, 'true', 'false')), 'issues', json(coalesce(s.issues, '[]')), "
    "'account', (SELECT a.label FROM accounts a WHERE a.no = s.account_no), 'duplicate_of', "
    "(SELECT 'import ' || substr(i.id, 1, 8) FROM transactions t JOIN imports i ON i.no = t.import_no "
    "WHERE t.fingerprint = s.fingerprint AND t.import_no <> s.id >> 32))"
)


def _table(source: str, *columns: Column) -> Table:
    return Table(source, {column.name: column for column in columns})


TABLES: dict[str, Table] = {
    "imports": _table(
        "imports",
        _id("id"), _id("user_id"), _text("source"), _text("file_url"), _text("file_type"),
        _number("pages", "NULL", "int4"),
        # The hosted table knows four states; what was rejected or taken back says so in `error`.
        _text("status", "iif(status IN ('rejected', 'undone'), 'failed', status)"),
        _text(
            "error",
            "CASE status WHEN 'rejected' THEN iif(error = 'rejected', 'Rejected.', 'Rejected: ' || error) "
            "WHEN 'undone' THEN 'Taken back.' ELSE error END",
        ),
        _at("created_at"), _at("updated_at"), _at("committed_at"), _number("committed_count", None, "int4"),
        # Beyond the hosted columns, for our own client.
        _text("file_name"), _number("file_size"), _text("account"), _number("row_count", None, "int4"),
        _at("undone_at"),
    ),
    "import_events": _table(
        "(SELECT e.*, i.id AS import_id, i.user_id FROM import_events e JOIN imports i ON i.no = e.import_no)",
        _id("id"), _id("import_id"), _id("user_id"), _text("event_type"), _json("payload"), _at("created_at"),
        _number("seq"),
    ),
    "transactions_staging": _table(
        "transactions_staging AS s",
        Column("id", "uuid", "s.id", _uuid_text("printf('%032x', s.id)"), _uuid_number),
        _id("import_id", "(SELECT i.id FROM imports i WHERE i.no = s.id >> 32)"), _id("user_id", _ME),
        Column("data_json", "jsonb", "NULL", _STAGED_FACTS),
        _text("hash", "lower(hex(s.fingerprint))"),
        _at("parsed_at", "(SELECT i.updated_at FROM imports i WHERE i.no = s.id >> 32)"),
    ),
    "transactions": _table(
        "transactions AS t",
        Column("id", "uuid", "t.fingerprint", _uuid_text("lower(hex(t.fingerprint))"), _uuid_bytes),
        _id("user_id", _ME), _id("import_id", _IMPORT.format("t")), _date("posted_at", "t.posted_date"),
        _money("amount", "t.amount"), _text("merchant", "t.merchant"), _text("category", "t.category"),
        Column("memo", "text", "t.description", None, str),
        _text("account_id", "(SELECT a.key FROM accounts a WHERE a.no = t.account_no)"),
        _text("hash", "lower(hex(t.fingerprint))"),
        # Beyond the hosted columns, for our own client.
        _text("account", "(SELECT a.label FROM accounts a WHERE a.no = t.account_no)"),
        _text("currency", "t.currency"), _text("description", "t.description"),
        _text("reference", "t.reference"), _money("balance", "t.balance"), _number("line", "t.line"),
    ),
    "handoffs": _table(
        "handoffs AS h",
        _id("id", "h.id"), _id("user_id", _ME), _text("from_employee", "h.from_employee"),
        _text("to_employee", "h.to_employee"),
        Column("context", "jsonb", "NULL", f"json_object('importId', {_IMPORT.format('h')})"),
        _text("status", "h.status"), Column("metadata", "jsonb", "NULL", "json('{}')"),
        _at("created_at", "h.created_at"), _id("import_id", _IMPORT.format("h")),
    ),
    "advice_messages": _table(
        "advice_messages AS a",
        _id("id", "a.id"), _id("user_id", _ME), _id("handoff_id", "a.handoff_id"),
        _text("employee_key", "a.employee_key"), _text("content", "a.content"),
        _json("insights_json", "a.insights_json"), _at("created_at", "a.created_at"),
        _id("import_id", _IMPORT.format("a")),
    ),
}  # fmt: skip


# -- SQL


def _column(table: Table, name: str) -> Column:
    try:
        return table.columns[name]
    except KeyError:
        named = next(key for key, value in TABLES.items() if value is table)
        raise UnknownColumn(named, name) from None


def _shown(column: Column) -> str:
    return column.shown or column.sql


def _group(table: Table, group: Group, values: list[object]) -> str:
    if not group.members:
        return "1"
    parts = [
        _group(table, member, values) if isinstance(member, Group) else _condition(table, member, values)
        for member in group.members
    ]
    joined = f"({f' {group.joined_by.upper()} '.join(parts)})"
    return f"NOT {joined}" if group.negated else joined


def _condition(table: Table, condition: Condition, values: list[object]) -> str:
    column = _column(table, condition.column)
    sql = _comparison(column, condition, values)
    return f"NOT ({sql})" if condition.negated else sql


def _comparison(column: Column, condition: Condition, values: list[object]) -> str:
    operator, value = condition.operator, condition.value
    if operator == "is":
        word = str(value).lower()
        if word not in ("null", "not_null"):
            raise BadValue(f'invalid input syntax for "is": "{value}"')
        return f"({_shown(column)}) IS {'NOT ' if word == 'not_null' else ''}NULL"
    if column.read is None:
        raise BadValue(f"operator does not exist: {column.type} {operator} unknown")
    if operator == "in":
        read = column.read
        values.extend(read(item) for item in value)
        return f"{column.sql} IN ({', '.join('?' * len(value))})"
    assert isinstance(value, str)
    if operator in _PATTERNS:
        if column.type != "text":
            raise BadValue(f"operator does not exist: {column.type} ~~ unknown")
        pattern = value.replace("*", "%")
        values.append(pattern if operator == "ilike" else _glob(pattern))
        return f"{column.sql} {'LIKE' if operator == 'ilike' else 'GLOB'} ?"
    values.append(column.read(value))
    return f"{column.sql} {_OPERATORS[operator]} ?"


def _glob(pattern: str) -> str:
    """A LIKE pattern for GLOB, which minds the case as PostgreSQL's LIKE does."""
    escaped = "".join(f"[{char}]" if char in "*?[" else char for char in pattern)
    return escaped.replace("%", "*").replace("_", "?")


def _order(table: Table, order: Order) -> str:
    nulls_first = order.descending if order.nulls_first is None else order.nulls_first
    direction = "DESC" if order.descending else "ASC"
    return f"{_column(table, order.column).sql} {direction} NULLS {'FIRST' if nulls_first else 'LAST'}"


def _news() -> str:
    events = TABLES["import_events"]
    record = ", ".join(f"'{name}', {_shown(column)}" for name, column in events.columns.items())
    return (
        f"SELECT id, import_id, user_id, event_type, created_at, seq, json_object({record}) "
        f"FROM {events.source} WHERE import_no = ? AND seq > ? ORDER BY seq"
    )


_NEWS = _news()
