"""How often somebody may do something in one room."""

from palaver.kernel.rate_limit import RateLimit


class Throttle:
    """Lets each key act so often in an interval; it begins anew when that is configured anew."""

    __slots__ = ("_limit", "_rate")

    def __init__(self) -> None:
        """Keep nothing in mind before it is needed."""
        self._limit: RateLimit | None = None
        self._rate = (0, 0.0)

    def take(self, times: int, interval: float, key: str, now: float) -> float:
        """Let a key act, ``times`` in ``interval`` seconds; return how many seconds it must wait.

        ``times`` of 0 is no limit.
        """
        if not times:
            return 0.0
        if self._limit is None or self._rate != (times, interval):
            self._limit, self._rate = RateLimit(times, interval), (times, interval)
        return self._limit.take(key, now)
