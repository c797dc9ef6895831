"""What the others in a large room are to be told soon of occupants: each change of one once.

Between two moments at which a large room tells of its occupants, somebody may enter and change its
presence several times: the last counts. Somebody may leave, and somebody else enter under that
nickname: both is told, in this order. Somebody may enter and leave: nobody needs to know.
"""

import asyncio
from itertools import islice
from typing import TYPE_CHECKING

from palaver.ext.muc.occupant import Attendant, Occupant
from palaver.ext.muc.sheets import Copies

if TYPE_CHECKING:
    from palaver.ext.muc.shown import News
    from palaver.ext.muc.telling import Telling


class Change:
    """What there is to tell of a nickname.

    ``number``  of its last change, as `Gathered` counts
    ``new``     whether the others do not know yet that somebody has the nickname
    ``gone``    that somebody has left: without and with the real address; None where nobody has
    ``now``     who has the nickname now; None for nobody
    ``news``    what there is to say beside the presence of that one; None for nothing
    """

    __slots__ = ("gone", "new", "news", "now", "number")

    def __init__(self, *, new: bool) -> None:
        self.number = 0
        self.new = new
        self.gone: tuple[Copies, Copies] | None = None
        self.now: Occupant | None = None
        self.news: News | None = None


class Gathered:
    """The changes that are not told yet.

    ``changes``    by nickname, the one that changed last at the end
    ``newcomers``  devices that entered meanwhile, and know what was gathered before
    ``number``     how many changes there have been
    ``telling``    the changes that are being told; None while none are
    ``timer``      begins to tell of the others; None while there is nothing to tell
    """

    __slots__ = ("changes", "newcomers", "number", "telling", "timer")

    def __init__(self) -> None:
        self.changes: dict[str, Change] = {}
        self.newcomers: set[Attendant] = set()
        self.number = 0
        self.telling: Telling | None = None
        self.timer: asyncio.TimerHandle | None = None

    @property
    def told(self) -> bool:
        """Tell whether nothing is left to be told."""
        return not self.changes and self.telling is None

    def entered(self, attendant: Attendant) -> None:
        """Take note that a device knows all there is up to now."""
        attendant.entered = self.number
        self.newcomers.add(attendant)

    def shows(self, occupant: Occupant, *, new: bool, news: "News | None" = None) -> None:
        """Take note of the presence of an occupant; a ``new`` one has just entered."""
        change = self._change(occupant.nick, new=new)
        change.now, change.news = occupant, news

    def goes(self, occupant: Occupant, gone: tuple[Copies, Copies]) -> None:
        """Take note that an occupant has left, or is hidden."""
        change = self._change(occupant.nick, new=False)
        change.now = change.news = None
        self.newcomers.difference_update(occupant.attendants.values())
        if change.gone is None and change.new and not self.newcomers:
            del self.changes[occupant.nick]
        else:
            change.gone = change.gone or gone

    def _change(self, nick: str, *, new: bool) -> Change:
        change = self.changes.pop(nick, None) or Change(new=new)
        self.number = change.number = self.number + 1
        self.changes[nick] = change
        return change

    def take(self, most: int) -> tuple[dict[str, Change], set[Attendant]]:
        """Return the oldest changes, at most so many, and the newcomers up to now."""
        newcomers = self.newcomers
        if len(self.changes) <= most:
            changes, self.changes, self.newcomers = self.changes, {}, set()
            return changes, newcomers
        changes = {nick: self.changes[nick] for nick in list(islice(self.changes, most))}
        for nick in changes:
            del self.changes[nick]
        return changes, newcomers.copy()

    def stop(self) -> None:
        """Forget all, as nobody is there to be told."""
        self.changes, self.newcomers, self.telling = {}, set(), None
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None
