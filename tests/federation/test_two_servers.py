"""Two Palavers speak to each other, with certificates that both accept."""

from collections.abc import AsyncIterator

import pytest
from tests.federation.conftest import CAPULET, MONTAGUE, Domain, StartDomain, error_of
from tests.support.client import Client
from tests.support.names import Names

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
    async with capulet.client("juliet") as client:
        await client.send("<iq type='get' id='roster'><query xmlns='jabber:iq:roster'/></iq>")
        await client.send("<presence/>")
        yield client


@pytest.fixture
async def romeo(montague: Domain) -> AsyncIterator[Client]:
    async with montague.client("romeo") as client:
        await client.send("<iq type='get' id='roster'><query xmlns='jabber:iq:roster'/></iq>")
        await client.send("<presence/>")
        yield client


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


async def test_a_subscription_is_made_and_presence_is_told(juliet: Client, romeo: Client) -> None:
    await romeo.send(f"<presence to='{JULIET}' type='subscribe'/>")
    asked = await juliet.expect(lambda stanza: stanza.get("type") == "subscribe")
    assert asked.get("from") == ROMEO
    await juliet.send(f"<presence to='{ROMEO}' type='subscribed'/>")
    await romeo.expect(lambda stanza: stanza.get("type") == "subscribed")
    shown = await romeo.expect(lambda stanza: stanza.get("from") == f"{JULIET}/here")
    assert shown.get("type") is None
    await juliet.send("<presence><show>away</show></presence>")
    shown = await romeo.expect(lambda stanza: stanza.get("from") == f"{JULIET}/here")
    assert shown.findtext(f"{CLIENT}show") == "away"
    await juliet.send("<presence type='unavailable'/>")
    gone = await romeo.expect(lambda stanza: stanza.get("from") == f"{JULIET}/here")
    assert gone.get("type") == "unavailable"
    await juliet.send("<presence/>")
    await romeo.expect(lambda stanza: stanza.get("from") == f"{JULIET}/here")
    await romeo.send("<presence type='unavailable'/>")
    await romeo.send("<presence/>")  # asks for hers by a probe
    shown = await romeo.expect(lambda stanza: stanza.get("from") == f"{JULIET}/here")
    assert shown.get("type") is None
    await romeo.send(
        "<iq type='set' id='r1'><query xmlns='jabber:iq:roster'>"
        f"<item jid='{JULIET}' subscription='remove'/></query></iq>"
    )
    await juliet.expect(lambda stanza: stanza.get("type") == "unsubscribe")
    gone = await romeo.expect(lambda stanza: stanza.get("from") == f"{JULIET}/here")
    assert gone.get("type") == "unavailable"


async def test_a_server_answers_requests_of_users_of_the_other(
    capulet: Domain, romeo: Client
) -> None:
    disco = "http://jabber.org/protocol/disco#info"
    await romeo.send(f"<iq type='get' id='d1' to='{CAPULET}'><query xmlns='{disco}'/></iq>")
    answer = await romeo.expect(lambda stanza: stanza.get("id") == "d1")
    assert answer.get("type") == "result"
    assert answer.find(f"{{{disco}}}query/{{{disco}}}identity") is not None
    await romeo.send(f"<iq type='get' id='d2' to='{JULIET}/nowhere'><query xmlns='{disco}'/></iq>")
    answer = await romeo.expect(lambda stanza: stanza.get("id") == "d2")
    assert error_of(answer) == "service-unavailable"


async def test_a_room_has_occupants_of_both_domains(juliet: Client, romeo: Client) -> None:
    room = f"verona@conference.{CAPULET}"
    muc = "http://jabber.org/protocol/muc"
    await juliet.send(f"<presence to='{room}/Juliet'><x xmlns='{muc}'/></presence>")
    await juliet.expect(lambda stanza: stanza.get("from") == f"{room}/Juliet")
    await juliet.send(
        f"<iq type='set' id='o1' to='{room}'><query xmlns='{muc}#owner'>"
        "<x xmlns='jabber:x:data' type='submit'/></query></iq>"
    )
    await juliet.expect(lambda stanza: stanza.get("id") == "o1")
    await romeo.send(f"<presence to='{room}/Romeo'><x xmlns='{muc}'/></presence>")
    await romeo.expect(lambda stanza: stanza.get("from") == f"{room}/Romeo")
    await romeo.send(f"<message to='{room}' type='groupchat' id='g1'><body>Soft</body></message>")
    said = await juliet.expect(lambda stanza: stanza.findtext(f"{CLIENT}body") == "Soft")
    assert said.get("from") == f"{room}/Romeo"
    await romeo.expect(lambda stanza: stanza.findtext(f"{CLIENT}body") == "Soft")


async def test_both_archives_have_a_conversation_with_ids_of_their_own(
    juliet: Client, romeo: Client
) -> None:
    """XEP-0359 §5: an id that claims to be of the recipient's archive is taken away."""
    spoofed = f"<stanza-id xmlns='urn:xmpp:sid:0' by='{JULIET}' id='mine'/>"
    await romeo.send(
        f"<message to='{JULIET}' id='a1' type='chat'><body>Archived</body>{spoofed}</message>"
    )
    message = await juliet.expect(lambda stanza: stanza.get("id") == "a1")
    ids = [each.get("id") for each in message.iter("{urn:xmpp:sid:0}stanza-id")]
    assert len(ids) == 1
    assert ids != ["mine"]
    for client, other in ((juliet, ROMEO), (romeo, JULIET)):
        await client.send(
            "<iq type='set' id='q1'><query xmlns='urn:xmpp:mam:2'><x xmlns='jabber:x:data'"
            " type='submit'><field var='FORM_TYPE'><value>urn:xmpp:mam:2</value></field>"
            f"<field var='with'><value>{other}</value></field></x></query></iq>"
        )
        bodies = []
        while (found := await client.receive()).get("id") != "q1":
            bodies += [each.text for each in found.iter(f"{CLIENT}body")]
        assert "Archived" in bodies


# -- what cannot be delivered ----------------------------------------------------------------------


async def test_a_domain_that_is_not_there_is_not_found(romeo: Client) -> None:
    await romeo.send("<message to='nurse@nowhere.example' id='n1'><body>?</body></message>")
    answer = await romeo.expect(lambda stanza: stanza.get("id") == "n1")
    assert error_of(answer) == "remote-server-not-found"


async def test_a_domain_whose_service_is_the_root_has_none(names: Names, romeo: Client) -> None:
    names.set("_xmpp-server._tcp.tomb.example", "SRV", "0 0 0 .")
    await romeo.send("<message to='nurse@tomb.example' id='n2'><body>?</body></message>")
    answer = await romeo.expect(lambda stanza: stanza.get("id") == "n2")
    assert error_of(answer) == "remote-server-not-found"


async def test_the_server_that_is_there_does_not_answer_for_any_domain(
    names: Names, capulet: Domain, romeo: Client
) -> None:
    names.service("paris.example", capulet.port)
    await romeo.send("<message to='nurse@paris.example' id='n3'><body>?</body></message>")
    answer = await romeo.expect(lambda stanza: stanza.get("id") == "n3")
    assert error_of(answer) == "remote-server-not-found"
