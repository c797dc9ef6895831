"""Of what the server acknowledged, nothing is lost, whatever happens to it and to its clients.

The short form breaks things once or twice; `make faults` runs the long one
(``--rounds`` and ``--pairs``).
"""

import asyncio
import random

import pytest
from tests.faults.stage import MESSAGES, Fault, Size, Stage, judged, some, stage
from tests.support.fixtures import StartServer


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


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
async def test_nothing_acknowledged_is_lost(
    fault: Fault, start_server: StartServer, request: pytest.FixtureRequest
) -> None:
    size = Size.of(request)
    async with stage(start_server, size.pairs) as on:
        for _ in range(size.rounds):
            await on.crowd.progress(random.randrange(MESSAGES, 2 * MESSAGES))
            await fault(on)
        await on.crowd.progress(MESSAGES)
        # What was handed over a moment before it was stored, and lost with the process, comes again
        # from its sender; whoever wants to avoid that would have to wait for the disk each time.
        await judged(on, fault.__name__, copies=fault is server_killed)
