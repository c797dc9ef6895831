"""Prosody from Debian's package: the package's module list, without its rate limits."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

from benchmarks import debian
from benchmarks.accounts import (
    ITERATIONS,
    PUBLISHER,
    SALT,
    jid,
    rooms_of,
    service_of,
    stored_keys,
    user,
)
from benchmarks.process import ServerProcess
from benchmarks.servers import Server, count_rows, insert_rows

MODULES = (
    *("admin_adhoc", "admin_shell", "blocklist", "bookmarks", "carbons", "csi_simple", "dialback"),
    *("disco", "invites", "invites_adhoc", "invites_register", "pep", "ping", "posix", "private"),
    *("register", "roster", "saslauth", "smacks", "time", "tls", "uptime", "vcard4"),
    *("vcard_legacy", "version"),
)

COLUMNS = ("host", "user", "store", "key", "type", "value")
CONFIGURATION = """\
run_as_root = true
data_path = "{directory}"
pidfile = "{directory}/prosody.pid"
log = {{ warn = "{directory}/prosody.log" }}
interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ {plain_port} }}
c2s_direct_tls_ports = {{ {tls_port} }}
s2s_ports = {{ {servers} }}
s2s_direct_tls_ports = {{}}
s2s_secure_auth = true
s2s_require_encryption = true
network_settings = {{ tcp_backlog = 1024 }}
c2s_require_encryption = false
authentication = "internal_hashed"
storage = "sql"
sql = {{ driver = "SQLite3", database = "{database}" }}
modules_enabled = {{ {modules} }}
ssl = {{ certificate = "{certificate.chain}", key = "{certificate.key}"{authority} }}
c2s_direct_tls_ssl = {{ certificate = "{certificate.chain}", key = "{certificate.key}" }}
admins = {{ "{publisher}" }}
VirtualHost "{domain}"
Component "{service}" "pubsub"
Component "{rooms}" "muc"
  modules_enabled = {{ {room_modules} }}
  muc_log_by_default = true
"""


class Prosody(Server):
    """Runs `prosody -F`; accounts are written into its SQLite database."""

    name = "Prosody"
    packages = ("prosody", "lua-dbi-sqlite3")

    @property
    def database(self) -> Path:
        return self.directory / "prosody.sqlite"

    @property
    def configuration(self) -> Path:
        return self.directory / "prosody.cfg.lua"

    @staticmethod
    def version() -> str:
        return debian.version("prosody") or "?"

    def launch(self) -> ServerProcess:
        modules = (*MODULES, "mam") if self.settings.archive else MODULES
        domain, neighbourhood = self.settings.domain, self.settings.neighbourhood
        self.configuration.write_text(
            CONFIGURATION.format(
                directory=self.directory,
                database=self.database,
                plain_port=self.plain_port,
                tls_port=self.tls_port,
                modules=", ".join(f'"{module}"' for module in modules),
                certificate=self.settings.certificate,
                servers=self.servers_port if neighbourhood else "",
                authority=f', cafile = "{neighbourhood.authority}"' if neighbourhood else "",
                domain=domain,
                service=service_of(domain),
                rooms=rooms_of(domain),
                room_modules='"muc_mam"' if self.settings.archive else "",
                publisher=jid(PUBLISHER, domain),  # only administrators make nodes there
            )
        )
        return ServerProcess(
            self.command("prosody", "-F", "--config", str(self.configuration)),
            self.directory / "output.log",
            core=self.settings.core,
        )

    def create_accounts(self) -> None:
        # Prosody makes its tables when it first needs one: for the account that this adds.
        domain = self.settings.domain
        subprocess.run(
            ["prosodyctl", "--config", str(self.configuration), "register", "first", domain, "-"],
            check=True,
            capture_output=True,
            timeout=60,
        )
        stored_key, server_key = stored_keys()
        values = (
            ("iteration_count", "number", str(ITERATIONS)),
            ("salt", "string", SALT.decode()),
            ("stored_key", "string", stored_key.hex()),
            ("server_key", "string", server_key.hex()),
        )
        rows = (
            (domain, user(number), "accounts", *value)
            for number in range(self.settings.accounts)
            for value in values
        )
        insert_rows(self.database, "prosody", COLUMNS, rows)

    def write_rosters(self, centre: int, contacts: Sequence[int]) -> bool:
        # Prosody stores a whole roster at each change: a minute-long affair for 1,000 contacts.
        value = ("json", json.dumps({"subscription": "both", "groups": {}}))
        domain = self.settings.domain
        pairs = [(centre, contact) for contact in contacts]
        pairs += [(contact, centre) for contact in contacts]
        rows = ((domain, user(owner), "roster", jid(other), *value) for owner, other in pairs)
        insert_rows(self.database, "prosody", COLUMNS, rows)
        return True

    def archived_here(self) -> int:
        return count_rows(self.database, "prosodyarchive")
