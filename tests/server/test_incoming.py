"""Files on their way to the disk: whole and hashed, or gone; never much of one in memory."""

import asyncio
import hashlib
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smartimport_cli.backends.local.originals import Incoming, Originals
from smartimport_cli.core.errors import SmartImportError
from smartimport_cli.server import incoming as module
from smartimport_cli.server.incoming import Spool

PATIENCE = 10.0
PIECE = bytes(1000)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_WORTH_BYTES", 3_000)
    monkeypatch.setattr(module, "_MOST_BYTES", 9_000)


class Held(Incoming):
    """Its disk takes nothing before `go`."""

    def __init__(self, originals: Originals) -> None:
        super().__init__(originals)
        self.go = threading.Event()
        self.at_work = threading.Event()

    def append(self, pieces: Sequence[bytes | memoryview]) -> None:
        self.at_work.set()
        assert self.go.wait(PATIENCE)
        super().append(pieces)
        self.at_work.clear()


def left(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@given(st.lists(st.binary(max_size=4_000), max_size=30))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_kept_is_what_came(small: None, tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes]) -> None:
    originals = Originals(tmp_path_factory.mktemp("data"))

    async def come() -> str:
        async with Spool(originals.incoming()) as spool:
            for n, piece in enumerate(pieces):
                spool.add(memoryview(piece) if n % 2 else piece)
                await spool.write_on()
            assert spool.size == len(b"".join(pieces))
            return await spool.keep()

    name = asyncio.run(come())
    assert originals.path(name).read_bytes() == b"".join(pieces)
    assert name == hashlib.sha256(b"".join(pieces)).hexdigest()
    assert left(originals.folder) == [originals.path(name)]


def test_a_slow_disk_holds_up_its_sender(small: None, tmp_path: Path) -> None:
    incoming = Held(Originals(tmp_path))

    async def come() -> str:
        async with Spool(incoming) as spool:

            async def send() -> None:
                for _ in range(100):
                    spool.add(PIECE)
                    await spool.write_on()

            sending = asyncio.create_task(send())
            await asyncio.wait([sending], timeout=0.2)
            assert spool.size == 9_000
            incoming.go.set()
            await sending
            return await spool.keep()

    name = asyncio.run(come())
    assert Originals(tmp_path).path(name).stat().st_size == 100_000


def test_a_disk_that_takes_no_more_ends_it_with_nothing_left(
    small: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    originals = Originals(tmp_path)

    def full(self: Incoming, pieces: Sequence[bytes | memoryview]) -> None:
        raise SmartImportError("disk-full", "The disk is full.")

    monkeypatch.setattr(Incoming, "append", full)

    async def come() -> None:
        async with Spool(originals.incoming()) as spool:
            for _ in range(100):
                spool.add(PIECE)
                await spool.write_on()
            await spool.keep()

    with pytest.raises(SmartImportError, match="disk is full"):
        asyncio.run(come())
    assert left(tmp_path) == []


def test_a_sender_that_goes_away_leaves_nothing_and_no_thread_at_work(small: None, tmp_path: Path) -> None:
    incoming = Held(Originals(tmp_path))

    async def come() -> None:
        async with Spool(incoming) as spool:
            while True:
                spool.add(PIECE)
                await spool.write_on()

    async def go_away() -> None:
        coming = asyncio.create_task(come())
        await asyncio.to_thread(incoming.at_work.wait, PATIENCE)
        coming.cancel()
        await asyncio.sleep(0.05)
        incoming.go.set()
        with pytest.raises(asyncio.CancelledError):
            await coming

    asyncio.run(go_away())
    assert not incoming.at_work.is_set()
    assert left(tmp_path) == []
