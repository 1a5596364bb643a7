"""The users' data, each behind a door of its own: a data folder, a backend that works in it, its readers.

The owner of the server's data folder works in that folder itself, so that what `smartimport import` brought in is
what the page shows. Everybody else has `users/<id>/` below it. Rows, originals, fingerprints and locks are thus
apart by construction, and the embedded backend needs no notion of several users.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from smartimport_cli.backends.local import LocalBackend
from smartimport_cli.backends.local.bell import Bell
from smartimport_cli.backends.local.store import Clock, Store
from smartimport_cli.backends.local.tables import Page, Query, Tables, Tail
from smartimport_cli.server.faults import Faults
from smartimport_cli.server.feed import Feed
from smartimport_cli.server.log import Log
from smartimport_cli.statements.formats import Resources

T = TypeVar("T")

_THREADS = 8
_DRIVE_SECONDS = 2.0  # how often what a stopped process left is looked for


class Tenant:
    """One user's data. Its backend works for one caller at a time, its tables are read beside that."""

    def __init__(self, backend: LocalBackend, tables: Tables, feed: Feed, pool: ThreadPoolExecutor) -> None:
        self.feed = feed
        self.originals = backend.originals
        self._backend = backend
        self._tables = tables
        self._pool = pool
        self._working = asyncio.Lock()
        self._reading = asyncio.Lock()

    async def work(self, task: Callable[[LocalBackend], T]) -> T:
        """Run `task` on the backend, in a thread. Raises what it raises."""
        async with self._working:
            return await asyncio.get_running_loop().run_in_executor(self._pool, task, self._backend)

    async def read(self, query: Query, *, count: bool = False) -> Page:
        """See `Tables.read`."""
        async with self._reading:
            return await asyncio.get_running_loop().run_in_executor(
                self._pool, lambda: self._tables.read(query, count=count)
            )

    async def close(self) -> None:
        """Let the write under way finish; what is left of an import goes on at the next start."""
        await self.feed.close()
        async with self._working, self._reading:
            await asyncio.get_running_loop().run_in_executor(self._pool, self._backend.close)
            self._tables.close()


class Tenants:
    """Opens users' data when it is asked for, and keeps unfinished imports going."""

    def __init__(
        self,
        folder: Path,
        owner_id: str,
        *,
        clock: Clock,
        log: Log,
        faults: Faults,
        rules_file: Path | None = None,
        resources: Resources = Resources(),  # noqa: B008 - immutable
    ) -> None:
        self._folder = folder
        self._owner_id = owner_id
        self._clock = clock
        self._log = log
        self._faults = faults
        self._rules_file = rules_file
        self._resources = resources
        self._open: dict[str, Tenant] = {}
        self._opening = asyncio.Lock()
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="smartimport-serve")

    async def of(self, user_id: str) -> Tenant:
        """The data of a user (an id that a believed token named)."""
        if user_id not in self._open:
            async with self._opening:
                if user_id not in self._open:
                    self._open[user_id] = await self._opened(user_id)
        return self._open[user_id]

    async def _opened(self, user_id: str) -> Tenant:
        folder = self.folder_of(user_id)

        def open_all() -> tuple[LocalBackend, Tables, Tail, Store]:
            backend = LocalBackend(
                folder, clock=self._clock, rules_file=self._rules_file, resources=self._resources,
                new_owner=user_id,
            )  # fmt: skip
            listening = Store(folder)
            return backend, Tables(Store(folder)), Tail(listening), listening

        backend, tables, tail, listening = await asyncio.get_running_loop().run_in_executor(
            self._pool, open_all
        )
        feed = Feed(tail, lambda: Bell(folder, listening.db), self._log, self._faults)
        return Tenant(backend, tables, feed, self._pool)

    def folder_of(self, user_id: str) -> Path:
        """Where a user's data lies. Ids are uuids: no part of a path."""
        return self._folder if user_id == self._owner_id else self._folder / "users" / user_id

    async def drive(self) -> None:
        """Drive on what is unfinished, now and then, until cancelled; at a start what the last stop left."""
        waiting = {self._owner_id, *self._known()}
        while True:
            for user_id in [*waiting, *self._open]:
                try:
                    tenant = await self.of(user_id)
                    waiting.discard(user_id)
                    stopped = await tenant.work(lambda backend: backend.drive())
                except Exception as error:
                    stopped = [error]
                for problem in stopped:
                    self._log.error("import.stopped", user=user_id, error=problem)
            await asyncio.sleep(_DRIVE_SECONDS)

    def _known(self) -> list[str]:
        users = self._folder / "users"
        return sorted(entry.name for entry in users.iterdir() if entry.is_dir()) if users.is_dir() else []

    async def close(self) -> None:
        for tenant in self._open.values():
            await tenant.close()
        self._open.clear()
        self._pool.shutdown()
