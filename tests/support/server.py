"""A ``palaver serve`` process of a test's own, on free loopback ports in its own directory."""

import csv
import io
import json
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.support.certificates import Authority, Issued
from tests.support.client import Client, Journal, Security
from tests.support.component import Component
from tests.support.config import Ports, ServerOptions, render
from tests.support.ports import free_ports

from palaver.cli.control_client import ask

START_DEADLINE = 180.0
"""Seconds for a server to begin to accept, migrations included."""

STOP_DEADLINE = 30.0
"""Seconds for a server to end after SIGTERM."""

_ERROR_LEVELS = {"error", "critical", "fatal", "exception"}
_ERROR_LINE = re.compile(r"Traceback \(most recent call last\)|\b(ERROR|CRITICAL|FATAL)\b|Warning:")


class ServerError(Exception):
    """Says what is wrong with the server process, with the end of its log."""


class Server:
    """Starts, stops and asks one server process; a context manager.

    ``command`` is the ``palaver`` executable, ``directory`` an empty directory for the
    configuration, the data and the log.
    """

    def __init__(
        self, options: ServerOptions, directory: Path, *, command: Path, authority: Authority
    ) -> None:
        self.options = options
        self.directory = directory
        self.data = directory / "data"
        self.config = directory / "palaver.toml"
        self.log_file = directory / "server.log"
        self.ports = Ports(*free_ports(5))
        self._command = command
        self._authority = authority
        self._issued: Issued | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._tolerated: list[re.Pattern[str]] = []

    # Life

    def prepare(self) -> None:
        """Write the configuration and the certificate without starting anything."""
        self.data.mkdir(parents=True, exist_ok=True)
        self._issued = self._authority.issue(_certified(self.options.hosts), self.directory)
        text = render(self.options, self.ports, self._issued.certificate, self._issued.key)
        self.config.write_text(text)

    def start(self) -> Self:
        """Start the process and return when it accepts clients; raises `ServerError`."""
        if self._issued is None:
            self.prepare()
        with self.log_file.open("ab") as log:
            self._process = subprocess.Popen(
                [self._command, "serve", "--config", self.config, "--data", self.data],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=_environment(),
                # A Ctrl-C in the terminal is for pytest, which then stops the server.
                start_new_session=True,
            )
        try:
            self._wait_until_accepting()
        except BaseException:
            self.kill()
            raise
        return self

    def _wait_until_accepting(self) -> None:
        deadline = time.monotonic() + START_DEADLINE
        for port in (self.ports.starttls, self.ports.tls):
            while not _accepts(port):
                if self._running.poll() is not None:
                    raise self._error(f"ended at start with exit code {self._running.returncode}")
                if time.monotonic() > deadline:
                    raise self._error(f"does not accept after {START_DEADLINE:g} seconds")
                time.sleep(0.02)

    def stop(self) -> None:
        """End the process with SIGTERM; raises `ServerError` unless it ends well.

        Ending well is exit code 0 in time, and no error in the log that no test announced.
        """
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            code = process.wait(STOP_DEADLINE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise self._error(f"did not end {STOP_DEADLINE:g} seconds after SIGTERM") from None
        if code != 0:
            raise self._error(f"ended with exit code {code} after SIGTERM")
        errors = self.errors()
        if errors:
            raise self._error("logged errors:\n" + "\n".join(errors[:20]))

    def kill(self) -> None:
        """End the process with SIGKILL, as a power cut would."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()

    def restart(self) -> None:
        """Stop and start again, on the same ports and data."""
        self.stop()
        self.start()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if error is None:
            self.stop()
        else:
            self.kill()

    # Facts

    @property
    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise ServerError("the server is not running")
        return self._process

    @property
    def pid(self) -> int:
        """The process's id; raises `ServerError` when it does not run."""
        return self._running.pid

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def database_url(self) -> str:
        """Where the server keeps its data, in the form of the configuration."""
        return self.options.database or f"sqlite:///{self.data / 'palaver.sqlite3'}"

    @property
    def address(self) -> tuple[str, int]:
        """Where clients that begin in clear connect."""
        return ("127.0.0.1", self.ports.starttls)

    @property
    def tls_address(self) -> tuple[str, int]:
        """Where clients that begin with TLS connect."""
        return ("127.0.0.1", self.ports.tls)

    # Log

    def log(self) -> list[dict[str, Any]]:
        """Read what the server logged; a line that is no JSON object is ``{"text": line}``."""
        if not self.log_file.exists():
            return []
        return [_entry(line) for line in self.log_file.read_text(errors="replace").splitlines()]

    def tolerate(self, pattern: str) -> None:
        """Announce that errors whose line matches ``pattern`` are part of the test."""
        self._tolerated.append(re.compile(pattern))

    def errors(self) -> list[str]:
        """Give the lines logged at error level (or a traceback) that no test announced."""
        lines = [json.dumps(entry) for entry in self.log() if _is_error(entry)]
        return [
            line for line in lines if not any(pattern.search(line) for pattern in self._tolerated)
        ]

    def _error(self, problem: str) -> ServerError:
        tail = self.log_file.read_text(errors="replace")[-4000:] if self.log_file.exists() else ""
        return ServerError(f"the server {problem}\nThe end of {self.log_file}:\n{tail}")

    # Commands and accounts

    def command(
        self, *arguments: str, stdin: str = "", check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        """Run ``palaver`` with this server's configuration; raises `ServerError` if it fails."""
        done = subprocess.run(
            [self._command, *arguments, "--config", self.config, "--data", self.data],
            input=stdin,
            capture_output=True,
            text=True,
            timeout=START_DEADLINE,
            env=_environment(),
            check=False,
        )
        if check and done.returncode != 0:
            raise ServerError(
                f"palaver {' '.join(arguments)} ended with {done.returncode}:\n"
                f"{done.stdout}{done.stderr}"
            )
        return done

    def add_account(self, jid: str, password: str) -> None:
        """Create one account."""
        self.add_accounts([(jid, password)])

    def add_accounts(self, accounts: Iterable[tuple[str, str]]) -> None:
        """Create many accounts at once, given as bare JID and password.

        A running server is asked without the program, which takes longer to start than this takes.
        """
        table = io.StringIO()
        csv.writer(table).writerows(accounts)
        try:
            result = ask(
                self.data / "control.sock", "user import", {"file": table.getvalue()}, _quiet
            )
        except (ConnectionRefusedError, FileNotFoundError):
            file = self.directory / "accounts.csv"
            file.write_text(table.getvalue())
            self.command("user", "import", str(file))
        else:
            if not isinstance(result, dict) or result["problems"] or result["existed"]:
                raise ServerError(f"not all accounts were made: {result}")

    # Clients

    def client(
        self,
        jid: str,
        password: str | None = None,
        *,
        security: Security = "starttls",
        mechanism: str | None = None,
        language: str | None = None,
        journal: Journal | None = None,
    ) -> Client:
        """Make a client of this server, not connected yet."""
        return Client(
            jid,
            password,
            address=self.tls_address if security == "direct" else self.address,
            security=security,
            trust=self._issued.trust if self._issued else None,
            mechanism=mechanism,
            language=language,
            journal=journal,
        )

    def component(self, domain: str, secret: str, *, journal: Journal | None = None) -> Component:
        """Make a component of this server, not connected yet."""
        address = ("127.0.0.1", self.ports.components)
        return Component(domain, secret, address=address, journal=journal)


def _accepts(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _certified(hosts: Iterable[str]) -> list[str]:
    """Name hosts for a certificate, with wildcards where many share a parent."""
    names: dict[str, None] = {}
    for host in hosts:
        parent = host.partition(".")[2]
        # OpenSSL takes a wildcard only above two labels.
        names[f"*.{parent}" if "." in parent else host] = None
    return list(names)


def _environment() -> dict[str, str]:
    own = {key: value for key, value in os.environ.items() if not key.startswith("PALAVER_")}
    return own | {"PYTHONUNBUFFERED": "1"}


def _entry(line: str) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except ValueError:
        entry = None
    return entry if isinstance(entry, dict) else {"text": line}


def _is_error(entry: dict[str, Any]) -> bool:
    if "text" in entry:
        return _ERROR_LINE.search(entry["text"]) is not None
    return str(entry.get("level", "")).lower() in _ERROR_LEVELS


def _quiet(_done: int, _total: int) -> None:
    """Show no progress."""
