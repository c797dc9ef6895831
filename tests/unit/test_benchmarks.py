"""The load generator of the benchmarks counts what arrives, and nothing else."""

import itertools
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
from benchmarks import certificate
from benchmarks.load import BODY, MESSAGE, PingPong, Pipeline, TagCounter, message
from benchmarks.measure import Measure, Target
from benchmarks.relay import Relay
from benchmarks.scenarios.federated import Correspondence, Reader
from benchmarks.scenarios.scenario import closing, pairs, run
from benchmarks.servers import Settings


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[Relay]:
    server = Relay(Settings(tmp_path, certificate.write(tmp_path), 0, archive=False, core=None))
    server.start()
    yield server
    server.stop()


def test_bodies_have_eighty_bytes() -> None:
    assert len(BODY) == 80


@pytest.mark.parametrize("size", range(1, 40))
def test_tags_cut_by_the_end_of_a_read_are_counted_once(size: int) -> None:
    stream = (message("u1@bench.example/b") + b"<a xmlns='x>y'>1 > 0</a> ") * 3
    counter = TagCounter(MESSAGE)
    reads = [stream[at : at + size] for at in range(0, len(stream), size)]
    assert sum(map(counter.count, reads)) == 3


@pytest.mark.parametrize("tls", [False, True])
async def test_every_message_sent_through_the_relay_is_counted(relay: Relay, tls: bool) -> None:
    sessions = await pairs(relay, 3, tls=tls)
    async with closing(chain(*sessions)):
        load = Pipeline(sessions, 50)
        cost = await run(relay, load, 0.2)
    assert cost.arrived >= 150
    assert load.outstanding == 0
    assert cost.rate == cost.arrived / cost.seconds


async def test_messages_between_servers_differ_from_those_before_them(relay: Relay) -> None:
    sessions = await pairs(relay, 2, tls=False)
    async with closing(chain(*sessions)):
        load = Correspondence(sessions, 50)
        await run(relay, load, 0.2)
        sent = Reader(load, *sessions[0]).more(150).split(MESSAGE)
    assert load.arrived >= 100
    assert load.outstanding == 0
    assert all(one != other for one, other in itertools.pairwise(sent))


async def test_a_closed_loop_times_every_message(relay: Relay) -> None:
    sessions = await pairs(relay, 3, tls=False)
    async with closing(chain(*sessions)):
        load = PingPong(sessions)
        cost = await run(relay, load, 0.2)
    assert load.outstanding == 0
    assert len(load.latencies) == cost.arrived
    assert all(0 < latency < 10 for latency in load.latencies)


def test_a_target_is_a_multiple_of_the_better_peer() -> None:
    target = Target("better peer", 2.0)
    rate = Measure("rate", "messages/s")
    assert rate.met(target, {"Palaver": 20, "ejabberd": 10, "Prosody": 5}) is True
    assert rate.met(target, {"Palaver": 19, "ejabberd": 10, "Prosody": 5}) is False
    assert rate.met(target, {"ejabberd": 10, "Prosody": 5}) is None
    cost = Measure("cpu", "µs", higher_is_better=False)
    assert cost.met(Target("better peer", 0.5), {"Palaver": 5, "Prosody": 10}) is True
