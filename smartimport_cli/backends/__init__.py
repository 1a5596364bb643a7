"""Where imports live: the embedded backend, or one over the network."""

from typing import TYPE_CHECKING

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
    import os

    from smartimport_cli.backends.remote import open_remote

    return open_remote(
        settings.backend, settings.profiles, settings.config_file.parent, os.environ,
        by_project=settings.origins.get("backend", "").startswith("project file"),
    )  # fmt: skip
