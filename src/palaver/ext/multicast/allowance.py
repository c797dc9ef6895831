"""How fast recipients may be written to: whoever is faster is read from more slowly."""

from collections import OrderedDict
from typing import Final

_KEYS: Final = 10_000


class Allowance:
    """Lets each key write to so many recipients in an interval; more must be waited for.

    For each of the last keys one number is kept: the moment at which all that it used is refilled.
    """

    __slots__ = ("_full_at", "_interval", "_step")

    def __init__(self, recipients: int, interval: float) -> None:
        """``interval`` is in seconds."""
        self._step = interval / recipients
        self._interval = interval
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def take(self, key: str, recipients: int, now: float) -> float:
        """Take note of recipients; return for how many seconds nothing more should be read."""
        full_at = max(self._full_at.get(key, now), now) + recipients * self._step
        self._full_at[key] = full_at
        self._full_at.move_to_end(key)
        if len(self._full_at) > _KEYS:
            self._full_at.popitem(last=False)
        return max(0.0, full_at - now - self._interval)
