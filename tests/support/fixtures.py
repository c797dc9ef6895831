"""Fixtures for tests that talk to a real server process; a plugin of tests/conftest.py."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.support.certificates import Authority
from tests.support.config import HostOptions, ServerOptions
from tests.support.databases import DatabaseServers
from tests.support.server import Server
from tests.support.story.collector import book

StartServer = Callable[..., Server]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--palaver",
        type=Path,
        default=Path(sys.executable).with_name("palaver"),
        help="the palaver executable under test (default: the one beside this Python)",
    )
    parser.addoption(
        "--databases",
        type=lambda kinds: kinds.split(","),
        default=list(DatabaseServers.KINDS),
        help="the databases on which stories are played, with commas between (default: all)",
    )
    parser.addoption(
        "--rounds", type=int, default=1, help="how often each fault happens (default: 1)"
    )
    parser.addoption(
        "--pairs", type=int, default=6, help="senders and receivers of each fault (default: 6)"
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "story_server" in metafunc.fixturenames:
        kinds = metafunc.config.getoption("--databases")
        metafunc.parametrize("story_server", kinds, indirect=True)


@pytest.fixture(scope="session")
def palaver_command(request: pytest.FixtureRequest) -> Path:
    """Give the executable under test."""
    command: Path = request.config.getoption("--palaver")
    return command


@pytest.fixture(scope="session")
def authority() -> Authority:
    """Give the certificate authority that all servers of the session have."""
    return Authority()


@pytest.fixture(scope="session")
def shared_server(
    palaver_command: Path, authority: Authority, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """Give a server with the hosts ``localhost`` and ``example.test``, shared by many tests.

    Tests create accounts with names of their own on it and leave its settings alone.
    """
    options = ServerOptions(hosts={"localhost": HostOptions(), "example.test": HostOptions()})
    directory = tmp_path_factory.mktemp("shared-server")
    with Server(options, directory, command=palaver_command, authority=authority) as server:
        yield server


@pytest.fixture
def start_server(
    palaver_command: Path, authority: Authority, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StartServer]:
    """Give a function that starts a server with the test's own options, stopped at its end."""
    with ExitStack() as servers:

        def start(options: ServerOptions | None = None) -> Server:
            directory = tmp_path_factory.mktemp("server")
            server = Server(
                options or ServerOptions(),
                directory,
                command=palaver_command,
                authority=authority,
            )
            return servers.enter_context(server)

        yield start


@pytest.fixture(scope="session")
def story_servers(
    request: pytest.FixtureRequest,
    palaver_command: Path,
    authority: Authority,
    database_servers: DatabaseServers,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[str], Server]]:
    """Give a function that gives the server of all stories on a kind of database.

    Each is started when it is first asked for and stays until the end of the session, as its many
    hosts take longer to make than a story.
    """
    stories = book(request.config).chosen(request.session.items)
    running: dict[str, Server] = {}
    with ExitStack() as stack:

        def server_on(kind: str) -> Server:
            if kind not in running:
                options = ServerOptions(
                    hosts=stories.hosts(),
                    admins=stories.administrators(),
                    database=stack.enter_context(database_servers.server(kind).fresh()),
                    settings={"components": stories.components()},
                )
                directory = tmp_path_factory.mktemp(f"stories-{kind}")
                server = Server(options, directory, command=palaver_command, authority=authority)
                running[kind] = stack.enter_context(server)
            return running[kind]

        yield server_on


@pytest.fixture
def story_server(request: pytest.FixtureRequest, story_servers: Callable[[str], Server]) -> Server:
    """Give the server on which all stories are played, each on virtual hosts of its own."""
    return story_servers(request.param)
