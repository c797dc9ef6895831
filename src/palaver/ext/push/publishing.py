"""Publishes notifications: one at a time to each place, again when it did not work, or never."""

import asyncio
from typing import TYPE_CHECKING, Final

import structlog

from palaver.ext.push import notices
from palaver.ext.push.notices import Notice
from palaver.ext.push.registrations import Registration, registrations, remove
from palaver.ext.roster.roster import roster_of
from palaver.kernel.account import Account
from palaver.kernel.storage import StorageUnavailable
from palaver.wire.errors import StanzaError

if TYPE_CHECKING:
    from palaver.kernel.server import Server

log = structlog.get_logger()

_AGAIN: Final = (5.0, 30.0, 120.0, 600.0)  # seconds after which a notification is tried again
_MOST_FAILURES: Final = 20  # in a row, until a service counts as gone
_PASSING: Final = frozenset(
    {
        "internal-server-error", "recipient-unavailable", "remote-server-not-found",
        "remote-server-timeout", "resource-constraint", "service-unavailable",
        "unexpected-request", "undefined-condition",
    }
)  # fmt: skip


class Publisher:
    """Tells push services that something waits.

    While a notification is on its way no other is sent to the same place; what happens meanwhile
    is in the next. So there is never more than one in a round trip, however much arrives.
    """

    def __init__(self, server: "Server") -> None:
        self._server = server

    def notify(self, account: Account, registration: Registration, notice: Notice) -> None:
        """Publish a notification as soon as what it is about is stored."""
        if notice.at <= registration.counted and not (notice.sender or notice.body):
            return  # it is in what was counted last
        if registration.busy:
            registration.again = notice.after(registration.again)
            return
        registration.busy = True
        self._server.spawn(self._publish(account, registration, notice))

    async def _publish(self, account: Account, registration: Registration, first: Notice) -> None:
        notice: Notice | None = first
        try:
            while notice is not None and self._current(account, registration):
                await self._until_told(account, registration, notice)
                notice, registration.again = registration.again, None
        except StorageUnavailable as error:
            log.warning("notification not sent", account=account.jid, reason=str(error))
        finally:
            registration.busy, registration.again = False, None

    async def _until_told(
        self, account: Account, registration: Registration, notice: Notice
    ) -> None:
        """Try, and try again as long as something waits; tell of what came meanwhile as well."""
        for delay in (*_AGAIN, None):
            registration.counted = self._server.log.new_id()
            messages = await self._server.log.count_pending(account.id)
            if registration.again is not None:
                notice, registration.again = registration.again.after(notice), None
            if notice.if_waiting and not self._waits(account, messages):
                return
            if await self._told(account, registration, notice, messages) or delay is None:
                return
            await asyncio.sleep(delay)
            if not self._current(account, registration) or not self._waits(account, messages):
                return

    def _waits(self, account: Account, messages: int) -> bool:
        return bool(messages or roster_of(account).requests)

    def _current(self, account: Account, registration: Registration) -> bool:
        return registrations(account).get(registration.key) is registration

    async def _told(
        self, account: Account, registration: Registration, notice: Notice, messages: int
    ) -> bool:
        """Publish once; tell whether there is no reason to try again."""
        requests = len(roster_of(account).requests)
        about = notices.payload(registration, notice, messages or int(not notice.request), requests)
        try:
            await self._server.requests.ask("set", account.host.jid, registration.service, about)
        except StanzaError as error:
            return await self._refused(account, registration, error)
        registration.failures = 0
        return True

    async def _refused(
        self, account: Account, registration: Registration, error: StanzaError
    ) -> bool:
        """Give a registration up that does not work (XEP-0357 §7.1)."""
        registration.failures += 1
        passing = error.condition in _PASSING and registration.failures < _MOST_FAILURES
        log.info(
            "notification refused" if passing else "push registration given up",
            account=account.jid,
            service=registration.service,
            condition=error.condition,
        )
        if not passing and self._current(account, registration):
            service, node = registration.key
            await remove(self._server.database, account, service, node)
        return not passing
