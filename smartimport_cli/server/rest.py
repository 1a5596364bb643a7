"""Reads of the six tables, as PostgREST answers them. There are no writes: events and rows come from imports."""

import re
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from smartimport_cli.backends.local.tables import (
    TABLES,
    BadValue,
    Condition,
    Group,
    Order,
    Query,
    UnknownColumn,
)
from smartimport_cli.server.answers import Callers, answer
from smartimport_cli.server.faults import Faults
from smartimport_cli.server.filters import split, unquote
from smartimport_cli.server.log import Log
from smartimport_cli.server.tenants import Tenants
from smartimport_cli.server.tokens import REST_SKEW_SECONDS, BadToken
from smartimport_cli.wire import paths

MAX_ROWS = 1000  # a hosted project's `max_rows`: a page is cut there without a word
MAX_DEPTH = 8
MAX_TERMS = 200
_SINGLE = "application/vnd.pgrst.object+json"
_OPERATORS = ("eq", "neq", "gt", "gte", "lt", "lte", "like", "ilike", "in", "is")
_COUNT = re.compile(r"count=(exact|planned|estimated)")
_RANGE = re.compile(r"(\d+)-(\d*)")


class BadQuery(ValueError):
    """A query that cannot be read (PGRST100)."""


class Rest:
    """The routes below /rest/v1."""

    def __init__(self, tenants: Tenants, callers: Callers, log: Log, faults: Faults) -> None:
        self._tenants = tenants
        self._callers = callers
        self._log = log
        self._faults = faults

    def routes(self) -> list[Route]:
        """What is answered below /rest/v1."""
        return [
            Route(
                f"{paths.REST}/{{table:path}}",
                self._answer,
                methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
            )
        ]

    async def _answer(self, request: Request) -> Response:
        table = request.path_params["table"]
        try:
            claims = self._callers.claims(request, skew=REST_SKEW_SECONDS)
        except BadToken as error:
            code = "PGRST303" if error.expired else "PGRST301"
            if not request.headers.get("authorization"):
                code = "PGRST302"
            return _error(401, code, str(error), headers={"WWW-Authenticate": "Bearer"})
        if "/" in table:
            return _error(404, "PGRST125", "Invalid path specified in request URL")
        if table not in TABLES:
            return _error(
                404, "PGRST205", f"Could not find the table 'public.{table[:64]}' in the schema cache"
            )
        if claims.user_id is None:
            headers = {"WWW-Authenticate": "Bearer"}
            return _error(401, "42501", f"permission denied for table {table}", headers=headers)
        if request.method not in ("GET", "HEAD"):
            return _error(403, "42501", f"permission denied for table {table}")
        try:
            query = read_query(table, request.query_params.multi_items(), request.headers)
        except BadQuery as error:
            return _error(400, "PGRST100", str(error))
        tenant = await self._tenants.of(claims.user_id)
        counted = bool(_COUNT.search(request.headers.get("prefer", "")))
        try:
            page = await tenant.read(query, count=counted)
        except UnknownColumn as error:
            return _error(400, "42703", str(error))
        except BadValue as error:
            return _error(400, "22P02", str(error))
        rows = self._faults.read(table, page.rows)
        return self._page(request, query, rows, page.total)

    def _page(self, request: Request, query: Query, rows: list[str], total: int | None) -> Response:
        if total is not None and query.offset > total:
            return _error(
                416, "PGRST103", "Requested range not satisfiable",
                f"An offset of {query.offset} was requested, but there are only {total} rows.",
                headers={"Content-Range": f"*/{total}"},
            )  # fmt: skip
        if _SINGLE in request.headers.get("accept", ""):
            if len(rows) != 1:
                return _error(
                    406, "PGRST116", "Cannot coerce the result to a single JSON object",
                    f"The result contains {len(rows)} rows",
                )  # fmt: skip
            body, kind = rows[0], _SINGLE
        else:
            body, kind = f"[{','.join(rows)}]", "application/json"
        shown = f"{query.offset}-{query.offset + len(rows) - 1}" if rows else "*"
        partial = total is not None and len(rows) < total
        headers = {"Content-Range": f"{shown}/{'*' if total is None else total}"}
        return Response(
            "" if request.method == "HEAD" else body, 206 if partial else 200, headers,
            media_type=f"{kind}; charset=utf-8",
        )  # fmt: skip


def read_query(table: str, items: list[tuple[str, str]], headers: Mapping[str, str]) -> Query:
    """What the parameters and the Range header ask of a table. Raises BadQuery."""
    columns: tuple[tuple[str, str], ...] = ()
    order: tuple[Order, ...] = ()
    limit, offset = MAX_ROWS, 0
    conditions: list[Condition | Group] = []
    terms = _Terms()
    if match := _RANGE.fullmatch(headers.get("range", "")):
        offset = int(match[1])
        if match[2]:
            limit = min(limit, max(int(match[2]) - offset + 1, 0))
    for name, value in items:
        if name == "select":
            columns = _select(value)
        elif name == "order":
            order = tuple(_order(part) for part in value.split(",") if part)
        elif name in ("limit", "offset"):
            if not value.isdecimal() or len(value) > 15:
                raise BadQuery(f'"failed to parse {name} ({value[:32]})"')
            limit, offset = (min(limit, int(value)), offset) if name == "limit" else (limit, int(value))
        elif name in ("and", "or", "not.and", "not.or"):
            conditions.append(_group(name, value, terms, 0))
        elif name not in ("columns", "on_conflict"):
            conditions.append(_condition(name, value, terms, quoted=False))
    return Query(table, columns, Group("and", tuple(conditions)), order, limit, offset)


class _Terms:
    """Counts what a query holds: one that holds too much is refused."""

    def __init__(self) -> None:
        self._left = MAX_TERMS

    def take(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise BadQuery(f"the query holds more than {MAX_TERMS} conditions")


def _select(text: str) -> tuple[tuple[str, str], ...]:
    columns: list[tuple[str, str]] = []
    for part in text.split(","):
        alias, colon, name = part.strip().rpartition(":")
        if name == "*":
            if len(text.split(",")) > 1:
                raise BadQuery("select takes * or names of columns")
            return ()
        if not re.fullmatch(r"\w+", name, re.ASCII) or not re.fullmatch(r"\w*", alias, re.ASCII):
            raise BadQuery(f'"failed to parse select parameter ({text[:64]})"')
        columns.append((name, alias if colon else name))
    return tuple(columns)


def _order(text: str) -> Order:
    column, *words = text.strip().split(".")
    order = Order(column)
    for word in words:
        if word in ("asc", "desc"):
            order = order._replace(descending=word == "desc")
        elif word in ("nullsfirst", "nullslast"):
            order = order._replace(nulls_first=word == "nullsfirst")
        else:
            raise BadQuery(f'"failed to parse order ({text[:64]})"')
    return order


def _group(name: str, text: str, terms: _Terms, depth: int) -> Group:
    if depth > MAX_DEPTH or not (text.startswith("(") and text.endswith(")")):
        raise BadQuery(f'"failed to parse logic tree ({text[:64]})"')
    members: list[Condition | Group] = []
    for part in split(text[1:-1]):
        part = part.strip()
        match = re.match(r"((?:not\.)?(?:and|or))(\(.*)", part, re.DOTALL)
        if match:
            members.append(_group(match[1], match[2], terms, depth + 1))
        else:
            column, _, rest = part.partition(".")
            members.append(_condition(column, rest, terms, quoted=True))
    return Group(name.removeprefix("not."), tuple(members), name.startswith("not."))


def _condition(column: str, text: str, terms: _Terms, *, quoted: bool) -> Condition:
    terms.take()
    negated = text.startswith("not.")
    operator, dot, value = text.removeprefix("not.").partition(".")
    if not dot or operator not in _OPERATORS:
        raise BadQuery(f'"failed to parse filter ({text[:64]})"')
    if operator == "in":
        if not (value.startswith("(") and value.endswith(")")):
            raise BadQuery(f'"failed to parse filter ({text[:64]})"')
        values = tuple(unquote(item.strip()) for item in split(value[1:-1])) if value != "()" else ()
        for _ in values:
            terms.take()
        return Condition(column, operator, values, negated)
    return Condition(column, operator, unquote(value) if quoted else value, negated)


def _error(
    status: int, code: str, message: str, details: Any = None, *, headers: Mapping[str, str] | None = None
) -> Response:
    return answer({"code": code, "details": details, "hint": None, "message": message}, status, headers)
