"""The way to a backend: TLS verified, proxies respected, nothing sent where a redirect points."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from smartimport_cli.backends.remote.http import Http, Unanswered
from smartimport_cli.core.errors import SmartImportError
from tests.backends.remote.conftest import Certificate, Open
from tests.backends.remote.fake_supabase import FakeSupabase
from tests.backends.remote.test_functions import promise, statement


class Silent(http.server.BaseHTTPRequestHandler):
    """Answers every GET with nothing; its server remembers what was asked for."""

    def do_GET(self) -> None:
        assert isinstance(self.server, Server)
        self.server.asked.append(self.path)
        self.send_response(204)
        self.end_headers()

    def log_message(self, *args: object) -> None: ...


class Server(http.server.ThreadingHTTPServer):
    asked: list[str]

    @contextmanager
    def running(self) -> Iterator[None]:
        self.asked = []
        thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield
        finally:
            self.shutdown()
            thread.join()
            self.server_close()

    def handle_error(self, *args: object) -> None: ...


@pytest.fixture
def self_signed(certificate: Certificate) -> Iterator[str]:
    """The address of a server that nobody vouches for."""
    server = Server(("127.0.0.1", 0), Silent)
    server.socket = certificate.context().wrap_socket(server.socket, server_side=True)
    with server.running():
        yield f"https://localhost:{server.server_address[1]}"


def test_a_server_that_nobody_vouches_for_gets_nothing(
    self_signed: str, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Http()
    with pytest.raises(Unanswered, match="could not prove who it is") as refused:
        client.send("GET", self_signed, repeat=True)
    assert (refused.value.code, refused.value.sent) == ("tls", False)
    client.close()
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file))
    client = Http()
    assert client.send("GET", self_signed, repeat=True).status == 204
    client.close()


def test_a_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = Server(("127.0.0.1", 0), Silent)
    with proxy.running():
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.server_address[1]}")
        client = Http()
        assert client.send("GET", "http://backend.invalid/x", repeat=True).status == 204
        client.close()
        assert proxy.asked == ["http://backend.invalid/x"]


def test_nothing_goes_where_a_redirect_points(fake: FakeSupabase, open_backend: Open) -> None:
    elsewhere = FakeSupabase().start()
    try:
        promise(fake)
        fake.functions["storage PUT"] = lambda request: (
            307,
            {"headers": {"Location": f"{elsewhere.url}/storage/v1/x"}},
        )
        with pytest.raises(SmartImportError) as refused:
            open_backend(api="documents").upload(statement())
        assert refused.value.code == "redirected"
        assert elsewhere.requests == []
    finally:
        elsewhere.stop()
