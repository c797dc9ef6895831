"""The only part that knows sockets, TLS and the event loop."""

from typing import Final

from palaver.specifications import Rfc, Xep

IMPLEMENTS: Final = (
    Rfc(7590, "Use of Transport Layer Security (TLS) in XMPP"),
    Xep(368, "1.1.0", "direct TLS for clients, with ALPN; the records are the administrator's"),
)
