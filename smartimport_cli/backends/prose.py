"""Prose by a language model, from an OpenAI-compatible endpoint that the user names in their own file:

    [prose]
    url = "http://localhost:11434/v1"
    model = "llama3.2"
    key_env = "PROSE_KEY"      # the environment variable that holds the key, where one is needed
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from smartimport_cli.core.errors import ExitCode, SmartImportError, UsageError
from smartimport_cli.core.text import clean

_MOST_BYTES = 1 << 20
_SECONDS = 120.0
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Who writes."""

    url: str  # without /chat/completions
    model: str
    key: str | None = None

    @classmethod
    def of(cls, table: Mapping[str, Any], env: Mapping[str, str]) -> "Endpoint":
        """The user's `[prose]`. Raises UsageError `no-prose` where there is none, `bad-prose` where it cannot be
        used: a key, or money, goes over the network encrypted or not at all."""
        if not table:
            raise UsageError(
                "no-prose",
                "Prose is off: no language model is named.",
                hint='Put [prose] with url = "..." and model = "..." into your own config file (smartimport config).',
            )
        url, model, name = (str(table.get(key, "")).strip() for key in ("url", "model", "key_env"))
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or not model:
            raise UsageError("bad-prose", "[prose] needs a url (http or https, no password in it) and a model.")
        if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
            raise UsageError(
                "bad-prose", f"[prose] would send to {clean(parts.hostname)} unencrypted.", hint="Write https."
            )
        if name and not env.get(name):
            raise UsageError("bad-prose", f"[prose] takes its key from {clean(name)}, which is not set.")
        return cls(url.rstrip("/"), model, env.get(name) if name else None)

    @property
    def host(self) -> str:
        return clean(urlsplit(self.url).netloc)


def write(endpoint: Endpoint, body: Mapping[str, Any]) -> str:
    """What the model answers, clean, one paragraph a line. Raises SmartImportError `prose-unreachable` or
    `prose-failed`."""
    import httpx

    headers = {"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {}
    try:
        with (
            httpx.Client(timeout=_SECONDS, follow_redirects=False) as client,
            client.stream("POST", f"{endpoint.url}/chat/completions", json=body, headers=headers) as response,
        ):
            if response.status_code != 200:
                raise _failed(endpoint, f"answered {response.status_code}")
            content = b""
            for chunk in response.iter_bytes():
                content += chunk
                if len(content) > _MOST_BYTES:
                    raise _failed(endpoint, "answered more than a megabyte")
    except httpx.HTTPError as error:
        raise SmartImportError(
            "prose-unreachable",
            f"{endpoint.host} could not be reached ({type(error).__name__}).",
            hint="The summary itself needs no network: smartimport summary",
            exit_code=ExitCode.UNREACHABLE,
            retryable=True,
        ) from None
    return _text(endpoint, content)


def _text(endpoint: Endpoint, content: bytes) -> str:
    import json

    try:
        text = json.loads(content)["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError):
        text = None
    if not isinstance(text, str) or not text.strip():
        raise _failed(endpoint, "gave no text")
    return "\n".join(line for part in text.splitlines() if (line := clean(part)))


def _failed(endpoint: Endpoint, what: str) -> SmartImportError:
    return SmartImportError(
        "prose-failed", f"{endpoint.host} {what}.", hint="The summary itself: smartimport summary",
        exit_code=ExitCode.UNREACHABLE, retryable=True,
    )  # fmt: skip
