"""Subscription stanzas, out and in (RFC 6121 §3): the states decide, storage comes first.

Nothing is sent on, shown or pushed before the new state is committed. What concerns one roster
happens in the order in which it came.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from palaver.ext.presence.audience import Audience
from palaver.ext.presence.lanes import Lanes
from palaver.ext.roster import states
from palaver.ext.roster.extension import Rosters, interested
from palaver.ext.roster.roster import roster_of
from palaver.jid import BareJID
from palaver.kernel.account import Account
from palaver.kernel.server import Server
from palaver.kernel.session import Session
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

log = structlog.get_logger()

_PATIENCE: Final = 10.0  # seconds to wait for work under way when the server stops


class Subscriptions:
    """Takes subscription stanzas through the states and on."""

    def __init__(self, server: Server, rosters: Rosters, lanes: Lanes, audience: Audience) -> None:
        self._server = server
        self._rosters = rosters
        self._lanes = lanes
        self._audience = audience
        self._working: set[asyncio.Task[None]] = set()

    def send(self, stanza: Stanza, session: Session) -> None:
        """Take what a session of ours sent to a contact.

        Raises:
            StanzaError: not-allowed, the account cannot have subscriptions, or not with that.
        """
        assert stanza.to is not None
        contact = stanza.to.bare
        account = session.account
        if contact == account.jid:
            raise StanzaError("not-allowed", "everybody is subscribed to themselves")
        refuse = self._refuser(stanza, session)
        self._start(account, account.jid, contact, self._sent(stanza, contact, account), refuse)

    def receive(self, stanza: Stanza, account: Account) -> None:
        """Take what a contact sent to an account of ours.

        Raises:
            StanzaError: not-allowed, the account cannot have subscriptions.
        """
        contact = stanza.sender.bare
        if contact == account.jid:
            return
        refuse = self._refuser(stanza, None)
        self._start(account, contact, account.jid, self._received(stanza, contact, account), refuse)

    async def settle(self) -> None:
        """Wait until what is under way now is done, or for some seconds."""
        if self._working:
            await asyncio.wait(list(self._working), timeout=_PATIENCE)

    # -- running -----------------------------------------------------------------------------------

    def _start(
        self,
        account: Account,
        sender: BareJID,
        to: BareJID,
        work: Callable[[], Awaitable[None]],
        refuse: Callable[[StanzaError], None],
    ) -> None:
        turn = self._rosters.turn(account)

        async def run() -> None:
            try:
                async with turn:
                    await work()
            except StanzaError as error:
                refuse(error)
            except Exception:
                log.exception("subscription failed", account=str(account.jid))
                refuse(StanzaError("internal-server-error"))
            finally:
                self._lanes.leave(sender, to)

        self._lanes.enter(sender, to)
        task = self._server.spawn(run())
        self._working.add(task)
        task.add_done_callback(self._working.discard)

    def _refuser(self, stanza: Stanza, session: Session | None) -> Callable[[StanzaError], None]:
        def refuse(error: StanzaError) -> None:
            if session is None or not session.closed:
                self._server.router.refuse(stanza, error, session)

        return refuse

    # -- the two directions ------------------------------------------------------------------------

    def _sent(
        self, stanza: Stanza, contact: BareJID, account: Account
    ) -> Callable[[], Awaitable[None]]:
        kind = stanza.type

        async def work() -> None:
            old = roster_of(account).item(contact)
            step = states.outbound(kind, old.state, old.approved)
            changed = await self._rosters.save(
                account, old.moved(step.state, approved=step.approved)
            )
            if kind == "unsubscribed" and old.state.is_seen:
                self._audience.tell_goodbye(contact, account)  # while still subscribed, §3.2.2
            if step.route:
                self._server.router.route(stanza.addressed(account.jid, contact))
            if changed:
                self._rosters.push(account, contact)
            if kind == "subscribed" and step.route:
                self._audience.tell_of_all(contact, account)  # §3.1.5

        return work

    def _received(
        self, stanza: Stanza, contact: BareJID, account: Account
    ) -> Callable[[], Awaitable[None]]:
        kind = stanza.type
        shown = stanza.addressed(contact, account.jid)

        async def work() -> None:
            old = roster_of(account).item(contact)
            step = states.inbound(kind, old.state, old.approved)
            request = None
            if step.state.pending_in and not old.state.pending_in:
                request = self._kept(shown, account)
            changed = await self._rosters.save(account, old.moved(step.state, request=request))
            if step.deliver:
                _deliver(shown, account)
            if changed:
                self._rosters.push(account, contact)
            if kind == "unsubscribe" and old.state.is_seen:
                self._audience.tell_goodbye(contact, account)  # §3.3.3
            if step.approve:
                approval = Stanza.make("presence", account.jid, contact, {"type": "subscribed"})
                self._server.router.route(approval)
                self._audience.tell_of_all(contact, account)

        return work

    def _kept(self, request: Stanza, account: Account) -> bytes:
        """Return a request as it is stored: whole, unless it is too long (RFC 6121 §3.1.3)."""
        data = request.to_bytes()
        if len(data) <= self._rosters.config(account.host.name).request_bytes:
            return data
        bare = Stanza.make("presence", request.sender, request.to, {"type": "subscribe"})
        return bare.to_bytes()


def _deliver(stanza: Stanza, account: Account) -> None:
    """Show a request to the available resources, anything else to those with the roster."""
    for session in account.sessions.values():
        if session.available if stanza.type == "subscribe" else interested.get(session):
            session.send(stanza)
