"""What all connections share: one write per turn of the loop, bounds on output, and counters."""

import asyncio
from collections import deque
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Final

from palaver.kernel.storage import MessageLog
from palaver.net.turn import Turn

if TYPE_CHECKING:
    from palaver.net.carrier import Carrier

_HARD: Final = 4  # times the soft limit of unread output
_ROOM: Final = 1 << 20  # bytes of output that may come of one turn's input
_TURN: Final = 1 << 18  # bytes of input after which a turn's output is written at once
_SLICE: Final = 0.008  # seconds that writing may take of one turn of the loop
_LOOK: Final = 64  # connections between looks at the clock


class Traffic:
    """Writes what connections have queued, and stops reading while too much waits.

    ``soft_limit``  bytes of unread output from which those who write to a connection wait
    ``hard_limit``  bytes of unread output that end it
    ``turn``        how much input is handled in one turn of the loop
    The counters are plain attributes, read when metrics are collected.
    """

    def __init__(self, message_log: MessageLog, output_bytes: int) -> None:
        """Allow each connection that much unread output; ``message_log`` may have to catch up."""
        self.log = message_log
        self.soft_limit = output_bytes
        self.hard_limit = hard_limit(output_bytes)
        self.bytes_in = 0
        self.bytes_out = 0
        self.stanzas_in = 0
        self._bytes_answered = 0
        self._written: list[Carrier] = []
        self._many: deque[Carrier] = deque()
        self._planned = False
        self.turn = Turn()
        self._held_back: list[Callable[[], None]] = []
        self._loop = asyncio.get_running_loop()

    def schedule(self, carrier: "Carrier") -> None:
        """Write what the connection has queued at the end of this turn of the loop."""
        if not self._planned:
            self._planned = True
            self._loop.call_soon(self._flush_some)
        self._written.append(carrier)

    def _flush_some(self) -> None:
        """Write what connections have queued; where they are thousands, go on in the next turn.

        A few that have something to write meanwhile do not wait behind those.
        """
        self._planned = False
        if len(self._written) > _LOOK:
            self._many += self._written
            self._written = []
        self.flush()
        many, until = self._many, monotonic() + _SLICE
        while many and monotonic() < until:
            for _ in range(min(_LOOK, len(many))):
                many.popleft().flush()
        if many and not self._planned:
            self._planned = True
            self._loop.call_soon(self._flush_some)

    def flush(self) -> None:
        """Write what connections have queued in this turn.

        A loop may read megabytes in one turn: what they become is not queued all that time, so
        that whoever does not read is noticed.
        """
        self._bytes_answered = self.bytes_in
        written, self._written = self._written, []
        for carrier in written:
            carrier.flush()

    def look_after(self, carrier: "Carrier") -> None:
        """See what the input just handled has piled up; read no more where it is much."""
        if self.bytes_in - self._bytes_answered > _TURN:
            self.flush()
        if self.log.full:
            self.hold_back(carrier)

    def hold_back(self, carrier: "Carrier") -> None:
        """Read nothing more from a connection until the message log has room again."""
        if not self._held_back:
            self.log.on_drain(self._let_go)
        self._held_back.append(carrier.hold())

    def _let_go(self) -> None:
        held_back, self._held_back = self._held_back, []
        for let_go in held_back:
            let_go()


def hard_limit(soft: int) -> int:
    """Return how many bytes of unread output end a connection."""
    return max(soft * _HARD, soft + _ROOM)
