"""Each fault makes the mistake that it is named for, and a server without faults makes none."""

import itertools
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from websockets.exceptions import ConnectionClosed

from smartimport_cli.core.errors import UsageError
from smartimport_cli.core.privacy import mask_numbers
from smartimport_cli.server.faults import FAULTS, Faults
from tests.server.conftest import Channel, Person, Starter

COMPLETE = "crystal:analyze:complete"
_years = itertools.count()  # another statement each time


class Scene:
    """A server with faults, its owner, and a channel that follows everything."""

    def __init__(self, owner: Person, channel: Channel) -> None:
        self.owner = owner
        self.channel = channel

    def play(self) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
        """One import from upload to analysis: the live records and the stored ones."""
        import_id = self.owner.finished(4, first=f"{2000 + next(_years)}-01-03")
        live = self.channel.changes(lambda record: record["event_type"] == COMPLETE)
        return live, self.owner.events(import_id)


@pytest.fixture
def scene(start: Starter):  # type: ignore[no-untyped-def]
    @contextmanager
    def scene(faults: str, *, follow: bool = True) -> Iterator[Scene]:
        owner = start(SMARTIMPORT_SERVE_FAULTS=faults).owner()
        try:
            with owner.socket() as channel:
                if follow:
                    channel.follow()
                yield Scene(owner, channel)
        finally:
            owner.http.close()

    return scene


def numbers(records: list[dict[str, object]]) -> list[object]:
    return [record["seq"] for record in records]


def test_what_is_sent_and_read(scene) -> None:  # type: ignore[no-untyped-def]
    with scene("lost-event@2,duplicate@4,wrong-order@6") as at:
        live, stored = at.play()
        assert numbers(live)[:8] == [1, 3, 4, 4, 5, 7, 6, 8]
        assert numbers(stored) == list(range(1, len(stored) + 1))
    with scene("missing-event@5") as at:
        live, stored = at.play()
        assert numbers(live) == numbers(stored)
        assert 5 not in numbers(stored)
    with scene("personal-data@3") as at:
        live, stored = at.play()
        for records in (live, stored):
            assert [mask_numbers(str(r["payload"])) == str(r["payload"]) for r in records].count(False) == 1


def test_rows_that_should_not_be_there(scene) -> None:  # type: ignore[no-untyped-def]
    with scene("leaked-row@2,double-commit") as at:
        live, stored = at.play()
        assert {record["user_id"] for record in live} != {at.owner.id}
        assert {record["user_id"] for record in stored} != {at.owner.id}
        assert [record["event_type"] for record in live].count("import:commit:complete") == 2
        assert len(at.owner.read("transactions")) == 8


@pytest.mark.parametrize("code", [1000, 1001, 1012, 1006])
def test_the_socket_is_dropped(scene, code: int) -> None:  # type: ignore[no-untyped-def]
    with scene(f"drop-{code}@2") as at:
        at.owner.uploaded(2)
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                at.channel.receive()
        received = closed.value.rcvd
        assert (received.code if received else 1006) == code


@pytest.mark.parametrize("event", ["phx_close", "phx_error"])
def test_the_channel_ends_and_the_socket_stays(scene, event: str) -> None:  # type: ignore[no-untyped-def]
    with scene(f"{event.replace('_', '-')}@1") as at:
        at.owner.uploaded(2)
        assert [at.channel.receive()["event"] for _ in range(2)] == ["postgres_changes", event]
        at.channel.follow()


def test_joins_systems_heartbeats_and_stages(scene) -> None:  # type: ignore[no-untyped-def]
    with scene("refused-join@2,late-system@0.4,silent-heartbeat,slow-stage@0.5", follow=False) as at:
        for _ in range(2):
            assert (
                "RealtimeRestarting"
                in at.channel.join({"table": "import_events"})["payload"]["response"]["reason"]
            )
        begun = time.monotonic()
        at.channel.follow()
        assert time.monotonic() - begun >= 0.4
        at.channel.send("heartbeat", {}, topic="phoenix", join_ref=None)
        with pytest.raises(TimeoutError):
            at.channel.receive(0.3)
        begun = time.monotonic()
        at.owner.uploaded(2)
        assert time.monotonic() - begun >= 0.5


def test_faults_are_named_and_off_by_default() -> None:
    assert not Faults.parse("")
    assert set(Faults.parse(",".join(FAULTS)).planned) == set(FAULTS)
    for wrong in ("lost", "lost-event@x"):
        with pytest.raises(UsageError):
            Faults.parse(wrong)
