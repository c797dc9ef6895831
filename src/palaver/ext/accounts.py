"""Accounts: making, changing and deleting them, for administrators and other extensions."""

import asyncio
import datetime
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from palaver import jid as addresses
from palaver import lookalike
from palaver.ext.account_life import deletion
from palaver.ext.account_life.arguments import AccountArguments as AccountArguments
from palaver.ext.account_life.arguments import (
    AddArguments,
    DeleteArguments,
    ListArguments,
)
from palaver.ext.account_life.arguments import DisableArguments as DisableArguments
from palaver.ext.account_life.arguments import PasswordArguments as PasswordArguments
from palaver.ext.account_life.arguments import RoleArguments as RoleArguments
from palaver.ext.account_life.deletion import Deletion
from palaver.ext.account_life.tables import deletions
from palaver.ext.last_activity import LastActivity
from palaver.jid import BareJID, JIDError
from palaver.kernel import disabled, durations, hooks, permissions
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
from palaver.kernel.storage import (
    AccountExists,
    AccountRecord,
    Credential,
    NewAccount,
    Role,
)
from palaver.sasl.keys import Hash, ScramKeys, derive_all

if TYPE_CHECKING:
    from palaver.kernel.server import Server

_PAGE: Final = 1000  # accounts read at a time
_RETRY: Final = 600.0  # seconds until a deletion that failed is taken up again


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
    tables = (deletions,)

    def __init__(self, server: "Server", settings: Callable[[str | None], ExtensionConfig]) -> None:
        """Begin with no deletion under way."""
        super().__init__(server, settings)
        self._deletion = Deletion(server)

    # -- for other extensions ----------------------------------------------------------------------

    async def create(
        self,
        jid: BareJID,
        password: str,
        role: Role = "member",
        *,
        allow_look_alike: bool = False,
        despite_tombstone: bool = False,
        waiting: tuple[str, Callable[[int], Awaitable[None]]] | None = None,
    ) -> AccountRecord:
        """Make an account and tell the extensions.

        One that is ``waiting`` is disabled for that reason, and entered by its id where it waits,
        before a password fits; the extensions are told when it is enabled (`announce`).

        Raises:
            CommandError: ``exists``, ``look-alike``, ``bad-password``, ``tombstone``.
            StorageUnavailable: the database does not answer.
        """
        if await self.server.store.find(jid.domain, jid.local) is not None:
            raise CommandError("exists", f"{jid} exists already.")
        # Not before: of an account that goes in between, the tombstone is there already.
        if not despite_tombstone:
            await self.check_name(jid)
        if not allow_look_alike:
            await self._refuse_look_alike(jid)
        keys = await self.keys(password)
        try:
            new = new_account(jid, keys, role)
            if waiting is not None:
                new = replace(new, credentials=(), disabled=waiting[0])
            record = await self.server.store.create(new)
        except AccountExists:
            raise CommandError("exists", f"{jid} exists already.") from None
        if waiting is None:
            await self.announce(jid)
            return record
        await waiting[1](record.id)
        await self.server.store.set_keys(record.id, keys)
        self.server.accounts.created(jid)
        return record

    async def check_name(self, jid: BareJID) -> None:
        """Ask the extensions whether a new account may have this address.

        Raises:
            CommandError: it may not, such as ``tombstone``.
        """
        for handle in self.server.hosts[jid.domain].dispatch.handlers(hooks.account_creating):
            await handle(jid)

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
        await self.set_keys(record, await self.keys(password))

    async def set_keys(self, record: AccountRecord, keys: Sequence[Credential]) -> None:
        """Replace an account's keys, and void what else lets clients in. Raises `CommandError`."""
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
        try:
            await self._deletion.run(record, before_ending=before_ending)
        except LookupError:
            raise _gone(record) from None

    @on(hooks.server_started)
    async def resume_deletions(self) -> None:
        """Go on with the deletions that the end of the server cut short."""
        self.server.spawn(self._deletion.resume())

    @task(every=_RETRY)
    async def retry_deletions(self) -> None:
        """Go on with the deletions that storage cut short."""
        await self._deletion.resume()

    def end_sessions(self, jid: BareJID, condition: str, text: str) -> int:
        """End all sessions of an account with a stream error; returns how many there were."""
        return deletion.end_sessions(self.server, jid, condition, text)

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

    def check_role(self, role: Role, host: str) -> None:
        """Check that there is a role; raises `CommandError`."""
        known = permissions.roles(self.server, self.server.hosts[host])
        if role not in known:
            raise CommandError("bad-role", f"{role!r} is no role; there are {', '.join(known)}.")

    # -- commands ----------------------------------------------------------------------------------

    @command("user add", AddArguments, offline=True, access=Access.ADMINISTRATORS)
    async def add(self, arguments: AddArguments, progress: Progress) -> dict[str, object]:
        """Make an account."""
        jid = self.address(arguments.jid)
        self.check_role(arguments.role, jid.domain)
        record = await self.create(
            jid,
            arguments.password,
            arguments.role,
            allow_look_alike=arguments.allow_look_alike,
            despite_tombstone=arguments.despite_tombstone,
        )
        return self._shown(record, None)

    @command("user list", ListArguments, offline=True, access=Access.ADMINISTRATORS)
    async def list_accounts(self, arguments: ListArguments, progress: Progress) -> object:
        """List accounts."""
        if arguments.host and arguments.host not in self.server.hosts:
            raise CommandError("unknown-host", f"{arguments.host} is not served here.")
        now = self.server.clock.now()
        before = None
        if arguments.idle is not None:
            before = int((now - durations.seconds_of(arguments.idle)) * 1_000_000)
        found: list[dict[str, object]] = []
        for host in [arguments.host] if arguments.host else self.server.hosts:
            async for record, active in self._records(host, arguments.prefix):
                if arguments.role not in (None, record.role):
                    continue
                if arguments.disabled and not record.is_disabled(now):
                    continue
                if before is not None and (active or record.created) > before:
                    continue
                found.append(self._shown(record, active))
                if len(found) == arguments.limit:
                    return found
        return found

    async def _records(
        self, host: str, prefix: str
    ) -> AsyncIterator[tuple[AccountRecord, int | None]]:
        """Iterate over accounts and when they were last active."""
        after = ""
        while page := await self.server.store.page(host, prefix=prefix, after=after, limit=_PAGE):
            active = await self._activity(page)
            for record in page:
                yield record, active[record.id]
            after = page[-1].localpart

    async def _activity(self, records: Sequence[AccountRecord]) -> Mapping[int, int | None]:
        """Return when somebody was last there: now for those connected, None for never."""
        left: Mapping[int, int] = {}
        last = self.server.extensions.get(LastActivity.name)
        if isinstance(last, LastActivity):
            left = await last.of_many([record.id for record in records])
        now = int(self.server.clock.now() * 1_000_000)
        found: dict[int, int | None] = {}
        for record in records:
            account = self.server.accounts.loaded(f"{record.localpart}@{record.host}")
            known = max(record.last_login or 0, left.get(record.id, 0)) or None
            found[record.id] = now if account is not None and account.sessions else known
        return found

    @command("user show", AccountArguments, offline=True, access=Access.ADMINISTRATORS)
    async def show(self, arguments: AccountArguments, progress: Progress) -> dict[str, object]:
        """Show an account."""
        jid, record = await self.record(arguments.jid)
        account = self.server.accounts.loaded(jid)
        active = await self._activity([record])
        is_disabled = record.is_disabled(self.server.clock.now())
        return {
            **self._shown(record, active[record.id]),
            "disabled_reason": record.disabled_reason if is_disabled else None,
            "mechanisms": [each.mechanism for each in await self.server.store.keys(record.id)],
            "pending_messages": await self.server.log.count_pending(record.id),
            "sessions": sorted(account.sessions) if account else [],
        }

    def _shown(self, record: AccountRecord, active: int | None) -> dict[str, object]:
        """Give what people may see of an account."""
        is_disabled = record.is_disabled(self.server.clock.now())
        return {
            "jid": f"{record.localpart}@{record.host}",
            "role": record.role,
            "created": moment(record.created),
            "last_login": moment(record.last_login),
            "last_activity": moment(active),
            "disabled": is_disabled,
            "disabled_until": moment(record.disabled_until) if is_disabled else None,
        }

    @command("user passwd", PasswordArguments, offline=True, access=Access.ADMINISTRATORS)
    async def passwd(self, arguments: PasswordArguments, progress: Progress) -> None:
        """Give an account another password, and end its sessions."""
        jid, record = await self.record(arguments.jid)
        await self.change_password(record, arguments.password)
        if not arguments.keep_sessions:
            self.end_sessions(jid, "not-authorized", "The password was changed.")

    @command("user role", RoleArguments, offline=True, access=Access.ADMINISTRATORS)
    async def role(self, arguments: RoleArguments, progress: Progress) -> None:
        """Give an account another role."""
        jid, record = await self.record(arguments.jid)
        self.check_role(arguments.role, jid.domain)
        await self.server.store.set_role(record.id, arguments.role)
        await self._refresh(jid)
        account = self.server.accounts.loaded(jid)
        if account is not None:
            for handle in account.host.dispatch.handlers(hooks.role_changed):
                handle(account)

    @command("user disable", DisableArguments, offline=True, access=Access.ADMINISTRATORS)
    async def disable(self, arguments: DisableArguments, progress: Progress) -> dict[str, object]:
        """Keep an account from logging in, for ever or for a while, and end its sessions."""
        jid, record = await self.record(arguments.jid)
        until = None
        if arguments.for_ is not None:
            seconds = self.server.clock.now() + durations.seconds_of(arguments.for_)
            until = int(seconds * 1_000_000)
        await self.server.store.set_disabled(record.id, arguments.reason, until)
        await self._refresh(jid)
        await self._revoke(jid)
        told = replace(record, disabled_reason=arguments.reason, disabled_until=until)
        ended = self.end_sessions(jid, "not-authorized", disabled.notice(told))
        return {"until": moment(until), "sessions_ended": ended}

    @command("user enable", AccountArguments, offline=True, access=Access.ADMINISTRATORS)
    async def enable(self, arguments: AccountArguments, progress: Progress) -> None:
        """Let a disabled account log in again."""
        jid, record = await self.record(arguments.jid)
        if await self._deletion.has_begun(record):
            raise CommandError("being-deleted", f"{jid} is being deleted.")
        await self.server.store.set_disabled(record.id, None)
        await self._refresh(jid)

    @command("user delete", DeleteArguments, offline=True, access=Access.ADMINISTRATORS)
    async def delete_user(self, arguments: DeleteArguments, progress: Progress) -> None:
        """Delete an account with its roster, messages and all else it has."""
        jid, record = await self.record(arguments.jid)
        await self.delete(record)
        if arguments.free_name:
            for handle in self.server.hosts[jid.domain].dispatch.handlers(hooks.name_freed):
                await handle(jid)


def _gone(record: AccountRecord) -> CommandError:
    return CommandError("not-found", f"There is no account {record.localpart}@{record.host}.")


def new_account(jid: BareJID, credentials: Sequence[Credential], role: Role) -> NewAccount:
    """Describe an account for storage."""
    return NewAccount(jid.domain, jid.local, lookalike.skeleton(jid.local), role, credentials)


def moment(timestamp: int | None) -> str | None:
    """Write a `Timestamp` (microseconds since 1970) as XEP-0082 does, to the second."""
    if timestamp is None:
        return None
    at = datetime.datetime.fromtimestamp(timestamp // 1_000_000, datetime.UTC)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
