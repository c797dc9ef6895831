"""A client that never reads makes those who write to it wait, nobody else, and loses nothing."""

import asyncio
import time
from functools import partial

import pytest
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


@pytest.mark.parametrize("resumes", [True, False], ids=["resumes", "begins anew"])
async def test_a_client_that_never_reads_is_cut_and_gets_all_later(
    start_server: StartServer, resumes: bool
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
    server.add_accounts(Crowd.accounts(2))
    flood = Flood(Device(partial(client, server, "sender0")), "receiver0@localhost")
    reader = Device(partial(client, server, "receiver0"), resumes=resumes)
    flood.device.start()
    reader.start()
    try:
        await asyncio.gather(flood.device.online.wait(), reader.online.wait())
        before = memory(server)
        over = asyncio.Event()
        others = asyncio.create_task(longest_way(server, over))
        writing = asyncio.create_task(flood.run())
        frozen = asyncio.create_task(reader.freeze(ACK_TIMEOUT + 6))  # and is looked at every 5 s
        async with asyncio.timeout(60):
            while flood.longest < PAUSED:  # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(0.05)
        writing.cancel()
        await frozen
        await flood.device.settle()
        over.set()
        assert await others < QUICK
        async with asyncio.timeout(60):
            while len({each.name for each in reader.received}) < flood.sent:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        names = list(dict.fromkeys(each.name for each in reader.received))
        assert names == [f"m-{number}" for number in range(flood.sent)]
        assert flood.device.bounced == set()
        reader.acknowledge_all()
        print(  # noqa: T201 - the counts are the result
            f"never_reads: sent {flood.sent}, sender paused for {flood.longest:.1f} s, "
            f"others waited for {others.result():.2f} s at most; "
            f"{await back_to_normal(server, before)}"
        )
    finally:
        await asyncio.gather(flood.device.stop(), reader.stop())
    given_up = [each for each in server.log() if "disconnected" in str(each.get("event"))]
    assert given_up
