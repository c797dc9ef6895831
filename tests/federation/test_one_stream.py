"""Several domains of another server on one stream (XEP-0220 §2.5)."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import NamedTuple

import pytest
from tests.faults.proxy import Proxy
from tests.federation.conftest import CAPULET, Domain, StartDomain, answer, numbers, send
from tests.support.client import Client
from tests.support.names import Names

from palaver import jid

PATIENT = {"retry_after": 0.2, "retry_at_most": 0.5, "acknowledge_timeout": 1}

_numbers = count()


class Towns(NamedTuple):
    """A user of two towns that have one server, behind a proxy."""

    mantua: Client
    padua: Client
    proxy: Proxy


@asynccontextmanager
async def towns(names: Names, server: Domain) -> AsyncIterator[Towns]:
    """Put a proxy before a server of two domains, and connect clients."""
    async with (
        Proxy(("127.0.0.1", server.port)) as proxy,
        server.client("romeo") as mantua,
        server.client("romeo", host=server.name.replace("mantua", "padua")) as padua,
    ):
        for client in (mantua, padua):
            names.forget(domain_of(client))
            names.service(domain_of(client), proxy.address[1])
            await client.send("<presence/>")
            await client.barrier()
        yield Towns(mantua, padua, proxy)


def domain_of(client: Client) -> str:
    """Give the domain of a client's address."""
    return jid.parse(client.jid).domain


async def speak(sender: Client, to: Client, id_: str) -> None:
    """Send a message, and wait until it is there."""
    await send(sender, to.jid, id_)
    await to.expect(lambda stanza: stanza.get("id") == id_, 60)


@pytest.fixture(params=[True, False], ids=["both-ways", "one-way"])
def server(request: pytest.FixtureRequest, start_domain: StartDomain) -> Domain:
    number = next(_numbers)  # what comes back to one that was there before is not for this test
    mantua, padua = f"mantua{number}.example", f"padua{number}.example"
    settings = {**PATIENT, "bidi": request.param}
    return start_domain(mantua, "romeo", others={padua: {}}, federation=settings)


@pytest.fixture(scope="module")
def capulet(start_domain: StartDomain) -> Domain:
    return start_domain(CAPULET, "juliet", federation=PATIENT)


async def test_domains_of_one_server_share_a_stream(
    names: Names, capulet: Domain, server: Domain, juliet: Client
) -> None:
    async with towns(names, server) as two:
        await speak(juliet, two.mantua, "m1")
        await speak(juliet, two.padua, "m2")
        await speak(two.padua, juliet, "m3")
        assert len(two.proxy.links) == 1
        padua = domain_of(two.padua)
        listed = await asyncio.to_thread(
            capulet.server.command, "federation", "list", "--domain", padua, "--json"
        )
        out = [each for each in json.loads(listed.stdout) if each["direction"] == "out"]
        assert [(each["from"], each["to"]) for each in out] == [(CAPULET, padua)]


async def test_nothing_is_lost_for_any_of_them_when_it_breaks(
    names: Names, server: Domain, juliet: Client
) -> None:
    many = 600
    async with towns(names, server) as two:
        await speak(juliet, two.mantua, "m1")
        await speak(juliet, two.padua, "m2")
        heard = [asyncio.create_task(numbers(each, many)) for each in (two.mantua, two.padua)]
        for number in range(many):
            if number % 200 == 100:
                for link in list(two.proxy.links):
                    link.reset_after(7_777)
            for each in (two.mantua, two.padua):
                await send(juliet, each.jid, f"n{number}")
            if number % 20 == 0:
                await juliet.barrier()
        for each in heard:
            assert await each == list(range(many))
        assert len(two.proxy.links) <= 2


async def test_a_domain_elsewhere_gets_a_stream_of_its_own(
    names: Names, server: Domain, juliet: Client
) -> None:
    async with towns(names, server) as two, Proxy(("127.0.0.1", server.port)) as other:
        names.forget(domain_of(two.padua))
        names.service(domain_of(two.padua), other.address[1])
        await speak(juliet, two.mantua, "m1")
        await speak(juliet, two.padua, "m2")
        assert (len(two.proxy.links), len(other.links)) == (1, 1)


async def test_who_is_no_user_of_the_server_is_not_reached_by_its_stream(
    names: Names, server: Domain, juliet: Client
) -> None:
    """DNS says that the server is another domain's too; that does not know of it."""
    async with towns(names, server) as two:
        names.forget("verona.example")
        names.service("verona.example", two.proxy.address[1])
        await speak(juliet, two.mantua, "m1")
        await send(juliet, "romeo@verona.example", "m2")
        assert await answer(juliet, "m2") == "remote-server-not-found"
        await speak(juliet, two.mantua, "m3")
