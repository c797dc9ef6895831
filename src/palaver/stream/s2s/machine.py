"""What both ends of a stream between servers have in common: bytes to elements, and the end."""

from abc import ABC, abstractmethod
from typing import ClassVar, Final

from palaver.stream import header
from palaver.stream.s2s import dialback
from palaver.stream.s2s.dialback import Pair
from palaver.stream.s2s.events import Ended, Event
from palaver.stream.s2s.proving import Proving
from palaver.stream.s2s.settings import PeerCertificate, ServerStreamSettings
from palaver.wire import events as wire
from palaver.wire import ns
from palaver.wire.element import Element
from palaver.wire.errors import StreamError
from palaver.wire.scanner import Scanner
from palaver.wire.stanza import Stanza

NS: Final = "jabber:server"
NS_TLS: Final = "urn:ietf:params:xml:ns:xmpp-tls"
NS_SASL: Final = "urn:ietf:params:xml:ns:xmpp-sasl"

_TOKENS: Final = 512  # ">" in one element while its meaning may change that of what follows


class Machine(ABC):
    """One end of a stream between servers: bytes in, events and bytes out.

    ``incoming``     the domains between which stanzas may come: from theirs to ours
    ``outgoing``     the same of stanzas that may go: from ours to theirs
    ``bidi``         whether each pair that is authorised is so in both directions (XEP-0288)
    ``encrypted``    whether the stream is
    ``certificate``  what the other server showed
    ``takes``        bytes of the largest stanza that it takes; 0 where it does not say (XEP-0478)
    ``id``           the id of the stream, which the receiving server chose
    ``takes_keys``   whether keys prove anything here (see `Proving`)
    """

    __slots__ = (
        "_events", "_handshake", "_held", "_left", "_out", "_proving", "_scanner", "_tokens",
        "bidi", "certificate", "closed", "encrypted", "id", "incoming", "outgoing", "securing",
        "settings", "takes",
    )  # fmt: skip

    takes_keys: ClassVar = False

    def __init__(self, settings: ServerStreamSettings, certificate: PeerCertificate | None) -> None:
        """Start before the first byte; ``certificate`` is given where TLS came first."""
        self.settings = settings
        self._scanner = Scanner(settings.before)
        self._held = b""
        self._tokens = 0
        self._out: list[bytes] = []
        self._events: list[Event] = []
        self.closed = False
        self.securing = False
        self._handshake = False
        self.encrypted = certificate is not None
        self.certificate = certificate or PeerCertificate()
        self.incoming: set[Pair] = set()
        self.outgoing: set[Pair] = set()
        self.bidi = False
        self._proving = Proving(self)
        self.takes = 0
        self._left = False
        self.id = ""

    @property
    def authorised(self) -> bool:
        """Whether stanzas of any pair may flow."""
        return bool(self.incoming or self.outgoing)

    def output(self) -> bytes:
        """Return the bytes to send, and forget them."""
        data = b"".join(self._out)
        self._out.clear()
        return data

    def receive(self, data: bytes) -> list[Event]:
        """Take bytes from the other server."""
        self._held += data
        self._read()
        return self.take()

    def _read(self) -> None:
        while self._held and not self.closed and not self.securing:
            if self.incoming or self.outgoing:  # nothing begins anew any more
                data, self._held = self._held, b""
            else:
                cut = self._held.find(b">") + 1 or len(self._held)
                data, self._held = self._held[:cut], self._held[cut:]
                self._tokens += data.endswith(b">")
            for event in self._scanner.feed(data):
                self._tokens = 0
                if event.__class__ is Stanza and self.incoming:
                    self._events.append(event)
                else:
                    self._handle(event)
            if self._tokens > _TOKENS:
                self.finish(StreamError("policy-violation", "an element has too many parts"))
        if self.securing and not self._handshake and self._held.strip():
            self.finish(StreamError("policy-violation", "nothing may come between it and TLS"))

    def _handle(self, event: wire.Event) -> None:
        if self.closed:
            return
        try:
            if isinstance(event, StreamError):
                raise event
            if isinstance(event, wire.StreamEnd):
                self.finish(None)
            elif isinstance(event, wire.StreamStart):
                self._check(event)
                self.opened(event)
            elif isinstance(event, wire.Nonza):
                self._element(event.element)
            else:
                raise StreamError("not-authorized", self.no_stanzas)
        except StreamError as error:
            self.finish(error)

    @property
    @abstractmethod
    def no_stanzas(self) -> str:
        """Why no stanza may come, where none may."""

    @staticmethod
    def _check(start: wire.StreamStart) -> None:
        """Check what is the same in both headers.

        Streams without a version, as before 1.0, are refused: they have no TLS. So are those that
        leave it to each element to name the namespace (§4.8.2): there are no such servers.
        """
        if start.namespace != NS:
            raise StreamError("invalid-namespace", f"this stream is for {NS}")
        header.check_version(start.attrs.get("version"))

    def _element(self, element: Element) -> None:
        if element.ns == ns.STREAMS and element.name == "error":
            self.finish(None, theirs=_condition(element))
        elif element.ns == dialback.NS:
            self.dialback(element)
        else:
            self.element(element)

    @abstractmethod
    def opened(self, start: wire.StreamStart) -> None:
        """Take the other server's header."""

    @abstractmethod
    def dialback(self, element: Element) -> None:
        """Take an element of dialback."""

    def verified(self, pair: Pair, stream_id: str, outcome: str) -> list[Event]:
        """Go on: a key is ``"valid"``, ``"invalid"``, or could not be looked into (a condition)."""
        self._proving.verified(pair, stream_id, outcome)
        return self.take()

    @abstractmethod
    def element(self, element: Element) -> None:
        """Take any other element that is no stanza."""

    def finish(self, error: StreamError | None, theirs: str = "") -> None:
        """Close the stream in order, with an error or without (RFC 6120 §4.4, §4.9.1.1)."""
        if self.closed:
            return
        if not self._left:
            if error is not None:
                self._out.append(header.error(error))
            self._out.append(header.CLOSING)
        self.closed = True
        self._scanner.close()
        self._held = b""
        self._events.append(Ended(error, theirs))

    def end(self, error: StreamError | None) -> list[Event]:
        """Close the stream, and return what comes of it."""
        self.finish(error)
        return self.take()

    def leave(self) -> None:
        """Close our side: nothing more goes, what still comes is taken to its end (§4.4)."""
        if not self.closed and not self._left:
            self._out.append(header.CLOSING)
            self._left = True

    def take(self) -> list[Event]:
        """Return what has happened and was not told yet."""
        found, self._events = self._events, []
        return found

    def rest(self) -> None:
        """Give up memory that an idle stream does not need."""
        self._scanner.rest()

    # -- TLS ---------------------------------------------------------------------------------------

    def handshake(self) -> None:
        """Take note that what is received from now on comes through TLS.

        The first of it may come before anybody knows that TLS is established.
        """
        self._handshake = self.securing

    def secured(self, certificate: PeerCertificate) -> list[Event]:
        """Go on: TLS is established, with this certificate of the other server."""
        if self.securing and not self.closed:
            self.secure(certificate)
            self._read()
        return self.take()

    def secure(self, certificate: PeerCertificate) -> None:
        """Expect the stream to begin anew, inside of TLS (RFC 6120 §4.3.3)."""
        self.securing = False
        self.encrypted = True
        self.bidi = False  # XEP-0288 §2.1: that comes after TLS
        self.takes = 0
        self.certificate = certificate
        self.restart()

    def restart(self) -> None:
        """Expect a new header on the same connection (RFC 6120 §4.3.3)."""
        self._scanner.reset()
        self._proving.clear()

    def proves(self, domain: str) -> bool:
        """Tell whether the other server's certificate is good for a domain."""
        return self.certificate.covers(domain)

    # -- for the two kinds -------------------------------------------------------------------------

    def say(self, data: bytes) -> None:
        """Send bytes to the other server, unless our side is closed."""
        if not self._left:
            self._out.append(data)

    def tell(self, event: Event) -> None:
        """Let the connection know."""
        self._events.append(event)

    def authorise_incoming(self, pair: Pair) -> None:
        """Let stanzas of a pair come, and go the other way where that is agreed."""
        self.incoming.add(pair)
        if self.bidi:
            self.outgoing.add(pair.reversed)
        self._trust()

    def authorise_outgoing(self, pair: Pair) -> None:
        """Let stanzas of a pair go, and come the other way where that is agreed."""
        self.outgoing.add(pair)
        if self.bidi:
            self.incoming.add(pair.reversed)
        self._trust()

    def _trust(self) -> None:
        """Take larger elements than before."""
        self._scanner.limits = self.settings.after
        self._scanner.rest()


def _condition(element: Element) -> str:
    """Return the condition of a stream error."""
    for child in element:
        if child.ns == ns.STREAM_ERRORS and child.name != "text":
            return child.name
    return "undefined-condition"
