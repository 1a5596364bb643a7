"""Files on their way in: a raw body or a multipart form, streamed to the disk and hashed as it comes."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request

from smartimport_cli.backends.local.originals import Incoming, Originals
from smartimport_cli.server.answers import Refused

MAX_FIELD_BYTES = 65_536
MAX_FIELDS = 32
_WORTH_BYTES = 1 << 20  # are worth a thread
_MOST_BYTES = 4 << 20  # wait, of one file


@dataclass
class Arrived:
    """What a request brought. `original` is the sha256 of the kept file, None where there was none."""

    original: str | None = None
    size: int = 0
    file_name: str = ""
    content_type: str = ""
    fields: dict[str, str] = field(default_factory=dict)


async def receive_file(
    request: Request,
    originals: Originals,
    *,
    limit: int,
    file_fields: tuple[str, ...],
    accept: Callable[[Arrived], Awaitable[None]] | None = None,
) -> Arrived:
    """Stream the request's file into `originals`. A form's file is the part named one of `file_fields`; any
    other body is the file itself. `accept` looks at what has come (name, type, fields) before it is kept and
    raises Refused where it must not be. Raises Refused (400, 413)."""
    arrived = Arrived(content_type=request.headers.get("content-type", ""))
    incoming = await asyncio.to_thread(originals.incoming)
    async with Spool(incoming) as spool:
        kind, options = parse_options_header(arrived.content_type)
        if kind == b"multipart/form-data":
            arrived.content_type = ""
            form = _Form(arrived, spool, limit, file_fields, options.get(b"boundary", b""))
            async for chunk in request.stream():
                form.write(chunk)
                await spool.write_on()
            form.end()
            there = form.has_file
        else:
            async for chunk in request.stream():
                if spool.size + len(chunk) > limit:
                    raise _too_large(limit)
                spool.add(chunk)
                await spool.write_on()
            there = True
        arrived.size = spool.size
        if accept is not None:
            await accept(arrived)
        if there:
            arrived.original = await spool.keep()
    return arrived


class Spool:
    """Hashes and writes what has come, each in a thread of its own that goes on while there is something to take;
    the disk holds up nobody else."""

    def __init__(self, incoming: Incoming) -> None:
        self._incoming = incoming
        self._lanes = _Lane(incoming.digest), _Lane(incoming.append)
        self.size = 0

    def add(self, piece: bytes | memoryview) -> None:
        for lane in self._lanes:
            lane.add(piece)
        self.size += len(piece)

    async def write_on(self) -> None:
        """Go on where that is worth it; waits where much is in memory."""
        for lane in self._lanes:
            if lane.waiting >= _WORTH_BYTES:
                lane.go_on()
            if lane.waiting >= _MOST_BYTES:
                await lane.done()

    async def flush(self) -> None:
        """Write all that has come."""
        for lane in self._lanes:
            lane.go_on()
        for lane in self._lanes:
            await lane.done()

    async def keep(self) -> str:
        """All is here; see `Incoming.keep`."""
        await self.flush()
        return await asyncio.to_thread(self._incoming.keep)

    async def __aenter__(self) -> "Spool":
        return self

    async def __aexit__(self, *exc: object) -> None:
        for lane in self._lanes:
            await lane.stop()
        self._incoming.close()


class _Lane:
    """Pieces on their way to a thread that does one thing with them, in their order."""

    def __init__(self, work: Callable[[Sequence[bytes | memoryview]], None]) -> None:
        self._work = work
        self._pieces: deque[bytes | memoryview] = deque()
        self._added = self._taken = 0
        self._running: asyncio.Future[None] | None = None

    @property
    def waiting(self) -> int:
        """Bytes that are not done."""
        return self._added - self._taken

    def add(self, piece: bytes | memoryview) -> None:
        self._pieces.append(piece)
        self._added += len(piece)

    def go_on(self) -> None:
        """Have a thread at work. Raises what the one before failed with."""
        if self._running is not None:
            if not self._running.done():
                return
            self._running.result()
        self._running = asyncio.get_running_loop().run_in_executor(None, self._take)

    async def done(self) -> None:
        """All that was added has been worked on. Raises what that failed with."""
        while self.waiting:
            self.go_on()
            await self._come_to_rest()

    async def stop(self) -> None:
        """Drop what waits; no thread is at work after this."""
        self._pieces.clear()
        await self._come_to_rest()

    async def _come_to_rest(self) -> None:
        if self._running is not None:
            await asyncio.wait([self._running])  # it is not cancelled with us: its thread would go on
            self._running.exception()  # counts as seen; `go_on` raises it

    def _take(self) -> None:
        while pieces := [self._pieces.popleft() for _ in range(len(self._pieces))]:
            self._work(pieces)
            self._taken += sum(map(len, pieces))


class _Form:
    """Takes a multipart body apart (RFC 7578) without keeping the file in memory."""

    def __init__(
        self, arrived: Arrived, spool: Spool, limit: int, file_fields: tuple[str, ...], boundary: bytes
    ) -> None:
        if not boundary:
            raise Refused(400, "invalid_form", "The form names no boundary.")
        self._arrived = arrived
        self._spool = spool
        self._limit = limit
        self._file_fields = file_fields
        self._headers: dict[bytes, bytes] = {}
        self._header_name = b""
        self._header_value = b""
        self._name: str | None = None  # of the field whose text is coming
        self._value = bytearray()
        self._in_file = False
        self._ended = False
        self.has_file = False
        callbacks: dict[str, Any] = {
            "on_part_begin": self._begin, "on_header_field": self._field, "on_header_value": self._text,
            "on_header_end": self._header, "on_headers_finished": self._start, "on_part_data": self._data,
            "on_part_end": self._part, "on_end": self._end,
        }  # fmt: skip
        self._parser = MultipartParser(boundary, callbacks)  # type: ignore[arg-type]

    def write(self, chunk: bytes) -> None:
        try:
            self._parser.write(chunk)
        except MultipartParseError:
            raise Refused(400, "invalid_form", "The form cannot be read.") from None

    def end(self) -> None:
        """Raises Refused where the form stops in the middle: nothing of it is kept."""
        if not self._ended:
            raise Refused(400, "invalid_form", "The form ends in the middle.")

    def _begin(self) -> None:
        self._headers.clear()
        self._value.clear()

    def _field(self, data: bytes, start: int, end: int) -> None:
        self._header_name += data[start:end]

    def _text(self, data: bytes, start: int, end: int) -> None:
        self._header_value += data[start:end]

    def _header(self) -> None:
        self._headers[self._header_name.lower()] = self._header_value
        self._header_name = self._header_value = b""

    def _start(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        name = options.get(b"name", b"").decode("utf-8", "replace")
        self._in_file = name in self._file_fields and (b"filename" in options or name in ("", "file"))
        if self._in_file:
            if self.has_file:
                raise Refused(400, "invalid_form", "The form holds more than one file.")
            self.has_file = True
            self._arrived.file_name = options.get(b"filename", b"").decode("utf-8", "replace")
            self._arrived.content_type = self._headers.get(b"content-type", b"").decode("latin-1")
        elif len(self._arrived.fields) >= MAX_FIELDS:
            raise Refused(400, "invalid_form", "The form holds too many fields.")
        self._name = name

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._in_file:
            if self._spool.size + end - start > self._limit:
                raise _too_large(self._limit)
            self._spool.add(memoryview(data)[start:end])
        else:
            if len(self._value) + end - start > MAX_FIELD_BYTES:
                raise Refused(413, "field_too_large", "A field of the form is too long.")
            self._value += data[start:end]

    def _part(self) -> None:
        if not self._in_file and self._name is not None:
            self._arrived.fields[self._name] = self._value.decode("utf-8", "replace")
        self._in_file = False

    def _end(self) -> None:
        self._ended = True


def _too_large(limit: int) -> Refused:
    return Refused(413, "file_too_large", f"The file is over {limit:,} bytes. Nothing was stored.")
