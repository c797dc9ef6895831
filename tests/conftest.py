"""Fixtures for the databases; everything else is imported from `tests.support`."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.support.databases import DatabaseServer, DatabaseServers
from tests.support.template import migrate

from palaver.store.engine import SqlDatabase, open_database

pytest_plugins = ("tests.support.fixtures", "tests.support.properties")


@pytest.fixture(scope="session")
def database_servers() -> Iterator[DatabaseServers]:
    """Give the database servers of this session, each started when it is first asked for."""
    servers = DatabaseServers()
    yield servers
    servers.close()


@pytest.fixture(params=list(DatabaseServers.KINDS))
def database_server(
    request: pytest.FixtureRequest, database_servers: DatabaseServers
) -> DatabaseServer:
    """Give each kind of database server in turn."""
    return database_servers.server(request.param)


@pytest.fixture
def database_url(database_server: DatabaseServer) -> Iterator[str]:
    """Give the URL of a fresh database, on SQLite, PostgreSQL and MariaDB in turn."""
    with database_server.fresh() as url:
        yield url


@pytest.fixture(scope="session")
def breakable_servers() -> Iterator[DatabaseServers]:
    """Give database servers that tests may stop, with nobody else on them."""
    servers = DatabaseServers()
    yield servers
    servers.close()


@pytest.fixture(scope="session")
def templates(
    database_servers: DatabaseServers, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], str]]:
    """Give a function that gives the URL of a database to copy, with Palaver's tables.

    The way through all migrations takes longer than most tests.
    """
    made: dict[str, str] = {}
    with ExitStack() as stack:

        def template_on(kind: str) -> str:
            if kind not in made:
                url = stack.enter_context(database_servers.server(kind).fresh())
                migrate(url, tmp_path_factory.mktemp(f"template-{kind}"))
                made[kind] = url
            return made[kind]

        yield template_on


@pytest.fixture(params=list(DatabaseServers.KINDS))
def migrated_url(
    request: pytest.FixtureRequest,
    database_servers: DatabaseServers,
    templates: Callable[[str], str],
) -> Iterator[str]:
    """Give the URL of a fresh database with Palaver's tables, on each engine in turn."""
    kind = request.param
    with database_servers.server(kind).fresh(like=templates(kind)) as url:
        yield url


@pytest.fixture
async def database(migrated_url: str, tmp_path: Path) -> AsyncIterator[SqlDatabase]:
    """Give a fresh database with Palaver's tables, on each engine in turn."""
    opened = await open_database(migrated_url, tmp_path)
    yield opened
    await opened.close()
