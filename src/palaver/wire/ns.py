"""Holds the namespaces that the wire itself needs; a feature's namespaces live in its own file."""

from typing import Final

CLIENT: Final = "jabber:client"
STREAMS: Final = "http://etherx.jabber.org/streams"
STREAM_ERRORS: Final = "urn:ietf:params:xml:ns:xmpp-streams"
STANZA_ERRORS: Final = "urn:ietf:params:xml:ns:xmpp-stanzas"
XML: Final = "http://www.w3.org/XML/1998/namespace"


def qname(ns: str, local: str) -> str:
    """Return the key under which the scanner reports an element: namespace, space, local name.

    Where there is no namespace it is the name alone.
    """
    return f"{ns} {local}" if ns else local
