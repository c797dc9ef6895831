"""The first address that answers wins, and nobody waits for the others (RFC 8305)."""

import asyncio
import socket
import time
from collections.abc import Iterator

import pytest
from tests.support.ports import free_ports

from palaver.net.s2s.connecting import connected


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


async def test_an_address_that_takes_the_connection_is_used(listening: socket.socket) -> None:
    port = listening.getsockname()[1]
    with await connected(["127.0.0.1"], port) as sock:
        assert sock.getpeername() == ("127.0.0.1", port)


async def test_one_that_refuses_costs_no_time(listening: socket.socket) -> None:
    port = listening.getsockname()[1]
    began = time.monotonic()
    with await connected(["127.0.0.2", "127.0.0.3", "127.0.0.1"], port) as sock:
        assert sock.getpeername()[0] == "127.0.0.1"
    assert time.monotonic() - began < 0.2


async def test_one_that_does_not_answer_delays_only_a_moment(listening: socket.socket) -> None:
    """A backlog that is full lets connections wait, as an address behind a firewall does."""
    port = listening.getsockname()[1]
    with socket.socket() as full:
        full.bind(("127.0.0.2", port))
        full.listen(0)
        waiting = []
        for _ in range(4):
            one = socket.socket()
            one.setblocking(False)
            one.connect_ex(("127.0.0.2", port))
            waiting.append(one)
        began = time.monotonic()
        with await connected(["127.0.0.2", "127.0.0.1"], port) as sock:
            assert sock.getpeername()[0] == "127.0.0.1"
        assert 0.2 < time.monotonic() - began < 2
        for one in waiting:
            one.close()


async def test_when_all_refuse_the_error_says_so() -> None:
    (port,) = free_ports(1)
    with pytest.raises(ConnectionRefusedError):
        await connected(["127.0.0.1", "127.0.0.2"], port)


async def test_without_addresses_there_is_no_connection() -> None:
    with pytest.raises(OSError, match="no address"):
        await connected([], 5269)


async def test_who_gives_up_leaves_no_connection(listening: socket.socket) -> None:
    task = asyncio.create_task(connected(["127.0.0.1"], listening.getsockname()[1]))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
