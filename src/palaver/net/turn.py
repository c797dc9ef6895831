"""How much of what clients send is handled in one turn of the loop; the rest waits for the next.

When thousands write at the same moment, such as all who enter a large room after a restart, their
input takes seconds. So each turn takes it for some milliseconds, then writes what came of it. What
is put off comes in its order, and what arrives later in a turn that is not over need not wait
behind all of that.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from time import monotonic
from typing import Final

_LONGEST: Final = 0.01  # seconds for what was put off, and as much for what arrives


class Turn:
    """Knows when the input of a turn has taken enough time."""

    __slots__ = ("_ends", "_loop", "_put_off")

    def __init__(self) -> None:
        """Begin with nothing put off."""
        self._loop = asyncio.get_running_loop()
        self._ends = 0.0
        self._put_off: deque[Callable[[], None]] = deque()

    @property
    def is_over(self) -> bool:
        """Tell whether more has to wait; who asks first begins the time of the turn."""
        now = monotonic()  # the loop's own clock stands still during a turn
        if not self._ends:
            self._begin(now)
        return now > self._ends

    def put_off(self, work: Callable[[], None]) -> None:
        """Do something in one of the next turns."""
        self._put_off.append(work)

    def _begin(self, now: float) -> None:
        self._ends = now + _LONGEST
        self._loop.call_soon(self._next)

    def _next(self) -> None:
        """Go on with what was put off."""
        self._ends = 0.0
        left = self._put_off
        if not left:
            return
        until = monotonic() + _LONGEST
        try:
            left.popleft()()
            while left and monotonic() < until:
                left.popleft()()
        finally:
            self._begin(monotonic())
