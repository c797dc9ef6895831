"""Fixtures for the databases; everything else is imported from `tests.support`."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from tests.support.databases import DatabaseServer, DatabaseServers

from palaver.store.engine import SqlDatabase, open_database
from palaver.store.migrations import upgrade

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


@pytest.fixture
async def database(database_url: str, tmp_path: Path) -> AsyncIterator[SqlDatabase]:
    """Give a fresh database with Palaver's tables, on each engine in turn."""
    opened = await open_database(database_url, tmp_path)
    await upgrade(opened)
    yield opened
    await opened.close()
