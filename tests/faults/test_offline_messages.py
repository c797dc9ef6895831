"""Offline messages survive the end of the process, whatever ends it."""

import asyncio
import sqlite3
from contextlib import closing

from tests.support.config import HostOptions, ServerOptions
from tests.support.fixtures import StartServer
from tests.support.server import Server

DEADLINE = 60.0


async def pending(server: Server, count: int) -> None:
    """Wait until that many messages are committed, as another process sees it."""
    (file,) = server.data.glob("*.sqlite3")
    query = "SELECT count(*) FROM log WHERE pending"
    async with asyncio.timeout(DEADLINE):
        while True:
            with closing(sqlite3.connect(file)) as connection:
                if connection.execute(query).fetchone() == (count,):
                    return
            await asyncio.sleep(0.01)


async def test_what_was_stored_is_delivered_after_kill_9(start_server: StartServer) -> None:
    server = start_server(ServerOptions(hosts={"localhost": HostOptions()}))
    server.add_accounts([("romeo@localhost", "montague"), ("juliet@localhost", "capulet")])
    romeo = server.client("romeo@localhost/orchard", "montague")
    await romeo.connect()
    for number in range(50):
        await romeo.send(f"<message to='juliet@localhost'><body>{number}</body></message>")
    await pending(server, 50)
    server.kill()
    await romeo.abort()
    server.start()
    async with server.client("juliet@localhost/balcony", "capulet") as juliet:
        await juliet.send("<presence/>")
        bodies = []
        while len(bodies) < 50:
            stanza = await juliet.receive()
            bodies += [body.text for body in stanza.iter("{jabber:client}body")]
        assert bodies == [str(number) for number in range(50)]
    await pending(server, 0)
