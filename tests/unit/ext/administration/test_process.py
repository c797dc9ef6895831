"""Administration of a real process: it stops, starts again in place, and remembers."""

import asyncio

from tests.support.client import Client
from tests.support.config import ServerOptions
from tests.support.fixtures import StartServer
from tests.support.server import Server

NS = "http://jabber.org/protocol/commands"
ADMIN = "http://jabber.org/protocol/admin"
DEADLINE = 30.0


def started(start_server: StartServer) -> Server:
    server = start_server(ServerOptions(admins=("bard@localhost",)))
    server.add_accounts([("bard@localhost", "globe"), ("juliet@localhost", "capulet")])
    return server


async def command(client: Client, name: str, **fields: str) -> None:
    """Run an administrator's command."""
    begun = await client.iq("set", f"<command xmlns='{NS}' node='{ADMIN}#{name}'/>", client.domain)
    session = begun[0].get("sessionid")
    filled = "".join(f"<field var='{k}'><value>{v}</value></field>" for k, v in fields.items())
    form = f"<x xmlns='jabber:x:data' type='submit'>{filled}</x>"
    done = await client.iq(
        "set",
        f"<command xmlns='{NS}' node='{ADMIN}#{name}' sessionid='{session}'>{form}</command>",
        client.domain,
    )
    assert done.get("type") == "result"
    assert done[0].get("status") == "completed"


async def bodies_until_shutdown(client: Client) -> list[str | None]:
    """Return the messages that came until the stream ended with system-shutdown."""
    found: list[str | None] = []
    while True:
        element = await client.receive()
        if element.tag.endswith("}error"):
            assert element[0].tag == "{urn:ietf:params:xml:ns:xmpp-streams}system-shutdown"
            return found
        found += [body.text for body in element.iter("{jabber:client}body")]


async def test_a_shutdown_announces_itself_and_ends_well(start_server: StartServer) -> None:
    server = started(start_server)
    bard = await server.client("bard@localhost/globe", "globe").connect()
    juliet = await server.client("juliet@localhost/balcony", "capulet").connect()
    await juliet.send("<presence/>")
    await juliet.barrier()
    await command(bard, "shutdown", announcement="The play is over.")
    assert await bodies_until_shutdown(juliet) == ["The play is over."]
    await bodies_until_shutdown(bard)
    await juliet.abort()
    await bard.abort()
    async with asyncio.timeout(DEADLINE):
        while server.alive:  # noqa: ASYNC110 - the process tells nobody
            await asyncio.sleep(0.02)
    server.stop()  # says so if it did not end with code 0


async def test_a_restart_keeps_the_process_and_what_was_set(start_server: StartServer) -> None:
    server = started(start_server)
    pid = server.pid
    bard = await server.client("bard@localhost/globe", "globe").connect()
    await command(bard, "set-motd", motd="Quiet, please")
    await command(bard, "edit-blacklist", blacklistjids="marlowe.lit")
    await command(bard, "edit-admin", adminjids="juliet@localhost")
    await command(bard, "restart")
    await bodies_until_shutdown(bard)
    await bard.abort()
    async with asyncio.timeout(DEADLINE):
        while sum(entry.get("event") == "ready" for entry in server.log()) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    assert server.pid == pid
    assert server.alive
    async with server.client("juliet@localhost/balcony", "capulet") as juliet:
        await juliet.send("<presence/>")
        arrived = await juliet.drain()
        found = [body.text for each in arrived for body in each.iter("{jabber:client}body")]
        assert found == ["Quiet, please"]
        await juliet.send("<message to='will@marlowe.lit'><body>x</body></message>")
        error = await juliet.expect(lambda stanza: stanza.get("type") == "error")
        assert error.find(".//{urn:ietf:params:xml:ns:xmpp-stanzas}not-allowed") is not None
        await command(juliet, "announce", announcement="I administer now.")
