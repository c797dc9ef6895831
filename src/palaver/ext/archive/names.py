"""The names of XEP-0313, and of the tombstones of XEP-0424."""

from typing import Final

NS: Final = "urn:xmpp:mam:2"
EXTENDED: Final = f"{NS}#extended"
RETRACT: Final = "urn:xmpp:message-retract:1"
TOMBSTONE: Final = f"{RETRACT}#tombstone"
