"""Servers speak to others without being told to, where one of their hosts can be found."""

import socket

import pytest
from tests.federation.conftest import CAPULET, Domain, StartDomain, error_of

OURS = "montague.lit"  # nobody reserved it (RFC 6761)
UNASKED = {"enabled": None}


@pytest.fixture(scope="module")
def capulet(start_domain: StartDomain) -> Domain:
    return start_domain(CAPULET, "juliet")


async def test_a_server_that_can_be_found_is_reached(
    start_domain: StartDomain, capulet: Domain
) -> None:
    montague = start_domain(OURS, "romeo", federation=UNASKED)
    async with montague.client("romeo") as romeo, capulet.client("juliet") as juliet:
        for one, other in ((romeo, juliet), (juliet, romeo)):
            await one.send("<presence/>")
            await other.send("<presence/>")
            await one.send(f"<message to='{other.jid}' id='m1'><body>Soft</body></message>")
            await other.expect(lambda stanza: stanza.get("id") == "m1", 60)


async def test_where_another_server_has_the_port_clients_are_served_all_the_same(
    start_domain: StartDomain,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = f"127.0.0.1:{other.getsockname()[1]}"
        listen = {"servers": [taken]}
        montague = start_domain("benvolio.lit", "romeo", federation=UNASKED, listen=listen)
        async with montague.client("romeo") as romeo:
            await romeo.send(f"<message to='juliet@{CAPULET}' id='m1'><body>?</body></message>")
            answer = await romeo.expect(lambda stanza: stanza.get("id") == "m1")
            assert error_of(answer) == "remote-server-not-found"
        (warning,) = [
            entry["reason"]
            for entry in montague.server.log()
            if entry.get("event") == "no other servers are spoken to"
        ]
        assert f"cannot listen on {taken}" in warning
