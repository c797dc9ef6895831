"""Keeps nicknames from being taken for each other (UTS #39 §4)."""

import unicodedata
from functools import lru_cache

from palaver import lookalike


@lru_cache(4096)
def _skeleton(nick: str) -> str:
    """Return what all that looks like a nickname has in common; nicknames keep wide letters."""
    return lookalike.skeleton(unicodedata.normalize("NFKC", nick))


class Looks:
    """How the nicknames in a room look; the first of those that look alike counts."""

    __slots__ = ("_nicks",)

    def __init__(self) -> None:
        """Begin without any."""
        self._nicks: dict[str, str] = {}

    def add(self, nick: str) -> None:
        """Take note of a nickname that is in use now."""
        self._nicks.setdefault(_skeleton(nick), nick)

    def remove(self, nick: str) -> None:
        """Take note that a nickname is in use no more."""
        if self._nicks.get(_skeleton(nick)) == nick:
            del self._nicks[_skeleton(nick)]

    def like(self, nick: str) -> str | None:
        """Return the nickname in use for which another could be taken, or None.

        In ASCII one may tell ``1`` from ``l``: there people choose freely.
        """
        other = self._nicks.get(_skeleton(nick))
        if other is None or other == nick or (other.isascii() and nick.isascii()):
            return None
        return other
