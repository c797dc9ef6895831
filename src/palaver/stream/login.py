"""Logging in on a stream by SASL (RFC 6120 §6): what comes of each element and look-up."""

from typing import TYPE_CHECKING, Final

from palaver.sasl import Condition, ScramKeys
from palaver.stream import authentication
from palaver.stream.events import Event, LoggedIn, Lookup
from palaver.stream.state import State
from palaver.wire.element import Element
from palaver.wire.errors import StreamError

if TYPE_CHECKING:
    from palaver.stream.client import ClientStream

NS: Final = authentication.NS


def handle(stream: "ClientStream", element: Element) -> None:
    """Take an element of the SASL namespace."""
    _go_on(stream, *stream.authentication.handle(element, stream.here.policy, stream.channel))


def resolve(
    stream: "ClientStream", found: ScramKeys | bool | None, refusal: Condition | None
) -> None:
    """Take what a `Lookup` was for."""
    _go_on(stream, *stream.authentication.resolve(found, refusal))


def cannot_resolve(stream: "ClientStream") -> None:
    """Fail the login for now: storage did not answer."""
    _go_on(stream, *stream.authentication.fail(Condition.TEMPORARY_AUTH_FAILURE))


def _go_on(stream: "ClientStream", data: bytes, event: Event | None) -> None:
    stream.say(data)
    if event is not None:
        stream.tell(event)
    if isinstance(event, Lookup):
        stream.wait(State.NEGOTIATING)
    elif isinstance(event, LoggedIn):
        stream.logged_in()
        stream.restart()
    if stream.authentication.failures >= stream.settings.attempts:
        raise StreamError("policy-violation", "too many failed logins")
