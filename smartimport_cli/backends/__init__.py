"""Where imports live: the embedded backend, or one over the network."""

from typing import TYPE_CHECKING

from smartimport_cli.core.errors import UsageError

if TYPE_CHECKING:
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
    raise UsageError(
        "unknown-backend",
        "Only the embedded backend is built in so far (--backend local).",
        hint=f"It was named by {settings.origins.get('backend', 'a flag')}; leave it out.",
    )
