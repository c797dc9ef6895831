"""STARTTLS on a stream (RFC 6120 §5)."""

from typing import TYPE_CHECKING, Final

from palaver.stream.events import StartTls
from palaver.stream.state import State
from palaver.wire.element import Element
from palaver.wire.errors import StreamError

if TYPE_CHECKING:
    from palaver.stream.client import ClientStream

NS: Final = "urn:ietf:params:xml:ns:xmpp-tls"


def handle(stream: "ClientStream", element: Element) -> None:
    """Take an element of the namespace before login.

    Raises:
        StreamError: policy-violation, the client did not wait for the answer (§5.4.3.3);
            not-authorized for anything but the request.
    """
    if element.name != "starttls":
        raise StreamError("not-authorized", "log in first")
    if stream.channel.encrypted or not stream.here.tls:
        stream.say(Element("failure", NS).to_bytes())
        stream.end(None)
        return
    if stream.more:
        raise StreamError("policy-violation", "nothing may follow starttls before TLS")
    stream.say(Element("proceed", NS).to_bytes())
    stream.state = State.SECURING
    stream.tell(StartTls(stream.host))
