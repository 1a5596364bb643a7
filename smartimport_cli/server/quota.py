"""How many imports a user may begin in an hour."""

import asyncio
import json
from datetime import timedelta

from smartimport_cli.backends.local.store import Clock
from smartimport_cli.backends.local.tables import Condition, Group, Query
from smartimport_cli.server.answers import Refused
from smartimport_cli.server.tenants import Tenant
from smartimport_cli.server.users import Users


class Quota:
    """Counts what has come in, and what was promised and may still come."""

    def __init__(self, users: Users, imports_an_hour: int, clock: Clock) -> None:
        self._users = users
        self._imports_an_hour = imports_an_hour
        self._clock = clock

    async def check(self, tenant: Tenant, user_id: str) -> None:
        """Raises Refused (429) where the user has begun as many as they may."""
        hour_ago = self._clock() - timedelta(hours=1)
        recent = Group("and", (Condition("created_at", "gt", hour_ago.isoformat()),))
        page = await tenant.read(Query("imports", (("id", "id"),), recent))
        promised = await asyncio.to_thread(self._users.promised_since, user_id, int(hour_ago.timestamp()))
        if len(promised | {json.loads(row)["id"] for row in page.rows}) >= self._imports_an_hour:
            raise Refused(
                429, "rate_limit_exceeded", f"At most {self._imports_an_hour} imports an hour are taken.",
                headers={"Retry-After": "60"},
            )  # fmt: skip
