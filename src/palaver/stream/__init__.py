"""The negotiation of XML streams as plain objects: bytes in, events and bytes out, no sockets."""

from typing import Final

from palaver.specifications import Rfc, Xep

IMPLEMENTS: Final = (
    Rfc(
        6120,
        "Extensible Messaging and Presence Protocol (XMPP): Core",
        "streams of clients, and between servers",
    ),
    Xep(185, "1.0"),
    Xep(198, "1.6.3", "between servers too"),
    Xep(220, "1.1.1"),
    Xep(288, "1.0.1", "except keys for more domains on streams that we open"),
    Xep(386, "1.1.0"),
    Xep(388, "1.0.4"),
    Xep(478, "0.2.0", "between servers too"),
    Xep(480, "0.2.0"),
)
