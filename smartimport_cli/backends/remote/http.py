"""Requests: TLS verified, proxies and SSL_CERT_FILE respected, no redirect followed, answers of bounded size,
and an attempt repeated only where repeating is safe."""

import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from itertools import islice
from typing import Any

import httpx

from smartimport_cli.backends.remote.backoff import delays
from smartimport_cli.backends.remote.refusal import Reply, refusal, retry_after, tidy
from smartimport_cli.core.errors import ExitCode, SmartImportError
from smartimport_cli.core.text import clean

MAX_ANSWER = 32 << 20  # bytes; a page of 500 events of the largest size that may travel stays below
PATIENCE = 20.0  # seconds of Retry-After that are waited for; a person is told to come back after more
_ATTEMPTS = 5
_BUSY = (429, 502, 503, 504)

Body = Callable[[], Iterable[bytes]]  # begun anew with each attempt
Sleep = Callable[[float], object]


class Unanswered(SmartImportError):
    """No answer came (exit 6). `sent` says whether the request may have been carried out all the same."""

    def __init__(self, code: str, message: str, *, hint: str = "", sent: bool) -> None:
        super().__init__(code, message, hint=hint, exit_code=ExitCode.UNREACHABLE, retryable=True)
        self.sent = sent


class Http:
    """A client of its own connections; may be used from several threads."""

    def __init__(self, *, sleep: Sleep = time.sleep) -> None:
        self.sleep = sleep
        self._client = httpx.Client(
            verify=httpx.create_ssl_context(),
            follow_redirects=False,
            timeout=httpx.Timeout(30.0, connect=10.0),
            headers={"User-Agent": "smartimport", "Accept-Encoding": "identity"},
        )

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        json: Any = None,
        body: Body | None = None,
        repeat: bool,
        attempts: int = _ATTEMPTS,
        read_timeout: float = 30.0,
    ) -> Reply:
        """The answer, whatever its status. With `repeat` the request may be carried out twice; without it only
        an attempt that never reached the backend, or that it turned away, is made again. Raises Unanswered,
        and SmartImportError `answer-too-large`."""
        for delay in islice(delays(0.5, 8.0), attempts - 1):
            try:
                reply = self._once(method, url, headers, params, json, body, read_timeout)
            except Unanswered as failure:
                if failure.code == "tls" or (failure.sent and not repeat):
                    raise
                self.sleep(delay)
                continue
            asked = _asked_wait(reply)
            turned_away = reply.status == 429 or (reply.status == 503 and asked is not None)
            if not (turned_away or (repeat and reply.status in _BUSY)) or (asked or 0) > PATIENCE:
                return reply
            self.sleep(max(delay, asked or 0))
        return self._once(method, url, headers, params, json, body, read_timeout)

    def _once(
        self, method: str, url: str, headers: Mapping[str, str] | None, params: Mapping[str, str] | None,
        json: Any, body: Body | None, read_timeout: float,
    ) -> Reply:  # fmt: skip
        plain = url.partition("?")[0]
        with _answering(plain):
            request = self._client.build_request(
                method, url, headers=headers, params=params, json=json, content=body() if body else None,
                timeout=httpx.Timeout(30.0, connect=10.0, read=read_timeout),
            )  # fmt: skip
            response = self._client.send(request, stream=True)
            try:
                content = b"".join(_bounded(response.iter_bytes()))
            finally:
                response.close()
        return Reply(response.status_code, response.headers, content, plain)

    def upgrade(self, url: str, headers: Mapping[str, str]) -> httpx.Response:
        """The answer to a GET for another protocol, unread; where it is 101 its extension `network_stream` is the
        connection. It is the caller's to close. Raises Unanswered."""
        with _answering(url.partition("?")[0]):  # the address has a key in it: no exception repeats that
            request = self._client.build_request("GET", url, headers=headers, timeout=httpx.Timeout(10.0))
            return self._client.send(request, stream=True)

    def close(self) -> None:
        self._client.close()


@contextmanager
def _answering(url: str) -> Iterator[None]:
    """What the client raises where no answer comes from `url` is Unanswered."""
    try:
        yield
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as error:
        raise _unreached(url, error) from None
    except (httpx.TransportError, httpx.DecodingError) as error:
        raise Unanswered(
            "no-answer", f"{_host(url)} did not answer: {_reason(error)}.", hint="It is safe to try again.",
            sent=True,
        ) from None  # fmt: skip
    except (httpx.InvalidURL, httpx.UnsupportedProtocol):
        raise Unanswered("bad-address", "The backend named an address that is none.", sent=False) from None


def expect(reply: Reply, doing: str) -> Reply:
    """The reply, where it is a success. Raises what `refusal` makes of it otherwise."""
    if not 200 <= reply.status < 300:
        raise refusal(reply, doing)
    return reply


def _bounded(chunks: Iterable[bytes]) -> Iterable[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > MAX_ANSWER:
            raise SmartImportError(
                "answer-too-large", f"The backend's answer is over {MAX_ANSWER >> 20} MB; it was not read.",
                exit_code=ExitCode.UNREACHABLE,
            )  # fmt: skip
        yield chunk


def _unreached(url: str, error: httpx.TransportError) -> Unanswered:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return Unanswered(
                "tls", f"{_host(url)} could not prove who it is: {_reason(cause)}.",
                hint="A certificate authority of your own is named by SSL_CERT_FILE.", sent=False,
            )  # fmt: skip
        cause = cause.__cause__ or cause.__context__
    return Unanswered(
        "unreachable", f"{_host(url)} cannot be reached: {_reason(error)}.",
        hint="Check the network and the address; nothing was sent.", sent=False,
    )  # fmt: skip


def _host(url: str) -> str:
    return clean("/".join(url.split("/")[:3]))


def _reason(error: BaseException) -> str:
    return tidy(str(getattr(error, "strerror", None) or error) or type(error).__name__).rstrip(".")


def _asked_wait(reply: Reply) -> float | None:
    if reply.status not in _BUSY:
        return None
    wait = retry_after(reply)
    value = reply.headers.get("retry-after")
    if wait is None and value:
        try:
            wait = max(parsedate_to_datetime(value).timestamp() - _server_now(reply), 0.0)
        except ValueError:
            return None
    return wait


def _server_now(reply: Reply) -> float:
    """By the server's own clock, which its Retry-After goes by."""
    try:
        return parsedate_to_datetime(reply.headers.get("date", "")).timestamp()
    except ValueError:
        return time.time()  # noqa: TID251 - a moment of the world's clock is what the header names
