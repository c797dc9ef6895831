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

from tests.support.certificates import Authority
from tests.support.client import Client
from tests.support.server import free_ports

HOST = "capulet.example"
DEADLINE = 60.0  # seconds
_A_WEEK = timedelta(days=7)  # ejabberd 23.01 fails with a certificate of the next millennium


class Neighbour(Protocol):
    """A server that people move away from."""

    def register(self, name: str, password: str) -> None:
        """Make an account."""

    def client(self, name: str, password: str) -> Client:
        """Make a client, not connected yet."""


class _Process:
    """A server process in a directory of its own."""

    def __init__(self, directory: Path, authority: Authority) -> None:
        self.directory = directory
        self.ports = free_ports(3)
        self.issued = authority.issue([HOST], directory, until=datetime.now(UTC) + _A_WEEK)

    def client(self, name: str, password: str) -> Client:
        return Client(
            f"{name}@{HOST}/there",
            password,
            address=("127.0.0.1", self.ports[0]),
            security="direct",
            trust=self.issued.trust,
        )

    @contextmanager
    def run(self, command: list[str], environment: dict[str, str]) -> Iterator[None]:
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
sql = {{ driver = "SQLite3", database = "{directory}/prosody.sqlite" }}
modules_enabled = {{ "roster", "saslauth", "tls", "disco", "private", "vcard", "blocklist", "pep",
  "mam", "ping", "posix", "offline" }}
ssl = {{ certificate = "{issued.certificate}", key = "{issued.key}" }}
c2s_direct_tls_ssl = {{ certificate = "{issued.certificate}", key = "{issued.key}" }}
default_archive_policy = true
archive_expires_after = "never"
VirtualHost "{host}"
"""


class Prosody(_Process):
    """Prosody with either storage."""

    def __init__(
        self, directory: Path, authority: Authority, storage: str, authentication: str
    ) -> None:
        super().__init__(directory, authority)
        self._configuration = directory / "prosody.cfg.lua"
        (directory / "data").mkdir()
        self._configuration.write_text(
            PROSODY.format(
                directory=directory,
                port=self.ports[0],
                storage=storage,
                authentication=authentication,
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
sql_type: sqlite
sql_database: "{directory}/ejabberd.sqlite"
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


class Ejabberd(_Process):
    """ejabberd on SQLite, with the command interface on loopback."""

    def __init__(self, directory: Path, authority: Authority, *, new_schema: bool) -> None:
        super().__init__(directory, authority)
        both = directory / "both.pem"
        both.write_bytes(self.issued.certificate.read_bytes() + self.issued.key.read_bytes())
        if new_schema:
            schema = Path("/usr/share/ejabberd/sql/lite.new.sql")
            assert schema.exists()
        (directory / "ejabberd.yml").write_text(
            EJABBERD.format(
                directory=directory,
                host=HOST,
                both=both,
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
