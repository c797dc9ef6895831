"""Who is at the other end of a connection, as people write it."""

import asyncio
import ipaddress
import socket
import ssl
from typing import Final

_KEEPING_ALIVE: Final = {
    "TCP_KEEPIDLE": 60,  # seconds of silence until the peer is asked
    "TCP_KEEPINTVL": 15,
    "TCP_KEEPCNT": 4,
    "TCP_USER_TIMEOUT": 120_000,  # milliseconds in which it confirms what it is sent
}


def address_of(name: object) -> str:
    """Return the IP address in a socket's name, or an empty text where it has none.

    A socket for IPv6 and IPv4 tells an IPv4 address as ``::ffff:192.0.2.1`` (RFC 4291 §2.5.5.2);
    what is logged, limited and shown is the IPv4 address itself.
    """
    if not isinstance(name, tuple) or not name:
        return ""
    address = str(name[0])
    if not address.startswith("::ffff:"):
        return address
    mapped = ipaddress.IPv6Address(address).ipv4_mapped
    return str(mapped) if mapped is not None else address


def watch(transport: asyncio.BaseTransport) -> None:
    """Let the system find out that a peer is gone without a word, in two minutes or so.

    For peers that need not say anything for long; not every system has all of the options.
    """
    end = transport.get_extra_info("socket")
    end.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _KEEPING_ALIVE.items():
        option = getattr(socket, name, None)
        if option is not None:
            end.setsockopt(socket.IPPROTO_TCP, option, value)


def why(error: BaseException) -> str:
    """Say why a handshake failed; a peer that hangs up gives no reason of its own."""
    if isinstance(error, ssl.SSLError) and error.reason:
        return error.reason.replace("_", " ").lower()  # without the place in Python's source
    return str(error) or "the connection was closed"
