"""The kernel: settings, accounts and sessions, hooks, the extension loader and the router."""

from typing import Final

from palaver.specifications import Rfc

IMPLEMENTS: Final = (
    Rfc(
        6121,
        "Extensible Messaging and Presence Protocol (XMPP): Instant Messaging and Presence",
        "with the extensions `roster`, `presence` and `offline`",
    ),
)
