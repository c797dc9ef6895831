"""IQ requests before login, such as in-band registration (XEP-0077)."""

from typing import TYPE_CHECKING

from palaver.stream.events import EarlyRequest
from palaver.stream.state import State
from palaver.wire.errors import StreamError
from palaver.wire.stanza import Stanza

if TYPE_CHECKING:
    from palaver.stream.client import ClientStream


def handle(stream: "ClientStream", stanza: Stanza) -> None:
    """Take a stanza of a client that has not logged in.

    Raises:
        StreamError: not-authorized, it is no request, or it came before TLS that is required.
    """
    if not _is_request(stanza):
        raise StreamError("not-authorized", "log in first")
    if not stream.channel.encrypted and stream.here.policy.encryption_required:
        raise StreamError("not-authorized", "start TLS first")
    if stream.visit is None:
        stream.visit = {}
    stream.tell(EarlyRequest(stream.host, stanza, stream.visit))
    stream.wait(State.NEGOTIATING)


def answered(stream: "ClientStream", data: bytes | None) -> None:
    """Send the answer, or end the stream when nobody answers that (RFC 6120 §4.9.3.12)."""
    if data is None:
        raise StreamError("not-authorized", "log in first")
    stream.say(data)


def _is_request(stanza: Stanza) -> bool:
    """Tell whether a stanza is an IQ request as RFC 6120 §8.2.3 wants it."""
    is_request = stanza.kind == "iq" and stanza.type in ("get", "set")
    return is_request and bool(stanza.id) and len(stanza.names) == 1
