"""What a client's stream asks its connection to do, besides passing on stanzas."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from palaver import sasl
from palaver.sasl import Condition, Identity
from palaver.wire.errors import StreamError
from palaver.wire.stanza import Stanza

if TYPE_CHECKING:
    from palaver.stream.inline import Inline


@dataclass(frozen=True, slots=True)
class StartTls:
    """Begin TLS once what was written is sent, then call `secured`; ``host`` chose the stream."""

    host: str


@dataclass(frozen=True, slots=True)
class Lookup:
    """Find out what the SASL mechanism needs, and hand it to `resolve`."""

    step: sasl.Lookup


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """The client authenticated."""

    identity: Identity
    mechanism: str


@dataclass(frozen=True, slots=True)
class Authenticated:
    """Give a client that authenticated what it asks for along with its login (XEP-0388 §2.6.1).

    Then call `established` or `refuse_login`.
    """

    request: "Inline"


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
class Enable:
    """Manage the stream, then call `enabled` or `refuse_management` (XEP-0198 §3).

    ``resume``   whether the client wants to be able to resume it
    ``seconds``  for how long, if it says so
    """

    resume: bool
    seconds: int | None


@dataclass(frozen=True, slots=True)
class Resume:
    """Resume the session with this token, then call `resumed` or `refuse_management` (§5).

    ``h``  how many stanzas the client has handled
    """

    token: str
    h: int


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The client has handled ``h`` stanzas (§4)."""

    h: int


@dataclass(frozen=True, slots=True)
class AcknowledgementAsked:
    """The client wants to know how many stanzas were handled (§4)."""


@dataclass(frozen=True, slots=True)
class ClientState:
    """The user attends to the client from now on, or does not (XEP-0352)."""

    active: bool


@dataclass(frozen=True, slots=True)
class EarlyRequest:
    """Answer an IQ request sent before login (in-band registration) with `answer`.

    ``visit``  a place for what is known of the client, the same for all requests of the stream
    """

    host: str
    stanza: Stanza
    visit: dict[Any, Any]


@dataclass(frozen=True, slots=True)
class Ended:
    """The stream is over: close the connection once what was written is sent."""

    error: StreamError | None = None


Event = (
    StartTls
    | Lookup
    | LoggedIn
    | Authenticated
    | LoginFailed
    | Bind
    | Enable
    | Resume
    | Acknowledged
    | AcknowledgementAsked
    | ClientState
    | EarlyRequest
    | Ended
    | Stanza
)
