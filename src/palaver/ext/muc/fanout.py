"""Brings what a room says to those who are in it: written once, and for each only addressed.

A stanza for many is two pieces of bytes: what is before the attribute ``to``, and what is after
it. Devices with a session here are written to directly, past the hooks for accounts: nothing that
a room says to all is kept for an account, or copied to others of its devices. Only who blocks
somebody is asked. Devices elsewhere get theirs by the router.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from palaver.ext.muc.occupant import Attendant
from palaver.ext.privacy import guard
from palaver.ext.privacy.state import RULES, rules_of
from palaver.kernel.session import Session
from palaver.wire.rereading import reread

if TYPE_CHECKING:
    from palaver.kernel.router import Router


class Copies(NamedTuple):
    """A stanza for many: what is before, and what is after the attribute ``to`` of each copy."""

    before: bytes
    after: bytes


class Fanout:
    """Writes to devices."""

    __slots__ = ("_router",)

    def __init__(self, router: "Router") -> None:
        self._router = router

    def send(self, copies: Copies, to: Iterable[Attendant]) -> None:
        """Send a stanza to all of these.

        A slow reader pauses whoever makes the room say so much to it.
        """
        before, after = copies
        join = b"".join
        source = self._router.source
        for each in tuple(to):  # whoever cannot be reached leaves meanwhile
            session = each.session
            data = join((before, each.to, after))
            if session is None:
                self._router.route(reread(data))
            elif not session.closed and (
                RULES not in session.account.slots or _may_receive(data, session)
            ):
                session.write(data)
                if source is not None and session.wire.congested:
                    source.wire.wait_for(session.wire)

    def send_many(self, all_copies: Iterable[Copies], to: Attendant) -> None:
        """Send several stanzas to one device."""
        session = to.session
        if session is None or RULES in session.account.slots:
            for copies in all_copies:
                self.send(copies, (to,))
        elif not session.closed:
            write, address, join = session.write, to.to, b"".join
            for before, after in all_copies:
                write(join((before, address, after)))


def _may_receive(data: bytes, session: Session) -> bool:
    return guard.may_receive(reread(data), session.account, rules_of(session.account))
