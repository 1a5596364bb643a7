"""Where imports live: the embedded backend, or one over the network."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from smartimport_cli.core.errors import UsageError

if TYPE_CHECKING:
    from smartimport_cli.backends.remote.session import Session
    from smartimport_cli.core.protocols import Backend
    from smartimport_cli.settings import Settings


def open_backend(settings: "Settings") -> "Backend":
    """The backend that the settings name. Raises UsageError `unknown-backend`, and what its opening raises."""
    if settings.backend == "local":
        from smartimport_cli.backends.local import LocalBackend
        from smartimport_cli.resources import load_resources

        config_dir = settings.config_file.parent
        return LocalBackend(
            settings.data_dir,
            rules_file=config_dir / "categories.toml",
            resources=load_resources(config_dir),
        )
    import os

    from smartimport_cli.backends.remote import open_remote

    return open_remote(
        settings.backend, settings.profiles, settings.config_file.parent, os.environ,
        by_project=settings.origins.get("backend", "").startswith("project file"),
    )  # fmt: skip


def open_session(settings: "Settings") -> "Session":
    """Who we are to the backend that the settings name, or to the only one there is a profile for. Raises
    UsageError `no-backend-named`, `unknown-backend` or `bad-profile`."""
    import os

    from smartimport_cli.backends.remote import session_of
    from smartimport_cli.backends.remote.http import Http
    from smartimport_cli.backends.remote.profile import profile_named

    backend = settings.backend
    if backend == "local" and len(settings.profiles) == 1:
        (backend,) = settings.profiles
    if backend == "local":
        raise UsageError(
            "no-backend-named", "The embedded backend needs no sign-in, and no other one was named.",
            hint="Say which: --backend PROFILE or --backend URL.",
        )  # fmt: skip
    profile = profile_named(backend, settings.profiles, os.environ.get("SMARTIMPORT_API_KEY", ""))
    return session_of(profile, settings.config_file.parent, os.environ, Http())


def check_backends(values: Mapping[str, Any]) -> None:
    """Whether the user's file holds profiles, and names a backend, that can be used. Raises UsageError
    `bad-profile` or `unknown-backend`."""
    from smartimport_cli.backends.remote.profile import Profile, profile_named

    profiles = values.get("profiles", {})
    for name, table in profiles.items():
        Profile.of(name, table)
    if (backend := values.get("backend", "local")) != "local":
        profile_named(backend, profiles)
