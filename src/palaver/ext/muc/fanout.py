"""Brings what a room says to those who are in it: written once, and for each only addressed.

A stanza for many is two pieces of bytes: what is before the attribute ``to``, and what is after
it. Devices with a session here are written to directly, past the hooks for accounts: nothing that
a room says to all is kept for an account, or copied to others of its devices. Only who blocks
somebody is asked. Devices elsewhere get theirs by the router. What is for a device that is still
being told who is in the room waits for the end of that.
"""

from collections.abc import Callable, Iterable
from time import monotonic
from typing import TYPE_CHECKING, Final

from palaver.ext.muc.occupant import Attendant
from palaver.ext.muc.patience import Onlooker, slow_down
from palaver.ext.muc.sheets import Copies, Sheet
from palaver.ext.privacy import guard
from palaver.ext.privacy.state import RULES, rules_of
from palaver.kernel.session import Session, Wire
from palaver.wire.rereading import reread
from palaver.wire.stanza import Stanza

if TYPE_CHECKING:
    from palaver.kernel.router import Router

_AT_ONCE: Final = 200  # devices elsewhere
_TURN: Final = 0.004  # seconds for those


class Fanout:
    """Writes to devices.

    ``put_off``  sends a stanza to a device in one of the next turns of the loop
    """

    __slots__ = ("_read", "_router", "put_off")

    def __init__(self, router: "Router") -> None:
        self._router = router
        self._read: tuple[Copies | None, Stanza | None] = (None, None)
        self.put_off: Callable[[Copies, Attendant], object] = self.route

    def send(self, copies: Copies, to: Iterable[Attendant]) -> None:
        """Send a stanza to all of these."""
        before, after = copies
        join = b"".join
        slow: list[Wire] = []
        abroad: list[Attendant] = []
        recipients = tuple(to)  # whoever cannot be reached leaves meanwhile
        for each in recipients:
            session = each.session
            if session is None:
                abroad.append(each)
                continue
            data = join((before, each.to, after))
            if not session.closed and (
                RULES not in session.account.slots or _may_receive(data, session)
            ):
                session.write(data)
                if session.wire.congested:
                    slow.append(session.wire)
        if abroad:
            slow += self._elsewhere(copies, abroad)
        source = self._router.source
        if slow and source is not None:
            slow_down(source, slow, len(recipients))

    def send_sheets(self, sheets: Iterable[Sheet], to: Iterable[Attendant]) -> None:
        """Send several stanzas to all of these.

        Those elsewhere get each before the next, as one stanza may do for many of them.
        """
        recipients = tuple(to)
        for each in recipients:
            if each.session is not None:
                for sheet in sheets:
                    write(sheet, each, each.session)
        abroad = [each for each in recipients if each.session is None]
        if abroad:
            for sheet in sheets:
                for copies in sheet.copies:
                    self._elsewhere(copies, abroad)

    def route(self, copies: Copies, to: Attendant) -> list[Wire]:
        """Send a stanza to a device elsewhere; return the link that cannot keep up, if so.

        It is read once for all to whom it goes in a row, and they share its bytes.
        """
        last, stanza = self._read
        if stanza is None or last is not copies:
            stanza = reread(b"".join((copies.before, to.to, copies.after)))
            self._read = copies, stanza
        return self._route(stanza.addressed(stanza.sender, to.jid))

    def _route(self, stanza: Stanza) -> list[Wire]:
        router = self._router
        source, router.source = router.source, (onlooker := Onlooker(stanza.sender))
        try:
            router.route(stanza)
        finally:
            router.source = source
        return onlooker.slow

    def _elsewhere(self, copies: Copies, to: Iterable[Attendant]) -> list[Wire]:
        """Send a stanza to devices elsewhere; where they are very many, put off the rest."""
        slow: list[Wire] = []
        left, until = _AT_ONCE, monotonic() + _TURN
        for each in to:
            if each.backlog is not None:
                each.backlog.append(copies)
            elif not left or monotonic() > until:  # it takes long where they cannot be reached
                self.put_off(copies, each)
            else:
                left -= 1
                slow += self.route(copies, each)
        return slow


def write(sheet: Sheet, to: Attendant, session: Session) -> None:
    """Write several stanzas to a session."""
    if session.closed:
        return
    checked = RULES in session.account.slots
    if not checked and session.gate is None and session.outbox is None and session.wire.takes_many:
        session.write(sheet.addressed(to.to))
        return
    for before, after in sheet.copies:
        data = b"".join((before, to.to, after))
        if not checked or _may_receive(data, session):
            session.write(data)


def _may_receive(data: bytes, session: Session) -> bool:
    return guard.may_receive(reread(data), session.account, rules_of(session.account))
