"""Fixtures for the databases; everything else is imported from `tests.support`."""

from collections.abc import Iterator

import pytest
from tests.support.databases import DatabaseServer, DatabaseServers


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
