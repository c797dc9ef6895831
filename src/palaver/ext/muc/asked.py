"""Requests that occupants sent to each other, until they are answered (XEP-0045 §17.4)."""

from collections import OrderedDict
from typing import Final, NamedTuple

from palaver.jid import JID, BareJID

_MOST: Final = 10_000  # requests under way
_FEW: Final = 200  # of one person, who has none of others forgotten for more


class Asked(NamedTuple):
    """A request under way: who asks, as what id, and the addresses on both sides."""

    sender: JID
    id: str | None
    asker: JID
    to: JID
    real: JID


class Requests:
    """The requests under way, by the ids that the room gave them.

    Where there are too many, who asks one more and has many of them loses its own first; so nobody
    can keep others from getting answers.
    """

    __slots__ = ("_by_person", "_by_token")

    def __init__(self) -> None:
        """Begin without any."""
        self._by_token: OrderedDict[str, Asked] = OrderedDict()
        self._by_person: dict[BareJID, dict[str, None]] = {}

    def add(self, token: str, asked: Asked) -> None:
        """Take note of a request."""
        mine = self._by_person.setdefault(asked.sender.bare, {})
        mine[token] = None
        self._by_token[token] = asked
        if len(self._by_token) > _MOST:
            self._remove(next(iter(mine if len(mine) > _FEW else self._by_token)))

    def take(self, token: str, sender: JID, to: JID | None) -> Asked | None:
        """Return the request that somebody answers, who has to be the one that was asked."""
        asked = self._by_token.get(token)
        if asked is None or sender != asked.real or to != asked.asker:
            return None
        self._remove(token)
        return asked

    def _remove(self, token: str) -> None:
        person = self._by_token.pop(token).sender.bare
        mine = self._by_person[person]
        del mine[token]
        if not mine:
            del self._by_person[person]
