"""An attacker who can connect as a server: mallory has a good certificate, for its own domain."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.attacks.raw import Raw
from tests.federation.conftest import CAPULET, MALLORY, Domain

SASL = "urn:ietf:params:xml:ns:xmpp-sasl"
EXTERNAL = f"<auth xmlns='{SASL}' mechanism='EXTERNAL'>=</auth>"


def header(sender: str = MALLORY, to: str = CAPULET) -> str:
    """Write the header of a stream."""
    return (
        f"<?xml version='1.0'?><stream:stream from='{sender}' to='{to}' version='1.0'"
        " xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams'"
        " xmlns:db='jabber:server:dialback'>"
    )


@asynccontextmanager
async def connected(
    capulet: Domain, trust: ssl.SSLContext, opening: str = ""
) -> AsyncIterator[Raw]:
    """Connect with direct TLS, and say something first."""
    async with await Raw.open(("127.0.0.1", capulet.direct_port), trust, CAPULET) as raw:
        await raw.send(opening or header())
        yield raw


@asynccontextmanager
async def authenticated(
    capulet: Domain, trust: ssl.SSLContext, before: str = ""
) -> AsyncIterator[Raw]:
    """Connect as mallory, who may send stanzas of its domain; say something before the proof."""
    async with connected(capulet, trust) as raw:
        await raw.read_until(b"</stream:features>")
        assert b"EXTERNAL" in raw.received
        await raw.send(before + EXTERNAL)
        await raw.read_until(b"<success")
        raw.received = b""
        await raw.send(header())
        await raw.read_until(b"</stream:features>")
        raw.received = b""
        yield raw
