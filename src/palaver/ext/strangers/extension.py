"""Keeps strangers at a distance: the guards of what arrives and of what users send.

A stranger is neither in the roster nor somebody the user has written to. Rooms, services and
administrators of the user's own server are none, nor is whoever got directed presence.
"""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar, Final

import structlog
from sqlalchemy import Connection

from palaver.ext.delay import NS as DELAY
from palaver.ext.delay import delay
from palaver.ext.invitations.extension import PARS, Inviting
from palaver.ext.keeping import keeping
from palaver.ext.strangers import circle as circles
from palaver.ext.strangers import tables
from palaver.ext.strangers.acquainting import Register
from palaver.ext.strangers.circle import CIRCLE, Circle, Policy, has_shown_itself
from palaver.ext.strangers.config import Limits, StrangersConfig
from palaver.ext.strangers.quarantine import Held, Quarantine
from palaver.jid import JID, BareJID
from palaver.kernel import hooks
from palaver.kernel.account import Account
from palaver.kernel.extension import Extension, ExtensionConfig, on, task
from palaver.kernel.hooks import STOP, Phase, Verdict
from palaver.kernel.roles import administers
from palaver.kernel.session import Session
from palaver.kernel.storage import StorageUnavailable, now
from palaver.wire.errors import StanzaError
from palaver.wire.rereading import reread
from palaver.wire.stanza import Stanza

if TYPE_CHECKING:
    from palaver.kernel.server import Server

log = structlog.get_logger()

_DAY: Final = 86_400_000_000  # microseconds
_MOST_BYTES: Final = 65_536  # of a stanza that is held back
_MOST_UNDER_WAY: Final = 1_000  # stanzas that are being stored
_BEFORE: Final = ("offline", "privacy", "resends")
_PASSING: Final = ("error", "groupchat")


class Strangers(Extension[StrangersConfig]):
    """Applies what users, or their host, have chosen about strangers."""

    Config = StrangersConfig
    name: ClassVar = "strangers"
    requires: ClassVar = ("presence", "roster")
    tables: ClassVar = (tables.choices, tables.acquaintances, tables.quarantine)

    def __init__(self, server: "Server", settings: Callable[[str | None], ExtensionConfig]) -> None:
        """Begin with nothing held back."""
        super().__init__(server, settings)
        self._register = Register(server)
        self._limits: dict[str, Limits] = {}
        self._storing: set[asyncio.Task[None]] = set()
        self._quarantine = Quarantine(server.database)
        self._in_order = asyncio.Lock()

    # -- for commands ------------------------------------------------------------------------------

    def policy_of(self, account: Account) -> Policy:
        """Return what becomes of what strangers send to an account."""
        circle, config = CIRCLE.get(account), self.config(account.host.name)
        chosen = circle.policy if circle is not None and config.users else None
        return chosen or config.policy

    def per_hour_of(self, account: Account) -> int:
        """Return how many strangers an account hears from in an hour; 0 for any number."""
        circle, config = CIRCLE.get(account), self.config(account.host.name)
        chosen = circle.per_hour if circle is not None and config.users else None
        return config.strangers_per_hour if chosen is None else chosen

    async def choose(self, account: Account, policy: Policy, per_hour: int | None) -> None:
        """Let an account have its own way; raises StorageUnavailable."""
        row = {"account_id": account.id, "policy": policy, "per_hour": per_hour}
        database = self.server.database
        async with database.begin() as connection:
            await database.upsert(connection, tables.choices, row, ["account_id"])
        circle = CIRCLE.get(account)
        if circle is not None:
            circle.policy, circle.per_hour = policy, per_hour
            circle.met.clear()

    async def held(self, account: Account, peer: BareJID | None = None) -> Sequence[Held]:
        """Return what is held back for an account, in order; of one sender or of all."""
        if self._storing:
            await asyncio.wait(list(self._storing))
        return await self._quarantine.all(account.id, peer)

    async def release(self, account: Account, peer: BareJID) -> int:
        """Let a stranger in, with all that is held back of it; return how much that was."""
        rows = await self.held(account, peer)
        self._acquaint(account, peer)
        for row in rows:
            self.server.router.route(_delayed(reread(row.stanza.encode()), account, row.since))
        await self.server.log.flush()
        await self._quarantine.drop([row.id for row in rows])
        return len(rows)

    async def discard(self, account: Account, peer: BareJID) -> int:
        """Delete what is held back of a stranger; return how much that was."""
        rows = await self.held(account, peer)
        await self._quarantine.drop([row.id for row in rows])
        return len(rows)

    # -- what arrives ------------------------------------------------------------------------------

    @on(hooks.account_loading)
    def load(self, account: Account, connection: Connection) -> None:
        """Have at hand whom an account knows."""
        circles.load(account, connection)

    @on(hooks.incoming, phase=Phase.GUARD, kind="message", after=_BEFORE)
    def receive(self, stanza: Stanza, account: Account) -> Verdict:
        """Let a message in, hold it back, or refuse it as if there was no account.

        Raises:
            StanzaError: service-unavailable, or resource-constraint where there are too many.
        """
        circle: Circle | None = account.slots.get(CIRCLE)  # in place: this runs for every message
        if circle is None or (sender := stanza.sender.bare) in circle.passing:
            return None
        if sender in circle.met or circle.knows(account, sender):
            return None
        if stanza.type in _PASSING or self._is_no_stranger(stanza.sender, account, circle):
            return None
        rules, policy = keeping(stanza), self.policy_of(account)
        if policy == "accept":
            return self._meet(account, circle, sender) if rules.content else None
        if stanza.type == "headline" or not rules.content:
            return STOP
        if policy == "refuse" or not rules.offline:
            raise _unavailable()
        return self._hold(stanza, account)

    @on(hooks.incoming, phase=Phase.GUARD, kind="presence", after=_BEFORE)
    def be_asked(self, stanza: Stanza, account: Account) -> Verdict:
        """Let a request to subscribe in, hold it back, or drop it (XEP-0191 §3.3 does so)."""
        if stanza.type != "subscribe":
            return None
        circle, sender = CIRCLE.get(account), stanza.sender.bare
        if circle is None or sender in circle.met or circle.knows(account, sender):
            return None
        if self._is_no_stranger(stanza.sender, account, circle):
            return None
        policy = self.policy_of(account)
        if policy == "accept":
            return self._meet(account, circle, sender)
        if stanza.has("preauth", PARS):
            self.server.spawn(self._look_at_token(stanza, account, policy))
            return STOP
        return self._hold(stanza, account) if policy == "quarantine" else STOP

    @on(hooks.incoming, phase=Phase.GUARD, kind="presence", before=("presence",))
    def be_asked_no_more(self, stanza: Stanza, account: Account) -> None:
        """Forget a request that is held back when its sender takes it back (RFC 6121 §3.3)."""
        if stanza.type != "unsubscribe":
            return
        circle, sender = CIRCLE.get(account), stanza.sender.bare
        if circle is None or account.record is None or circle.knows(account, sender):
            return
        if len(self._storing) < _MOST_UNDER_WAY:
            self._begin(self._take_back(account, sender))

    @on(hooks.incoming, phase=Phase.GUARD, kind="iq", after=("privacy",))
    def be_requested(self, stanza: Stanza, account: Account) -> None:
        """Refuse requests to a client of who does not take messages of strangers."""
        if stanza.type not in ("get", "set") or not (stanza.to and stanza.to.resource):
            return
        circle, sender = CIRCLE.get(account), stanza.sender.bare
        if circle is None or circle.knows(account, sender):
            return
        if self.policy_of(account) == "accept":
            return
        if not self._is_no_stranger(stanza.sender, account, circle):
            raise _unavailable()

    def _is_no_stranger(self, who: JID, account: Account, circle: Circle) -> bool:
        if who.bare in circle.asked or self._is_ours(who):
            return True
        return administers(self.server, who, account.host) or has_shown_itself(account, who)

    def _is_ours(self, who: JID) -> bool:
        """Tell whether an address is a host here, or of a service or component of ours."""
        domain = who.domain
        return domain in self.server.router.services or (
            not who.local and domain in self.server.hosts
        )

    def _meet(self, account: Account, circle: Circle, sender: BareJID) -> Verdict:
        clock = self.server.clock.monotonic()
        if not self._limits_of(account).hear(account.jid, self.per_hour_of(account), clock):
            raise StanzaError("resource-constraint", "too many strangers wrote in the last hour")
        circle.meet(sender)
        return None

    async def _look_at_token(self, stanza: Stanza, account: Account, policy: Policy) -> None:
        """Let somebody in who brings an invitation of the user's (XEP-0379 §3.5)."""
        if await self._is_invited(stanza, account):
            self._acquaint(account, stanza.sender.bare)
            self.server.router.route(stanza)
        elif policy == "quarantine":
            await self._keep(stanza, account)

    async def _is_invited(self, stanza: Stanza, account: Account) -> bool:
        token = stanza.child("preauth", PARS)
        inviting = self.server.extensions.get(Inviting.name)
        if token is None or not isinstance(inviting, Inviting):
            return False
        return await inviting.is_good(account, token.get("token", ""))

    # -- holding back ------------------------------------------------------------------------------

    def _hold(self, stanza: Stanza, account: Account) -> Verdict:
        if len(stanza.inner) > _MOST_BYTES:
            raise _unavailable()
        if len(self._storing) >= _MOST_UNDER_WAY:
            raise StanzaError("resource-constraint", "too much at once")
        self._begin(self._keep(stanza, account))
        return STOP

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Begin to store something for the stanza being handled."""
        done = self.server.router.put_off()
        task = self.server.spawn(work)
        self._storing.add(task)
        task.add_done_callback(self._storing.discard)
        task.add_done_callback(lambda _: done())

    async def _take_back(self, account: Account, sender: BareJID) -> None:
        with suppress(StorageUnavailable):
            async with self._in_order:
                await self._quarantine.take_back(account.id, sender)

    async def _keep(self, stanza: Stanza, account: Account) -> None:
        config = self.config(account.host.name)
        stanza = stanza.addressed(stanza.sender, stanza.to)
        held = Held(0, stanza.sender.bare, stanza.to_bytes().decode(), now())
        try:
            async with self._in_order:  # and one at a time, for the limits
                kept = await self._quarantine.add(
                    account.id, held, config.held, config.held_per_sender
                )
        except StorageUnavailable:
            self._refuse(stanza, StanzaError("resource-constraint", "it cannot be stored now"))
            return
        if not kept:
            self._refuse(stanza, _unavailable())

    def _refuse(self, stanza: Stanza, error: StanzaError) -> None:
        if stanza.kind == "message":
            self.server.router.refuse(stanza, error)

    @task(every=21_600.0)
    async def expire(self) -> None:
        """Delete what was held back for long."""
        for name in self.server.hosts:
            before = now() - self.config(name).days * _DAY
            count = await self._quarantine.expire(name, before)
            if count:
                log.info("messages of strangers deleted", host=name, count=count)
        await self._register.tidy()

    @on(hooks.contact_changed)
    def look_again(self, account: Account, contact: BareJID, _before: str) -> None:
        """Take note that somebody may have left the roster."""
        circle = CIRCLE.get(account)
        if circle is not None:
            circle.passing.discard(contact)

    @on(hooks.account_deleting)
    @on(hooks.account_created)
    async def forget(self, account: Account) -> None:
        """Let a name be a stranger's again: whoever has it next is somebody else."""
        for other in self.server.accounts.all():
            circle = CIRCLE.get(other)
            if circle is not None and other is not account:
                circle.forget(account.jid)
        await self._register.forget(account.jid)

    # -- what is sent ------------------------------------------------------------------------------

    @on(hooks.outgoing, phase=Phase.GUARD, kind="message", after=_BEFORE)
    def send(self, stanza: Stanza, session: Session) -> None:
        """Take note of whom users write to, and slow down those who write to many."""
        to, circle = stanza.to, session.account.slots.get(CIRCLE)
        if to is None or circle is None or to.bare in circle.passing:
            return
        if circle.knows(session.account, to.bare):
            return
        if stanza.type in ("chat", "normal") and keeping(stanza).content:
            self._write_first(session, to, circle)

    @on(hooks.outgoing, phase=Phase.GUARD, kind="presence", after=_BEFORE)
    def ask(self, stanza: Stanza, session: Session) -> None:
        """Count requests to subscribe as first messages."""
        if stanza.type != "subscribe" or stanza.to is None:
            return
        circle = CIRCLE.get(session.account)
        if circle is not None and stanza.to.bare not in circle.known:
            self._write_first(session, stanza.to, circle)

    @on(hooks.outgoing, phase=Phase.GUARD, kind="iq", after=_BEFORE)
    def request(self, stanza: Stanza, session: Session) -> None:
        """Take note of who may answer: a node that a user subscribes to sends messages."""
        if stanza.type == "set" and stanza.to is not None:
            circle = CIRCLE.get(session.account)
            if circle is not None and stanza.to.bare not in circle.known:
                circle.ask(stanza.to.bare)

    def _write_first(self, session: Session, to: JID, circle: Circle) -> None:
        account, peer = session.account, to.bare
        if circle.knows(account, peer) or self._is_ours(to):
            return
        free = peer in circle.met or administers(self.server, session.jid, session.host)
        clock = self.server.clock.monotonic()
        if not free and not self._limits_of(account).write_first(account.jid, clock):
            log.warning("too many first contacts", account=str(account.jid))
            text = "you have written to too many new addresses; try again later"
            raise StanzaError("policy-violation", text, type="wait")
        self._acquaint(account, peer)

    def _acquaint(self, account: Account, peer: BareJID) -> None:
        circle = CIRCLE.get(account)
        if circle is not None and account.record is not None:
            circle.acquaint(account.jid, peer)
            self._register.add(account.id, peer)

    def _limits_of(self, account: Account) -> Limits:
        host = account.host.name
        found = self._limits.get(host)
        if found is None:
            found = self._limits[host] = Limits(self.config(host))
        return found


def _delayed(stanza: Stanza, account: Account, since: int) -> Stanza:
    """Return what was held back as it is delivered: to whom is there now, with its time.

    The time is told in the sender's name: in ours it would be taken for forged.
    """
    sender = stanza.sender
    stanza = stanza.addressed(sender, account.jid)
    if stanza.has("delay", DELAY):
        return stanza
    return stanza.with_child(delay(sender.bare, since, "held back"))


def _unavailable() -> StanzaError:
    """Make the error that somebody gets who writes to nobody (RFC 6121 §8.5.1)."""
    return StanzaError("service-unavailable")
