"""Reading of an XML stream into elements, as a client sees it (RFC 6120 §4)."""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, XMLPullParser

STREAM = "http://etherx.jabber.org/streams"
CLIENT = "jabber:client"
TLS = "urn:ietf:params:xml:ns:xmpp-tls"
SASL = "urn:ietf:params:xml:ns:xmpp-sasl"
BIND = "urn:ietf:params:xml:ns:xmpp-bind"
STANZAS = "urn:ietf:params:xml:ns:xmpp-stanzas"
PING = "urn:xmpp:ping"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True)
class StreamOpened:
    """The peer's stream header, with its attributes."""

    attributes: dict[str, str]


@dataclass(frozen=True, slots=True)
class StreamClosed:
    """The peer's ``</stream:stream>``."""


Event = StreamOpened | StreamClosed | Element


class XmlStream:
    """Turns the bytes of one stream into events; a restarted stream needs a new one."""

    def __init__(self) -> None:
        self._parser: XMLPullParser[Element] = XMLPullParser(("start", "end"))
        self._root: Element | None = None
        self._depth = 0

    def feed(self, data: bytes) -> Iterator[Event]:
        """Take bytes and give the events they complete; raises `ParseError` for bad XML."""
        self._parser.feed(data)
        # Newer versions of expat hold back the last token unless told not to.
        flush = getattr(self._parser, "flush", None)
        if flush is not None:
            flush()
        for kind, *rest in self._parser.read_events():
            (element,) = rest
            assert isinstance(element, Element)
            event = self._start(element) if kind == "start" else self._end(element)
            if event is not None:
                yield event

    def _start(self, element: Element) -> Event | None:
        self._depth += 1
        if self._depth > 1:
            return None
        self._root = element
        return StreamOpened(dict(element.attrib))

    def _end(self, element: Element) -> Event | None:
        self._depth -= 1
        if self._depth == 0:
            return StreamClosed()
        if self._depth > 1:
            return None
        assert self._root is not None
        self._root.clear()
        element.tail = None
        return element
