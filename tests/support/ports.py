"""Ports for the servers that tests start."""

import random
import socket
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

_BLOCK: Final = 100
_BLOCKS: Final = range(10_000, 32_000, _BLOCK)
"""Below the ports that systems give to connections that go out, of which there are many here."""

_held: list[socket.socket] = []


def free_ports(count: int) -> list[int]:
    """Find that many ports that nobody uses now, at no address, and that nobody else is given.

    None comes twice: who was given one may not listen yet.
    """
    found: list[int] = []
    while len(found) < count:
        port = next(_ports)
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("", port))
            found.append(port)
    return found


def _ours() -> Iterator[int]:
    """Iterate over the ports of blocks whose first one this process holds for as long as it runs.

    So test runs beside each other, and the processes of one, have different ones.
    """
    own: list[range] = []
    # Hypothesis does not rewind this order.
    for start in random.SystemRandom().sample(_BLOCKS, len(_BLOCKS)):
        first = socket.socket()
        try:
            first.bind(("127.0.0.1", start))
            first.listen()
        except OSError:
            first.close()
            continue
        _held.append(first)
        own.append(range(start + 1, start + _BLOCK))
        yield from own[-1]
    while own:
        for block in own:
            yield from block


_ports = _ours()
