"""What the database of a server says about the messages of a crowd."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import text
from tests.support.server import Server

from palaver.store.engine import open_database

_TWICE = """
    SELECT min(accounts.localpart), origin_id, count(*)
    FROM log JOIN accounts ON account_id = accounts.id
    WHERE archived AND origin_id IS NOT NULL GROUP BY account_id, outgoing, origin_id
    HAVING count(*) > 1
"""
_KEPT = """
    SELECT origin_id FROM log JOIN accounts ON account_id = accounts.id
    WHERE archived AND NOT outgoing AND accounts.localpart = :account
"""


def rows(server: Server, query: str, **values: object) -> list[tuple[Any, ...]]:
    """Ask the server's database, as another process sees it."""

    async def ask() -> list[tuple[Any, ...]]:
        database = await open_database(server.database_url, server.data)
        try:
            async with database.connect() as connection:
                return [tuple(row) for row in await connection.execute(text(query), values)]
        finally:
            await database.close()

    with ThreadPoolExecutor(1) as thread:  # there is a loop in this one already
        return thread.submit(asyncio.run, ask()).result()


def archived_twice(server: Server) -> list[tuple[Any, ...]]:
    """Give the messages with more than one row in one archive: account, origin-id, rows."""
    return rows(server, _TWICE)


def archived(server: Server, account: str) -> set[object]:
    """Give the origin-ids of what an account received, as its archive has it."""
    return {origin for (origin,) in rows(server, _KEPT, account=account)}


def pending(server: Server) -> int:
    """Count what no device has acknowledged."""
    return int(rows(server, "SELECT count(*) FROM log WHERE pending")[0][0])
