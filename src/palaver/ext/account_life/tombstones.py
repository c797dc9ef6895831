"""Keeps the names of deleted accounts from being taken at once.

Whoever has the name of a deleted account gets what its contacts still send there, and is taken for
its former owner. Others are not told that there was an account: to them the address is nobody's
like any other, not ``gone`` (RFC 6120 §8.3.3.5), which would tell strangers who had an account.
"""

from collections.abc import Sequence
from typing import ClassVar, Final

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, delete, select

from palaver import lookalike
from palaver.ext.account_life.arguments import AccountArguments
from palaver.ext.account_life.tables import tombstones
from palaver.ext.accounts import Accounts, moment
from palaver.jid import BareJID
from palaver.kernel import hooks
from palaver.kernel.account import Account
from palaver.kernel.errors import CommandError
from palaver.kernel.extension import (
    Extension,
    ExtensionConfig,
    Progress,
    command,
    on,
    task,
)
from palaver.kernel.roles import Access
from palaver.kernel.settings import unit
from palaver.kernel.storage import stored_skeleton

_DAY: Final = 86_400_000_000  # microseconds
_c: Final = tombstones.c


class TombstonesConfig(ExtensionConfig):
    """How long names stay nobody's."""

    days: int = Field(
        90,
        ge=0,
        le=36_500,
        description="How long nobody can have the name of an account that was deleted; 0: not at "
        "all.",
        json_schema_extra=unit("days"),
    )


class HostArguments(BaseModel):
    """Says of which host."""

    model_config = ConfigDict(extra="forbid")

    host: str | None = Field(None, description="Only those of this host.")


class Tombstones(Extension[TombstonesConfig]):
    """Keeps the names of deleted accounts for a while."""

    Config = TombstonesConfig
    name: ClassVar = "tombstones"
    requires: ClassVar = ("accounts",)
    tables: ClassVar = (tombstones,)

    @property
    def _now(self) -> int:
        return int(self.server.clock.now() * 1_000_000)

    @on(hooks.account_deleting)
    async def bury(self, account: Account) -> None:
        """Keep the name of an account that goes."""
        days, now, jid = self.config(account.host.name).days, self._now, account.jid
        if not days:
            return
        row = {
            "host": jid.domain,
            "localpart": jid.local,
            "skeleton": stored_skeleton(lookalike.skeleton(jid.local)),
            "since": now,
            "until": now + days * _DAY,
        }
        database = self.server.database
        async with database.begin() as connection:
            await database.upsert(connection, tombstones, row, ["host", "localpart"])

    @on(hooks.account_creating)
    async def check(self, jid: BareJID) -> None:
        """Refuse a name that is kept, and those that can be taken for it.

        Raises:
            CommandError: tombstone.
        """
        skeleton = stored_skeleton(lookalike.skeleton(jid.local))
        kept = _c.host == jid.domain, _c.skeleton == skeleton, _c.until > self._now
        found = await self._some(*kept)
        if found:
            until = moment(max(row[3] for row in found))
            text = f"An account of that name was deleted; {jid} can be taken from {until} on."
            raise CommandError("tombstone", text)

    @task(every=21_600.0)
    async def tidy(self) -> None:
        """Forget names that anybody may have again."""
        async with self.server.database.begin() as connection:
            await connection.execute(delete(tombstones).where(_c.until <= self._now))

    @on(hooks.name_freed)
    async def free(self, jid: BareJID) -> None:
        """Let a name be taken, kept or not."""
        await self.lift(jid)

    async def lift(self, jid: BareJID) -> bool:
        """Let a name be taken; tell whether it was kept."""
        this = _c.host == jid.domain, _c.localpart == jid.local
        async with self.server.database.begin() as connection:
            return (await connection.execute(delete(tombstones).where(*this))).rowcount > 0

    async def _some(self, *conditions: ColumnElement[bool]) -> Sequence[tuple[str, str, int, int]]:
        query = select(_c.host, _c.localpart, _c.since, _c.until).where(*conditions)
        async with self.server.database.connect() as connection:
            rows = await connection.execute(query.order_by(_c.host, _c.localpart))
            return [(host, name, since, until) for host, name, since, until in rows]

    # -- commands ----------------------------------------------------------------------------------

    @command("tombstone list", HostArguments, offline=True, access=Access.ADMINISTRATORS)
    async def list(self, arguments: HostArguments, _progress: Progress) -> object:
        """List the names that are kept because their accounts were deleted."""
        here = () if arguments.host is None else (_c.host == arguments.host,)
        found = await self._some(_c.until > self._now, *here)
        return [
            {"jid": f"{name}@{host}", "deleted": moment(since), "until": moment(until)}
            for host, name, since, until in found
        ]

    @command("tombstone lift", AccountArguments, offline=True, access=Access.ADMINISTRATORS)
    async def lift_one(self, arguments: AccountArguments, _progress: Progress) -> None:
        """Let the name of a deleted account be taken again."""
        jid = self.server.extension(Accounts).address(arguments.jid)
        if not await self.lift(jid):
            raise CommandError("not-found", f"The name {jid} is not kept.")
