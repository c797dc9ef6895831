"""What a client's stream asks its connection to do, besides passing on stanzas."""

from dataclasses import dataclass

from palaver.sasl import Condition, Identity, NeedAccount, NeedKeys, VerifyPassword
from palaver.wire.errors import StreamError
from palaver.wire.stanza import Stanza


@dataclass(frozen=True, slots=True)
class StartTls:
    """Begin TLS once what was written is sent, then call `secured`; ``host`` chose the stream."""

    host: str


@dataclass(frozen=True, slots=True)
class Lookup:
    """Find out what the SASL mechanism needs, and hand it to `resolve`."""

    step: NeedKeys | VerifyPassword | NeedAccount


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """The client authenticated; its stream starts anew."""

    identity: Identity
    mechanism: str


@dataclass(frozen=True, slots=True)
class LoginFailed:
    """An attempt to authenticate failed; ``account`` is who it was for, where that is known."""

    mechanism: str
    condition: Condition
    account: str | None


@dataclass(frozen=True, slots=True)
class Bind:
    """Bind this resource (None: the server chooses), then call `bound` or `refuse_bind`."""

    resource: str | None


@dataclass(frozen=True, slots=True)
class EarlyRequest:
    """Answer an IQ request sent before login (in-band registration) with `answer`."""

    host: str
    stanza: Stanza


@dataclass(frozen=True, slots=True)
class Ended:
    """The stream is over: close the connection once what was written is sent."""

    error: StreamError | None = None


Event = StartTls | Lookup | LoggedIn | LoginFailed | Bind | EarlyRequest | Ended | Stanza
