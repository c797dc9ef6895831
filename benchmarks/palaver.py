"""Palaver itself, from this checkout, with every feature loaded."""

import csv
import subprocess
import sys
from pathlib import Path

import palaver
from benchmarks.accounts import ITERATIONS, PASSWORD, jid
from benchmarks.process import ServerError, ServerProcess
from benchmarks.servers import Server, count_rows

CONFIGURATION = """\
[hosts."{domain}"]
certificate = "{certificate.chain}"
key = "{certificate.key}"
[listen]
bytestreams = []
servers = {servers}
servers_tls = []
starttls = ["127.0.0.1:{plain_port}"]
tls = ["127.0.0.1:{tls_port}"]
[sasl]
iterations = {iterations}
plain_without_tls = true
[log]
level = "warning"
[metrics]
listen = ""
[extensions.archive]
enabled = {archive}
[extensions.muc]
default_logging = {archive}
"""
FEDERATION = """\
[federation]
enabled = true
ca = "{neighbourhood.authority}"
nameservers = ["{neighbourhood.nameserver}:53"]
this_machine = true
stanzas_per_second = 0
bytes_per_second = 0
"""
DATABASE = "palaver.sqlite3"
ARCHIVED = "log WHERE archived"
PROGRAM = Path(sys.executable).with_name("palaver")


class Palaver(Server):
    """Runs `palaver serve`; accounts come from `palaver user import`."""

    name = "Palaver"
    has_tokens = True

    @staticmethod
    def version() -> str:
        return palaver.__version__

    @property
    def data(self) -> Path:
        return self.directory / "data"

    @property
    def configuration(self) -> Path:
        return self.directory / "palaver.toml"

    def launch(self) -> ServerProcess:
        self.data.mkdir()
        neighbourhood = self.settings.neighbourhood
        text = CONFIGURATION + (FEDERATION if neighbourhood else "")
        self.configuration.write_text(
            text.format(
                domain=self.settings.domain,
                certificate=self.settings.certificate,
                neighbourhood=neighbourhood,
                servers=[f"127.0.0.1:{self.servers_port}"] if neighbourhood else [],
                plain_port=self.plain_port,
                tls_port=self.tls_port,
                iterations=ITERATIONS,
                archive=str(self.settings.archive).lower(),
            )
        )
        return ServerProcess(
            [str(PROGRAM), "serve", "--config", str(self.configuration), "--data", str(self.data)],
            self.directory / "output.log",
            core=self.settings.core,
        )

    def create_accounts(self) -> None:
        table = self.directory / "accounts.csv"
        with table.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["jid", "password"])
            writer.writerows(
                [jid(number, self.settings.domain), PASSWORD]
                for number in range(self.settings.accounts)
            )
        done = subprocess.run(
            [str(PROGRAM), "user", "import", str(table), "--data", str(self.data)],
            capture_output=True,
            text=True,
            timeout=120,
        )
        if done.returncode:
            raise ServerError(f"`palaver user import` failed: {done.stdout}{done.stderr}")

    def archived_here(self) -> int:
        return count_rows(self.data / DATABASE, ARCHIVED)
