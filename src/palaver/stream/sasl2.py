"""The SASL profile of XEP-0388: its feature, its elements, and what comes after success."""

from typing import TYPE_CHECKING, Final

from palaver import sasl
from palaver.sasl import Channel, Condition, SaslError, ServerMechanism, Success
from palaver.stream import exchange, fast, features, inline, login, upgrade
from palaver.stream.events import Authenticated
from palaver.stream.settings import StreamHost
from palaver.stream.state import State
from palaver.wire.element import Element
from palaver.wire.errors import StreamError

if TYPE_CHECKING:
    from palaver.stream.client import ClientStream

NS: Final = "urn:xmpp:sasl:2"


def feature(here: StreamHost, channel: Channel) -> Element | None:
    """Offer the profile, after TLS only (§4).

    The same mechanisms to all accounts of a host: were they chosen by who the stream says it is
    from (§2.1), they would tell anybody something of that account (§4).
    """
    names = sasl.offers(here.policy, channel) if channel.encrypted else ()
    if not names:
        return None
    offered = [Element("mechanism", NS, None, name) for name in names]
    inner = Element("inline", NS, None, *here.inline(), fast.feature(here, channel))
    tasks = upgrade.features(here.policy)
    return Element("authentication", NS, None, *offered, inner, *tasks)


def begin(stream: "ClientStream", element: Element) -> None:
    """Take an element of the namespace while no exchange goes on."""
    stream.state = State.AUTHENTICATING
    exchange.run(stream, PROFILE, lambda: _begin(stream, element))


def go_on(stream: "ClientStream", element: Element) -> None:
    """Take an element of the namespace during an exchange.

    Raises:
        StreamError: it is none that may come then (§2.4).
    """
    if stream.authentication.identity is not None:
        exchange.attempt(stream, PROFILE, lambda: _task(stream, element))
    elif element.name == "response":
        text = element.text.strip()
        exchange.run(stream, PROFILE, lambda: stream.authentication.respond(text))
    elif element.name == "abort":
        exchange.run(stream, PROFILE, stream.authentication.abort)
    else:
        raise StreamError("policy-violation", "a login is going on already")


def _task(stream: "ClientStream", element: Element) -> None:
    """Take an element that belongs to a task after the exchange (§2.6.3)."""
    if element.name == "next":
        upgrade.begin(stream, element)
    elif element.name == "task-data":
        upgrade.finish(stream, element)
    elif element.name == "abort":
        raise SaslError(Condition.ABORTED)
    else:
        raise StreamError("policy-violation", "a task is going on")


def _begin(stream: "ClientStream", element: Element) -> sasl.Step:
    current = stream.authentication
    name = element.get("mechanism", "")
    current.choose(name)
    if element.name != "authenticate":
        raise SaslError(Condition.MALFORMED_REQUEST, "no exchange is going on")
    if not stream.channel.encrypted:
        raise SaslError(Condition.ENCRYPTION_REQUIRED)
    stream.inline = request = inline.read(element)
    initial = element.find("initial-response")
    data = None if initial is None else sasl.decode(initial.text.strip())
    return current.begin(PROFILE, _mechanism(stream, name, request), data)


def _mechanism(stream: "ClientStream", name: str, request: inline.Inline) -> ServerMechanism:
    """Start the mechanism that was announced for passwords, or for tokens (XEP-0484 §3.4)."""
    here, channel = stream.here, stream.channel
    if request.fast is None:
        return sasl.begin(name, here.policy, channel)
    if name not in fast.offered(here, channel):
        raise SaslError(Condition.INVALID_MECHANISM, "no mechanism for tokens")
    if not request.agent.id:
        raise SaslError(Condition.MALFORMED_REQUEST, "a token needs the user agent's id")
    return sasl.begin_token(name, here.policy, channel)


class _Profile:
    """Implements `palaver.stream.exchange.Profile`."""

    @staticmethod
    def challenge(stream: "ClientStream", data: bytes) -> None:
        stream.say(Element("challenge", NS, None, sasl.encode(data) or None).to_bytes())

    @staticmethod
    def check(stream: "ClientStream", step: Success) -> None:
        """Refuse who logs in as another than the stream is from (§2.3)."""
        if stream.sender not in (None, step.identity.jid) and not step.identity.anonymous:
            raise SaslError(Condition.INVALID_AUTHZID, "the stream is from somebody else")

    @staticmethod
    def succeeded(stream: "ClientStream", step: Success) -> None:
        assert stream.inline is not None
        stream.inline.data = step.data
        name = stream.authentication.mechanism
        stream.inline.upgrades = upgrade.wanted(stream.inline.element, stream.here.policy, name)
        stream.tell(Authenticated(stream.inline))
        stream.wait(State.AUTHENTICATING)

    @staticmethod
    def failed(stream: "ClientStream", error: SaslError) -> None:
        stream.inline = None
        stream.authentication.identity = None
        failure = Element("failure", NS, None, Element(str(error.condition), login.NS))
        if error.text:
            failure.add(Element("text", NS, None, error.text))
        stream.say(failure.to_bytes())
        stream.state = State.NEGOTIATING


PROFILE: Final = _Profile()


def established(
    stream: "ClientStream", identifier: str, results: list[bytes], after: State, *, resumed: bool
) -> None:
    """Tell the client that it is logged in, as whom, and what came of what it asked for (§2.6.1).

    The features of the stream follow at once, unless they are those of a session from before
    (XEP-0198 §6.2). Nothing restarts.
    """
    assert stream.inline is not None
    data, stream.inline = stream.inline.data, None
    parts = [f"<success xmlns='{NS}'>".encode()]
    if data is not None:
        parts.append(Element("additional-data", NS, None, sasl.encode(data)).to_bytes(NS))
    parts.append(Element("authorization-identifier", NS, None, identifier).to_bytes(NS))
    parts += [*results, b"</success>"]
    stream.state = after
    stream.logged_in()
    if not resumed:
        parts.append(features.after_success(stream))
    stream.say(b"".join(parts))
