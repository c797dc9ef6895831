"""Keeps nicknames from being taken for each other (UTS #39 §4)."""

import unicodedata
from functools import lru_cache
from typing import Final

from palaver import lookalike

_BLANK: Final = "\u2800"  # a letter of Braille without dots


@lru_cache(4096)
def _skeleton(nick: str) -> str:
    """Return what all that looks like a nickname has in common; nicknames keep wide letters."""
    return lookalike.skeleton(unicodedata.normalize("NFKC", _seen(nick)))


def _seen(nick: str) -> str:
    """Return a nickname without the blanks that nobody sees."""
    return " ".join(nick.replace(_BLANK, " ").split())


def _is_plain(nick: str) -> bool:
    return nick.isascii() and _seen(nick) == nick


def is_visible(nick: str) -> bool:
    """Tell whether there is anything to be seen of a nickname."""
    return bool(_seen(nick))


class Looks:
    """How some nicknames look.

    In ASCII one may tell ``1`` from ``l``: there people choose freely, and as long as all do
    nobody needs to know how anything looks.
    """

    __slots__ = ("_by_look", "_nicks", "_unusual")

    def __init__(self) -> None:
        """Begin without any."""
        self._nicks: dict[str, None] = {}
        self._by_look: dict[str, dict[str, None]] | None = None
        self._unusual = 0

    def add(self, nick: str) -> None:
        """Take note of a nickname that counts now."""
        if nick in self._nicks:
            return
        self._nicks[nick] = None
        self._unusual += not _is_plain(nick)
        if self._by_look is not None:
            self._by_look.setdefault(_skeleton(nick), {})[nick] = None

    def remove(self, nick: str) -> None:
        """Take note that a nickname counts no more."""
        if nick not in self._nicks:
            return
        del self._nicks[nick]
        self._unusual -= not _is_plain(nick)
        if self._by_look is not None:
            alike = self._by_look[_skeleton(nick)]
            del alike[nick]
            if not alike:
                del self._by_look[_skeleton(nick)]

    def like(self, nick: str) -> list[str]:
        """Return the other nicknames for which one could be taken."""
        plain = _is_plain(nick)
        if plain and not self._unusual:
            return []
        if self._by_look is None:
            self._by_look = {}
            for each in self._nicks:
                self._by_look.setdefault(_skeleton(each), {})[each] = None
        alike = self._by_look.get(_skeleton(nick), ())
        return [other for other in alike if other != nick and not (plain and _is_plain(other))]
