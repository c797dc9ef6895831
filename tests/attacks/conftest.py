"""Servers under attack: a usual one, and one whose limits of time and number are small."""

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from tests.support.certificates import Authority
from tests.support.config import HostOptions, ServerOptions
from tests.support.server import Server

HOST = "example.test"
PASSWORD = "pw"
NAMES = ("alice", "bob", "carol")
TIGHT = {
    "limits": {
        "login_timeout": 2.0,
        "handshake_timeout": 2.0,
        "connections_per_address": 20,
        "output_bytes": 65_536,
        "sessions_per_account": 3,
    },
    "extensions": {"pubsub": {"nodes": 10, "account_bytes": 50_000}},
}


def _started(
    options: ServerOptions, directory: Path, command: Path, authority: Authority
) -> Iterator[Server]:
    with Server(options, directory, command=command, authority=authority) as server:
        server.add_accounts([(f"{name}@{HOST}", PASSWORD) for name in NAMES])
        yield server


@pytest.fixture(scope="session")
def target(
    palaver_command: Path, authority: Authority, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """Give a server with the accounts alice, bob and carol."""
    options = ServerOptions(hosts={HOST: HostOptions()})
    yield from _started(options, tmp_path_factory.mktemp("target"), palaver_command, authority)


@pytest.fixture(scope="session")
def tight(
    palaver_command: Path, authority: Authority, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """Give the same with small limits."""
    options = ServerOptions(hosts={HOST: HostOptions()}, settings=TIGHT)
    yield from _started(options, tmp_path_factory.mktemp("tight"), palaver_command, authority)


def memory(server: Server) -> int:
    """Return the bytes of memory that the server's process takes."""
    return int(psutil.Process(server.pid).memory_info().rss)


def processor(server: Server) -> float:
    """Return the seconds of processor time that the server's process has used."""
    times = psutil.Process(server.pid).cpu_times()
    return float(times.user + times.system)
