"""The nicknames that people reserved in a room, so that they are found in what is said."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Final

_LONGEST_TEXT: Final = 10_000  # characters that are looked at
_WORDS: Final = 6  # of a nickname, by which it is found
_MOST: Final = 100  # nicknames that are looked for in one text
_SHORTEST: Final = 3  # characters of a nickname that counts in a text
_words: Final = re.compile(r"\w+").findall


class Called:
    """Nicknames by their words. Looking for them takes no longer where there are many.

    Anybody can fill a room with nicknames that begin with the same word.
    """

    __slots__ = ("_by_words", "_lengths")

    def __init__(self) -> None:
        """Begin without any."""
        self._by_words: dict[tuple[str, ...], dict[str, None]] = {}
        self._lengths: dict[str, Counter[int]] = {}

    def add(self, nick: str) -> None:
        """Take note of a nickname; one without letters is not found in a text."""
        key = _key(nick)
        if key and nick not in (same := self._by_words.setdefault(key, {})):
            same[nick] = None
            self._lengths.setdefault(key[0], Counter())[len(key)] += 1

    def remove(self, nick: str) -> None:
        """Forget a nickname."""
        key = _key(nick)
        same = self._by_words.get(key, {})
        if nick not in same:
            return
        del same[nick]
        if not same:
            del self._by_words[key]
        lengths = self._lengths[key[0]]
        lengths[len(key)] -= 1
        if not lengths[len(key)]:
            del lengths[len(key)]
        if not lengths:
            del self._lengths[key[0]]

    def begins_in(self, written: str) -> bool:
        """Tell whether a nickname may begin somewhere in this, which can be XML."""
        return not self._lengths.keys().isdisjoint(_words(written.casefold()))

    def among(self, text: str) -> list[str]:
        """Return the nicknames in a text, as words of their own."""
        text = text[:_LONGEST_TEXT].casefold()
        perhaps = islice(self._perhaps(_words(text)), _MOST)
        return [nick for nick in perhaps if _is_in(nick, text)]

    def _perhaps(self, words: list[str]) -> Iterator[str]:
        keys = dict.fromkeys(
            tuple(words[place : place + length])
            for place, word in enumerate(words)
            for length in self._lengths.get(word, ())
        )
        nicks = (nick for key in keys for nick in self._by_words.get(key, ()))
        return (nick for nick in nicks if len(nick) >= _SHORTEST)


def _key(nick: str) -> tuple[str, ...]:
    return tuple(_words(nick.casefold())[:_WORDS])


def _is_in(nick: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(nick.casefold())}(?!\w)", text) is not None
