"""What the user says of a backend: a `[profiles.NAME]` table of their own configuration file, or a URL."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from smartimport_cli.backends.remote.token import claims
from smartimport_cli.core.errors import UsageError
from smartimport_cli.core.text import clean

GIVE_UP = 300.0  # seconds without any answer
_KEYS = ("url", "supabase_url", "api_key", "api", "pipeline", "give_up")
_SECRET = re.compile(r"token|password|secret|service_role", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Profile:
    """A backend over the network.

    `url` is where its functions are, `supabase_url` where its REST, sign-in, storage and Realtime are (the same
    place where it is left out). `api_key` is the project's public (anon) key. `api` is the generation of the
    functions, `pipeline` who calls for handoff and analysis after a commit. `give_up` is how many seconds a
    follower goes on without any answer.
    """

    name: str
    url: str
    supabase_url: str
    api_key: str = ""
    api: str = "functions"  # or documents
    pipeline: str = "server"  # or client
    give_up: float = GIVE_UP

    @classmethod
    def of(cls, name: str, table: Mapping[str, Any]) -> "Profile":
        """Read a profile. Raises UsageError `bad-profile`."""
        for key in table:
            if _SECRET.search(key):
                raise _bad(name, f"holds a '{clean(key)}'", "Secrets do not belong there: smartimport login.")
            if key not in _KEYS:
                raise _bad(name, f"sets '{clean(key)}'", f"It may set: {', '.join(_KEYS)}.")
        values = dict(table)
        for key, allowed in (("api", ("functions", "documents")), ("pipeline", ("server", "client"))):
            if values.get(key, allowed[0]) not in allowed:
                raise _bad(
                    name, f"sets {key} to what it does not take", f"It is one of {', '.join(allowed)}."
                )
        give_up = values.get("give_up", GIVE_UP)
        if isinstance(give_up, bool) or not isinstance(give_up, int | float) or give_up <= 0:
            raise _bad(name, "sets give_up to what it does not take", "It is a number of seconds.")
        api_key = values.get("api_key", "")
        if not isinstance(api_key, str) or (api_key and not (api_key.isascii() and api_key.isprintable())):
            raise _bad(name, "has an api_key that is none", "It is the project's public (anon) key.")
        if claims(api_key).get("role") == "service_role" or api_key.startswith("sb_secret_"):
            raise _bad(
                name, "holds the service role's key, which may do anything to everybody's data",
                "Put the public (anon) key there, and change the other one: it has been in a file.",
            )  # fmt: skip
        url = _address(name, "url", values.get("url"))
        supabase_url = _address(name, "supabase_url", values.get("supabase_url", url))
        return cls(
            name, url, supabase_url, api_key, values.get("api", "functions"), values.get("pipeline", "server"),
            float(give_up),
        )  # fmt: skip

    @property
    def origins(self) -> frozenset[str]:
        """Where its credentials may go."""
        return frozenset({origin(self.url), origin(self.supabase_url)})


def profile_named(backend: str, profiles: Mapping[str, Mapping[str, Any]], api_key: str = "") -> Profile:
    """The profile for `--backend NAME|URL`. `api_key` stands in where it has none. Raises UsageError
    `unknown-backend` or `bad-profile`."""
    if backend in profiles:
        return Profile.of(backend, {**({"api_key": api_key} if api_key else {}), **profiles[backend]})
    if "://" in backend:
        address = _address("", "--backend", backend)
        for name, table in profiles.items():  # a URL that has a profile: its other values hold, too
            if str(table.get("url", "")).rstrip("/") == address:
                return profile_named(name, profiles, api_key)
        return Profile(origin(address), address, address, api_key)
    raise UsageError(
        "unknown-backend",
        f"There is no backend '{clean(backend)}': it is not local, no profile, and no URL.",
        hint="Profiles are tables [profiles.NAME] with a url in your configuration file "
        f"({', '.join(sorted(profiles)) or 'none so far'}).",
    )


def origin(url: str) -> str:
    """`https://host:port` of a URL, with the port always written."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    host = (parts.hostname or "").lower()
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}:{port}"


def _address(name: str, key: str, value: object) -> str:
    if not isinstance(value, str) or not value.isascii() or not value.isprintable():
        raise _bad(name, f"lacks a {key}", "It is an address such as https://imports.example.com.")
    try:
        parts = urlsplit(value.strip())
        parts.port  # noqa: B018 - raises where it is none
    except ValueError:
        raise _bad(name, f"has a {key} that is no address", "Write it as https://HOST.") from None
    if parts.username or parts.password or parts.query or parts.fragment:
        raise _bad(
            name, f"has more in its {key} than an address", "No user, password or query: smartimport login."
        )
    if not parts.hostname or parts.scheme not in ("http", "https"):
        raise _bad(name, f"has a {key} that is no address", "Write it as https://HOST.")
    if parts.scheme == "http" and not _loopback(parts.hostname):
        raise _bad(name, f"has a {key} without TLS", "Plain http is for this machine only; write https://.")
    return value.strip().rstrip("/")


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _bad(name: str, what: str, hint: str) -> UsageError:
    who = f"The profile '{clean(name)}'" if name else "The backend that was named"
    return UsageError("bad-profile", f"{who} {what}.", hint=hint)
