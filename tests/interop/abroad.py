"""Servers of another domain: other people's from Debian's packages, and another Palaver.

Other people's ask the DNS that the machine is configured for: each has a mount namespace of its
own, in which that is ours.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from tests.interop.neighbours import HOST, Ejabberd, Prosody
from tests.support.certificates import Authority
from tests.support.client import Client
from tests.support.config import HostOptions, ServerOptions
from tests.support.names import Names, asking
from tests.support.ports import free_ports
from tests.support.server import Server


class Surroundings(NamedTuple):
    """What a server of another domain finds.

    ``names``    its DNS; other people's servers want it at port 53
    ``trusted``  whose certificates it accepts
    ``command``  the palaver executable
    """

    names: Names
    trusted: Authority
    command: Path

    def asking(self, command: list[str], directory: Path) -> list[str]:
        """Return the command that runs a command with its DNS."""
        return asking(self.names.address.removesuffix(":53"), command, directory)


PROSODY = """\
run_as_root = true
data_path = "{directory}/data"
pidfile = "{directory}/prosody.pid"
log = {{ debug = "{directory}/prosody.log" }}
interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ }}
c2s_direct_tls_ports = {{ {client_port} }}
s2s_ports = {{ {port} }}
s2s_direct_tls_ports = {{ {direct_port} }}
proxy65_ports = {{ {proxy_port} }}
s2s_secure_auth = {secure}
s2s_require_encryption = true
authentication = "internal_hashed"
storage = "internal"
modules_enabled = {{ "roster", "saslauth", "tls", "dialback", "s2s", "s2s_bidi", "disco", "vcard",
  "pep", "mam", "ping", "posix", "offline", "smacks" }}
ssl = {{ certificate = "{issued.certificate}", key = "{issued.key}", cafile = "{ca}" }}
default_archive_policy = true
VirtualHost "{host}"
Component "conference.{host}" "muc"
  restrict_room_creation = false
  modules_enabled = {{ "muc_mam" }}
Component "proxy.{host}" "proxy65"
  proxy65_address = "127.0.0.1"
"""


class ProsodyAbroad(Prosody):
    """Prosody, which wants certificates (``secure``) or takes dialback."""

    def __init__(
        self, directory: Path, authority: Authority, around: Surroundings, *, secure: bool
    ) -> None:
        super().__init__(directory, authority, "internal", "internal_hashed")
        self._around = around
        self.port, self.direct_port = self.ports[1], self.ports[2]
        self._configuration.write_text(
            PROSODY.format(
                directory=directory,
                client_port=self.ports[0],
                port=self.port,
                direct_port=self.direct_port,
                proxy_port=self.ports[3],
                secure=str(secure).lower(),
                issued=self.issued,
                ca=around.trusted.publish(directory),
                host=HOST,
            )
        )

    def run(self, command: list[str], environment: dict[str, str]) -> AbstractContextManager[None]:
        """Run the process with our DNS."""
        return super().run(self._around.asking(command, self.directory), environment)

    def listening(self) -> int:
        """Three: for clients, and for servers that begin in clear or with TLS."""
        return 3


EJABBERD = """\
loglevel: debug
hosts: [{host}]
certfiles: ["{both}"]
ca_file: "{ca}"
s2s_use_starttls: required
listen:
  - {{port: {client_port}, ip: "127.0.0.1", module: ejabberd_c2s, access: all, tls: true}}
  - {{port: {port}, ip: "127.0.0.1", module: ejabberd_s2s_in}}
  - {{port: {api}, ip: "127.0.0.1", module: ejabberd_http,
     request_handlers: {{/api: mod_http_api}}}}
api_permissions:
  "loopback": {{from: [mod_http_api], who: [{{ip: "127.0.0.1/8"}}], what: "*"}}
auth_method: internal
modules:
  mod_caps: {{}}
  mod_disco: {{}}
  mod_http_api: {{}}
  mod_mam: {{default: always}}
  mod_muc: {{default_room_options: {{mam: true}}}}
  mod_offline: {{}}
  mod_ping: {{}}
  mod_proxy65: {{ip: "127.0.0.1", hostname: "127.0.0.1", port: {proxy_port}}}
  mod_pubsub: {{plugins: [flat, pep]}}
  mod_roster: {{}}
  mod_vcard: {{search: false}}
"""


class EjabberdAbroad(Ejabberd):
    """ejabberd, which wants certificates (``secure``) or takes dialback."""

    def __init__(
        self, directory: Path, authority: Authority, around: Surroundings, *, secure: bool
    ) -> None:
        super().__init__(directory, authority, new_schema=False)
        self._around = around
        self.port, proxy_port = free_ports(2)
        self.direct_port = self.port
        text = EJABBERD.format(
            host=HOST,
            both=directory / "both.pem",
            ca=around.trusted.publish(directory),
            client_port=self.ports[0],
            api=self.ports[1],
            port=self.port,
            proxy_port=proxy_port,
        )
        dialback = "" if secure else "  mod_s2s_dialback: {}\n"
        (directory / "ejabberd.yml").write_text(text + dialback)

    def run(self, command: list[str], environment: dict[str, str]) -> AbstractContextManager[None]:
        """Run the process with our DNS."""
        return super().run(self._around.asking(command, self.directory), environment)


class PalaverAbroad:
    """Another Palaver, which wants certificates (``secure``) or takes dialback."""

    def __init__(
        self, directory: Path, authority: Authority, around: Surroundings, *, secure: bool
    ) -> None:
        self.port, self.direct_port = free_ports(2)
        ports = (self.port, self.direct_port)
        settings = federating(HOST, directory, authority, around, ports, secure=secure)
        options = ServerOptions(hosts={HOST: HostOptions()}, settings=settings)
        self._server = Server(options, directory, command=around.command, authority=authority)

    @property
    def client_address(self) -> tuple[str, int]:
        """Where clients connect with direct TLS."""
        return self._server.tls_address

    def register(self, name: str, password: str) -> None:
        """Make an account."""
        self._server.add_account(f"{name}@{HOST}", password)

    def client(self, name: str, password: str) -> Client:
        """Make a client, not connected yet."""
        return self._server.client(f"{name}@{HOST}/there", password)

    def running(self) -> AbstractContextManager[Any]:
        """Run the process until the end of the context; it has begun to listen."""
        return self._server


def federating(
    host: str,
    directory: Path,
    authority: Authority,
    around: Surroundings,
    ports: tuple[int, int],
    *,
    secure: bool,
) -> dict[str, Any]:
    """Give the settings of a Palaver that speaks to other servers, with a certificate."""
    (directory / "tls").mkdir()
    issued = authority.issue([host, f"*.{host}"], directory / "tls")
    return {
        "hosts": {host: {"certificate": str(issued.certificate), "key": str(issued.key)}},
        "listen": {
            "servers": [f"127.0.0.1:{ports[0]}"],
            "servers_tls": [f"127.0.0.1:{ports[1]}"],
        },
        "federation": {
            "enabled": True,
            "authentication": "certificate" if secure else "dialback",
            "ca": str(around.trusted.publish(directory)),
            "nameservers": [around.names.address],
            "this_machine": True,
        },
        "extensions": {"bytestreams": {"address": "127.0.0.1"}},
    }


Abroad = ProsodyAbroad | EjabberdAbroad | PalaverAbroad
SERVERS = {"prosody": ProsodyAbroad, "ejabberd": EjabberdAbroad, "palaver": PalaverAbroad}
HERE = "montague.example"


class Both(NamedTuple):
    """Our server for `HERE`, and one for `HOST`."""

    here: Server
    abroad: Abroad
    how: str


@contextmanager
def both_running(
    kind: str, how: str, names: Names, authority: Authority, command: Path, directory: Path
) -> Iterator[Both]:
    """Run both servers until the end of the context.

    With "certificate" and "direct" each accepts the other one's certificate, with "dialback"
    neither does; "direct" is TLS from the first byte (XEP-0368).
    """
    secure, direct = how != "dialback", how == "direct"
    around = Surroundings(names, authority if secure else Authority(), command)
    here, there = directory / "here", directory / "abroad"
    here.mkdir()
    there.mkdir()
    port, direct_port = free_ports(2)
    settings = federating(HERE, here, authority, around, (port, direct_port), secure=secure)
    options = ServerOptions(hosts={HERE: HostOptions()}, settings=settings)
    server = Server(options, here, command=command, authority=authority)
    abroad = SERVERS[kind](there, authority, around, secure=secure)
    ports = (direct_port, abroad.direct_port) if direct else (port, abroad.port)
    for domain, where in zip((HERE, HOST), ports, strict=True):
        for prefix in ("", "conference.", "pubsub.", "proxy."):
            names.forget(prefix + domain)
            names.service(prefix + domain, where, direct=direct)
    with server, abroad.running():
        yield Both(server, abroad, how)
