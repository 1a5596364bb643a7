"""Get bank statements in. The names below are for scripts; they are loaded when they are first used."""

TYPE_CHECKING = False  # typing itself would cost a completion more than the rest of it
if TYPE_CHECKING:
    from smartimport_cli.api import follow
    from smartimport_cli.bus import Bus, Stream, Subscription
    from smartimport_cli.core.events import EventRecord, RejectedEvent
    from smartimport_cli.core.reducer import fold, reduce
    from smartimport_cli.core.state import ImportState, Status
    from smartimport_cli.recording import read_recording, replay, write_recording

__version__ = "0.1.0"

_PLACES = {
    "Bus": "bus",
    "EventRecord": "core.events",
    "ImportState": "core.state",
    "RejectedEvent": "core.events",
    "Status": "core.state",
    "Stream": "bus",
    "Subscription": "bus",
    "fold": "core.reducer",
    "follow": "api",
    "read_recording": "recording",
    "reduce": "core.reducer",
    "replay": "recording",
    "write_recording": "recording",
}
__all__ = [
    "Bus", "EventRecord", "ImportState", "RejectedEvent", "Status", "Stream", "Subscription", "fold", "follow",
    "read_recording", "reduce", "replay", "write_recording",
]  # fmt: skip


def __getattr__(name: str) -> object:
    place = _PLACES.get(name)
    if place is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{place}"), name)
