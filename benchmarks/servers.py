"""What the benchmarks ask of a server under test."""

import sqlite3
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from tests.support.names import asking

from benchmarks.accounts import DOMAIN
from benchmarks.certificate import Certificate
from benchmarks.login import Session, login
from benchmarks.occupant import enter
from benchmarks.process import ServerError, ServerProcess, free_port


@dataclass(frozen=True)
class Neighbourhood:
    """How a server meets those of other domains.

    ``authority``   the certificate of who issues all certificates
    ``nameserver``  the IP address of the DNS server; its port is 53
    """

    authority: Path
    nameserver: str


@dataclass(frozen=True)
class Settings:
    """How the servers of one run are set up; the same for all of them."""

    directory: Path
    certificate: Certificate
    accounts: int
    archive: bool
    core: int | None
    domain: str = DOMAIN
    neighbourhood: Neighbourhood | None = None


class Server(ABC):
    """One server: started in its own directory, on its own ports, with the common accounts."""

    name: ClassVar[str]
    packages: ClassVar[tuple[str, ...]] = ()
    speaks_xmpp: ClassVar[bool] = True
    has_tokens: ClassVar[bool] = False
    process: ServerProcess
    neighbour: "Server | None" = None

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.directory = settings.directory / self.name.lower()
        self.directory.mkdir(parents=True)
        self.plain_port = free_port()
        self.tls_port = free_port()
        self.servers_port = free_port()

    def start(self) -> None:
        """Start the process, wait until it listens, and create the accounts; then the neighbour."""
        self.process = self.launch()
        try:
            self.process.wait_for_ports(self.ports())
            self.create_accounts()
            if self.neighbour is not None:
                self.neighbour.start()
        except BaseException:
            self.process.stop()
            raise

    def ports(self) -> Sequence[int]:
        """Return what it listens on."""
        ports = (self.plain_port, self.tls_port)
        return ports if self.settings.neighbourhood is None else (*ports, self.servers_port)

    def stop(self) -> None:
        self.process.stop()
        if self.neighbour is not None:
            self.neighbour.stop()

    def cpu_seconds(self) -> float:
        """Return the CPU time used so far, with the neighbour's."""
        own = self.process.cpu_seconds()
        return own if self.neighbour is None else own + self.neighbour.cpu_seconds()

    def archived(self) -> int:
        """Return how many rows the archives of all accounts hold on disk, with the neighbour's."""
        own = self.archived_here()
        return own if self.neighbour is None else own + self.neighbour.archived()

    def command(self, *command: str) -> list[str]:
        """Return the command that runs a command with our DNS, where there is one.

        For servers that ask the DNS that the machine is configured for.
        """
        if self.settings.neighbourhood is None:
            return list(command)
        return asking(self.settings.neighbourhood.nameserver, command, self.directory)

    @staticmethod
    @abstractmethod
    def version() -> str:
        """Return the version, as its makers write it."""

    @abstractmethod
    def launch(self) -> ServerProcess:
        """Write the configuration and start the process."""

    @abstractmethod
    def create_accounts(self) -> None:
        """Create the accounts in the running server."""

    @abstractmethod
    def archived_here(self) -> int:
        """Return how many rows the archives of all accounts hold on disk."""

    def write_rosters(self, centre: int, contacts: Sequence[int]) -> bool:
        """Write subscriptions both ways into the store of accounts that were never online.

        False where this server has no such shortcut, and the protocol has to do.
        """
        return False

    async def connect(self, number: int, resource: str, *, tls: bool) -> Session:
        """Log an account in: SCRAM-SHA-1, resource binding, initial presence."""
        port = self.tls_port if tls else self.plain_port
        return await login(port, number, resource, tls=tls, domain=self.settings.domain)

    async def resume(self, number: int, token: bytes) -> Session:
        """Log an account in under TLS and put it back into its session (XEP-0198 §5)."""
        return await login(self.tls_port, number, "", tls=True, token=token)

    async def connect_pair(self, number: int, *, tls: bool) -> tuple[Session, Session]:
        """Return two sessions that talk to each other: accounts 2n and 2n + 1."""
        return (
            await self.connect(2 * number, "a", tls=tls),
            await self.connect(2 * number + 1, "b", tls=tls),
        )

    async def enter(self, number: int, room: str) -> Session:
        """Return a session of account ``number`` that is in a room."""
        session = await self.connect(number, "occupant", tls=False)
        await enter(session, room)
        return session


def count_rows(database: Path, table: str) -> int:
    """Return the number of committed rows in a table of another process's SQLite database."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)) as reader:
        (rows,) = reader.execute(f"SELECT count(*) FROM {table}").fetchone()
        return int(rows)


def insert_rows(
    database: Path, table: str, columns: Sequence[str], rows: Iterable[tuple[object, ...]]
) -> None:
    """Insert rows in one transaction; wait for the server to create the table first."""
    places = ", ".join("?" * len(columns))
    statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})"
    end = time.monotonic() + 30
    with closing(sqlite3.connect(database, timeout=30)) as writer, writer:
        known = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
        while writer.execute(known, (table,)).fetchone() is None:
            if time.monotonic() > end:
                raise ServerError(f"did not create the table {table} in {database}")
            time.sleep(0.05)
        writer.executemany(statement, rows)
