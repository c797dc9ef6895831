"""The names of XEP-0313."""

from typing import Final

NS: Final = "urn:xmpp:mam:2"
EXTENDED: Final = f"{NS}#extended"
