"""SASL on a stream: its elements, its attempts, and what it needs from outside (RFC 6120 §6)."""

from dataclasses import dataclass
from typing import Final

from palaver import sasl
from palaver.sasl import Channel, Condition, Policy, SaslError, ServerMechanism, Success
from palaver.stream.events import Event, LoggedIn, LoginFailed, Lookup
from palaver.wire.element import Element

NS: Final = "urn:ietf:params:xml:ns:xmpp-sasl"
NS_CHANNEL_BINDING: Final = "urn:xmpp:sasl-cb:0"


@dataclass(slots=True)
class Attempt:
    """One exchange that goes on."""

    mechanism: str
    server: ServerMechanism
    account: str | None = None
    pending: sasl.NeedKeys | sasl.VerifyPassword | sasl.NeedAccount | None = None


class Authentication:
    """Runs SASL exchanges on one connection until one succeeds.

    Every method returns the bytes to send and the event for the connection, if any.
    """

    __slots__ = ("_attempt", "failures", "identity", "mechanism")

    def __init__(self) -> None:
        self._attempt: Attempt | None = None
        self.failures = 0
        self.identity: sasl.Identity | None = None
        self.mechanism = ""

    @staticmethod
    def features(policy: Policy, channel: Channel) -> list[Element]:
        """Return the stream features that offer mechanisms (RFC 6120 §6.4.1, XEP-0440)."""
        names = sasl.offers(policy, channel)
        if not names:
            return []
        offered = [Element("mechanism", NS, None, name) for name in names]
        found = [Element("mechanisms", NS, None, *offered)]
        bindings = sasl.binding_offers(policy, channel)
        if bindings:
            types = [Element("channel-binding", NS_CHANNEL_BINDING, {"type": b}) for b in bindings]
            found.append(Element("sasl-channel-binding", NS_CHANNEL_BINDING, None, *types))
        return found

    def handle(
        self, element: Element, policy: Policy, channel: Channel
    ) -> tuple[bytes, Event | None]:
        """Take an element of the SASL namespace."""
        try:
            return self._then(self._step(element, policy, channel))
        except SaslError as error:
            return self._fail(error)

    def resolve(
        self, found: "sasl.ScramKeys | bool | None", refusal: Condition | None
    ) -> tuple[bytes, Event | None]:
        """Take what a `Lookup` was for: keys (or None), a verdict, or whether an account exists."""
        attempt = self._attempt
        if attempt is None:
            raise RuntimeError("no exchange is going on")
        try:
            if isinstance(attempt.pending, sasl.NeedKeys):
                keys = found if isinstance(found, sasl.ScramKeys) else None
                return self._then(attempt.server.keys(keys, refusal))
            if isinstance(attempt.pending, sasl.NeedAccount):
                return self._then(attempt.server.account(found is True, refusal))
            return self._then(attempt.server.verdict(found is True))
        except SaslError as error:
            return self._fail(error)

    def fail(self, condition: Condition) -> tuple[bytes, Event | None]:
        """End the exchange because what it needs cannot be had."""
        return self._fail(SaslError(condition))

    # -- inside ------------------------------------------------------------------------------------

    def _step(self, element: Element, policy: Policy, channel: Channel) -> sasl.Step:
        if element.name == "auth":
            # A second <auth/> ends the exchange before it, which then counts as failed.
            name = element.get("mechanism", "")
            if self._attempt is not None:
                self.failures += 1
            self._attempt = None
            self.mechanism = name
            if not name:
                raise SaslError(Condition.INVALID_MECHANISM, "no mechanism was named")
            server = sasl.begin(name, policy, channel)
            self._attempt = Attempt(name, server)
            return server.step(sasl.decode_initial(element.text))
        attempt = self._attempt
        if element.name == "abort" and attempt is not None:
            attempt.server.abort()
        if element.name == "response" and attempt is not None:
            return attempt.server.step(sasl.decode(element.text))
        raise SaslError(Condition.MALFORMED_REQUEST, "no exchange is going on")

    def _then(self, step: sasl.Step) -> tuple[bytes, Event | None]:
        attempt = self._attempt
        assert attempt is not None
        if isinstance(step, sasl.Challenge):
            text = sasl.encode(step.data)
            return Element("challenge", NS, None, text or None).to_bytes(), None
        if isinstance(step, Success):
            self._attempt = None
            self.identity = step.identity
            text = sasl.encode_optional(step.data)
            done = Element("success", NS, None, text or None).to_bytes()
            return done, LoggedIn(step.identity, attempt.mechanism)
        if isinstance(step, sasl.NeedKeys | sasl.NeedAccount):
            attempt.account = str(step.account)
        attempt.pending = step
        return b"", Lookup(step)

    def _fail(self, error: SaslError) -> tuple[bytes, Event | None]:
        attempt, self._attempt = self._attempt, None
        self.failures += 1
        children = [Element(str(error.condition), NS)]
        if error.text:
            children.append(Element("text", NS, {"xml:lang": "en"}, error.text))
        account = attempt.account if attempt else None
        event = LoginFailed(self.mechanism, error.condition, account)
        return Element("failure", NS, None, *children).to_bytes(), event
