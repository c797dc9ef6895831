"""The only part that knows sockets, TLS and the event loop."""

from typing import Final

from palaver.specifications import Rfc, Xep

IMPLEMENTS: Final = (
    Rfc(7590, "Use of Transport Layer Security (TLS) in XMPP"),
    Rfc(2782, "A DNS RR for specifying the location of services (DNS SRV)"),
    Rfc(8305, "Happy Eyeballs Version 2", "for connections to other servers"),
    Xep(368, "1.1.0", "for clients and servers, with ALPN; the records are the administrator's"),
)
