"""The states of a client's stream.

What each lets through (RFC 6120 §4.3):

=============  ======================================  =================================
state          takes                                   leads to
=============  ======================================  =================================
``OPENING``    a stream header                         ``NEGOTIATING``, or ``BINDING``
``NEGOTIATING``  starttls, SASL, early IQ requests     ``SECURING``, ``WAITING``, ``OPENING``
``AUTHENTICATING``  the rest of a SASL2 exchange       ``WAITING``, ``NEGOTIATING``
``SECURING``   nothing: the connection begins TLS      ``HANDSHAKE``, by `handshake`
``HANDSHAKE``  nothing: TLS is not established yet     ``OPENING``, by `secured`
``WAITING``    nothing: a look-up or bind is going on  the state before, or the next
``BINDING``    the IQ that binds a resource            ``WAITING``
``BOUND``      stanzas                                 ``CLOSED``
``CLOSED``     nothing
=============  ======================================  =================================

Bytes that arrive in a state that takes nothing are kept until it is left, except those behind
``<starttls/>``: they came in clear, and end the stream (RFC 6120 §5.4.3.3).
"""

from enum import Enum, auto
from typing import Final


class State(Enum):
    """Where a stream is; see the table above."""

    OPENING = auto()
    NEGOTIATING = auto()
    AUTHENTICATING = auto()
    SECURING = auto()
    HANDSHAKE = auto()
    WAITING = auto()
    BINDING = auto()
    BOUND = auto()
    CLOSED = auto()


IDLE: Final = frozenset({State.SECURING, State.HANDSHAKE, State.WAITING, State.CLOSED})
"""The states in which nothing is taken."""
