"""What a server holds in memory: its process as the kernel sees it, its queues as it tells itself.

What a scenario piled up must be gone at its end: queues empty, memory about where it was.
"""

import asyncio
import re
from pathlib import Path
from typing import Final

from tests.support.server import Server

_QUEUES: Final = (
    "palaver_log_queue_entries",
    "palaver_unacknowledged_stanzas",
    "palaver_unacknowledged_bytes",
    "palaver_sessions_detached",
)
_PATIENCE: Final = 15.0  # seconds for queues to become empty
# Page caches of SQLite (16 MB for each of its connections), hashes of what may be sent again (14 MB
# for 100,000 messages), and what the allocator keeps. What grows with every message is more soon.
_GROWTH: Final = 96 << 20  # bytes


def memory(server: Server) -> int:
    """Give the bytes of memory that the server's process has in use."""
    status = Path(f"/proc/{server.pid}/status").read_text()
    found = re.search(r"^VmRSS:\s*(\d+) kB$", status, re.MULTILINE)
    assert found is not None
    return int(found[1]) << 10


async def readings(server: Server) -> dict[str, float]:
    """Give the server's metrics that have no labels."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.ports.metrics)
    writer.write(b"GET /metrics HTTP/1.0\r\n\r\n")
    text = (await reader.read()).decode()
    writer.close()
    await writer.wait_closed()
    return {name: float(value) for name, value in re.findall(r"^(\w+) (\S+)$", text, re.MULTILINE)}


async def queues(server: Server) -> dict[str, float]:
    """Give what waits in the server."""
    found = await readings(server)
    return {name: found[name] for name in _QUEUES}


async def back_to_normal(server: Server, before: int) -> str:
    """Wait until nothing waits in the server any more; say how its memory went from ``before``.

    Raises:
        AssertionError: something still waits, or much more memory is in use than before.
    """
    waiting: dict[str, float] = {}
    try:
        async with asyncio.timeout(_PATIENCE):
            while any((waiting := await queues(server)).values()):  # noqa: ASYNC110 - tells nobody
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise AssertionError(f"not empty at the end: {waiting}") from None
    after = memory(server)
    assert after - before <= _GROWTH, f"memory grew from {before:,} to {after:,} bytes"
    return f"queues empty, memory {before >> 20} MB before and {after >> 20} MB after"
