"""Binding a resource on a stream (RFC 6120 §7)."""

from typing import TYPE_CHECKING, Final

from palaver.jid import FullJID
from palaver.stream.events import Bind
from palaver.stream.state import State
from palaver.wire import ns
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError, StreamError
from palaver.wire.stanza import Stanza, error_element

if TYPE_CHECKING:
    from palaver.stream.client import ClientStream

NS: Final = "urn:ietf:params:xml:ns:xmpp-bind"


def handle(stream: "ClientStream", stanza: Stanza) -> None:
    """Take the first stanza of a client that logged in.

    Raises:
        StreamError: not-authorized, it is not the request for a resource.
    """
    request = stanza.child("bind", NS) if stanza.kind == "iq" else None
    if request is None or stanza.type != "set" or not stanza.id:
        raise StreamError("not-authorized", "bind a resource first")
    stream.request = stanza
    stream.tell(Bind(request.text_of("resource") or None))
    stream.wait(State.BINDING)


def bound(stream: "ClientStream", request: Stanza, address: FullJID) -> None:
    """Say which resource it is (§7.6.1)."""
    result = Element("bind", NS, None, Element("jid", NS, None, str(address)))
    stream.say(Element("iq", ns.CLIENT, {"type": "result", "id": request.id}, result).to_bytes())
    stream.state = State.BOUND


def refused(stream: "ClientStream", request: Stanza, error: StanzaError) -> None:
    """Say why there is none; the client may ask for another (§7.6.2)."""
    attrs = {"type": "error", "id": request.id}
    stream.say(Element("iq", ns.CLIENT, attrs, error_element(error)).to_bytes())
