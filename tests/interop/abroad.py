"""Other people's servers from Debian's packages, as servers of another domain.

They ask the DNS that the machine is configured for: each has a mount namespace of its own, in which
that is ours.
"""

from contextlib import AbstractContextManager
from pathlib import Path

from tests.interop.neighbours import HOST, Ejabberd, Prosody
from tests.support.certificates import Authority

NAMESERVER = "127.0.0.153"
"""What can be written in resolv.conf has the port 53."""

_OWN_DNS = 'mount --bind "$0" /etc/resolv.conf && exec "$@"'


def with_own_dns(directory: Path, command: list[str]) -> list[str]:
    """Return the command that runs a command with our DNS."""
    file = directory / "resolv.conf"
    file.write_text(f"nameserver {NAMESERVER}\noptions timeout:2 attempts:2\n")
    return ["unshare", "--mount", "sh", "-c", _OWN_DNS, str(file), *command]


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
s2s_secure_auth = {secure}
s2s_require_encryption = true
authentication = "internal_hashed"
storage = "internal"
modules_enabled = {{ "roster", "saslauth", "tls", "dialback", "s2s", "disco", "vcard", "pep", "mam",
  "ping", "posix", "offline", "smacks" }}
ssl = {{ certificate = "{issued.certificate}", key = "{issued.key}", cafile = "{ca}" }}
default_archive_policy = true
VirtualHost "{host}"
Component "conference.{host}" "muc"
  restrict_room_creation = false
"""


class ProsodyAbroad(Prosody):
    """Prosody, which wants certificates (``secure``) or takes dialback."""

    def __init__(self, directory: Path, authority: Authority, *, secure: bool) -> None:
        super().__init__(directory, authority, "internal", "internal_hashed")
        self.port, self.direct_port = self.ports[1], self.ports[2]
        self._configuration.write_text(
            PROSODY.format(
                directory=directory,
                client_port=self.ports[0],
                port=self.port,
                direct_port=self.direct_port,
                secure=str(secure).lower(),
                issued=self.issued,
                ca=authority.publish(directory),
                host=HOST,
            )
        )

    def run(self, command: list[str], environment: dict[str, str]) -> AbstractContextManager[None]:
        """Run the process with our DNS."""
        return super().run(with_own_dns(self.directory, command), environment)

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
  mod_muc: {{}}
  mod_offline: {{}}
  mod_ping: {{}}
  mod_pubsub: {{plugins: [flat, pep]}}
  mod_roster: {{}}
  mod_vcard: {{search: false}}
"""


class EjabberdAbroad(Ejabberd):
    """ejabberd, which wants certificates (``secure``) or takes dialback."""

    def __init__(self, directory: Path, authority: Authority, *, secure: bool) -> None:
        super().__init__(directory, authority, new_schema=False)
        self.port = self.direct_port = self.ports[3]
        text = EJABBERD.format(
            host=HOST,
            both=directory / "both.pem",
            ca=authority.publish(directory),
            client_port=self.ports[0],
            api=self.ports[1],
            port=self.port,
        )
        dialback = "" if secure else "  mod_s2s_dialback: {}\n"
        (directory / "ejabberd.yml").write_text(text + dialback)

    def run(self, command: list[str], environment: dict[str, str]) -> AbstractContextManager[None]:
        """Run the process with our DNS."""
        return super().run(with_own_dns(self.directory, command), environment)


Abroad = ProsodyAbroad | EjabberdAbroad
