"""Members who are away and are mentioned (XEP-0452)."""

import pytest
from tests.support.house import Client, House
from tests.unit.ext.muc.visiting import (
    JULIET,
    NURSE,
    ROOM,
    admin,
    configure,
    enter,
    open_room,
    say,
)

from palaver.ext.muc.mentions import FORWARD, NS
from palaver.wire.element import Element

REFERENCE = "urn:xmpp:reference:0"


def reference(uri: str) -> str:
    return f"<reference xmlns='{REFERENCE}' type='mention' begin='0' end='6' uri='{uri}'/>"


async def member_away(house: House) -> tuple[Client, Client]:
    """Let Romeo be in the room, and Juliet be a member with a nickname who is not."""
    romeo, juliet = await open_room(house), await house.client(f"{JULIET}/balcony")
    await admin(romeo, f"<item jid='{JULIET}' affiliation='member' nick='Lady Juliet'/>")
    await romeo.taken()
    await juliet.taken()
    return romeo, juliet


def forwarded(stanzas: list[Element]) -> list[str]:
    """Return the texts of the messages that were forwarded."""
    found = []
    for each in stanzas:
        mentions = each.find("mentions", NS)
        inside = None if mentions is None else mentions.find("forwarded", FORWARD)
        message = None if inside is None else inside.find("message", "jabber:client")
        if message is not None:
            found.append(message.text_of("body", "jabber:client") or "")
    return found


async def test_a_member_gets_the_whole_message_from_the_room(house: House) -> None:
    romeo, juliet = await member_away(house)
    say(romeo, "It is the east", reference(f"xmpp:{JULIET}"))
    (came,) = await juliet.messages()
    assert came.get("from") == ROOM
    assert came.get("type") is None
    mentions = came.find("mentions", NS)
    assert mentions is not None
    inside = mentions.find("forwarded", FORWARD)
    assert inside is not None
    assert inside.find("delay", "urn:xmpp:delay") is not None
    message = inside.find("message", "jabber:client")
    assert message is not None
    assert message.get("from") == f"{ROOM}/Romeo"
    assert message.get("type") == "groupchat"
    assert message.text_of("body", "jabber:client") == "It is the east"
    stamped = message.find("stanza-id", "urn:xmpp:sid:0")
    assert stamped is not None
    assert stamped.get("by") == ROOM


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("and she is the sun", reference(f"xmpp:{JULIET}")),
        ("and she is the sun", reference(f"xmpp:{ROOM}/Lady%20Juliet")),
        ("lady juliet is the sun", ""),
        ("the sun is Lady Juliet.", ""),
    ],
)
async def test_whom_a_message_mentions(house: House, text: str, more: str) -> None:
    romeo, juliet = await member_away(house)
    say(romeo, text, more)
    assert forwarded(await juliet.taken()) == [text]


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("Juliet is the sun", ""),
        ("the Lady Juliets", ""),
        ("She is the sun", reference(f"xmpp:{NURSE}")),
        ("She is the sun", reference("xmpp:@@")),
        ("She is the sun", reference(f"xmpp:{JULIET}").replace("mention", "data")),
    ],
)
async def test_whom_a_message_does_not_mention(house: House, text: str, more: str) -> None:
    romeo, juliet = await member_away(house)
    nurse = await house.client(f"{NURSE}/x")
    say(romeo, text, more)
    assert await juliet.messages() == []
    assert await nurse.messages() == [], "no member is told"


async def test_whoever_is_in_the_room_gets_the_message_once(house: House) -> None:
    romeo, juliet = await member_away(house)
    await enter(juliet, "Lady Juliet")
    chamber = await house.client(f"{JULIET}/chamber")
    await chamber.taken()
    say(romeo, "Lady Juliet!", reference(f"xmpp:{JULIET}"))
    assert await juliet.bodies() == ["Lady Juliet!"]
    assert await chamber.messages() == []


async def test_an_owner_decides_whether_mentions_are_forwarded(house: House) -> None:
    romeo, juliet = await member_away(house)
    await configure(romeo, forwardmentions="0")
    say(romeo, "Lady Juliet!", reference(f"xmpp:{JULIET}"))
    assert await juliet.messages() == []
