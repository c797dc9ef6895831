"""Stanzas for other domains: by a stream, or waiting for one, or back to their senders."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

import pytest

from palaver import jid
from palaver.kernel.departures import Forgetful
from palaver.kernel.federation import Federation
from palaver.kernel.federation_routes import Failure, Route
from palaver.kernel.federation_settings import DomainSettings, FederationSettings, Policies
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

HERE, THERE = "capulet.example", "montague.example"
PAIR = (HERE, THERE)
LATER = Failure("remote-server-timeout", "it does not answer")
NEVER = Failure("remote-server-not-found", "it is not there", permanent=True)


@dataclass
class Line:
    """A stream that remembers what it carried."""

    carried: list[Stanza] = field(default_factory=list)
    slow: bool = False

    def carry(self, stanza: Stanza) -> None:
        self.carried.append(stanza)


class Kept(Forgetful):
    """Remembers what is to outlast the server."""

    def __init__(self) -> None:
        self.stanzas: set[Stanza] = set()

    def keep(self, stanza: Stanza, *, sent: bool) -> None:
        self.stanzas.add(stanza)

    def replace(self, stanza: Stanza, by: Stanza) -> None:
        self.stanzas.remove(stanza)
        self.stanzas.add(by)

    def kept(self, stanza: Stanza) -> bool:
        return stanza in self.stanzas

    def forget(self, stanzas: Iterable[Stanza]) -> None:
        self.stanzas.difference_update(stanzas)


class World:
    """A federation, and what comes of it; time stands still until it is moved."""

    def __init__(self, **settings: object) -> None:
        self.now = 0.0
        self.refused: list[tuple[Stanza, str]] = []
        self.dialled: list[Route] = []
        section = FederationSettings.model_validate({"hold_time": 60.0, **settings})
        self.federation = Federation(
            section,
            Policies(section, {}),
            ours=lambda domain: domain == HERE,
            refuse=lambda stanza, error: self.refused.append((stanza, error.condition)),
            monotonic=lambda: self.now,
            now=lambda: self.now,
        )
        self.federation.dial = self.dialled.append

    def send(self, number: int = 0, to: str = THERE, size: int = 1) -> Stanza:
        body = Element("body", "jabber:client", None, "x" * size)
        sender, recipient = jid.parse(f"juliet@{HERE}"), jid.parse(f"romeo@{to}")
        stanza = Stanza.make("message", sender, recipient, {"id": str(number)}, body)
        self.federation.take(stanza)
        return stanza

    def refusal(self, **how: object) -> str:
        with pytest.raises(StanzaError) as caught:
            self.send(**how)  # type: ignore[arg-type]
        return caught.value.condition


def line() -> Line:
    return Line()


def test_stanzas_wait_for_one_stream_and_keep_their_order() -> None:
    world, link = World(), line()
    stanzas = [world.send(number) for number in range(3)]
    assert [route.pair for route in world.dialled] == [PAIR]
    world.federation.joined(PAIR, link)  # type: ignore[arg-type]
    stanzas.append(world.send(3))
    assert link.carried == stanzas


def test_a_stream_that_left_is_made_again_when_there_is_something_to_send() -> None:
    world, link = World(), line()
    world.send()
    world.federation.joined(PAIR, link)  # type: ignore[arg-type]
    world.federation.left(PAIR, link)  # type: ignore[arg-type]
    assert len(world.dialled) == 1
    world.send(1)
    assert len(world.dialled) == 2


def test_a_domain_that_is_not_there_is_told_at_once_and_for_a_while() -> None:
    world = World()
    stanza = world.send()
    assert world.federation.failed_to_reach(world.dialled[0], NEVER) is None
    assert world.refused == [(stanza, "remote-server-not-found")]
    assert world.refusal() == "remote-server-not-found"
    world.now = 10.0
    world.send(1)
    assert len(world.dialled) == 2


def test_pauses_grow_and_stanzas_come_back_when_their_time_is_over() -> None:
    world = World(retry_after=2.0, retry_at_most=300.0)
    world.send()
    pauses = []
    pause: float | None = 0.0
    while pause is not None:
        world.now += pause
        pauses.append(pause)
        pause = world.federation.failed_to_reach(world.dialled[0], LATER)
    assert all(before < after for before, after in pairwise(pauses))
    assert 15 < world.now <= 60
    assert [condition for _, condition in world.refused] == ["remote-server-timeout"]


def test_pauses_differ_so_that_not_all_come_back_at_once() -> None:
    pauses = set()
    for _ in range(10):
        world = World()
        world.send()
        pauses.add(world.federation.failed_to_reach(world.dialled[0], LATER))
    assert len(pauses) > 1


def test_what_waits_is_bounded_in_number_and_in_bytes() -> None:
    world = World(queue_stanzas=3)
    for number in range(3):
        world.send(number)
    assert world.refusal() == "resource-constraint"
    world = World(queue_bytes=10_000)
    world.send(size=5_000)
    assert world.refusal(number=1, size=5_000) == "resource-constraint"


def everybody(world: World, one: Stanza, count: int) -> list[str]:
    """Send a stanza to so many people."""
    names = [f"{number}@{THERE}" for number in range(count)]
    for each in names:
        world.federation.take(one.addressed(one.sender, jid.parse(each)))
    return names


def said(number: int, text: str = "Soft") -> Stanza:
    body = Element("body", "jabber:client", None, text)
    return Stanza.make("message", jid.parse(f"room@{HERE}/j"), None, {"id": str(number)}, body)


def test_what_waits_for_many_counts_once_and_goes_to_each_in_order() -> None:
    world, link = World(queue_stanzas=3), line()
    names = [each for number in range(3) for each in everybody(world, said(number), 500)]
    assert world.refusal(number=3) == "resource-constraint"
    world.federation.joined(PAIR, link)  # type: ignore[arg-type]
    while world.federation.behind:
        world.federation.catch_up(link)  # type: ignore[arg-type]
    assert [str(each.to) for each in link.carried] == names
    assert [each.id for each in link.carried] == [*["0"] * 500, *["1"] * 500, *["2"] * 500]


def test_recipients_of_what_waits_for_many_are_bounded_as_bytes() -> None:
    world = World(queue_bytes=10_000)
    with pytest.raises(StanzaError):
        everybody(world, said(0, "x" * 5_000), 100)
    (waiting,) = world.dialled[0].waiting
    assert 10 < len(waiting.stanzas) < 50
    world.federation.give_up()
    assert len(world.refused) == len(waiting.stanzas)
    everybody(world, said(1, "x" * 5_000), 10)


def test_the_same_said_again_later_waits_for_its_own_time() -> None:
    world = World()
    everybody(world, said(0), 2)
    world.now = 30.0
    everybody(world, said(0), 2)
    assert [len(each.stanzas) for each in world.dialled[0].waiting] == [2, 2]


def test_what_is_put_back_for_many_counts_once_but_for_whom_it_reached() -> None:
    world, link = World(), line()
    names = everybody(world, said(0), 3)
    world.federation.joined(PAIR, link)  # type: ignore[arg-type]
    world.federation.left(PAIR, link)  # type: ignore[arg-type]
    back = link.carried.copy()
    world.federation.put_back(back)
    route = world.federation.routes[PAIR]
    assert [len(each.stanzas) for each in route.waiting] == [3]
    world.federation.arrived(back[:1])
    link.carried.clear()
    world.federation.joined(PAIR, link)  # type: ignore[arg-type]
    assert [str(each.to) for each in link.carried] == names[1:]
    world.federation.left(PAIR, link)  # type: ignore[arg-type]
    world.federation.put_back(back)
    world.federation.arrived(back)
    assert (len(route.waiting), route.waiting.size) == (0, 0)


def test_what_waits_for_one_domain_takes_no_room_of_others() -> None:
    world = World(queue_stanzas=1)
    world.send()
    world.send(to="verona.example")
    assert len(world.dialled) == 2


def test_not_too_many_domains_are_tried_at_once() -> None:
    world = World(attempts=2)
    for number in range(2):
        world.send(to=f"{number}.example")
    assert world.refusal(to="3.example") == "resource-constraint"
    world.federation.failed_to_reach(world.dialled[0], NEVER)
    world.send(to="4.example")


def test_domains_of_one_owner_leave_room_for_others() -> None:
    """Whoever has a domain can make up as many below it as they like, all of them dead."""
    world = World(attempts=8)
    for number in range(3):
        world.send(to=f"{number}.mallory.example")
    assert world.refusal(to="more.mallory.example") == "resource-constraint"
    world.send()


def test_ways_to_domains_of_one_owner_leave_room_for_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("palaver.kernel.federation._ROUTES", 40)
    world = World()
    pairs = [(HERE, f"{number}.mallory.example") for number in range(10)]
    for pair in pairs:
        world.send(to=pair[1])
        world.federation.joined(pair, line())  # type: ignore[arg-type]
    assert world.refusal(to="more.mallory.example") == "resource-constraint"
    world.send()
    world.federation.left(pairs[0], world.federation.routes[pairs[0]].link)  # type: ignore[arg-type]
    world.now += 2
    world.send(to="more.mallory.example")  # what is not used any more is forgotten


def test_what_is_put_back_goes_first_but_for_what_arrived() -> None:
    world, link = World(), line()
    waiting = world.send(3)
    back = [world.send(number, to="verona.example") for number in range(2)]
    for stanza in back:
        stanza.to = jid.parse(f"romeo@{THERE}")
    world.federation.put_back(back)
    world.federation.arrived(back[:1])
    world.federation.joined(PAIR, link)  # type: ignore[arg-type]
    assert link.carried == [back[1], waiting]


def pauses_of(world: World, stream: "Break", times: int = 20) -> list[float]:
    """Let streams break, and give how long the next ones are waited for, while any is made."""
    pauses = []
    stanza = world.send()
    for _ in range(times):
        world.dialled.clear()
        link = line()
        world.federation.joined(PAIR, link)  # type: ignore[arg-type]
        world.now += stream.lasts
        world.federation.left(PAIR, link, progress=stream.progress)  # type: ignore[arg-type]
        world.federation.put_back([stanza])
        if not world.dialled:
            break
        pauses.append(world.dialled[0].due(world.now))
        world.now += pauses[-1]
    return pauses


class Break(NamedTuple):
    """How long a stream lasts, and whether it gets anything across, before it breaks."""

    lasts: float
    progress: bool


def test_streams_that_break_again_and_again_are_made_after_pauses_that_grow() -> None:
    """Like those that cannot be made; and what they never get across comes back in the end."""
    world = World(retry_after=2.0, retry_at_most=300.0)
    pauses = pauses_of(world, Break(0.0, progress=False))
    assert pauses[0] == 0.0
    assert all(before < after for before, after in pairwise(pauses))
    assert 3 < len(pauses) < 7
    assert 15 < world.now <= 60
    assert [condition for _, condition in world.refused] == ["remote-server-timeout"]
    assert world.refusal() == "remote-server-timeout"  # it is not tried at once
    assert "breaks" in world.federation.failed[-1].reason


@pytest.mark.parametrize("stream", [Break(100.0, progress=False), Break(1.0, progress=True)])
def test_what_a_stream_got_across_or_how_long_it_lasted_is_not_enough(stream: Break) -> None:
    pauses = pauses_of(World(retry_after=2.0, hold_time=3600), stream)
    assert pauses[0] == 0.0
    assert min(pauses[1:]) > 1.0


def test_streams_that_break_now_and_then_are_made_at_once() -> None:
    world = World(retry_after=2.0)
    assert pauses_of(world, Break(100.0, progress=True)) == [0.0] * 20
    assert world.refused == []


def test_all_that_waits_comes_back_when_the_server_stops() -> None:
    world = World()
    stanza = world.send()
    world.federation.give_up()
    assert world.refused == [(stanza, "remote-server-timeout")]


def test_what_outlasts_the_server_still_goes_first_in_its_last_moment() -> None:
    world, link = World(), line()
    world.federation.departures = Kept()
    stanzas = [world.send(0)]
    world.federation.give_up()
    stanzas.append(world.send(1))
    world.federation.joined(PAIR, link)  # type: ignore[arg-type]
    assert (link.carried, world.refused) == (stanzas, [])


def test_who_sends_more_while_a_stream_takes_what_waited_is_not_refused_at_once() -> None:
    """But where nobody reads at its end."""
    world, link = World(queue_stanzas=10), line()
    stanzas = [world.send(number, size=60_000) for number in range(10)]
    world.federation.joined(PAIR, link)  # type: ignore[arg-type]
    stanzas += [world.send(number) for number in range(10, 20)]
    link.slow = True
    assert world.refusal(number=20) == "resource-constraint"
    while world.federation.behind:
        world.federation.catch_up(link)  # type: ignore[arg-type]
    assert link.carried == stanzas


def test_failures_are_remembered_for_administrators() -> None:
    world = World()
    world.send()
    world.federation.failed_to_reach(world.dialled[0], LATER)
    (failed,) = world.federation.failed
    assert (failed.pair, failed.reason, failed.incoming) == (PAIR, "it does not answer", False)


# -- policies --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "domain", "allowed"),
    [
        ({}, THERE, True),
        ({"block": (THERE,)}, THERE, False),
        ({"block": (THERE,)}, f"rooms.{THERE}", False),
        ({"block": (THERE,)}, f"not{THERE}", True),
        ({"allow": (THERE,)}, THERE, True),
        ({"allow": (THERE,)}, f"rooms.{THERE}", True),
        ({"allow": (THERE,)}, "verona.example", False),
        ({"allow": (THERE,), "block": (THERE,)}, THERE, False),
        ({"authentication": "forbidden"}, THERE, False),
    ],
)
def test_lists_are_of_domains_with_those_below(
    settings: dict[str, object], domain: str, allowed: bool
) -> None:
    section = FederationSettings.model_validate(settings)
    assert Policies(section, {}).of(domain).allowed is allowed


def test_a_domain_may_be_treated_in_its_own_way() -> None:
    section = FederationSettings.model_validate({"authentication": "forbidden"})
    own = DomainSettings.model_validate({"authentication": "certificate", "encryption": "optional"})
    policy = Policies(section, {THERE: own}).of(THERE)
    assert (policy.allowed, policy.certificate, policy.encryption) == (True, True, False)


def test_a_blocked_domain_is_not_spoken_to() -> None:
    world = World(block=(THERE,))
    assert world.refusal() == "not-allowed"
    assert world.dialled == []
