"""Signed-in requests to one backend: its functions, and its tables over REST."""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from smartimport_cli.backends.remote.http import Body, Http, expect
from smartimport_cli.backends.remote.profile import Profile
from smartimport_cli.backends.remote.refusal import Reply, said
from smartimport_cli.backends.remote.session import Session
from smartimport_cli.core.errors import ExitCode, SmartImportError
from smartimport_cli.wire import paths

_TOKENS = 3  # that are tried for one request: another thread's may be refused while ours is fetched
PAGE_ROWS = 500  # asked for; a backend may give fewer, so only an empty page is the last


class Caller:
    """See the module. May be used from several threads."""

    def __init__(self, profile: Profile, session: Session, http: Http) -> None:
        self.profile = profile
        self.session = session
        self.http = http

    def function(
        self, name: str, body: Mapping[str, Any], doing: str, *, repeat: bool, read_timeout: float = 60.0
    ) -> dict[str, Any]:
        """The JSON object that a function answers. Raises Unanswered and every refusal."""
        return expect(self.ask(name, body, repeat=repeat, read_timeout=read_timeout), doing).object()

    def ask(self, name: str, body: Mapping[str, Any], *, repeat: bool, read_timeout: float = 60.0) -> Reply:
        """A function's answer, whatever its status."""
        return self.signed(
            "POST", self.profile.url + paths.function(name), json_body=dict(body), repeat=repeat,
            read_timeout=read_timeout,
        )  # fmt: skip

    def signed(
        self, method: str, url: str, *, repeat: bool, json_body: Any = None, body: Body | None = None,
        headers: Mapping[str, str] | None = None, params: Mapping[str, str] | None = None,
        read_timeout: float = 30.0, attempts: int = 5,
    ) -> Reply:  # fmt: skip
        """The answer to a request with our credentials; again with a new token where one was refused."""
        refused: str | None = None
        reply: Reply | None = None
        for _ in range(_TOKENS):
            try:
                token = self.session.access_token(refused=refused)
            except SmartImportError as error:
                if reply is None or error.exit_code is not ExitCode.SIGN_IN:
                    raise
                return reply  # there is no other token: the refusal stands
            reply = self.http.send(
                method, url, headers={**self.session.headers(url), **(headers or {})}, params=params,
                json=json_body, body=body, repeat=repeat, read_timeout=read_timeout, attempts=attempts,
            )  # fmt: skip
            if not (reply.status == 401 or (reply.status == 403 and "expired" in said(reply).text.lower())):
                break
            refused = token
        assert reply is not None
        return reply

    def rows(
        self, table: str, params: Mapping[str, str], *, doing: str = "read what is stored", attempts: int = 5
    ) -> list[dict[str, Any]]:
        """One page of a table, as PostgREST gives it; decimals are exact."""
        reply = self.signed(
            "GET",
            self.profile.supabase_url + paths.table(table),
            params=params,
            repeat=True,
            attempts=attempts,
        )
        expect(reply, doing)
        try:
            value = json.loads(reply.body, parse_float=None if table == paths.EVENTS else Decimal)
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, list):
            raise SmartImportError(
                "odd-answer", f"The backend did not give the rows of {table}.", exit_code=ExitCode.UNREACHABLE
            )
        return [row for row in value if isinstance(row, dict)]

    def all_rows(self, table: str, params: Mapping[str, str], *, key: str = "id") -> Iterator[dict[str, Any]]:
        """All rows by ascending `key` (unique), a page at a time."""
        last: str | None = None
        while True:
            page = self.rows(
                table,
                {
                    **params,
                    "order": f"{key}.asc",
                    "limit": str(PAGE_ROWS),
                    **({key: f"gt.{last}"} if last else {}),
                },
            )
            if not page:
                return
            yield from page
            last = str(page[-1].get(key))

    def patch(
        self, table: str, params: Mapping[str, str], change: Mapping[str, Any], doing: str
    ) -> list[Any]:
        """Change rows; those that were changed."""
        reply = self.signed(
            "PATCH", self.profile.supabase_url + paths.table(table), params=params, json_body=dict(change),
            headers={"Prefer": "return=representation"}, repeat=True,
        )  # fmt: skip
        value = expect(reply, doing).json()
        return value if isinstance(value, list) else []

    def delete(self, table: str, params: Mapping[str, str], doing: str) -> None:
        """Remove rows."""
        reply = self.signed(
            "DELETE", self.profile.supabase_url + paths.table(table), params=params, repeat=True
        )
        expect(reply, doing)


def is_uuid(text: str) -> bool:
    """Whether `text` is a UUID and nothing else: only such a text goes into a filter."""
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
