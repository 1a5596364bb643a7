"""The head of a request must be here in time and of bounded size: a connection that trickles it is let go.

uvicorn waits for a head as long as the client likes, and keeps what has come of it; the Door sees a request only
when its head is whole.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS = 10.0  # from the connection, or from a request's first byte, to the end of its head
MAX_HEAD_BYTES = 65_536

_TOO_SLOW, _TOO_LARGE = b"408 Request Timeout", b"431 Request Header Fields Too Large"


class HeadInTime(HttpToolsProtocol):
    """uvicorn's protocol of one connection, with limits for the head of each request."""

    _timer: asyncio.TimerHandle | None = None  # runs while a head is awaited
    _came = 0  # bytes of it, in pieces that held nothing else

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._await_head()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if self._timer is None:  # a further request on this connection
            self._await_head()

    def on_headers_complete(self) -> None:
        self._head_ended()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        if self.cycle is not None and not self.cycle.body:
            # Nothing waits before it: the piece itself goes on to the application, where it would be copied twice.
            self.cycle.body, body = body, b""  # type: ignore[assignment]
        super().on_body(body)

    def data_received(self, data: bytes) -> None:
        awaited = self._timer
        super().data_received(data)
        if awaited is not None and self._timer is awaited:
            self._came += len(data)
            if self._came > MAX_HEAD_BYTES:
                self._refuse(_TOO_LARGE)

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_ended()
        super().connection_lost(exc)

    def _await_head(self) -> None:
        self._came = 0
        self._timer = self.loop.call_later(HEAD_SECONDS, self._refuse, _TOO_SLOW)

    def _head_ended(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _refuse(self, status: bytes) -> None:
        self._head_ended()
        if not self.transport.is_closing():
            self.transport.write(
                b"HTTP/1.1 " + status + b"\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
            )
            self.transport.close()
