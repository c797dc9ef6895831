"""A stream that another server opened, as we see it: header, TLS, SASL or dialback, stanzas.

Nothing but the first pair of domains depends on the header: by dialback the other server may show
that it speaks for more (XEP-0220 §2.5), and ask us about keys whoever it is.
"""

import secrets
from typing import ClassVar, Final

from palaver import jid
from palaver.sasl import Condition, SaslError
from palaver.stream import header, management
from palaver.stream.events import Acknowledged, AcknowledgementAsked, Enable, Resume
from palaver.stream.limits import limits, max_bytes
from palaver.stream.s2s import bidi, dialback, external
from palaver.stream.s2s.dialback import Pair
from palaver.stream.s2s.events import Authorised, Refused, StartTls
from palaver.stream.s2s.machine import NS_SASL, NS_TLS, Machine
from palaver.stream.s2s.settings import PeerCertificate, ServerStreamSettings
from palaver.wire import events as wire
from palaver.wire.element import Element
from palaver.wire.errors import StreamError

_ATTEMPTS: Final = 3  # of SASL


class ReceivingStream(Machine):
    """Our end of a stream that another server opened.

    ``peer``           the domain its header says it is from; empty where it does not say
    ``host``           the domain of ours that it is for
    ``authenticated``  whether SASL has shown that it is from there
    ``managed``        whether its stanzas are counted (XEP-0198)
    """

    __slots__ = ("_attempts", "_opened", "authenticated", "host", "managed", "peer")

    takes_keys: ClassVar = True

    def __init__(
        self, settings: ServerStreamSettings, certificate: PeerCertificate | None = None
    ) -> None:
        super().__init__(settings, certificate)
        self.peer = ""
        self.host = ""
        self.authenticated = False
        self.managed = False
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
            pair = Pair(self.peer, self.host)
            self.authorise_incoming(pair)
            self.tell(Authorised(pair, "certificate"))

    def _write_header(self, to: str) -> None:
        self._opened = True
        self.id = secrets.token_urlsafe(18)
        lang = self.settings.lang
        self.say(header.server_opening(sender=self.host, to=to, lang=lang, stream_id=self.id))

    def _features(self) -> list[Element]:
        """Return what is offered; in clear only TLS where that is required (RFC 6120 §5.3.1)."""
        rules = self.settings.rules(self.peer)
        both = [bidi.feature()] if self._takes_bidi() else []
        size = limits(self.settings.after)  # what holds once it is shown who they are
        if not self.encrypted and self.settings.tls(self.host):
            mark = Element("required", NS_TLS) if rules.encryption else None
            offer = Element("starttls", NS_TLS, None, mark)
            return [offer] if rules.encryption else [offer, dialback.feature(), *both, size]
        if self._can_authenticate():
            return [external.mechanisms(), dialback.feature(), *both, size]
        return [dialback.feature(), Element("sm", management.NS), *both, size]

    def _can_authenticate(self) -> bool:
        return (
            self.encrypted and not self.authenticated and bool(self.peer) and self.proves(self.peer)
        )

    def _takes_bidi(self) -> bool:
        """Tell whether both directions may be asked for now: when TLS is done, before any proof."""
        rules = self.settings.rules(self.peer)
        secure = self.encrypted or not rules.encryption
        return rules.bidi and secure and not self.authenticated

    @property
    def no_stanzas(self) -> str:
        """Why no stanza may come yet."""
        return "it is not known yet who you are"

    # -- TLS and SASL ------------------------------------------------------------------------------

    def element(self, element: Element) -> None:
        """Take what asks for TLS, SASL or both directions, or concerns stream management."""
        if element.ns == management.NS:
            self._manage(element)
            return
        if self.authorised and element.ns in (NS_TLS, NS_SASL, bidi.NS):
            raise StreamError("policy-violation", "that comes before dialback and stanzas")
        if element.ns == bidi.NS and element.name == "bidi" and self._takes_bidi():
            self.bidi = True
            self.takes = max_bytes(element)
        elif element.ns == NS_TLS and element.name == "starttls":
            self._start_tls()
        elif element.ns == NS_SASL and element.name == "auth":
            self._authenticate(element)
        elif element.ns == NS_SASL and element.name == "abort":
            self.say(external.failure(SaslError(Condition.ABORTED)))
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
        """Take an element of XEP-0198; stanzas are counted in the directions in which they flow.

        A second <enable/> fails, and the stream goes on: that costs nobody a stanza (§3 would end
        it, §6 calls such errors recoverable).
        """
        if element.name == "r" and self.managed:
            self.tell(AcknowledgementAsked())
        elif element.name == "a" and self.managed:
            h = management.read_h(element)
            if h is None:
                raise StreamError("bad-format", "h is how many stanzas you have handled")
            self.tell(Acknowledged(h))
        elif self.managed or not self.authorised:
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
        """Take a key that is to prove something, or a question about one of ours.

        We ask nothing on streams of others, so that there is nothing to answer.
        """
        if element.get("type") is not None:
            raise StreamError("unsupported-stanza-type", "nothing was asked of you")
        self._proving.take(element)


def _domain(text: str | None) -> str:
    """Return a domain of a header in its normal form; empty for none."""
    try:
        return jid.prepare_domain(text or "")
    except jid.JIDError:
        return ""
