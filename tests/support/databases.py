"""Real database servers from Debian's packages, in temporary directories, for one test session."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Protocol

from tests.support.ports import free_ports

START_DEADLINE = 180.0
"""Seconds for a server to begin to answer."""

STOP_DEADLINE = 30.0
"""Seconds for a server to end when told to."""

CONCURRENT = ("postgresql", "mysql")
"""The kinds that let many write at a time."""

_SCHEMA = "palaver_schema"
"""The table that says how new the others are; it has a row where these have none."""


class DatabaseServerError(Exception):
    """Says why a database server cannot be had, with the end of its log."""


class DatabaseServer(Protocol):
    """Makes fresh, empty databases; can be stopped and started again."""

    def start(self) -> None:
        """Start it and return when it answers."""

    def stop(self) -> None:
        """Stop it; what was committed stays."""

    def fresh(self, like: str | None = None) -> AbstractContextManager[str]:
        """Create a database for a while; gives its URL as Palaver's configuration has it.

        It is empty, or has the tables of ``like``, the URL of one without rows to which nobody is
        connected.
        """


class SqliteFiles:
    """Makes SQLite files: no server, nothing to start."""

    def start(self) -> None:
        """Do nothing."""

    def stop(self) -> None:
        """Do nothing."""

    @contextmanager
    def fresh(self, like: str | None = None) -> Iterator[str]:
        """Give the URL of a file, which does not exist yet where it is like no other."""
        with tempfile.TemporaryDirectory(prefix="palaver-sqlite-") as directory:
            if like is not None:
                shutil.copy(like.removeprefix("sqlite:///"), f"{directory}/palaver.sqlite3")
            yield f"sqlite:///{directory}/palaver.sqlite3"


class _Server:
    """Runs a server process as the user its package has made, as it may not run as root."""

    def __init__(self, user: str, stop_signal: signal.Signals) -> None:
        self._user = user if os.geteuid() == 0 else None
        self._stop_signal = stop_signal
        self._process: subprocess.Popen[bytes] | None = None
        self._made = 0
        self.port = 0
        # Not pytest's temporary directory, which only root can enter.
        self.directory = Path(tempfile.mkdtemp(prefix=f"palaver-{user}-", dir="/tmp"))
        self._log = self.directory / "server.log"
        self._log.touch()
        if self._user is not None:
            owner = pwd.getpwnam(self._user)
            os.chown(self.directory, owner.pw_uid, owner.pw_gid)
            os.chown(self._log, owner.pw_uid, owner.pw_gid)

    def start(self) -> None:
        """Start the server, on the port it had before if any; return when it answers."""
        self.port = self.port or free_ports(1)[0]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*self._as_user(die_with_us=True), *self._command()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.directory,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_DEADLINE
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                end = self._log.read_text(errors="replace")[-2000:]
                raise DatabaseServerError(f"{self._command()[0]} does not start:\n{end}")
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(0.1)

    def stop(self) -> None:
        """Stop the server and wait for its end."""
        if self._process is None:
            return
        self._process.send_signal(self._stop_signal)
        try:
            self._process.wait(STOP_DEADLINE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def remove(self) -> None:
        """Stop the server and delete its files."""
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    @contextmanager
    def fresh(self, like: str | None = None) -> Iterator[str]:
        """Create a database and drop it afterwards."""
        name = self._name()
        self._sql(self._create(name) if like is None else self._copy(_database(like), name))
        try:
            yield self._url(name)
        finally:
            self._sql(self._drop(name))

    def _name(self) -> str:
        self._made += 1
        return f"test{self._made}"

    def _sql(self, statement: str) -> str:
        done = self._client(statement)
        if done.returncode:
            raise DatabaseServerError(f"{statement}: {done.stderr.decode()}")
        return done.stdout.decode()

    def _answers(self) -> bool:
        return self._client("SELECT 1").returncode == 0

    def _initialise(self, command: list[str | Path]) -> None:
        done = subprocess.run(
            [*self._as_user(), *command],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            cwd=self.directory,
            check=False,
        )
        if done.returncode:
            raise DatabaseServerError(f"{command[0]}: {(done.stderr or done.stdout).decode()}")

    def _as_user(self, *, die_with_us: bool = False) -> list[str]:
        command = ["setpriv"]
        if self._user is not None:
            owner = pwd.getpwnam(self._user)
            command += [f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--init-groups"]
        if die_with_us:
            command.append(f"--pdeathsig={self._stop_signal.name}")
        return command if len(command) > 1 else []

    def _command(self) -> list[str | Path]:
        raise NotImplementedError

    def _client(self, statement: str) -> subprocess.CompletedProcess[bytes]:
        raise NotImplementedError

    def _create(self, name: str) -> str:
        raise NotImplementedError

    def _copy(self, like: str, name: str) -> str:
        raise NotImplementedError

    def _drop(self, name: str) -> str:
        raise NotImplementedError

    def _url(self, name: str) -> str:
        raise NotImplementedError


class PostgreSQL(_Server):
    """A PostgreSQL server without passwords, with a Unix socket for the client program."""

    def __init__(self) -> None:
        super().__init__("postgres", signal.SIGINT)
        self._data = self.directory / "data"
        initdb = ["--auth=trust", "--username=palaver", "--encoding=UTF8", "--no-sync"]
        # Not the C locale: what depends on the order of text must say so.
        locale = ["--locale-provider=icu", "--icu-locale=en-US", "--locale=C.UTF-8"]
        self._initialise([_postgresql("initdb"), *initdb, *locale, "--pgdata", self._data])

    def _command(self) -> list[str | Path]:
        settings = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": self.directory,
            "fsync": "off",
            "full_page_writes": "off",
            "autovacuum": "off",
        }
        options = [f"-c{name}={value}" for name, value in settings.items()]
        return [_postgresql("postgres"), "-D", self._data, *options]

    def _client(self, statement: str) -> subprocess.CompletedProcess[bytes]:
        where = ["-h", str(self.directory), "-p", str(self.port), "-U", "palaver"]
        command: list[str | Path] = [
            _postgresql("psql"),
            "-X",
            *where,
            "-d",
            "postgres",
            "-c",
            statement,
        ]
        return subprocess.run(command, capture_output=True, check=False)

    def _create(self, name: str) -> str:
        return f"CREATE DATABASE {name}"

    def _copy(self, like: str, name: str) -> str:
        return f"CREATE DATABASE {name} TEMPLATE {like}"

    def _drop(self, name: str) -> str:
        return f"DROP DATABASE {name} WITH (FORCE)"

    def _url(self, name: str) -> str:
        return f"postgresql://palaver@127.0.0.1:{self.port}/{name}"


class MariaDB(_Server):
    """A MariaDB server whose root needs no password."""

    def __init__(self) -> None:
        super().__init__("mysql", signal.SIGTERM)
        self._data = self.directory / "data"
        self._spare: dict[str, list[str]] = {}
        self._socket = self.directory / "socket"
        options = ["--auth-root-authentication-method=normal", "--skip-test-db"]
        places = ["--skip-name-resolve", f"--datadir={self._data}"]
        self._initialise([_program("mariadb-install-db"), "--no-defaults", *options, *places])

    def _command(self) -> list[str | Path]:
        settings = {
            "datadir": self._data,
            "socket": self._socket,
            "port": self.port,
            "bind-address": "127.0.0.1",
            "pid-file": self.directory / "pid",
            "innodb-flush-log-at-trx-commit": 0,
            "innodb-buffer-pool-size": "64M",
        }
        options = [f"--{name}={value}" for name, value in settings.items()]
        return [_program("mariadbd"), "--no-defaults", "--skip-name-resolve", *options]

    @contextmanager
    def fresh(self, like: str | None = None) -> Iterator[str]:
        """Create a database, and drop it afterwards or empty it for the next that is like it.

        It takes this server longer than all others to make tables.
        """
        if like is None:
            with super().fresh() as url:
                yield url
            return
        spare = self._spare.setdefault(like, [])
        name = spare.pop() if spare else self._like(_database(like))
        try:
            yield self._url(name)
        finally:
            if self._tables(name) == self._tables(_database(like)):
                self._sql(self._emptying(name))
                spare.append(name)
            else:
                self._sql(self._drop(name))

    def _like(self, like: str) -> str:
        name = self._name()
        self._sql(self._create(name))
        dump = subprocess.run(
            [_program("mariadb-dump"), *self._where(), like], capture_output=True, check=True
        )
        subprocess.run([_program("mariadb"), *self._where(), name], input=dump.stdout, check=True)
        return name

    def _tables(self, name: str) -> list[str]:
        listed = f"SELECT table_name FROM information_schema.tables WHERE table_schema = '{name}'"
        return sorted(self._sql(listed).split()[1:])

    def _emptying(self, name: str) -> str:
        tables = [table for table in self._tables(name) if table != _SCHEMA]
        emptied = ";".join(f"DELETE FROM {name}.{table}" for table in tables)
        return f"SET foreign_key_checks = 0;{emptied}"

    def _where(self) -> list[str]:
        return ["--no-defaults", f"--socket={self._socket}", "--user=root"]

    def _client(self, statement: str) -> subprocess.CompletedProcess[bytes]:
        command: list[str | Path] = [_program("mariadb"), *self._where(), "-e", statement]
        return subprocess.run(command, capture_output=True, check=False)

    def _create(self, name: str) -> str:
        # The default of old servers: what needs another character set must say so.
        return f"CREATE DATABASE {name} CHARACTER SET latin1"

    def _drop(self, name: str) -> str:
        return f"DROP DATABASE {name}"

    def _url(self, name: str) -> str:
        return f"mysql://root@127.0.0.1:{self.port}/{name}"


def _database(url: str) -> str:
    return url.rpartition("/")[2]


def _postgresql(name: str) -> Path:
    """Find a program of the newest PostgreSQL; Debian keeps them out of the PATH."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"),
        key=lambda path: float(path.parts[-3]),
    )
    return installed[-1] if installed else _program(name)


def _program(name: str) -> Path:
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found is None:
        raise DatabaseServerError(f"{name} is not installed; run scripts/test-requirements")
    return Path(found)


class DatabaseServers:
    """The servers of a test session, each started when the first test asks for it."""

    KINDS: dict[str, Callable[[], DatabaseServer]] = {  # noqa: RUF012 - never changed
        "sqlite": SqliteFiles,
        "postgresql": PostgreSQL,
        "mysql": MariaDB,
    }

    def __init__(self) -> None:
        self._running: dict[str, DatabaseServer] = {}

    def server(self, kind: str) -> DatabaseServer:
        """Return the server of a kind, running."""
        if kind not in self._running:
            server = self.KINDS[kind]()
            self._running[kind] = server
            server.start()
        return self._running[kind]

    def close(self) -> None:
        """Stop them all and delete their files."""
        for server in self._running.values():
            if isinstance(server, _Server):
                server.remove()
