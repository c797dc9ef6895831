"""The SASL profile of RFC 6120 §6: its elements."""

from typing import TYPE_CHECKING, Final

from palaver import sasl
from palaver.sasl import Condition, SaslError, Success
from palaver.stream import authentication, exchange
from palaver.wire.element import Element

if TYPE_CHECKING:
    from palaver.stream.client import ClientStream

NS: Final = authentication.NS


def handle(stream: "ClientStream", element: Element) -> None:
    """Take an element of the namespace."""
    exchange.run(stream, PROFILE, lambda: _step(stream, element))


def _step(stream: "ClientStream", element: Element) -> sasl.Step:
    current = stream.authentication
    if element.name == "auth":
        name = element.get("mechanism", "")
        current.choose(name)
        server = sasl.begin(name, stream.here.policy, stream.channel)
        return current.begin(PROFILE, server, sasl.decode_initial(element.text))
    if element.name == "response":
        return current.respond(element.text)
    if element.name == "abort":
        current.abort()
    raise SaslError(Condition.MALFORMED_REQUEST, "no exchange is going on")


class _Profile:
    """Implements `palaver.stream.exchange.Profile`."""

    @staticmethod
    def challenge(stream: "ClientStream", data: bytes) -> None:
        stream.say(Element("challenge", NS, None, sasl.encode(data) or None).to_bytes())

    @staticmethod
    def check(_stream: "ClientStream", _step: Success) -> None:
        """Let everybody in who authenticated."""

    @staticmethod
    def succeeded(stream: "ClientStream", step: Success) -> None:
        text = sasl.encode_optional(step.data)
        stream.say(Element("success", NS, None, text or None).to_bytes())
        stream.logged_in()
        stream.restart()

    @staticmethod
    def failed(stream: "ClientStream", error: SaslError) -> None:
        failure = Element("failure", NS, None, Element(str(error.condition), NS))
        if error.text:
            failure.add(Element("text", NS, {"xml:lang": "en"}, error.text))
        stream.say(failure.to_bytes())


PROFILE: Final = _Profile()
