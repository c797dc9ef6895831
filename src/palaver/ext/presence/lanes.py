"""Keeps stanzas between two parties in order while a subscription stanza waits for storage.

A subscription stanza goes on only when what it changes is committed, at its sender and again at
its recipient; what the sender sends to the same contact meanwhile must not overtake it (RFC 6120
§10.1). A lane is from one bare JID to another, and exists only while a subscription stanza is in
it.
"""

from collections import deque
from collections.abc import Callable
from typing import Final

from palaver.jid import BareJID
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

_MOST: Final = 1000  # stanzas that wait in one lane


class Passage:
    """The way of one subscription stanza through its lane."""

    __slots__ = ("_key", "_lanes", "busy", "go", "joined")

    def __init__(self, lanes: "Lanes", key: tuple[str, str]) -> None:
        self._lanes = lanes
        self._key = key
        self.busy = 1
        self.joined = False
        self.go: Callable[[], None] | None = None

    def leave(self, go: Callable[[], None] | None = None) -> None:
        """Take note that this side is done with it; ``go`` sends it on as soon as it is its turn.

        ``go`` raises nothing.
        """
        self.busy -= 1
        if go is not None:
            self.go = go
        self._lanes.advance(self._key)


class _Lane:
    __slots__ = ("current", "follow", "queue", "resuming")

    def __init__(self) -> None:
        self.queue: deque[Passage | Stanza] = deque()
        self.resuming = False  # a stanza that waited is on its way
        self.current: Passage | None = None  # being sent on
        self.follow = 0  # what was sent with the current one, and waits right behind it


class Lanes:
    """The lanes in use now: ``open`` is empty nearly always, which is quick to find out."""

    __slots__ = ("_resume", "open")

    def __init__(self, resume: Callable[[Stanza], None]) -> None:
        """``resume`` takes a stanza that need not wait any more."""
        self._resume = resume
        self.open: dict[tuple[str, str], _Lane] = {}

    def enter(self, sender: BareJID, to: BareJID) -> Passage:
        """Begin the passage of a subscription stanza; at its recipient, its passage goes on."""
        lane = self.open.get((sender, to))
        if lane is None:
            lane = self.open[sender, to] = _Lane()
        elif lane.current is not None:
            lane.current.busy += 1
            lane.current.joined = True
            return lane.current
        passage = Passage(self, (sender, to))
        if lane.resuming:
            lane.queue.appendleft(passage)
        else:
            lane.queue.append(passage)
        return passage

    def hold(self, stanza: Stanza, to: BareJID) -> bool:
        """Keep a stanza back if it has to wait, and tell whether it does.

        Raises:
            StanzaError: resource-constraint, too many wait already.
        """
        lane = self.open.get((stanza.sender.bare, to))
        if lane is None or lane.resuming:
            return False
        if len(lane.queue) >= _MOST:
            raise StanzaError("resource-constraint", "too many stanzas wait for storage")
        if lane.current is None:
            lane.queue.append(stanza)
            return True
        if not lane.current.joined:
            return False
        lane.follow += 1
        lane.queue.insert(lane.follow, stanza)
        return True

    def advance(self, key: tuple[str, str]) -> None:
        """Let go on whatever is first in a lane and ready."""
        lane = self.open[key]
        if lane.resuming or lane.current is not None:
            return
        while lane.queue:
            first = lane.queue[0]
            if isinstance(first, Passage):
                if not first.busy and first.go is not None:
                    self._send_on(lane, first)
                if first.busy:
                    return
                lane.queue.popleft()
            else:
                lane.queue.popleft()
                lane.resuming = True
                self._resume(first)
                lane.resuming = False
        del self.open[key]

    @staticmethod
    def _send_on(lane: _Lane, passage: Passage) -> None:
        go, passage.go = passage.go, None
        assert go is not None
        lane.current = passage
        lane.follow = 0
        go()
        lane.current = None
