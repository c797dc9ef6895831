"""Two Palavers speak to each other, with certificates that both accept."""

from collections.abc import AsyncIterator

import pytest
from tests.federation.conftest import CAPULET, MONTAGUE, Domain, StartDomain
from tests.support.client import Client

JULIET = f"juliet@{CAPULET}"
ROMEO = f"romeo@{MONTAGUE}"
CLIENT = "{jabber:client}"


@pytest.fixture(scope="module")
def capulet(start_domain: StartDomain) -> Domain:
    return start_domain(CAPULET, "juliet")


@pytest.fixture(scope="module")
def montague(start_domain: StartDomain) -> Domain:
    return start_domain(MONTAGUE, "romeo")


@pytest.fixture
async def juliet(capulet: Domain) -> AsyncIterator[Client]:
    client = await capulet.client("juliet")
    await client.send("<presence/>")
    yield client
    await client.close()


@pytest.fixture
async def romeo(montague: Domain) -> AsyncIterator[Client]:
    client = await montague.client("romeo")
    await client.send("<presence/>")
    yield client
    await client.close()


async def test_messages_arrive_both_ways(juliet: Client, romeo: Client) -> None:
    await romeo.send(
        f"<message to='{JULIET}' id='m1' type='chat'><body>Call me but love</body></message>"
    )
    message = await juliet.expect(lambda stanza: stanza.get("id") == "m1")
    assert message.get("from") == f"{ROMEO}/here"
    assert message.findtext(f"{CLIENT}body") == "Call me but love"
    await juliet.send(
        f"<message to='{ROMEO}' id='m2' type='chat'><body>What man art thou</body></message>"
    )
    message = await romeo.expect(lambda stanza: stanza.get("id") == "m2")
    assert message.get("from") == f"{JULIET}/here"
