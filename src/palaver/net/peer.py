"""Who is at the other end of a connection, as people write it."""

import ipaddress
import ssl


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


def why(error: BaseException) -> str:
    """Say why a handshake failed; a peer that hangs up gives no reason of its own."""
    if isinstance(error, ssl.SSLError) and error.reason:
        return error.reason.replace("_", " ").lower()  # without the place in Python's source
    return str(error) or "the connection was closed"
