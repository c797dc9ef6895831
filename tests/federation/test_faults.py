"""What happens to stanzas when other servers, or DNS, are not as they should be."""

import asyncio
import random
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, suppress

import pytest
from tests.faults.proxy import Proxy
from tests.federation.conftest import (
    CAPULET,
    MONTAGUE,
    Domain,
    StartDomain,
    answer,
    error_of,
    numbers,
    send,
)
from tests.support.client import Client
from tests.support.names import Names
from tests.support.ports import free_ports

RESET, CUT = "reset.example", "cut.example"  # at the same server as montague, behind proxies
LOAD = 5_000  # messages written as fast as can be
FEW = 20  # stanzas that wait for a domain
PATIENT = {"hold_time": 20, "retry_after": 0.2, "retry_at_most": 0.5, "connect_timeout": 1.5}


@pytest.fixture(scope="module")
def capulet(start_domain: StartDomain) -> Domain:
    return start_domain(CAPULET, "juliet", federation={**PATIENT, "hold_time": 1})


@pytest.fixture(scope="module")
def patient(start_domain: StartDomain) -> Domain:
    """Start a server that holds stanzas for longer, but few of them."""
    return start_domain("patient.example", "nurse", federation={**PATIENT, "queue_stanzas": FEW})


@pytest.fixture(scope="module")
def montague(start_domain: StartDomain) -> Domain:
    return start_domain(MONTAGUE, "romeo", others={RESET: {}, CUT: {}})


@pytest.fixture
async def nurse(patient: Domain) -> AsyncIterator[Client]:
    async with patient.client("nurse") as client:
        yield client


@pytest.fixture
async def romeo(montague: Domain) -> AsyncIterator[Client]:
    async with montague.client("romeo") as client:
        await client.send("<presence/>")
        yield client


@asynccontextmanager
async def proxied(names: Names, name: str, server: Domain) -> AsyncIterator[Proxy]:
    """Let others find the server of a domain behind a proxy, from the first time they look."""
    async with Proxy(("127.0.0.1", server.port)) as proxy:
        names.forget(name)
        names.service(name, proxy.address[1])
        yield proxy


@pytest.fixture
def deaf_port() -> Iterator[int]:
    """Give a port that does not answer at all: its queue of connections is full."""
    with socket.socket() as listening, ExitStack() as stack:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        port = listening.getsockname()[1]
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(("127.0.0.1", port))
        yield port


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Give a port that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def loopback_address() -> str:
    """Give an address of this machine at which nobody listens on port 5269."""
    while True:
        address = (
            f"127.{random.randrange(1, 255)}.{random.randrange(255)}.{random.randrange(1, 255)}"
        )
        with socket.socket() as sock, suppress(OSError):
            sock.bind((address, 5269))
            return address


# -- finding the way -------------------------------------------------------------------------------


async def test_a_server_that_only_begins_with_tls_is_found(
    start_domain: StartDomain, names: Names, juliet: Client
) -> None:
    """XEP-0368."""
    direct = start_domain("direct.example", "balthasar", listed=False)
    names.service(direct.name, direct.direct_port, direct=True)
    async with direct.client("balthasar") as balthasar:
        await send(juliet, balthasar.jid, "d1")
        await balthasar.expect(lambda stanza: stanza.get("id") == "d1")


async def test_without_records_a_server_is_found_by_the_address_of_its_domain(
    start_domain: StartDomain, names: Names, juliet: Client
) -> None:
    """RFC 6120 §3.2.2: at port 5269."""
    address = loopback_address()
    listen = {"servers": [f"{address}:5269"]}
    plain = start_domain("plain.example", "balthasar", listed=False, listen=listen)
    names.set("plain.example", "A", address)
    async with plain.client("balthasar") as balthasar:
        await send(juliet, balthasar.jid, "l1")
        await balthasar.expect(lambda stanza: stanza.get("id") == "l1")


async def test_the_next_server_is_tried_where_one_is_away_or_silent(
    montague: Domain, names: Names, nurse: Client, romeo: Client, silent_port: int
) -> None:
    (closed,) = free_ports(1)
    names.forget(MONTAGUE)
    names.service(MONTAGUE, closed, priority=1)
    names.service(MONTAGUE, silent_port, priority=2)
    names.service(MONTAGUE, silent_port, priority=3, direct=True)
    names.service(MONTAGUE, montague.port, priority=4)
    try:
        await send(nurse, romeo.jid, "p1")
        await romeo.expect(lambda stanza: stanza.get("id") == "p1", 10)
    finally:
        names.forget(MONTAGUE)
        names.service(MONTAGUE, montague.port)


# -- what is not there -----------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["silent", "broken"])
async def test_without_dns_stanzas_come_back_after_a_while(
    names: Names, juliet: Client, fault: str
) -> None:
    domain = f"{fault}.example"
    where = names.silent if fault == "silent" else names.broken
    where.update((domain, f"_xmpp-server._tcp.{domain}", f"_xmpps-server._tcp.{domain}"))
    await send(juliet, f"a@{domain}", "s1")
    assert await answer(juliet, "s1", 40) == "remote-server-timeout"


async def test_a_server_that_is_away_is_tried_again_before_stanzas_come_back(
    names: Names, juliet: Client
) -> None:
    (closed,) = free_ports(1)
    names.service("away.example", closed)
    for id_ in ("a1", "a2"):
        await send(juliet, "a@away.example", id_)
    for id_ in ("a1", "a2"):
        assert await answer(juliet, id_) == "remote-server-timeout"
    await send(juliet, "a@away.example", "a3")  # a moment later, it is not tried at once
    assert await answer(juliet, "a3") == "remote-server-timeout"


async def test_a_server_that_says_nothing_or_does_not_even_answer_is_given_up(
    names: Names, juliet: Client, silent_port: int, deaf_port: int
) -> None:
    for domain, port in (("silent", silent_port), ("deaf", deaf_port)):
        names.service(f"{domain}-server.example", port)
        await send(juliet, f"a@{domain}-server.example", domain)
    for domain in ("silent", "deaf"):
        assert await answer(juliet, domain) == "remote-server-timeout"


async def test_dead_domains_delay_nobody_else(
    names: Names, juliet: Client, romeo: Client, silent_port: int
) -> None:
    await send(juliet, romeo.jid, "first")
    await romeo.expect(lambda stanza: stanza.get("id") == "first")
    for number in range(50):
        names.service(f"dead{number}.example", silent_port)
        await send(juliet, f"a@dead{number}.example", f"dead{number}")
    await send(juliet, romeo.jid, "now")
    await romeo.expect(lambda stanza: stanza.get("id") == "now", 1)
    for number in range(50):
        assert await answer(juliet, f"dead{number}") == "remote-server-timeout"


async def test_what_waits_for_a_domain_is_bounded(
    names: Names, nurse: Client, silent_port: int
) -> None:
    names.service("full.example", silent_port)
    for number in range(FEW + 1):
        await send(nurse, "a@full.example", f"f{number}")
    assert await answer(nurse, f"f{FEW}") == "resource-constraint"


async def test_dns_leads_to_this_machine_only_where_that_is_allowed(
    start_domain: StartDomain, montague: Domain
) -> None:
    careful = start_domain("careful.example", "nurse", federation={"this_machine": False})
    async with careful.client("nurse") as nurse:
        await send(nurse, f"romeo@{MONTAGUE}", "t1")
        assert await answer(nurse, "t1") == "remote-server-not-found"
        await send(nurse, "a@127.0.0.1", "t2")
        assert await answer(nurse, "t2") == "remote-server-not-found"


# -- what goes and comes back ----------------------------------------------------------------------


async def test_stanzas_wait_for_a_server_that_comes_back(montague: Domain, nurse: Client) -> None:
    async with montague.client("romeo") as romeo:
        await romeo.send("<presence/>")
        await send(nurse, romeo.jid, "before")
        await romeo.expect(lambda stanza: stanza.get("id") == "before")
        await romeo.abort()
    for ending in (montague.server.stop, montague.server.kill):
        await asyncio.to_thread(ending)
        for number in range(3):
            await send(nurse, f"romeo@{MONTAGUE}", f"{ending.__name__}{number}")
        await asyncio.to_thread(montague.server.start)
        async with montague.client("romeo") as romeo:
            await romeo.send("<presence/>")
            for number in range(3):
                await romeo.expect(
                    lambda stanza, id_=f"{ending.__name__}{number}": stanza.get("id") == id_, 15
                )


# -- stream management -----------------------------------------------------------------------------


ENDURING = {
    **PATIENT,
    "acknowledge_timeout": 1,
    "hold_time": 600,
    "queue_stanzas": 100_000,
    "queue_bytes": 50_000_000,
}


@pytest.fixture(scope="module")
def enduring(start_domain: StartDomain) -> Domain:
    """Start a server that holds stanzas for as long as it takes.

    It soon gives up a stream to which nobody answers, as one that it begins while the network is
    cut: by default it would wait for longer than a test does. What it has sent and not heard of is
    soon too much to be waited for.
    """
    limits = {"login_timeout": 5, "output_bytes": 65_536}
    return start_domain("enduring.example", "nurse", federation=ENDURING, limits=limits)


async def test_nothing_is_lost_nor_comes_twice_when_connections_are_reset(
    enduring: Domain, names: Names, montague: Domain
) -> None:
    """XEP-0198 between servers: the stream is resumed, and goes on with what was not handled."""
    count = 2000
    async with (
        proxied(names, RESET, montague) as proxy,
        enduring.client("nurse") as nurse,
        montague.client("romeo", host=RESET) as romeo,
    ):
        await romeo.send("<presence/>")
        await send(nurse, romeo.jid, "first")
        await romeo.expect(lambda stanza: stanza.get("id") == "first", 10)
        receiving = asyncio.create_task(numbers(romeo, count, 120))
        for number in range(count):
            if number in (500, 1000, 1500):
                for link in list(proxy.links):
                    link.reset_after(777)
            await send(nurse, romeo.jid, f"n{number}")
            if number % 20 == 0:
                await nurse.barrier()
        assert await receiving == list(range(count))


async def test_nothing_comes_twice_where_domains_share_the_stream_that_breaks(
    start_domain: StartDomain, names: Names, montague: Domain
) -> None:
    """One of them goes on with it; the others wait for what it hears (XEP-0198 §5)."""
    count = 600
    one_way = {**ENDURING, "bidi": False}
    sharing = start_domain("sharing.example", "nurse", federation=one_way)
    room = f"hall@conference.{sharing.name}"
    async with (
        proxied(names, RESET, montague) as proxy,
        sharing.client("nurse") as nurse,
        montague.client("romeo", host=RESET) as romeo,
    ):
        await romeo.send("<presence/>")
        await send(nurse, romeo.jid, "first")
        await romeo.expect(lambda stanza: stanza.get("id") == "first", 10)
        for client in (nurse, romeo):
            await client.send(
                f"<presence to='{room}/{client.jid.partition('@')[0]}'>"
                "<x xmlns='http://jabber.org/protocol/muc'/></presence>"
            )
            await client.expect(
                lambda stanza: (
                    stanza.tag.endswith("}message")
                    and stanza.find("{jabber:client}subject") is not None
                ),
                10,
            )
            await nurse.iq(
                "set",
                "<query xmlns='http://jabber.org/protocol/muc#owner'>"
                "<x xmlns='jabber:x:data' type='submit'/></query>",
                to=room,
            )
        receiving = asyncio.create_task(numbers(romeo, count))
        for number in range(count):
            if number in (150, 300, 450):
                for link in list(proxy.links):
                    link.reset_after(777)
            to, type_ = (romeo.jid, "chat") if number % 2 else (room, "groupchat")
            await nurse.send(
                f"<message to='{to}' id='n{number}' type='{type_}'><body>b</body></message>"
            )
            if number % 20 == 0:
                await nurse.barrier()
        found = await receiving
        if count - 2 not in found:
            found += await numbers(romeo, count - 1)
        for parity in (0, 1):
            some = [number for number in found if number % 2 == parity]
            assert some == list(range(parity, count, 2))


async def test_nothing_is_lost_when_the_network_is_cut_under_load(
    request: pytest.FixtureRequest,
    enduring: Domain,
    names: Names,
    montague: Domain,
    capulet: Domain,
) -> None:
    """Nor does it come twice, nor wait others for it; the cut takes 3 seconds a round."""
    seconds = 3.0 * request.config.getoption("--rounds")
    loop, count = asyncio.get_running_loop(), 0

    async def talk(nurse: Client, romeo: Client, juliet: Client) -> None:
        """Write to both; only the one who can be reached is waited for."""
        nonlocal count
        for _ in range(5 if count < LOAD else 1):
            await send(nurse, romeo.jid, f"n{count}")
            count += 1
        await send(nurse, juliet.jid, f"j{count}")
        await juliet.expect(lambda stanza: stanza.get("id") == f"j{count}", 30)

    async with (
        proxied(names, CUT, montague) as proxy,
        enduring.client("nurse") as nurse,
        montague.client("romeo", host=CUT) as romeo,
        capulet.client("juliet") as juliet,
    ):
        await romeo.send("<presence/>")
        await send(nurse, romeo.jid, "first")
        await romeo.expect(lambda stanza: stanza.get("id") == "first", 30)
        proxy.cut()
        until = loop.time() + seconds
        while loop.time() < until:
            await talk(nurse, romeo, juliet)
            await asyncio.sleep(0 if count < LOAD else 0.1)  # a minute of it is long
        ids = [each.get("id") or "" for each in await romeo.barrier()]
        assert not [id_ for id_ in ids if id_.startswith("n")]
        proxy.heal()
        for _ in range(20):
            await talk(nurse, romeo, juliet)
        assert await numbers(romeo, count, 120) == list(range(count))


async def test_nothing_is_lost_when_a_server_is_killed_under_load(
    enduring: Domain, montague: Domain
) -> None:
    """It forgets which stanzas it took: some may come twice, in order still."""
    count = 600
    async with enduring.client("nurse") as nurse:
        for number in range(count):
            await send(nurse, f"romeo@{MONTAGUE}", f"n{number}")
            if number % 20 == 0:
                await nurse.barrier()
            if number == count // 2:
                await asyncio.to_thread(montague.server.kill)
        await asyncio.to_thread(montague.server.start)
        await send(nurse, f"romeo@{MONTAGUE}", f"n{count}")
        async with montague.client("romeo") as romeo:
            await romeo.send("<presence/>")
            found = await numbers(romeo, count + 1, 120)
    assert list(dict.fromkeys(found)) == list(range(count + 1))


async def test_a_server_that_does_not_read_delays_nobody_else_for_long(
    start_domain: StartDomain, names: Names, montague: Domain, romeo: Client
) -> None:
    slow = start_domain("slow.example", "paris")
    sender = start_domain("pressed.example", "nurse", limits={"output_bytes": 65_536})
    async with proxied(names, slow.name, slow) as proxy, sender.client("nurse") as nurse:
        async with slow.client("paris") as paris:
            await send(nurse, paris.jid, "first")
            await paris.expect(lambda stanza: stanza.get("id") == "first", 10)
        for link in proxy.links:
            reading = link.ends[0].transport
            assert reading is not None
            reading.pause_reading()
        body = "x" * 50_000
        refused = asyncio.create_task(
            nurse.expect(lambda stanza: stanza.get("type") == "error", 30)
        )
        for _ in range(400):
            await nurse.send(
                f"<message to='paris@{slow.name}' id='b'><body>{body}</body></message>"
            )
        assert error_of(await refused) == "resource-constraint"
        await send(nurse, romeo.jid, "other")
        await romeo.expect(lambda stanza: stanza.get("id") == "other", 15)
