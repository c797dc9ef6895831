"""Puts the parts together: storage, extensions, listeners, metrics, control socket."""

import asyncio
import gc
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

import palaver.ext
from palaver import __version__, sasl
from palaver.cli import control_protocol
from palaver.cli.control_server import ControlServer
from palaver.ext.backup.format import Reader
from palaver.kernel.clock import SystemClock
from palaver.kernel.commands import Commands
from palaver.kernel.config import (
    check_extensions,
    explicitly_enabled,
    extension_enabled,
    extension_settings,
)
from palaver.kernel.extension import Extension, ExtensionConfig
from palaver.kernel.federation import Federation
from palaver.kernel.loader import discover, load, order, without_what_they_require
from palaver.kernel.server import Server
from palaver.kernel.settings import Settings
from palaver.net import platform
from palaver.net.bytestreams import Bytestreams
from palaver.net.clients import Clients
from palaver.net.components import Components
from palaver.net.fetching import Fetcher
from palaver.net.listener import ListenError, Listeners, obstacle
from palaver.net.tls import CertificateError, Certificates
from palaver.net.traffic import Traffic
from palaver.obs import logging, metrics_server
from palaver.obs.metrics import LoopLag, Metrics, Reading
from palaver.sasl import exporter
from palaver.store import restoring
from palaver.store.accounts import SqlAccountStore
from palaver.store.engine import SqlDatabase, open_database
from palaver.store.log import SqlMessageLog
from palaver.store.migrations import upgrade

if TYPE_CHECKING:
    from palaver.net.s2s.servers import Servers

log = structlog.get_logger()


def extensions() -> dict[str, type[Extension[Any]]]:
    """Return every installed extension by name.

    Raises:
        LoadError: two have the same name, or one of another package is not as it must be.
    """
    return discover(palaver.ext)


@asynccontextmanager
async def assembled(settings: Settings, data: Path) -> AsyncIterator[Server]:
    """Open storage, migrate it, and load the extensions: a server without its sockets.

    Raises:
        ConfigError, LoadError, SchemaTooNew, StorageUnavailable: it cannot be done.
    """
    available = extensions()
    check_extensions(settings, {name: found.Config for name, found in available.items()})
    chosen = {
        name: found
        for name, found in available.items()
        if extension_enabled(settings, name, default=found.default)
    }
    left_out = without_what_they_require(chosen, available, explicitly_enabled(settings))
    for name, missing in left_out.items():
        log.info("extension left out, as what it requires is off", extension=name, requires=missing)
        del chosen[name]
    ordered = order(chosen, available)
    async with AsyncExitStack() as stack:
        database = await _database(settings, data)
        stack.push_async_callback(database.close)
        await upgrade(database)
        await _create_foreign_tables(database, ordered)
        store = SqlAccountStore(database)
        stack.push_async_callback(store.close)
        message_log = SqlMessageLog(
            database,
            interval=settings.storage.commit_delay_ms / 1000,
            queue_rows=settings.storage.queue_rows,
            queue_bytes=settings.storage.queue_bytes,
        )
        await message_log.start()
        stack.push_async_callback(message_log.close)
        server = Server(
            settings,
            data,
            database=database,
            store=store,
            message_log=message_log,
            clock=SystemClock(),
        )
        fetcher = Fetcher()
        stack.callback(fetcher.close)
        server.fetch = fetcher.fetch
        server.use(load(server, ordered, partial(_settings_of, settings)))
        yield server


class RestoreError(Exception):
    """Says why a backup was not restored."""


async def restore(settings: Settings, data: Path, backup: Reader) -> int:
    """Fill an empty database with the rows of a backup, and return how many there were.

    The schema is first that of the backup, then brought up to date like any old database.

    Raises:
        RestoreError: the database is not empty, or does not fit.
        ConfigError, SchemaTooNew, StorageUnavailable: it cannot be done.
    """
    database = await _database(settings, data)
    try:
        await restoring.check_empty(database)
        await upgrade(database, backup.manifest.revision)
        await _create_foreign_tables(database, extensions().values())
        rows = await restoring.fill(database, {name: backup.rows(name) for name in backup.tables()})
        await upgrade(database)
    except (restoring.NotEmpty, restoring.Misfit) as error:
        raise RestoreError(str(error)) from None
    finally:
        await database.close()
    return rows


async def _database(settings: Settings, data: Path) -> SqlDatabase:
    storage = settings.storage
    return await open_database(
        storage.url, data, synchronous=storage.synchronous, pool_size=storage.pool_size
    )


async def _create_foreign_tables(
    database: SqlDatabase, found: Iterable[type[Extension[Any]]]
) -> None:
    """Create the tables of extensions from elsewhere; those of our own come from migrations."""
    foreign = [t for e in found if not e.__module__.startswith("palaver.") for t in e.tables]
    if foreign:
        await database.create_missing(foreign)


def _settings_of(
    settings: Settings, extension: type[Extension[Any]], host: str | None
) -> ExtensionConfig:
    return extension_settings(settings, extension.name, extension.Config, host)


def serve(settings: Settings, data: Path) -> bool:
    """Run the server until it is told to stop; return whether it is to start again.

    Raises:
        ConfigError, LoadError, SchemaTooNew, StorageUnavailable, OSError: it cannot start.
    """
    output = logging.configure(settings.log, data)
    platform.raise_descriptor_limit()
    platform.share_the_interpreter()
    exporter.available()  # starts a child process for its check, so not while serving
    return platform.run(lambda: _serve(settings, data, output))


def check_certificates(settings: Settings, data: Path) -> None:
    """Read all certificates as at the start; raises OSError that says what is wrong."""
    try:
        Certificates(settings, data)
    except CertificateError as error:
        raise OSError(str(error)) from error


class _Ending:
    """Waits for the end: a signal, or whoever asks the server to stop."""

    def __init__(self) -> None:
        self._asked = asyncio.Event()
        self.again = False

    def stop(self, again: bool = False) -> None:
        """End the process, and start it anew where ``again`` says so."""
        self.again = again
        self._asked.set()

    async def wait(self) -> None:
        """Wait until somebody asked."""
        await self._asked.wait()


async def _serve(settings: Settings, data: Path, output: logging.LogOutput) -> bool:
    ending = _Ending()
    logging.report_loop_errors(asyncio.get_running_loop())
    try:
        async with AsyncExitStack() as stack:
            certificates = Certificates(settings, data)
            platform.on_signals(ending.stop, lambda: _reload(certificates, servers, output))
            servers: Servers | None = None
            server = await stack.enter_async_context(assembled(settings, data))
            server.please_stop = ending.stop
            traffic = Traffic(server.log, settings.limits.output_bytes)
            clients = Clients(server, certificates, await _decoys(server), traffic)
            components = Components(server, traffic)
            servers = _servers(server, certificates, traffic)
            bytestreams = Bytestreams(server)
            listeners = Listeners(clients, components, servers)
            control = ControlServer(
                data / settings.control.socket, Commands(server.extensions.values()).run
            )
            lag = LoopLag(asyncio.get_running_loop())
            stack.callback(lag.stop)
            metrics = Metrics(lag, partial(_readings, clients))
            await server.start()
            stack.push_async_callback(server.stop)
            stack.push_async_callback(components.close)
            if servers is not None:
                stack.push_async_callback(servers.close)
            stack.push_async_callback(clients.close)
            if servers is not None:
                stack.callback(servers.federation.give_up)
            stack.push_async_callback(bytestreams.close)
            if control_protocol.SUPPORTED:
                await control.start()
                stack.push_async_callback(control.close)
            served = await metrics_server.start(settings.metrics, metrics.registry)
            if served is not None:
                stack.push_async_callback(served.close)
            await listeners.open()
            stack.callback(listeners.close)
            await listeners.open_proxy(bytestreams)
            if servers is not None:
                servers.begin()
            _settle_memory()
            log.info("ready", version=__version__, hosts=list(server.hosts))
            await ending.wait()
            log.info("stopping", restart=ending.again)
    except (ListenError, CertificateError) as error:
        raise OSError(str(error)) from error
    log.info("stopped")
    return ending.again


def _servers(server: Server, certificates: Certificates, traffic: Traffic) -> "Servers | None":
    """Begin to speak to other servers, where that is wanted.

    Who does not say so, but could, goes on without where another server has the ports.
    """
    settings = server.settings
    if not settings.federates:
        return None
    listen = settings.listen
    if settings.federation.enabled is None:
        taken = obstacle((*listen.servers, *listen.servers_tls))
        if taken is not None:
            log.warning("no other servers are spoken to", reason=str(taken))
            return None
    from palaver.net.s2s.contexts import ServerContexts
    from palaver.net.s2s.servers import Servers

    return Servers(server, ServerContexts(settings, server.data, certificates), traffic)


async def _decoys(server: Server) -> sasl.Decoys:
    """Make what stands for accounts that do not exist, so that it looks like those that do."""
    found = await server.store.iterations()
    population = {
        hash_: found[f"SCRAM-{hash_}"] for hash_ in sasl.Hash if f"SCRAM-{hash_}" in found
    }
    return sasl.Decoys(server.secret.key, server.settings.sasl.iterations, population)


def _reload(
    certificates: Certificates, servers: "Servers | None", output: logging.LogOutput
) -> None:
    """Open the log file and read the certificates again; where one is bad the old ones stay."""
    output.reopen()
    try:
        certificates.reload()
        if servers is not None:
            servers.contexts.reload()
    except CertificateError as error:
        log.error("certificates not reloaded", reason=str(error))
    else:
        log.info("certificates reloaded")


def _settle_memory() -> None:
    """Keep the garbage collector from looking again and again at what stays for good.

    What is new it looks at often but in small parts, so that nobody waits for it: 10,000 objects
    take some 5 ms, and 50,000, when they are older, some 20 ms.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 5, 1_000)


def _readings(clients: Clients) -> Iterable[Reading]:
    server = clients.server
    yield Reading("palaver_connections", "Client connections.", "gauge", len(clients.connections))
    sessions = server.sessions()
    outboxes = [session.outbox for session in sessions if session.outbox is not None]
    yield Reading("palaver_sessions", "Bound sessions.", "gauge", len(sessions))
    yield Reading(
        "palaver_sessions_detached",
        "Sessions without a connection that wait for their clients.",
        "gauge",
        sum(outbox.detached for outbox in outboxes),
    )
    yield Reading(
        "palaver_unacknowledged_stanzas",
        "Stanzas for clients with stream management that these have not acknowledged.",
        "gauge",
        sum(len(outbox.entries) + len(outbox.held) for outbox in outboxes),
    )
    yield Reading(
        "palaver_unacknowledged_bytes",
        "Memory for those stanzas.",
        "gauge",
        sum(outbox.size + outbox.held_size for outbox in outboxes),
    )
    yield Reading(
        "palaver_accounts_loaded", "Accounts in memory.", "gauge", len(server.accounts.all())
    )
    yield Reading("palaver_stanzas", "Stanzas received.", "counter", clients.traffic.stanzas_in)
    yield Reading("palaver_received_bytes", "Bytes received.", "counter", clients.traffic.bytes_in)
    yield Reading("palaver_sent_bytes", "Bytes sent.", "counter", clients.traffic.bytes_out)
    yield Reading(
        "palaver_logins",
        "Attempts to log in, by mechanism and outcome.",
        "counter",
        {key: float(count) for key, count in clients.logins.items()},
        ("mechanism", "outcome"),
    )
    if server.federation is not None:
        yield from _of_federation(server.federation)
    yield Reading(
        "palaver_log_queue_entries", "Messages not committed yet.", "gauge", server.log.size
    )


def _of_federation(federation: Federation) -> Iterable[Reading]:
    streams = federation.streams()
    incoming = sum(stream.incoming for stream in streams)
    yield Reading(
        "palaver_server_streams",
        "Pairs of domains between which stanzas flow, by direction.",
        "gauge",
        {("in",): incoming, ("out",): len(streams) - incoming},
        ("direction",),
    )
    yield Reading(
        "palaver_server_stanzas_waiting",
        "Stanzas that wait for a stream to their domain; one for many recipients counts once.",
        "gauge",
        sum(len(route.waiting) for route in federation.routes.values()),
    )
