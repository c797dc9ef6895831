"""A client that never reads makes those who write to it wait, nobody else, and loses nothing."""

import asyncio
import time
from functools import partial

from tests.faults.crowd import PASSWORD, Crowd
from tests.faults.device import Device
from tests.faults.resources import back_to_normal, memory
from tests.support.client import Client
from tests.support.config import ServerOptions
from tests.support.fixtures import StartServer
from tests.support.server import Server

PADDING = "x" * 8_000
ACK_TIMEOUT = 1.0
PAUSED = 1.0
"""Seconds without an acknowledgement after which a sender is taken for paused."""

QUICK = 1.0
"""Seconds that a message between others may take at most, on a machine with other work to do."""


class Flood:
    """A sender that writes as fast as it may, and remembers when it got on last."""

    def __init__(self, device: Device, to: str) -> None:
        self.device = device
        self.longest = 0.0
        self.sent = 0
        self._to = to

    async def run(self) -> None:
        """Write until cancelled."""
        last = time.monotonic()
        while True:
            await self.device.send_message(self._to, f"m-{self.sent}", PADDING)
            self.sent += 1
            now = time.monotonic()
            self.longest = max(self.longest, now - last)
            last = now


def client(server: Server, name: str) -> Client:
    return Client(
        f"{name}@localhost/device",
        PASSWORD,
        address=server.address,
        security="plain",
        mechanism="PLAIN",
    )


async def longest_way(server: Server, until: asyncio.Event) -> float:
    """Return how long a message between two others took at most, in seconds."""
    longest = 0.0
    async with client(server, "sender1") as one, client(server, "receiver1") as other:
        await other.send("<presence/>")
        while not until.is_set():
            start = time.monotonic()
            await one.barrier_from(other)
            longest = max(longest, time.monotonic() - start)
            await asyncio.sleep(0.02)
    return longest


class Victim:
    """A receiver that stops reading, and who writes to it."""

    def __init__(self, server: Server, number: int, *, resumes: bool) -> None:
        sender = Device(partial(client, server, f"sender{number}"))
        self.flood = Flood(sender, f"receiver{number}@localhost")
        self.reader = Device(partial(client, server, f"receiver{number}"), resumes=resumes)

    async def connect(self) -> None:
        """Connect both."""
        self.flood.device.start()
        self.reader.start()
        await asyncio.gather(self.flood.device.online.wait(), self.reader.online.wait())

    async def suffer(self) -> None:
        """Read nothing for a while, until the sender has paused and gone on; then read it all."""
        writing = asyncio.create_task(self.flood.run())
        frozen = asyncio.create_task(self.reader.freeze(ACK_TIMEOUT + 6))  # looked at every 5 s
        async with asyncio.timeout(60):
            while self.flood.longest < PAUSED:  # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(0.05)
        writing.cancel()
        await frozen
        await self.flood.device.settle()
        async with asyncio.timeout(60):
            while len({each.name for each in self.reader.received}) < self.flood.sent:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.05)
        self.reader.acknowledge_all()

    def judge(self) -> None:
        """See that all came, in order, and nothing came back."""
        names = list(dict.fromkeys(each.name for each in self.reader.received))
        assert names == [f"m-{number}" for number in range(self.flood.sent)]
        assert self.flood.device.bounced == set()
        assert self.flood.device.violations == self.reader.violations == []

    async def stop(self) -> None:
        """Disconnect both."""
        await asyncio.gather(self.flood.device.stop(), self.reader.stop())


async def test_a_client_that_never_reads_is_cut_and_gets_all_later(
    start_server: StartServer,
) -> None:
    settings = {
        "sasl": {"plain_without_tls": True},
        "limits": {"output_bytes": 65_536},
        "extensions": {
            "stream_management": {"ack_timeout": ACK_TIMEOUT},
            "offline": {"max_messages": 1_000_000},
        },
    }
    server = start_server(ServerOptions(settings=settings))
    server.add_accounts(Crowd.accounts(3))
    victims = [Victim(server, 0, resumes=True), Victim(server, 2, resumes=False)]
    try:
        await asyncio.gather(*(victim.connect() for victim in victims))
        before = memory(server)
        over = asyncio.Event()
        others = asyncio.create_task(longest_way(server, over))
        await asyncio.gather(*(victim.suffer() for victim in victims))
        over.set()
        assert await others < QUICK
        for victim in victims:
            victim.judge()
        print(  # noqa: T201 - the counts are the result
            f"never_reads: sent {sum(victim.flood.sent for victim in victims)}, "
            f"senders paused for {min(victim.flood.longest for victim in victims):.1f} s at least, "
            f"others waited for {others.result():.2f} s at most; "
            f"{await back_to_normal(server, before)}"
        )
    finally:
        await asyncio.gather(*(victim.stop() for victim in victims))
    given_up = [each for each in server.log() if "disconnected" in str(each.get("event"))]
    assert len(given_up) >= len(victims)
