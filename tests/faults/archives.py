"""What the database of a server says about the messages of a crowd."""

import sqlite3
from contextlib import closing

from tests.support.server import Server

_TWICE = """
    SELECT accounts.localpart, origin_id, count(*)
    FROM log JOIN accounts ON account_id = accounts.id
    WHERE archived AND origin_id IS NOT NULL GROUP BY account_id, outgoing, origin_id
    HAVING count(*) > 1
"""
_KEPT = """
    SELECT origin_id FROM log JOIN accounts ON account_id = accounts.id
    WHERE archived AND NOT outgoing AND accounts.localpart = ?
"""


def rows(server: Server, query: str, *values: object) -> list[tuple[object, ...]]:
    """Ask the server's SQLite file, as another process sees it."""
    (file,) = server.data.glob("*.sqlite3")
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(query, values).fetchall()


def archived_twice(server: Server) -> list[tuple[object, ...]]:
    """Give the messages with more than one row in one archive: account, origin-id, rows."""
    return rows(server, _TWICE)


def archived(server: Server, account: str) -> set[object]:
    """Give the origin-ids of what an account received, as its archive has it."""
    return {origin for (origin,) in rows(server, _KEPT, account)}


def pending(server: Server) -> int:
    """Count what no device has acknowledged."""
    return int(str(rows(server, "SELECT count(*) FROM log WHERE pending")[0][0]))
