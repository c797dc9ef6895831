"""Stream management between servers: what each side counts (XEP-0198 §4, §5).

Where they flow both ways (XEP-0288), each side keeps what the other has not acknowledged, and
counts what that sends; otherwise one does the one, and one the other.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from palaver.stream import management
from palaver.wire.element import Element
from palaver.wire.errors import StreamError
from palaver.wire.stanza import Stanza

_OVERHEAD: Final = 500  # bytes that a stanza takes besides its content
_MANY: Final = 64  # stanzas
_MUCH: Final = 65_536  # bytes
_WRAP: Final = 1 << 32  # the counters are unsignedInt


class Unacknowledged:
    """The stanzas we sent on a stream that the other server has not acknowledged.

    ``stanzas``  in the order in which they were sent
    ``size``     bytes of memory for them
    ``asked``    when the other server was asked for an acknowledgement that it owes us
    ``due``      whether something was sent since it was asked last
    ``progress`` whether it acknowledged any
    """

    __slots__ = ("_acknowledged", "asked", "due", "progress", "size", "stanzas")

    def __init__(self) -> None:
        self.stanzas: deque[Stanza] = deque()
        self.size = 0
        self.asked: float | None = None
        self.due = False
        self.progress = False
        self._acknowledged = 0

    @property
    def urgent(self) -> bool:
        """Tell whether there is so much that an acknowledgement is not to be waited for."""
        return len(self.stanzas) >= _MANY or self.size > _MUCH

    def sent(self, stanza: Stanza) -> None:
        """Keep a stanza until it is acknowledged."""
        self.due = True
        self.stanzas.append(stanza)
        self.size += len(stanza.inner) + _OVERHEAD

    def acknowledge(self, h: int) -> list[Stanza]:
        """Take how many the other server has handled; return those that it had not before.

        Raises:
            StreamError: it says more than it was sent, or less than before (XEP-0198 §6).
        """
        new = (h - self._acknowledged) % _WRAP
        if new > len(self.stanzas):
            raise self._too_high(h)
        self._acknowledged = h
        self.asked = None
        self.progress = self.progress or new > 0
        take = self.stanzas.popleft
        found = [take() for _ in range(new)]
        self.size -= sum([len(stanza.inner) for stanza in found]) + _OVERHEAD * new
        return found

    def _too_high(self, h: int) -> StreamError:
        sent = (self._acknowledged + len(self.stanzas)) % _WRAP
        counts = {"h": str(h), "send-count": str(sent)}
        detail = Element("handled-count-too-high", management.NS, counts)
        return StreamError("undefined-condition", f"only {sent} stanzas were sent to you", detail)

    def begin_again(self) -> None:
        """Forget what is left: on a stream that is resumed it is sent again."""
        self.stanzas.clear()
        self.size = 0
        self.asked = None
        self.due = False

    def ask(self, now: float) -> bytes:
        """Return the request for an acknowledgement; ``now`` is when."""
        self.asked = now
        self.due = False
        return management.REQUEST


class Handled:
    """How many stanzas of another server were taken, and which of them take longer."""

    __slots__ = ("_at_end", "_unfinished", "number")

    def __init__(self, number: int = 0) -> None:
        self.number = number
        self._unfinished: list[int] = []
        self._at_end: list[Callable[[], None]] = []

    @property
    def finished(self) -> int:
        """How many were handled to the end: up to the first that was not."""
        return min(self._unfinished) - 1 if self._unfinished else self.number

    def put_off(self) -> Callable[[], None]:
        """Take note that the last one takes longer; call what is returned at its end."""
        number = self.number
        self._unfinished.append(number)
        return lambda: self._done(number)

    def _done(self, number: int) -> None:
        self._unfinished.remove(number)
        if not self._unfinished:
            at_end, self._at_end = self._at_end, []
            for each in at_end:
                each()

    def when_finished(self, callback: Callable[[], None]) -> None:
        """Call back once all that was taken is handled to the end; at once if it is."""
        if self._unfinished:
            self._at_end.append(callback)
        else:
            callback()


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted on a stream in both directions.

    ``sent``   what we sent
    ``taken``  what the other server sent
    ``token``  what the stream can be resumed with, or None
    """

    sent: Unacknowledged
    taken: Handled
    token: str | None
