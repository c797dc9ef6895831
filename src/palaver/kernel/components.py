"""External components: domains that programs of their own answer for (XEP-0114)."""

from collections import OrderedDict
from typing import Final, Protocol
from zlib import crc32

from palaver import jid
from palaver.jid import JID, BareJID
from palaver.kernel.component_settings import ComponentSettings
from palaver.kernel.session import Wire
from palaver.wire.errors import StanzaError, StreamError
from palaver.wire.stanza import Stanza

_MOST_ASKED: Final = 10_000  # requests under way, of which it is known who asks
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

    __slots__ = ("_asked", "address", "links", "settings")

    def __init__(self, domain: str, settings: ComponentSettings) -> None:
        self.address: BareJID = jid.parse_bare(domain)
        self.settings = settings
        self.links: tuple[Link, ...] = ()
        self._asked: OrderedDict[tuple[JID, JID | None, str | None], Wire] = OrderedDict()

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

    def asks(self, stanza: Stanza, wire: Wire) -> None:
        """Take note of which instance sends a request, as its answer is for that one alone."""
        if len(self.links) > 1 and stanza.type in ("get", "set"):
            self._asked[stanza.sender, stanza.to, stanza.id] = wire
            if len(self._asked) > _MOST_ASKED:
                self._asked.popitem(last=False)

    def take(self, stanza: Stanza) -> Link:
        """Pass a stanza on to an instance; return that.

        It is the one that an answer is for, and else the same for one pair of addresses.

        Raises:
            StanzaError: no instance is connected.
        """
        links = self.links
        if not links:
            raise StanzaError("service-unavailable", "the service is not connected at the moment")
        link = links[0] if len(links) == 1 else self._instance(stanza)
        link.carry(stanza)
        return link

    def _instance(self, stanza: Stanza) -> Link:
        assert stanza.to is not None
        if stanza.kind == "iq" and stanza.type in ("result", "error"):
            asking = self._asked.pop((stanza.to, stanza.sender, stanza.id), None)
            for link in self.links:
                if link is asking:
                    return link
        return self.links[_hash(stanza) % len(self.links)]


def _hash(stanza: Stanza) -> int:
    assert stanza.to is not None
    return crc32(f"{stanza.sender.bare} {stanza.to.bare}".encode())
