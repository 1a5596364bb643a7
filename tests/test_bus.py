"""The bus: patterns, disposal, delivery under change, failing handlers, bounded streams, the guard at its door."""

import asyncio
import gc
import threading
from collections.abc import Callable

import pytest

from smartimport_cli import Bus
from smartimport_cli.bus import StreamOverflow
from smartimport_cli.core.events import EventRecord, ParseProgress, PrimeMessage, UploadStart
from smartimport_cli.core.privacy import PrivacyError
from tests.core.sequences import records


def progress(*rows: int) -> list[EventRecord]:
    return records([ParseProgress(import_id="imp-1", rows_parsed=n) for n in rows])


@pytest.mark.parametrize(
    ("pattern", "count"),
    [
        ("*", 2),
        ("import:*", 2),
        ("import:parse:*", 1),
        ("import:upload:start", 1),
        ("upload:start", 1),
        ("prime:*", 0),
    ],
)
def test_patterns(pattern: str, count: int) -> None:
    bus, seen = Bus(), []
    bus.subscribe(pattern, seen.append)
    for record in records(
        [UploadStart(user_id="u", file_name="a"), ParseProgress(import_id="i", rows_parsed=1)]
    ):
        bus.publish(record)
    assert len(seen) == count


def test_three_ways_to_leave() -> None:
    bus, seen = Bus(), []
    (record,) = progress(1)
    for leave in (lambda s: s.dispose(), lambda s: s(), lambda s: s.__exit__(None, None, None)):
        subscription = bus.subscribe("*", seen.append)
        leave(subscription)
        leave(subscription)
        bus.publish(record)
    with bus.subscribe("*", seen.append):
        bus.publish(record)
    bus.publish(record)
    assert seen == [record]


def test_one_handler_may_subscribe_twice() -> None:
    bus, seen = Bus(), []
    first = bus.subscribe("*", seen.append)
    bus.subscribe("import:*", seen.append)
    bus.publish(progress(1)[0])
    first.dispose()
    bus.publish(progress(1)[0])
    assert len(seen) == 3


def test_who_comes_during_a_delivery_gets_the_next_event() -> None:
    bus, seen = Bus(), []

    def join(record: EventRecord) -> None:
        if not seen:
            bus.subscribe("*", seen.append)

    bus.subscribe("*", join)
    one, two = progress(1, 2)
    bus.publish(one)
    assert seen == []
    bus.publish(two)
    assert seen == [two]


def test_who_leaves_during_a_delivery_gets_this_one_no_more() -> None:
    bus, seen = Bus(), []
    bus.subscribe("*", lambda record: later.dispose())
    later = bus.subscribe("*", seen.append)
    bus.publish(progress(1)[0])
    assert seen == []


def test_a_failing_handler_stops_nobody_and_is_reported() -> None:
    reports: list[tuple[object, object, Exception]] = []
    bus, seen = Bus(on_error=lambda record, handler, error: reports.append((record, handler, error))), []

    def fail(record: EventRecord) -> None:
        raise ValueError("no")

    bus.subscribe("*", fail)
    bus.subscribe("*", seen.append)
    (record,) = progress(1)
    bus.publish(record)
    assert seen == [record]
    assert [(r, h, str(e)) for r, h, e in reports] == [(record, fail, "no")]


def test_without_a_reporter_the_traceback_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    bus = Bus()

    def fail(record: EventRecord) -> None:
        raise ValueError("said out loud")

    bus.subscribe("*", fail)
    bus.publish(progress(1)[0])
    assert "said out loud" in capsys.readouterr().err


def test_a_reporter_that_fails_stops_nobody_either(capsys: pytest.CaptureFixture[str]) -> None:
    def report(*args: object) -> None:
        raise RuntimeError("reporter broken")

    bus, seen = Bus(on_error=report), []
    bus.subscribe("*", lambda record: 1 / 0)
    bus.subscribe("*", seen.append)
    bus.publish(progress(1)[0])
    assert len(seen) == 1
    assert "reporter broken" in capsys.readouterr().err


def test_what_is_private_is_masked_at_the_door_or_refused() -> None:
    bus, seen = Bus(), []
    bus.subscribe("*", seen.append)
    bus.publish(records([PrimeMessage(import_id="i", message="paid with 4111111111111111")])[0])
    assert "4111111111111111" not in str(seen[0])
    secret = PrimeMessage.model_validate({"importId": "i", "message": "x", "fileContent": "Date,Amount"})
    with pytest.raises(PrivacyError):
        bus.publish(records([secret])[0])
    assert len(seen) == 1


def test_wrong_subscriptions() -> None:
    bus = Bus()
    with pytest.raises(ValueError, match="no pattern"):
        bus.subscribe("import*", print)

    async def never(record: EventRecord) -> None: ...

    with pytest.raises(TypeError):
        bus.subscribe("*", never)


def read_all(bus: Bus, publish: Callable[[], None], **options: object) -> tuple[list[int], int]:
    """What a reader gets that begins to read after `publish`."""

    async def run() -> tuple[list[int], int]:
        async with bus.stream("import:parse:*", **options) as stream:  # type: ignore[arg-type]
            publish()
            stream.close()
            return [record.seq or 0 async for record in stream], stream.dropped

    return asyncio.run(run())


@pytest.mark.parametrize(("on_full", "kept"), [("drop-oldest", [8, 9, 10]), ("drop-newest", [1, 2, 3])])
def test_a_slow_reader_loses_by_the_stated_policy(on_full: str, kept: list[int]) -> None:
    bus = Bus()

    def publish() -> None:
        for record in progress(*range(10)):
            bus.publish(record)

    assert read_all(bus, publish, maxsize=3, on_full=on_full) == (kept, 7)


def test_a_strict_stream_ends_with_an_error_after_what_was_queued() -> None:
    bus = Bus()

    async def run() -> list[int]:
        seen = []
        async with bus.stream(maxsize=2, on_full="fail") as stream:
            for record in progress(1, 2, 3):
                bus.publish(record)
            with pytest.raises(StreamOverflow):
                async for record in stream:
                    seen.append(record.seq or 0)
        return seen

    assert asyncio.run(run()) == [1, 2]


def test_a_stream_may_be_fed_from_another_thread() -> None:
    bus = Bus()

    async def run() -> list[int]:
        seen: list[int] = []
        async with bus.stream() as stream:
            feeder = threading.Thread(
                target=lambda: [bus.publish(record) for record in progress(*range(200))]
            )
            feeder.start()
            async for record in stream:
                seen.append(record.seq or 0)
                if len(seen) == 200:
                    break
            feeder.join()
        return seen

    assert asyncio.run(run()) == list(range(1, 201))


def test_a_dropped_stream_stops_listening() -> None:
    bus = Bus()

    async def run() -> None:
        bus.stream()
        gc.collect()

    asyncio.run(run())
    assert not bus._subscriptions
    with pytest.raises(ValueError, match="at least 1"):
        asyncio.run(_bad(bus))


async def _bad(bus: Bus) -> None:
    bus.stream(maxsize=0)
