"""What the database of a server says about the messages of a crowd."""

import sqlite3
from contextlib import closing

import asyncpg
from tests.support.server import Server

_TWICE = """
    SELECT accounts.localpart, origin_id, count(*)
    FROM log JOIN accounts ON account_id = accounts.id
    WHERE archived AND origin_id IS NOT NULL
    GROUP BY accounts.localpart, outgoing, origin_id
    HAVING count(*) > 1
"""
_KEPT = """
    SELECT accounts.localpart, origin_id FROM log JOIN accounts ON account_id = accounts.id
    WHERE archived AND NOT outgoing
"""


async def rows(server: Server, query: str) -> list[tuple[object, ...]]:
    """Ask the server's database, as another process sees it."""
    if server.database_url.startswith("postgresql:"):
        connection = await asyncpg.connect(server.database_url)
        try:
            return [tuple(row) for row in await connection.fetch(query)]
        finally:
            await connection.close()
    with closing(sqlite3.connect(server.database_url.removeprefix("sqlite:///"))) as file:
        return file.execute(query).fetchall()


async def archived_twice(server: Server) -> list[tuple[object, ...]]:
    """Give the messages with more than one row in one archive: account, origin-id, rows."""
    return await rows(server, _TWICE)


async def archived(server: Server) -> dict[object, set[object]]:
    """Give the origin-ids of what each account received, as its archive has it."""
    found: dict[object, set[object]] = {}
    for account, origin in await rows(server, _KEPT):
        found.setdefault(account, set()).add(origin)
    return found


async def pending(server: Server) -> int:
    """Count what no device has acknowledged."""
    return int(str((await rows(server, "SELECT count(*) FROM log WHERE pending"))[0][0]))
