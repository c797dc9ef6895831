"""Finding out which accounts exist by asking them for things."""

from xml.etree.ElementTree import Element, tostring

import pytest
from tests.attacks.conftest import HOST, PASSWORD
from tests.support.client import Client
from tests.support.server import Server

_PUBSUB = "<pubsub xmlns='http://jabber.org/protocol/pubsub"
PAYLOADS = [
    "<ping xmlns='urn:xmpp:ping'/>",
    "<query xmlns='jabber:iq:roster'/>",
    "<query xmlns='jabber:iq:roster'><item jid='mallory@localhost'/></query>",
    "<query xmlns='jabber:iq:private'><notes xmlns='urn:x'/></query>",
    "<query xmlns='jabber:iq:last'/>",
    "<vCard xmlns='vcard-temp'/>",
    "<query xmlns='jabber:iq:privacy'/>",
    "<blocklist xmlns='urn:xmpp:blocking'/>",
    "<query xmlns='jabber:iq:register'/>",
    "<query xmlns='jabber:iq:version'/>",
    "<query xmlns='http://jabber.org/protocol/disco#info'/>",
    "<query xmlns='http://jabber.org/protocol/disco#info' node='x'/>",
    "<query xmlns='http://jabber.org/protocol/disco#items'/>",
    "<query xmlns='http://jabber.org/protocol/disco#items' node='x'/>",
    "<command xmlns='http://jabber.org/protocol/commands' node='x' action='execute'/>",
    "<query xmlns='urn:xmpp:mam:2'/>",
    "<vcard xmlns='urn:ietf:params:xml:ns:vcard-4.0'/>",
    f"{_PUBSUB}'><items node='urn:xmpp:avatar:metadata'/></pubsub>",
    f"{_PUBSUB}'><items node='urn:xmpp:omemo:2:devices'/></pubsub>",
    f"{_PUBSUB}'><publish node='x'><item><a xmlns='urn:x'/></item></publish></pubsub>",
    f"{_PUBSUB}'><create node='x'/></pubsub>",
    f"{_PUBSUB}'><retract node='x'><item id='y'/></retract></pubsub>",
    f"{_PUBSUB}'><subscribe node='x' jid='alice@{HOST}'/></pubsub>",
    f"{_PUBSUB}'><unsubscribe node='x' jid='alice@{HOST}'/></pubsub>",
    f"{_PUBSUB}'><subscriptions/></pubsub>",
    f"{_PUBSUB}'><affiliations/></pubsub>",
    f"{_PUBSUB}#owner'><configure node='x'/></pubsub>",
    f"{_PUBSUB}#owner'><delete node='x'/></pubsub>",
    f"{_PUBSUB}#owner'><default/></pubsub>",
    f"{_PUBSUB}'/>",
]


def told(answer: Element, name: str) -> str:
    """Return what an answer tells beside the name that was asked about."""
    answer.attrib.pop("id", None)
    return tostring(answer, "unicode").replace(name, "…")


@pytest.mark.parametrize("resource", ["", "/elsewhere"])
@pytest.mark.parametrize("kind", ["get", "set"])
@pytest.mark.parametrize("payload", PAYLOADS)
async def test_a_stranger_gets_the_same_answer_whether_there_is_an_account_or_not(
    target: Server, payload: str, kind: str, resource: str
) -> None:
    alice: Client = target.client(
        f"alice@{HOST}/curious", PASSWORD, security="direct", mechanism="PLAIN"
    )
    async with alice:
        answers = {
            told(await alice.iq(kind, payload, f"{name}@{HOST}{resource}"), name)
            for name in ("bob", "nobody-of-that-name")
        }
    assert len(answers) == 1
