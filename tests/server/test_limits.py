"""What one connection, or one user, may take of the server."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from smartimport_cli.server.head import HEAD_SECONDS, MAX_HEAD_BYTES
from tests.server.conftest import PASSWORD, Person, Served, Starter


def connected(url: str) -> socket.socket:
    address = urlsplit(url)
    return socket.create_connection((address.hostname, address.port), timeout=2 * HEAD_SECONDS)


def answered(peer: socket.socket) -> bytes:
    """All that comes until the server closes."""
    came = b""
    while piece := peer.recv(65_536):
        came += piece
    return came


def test_a_connection_that_trickles_its_head_is_closed(served: Served, ann: Person) -> None:
    """At the start, byte by byte, and in a later request of the same connection; who is in time stays."""
    head = f"GET /auth/v1/health HTTP/1.1\r\nHost: {urlsplit(served.url).netloc}\r\n".encode()

    def trickle(before: bytes) -> tuple[bytes, float]:
        with connected(served.url) as peer:
            begun = time.monotonic()
            peer.sendall(before)
            if before:
                time.sleep(0.3)
            for byte in head + b"X-Pad: " + b"x" * 1000:
                try:
                    peer.sendall(bytes([byte]))
                except OSError:
                    break  # closed
                if time.monotonic() - begun > 2 * HEAD_SECONDS:
                    break
                time.sleep(0.25)
            try:
                return answered(peer), time.monotonic() - begun
            except OSError:
                return b"reset", time.monotonic() - begun

    def silent() -> bytes:
        with connected(served.url) as peer:
            return answered(peer)

    with ThreadPoolExecutor(3) as pool:
        at_first, later, mute = pool.submit(trickle, b""), pool.submit(trickle, head + b"\r\n"), pool.submit(silent)
        assert ann.http.get("/auth/v1/health").status_code == 200
        assert mute.result().startswith(b"HTTP/1.1 408 ")
        for said, took in (at_first.result(), later.result()):
            assert took < 2 * HEAD_SECONDS
            assert b" 408 " in said or said == b"reset"
    with connected(served.url) as peer:  # slow, but in time
        for piece in (head[:10], head[10:], b"\r\n"):
            peer.sendall(piece)
            time.sleep(0.2)
        assert peer.recv(100).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("one", [True, False])
def test_a_head_that_never_ends_is_not_kept(served: Served, one: bool) -> None:
    with connected(served.url) as peer:
        peer.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Pad: ")
        sent = 0
        try:
            while sent < 64 * MAX_HEAD_BYTES:
                sent += peer.send(b"x" * 4096 if one else b"x" * 1024 + b"\r\nX-Pad: ")
            said = answered(peer)
        except OSError:
            said = b"reset"
    assert said == b"reset" or b" 431 " in said
    assert sent < 64 * MAX_HEAD_BYTES


def test_a_user_has_so_many_sockets_and_no_more(start: Starter) -> None:
    for name in ("ann", "ben"):
        start.add_user(f"{name}@example.org")
    served = start("--followers", "2")
    ann, ben = served.sign_in("ann@example.org", PASSWORD), served.sign_in("ben@example.org", PASSWORD)
    binding = {"event": "INSERT", "schema": "public", "table": "import_events"}
    try:
        with ann.socket() as first:
            first.follow()
            with ann.socket() as second:
                second.follow()
                with ann.socket() as third, ben.socket() as other:
                    refused = third.join(binding)["payload"]
                    assert (refused["status"], "Too many" in refused["response"]["reason"]) == ("error", True)
                    other.follow()
                    first.topic = "realtime:another"  # another channel of a socket that is there
                    assert first.join(binding, ref="5")["payload"]["status"] == "ok"
            for _ in range(50):
                with ann.socket() as again:
                    if again.join(binding)["payload"]["status"] == "ok":
                        break
                time.sleep(0.1)  # until the server has seen the other go
            else:
                pytest.fail("there was no room again")
    finally:
        ann.http.close(), ben.http.close()
