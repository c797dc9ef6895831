"""Lets administrators give users who forgot their password a link to choose a new one.

The link is that of an invitation (XEP-0445): clients show the token and then register, with the
name of the account that is there, as those made for other servers' invitations do already.
"""

from typing import ClassVar, Final
from urllib.parse import quote

import structlog
from pydantic import Field
from sqlalchemy import delete, insert, select

from palaver import jid as addresses
from palaver.ext.account_life.arguments import AccountArguments
from palaver.ext.account_life.tables import password_resets
from palaver.ext.accounts import Accounts, moment
from palaver.ext.invitations.store import digest_of, new_token
from palaver.ext.registration.extension import Registration
from palaver.jid import BareJID, JIDError
from palaver.kernel import durations, hooks
from palaver.kernel.account import Account
from palaver.kernel.errors import CommandError
from palaver.kernel.extension import (
    Extension,
    Progress,
    Request,
    command,
    on,
    task,
)
from palaver.kernel.roles import Access
from palaver.kernel.slots import Slot
from palaver.kernel.storage import AccountRecord, metadata
from palaver.wire.errors import StanzaError

log = structlog.get_logger()

_c: Final = password_resets.c
_SHOWN: Final[Slot[bytes]] = Slot("digest of a token to reset a password with")


class ResetArguments(AccountArguments):
    """Says who may choose a new password."""

    valid: str = Field("1d", pattern=durations.PATTERN, description="How long, such as 2h or 7d.")


class PasswordReset(Extension):
    """Gives and takes tokens to set a new password with."""

    name: ClassVar = "password_reset"
    requires: ClassVar = ("accounts", "invitations", "registration")
    tables: ClassVar = (password_resets,)

    @property
    def _now(self) -> int:
        return int(self.server.clock.now() * 1_000_000)

    @task(every=21_600.0)
    async def tidy(self) -> None:
        """Delete tokens that are over."""
        async with self.server.database.begin() as connection:
            await connection.execute(delete(password_resets).where(_c.until <= self._now))

    # -- making ------------------------------------------------------------------------------------

    @command("user reset-password", ResetArguments, offline=True, access=Access.ADMINISTRATORS)
    async def make(self, arguments: ResetArguments, _progress: Progress) -> dict[str, object]:
        """Make a link that lets a user choose a new password, once; one made before is void."""
        jid, record = await self.server.extension(Accounts).record(arguments.jid)
        token, now = new_token(), self._now
        until = now + durations.seconds_of(arguments.valid) * 1_000_000
        row = {"digest": digest_of(token), "account_id": record.id, "since": now, "until": until}
        async with self.server.database.begin() as connection:
            await connection.execute(delete(password_resets).where(_c.account_id == record.id))
            await connection.execute(insert(password_resets).values(row))
        address = f"{quote(jid.local)}@{jid.domain}"
        return {"uri": f"xmpp:{address}?register;preauth={token}", "until": moment(until)}

    @command("user cancel-reset", AccountArguments, offline=True, access=Access.ADMINISTRATORS)
    async def cancel(self, arguments: AccountArguments, _progress: Progress) -> None:
        """Let the link to choose a new password be good for nothing."""
        jid, record = await self.server.extension(Accounts).record(arguments.jid)
        if not await self._drop(record.id):
            raise CommandError("not-found", f"There is no link for {jid}.")

    async def _drop(self, account_id: int) -> bool:
        query = delete(password_resets).where(_c.account_id == account_id)
        async with self.server.database.begin() as connection:
            return (await connection.execute(query)).rowcount > 0

    @on(hooks.access_revoked)
    async def forget(self, account: Account) -> None:
        """Void the link of an account that has another password now, or is disabled."""
        await self._drop(account.id)

    # -- taking ------------------------------------------------------------------------------------

    @on(hooks.token_shown)
    async def shown(self, request: Request, token: str) -> bool:
        """See whether somebody without an account has a token of ours; it is not used up yet."""
        digest = digest_of(token)
        record = await self._find(digest)
        if record is None or record.host != request.host.name or request.stranger is None:
            return False
        _SHOWN.set(request.stranger, digest)
        return True

    async def _find(self, digest: bytes) -> AccountRecord | None:
        accounts = metadata.tables["accounts"].c
        query = (
            select(accounts.host, accounts.localpart)
            .join_from(password_resets, metadata.tables["accounts"], accounts.id == _c.account_id)
            .where(_c.digest == digest, _c.until > self._now)
        )
        async with self.server.database.connect() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else await self.server.store.find(row.host, row.localpart)

    @on(hooks.registering)
    async def may_register(self, request: Request, _address: BareJID | None) -> bool:
        """Let those go on who have a token."""
        return request.stranger is not None and _SHOWN.get(request.stranger) is not None

    @on(hooks.register_instead)
    async def reset(self, request: Request, username: str, password: str) -> bool:
        """Set the new password, end the sessions, and void whatever else lets clients in.

        Raises:
            StanzaError: not-acceptable, the token is another account's, or no such password can
                be; not-allowed, the token is used up.
        """
        digest = None if request.stranger is None else _SHOWN.get(request.stranger)
        if digest is None or request.stranger is None:
            return False
        record = await self._find(digest)
        if record is None or record.is_disabled(self.server.clock.now()):
            raise StanzaError("not-allowed", "the link is used up, or over")
        if not _is_name_of(username, record):
            raise StanzaError("not-acceptable", f"the link is for {record.localpart}")
        accounts = self.server.extension(Accounts)
        self.server.extension(Registration).check_length(request.host, password)
        jid = addresses.make(record.localpart, record.host).bare
        try:
            keys = await accounts.keys(password)  # before the token is used up
            if not await self._take(digest):
                raise StanzaError("not-allowed", "the link is used up")
            await accounts.set_keys(record, keys)
        except CommandError as error:
            raise StanzaError("not-acceptable", error.text) from error
        _SHOWN.clear(request.stranger)
        accounts.end_sessions(jid, "not-authorized", "The password was changed.")
        log.info("password reset by its user", account=str(jid), peer=request.peer)
        return True

    async def _take(self, digest: bytes) -> bool:
        query = delete(password_resets).where(_c.digest == digest, _c.until > self._now)
        async with self.server.database.begin() as connection:
            return (await connection.execute(query)).rowcount > 0


def _is_name_of(username: str, record: AccountRecord) -> bool:
    try:
        return addresses.make(username, record.host).local == record.localpart
    except JIDError:
        return False
