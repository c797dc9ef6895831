"""Limits how often somebody may do something, within bounded memory."""

import ipaddress
from collections import OrderedDict
from typing import Final

_KEYS: Final = 10_000
_ROUNDING: Final = 1e-6  # seconds


class RateLimit:
    """Lets each key act ``times`` in an ``interval`` of seconds, evenly refilled.

    Whoever did nothing for an interval may do all at once. For each of the last ``keys`` keys one
    number is kept: the moment at which it may do all again (the algorithm is GCRA, ITU-T I.371).
    """

    __slots__ = ("_full_at", "_interval", "_keys", "_step")

    def __init__(self, times: int, interval: float, *, keys: int = _KEYS) -> None:
        self._step = interval / times
        self._interval = interval
        self._keys = keys
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def take(self, key: str, now: float) -> float:
        """Let a key act: return 0, or the seconds that it has to wait, and then nothing counts.

        ``now`` is in seconds of a clock that never goes back.
        """
        full_at = max(self._full_at.get(key, now), now) + self._step
        wait = full_at - now - self._interval
        if wait > _ROUNDING:
            return wait
        self._full_at[key] = full_at
        self._full_at.move_to_end(key)
        if len(self._full_at) > self._keys:
            self._full_at.popitem(last=False)
        return 0.0

    def give_back(self, key: str) -> None:
        """Let what a key took last not count."""
        if key in self._full_at:
            self._full_at[key] -= self._step

    def __len__(self) -> int:
        return len(self._full_at)


def network(address: str) -> str:
    """Return what counts as one address: an IPv4 address, or the /64 of an IPv6 address.

    What is no IP address counts as it is written.
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(found) >> 64 << 64, 64)))
