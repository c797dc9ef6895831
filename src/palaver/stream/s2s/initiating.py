"""A stream that we open to another server: header, TLS, SASL or dialback, then our stanzas."""

from enum import Enum, auto
from typing import Final

from palaver.stream import header, management
from palaver.stream.events import Acknowledged, AcknowledgementAsked
from palaver.stream.limits import max_bytes
from palaver.stream.s2s import bidi, dialback, external
from palaver.stream.s2s.dialback import Pair
from palaver.stream.s2s.events import (
    Answered,
    Authorised,
    Event,
    Managed,
    Refused,
    Resumed,
    StartTls,
    Usable,
)
from palaver.stream.s2s.machine import NS_SASL, NS_TLS, Machine
from palaver.stream.s2s.settings import PeerCertificate, ServerStreamSettings
from palaver.wire import events as wire
from palaver.wire import ns
from palaver.wire.element import Element
from palaver.wire.errors import StreamError

_RESULTS: Final = frozenset({"valid", "invalid", "error"})
_PASSING: Final = frozenset(
    {"resource-constraint", "remote-server-not-found", "remote-server-timeout"}
)  # troubles of the other server that may be over at the next attempt


class _State(Enum):
    HEADER = auto()
    FEATURES = auto()
    TLS = auto()
    SASL = auto()
    OPEN = auto()


class InitiatingStream(Machine):
    """Our end of a stream that we opened for a pair of domains.

    ``pair``  who it is from and for; more pairs may come by `ask`
    ``errors``  whether the other server knows errors of dialback, so that other pairs may be asked
                for (XEP-0220 §2.5)
    ``counts``  whether the other server can count our stanzas (XEP-0198)
    ``only_questions``  whether it is only to find out about keys, so that nothing need be proved
    """

    __slots__ = (
        "_asked", "_authenticated", "_questions", "_state", "counts", "errors", "only_questions",
        "pair",
    )  # fmt: skip

    def __init__(
        self,
        settings: ServerStreamSettings,
        pair: Pair,
        certificate: PeerCertificate | None = None,
        *,
        only_questions: bool = False,
    ) -> None:
        """Send the header; ``certificate`` is given where TLS came first."""
        super().__init__(settings, certificate)
        self.pair = pair
        self.only_questions = only_questions
        self.errors = False
        self.counts = False
        self._authenticated = False
        self._asked: set[Pair] = set()
        self._questions: set[tuple[Pair, str]] = set()
        self._state = _State.HEADER
        self._write_header()

    def _write_header(self) -> None:
        pair, lang = self.pair, self.settings.lang
        self.say(header.server_opening(sender=pair.sender, to=pair.target, lang=lang))

    def restart(self) -> None:
        """Open the stream anew on the same connection (RFC 6120 §4.3.3)."""
        super().restart()
        self._state = _State.HEADER
        self._write_header()

    def opened(self, start: wire.StreamStart) -> None:
        """Take the other server's header: its id is part of our keys."""
        self.id = start.attrs.get("id", "")
        if not self.id:
            raise StreamError("undefined-condition", "your stream has no id")
        self._state = _State.FEATURES

    # -- features, TLS and SASL --------------------------------------------------------------------

    def element(self, element: Element) -> None:
        """Take what the other server answers before the stream is open."""
        key = (element.ns, element.name)
        if element.ns == management.NS:
            self._managed(element)
            return
        if key == (ns.STREAMS, "features") and self._state is _State.FEATURES:
            self._choose(element)
        elif key == (NS_TLS, "proceed") and self._state is _State.TLS:
            self.securing = True
            self.tell(StartTls(self.pair.sender))
        elif key == (NS_TLS, "failure") and self._state is _State.TLS:
            self._fail("it does not begin TLS, which is required")
        elif key == (NS_SASL, "success") and self._state is _State.SASL:
            self._authenticated = True
            self.restart()
        elif key == (NS_SASL, "failure") and self._state is _State.SASL:
            self._open()
            self.ask(self.pair)
        elif key == (NS_SASL, "challenge") and self._state is _State.SASL:
            self.say(Element("response", NS_SASL).to_bytes())
        else:
            raise StreamError("unsupported-stanza-type", f"<{element.name}/> is not expected")

    def _choose(self, features: Element) -> None:
        """Go on by what the other server offers.

        TLS that must be is begun even if it is not offered: somebody in between may have taken the
        offer away (RFC 7590 §3.1).
        """
        rules = self.settings.rules(self.pair.target)
        offered = features.find("starttls", NS_TLS) is not None
        if not self.encrypted and (offered or rules.encryption):
            self._state = _State.TLS
            self.say(Element("starttls", NS_TLS).to_bytes())
            return
        self.errors = _knows_errors(features)
        self.counts = features.find("sm", management.NS) is not None
        self.takes = max_bytes(features)
        if self.only_questions:
            self._open()
            return
        if rules.certificate and not self.proves(self.pair.target):
            self._fail(f"its certificate is not accepted: {self._problem()}")
        elif self._authenticated:
            self._open()
            self._authorised(self.pair, "certificate")
        else:
            if rules.bidi and bidi.offered(features):
                self.bidi = True
                self.say(bidi.request(self.settings.after))
            self._prove(features)

    def _prove(self, features: Element) -> None:
        """Show who we are, by SASL where that is offered, else by a key."""
        if self.encrypted and external.offered(features):
            self._state = _State.SASL
            self.say(external.auth(self.pair.sender))
        else:
            self._open()
            self.ask(self.pair)

    def _problem(self) -> str:
        return self.certificate.problem or f"it is not for {self.pair.target}"

    def _open(self) -> None:
        self._state = _State.OPEN
        self.tell(Usable())

    def _fail(self, reason: str) -> None:
        self.tell(Refused(self.pair, reason))
        self.finish(None)

    def _authorised(self, pair: Pair, method: str) -> None:
        self.authorise_outgoing(pair)
        self.tell(Authorised(pair, method))

    @property
    def no_stanzas(self) -> str:
        """Why no stanza may come."""
        return "stanzas come on a stream of your own"

    # -- stream management -------------------------------------------------------------------------

    def manage(self, token: str | None, h: int = 0) -> None:
        """Let stanzas be counted, and go on with a stream before if that can be.

        ``h`` is how many came on that.
        """
        if token is None:
            self.say(Element("enable", management.NS, {"resume": "true"}).to_bytes())
        else:
            attrs = {"h": str(h), "previd": token}
            self.say(Element("resume", management.NS, attrs).to_bytes())

    def _managed(self, element: Element) -> None:
        h = management.read_h(element)
        if element.name == "a" and h is not None:
            self.tell(Acknowledged(h))
        elif element.name == "enabled":
            resumable = element.get("resume", "") in ("true", "1")
            self.tell(Managed(element.get("id") if resumable else None))
        elif element.name == "resumed" and h is not None:
            self.tell(Resumed(h, anew=False))
        elif element.name == "failed":
            self.tell(Resumed(h, anew=True))
        elif element.name == "r":
            self.tell(AcknowledgementAsked())
        else:
            raise StreamError("unsupported-stanza-type", f"<{element.name}/> is not expected")

    # -- dialback ----------------------------------------------------------------------------------

    def ask(self, pair: Pair) -> None:
        """Ask for a pair of domains, with a key that the other server may look into.

        It chose the id, which may be one that the pair's target gave it for a stream in our name,
        and so it could prove to be us there. Only who has found out that the two are one server may
        ask for a target other than that of this stream (see `suits`).
        """
        if pair in self.outgoing or pair in self._asked:
            return
        self._asked.add(pair)
        key = self.settings.key(pair, self.id)
        self.say(dialback.written("result", pair.sender, pair.target, text=key))

    def suits(self, target: str) -> bool:
        """Tell whether a pair for a domain may be asked for, if this is its server too (§2.5).

        A further domain must be in the certificate, whatever is asked of it otherwise: behind one
        place there may be several servers, to which connections go by the name that TLS or the
        header says. DNS does not tell these apart, and one of them could take what is for another.
        """
        if target == self.pair.target:
            return self.errors
        both_ways = self.settings.rules(target).bidi
        return self.errors and self.proves(target) and (both_ways or not self.bidi)

    def question(self, pair: Pair, stream_id: str, key: str) -> None:
        """Ask whether a key that somebody sent us is the other server's (XEP-0220 §2.1.2).

        ``pair`` is that of whoever sent it; the sender's server is at the other end of this stream.
        """
        self._questions.add((pair, stream_id))
        self.say(dialback.written("verify", pair.target, pair.sender, id_=stream_id, text=key))

    def dialback(self, element: Element) -> None:
        """Take an answer; one to nothing that was asked is no answer (XEP-0220 §3.1).

        Where stanzas flow both ways, the other server may ask for more domains (XEP-0288 §2.2).
        """
        type_ = element.get("type")
        if type_ is None and self.bidi and self.authorised:
            self._proving.take(element)
            return
        if type_ not in _RESULTS:
            raise StreamError("unsupported-stanza-type", "only answers are taken here")
        backward = dialback.addresses(element)
        pair = Pair(backward.target, backward.sender)
        if element.name == "result":
            self._told(pair, type_, element)
        elif element.name == "verify":
            self._told_of_key(backward, type_, element)

    def _told(self, pair: Pair, type_: str, element: Element) -> None:
        if pair not in self._asked:
            return
        self._asked.discard(pair)
        if type_ == "valid":
            self._authorised(pair, "dialback")
            return
        self.tell(_refused(pair, type_, element))
        if not self.authorised:
            self.finish(None)

    def _told_of_key(self, pair: Pair, type_: str, element: Element) -> None:
        stream_id = element.get("id", "")
        if (pair, stream_id) not in self._questions:
            return
        self._questions.discard((pair, stream_id))
        condition = dialback.error_of(element) or "not-acceptable"
        self.tell(Answered(pair, stream_id, condition if type_ == "error" else type_))

    def unanswered(self) -> list[Event]:
        """Return what it means for the questions when the stream is over."""
        questions, self._questions = self._questions, set()
        return [Answered(pair, stream_id, "remote-server-timeout") for pair, stream_id in questions]


def _refused(pair: Pair, type_: str, element: Element) -> Refused:
    """Return what it means that our key is refused (XEP-0220 §2.1.1, §2.4.2).

    Stanzas come back at once, but for troubles that pass: for these they wait as they do for a
    server that is away.
    """
    if type_ == "invalid":
        return Refused(pair, "it refuses our key: invalid", "internal-server-error")
    condition = dialback.error_of(element)
    final = condition not in _PASSING
    return Refused(pair, f"it refuses our key: {condition or type_}", final=final)


def _knows_errors(features: Element) -> bool:
    found = features.find("dialback", dialback.NS_FEATURE)
    return found is not None and found.find("errors", dialback.NS_FEATURE) is not None
