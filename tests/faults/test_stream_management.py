"""What the server acknowledged is delivered, whatever becomes of the server (XEP-0198)."""

import asyncio
import random
from contextlib import suppress

import pytest
from tests.support.client import StreamEndedError
from tests.support.config import HostOptions, ServerOptions
from tests.support.fixtures import StartServer
from tests.support.managed import Managed
from tests.support.server import Server

JULIET = "juliet@localhost/balcony"
ROMEO = "romeo@localhost/orchard"


def message(number: int) -> str:
    return f"<message to='juliet@localhost' type='chat'><body>{number}</body></message>"


@pytest.fixture
def server(start_server: StartServer) -> Server:
    server = start_server(ServerOptions(hosts={"localhost": HostOptions()}))
    server.add_accounts([("romeo@localhost", "montague"), ("juliet@localhost", "capulet")])
    return server


async def managed(server: Server, jid: str, password: str, *, resume: bool = True) -> Managed:
    client = Managed(await server.client(jid, password).connect())
    await client.enable("resume='true'" if resume else "")
    await client.client.send("<presence/>")
    await client.next()
    return client


async def everything(server: Server, expected: set[str]) -> list[str]:
    """Log in anew without stream management and read until all that is expected has come."""
    async with server.client("juliet@localhost/chamber", "capulet") as client:
        juliet = Managed(client)
        await client.send("<presence/>")
        while not expected <= set(juliet.bodies):
            await juliet.next()
        return juliet.bodies


async def test_what_was_sent_and_not_acknowledged_is_delivered_after_kill_9(
    server: Server,
) -> None:
    juliet = await managed(server, JULIET, "capulet")
    romeo = await managed(server, ROMEO, "montague")
    for number in range(50):
        await romeo.client.send(message(number))
    assert await romeo.ask() == 51
    await juliet.read(50)
    server.kill()
    await asyncio.gather(romeo.client.abort(), juliet.client.abort())
    server.start()
    wanted = [str(number) for number in range(50)]
    assert await everything(server, set(wanted)) == wanted


async def test_what_waits_for_a_lost_client_is_delivered_after_kill_9(server: Server) -> None:
    juliet = await managed(server, JULIET, "capulet")
    romeo = await managed(server, ROMEO, "montague")
    await juliet.client.abort()
    for number in range(50):
        await romeo.client.send(message(number))
    assert await romeo.ask() == 51
    server.kill()
    await romeo.client.abort()
    server.start()
    wanted = [str(number) for number in range(50)]
    assert await everything(server, set(wanted)) == wanted


@pytest.mark.parametrize("seed", range(4))
async def test_no_acknowledged_message_is_missing_when_killed_at_any_moment(
    server: Server, seed: int
) -> None:
    chance = random.Random(seed)
    juliet = await managed(server, JULIET, "capulet")
    romeo = await managed(server, ROMEO, "montague")
    acknowledged = 0

    async def write() -> None:
        for number in range(2_000):
            await romeo.client.send(message(number))
            if not number % 20:
                await romeo.client.send("<r xmlns='urn:xmpp:sm:3'/>")

    async def count() -> None:
        nonlocal acknowledged
        while True:
            found = await romeo.client.receive()
            acknowledged = max(acknowledged, int(found.get("h", "0")) - 1)

    async def read() -> None:
        while True:
            await juliet.next()
            if chance.random() < 0.05:
                await juliet.acknowledge()

    async def until_the_end(work: "asyncio.Task[None]") -> None:
        with suppress(StreamEndedError, OSError, asyncio.CancelledError):
            await work

    tasks = [asyncio.create_task(each()) for each in (write, count, read)]
    enough = chance.randrange(20, 600)
    while acknowledged < enough:  # noqa: ASYNC110 - the moment may be any
        await asyncio.sleep(0.001)
    server.kill()
    tasks[0].cancel()
    await asyncio.gather(*map(until_the_end, tasks))
    await asyncio.gather(romeo.client.abort(), juliet.client.abort())
    server.start()
    before = set(juliet.bodies)
    wanted = {str(number) for number in range(acknowledged)}
    after = await everything(server, wanted - before)
    assert wanted <= before | set(after)
    assert after == sorted(after, key=int)
