"""Connections of one kind, all together: a look at the time of each, and the end of all."""

import asyncio
from typing import Final, Generic, Protocol, TypeVar

from palaver.wire.errors import StreamError

_SWEEP: Final = 5.0  # seconds between looks at the time of every connection
_LAST_MOMENT: Final = 2.0  # seconds for what is being sent when all ends
_LOOK_AGAIN: Final = 0.1  # seconds
_AT_ONCE: Final = 500  # connections in one turn of the loop


class Connection(Protocol):
    """One of them."""

    def sweep(self, now: float) -> None:
        """Close it when its time is over; ``now`` is on the loop's clock."""

    def end(self, error: StreamError | None) -> None:
        """Close the stream in order, then the connection."""


C = TypeVar("C", bound=Connection)


class Gathering(Generic[C]):
    """Keeps connections; each adds itself when it is made, and takes itself out when it is gone."""

    def __init__(self) -> None:
        self.connections: set[C] = set()
        self._loop = asyncio.get_running_loop()
        self._sweeper: asyncio.Handle = self._loop.call_later(_SWEEP, self._sweep)

    def _sweep(self) -> None:
        self._look_at(list(self.connections))

    def _look_at(self, connections: list[C]) -> None:
        """Look at some, and at the others in the next turn of the loop."""
        now = self._loop.time()
        for connection in connections[:_AT_ONCE]:
            connection.sweep(now)
        left = connections[_AT_ONCE:]
        if left:
            self._sweeper = self._loop.call_soon(self._look_at, left)
        else:
            self._sweeper = self._loop.call_later(_SWEEP, self._sweep)

    async def close(self) -> None:
        """End every stream with ``system-shutdown``, and wait a moment for what is being sent."""
        self._sweeper.cancel()
        for number, connection in enumerate(list(self.connections), 1):
            connection.end(StreamError("system-shutdown"))
            if not number % _AT_ONCE:
                await asyncio.sleep(0)
        until = self._loop.time() + _LAST_MOMENT
        while self.connections and self._loop.time() < until:  # noqa: ASYNC110 - they tell nobody
            await asyncio.sleep(_LOOK_AGAIN)
