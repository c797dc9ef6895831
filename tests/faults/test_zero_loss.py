"""Of what the server acknowledged, nothing is lost, whatever happens to it and to its clients.

The short form breaks things once or twice; `make faults` runs the long one
(``--rounds`` and ``--pairs``).
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

import pytest
from tests.faults.archives import archived, archived_twice, pending
from tests.faults.crowd import Crowd
from tests.faults.proxy import Proxy
from tests.support.config import ServerOptions
from tests.support.fixtures import StartServer
from tests.support.server import Server

T = TypeVar("T")

MESSAGES = 300
"""Acknowledged between two breaks, at least."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What a fault may break."""

    server: Server
    proxy: Proxy
    crowd: Crowd


Fault = Callable[[Stage], Awaitable[None]]


def some(links: Sequence[T], share: float = 0.5) -> list[T]:
    """Choose some of a list, one at least."""
    return random.sample(links, max(1, int(len(links) * share)))


async def server_killed(stage: Stage) -> None:
    """Kill -9, and start again."""
    stage.server.kill()
    await asyncio.to_thread(stage.server.start)


async def server_restarted(stage: Stage) -> None:
    """Stop in order, and start again."""
    await asyncio.to_thread(stage.server.restart)


async def cables_pulled(stage: Stage) -> None:
    """Let connections go silent: no FIN, no RST."""
    for link in some(list(stage.proxy.links)):
        link.go_silent()


async def connections_reset(stage: Stage) -> None:
    """Reset connections, most likely in the middle of a stanza."""
    for link in some(list(stage.proxy.links)):
        link.reset_after(random.randrange(1, 400))


async def clients_killed(stage: Stage) -> None:
    """Let clients vanish and come back."""
    for device in some(list(stage.crowd.devices)):
        await device.drop()


FAULTS: list[Fault] = [
    server_killed,
    server_restarted,
    cables_pulled,
    connections_reset,
    clients_killed,
]


@asynccontextmanager
async def stage(start_server: StartServer, pairs: int) -> AsyncIterator[Stage]:
    """Start a server, and a crowd that talks through a proxy."""
    options = ServerOptions(
        settings={
            "sasl": {"plain_without_tls": True},
            "storage": {"synchronous": "full"},
            "extensions": {"archive": {"enabled": True}},
        }
    )
    server = start_server(options)
    server.add_accounts(Crowd.accounts(pairs))
    async with Proxy(server.address) as proxy:
        crowd = Crowd(server, pairs, address=proxy.address)
        async with crowd:
            yield Stage(server, proxy, crowd)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
async def test_nothing_acknowledged_is_lost(
    fault: Fault, start_server: StartServer, request: pytest.FixtureRequest
) -> None:
    rounds = request.config.getoption("--rounds")
    pairs = request.config.getoption("--pairs")
    async with stage(start_server, pairs) as on:
        for _ in range(rounds):
            await on.crowd.progress(random.randrange(MESSAGES, 2 * MESSAGES))
            await fault(on)
        await on.crowd.progress(MESSAGES)
        account = await on.crowd.settled()
        print(f"{fault.__name__}: {account}")  # noqa: T201 - the counts are the result
        assert account.wrong == []
        # What was handed over a moment before it was stored, and lost with the process, comes again
        # from its sender; whoever wants to avoid that would have to wait for the disk each time.
        assert account.copies == 0 or fault is server_killed
        for number, pair in enumerate(on.crowd.pairs):
            lost = pair.sender.acknowledged - archived(on.server, f"receiver{number}")
            assert lost - pair.sender.bounced == set()
        assert archived_twice(on.server) == []
        await nothing_pending(on.server)


async def nothing_pending(server: Server) -> None:
    """Wait until the last acknowledgements are committed."""
    async with asyncio.timeout(10):
        while pending(server):  # noqa: ASYNC110 - a database tells nobody
            await asyncio.sleep(0.05)
