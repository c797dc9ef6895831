"""Last activity: when a user logged out, and how long a host has been running (XEP-0012)."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

import structlog
from sqlalchemy import Column, Table, select

from palaver.ext.disco import sees_presence
from palaver.kernel import hooks
from palaver.kernel.account import Account
from palaver.kernel.extension import (
    Answer,
    Extension,
    ExtensionConfig,
    Request,
    Target,
    Xep,
    iq,
    on,
    task,
)
from palaver.kernel.hooks import Phase, Verdict
from palaver.kernel.session import Session
from palaver.kernel.slots import Slot
from palaver.kernel.storage import (
    StorageUnavailable,
    Timestamp,
    Xml,
    account_column,
    despite_deletion,
    metadata,
)
from palaver.wire import ns
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

if TYPE_CHECKING:
    from palaver.kernel.server import Server

log = structlog.get_logger()

NS: Final = "jabber:iq:last"

_MOST_AT_ONCE: Final = 500  # rows of a transaction
_STATUS_LENGTH: Final = 1_000  # characters kept of a status

table: Final = Table(
    "last_activity",
    metadata,
    account_column(primary_key=True),
    Column("ended", Timestamp, nullable=False),
    Column("status", Xml),
)

_FAREWELL: Final[Slot[str]] = Slot("status of the unavailable presence")


class Departure(NamedTuple):
    """The end of an account's last session: when, and the status it left; none is ""."""

    ended: int
    status: str


class LastActivity(Extension):
    """Remembers when accounts were left.

    Departures are written together, soon after; the last ones before the server ends.
    """

    name: ClassVar = "last_activity"
    implements: ClassVar = (Xep(12, "2.0"),)
    features: ClassVar = (NS,)
    account_features: ClassVar = (NS,)
    tables: ClassVar = (table,)

    def __init__(self, server: "Server", settings: Callable[[str | None], ExtensionConfig]) -> None:
        """Begin with nothing to write."""
        super().__init__(server, settings)
        self._unwritten: dict[int, Departure] = {}
        self._writing = asyncio.Lock()

    # -- requests ----------------------------------------------------------------------------------

    @on(hooks.incoming, phase=Phase.GUARD, kind="iq", payload=(NS, "query"))
    def guard(self, stanza: Stanza, account: Account) -> Verdict:
        """Keep from an account and its clients what others may not ask (XEP-0012 §3, §4).

        Raises:
            StanzaError: forbidden, who asks may not see the account's presence.
        """
        if stanza.type == "get" and not sees_presence(stanza.sender, account):
            raise _forbidden()
        return None

    @iq("get", NS, "query", to=(Target.NOBODY, Target.NOBODYS_RESOURCE))
    def of_nobody(self, _request: Request) -> Answer:
        """Refuse as for a user whose presence who asks may not see."""
        raise _forbidden()

    @iq("get", NS, "query", to=(Target.ACCOUNT, Target.CONTACT))
    async def of_account(self, request: Request) -> Answer:
        """Tell how long ago a user logged out, and the status left behind (XEP-0012 §3).

        Raises:
            StanzaError: item-not-found, the user has never logged in.
        """
        account = request.account
        assert account is not None
        if account.sessions or account.temporary:
            return _answer(0)
        departure = self._unwritten.get(account.id) or await self._stored(account)
        if departure is None:
            raise StanzaError("item-not-found", "this user has not been here yet")
        seconds = self.server.clock.now() - departure.ended / 1_000_000
        return _answer(seconds, departure.status)

    @iq("get", NS, "query", to=Target.HOST)
    def of_host(self, _request: Request) -> Answer:
        """Tell how long the server has been running (XEP-0012 §5)."""
        return _answer(self.server.clock.now() - self.server.started)

    # -- what happens ------------------------------------------------------------------------------

    @on(hooks.sent, kind="presence")
    def presence(self, stanza: Stanza, session: Session) -> None:
        """Remember the status with which a session went unavailable."""
        if stanza.to is None and stanza.type == "unavailable":
            _FAREWELL.set(session, _status(stanza))
        elif stanza.to is None and stanza.type == "available":
            _FAREWELL.clear(session)

    @on(hooks.session_closed)
    def left(self, session: Session) -> None:
        """Take note that a user logged out, when this was the last session."""
        account = session.account
        if account.temporary or account.sessions:
            return
        ended = int(self.server.clock.now() * 1_000_000)
        first = not self._unwritten  # else somebody writes already, or cannot
        self._unwritten[account.id] = Departure(ended, _FAREWELL.get(session) or "")
        if first:
            self.server.spawn(self._write())

    @task(every=3600)
    async def still_there(self) -> None:
        """Note who is there now, for a crash that no departure would be written in."""
        now = int(self.server.clock.now() * 1_000_000)
        for account in self.server.accounts.all():
            if account.sessions and account.record is not None:
                self._unwritten.setdefault(account.id, Departure(now, ""))
        await self._write()

    # -- rows --------------------------------------------------------------------------------------

    async def of_many(self, account_ids: Sequence[int]) -> dict[int, int]:
        """Return when accounts were left last, for those of which it is known, by their keys."""
        query = select(table.c.account_id, table.c.ended).where(table.c.account_id.in_(account_ids))
        async with self.server.database.connect() as connection:
            found = {row.account_id: row.ended for row in await connection.execute(query)}
        unwritten = {
            id_: self._unwritten[id_].ended for id_ in account_ids if id_ in self._unwritten
        }
        return found | unwritten

    async def _stored(self, account: Account) -> Departure | None:
        """Return the last departure; after a crash, the login that no departure followed."""
        query = select(table.c.ended, table.c.status).where(table.c.account_id == account.id)
        async with self.server.database.connect() as connection:
            row = (await connection.execute(query)).one_or_none()
        login = account.record.last_login if account.record is not None else None
        if login is not None and (row is None or row.ended < login):
            return Departure(login, "")
        return None if row is None else Departure(row.ended, row.status or "")

    @task(every=60)
    async def write_later(self) -> None:
        """Commit the departures that could not be written when they happened."""
        await self._write()

    @on(hooks.server_stopping)
    async def write_last(self) -> None:
        """Commit the departures that the end of the server brought about."""
        await self._write()

    async def _write(self) -> None:
        async with self._writing:
            while self._unwritten:
                batch = dict(islice(self._unwritten.items(), _MOST_AT_ONCE))
                try:
                    await despite_deletion(partial(self._store, batch))
                except StorageUnavailable as error:
                    log.warning("last activity not written", reason=str(error))
                    return
                for account_id, departure in batch.items():
                    if self._unwritten.get(account_id) is departure:
                        del self._unwritten[account_id]

    async def _store(self, batch: Mapping[int, Departure]) -> None:
        database, accounts = self.server.database, metadata.tables["accounts"]
        async with database.begin() as connection:
            # Some may have been deleted since, which is what ended their sessions.
            there = await connection.scalars(select(accounts.c.id).where(accounts.c.id.in_(batch)))
            rows = [
                {"account_id": id_, "ended": batch[id_].ended, "status": batch[id_].status or None}
                for id_ in sorted(there)
            ]
            await database.upsert(connection, table, rows, ["account_id"])


def _answer(seconds: float, status: str = "") -> Element:
    return Element("query", NS, {"seconds": str(max(0, int(seconds)))}, status or None)


def _forbidden() -> StanzaError:
    return StanzaError("forbidden", "you may not see this user's presence")


def _status(stanza: Stanza) -> str:
    """Return the status without a language of its own, or else the first one."""
    found = [child for child in stanza.elements if child.key == f"{ns.CLIENT} status"]
    found.sort(key=lambda status: "xml:lang" in status.attrs)
    return found[0].text[:_STATUS_LENGTH] if found else ""
