"""Stored events over REST: what an import has, from a number or a moment on, a page at a time."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from smartimport_cli.backends.remote.caller import PAGE_ROWS, Caller
from smartimport_cli.core.errors import SmartImportError
from smartimport_cli.core.events import EventRecord, RejectedEvent
from smartimport_cli.wire import paths

NO_SUCH_COLUMN = "42703"  # PostgreSQL's code, as PostgREST passes it on
OVERLAP = timedelta(seconds=60)  # a row that is committed late carries an earlier time


class Events:
    """The table `import_events` of one backend."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self.has_numbers: bool | None = None  # None until it was asked

    def numbered(self, *, attempts: int = 5) -> bool:
        """Whether the table has `seq`, so that a missing event can be told from one that never was."""
        if self.has_numbers is None:
            try:
                self._caller.rows(paths.EVENTS, {"select": "seq", "limit": "1"}, attempts=attempts)
                self.has_numbers = True
            except SmartImportError as error:
                if error.code != NO_SUCH_COLUMN:
                    raise
                self.has_numbers = False
        return self.has_numbers

    def since(
        self, import_id: str, *, after: int = 0, watermark: datetime | None = None, attempts: int = 5
    ) -> Iterator[list[EventRecord]]:
        """Pages of what is stored: numbered above `after`, or else from a little before `watermark` on. Only an
        empty page is the last: a backend may give fewer rows than it was asked for."""
        mine = {"import_id": f"eq.{import_id}", "select": "*", "limit": str(PAGE_ROWS)}
        if self.numbered(attempts=attempts):
            while page := self._page({**mine, "seq": f"gt.{after}", "order": "seq.asc"}, attempts):
                records = [record for row in page if (record := read_row(row, import_id)) is not None]
                after = max((seq for row in page if isinstance(seq := row.get("seq"), int)), default=after)
                yield records
            return
        order = {**mine, "order": "created_at.asc,id.asc"}
        bound = {"created_at": f"gte.{(watermark - OVERLAP).isoformat()}"} if watermark else {}
        while page := self._page({**order, **bound}, attempts):
            yield [record for row in page if (record := read_row(row, import_id)) is not None]
            at, id = page[-1].get("created_at"), page[-1].get("id")
            bound = {"or": f'(created_at.gt."{at}",and(created_at.eq."{at}",id.gt.{id}))'}

    def _page(self, params: Mapping[str, str], attempts: int) -> list[dict[str, Any]]:
        return self._caller.rows(paths.EVENTS, params, doing="read an import's events", attempts=attempts)


def read_row(row: Mapping[str, Any], import_id: str) -> EventRecord | None:
    """The record of a row; one that stands for the row where its payload does not fit (it is counted, and its
    number is not missing). None where it is not of this import."""
    if row.get("import_id") != import_id:
        return None
    try:
        return EventRecord.from_wire(row)
    except RejectedEvent as rejected:
        return EventRecord.rejected(rejected, id=_id(row), created_at=_moment(row), import_id=import_id)


def read_text(text: bytes, import_id: str) -> EventRecord | None:
    """The record of a row that is JSON still; None also where it cannot be read, or has lost its payload on the
    way: the store has it."""
    record = EventRecord.from_json(text)
    if record is not None:
        return record if record.import_id == import_id else None
    try:
        row = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return read_row(row, import_id) if isinstance(row, dict) and "payload" in row else None


def _id(row: Mapping[str, Any]) -> UUID:
    try:
        return UUID(str(row.get("id")))
    except ValueError:
        return uuid5(NAMESPACE_URL, f"{row.get('id')} {row.get('seq')} {row.get('created_at')}")


def _moment(row: Mapping[str, Any]) -> datetime:
    try:
        moment = datetime.fromisoformat(str(row.get("created_at")))
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
