"""Calls and files are negotiated between clients of two servers (XEP-0166), unchanged."""

import asyncio
from xml.etree import ElementTree as ET

import pytest
from tests.federation.conftest import CAPULET, MONTAGUE, Domain, StartDomain, error_of
from tests.support.client import Client
from tests.support.jingle import NS, SESSIONS, Step

DEADLINE = 60.0


@pytest.fixture(scope="module")
def domains(start_domain: StartDomain) -> tuple[Domain, Domain]:
    return start_domain(MONTAGUE, "romeo"), start_domain(CAPULET, "juliet")


def canonical(text: str) -> str:
    return ET.canonicalize(text, rewrite_prefixes=True)


async def passes(sender: Client, receiver: Client, payload: str) -> None:
    """Send a request to somebody who answers it; check both on their way."""
    answer = asyncio.ensure_future(sender.iq("set", payload, to=receiver.jid))
    request = await receiver.expect(lambda stanza: stanza.get("type") == "set", DEADLINE)
    assert request.get("from") == sender.jid
    assert canonical(ET.tostring(request[0], "unicode")) == canonical(payload)
    await receiver.send(f"<iq type='result' id='{request.get('id')}' to='{sender.jid}'/>")
    assert (await answer).get("type") == "result"


@pytest.mark.parametrize("session", SESSIONS.values(), ids=list(SESSIONS))
async def test_a_session_is_negotiated_between_two_servers(
    domains: tuple[Domain, Domain], session: tuple[Step, ...]
) -> None:
    montague, capulet = domains
    async with montague.client("romeo") as romeo, capulet.client("juliet") as juliet:
        for step in session:
            pair = (romeo, juliet) if step.by_initiator else (juliet, romeo)
            await passes(*pair, step.payload(romeo.jid, juliet.jid, "a73sjjvkla37jfea"))


async def test_a_call_to_a_client_that_is_not_there_comes_back(
    domains: tuple[Domain, Domain],
) -> None:
    montague, _ = domains
    async with montague.client("romeo") as romeo:
        payload = f"<jingle xmlns='{NS}' action='session-initiate' sid='1'/>"
        answer = await romeo.iq("set", payload, to=f"juliet@{CAPULET}/elsewhere")
        assert error_of(answer) == "service-unavailable"
