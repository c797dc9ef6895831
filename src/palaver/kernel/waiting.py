"""Stanzas that wait for a stream to another domain, in the order in which they are to go."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from palaver.kernel.sharing import alike
from palaver.wire.stanza import Stanza

OVERHEAD: Final = 500  # bytes that a stanza takes besides its content
_RECIPIENT: Final = 200  # bytes that one more recipient takes of a stanza that waits for many
_TOGETHER: Final = 1.0  # seconds within which what is the same for many is sent to all of them


class Waiting:
    """A stanza that waits, or one that is the same for many recipients.

    ``until``    when it goes back to its sender, by a clock that never goes back
    ``stanzas``  one for each recipient, in the order in which they came
    ``size``     what that takes, in bytes
    """

    __slots__ = ("size", "stanzas", "until")

    def __init__(self, until: float, stanza: Stanza) -> None:
        self.until = until
        self.stanzas = [stanza]
        self.size = len(stanza.inner) + OVERHEAD

    def more(self, until: float, stanza: Stanza) -> bool:
        """Tell whether a stanza is one more of the same."""
        return until - self.until < _TOGETHER and alike(self.stanzas[0], stanza)


@dataclass(slots=True)
class Total:
    """What all queues together take, in bytes."""

    size: int = 0


class Queue:
    """What waits for one stream; what goes back first is in front.

    ``size``  what it takes, in bytes
    """

    __slots__ = ("_total", "_waiting", "size")

    def __init__(self, total: Total) -> None:
        """Be counted in ``total``."""
        self.size = 0
        self._total = total
        self._waiting: deque[Waiting] = deque()

    def __len__(self) -> int:
        """Count the stanzas; one for many recipients counts once."""
        return len(self._waiting)

    def __iter__(self) -> Iterator[Waiting]:
        """Go through what waits, in order."""
        return iter(self._waiting)

    def cost(self, until: float, stanza: Stanza) -> tuple[int, int]:
        """Return by how many, and by how many bytes, it would be longer with a stanza."""
        last = self._waiting[-1] if self._waiting else None
        if last is not None and last.more(until, stanza):
            return 0, _RECIPIENT
        return 1, len(stanza.inner) + OVERHEAD

    def add(self, until: float, stanza: Stanza, replaced: Callable[[Stanza, Stanza], None]) -> None:
        """Add a stanza at the end; ``replaced`` is told if a copy that takes less stands for it."""
        last = self._waiting[-1] if self._waiting else None
        if last is None or not last.more(until, stanza):
            self.append(until, stanza)
            return
        # What differs is the recipient alone: the rest is there once.
        one_more = last.stanzas[0].addressed(stanza.sender, stanza.to)
        replaced(stanza, one_more)
        last.stanzas.append(one_more)
        last.size += _RECIPIENT
        self._count(_RECIPIENT)

    def append(self, until: float, stanza: Stanza) -> None:
        """Add a stanza at the end, as it is."""
        self._waiting.append(Waiting(until, stanza))
        self._count(self._waiting[-1].size)

    def put_first(self, until: float, stanzas: Sequence[Stanza]) -> None:
        """Add stanzas in front."""
        for stanza in reversed(stanzas):
            first = self._waiting[0] if self._waiting else None
            if first is not None and first.until == until and first.more(until, stanza):
                first.stanzas.insert(0, stanza)
                first.size += _RECIPIENT
                self._count(_RECIPIENT)
            else:
                self._waiting.appendleft(Waiting(until, stanza))
                self._count(self._waiting[0].size)

    def take(self) -> list[Stanza]:
        """Take out the first: one stanza, or all that are the same for many recipients."""
        first = self._waiting.popleft()
        self._count(-first.size)
        return first.stanzas

    def take_until(self, until: float) -> list[Stanza]:
        """Take out those that wait no longer than until then."""
        found: list[Stanza] = []
        while self._waiting and self._waiting[0].until <= until:
            found += self.take()
        return found

    def forget(self, ids: set[int]) -> None:
        """Take out stanzas, given by the ``id`` of each object."""
        kept: deque[Waiting] = deque()
        for each in self._waiting:
            left = [stanza for stanza in each.stanzas if id(stanza) not in ids]
            size = _RECIPIENT * (len(each.stanzas) - len(left)) if left else each.size
            each.stanzas[:] = left
            each.size -= size
            self._count(-size)
            if left:
                kept.append(each)
        self._waiting = kept

    def _count(self, size: int) -> None:
        self.size += size
        self._total.size += size
