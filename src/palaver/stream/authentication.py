"""SASL on a stream, whichever profile it is spoken in: its attempts, and who logged in.

`palaver.stream.exchange` runs the steps; the profiles are `palaver.stream.login` (RFC 6120 §6) and
`palaver.stream.sasl2` (XEP-0388).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NoReturn

from palaver import sasl
from palaver.sasl import Channel, Condition, Policy, SaslError, ServerMechanism
from palaver.stream.events import LoggedIn, LoginFailed
from palaver.wire.element import Element

if TYPE_CHECKING:
    from palaver.stream.exchange import Profile

NS: Final = "urn:ietf:params:xml:ns:xmpp-sasl"
NS_CHANNEL_BINDING: Final = "urn:xmpp:sasl-cb:0"


@dataclass(slots=True)
class Attempt:
    """One exchange that goes on."""

    profile: "Profile"
    mechanism: str
    server: ServerMechanism
    account: str | None = None
    pending: sasl.Lookup | None = None


class Authentication:
    """Runs SASL exchanges on one connection until one succeeds.

    The methods that take a step return what comes of it, and raise `SaslError`. ``since`` is when
    the exchange began to be looked into, on a clock that the connection has; None before that.
    ``why`` is what users are told when their account is disabled.
    """

    __slots__ = ("_attempt", "failures", "identity", "mechanism", "since", "why")

    def __init__(self) -> None:
        self._attempt: Attempt | None = None
        self.failures = 0
        self.identity: sasl.Identity | None = None
        self.mechanism = ""
        self.since: float | None = None
        self.why = ""

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

    @property
    def profile(self) -> "Profile":
        """The profile in which the exchange goes on."""
        return self._going_on.profile

    def choose(self, name: str) -> None:
        """Take note that a client begins an exchange; one before it counts as failed."""
        if self._attempt is not None:
            self.failures += 1
        self._attempt = None
        self.since = None
        self.why = ""
        self.mechanism = name
        if not name:
            raise SaslError(Condition.INVALID_MECHANISM, "no mechanism was named")

    def begin(
        self, profile: "Profile", server: ServerMechanism, initial: bytes | None
    ) -> sasl.Step:
        """Start the mechanism chosen, with the initial response if there is one."""
        self._attempt = Attempt(profile, self.mechanism, server)
        return self._then(server.step(initial))

    def respond(self, text: str) -> sasl.Step:
        """Take a response in base64."""
        if self._attempt is None:
            raise SaslError(Condition.MALFORMED_REQUEST, "no exchange is going on")
        return self._then(self._attempt.server.step(sasl.decode(text)))

    def abort(self) -> NoReturn:
        """End the exchange because the client wants to."""
        if self._attempt is None:
            raise SaslError(Condition.MALFORMED_REQUEST, "no exchange is going on")
        self._attempt.server.abort()

    def resolve(self, found: "sasl.Found", refusal: Condition | None) -> sasl.Step:
        """Take what a `Lookup` was for: see `palaver.sasl.Found`."""
        attempt = self._going_on
        if isinstance(attempt.pending, sasl.NeedKeys):
            keys = found if isinstance(found, sasl.ScramKeys) else None
            return self._then(attempt.server.keys(keys, refusal))
        if isinstance(attempt.pending, sasl.NeedAccount):
            return self._then(attempt.server.account(found is True, refusal))
        if isinstance(attempt.pending, sasl.NeedToken):
            token = found if isinstance(found, bytes) else None
            return self._then(attempt.server.token(token, refusal))
        return self._then(attempt.server.verdict(found is True))

    def succeeded(self, step: sasl.Success) -> LoggedIn:
        """End the exchange: the client is who it says."""
        attempt, self._attempt = self._going_on, None
        self.identity = step.identity
        return LoggedIn(step.identity, attempt.mechanism)

    def failed(self, error: SaslError) -> LoginFailed:
        """End the exchange: the client is not let in."""
        attempt, self._attempt = self._attempt, None
        self.failures += 1
        return LoginFailed(self.mechanism, error.condition, attempt.account if attempt else None)

    # -- inside ------------------------------------------------------------------------------------

    @property
    def _going_on(self) -> Attempt:
        if self._attempt is None:
            raise RuntimeError("no exchange is going on")
        return self._attempt

    def _then(self, step: sasl.Step) -> sasl.Step:
        attempt = self._going_on
        if isinstance(step, sasl.NeedKeys | sasl.NeedAccount | sasl.NeedToken):
            attempt.account = str(step.account)
        attempt.pending = step if isinstance(step, sasl.Lookup) else None
        return step
