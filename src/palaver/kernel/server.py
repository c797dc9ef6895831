"""The server as extensions see it: hosts, accounts, sessions, storage, and work in between."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping
from functools import cached_property, partial
from pathlib import Path
from typing import Any, TypeVar

import structlog
from sqlalchemy import Connection

from palaver.jid import BareJID
from palaver.kernel import hooks, web
from palaver.kernel.account import Account, Accounts
from palaver.kernel.answering import Answering
from palaver.kernel.bytestreams import Rendezvous
from palaver.kernel.clock import Clock
from palaver.kernel.components import Component, Link
from palaver.kernel.config import extension_enabled
from palaver.kernel.dispatch import Dispatch, Dispatches
from palaver.kernel.extension import Extension, Task, declarations
from palaver.kernel.federation import Federation
from palaver.kernel.hooks import Hook
from palaver.kernel.host import Host
from palaver.kernel.requests import Requests
from palaver.kernel.router import Router
from palaver.kernel.secret import Secret
from palaver.kernel.services import Service, services_of
from palaver.kernel.session import Session
from palaver.kernel.settings import Settings
from palaver.kernel.storage import AccountStore, Database, MessageLog, StorageUnavailable
from palaver.kernel.unstored import Unstored
from palaver.wire.errors import StanzaError, StreamError

log = structlog.get_logger()

X = TypeVar("X", bound=Extension[Any])


class Server:
    """Holds what there is one of; made by the application, which hands in storage and time.

    ``settings``  the checked configuration
    ``hosts``     the virtual hosts by domain
    ``database``  for extensions' own tables
    ``store``     accounts and their keys
    ``log``       the message log: what is kept for accounts
    ``accounts``  the accounts in use
    ``router``    where stanzas go
    ``requests``  what the server asks others
    ``components`` the external components by domain
    ``services``  the services inside this process by domain
    """

    def __init__(
        self,
        settings: Settings,
        data: Path,
        *,
        database: Database,
        store: AccountStore,
        message_log: MessageLog,
        clock: Clock,
    ) -> None:
        self.settings = settings
        self.data = data
        self.database = database
        self.store = store
        self.log = message_log
        self.clock = clock
        self.started = clock.now()
        self.please_stop: Callable[[bool], None] = _nobody_stops
        """Ends the process in order; told True, starts it anew. Set by the application."""
        self.end_logins: Callable[[BareJID, StreamError], None] = _nobody_logs_in
        """Ends the streams that logged in to an account and have no session yet. Set likewise."""
        self.fetch: web.Fetch = web.nothing
        """Fetches a document of the web. Set likewise."""
        self._tasks: set[asyncio.Task[Any]] = set()
        self._extensions: dict[str, Extension[Any]] = {}
        hosts = [Host(name, host) for name, host in settings.hosts.items()]
        self.hosts: Mapping[str, Host] = {host.name: host for host in hosts}
        self.accounts = Accounts(self._load_account)
        answering = Answering(self.spawn)
        self.router = Router(self.hosts, self.accounts, answering)
        self.requests = Requests(self.router.route)
        answering.answered = self.requests.answered
        self.components: Mapping[str, Component] = {
            name: Component(name, section) for name, section in settings.components.items()
        }
        self.router.services.update({name: c.take for name, c in self.components.items()})
        self.services: Mapping[str, Service] = {}
        self.federation: Federation | None = None
        """Stanzas for other domains; None where the server does not federate. Set likewise."""
        self.bytestreams = Rendezvous()
        self.unstored = Unstored(message_log, clock)

    @cached_property
    def secret(self) -> Secret:
        """What only this server knows; it stays the same over restarts."""
        return Secret(self.data)

    # -- extensions --------------------------------------------------------------------------------

    def use(self, extensions: Iterable[Extension[Any]]) -> None:
        """Take these extensions into use, in place of those before; tables change as a whole.

        Raises:
            LoadError: they do not go together.
        """
        loaded = {extension.name: extension for extension in extensions}
        tables = {
            host: [e for e in loaded.values() if self._enabled(e, host)]
            for host in self.hosts.values()
        }
        build = Dispatches()
        dispatches = {host: build.of(chosen) for host, chosen in tables.items()}
        for host, dispatch in dispatches.items():
            host.dispatch = dispatch
            host.extensions = frozenset(extension.name for extension in tables[host])
        self._provide(
            {s.address: s for h, chosen in tables.items() for s in services_of(h, chosen, build)}
        )
        self._extensions = loaded
        self._whole = Dispatch(loaded.values())

    def _provide(self, services: Mapping[str, Service]) -> None:
        """Route to these services, in place of those before; what is configured comes first."""
        for address in self.services:
            del self.router.services[address]
        taken = {*self.hosts, *(component.address for component in self.components.values())}
        self.services = {name: each for name, each in services.items() if name not in taken}
        for address, service in self.services.items():
            self.router.services[address] = partial(service.take, router=self.router)

    def _enabled(self, extension: Extension[Any], host: Host) -> bool:
        return extension_enabled(
            self.settings, extension.name, host.configured, default=extension.default
        )

    @property
    def extensions(self) -> Mapping[str, Extension[Any]]:
        """The extensions in use, by name, in the order of loading."""
        return self._extensions

    def extension(self, kind: type[X]) -> X:
        """Return the extension of that class.

        Raises:
            LookupError: it is not loaded; say so in ``requires``.
        """
        found = self._extensions.get(kind.name)
        if not isinstance(found, kind):
            raise LookupError(f"extension {kind.name} is not loaded")
        return found

    def features(self, host: Host, *, of_account: bool = False) -> list[str]:
        """Return the disco features that the host's extensions declare, sorted (XEP-0030).

        Those in whose place somebody else answers are left out.
        """
        found: set[str] = set()
        for name in host.extensions - host.replaced:
            extension = self._extensions[name]
            found.update(extension.account_features if of_account else extension.features)
        return sorted(found)

    async def start(self) -> None:
        """Tell the extensions that everything is loaded, and start their tasks."""
        for handle in self._whole.handlers(hooks.server_started):
            await handle()
        for extension in self._extensions.values():
            for method, mark in declarations(type(extension)):
                if isinstance(mark, Task):
                    self.spawn(self._repeat(getattr(extension, method), mark.every))

    def component_connected(self, component: Component, link: Link) -> None:
        """Tell the extensions of an instance of a component that proved who it is."""
        for handle in self._whole.handlers(hooks.component_connected):
            self.guarded(handle, component, link)

    async def stop(self) -> None:
        """End every session with ``system-shutdown``, let extensions finish, commit what waits."""
        await self._whole_hook(hooks.server_ending)
        for session in self.sessions():
            session.wire.end(StreamError("system-shutdown"))
            self.close_session(session)
        await self._whole_hook(hooks.server_stopping)
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.log.flush()

    async def _whole_hook(self, hook: Hook[..., object]) -> None:
        for handle in self._whole.handlers(hook):
            try:
                await handle()
            except Exception:
                log.exception("handler failed", hook=hook.name)

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run work in the background; a failure is logged, and it ends with the server."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("background work failed", exc_info=task.exception())

    @staticmethod
    async def _repeat(method: Any, every: float) -> None:
        while True:
            await asyncio.sleep(every)
            try:
                await method()
            except StorageUnavailable as error:
                log.warning("task put off", task=method.__qualname__, reason=str(error))
            except Exception:
                log.exception("task failed", task=method.__qualname__)

    # -- accounts ----------------------------------------------------------------------------------

    async def _load_account(self, jid: BareJID) -> Account | None:
        host = self.hosts.get(jid.domain)
        if host is None:
            return None
        record = await self.store.find(jid.domain, jid.local)
        if record is None:
            return None
        account = Account(jid, host, record)
        loaders = host.dispatch.handlers(hooks.account_loading)

        def load(connection: Connection) -> None:
            for each in loaders:
                each(account, connection)

        await self.database.read(load)
        return account

    def temporary_account(self, jid: BareJID) -> Account:
        """Put an account into use that lives as long as its session (SASL ANONYMOUS, XEP-0175)."""
        account = Account(jid, self.hosts[jid.domain], None)
        self.accounts.add(account)
        return account

    # -- sessions ----------------------------------------------------------------------------------

    def sessions(self) -> list[Session]:
        """Return all sessions of all accounts."""
        return [s for account in self.accounts.all() for s in account.sessions.values()]

    def open_session(self, session: Session) -> None:
        """Take a bound resource into its account; whoever held the resource is ended before.

        Raises:
            StanzaError: resource-constraint, the account has as many sessions as it may have.
        """
        account = session.account
        limit = self.settings.limits.sessions_per_account
        if len(account.sessions) >= limit:
            raise StanzaError("resource-constraint", f"an account may have {limit} sessions")
        account.sessions[session.jid.resource] = session
        self.accounts.in_use(account)
        for handle in session.host.dispatch.handlers(hooks.session_bound):
            self.guarded(handle, session)

    def close_session(self, session: Session) -> None:
        """Take a session out of its account, once; the extensions say goodbye for it."""
        if session.closed:
            return
        session.closed = True
        account = session.account
        if account.sessions.get(session.jid.resource) is session:
            del account.sessions[session.jid.resource]
        session.receives = False
        account.rank()
        for handle in session.host.dispatch.handlers(hooks.session_closed):
            self.guarded(handle, session)
        if not account.sessions:
            self.accounts.idle(account)
        log.info("session closed", account=str(session.jid))

    def put_away(self, session: Session) -> dict[str, Any]:
        """Take a session out of its account that goes on after a restart; nobody says goodbye.

        Return what the extensions know of it, as JSON.
        """
        known: dict[str, Any] = {}
        for handle in session.host.dispatch.handlers(hooks.session_saving):
            self.guarded(handle, session, known)
        session.closed = True
        del session.account.sessions[session.jid.resource]
        session.account.rank()
        return known

    def restore(self, session: Session, known: Mapping[str, Any]) -> None:
        """Take a session that was put away before the restart into its account again."""
        account = session.account
        account.sessions[session.jid.resource] = session
        account.rank()
        self.accounts.in_use(account)
        for handle in session.host.dispatch.handlers(hooks.session_restored):
            self.guarded(handle, session, known)

    @staticmethod
    def guarded(handle: Any, *arguments: object) -> Any:
        """Call a handler; an error in it is logged and costs nobody else anything."""
        try:
            return handle(*arguments)
        except Exception:
            log.exception("handler failed", handler=getattr(handle, "__qualname__", repr(handle)))
            return None


def _nobody_logs_in(_account: BareJID, _error: StreamError) -> None:
    """Do nothing: there are no streams where there is no network."""


def _nobody_stops(_again: bool) -> None:
    raise StanzaError("feature-not-implemented", "nobody here can stop the server")
