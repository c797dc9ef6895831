"""What the server acknowledged is delivered, whatever becomes of the server (XEP-0198)."""

import asyncio
import random
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing, suppress

import pytest
from tests.support.client import Client, StreamEndedError
from tests.support.config import HostOptions, ServerOptions
from tests.support.fixtures import StartServer
from tests.support.managed import Managed
from tests.support.server import Server

JULIET = "juliet@localhost/balcony"
ROMEO = "romeo@localhost/orchard"


def message(number: int) -> str:
    return f"<message to='juliet@localhost' type='chat'><body>{number}</body></message>"


class World:
    """A server, and its clients, which are gone when the test is over."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.made: list[Client] = []

    def client(self, jid: str) -> Client:
        made = self.server.client(jid, "secret")
        self.made.append(made)
        return made

    async def managed(self, jid: str) -> Managed:
        client = Managed(await self.client(jid).connect())
        await client.enable()
        await client.client.send("<presence/>")
        await client.next()
        return client

    async def hang_up(self) -> None:
        for each in self.made:
            await each.abort()


@pytest.fixture
async def world(start_server: StartServer) -> AsyncIterator[World]:
    server = start_server(ServerOptions(hosts={"localhost": HostOptions()}))
    server.add_accounts([("romeo@localhost", "secret"), ("juliet@localhost", "secret")])
    world = World(server)
    yield world
    await world.hang_up()


async def everything(world: World, expected: set[str]) -> list[str]:
    """Log in anew without stream management and read until all that is expected has come."""
    juliet = Managed(await world.client("juliet@localhost/chamber").connect())
    await juliet.client.send("<presence/>")
    while not expected <= set(juliet.bodies):
        await juliet.next()
    return juliet.bodies


async def test_what_was_sent_and_not_acknowledged_is_delivered_after_kill_9(
    world: World,
) -> None:
    juliet = await world.managed(JULIET)
    romeo = await world.managed(ROMEO)
    for number in range(50):
        await romeo.client.send(message(number))
    assert await romeo.ask() == 51
    await juliet.read(50)
    world.server.kill()
    world.server.start()
    wanted = [str(number) for number in range(50)]
    assert await everything(world, set(wanted)) == wanted


async def test_what_waits_for_a_lost_client_is_delivered_after_kill_9(world: World) -> None:
    juliet = await world.managed(JULIET)
    romeo = await world.managed(ROMEO)
    await juliet.client.abort()
    for number in range(50):
        await romeo.client.send(message(number))
    assert await romeo.ask() == 51
    world.server.kill()
    world.server.start()
    wanted = [str(number) for number in range(50)]
    assert await everything(world, set(wanted)) == wanted


@pytest.mark.parametrize("seed", range(4))
async def test_no_acknowledged_message_is_missing_when_killed_at_any_moment(
    world: World, seed: int
) -> None:
    chance = random.Random(seed)
    juliet = await world.managed(JULIET)
    romeo = await world.managed(ROMEO)
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
    world.server.kill()
    tasks[0].cancel()
    await asyncio.gather(*map(until_the_end, tasks))
    world.server.start()
    before = set(juliet.bodies)
    wanted = {str(number) for number in range(acknowledged)}
    after = await everything(world, wanted - before)
    assert wanted <= before | set(after)
    assert after == sorted(after, key=int)


async def test_a_session_is_resumed_after_a_clean_restart(world: World) -> None:
    juliet = await world.managed(JULIET)
    romeo = await world.managed(ROMEO)
    for number in range(3):
        await romeo.client.send(message(number))
    await juliet.read(3)
    count = juliet.handled
    world.server.restart()
    assert (await romeo.resume(world.client(ROMEO))).tag.endswith("resumed")
    for number in range(3, 6):
        await romeo.client.send(message(number))
    assert await romeo.ask() == 7
    resumed = await juliet.resume(world.client(JULIET), h=count - 1)
    assert resumed.tag.endswith("resumed")
    assert resumed.get("h") == "1"
    assert await juliet.read(7) == ["0", "1", "2", "2", "3", "4", "5"]
    await juliet.acknowledge()
    await juliet.ask()


async def test_a_session_is_resumed_only_from_the_last_restart(world: World) -> None:
    juliet = await world.managed(JULIET)
    await juliet.client.abort()
    world.server.restart()
    world.server.kill()
    world.server.start()
    assert (await juliet.resume(world.client(JULIET))).tag.endswith("failed")


async def test_a_session_outlives_one_restart_after_another(world: World) -> None:
    juliet = await world.managed(JULIET)
    romeo = await world.managed(ROMEO)
    await juliet.client.abort()
    await romeo.client.send(message(1))
    assert await romeo.ask() == 2
    world.server.restart()
    world.server.restart()
    await juliet.resume(world.client(JULIET))
    assert await juliet.read(1) == ["1"]


async def test_nothing_is_acknowledged_that_cannot_be_stored(world: World) -> None:
    world.server.tolerate("messages cannot be stored")
    juliet = await world.managed(JULIET)
    romeo = await world.managed(ROMEO)
    assert await romeo.ask() == 1
    (file,) = world.server.data.glob("*.sqlite3")
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        await romeo.client.send(message(0))
        assert await juliet.read(1) == ["0"]
        assert await romeo.ask(deadline=30) == 1
        await romeo.client.send(message(1))
        refusal = await romeo.next()
        assert refusal.find(".//{*}resource-constraint") is not None
    async with asyncio.timeout(30):
        while await romeo.ask(deadline=30) < 3:  # as soon as the log has tried again
            await romeo.client.ping("localhost")
    world.server.kill()
    world.server.start()
    assert await everything(world, {"0"}) == ["0"]


async def test_what_arrived_is_not_refused_when_it_is_sent_again_during_an_outage(
    world: World,
) -> None:
    world.server.tolerate("messages cannot be stored")
    juliet = await world.managed(JULIET)
    romeo = await world.managed(ROMEO)
    assert await romeo.ask() == 1
    again = message(0).replace("</body>", "</body><origin-id xmlns='urn:xmpp:sid:0' id='o'/>")
    (file,) = world.server.data.glob("*.sqlite3")
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        await romeo.client.send(again)
        assert await juliet.read(1) == ["0"]
        assert await romeo.ask(deadline=30) == 1
        await romeo.client.send(message(1))
        assert (await romeo.next()).get("type") == "error"
        await romeo.client.send(again)
        await romeo.client.send("<r xmlns='urn:xmpp:sm:3'/>")
        answer = await romeo.next(deadline=30)
        assert (answer.tag, answer.get("h")) == ("{urn:xmpp:sm:3}a", "1")
    async with asyncio.timeout(30):
        while await romeo.ask(deadline=30) < 4:  # as soon as the log has tried again
            await romeo.client.ping("localhost")
    assert juliet.bodies == ["0"]


async def test_what_is_stored_late_is_handed_to_who_came_meanwhile(world: World) -> None:
    world.server.tolerate("messages cannot be stored|cannot be read")
    juliet = Managed(await world.client(JULIET).connect())
    await juliet.enable("")
    await juliet.client.send("<presence/>")
    await juliet.next()
    romeo = await world.managed(ROMEO)
    assert await romeo.ask() == 1
    again = await world.managed("juliet@localhost/chamber")
    await again.client.send("<presence><priority>-1</priority></presence>")
    await again.client.barrier()
    (file,) = world.server.data.glob("*.sqlite3")
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        await romeo.client.send(message(0))
        assert await juliet.read(1) == ["0"]
        assert await romeo.ask(deadline=30) == 1
        await juliet.client.abort()  # it never acknowledged, and cannot resume
        await again.client.send("<presence/>")
        await again.client.barrier()
    while "0" not in again.bodies:
        await again.next(deadline=30)
