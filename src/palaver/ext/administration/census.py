"""Counts and lists the users of a host."""

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import ColumnElement, Table, and_, func, or_, select

from palaver import jid
from palaver.jid import BareJID
from palaver.kernel.account import Account
from palaver.kernel.host import Host
from palaver.kernel.server import Server
from palaver.kernel.session import Session
from palaver.kernel.storage import metadata, now

_AWAY: Final = ("away", "xa")

Condition = Callable[[Table], ColumnElement[bool]]


def _accounts() -> Table:
    return metadata.tables["accounts"]


def _disabled(accounts: Table) -> ColumnElement[bool]:
    until = accounts.c.disabled_until
    return and_(accounts.c.disabled_at.is_not(None), or_(until.is_(None), until > now()))


def _admin(accounts: Table) -> ColumnElement[bool]:
    return accounts.c.role == "admin"


async def _count(server: Server, host: Host, condition: Condition) -> int:
    accounts = _accounts()
    query = select(func.count()).where(accounts.c.host == host.name, condition(accounts))
    async with server.database.connect() as connection:
        return await connection.scalar(query) or 0


async def _list(
    server: Server, host: Host, condition: Condition | None, limit: int | None
) -> list[BareJID]:
    accounts = _accounts()
    query = select(accounts.c.localpart).where(accounts.c.host == host.name)
    if condition is not None:
        query = query.where(condition(accounts))
    query = query.order_by(accounts.c.localpart).limit(limit)
    async with server.database.connect() as connection:
        names: Any = await connection.scalars(query)
        return [jid.make(name, host.name).bare for name in names]


async def count_registered(server: Server, host: Host) -> int:
    """Count the accounts of a host."""
    return await server.store.count(host.name)


async def registered(server: Server, host: Host, limit: int) -> list[BareJID]:
    """List the accounts of a host by name, at most so many."""
    return await _list(server, host, None, limit)


async def count_disabled(server: Server, host: Host) -> int:
    """Count the accounts of a host that may not log in."""
    return await _count(server, host, _disabled)


async def disabled(server: Server, host: Host, limit: int) -> list[BareJID]:
    """List the accounts of a host that may not log in, by name, at most so many."""
    return await _list(server, host, _disabled, limit)


async def administrators(server: Server, host: Host) -> list[BareJID]:
    """List the accounts of a host that have the role ``admin``."""
    return await _list(server, host, _admin, None)


def online(server: Server, host: Host) -> list[Account]:
    """Return the accounts of a host that are connected, by address."""
    connected = [a for a in server.accounts.all() if a.host is host and a.sessions]
    return sorted(connected, key=lambda account: account.jid)


def active(server: Server, host: Host) -> list[Account]:
    """Return those of the connected accounts that have an active session.

    A session is active while it is available and shows neither "away" nor "xa", which clients
    show by themselves when nobody touches them.
    """
    return [a for a in online(server, host) if any(map(_is_active, a.sessions.values()))]


def idle(server: Server, host: Host) -> list[Account]:
    """Return the connected accounts that have no active session."""
    return [a for a in online(server, host) if not any(map(_is_active, a.sessions.values()))]


def _is_active(session: Session) -> bool:
    if session.presence is None:
        return False
    show = session.presence.child("show")
    return show is None or show.text.strip() not in _AWAY
