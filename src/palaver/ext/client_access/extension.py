"""Lists the clients of an account and ends their access, for its owner and for administrators."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

import structlog
from pydantic import Field

from palaver.ext.accounts import AccountArguments, Accounts
from palaver.ext.client_access import table
from palaver.ext.client_access.client import NS, Client, knows_password
from palaver.ext.fast.extension import Fast
from palaver.kernel import hooks
from palaver.kernel.account import Account
from palaver.kernel.errors import CommandError
from palaver.kernel.extension import (
    Answer,
    Extension,
    ExtensionConfig,
    Progress,
    Request,
    Target,
    Xep,
    command,
    iq,
    on,
    task,
)
from palaver.kernel.roles import Access
from palaver.kernel.session import Session
from palaver.kernel.settings import unit
from palaver.kernel.storage import StorageUnavailable, despite_deletion
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError, StreamError

if TYPE_CHECKING:
    from palaver.kernel.server import Server

log = structlog.get_logger()

_DAY: Final = 86_400.0  # seconds
_SOON: Final = 5.0  # seconds


class ClientAccessConfig(ExtensionConfig):
    """What is kept of the devices of users, and for how long."""

    days: int = Field(
        90,
        ge=0,
        le=3_650,
        description="A device that was not seen for so long is forgotten. 0: none is remembered, "
        "and users see only what is connected.",
        json_schema_extra=unit("days"),
    )
    names: bool = Field(
        True, description="Whether to keep what clients say of their software and their device."
    )


class RevokeArguments(AccountArguments):
    """Names a client of an account."""

    id: str = Field(description="The client, as `device list` shows it.")


class ClientAccess(Extension[ClientAccessConfig]):
    """Shows users from where their account is used."""

    Config = ClientAccessConfig
    name: ClassVar = "client_access"
    implements: ClassVar = (Xep(494, "0.1.0"),)
    account_features: ClassVar = (NS,)
    requires: ClassVar = ("accounts",)
    tables: ClassVar = (table.table,)

    def __init__(self, server: "Server", settings: Callable[[str | None], ExtensionConfig]) -> None:
        """Begin with nothing to write."""
        super().__init__(server, settings)
        self._unwritten: dict[tuple[int, str], table.Seen] = {}
        self._writing = asyncio.Lock()

    # -- what happens ------------------------------------------------------------------------------

    @on(hooks.session_bound)
    @on(hooks.session_resumed)
    def logged_in(self, session: Session) -> None:
        """Note that a device logged in; written soon."""
        self._see(session, password=knows_password(session))

    @on(hooks.session_closed)
    def left(self, session: Session) -> None:
        """Note until when a device was there."""
        self._see(session, password=False)

    def _see(self, session: Session, *, password: bool) -> None:
        device, account = session.device, session.account
        config = self.config(account.host.name)
        if device is None or account.record is None or not config.days:
            return
        now, key = self._now(), (account.record.id, device.id)
        known = self._unwritten.get(key)
        self._unwritten[key] = table.Seen(
            *key,
            device.software if config.names else "",
            device.name if config.names else "",
            now if known is None else known.first_seen,
            now,
            password or (known is not None and known.password),
        )

    @task(every=_SOON)
    async def write(self) -> None:
        """Write what was seen."""
        async with self._writing:
            batch = self._unwritten
            if not batch:
                return
            self._unwritten = {}
            try:
                work = partial(table.store, found=list(batch.values()))
                await despite_deletion(partial(self.server.database.transact, work))
            except StorageUnavailable as error:
                self._unwritten = batch | self._unwritten
                log.warning("devices not written", reason=str(error))

    @on(hooks.server_stopping)
    async def write_last(self) -> None:
        """Write what the end of the server brought about."""
        await self.write()

    @on(hooks.access_revoked)
    async def forget_passwords(self, account: Account) -> None:
        """Take note that nobody has logged in with the new password yet."""
        await self.write()
        forget = partial(table.forget_passwords, account_id=account.id)
        await self.server.database.transact(forget)

    @task(every=_DAY)
    async def expire(self) -> None:
        """Forget devices that were not seen for long; those connected are seen now."""
        for session in self.server.sessions():
            self._see(session, password=False)
        await self.write()
        for host in self.server.hosts:
            moment = self.server.clock.now() - self.config(host).days * _DAY
            work = partial(table.expire, host=host, before=int(moment * 1_000_000))
            await self.server.database.transact(work)

    def _now(self) -> int:
        return int(self.server.clock.now() * 1_000_000)

    # -- clients -----------------------------------------------------------------------------------

    async def clients(self, account: Account) -> list[Client]:
        """Return the clients that have access, the one that was there last first.

        Raises StorageUnavailable.
        """
        await self.write()
        find = partial(table.of_account, account_id=account.id)
        rows = await self.server.database.read(find)
        tokens = await self._tokens.devices(account.id) if self._tokens else frozenset()
        found = {row.device: Client(*row[1:], row.device in tokens) for row in rows}
        for session in account.sessions.values():
            self._add(session, found, tokens)
        return [client for client in found.values() if client.has_access]

    @property
    def _tokens(self) -> Fast | None:
        """What keeps tokens, where there are any."""
        found = self.server.extensions.get(Fast.name)
        return found if isinstance(found, Fast) else None

    def _add(self, session: Session, found: dict[str, Client], tokens: frozenset[str]) -> None:
        device, now = session.device, self._now()
        id_ = self.server.secret.name("session", str(session.jid)) if device is None else device.id
        client = found.get(id_)
        if client is None:
            since = int(session.since * 1_000_000)
            software, name = ("", "") if device is None else (device.software, device.name)
            password = knows_password(session) and not self._outdated(session)
            client = Client(id_, software, name, since, now, password, id_ in tokens)
            found[id_] = client
        client.last_seen = now
        client.sessions.append(session)

    def _outdated(self, session: Session) -> bool:
        """Tell whether the password was changed since a session began."""
        clock = self.server.clock
        return clock.monotonic() - session.account.revoked < clock.now() - session.since

    async def revoke(self, account: Account, client: Client) -> None:
        """Drop a client's tokens and end its sessions; raises StorageUnavailable."""
        if self._tokens:
            await self._tokens.revoke(account.id, client.id)
        drop = partial(table.drop, account_id=account.id, devices=[client.id])
        await self.server.database.transact(drop)
        loop = asyncio.get_running_loop()
        for session in client.sessions:  # one of them may still get an answer
            loop.call_soon(session.wire.end, StreamError("not-authorized", "access was revoked"))

    # -- requests ----------------------------------------------------------------------------------

    @iq("get", NS, "list", to=Target.ACCOUNT)
    async def list_clients(self, request: Request) -> Answer:
        """List the clients that have access (§3.1)."""
        found = await self.clients(_owner(request))
        return Element("clients", NS, None, *(client.element() for client in found))

    @iq("set", NS, "revoke", to=Target.ACCOUNT)
    async def revoke_client(self, request: Request) -> Answer:
        """End a client's access (§3.2).

        Raises:
            StanzaError: item-not-found; or service-unavailable, the client knows the password.
        """
        account = _owner(request)
        client = await self._client(account, request.payload.get("id", ""))
        if client is None:
            raise StanzaError("item-not-found", "there is no such client")
        if client.password:
            detail = Element("password-reset-required", NS)
            text = "the client knows the password"
            raise StanzaError("service-unavailable", text, detail=detail)
        await self.revoke(account, client)
        log.info("access revoked", account=str(account.jid), device=client.id)
        return None

    async def _client(self, account: Account, id_: str) -> Client | None:
        found = await self.clients(account)
        return next((client for client in found if client.id == id_), None)

    # -- commands ----------------------------------------------------------------------------------

    @command("device list", AccountArguments, offline=True, access=Access.ADMINISTRATORS)
    async def list_devices(self, arguments: AccountArguments, progress: Progress) -> object:
        """List the clients that have access to an account."""
        account = await self._account(arguments)
        return [client.shown() for client in await self.clients(account)]

    @command("device revoke", RevokeArguments, offline=True, access=Access.ADMINISTRATORS)
    async def revoke_device(self, arguments: RevokeArguments, progress: Progress) -> object:
        """End the sessions of a client and drop its tokens; a password it knows stays."""
        account = await self._account(arguments)
        client = await self._client(account, arguments.id)
        if client is None:
            raise CommandError("not-found", f"{account.jid} has no client {arguments.id}.")
        await self.revoke(account, client)
        return {"ended": len(client.sessions), "knows_password": client.password}

    @command("device revoke-all", AccountArguments, offline=True, access=Access.ADMINISTRATORS)
    async def revoke_all(self, arguments: AccountArguments, progress: Progress) -> object:
        """End all sessions of an account and drop all its tokens; its password stays."""
        account = await self._account(arguments)
        clients = await self.clients(account)
        for client in clients:
            await self.revoke(account, client)
        return {
            "ended": sum(len(client.sessions) for client in clients),
            "know_password": sum(client.password for client in clients),
        }

    async def _account(self, arguments: AccountArguments) -> Account:
        jid, _ = await self.server.extension(Accounts).record(arguments.jid)
        account = await self.server.accounts.get(jid)
        if account is None:
            raise CommandError("not-found", f"There is no account {jid}.")
        return account


def _owner(request: Request) -> Account:
    account = request.account
    assert account is not None
    if account.temporary:
        raise StanzaError("not-allowed", "a temporary account has one client only")
    return account
