"""Finding out who exists by the number of iterations, after the configuration changed it."""

import base64
import re

from tests.attacks.raw import Raw
from tests.support.config import ServerOptions
from tests.support.fixtures import StartServer
from tests.support.server import Server

STREAM = (
    "<stream:stream to='localhost' version='1.0' xmlns='jabber:client'"
    " xmlns:stream='http://etherx.jabber.org/streams'>"
)
SETTINGS = {"sasl": {"plain_without_tls": True, "iterations": 4096}}


async def iterations(server: Server, name: str) -> int:
    """Begin to log in, and return what the server asks for."""
    first = base64.b64encode(f"n,,n={name},r=abcdefgh".encode()).decode()
    async with await Raw.open(server.address) as raw:
        await raw.send(STREAM)
        await raw.read_until(b"</stream:features>")
        namespace = "urn:ietf:params:xml:ns:xmpp-sasl"
        await raw.send(f"<auth xmlns='{namespace}' mechanism='SCRAM-SHA-1'>{first}</auth>")
        answer = await raw.read_until(b"</challenge>")
    found = re.search(rb"<challenge[^>]*>([^<]*)", answer)
    assert found is not None
    return int(base64.b64decode(found[1]).partition(b",i=")[2].partition(b",")[0])


async def test_accounts_older_than_a_change_do_not_stand_out(start_server: StartServer) -> None:
    server = start_server(ServerOptions(settings=SETTINGS))
    server.add_account("alice@localhost", "secret-of-alice")
    server.stop()
    text = server.config.read_text()
    changed = text.replace('"iterations" = 4096', '"iterations" = 10000')
    assert changed != text
    server.config.write_text(changed)
    server.start()
    told = {name: await iterations(server, name) for name in ("alice", "nobody", "bob", "carol")}
    assert len(set(told.values())) == 1, told
