"""Following over a bad line: whatever happens to the connection, what comes out is what is stored, in its order."""

import json
import os
import random
import threading
import time
from collections.abc import Callable

import pytest

from smartimport_cli.backends.remote import RemoteBackend
from smartimport_cli.core.errors import ExitCode, SmartImportError
from smartimport_cli.core.events import EventRecord
from smartimport_cli.core.reducer import fold
from smartimport_cli.core.state import Status
from tests.backends.remote.conftest import HURRY, Open
from tests.backends.remote.fake_supabase import USER, FakeSupabase

PATIENCE = 30.0


def follow(
    backend: RemoteBackend, import_id: str, until: Callable[[list[EventRecord]], bool], *, after: int = 0
) -> list[EventRecord]:
    records: list[EventRecord] = []
    deadline = time.monotonic() + PATIENCE
    stream = backend.follow(import_id, after=after)
    for record in stream:
        if record is not None:
            records.append(record)
        if until(records):
            stream.close()  # type: ignore[attr-defined]
            return records
        assert time.monotonic() < deadline, f"{len(records)} came; {backend.connection}"
    raise AssertionError("it never ends by itself")


def through(last: int) -> Callable[[list[EventRecord]], bool]:
    return lambda records: bool(records) and records[-1].seq == last


def progress(fake: FakeSupabase, import_id: str, count: int) -> None:
    for n in range(count):
        fake.insert(import_id, "import:parse:progress", importId=import_id, rowsParsed=n)


def seqs(records: list[EventRecord]) -> list[int | None]:
    return [record.seq for record in records]


def eventually(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_what_was_stored_then_what_comes_live(fake: FakeSupabase, open_backend: Open) -> None:
    import_id = fake.new_import()
    progress(fake, import_id, 5)
    backend = open_backend()

    def live() -> None:
        eventually(lambda: backend.connection == "live")
        progress(fake, import_id, 5)

    thread = threading.Thread(target=live)
    thread.start()
    assert seqs(follow(backend, import_id, through(10))) == list(range(1, 11))
    thread.join()
    assert backend.connections == 1


def test_it_goes_on_from_a_number(fake: FakeSupabase, open_backend: Open) -> None:
    import_id = fake.new_import()
    progress(fake, import_id, 1200)  # more than a page, and than the backend gives at once
    assert seqs(follow(open_backend(), import_id, through(1200), after=700)) == list(range(701, 1201))


def test_events_that_the_channel_never_brings_come_from_the_store(
    fake: FakeSupabase, open_backend: Open
) -> None:
    fake.faults.lose = 1.0
    import_id = fake.new_import()
    backend = open_backend()

    def write() -> None:
        eventually(lambda: backend.connection == "live")
        progress(fake, import_id, 20)

    writer = threading.Thread(target=write)
    writer.start()
    assert seqs(follow(backend, import_id, through(20))) == list(range(1, 21))
    writer.join()


def test_a_channel_that_brings_nothing_is_joined_anew(fake: FakeSupabase, open_backend: Open) -> None:
    fake.faults.lose = 1.0
    import_id = fake.new_import()
    backend = open_backend()
    stop = threading.Event()

    def write() -> None:
        while not stop.wait(0.1):
            progress(fake, import_id, 1)

    writer = threading.Thread(target=write)
    writer.start()
    follow(backend, import_id, lambda records: fake.joins >= 2)
    stop.set()
    writer.join()


def test_a_record_over_the_limit_is_fetched(fake: FakeSupabase, open_backend: Open) -> None:
    import_id = fake.new_import()
    backend = open_backend()

    def write() -> None:
        eventually(lambda: backend.connection == "live")
        fake.insert(import_id, "import:parse:start", importId=import_id, userId=USER)
        fake.insert(import_id, "prime:message", importId=import_id, message="x" * (1 << 20))
        fake.insert(import_id, "prime:message", importId=import_id, message="small")

    writer = threading.Thread(target=write)
    writer.start()
    records = follow(backend, import_id, through(3))
    writer.join()
    assert [len(r.event.to_payload().get("message", "")) for r in records] == [0, 1 << 20, 5]


def test_without_websockets_it_polls_and_says_so(fake: FakeSupabase, open_backend: Open) -> None:
    fake.faults.no_websocket = True
    import_id = fake.new_import()
    progress(fake, import_id, 3)
    backend = open_backend()
    writer = threading.Timer(0.5, progress, (fake, import_id, 3))
    writer.start()
    assert seqs(follow(backend, import_id, through(6))) == list(range(1, 7))
    writer.join()
    assert backend.connection == "polling"
    # and back
    fake.faults.no_websocket = False
    writer = threading.Timer(1.5, progress, (fake, import_id, 1))
    writer.start()
    follow(backend, import_id, lambda records: backend.connection == "live", after=6)
    writer.join()


@pytest.mark.parametrize(
    "reason",
    [
        "InvalidJWTToken: Token has expired 3 seconds ago",
        "ChannelRateLimitReached: Too many channels",
        "InitializingProjectConnection: Realtime is initializing the project connection",
        "TenantNotFound: Tenant not found",
        "Unknown Error on Channel",
    ],
)
def test_a_refused_join_is_tried_again(fake: FakeSupabase, open_backend: Open, reason: str) -> None:
    fake.faults.refuse_joins = [reason] * 2
    import_id = fake.new_import()
    progress(fake, import_id, 3)
    backend = open_backend()
    records = follow(backend, import_id, lambda records: backend.connection == "live" and len(records) == 3)
    assert seqs(records) == [1, 2, 3]
    assert fake.joins == 3
    assert fake.refreshes == (2 if "JWT" in reason else 0)


def test_a_token_that_will_never_do_ends_it_with_exit_4(fake: FakeSupabase, open_backend: Open) -> None:
    fake.faults.refuse_joins = ["JwtSignatureError: Failed to validate JWT signature"]
    with pytest.raises(SmartImportError) as refused:
        follow(open_backend(), fake.new_import(), lambda records: False)
    assert refused.value.exit_code is ExitCode.SIGN_IN


@pytest.mark.parametrize("how", ["ended", "crashed", "system"])
def test_a_channel_that_ends_is_joined_anew(fake: FakeSupabase, open_backend: Open, how: str) -> None:
    import_id = fake.new_import()
    backend = open_backend()

    def write() -> None:
        eventually(lambda: backend.connection == "live")
        fake.send(
            ended=how != "crashed",
            crashed=how == "crashed",
            system="Token expired" if how == "system" else "",
        )
        eventually(lambda: backend.connections == 2)
        progress(fake, import_id, 3)

    writer = threading.Thread(target=write)
    writer.start()
    assert seqs(follow(backend, import_id, through(3))) == [1, 2, 3]
    writer.join()
    assert fake.refreshes == (how == "system")


def test_a_silent_server_is_noticed(fake: FakeSupabase, open_backend: Open) -> None:
    import_id = fake.new_import()
    backend = open_backend()

    def write() -> None:
        eventually(lambda: backend.connection == "live")
        fake.faults.silent = True
        eventually(lambda: backend.connections >= 2)
        progress(fake, import_id, 1)

    writer = threading.Thread(target=write)
    writer.start()
    follow(backend, import_id, through(1))
    writer.join()


def test_a_line_that_carries_nothing_any_more_is_noticed(fake: FakeSupabase, open_backend: Open) -> None:
    import_id = fake.new_import()
    backend = open_backend()

    def write() -> None:
        eventually(lambda: backend.connection == "live")
        fake.line.stall()
        progress(fake, import_id, 1)  # on its way for ever
        eventually(lambda: backend.connection != "live")
        fake.line.up()

    writer = threading.Thread(target=write)
    writer.start()
    follow(backend, import_id, lambda records: len(records) == 1 and backend.connections >= 2)
    writer.join()


def test_a_row_in_an_odd_form_is_read_from_the_store(fake: FakeSupabase, open_backend: Open) -> None:
    import_id = fake.new_import()
    backend = open_backend()

    def write() -> None:
        eventually(lambda: backend.connection == "live")
        time.sleep(3 * HURRY.reconcile)  # what comes now is not read anyhow
        fake.faults.lose = 1.0
        progress(fake, import_id, 3)
        fake.faults.lose = 0.0
        topic = f"realtime:import:{import_id}"
        row = {"id": "x", "import_id": import_id, "event_type": "import:parse:progress", "seq": 1}
        for data in (
            {"type": "INSERT", "table": "import_events", "record": row},  # without its payload
            {"type": "INSERT", "table": "import_events", "record": row, "errors": "Error 413: Payload Too Large"},
            {"type": "INSERT", "table": "import_events", "record": {**row, "import_id": "another"}},
        ):
            fake.send(raw=json.dumps([None, None, topic, "postgres_changes", {"ids": [7], "data": data}]))

    writer = threading.Thread(target=write)
    writer.start()
    assert seqs(follow(backend, import_id, through(3))) == [1, 2, 3]
    writer.join()


def test_nonsense_on_the_channel_harms_nothing(fake: FakeSupabase, open_backend: Open) -> None:
    import_id = fake.new_import()
    backend = open_backend()

    def write() -> None:
        eventually(lambda: backend.connection == "live")
        for raw in (
            "{}",
            "[]",
            "\x00",
            '[null,null,"realtime:import:' + import_id + '","postgres_changes",{"data":{}}]',
        ):
            fake.send(raw=raw)
        progress(fake, import_id, 2)

    writer = threading.Thread(target=write)
    writer.start()
    assert seqs(follow(backend, import_id, through(2))) == [1, 2]
    writer.join()
    assert backend.connections == 1


def test_an_event_that_does_not_fit_is_counted_and_does_not_hold_up_the_rest(
    fake: FakeSupabase, open_backend: Open
) -> None:
    import_id = fake.new_import()
    fake.insert(import_id, "import:parse:start", importId=import_id, userId=USER)
    fake.insert(import_id, "import:parse:progress", importId=import_id, rowsParsed="many")
    fake.insert(import_id, "brand:new:event", importId=import_id, anything=[1])
    records = follow(open_backend(), import_id, through(3))
    state = fold(records)
    assert (state.rejected_events, state.status, state.missing_events) == (1, Status.PARSING, False)


def test_it_gives_up_after_the_stated_time(fake: FakeSupabase, open_backend: Open) -> None:
    import_id = fake.new_import()
    backend = open_backend(give_up=1.0)
    records = backend.follow(import_id)
    eventually(lambda: next(records) is None and backend.connection == "live")
    fake.line.down()
    with pytest.raises(SmartImportError) as gone:
        for _ in records:
            pass
    assert (gone.value.exit_code, gone.value.code) == (ExitCode.UNREACHABLE, "unreachable")
    assert "goes on there" in gone.value.message


def test_a_number_that_never_comes_is_reported(fake: FakeSupabase, open_backend: Open) -> None:
    import_id = fake.new_import()
    progress(fake, import_id, 3)
    del fake.tables["import_events"][1]
    with pytest.raises(SmartImportError) as missing:
        follow(open_backend(give_up=1.0), import_id, lambda records: False)
    assert missing.value.code == "event-missing"


def test_ten_thousand_events_during_a_partition(fake: FakeSupabase, open_backend: Open) -> None:
    import_id = fake.new_import()
    progress(fake, import_id, 3)
    backend = open_backend()

    def write() -> None:
        eventually(lambda: backend.connection == "live")
        fake.line.down()
        with fake._lock:
            now = fake.tables["import_events"][-1]
            fake.tables["import_events"] += [
                {**now, "id": f"{n:08x}-0000-4000-8000-000000000000", "seq": n} for n in range(4, 10_004)
            ]
        fake.line.up()

    writer = threading.Thread(target=write)
    writer.start()
    records = follow(backend, import_id, through(10_003))
    writer.join()
    assert seqs(records) == list(range(1, 10_004))


def test_without_numbers_each_event_comes_once_and_late_ones_are_not_dropped(
    open_backend: Open, fake: FakeSupabase
) -> None:
    from tests.backends.remote.fake_supabase import moment

    fake.numbered = False
    import_id = fake.new_import()
    for n in (0, 10, 20):
        fake.insert(import_id, "prime:message", at=moment(n), importId=import_id, message=str(n))
    backend = open_backend()
    assert [r.event.to_payload()["message"] for r in backend.events(import_id)] == ["0", "10", "20"]

    def write() -> None:
        eventually(lambda: backend.connections == 1)
        fake.insert(import_id, "prime:message", at=moment(15), importId=import_id, message="15")
        fake.insert(import_id, "prime:message", at=moment(30), importId=import_id, message="30")

    writer = threading.Thread(target=write)
    writer.start()
    said = []

    def both(records: list[EventRecord]) -> bool:
        said.append(backend.connection)
        return len(records) == 2

    records = follow(backend, import_id, both)
    writer.join()
    assert [r.event.to_payload()["message"] for r in records] == ["15", "30"]
    assert any("does not number events" in str(words) for words in said)


SCRIPT = ("cut", "down", "stall", "restart", "expire", "crash", "close", "refuse")


@pytest.mark.parametrize("seed", range(int(os.environ.get("CHAOS_SEEDS", "6"))))
def test_chaos_changes_nothing(
    seed: int, fake: FakeSupabase, open_backend: Open, record_property: Callable[[str, object], None]
) -> None:
    """Every fault at once, at random: the folded state is the stored one, and each event came once, in order."""
    chance = random.Random(seed)
    fake._random.seed(seed)
    fake.faults.lose, fake.faults.duplicate, fake.faults.reorder = 0.2, 0.2, 0.2
    fake.faults.delay, fake.faults.confirm_after = 0.02, 0.05
    import_id = fake.new_import()
    fake.insert(import_id, "import:parse:start", importId=import_id, userId=USER)
    done = threading.Event()

    def write() -> None:
        for _ in range(150):
            progress(fake, import_id, 1)
            time.sleep(chance.random() * 0.03)
        done.wait(PATIENCE)
        fake.insert(import_id, "import:parse:complete", importId=import_id, rowsTotal=150, preview=[])

    def disturb() -> None:
        for _ in range(8):
            time.sleep(chance.random() * 0.4)
            match chance.choice(SCRIPT):
                case "cut":
                    fake.line.cut()
                case "down" | "stall" as how:
                    getattr(fake.line, how)()
                    time.sleep(chance.random() * 0.6)
                    fake.line.up()
                case "restart":
                    fake.restart()
                case "expire":
                    fake.expire_tokens()
                case "crash":
                    fake.send(crashed=True)
                case "close":
                    fake.send(ended=True)
                case "refuse":
                    fake.faults.refuse_joins.append(
                        "RealtimeRestarting: Realtime is restarting, please standby"
                    )
                    fake.line.cut()
        done.set()

    threads = [threading.Thread(target=work) for work in (write, disturb)]
    for thread in threads:
        thread.start()
    backend = open_backend(timing=HURRY)
    records = follow(
        backend, import_id, lambda records: fold(records).awaiting_approval if len(records) > 151 else False
    )
    for thread in threads:
        thread.join()
    stored = [EventRecord.from_wire(row) for row in fake.tables["import_events"]]
    assert [r.id for r in records] == [r.id for r in stored]
    assert fold(records) == fold(stored)
    record_property("partitions", fake.line.partitions)
    record_property("connections", backend.connections)
