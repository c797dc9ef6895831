"""Connects to the first of several addresses that answers (Happy Eyeballs, RFC 8305 §5)."""

import asyncio
import socket
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

_STAGGER: Final = 0.25  # seconds until the next address is tried as well


async def connected(addresses: Sequence[str], port: int) -> socket.socket:
    """Return a socket that is connected to one of the addresses.

    Raises:
        OSError: none takes the connection; it is the last error.
    """
    left = list(addresses)
    trying: set[asyncio.Task[socket.socket]] = set()
    failed = OSError("there is no address")
    try:
        while left or trying:
            if left:
                trying.add(asyncio.create_task(_connect(left.pop(0), port)))
            patience = _STAGGER if left else None
            done, trying = await asyncio.wait(
                trying, timeout=patience, return_when=asyncio.FIRST_COMPLETED
            )
            winner = None
            for task in done:
                error = task.exception()
                if isinstance(error, OSError):
                    failed = error
                elif winner is None:
                    winner = task.result()
                else:
                    task.result().close()
            if winner is not None:
                return winner
        raise failed
    finally:
        await _give_up(trying)


async def _connect(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        await asyncio.get_running_loop().sock_connect(sock, (address, port))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        sock.close()
        raise
    return sock


async def _give_up(trying: set[asyncio.Task[socket.socket]]) -> None:
    for task in trying:
        task.cancel()
    for task in trying:
        with suppress(asyncio.CancelledError, OSError):
            (await task).close()
