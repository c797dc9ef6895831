"""A component's stream as the server sees it (XEP-0114 §3): header, handshake, stanzas."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from palaver import jid
from palaver.stream import header
from palaver.stream.events import Ended
from palaver.wire import events as wire
from palaver.wire import ns
from palaver.wire.element import Element
from palaver.wire.errors import StreamError
from palaver.wire.events import Limits
from palaver.wire.scanner import Scanner
from palaver.wire.stanza import Stanza

NS: Final = "jabber:component:accept"


@dataclass(frozen=True, slots=True)
class Verified:
    """The component proved that it knows the secret of its domain."""

    domain: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """Somebody did not know the secret, or asked for a domain that is no component's."""

    domain: str


Event = Stanza | Verified | Rejected | Ended


class _State(Enum):
    OPENING = auto()
    HANDSHAKE = auto()
    READY = auto()
    CLOSED = auto()


class ComponentStream:
    """The server's side of one component's stream: bytes in, events and bytes out."""

    __slots__ = ("_domain", "_events", "_id", "_out", "_scanner", "_secrets", "_state", "_wide")

    def __init__(self, shared: Mapping[str, str], before: Limits, after: Limits) -> None:
        """Start before the first byte; ``shared`` are the secrets by domain."""
        self._secrets = shared
        self._wide = after
        self._scanner = Scanner(before)
        self._state = _State.OPENING
        self._domain = ""
        self._id = secrets.token_hex(16)
        self._out: list[bytes] = []
        self._events: list[Event] = []

    def output(self) -> bytes:
        """Return the bytes to send, and forget them."""
        data = b"".join(self._out)
        self._out.clear()
        return data

    def receive(self, data: bytes) -> list[Event]:
        """Take bytes from the component."""
        for event in self._scanner.feed(data):
            if event.__class__ is Stanza and self._state is _State.READY:
                self._events.append(event)
            else:
                self._handle(event)
        found, self._events = self._events, []
        return found

    def end(self, error: StreamError | None) -> list[Event]:
        """Close the stream in order, with an error or without (RFC 6120 §4.4)."""
        self._finish(error)
        found, self._events = self._events, []
        return found

    def _finish(self, error: StreamError | None) -> None:
        if self._state is _State.CLOSED:
            return
        if self._state is _State.OPENING:
            self._write_header()
        if error is not None:
            self._out.append(header.error(error))
        self._out.append(header.CLOSING)
        self._state = _State.CLOSED
        self._scanner.close()
        self._events.append(Ended(error))

    def _handle(self, event: wire.Event) -> None:
        try:
            if isinstance(event, StreamError):
                raise event
            if isinstance(event, wire.StreamEnd):
                self._finish(None)
            elif isinstance(event, wire.StreamStart):
                self._open(event)
            elif isinstance(event, wire.Nonza):
                self._element(event.element)
            else:
                raise StreamError("not-authorized", "the handshake comes first")
        except StreamError as error:
            self._finish(error)

    def _open(self, start: wire.StreamStart) -> None:
        if start.namespace != NS:
            raise StreamError("invalid-namespace", f"this port is for {NS}")
        try:
            name = jid.prepare_domain(start.attrs.get("to") or "")
        except jid.JIDError:
            name = ""
        if name not in self._secrets:
            self._events.append(Rejected(name))
            raise StreamError("host-unknown", "no component of that name is configured here")
        self._domain = name
        self._write_header()
        self._state = _State.HANDSHAKE

    def _write_header(self) -> None:
        self._out.append(header.component_opening(self._id, self._domain, NS))

    def _element(self, element: Element) -> None:
        if element.ns == ns.STREAMS and element.name == "error":
            self._finish(None)  # it is no use to answer it with another (RFC 6120 §4.9.1.1)
        elif self._state is _State.HANDSHAKE:
            self._shake_hands(element)
        else:
            raise StreamError("unsupported-stanza-type", f"<{element.name}/> is not known here")

    def _shake_hands(self, element: Element) -> None:
        if element.name != "handshake" or element.ns != NS:
            raise StreamError("not-authorized", "the handshake comes first")
        expected = handshake(self._id, self._secrets[self._domain])
        if not hmac.compare_digest(expected.encode(), element.text.strip().lower().encode()):
            self._events.append(Rejected(self._domain))
            raise StreamError("not-authorized", "the handshake does not match the secret")
        self._scanner.limits = self._wide
        self._state = _State.READY
        self._out.append(b"<handshake/>")
        self._events.append(Verified(self._domain))


def handshake(stream_id: str, secret: str) -> str:
    """Return what proves that somebody knows the secret (XEP-0114 §3)."""
    return hashlib.sha1(f"{stream_id}{secret}".encode(), usedforsecurity=False).hexdigest()
