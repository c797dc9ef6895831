"""Ports for the servers that tests start."""

import os
import random
import socket
from itertools import cycle

# Each process of a test run has its own: two would find the same one free at the same moment.
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_PORTS = range(10_000, 32_000)[_WORKER :: int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))]
# None comes twice: who was given one may not listen yet. Hypothesis does not rewind this order.
_next_ports = cycle(random.SystemRandom().sample(_PORTS, len(_PORTS)))


def free_ports(count: int) -> list[int]:
    """Find that many ports that nobody uses now, at no address.

    They are below those that systems give to connections that go out, of which there are many here.
    """
    sockets: list[socket.socket] = []
    try:
        while len(sockets) < count:
            found = socket.socket()
            try:
                found.bind(("", next(_next_ports)))
            except OSError:
                found.close()
            else:
                sockets.append(found)
        return [int(each.getsockname()[1]) for each in sockets]
    finally:
        for each in sockets:
            each.close()
