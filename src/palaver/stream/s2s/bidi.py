"""Stanzas in both directions on one stream between servers (XEP-0288): its elements."""

from typing import Final

from palaver.wire.element import Element

NS: Final = "urn:xmpp:bidi"
NS_FEATURE: Final = "urn:xmpp:features:bidi"


def feature() -> Element:
    """Return the stream feature (§2.1)."""
    return Element("bidi", NS_FEATURE)


def offered(features: Element) -> bool:
    """Tell whether the other server offers it."""
    return features.find("bidi", NS_FEATURE) is not None


def request() -> bytes:
    """Return what makes a stream carry stanzas both ways (§2.2)."""
    return Element("bidi", NS).to_bytes()
