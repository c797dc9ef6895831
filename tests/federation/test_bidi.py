"""Stanzas in both directions on one connection between servers (XEP-0288)."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import pytest
from tests.faults.proxy import Proxy
from tests.federation.conftest import CAPULET, MONTAGUE, Domain, StartDomain, numbers, send
from tests.support.certificates import Authority
from tests.support.client import Client
from tests.support.names import Names

# All that a test sends may wait for a stream at once.
PATIENT = {
    "retry_after": 0.2, "retry_at_most": 0.5, "acknowledge_timeout": 1, "queue_stanzas": 5_000,
}  # fmt: skip


class Wired(NamedTuple):
    """Users of two servers, each behind a proxy that counts what connects to it.

    Each has one client that listens, and one that only speaks.
    """

    juliet: Client
    romeo: Client
    capulet: Proxy
    montague: Proxy
    speakers: tuple[Client, Client]

    async def speak_both(self, count: range) -> None:
        """Let both send so many messages to each other."""
        await asyncio.gather(
            tell(self.speakers[0], self.romeo, count), tell(self.speakers[1], self.juliet, count)
        )

    def hear_both(self, count: int) -> "list[asyncio.Task[list[int]]]":
        """Begin to listen on both sides."""
        return [asyncio.create_task(numbers(each, count)) for each in (self.juliet, self.romeo)]

    @property
    def links(self) -> int:
        """How many connections there are between the servers."""
        return len(self.capulet.links) + len(self.montague.links)


@asynccontextmanager
async def wired(names: Names, one: Domain, other: Domain) -> AsyncIterator[Wired]:
    """Put proxies before two servers, and connect clients."""
    async with (
        Proxy(("127.0.0.1", one.port)) as first,
        Proxy(("127.0.0.1", other.port)) as second,
        one.client("juliet") as juliet,
        other.client("romeo") as romeo,
        one.client("juliet", "speaking") as speaker,
        other.client("romeo", "speaking") as other_speaker,
    ):
        for domain, proxy in ((one.name, first), (other.name, second)):
            names.forget(domain)
            names.service(domain, proxy.address[1])
        for client in (juliet, romeo):
            await client.send("<presence/>")
            await client.barrier()
        yield Wired(juliet, romeo, first, second, (speaker, other_speaker))


async def speak(sender: Client, to: Client, id_: str) -> None:
    """Send a message, and wait until it is there."""
    await send(sender, to.jid, id_)
    await to.expect(lambda stanza: stanza.get("id") == id_, 60)


def streams(domain: Domain, other: str) -> list[tuple[str, str, bool]]:
    """Give what an administrator sees of the streams with another domain."""
    listed = domain.server.command("federation", "list", "--domain", other, "--json").stdout
    return sorted((each["from"], each["direction"], each["bidi"]) for each in json.loads(listed))


@pytest.fixture(scope="module")
def capulet(start_domain: StartDomain) -> Domain:
    return start_domain(CAPULET, "juliet", federation=PATIENT)


@pytest.fixture(scope="module")
def montague(start_domain: StartDomain) -> Domain:
    return start_domain(MONTAGUE, "romeo", federation=PATIENT)


async def test_one_connection_carries_what_both_say(
    names: Names, capulet: Domain, montague: Domain
) -> None:
    async with wired(names, capulet, montague) as two:
        for number in range(3):
            await speak(two.juliet, two.romeo, f"there{number}")
            await speak(two.romeo, two.juliet, f"back{number}")
        assert len(two.montague.links) == 1  # hers spoke first
        assert len(two.capulet.links) == 0
        for domain, other, directions in (
            (capulet, MONTAGUE, ("out", "in")),
            (montague, CAPULET, ("in", "out")),
        ):
            seen = await asyncio.to_thread(streams, domain, other)
            assert seen == [
                (CAPULET, directions[0], True),
                (MONTAGUE, directions[1], True),
            ]


@pytest.mark.parametrize(
    "settings",
    [{"federation": {"bidi": False}}, {"domains": {MONTAGUE: {"bidi": False}}}],
    ids=["for-all", "for-one"],
)
async def test_an_administrator_may_want_one_connection_for_each_direction(
    request: pytest.FixtureRequest,
    start_domain: StartDomain,
    names: Names,
    montague: Domain,
    settings: dict[str, Any],
) -> None:
    one = start_domain(f"{request.node.callspec.id}.example", "juliet", **settings)
    async with wired(names, one, montague) as two:
        await speak(two.juliet, two.romeo, "m1")
        await speak(two.romeo, two.juliet, "m2")
        assert (len(two.capulet.links), len(two.montague.links)) == (1, 1)


async def test_who_is_called_back_carries_what_both_say(
    start_domain: StartDomain, names: Names, montague: Domain
) -> None:
    """By dialback: the connection that only asks about the key is not used for stanzas."""
    strange = start_domain("strange.example", "juliet", signed_by=Authority())
    async with wired(names, strange, montague) as two:
        await speak(two.juliet, two.romeo, "m1")
        await speak(two.romeo, two.juliet, "m2")
        seen = await asyncio.to_thread(streams, montague, strange.name)
        assert seen == [(MONTAGUE, "out", True), (strange.name, "in", True)]


async def test_both_may_connect_at_once(start_domain: StartDomain, names: Names) -> None:
    """Whichever stream is used then: nothing is lost, and the order stays."""
    one = start_domain("eager.example", "juliet", federation=PATIENT)
    other = start_domain("keen.example", "romeo", federation=PATIENT)
    count = 100
    async with wired(names, one, other) as two:
        receiving = two.hear_both(count)
        await two.speak_both(range(count))
        for each in receiving:
            assert await each == list(range(count))
        assert 1 <= two.links <= 2


# -- when the connection breaks --------------------------------------------------------------------


async def tell(sender: Client, to: Client, count: range) -> None:
    for number in count:
        await send(sender, to.jid, f"n{number}")
        if number % 20 == 0:
            await sender.barrier()


async def test_nothing_is_lost_in_either_direction(start_domain: StartDomain, names: Names) -> None:
    """XEP-0198: the server that connected goes on with the stream for both; nothing comes twice."""
    one = start_domain("one.example", "juliet", federation=PATIENT)
    other = start_domain("other.example", "romeo", federation=PATIENT)
    steps = [range(start, start + 250) for start in range(0, 1000, 250)]
    async with wired(names, one, other) as two:
        await speak(two.juliet, two.romeo, "first")
        await speak(two.romeo, two.juliet, "first")
        assert two.links == 1
        receiving = two.hear_both(steps[-1].stop)
        for step in steps:
            for link in list(two.montague.links):
                link.reset_after(7_777)
            await two.speak_both(step)
        for each in receiving:
            assert await each == list(range(steps[-1].stop))


async def test_who_was_connected_to_gets_its_stanzas_across_after_a_break(
    start_domain: StartDomain, names: Names
) -> None:
    """The server that connected comes back for them, and goes on: nothing comes twice.

    It does so for a stream that lasted longer than a pause between attempts.
    """
    one = start_domain("quiet.example", "juliet", federation={**PATIENT, "retry_after": 0.01})
    other = start_domain("busy.example", "romeo", federation=PATIENT)
    async with wired(names, one, other) as two:
        await speak(two.juliet, two.romeo, "first")
        receiving = asyncio.create_task(numbers(two.juliet, 100))
        for link in list(two.montague.links):
            link.reset_after(10_000)
        await tell(two.speakers[1], two.juliet, range(100))
        assert await receiving == list(range(100))
