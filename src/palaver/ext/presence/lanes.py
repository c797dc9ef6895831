"""Keeps stanzas between two parties in order while a subscription stanza waits for storage.

A subscription stanza goes on only when what it changes is committed; what the sender sends to the
same contact meanwhile must not overtake it (RFC 6120 §10.1). A lane is from one bare JID to
another, and exists only while a subscription stanza is on its way.
"""

from collections import deque
from collections.abc import Callable
from typing import Final

from palaver.ext.roster.states import SUBSCRIPTION_TYPES
from palaver.jid import BareJID
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

_MOST: Final = 1000  # stanzas that wait in one lane


class _Lane:
    __slots__ = ("busy", "draining", "held")

    def __init__(self) -> None:
        self.busy = 0
        self.draining = False
        self.held: deque[Stanza] = deque()


class Lanes:
    """The lanes in use now: ``open`` is empty nearly always, which is quick to find out."""

    __slots__ = ("_resume", "open")

    def __init__(self, resume: Callable[[Stanza], None]) -> None:
        """``resume`` takes a stanza that need not wait any more."""
        self._resume = resume
        self.open: dict[tuple[str, str], _Lane] = {}

    def enter(self, sender: BareJID, to: BareJID) -> None:
        """Take note that a subscription stanza is on its way."""
        self.open.setdefault((sender, to), _Lane()).busy += 1

    def leave(self, sender: BareJID, to: BareJID) -> None:
        """Take note that it arrived, and let go on what waited, up to the next one."""
        lane = self.open[sender, to]
        lane.busy -= 1
        if lane.draining:
            return
        lane.draining = True
        while lane.held and not lane.busy:
            self._resume(lane.held.popleft())
        lane.draining = False
        if not lane.busy:
            del self.open[sender, to]

    def hold(self, stanza: Stanza, to: BareJID) -> bool:
        """Keep a stanza back if it has to wait, and tell whether it does.

        Raises:
            StanzaError: resource-constraint, too many wait already.
        """
        lane = self.open.get((stanza.sender.bare, to))
        if lane is None or lane.draining:
            return False
        if not lane.held and stanza.kind == "presence" and stanza.type in SUBSCRIPTION_TYPES:
            return False
        if len(lane.held) >= _MOST:
            raise StanzaError("resource-constraint", "too many stanzas wait for storage")
        lane.held.append(stanza)
        return True
