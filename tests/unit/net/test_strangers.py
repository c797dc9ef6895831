"""What strangers can find out, and what they leave behind."""

from xml.etree.ElementTree import tostring

import pytest
from tests.support.client import Client
from tests.unit.net.serving import HOST, Serving

SASL = "urn:ietf:params:xml:ns:xmpp-sasl"
REQUEST = "<iq id='1' to='{}' type='get'><ping xmlns='urn:xmpp:ping'/></iq>"
MESSAGE = "<message id='1' to='{}'><body>who are you?</body></message>"


@pytest.mark.parametrize("stanza", [REQUEST, MESSAGE])
async def test_resource_of_an_account_that_is_away_looks_like_one_of_nobody(
    net: Serving, stanza: str
) -> None:
    juliet = await net.client(f"juliet@{HOST}/balcony").connect()
    answers = [await refusal(juliet, stanza, name) for name in ("romeo", "nobody")]
    assert answers[0] == answers[1].replace("nobody", "romeo")
    assert "service-unavailable" in answers[0]


async def refusal(client: Client, stanza: str, name: str) -> str:
    await client.send(stanza.format(f"{name}@{HOST}/orchard"))
    return tostring(await client.receive(), "unicode")


async def test_names_of_mechanisms_that_clients_make_up_are_counted_as_one(net: Serving) -> None:
    stranger = net.client(HOST)
    await stranger.open()
    for number in range(2):
        await stranger.send(f"<auth xmlns='{SASL}' mechanism='X-{number}'/>")
        assert (await stranger.receive()).tag == f"{{{SASL}}}failure"
    assert dict(net.clients.logins) == {("unknown", "invalid-mechanism"): 2}
