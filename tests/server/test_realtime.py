"""The Realtime websocket, spoken to in raw frames."""

import json
from datetime import timedelta

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from smartimport_cli.backends.local.store import utc_now
from smartimport_cli.server.tokens import SECONDS, Tokens, load_secret
from tests.server.conftest import Person, Served, until

EVENTS = {"event": "INSERT", "schema": "public", "table": "import_events"}


@pytest.mark.parametrize("version", ["1.0.0", "2.0.0"])
def test_a_follower_gets_exactly_what_is_stored_in_order(ann: Person, version: str) -> None:
    with ann.socket(version) as channel:
        channel.follow()
        import_id = ann.finished(30, first="2021-01-04" if version == "1.0.0" else "2021-03-01")
        live = channel.changes(lambda record: record["event_type"] == "crystal:analyze:complete")
    assert live == ann.events(import_id)
    assert [record["seq"] for record in live] == list(range(1, len(live) + 1))


def test_the_reply_repeats_each_binding_and_adds_a_number(ann: Person) -> None:
    asked = [EVENTS, {**EVENTS, "event": "*", "filter": "event_type=eq.prime:message", "select": ["id"]}]
    with ann.socket() as channel:
        reply = channel.join(*asked)
        assert (reply["join_ref"], reply["ref"], reply["event"]) == ("1", "1", "phx_reply")
        answered = reply["payload"]["response"]["postgres_changes"]
        assert [{k: v for k, v in one.items() if k != "id"} for one in answered] == asked
        assert all(isinstance(one["id"], int) and one["id"] > 0 for one in answered)
        system = channel.receive()
        assert (system["join_ref"], system["ref"]) == ("1", None)
        assert system["payload"] == {
            "extension": "postgres_changes", "status": "ok", "message": "Subscribed to PostgreSQL", "channel": "test",
        }  # fmt: skip
    with ann.socket() as channel:
        assert channel.join(*asked)["payload"]["response"]["postgres_changes"] == answered


def test_version_one_has_four_keys_and_a_null_ref(ann: Person) -> None:
    with ann.socket("1.0.0") as channel:
        channel.join(EVENTS)
        frame = json.loads(channel.socket.recv(timeout=5))
        assert frame.keys() == {"topic", "event", "payload", "ref"}
        assert frame["ref"] is None


@pytest.mark.parametrize(
    ("join_ref", "binding", "more"),
    [  # as recorded from PyPI realtime 2.7.0 and realtime-js 2.15.5
        (None, {"events": "INSERT", "table": "import_events", "schema": "public"}, {}),
        (
            "1",
            {"event": "INSERT", "schema": "public", "table": "import_events"},
            {"version": "realtime-js/2.15.5"},
        ),
    ],
)
def test_older_clients_join_too(
    ann: Person, join_ref: str | None, binding: dict[str, str], more: dict[str, str]
) -> None:
    config = {
        "broadcast": {"ack": False, "self": False},
        "presence": {"key": ""},
        "private": False,
        "postgres_changes": [binding],
    }
    with ann.socket("1.0.0") as channel:
        channel.send(
            "phx_join", {"config": config, "access_token": ann.token, **more}, ref="1", join_ref=join_ref
        )
        answered = channel.receive()["payload"]["response"]["postgres_changes"]
        assert [{k: v for k, v in one.items() if k != "id"} for one in answered] == [binding]
        assert channel.receive()["payload"]["status"] == "ok"
        ann.call("reject-import", importId=ann.uploaded(2, first=f"2020-0{1 + bool(more)}-06"))
        assert channel.receive()["event"] == "postgres_changes"


def test_filters_choose(ann: Person) -> None:
    with ann.socket() as channel:
        channel.join(
            {**EVENTS, "filter": "event_type=in.(import:parse:complete,import:commit:complete),seq=gt.2"},
            {**EVENTS, "filter": "seq=not.lt.1,event_type=eq.import:commit:complete"},
        )
        channel.receive()
        ann.committed(3, first="2021-05-03")
        first, second = (channel.receive()["payload"] for _ in range(2))
    assert first["data"]["record"]["event_type"] == "import:parse:complete"
    assert (len(first["ids"]), len(second["ids"])) == (1, 2)


@pytest.mark.parametrize(
    "binding",
    [
        {**EVENTS, "filter": "nothing=eq.1"},
        {**EVENTS, "filter": "import_id=eq.7"},
        {**EVENTS, "filter": "import_id"},
        {**EVENTS, "table": "transactions"},
    ],
)
def test_what_cannot_be_subscribed_is_told_and_the_channel_stays(
    ann: Person, binding: dict[str, str]
) -> None:
    with ann.socket() as channel:
        assert channel.join(binding)["payload"]["status"] == "ok"
        system = channel.receive()["payload"]
        assert (system["extension"], system["status"]) == ("postgres_changes", "error")
        channel.send("phx_leave", {}, ref="2")
        assert [channel.receive()["event"] for _ in range(2)] == ["phx_reply", "phx_close"]


def test_nobody_gets_another_users_events(ann: Person, ben: Person) -> None:
    with ben.socket() as his, ann.socket() as hers:
        his.follow()
        hers.follow()
        import_id = ann.committed(3, first="2021-06-07")
        hers.changes(lambda record: record["event_type"] == "import:commit:complete")
        own = ben.committed(3, first="2021-06-07")
        his_changes = his.changes(lambda record: record["event_type"] == "import:commit:complete")
    assert {record["import_id"] for record in his_changes} == {own}
    assert ben.events(import_id) == []
    assert ben.call("commit-import", importId=import_id).json()["error"] == "no_import_found"
    # The filter names her import: the row is still hers alone.
    with ben.socket() as his:
        his.follow(import_id)
        ann.call("undo-import", importId=import_id)
        with pytest.raises(TimeoutError):
            his.receive(1)


def test_heartbeats_are_answered_with_their_ref(ann: Person) -> None:
    for version in ("1.0.0", "2.0.0"):
        with ann.socket(version) as channel:
            for ref in ("7", None):
                channel.send("heartbeat", {}, ref=ref, join_ref=None, topic="phoenix")
                reply = channel.receive()
                assert (reply["ref"], reply["payload"]) == (ref, {"status": "ok", "response": {}})


def test_a_second_join_takes_the_topic_over(ann: Person) -> None:
    with ann.socket() as channel:
        channel.follow()
        closed = channel.join(EVENTS, ref="5")
        assert (closed["event"], closed["join_ref"]) == ("phx_close", "1")
        assert channel.receive()["payload"]["status"] == "ok"
        assert channel.receive()["event"] == "system"
        channel.send("phx_leave", {}, ref="6", join_ref="1")  # comes late, and is not about this join
        ann.uploaded(2, first="2021-07-05")
        records = channel.changes(lambda record: record["seq"] == 3)
        assert len(records) == 3  # once each


def test_a_renewed_token_is_confirmed_and_anothers_ends_the_channel(
    served: Served, ann: Person, ben: Person
) -> None:
    with ann.socket() as channel:
        channel.follow()
        renewed = served.sign_in("ann@example.org")
        channel.send("access_token", {"access_token": renewed.token}, ref="2")
        assert channel.receive()["payload"]["message"] == "Subscribed to PostgreSQL"
        channel.send("access_token", {"access_token": ben.token}, ref="3")
        told, closed = channel.receive(), channel.receive()
        assert (told["payload"]["extension"], told["payload"]["status"]) == ("system", "error")
        assert closed["event"] == "phx_close"
        channel.send("access_token", {"access_token": ben.token}, ref="4")
        assert channel.receive()["payload"]["response"] == {"reason": "unmatched topic"}
        renewed.http.close()


def test_a_channel_ends_when_its_token_does(served: Served, ann: Person) -> None:
    tokens = Tokens(load_secret(served.folder), lambda: utc_now() - timedelta(seconds=SECONDS - 1))
    short, _ = tokens.access(ann.id, "ann@example.org", "a-session")
    with ann.socket() as channel:
        assert channel.join(EVENTS, token=short)["payload"]["status"] == "ok"
        assert channel.receive()["payload"]["status"] == "ok"
        told, closed = channel.receive(), channel.receive()
        assert (told["payload"]["extension"], told["payload"]["message"]) == ("system", "Token has expired")
        assert closed["event"] == "phx_close"
        reason = channel.join(EVENTS, token=short)["payload"]["response"]["reason"]
        assert reason == "InvalidJWTToken: Token has expired"


def test_joins_are_refused_with_a_reason(ann: Person) -> None:
    with ann.socket() as channel:
        for token in ("", "nonsense", ann.key):
            reply = channel.join(EVENTS, token=token)
            assert reply["payload"]["status"] == "error"
            assert "Unauthorized" in reply["payload"]["response"]["reason"]
        channel.topic = "realtime:"
        assert "TopicNameRequired" in channel.join(EVENTS)["payload"]["response"]["reason"]
        channel.topic = "elsewhere"
        assert channel.join(EVENTS)["payload"]["response"] == {"reason": "unmatched topic"}


def test_malformed_frames_are_dropped_and_binary_ones_taken(ann: Person) -> None:
    with ann.socket() as channel:
        for junk in ("{", "[1,2]", '{"topic":"t"}', "[null,null,1,2,3]", b"\x09", b"\x03\x01", "[" * 5000):
            channel.socket.send(junk)
        channel.follow()
        names = [b"1", b"8", b"realtime:test", b"ping", b""]
        channel.socket.send(bytes([3, *map(len, names), 1]) + b"".join(names) + b'{"a":1}')
        channel.send("heartbeat", {}, ref="9", join_ref=None, topic="phoenix")
        assert channel.receive()["ref"] == "9"


@pytest.mark.parametrize(
    ("query", "status"),
    [("vsn=2.0.0", 401), ("apikey=nonsense&vsn=2.0.0", 401), ("apikey={key}&vsn=3.0.0", 400)],
)
def test_sockets_without_a_key_or_a_version_are_refused(ann: Person, query: str, status: int) -> None:
    address = f"{ann.url.replace('http', 'ws')}/realtime/v1/websocket?{query.format(key=ann.key)}"
    with pytest.raises(InvalidStatus) as refused, connect(address, proxy=None):
        pass
    assert refused.value.response.status_code == status
    assert "error" in json.loads(refused.value.response.body or b"")


def test_a_frame_over_five_megabytes_ends_the_connection(ann: Person) -> None:
    with ann.socket() as channel, pytest.raises(ConnectionClosed) as closed:
        channel.socket.send("x" * 5_000_001)
        channel.receive()
    # Who still sends may find the connection reset before the farewell is read.
    assert closed.value.rcvd is None or closed.value.rcvd.code == 1009


def test_a_flood_of_messages_ends_the_connection(ann: Person) -> None:
    with ann.socket() as channel, pytest.raises(ConnectionClosed) as closed:
        for number in range(2000):
            channel.send("heartbeat", {}, ref=str(number), join_ref=None, topic="phoenix")
        while True:
            channel.receive()
    assert closed.value.rcvd is None or closed.value.rcvd.code == 1008


def test_what_another_process_stores_arrives_too(start, tmp_path) -> None:  # type: ignore[no-untyped-def]
    """The owner's data folder is the command line's own: an import there is seen at once."""
    import subprocess

    from tests.backends.statement_files import days, ofx
    from tests.e2e.conftest import SMARTIMPORT

    served = start()
    owner = served.owner()
    (tmp_path / "march.ofx").write_bytes(ofx(days(4)))
    with owner.socket() as channel:
        channel.follow()
        subprocess.run(
            [SMARTIMPORT, "import", "march.ofx", "--yes", "-q"], cwd=tmp_path, env=start.environment(), check=True,
            timeout=60, capture_output=True,
        )  # fmt: skip
        live = channel.changes(lambda record: record["event_type"] == "crystal:analyze:complete")
    assert live == owner.events(live[0]["import_id"])
    owner.http.close()


def test_a_stop_closes_with_1012_and_unfinished_imports_go_on_at_the_next_start(start) -> None:  # type: ignore[no-untyped-def]
    served = start()
    owner = served.owner()
    with owner.socket() as channel:
        channel.follow()
        import_id = owner.uploaded(20_000)
        channel.changes(lambda record: record["event_type"] == "import:parse:start")
        assert served.stop() == 143
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                channel.receive()
        assert closed.value.rcvd is not None and closed.value.rcvd.code == 1012
    port = int(served.url.rpartition(":")[2])
    start(port=port)
    owner.http.close()
    again = Person(owner.url, owner.key, owner.session)  # the old token is still good: the secret has stayed
    events = until(lambda: [e for e in again.events(import_id) if e["event_type"] == "import:parse:complete"])
    assert events[-1]["payload"]["rowsTotal"] == 20_000
    numbers = [event["seq"] for event in again.events(import_id)]
    assert numbers == list(range(1, len(numbers) + 1))
    again.http.close()
