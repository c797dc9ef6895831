"""Sessions in storage while the server is restarted: a row for each that may be resumed.

The rows are written when the server stops and deleted as soon as it has read them again. A session
is what JSON can hold: what the kernel knows of it, its queue, and what other extensions put in by
`hooks.session_saving`. Messages that are rows of the log stay there; of the token, only the digest
is stored.
"""

import json
from dataclasses import asdict
from typing import Any, Final, NamedTuple

from sqlalchemy import Column, Table, delete, insert, select

from palaver import jid
from palaver.ext.custody import custody_of
from palaver.ext.stream_management.absence import RESUMABLE, NoWire, Resumable
from palaver.jid import FullJID
from palaver.kernel.account import Account
from palaver.kernel.device import Device
from palaver.kernel.outbox import Entry, Outbox
from palaver.kernel.session import Session
from palaver.kernel.storage import Database, Name, Timestamp, Xml, account_column, metadata
from palaver.wire.rereading import reread

table: Final = Table(
    "sessions",
    metadata,
    account_column(primary_key=True),
    Column("resource", Name(1023), primary_key=True),
    Column("until", Timestamp, nullable=False),
    Column("state", Xml, nullable=False),
)
_ROWS: Final = 200  # of a transaction

State = dict[str, Any]
"""A session as JSON."""


class Stored(NamedTuple):
    """A row; ``until`` is in microseconds since 1970."""

    account_id: int
    resource: str
    until: int
    state: State


async def store(database: Database, rows: list[Stored]) -> None:
    """Write rows; raises StorageUnavailable."""
    for start in range(0, len(rows), _ROWS):
        part = [{**r._asdict(), "state": json.dumps(r.state)} for r in rows[start : start + _ROWS]]
        async with database.begin() as connection:
            await connection.execute(insert(table), part)


async def load(database: Database) -> list[Stored]:
    """Read all rows; raises StorageUnavailable."""
    async with database.connect() as connection:
        found = await connection.execute(select(table))
    return [Stored(r.account_id, r.resource, r.until, json.loads(r.state)) for r in found]


async def clear(database: Database) -> None:
    """Delete all rows; raises StorageUnavailable."""
    async with database.begin() as connection:
        await connection.execute(delete(table))


def state_of(session: Session) -> State:
    """Return a session as it is stored; it must have an outbox and a token."""
    outbox, known = session.outbox, RESUMABLE.of(session)
    assert outbox is not None
    return {
        "jid": str(session.jid),
        "digest": known.digest.hex(),
        "seconds": known.seconds,
        "handled": session.safe,
        "acknowledged": outbox.acknowledged,
        "sent": [_written(entry) for entry in outbox.entries],
        "held": [_written(entry) for entry in outbox.held.values()],
        "presence": None if session.presence is None else session.presence.to_bytes().decode(),
        "priority": session.priority,
        "receives": session.receives,
        "lang": session.lang,
        "mechanism": session.mechanism,
        "device": None if session.device is None else asdict(session.device),
        "since": session.since,
        "peer": session.wire.peer,
        "secure": session.wire.secure,
    }


def session_of(state: State, account: Account, wire: NoWire, limit: int) -> Session:
    """Return the session that was stored, as one without a connection; raises KeyError, ..."""
    address = jid.parse(state["jid"])
    assert isinstance(address, FullJID)
    session = Session(
        address,
        account,
        wire,
        lang=state["lang"],
        mechanism=state["mechanism"],
        since=state["since"],
        device=Device(**state["device"]) if state.get("device") else None,
    )
    session.handled = session.safe = state["handled"]
    if state["presence"] is not None:
        session.presence = reread(state["presence"].encode())
        session.priority = state["priority"]
        session.receives = state["receives"]
    RESUMABLE.set(session, Resumable(bytes.fromhex(state["digest"]), state["seconds"]))
    outbox = session.outbox = Outbox(session, wire, limit)
    outbox.restore(
        state["acknowledged"], list(map(_read, state["sent"])), list(map(_read, state["held"]))
    )
    custody_of(account).holders.update(
        (row, (session,)) for _, row in outbox.all() if row is not None
    )
    return session


def _written(entry: Entry) -> int | str:
    """Return a row's id for a message that is in the log, else the stanza itself."""
    return entry.row if entry.row is not None else (entry.data or b"").decode()


def _read(written: int | str) -> Entry:
    if isinstance(written, int):
        return Entry(None, written)
    return Entry(written.encode(), None)
