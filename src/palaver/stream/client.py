"""A client's stream as the server sees it: from the first byte to a bound resource and the end.

The states and what each lets through (RFC 6120 §4.3):

=============  ======================================  =================================
state          takes                                   leads to
=============  ======================================  =================================
``OPENING``    a stream header                         ``NEGOTIATING``, or ``BINDING``
``NEGOTIATING``  starttls, SASL, early IQ requests     ``SECURING``, ``WAITING``, ``OPENING``
``SECURING``   nothing: the connection begins TLS      ``HANDSHAKE``, by `handshake`
``HANDSHAKE``  nothing: TLS is not established yet     ``OPENING``, by `secured`
``WAITING``    nothing: a look-up or bind is going on  the state before, or ``BOUND``
``BINDING``    the IQ that binds a resource            ``WAITING``
``BOUND``      stanzas                                 ``CLOSED``
``CLOSED``     nothing
=============  ======================================  =================================

Bytes that arrive in a state that takes nothing are kept until it is left, except those behind
``<starttls/>``: they came in clear, and end the stream (RFC 6120 §5.4.3.3).
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

from palaver import jid
from palaver.jid import FullJID
from palaver.sasl import Channel, Condition, Policy, ScramKeys
from palaver.stream import authentication, header
from palaver.stream.authentication import Authentication
from palaver.stream.events import (
    Bind,
    EarlyRequest,
    Ended,
    Event,
    LoggedIn,
    Lookup,
    StartTls,
)
from palaver.wire import events as wire
from palaver.wire import ns
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError, StreamError
from palaver.wire.scanner import Scanner
from palaver.wire.stanza import Stanza, error_element

NS_TLS: Final = "urn:ietf:params:xml:ns:xmpp-tls"
NS_BIND: Final = "urn:ietf:params:xml:ns:xmpp-bind"
NS_SESSION: Final = "urn:ietf:params:xml:ns:xmpp-session"
NS_LIMITS: Final = "urn:xmpp:stream-limits:0"
_TOKENS: Final = 512  # ">" in one element before a resource is bound: half a tag is read again


class State(Enum):
    """Where a stream is; see the table above."""

    OPENING = auto()
    NEGOTIATING = auto()
    SECURING = auto()
    HANDSHAKE = auto()
    WAITING = auto()
    BINDING = auto()
    BOUND = auto()
    CLOSED = auto()


_IDLE: Final = frozenset({State.SECURING, State.HANDSHAKE, State.WAITING, State.CLOSED})


@dataclass(frozen=True, slots=True)
class StreamHost:
    """What a stream needs to know of a host.

    ``policy``  which SASL mechanisms, and for whom
    ``tls``     whether there is a certificate to offer STARTTLS with
    ``before_login``, ``after_login``  give the features that extensions add
    ``features``  the features already written, by the position of the stream
    """

    policy: Policy
    tls: bool
    before_login: Callable[[], list[Element]]
    after_login: Callable[[], list[Element]]
    features: dict[tuple[object, ...], bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StreamSettings:
    """What is the same for every client stream.

    ``before``, ``after``  limits before and after login
    ``idle_seconds``       told to clients (XEP-0478), 0 for none
    ``attempts``           failed logins until the stream is closed
    """

    hosts: Mapping[str, StreamHost]
    default_host: str
    lang: str
    before: wire.Limits
    after: wire.Limits
    idle_seconds: int
    attempts: int


class ClientStream:
    """The server's side of one client's stream."""

    __slots__ = (
        "_after", "_authentication", "_channel", "_events", "_held", "_host", "_opened",
        "_out", "_request", "_scanner", "_settings", "_state", "_tokens", "feed", "lang",
    )  # fmt: skip

    def __init__(self, settings: StreamSettings, channel: Channel) -> None:
        """Start before the first byte; ``channel`` is encrypted on a direct TLS port."""
        self._settings = settings
        self._channel = channel
        self._scanner = Scanner(settings.before)
        self.feed = self._scanner.feed
        """For a bound stream: bytes in, the scanner's events out, nothing between."""
        self._authentication = Authentication()
        self._state = State.OPENING
        self._after = State.CLOSED
        self._held = b""
        self._tokens = 0
        self._host = ""
        self._opened = False
        self._request: Stanza | None = None
        self._out: list[bytes] = []
        self._events: list[Event] = []
        self.lang: str | None = None

    @property
    def state(self) -> State:
        """Where the stream is."""
        return self._state

    @property
    def host(self) -> str:
        """The host the client asked for; empty before its header came."""
        return self._host

    @property
    def authentication(self) -> Authentication:
        """Who logged in, and how."""
        return self._authentication

    def output(self) -> bytes:
        """Return the bytes to send, and forget them."""
        data = b"".join(self._out)
        self._out.clear()
        return data

    def receive(self, data: bytes) -> list[Event]:
        """Take bytes from the client, until a resource is bound."""
        self._held += data
        self._read()
        return self._take()

    def _take(self) -> list[Event]:
        found, self._events = self._events, []
        return found

    def _read(self) -> None:
        """Go on token by token: an element may change what the bytes behind it mean."""
        while self._held and self._state not in _IDLE:
            if self._state is State.BOUND:
                data, self._held = self._held, b""
            else:
                cut = self._held.find(b">") + 1 or len(self._held)
                data, self._held = self._held[:cut], self._held[cut:]
            self._tokens += data.endswith(b">")
            for event in self._scanner.feed(data):
                self._tokens = 0
                self.handle(event)
            if self._tokens > _TOKENS:
                self.end(StreamError("policy-violation", "an element has too many parts"))
        if self._state is State.SECURING:
            if self._held.strip():
                self.end(StreamError("policy-violation", "nothing may follow starttls before TLS"))
            self._held = b""
        elif len(self._held) > self._settings.before.stanza_bytes and self._state in _IDLE:
            self.end(StreamError("policy-violation", "too much was sent without waiting"))

    def handle(self, event: wire.Event) -> None:
        """Take one event of the scanner."""
        try:
            if isinstance(event, StreamError):
                raise event
            if isinstance(event, wire.StreamEnd):
                self.end(None)
            elif isinstance(event, wire.StreamStart):
                self._open(event)
            elif isinstance(event, wire.Nonza):
                self._nonza(event.element)
            else:
                self._stanza(event)
        except StreamError as error:
            self.end(error)

    def end(self, error: StreamError | None) -> None:
        """Close the stream in order, with an error or without (RFC 6120 §4.4, §4.9.1.1)."""
        if self._state is State.CLOSED:
            return
        if not self._opened:
            self._write_header(None)
        if error is not None:
            self._out.append(header.error(error))
        self._out.append(header.CLOSING)
        self._state = State.CLOSED
        self._scanner.close()
        self._held = b""
        self._events.append(Ended(error))

    def rest(self) -> None:
        """Give up memory that an idle stream does not need."""
        self._scanner.rest()

    # -- the stream itself -------------------------------------------------------------------------

    def _open(self, start: wire.StreamStart) -> None:
        if start.namespace != ns.CLIENT:
            raise StreamError("invalid-namespace", f"this port is for {ns.CLIENT}")
        self._choose_host(start.attrs.get("to"))
        self.lang = start.attrs.get("xml:lang")
        self._write_header(start.attrs.get("from"))
        header.check_version(start.attrs.get("version"))
        if self._authentication.identity is None:
            self._state = State.NEGOTIATING
        else:
            self._state = State.BINDING
        self._out.append(self._features())

    def _choose_host(self, to: str | None) -> None:
        if not to:
            raise StreamError("host-unknown", "the stream header does not say which host")
        try:
            name = jid.prepare_domain(to)
        except jid.JIDError:
            name = ""
        if name not in self._settings.hosts:
            raise StreamError("host-unknown", "this server does not serve that host")
        if self._authentication.identity is not None and name != self._host:
            raise StreamError("not-authorized", "you are logged in to another host")
        self._host = name

    def _write_header(self, to: str | None) -> None:
        self._opened = True
        self._out.append(
            header.opening(
                stream_id=secrets.token_urlsafe(12),
                sender=self._host or self._settings.default_host,
                to=to,
                lang=self._settings.lang,
            )
        )

    @property
    def _here(self) -> StreamHost:
        return self._settings.hosts[self._host]

    def _features(self) -> bytes:
        """Return the stream features; written once for all streams in the same position."""
        channel = self._channel
        logged_in = self._authentication.identity is not None
        key = (logged_in, channel.encrypted, tuple(channel.bindings), channel.addresses)
        known = self._here.features
        written = known.get(key)
        if written is None:
            written = header.features(self._feature_elements())
            if not channel.addresses:
                known[key] = written
        return written

    def _feature_elements(self) -> list[Element]:
        here = self._here
        if self._authentication.identity is not None:
            return [
                Element("bind", NS_BIND),
                Element("session", NS_SESSION, None, Element("optional", NS_SESSION)),
                self._limits(self._settings.after),
                *here.after_login(),
            ]
        found: list[Element] = []
        required = here.policy.encryption_required
        if here.tls and not self._channel.encrypted:
            mark = Element("required", NS_TLS) if required else None
            found.append(Element("starttls", NS_TLS, None, mark))
        if self._channel.encrypted or not required:
            found += self._authentication.features(here.policy, self._channel)
            found += here.before_login()
        found.append(self._limits(self._settings.before))
        return found

    def _limits(self, limits: wire.Limits) -> Element:
        """Advertise what may be sent (XEP-0478)."""
        idle = self._settings.idle_seconds
        return Element(
            "limits",
            NS_LIMITS,
            None,
            Element("max-bytes", NS_LIMITS, None, str(limits.stanza_bytes)),
            Element("idle-seconds", NS_LIMITS, None, str(idle)) if idle else None,
        )

    def _restart(self) -> None:
        """Expect a new header on the same connection (RFC 6120 §4.3.3)."""
        self._scanner.reset()
        self._opened = False
        self._state = State.OPENING

    # -- before a resource is bound ----------------------------------------------------------------

    def _nonza(self, element: Element) -> None:
        if self._state is State.NEGOTIATING and element.ns == authentication.NS:
            reply = self._authentication.handle(element, self._here.policy, self._channel)
            self._authenticate(*reply)
        elif self._state is State.NEGOTIATING and element.key == f"{NS_TLS} starttls":
            self._start_tls()
        elif self._state is State.NEGOTIATING:
            raise StreamError("not-authorized", "log in first")
        else:
            raise StreamError("unsupported-stanza-type", f"<{element.name}/> is not known here")

    def _start_tls(self) -> None:
        if self._channel.encrypted or not self._here.tls:
            self._out.append(Element("failure", NS_TLS).to_bytes())
            self.end(None)
            return
        if self._held.strip():
            raise StreamError("policy-violation", "nothing may follow starttls before TLS")
        self._out.append(Element("proceed", NS_TLS).to_bytes())
        self._state = State.SECURING
        self._events.append(StartTls(self._host))

    def handshake(self) -> None:
        """Take note that what is received from now on comes through TLS.

        The first of it may come before anybody knows that TLS is established.
        """
        if self._state is State.SECURING:
            self._state = State.HANDSHAKE

    def secured(self, channel: Channel) -> list[Event]:
        """Go on: TLS is established."""
        if self._state is State.HANDSHAKE:
            self._channel = channel
            self._restart()
            self._read()
        return self._take()

    def _authenticate(self, data: bytes, event: Event | None) -> None:
        self._out.append(data)
        if event is not None:
            self._events.append(event)
        if isinstance(event, Lookup):
            self._wait(State.NEGOTIATING)
        elif isinstance(event, LoggedIn):
            self._scanner.limits = self._settings.after
            self._restart()
        if self._authentication.failures >= self._settings.attempts:
            raise StreamError("policy-violation", "too many failed logins")

    def resolve(
        self, found: ScramKeys | bool | None, refusal: Condition | None = None
    ) -> list[Event]:
        """Go on with what a `Lookup` was for: keys or None, a verdict, or whether there is one."""
        return self._resume(lambda: self._authentication.resolve(found, refusal))

    def cannot_resolve(self) -> list[Event]:
        """Go on although storage did not answer: the login fails for now."""
        return self._resume(lambda: self._authentication.fail(Condition.TEMPORARY_AUTH_FAILURE))

    def _resume(self, answer: Callable[[], tuple[bytes, Event | None]]) -> list[Event]:
        if self._state is not State.WAITING:
            return []
        self._state = self._after
        try:
            self._authenticate(*answer())
            self._read()
        except StreamError as error:
            self.end(error)
        return self._take()

    def _wait(self, after: State) -> None:
        self._after = after
        self._state = State.WAITING

    def _stanza(self, stanza: Stanza) -> None:
        if self._state is State.BOUND:
            self._events.append(stanza)
        elif self._state is State.BINDING:
            self._bind(stanza)
        elif _is_request(stanza):
            if not self._channel.encrypted and self._here.policy.encryption_required:
                raise StreamError("not-authorized", "start TLS first")
            self._request = stanza
            self._events.append(EarlyRequest(self._host, stanza))
            self._wait(State.NEGOTIATING)
        else:
            raise StreamError("not-authorized", "log in first")

    def answer(self, data: bytes | None) -> list[Event]:
        """Go on with the answer to an `EarlyRequest`, or None when nobody answers that.

        A client that just asks too early is told so by the stream error of RFC 6120 §4.9.3.12.
        """
        if self._state is not State.WAITING:
            return []
        self._state = self._after
        self._request = None
        if data is None:
            self.end(StreamError("not-authorized", "log in first"))
        else:
            self._out.append(data)
            self._read()
        return self._take()

    def _bind(self, stanza: Stanza) -> None:
        request = stanza.child("bind", NS_BIND) if stanza.kind == "iq" else None
        if request is None or stanza.type != "set" or not stanza.id:
            raise StreamError("not-authorized", "bind a resource first")
        self._request = stanza
        self._events.append(Bind(request.text_of("resource") or None))
        self._wait(State.BINDING)

    def bound(self, address: FullJID) -> list[Event]:
        """Go on: the resource is bound (RFC 6120 §7.6.1)."""
        if self._state is not State.WAITING or self._request is None:
            return []
        result = Element("bind", NS_BIND, None, Element("jid", NS_BIND, None, str(address)))
        answer = Element("iq", ns.CLIENT, {"type": "result", "id": self._request.id}, result)
        self._out.append(answer.to_bytes())
        self._request = None
        self._state = State.BOUND
        self._read()
        return self._take()

    def refuse_bind(self, error: StanzaError) -> list[Event]:
        """Go on: the resource cannot be bound; the client may ask for another (§7.6.2)."""
        if self._state is not State.WAITING or self._request is None:
            return []
        request = self._request
        attrs = {"type": "error", "id": request.id}
        self._out.append(Element("iq", ns.CLIENT, attrs, error_element(error)).to_bytes())
        self._request = None
        self._state = State.BINDING
        self._read()
        return self._take()


def _is_request(stanza: Stanza) -> bool:
    """Tell whether a stanza is an IQ request as RFC 6120 §8.2.3 wants it."""
    is_request = stanza.kind == "iq" and stanza.type in ("get", "set")
    return is_request and bool(stanza.id) and len(stanza.names) == 1
