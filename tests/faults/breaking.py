"""The ways to break a server, its clients, the network, the database and the disk."""

import asyncio
import random
import sqlite3
import subprocess
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

from tests.faults.crowd import Crowd
from tests.faults.proxy import Proxy
from tests.support.databases import DatabaseServer
from tests.support.server import Server

T = TypeVar("T")

THRICE: Final = 800  # messages: three times 64 KiB
DISK: Final = 64 << 20  # bytes of the small disk


@dataclass(frozen=True, slots=True)
class Stage:
    """What a fault may break."""

    server: Server
    proxy: Proxy
    crowd: Crowd
    database: DatabaseServer | None


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to break things.

    ``settings``   of the server, beside those of all
    ``database``   which kind it needs
    ``small_disk`` whether the server's data are on a disk that can be filled
    ``tolerated``  errors that the server may log, as a pattern
    ``copies``     whether a message may come again under another id
    """

    strike: Callable[[Stage], Awaitable[None]]
    settings: Mapping[str, Any] = field(default_factory=dict)
    database: str = "sqlite"
    small_disk: bool = False
    tolerated: str = ""
    copies: bool = False

    def __str__(self) -> str:
        return self.strike.__name__


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


async def clients_stop_reading(stage: Stage) -> None:
    """Let receivers read nothing more, until the server gives them up."""
    await asyncio.gather(*(each.freeze(4.0) for each in some(stage.crowd.receivers)))


async def sessions_time_out(stage: Stage) -> None:
    """Let receivers vanish, and come back when their sessions are over."""
    for device in some(stage.crowd.receivers):
        await device.drop(away=2.5)
    await asyncio.sleep(3.0)


async def queues_overflow(stage: Stage) -> None:
    """Let receivers stay away until three times as much waits as is kept in memory for them."""
    chosen = some(stage.crowd.pairs)
    goals = [(pair, len(pair.sender.acknowledged) + THRICE) for pair in chosen]
    for pair in chosen:
        await pair.receiver.leave()
    async with asyncio.timeout(120):
        for pair, goal in goals:
            while len(pair.sender.acknowledged) < goal:  # noqa: ASYNC110 - devices tell nobody
                await asyncio.sleep(0.01)
            pair.receiver.come_back()


async def killed_while_flushing(stage: Stage) -> None:
    """Let messages wait for receivers, and kill the server while it hands them over."""
    for device in stage.crowd.receivers:
        await device.drop(away=1.5)
    await asyncio.sleep(1.5 + random.uniform(0.0, 0.3))
    await server_killed(stage)


async def database_locked(stage: Stage) -> None:
    """Keep others from writing to the file for longer than the server waits."""

    def lock() -> None:
        (file,) = stage.server.data.glob("*.sqlite3")
        with closing(sqlite3.connect(file, isolation_level=None, timeout=30)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            time.sleep(random.uniform(7.0, 9.0))  # in a thread of its own
            connection.execute("ROLLBACK")

    await asyncio.to_thread(lock)


async def database_restarted(stage: Stage) -> None:
    """Stop the database's server for longer than messages wait for it, and start it again."""
    assert stage.database is not None
    await asyncio.to_thread(stage.database.stop)
    await asyncio.sleep(random.uniform(3.0, 5.0))
    stage.database.start()  # it would end with a thread that had started it


async def disk_full(stage: Stage) -> None:
    """Fill the disk under the database, and make room again."""
    ballast = stage.server.data / "ballast"
    await asyncio.to_thread(_fill, ballast)
    await asyncio.sleep(random.uniform(3.0, 5.0))
    ballast.unlink()


def _fill(ballast: Path) -> None:
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(b"\0" * 65_536)


def mount_small_disk(place: Path) -> None:
    """Put a small disk at that place; raises CalledProcessError where that is not allowed."""
    place.mkdir(parents=True, exist_ok=True)
    options = ["-t", "tmpfs", "-o", f"size={DISK}"]
    subprocess.run(["mount", *options, "tmpfs", str(place)], check=True, capture_output=True)


def unmount(place: Path) -> None:
    """Take the disk away."""
    subprocess.run(["umount", str(place)], check=True, capture_output=True)


_UNSTORED: Final = "cannot be stored|storage is unavailable|not stored|cannot be read|background"
_SHORT: Final = {"extensions": {"stream_management": {"ack_timeout": 2.0}}}
_BRIEF: Final = {"extensions": {"stream_management": {"resume_seconds": 1}}}
_SMALL: Final = {"extensions": {"stream_management": {"memory_bytes": 65_536}}}

FAULTS: Final = (
    Fault(server_killed, copies=True),
    Fault(server_restarted),
    Fault(cables_pulled),
    Fault(connections_reset),
    Fault(clients_killed),
    Fault(clients_stop_reading, _SHORT),
    Fault(sessions_time_out, _BRIEF),
    Fault(queues_overflow, _SMALL),
    Fault(killed_while_flushing, copies=True),
    Fault(database_locked, tolerated=_UNSTORED),
    Fault(database_restarted, database="postgresql", tolerated=_UNSTORED),
    Fault(disk_full, small_disk=True, tolerated=_UNSTORED),
)
