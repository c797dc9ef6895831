"""Push notifications of rooms to members who are away (XEP-0452, XEP-0492)."""

import asyncio
from xml.etree.ElementTree import Element

import pytest
from tests.support.client import Client
from tests.support.component import Component
from tests.unit.ext.push.test_push import JULIET, enable, net, nothing, notified, service
from tests.unit.net.serving import HOST, Serving

__all__ = ["net", "service"]

ROOM = f"coven@conference.{HOST}"
MUC = "http://jabber.org/protocol/muc"
SETTINGS = "urn:xmpp:notification-settings:1"


@pytest.fixture
async def romeo(net: Serving) -> Client:
    """Let Romeo be in a room of which Juliet is a member; her phone is to be notified."""
    romeo = await net.client(f"romeo@{HOST}/orchard").connect()
    await romeo.send(f"<presence to='{ROOM}/Romeo'><x xmlns='{MUC}'/></presence>")
    form = "<x xmlns='jabber:x:data' type='submit'/>"
    await romeo.iq("set", f"<query xmlns='{MUC}#owner'>{form}</query>", to=ROOM)
    item = f"<item jid='{JULIET}' affiliation='member' nick='Lady Juliet'/>"
    answer = await romeo.iq("set", f"<query xmlns='{MUC}#admin'>{item}</query>", to=ROOM)
    assert answer.get("type") == "result"
    phone = await net.client(f"{JULIET}/phone").connect()
    assert (await phone.iq("set", enable())).get("type") == "result"
    await phone.send("<presence/>")
    await phone.expect(lambda stanza: stanza.get("from") == ROOM)  # that she is a member
    await phone.close()
    return romeo


async def wish(net: Serving, setting: str) -> None:
    """Bookmark the room with a setting."""
    client = await net.client(f"{JULIET}/laptop").connect()
    conference = (
        f"<conference xmlns='urn:xmpp:bookmarks:1'><extensions><notify xmlns='{SETTINGS}'>"
        f"<{setting}/></notify></extensions></conference>"
    )
    item = f"<item id='{ROOM}'>{conference}</item>"
    publish = f"<publish node='urn:xmpp:bookmarks:1'>{item}</publish>"
    pubsub = f"<pubsub xmlns='http://jabber.org/protocol/pubsub'>{publish}</pubsub>"
    answer: Element = await client.iq("set", pubsub)
    assert answer.get("type") == "result"
    await client.close()


async def say(romeo: Client, text: str) -> None:
    await romeo.send(f"<message to='{ROOM}' type='groupchat'><body>{text}</body></message>")
    await romeo.barrier()


async def test_who_is_mentioned_is_told_and_of_nothing_else(
    net: Serving, service: Component, romeo: Client
) -> None:
    await say(romeo, "But soft!")
    await nothing(net, service)
    await say(romeo, "Lady Juliet is the sun")
    assert await notified(service) == {"message-count": "1"}


async def test_who_wants_to_hear_of_all_is_told_of_all(
    net: Serving, service: Component, romeo: Client
) -> None:
    await wish(net, "always")
    await say(romeo, "But soft!")
    assert await notified(service) == {"message-count": "1"}


async def test_who_wants_to_hear_of_nothing_is_told_of_nothing(
    net: Serving, service: Component, romeo: Client
) -> None:
    await wish(net, "never")
    await say(romeo, "Lady Juliet is the sun")
    await nothing(net, service)


async def test_a_wish_that_changes_counts_from_then_on(
    net: Serving, service: Component, romeo: Client
) -> None:
    await say(romeo, "But soft!")
    await nothing(net, service)
    await wish(net, "always")
    async with asyncio.timeout(10):
        await say(romeo, "It is the east")
        assert await notified(service) == {"message-count": "1"}


async def test_who_is_in_the_room_is_not_told(
    net: Serving, service: Component, romeo: Client
) -> None:
    await wish(net, "always")
    juliet = await net.client(f"{JULIET}/laptop").connect()
    await juliet.send(f"<presence to='{ROOM}/Lady Juliet'><x xmlns='{MUC}'/></presence>")
    await juliet.barrier()
    await say(romeo, "Lady Juliet is the sun")
    await nothing(net, service)
