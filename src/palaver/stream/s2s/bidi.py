"""Stanzas in both directions on one stream between servers (XEP-0288): its elements."""

from typing import Final

from palaver.stream.limits import limits
from palaver.wire.element import Element
from palaver.wire.events import Limits

NS: Final = "urn:xmpp:bidi"
NS_FEATURE: Final = "urn:xmpp:features:bidi"


def feature() -> Element:
    """Return the stream feature (§2.1)."""
    return Element("bidi", NS_FEATURE)


def offered(features: Element) -> bool:
    """Tell whether the other server offers it."""
    return features.find("bidi", NS_FEATURE) is not None


def request(own: Limits) -> bytes:
    """Return what makes a stream carry stanzas both ways (§2.2), and how large they may be.

    Whoever opens a stream has no features to say that in (XEP-0478 §4.2).
    """
    return Element("bidi", NS, None, limits(own)).to_bytes()
