"""Accounts: making, changing and deleting them, for administrators and other extensions."""

import asyncio
import datetime
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from palaver import jid as addresses
from palaver import lookalike
from palaver.jid import BareJID, JIDError
from palaver.kernel import hooks
from palaver.kernel.errors import CommandError
from palaver.kernel.extension import Extension, Progress, command
from palaver.kernel.settings import SECRET
from palaver.kernel.storage import (
    AccountExists,
    AccountRecord,
    Credential,
    NewAccount,
    Role,
)
from palaver.sasl.keys import Hash, ScramKeys, derive_all
from palaver.wire.errors import StreamError

_PAGE: Final = 1000  # accounts read at a time


class AccountArguments(BaseModel):
    """Names an account."""

    model_config = ConfigDict(extra="forbid")

    jid: str = Field(description="Address of the account, such as user@example.org.")


class AddArguments(AccountArguments):
    """Describes an account to make."""

    password: str = Field(description="Password.", json_schema_extra=SECRET)
    role: Role = Field("member", description="member, admin, or restricted.")
    allow_look_alike: bool = Field(
        False, description="Make it even if its name can be taken for another account's."
    )


class PasswordArguments(AccountArguments):
    """Gives an account another password."""

    password: str = Field(description="New password.", json_schema_extra=SECRET)
    keep_sessions: bool = Field(False, description="Leave the account's sessions connected.")


class RoleArguments(AccountArguments):
    """Gives an account another role."""

    role: Role = Field(description="member, admin, or restricted.")


class DisableArguments(AccountArguments):
    """Disables an account."""

    reason: str = Field("", description="Why; shown to administrators.")


class ListArguments(BaseModel):
    """Says which accounts to list."""

    model_config = ConfigDict(extra="forbid")

    host: str | None = Field(None, description="Only this host's accounts.")
    prefix: str = Field("", description="Only names that begin so.")
    role: Role | None = Field(None, description="Only accounts of this role.")
    limit: int | None = Field(None, ge=1, description="At most so many.")


def credentials_of(password: str, iterations: int) -> tuple[Credential, ...]:
    """Make the SCRAM keys that are stored for a password; takes milliseconds.

    Raises ValueError for a password that cannot be prepared (RFC 8265 §4).
    """
    return tuple(
        Credential(
            f"SCRAM-{keys.hash}", keys.salt, keys.iterations, keys.stored_key, keys.server_key
        )
        for keys in derive_all(password, iterations)
    )


class Accounts(Extension):
    """Makes, changes and deletes accounts."""

    name = "accounts"

    # -- for other extensions ----------------------------------------------------------------------

    async def create(
        self, jid: BareJID, password: str, role: Role = "member", *, allow_look_alike: bool = False
    ) -> AccountRecord:
        """Make an account and tell the extensions.

        Raises:
            CommandError: ``exists``, ``look-alike``, ``bad-password``.
            StorageUnavailable: the database does not answer.
        """
        if not allow_look_alike:
            await self._refuse_look_alike(jid)
        try:
            record = await self.server.store.create(
                new_account(jid, await self.keys(password), role)
            )
        except AccountExists:
            raise CommandError("exists", f"{jid} exists already.") from None
        await self.announce(jid)
        return record

    async def announce(self, jid: BareJID) -> None:
        """Tell the extensions that an account was made."""
        self.server.accounts.created(jid)
        handlers = self.server.hosts[jid.domain].dispatch.handlers(hooks.account_created)
        account = await self.server.accounts.get(jid) if handlers else None
        if account:
            for handle in handlers:
                await handle(account)

    async def keys(self, password: str) -> Sequence[Credential]:
        """Make the keys of a password in a thread; raises `CommandError` for a bad one."""
        if not password:
            raise CommandError("bad-password", "The password is empty.")
        try:
            return await asyncio.to_thread(
                credentials_of, password, self.server.settings.sasl.iterations
            )
        except ValueError as error:
            raise CommandError("bad-password", f"The password cannot be used: {error}") from None

    async def change_password(self, record: AccountRecord, password: str) -> None:
        """Replace an account's keys; its sessions stay. Raises `CommandError`."""
        keys = await self.keys(password)
        jid = addresses.make(record.localpart, record.host).bare
        await self._revoke(jid)  # before, lest tokens outlive the password if storage fails now
        try:
            await self.server.store.set_keys(record.id, keys)
        except LookupError:
            raise _gone(record) from None
        await self._revoke(jid)

    async def _revoke(self, jid: BareJID) -> None:
        """End the logins that go on, and what other clients may log in with (XEP-0484)."""
        account = await self.server.accounts.get(jid)
        if account:
            account.revoked = self.server.clock.monotonic()
            for handle in account.host.dispatch.handlers(hooks.access_revoked):
                await handle(account)

    async def password_fits(self, record: AccountRecord, password: str) -> bool:
        """Tell whether a password is the account's."""
        for each in await self.server.store.keys(record.id):
            hash_ = Hash(each.mechanism.removeprefix("SCRAM-"))
            keys = ScramKeys(hash_, each.salt, each.iterations, each.stored_key, each.server_key)
            try:
                return await asyncio.to_thread(keys.verify, password)
            except ValueError:
                return False
        return False

    async def delete(
        self, record: AccountRecord, *, before_ending: Callable[[], None] | None = None
    ) -> None:
        """Delete an account with all its rows, and end its sessions.

        ``before_ending`` is called when all is told to others and the sessions end next.

        Raises:
            CommandError: ``not-found``, somebody else deleted it meanwhile.
        """
        jid = addresses.make(record.localpart, record.host).bare
        # First no more logins, as if there were no account any more; then what others must hear,
        # then the rows.
        try:
            await self.server.store.set_disabled(record.id, "being deleted")
            await self.server.store.set_keys(record.id, ())
        except LookupError:
            raise _gone(record) from None
        account = await self.server.accounts.get(jid)
        if account:
            account.revoked = self.server.clock.monotonic()
            for handle in account.host.dispatch.handlers(hooks.account_deleting):
                await handle(account)
        if before_ending is not None:
            before_ending()
        self.end_sessions(jid, "not-authorized", "The account was deleted.")
        self.server.accounts.forget(jid)
        await self.server.log.forget(record.id)
        with suppress(LookupError):  # somebody else was faster
            await self.server.store.delete(record.id)
        self.server.accounts.forget(jid)

    def end_sessions(self, jid: BareJID, condition: str, text: str) -> int:
        """End all sessions of an account with a stream error; returns how many there were."""
        account = self.server.accounts.loaded(jid)
        sessions = list(account.sessions.values()) if account else []
        for session in sessions:
            session.wire.end(StreamError(condition, text))
        self.server.end_logins(jid, StreamError(condition, text))
        return len(sessions)

    async def record(self, text: str) -> tuple[BareJID, AccountRecord]:
        """Find the account of an address; raises `CommandError` where there is none."""
        jid = self.address(text)
        record = await self.server.store.find(jid.domain, jid.local)
        if record is None:
            raise CommandError("not-found", f"There is no account {jid}.")
        return jid, record

    def address(self, text: str) -> BareJID:
        """Read the address of an account on this server; raises `CommandError`."""
        try:
            jid = addresses.parse_bare(text)
        except JIDError as error:
            raise CommandError("bad-jid", f"{text!r} is not an address: {error}.") from None
        if not jid.local:
            raise CommandError("bad-jid", f"{text!r} has no name before the host, as user@{text}.")
        if jid.domain not in self.server.hosts:
            hosts = ", ".join(self.server.hosts)
            raise CommandError("unknown-host", f"{jid.domain} is not served here; hosts: {hosts}.")
        return jid

    async def _refuse_look_alike(self, jid: BareJID) -> None:
        others = await self.server.store.look_alikes(jid.domain, lookalike.skeleton(jid.local))
        for other in others:
            if other.localpart != jid.local:
                raise CommandError(
                    "look-alike", f"{jid} can be taken for {other.localpart}@{other.host}."
                )

    async def _refresh(self, jid: BareJID) -> None:
        """Let an account in use know its new record."""
        account = self.server.accounts.loaded(jid)
        if account:
            account.record = await self.server.store.find(jid.domain, jid.local)

    # -- commands ----------------------------------------------------------------------------------

    @command("user add", AddArguments, offline=True)
    async def add(self, arguments: AddArguments, progress: Progress) -> dict[str, object]:
        """Make an account."""
        record = await self.create(
            self.address(arguments.jid),
            arguments.password,
            arguments.role,
            allow_look_alike=arguments.allow_look_alike,
        )
        return shown(record)

    @command("user list", ListArguments, offline=True)
    async def list_accounts(self, arguments: ListArguments, progress: Progress) -> object:
        """List accounts."""
        if arguments.host and arguments.host not in self.server.hosts:
            raise CommandError("unknown-host", f"{arguments.host} is not served here.")
        found: list[dict[str, object]] = []
        for host in [arguments.host] if arguments.host else self.server.hosts:
            async for record in self._records(host, arguments.prefix):
                if arguments.role in (None, record.role):
                    found.append(shown(record))
                if len(found) == arguments.limit:
                    return found
        return found

    async def _records(self, host: str, prefix: str) -> AsyncIterator[AccountRecord]:
        after = ""
        while page := await self.server.store.page(host, prefix=prefix, after=after, limit=_PAGE):
            for record in page:
                yield record
            after = page[-1].localpart

    @command("user show", AccountArguments, offline=True)
    async def show(self, arguments: AccountArguments, progress: Progress) -> dict[str, object]:
        """Show an account."""
        jid, record = await self.record(arguments.jid)
        account = self.server.accounts.loaded(jid)
        return {
            **shown(record),
            "disabled_reason": record.disabled_reason,
            "mechanisms": [each.mechanism for each in await self.server.store.keys(record.id)],
            "pending_messages": await self.server.log.count_pending(record.id),
            "sessions": sorted(account.sessions) if account else [],
        }

    @command("user passwd", PasswordArguments, offline=True)
    async def passwd(self, arguments: PasswordArguments, progress: Progress) -> None:
        """Give an account another password, and end its sessions."""
        jid, record = await self.record(arguments.jid)
        await self.change_password(record, arguments.password)
        if not arguments.keep_sessions:
            self.end_sessions(jid, "not-authorized", "The password was changed.")

    @command("user role", RoleArguments, offline=True)
    async def role(self, arguments: RoleArguments, progress: Progress) -> None:
        """Give an account another role."""
        jid, record = await self.record(arguments.jid)
        await self.server.store.set_role(record.id, arguments.role)
        await self._refresh(jid)

    @command("user disable", DisableArguments, offline=True)
    async def disable(self, arguments: DisableArguments, progress: Progress) -> None:
        """Keep an account from logging in, and end its sessions."""
        jid, record = await self.record(arguments.jid)
        await self.server.store.set_disabled(record.id, arguments.reason)
        await self._refresh(jid)
        await self._revoke(jid)
        self.end_sessions(jid, "not-authorized", "The account was disabled.")

    @command("user enable", AccountArguments, offline=True)
    async def enable(self, arguments: AccountArguments, progress: Progress) -> None:
        """Let a disabled account log in again."""
        jid, record = await self.record(arguments.jid)
        await self.server.store.set_disabled(record.id, None)
        await self._refresh(jid)

    @command("user delete", AccountArguments, offline=True)
    async def delete_user(self, arguments: AccountArguments, progress: Progress) -> None:
        """Delete an account with its roster, messages and all else it has."""
        _, record = await self.record(arguments.jid)
        await self.delete(record)


def _gone(record: AccountRecord) -> CommandError:
    return CommandError("not-found", f"There is no account {record.localpart}@{record.host}.")


def new_account(jid: BareJID, credentials: Sequence[Credential], role: Role) -> NewAccount:
    """Describe an account for storage."""
    return NewAccount(jid.domain, jid.local, lookalike.skeleton(jid.local), role, credentials)


def shown(record: AccountRecord) -> dict[str, object]:
    """Give what people may see of an account."""
    return {
        "jid": f"{record.localpart}@{record.host}",
        "role": record.role,
        "created": _moment(record.created),
        "last_login": _moment(record.last_login),
        "disabled": record.disabled_at is not None,
    }


def _moment(timestamp: int | None) -> str | None:
    """Write a `Timestamp` (microseconds since 1970) as XEP-0082 does, to the second."""
    if timestamp is None:
        return None
    moment = datetime.datetime.fromtimestamp(timestamp // 1_000_000, datetime.UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
