"""The harness itself, with a real server process."""

from pathlib import Path

import pytest
from tests.support.certificates import Authority
from tests.support.config import ServerOptions
from tests.support.fixtures import StartServer
from tests.support.server import Server, ServerError


async def test_a_server_takes_accounts_and_clients_and_ends_well(
    start_server: StartServer,
) -> None:
    server = start_server()
    server.add_account("romeo@localhost", "R0m30 & Jul13t")
    for security in ("starttls", "direct"):
        async with server.client(
            "romeo@localhost/orchard", "R0m30 & Jul13t", security=security
        ) as client:
            assert client.jid == "romeo@localhost/orchard"
            assert await client.drain() == []
    assert server.alive
    server.stop()
    assert not server.alive


async def test_what_was_stored_is_there_after_a_restart(start_server: StartServer) -> None:
    server = start_server()
    server.add_accounts([("romeo@localhost", "one"), ("juliet@localhost", "two")])
    first = server.pid
    server.restart()
    assert server.pid != first
    async with server.client("juliet@localhost", "two") as client:
        assert client.jid.startswith("juliet@localhost/")


def test_a_configuration_that_is_wrong_is_told(start_server: StartServer) -> None:
    with pytest.raises(ServerError, match=r"ended at start with exit code 3"):
        start_server(ServerOptions(settings={"limits": {"depth": 1}}))


def test_a_command_that_fails_is_told(start_server: StartServer) -> None:
    server = start_server()
    with pytest.raises(ServerError, match=r"user show nobody@localhost ended with"):
        server.command("user", "show", "nobody@localhost")
    assert server.command("user", "show", "nobody@localhost", check=False).returncode != 0


def test_errors_in_the_log_are_found_unless_announced(
    palaver_command: Path, authority: Authority, tmp_path: Path
) -> None:
    server = Server(ServerOptions(), tmp_path, command=palaver_command, authority=authority)
    server.log_file.write_text(
        '{"event": "fine", "level": "info"}\n'
        '{"event": "disk is full", "level": "error"}\n'
        "Traceback (most recent call last):\n"
        "ready: no ERRORS here\n"
    )
    assert len(server.errors()) == 2
    server.tolerate("disk is full")
    assert server.errors() == ['{"text": "Traceback (most recent call last):"}']
