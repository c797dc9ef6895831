"""The features of a client's stream (RFC 6120 §4.3.2)."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from palaver.sasl import Channel
from palaver.stream import header, management, sasl2
from palaver.stream.authentication import Authentication
from palaver.stream.limits import limits
from palaver.stream.resource import NS as NS_BIND
from palaver.stream.settings import StreamHost, StreamSettings
from palaver.stream.starttls import NS as NS_TLS
from palaver.stream.state import State
from palaver.wire.element import Element

if TYPE_CHECKING:
    from palaver.stream.client import ClientStream

NS_SESSION: Final = "urn:ietf:params:xml:ns:xmpp-session"


def written(
    settings: StreamSettings, here: StreamHost, channel: Channel, authentication: Authentication
) -> bytes:
    """Return the features as bytes; written once for all streams in the same position."""
    if authentication.identity is not None:
        return _once(here, State.BINDING, lambda: _to_bind(settings, here))
    key = (channel.encrypted, tuple(channel.bindings))
    write = partial(_before_login, settings, here, channel, authentication)
    return header.features(write()) if channel.addresses else _once(here, key, write)


def after_success(stream: "ClientStream") -> bytes:
    """Return the features of a stream that logged in without starting anew (XEP-0388 §2.6.1)."""
    settings, here = stream.settings, stream.here
    if stream.state is State.BINDING:
        return _once(here, State.BINDING, lambda: _to_bind(settings, here))
    key = (State.BOUND, stream.managed)
    return _once(here, key, lambda: _bound(settings, here, managed=stream.managed))


def _once(here: StreamHost, key: object, write: Callable[[], list[Element]]) -> bytes:
    found = here.features.get(key)
    if found is None:
        found = here.features[key] = header.features(write())
    return found


def _to_bind(settings: StreamSettings, here: StreamHost) -> list[Element]:
    return [
        Element("bind", NS_BIND),
        Element("session", NS_SESSION, None, Element("optional", NS_SESSION)),
        *_bound(settings, here, managed=False),
    ]


def _bound(settings: StreamSettings, here: StreamHost, *, managed: bool) -> list[Element]:
    """Return what can still be had; enabling stream management twice is an error."""
    offered = (each for each in here.after_login() if not (managed and each.ns == management.NS))
    return [limits(settings.after, settings.idle_seconds), *offered]


def _before_login(
    settings: StreamSettings, here: StreamHost, channel: Channel, authentication: Authentication
) -> list[Element]:
    found: list[Element] = []
    required = here.policy.encryption_required
    if here.tls and not channel.encrypted:
        mark = Element("required", NS_TLS) if required else None
        found.append(Element("starttls", NS_TLS, None, mark))
    if channel.encrypted or not required:
        offer = sasl2.feature(here, channel)
        if offer is not None:
            found.append(offer)
        found += authentication.features(here.policy, channel)
        found += here.before_login()
    found.append(limits(settings.before, settings.idle_seconds))
    return found
