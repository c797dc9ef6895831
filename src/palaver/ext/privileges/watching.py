"""Presence for components that may have it (XEP-0356 §7), each once."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterator
from typing import Final

from palaver.ext.presence.shown import shown
from palaver.ext.privileges.granted import Granted
from palaver.ext.roster.roster import roster_of
from palaver.jid import JID
from palaver.kernel.account import Account
from palaver.kernel.components import Component, Link
from palaver.kernel.server import Server
from palaver.kernel.session import Session
from palaver.wire.stanza import Stanza

_KNOWN: Final = 20_000  # clients of contacts elsewhere that are remembered for one component
_KNOWN_BYTES: Final = 16 * 1024 * 1024  # of what they said
_AT_ONCE: Final = 64  # presences in one turn of the loop
_PAUSE: Final = 0.05  # seconds until a component that does not keep up is looked at again


class Known:
    """What clients of contacts elsewhere said last; who was not heard for longest is forgotten."""

    def __init__(self) -> None:
        self._last: OrderedDict[JID, Stanza] = OrderedDict()
        self._size = 0

    def __contains__(self, sender: JID) -> bool:
        return sender in self._last

    def get(self, sender: JID) -> Stanza | None:
        """Return what a client said last."""
        return self._last.get(sender)

    def available(self) -> list[Stanza]:
        """Return the presence of those who are there."""
        return [stanza for stanza in self._last.values() if stanza.type == "available"]

    def put(self, stanza: Stanza) -> None:
        """Remember a presence in place of the last one."""
        before = self._last.pop(stanza.sender, None)
        self._last[stanza.sender] = stanza
        self._size += len(stanza.inner) - (len(before.inner) if before is not None else 0)
        while len(self._last) > _KNOWN or self._size > _KNOWN_BYTES:
            _, oldest = self._last.popitem(last=False)
            self._size -= len(oldest.inner)


class Watching:
    """Sends components the presence of users, and of their contacts.

    What contacts elsewhere said last is remembered while the configuration has a component that
    gets it: several users have the same contacts, and the component may connect later (§8).
    """

    def __init__(self, server: Server, granted: Granted) -> None:
        self._server = server
        self._granted = granted
        self._known: dict[str, Known] = {}

    def told(self, stanza: Stanza, session: Session) -> None:
        """Pass on what a session of ours broadcast."""
        for component in self._watching(session):
            if component.links and not _hears(component, session):
                component.take(stanza.addressed(session.jid, component.address))

    def came(self, stanza: Stanza, account: Account) -> None:
        """Pass on what came from a contact of an account."""
        sender = stanza.sender
        for component, settings in self._granted.on(account.host.name):
            if settings.presence != "roster" or sender.domain == component.address:
                continue
            if sender.domain in self._server.hosts and self._gets(component, sender.domain):
                continue  # as a broadcast
            known = self._last(component)
            if sender in known or roster_of(account).state_of(sender).sees:
                self._learnt(stanza, component, known)

    def _last(self, component: Component) -> Known:
        """Return what contacts elsewhere said last."""
        return self._known.setdefault(component.address, Known())

    def _gets(self, component: Component, host: str) -> bool:
        return self._granted.privileges(component, host).presence != "none"

    @staticmethod
    def _learnt(stanza: Stanza, component: Component, known: Known) -> None:
        before = known.get(stanza.sender)
        if before is not None and _same(before, stanza):
            return
        known.put(stanza)
        if component.links:
            component.take(stanza.addressed(stanza.sender, component.address))

    def _watching(self, session: Session) -> Iterator[Component]:
        """Iterate over the components that get the presence of a session.

        They have the privilege on its host, or it has a contact on another host where they get
        that of contacts.
        """
        host = session.host.name
        for component in self._server.components.values():
            granted = dict(self._granted.to(component))
            own = granted.pop(host, None)
            others = {name for name, each in granted.items() if each.presence == "roster"}
            if (own is not None and own.presence != "none") or (
                others and any(w.domain in others for w in roster_of(session.account).watchers.here)
            ):
                yield component

    async def catch_up(self, component: Component, link: Link) -> None:
        """Send an instance all that it would have, had it been connected before (§8 rule 1)."""
        known = self._last(component)
        now = [
            session.presence.addressed(session.jid, component.address)
            for session in self._server.sessions()
            if session.presence is not None and component in self._watching(session)
        ]
        now += [stanza.addressed(stanza.sender, component.address) for stanza in known.available()]
        for number, stanza in enumerate(now, 1):
            if link not in component.links:
                return
            if self._holds(stanza, component):
                link.carry(stanza)
            if not number % _AT_ONCE:
                await asyncio.sleep(0)
                while link.congested and link in component.links:  # noqa: ASYNC110 - it has no event
                    await asyncio.sleep(_PAUSE)

    def _holds(self, stanza: Stanza, component: Component) -> bool:
        """Tell whether a presence is still the last of its sender."""
        account = self._server.accounts.loaded(stanza.sender.bare)
        session = account.sessions.get(stanza.sender.resource) if account else None
        if session is not None:
            return session.presence is not None and _same(session.presence, stanza)
        last = self._last(component).get(stanza.sender)
        return last is not None and _same(last, stanza)


def _hears(component: Component, session: Session) -> bool:
    """Tell whether a component gets a session's presence anyway."""
    if roster_of(session.account).state_of(component.address).is_seen:
        return True
    state = shown.get(session)
    return state is not None and component.address in state.directed


def _same(one: Stanza, other: Stanza) -> bool:
    """Tell whether two presences say the same; each recipient may get an id of its own."""
    return one.inner == other.inner and _attributes(one) == _attributes(other)


def _attributes(stanza: Stanza) -> dict[str, str]:
    return {name: value for name, value in stanza.attrs.items() if name != "id"}
