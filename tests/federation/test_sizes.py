"""Stanzas that are too large for the other server: what becomes of them, and of all others."""

import pytest
from tests.federation.conftest import CAPULET, MONTAGUE, Domain, StartDomain, error_of
from tests.support.client import Client

LIMIT = 20_000  # bytes that montague takes
LARGE = "x" * (2 * LIMIT)


@pytest.fixture(scope="module")
def capulet(start_domain: StartDomain) -> Domain:
    quick = {"retry_after": 0.1, "retry_at_most": 0.1}
    return start_domain(CAPULET, "juliet", "nurse", federation=quick)


@pytest.fixture(scope="module")
def montague(start_domain: StartDomain) -> Domain:
    return start_domain(MONTAGUE, "romeo", federation={"stanza_bytes": LIMIT})


async def say(client: Client, to: Client, id_: str, body: str) -> None:
    await client.send(f"<message to='{to.jid}' id='{id_}'><body>{body}</body></message>")


async def test_one_that_is_too_large_comes_back_and_harms_no_other(
    capulet: Domain, montague: Domain
) -> None:
    async with (
        capulet.client("juliet") as juliet,
        capulet.client("nurse") as nurse,
        montague.client("romeo") as romeo,
    ):
        for each in (juliet, nurse, romeo):
            await each.send("<presence/>")
        await say(nurse, romeo, "before", "I am coming")
        await romeo.expect(lambda stanza: stanza.get("id") == "before")
        await say(juliet, romeo, "large", LARGE)
        await say(nurse, romeo, "after", "anon")
        answer = await juliet.expect(lambda stanza: stanza.get("id") == "large")
        assert error_of(answer) == "policy-violation"
        await romeo.expect(lambda stanza: stanza.get("id") == "after")
    assert len([e for e in montague.server.log() if e.get("event") == "server connected"]) == 1
