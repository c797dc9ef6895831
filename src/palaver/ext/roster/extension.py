"""The roster as clients see it: get, set, push, versions (RFC 6121 §2)."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Final

from pydantic import Field
from sqlalchemy import Connection

from palaver.ext.portable import Note, Piece, Portable
from palaver.ext.roster import moving
from palaver.ext.roster.farewell import farewell
from palaver.ext.roster.item import RosterItem
from palaver.ext.roster.payload import (
    NS,
    query_of,
    read_set,
    read_version,
    version_text,
)
from palaver.ext.roster.roster import Roster, roster_of, roster_slot
from palaver.ext.roster.table import load, row_of, row_of_removal, table
from palaver.ext.roster.turns import Turns
from palaver.ext.roster.writer import Change, Writer
from palaver.jid import BareJID
from palaver.kernel import hooks
from palaver.kernel.account import Account
from palaver.kernel.extension import Answer, Extension, ExtensionConfig, Request, Target, iq, on
from palaver.kernel.host import Host
from palaver.kernel.session import Session
from palaver.kernel.slots import Slot
from palaver.kernel.storage import StorageUnavailable
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError

if TYPE_CHECKING:
    from palaver.kernel.server import Server

_REMOVALS: Final = 200
"""Removals an account remembers; who was away for more gets the whole roster."""

_FEW: Final = 20
"""So many changes are always pushed, rather than the whole roster sent."""

interested: Final[Slot[bool]] = Slot("interested")
"""Set on a session that asked for the roster: an interested resource (RFC 6121 §2.2)."""


class RosterConfig(ExtensionConfig):
    """How much a roster may hold."""

    items: int = Field(5000, ge=1, description="Most contacts in a roster.")
    bytes: int = Field(
        1_048_576,
        ge=65_536,
        description="Most bytes of all addresses, names, groups and waiting requests of a roster.",
    )
    name_bytes: int = Field(1023, ge=1, le=65_536, description="Longest name of a contact, bytes.")
    group_bytes: int = Field(1023, ge=1, le=65_536, description="Longest name of a group, bytes.")
    groups: int = Field(100, ge=1, description="Most groups a contact may be in.")
    requests: int = Field(
        500, ge=1, description="Most subscription requests of strangers that wait for an answer."
    )
    request_bytes: int = Field(
        4096,
        ge=512,
        description="Longest subscription request kept whole, bytes; of a longer one only the "
        "request itself is.",
    )


class Rosters(Extension[RosterConfig], Portable):
    """Keeps the rosters."""

    name = "roster"
    features = (NS,)
    tables = (table,)
    portable: ClassVar = {f"{NS} query": 0, "jabber:client presence": 0}
    Config = RosterConfig

    def __init__(self, server: "Server", settings: Callable[[str | None], ExtensionConfig]) -> None:
        super().__init__(server, settings)
        self._turns = Turns()
        self._writer = Writer(server.database, server.spawn)

    # -- for other extensions ----------------------------------------------------------------------

    def check(self, account: Account) -> None:
        """Check that an account can have contacts.

        Raises:
            StanzaError: not-allowed, it is temporary or its host has no rosters.
        """
        if account.temporary or roster_slot.get(account) is None:
            raise StanzaError("not-allowed", "this account has no roster")

    def turn(self, account: Account) -> AbstractAsyncContextManager[None]:
        """Wait until nobody else changes this roster, and keep others waiting meanwhile.

        Raises:
            StanzaError: not-allowed, see `check`.
        """
        self.check(account)
        return self._turn(account)

    @asynccontextmanager
    async def _turn(self, account: Account) -> AsyncIterator[None]:
        """Keep the account in use until all is written: loaded anew, it would lack the change."""
        self.server.accounts.in_use(account)
        try:
            async with self._turns.of(account.id):
                yield
        finally:
            unused = not account.sessions and not self._turns.taken(account.id)
            if unused and self.server.accounts.loaded(account.jid) is account:
                self.server.accounts.idle(account)

    async def save(self, account: Account, item: RosterItem, *, touched: bool = False) -> bool:
        """Commit an item, then take it into memory; to be called in a `turn`.

        Returns whether the roster shows the change, so that it is to be pushed; with ``touched``
        it counts as changed even if it is as before.

        Raises:
            StanzaError: resource-constraint, it is not stored or there are too many; nothing has
                changed then.
        """
        roster = roster_slot.of(account)
        old = roster.item(item.contact)
        if item == old and not touched:
            return False
        visible = touched or not item.looks_like(old)
        if visible:
            item = replace(item, version=self._next_version(roster))
        if item.empty:
            await self._drop(account, roster, item)
        else:
            self._check_number(account, roster, old, item)
            await self._write(Change(account.id, row_of(account.id, item, roster.floor)))
            roster.put(item)
        for handle in account.host.dispatch.handlers(hooks.contact_changed):
            self.server.guarded(handle, account, item.contact, old.state.subscription)
        return visible

    async def put(
        self, account: Account, contact: BareJID, name: str, groups: tuple[str, ...]
    ) -> None:
        """Add a contact or replace its name and groups, and push that (RFC 6121 §2.3, §2.4).

        Raises:
            StanzaError: it cannot be stored.
        """
        async with self.turn(account):
            roster = roster_slot.of(account)
            shared = roster.by_group(contact)
            if shared is not None:  # those groups are there anyway
                groups = tuple(each for each in groups if each not in shared.groups)
            item = replace(roster.item(contact), listed=True, name=name, groups=groups)
            await self.save(account, item, touched=True)
            self.push(account, contact)

    async def remove(self, account: Account, contact: BareJID) -> None:
        """Take a contact off, push that, and end the subscriptions (RFC 6121 §2.5).

        Raises:
            StanzaError: item-not-found; not-allowed, it is there by a group; or it cannot be
                stored.
        """
        async with self.turn(account):
            roster = roster_slot.of(account)
            shared, item = roster.by_group(contact), roster.item(contact)
            if shared is not None and shared.listed:
                raise StanzaError("not-allowed", f"{contact} is in a group that is kept for you")
            if not item.listed:
                raise StanzaError("item-not-found", "that is not in the roster")
            await self.save(account, RosterItem(contact))
            self.push(account, contact)
            for stanza in farewell(account, item):
                self.server.router.route(stanza)

    @on(hooks.session_saving)
    def save_session(self, session: Session, known: dict[str, Any]) -> None:
        """Remember over a restart that a resource is interested."""
        known[self.name] = interested.get(session) is not None

    @on(hooks.session_restored)
    def restore_session(self, session: Session, known: Mapping[str, Any]) -> None:
        """Know again that a resource is interested."""
        if known.get(self.name):
            interested.set(session, True)

    def push(self, account: Account, contact: BareJID) -> None:
        """Send a contact as it now is to all interested resources (RFC 6121 §2.1.6)."""
        sessions = [session for session in account.sessions.values() if interested.get(session)]
        _push(sessions, *_shown(account, contact))
        for handle in account.host.dispatch.handlers(hooks.roster_pushed):
            self.server.guarded(handle, account, contact)

    @staticmethod
    def pushed(account: Account, contact: BareJID) -> Element:
        """Return what a push tells of a contact now."""
        what, version = _shown(account, contact)
        return query_of((what,), version_text(version))

    # -- requests ----------------------------------------------------------------------------------

    @iq("get", NS, "query", to=Target.ACCOUNT)
    def get(self, request: Request) -> Answer:
        """Return the roster, or only what changed (RFC 6121 §2.1.3, §2.6.3)."""
        assert request.account is not None
        roster = roster_of(request.account)
        session = request.session
        if session is not None:
            since = read_version(request.payload.get("ver", ""))
            if since is not None and _worth_it(roster, since):
                # The changes follow the empty result as pushes; no other push comes between.
                asyncio.get_running_loop().call_soon(_catch_up, session, since)
                return None
            interested.set(session, True)
        return query_of(roster.items, version_text(roster.version))

    @iq("set", NS, "query", to=Target.ACCOUNT)
    async def set(self, request: Request) -> Answer:
        """Add, change or remove an item (RFC 6121 §2.3 to §2.5)."""
        account = request.account
        assert account is not None
        wish = read_set(request.payload, self.config(account.host.name))
        if wish.remove:
            await self.remove(account, wish.contact)
        elif wish.contact == account.jid:
            raise StanzaError("not-allowed", "nobody is in their own roster")
        else:
            await self.put(account, wish.contact, wish.name, wish.groups)
        return None

    @iq(("get", "set"), NS, "query", to=(Target.CONTACT, Target.NOBODY))
    def refuse(self, request: Request) -> Answer:
        """Let nobody see or change the roster of somebody else (RFC 6121 §2.1.5, §2.3.3)."""
        raise StanzaError("forbidden", "that is somebody else's roster")

    # -- moving ------------------------------------------------------------------------------------

    async def exported(self, account: Account) -> AsyncIterator[bytes]:
        """Write the roster and the requests that wait."""
        for part in moving.write(roster_of(account)):
            yield part

    async def imported(self, account: Account, pieces: Sequence[Piece], note: Note) -> None:
        """Add contacts that are not in the roster; nobody is told, as nothing has changed."""
        async with self.turn(account):
            roster = roster_slot.of(account)
            config = self.config(account.host.name)
            new = moving.read(pieces, roster, account.jid, config, note)
            version = self._next_version(roster)
            items = [replace(item, version=version if item.listed else 0) for item in new]
            rows = [row_of(account.id, item, roster.floor) for item in items]
            database = self.server.database
            async with database.begin() as connection:
                await database.upsert(connection, table, rows, ["account_id", "contact"])
            for item in items:
                roster.put(item)
                if item.listed:
                    self.push(account, item.contact)

    # -- stream features ---------------------------------------------------------------------------

    @on(hooks.features_after_login)
    def versions(self, host: Host) -> Element | None:
        """Advertise versions (RFC 6121 §2.6.1)."""
        return Element("ver", "urn:xmpp:features:rosterver")

    # -- storage -----------------------------------------------------------------------------------

    @on(hooks.account_loading)
    def load(self, account: Account, connection: Connection) -> None:
        """Read the roster."""
        roster = load(connection, account.id, self._is_here)
        roster.owner = account.jid
        roster_slot.set(account, roster)

    def _is_here(self, contact: BareJID) -> bool:
        return bool(contact.local) and contact.domain in self.server.hosts

    async def _write(self, change: Change) -> None:
        try:
            await self._writer.write(change)
        except StorageUnavailable as error:
            raise StanzaError("resource-constraint", "the roster cannot be stored now") from error

    async def _drop(self, account: Account, roster: Roster, item: RosterItem) -> None:
        """Delete an item; one that was ever listed leaves the record of its removal."""
        if not item.version:
            await self._write(Change(account.id, delete=item.contact))
            roster.take_off(item.contact, 0, roster.floor)
            return
        floor = self._floor_after_removal(roster)
        row = row_of_removal(account.id, item.contact, item.version, floor)
        forget = floor if floor > roster.floor else None
        await self._write(Change(account.id, row, forget=forget))
        roster.take_off(item.contact, item.version, floor)

    @staticmethod
    def _floor_after_removal(roster: Roster) -> int:
        if len(roster.removed) < _REMOVALS:
            return roster.floor
        return sorted(roster.removed.values())[-_REMOVALS]

    def _check_number(
        self, account: Account, roster: Roster, old: RosterItem, new: RosterItem
    ) -> None:
        config = self.config(account.host.name)
        if new.size > old.size and roster.size + new.size - old.size > config.bytes:
            raise StanzaError("resource-constraint", f"a roster may have {config.bytes} bytes")
        if new.listed and not old.listed and len(roster.own_items) >= config.items:
            raise StanzaError("resource-constraint", f"a roster may have {config.items} contacts")
        if new.request and not old.request and len(roster.requests) >= config.requests:
            raise StanzaError("resource-constraint", "too many requests wait for this user")

    def _next_version(self, roster: Roster) -> int:
        """Count on, but never below the time of day in milliseconds.

        So a roster restored from a backup does not use versions again that clients have seen.
        """
        return max(roster.version + 1, int(self.server.clock.now() * 1000))


def _shown(account: Account, contact: BareJID) -> tuple[RosterItem | BareJID, int]:
    """Return a contact as it now is, and since which version."""
    roster = roster_of(account)
    item = roster.shown(contact)
    return item if item.listed else contact, max(item.version, roster.shared_version)


def _worth_it(roster: Roster, since: int) -> bool:
    """Tell whether the changes since a version are known, and less to send than the roster."""
    if not roster.knows(since):
        return False
    return len(roster.changes_since(since)) <= max(_FEW, len(roster.contacts) // 2)


def _catch_up(session: Session, since: int) -> None:
    """Push what changed since a version, in order (RFC 6121 §2.6.3)."""
    if session.closed:
        return
    interested.set(session, True)
    roster = roster_of(session.account)
    for change in roster.changes_since(since):
        contact = change if isinstance(change, BareJID) else change.contact
        _push([session], change, roster.item(contact).version)


def _push(sessions: Iterable[Session], what: RosterItem | BareJID, version: int) -> None:
    """Write a roster push (RFC 6121 §2.1.6); the sessions share all but the address."""
    text = version_text(version)
    tail = b"'>" + query_of((what,), text).to_bytes() + b"</iq>"
    head = f"<iq type='set' id='push-{text}' to='"
    for session in sessions:
        session.write(f"{head}{session.jid.xml}".encode() + tail)
