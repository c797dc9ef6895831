"""How long archives keep what they have: as the host says, or as was said for an account."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, ClassVar, Final, Literal

from pydantic import Field
from sqlalchemy import select, update

from palaver.ext.accounts import AccountArguments, Accounts
from palaver.ext.archive.preferences import table
from palaver.kernel.errors import CommandError
from palaver.kernel.extension import Extension, Progress, command
from palaver.kernel.roles import Access

if TYPE_CHECKING:
    from palaver.kernel.server import Server

_DAY: Final = 86_400.0  # seconds
_PAGE: Final = 500  # accounts
_MOST_DAYS: Final = 36_500


class RetentionArguments(AccountArguments):
    """Says how long an account's archive keeps its messages."""

    days: int | Literal["forever", "host"] = Field(
        description='So many days, "forever", or "host" for as long as its host says.'
    )


class Retention(Extension):
    """Lets administrators say for how long an account's archive keeps what it has."""

    name: ClassVar = "archive_retention"
    requires: ClassVar = ("accounts", "archive")

    @command("archive keep", RetentionArguments, offline=True, access=Access.ADMINISTRATORS)
    async def keep(self, arguments: RetentionArguments, progress: Progress) -> dict[str, object]:
        """Say for how long an account's messages are kept."""
        jid, record = await self.server.extension(Accounts).record(arguments.jid)
        try:
            days = days_of(arguments.days)
        except ValueError as error:
            raise CommandError(
                "bad-arguments", f"That is no time to keep messages: {error}."
            ) from None
        await store(self.server, record.id, days)
        return {"jid": jid, "keeps": arguments.days}


def days_of(text: int | Literal["forever", "host"]) -> int | None:
    """Return the value that is stored: 0 is for ever, None as the host has it.

    Raises ValueError for a number of days that makes no sense.
    """
    if text == "host":
        return None
    if text == "forever":
        return 0
    if not 1 <= text <= _MOST_DAYS:
        raise ValueError(f"between 1 and {_MOST_DAYS} days")
    return text


async def store(server: "Server", account_id: int, days: int | None) -> None:
    """Store what is said for one account; raises StorageUnavailable."""
    database = server.database
    mine = table.c.account_id == account_id
    async with database.begin() as connection:
        if await connection.scalar(select(table.c.account_id).where(mine)) is None:
            row = {"account_id": account_id, "always": "[]", "never": "[]", "days": days}
            await database.upsert(connection, table, row, ["account_id"])
        else:
            await connection.execute(update(table).where(mine).values(days=days))


async def expire(server: "Server", host: str, days: int) -> int:
    """Delete what is older than the host's ``days`` allow, or the account's; return how many."""
    own = await _own(server)
    if not days and not any(own.values()):
        return 0
    deleted = 0
    async for account_id in _accounts(server, host):
        kept = own.get(account_id, days)
        if kept:
            moment = server.clock.now() - kept * _DAY
            deleted += await server.log.expire(account_id, int(moment * 1000) << 20)
    return deleted


async def _own(server: "Server") -> dict[int, int]:
    """Return what was said for single accounts."""
    query = select(table.c.account_id, table.c.days).where(table.c.days.is_not(None))
    async with server.database.connect() as connection:
        return {row.account_id: row.days for row in await connection.execute(query)}


async def _accounts(server: "Server", host: str) -> AsyncIterator[int]:
    after = ""
    while page := await server.store.page(host, prefix="", after=after, limit=_PAGE):
        for record in page:
            yield record.id
        after = page[-1].localpart
