"""A server, a crowd that talks through a proxy, and what must be true when all is over."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import pytest
from tests.faults.archives import archived, archived_twice, pending
from tests.faults.crowd import Crowd
from tests.faults.proxy import Proxy
from tests.faults.resources import back_to_normal, memory
from tests.support.config import ServerOptions
from tests.support.fixtures import StartServer
from tests.support.server import Server

T = TypeVar("T")

MESSAGES: Final = 300
"""Acknowledged between two breaks, at least."""

_SHORT: Final = 3.0  # seconds after which devices take a silent connection for dead


@dataclass(frozen=True, slots=True)
class Size:
    """How long a test is: the options ``--rounds`` and ``--pairs``."""

    rounds: int
    pairs: int

    @staticmethod
    def of(request: pytest.FixtureRequest) -> "Size":
        """Read the options."""
        config = request.config
        return Size(config.getoption("--rounds"), config.getoption("--pairs"))


@dataclass(frozen=True, slots=True)
class Stage:
    """What a fault may break; ``memory`` are the bytes that the server used at the begin."""

    server: Server
    proxy: Proxy
    crowd: Crowd
    memory: int


Fault = Callable[[Stage], Awaitable[None]]


def some(links: Sequence[T], share: float = 0.5) -> list[T]:
    """Choose some of a list, one at least."""
    return random.sample(links, max(1, int(len(links) * share)))


def options(
    *,
    archive: bool = True,
    extensions: Mapping[str, Any] | None = None,
    database: str | None = None,
    settings: Mapping[str, Any] | None = None,
) -> ServerOptions:
    """Give a server's options: all that is acknowledged is on the disk.

    Whoever is away may be sent as much as a test sends: senders that never pause fill the queue of
    an account in a moment, and that the rest comes back is no loss, but no proof of anything.
    """
    return ServerOptions(
        database=database,
        settings={
            "sasl": {"plain_without_tls": True},
            "storage": {"synchronous": "full"},
            "extensions": {
                "archive": {"enabled": archive},
                "offline": {"max_messages": 1_000_000},
                **(extensions or {}),
            },
            **(settings or {}),
        },
    )


@asynccontextmanager
async def stage(
    start_server: StartServer, pairs: int, server_options: ServerOptions | None = None
) -> AsyncIterator[Stage]:
    """Start a server, and a crowd that talks through a proxy."""
    server = start_server(server_options or options())
    server.add_accounts(Crowd.accounts(pairs))
    async with Proxy(server.address) as proxy:
        crowd = Crowd(server, pairs, address=proxy.address, patience=_SHORT if pairs < 10 else None)
        async with crowd:
            await crowd.progress(MESSAGES)
            yield Stage(server, proxy, crowd, memory(server))


async def judged(on: Stage, title: str, *, copies: bool = False, archive: bool = True) -> None:
    """Wait until everything has arrived, print the counts, and see that nothing is wrong.

    ``copies`` tells whether messages may have come under another id once more (ADR 5).
    """
    account = await on.crowd.settled()
    for device in on.crowd.devices:
        device.acknowledge_all()
    print(f"{title}: {account}")  # noqa: T201 - the counts are the result
    assert account.wrong == []
    assert account.copies == 0 or copies
    if archive:
        kept = await archived(on.server)
        for number, pair in enumerate(on.crowd.pairs):
            lost = pair.sender.acknowledged - kept.get(f"receiver{number}", set())
            assert lost - pair.sender.bounced == set()
    assert await archived_twice(on.server) == []
    await nothing_pending(on.server)
    print(f"{title}: {await back_to_normal(on.server, on.memory)}")  # noqa: T201 - as above


async def nothing_pending(server: Server) -> None:
    """Wait until the last acknowledgements are committed."""
    async with asyncio.timeout(10):
        while await pending(server):  # noqa: ASYNC110 - a database tells nobody
            await asyncio.sleep(0.05)
