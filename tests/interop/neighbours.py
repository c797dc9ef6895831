"""Other people's servers from Debian's packages, for the tests of moving away from them."""

import json
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from sqlalchemy import make_url
from tests.support.certificates import Authority
from tests.support.client import Client
from tests.support.ports import free_ports

HOST = "capulet.example"
DEADLINE = 60.0  # seconds
_A_WEEK = timedelta(days=7)  # ejabberd 23.01 fails with a certificate of the next millennium


class Neighbour(Protocol):
    """A server that people move away from."""

    def register(self, name: str, password: str) -> None:
        """Make an account."""

    def client(self, name: str, password: str) -> Client:
        """Make a client, not connected yet."""


class NeighbourProcess:
    """A server process in a directory of its own."""

    def __init__(self, directory: Path, authority: Authority) -> None:
        self.directory = directory
        self.ports = free_ports(4)
        self.issued = authority.issue(
            [HOST, f"*.{HOST}"], directory, until=datetime.now(UTC) + _A_WEEK
        )

    @property
    def client_address(self) -> tuple[str, int]:
        """Where clients connect with direct TLS."""
        return ("127.0.0.1", self.ports[0])

    def client(self, name: str, password: str) -> Client:
        """Make a client, not connected yet."""
        return Client(
            f"{name}@{HOST}/there",
            password,
            address=self.client_address,
            security="direct",
            trust=self.issued.trust,
        )

    @contextmanager
    def run(self, command: list[str], environment: dict[str, str]) -> Iterator[None]:
        """Run the process until the end of the context; it has begun to listen."""
        with (self.directory / "output.log").open("wb") as log:
            process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", *command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"} | environment,
                start_new_session=True,
            )
        try:
            self._wait(process)
            yield
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(20)
            process.kill()
            process.wait()

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + DEADLINE
        for port in self.ports[: self.listening()]:
            while True:
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                if process.poll() is not None or time.monotonic() > until:
                    raise AssertionError((self.directory / "output.log").read_text()[-3000:])
                with suppress(subprocess.TimeoutExpired):
                    process.wait(0.1)

    def listening(self) -> int:
        """Tell on how many of its ports it listens."""
        return 1


PROSODY = """\
run_as_root = true
data_path = "{directory}/data"
pidfile = "{directory}/prosody.pid"
log = {{ info = "{directory}/prosody.log" }}
interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ }}
c2s_direct_tls_ports = {{ {port} }}
s2s_ports = {{ }}
authentication = "{authentication}"
storage = "{storage}"
{sql}
modules_enabled = {{ "roster", "saslauth", "tls", "disco", "private", "{cards}", "blocklist", "pep",
  "mam", "ping", "posix", "offline" }}
ssl = {{ certificate = "{issued.certificate}", key = "{issued.key}" }}
c2s_direct_tls_ssl = {{ certificate = "{issued.certificate}", key = "{issued.key}" }}
default_archive_policy = true
archive_expires_after = "never"
VirtualHost "{host}"
"""


class Prosody(NeighbourProcess):
    """Prosody with either storage; in an SQLite file if no URL of a database is given."""

    def __init__(
        self,
        directory: Path,
        authority: Authority,
        storage: str,
        authentication: str,
        cards: str = "vcard_legacy",
        url: str | None = None,
    ) -> None:
        super().__init__(directory, authority)
        self._configuration = directory / "prosody.cfg.lua"
        (directory / "data").mkdir()
        self._configuration.write_text(
            PROSODY.format(
                directory=directory,
                port=self.ports[0],
                storage=storage,
                sql=_prosody_sql(directory, url),
                authentication=authentication,
                cards=cards,
                issued=self.issued,
                host=HOST,
            )
        )

    def register(self, name: str, password: str) -> None:
        command = ["prosodyctl", "--config", str(self._configuration), "register"]
        subprocess.run(
            [*command, name, HOST, password], check=True, capture_output=True, timeout=60
        )

    @contextmanager
    def running(self) -> Iterator["Prosody"]:
        with self.run(["prosody", "-F", "--config", str(self._configuration)], {}):
            yield self


def _prosody_sql(directory: Path, url: str | None) -> str:
    if url is None:
        return f'sql = {{ driver = "SQLite3", database = "{directory}/prosody.sqlite" }}'
    at = make_url(url)
    driver = "PostgreSQL" if at.drivername == "postgresql" else "MySQL"
    return (
        f'sql = {{ driver = "{driver}", database = "{at.database}", host = "{at.host}",'
        f' port = {at.port}, username = "{at.username}", password = "{at.password or ""}" }}'
    )


EJABBERD = """\
loglevel: info
hosts: [{host}]
certfiles: ["{both}"]
listen:
  - {{port: {port}, ip: "127.0.0.1", module: ejabberd_c2s, access: all, tls: true}}
  - {{port: {api}, ip: "127.0.0.1", module: ejabberd_http,
     request_handlers: {{/api: mod_http_api}}}}
api_permissions:
  "loopback": {{from: [mod_http_api], who: [{{ip: "127.0.0.1/8"}}], what: "*"}}
auth_method: sql
auth_password_format: scram
default_db: sql
{sql}
new_sql_schema: {new_schema}
modules:
  mod_blocking: {{}}
  mod_caps: {{}}
  mod_disco: {{}}
  mod_http_api: {{}}
  mod_mam: {{default: always}}
  mod_offline: {{}}
  mod_ping: {{}}
  mod_privacy: {{}}
  mod_private: {{}}
  mod_pubsub: {{plugins: [flat, pep]}}
  mod_roster: {{}}
  mod_vcard: {{search: false}}
"""


SCHEMAS = Path("/usr/share/ejabberd/sql")


def run_sql(url: str, script: bytes) -> None:
    """Run statements in a database with the client program of its server."""
    at = make_url(url)
    where = [f"--host={at.host}", f"--port={at.port}"]
    command = (
        ["psql", "-X", "-q", *where, f"--username={at.username}", str(at.database)]
        if at.drivername == "postgresql"
        else ["mariadb", "--no-defaults", *where, f"--user={at.username}", str(at.database)]
    )
    subprocess.run(command, input=script, check=True, capture_output=True, timeout=60)


def in_unicode(url: str) -> str:
    """Make Unicode the character set of a database, where it is not; return its URL."""
    if make_url(url).drivername == "mysql":
        run_sql(url, f"ALTER DATABASE {make_url(url).database} CHARACTER SET utf8mb4".encode())
    return url


def with_schema(url: str, *, new: bool) -> str:
    """Make ejabberd's tables in a database; return a URL that it can use."""
    engine = "pg" if make_url(url).drivername == "postgresql" else "mysql"
    run_sql(in_unicode(url), (SCHEMAS / f"{engine}{'.new' * new}.sql").read_bytes())
    if engine == "pg":
        return url
    # It cannot log in to MariaDB without a password.
    run_sql(url, b"GRANT ALL ON *.* TO ejabberd@'%' IDENTIFIED BY 'secret'")
    user = make_url(url).set(username="ejabberd", password="secret")
    return user.render_as_string(hide_password=False)


def _ejabberd_sql(directory: Path, url: str | None) -> str:
    if url is None:
        return f'sql_type: sqlite\nsql_database: "{directory}/ejabberd.sqlite"'
    at = make_url(url)
    engine = "pgsql" if at.drivername == "postgresql" else "mysql"
    return (
        f'sql_type: {engine}\nsql_server: "{at.host}"\nsql_port: {at.port}\n'
        f'sql_database: "{at.database}"\nsql_username: "{at.username}"\n'
        f'sql_password: "{at.password or ""}"\nsql_pool_size: 2'
    )


class Ejabberd(NeighbourProcess):
    """ejabberd with the command interface on loopback; on SQLite if no URL is given."""

    def __init__(
        self, directory: Path, authority: Authority, *, new_schema: bool, url: str | None = None
    ) -> None:
        super().__init__(directory, authority)
        both = directory / "both.pem"
        both.write_bytes(self.issued.certificate.read_bytes() + self.issued.key.read_bytes())
        if new_schema:
            assert (SCHEMAS / "lite.new.sql").exists()
        (directory / "ejabberd.yml").write_text(
            EJABBERD.format(
                directory=directory,
                host=HOST,
                both=both,
                sql=_ejabberd_sql(directory, url),
                port=self.ports[0],
                api=self.ports[1],
                new_schema=str(new_schema).lower(),
            )
        )

    def listening(self) -> int:
        return 2

    def register(self, name: str, password: str) -> None:
        self.api("register", user=name, host=HOST, password=password)

    def api(self, name: str, **arguments: str) -> None:
        """Run one of ejabberd's commands."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.ports[1]}/api/{name}",
            json.dumps(arguments).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            answer.read()

    @contextmanager
    def running(self) -> Iterator["Ejabberd"]:
        library = next(Path("/usr/lib").glob("*/ejabberd-*"))
        command = [
            *("erl", "-noinput", "-sname", f"moving{self.ports[2]}@localhost"),
            *("-start_epmd", "false", "-erl_epmd_port", str(self.ports[2])),
            *("-mnesia", "dir", f'"{self.directory}/mnesia"', "-s", "ejabberd"),
        ]
        environment = {
            "HOME": str(self.directory),
            "ERL_LIBS": str(library.parent),
            "ERL_CRASH_DUMP_BYTES": "0",
            "EJABBERD_CONFIG_PATH": str(self.directory / "ejabberd.yml"),
            "EJABBERD_LOG_PATH": str(self.directory / "ejabberd.log"),
        }
        with self.run(command, environment):
            yield self
