"""Presence: broadcast, probes, directed presence and subscriptions (RFC 6121 §3, §4)."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from pydantic import Field

from palaver import jid
from palaver.ext.presence.audience import Audience, unavailable
from palaver.ext.presence.lanes import Lanes
from palaver.ext.presence.priority import priority_of
from palaver.ext.presence.shown import shown, shown_by
from palaver.ext.presence.subscriptions import WITHDRAWALS, Subscriptions
from palaver.ext.roster.extension import Rosters
from palaver.ext.roster.farewell import farewell
from palaver.ext.roster.roster import roster_of
from palaver.ext.roster.states import SUBSCRIPTION_TYPES, State
from palaver.jid import BareJID
from palaver.kernel import hooks
from palaver.kernel.account import Account
from palaver.kernel.dispatch import Handler
from palaver.kernel.extension import Extension, ExtensionConfig, on
from palaver.kernel.hooks import STOP, Phase, Verdict
from palaver.kernel.host import Host
from palaver.kernel.router import Resume
from palaver.kernel.session import Session
from palaver.kernel.slots import Slot
from palaver.kernel.storage import StorageUnavailable
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

if TYPE_CHECKING:
    from palaver.kernel.server import Server

_REMINDED: Final[Slot[bool]] = Slot("reminded of subscription requests")


class PresenceConfig(ExtensionConfig):
    """How far presence may go."""

    directed: int = Field(
        2000,
        ge=10,
        description="Most addresses that one session may send directed presence to; they are "
        "remembered so that they hear when it goes.",
    )


class Presence(Extension[PresenceConfig]):
    """Handles presence of every type."""

    name = "presence"
    requires = ("roster",)
    Config = PresenceConfig

    def __init__(self, server: "Server", settings: Callable[[str | None], ExtensionConfig]) -> None:
        super().__init__(server, settings)
        self._lanes = Lanes(self._go_on)
        self._held: dict[Stanza, Resume] = {}
        self._open = self._lanes.open
        self._audience = Audience(server, self._lanes, self._is_ours)
        self._subscriptions_made: Subscriptions | None = None

    @property
    def _subscriptions(self) -> Subscriptions:
        """Made late: when extensions are made, the others cannot be found yet."""
        if self._subscriptions_made is None:
            rosters = self.server.extension(Rosters)
            self._subscriptions_made = Subscriptions(
                self.server, rosters, self._lanes, self._audience
            )
        return self._subscriptions_made

    def _is_ours(self, handler: Handler) -> bool:
        return getattr(handler, "__self__", None) is self

    # -- for other extensions ----------------------------------------------------------------------

    def accept(self, account: Account, contact: BareJID) -> None:
        """Let a contact subscribe to an account, and the account to the contact."""
        self._subscriptions.act("subscribed", account, contact)
        self._subscriptions.act("subscribe", account, contact)

    def approve(self, account: Account, contact: BareJID) -> None:
        """Approve a contact's request to subscribe, also one that is still to come."""
        self._subscriptions.act("subscribed", account, contact)

    def revoke(self, account: Account, contact: BareJID) -> None:
        """End a contact's subscription to an account."""
        self._subscriptions.act("unsubscribed", account, contact)

    def subscribe(self, account: Account, contact: BareJID, *payload: Element) -> None:
        """Ask a contact for its presence."""
        self._subscriptions.act("subscribe", account, contact, *payload)

    def sees(self, account: Account, contact: BareJID) -> None:
        """Let an account's sessions see a contact of this server from now on."""
        other = self.server.accounts.loaded(contact)
        for session in account.sessions.values():
            if other is not None and session.presence is not None:
                self._audience.show(other, session)

    def sees_no_more(self, account: Account, contact: BareJID) -> None:
        """Let an account's sessions see a contact of this server go."""
        other = self.server.accounts.loaded(contact)
        if other is not None:
            self._audience.tell_goodbye(account.jid, other)

    def make_contacts(self, one: Account, other: Account) -> None:
        """Subscribe two accounts of ours to each other; nobody is asked."""
        pairs = ((one, other), (other, one))
        for kind in ("subscribed", "subscribe"):  # the first is a pre-approval (RFC 6121 §3.4)
            for account, contact in pairs:
                self._subscriptions.act(kind, account, contact.jid)

    def renew(self, presence: Stanza, session: Session) -> None:
        """Broadcast a presence in the name of an available session, in place of its last one.

        It differs in what the server says in the client's name; the priority is the same.
        """
        session.presence = presence
        shown_by(session).renew(int(self.server.clock.now() * 1_000_000))
        self._audience.broadcast(presence, session)

    # -- from our sessions -------------------------------------------------------------------------

    @on(hooks.outgoing, phase=Phase.ROUTE, kind="presence")
    def send(self, stanza: Stanza, session: Session) -> Verdict:
        """Take a presence that a client sent.

        Raises:
            StanzaError: bad-request, the type is none of RFC 6121 §4.7.1, or needs an address.
        """
        kind = stanza.type
        if kind in SUBSCRIPTION_TYPES and stanza.to is not None:
            self._subscriptions.send(stanza, session)
            return STOP
        if kind == "available" and "type" not in stanza.attrs:
            if stanza.to is None:
                self._become_available(stanza, session)
            else:
                self._direct(stanza, session)
        elif kind == "unavailable":
            if stanza.to is None:
                self._become_unavailable(stanza, session)
            else:
                shown_by(session).directed.pop(stanza.to, None)
        elif kind not in ("probe", "error") or stanza.to is None:
            raise StanzaError("bad-request", "there is no such presence")
        return None

    def _become_available(self, stanza: Stanza, session: Session) -> None:
        priority = priority_of(stanza)
        initial = session.presence is None
        received = session.receives
        session.presence = stanza
        shown_by(session).renew(int(self.server.clock.now() * 1_000_000))
        if initial or priority != session.priority:
            session.priority = priority
            session.receives = priority >= 0
            session.account.rank()
        self._audience.broadcast(stanza, session)
        if initial:
            self._look_around(session)
        if session.receives and not received:
            for handle in session.host.dispatch.handlers(hooks.session_available):
                self.server.guarded(handle, session, stanza)

    def _look_around(self, session: Session) -> None:
        """Let a session that became available know of the others (RFC 6121 §4.2.2, §4.3.1)."""
        account = session.account
        roster = roster_of(account)
        self._audience.show(account, session)
        reminded = _REMINDED.get(session) is not None
        _REMINDED.set(session, True)
        for item in list(roster.everybody()):
            if item.state.sees:
                if roster.is_here(item.contact):
                    contact = self.server.accounts.loaded(item.contact)
                    if contact is not None and roster_of(contact).state_of(account.jid).is_seen:
                        self._audience.show(contact, session)
                else:
                    probe = Stanza.make("presence", session.jid, item.contact, {"type": "probe"})
                    self.server.router.route(probe)
            if reminded:
                continue  # a session that comes and goes has been told already
            if item.request is not None:
                session.write(item.request)
            if item.state.pending_out:  # lest it be lost where it went (RFC 6121 §3.1.2)
                request = Stanza.make("presence", account.jid, item.contact, {"type": "subscribe"})
                self.server.router.route(request)

    def _become_unavailable(self, stanza: Stanza, session: Session) -> None:
        if session.presence is not None:
            session.presence = None
            session.priority = 0
            session.receives = False
            session.account.rank()
            self._audience.broadcast(stanza, session)
            session.send(stanza.addressed(session.jid, session.bare))
        self._end_directed(stanza, session)

    def _direct(self, stanza: Stanza, session: Session) -> None:
        """Remember who got directed presence, unless broadcasts reach it (RFC 6121 §4.6.3)."""
        to = stanza.to
        assert to is not None
        if to.bare == session.bare:
            return
        if session.presence is not None and roster_of(session.account).state_of(to).is_seen:
            return
        directed = shown_by(session).directed
        if to not in directed:
            limit = self.config(session.host.name).directed
            if len(directed) >= limit:
                raise StanzaError("resource-constraint", f"presence for {limit} others at most")
            directed[to] = None

    def _end_directed(self, stanza: Stanza, session: Session) -> None:
        state = shown.get(session)
        if state is None or not state.directed:
            return
        directed, state.directed = state.directed, {}
        for to in directed:
            self.server.router.route(stanza.addressed(session.jid, to))

    @on(hooks.session_closed)
    def close(self, session: Session) -> None:
        """Say goodbye for a session that ended (RFC 6121 §4.5.2)."""
        goodbye = unavailable(session)
        if session.presence is not None:
            self._audience.broadcast(goodbye, session)
        self._end_directed(goodbye, session)

    @on(hooks.session_saving)
    def save(self, session: Session, known: dict[str, Any]) -> None:
        """Remember over a restart what a session has shown, and to whom."""
        state = shown_by(session)
        known[self.name] = {
            "since": state.since,
            "directed": [str(to) for to in state.directed],
            "reminded": _REMINDED.get(session) is not None,
        }

    @on(hooks.session_restored)
    def restore(self, session: Session, known: Mapping[str, Any]) -> None:
        """Know again what a session has shown before a restart."""
        saved = known.get(self.name)
        if saved is None:
            return
        state = shown_by(session)
        state.renew(saved["since"])
        state.directed = {jid.parse(to): None for to in saved["directed"]}
        if saved["reminded"]:
            _REMINDED.set(session, True)

    # -- for our accounts --------------------------------------------------------------------------

    @on(hooks.incoming, phase=Phase.GUARD)
    def hold(self, stanza: Stanza, account: Account) -> Verdict:
        """Keep stanzas from overtaking a subscription stanza of the same sender."""
        if self._open and self._lanes.hold(stanza, account.jid):
            self._held[stanza] = self.server.router.set_aside(stanza)
            return STOP
        return None

    def _go_on(self, stanza: Stanza) -> None:
        """Route what was held; only now is it handled."""
        router, resume = self.server.router, self._held.pop(stanza, None)
        if resume is None:
            router.route(stanza)
        else:
            resume(lambda: router.route(stanza))

    @on(hooks.incoming, phase=Phase.GUARD, kind="presence", before=("*",))
    def withdraw(self, stanza: Stanza, account: Account) -> Verdict:
        """Take the end of a subscription even from who is blocked, by whatever guard.

        Nobody stays subscribed because the other one blocks them: the name may be somebody else's
        one day. Those who block do not hear of it.
        """
        if stanza.type not in WITHDRAWALS:
            return None
        if not self.hold(stanza, account):
            self._subscriptions.receive(stanza, account)
        return STOP

    @on(hooks.incoming, phase=Phase.ROUTE, kind="presence")
    def receive(self, stanza: Stanza, account: Account) -> Verdict:
        """Take a presence for an account.

        Raises:
            StanzaError: bad-request, the type is none of RFC 6121 §4.7.1.
        """
        kind = stanza.type
        if kind in SUBSCRIPTION_TYPES:
            self._subscriptions.receive(stanza, account)
            return STOP
        if kind == "probe":
            self._audience.answer(stanza, account)
            return STOP
        if kind == "error":
            self._forget_directed(stanza, account)
        elif kind not in ("available", "unavailable"):
            raise StanzaError("bad-request", "there is no such presence")
        else:
            for handle in account.host.dispatch.handlers(hooks.contact_presence):
                self.server.guarded(handle, stanza, account)
        return None

    @on(hooks.presence_for_nobody)
    def absent(self, stanza: Stanza) -> None:
        """Answer a probe of nobody as the probe of a stranger is answered (RFC 6121 §4.3.2)."""
        assert stanza.to is not None
        if stanza.type == "probe":
            answer = {"type": "unsubscribed"}
            self.server.router.route(Stanza.make("presence", stanza.to.bare, stanza.sender, answer))

    @staticmethod
    def _forget_directed(stanza: Stanza, account: Account) -> None:
        assert stanza.to is not None
        session = account.sessions.get(stanza.to.resource)
        state = shown.get(session) if session else None
        if state is not None:
            state.directed.pop(stanza.sender, None)

    # -- the rest ----------------------------------------------------------------------------------

    @on(hooks.features_after_login)
    def preapproval(self, host: Host) -> Element | None:
        """Advertise that subscriptions can be approved in advance (RFC 6121 §3.4.1)."""
        return Element("sub", "urn:xmpp:features:pre-approval")

    @on(hooks.account_deleting)
    async def leave(self, account: Account) -> None:
        """End all subscriptions of an account that goes.

        Raises:
            StorageUnavailable: some of them are still there; the account must not go yet.
        """
        roster = roster_of(account)
        items = list(roster.contacts.values())
        for item in items:
            if roster.is_here(item.contact):
                await self._contact(item.contact)
            for stanza in farewell(account, item):
                self.server.router.route(stanza)
        roster.clear()
        await self._subscriptions.settle()
        for item in items:
            contact = await self._contact(item.contact) if roster.is_here(item.contact) else None
            state = State.NONE if contact is None else roster_of(contact).item(account.jid).state
            if state.subscription != "none":
                raise StorageUnavailable(f"the roster of {item.contact} could not be changed")

    async def _contact(self, jid: BareJID) -> Account | None:
        try:
            return await self.server.accounts.get(jid)
        except StanzaError as error:
            raise StorageUnavailable(f"the roster of {jid} could not be read") from error

    @on(hooks.server_stopping)
    async def stop(self) -> None:
        """Finish what is under way."""
        await self._subscriptions.settle()
