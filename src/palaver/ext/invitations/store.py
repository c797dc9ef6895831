"""Invitations in storage. Of a token only a digest is kept: who reads the table can use none."""

import secrets
from hashlib import sha256
from typing import Final, NamedTuple

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    Integer,
    Table,
    and_,
    delete,
    func,
    or_,
    select,
    update,
)

from palaver.kernel.storage import BigId, Blob, Database, JidText, Name, Timestamp, metadata

table: Final = Table(
    "invitations",
    metadata,
    Column("digest", Blob(32), primary_key=True),
    Column("host", Name(1023), nullable=False, index=True),
    Column("inviter", BigId, ForeignKey("accounts.id", ondelete="CASCADE"), index=True),
    Column("contact", JidText, nullable=False),
    Column("username", Name(1023), nullable=False),
    Column("registers", Boolean, nullable=False),
    Column("uses", Integer, nullable=False),
    Column("since", Timestamp, nullable=False),
    Column("until", Timestamp, nullable=False),
)
_c: Final = table.c


class Invitation(NamedTuple):
    """One invitation.

    ``host``      where it is good
    ``inviter``   the account that becomes a contact of whoever takes it; None for none
    ``contact``   its address; "" for none
    ``username``  the name that the new account must have; "" for any
    ``registers`` whether it is good for a new account, rather than for a contact alone
    ``uses``      how often it can be taken
    ``since``, ``until``  when it was made, and when it ends, in microseconds since 1970
    """

    digest: bytes
    host: str
    inviter: int | None
    contact: str
    username: str
    registers: bool
    uses: int
    since: int
    until: int

    @property
    def id(self) -> str:
        """What administrators call it by, which is not the token."""
        return self.digest.hex()[:12]


def new_token() -> str:
    """Make a token that nobody can guess (XEP-0401 §4.2)."""
    return secrets.token_urlsafe(18)


def digest_of(token: str) -> bytes:
    """Return what is kept of a token."""
    return sha256(token.encode()).digest()


class Invitations:
    """The invitations of all hosts; everything raises StorageUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, new: Invitation) -> None:
        """Store one."""
        async with self._database.begin() as connection:
            await connection.execute(table.insert(), new._asdict())

    async def find(self, token: str, now: int) -> Invitation | None:
        """Return the one that a token is for, if it is still good."""
        found = await self._some(_c.digest == digest_of(token), _c.until > now, _c.uses > 0)
        return found[0] if found else None

    async def reserved(self, host: str, username: str, now: int) -> list[Invitation]:
        """Return those that keep a name for somebody (XEP-0445 §6)."""
        return await self._some(
            _c.host == host, _c.username == username, _c.until > now, _c.uses > 0
        )

    async def take(self, digest: bytes) -> bool:
        """Use an invitation up, once; tell whether that was still possible."""
        query = update(table).where(_c.digest == digest, _c.uses > 0).values(uses=_c.uses - 1)
        async with self._database.begin() as connection:
            return (await connection.execute(query)).rowcount > 0

    async def give_back(self, digest: bytes) -> None:
        """Let what was taken last not count."""
        query = update(table).where(_c.digest == digest).values(uses=_c.uses + 1)
        async with self._database.begin() as connection:
            await connection.execute(query)

    async def count(self, inviter: int, now: int) -> int:
        """Count those of an account that are still good."""
        query = select(func.count()).where(_c.inviter == inviter, _c.until > now, _c.uses > 0)
        async with self._database.connect() as connection:
            return await connection.scalar(query) or 0

    async def all(self, host: str, now: int) -> list[Invitation]:
        """Return those of a host that are still good, the newest first."""
        found = await self._some(_c.host == host, _c.until > now, _c.uses > 0)
        return sorted(found, key=lambda each: -each.since)

    async def revoke(self, host: str, id_: str) -> int:
        """Delete those of a host that are called so; return how many."""
        digests = [each.digest for each in await self._some(_c.host == host) if each.id == id_]
        async with self._database.begin() as connection:
            await connection.execute(delete(table).where(_c.digest.in_(digests)))
        return len(digests)

    async def tidy(self, now: int) -> None:
        """Delete what is over."""
        async with self._database.begin() as connection:
            await connection.execute(delete(table).where(or_(_c.until <= now, _c.uses <= 0)))

    async def _some(self, *conditions: ColumnElement[bool]) -> list[Invitation]:
        async with self._database.connect() as connection:
            rows = await connection.execute(select(table).where(and_(*conditions)))
            return [Invitation(*row) for row in rows]
