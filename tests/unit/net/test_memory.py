"""What an idle session costs in objects of ours, beside its socket and its TLS engine."""

import asyncio
import gc
import sys
import tracemalloc

from tests.unit.net.serving import Serving

from palaver.net.connection import ClientConnection

BOUND = 4_000
"""Bytes of Python objects per idle bound session (2,600 were seen on CPython 3.11, 64 bits)."""

COUNT = 20


def slots_of(found: object) -> list[str]:
    """Return the names of all slots of an object's class and its bases."""
    names: list[str] = []
    for kind in type(found).__mro__:
        slots = kind.__dict__.get("__slots__", ())
        names += [slots] if isinstance(slots, str) else slots
    return [name for name in names if name != "__weakref__"]


async def test_what_exists_per_session_has_slots_and_no_dictionary(net: Serving) -> None:
    await net.client("juliet@capulet.example/balcony").connect()
    (session,) = net.server.sessions()
    connection = session.wire
    assert isinstance(connection, ClientConnection)
    stream = connection._stream
    for found in (session, connection, stream, stream._scanner, stream.authentication):
        assert slots_of(found)
        assert not hasattr(found, "__dict__"), type(found)
        assert sys.getsizeof(found) < 300, type(found)


async def test_an_idle_session_takes_little(net: Serving) -> None:
    """Measures what `palaver` allocates and keeps: not the sockets, the TLS engine and the test."""
    await net.client("romeo@capulet.example/first").connect()  # what is made once
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.take_snapshot()
        for number in range(COUNT):
            await net.client(f"juliet@capulet.example/{number}").connect()
        now = asyncio.get_running_loop().time()
        for connection in net.clients.connections:
            connection.sweep(now)
        for connection in net.clients.connections:
            connection.sweep(now + 5)
        gc.collect()
        after = tracemalloc.take_snapshot()
    finally:
        tracemalloc.stop()
    ours = (tracemalloc.Filter(True, "*/palaver/*"),)
    differences = after.filter_traces(ours).compare_to(before.filter_traces(ours), "filename")
    grown = sum(difference.size_diff for difference in differences)
    assert grown / COUNT < BOUND, "\n".join(map(str, differences[:15]))


async def test_connections_that_are_gone_need_no_garbage_collector(net: Serving) -> None:
    """Cycles would stay until a full collection, which a busy server makes rarely."""

    def living() -> int:
        return sum(isinstance(found, ClientConnection) for found in gc.get_objects())

    for number in range(5):
        await (await net.client(f"juliet@capulet.example/{number}").connect()).abort()
    await net.until(lambda: not net.clients.connections)
    gc.collect()
    gc.disable()
    try:
        before = living()
        for number in range(5):
            client = await net.client(f"juliet@capulet.example/{number}").connect()
            await client.barrier()
            await client.abort()
        await net.until(lambda: not net.clients.connections)
        await net.until(lambda: living() <= before)
    finally:
        gc.enable()
