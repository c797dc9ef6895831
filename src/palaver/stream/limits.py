"""What may be sent on a stream, as its receiver says (XEP-0478)."""

from typing import Final

from palaver.wire.element import Element
from palaver.wire.events import Limits

NS: Final = "urn:xmpp:stream-limits:0"
_DIGITS: Final = 18  # in a number; larger ones limit nothing


def limits(own: Limits, idle_seconds: int = 0) -> Element:
    """Return what says how much is taken; ``idle_seconds`` of 0 are not told."""
    return Element(
        "limits",
        NS,
        None,
        Element("max-bytes", NS, None, str(own.stanza_bytes)),
        Element("idle-seconds", NS, None, str(idle_seconds)) if idle_seconds else None,
    )


def max_bytes(parent: Element) -> int:
    """Return how many bytes a stanza may have, as a child of an element says; 0 where none does."""
    found = parent.find("limits", NS)
    text = (found.text_of("max-bytes", NS) or "").strip() if found is not None else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else 0
