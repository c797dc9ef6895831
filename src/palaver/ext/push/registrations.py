"""Which push services an account's clients asked to be told by (XEP-0357 §5)."""

from typing import TYPE_CHECKING, Final

from sqlalchemy import Column, Connection, Table, and_, delete, select

from palaver import jid
from palaver.jid import JID
from palaver.kernel.account import Account
from palaver.kernel.slots import Slot
from palaver.kernel.storage import Database, Name, Timestamp, Xml, account_column, metadata

if TYPE_CHECKING:
    from palaver.ext.push.notices import Notice

NODE_BYTES: Final = 1_000
SERVICE_BYTES: Final = 1_023  # with node and account they are one key

table: Final = Table(
    "push_registrations",
    metadata,
    account_column(primary_key=True),
    Column("service", Name(SERVICE_BYTES), primary_key=True),
    Column("node", Name(NODE_BYTES), primary_key=True),
    Column("resource", Name(1023), nullable=False),
    Column("options", Xml, nullable=False),
    Column("since", Timestamp, nullable=False),
)


class Registration:
    """One place to notify.

    ``service``   the push service
    ``node``      its node, "" for none
    ``resource``  of the session that asked: which device it is
    ``options``   the form to publish with, as XML; "" for none
    ``since``     when it was asked for, in microseconds since 1970
    ``failures``  how many notifications in a row were refused for the time being
    ``busy``      whether a notification is on its way
    ``counted``   when what waits was counted for the last notification, as an id of the log
    ``again``     what another is to tell that follows it; None when there is nothing
    """

    __slots__ = (
        "again", "busy", "counted", "failures", "node", "options", "resource", "service", "since",
    )  # fmt: skip

    def __init__(self, service: JID, node: str, resource: str, options: str, since: int) -> None:
        self.service = service
        self.node = node
        self.resource = resource
        self.options = options
        self.since = since
        self.failures = 0
        self.busy = False
        self.again: Notice | None = None
        self.counted = 0

    @property
    def key(self) -> tuple[JID, str]:
        """What there is one registration for."""
        return self.service, self.node


_REGISTRATIONS: Final[Slot[dict[tuple[JID, str], Registration]]] = Slot("push registrations")


def registrations(account: Account) -> dict[tuple[JID, str], Registration]:
    """Return those of an account by service and node; not to be changed."""
    return _REGISTRATIONS.get(account) or {}


def load(account: Account, connection: Connection) -> None:
    """Read those of an account that comes into use."""
    rows = connection.execute(select(table).where(table.c.account_id == account.id))
    found = [
        Registration(jid.parse(row.service), row.node, row.resource, row.options, row.since)
        for row in rows
    ]
    if found:
        _REGISTRATIONS.set(account, {each.key: each for each in found})


async def add(database: Database, account: Account, new: Registration) -> None:
    """Store one, in place of one of the same service and node; raises StorageUnavailable."""
    row = {
        "account_id": account.id,
        "service": str(new.service),
        "node": new.node,
        "resource": new.resource,
        "options": new.options,
        "since": new.since,
    }
    async with database.begin() as connection:
        await database.upsert(connection, table, row, ("account_id", "service", "node"))
    _REGISTRATIONS.set(account, {**registrations(account), new.key: new})


async def remove(
    database: Database, account: Account, service: JID, node: str | None
) -> list[Registration]:
    """Delete those of a service, or the one of a node; return them."""
    found = [
        each
        for each in registrations(account).values()
        if each.service == service and node in (None, each.node)
    ]
    if not found:
        return []
    kept = {key: each for key, each in registrations(account).items() if each not in found}
    _REGISTRATIONS.set(account, kept)  # at once: nothing is published any more
    which = and_(table.c.account_id == account.id, table.c.service == str(service))
    if node is not None:
        which = and_(which, table.c.node == node)
    async with database.begin() as connection:
        await connection.execute(delete(table).where(which))
    return found
