"""A stream that another server opened, as we see it: header, TLS, SASL or dialback, stanzas.

Nothing but the first pair of domains depends on the header: by dialback the other server may show
that it speaks for more (XEP-0220 §2.5), and ask us about keys whoever it is.
"""

import secrets
from typing import Final

from palaver import jid
from palaver.sasl import Condition, SaslError
from palaver.stream import header, management
from palaver.stream.events import AcknowledgementAsked, Enable, Resume
from palaver.stream.s2s import dialback, external
from palaver.stream.s2s.dialback import Pair
from palaver.stream.s2s.events import Authorised, Event, Refused, StartTls, Verify
from palaver.stream.s2s.machine import NS_SASL, NS_TLS, Machine
from palaver.stream.s2s.settings import PeerCertificate, ServerStreamSettings
from palaver.wire import events as wire
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError, StreamError

_PAIRS: Final = 256  # of one stream
_QUESTIONS: Final = 16  # keys of one stream that are being looked into
_ATTEMPTS: Final = 3  # of SASL
_OUR_TROUBLES: Final = frozenset(
    {"internal-server-error", "remote-server-timeout", "resource-constraint"}
)  # the reasons of our own for which a key could not be looked into


class ReceivingStream(Machine):
    """Our end of a stream that another server opened.

    ``peer``           the domain its header says it is from; empty where it does not say
    ``host``           the domain of ours that it is for
    ``authenticated``  whether SASL has shown that it is from there
    ``managed``        whether its stanzas are counted (XEP-0198)
    """

    __slots__ = ("_asked", "_attempts", "_opened", "authenticated", "host", "managed", "peer")

    def __init__(
        self, settings: ServerStreamSettings, certificate: PeerCertificate | None = None
    ) -> None:
        super().__init__(settings, certificate)
        self.peer = ""
        self.host = ""
        self.authenticated = False
        self.managed = False
        self._asked: dict[Pair, str] = {}
        self._attempts = 0
        self._opened = False

    # -- the stream itself -------------------------------------------------------------------------

    def finish(self, error: StreamError | None, theirs: str = "") -> None:
        """Close the stream in order; an error before the header comes after ours."""
        if not self._opened and not self.closed:
            self._write_header(self.peer)
        super().finish(error, theirs)

    def restart(self) -> None:
        """Expect a new header on the same connection (RFC 6120 §4.3.3)."""
        super().restart()
        self._opened = False
        self._asked.clear()

    def opened(self, start: wire.StreamStart) -> None:
        """Take the other server's header: who it is, and who it wants to speak to."""
        peer = _domain(start.attrs.get("from"))
        if self.authenticated and peer not in (self.peer, ""):
            raise StreamError("invalid-from", "you have shown to be somebody else")
        self.peer = peer or (self.peer if self.authenticated else "")
        self.host = _domain(start.attrs.get("to"))
        if not self.settings.ours(self.host):
            self.host = ""
            raise StreamError("host-unknown", "this server does not serve that domain")
        self._write_header(self.peer)
        if self.peer and self.settings.ours(self.peer):
            raise StreamError("invalid-from", "that domain is served here")
        if self.peer and not self.settings.rules(self.peer).allowed:
            self.tell(Refused(Pair(self.peer, self.host), "it is blocked here"))
            raise StreamError("policy-violation", "this server does not speak to yours")
        self.say(header.features(self._features()))
        if self.authenticated:
            self._let(Pair(self.peer, self.host), "certificate")

    def _write_header(self, to: str) -> None:
        self._opened = True
        self.id = secrets.token_urlsafe(18)
        lang = self.settings.lang
        self.say(header.server_opening(sender=self.host, to=to, lang=lang, stream_id=self.id))

    def _features(self) -> list[Element]:
        required = self.settings.rules(self.peer).encryption
        if not self.encrypted and self.settings.tls(self.host):
            mark = Element("required", NS_TLS) if required else None
            offer = Element("starttls", NS_TLS, None, mark)
            return [offer] if required else [offer, dialback.feature()]
        if self._can_authenticate():
            return [external.mechanisms(), dialback.feature()]
        return [dialback.feature(), Element("sm", management.NS)]

    def _can_authenticate(self) -> bool:
        return (
            self.encrypted and not self.authenticated and bool(self.peer) and self.proves(self.peer)
        )

    def _let(self, pair: Pair, method: str) -> None:
        self.authorise(pair)
        self.tell(Authorised(pair, method))

    # -- TLS and SASL ------------------------------------------------------------------------------

    def element(self, element: Element) -> None:
        """Take what asks for TLS or SASL, or concerns stream management."""
        if element.ns == management.NS:
            self._manage(element)
            return
        if self.pairs and element.ns in (NS_TLS, NS_SASL):
            raise StreamError("policy-violation", "that comes before dialback and stanzas")
        if element.ns == NS_TLS and element.name == "starttls":
            self._start_tls()
        elif element.ns == NS_SASL and element.name == "auth":
            self._authenticate(element)
        else:
            raise StreamError("unsupported-stanza-type", f"<{element.name}/> is not known here")

    def _start_tls(self) -> None:
        if self.encrypted or not self.settings.tls(self.host):
            self.say(Element("failure", NS_TLS).to_bytes())
            self.finish(None)
            return
        self.say(Element("proceed", NS_TLS).to_bytes())
        self.securing = True
        self.tell(StartTls(self.host))

    def _authenticate(self, element: Element) -> None:
        self._attempts += 1
        if self._attempts > _ATTEMPTS:
            raise StreamError("policy-violation", "too many attempts")
        try:
            self._check_proof(element)
        except SaslError as error:
            self.say(external.failure(error))
            return
        self.say(Element("success", NS_SASL).to_bytes())
        self.authenticated = True
        self.restart()

    def _check_proof(self, auth: Element) -> None:
        """Check whether the other server has shown what it says (RFC 6120 §6.5, XEP-0178 §3).

        Raises:
            SaslError: it has not.
        """
        if auth.get("mechanism") != external.MECHANISM:
            raise SaslError(Condition.INVALID_MECHANISM)
        if not self.encrypted:
            raise SaslError(Condition.ENCRYPTION_REQUIRED)
        if not self._can_authenticate():
            raise SaslError(Condition.NOT_AUTHORIZED)
        external.check(auth.text, self.peer)

    # -- stream management -------------------------------------------------------------------------

    def _manage(self, element: Element) -> None:
        """Take an element of XEP-0198; stanzas flow in one direction, and are counted there."""
        if element.name == "r" and self.managed:
            self.tell(AcknowledgementAsked())
        elif element.name == "a" and self.managed:
            pass  # nothing was sent
        elif self.managed or not self.pairs:
            self.say(management.failed("unexpected-request"))
        elif element.name == "enable":
            self._ask_to_manage(management.read_enable(element))
        elif element.name == "resume":
            self._ask_to_manage(management.read_resume(element))
        else:
            raise StreamError("unsupported-stanza-type", f"<{element.name}/> is not known here")

    def _ask_to_manage(self, wish: Enable | Resume | None) -> None:
        if wish is None:
            self.say(management.failed("bad-request"))
            return
        self.managed = True
        self.tell(wish)

    def cannot_resume(self) -> None:
        """Say that a stream is not known any more."""
        self.managed = False
        self.say(management.failed("item-not-found"))

    # -- dialback ----------------------------------------------------------------------------------

    def dialback(self, element: Element) -> None:
        """Take a key that is to prove something, or a question about one of ours."""
        if element.get("type") is not None:
            raise StreamError("unsupported-stanza-type", "nothing was asked of you")
        pair = dialback.addresses(element)
        if element.name == "result":
            self._prove(pair, element.text)
        elif element.name == "verify":
            self._tell_of_key(pair, element)
        else:
            raise StreamError("unsupported-stanza-type", f"<{element.name}/> is not known here")

    def _prove(self, pair: Pair, key: str) -> None:
        """Find out whether the other server speaks for the pair's sender (XEP-0220 §2.2.1)."""
        try:
            if self._known(pair):
                self._answer(pair, "valid")
                return
        except StanzaError as error:
            self.tell(Refused(pair, error.text))
            self._answer(pair, "error", error)
            return
        self._asked[pair] = self.id
        self.tell(Verify(pair, self.id, key))

    def _known(self, pair: Pair) -> bool:
        """Tell whether a pair is authorised without looking into a key.

        Raises:
            StanzaError: it is not to be, whatever the key.
        """
        rules = self.settings.rules(pair.sender)
        if not self.settings.ours(pair.target):
            raise StanzaError("item-not-found", "that domain is not served here")
        if not rules.allowed or self.settings.ours(pair.sender):
            raise StanzaError("not-acceptable", "this server does not speak to that domain")
        if rules.encryption and not self.encrypted:
            raise StanzaError("policy-violation", "TLS comes first")
        if pair in self.pairs:
            return True
        if len(self.pairs) + len(self._asked) >= _PAIRS or len(self._asked) >= _QUESTIONS:
            raise StanzaError("resource-constraint", "too many domains on one stream")
        if self.proves(pair.sender):
            self._let(pair, "certificate")
            return True
        if rules.certificate:
            problem = self.certificate.problem or "it is for other domains"
            raise StanzaError("not-authorized", f"a valid certificate is required: {problem}")
        return False

    def verified(self, pair: Pair, stream_id: str, outcome: str) -> list[Event]:
        """Go on: a key is ``"valid"``, ``"invalid"``, or could not be looked into (a condition)."""
        if self._asked.get(pair) == stream_id and not self.closed:
            del self._asked[pair]
            self._conclude(pair, outcome)
        return self.take()

    def _conclude(self, pair: Pair, outcome: str) -> None:
        if outcome == "valid":
            self._let(pair, "dialback")
            self._answer(pair, "valid")
            return
        self.tell(Refused(pair, f"dialback: {outcome}"))
        if outcome in _OUR_TROUBLES:
            self._answer(pair, "error", StanzaError(outcome))
        elif outcome != "invalid":  # whatever the server we asked said instead (§2.4.2)
            self._answer(pair, "error", StanzaError("remote-server-not-found"))
        elif self.pairs:
            self._answer(pair, "error", StanzaError("forbidden"))
        else:
            self._answer(pair, "invalid")
            self.finish(None)

    def _answer(self, pair: Pair, type_: str, error: StanzaError | None = None) -> None:
        self.say(dialback.written("result", pair.target, pair.sender, type_=type_, error=error))

    def _tell_of_key(self, pair: Pair, element: Element) -> None:
        """Say whether a key is one of ours (XEP-0220 §2.2.2); here we are the pair's target.

        Whether a server that asks wants to take stanzas is for it to know; so it is told whatever
        is thought of it.
        """
        stream_id = element.get("id")
        if stream_id is None:
            raise StreamError("improper-addressing", "which stream is it about?")
        error: StanzaError | None = None
        if not self.settings.ours(pair.target):
            error = StanzaError("item-not-found")
        elif self.settings.rules(pair.sender).encryption and not self.encrypted:
            error = StanzaError("policy-violation")
        expected = self.settings.key(Pair(pair.target, pair.sender), stream_id)
        verdict = "valid" if dialback.same(element.text, expected) else "invalid"
        self.say(
            dialback.written(
                "verify",
                pair.target,
                pair.sender,
                id_=stream_id,
                type_="error" if error else verdict,
                error=error,
            )
        )


def _domain(text: str | None) -> str:
    """Return a domain of a header in its normal form; empty for none."""
    try:
        return jid.prepare_domain(text or "")
    except jid.JIDError:
        return ""
