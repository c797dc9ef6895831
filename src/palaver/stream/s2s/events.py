"""What the streams between servers tell or ask those who carry them."""

from dataclasses import dataclass

from palaver.stream.events import Acknowledged, AcknowledgementAsked, Enable, Resume
from palaver.stream.s2s.dialback import Pair
from palaver.wire.errors import StreamError
from palaver.wire.stanza import Stanza


@dataclass(frozen=True, slots=True)
class StartTls:
    """Begin TLS once what was written is sent, then call `secured`; ``host`` is our side of it."""

    host: str


@dataclass(frozen=True, slots=True)
class Verify:
    """Ask the server of the pair's sender whether it made this key, then call `verified`."""

    pair: Pair
    stream_id: str
    key: str


@dataclass(frozen=True, slots=True)
class Authorised:
    """Stanzas may flow from the pair's sender to its target; ``method`` says why."""

    pair: Pair
    method: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The other server does not take stanzas of the pair; or we do not, if it asked.

    ``condition``  what is told to those whose stanzas come back for it
    ``final``      whether the same would come of another attempt a moment later
    """

    pair: Pair
    reason: str
    condition: str = "remote-server-timeout"
    final: bool = True


@dataclass(frozen=True, slots=True)
class Usable:
    """The stream can be used for questions about keys."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The other server says of a key ``"valid"``, ``"invalid"``, or the condition of an error."""

    pair: Pair
    stream_id: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Managed:
    """The other server counts our stanzas; with the token, if any, the stream can be resumed."""

    token: str | None


@dataclass(frozen=True, slots=True)
class Resumed:
    """The other server goes on where it was when it had handled ``h`` of our stanzas.

    ``h`` is None where it does not know any more (XEP-0198 §5); nothing is resumed then, nor where
    ``anew`` says so.
    """

    h: int | None
    anew: bool


@dataclass(frozen=True, slots=True)
class Ended:
    """The stream is over: close the connection once what was written is sent.

    ``error``   the error that we ended it with, or None
    ``theirs``  the condition of the error that the other server ended it with, or empty
    """

    error: StreamError | None = None
    theirs: str = ""


Event = (
    Stanza
    | StartTls
    | Verify
    | Authorised
    | Refused
    | Usable
    | Answered
    | Managed
    | Resumed
    | Enable
    | Resume
    | Acknowledged
    | AcknowledgementAsked
    | Ended
)
