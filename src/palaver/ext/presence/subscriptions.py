"""Subscription stanzas, out and in (RFC 6121 §3): the states decide, storage comes first.

Nothing is sent on, shown or pushed before the new state is committed. What concerns one roster
happens in the order in which it came.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import partial
from typing import Any, Final

import structlog

from palaver.ext.presence.audience import Audience
from palaver.ext.presence.lanes import Lanes, Passage
from palaver.ext.roster import states
from palaver.ext.roster.extension import Rosters, interested
from palaver.ext.roster.item import RosterItem
from palaver.ext.roster.roster import roster_of
from palaver.jid import BareJID
from palaver.kernel.account import Account
from palaver.kernel.server import Server
from palaver.kernel.session import Session, Wire
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

log = structlog.get_logger()

SendOn = Callable[[], None]
"""Sends a stanza on to the contact, now that it is stored."""

WITHDRAWALS: Final = ("unsubscribe", "unsubscribed")
"""What ends a subscription, or a request for one."""

_UNDER_WAY: Final = 256  # subscription stanzas of one account until its session is not read
_MOST: Final = 8192  # of them, as many as may come before that takes effect
_PATIENCE: Final = 10.0  # seconds to wait for work under way when the server stops


class Subscriptions:
    """Takes subscription stanzas through the states and on."""

    def __init__(self, server: Server, rosters: Rosters, lanes: Lanes, audience: Audience) -> None:
        self._server = server
        self._rosters = rosters
        self._lanes = lanes
        self._audience = audience
        self._working: set[asyncio.Task[None]] = set()
        self._under_way: Counter[BareJID] = Counter()
        self._held: dict[BareJID, dict[Wire, Callable[[], None]]] = {}

    def send(self, stanza: Stanza, session: Session) -> None:
        """Take what a session of ours sent to a contact.

        Raises:
            StanzaError: not-allowed, the account cannot have subscriptions, or not with that, or
                not end this one; resource-constraint, too many of its stanzas wait for storage.
        """
        assert stanza.to is not None
        contact = stanza.to.bare
        account = session.account
        if contact == account.jid:
            raise StanzaError("not-allowed", "everybody is subscribed to themselves")
        self._rosters.check(account)
        if _is_settled(stanza.type, roster_of(account).by_group(contact)):
            return
        if self._under_way[account.jid] >= _UNDER_WAY:
            self._hold(account.jid, session.wire)
        self._start(
            account.jid,
            account,
            self._lanes.enter(account.jid, contact),
            self._sent(stanza, contact, account),
            self._refuser(stanza, session),
            session.put_off(),
        )

    def act(self, kind: str, account: Account, contact: BareJID, *payload: Element) -> None:
        """Send a subscription stanza in the name of an account, as if one of its clients did."""
        stanza = Stanza.make("presence", account.jid, contact, {"type": kind}, *payload)
        self._start(
            account.jid,
            account,
            self._lanes.enter(account.jid, contact),
            self._sent(stanza, contact, account),
            self._refuser(stanza, None),
        )

    def receive(self, stanza: Stanza, account: Account) -> None:
        """Take what a contact sent to an account of ours.

        Raises:
            StanzaError: not-allowed, the account cannot have subscriptions.
        """
        contact = stanza.sender.bare
        if contact == account.jid:
            return
        self._rosters.check(account)
        self._start(
            contact,
            account,
            self._lanes.enter(contact, account.jid),
            self._received(stanza, contact, account),
            self._refuser(stanza, None),
        )

    async def settle(self) -> None:
        """Wait until nothing is under way any more, or for some seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                while self._working:  # what waited in a lane begins when the one before is done
                    await asyncio.wait(list(self._working))

    # -- running -----------------------------------------------------------------------------------

    def _start(
        self,
        sender: BareJID,
        account: Account,
        passage: Passage,
        work: Coroutine[Any, Any, SendOn | None],
        refuse: Callable[[StanzaError], None],
        done: Callable[[], None] | None = None,
    ) -> None:
        self._under_way[sender] += 1
        task = self._server.spawn(self._run(account, passage, work, refuse))
        self._working.add(task)
        task.add_done_callback(self._working.discard)
        task.add_done_callback(lambda _: self._done(sender))
        if done is not None:
            task.add_done_callback(lambda _: done())

    def _hold(self, sender: BareJID, wire: Wire) -> None:
        if self._under_way[sender] >= _MOST:
            raise StanzaError("resource-constraint", "too many subscriptions at once")
        held = self._held.setdefault(sender, {})
        if wire not in held:
            held[wire] = wire.hold()

    def _done(self, sender: BareJID) -> None:
        self._under_way[sender] -= 1
        if self._under_way[sender] < _UNDER_WAY:
            for let_go in self._held.pop(sender, {}).values():
                let_go()
        if not self._under_way[sender]:
            del self._under_way[sender]

    async def _run(
        self,
        account: Account,
        passage: Passage,
        work: Coroutine[Any, Any, SendOn | None],
        refuse: Callable[[StanzaError], None],
    ) -> None:
        send_on: SendOn | None = None
        try:
            async with self._rosters.turn(account):
                send_on = await work
        except StanzaError as error:
            refuse(error)
        except Exception:
            log.exception("subscription failed", account=str(account.jid))
            refuse(StanzaError("internal-server-error"))
        finally:
            work.close()
            passage.leave(send_on and partial(self._server.guarded, send_on))

    def _refuser(self, stanza: Stanza, session: Session | None) -> Callable[[StanzaError], None]:
        def refuse(error: StanzaError) -> None:
            if session is None or not session.closed:
                self._server.router.refuse(stanza, error, session)

        return refuse

    # -- the two directions ------------------------------------------------------------------------

    async def _sent(self, stanza: Stanza, contact: BareJID, account: Account) -> SendOn | None:
        kind = stanza.type
        roster = roster_of(account)
        old = roster.item(contact)
        step = states.outbound(kind, old.state, old.approved)
        if await self._rosters.save(account, old.moved(step.state, approved=step.approved)):
            self._rosters.push(account, contact)
        if not step.route:
            return None
        if roster.is_here(contact):
            await self._load(contact)

        def send_on() -> None:
            if kind == "unsubscribed" and old.state.is_seen:
                self._audience.tell_goodbye(contact, account)  # while still subscribed, §3.2.2
            self._server.router.route(stanza.addressed(account.jid, contact))
            if kind == "subscribed":
                self._audience.tell_of_all(contact, account)  # §3.1.5

        return send_on

    async def _load(self, contact: BareJID) -> None:
        """Bring the contact into use, so that the stanza arrives as soon as it is sent."""
        with suppress(StanzaError):  # whoever routes the stanza will be told
            await self._server.accounts.get(contact)

    async def _received(self, stanza: Stanza, contact: BareJID, account: Account) -> None:
        kind = stanza.type
        stanza = stanza.addressed(contact, account.jid)
        old = roster_of(account).item(contact)
        step = states.inbound(kind, old.state, old.approved)
        asks = step.state.pending_in and not old.state.pending_in
        request = self._kept(stanza, account) if asks else None
        changed = await self._rosters.save(account, old.moved(step.state, request=request))
        if step.deliver and (kind not in WITHDRAWALS or self._audience.may_hear(stanza, account)):
            _deliver(stanza, account)
        if changed:
            self._rosters.push(account, contact)
        if kind == "unsubscribe" and old.state.is_seen:
            self._audience.tell_goodbye(contact, account)  # §3.3.3
        if step.approve:
            approval = Stanza.make("presence", account.jid, contact, {"type": "subscribed"})
            self._server.router.route(approval)
            self._audience.tell_of_all(contact, account)

    def _kept(self, request: Stanza, account: Account) -> bytes:
        """Return a request as it is stored: whole, unless it is too long (RFC 6121 §3.1.3)."""
        data = request.to_bytes()
        if len(data) <= self._rosters.config(account.host.name).request_bytes:
            return data
        bare = Stanza.make("presence", request.sender, request.to, {"type": "subscribe"})
        return bare.to_bytes()


def _is_settled(kind: str, shared: RosterItem | None) -> bool:
    """Tell whether a group sees to what a client asks for.

    Raises:
        StanzaError: not-allowed, it would end what the group gives.
    """
    if shared is None:
        return False
    by_group = shared.state.sees if kind in ("subscribe", "unsubscribe") else shared.state.is_seen
    if by_group and kind in WITHDRAWALS:
        raise StanzaError("not-allowed", f"{shared.contact} is in a group that is kept for you")
    return by_group


def _deliver(stanza: Stanza, account: Account) -> None:
    """Show a request to the available resources, anything else to those with the roster."""
    for session in account.sessions.values():
        if session.available if stanza.type == "subscribe" else interested.get(session):
            session.send(stanza)
