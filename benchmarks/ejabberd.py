"""ejabberd from Debian's package: the package's module list, without shapers and quotas."""

import base64
from collections.abc import Sequence
from pathlib import Path

from benchmarks import debian
from benchmarks.accounts import ITERATIONS, SALT, jid, stored_keys, user
from benchmarks.process import ServerProcess, free_port
from benchmarks.servers import Server, count_rows, insert_rows

CONFIGURATION = """\
loglevel: warning
hosts: [{domain}]
certfiles: ["{certificate.both}"]
ca_file: "{authority}"
s2s_use_starttls: required
listen:
  - {{port: {plain_port}, ip: "127.0.0.1", module: ejabberd_c2s, max_stanza_size: 262144,
     backlog: 1024, access: all, starttls: true}}
  - {{port: {tls_port}, ip: "127.0.0.1", module: ejabberd_c2s, max_stanza_size: 262144,
     backlog: 1024, access: all, tls: true}}
{servers}disable_sasl_mechanisms: ["digest-md5", "X-OAUTH2"]
auth_method: sql
auth_password_format: scram
default_db: sql
sql_type: sqlite
sql_database: "{database}"
shaper_rules:
  max_user_sessions: infinity
  max_user_offline_messages: infinity
modules:
  mod_adhoc: {{}}
  mod_admin_extra: {{}}
  mod_announce: {{}}
  mod_avatar: {{}}
  mod_blocking: {{}}
  mod_caps: {{}}
  mod_carboncopy: {{}}
  mod_client_state: {{}}
  mod_configure: {{}}
  mod_disco: {{}}
  mod_last: {{}}
  mod_muc:
    max_users: 10000
    default_room_options: {{mam: {archive}, max_users: 10000}}
  mod_muc_admin: {{}}
  mod_offline: {{}}
  mod_ping: {{}}
  mod_privacy: {{}}
  mod_private: {{}}
  mod_pubsub: {{plugins: [flat, pep]}}
  mod_push: {{}}
  mod_push_keepalive: {{}}
  mod_roster: {{versioning: true}}
  mod_s2s_dialback: {{}}
  mod_shared_roster: {{}}
  mod_sic: {{}}
  mod_stream_mgmt: {{resend_on_timeout: if_offline}}
  mod_vcard: {{search: false}}
  mod_vcard_xupdate: {{}}
  mod_version: {{}}
"""
SERVERS = (
    '  - {{port: {port}, ip: "127.0.0.1", module: ejabberd_s2s_in, max_stanza_size: 524288}}\n'
)
ARCHIVE = "  mod_mam: {default: always}\n"


class Ejabberd(Server):
    """Runs the Erlang machine with ejabberd in it, with a private node name and no epmd."""

    name = "ejabberd"
    packages = ("ejabberd", "erlang-p1-sqlite3")

    @property
    def database(self) -> Path:
        return self.directory / "ejabberd.sqlite"

    @staticmethod
    def version() -> str:
        return debian.version("ejabberd") or "?"

    def launch(self) -> ServerProcess:
        configuration = self.directory / "ejabberd.yml"
        certificate, neighbourhood = self.settings.certificate, self.settings.neighbourhood
        text = CONFIGURATION.format(
            domain=self.settings.domain,
            certificate=certificate,
            authority=neighbourhood.authority if neighbourhood else certificate.chain,
            servers=SERVERS.format(port=self.servers_port) if neighbourhood else "",
            database=self.database,
            plain_port=self.plain_port,
            tls_port=self.tls_port,
            archive=str(self.settings.archive).lower(),
        )
        configuration.write_text(text + (ARCHIVE if self.settings.archive else ""))
        # One core means one scheduler; on a free machine Erlang takes as many as there are.
        schedulers = ["+S", "1:1", "+SDcpu", "1:1"] if self.settings.core is not None else []
        return ServerProcess(
            self.command(
                *("erl", "-noinput", "+K", "true", "+P", "250000", *schedulers),
                *("-sname", "ejabberd@localhost", "-start_epmd", "false"),
                *("-erl_epmd_port", str(free_port())),
                *("-mnesia", "dir", f'"{self.directory}/mnesia"', "-s", "ejabberd"),
            ),
            self.directory / "output.log",
            core=self.settings.core,
            environment={
                "HOME": str(self.directory),
                "ERL_LIBS": str(Path(self._library()).parent),
                "ERL_MAX_PORTS": "32000",
                "ERL_CRASH_DUMP_BYTES": "0",
                "EJABBERD_CONFIG_PATH": str(configuration),
                "EJABBERD_LOG_PATH": str(self.directory / "ejabberd.log"),
            },
        )

    @staticmethod
    def _library() -> Path:
        return next(Path("/usr/lib").glob("*/ejabberd-*"))

    def create_accounts(self) -> None:
        stored_key, server_key = (base64.b64encode(key).decode() for key in stored_keys())
        salt = base64.b64encode(SALT).decode()
        rows = (
            (user(number), stored_key, server_key, salt, ITERATIONS)
            for number in range(self.settings.accounts)
        )
        columns = ("username", "password", "serverkey", "salt", "iterationcount")
        insert_rows(self.database, "users", columns, rows)

    def write_rosters(self, centre: int, contacts: Sequence[int]) -> bool:
        pairs = [(centre, contact) for contact in contacts]
        pairs += [(contact, centre) for contact in contacts]
        rows = (
            (user(owner), jid(other), "", "B", "N", "", "N", "", "item") for owner, other in pairs
        )
        columns = ("username", "jid", "nick", "subscription", "ask", "askmessage", "server")
        insert_rows(self.database, "rosterusers", (*columns, "subscribe", "type"), rows)
        return True

    def archived_here(self) -> int:
        return count_rows(self.database, "archive")
