"""An account in use, and the accounts that are in use: loaded once, kept while needed."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final

import structlog

from palaver.jid import BareJID
from palaver.kernel.session import Session
from palaver.kernel.slots import Slot
from palaver.kernel.storage import AccountRecord, StorageUnavailable
from palaver.wire.errors import StanzaError

if TYPE_CHECKING:
    from palaver.kernel.host import Host

log = structlog.get_logger()

_KEPT_IDLE: Final = 2_000  # accounts without a session that stay loaded


class Account:
    """An account of ours, with the sessions it has now.

    ``sessions``  by resource
    ``receivers`` the sessions that messages for the bare JID go to, highest priority first
    ``record``    what storage says about it; ``record.id`` is the key in tables.
                  None for a temporary account (SASL ANONYMOUS)
    ``revoked``   when logins that were going on stopped being good: the password was changed, or
                  the account disabled; on the server's clock that never goes back
    """

    __slots__ = (
        "__weakref__", "host", "jid", "receivers", "record", "revoked", "sessions", "slots",
    )  # fmt: skip

    def __init__(self, jid: BareJID, host: "Host", record: "AccountRecord | None") -> None:
        self.jid = jid
        self.host = host
        self.record = record
        self.sessions: dict[str, Session] = {}
        self.receivers: tuple[Session, ...] = ()
        self.revoked = float("-inf")
        self.slots: dict[Slot[Any], Any] = {}

    @property
    def id(self) -> int:
        """The account's key in tables.

        Raises:
            LookupError: the account is temporary; nothing may be stored for it.
        """
        if self.record is None:
            raise LookupError(f"{self.jid} is temporary and has no rows")
        return self.record.id

    @property
    def temporary(self) -> bool:
        """Tell whether the account ends with its session (XEP-0175)."""
        return self.record is None

    def rank(self) -> None:
        """Work out `receivers` anew, after a presence or the end of a session."""
        receiving = [session for session in self.sessions.values() if session.receives]
        receiving.sort(key=lambda session: -session.priority)
        self.receivers = tuple(receiving)

    def __repr__(self) -> str:
        return f"<account {self.jid}>"


Outcome = Account | StanzaError | None
"""An account, None when there is no such account, or why that cannot be told now."""


class Accounts:
    """The accounts in use, by bare JID.

    ``loaded`` is one dictionary look-up, for the hot path. Whoever needs an account that is not
    loaded gives a function to call; such calls run in the order in which they were asked for.
    """

    def __init__(self, load: Callable[[BareJID], Awaitable[Account | None]]) -> None:
        self._load = load
        self._accounts: dict[str, Account] = {}
        self._idle: OrderedDict[str, None] = OrderedDict()
        self._unknown: OrderedDict[str, None] = OrderedDict()
        self._waiting: dict[str, list[Callable[[Outcome], None]]] = {}
        self._created_meanwhile: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.loaded: Callable[[str], Account | None] = self._accounts.get

    def all(self) -> list[Account]:
        """Return the accounts in use now."""
        return list(self._accounts.values())

    def when_loaded(self, jid: BareJID, then: Callable[[Outcome], None]) -> None:
        """Call ``then`` with the account: at once if it is in use, else when it is loaded."""
        account = self._accounts.get(jid)
        if account is not None:
            then(account)
        elif jid in self._unknown:
            then(None)
        elif jid in self._waiting:
            self._waiting[jid].append(then)
        else:
            self._waiting[jid] = [then]
            task = asyncio.get_running_loop().create_task(self._fetch(jid))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def get(self, jid: BareJID) -> Account | None:
        """Return the account, or None when there is none.

        Raises:
            StanzaError: storage cannot tell now.
        """
        while True:
            account = self._accounts.get(jid)
            if account is not None:
                return account
            outcome = await self._outcome(jid)
            if isinstance(outcome, StanzaError):
                raise outcome
            if outcome is None or self._accounts.get(jid) is outcome:
                return outcome
            # It went out of use again before we got to run: many others were loaded, or it was
            # deleted. Nobody would find a session of it.

    async def _outcome(self, jid: BareJID) -> Outcome:
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()

        def settle(outcome: Outcome) -> None:
            if not future.done():
                future.set_result(outcome)

        self.when_loaded(jid, settle)
        return await future

    def add(self, account: Account) -> None:
        """Put an account into use that was not loaded from storage (SASL ANONYMOUS)."""
        self._accounts[account.jid] = account

    def created(self, jid: BareJID) -> None:
        """Take note that the account exists from now on."""
        self._unknown.pop(jid, None)
        if jid in self._waiting:
            self._created_meanwhile.add(jid)

    def in_use(self, account: Account) -> None:
        """Take note that the account has a session: it stays loaded."""
        self._idle.pop(account.jid, None)

    def idle(self, account: Account) -> None:
        """Take note that the account's last session ended; it may be unloaded when others come."""
        if self._accounts.get(account.jid) is not account:
            return  # it is out of use already; there may be another of that name by now
        if account.temporary:
            self.forget(account.jid)
            return
        self._idle[account.jid] = None
        while len(self._idle) > _KEPT_IDLE:
            jid, _ = self._idle.popitem(last=False)
            del self._accounts[jid]

    def forget(self, jid: BareJID) -> None:
        """Take an account out of use, because it is no more or must be loaded anew."""
        self._accounts.pop(jid, None)
        self._idle.pop(jid, None)

    async def _fetch(self, jid: BareJID) -> None:
        outcome: Outcome
        try:
            outcome = await self._load(jid)
        except StanzaError as error:
            outcome = error
        except StorageUnavailable as error:
            log.error("account cannot be loaded", account=str(jid), reason=str(error))
            outcome = StanzaError("resource-constraint", "the account cannot be loaded now")
        except Exception:
            log.exception("account cannot be loaded", account=str(jid))
            outcome = StanzaError("internal-server-error", "the account cannot be loaded now")
        if isinstance(outcome, Account):
            self._accounts[jid] = outcome
            self.idle(outcome)
        elif outcome is None and jid in self._created_meanwhile:
            self._created_meanwhile.discard(jid)
            await self._fetch(jid)
            return
        elif outcome is None:
            self._unknown[jid] = None
            while len(self._unknown) > _KEPT_IDLE:
                self._unknown.popitem(last=False)
        self._created_meanwhile.discard(jid)
        for then in self._waiting.pop(jid):
            then(outcome)
