"""How often streams to another domain broke one after the other, before they got anything across.

Whoever takes a stream and then breaks it each time is to be called no more often than one that
takes none; but a single break says nothing.
"""

from typing import Final

_MOST: Final = 30


class Breaks:
    """The breaks of the streams for one pair of domains.

    Times are in seconds of a clock that never goes back.
    """

    __slots__ = ("_began", "_number", "_since")

    def __init__(self) -> None:
        self._began = 0.0
        self._number = 0
        self._since: float | None = None

    def begin(self, now: float) -> None:
        """Take note that there is a stream."""
        self._began = now

    def forgive(self, now: float, enough: float) -> None:
        """Take note that a stream is gone which got something across.

        One that lasted for less than ``enough`` seconds still counts as a break, so that nobody is
        called for each stanza that they take.
        """
        self._since = None
        self._number = 0 if now - self._began >= enough else min(self._number, 1)

    def add(self, now: float) -> tuple[int, float]:
        """Take note that a stream broke.

        Return how many did so before it, in a row, and since when nothing gets across.
        """
        before, self._number = self._number, min(self._number + 1, _MOST)
        if self._since is None:
            self._since = now
        return before, self._since
