"""One call of a function: who asks, on whose data, and what most functions look up there."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from smartimport_cli.backends.local.tables import Condition, Group, Order, Query
from smartimport_cli.core.errors import SmartImportError
from smartimport_cli.core.protocols import ImportRecord
from smartimport_cli.core.reducer import fold
from smartimport_cli.core.state import ImportState
from smartimport_cli.server.admission import check_user
from smartimport_cli.server.answers import Refused, json_body
from smartimport_cli.server.tenants import Tenant

WAIT_SECONDS = 25.0  # for a stage to end before an answer says that it goes on
LOOK_SECONDS = 0.03


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a function: who asks, on whose data."""

    request: Request
    user_id: str
    tenant: Tenant

    async def body(self) -> dict[str, Any]:
        """The JSON body, which does not name another user. Raises Refused."""
        body = await json_body(self.request)
        check_user(body.get("userId"), self.user_id)
        return body

    async def find(self, import_id: str) -> ImportRecord:
        """The user's import with this id. Raises Refused (404)."""
        try:
            return await self.tenant.work(lambda backend: backend.get(import_id))
        except SmartImportError as error:
            if error.code == "unknown-import":
                raise Refused(404, "no_import_found", "There is no such import.") from None
            raise

    async def until(self, import_id: str, done: Callable[[ImportRecord], bool]) -> ImportRecord:
        """The import once `done`, or as it is after WAIT_SECONDS, or awaiting approval anew."""
        record = await self.find(import_id)
        end = asyncio.get_running_loop().time() + WAIT_SECONDS
        rounds = 0
        while not done(record) and asyncio.get_running_loop().time() < end:
            await asyncio.sleep(LOOK_SECONDS)
            record = await self.find(import_id)
            rounds += 1
            if record.status == "parsed" and rounds % 10 == 0 and await self.awaits_approval(import_id):
                break
        return record

    async def awaits_approval(self, import_id: str) -> bool:
        """Whether the import waits for a decision, by its events."""
        return (await self.state(import_id)).awaiting_approval

    async def state(self, import_id: str) -> ImportState:
        """The folded events of the import."""
        return await self.tenant.work(lambda backend: fold(backend.events(import_id)))

    async def newest(self, table: str, condition: Condition) -> dict[str, Any] | None:
        """The newest row of a table that the condition chooses."""
        page = await self.tenant.read(
            Query(table, (), Group("and", (condition,)), (Order("created_at", descending=True),), 1)
        )
        return json.loads(page.rows[0]) if page.rows else None


Function = Callable[[Call], Awaitable[Response]]


async def waited(find: Callable[[], Awaitable[dict[str, Any] | None]]) -> dict[str, Any] | None:
    """What `find` finds within WAIT_SECONDS."""
    end = asyncio.get_running_loop().time() + WAIT_SECONDS
    while (found := await find()) is None and asyncio.get_running_loop().time() < end:
        await asyncio.sleep(LOOK_SECONDS)
    return found


def text_of(body: Mapping[str, Any], name: str) -> str:
    """A text that must be there. Raises Refused (400)."""
    value = body.get(name)
    if not isinstance(value, str) or not value.strip():
        raise Refused(400, "missing_fields", f"{name} is missing.")
    return value.strip()


def uuid_of(body: Mapping[str, Any], name: str) -> str:
    """An id that must be there. Raises Refused (400)."""
    try:
        return str(UUID(text_of(body, name)))
    except ValueError:
        raise Refused(400, "invalid_id", f"{name} is no id.") from None


def count_of(value: object, default: int) -> int:
    """A number from zero on; `default` for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else default
