"""What is promised to clients that have neither stream management nor an archive (RFC 6121).

Such a client acknowledges nothing. A message is kept for it until the operating system has taken
the bytes for its connection; whatever happens to the server, none is lost before that. A client
that reads its connection to the end has lost none, then: of what waited for it while it was away,
all arrives, some of it perhaps twice. Bytes that are lost on the way when a network breaks are out
of the server's hands; that is what stream management is for.
"""

import asyncio
import random
from functools import partial

import pytest
from tests.faults.crowd import PASSWORD, Crowd
from tests.faults.device import Device
from tests.support.client import Client, ClientError
from tests.support.config import ServerOptions
from tests.support.fixtures import StartServer
from tests.support.server import Server

MESSAGES = 120
"""Waiting for each receiver: more than are handed over at a time."""

PADDING = "x" * 60_000
"""Makes a batch of messages larger than what the operating system takes at once."""


class World:
    """Senders with stream management, and receivers without."""

    def __init__(self, server: Server, count: int) -> None:
        self.server = server
        self.senders = [Device(partial(self.client, f"sender{n}")) for n in range(count)]
        self.received: list[list[str]] = [[] for _ in range(count)]
        self.sent = 0
        self.killed = asyncio.Event()

    def client(self, name: str) -> Client:
        return Client(
            f"{name}@localhost/device",
            PASSWORD,
            address=self.server.address,
            security="plain",
            mechanism="PLAIN",
        )

    async def fill(self) -> None:
        """Send to everybody, and wait until it is acknowledged."""
        numbers = range(self.sent, self.sent + MESSAGES)
        self.sent += MESSAGES
        for sender in self.senders:
            await sender.online.wait()
        await asyncio.gather(*(self._fill(n, numbers) for n in range(len(self.senders))))

    async def _fill(self, receiver: int, numbers: range) -> None:
        sender = self.senders[receiver]
        for number in numbers:
            await sender.send_message(f"receiver{receiver}@localhost", f"{number}", PADDING)
        await sender.settle()

    async def read(self, receiver: int, most: int, wanted: int) -> None:
        """Log in and read messages until ``wanted`` have come in all.

        After ``most`` it reads nothing more until the server is killed, and then all that comes.
        """
        came = self.received[receiver]
        client = self.client(f"receiver{receiver}")
        try:
            await client.connect()
            await client.send("<presence/>")
            while most and len(set(came)) < wanted:
                found = await client.receive(20)
                if found.tag == "{jabber:client}message":
                    came.append(found.get("id", ""))
                    most -= 1
            if not most:
                await self.killed.wait()
                while True:
                    found = await client.receive(20)
                    came += [found.get("id", "")] * found.tag.endswith("message")
        except (ClientError, OSError):
            pass  # the server was killed
        finally:
            await client.abort()


async def test_what_waited_for_a_plain_client_arrives_over_kill_9(
    start_server: StartServer, request: pytest.FixtureRequest
) -> None:
    rounds = request.config.getoption("--rounds")
    pairs = min(6, request.config.getoption("--pairs"))  # their messages are large
    settings = {
        "sasl": {"plain_without_tls": True},
        "storage": {"synchronous": "full"},
        "extensions": {"archive": {"enabled": False}},
    }
    server = start_server(ServerOptions(settings=settings))
    server.add_accounts(Crowd.accounts(pairs))
    world = World(server, pairs)
    receivers = range(pairs)
    for sender in world.senders:
        sender.start()
    try:
        for _ in range(rounds):
            world.killed.clear()
            await world.fill()
            reading = [
                asyncio.create_task(world.read(n, random.randrange(1, 20), world.sent))
                for n in receivers
            ]
            await asyncio.sleep(random.uniform(0.05, 1.0))
            server.kill()
            world.killed.set()
            await asyncio.gather(*reading)
            await asyncio.to_thread(server.start)
            await asyncio.gather(*(world.read(n, 1 << 30, world.sent) for n in receivers))
    finally:
        await asyncio.gather(*(sender.stop() for sender in world.senders))
    for sender, came in zip(world.senders, world.received, strict=True):
        firsts = list(dict.fromkeys(came))
        assert sender.violations == []
        assert sender.bounced == set()
        assert set(firsts) >= sender.acknowledged
        assert firsts == sorted(firsts, key=int)
    again = sum(len(came) - len(set(came)) for came in world.received)
    print(  # noqa: T201 - the counts are the result
        f"plain_clients: acknowledged {sum(len(s.acknowledged) for s in world.senders)}, "
        f"received {sum(len(set(came)) for came in world.received)} and again {again}"
    )
