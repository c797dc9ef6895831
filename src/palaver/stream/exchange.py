"""Runs the steps of SASL exchanges on a stream, and lets their profile say what comes of them."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from palaver import sasl
from palaver.sasl import Condition, SaslError
from palaver.stream.events import Lookup
from palaver.wire.errors import StreamError

if TYPE_CHECKING:
    from palaver.stream.client import ClientStream


class Profile(Protocol):
    """How SASL is spoken on a stream (RFC 4422 §4)."""

    def challenge(self, stream: "ClientStream", data: bytes) -> None:
        """Send a challenge."""

    def check(self, stream: "ClientStream", step: sasl.Success) -> None:
        """Raise `SaslError` where the client may not log in on this stream all the same."""

    def succeeded(self, stream: "ClientStream", step: sasl.Success) -> None:
        """Go on with a client that logged in."""

    def failed(self, stream: "ClientStream", error: SaslError) -> None:
        """Tell the client that it is not let in."""


def run(stream: "ClientStream", profile: Profile, step: Callable[[], sasl.Step]) -> None:
    """Take a step of an exchange.

    Raises:
        StreamError: policy-violation, too many attempts failed.
    """
    try:
        found = step()
        if isinstance(found, sasl.Success):
            profile.check(stream, found)
    except SaslError as error:
        fail(stream, profile, error)
        return
    _check_failures(stream)
    if isinstance(found, sasl.Challenge):
        profile.challenge(stream, found.data)
    elif isinstance(found, sasl.Success):
        stream.tell(stream.authentication.succeeded(found))
        profile.succeeded(stream, found)
    else:
        stream.tell(Lookup(found))
        stream.wait(stream.state)


def attempt(stream: "ClientStream", profile: Profile, step: Callable[[], None]) -> None:
    """Do what an element wants after the exchange proper; raises `StreamError` as `run` does."""
    try:
        step()
    except SaslError as error:
        fail(stream, profile, error)


def fail(stream: "ClientStream", profile: Profile, error: SaslError) -> None:
    """End an exchange without success; raises `StreamError` as `run` does."""
    if error.condition is Condition.ACCOUNT_DISABLED and not error.text:
        error.text = stream.authentication.why
    event = stream.authentication.failed(error)
    profile.failed(stream, error)
    stream.tell(event)
    _check_failures(stream)


def _check_failures(stream: "ClientStream") -> None:
    if stream.authentication.failures >= stream.settings.attempts:
        raise StreamError("policy-violation", "too many failed logins")


def resolve(stream: "ClientStream", found: sasl.Found, refusal: Condition | None, why: str) -> None:
    """Take what a `Lookup` was for; ``why`` explains a refusal to who proves to be the user."""
    authentication = stream.authentication
    authentication.why = why or authentication.why  # the verdict on a password follows its keys
    run(stream, authentication.profile, lambda: authentication.resolve(found, refusal))


def cannot_resolve(stream: "ClientStream") -> None:
    """Fail the login for now: storage did not answer."""
    error = SaslError(Condition.TEMPORARY_AUTH_FAILURE)
    fail(stream, stream.authentication.profile, error)
