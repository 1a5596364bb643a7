"""A websocket on a connection that the HTTP client opened, with its proxy, its TLS and its timeouts.

The protocol is websockets' own (sans-I/O). The thread that wants the messages reads the socket itself and gets all
that one read brought, so that nothing is handed from thread to thread message by message; and the plain frame that
nearly all messages are is taken out before the protocol looks at it frame by frame, which is what most of them cost.
"""

import time
from contextlib import suppress

import httpcore
import httpx
from websockets.client import ClientProtocol
from websockets.exceptions import ConnectionClosedError
from websockets.frames import CloseCode, Frame, Opcode
from websockets.protocol import State
from websockets.uri import parse_uri

from smartimport_cli.backends.remote.http import Http

READ_BYTES = 1 << 15  # some dozens of events
SEND_SECONDS = 10.0
CLOSE_SECONDS = 1.0  # for the other side's goodbye
_SAID_BYTES = 500  # of a refusal's own words
_WHOLE_TEXT = 0x81  # the first byte of a frame that is a text message, whole and without extensions


class Refused(Exception):
    """The backend answered the request for a websocket with something else; `said` are a stranger's words."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(status)
        self.status = status
        self.said = said


class WebSocket:
    """An open websocket; one thread has it. Pings are answered whenever it is read."""

    def __init__(self, http: Http, address: str, *, max_size: int) -> None:
        """Open it at `ws:` or `wss:` `address`; a message over `max_size` bytes ends it (1009). Raises Refused,
        Unanswered, and websockets' InvalidHandshake where the answer is not to our request."""
        self._protocol = ClientProtocol(parse_uri(address), max_size=max_size)
        self._max_size = max_size
        self._unread = bytearray()  # of a frame whose end has not come
        self._wanted = 0  # bytes of it, as far as is known
        self._begun: list[Frame] = []  # of a message whose end has not come
        request = self._protocol.connect()
        url = "http" + address.removeprefix("ws")
        self._response = http.upgrade(url, dict(request.headers.raw_items()))
        try:
            status = self._response.status_code
            if status != httpx.codes.SWITCHING_PROTOCOLS:
                raise Refused(status, _words(self._response))
            self._stream: httpcore.NetworkStream = self._response.extensions["network_stream"]
            head = [b"%s: %s" % header for header in self._response.headers.raw]
            self._protocol.receive_data(
                b"\r\n".join([b"HTTP/1.1 101 Switching Protocols", *head, b"", b""])
            )
            self._protocol.events_received()
            if self._protocol.handshake_exc is not None:
                raise self._protocol.handshake_exc
        except BaseException:
            self._response.close()
            raise

    def send(self, text: str) -> None:
        """Raises websockets' ConnectionClosed."""
        if self._protocol.state is not State.OPEN:
            raise self._end()
        self._protocol.send_text(text.encode())
        self._write()

    def receive(self, timeout: float) -> list[str | bytes]:
        """The messages that the next read brings, text as `str`; none where nothing whole came within `timeout`
        seconds. Raises websockets' ConnectionClosed once all that came before the end was given."""
        if self._protocol.state is not State.OPEN:
            raise self._end()
        if (data := self._read(timeout)) is None:
            return []
        messages = self._taken(data) if data else self._cut_off()
        with suppress(ConnectionClosedError):  # what came is given first; the next call says how it ended
            self._write()
        if not messages and self._protocol.state is not State.OPEN:
            raise self._end()
        return messages

    def close(self) -> None:
        """Say goodbye, and wait a little for the other side to hang up. May be called again."""
        with suppress(ConnectionClosedError):
            if self._protocol.state is State.OPEN:
                self._protocol.send_close(CloseCode.NORMAL_CLOSURE)
                self._write()
        deadline = time.monotonic() + CLOSE_SECONDS
        while (left := deadline - time.monotonic()) > 0 and self._read(left) != b"":
            pass  # what comes now is of no interest
        self._response.close()

    def _taken(self, data: bytes) -> list[str | bytes]:
        """The messages that have come with `data`. All but plain frames the protocol judges: each whole, or as much
        as is here of one that must not be taken (RFC 6455, 5.2)."""
        messages: list[str | bytes] = []
        self._unread += data
        if len(self._unread) < self._wanted:
            return messages
        unread, at, size = bytes(self._unread), 0, len(self._unread)
        self._wanted = 0
        while size >= at + 2:
            length, start = unread[at + 1], at + 2
            if length in (126, 127):  # it is in the next two bytes, or eight
                start += 2 if length == 126 else 8
                if size < start:
                    break
                length = int.from_bytes(unread[at + 2 : start], "big")
                refused = length > self._max_size
            else:
                refused = length > 127  # masked, which a server's is not
            stop = size if refused else start + length
            if size < stop:
                self._wanted = stop - at
                break
            if unread[at] == _WHOLE_TEXT and not refused and not self._begun:
                try:
                    messages.append(unread[start:stop].decode())
                except UnicodeDecodeError:
                    self._protocol.fail(CloseCode.INVALID_DATA)
                    break
            else:
                self._protocol.receive_data(unread[at:stop])
                messages += self._messages()
                if self._protocol.state is not State.OPEN:
                    break
            at = stop
        del self._unread[:at]
        return messages

    def _cut_off(self) -> list[str | bytes]:
        self._protocol.receive_data(self._unread)
        self._protocol.receive_eof()  # it says what is missing
        return []

    def _messages(self) -> list[str | bytes]:
        """What the protocol has made of the frames that it was given."""
        messages: list[str | bytes] = []
        for frame in self._protocol.events_received():
            assert isinstance(frame, Frame)
            if frame.opcode not in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
                continue
            self._begun.append(frame)
            if frame.fin:
                begun, self._begun = self._begun, []
                whole = b"".join(part.data for part in begun)
                try:
                    messages.append(whole.decode() if begun[0].opcode is Opcode.TEXT else whole)
                except UnicodeDecodeError:
                    self._protocol.fail(CloseCode.INVALID_DATA)
        return messages

    def _read(self, timeout: float) -> bytes | None:
        """Nothing where the other side has hung up, None where it is silent."""
        try:
            return self._stream.read(READ_BYTES, timeout)
        except httpcore.ReadTimeout:
            return None
        except httpcore.ReadError:
            return b""

    def _write(self) -> None:
        try:
            for data in self._protocol.data_to_send():
                self._stream.write(data, SEND_SECONDS)
        except (httpcore.WriteError, httpcore.WriteTimeout):
            self._protocol.receive_eof()
            raise ConnectionClosedError(None, None) from None

    def _end(self) -> Exception:
        """How it ended; nothing is waited for any more."""
        self._protocol.receive_eof()
        return self._protocol.close_exc


def _words(response: httpx.Response) -> str:
    said = b""
    with suppress(httpx.TransportError, httpx.DecodingError):
        for piece in response.iter_bytes(_SAID_BYTES):
            said += piece
            if len(said) >= _SAID_BYTES:
                break
    return said[:_SAID_BYTES].decode("utf-8", "replace")


