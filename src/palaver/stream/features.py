"""The features of a client's stream (RFC 6120 §4.3.2)."""

from typing import Final

from palaver.sasl import Channel
from palaver.stream import header
from palaver.stream.authentication import Authentication
from palaver.stream.resource import NS as NS_BIND
from palaver.stream.settings import StreamHost, StreamSettings
from palaver.stream.starttls import NS as NS_TLS
from palaver.wire.element import Element
from palaver.wire.events import Limits

NS_SESSION: Final = "urn:ietf:params:xml:ns:xmpp-session"
NS_LIMITS: Final = "urn:xmpp:stream-limits:0"


def written(
    settings: StreamSettings, here: StreamHost, channel: Channel, authentication: Authentication
) -> bytes:
    """Return the features as bytes; written once for all streams in the same position."""
    logged_in = authentication.identity is not None
    key = (logged_in, channel.encrypted, tuple(channel.bindings), channel.addresses)
    found = here.features.get(key)
    if found is None:
        if logged_in:
            elements = _after_login(settings, here)
        else:
            elements = _before_login(settings, here, channel, authentication)
        found = header.features(elements)
        if not channel.addresses:
            here.features[key] = found
    return found


def _after_login(settings: StreamSettings, here: StreamHost) -> list[Element]:
    return [
        Element("bind", NS_BIND),
        Element("session", NS_SESSION, None, Element("optional", NS_SESSION)),
        _limits(settings, settings.after),
        *here.after_login(),
    ]


def _before_login(
    settings: StreamSettings, here: StreamHost, channel: Channel, authentication: Authentication
) -> list[Element]:
    found: list[Element] = []
    required = here.policy.encryption_required
    if here.tls and not channel.encrypted:
        mark = Element("required", NS_TLS) if required else None
        found.append(Element("starttls", NS_TLS, None, mark))
    if channel.encrypted or not required:
        found += authentication.features(here.policy, channel)
        found += here.before_login()
    found.append(_limits(settings, settings.before))
    return found


def _limits(settings: StreamSettings, limits: Limits) -> Element:
    """Advertise what may be sent (XEP-0478)."""
    idle = settings.idle_seconds
    return Element(
        "limits",
        NS_LIMITS,
        None,
        Element("max-bytes", NS_LIMITS, None, str(limits.stanza_bytes)),
        Element("idle-seconds", NS_LIMITS, None, str(idle)) if idle else None,
    )
