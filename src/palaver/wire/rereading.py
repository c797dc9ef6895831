"""Reads again what we wrote: single stanzas as bytes, from a queue or from storage."""

from typing import Final

from palaver import jid
from palaver.wire import ns
from palaver.wire.errors import WireError
from palaver.wire.events import Limits
from palaver.wire.scanner import Scanner
from palaver.wire.stanza import Stanza

_HEADER: Final = (
    f"<stream:stream xmlns='{ns.CLIENT}' xmlns:stream='{ns.STREAMS}' version='1.0'>".encode()
)
_ROOM: Final = 1 << 16  # bytes that we may have added to what a peer was allowed to send


def reread(data: bytes) -> Stanza:
    """Return the stanza that these bytes are, with its addresses.

    Raises:
        WireError: they are no stanza.
    """
    scanner = Scanner(Limits(stanza_bytes=len(data) + _ROOM, depth=1024, attributes=1024))
    for event in scanner.feed(_HEADER + data):
        if isinstance(event, Stanza):
            to = event.attrs.pop("to", None)
            event.sender = jid.parse(event.attrs.pop("from"))
            event.to = None if to is None else jid.parse(to)
            return event
    raise WireError("these bytes are no stanza")
