"""An external component for tests (XEP-0114): connects, proves who it is, and speaks raw XML."""

import hashlib
import itertools
from typing import Self
from xml.etree.ElementTree import Element
from xml.sax.saxutils import quoteattr

from tests.support.stream import BARRIER, DEADLINE, ClientError, Journal, Stream
from tests.support.xmlstream import STREAM, StreamOpened, XmlStream

_PING = "<ping xmlns='urn:xmpp:ping'/>"
_ids = itertools.count(1)
ACCEPT = "jabber:component:accept"


class Component(Stream):
    """A component of the server under test; see `Stream` for what it hears."""

    def __init__(
        self,
        domain: str,
        secret: str,
        *,
        address: tuple[str, int],
        journal: Journal | None = None,
        namespace: str = ACCEPT,
    ) -> None:
        super().__init__(domain, address=address, security="plain", journal=journal)
        self.secret = secret
        self._namespace = namespace

    async def connect(self) -> Self:
        """Connect and shake hands; raises `ClientError`."""
        await self.open()
        answer = await self.shake_hands()
        if answer.tag != f"{{{ACCEPT}}}handshake":
            raise ClientError(f"instead of a handshake the server sent {answer.tag}")
        return self

    async def barrier(self) -> None:
        """Wait until the server has handled what was sent, and sent what it brought before."""
        name = f"{BARRIER}{next(_ids)}"
        host = self.domain.partition(".")[2]
        ping = f"<iq type='get' id='{name}' from='{self.domain}' to='{host}'>{_PING}</iq>"
        await self.send(ping)
        await self.expect(lambda stanza: stanza.get("id") == name)

    async def start_stream(self) -> Element:
        """Send a header and wait for the server's; there are no features."""
        self._xml = XmlStream()
        await self.send(
            f"<?xml version='1.0'?><stream:stream to={quoteattr(self.domain)}"
            f" xmlns={quoteattr(self._namespace)} xmlns:stream='{STREAM}'>"
        )
        event = await self._event(DEADLINE)
        if not isinstance(event, StreamOpened):
            raise ClientError(f"instead of a stream header the server sent {event}")
        self.header = event.attributes
        return Element("features")

    async def shake_hands(self) -> Element:
        """Send the handshake and return what the server answers."""
        digest = hashlib.sha1(f"{self.header['id']}{self.secret}".encode()).hexdigest()
        await self.send(f"<handshake>{digest}</handshake>")
        return await self.receive()
