"""External components: domains that programs of their own answer for (XEP-0114)."""

from typing import Final, Protocol
from zlib import crc32

from palaver import jid
from palaver.jid import BareJID
from palaver.kernel.session import Wire
from palaver.kernel.settings import ComponentSettings
from palaver.wire.errors import StanzaError, StreamError
from palaver.wire.stanza import Stanza

_REPLACED: Final = "another instance of the component connected"


class Link(Wire, Protocol):
    """The connection of one instance of a component."""

    def carry(self, stanza: Stanza) -> None:
        """Send a stanza to the component."""


class Component:
    """A domain, and the instances of the component that answer for it now.

    ``address``  its domain
    ``settings`` its section of the configuration
    ``links``    the connections of its instances, in the order in which they came
    """

    __slots__ = ("address", "links", "settings")

    def __init__(self, domain: str, settings: ComponentSettings) -> None:
        self.address: BareJID = jid.parse_bare(domain)
        self.settings = settings
        self.links: tuple[Link, ...] = ()

    def join(self, link: Link) -> None:
        """Take an instance that has proved who it is; it replaces others unless they share."""
        others = self.links
        if self.settings.share:
            self.links = (*others, link)
            return
        self.links = (link,)
        for other in others:
            other.end(StreamError("conflict", _REPLACED))

    def leave(self, link: Link) -> None:
        """Take note that an instance is gone."""
        self.links = tuple(other for other in self.links if other is not link)

    def take(self, stanza: Stanza) -> Link:
        """Pass a stanza on to an instance, the same for one pair of addresses; return that.

        Raises:
            StanzaError: no instance is connected.
        """
        links = self.links
        if not links:
            raise StanzaError("service-unavailable", "the service is not connected at the moment")
        link = links[0] if len(links) == 1 else links[_hash(stanza) % len(links)]
        link.carry(stanza)
        return link


def _hash(stanza: Stanza) -> int:
    assert stanza.to is not None
    return crc32(f"{stanza.sender.bare} {stanza.to.bare}".encode())
