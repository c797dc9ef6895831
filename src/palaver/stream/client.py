"""A client's stream as the server sees it: from the first byte to a bound resource and the end.

This is the machine itself: bytes to elements, states, the opening and the closing. What an element
means is said by the parts in `_NONZAS` and `_STANZAS`, by state and namespace.
"""

import secrets
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from palaver import jid
from palaver.jid import BareJID, FullJID
from palaver.sasl import Channel, Condition, Found, SaslError
from palaver.stream import (
    client_state,
    early_request,
    exchange,
    features,
    header,
    login,
    management,
    resource,
    sasl2,
    starttls,
    upgrade,
)
from palaver.stream.authentication import Authentication
from palaver.stream.events import Ended, Event
from palaver.stream.inline import Inline
from palaver.stream.settings import StreamHost, StreamSettings
from palaver.stream.state import IDLE, State
from palaver.wire import events as wire
from palaver.wire import ns
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError, StreamError
from palaver.wire.scanner import Scanner
from palaver.wire.stanza import Stanza

_TOKENS: Final = 512  # ">" in one element before a resource is bound: half a tag is read again


class ClientStream:
    """The server's side of one client's stream.

    ``state``           where the stream is
    ``host``            the host the client asked for; empty before its header came
    ``lang``            the language it wants
    ``channel``         what carries the stream
    ``authentication``  who logged in, and how
    ``managed``         whether stream management is enabled, or being enabled
    ``request``         the request for a resource that is being answered
    ``visit``           what is known of a client before it logs in; None before it asked anything
    ``inline``          what the client asked for along with the login that goes on (XEP-0388)
    ``sender``          who the client says it is, before it logged in; None when it does not
    """

    __slots__ = (
        "_after", "_events", "_held", "_opened", "_out", "_scanner", "_tokens", "authentication",
        "channel", "feed", "host", "inline", "lang", "managed", "request", "sender", "settings",
        "state", "visit",
    )  # fmt: skip

    def __init__(self, settings: StreamSettings, channel: Channel) -> None:
        """Start before the first byte; ``channel`` is encrypted on a direct TLS port."""
        self.settings = settings
        self.channel = channel
        self._scanner = Scanner(settings.before)
        self.feed = self._scanner.feed
        """For a bound stream: bytes in, the scanner's events out, nothing between."""
        self.authentication = Authentication()
        self.state = State.OPENING
        self._after = State.CLOSED
        self._held = b""
        self._tokens = 0
        self.host = ""
        self._opened = False
        self.managed = False
        self.request: Stanza | None = None
        self.visit: dict[Any, Any] | None = None
        self.inline: Inline | None = None
        self.sender: BareJID | None = None
        self._out: list[bytes] = []
        self._events: list[Event] = []
        self.lang: str | None = None

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
        while self._held and self.state not in IDLE:
            if self.state is State.BOUND:
                data, self._held = self._held, b""
            else:
                cut = self._held.find(b">") + 1 or len(self._held)
                data, self._held = self._held[:cut], self._held[cut:]
            if self.state is State.AUTHENTICATING and data[:1].isspace() and self._scanner.between:
                self.end(StreamError("policy-violation", "no white space during a login"))
                return
            self._tokens += data.endswith(b">")
            for event in self._scanner.feed(data):
                self._tokens = 0
                self.handle(event)
            if self._tokens > _TOKENS:
                self.end(StreamError("policy-violation", "an element has too many parts"))
        if self.state is State.SECURING:
            if self._held.strip():
                self.end(StreamError("policy-violation", "nothing may follow starttls before TLS"))
            self._held = b""
        elif len(self._held) > self.settings.before.stanza_bytes and self.state in IDLE:
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
        if self.state is State.CLOSED:
            return
        if not self._opened:
            self._write_header(None)
        if error is not None:
            self._out.append(header.error(error))
        self._out.append(header.CLOSING)
        self.state = State.CLOSED
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
        self._take_sender(start.attrs.get("from"))
        self.lang = start.attrs.get("xml:lang")
        self._write_header(start.attrs.get("from"))
        header.check_version(start.attrs.get("version"))
        if self.authentication.identity is None:
            self.state = State.NEGOTIATING
        else:
            self.state = State.BINDING
        self.say(features.written(self.settings, self.here, self.channel, self.authentication))

    def _choose_host(self, to: str | None) -> None:
        if not to:
            raise StreamError("host-unknown", "the stream header does not say which host")
        try:
            name = jid.prepare_domain(to)
        except jid.JIDError:
            name = ""
        if name not in self.settings.hosts:
            raise StreamError("host-unknown", "this server does not serve that host")
        if self.authentication.identity is not None and name != self.host:
            raise StreamError("not-authorized", "you are logged in to another host")
        self.host = name

    def _take_sender(self, sender: str | None) -> None:
        """Note who the client will log in as; nothing is believed before it did (XEP-0388 §4).

        Raises:
            StreamError: invalid-from, it is somebody of another host (§2.1).
        """
        try:
            self.sender = jid.parse_bare(sender) if sender else None
        except jid.JIDError:
            self.sender = None
        if self.sender is not None and self.sender.domain != self.host:
            raise StreamError("invalid-from", "you are of another host")
        if self.sender is not None and not self.sender.local:
            self.sender = None

    def _write_header(self, to: str | None) -> None:
        self._opened = True
        self._out.append(
            header.opening(
                stream_id=secrets.token_urlsafe(12),
                sender=self.host or self.settings.default_host,
                to=to,
                lang=self.settings.lang,
            )
        )

    # -- what the parts do to it -------------------------------------------------------------------

    @property
    def here(self) -> StreamHost:
        """Return what is known of the host the client asked for."""
        return self.settings.hosts[self.host]

    @property
    def more(self) -> bool:
        """Tell whether the client sent more than was handled, besides white space."""
        return bool(self._held.strip())

    def say(self, data: bytes) -> None:
        """Send bytes to the client."""
        self._out.append(data)

    def tell(self, event: Event) -> None:
        """Let the connection know, or ask it for something."""
        self._events.append(event)

    def wait(self, after: State) -> None:
        """Take nothing until something outside is found out; then be in the state ``after``."""
        self._after = after
        self.state = State.WAITING

    def logged_in(self) -> None:
        """Take as much as from one that logged in, from the next element on."""
        self._scanner.limits = self.settings.after
        self._scanner.rest()

    def restart(self) -> None:
        """Expect a new header on the same connection (RFC 6120 §4.3.3)."""
        self._scanner.reset()
        self._opened = False
        self.state = State.OPENING

    def _nonza(self, element: Element) -> None:
        handle = _NONZAS.get((self.state, element.ns))
        if handle is not None:
            handle(self, element)
        elif self.state is State.NEGOTIATING:
            raise StreamError("not-authorized", "log in first")
        else:
            raise StreamError("unsupported-stanza-type", f"<{element.name}/> is not known here")

    def _stanza(self, stanza: Stanza) -> None:
        handle = _STANZAS.get(self.state)
        if handle is None:
            raise StreamError("not-authorized", "log in first")
        handle(self, stanza)

    # -- what the connection found out -------------------------------------------------------------

    def handshake(self) -> None:
        """Take note that what is received from now on comes through TLS.

        The first of it may come before anybody knows that TLS is established.
        """
        if self.state is State.SECURING:
            self.state = State.HANDSHAKE

    def secured(self, channel: Channel) -> list[Event]:
        """Go on: TLS is established."""
        if self.state is State.HANDSHAKE:
            self.channel = channel
            self.restart()
            self._read()
        return self._take()

    def resolve(self, found: Found, refusal: Condition | None = None, why: str = "") -> list[Event]:
        """Go on with what a `Lookup` was for."""
        return self._go_on(partial(exchange.resolve, self, found, refusal, why))

    def cannot_resolve(self) -> list[Event]:
        """Go on although storage did not answer: the login fails for now."""
        return self._go_on(partial(exchange.cannot_resolve, self))

    def established(
        self, identifier: str, results: list[bytes], *, bound: bool, resumed: bool = False
    ) -> list[Event]:
        """Go on: the client has what it asked for; ``results`` say what (XEP-0388 §2.6.1).

        What it sent behind its request waits for `receive`.
        """
        if self.state is State.WAITING:
            after = State.BOUND if bound else State.BINDING
            sasl2.established(self, identifier, results, after, resumed=resumed)
        return self._take()

    def ask_upgrade(self) -> list[Event]:
        """Go on: the account lacks keys that the client wants to give (XEP-0480)."""
        return self._go_on(partial(upgrade.ask, self))

    def refuse_login(self, condition: Condition) -> list[Event]:
        """Go on: the client is not let in after all."""
        error = SaslError(condition)
        return self._go_on(partial(exchange.fail, self, sasl2.PROFILE, error))

    def answer(self, data: bytes | None) -> list[Event]:
        """Go on with the answer to an `EarlyRequest`, or None when nobody answers that."""
        return self._go_on(partial(early_request.answered, self, data))

    def bound(self, address: FullJID) -> list[Event]:
        """Go on: the resource is bound."""
        request, self.request = self.request, None
        return self._go_on(partial(resource.bound, self, request, address)) if request else []

    def refuse_bind(self, error: StanzaError) -> list[Event]:
        """Go on: the resource cannot be bound."""
        request, self.request = self.request, None
        return self._go_on(partial(resource.refused, self, request, error)) if request else []

    def enabled(self, token: str | None, seconds: int) -> None:
        """Go on: the stream is managed, and may be resumed with the token (XEP-0198 §3)."""
        self.say(management.enabled(token, seconds))

    def refuse_management(self, condition: str, h: int | None = None) -> list[Event]:
        """Go on: the stream cannot be managed, or the session not be resumed."""
        self.managed = False
        answer = management.failed(condition, h)
        if self.state is State.BOUND:
            self.say(answer)
            return []
        return self._go_on(partial(self.say, answer))

    def resumed(self, token: str, h: int) -> list[Event]:
        """Go on: the session is resumed; ``h`` stanzas of it were handled (XEP-0198 §5)."""
        if self.state is not State.WAITING:
            return []
        self.say(management.resumed(token, h))
        self.managed = True
        self.state = State.BOUND
        return self._take()

    def _go_on(self, step: Callable[[], None]) -> list[Event]:
        if self.state is not State.WAITING:
            return []
        self.state = self._after
        try:
            step()
            self._read()
        except StreamError as error:
            self.end(error)
        return self._take()


def _pass_on(stream: ClientStream, stanza: Stanza) -> None:
    stream.tell(stanza)


_NONZAS: Final[Mapping[tuple[State, str], Callable[[ClientStream, Element], None]]] = {
    (State.NEGOTIATING, starttls.NS): starttls.handle,
    (State.NEGOTIATING, login.NS): login.handle,
    (State.NEGOTIATING, sasl2.NS): sasl2.begin,
    (State.AUTHENTICATING, sasl2.NS): sasl2.go_on,
    (State.NEGOTIATING, management.NS): management.handle,
    (State.BINDING, management.NS): management.handle,
    (State.BOUND, management.NS): management.handle,
    (State.BOUND, client_state.NS): client_state.handle,
}
"""Who takes an element that is no stanza, by the state of the stream and its namespace."""

_STANZAS: Final[Mapping[State, Callable[[ClientStream, Stanza], None]]] = {
    State.NEGOTIATING: early_request.handle,
    State.BINDING: resource.handle,
    State.BOUND: _pass_on,
}
