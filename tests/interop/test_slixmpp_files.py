"""Two people with slixmpp send each other a file of 20 MB, in the stream and through the proxy."""

import asyncio
import hashlib
import random
from typing import Any

import pytest
from tests.interop.conftest import Arrive, Fresh
from tests.interop.person import Person

BIG = 20_000_000
BLOCK = 65_535
"""Bytes of a block in the stream: the most there may be (XEP-0047 §2.1)."""

LONG = 120.0
"""Seconds for a file."""


@pytest.fixture(scope="module")
def file() -> bytes:
    return random.Random(20).randbytes(BIG)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


async def in_the_stream(sender: Person, receiver: Person, file: bytes) -> None:
    for each in (sender, receiver):
        settings = {"auto_accept": True, "max_block_size": BLOCK}
        each.xmpp.register_plugin("xep_0047", settings)
    opened: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    receiver.xmpp.add_event_handler("ibb_stream_start", opened.set_result, disposable=True)
    plugin = sender.xmpp.plugin["xep_0047"]
    stream = await plugin.open_stream(receiver.xmpp.boundjid, block_size=BLOCK)
    coming = asyncio.ensure_future((await opened).gather())
    await asyncio.sleep(0)  # until it listens
    await stream.sendall(file)
    await stream.close()
    assert digest(await coming) == digest(file)


async def test_a_file_in_the_stream(fresh: Fresh, arrive: Arrive, file: bytes) -> None:
    romeo, juliet = await arrive(fresh("romeo")), await arrive(fresh("juliet"))
    async with asyncio.timeout(LONG):
        await in_the_stream(romeo, juliet, file)
        await in_the_stream(juliet, romeo, file)


async def through_the_proxy(sender: Person, receiver: Person, file: bytes) -> None:
    for each in (sender, receiver):
        each.xmpp.register_plugin("xep_0065", {"auto_accept": True})
    came = bytearray()
    whole = asyncio.Event()

    def take(data: bytes) -> None:
        came.extend(data)
        if len(came) == len(file):
            whole.set()

    receiver.xmpp.add_event_handler("socks5_data", take)
    sending = await sender.xmpp.plugin["xep_0065"].handshake(receiver.xmpp.boundjid)
    for start in range(0, len(file), BLOCK):
        await sending.write(file[start : start + BLOCK])
    await whole.wait()
    assert digest(bytes(came)) == digest(file)
    receiver.xmpp.del_event_handler("socks5_data", take)
    for each in (sender, receiver):
        for end in list(each.xmpp.plugin["xep_0065"]._sessions.values()):
            end.transport.close()


async def test_a_file_through_the_proxy(fresh: Fresh, arrive: Arrive, file: bytes) -> None:
    romeo, juliet = await arrive(fresh("romeo")), await arrive(fresh("juliet"))
    async with asyncio.timeout(LONG):
        await through_the_proxy(romeo, juliet, file)
        await through_the_proxy(juliet, romeo, file)
