"""Accounts that wait for the approval of an administrator."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar, Final

import structlog
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from palaver import jid as addresses
from palaver.ext.accounts import AccountArguments as EnableArguments
from palaver.ext.accounts import Accounts
from palaver.ext.delay import timestamp
from palaver.ext.registration import requests
from palaver.ext.registration.requests import Requests, Waiting
from palaver.jid import BareJID
from palaver.kernel.errors import CommandError
from palaver.kernel.extension import Extension, ExtensionConfig, Progress, command, task
from palaver.kernel.host import Host
from palaver.kernel.rate_limit import RateLimit
from palaver.kernel.roles import Access
from palaver.kernel.storage import StorageUnavailable, metadata
from palaver.wire import ns
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

if TYPE_CHECKING:
    from palaver.kernel.server import Server

log = structlog.get_logger()

WAITING: Final = "it waits for the approval of an administrator"
_DAY: Final = 86_400_000_000  # microseconds
_TOLD: Final = 20  # messages to administrators in an hour
_HOUR: Final = 3600.0
_HALF_MADE: Final = 3_600_000_000  # microseconds after which nobody is at work on it any more


class HostArguments(BaseModel):
    """Says of which host."""

    model_config = ConfigDict(extra="forbid")

    host: str = Field(description="The host.")


class AccountArguments(BaseModel):
    """Says which request."""

    model_config = ConfigDict(extra="forbid")

    jid: str = Field(description="Address of the account that is wanted.")


class RegistrationQueue(Extension):
    """Keeps new accounts disabled until somebody has decided on them."""

    name: ClassVar = "registration_queue"
    requires: ClassVar = ("accounts",)
    tables: ClassVar = (requests.table,)

    def __init__(self, server: "Server", settings: Callable[[str | None], ExtensionConfig]) -> None:
        """Take the database of the server."""
        super().__init__(server, settings)
        self._kept = Requests(server.database)
        self._told: dict[str, RateLimit] = {}

    @property
    def _now(self) -> int:
        return int(self.server.clock.now() * 1_000_000)

    async def check_room(self, host: Host, most: int) -> None:
        """Check that there is room for another request.

        Raises:
            StanzaError: resource-constraint.
        """
        if await self._kept.count(host.name) >= most:
            raise StanzaError("resource-constraint", "too many requests wait; try again in days")

    async def add(
        self, host: Host, address: BareJID, password: str, reason: str, peer: str, days: int
    ) -> None:
        """Make an account that waits, and tell the administrators.

        Raises:
            CommandError: it cannot be made.
        """

        async def enter(account_id: int) -> None:
            now = self._now
            await self._kept.add(account_id, reason, peer, now, now + days * _DAY)

        await self.server.extension(Accounts).create(address, password, waiting=(WAITING, enter))
        log.info("account waits for approval", account=str(address), peer=peer)
        await self._tell(host, address, reason)

    async def _tell(self, host: Host, address: BareJID, reason: str) -> None:
        limit = self._told.setdefault(host.name, RateLimit(_TOLD, _HOUR))
        if limit.take(host.name, self.server.clock.monotonic()):
            return
        text = f"{address} wants an account, for this reason: {reason or '(none given)'}\n"
        text += f"palaver registration approve {address}"
        body = Element("body", ns.CLIENT, None, text)
        with suppress(StorageUnavailable):
            for each in await self._administrators(host):
                stanza = Stanza.make("message", host.jid, each, {"type": "normal"}, body)
                self.server.router.route(stanza)

    async def _administrators(self, host: Host) -> Sequence[BareJID]:
        accounts = metadata.tables["accounts"].c
        query = select(accounts.localpart).where(accounts.host == host.name)
        query = query.where(accounts.role == "admin", accounts.disabled_at.is_(None))
        async with self.server.database.connect() as connection:
            found = await connection.scalars(query)
            own = [addresses.make(local, host.name).bare for local in found]
        others = [addresses.parse_bare(each) for each in self.server.settings.server.admins]
        return list(dict.fromkeys([*others, *own]))

    @task(every=3_600.0)
    async def expire(self) -> None:
        """Delete accounts on which nobody has decided in time."""
        for each in await self._kept.over(self._now):
            if await self._kept.remove(each.account_id):
                log.info("request for an account is over", account=str(_address(each)))
                await self._delete(each.account_id, _address(each))
        await self._kept.tidy()
        # What a crash, or storage, cut short in `add` or on the way to a deletion.
        for id_, host, name in await self._kept.half_made(WAITING, self._now - _HALF_MADE):
            await self._delete(id_, addresses.make(name, host).bare)

    async def _delete(self, account_id: int, address: BareJID) -> None:
        """Delete an account that nobody has ever used: there is nobody to say goodbye to."""
        self.server.accounts.forget(address)
        await self.server.log.forget(account_id)
        with suppress(LookupError):  # somebody else was faster
            await self.server.store.delete(account_id)
        self.server.accounts.forget(address)

    # -- commands ----------------------------------------------------------------------------------

    @command("registration list", HostArguments, access=Access.ADMINISTRATORS)
    async def list(self, arguments: HostArguments, _progress: Progress) -> list[dict[str, object]]:
        """List the requests for accounts that wait for approval."""
        if arguments.host not in self.server.hosts:
            raise CommandError("unknown-host", f"{arguments.host} is not served here.")
        return [
            {
                "jid": str(_address(each)),
                "reason": each.reason,
                "from": each.peer,
                "since": timestamp(each.since),
                "until": timestamp(each.until),
            }
            for each in await self._kept.of_host(arguments.host)
        ]

    @command("registration approve", AccountArguments, access=Access.ADMINISTRATORS)
    async def approve(self, arguments: AccountArguments, _progress: Progress) -> dict[str, object]:
        """Let somebody who asked for an account have it."""
        waiting = await self._find(arguments.jid)
        address, accounts = _address(waiting), self.server.extension(Accounts)
        await accounts.enable(EnableArguments(jid=str(address)), _progress)
        if not await self._kept.remove(waiting.account_id):
            raise _no_request(address)  # somebody has rejected it meanwhile
        self.server.accounts.forget(address)  # it is loaded anew, with what it may do now
        await accounts.announce(address)
        log.info("account approved", account=str(address))
        return {"approved": str(address)}

    @command("registration reject", AccountArguments, access=Access.ADMINISTRATORS)
    async def reject(self, arguments: AccountArguments, _progress: Progress) -> dict[str, object]:
        """Let somebody who asked for an account have none."""
        waiting = await self._find(arguments.jid)
        address = _address(waiting)
        if not await self._kept.remove(waiting.account_id):
            raise _no_request(address)  # somebody has approved it meanwhile
        await self._delete(waiting.account_id, address)
        log.info("account rejected", account=str(address))
        return {"rejected": str(address)}

    async def _find(self, text: str) -> Waiting:
        address = self.server.extension(Accounts).address(text)
        found = await self._kept.find(address.domain, address.local)
        if found is None:
            raise _no_request(address)
        return found


def _address(waiting: Waiting) -> BareJID:
    return addresses.make(waiting.localpart, waiting.host).bare


def _no_request(address: BareJID) -> CommandError:
    return CommandError("not-found", f"{address} does not wait for approval.")
