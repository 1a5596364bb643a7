"""The order in which records come out: laws, and a simulation of what Realtime does to those who trust it.

The simulation is a model of Supabase Realtime (at most once, nothing before the subscription stands, batches dropped
without a word, a confirmation that may come before sending begins), not a measurement of it. In it, fetching what is
stored and then subscribing loses events in nearly every run; our follower's rules lose none.
"""

import heapq
import random
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartimport_cli.backends.remote.channel import Timing
from smartimport_cli.backends.remote.merge import MOST_PENDING, Merge
from smartimport_cli.backends.remote.rows import OVERLAP
from smartimport_cli.core.events import EventRecord, PrimeMessage

START = datetime(2026, 3, 2, tzinfo=UTC)
IMPORT = "11111111-1111-4111-8111-111111111111"


def record(n: int, *, seq: int | None, at: float = 0.0) -> EventRecord:
    return EventRecord(
        id=UUID(int=n), import_id=IMPORT, event_type="prime:message", seq=seq,
        event=PrimeMessage(message=str(n), import_id=IMPORT), created_at=START + timedelta(seconds=at),
    )  # fmt: skip


@given(
    st.integers(1, 60).flatmap(lambda n: st.tuples(st.just(n), st.lists(st.integers(1, n), max_size=200))),
    st.data(),
)
def test_whatever_the_order_each_numbered_record_comes_out_once_in_order(
    drawn: tuple[int, list[int]], data: st.DataObject
) -> None:
    count, extra = drawn
    arrivals = data.draw(st.permutations([*range(1, count + 1), *extra]))
    merge, out, now = Merge(), [], 0.0
    for n in arrivals:
        now += 1.0
        merge.take(record(n, seq=n), now)
        out += merge.ready(now)
    assert [r.seq for r in out] == list(range(1, count + 1))
    assert not merge.waiting


@given(st.sets(st.integers(1, 30), min_size=1), st.integers(0, 5))
def test_nothing_comes_out_past_a_hole(numbers: set[int], after: int) -> None:
    merge = Merge(after=after)
    for n in numbers:
        merge.take(record(n, seq=n), 0.0)
    out = [r.seq for r in merge.ready(0.0)]
    assert out == list(range(after + 1, after + 1 + len(out)))
    assert merge.settled + 1 not in numbers
    assert (merge.hole(9.0) > 0) == any(n > merge.settled for n in numbers)


@given(st.permutations(range(20)))
def test_without_numbers_they_come_by_time_within_the_hold_back(order: list[int]) -> None:
    merge = Merge(hold_back=1.5)
    for n in order:
        merge.take(record(n, seq=None, at=n), now=n / 100)
        assert not merge.take(record(n, seq=None, at=n), now=n / 100)
    assert merge.ready(1.0) == []
    assert [int(r.id) for r in merge.ready(9.0)] == list(range(20))
    merge.take(record(99, seq=None, at=-5), 10.0)
    assert [int(r.id) for r in merge.ready(20.0)] == [99]
    assert merge.late == 1


def test_what_waits_behind_a_hole_is_bounded() -> None:
    merge = Merge()
    for n in range(2, MOST_PENDING + 100):
        merge.take(record(n, seq=n), 0.0)
    assert merge.take(record(1, seq=1), 0.0)
    assert len(merge.ready(0.0)) == MOST_PENDING + 1
    assert not merge.waiting


class Stored(NamedTuple):
    committed: float
    created: float
    n: int
    seq: int


class World:
    """Writers, a server and a line, by a seed. Times in seconds."""

    def __init__(self, seed: int, writers: int) -> None:
        chance = self.chance = random.Random(seed * 31 + writers)
        moments = []
        for writer in range(writers):
            now = chance.random()
            for _ in range(120 // writers):
                now += chance.expovariate(writers and 2.0 / writers)
                moments.append((now, writer))
        moments.sort()
        # A transaction takes a while: one that began first may commit last.
        long = 0.05 if writers == 1 else 1.5
        commits = sorted((at + chance.random() * long, at, n) for n, (at, _) in enumerate(moments))
        self.stored = [Stored(commit, at, n, seq) for seq, (commit, at, n) in enumerate(commits, 1)]
        self.end = self.stored[-1].committed
        self.connections = []  # (connected, confirmed, sending from, lost)
        now = 0.2
        while now < self.end + 60:
            confirmed = now + 0.1 + chance.random() * 3
            sending = confirmed + (chance.random() * 2 if chance.random() < 0.3 else 0)
            lost = confirmed + 1 + chance.expovariate(1 / 12)
            self.connections.append((now, confirmed, sending, lost))
            now = lost + chance.random() * 3

    def live(self) -> list[tuple[float, Stored]]:
        """What the channel brings, and when."""
        out, dropped_until = [], 0.0
        for event in self.stored:
            sent = event.committed + 0.1 + self.chance.random() * 0.4
            if self.chance.random() < 0.02:
                dropped_until = sent + 1.0  # over the rate: a batch goes nowhere, and nobody is told
            if sent < dropped_until:
                continue
            if any(sending <= event.committed and sent < lost for _, _, sending, lost in self.connections):
                out.append((sent, event))
        return out

    def read(self, at: float) -> list[Stored]:
        return [event for event in self.stored if event.committed <= at]


def fetch_then_subscribe(world: World) -> list[int]:
    got = {event.n: at for at, event in reversed(world.live())}
    for event in world.read(0.0):
        got.setdefault(event.n, 0.0)
    return sorted(got, key=lambda n: got[n])


def our_follower(world: World, *, numbered: bool) -> list[int]:
    timing, merge = Timing(), Merge()
    agenda: list[tuple[float, int, str, list[Stored]]] = []

    def plan(at: float, what: str, events: list[Stored]) -> None:
        heapq.heappush(agenda, (at, len(agenda) + plan_count[0], what, events))
        plan_count[0] += 1

    plan_count = [0]
    for at, event in world.live():
        plan(at, "arrive", [event])
        if world.chance.random() < 0.1:
            plan(at + world.chance.random() * 3, "arrive", [event])
    plan(0.0, "read", [])
    for (_, confirmed, _, lost), following in zip(
        world.connections, [*world.connections[1:], None], strict=True
    ):
        plan(confirmed, "read", [])
        plan(confirmed + timing.again, "read", [])
        at = confirmed + timing.again + timing.reconcile
        while at < lost:
            plan(at, "read", [])
            at += timing.reconcile
        at = lost
        while following is not None and at < following[1]:
            plan(at, "read", [])
            at += timing.poll_first
    out: list[int] = []
    asked = -1.0
    ended = None
    while agenda:
        now, _, what, events = heapq.heappop(agenda)
        if what == "read":
            found = world.read(now)
            if numbered:
                found = [event for event in found if event.seq > merge.settled]
            elif merge.watermark is not None:
                bound = (merge.watermark - OVERLAP - START).total_seconds()
                found = [event for event in found if event.created >= bound]
            plan(now + 0.05 + world.chance.random() * 0.3, "arrive", found)
        for event in events:
            merge.take(record(event.n, seq=event.seq if numbered else None, at=event.created), now)
        out += [int(r.id) for r in merge.ready(now)]
        if merge.hole(now) >= timing.hole and now - asked >= timing.hole:
            asked = now
            plan(now, "read", [])
        if merge.waiting and what != "tick":
            plan(now + 1.6, "tick", [])
        last = world.stored[-1].n
        if ended is None and last in out:
            ended = now
        if ended is not None and (numbered or now > ended + 30):
            return out
    return out


def judge(world: World, out: list[int]) -> tuple[bool, bool]:
    """Whether something was lost (or came twice), and whether the order is another one."""
    true = [event.n for event in world.stored]
    return sorted(out) != sorted(true), out != [n for n in true if n in set(out)]


@pytest.mark.parametrize("writers", [1, 3])
def test_four_hundred_runs_with_numbers_lose_and_reorder_nothing(writers: int) -> None:
    seeds = range(400)
    naive = [judge(world, fetch_then_subscribe(world)) for world in (World(s, writers) for s in seeds)]
    assert sum(lossy for lossy, _ in naive) >= 390  # the model is as harsh as it should be
    ours = [judge(world, our_follower(world, numbered=True)) for world in (World(s, writers) for s in seeds)]
    assert (sum(lossy for lossy, _ in ours), sum(moved for _, moved in ours)) == (0, 0)


@pytest.mark.parametrize("writers", [1, 3])
def test_without_numbers_nothing_is_lost_either(writers: int) -> None:
    ours = [
        judge(world, our_follower(world, numbered=False)) for world in (World(s, writers) for s in range(60))
    ]
    assert sum(lossy for lossy, _ in ours) == 0
