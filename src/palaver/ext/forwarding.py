"""Takes a stanza out of the one that brings it, and puts an answer into another (XEP-0297)."""

from typing import Final

from palaver import jid
from palaver.jid import JID
from palaver.wire import ns
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

FORWARD: Final = "urn:xmpp:forward:0"


def only(parent: Element | None, name: str, namespace: str) -> Element:
    """Return the one child that an element is there for.

    Raises:
        StanzaError: bad-request, it is not there, or not alone.
    """
    found = list(parent or ())
    if len(found) != 1 or (found[0].name, found[0].ns) != (name, namespace):
        raise StanzaError("bad-request", f"one <{name}/> of {namespace} belongs here")
    return found[0]


def address(element: Element, attribute: str) -> JID | None:
    """Return an address, or None where there is none.

    Raises:
        StanzaError: jid-malformed.
    """
    text = element.get(attribute)
    if text is None:
        return None
    try:
        return jid.parse(text)
    except jid.JIDError as error:
        raise StanzaError("jid-malformed", str(error)) from error


def unpacked(element: Element, sender: JID, to: JID | None) -> Stanza:
    """Return a stanza of an element, with these addresses."""
    attrs = {name: value for name, value in element.attrs.items() if name not in ("from", "to")}
    return Stanza.make(element.name, sender, to, attrs, *element)


def packed(stanza: Stanza, **changes: str) -> Element:
    """Return ``<forwarded/>`` with a stanza in it, some of its attributes changed."""
    attrs = {"from": stanza.sender, "to": stanza.to, **stanza.attrs, **changes}
    inner = Element(stanza.kind, ns.CLIENT, attrs, *stanza.elements)
    return Element("forwarded", FORWARD, None, inner)
