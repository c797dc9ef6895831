"""Whom an account has to do with beyond its roster, and what it wants of everybody else."""

from typing import Final, Literal

from sqlalchemy import Connection, select

from palaver.ext.presence.shown import shown
from palaver.ext.roster.roster import roster_slot
from palaver.ext.strangers.tables import acquaintances, choices
from palaver.jid import JID, BareJID, parse_bare
from palaver.kernel.account import Account
from palaver.kernel.slots import Slot

Policy = Literal["accept", "quarantine", "refuse"]
"""What becomes of what strangers send: it arrives, it is held back for the user to decide, or it
goes back."""

_MOST_KNOWN: Final = 1_000  # addresses written to that are remembered
_MOST_MET: Final = 256
_MOST_PASSING: Final = 2_000


class Circle:
    """Kept on every account in use.

    ``passing``   those of the known and of the contacts that were looked for: what most messages
                  are checked against
    ``known``     those it has written to, and itself; a dict as the oldest is forgotten first
    ``met``       strangers whose messages are let in: it has got some, since it is in use and has
                  the policy it has
    ``asked``     whom it has sent requests
    ``policy``    what its user has chosen; None for what the host has
    ``per_hour``  how many strangers it hears from in an hour, likewise; 0 for any number
    """

    __slots__ = ("asked", "known", "met", "passing", "per_hour", "policy")

    def __init__(self, own: BareJID) -> None:
        self.passing: set[BareJID] = {own}
        self.known: dict[BareJID, None] = {own: None}
        self.met: dict[BareJID, None] = {}
        self.asked: dict[BareJID, None] = {}
        self.policy: Policy | None = None
        self.per_hour: int | None = None

    def acquaint(self, own: BareJID, peer: BareJID) -> None:
        """Know somebody from now on."""
        self.met.pop(peer, None)
        _add(self.known, peer, _MOST_KNOWN)
        self.known.setdefault(own)

    def forget(self, peer: BareJID) -> None:
        """Know somebody no longer."""
        self.passing.discard(peer)
        for each in (self.known, self.met, self.asked):
            each.pop(peer, None)

    def knows(self, account: Account, peer: BareJID) -> bool:
        """Tell whether somebody is known, or a contact; remember it until the roster changes."""
        if peer not in self.known and not _is_contact(account, peer):
            return False
        if len(self.passing) >= _MOST_PASSING:
            self.passing.clear()
        self.passing.add(peer)
        return True

    def meet(self, peer: BareJID) -> None:
        """Take note of a stranger that was let in."""
        _add(self.met, peer, _MOST_MET)

    def ask(self, peer: BareJID) -> None:
        """Take note of somebody who may answer."""
        _add(self.asked, peer, _MOST_MET)


def _add(to: dict[BareJID, None], peer: BareJID, most: int) -> None:
    to[peer] = None
    if len(to) > most:
        del to[next(iter(to))]


CIRCLE: Final[Slot[Circle]] = Slot("whom an account knows")


def load(account: Account, connection: Connection) -> None:
    """Read what is known of an account."""
    circle = Circle(account.jid)
    known, chosen = acquaintances.c, choices.c
    query = select(known.peer).where(known.account_id == account.id)
    newest = connection.scalars(query.order_by(known.since.desc()).limit(_MOST_KNOWN)).all()
    for peer in reversed(newest):
        circle.known[parse_bare(peer)] = None
    row = connection.execute(
        select(chosen.policy, chosen.per_hour).where(chosen.account_id == account.id)
    ).first()
    if row is not None:
        circle.policy, circle.per_hour = row
    CIRCLE.set(account, circle)


def _is_contact(account: Account, peer: BareJID) -> bool:
    """Tell whether somebody is in the roster; whose request merely waits is not."""
    roster = roster_slot.get(account)
    return roster is not None and peer in roster.contacts and roster.contacts[peer].listed


def has_shown_itself(account: Account, who: JID) -> bool:
    """Tell whether a session has sent directed presence: to a room, for example."""
    bare = who.bare
    for session in account.sessions.values():
        state = shown.get(session)
        directed = () if state is None else state.directed
        if who in directed or any(each.bare == bare for each in directed):
            return True
    return False
