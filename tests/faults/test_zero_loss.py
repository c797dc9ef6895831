"""Of what the server acknowledged, nothing is lost, whatever happens to it and to its clients.

The short form breaks things once or twice; `make faults` runs the long one
(``--rounds`` and ``--pairs``).
"""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.faults.archives import archived, archived_twice, pending
from tests.faults.breaking import FAULTS, Fault, Stage, mount_small_disk, unmount
from tests.faults.crowd import Crowd
from tests.faults.proxy import Proxy
from tests.faults.resources import back_to_normal, memory
from tests.support.certificates import Authority
from tests.support.config import ServerOptions
from tests.support.databases import DatabaseServer, DatabaseServers
from tests.support.server import Server

MESSAGES = 300
"""Acknowledged between two breaks, at least."""

SHORT = 5.0
"""Seconds after which a few devices take a silent connection for dead."""

SETTINGS: dict[str, Any] = {
    "sasl": {"plain_without_tls": True},
    "storage": {"synchronous": "full"},
    # Senders that never pause fill the queue of an account in a moment; that the rest comes back is
    # no loss, but no proof of anything.
    "extensions": {"archive": {"enabled": True}, "offline": {"max_messages": 1_000_000}},
}


@contextmanager
def disk(place: Path, *, small: bool) -> Iterator[None]:
    """Put a small disk under the server's data, if that is wanted."""
    if not small:
        yield
        return
    mount_small_disk(place)
    try:
        yield
    finally:
        unmount(place)


@asynccontextmanager
async def stage(
    fault: Fault,
    pairs: int,
    directory: Path,
    palaver: Path,
    authority: Authority,
    databases: DatabaseServers,
) -> AsyncIterator[Stage]:
    """Start a server, and a crowd that talks through a proxy."""
    with ExitStack() as stack:
        kind: DatabaseServer | None = None
        url = None
        if fault.database != "sqlite":
            kind = databases.server(fault.database)
            url = stack.enter_context(kind.fresh())
        extensions = {**SETTINGS["extensions"], **fault.settings.get("extensions", {})}
        options = ServerOptions(settings={**SETTINGS, "extensions": extensions}, database=url)
        stack.enter_context(disk(directory / "data", small=fault.small_disk))
        server = Server(options, directory, command=palaver, authority=authority)
        if fault.tolerated:
            server.tolerate(fault.tolerated)
        stack.enter_context(server)
        server.add_accounts(Crowd.accounts(pairs))
        async with AsyncExitStack() as running:
            proxy = await running.enter_async_context(Proxy(server.address))
            patience = SHORT if pairs < 10 else None
            crowd = Crowd(server, pairs, address=proxy.address, patience=patience)
            yield Stage(server, proxy, await running.enter_async_context(crowd), kind)


@pytest.mark.parametrize("fault", FAULTS, ids=str)
async def test_nothing_acknowledged_is_lost(
    fault: Fault,
    tmp_path: Path,
    palaver_command: Path,
    authority: Authority,
    breakable_servers: DatabaseServers,
    request: pytest.FixtureRequest,
) -> None:
    rounds = request.config.getoption("--rounds")
    pairs = request.config.getoption("--pairs")
    async with stage(fault, pairs, tmp_path, palaver_command, authority, breakable_servers) as on:
        await on.crowd.progress(MESSAGES)
        before = memory(on.server)
        for _ in range(rounds):
            await on.crowd.progress(random.randrange(MESSAGES, 2 * MESSAGES))
            await fault.strike(on)
        await on.crowd.progress(MESSAGES)
        account = await on.crowd.settled()
        for device in on.crowd.devices:
            device.acknowledge_all()
        print(f"{fault}: {account}")  # noqa: T201 - the counts are the result
        assert account.wrong == []
        # What was handed over a moment before it was stored, and lost with the process, comes again
        # from its sender; whoever wants to avoid that would have to wait for the disk each time.
        assert account.copies == 0 or fault.copies
        for number, pair in enumerate(on.crowd.pairs):
            lost = pair.sender.acknowledged - archived(on.server, f"receiver{number}")
            assert lost - pair.sender.bounced == set()
        assert archived_twice(on.server) == []
        await nothing_pending(on.server)
        print(f"{fault}: {await back_to_normal(on.server, before)}")  # noqa: T201 - as above


async def nothing_pending(server: Server) -> None:
    """Wait until the last acknowledgements are committed."""
    async with asyncio.timeout(10):
        while pending(server):  # noqa: ASYNC110 - a database tells nobody
            await asyncio.sleep(0.05)
