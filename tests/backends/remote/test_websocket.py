"""Our websocket against a server that does to the byte what a test says."""

import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.client import ClientProtocol
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.frames import Close, Frame, Opcode
from websockets.protocol import State
from websockets.server import ServerProtocol
from websockets.uri import parse_uri
from websockets.utils import accept_key

from smartimport_cli.backends.remote.http import Http, Unanswered
from smartimport_cli.backends.remote.websocket import Refused, WebSocket
from tests.backends.remote.conftest import Certificate

PATIENCE = 10.0
LIMIT = 100_000


class Line:
    """The server's end of a connection, after the handshake."""

    def __init__(self, connection: socket.socket, protocol: ServerProtocol) -> None:
        self.connection = connection
        self._protocol = protocol

    def send(self, *frames: Frame) -> None:
        self.connection.sendall(raw(*frames))

    def heard(self) -> list[Frame]:
        """What the client has said, once it has said something; nothing where it has hung up."""
        while data := self.connection.recv(65536):
            self._protocol.receive_data(data)
            if events := self._protocol.events_received():
                return [event for event in events if isinstance(event, Frame)]
        return []


Script = Callable[[Line], None]


def raw(*frames: Frame) -> bytes:
    return b"".join(frame.serialize(mask=False) for frame in frames)


def text(words: str, *, fin: bool = True, opcode: Opcode = Opcode.TEXT) -> Frame:
    return Frame(opcode, words.encode(), fin)


@contextmanager
def server(
    script: Script,
    *,
    answer: bytes | None = None,
    behind: bytes = b"",
    certificate: Certificate | None = None,
) -> Iterator[int]:
    """Its port. It takes one connection, answers the handshake (or `answer`), and what is `behind` it in the same
    write, and plays `script`."""
    failed: list[BaseException] = []

    def converse(connection: socket.socket) -> None:
        protocol = ServerProtocol()
        while not (events := protocol.events_received()):
            if not (data := connection.recv(65536)):
                return
            protocol.receive_data(data)
        response = protocol.accept(events[0])  # type: ignore[arg-type]
        protocol.send_response(response)
        connection.sendall((answer or b"".join(protocol.data_to_send())) + behind)
        script(Line(connection, protocol))

    def serve() -> None:
        try:
            connection, _ = listening.accept()
            connection.settimeout(PATIENCE)
            with connection:
                if certificate is None:
                    converse(connection)
                else:
                    with (
                        suppress(OSError),
                        certificate.context().wrap_socket(connection, server_side=True) as secure,
                    ):
                        converse(secure)
        except BaseException as error:
            failed.append(error)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(PATIENCE)
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            thread.join(PATIENCE)
    assert not failed


@contextmanager
def connected(script: Script, *, behind: bytes = b"") -> Iterator[WebSocket]:
    http = Http()
    try:
        with server(script, behind=behind) as port:
            open = WebSocket(http, f"ws://127.0.0.1:{port}/socket?apikey=anon", max_size=LIMIT)
            try:
                yield open
            finally:
                open.close()
    finally:
        http.close()


def messages(socket: WebSocket, count: int) -> list[str | bytes]:
    found: list[str | bytes] = []
    deadline = time.monotonic() + PATIENCE
    while len(found) < count:
        assert time.monotonic() < deadline
        found += socket.receive(0.1)
    return found


def until_closed(socket: WebSocket) -> tuple[list[str | bytes], ConnectionClosed]:
    found: list[str | bytes] = []
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            found += socket.receive(PATIENCE)
    return found, closed.value


def test_many_messages_come_in_few_reads() -> None:
    with connected(lambda line: line.send(*(text(str(n)) for n in range(5000)))) as socket:
        reads = [socket.receive(PATIENCE)]
        while sum(map(len, reads)) < 5000:
            reads.append(socket.receive(PATIENCE))
        assert [message for read in reads for message in read] == [str(n) for n in range(5000)]
        assert len(reads) < 100


def test_messages_that_came_with_the_handshake_are_not_lost() -> None:
    with connected(lambda line: line.send(text("three")), behind=raw(text("one"), text("two"))) as socket:
        assert messages(socket, 3) == ["one", "two", "three"]


def test_a_frame_may_come_a_byte_at_a_time() -> None:
    def drip(line: Line) -> None:
        for byte in raw(text("zwölf " * 30), Frame(Opcode.BINARY, b"\x00\xff")):
            line.connection.sendall(bytes([byte]))

    with connected(drip) as socket:
        assert messages(socket, 2) == ["zwölf " * 30, b"\x00\xff"]


def test_a_message_may_come_in_pieces_with_a_ping_between() -> None:
    whole = "große Stücke".encode()
    answers: list[Frame] = []

    def pieces(line: Line) -> None:
        for n in range(len(whole)):  # also in the middle of a letter
            line.send(
                Frame(Opcode.CONT if n else Opcode.TEXT, whole[n : n + 1], fin=False),
                Frame(Opcode.PING, b"there?"),
            )
        line.send(Frame(Opcode.CONT, b""), text("next"))
        while len(answers) < len(whole):
            answers.extend(line.heard())

    with connected(pieces) as socket:
        assert messages(socket, 2) == ["große Stücke", "next"]
    assert [(frame.opcode, bytes(frame.data)) for frame in answers[: len(whole)]] == [
        (Opcode.PONG, b"there?") for _ in whole
    ]


def test_a_ping_is_answered_while_nothing_is_said() -> None:
    answers: list[Frame] = []

    def ping(line: Line) -> None:
        line.send(Frame(Opcode.PING, b"idle"))
        answers.extend(line.heard())
        line.heard()  # until it leaves

    with connected(ping) as socket:
        deadline = time.monotonic() + PATIENCE
        while not answers:
            assert time.monotonic() < deadline
            assert socket.receive(0.05) == []
    assert [(frame.opcode, bytes(frame.data)) for frame in answers] == [(Opcode.PONG, b"idle")]


class Scripted:
    """An HTTP client whose every upgrade is a line that brings `pieces` and then ends; what is written is `said`."""

    def __init__(self, pieces: list[bytes]) -> None:
        self.pieces = pieces
        self.said = ServerProtocol(state=State.OPEN)

    def upgrade(self, url: str, headers: Mapping[str, str]) -> httpx.Response:
        accept = accept_key(dict(headers)["Sec-WebSocket-Key"])
        return httpx.Response(
            101, headers={"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Accept": accept},
            extensions={"network_stream": self},
        )  # fmt: skip

    def read(self, max_bytes: int, timeout: float) -> bytes:
        return self.pieces.pop(0) if self.pieces else b""

    def write(self, data: bytes, timeout: float) -> None:
        if data:
            self.said.receive_data(data)


words = st.text(max_size=20).map(str.encode) | st.just(b"\xc3")
long = st.sampled_from([125, 126, 65_536, 90_000]).map(lambda length: b"x" * length)
kinds = st.sampled_from([Opcode.TEXT, Opcode.TEXT, Opcode.TEXT, Opcode.BINARY, Opcode.CONT])
frames = (
    st.builds(Frame, kinds, words | long, st.sampled_from([True, True, False]))
    | st.builds(Frame, st.sampled_from([Opcode.PING, Opcode.PONG]), words)
    | st.just(Frame(Opcode.CLOSE, Close(1001, "").serialize()))
)
odd = st.sampled_from(  # extended, masked, of an unknown kind, endless, wasteful, cut short
    [b"\xc1\x01x", b"\x81\x81aaaax", b"\x8f\x00", b"\x81\x7f" + b"\xff" * 8, b"\x81\x7e\x00\x01x", b"\x81"]
)


@given(st.lists(frames.map(lambda one: raw(one)) | odd, max_size=12), st.lists(st.integers(1, 200_000), max_size=12))
@settings(max_examples=400, deadline=None)
def test_whatever_comes_is_taken_as_the_protocol_takes_it(parts: list[bytes], cuts: list[int]) -> None:
    """Plain frames go past websockets' protocol: the messages, and what is answered, are those it would give."""
    stream = b"".join(parts)
    theirs = ClientProtocol(parse_uri("ws://localhost"), state=State.OPEN, max_size=LIMIT)
    theirs.receive_data(stream)
    expected: list[str | bytes] = []
    code, begun = None, []
    for event in theirs.events_received():
        assert isinstance(event, Frame)
        if event.opcode not in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            continue
        begun.append(event)
        if event.fin:
            whole, first, begun = b"".join(one.data for one in begun), begun[0], []
            try:
                expected.append(whole.decode() if first.opcode is Opcode.TEXT else whole)
            except UnicodeDecodeError:
                code = 1007  # which is not the protocol's to notice, and what comes behind is not looked at
                break
    if code is None and theirs.close_sent is not None:
        code = theirs.close_sent.code

    pieces, at = [], 0
    for cut in [*cuts, len(stream)]:
        pieces.append(stream[at : at + cut])
        at += cut
    line = Scripted([piece for piece in pieces if piece])
    found, _ = until_closed(WebSocket(line, "ws://localhost/", max_size=LIMIT))  # type: ignore[arg-type]
    assert found == expected
    said = [event for event in line.said.events_received() if isinstance(event, Frame)]
    closes = [Close.parse(bytes(one.data)).code for one in said if one.opcode is Opcode.CLOSE]
    assert closes == ([code] if code is not None else [])


def test_what_came_before_a_close_is_given_before_the_close() -> None:
    farewell = Frame(Opcode.CLOSE, Close(1013, "come back later").serialize())
    answers: list[Frame] = []

    def close(line: Line) -> None:
        line.send(text("last"), farewell)
        answers.extend(line.heard())

    with connected(close) as socket:
        found, closed = until_closed(socket)
        with pytest.raises(ConnectionClosed):
            socket.send("too late")
    assert found == ["last"]
    assert closed.rcvd is not None and closed.rcvd.code == 1013
    assert [frame.opcode for frame in answers] == [Opcode.CLOSE]  # it is answered


@pytest.mark.parametrize("cut", [1, 3, 40], ids=["in the head", "in the length", "in the words"])
def test_a_line_that_breaks_in_the_middle_of_a_frame(cut: int) -> None:
    with connected(
        lambda line: line.connection.sendall(raw(text("whole"), text("half " * 60))[: 7 + cut])
    ) as socket:
        found, closed = until_closed(socket)
    assert (found, closed.rcvd) == (["whole"], None)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (raw(text("x" * (LIMIT + 1)))[:20], 1009),  # it is not waited for
        (raw(text("x" * LIMIT, fin=False), text("x", opcode=Opcode.CONT)), 1009),
        (raw(Frame(Opcode.TEXT, b"\xff\xfe")), 1007),
        (raw(text("no beginning", opcode=Opcode.CONT)), 1002),
        (text("masked").serialize(mask=True) + raw(text("x" * 300)), 1002),
    ],
    ids=["too long", "too long in pieces", "no text", "no message", "masked"],
)
def test_what_must_not_be_taken_ends_it_with_the_reason(data: bytes, code: int) -> None:
    answers: list[Frame] = []

    def send(line: Line) -> None:
        line.send(text("good"))
        line.connection.sendall(data)
        answers.extend(line.heard())

    with connected(send) as socket:
        found, closed = until_closed(socket)
    assert found == ["good"]
    assert closed.rcvd is None
    assert [Close.parse(bytes(frame.data)).code for frame in answers] == [code]


def test_a_line_that_carries_nothing_any_more_holds_up_nobody() -> None:
    done = threading.Event()
    with connected(lambda line: done.wait(PATIENCE) and None) as socket:
        begun = time.monotonic()
        assert socket.receive(0.05) == []
        socket.close()  # the goodbye is not answered
        assert time.monotonic() - begun < PATIENCE / 2
        done.set()


def test_a_goodbye_is_said() -> None:
    answers: list[Frame] = []
    with connected(lambda line: answers.extend(line.heard() + line.heard())) as socket:
        socket.send("hello")
    assert [frame.opcode for frame in answers] == [Opcode.TEXT, Opcode.CLOSE]


@pytest.mark.parametrize(
    ("status", "more"), [("401 Unauthorized", ""), ("302 Found", "Location: http://127.0.0.1:9/\r\n")]
)
def test_another_answer_is_a_refusal_in_the_servers_words(status: str, more: str) -> None:
    http = Http()
    body = b'{"error": "no"}' + b" " * 100_000
    answer = f"HTTP/1.1 {status}\r\n{more}Content-Length: {len(body)}\r\n\r\n".encode() + body
    with server(lambda line: None, answer=answer) as port, pytest.raises(Refused) as refused:
        WebSocket(http, f"ws://127.0.0.1:{port}/socket", max_size=LIMIT)
    http.close()
    assert refused.value.status == int(status[:3])
    assert refused.value.said.startswith('{"error": "no"}') and len(refused.value.said) == 500


def test_an_answer_to_somebody_elses_handshake_is_none() -> None:
    http = Http()
    answer = (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
    )
    with server(lambda line: None, answer=answer) as port, pytest.raises(InvalidHandshake):
        WebSocket(http, f"ws://127.0.0.1:{port}/socket", max_size=LIMIT)
    http.close()


def test_nobody_there_is_said_without_the_key() -> None:
    http = Http()
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    with pytest.raises(Unanswered) as unanswered:
        WebSocket(http, f"ws://127.0.0.1:{port}/socket?apikey=secret", max_size=LIMIT)
    http.close()
    assert "cannot be reached" in str(unanswered.value) and "secret" not in repr(unanswered.value)


def test_a_server_that_nobody_vouches_for_is_not_followed(certificate: Certificate) -> None:
    http = Http()
    with (
        server(lambda line: None, certificate=certificate) as port,
        pytest.raises(Unanswered, match="could not prove who it is"),
    ):
        WebSocket(http, f"wss://localhost:{port}/socket", max_size=LIMIT)
    http.close()


def test_it_goes_through_a_tunnel_of_the_proxy_of_the_environment(
    certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file))
    with (
        server(lambda line: line.send(*line.heard()), certificate=certificate) as port,
        tunnel(port) as (proxy, asked),
    ):
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy}")
        http = Http()
        socket = WebSocket(http, "wss://localhost:4443/socket?apikey=anon", max_size=LIMIT)
        socket.send("there and back")
        assert messages(socket, 1) == ["there and back"]
        socket.close()
        http.close()
    assert asked == [b"CONNECT localhost:4443 HTTP/1.1"]


@contextmanager
def tunnel(to: int) -> Iterator[tuple[int, list[bytes]]]:
    """A proxy whose every tunnel leads to the port `to`: its own port, and the first lines that it was told."""
    asked: list[bytes] = []

    def carry(source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)

    def serve() -> None:
        client, _ = listening.accept()
        with client, socket.create_connection(("127.0.0.1", to)) as target:
            head = b""
            while b"\r\n\r\n" not in head:
                head += client.recv(65536)
            asked.append(head.partition(b"\r\n")[0])
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=carry, args=(target, client))
            back.start()
            carry(client, target)
            back.join(PATIENCE)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(PATIENCE)
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listening.getsockname()[1], asked
        finally:
            thread.join(PATIENCE)
